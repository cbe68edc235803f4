"""A question's vector in, the passages nearest to it out: an exact comparison with all that may be among them.

Up to 20,000 passages are compared as they are. Of more, those are whose vector agrees with the question's in the most
signs: a bit for each number of a vector (`signs.u64` beside the matrix), of which a million are compared in some 7 ms
where the vectors themselves take 40 ms and 1.5 GB. Of the true nearest hundred .99 and more are among these (LOG.md),
and their cosines are exact.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from index.rows import Rows

FILE = "signs.u64"
EXACTLY = 20_000  # rows that are compared as they are
_BLOCK = 16_384  # rows looked at in one go, so that what is in hand stays in the cache of a core
_TAKEN = 512  # rows taken out of the matrix in one go, for the same reason


class Scan:
    """The matrix of a generation and the signs in it."""

    def __init__(self, matrix: np.ndarray, file: Path) -> None:
        """Map the signs into memory, or find them where an older version wrote the generation."""
        # As plain arrays: a part of a mapped one takes fifty times as long to be made as a part of these.
        self.matrix = matrix.view(np.ndarray)
        shape = (-(-matrix.shape[1] // 64), len(matrix))
        there = file.exists() and len(matrix)
        self.signs = np.memmap(file, np.uint64, "r", shape=shape).view(np.ndarray) if there else signs(self.matrix)

    def compare(self, vector: np.ndarray) -> Compared:
        """A vector with all rows; each of them is looked at when that is needed, and once."""
        return Compared(self, vector)


class Compared:
    """One vector beside every row of a matrix."""

    def __init__(self, scan: Scan, vector: np.ndarray) -> None:
        self._scan, self._vector = scan, vector

    def nearest(self, count: int, rows: np.ndarray | None = None) -> list[tuple[int, float]]:
        """The rows nearest to the vector with their cosines, best first; of equal ones the first.

        Args:
            rows: only among these, in ascending order.
        """
        if rows is None:
            rows = self._promising if len(self._scan.matrix) > EXACTLY else np.arange(len(self._scan.matrix))
        elif len(rows) > EXACTLY:
            rows = rows[_smallest(self._differing[rows])]
        cosines = self.cosines(rows)
        best = np.argsort(-cosines, kind="stable")[:count]
        return list(zip(rows[best].tolist(), cosines[best].tolist(), strict=True))

    def cosines(self, rows: np.ndarray) -> np.ndarray:
        """The exact cosine of some rows."""
        found = np.empty(len(rows), np.float32)
        for at in range(0, len(rows), _TAKEN):
            found[at : at + _TAKEN] = self._scan.matrix[rows[at : at + _TAKEN]] @ self._vector
        return found

    @cached_property
    def _promising(self) -> np.ndarray:
        return _smallest(self._differing)

    @cached_property
    def _differing(self) -> np.ndarray:
        """In how many signs each row differs from the vector."""
        table, (asked,) = self._scan.signs, signs(self._vector.reshape(1, -1)).T
        found = np.zeros(table.shape[1], np.uint16)
        both, count = np.empty(_BLOCK, np.uint64), np.empty(_BLOCK, np.uint8)
        for at in range(0, len(found), _BLOCK):
            part = found[at : at + _BLOCK]
            for column, word in zip(table, asked, strict=True):
                np.bitwise_xor(column[at : at + _BLOCK], word, out=both[: len(part)])
                part += np.bitwise_count(both[: len(part)], out=count[: len(part)])
        return found


def signs(matrix: np.ndarray) -> np.ndarray:
    """Which numbers of each row are above nought, as bits: 64 in a word, the first words of all rows first."""
    words = -(-matrix.shape[1] // 64)
    found = np.zeros((words, len(matrix)), np.uint64)
    for at in range(0, len(matrix), _BLOCK):
        bits = np.packbits(matrix[at : at + _BLOCK] > 0, axis=1)
        padded = np.zeros((len(bits), 8 * words), np.uint8)
        padded[:, : bits.shape[1]] = bits
        found[:, at : at + _BLOCK] = padded.view(np.uint64).T
    return found


def write(file: Path, matrix: np.ndarray, rows: Rows | None = None, before: np.ndarray | None = None) -> None:
    """Write the signs of a matrix.

    Args:
        rows: where its rows come from, if there are signs of the one before it: `before`.
    """
    if rows is None or before is None:
        signs(matrix).tofile(file)
        return
    found = np.empty((len(before), len(matrix)), np.uint64)
    found[:, rows.places] = before[:, rows.kept]
    found[:, rows.new] = signs(matrix[rows.new])
    found.tofile(file)


def _smallest(values: np.ndarray) -> np.ndarray:
    """Where the smallest of some small numbers stand, in order: as many as are compared exactly, and their equals."""
    most = np.searchsorted(np.cumsum(np.bincount(values)), EXACTLY)
    return np.flatnonzero(values <= most)
