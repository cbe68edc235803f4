"""A store in, a retriever over its current generation and labels out, for as long as the program runs.

Notices when another generation was published or a label was changed, and moves over between two questions. Whoever is
in the middle of one keeps the generation that it began with.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from index.embed import Embedder
from index.generation import Generation, Store, require_embedder
from index.labelling.labels import LabelFiles
from index.retrieve import Retriever
from index.sharing.replica import KeptLabels, labels_of


@dataclass(slots=True)
class _Open:
    generation: Generation
    labels: LabelFiles | KeptLabels
    retriever: Retriever | None = None
    fingerprint: str = ""  # of the labels that the retriever was made with
    users: int = 0


class Reader:
    """Keeps one generation of a store open, and hands it out. Safe to use from several threads."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        """Open the current generation.

        Raises:
            IndexMissing, StoreFormat, StoreDamaged, WrongEmbedder: there is nothing that could be asked.
        """
        self.store = store
        self.embedder = embedder
        self._guard = threading.Lock()
        self._current = self._open()

    @contextmanager
    def pinned(self) -> Iterator[tuple[Generation, Retriever]]:
        """The newest generation and a retriever over it, held open until the block ends.

        Raises:
            BadLabels: a labels file cannot be followed.
        """
        with self._guard:
            current = self._newest()
            retriever = self._retriever(current)
            current.users += 1
        try:
            yield current.generation, retriever
        finally:
            with self._guard:
                current.users -= 1
                if current is not self._current and current.users == 0:
                    current.generation.close()

    def close(self) -> None:
        """Let go of the generation. Nobody may be using it."""
        self._current.generation.close()

    def _newest(self) -> _Open:
        if self.store.current() != self._current.generation.name:
            before, self._current = self._current, self._open()
            if before.users == 0:
                before.generation.close()
        return self._current

    def _open(self) -> _Open:
        generation = self.store.open()
        try:
            require_embedder(self.store, generation.manifest, self.embedder)
        except BaseException:
            generation.close()
            raise
        return _Open(generation, labels_of(generation))

    def _retriever(self, current: _Open) -> Retriever:
        labels = current.labels.read()
        if current.retriever is None or current.fingerprint != labels.fingerprint:
            current.retriever = Retriever(current.generation, labels, self.embedder)
            current.fingerprint = labels.fingerprint
        return current.retriever
