"""A document of a corpus in, its file in the folder of removed ones out. Nothing is destroyed, or written over.

    CORPUS/.parallax/removed/<its path in the corpus>

What is hidden is no part of a corpus, so the next update finds the document gone.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath

from index.errors import UnusableFolder
from index.generation import STORE_NAME

REMOVED = PurePosixPath(STORE_NAME, "removed")
_LONGEST = 4_000  # characters of a path


def destination(corpus: Path, id: str) -> PurePosixPath:
    """Where the file of a document would go, relative to the corpus: a path that is not taken.

    Raises:
        UnusableFolder: this is no path within the corpus, or leads out of it.
    """
    path = PurePosixPath(id)
    if not id or len(id) > _LONGEST or "\0" in id or path.is_absolute() or {"..", "."} & {*id.split("/")}:
        raise UnusableFolder(_short(id), "this is no path within the corpus", "Load the page again")
    file, root = corpus / path, Path(os.path.realpath(corpus))
    # A folder of the path may have become a link that leads out since the file was indexed.
    if not Path(os.path.realpath(file.parent)).is_relative_to(root):
        raise UnusableFolder(
            _short(id), "a folder of this path is a link that leads out of the corpus", "Remove it there"
        )
    try:
        mode = file.lstat().st_mode
    except OSError as error:
        problem = f"this file is not there any more ({error.strerror})"
        raise UnusableFolder(_short(id), problem, "Update the index, and it is gone from there too") from error
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise UnusableFolder(_short(id), "this is not a file", "Take it out of the corpus by hand")
    target = REMOVED / path
    number = 1
    while os.path.lexists(corpus / target):
        number += 1
        target = (REMOVED / path).with_stem(f"{path.stem} ({number})")
    return target


def remove(corpus: Path, id: str) -> PurePosixPath:
    """Move the file of a document out of the way. Returns where it lies now, relative to the corpus.

    Raises:
        UnusableFolder: this is no path within the corpus, leads out of it, or cannot be moved.
    """
    target = destination(corpus, id)
    place, root = corpus / target.parent, Path(os.path.realpath(corpus))
    try:
        place.mkdir(parents=True, exist_ok=True)
        if not Path(os.path.realpath(place)).is_relative_to(root):
            raise UnusableFolder(corpus / REMOVED, "this leads out of the corpus", "Make it a folder again")
        os.rename(corpus / id, corpus / target)
    except OSError as error:
        raise UnusableFolder(_short(id), f"this file could not be moved ({error.strerror})", "Check it") from error
    return target


def _short(id: str) -> str:
    shown = id.replace("\0", "\\0")
    return shown if len(shown) <= 100 else f"{shown[:100]}…"
