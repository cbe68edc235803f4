"""The answer schema: what every way in returns, from the page to the command line.

Frozen values. `Answer.to_dict()` is the JSON that `parallax ask --json` prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from assistant.answering.shares import balance, coverage_line, shares
from assistant.exporting.proof import Check, Proof
from index.filter import EVERYTHING, Filter
from index.types import NO_LABEL, Document, Hit, Label, Source, Voice, VoiceKind

SCHEMA = 1


class Mode(StrEnum):
    """Who wrote the sentences of an answer."""

    GENERATED = "generated"
    DIGEST = "digest"  # nobody: they are the sources' own


class Outcome(StrEnum):
    """Whether the corpus answers the question."""

    ANSWERED = "answered"
    NOT_IN_CORPUS = "not_in_corpus"


class State(StrEnum):
    """What a perspective has to say on a question, as far as a search can tell."""

    CITED = "cited"  # answers, and is cited
    RELEVANT = "relevant"  # has a passage that answers and is not cited
    TOUCHES = "touches"  # is cited for what comes less near
    UNCLEAR = "unclear"  # could not tell
    SILENT = "silent"  # no passage found


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered proof: an exact stretch of a document that was retrieved, and who speaks in it."""

    number: int  # from 1; 0 for a passage that is shown and not cited
    document: Document
    source: Source
    start: int
    end: int
    score: float  # cosine similarity to the question
    match: str = "exact"  # exact | normalised | repaired: how a model's quote was found
    check: Check = Check.EXACT  # whether it stands in the document as that was when the answer was made
    voice: Voice = field(kw_only=True)

    @property
    def quote(self) -> str:
        """Exactly the slice, never anybody's copy of it."""
        return self.document.text[self.start : self.end]

    @property
    def labels(self) -> tuple[Label, ...]:
        """Where the source stands; never empty. What a reader wrote under a text is not on the side of that text."""
        return (NO_LABEL,) if self.is_comment else self.source.labels

    @property
    def side(self) -> tuple[str, ...]:
        """The ids of the perspectives for which it counts; none for a reader comment."""
        return () if self.is_comment else tuple(side.id for side in self.source.sides)

    @property
    def is_comment(self) -> bool:
        """Whether a reader speaks, or somebody whom a reader quotes."""
        return self.voice.kind is VoiceKind.COMMENT

    @property
    def proof(self) -> Proof:
        """What it claims of its document, so that anybody can check it."""
        return Proof.of(self.document, self.start, self.end)

    @property
    def stands(self) -> bool:
        """Whether it may be shown as a quote."""
        return self.check is not Check.FAILED

    def to_dict(self) -> dict[str, Any]:
        """As in the schema."""
        return {
            "number": self.number,
            **self._claim(),
            "title": self.source.title,
            "published": self.source.published,
            "page": self.document.page(self.start),
            "score": round(self.score, 4),
            "match": self.match,
            "perspectives": [
                {
                    "id": label.perspective.id,
                    "label": label.perspective.label,
                    "provenance": str(label.provenance),
                    "by": label.by,
                    "on": label.on,
                }
                for label in self.labels
            ],
            "voice": self._voice(),
        }

    def to_short_dict(self) -> dict[str, Any]:
        """As in the schema, where it is a perspective's nearest stretch of text."""
        return self._claim() | {"score": round(self.score, 4), "voice": self._voice()}

    def _voice(self) -> dict[str, Any]:
        voice = self.voice
        return {
            "kind": str(voice.kind),
            "speaker": voice.speaker,
            "chain": list(voice.chain),
            "provenance": voice.provenance,
        }

    def _claim(self) -> dict[str, Any]:
        """What is claimed, and what came of the check."""
        return asdict(self.proof) | {"sha256": self.document.sha256, "check": str(self.check)}


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer. It exists only when it was verified; in a digest it is its quote."""

    text: str
    citations: tuple[int, ...]  # numbers


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence that failed its checks. Nothing that the model wrote is in it: what was not checked is not shown."""

    text: str  # which sentence it was, in our words
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an answer is not what was asked for."""

    # model_unavailable | no_claim_left | stopped | not_answered | partly_answered | unknown_name | no_number
    # | below_floor | filtered_out
    code: str
    text: str  # one sentence for the reader


@dataclass(frozen=True, slots=True)
class Writing:
    """What it took to have an answer written, and how the model quoted before anything was checked."""

    calls: int  # to the model: the answer, and the repair of what failed
    tokens_in: int
    tokens_out: int
    sentences: int  # that the model wrote for the answer, the one about the premise included
    repaired: int  # of these, those that passed only at the second try
    quotes: int  # that it gave for them at its first try
    exact: int  # of these, those that stand in the passage named, character for character
    normalised: int  # those that differ from it in quotation marks, dashes or spaces only


@dataclass(frozen=True, slots=True)
class Assumption:
    """What the question takes for granted, where a passage speaks against it. Which of them is right stays open."""

    text: str  # a sentence for the reader, in words of code
    assumed: str | None  # as a clause, in the question's words; None where only a model found it
    neutral: str | None  # the question that leaves it open
    rejected: tuple[str, ...]  # the perspectives whose own words speak against it
    searched: int  # perspectives
    citations: tuple[int, ...]  # numbers of the passages, those of quoted people among them


@dataclass(frozen=True, slots=True)
class Standing:
    """What one perspective of the corpus has to say on the question."""

    id: str
    label: str
    state: State
    closest: Citation | None  # its nearest stretch of text

    def beyond(self, cited: Iterable[Citation]) -> Citation | None:
        """Its nearest stretch of text, unless some of that is cited already."""
        near = self.closest
        there = near and any(
            entry.document.id == near.document.id and entry.start < near.end and near.start < entry.end
            for entry in cited
        )
        return None if there else near

    def to_dict(self) -> dict[str, Any]:
        """As in the schema."""
        near = self.closest and self.closest.to_short_dict()
        return {"id": self.id, "label": self.label, "state": str(self.state), "closest": near}


@dataclass(frozen=True, slots=True)
class Variant:
    """What a near-copy of a cited document has in the place of the words cited."""

    citation: int
    document: str  # the near-copy
    start: int
    end: int
    quote: str  # exactly its text[start:end]


@dataclass(frozen=True, slots=True)
class Echo:
    """Documents that are one origin: copies of one text, or texts that hold the same words of somebody.

    Or texts that say much the same, each in other words: these may be one origin, and count as many.
    """

    kind: str  # copy | words | reworded
    citations: tuple[int, ...]  # that rest on it
    documents: tuple[str, ...]  # all that hold it, cited or not, in order of path
    by: str | None = None  # whose words they are, where that is known and not the author
    quote: str = ""  # the words that are shared; of copies nothing
    variants: tuple[Variant, ...] = ()  # where copies differ


def origins(citations: Sequence[Citation], echoes: Sequence[Echo]) -> tuple[int, int]:
    """How many articles hold the words of some citations, and of how many origins these are; comments do not count.

    Copies are one text. A text that is cited for words of its own is an origin; words that only texts without such
    hold are one, however many hold them.
    """
    text_of = {id: echo.documents for echo in echoes if echo.kind == "copy" for id in echo.documents}
    shared = {number: echo for echo in echoes if echo.kind == "words" for number in echo.citations}
    texts, own = set[tuple[str, ...]](), set[tuple[str, ...]]()
    repeated: list[frozenset[tuple[str, ...]]] = []
    for entry in citations:
        if entry.is_comment:
            continue
        id, echo = entry.document.id, shared.get(entry.number)
        holding = {text_of.get(other, (other,)) for other in (id, *(echo.documents if echo else ()))}
        texts |= holding
        if echo:
            repeated.append(frozenset(holding))
        else:
            own |= holding
    alone = {holding for holding in repeated if own.isdisjoint(holding)}
    return sum(len(text) for text in texts), min(len(texts), len(own) + len(alone))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader gets, with enough to check it or to repeat it."""

    id: str
    question: str
    query: str  # the question as it was searched
    mode: Mode
    outcome: Outcome
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    perspectives: tuple[Standing, ...]
    generation: str
    labels: str  # fingerprint of the labels
    spellings: tuple[tuple[str, ...], ...] = ()  # names that were searched in more than one spelling
    only: Filter = EVERYTHING  # what alone was searched
    reason: Reason | None = None
    premise: Claim | None = None
    assumption: Assumption | None = None
    removed: tuple[Removed, ...] = ()
    nearest: tuple[Citation, ...] = ()  # when the corpus does not answer
    model: str | None = None  # the model that was asked, also where nothing of what it wrote could be shown
    prompts: Mapping[str, str] = field(default_factory=dict[str, str])  # fingerprints of those that were sent
    writing: Writing | None = None  # where a model was asked
    echoes: tuple[Echo, ...] = ()  # what came into several documents from one place
    seconds: Mapping[str, float] = field(default_factory=dict[str, float])

    def citation(self, number: int) -> Citation:
        """The citation with this number."""
        return self.citations[number - 1]

    @property
    def exact(self) -> int:
        """How many of its citations are exact."""
        return sum(entry.check is Check.EXACT for entry in self.citations)

    @property
    def shares(self) -> dict[str, float]:
        """What share of the cited words each perspective has, the largest first."""
        return shares((entry.side, entry.quote) for entry in self.citations if entry.stands)

    @property
    def balance(self) -> float | None:
        """How even these shares are, from 0 to 1; None unless several perspectives were searched and are cited."""
        return balance(self.shares) if len(self.perspectives) > 1 else None

    @property
    def coverage_line(self) -> str:
        """How many perspectives are cited, and how even, in words; nothing where only one was searched."""
        return coverage_line(len(self.perspectives), self.cited_perspectives, self.balance)

    @property
    def cited_perspectives(self) -> int:
        """How many of those searched are cited, be it for a passage that only touches the question."""
        cited = {id for entry in self.citations for id in entry.side}
        return sum(standing.id in cited for standing in self.perspectives)

    def to_dict(self) -> dict[str, Any]:
        """The answer schema, ready for JSON."""
        states = [standing.state for standing in self.perspectives]
        even = self.balance
        return {
            "schema": SCHEMA,
            "id": self.id,
            "question": self.question,
            "query": self.query,
            "spellings": [list(names) for names in self.spellings],
            "only": self.only.to_dict() if self.only else None,
            "mode": str(self.mode),
            "outcome": str(self.outcome),
            "reason": self.reason and {"code": self.reason.code, "text": self.reason.text},
            "premise": self.premise and {"text": self.premise.text, "citations": list(self.premise.citations)},
            "assumption": self.assumption and asdict(self.assumption),
            "claims": [self._claim(claim) for claim in self.claims],
            "citations": [citation.to_dict() for citation in self.citations],
            "perspectives": [standing.to_dict() for standing in self.perspectives],
            "coverage": {
                "searched": len(states),
                "relevant": sum(state in (State.CITED, State.RELEVANT) for state in states),
                "cited": self.cited_perspectives,
                "shares": {id: round(share, 4) for id, share in self.shares.items()},  # of the cited words
                "balance": None if even is None else round(even, 4),
            },
            "origins": self._origins(range(1, len(self.citations) + 1)),  # of all that is cited
            "echoes": [asdict(echo) for echo in self.echoes],
            "removed": [{"text": removed.text, "reasons": list(removed.reasons)} for removed in self.removed],
            "nearest": [citation.to_dict() for citation in self.nearest],
            "model": self.model,
            "prompts": dict(self.prompts),
            "writing": self.writing and asdict(self.writing),
            "generation": self.generation,
            "labels": self.labels,
            "seconds": {name: round(value, 4) for name, value in self.seconds.items()},
        }

    def _claim(self, claim: Claim) -> dict[str, Any]:
        return {"text": claim.text, "citations": list(claim.citations)} | self._origins(claim.citations)

    def _origins(self, numbers: Iterable[int]) -> dict[str, int]:
        articles, independent = origins([self.citation(number) for number in numbers], self.echoes)
        return {"articles": articles, "origins": independent}


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation, with the names in what was cited for it: a follow-up may mean either."""

    question: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The search is done; nothing has been written yet."""

    query: str
    hits: tuple[Hit, ...]
    perspectives: int  # how many were searched
    spellings: tuple[tuple[str, ...], ...] = ()  # names that were searched in more than one spelling
    assumption: Assumption | None = None
    against: tuple[Citation, ...] = ()  # the passages that speak against it


@dataclass(frozen=True, slots=True)
class Verified:
    """One checked sentence, with the citations that it brings in."""

    claim: Claim
    citations: tuple[Citation, ...]
    premise: bool = False  # whether it is about the question itself
    assumption: Assumption | None = None  # then: what the question takes for granted, as far as is known with it
    mode: Mode = Mode.GENERATED  # whether a model wrote it, or it is the source's own sentence


Event = Found | Verified | Answer
