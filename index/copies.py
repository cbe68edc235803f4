"""A file or a folder in, a copy of it out that shares on the disk what neither of the two changes.

Where the file system can (Btrfs, XFS, bcachefs), a copy is a clone: it takes no time and no room,
and a block is doubled when one of the two is written. Elsewhere every byte is copied. Not hard links: SQLite and Chroma
write into their files where they lie.
"""

from __future__ import annotations

import fcntl
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_PIECE = 1 << 20  # bytes in hand at once
_FICLONE = 0x40049409  # from linux/fs.h: make this file share all blocks of another


def copy_file(source: Path, target: Path) -> bool:
    """Copy a file, without its permissions: what lies in a read-only place may be written to in another.

    Returns:
        Whether it shares its blocks with the first one.
    """
    with source.open("rb") as old, target.open("wb") as new:
        if _cloned(old, new):
            return True
    shutil.copyfile(source, target)
    return False


def copy_start(source: Path, target: Path, length: int) -> None:
    """Copy the first bytes of a file, as `copy_file` does all of them."""
    with source.open("rb") as old, target.open("wb") as new:
        if _cloned(old, new):
            new.truncate(length)
            return
        while piece := old.read(min(length, _PIECE)):
            new.write(piece)
            length -= len(piece)


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder with all that lies in it, file by file, to where nothing is yet."""
    target.mkdir()
    for path in source.iterdir():
        (copy_folder if path.is_dir() else copy_file)(path, target / path.name)


def _cloned(old: BinaryIO, new: BinaryIO) -> bool:
    # Whatever speaks against it (another file system, one that cannot, no room), the copy will tell what matters.
    with suppress(OSError):
        fcntl.ioctl(new.fileno(), _FICLONE, old.fileno())
        return True
    return False
