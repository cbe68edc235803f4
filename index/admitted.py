"""A filter in, the documents and passages that it lets through out, without a look at every document.

Documents that have the same sides and the same date pass a filter together, so one of them is asked for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.filter import Filter
from index.library import Head
from index.types import Perspective, Source


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a question may be searched in."""

    passes: np.ndarray  # for each row of the matrix, whether it is
    rows: np.ndarray  # those that are, ascending
    perspectives: tuple[Perspective, ...]  # of their documents, in order of their ids

    def among(self, rows: np.ndarray) -> np.ndarray:
        """Those of some rows, in order, that are admitted."""
        return rows[self.passes[rows]]


@dataclass(frozen=True, slots=True)
class _Group:
    """Documents that a filter by sides and dates cannot tell apart."""

    head: Head  # of the first of them
    source: Source
    keys: np.ndarray  # of all


class Admission:
    """All documents of a generation under one state of the labels."""

    def __init__(
        self,
        heads: Mapping[str, Head],
        sources: Mapping[str, Source],
        alike: Iterable[Sequence[Head]],
        documents: np.ndarray,
    ) -> None:
        """Look at one document of each group.

        Args:
            sources: the card of each document.
            alike: all documents, in groups of the same sides and the same date.
            documents: the key of each row's document.
        """
        self._heads, self._sources, self._documents = heads, sources, documents
        self._keys = max((head.key for head in heads.values()), default=0) + 1
        self._alike = [_Group(group[0], sources[group[0].id], _keys(group)) for group in alike]

    def admit(self, only: Filter, speaking: set[int] | None = None) -> Admitted:
        """What a filter lets through.

        Args:
            speaking: keys of the documents in which somebody speaks who is asked for; None where nobody is.
        """
        if only.documents:
            heads = [self._heads[id] for id in dict.fromkeys(only.documents) if id in self._heads]
            groups = [_Group(head, self._sources[head.id], _keys([head])) for head in heads]
        else:
            groups = self._alike
        passing = [(group.source, group.keys) for group in groups if only.admits(group.head, group.source)]
        if speaking is not None:
            speaks = self._marked(np.fromiter(speaking, np.int64, len(speaking)))
            passing = [(source, keys[speaks[keys]]) for source, keys in passing]
        documents = np.concatenate([np.empty(0, np.int64), *(keys for _, keys in passing)])
        sides = {side for source, keys in passing if len(keys) for side in source.sides}
        passes = self._marked(documents)[self._documents]
        return Admitted(passes, np.flatnonzero(passes), tuple(sorted(sides, key=lambda side: side.id)))

    def _marked(self, documents: np.ndarray) -> np.ndarray:
        """For each key whether it is among these."""
        marked = np.zeros(self._keys, bool)
        marked[documents] = True
        return marked


def _keys(heads: Sequence[Head]) -> np.ndarray:
    return np.array([head.key for head in heads], np.int64)
