"""A corpus at a glance: its passages by meaning, its documents by date, and who quotes whom.

    with Assistant.open() as assistant:
        assistant.glance.map().to_dict()
        assistant.glance.timeline(["traders"]).to_dict()
        assistant.glance.quoting("outlets").to_dict()

Nothing here is on the way of a question.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.overview.passage_map import Cartographer, PassageMap
from assistant.overview.quoting import Listener, Quoted, Quoting, Who
from assistant.overview.timeline import Timeline, timeline
from assistant.search import require
from index.reader import Reader
from index.retrieve import Filter


class Glance:
    """What can be seen of one corpus at a glance. Safe to use from several threads.

    Every function takes the ids of the perspectives wanted, of all where none is named, and raises
    `UnknownPerspective` where there is none of an id, and `BadLabels` where a labels file cannot be followed. With
    `wait=False` those that take a while return None until they are ready.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._cartographer = Cartographer(reader)
        self._listener = Listener(reader)

    def close(self) -> None:
        """Wait for what is still being computed."""
        self._cartographer.close()
        self._listener.close()

    def map(self, perspectives: Sequence[str] = (), *, wait: bool = True) -> PassageMap | None:
        """Passages by meaning."""
        self._require(perspectives)
        return self._cartographer.map(perspectives, wait=wait)

    def timeline(self, perspectives: Sequence[str] = ()) -> Timeline:
        """Documents by date."""
        with self._reader.pinned() as (generation, retriever):
            require(Filter(tuple(perspectives)), retriever)
            return timeline(generation, retriever, perspectives)

    def quoting(
        self, by: str = Who.PERSPECTIVES, perspectives: Sequence[str] = (), *, wait: bool = True
    ) -> Quoting | None:
        """Who quotes whom: "perspectives", "outlets" or "documents" whom."""
        self._require(perspectives)
        return self._listener.quoting(Who(by), perspectives, wait=wait)

    def quotes(self, by: str, column: str, speaker: str, perspectives: Sequence[str] = ()) -> tuple[Quoted, ...]:
        """Where somebody is quoted by whoever a column of `quoting` stands for."""
        self._require(perspectives)
        return self._listener.quotes(Who(by), column, speaker, perspectives)

    def _require(self, perspectives: Sequence[str]) -> None:
        with self._reader.pinned() as (_, retriever):
            require(Filter(tuple(perspectives)), retriever)
