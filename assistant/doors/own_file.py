"""A file that only its owner may read, as users and tokens are kept in: read with its stamp, written whole, in turn."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST = 1_000_000  # bytes
Stamp = tuple[int, ...]  # what changes when a file does


class OpenToOthers(Exception):
    """Others than its owner can read it."""


class TooLong(Exception):
    """It is longer than any such file."""


def stamp(file: Path) -> Stamp:
    """What tells one state of a file from another.

    Raises:
        OSError: it cannot be looked at.
        OpenToOthers: it is not its owner's alone.
    """
    found = file.stat()
    if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
        raise OpenToOthers
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode


def lines(file: Path) -> tuple[Stamp, list[tuple[int, str]]]:
    """Its lines with their numbers, without comments and empty ones; errors as in `stamp`.

    Raises:
        TooLong: it is no such file.
    """
    before = stamp(file)  # before its content: what changes meanwhile is read again
    with file.open("rb") as opened:
        content = opened.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise TooLong
    texts = ((number, raw.decode("utf-8", "replace").strip()) for number, raw in enumerate(content.splitlines(), 1))
    return before, [(number, text) for number, text in texts if text and not text.startswith("#")]


@contextmanager
def in_turn(file: Path) -> Iterator[None]:
    """Have two writers take turns; it is the folder that is locked, since its file is another one after each.

    Raises:
        OSError: the folder cannot be opened.
    """
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace(file: Path, text: str) -> None:
    """Write it all at once, for its owner alone.

    Raises:
        OSError: it cannot be written; what was there stays, and nothing is left beside it.
    """
    number, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as opened:
            opened.write(text)
        os.replace(temporary, file)
    except OSError:
        Path(temporary).unlink()
        raise
