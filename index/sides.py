"""Many documents in, the perspectives for which each counts out: what their cards say, without making every card.

Documents of one folder that no labels file names get the same from it, unless it has patterns for names. So one of them
is asked for all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from index.labelling.labels import Entry, Labels
from index.library import Head
from index.types import Perspective, Source


class Sides:
    """What decides, under one state of the labels, which documents are alike to them."""

    def __init__(self, labels: Labels) -> None:
        self._named, self._contents = labels.named, labels.contents
        self._reads_names = labels.reads_names
        # Whether "essays/*" covers a document is told by its folder, whether "*-2025.txt" does by its name.
        self._globs = [entry for entry in labels.globs if not _tells_by_folder(entry)]

    def of(self, documents: Iterable[Head], card: Callable[[Head], Source]) -> list[tuple[Perspective, ...]]:
        """The sides of each document.

        Args:
            card: makes a document's card; called for a few of them.
        """
        known: dict[Hashable, tuple[Perspective, ...]] = {}
        found: list[tuple[Perspective, ...]] = []
        for document in documents:
            alike = self._alike(document)
            if alike not in known:
                known[alike] = card(document).sides
            found.append(known[alike])
        return found

    def _alike(self, document: Head) -> Hashable:
        """Equal for documents that no labels tell apart."""
        if self._reads_names or document.id in self._named or document.sha256 in self._contents:
            return document.id
        covered = tuple([glob.covers(document.id) for glob in self._globs]) if self._globs else ()
        return document.id[: document.id.rfind("/") + 1], document.declared, covered


def _tells_by_folder(entry: Entry) -> bool:
    return entry.match is not None and entry.match.rpartition("/")[2] in ("*", "**")
