"""A question in, what was found for it out: passages for a model, windows for a digest, each as it is needed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from assistant import abstain, evidence
from assistant.digest import Digester, Window, choose, citation, rough_windows
from assistant.errors import BadFilter, UnknownDocument, UnknownPerspective
from assistant.evidence import Evidence
from assistant.silence import standings
from assistant.types import Citation, Standing
from index.generation import Generation
from index.retrieve import Candidates, Filter, Retriever

_NEAREST = 5  # passages shown when the corpus does not answer
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class Search:
    """A question as it was searched, and what was found for it."""

    def __init__(self, found: Candidates, digester: Digester, generation: Generation, retriever: Retriever) -> None:
        self.found = found
        self.retriever = retriever
        self.library = generation.library
        self.comparing = abstain.compares(found.query.text)
        self._digester = digester

    @cached_property
    def windows(self) -> list[Window]:
        """The best stretches, best first. Embedded only when somebody asks, since it takes as long as all the rest."""
        return self._digester.windows(self.found, self.library, self.retriever.keys)

    def evidence(self, budget: int) -> tuple[Evidence, ...]:
        """What a model is shown, within so many tokens."""
        windows = rough_windows(self.found, self.library, self.retriever.keys)
        return evidence.choose(
            self.found.query, windows, self.retriever, self.library, budget, comparing=self.comparing
        )

    def best(self, count: int, *, comparing: bool) -> list[Window]:
        """The windows of a digest."""
        groups = [self.retriever.perspectives_of(window.document.id) for window in self.windows]
        return choose(self.windows, groups, count, comparing=comparing)

    def nearest(self) -> tuple[Citation, ...]:
        """What is shown where the corpus does not answer."""
        windows = self.best(_NEAREST, comparing=False)
        return tuple(citation(number, window, self.retriever) for number, window in enumerate(windows, 1))

    def standings(self, citations: Sequence[Citation]) -> tuple[Standing, ...]:
        """What each perspective that was searched has to say."""
        return tuple(standings(self.found, self.windows, citations, self.retriever))


def require(only: Filter, retriever: Retriever) -> None:
    """Refuse a filter that names what is not there: its empty result would look like silence of the sources."""
    known = [perspective.id for perspective in retriever.perspectives]
    for id in only.perspectives:
        if id not in known:
            raise UnknownPerspective(id, known)
    for document in only.documents:
        if document not in retriever.keys:
            raise UnknownDocument(document)
    for name, value in (("since", only.since), ("until", only.until)):
        if value and not _DATE.fullmatch(value):
            raise BadFilter(name, value)
