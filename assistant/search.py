"""A question in, what was found for it out: passages for a model, windows for a digest, each as it is needed."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from functools import cached_property

from assistant.answering.digest import Digester, Window, choose, citation, overlap, rough_windows
from assistant.answering.silence import Nearness, by_perspective, nearness, standings, to_leave_out
from assistant.checking import cuts
from assistant.errors import BadFilter, UnknownDocument, UnknownPerspective, UnknownSpeaker
from assistant.exporting import proof
from assistant.question import abstain, premise, wanted
from assistant.question.premise import Disputed
from assistant.types import Assumption, Citation, Claim, Standing
from assistant.writing import evidence
from assistant.writing.evidence import Evidence
from index.current import current
from index.filter import Filter, is_date
from index.generation import Generation
from index.retrieve import Candidates, Retriever
from index.speaking.whom import AUTHOR

_THEIRS = 20  # passages of those whose words a question asks for
_OF_EACH = 3  # nearest passages of each perspective, in whose best windows silence is searched for
_NEAREST = 5  # passages shown when the corpus does not answer


class Search:
    """A question as it was searched, and what was found for it."""

    def __init__(
        self,
        found: Candidates,
        digester: Digester,
        generation: Generation,
        retriever: Retriever,
        only: Filter = Filter(),
        disputed: Disputed | None = None,
    ) -> None:
        """Set up.

        Args:
            only: what was searched.
            disputed: what the question takes for granted, if a passage speaks against it.
        """
        self.retriever = retriever
        self.library = generation.library
        self.comparing = abstain.compares(found.query.text)
        self.comments = cuts.comments_asked_for(found.query.text)
        self.wanted = wanted.of(found.query.text, only.speakers, retriever.speakers)
        self.found = self._with_their_passages(found, only)
        self._only = only
        self._disputed = disputed
        self._digester = digester
        self._generation = generation

    def _with_their_passages(self, found: Candidates, only: Filter) -> Candidates:
        """With the best passages of the documents in which somebody speaks whom the question asks for."""
        if not self.wanted or only.speakers:
            return found
        theirs = replace(only, speakers=tuple(sorted(self.wanted.speakers)))
        more = self.retriever.candidates(found.query.text, theirs, limit=_THEIRS)
        present = {hit.passage.id for hit in found.hits}
        return replace(found, hits=(*found.hits, *(hit for hit in more.hits if hit.passage.id not in present)))

    @cached_property
    def windows(self) -> list[Window]:
        """The best stretches, best first. Embedded only when somebody asks, since it takes as long as all the rest."""
        return self._digester.windows(
            self.found, self.library, self.retriever, comments=self.comments, wanted=self.wanted
        )

    def evidence(self, budget: int) -> tuple[Evidence, ...]:
        """What a model is shown, within so many tokens."""
        windows = rough_windows(self.found, self.library, self.retriever, comments=self.comments, wanted=self.wanted)
        return evidence.choose(
            self.found.query,
            windows,
            self.retriever,
            self.library,
            budget,
            comparing=self.comparing,
            comments=self.comments is not None,
            crowds=self.crowds,
        )

    @cached_property
    def pieces(self) -> list[Window]:
        """The stretches that may be cited, each of one voice, best first."""
        return self._digester.pieces(
            self.windows, self.found, self.library, self.retriever, comments=self.comments, wanted=self.wanted
        )

    def best(self, count: int, *, comparing: bool, without: Set[str] = frozenset()) -> list[Window]:
        """The stretches of a digest.

        Args:
            without: perspectives of which nothing is wanted.
        """
        sides = [(piece, self._side(piece)) for piece in self.pieces]
        kept = [(piece, side) for piece, side in sides if not side or set(side) - without]
        pieces, groups = [piece for piece, _ in kept], [side for _, side in kept]
        return choose(pieces, groups, count, comparing=comparing, crowds=self.crowds)

    @cached_property
    def crowds(self) -> dict[str, int]:
        """The number of its crowd for each document that is in one."""
        return self.retriever.crowds(self.found.hits)

    def nearest(self) -> tuple[Citation, ...]:
        """What is shown where the corpus does not answer."""
        windows = self.best(_NEAREST, comparing=False)
        return tuple(self.checked(citation(number, window, self.retriever)) for number, window in enumerate(windows, 1))

    def standings(self, citations: Sequence[Citation]) -> tuple[Standing, ...]:
        """What each perspective that was searched has to say."""
        closest = by_perspective(self._compared, self._side)
        lines = standings(self.found, self._near, closest, citations, self._closest, self.retriever.unread)
        return tuple(replace(line, closest=line.closest and self.checked(line.closest)) for line in lines)

    @cached_property
    def _silent(self) -> Set[str]:
        """The perspectives that have nothing near the question, so that a digest cites nothing of them.

        Nobody, where somebody's words are asked for: what she says counts, however far it is from the question.
        """
        if self.wanted:
            return frozenset()
        return to_leave_out(self._near, self.retriever.unread)

    @cached_property
    def _near(self) -> dict[str, Nearness]:
        """How near each perspective comes to the question.

        A crowd counts as one document of each of its perspectives: thirty copies raise no mean that others stand below.
        """
        first: dict[tuple[int, tuple[str, ...]], str] = {}
        compared: list[Window] = []
        for window in self._compared:
            document, side = window.document.id, tuple(self._side(window))
            number = self.crowds.get(document)
            if number is None or first.setdefault((number, side), document) == document:
                compared.append(window)
        return nearness(self.found.query, self.found.perspectives, compared, self._side)

    @cached_property
    def _compared(self) -> list[Window]:
        """The windows by which perspectives are compared: silence is searched for in every passage.

        Those of the answer, and those of each perspective's nearest passages, also where no search brought them up.
        """
        present = {hit.passage.id for hit in self.found.hits}
        closest = self.retriever.closest(self.found.vector, _OF_EACH, self._only).values()
        more = {hit.passage.id: hit for hits in closest for hit in hits if hit.passage.id not in present}
        if not more:
            return self.windows
        return [
            *self.windows,
            *self._digester.windows(
                replace(self.found, hits=tuple(more.values())),
                self.library,
                self.retriever,
                comments=self.comments,
                wanted=self.wanted,
            ),
        ]

    @cached_property
    def against(self) -> tuple[Citation, ...]:
        """What speaks against what the question takes for granted: the first citations of the answer."""
        windows = self._disputed.windows if self._disputed else ()
        return tuple(self.checked(citation(number, window, self.retriever)) for number, window in enumerate(windows, 1))

    @cached_property
    def assumption(self) -> Assumption | None:
        """What the question takes for granted, if a passage speaks against it."""
        disputed, searched = self._disputed, len(self.found.perspectives)
        return premise.assumption(disputed, self.against, searched) if disputed else None

    def known(self, claim: Claim | None, citations: Sequence[Citation]) -> Assumption | None:
        """The same with what a model's sentence about the question adds; arguments as in `premise.known`."""
        return premise.known(self.assumption, claim, citations, self.found.query.text, len(self.found.perspectives))

    def digest(self, count: int) -> list[Window]:
        """The stretches of a digest; first those that speak against what the question takes for granted."""
        first = list(self._disputed.windows) if self._disputed else []
        best = self.best(max(1, count - len(first)), comparing=self.comparing, without=self._silent)
        return [*first, *(window for window in best if not any(overlap(window, other) for other in first))]

    def _closest(self, window: Window) -> Citation | None:
        """What of a window comes nearest to the question, without a number."""
        (pieces,) = self._digester.cut(
            [window], self.found, self.library, self.retriever, comments=self.comments, wanted=self.wanted
        )
        return citation(0, pieces[0], self.retriever) if pieces else None

    def _side(self, window: Window) -> tuple[str, ...]:
        """The perspectives for which a window may stand; none for a reader comment."""
        if self.comments is not None:
            return citation(0, window, self.retriever).side
        return self.retriever.perspectives_of(window.document.id)

    def checked(self, entry: Citation) -> Citation:
        """A citation, held against its document as that is now: the file may have changed since it was indexed."""
        now = current(self._generation, entry.document.id)
        return replace(entry, check=proof.check(entry.proof, now).check)


def require(only: Filter, retriever: Retriever) -> None:
    """Refuse a filter that names what is not there: its empty result would look like silence of the sources."""
    known = [perspective.id for perspective in retriever.perspectives]
    for id in only.perspectives:
        if id not in known:
            raise UnknownPerspective(id, known)
    for name in only.speakers:
        if name.casefold() != AUTHOR and not retriever.speakers(name):
            raise UnknownSpeaker(name, retriever.everybody)
    for document in only.documents:
        if document not in retriever.keys:
            raise UnknownDocument(document)
    for name, value in (("since", only.since), ("until", only.until)):
        if value and not is_date(value):
            raise BadFilter(name, value)
