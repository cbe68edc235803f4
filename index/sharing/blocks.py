"""The bytes of a file in, the blocks that they consist of out, each known by its SHA-256.

Two states of a file share nearly all blocks. A database changes in place, page by page, so it is cut at even places.
In a file whose bytes move when something before them is taken out, a place is cut where the last bytes before it hash
to a given pattern: wherever they have moved to, they are cut there again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# By what a change of one article in a hundred sends again, and by how many files there are to send; see LOG.md.
AVERAGE = 1 << 15  # bytes of a block
SMALLEST, LARGEST = AVERAGE >> 2, AVERAGE << 3
_WINDOW = 48  # bytes that decide about a place
_AT_ONCE = 1 << 21  # bytes looked at in one go
_SPREAD = np.uint32(2_654_435_761)  # Knuth's: the highest bits of a product depend on all bits of what was multiplied
_TABLE = np.frombuffer(b"".join(hashlib.sha256(bytes([at])).digest()[:4] for at in range(256)), "<u4")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a file."""

    sha256: str
    start: int
    size: int


def mapped(file: Path) -> np.ndarray:
    """The bytes of a file, read when they are looked at."""
    return np.memmap(file, np.uint8, "r") if file.stat().st_size else np.empty(0, np.uint8)


def even(data: np.ndarray) -> Iterator[Block]:
    """The blocks of what changes in place."""
    return _cut(data, range(AVERAGE, len(data), AVERAGE))


def moving(data: np.ndarray) -> Iterator[Block]:
    """The blocks of what moves when something before it changes."""
    return _cut(data, _places(data))


def _cut(data: np.ndarray, places: Iterable[int]) -> Iterator[Block]:
    start = 0
    for place in (*places, len(data)):
        while place - start > LARGEST:
            yield _block(data, start, start + LARGEST)
            start += LARGEST
        if place - start >= SMALLEST or start < place == len(data):
            yield _block(data, start, place)
            start = place


def _block(data: np.ndarray, start: int, end: int) -> Block:
    return Block(hashlib.sha256(data[start:end].tobytes()).hexdigest(), start, end - start)


def _places(data: np.ndarray) -> Iterator[int]:
    """Where it may be cut."""
    shift = np.uint32(32 - (AVERAGE.bit_length() - 1))
    for at in range(0, len(data), _AT_ONCE):
        first = max(at - _WINDOW, 0)
        sums = np.zeros(min(at + _AT_ONCE, len(data)) - first + 1, np.uint32)
        np.cumsum(_TABLE[data[first : at + _AT_ONCE]], dtype=np.uint32, out=sums[1:])
        hashes = (sums[_WINDOW:] - sums[:-_WINDOW]) * _SPREAD
        yield from (np.flatnonzero(hashes >> shift == 0) + first + _WINDOW).tolist()
