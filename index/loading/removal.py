"""A document of a corpus in, its file in the folder of removed ones out, and the way back. Nothing is written over.

    CORPUS/.parallax/removed/<its path in the corpus>

What is hidden is no part of a corpus, so the next update finds the document gone. A file goes back to the path that it
has here: one that found its place taken here goes back with the number it was given. Only `destroy` destroys.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath, PurePosixPath

from index.errors import UnusableFolder
from index.generation import STORE_NAME

REMOVED = PurePosixPath(STORE_NAME, "removed")
_LONGEST = 4_000  # characters of a path
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV, errno.EMLINK}


@dataclass(frozen=True, slots=True)
class Removed:
    """A file that was taken out of a corpus."""

    path: str  # in the folder of removed ones, and in the corpus where it goes back to
    on: str  # the day it was moved, ISO, UTC; later, if somebody has changed its permissions since
    size: int  # bytes


def destination(corpus: Path, id: str) -> PurePosixPath:
    """Where the file of a document would go, relative to the corpus: a path that is not taken.

    Raises:
        UnusableFolder: this is no path within the corpus, or leads out of it.
    """
    path = _checked(id)
    _inside(corpus, corpus / path, id)
    _require_file(corpus / path, id, "Update the index, and it is gone from there too")
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
    while True:
        target = destination(corpus, id)
        place = corpus / target.parent
        if _leads_out(corpus, place):
            raise UnusableFolder(corpus / REMOVED, "this leads out of the corpus", "Make it a folder again")
        try:
            place.mkdir(parents=True, exist_ok=True)
            _move(corpus / id, corpus / target)
        except FileExistsError:
            continue  # somebody took the path meanwhile: the next number
        except OSError as error:
            raise UnusableFolder(_short(id), f"this file could not be moved ({error.strerror})", "Check it") from error
        return target


def removed(corpus: Path) -> tuple[Removed, ...]:
    """The files that were taken out, the latest first. Links are listed and not followed."""
    found: list[tuple[float, Removed]] = []
    root = corpus / REMOVED
    if not _leads_out(corpus, root):
        for folder, _, names in os.walk(root):
            for name in names:
                file = Path(folder, name)
                status = file.lstat()
                if not _is_text(file.as_posix()):
                    continue  # never indexed, so somebody else put it here
                if stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                    found.append((-status.st_ctime, _described(file.relative_to(root), status)))
    return tuple(one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].path)))


def removed_file(corpus: Path, path: str) -> tuple[Path, Removed]:
    """Where a removed file lies, and what it is.

    Raises:
        UnusableFolder: there is no such file among the removed ones.
    """
    name = _checked(path)
    file = corpus / REMOVED / name
    if _leads_out(corpus / REMOVED, file.parent) or _leads_out(corpus, corpus / REMOVED):
        raise UnusableFolder(_short(path), "this leads out of the folder of removed files", "Remove the link there")
    return file, _described(name, _require_file(file, path, "Load the page again"))


def put_back(corpus: Path, path: str) -> str:
    """Move a removed file back into the corpus. Returns its path there; the next update indexes it.

    Raises:
        UnusableFolder: there is no such file, its place is taken, leads out of the corpus, or cannot be written.
    """
    (source, file), target = removed_file(corpus, path), corpus / path
    _inside(corpus, target, path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(source, target)
    except FileExistsError as error:
        problem = "there is a file of this name in the corpus again"
        raise UnusableFolder(_short(path), problem, "Rename or delete that one first") from error
    except OSError as error:
        raise UnusableFolder(_short(path), f"this file could not be moved ({error.strerror})", "Check it") from error
    _prune(corpus, source.parent)
    return file.path


def destroy(corpus: Path, path: str) -> None:
    """Delete a removed file for good; of a link, the link alone.

    Raises:
        UnusableFolder: there is no such file, or it cannot be deleted.
    """
    file, _ = removed_file(corpus, path)
    try:
        file.unlink()
    except OSError as error:
        raise UnusableFolder(_short(path), f"this file could not be deleted ({error.strerror})", "Check it") from error
    _prune(corpus, file.parent)


def _move(source: Path, target: Path) -> None:
    """Move a file or a link to a path that nothing has: `os.rename` would write over what comes there meanwhile."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _copy(source, target)
    try:
        source.unlink()
    except OSError:
        target.unlink()
        raise


def _copy(source: Path, target: Path) -> None:
    """Copy a file or a link to a path that nothing has, where the file system knows no second name for a file."""
    if source.is_symlink():
        target.symlink_to(source.readlink())
        return
    new = target.open("xb")
    try:
        with new, source.open("rb") as old:
            shutil.copyfileobj(old, new)
        shutil.copystat(source, target)
    except OSError:
        target.unlink()
        raise


def _checked(id: str) -> PurePosixPath:
    path = PurePosixPath(id)
    is_sound = 0 < len(id) <= _LONGEST and "\0" not in id and _is_text(id)
    if not is_sound or path.is_absolute() or {"..", "."} & {*id.split("/")}:
        raise UnusableFolder(_short(id), "this is no path within the corpus", "Load the page again")
    return path


def _is_text(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in name)


def _inside(corpus: Path, file: Path, id: str) -> None:
    # A folder of the path may have become a link that leads out since the file was indexed.
    if _leads_out(corpus, file.parent):
        problem = "a folder of this path is a link that leads out of the corpus"
        raise UnusableFolder(_short(id), problem, "Remove it there")


def _leads_out(folder: Path, path: Path) -> bool:
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _described(path: PurePath, status: os.stat_result) -> Removed:
    # A move leaves the time of the content as it was, and notes its own beside it.
    day = datetime.fromtimestamp(status.st_ctime, UTC).date().isoformat()
    return Removed(path.as_posix(), day, status.st_size)


def _require_file(file: Path, id: str, remedy: str) -> os.stat_result:
    try:
        status = file.lstat()
    except OSError as error:
        problem = f"this file is not there any more ({error.strerror})"
        raise UnusableFolder(_short(id), problem, remedy) from error
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode)):
        raise UnusableFolder(_short(id), "this is not a file", "Take it out of the corpus by hand")
    return status


def _prune(corpus: Path, folder: Path) -> None:
    """Remove the folders that are empty now."""
    while folder != corpus / REMOVED:
        try:
            folder.rmdir()
        except OSError:
            return  # something else lies in it
        folder = folder.parent


def _short(id: str) -> str:
    shown = id.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()
    return shown if len(shown) <= 100 else f"{shown[:100]}…"
