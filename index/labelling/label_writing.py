"""Contents of labels files in, the files replaced out: each in one step, under one lock, and back again if need be."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import BadLabels, UnusableFolder


@dataclass(frozen=True, slots=True)
class Written:
    """What a change wrote into labels files, by name, and what had stood there: None where there was no such file."""

    before: Mapping[str, bytes | None]
    after: Mapping[str, bytes]


@contextmanager
def locked(corpus: Path) -> Iterator[None]:
    """One writer at a time. The lock is on the folder itself, so that it leaves no file in it.

    Raises:
        UnusableFolder: the folder cannot be locked.
    """
    try:
        descriptor = os.open(corpus, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        problem = f"labels could not be written into this folder ({error.strerror})"
        raise UnusableFolder(corpus, problem, "Make the folder writable, then try again") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def within(corpus: Path, name: str) -> Path:
    """Where a file is to be written; a link that leads out of the corpus is not followed.

    Raises:
        BadLabels: it is such a link.
    """
    file = Path(os.path.realpath(corpus / name))
    if not file.is_relative_to(os.path.realpath(corpus)):
        raise BadLabels(name, "it is a link that leads out of the corpus", "Change the file that it leads to by hand")
    return file


def content(file: Path) -> bytes | None:
    """What a file holds; None where there is none.

    Raises:
        BadLabels: it cannot be read.
    """
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadLabels(file, f"it cannot be read ({error.strerror})", "Make it readable") from error


def replace(file: Path, new: bytes | None) -> None:
    """Put a new content in the place of a file, in one step: whoever reads it sees the old one or the new one.

    Args:
        new: None to have no such file.

    Raises:
        UnusableFolder: the folder cannot be written. What stood there before stands there still.
    """
    part: Path | None = None
    try:
        if new is None:
            file.unlink(missing_ok=True)
            return
        descriptor, name = tempfile.mkstemp(prefix=".sources.", dir=file.parent)
        part = Path(name)
        with os.fdopen(descriptor, "wb") as out:
            out.write(new)
            out.flush()
            os.fsync(out.fileno())
        part.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        os.replace(part, file)
        _fsync(file.parent)
    except OSError as error:
        if part:
            with suppress(OSError):
                part.unlink()
        problem = (
            f"{file.name} could not be written into this folder ({error.strerror}); what stood there stands there still"
        )
        raise UnusableFolder(file.parent, problem, "Make the folder writable, then try again") from error


def _fsync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
