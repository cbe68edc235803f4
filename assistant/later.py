"""What takes a while to compute over an index in, its result out: when it is there, or when it was waited for.

It is computed once for a state of the index, in a thread of its own, while questions are being answered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from typing import Generic, TypeVar

from index.generation import Generation
from index.reader import Reader
from index.retrieve import Retriever

T = TypeVar("T")


class Later(Generic[T]):
    """The result for the latest state of an index. Safe to use from several threads, which share the work."""

    def __init__(
        self,
        reader: Reader,
        state: Callable[[Generation, Retriever], Hashable],
        compute: Callable[[Generation, Retriever], T],
    ) -> None:
        """Set up; nothing is computed before it is asked for.

        Args:
            state: what the result depends on: when it is another one, the result is computed anew.
        """
        self._reader, self._state, self._compute = reader, state, compute
        self._guard = threading.Lock()
        self._key: Hashable = None
        self._latest: Future[tuple[Hashable, T]] | None = None

    @contextmanager
    def pinned(self, *, waiting: bool) -> Iterator[tuple[Generation, Retriever, T | None]]:
        """The index as `Reader.pinned` gives it, and the result for it.

        Args:
            waiting: else the result is None where it is not there yet.

        Raises:
            BadLabels: a labels file cannot be followed.
            Exception: what `compute` raised; the next call tries again.
        """
        while True:
            with self._reader.pinned() as (generation, retriever):
                key = self._state(generation, retriever)
                found = self._result(key, waiting)
                if found is None or found[0] == key:
                    yield generation, retriever, found and found[1]
                    return
            # The index had moved on when the thread began.

    def close(self) -> None:
        """Wait for work that is under way: it reads the index."""
        if self._latest is not None:
            wait([self._latest])

    def _result(self, key: Hashable, waiting: bool) -> tuple[Hashable, T] | None:
        with self._guard:
            if self._latest is None or self._key != key:
                self._key, self._latest = key, Future()
                threading.Thread(target=self._run, args=(self._latest,), daemon=True).start()
            latest = self._latest
        if not (waiting or latest.done()):
            return None
        try:
            found = latest.result()
        except BaseException:
            self._forget(latest)
            raise
        if found[0] != key:
            self._forget(latest)
        return found

    def _forget(self, latest: Future[tuple[Hashable, T]]) -> None:
        with self._guard:
            if self._latest is latest:
                self._latest = None

    def _run(self, result: Future[tuple[Hashable, T]]) -> None:
        try:
            with self._reader.pinned() as (generation, retriever):
                key = self._state(generation, retriever)
                found = self._compute(generation, retriever)
            result.set_result((key, found))
        except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
            result.set_exception(error)
