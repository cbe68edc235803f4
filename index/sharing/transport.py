"""What publish and pull share: what a run did, blocks on this disk, several requests at once.

    publish   blocks that are not there yet ─► listing ─► CURRENT ─► blocks of old states removed
    pull      CURRENT ─► listing ─► blocks that are not here yet ─► files ─► checked ─► a generation, published here

By content: a block that is there is not sent again, also after an interruption, and one that is here is not fetched.
Whatever moment a run is killed at, the pointer that stands names a state that is whole: it is written last, there as
here. What comes from a URL may have been made by anybody; see listing.py and replica.py for what is believed of it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from index.errors import PlaceUnusable
from index.sharing.listing import Listing, Pointer, read_listing
from index.sharing.remote import Remote

AGAIN = "Publish there again with: parallax publish"
AT_ONCE = 16  # requests
_NEAR_AT_ONCE = 4  # where the place is a folder


@dataclass(frozen=True, slots=True)
class Copied:
    """What a run did."""

    place: str  # the URL, as it may be shown
    generation: str  # the one that is published there, or that answers here
    published: str  # ISO time, UTC
    changed: bool  # whether it is another state than before
    bytes: int  # of the whole state
    sent: int  # bytes that went over the line
    files: int  # that they were sent as
    seconds: float


Progress = Callable[[int, int], None]  # bytes done, bytes to do


class Gone(Exception):
    """What was to be read is not there any more."""


class Blocks:
    """The blocks of files on this disk, by their hashes."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[np.ndarray, int, int]] = {}

    def add(self, data: np.ndarray, parts: Iterable[tuple[str, int]]) -> None:
        """The bytes of a file that consists of these."""
        start = 0
        for sha256, size in parts:
            self._places[sha256] = data, start, size
            start += size

    def read(self, sha256: str) -> bytes:
        """One that was added."""
        data, start, size = self._places[sha256]
        return data[start : start + size].tobytes()

    def sound(self, sha256: str) -> bytes | None:
        """One that is here and as it should be."""
        data = self.read(sha256) if sha256 in self._places else None
        return data if data is not None and hashlib.sha256(data).hexdigest() == sha256 else None


def listing_of(remote: Remote, pointer: Pointer) -> Listing:
    """The listing of the state that is published.

    Raises:
        PlaceUnusable: it is not the one that was published, or cannot be followed.
        Gone: it is not there any more.
    """
    data = remote.read(pointer.path, pointer.size)
    if data is None:
        raise Gone
    if hashlib.sha256(data).hexdigest() != pointer.sha256:
        raise PlaceUnusable(remote.shown, f"holds something else in {pointer.path} than was published", AGAIN)
    return read_listing(remote.shown, pointer.path, data)


def each(
    remote: Remote, todo: Sequence[str], work: Callable[[str], None], sizes: Mapping[str, int], progress: Progress
) -> None:
    """Do something for each block, several at once; the first failure ends it."""
    total, done = sum(sizes[sha256] for sha256 in todo), 0
    pool = ThreadPoolExecutor(_NEAR_AT_ONCE if remote.is_near else AT_ONCE)
    try:
        for sha256, _ in zip(todo, pool.map(work, todo), strict=True):
            done += sizes[sha256]
            progress(done, total)
    finally:
        pool.shutdown(cancel_futures=True)


def copied(
    remote: Remote, listing: Listing, generation: str, changed: bool, sizes: Iterable[int], begun: float
) -> Copied:
    """What a run did that began then and sent blocks of these sizes."""
    sizes = tuple(sizes)
    return Copied(
        place=remote.shown,
        generation=generation,
        published=listing.published,
        changed=changed,
        bytes=sum(size for _, size in listing.parts),
        sent=sum(sizes),
        files=len(sizes),
        seconds=time.monotonic() - begun,
    )
