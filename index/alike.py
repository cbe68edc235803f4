"""Many documents in, groups of them out that the labels do not tell apart: one card is made for all of a group.

Documents of one folder that no labels file names get the same from it, as far as its patterns find the same in their
names. They count for the same perspectives; where dates are asked for, they have the same date as well.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable

from index.labelling.labels import Entry, Labels
from index.library import Head


class Alike:
    """What decides, under one state of the labels, which documents are alike to them."""

    def __init__(self, labels: Labels, *, dated: bool = False) -> None:
        """Read nothing yet.

        Args:
            dated: only documents of the same date are alike.
        """
        self._named, self._contents = labels.named, labels.contents
        # Whether "essays/*" covers a document is told by its folder, whether "*-2025.txt" does by its name.
        self._globs = [entry for entry in labels.globs if not _tells_by_folder(entry)]
        self._dated = dated
        telling = ("perspective", "published") if dated else ("perspective",)
        self._patterns = [
            (pattern, told)
            for pattern in labels.patterns
            if (told := [name for name in telling if name in pattern.groupindex])
        ]

    def groups(self, documents: Iterable[Head]) -> list[list[Head]]:
        """All documents, those together that are alike, in the order of the first of each."""
        found: dict[Hashable, list[Head]] = {}
        for document in documents:
            found.setdefault(self._told_by(document), []).append(document)
        return list(found.values())

    def _told_by(self, document: Head) -> Hashable:
        """Equal for documents that no labels tell apart."""
        if document.id in self._named or document.sha256 in self._contents:
            return document.id
        folder, _, name = document.id.rpartition("/")
        covered = tuple([glob.covers(document.id) for glob in self._globs]) if self._globs else ()
        read = tuple([_read(pattern, told, name) for pattern, told in self._patterns]) if self._patterns else ()
        return folder, document.declared, covered, read, document.published if self._dated else None


def _read(pattern: re.Pattern[str], told: list[str], name: str) -> tuple[str | None, ...]:
    found = pattern.search(name)
    return tuple([found[group] for group in told]) if found else ()


def _tells_by_folder(entry: Entry) -> bool:
    return entry.match is not None and entry.match.rpartition("/")[2] in ("*", "**")
