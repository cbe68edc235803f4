"""A folder and the library's list in, what has to be done out: new, edited, renamed, deleted, to be tried again.

Reads files only as far as needed to know whether they changed, and writes nothing: this is also the dry run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from index.library import DUPLICATE, FAILED, INDEXED, Entry
from index.loading.load import find


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update will do. Paths are relative to the corpus."""

    new: tuple[str, ...]
    edited: tuple[Entry, ...]
    renamed: tuple[tuple[Entry, str], ...]  # with the new path
    deleted: tuple[Entry, ...]
    retried: tuple[Entry, ...]  # failed last time
    unchanged: tuple[Entry, ...]

    @property
    def changes(self) -> bool:
        """Whether anything differs from what is indexed; files that failed before do not count."""
        return bool(self.new or self.edited or self.renamed or self.deleted)

    def __str__(self) -> str:
        counts = f"+{len(self.new)} ~{len(self.edited)} -{len(self.deleted)}"
        renamed = f", {len(self.renamed)} renamed" if self.renamed else ""
        retried = f", {len(self.retried)} tried again" if self.retried else ""
        return f"{counts}{renamed}{retried}, {len(self.unchanged)} unchanged"


def plan(corpus: Path, entries: Iterable[Entry], pipeline: Callable[[str], str]) -> Plan:
    """Compare a folder with the list of what is indexed.

    Args:
        pipeline: for a file name, the fingerprint of what would turn the file into passages.

    Raises:
        UnusableFolder: the folder cannot be read.
    """
    paths = {storable(path.relative_to(corpus).as_posix()): path for path in find(corpus)}
    known = {entry.id: entry for entry in entries}

    edited: list[Entry] = []
    retried: list[Entry] = []
    unchanged: list[Entry] = []
    for id, entry in known.items():
        if id not in paths:
            continue
        if entry.state == FAILED:
            retried.append(entry)
        elif entry.pipeline == pipeline(id) and (entry.stamp == stamp(paths[id]) or entry.sha256 == _sha256(paths[id])):
            unchanged.append(entry)
        else:
            edited.append(entry)
    # A copy of a text that is gone, or is about to be read anew, has to be looked at again.
    originals = {entry.text_sha256 for entry in unchanged if entry.state == INDEXED}
    copies = [entry for entry in unchanged if entry.state == DUPLICATE and entry.text_sha256 not in originals]
    edited += copies
    unchanged = [entry for entry in unchanged if entry not in copies]

    gone = {entry.id: entry for id, entry in known.items() if id not in paths}
    by_content = {entry.sha256: entry for entry in gone.values() if entry.state == INDEXED}
    new: list[str] = []
    renamed: list[tuple[Entry, str]] = []
    for id in (id for id in paths if id not in known):
        before = by_content.pop(_sha256(paths[id]), None) if by_content else None
        if before is not None and before.pipeline == pipeline(id):
            renamed.append((before, id))
            del gone[before.id]
        else:
            new.append(id)
    return Plan(
        new=tuple(new),
        edited=tuple(edited),
        renamed=tuple(renamed),
        deleted=tuple(gone.values()),
        retried=tuple(retried),
        unchanged=tuple(unchanged),
    )


def storable(name: str) -> str:
    """A name that is no valid UTF-8 with its odd bytes spelt out. The loader will not find that file, and say so."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def stamp(path: Path) -> str:
    """What the file system says of a file: any write changes it. Empty when the file is gone."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _sha256(path: Path) -> str:
    """The hash of a file's bytes; empty when it cannot be read, which the loader will report."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
