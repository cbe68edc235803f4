"""A question that was answered in, questions that go on from it out, each of which was tried: the corpus answers it.

    what was found ─► candidates: its topic, who speaks in it, things and names not told yet ─► asked ─► what they bring

No model is asked, and nothing that a source takes sides with gets into a question. A time is kept: what was not tried
by then is not offered.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, zip_longest

import numpy as np

from assistant.answering.digest import cite
from assistant.checking import neutrality
from assistant.checking.shown import Shown
from assistant.exporting.proof import Proof
from assistant.labelling.framing import Framing
from assistant.question import abstain, rewrite, things
from assistant.question.assume import assumed
from assistant.question.topics import topics
from assistant.search import Search
from assistant.types import Citation
from assistant.writing.parse import Proposal
from index.generation import Generation
from index.retrieve import Candidates, Retriever
from index.terms import stems
from index.types import Hit, VoiceKind

SECONDS = 0.3  # that looking for them may take; one more search may end after it
MOST = 3
_OF_A_KIND = 2
_READ = 20  # passages found, in which something to ask about is looked for
_EACH = 4  # people, names and things that are asked about
_TOPICS = 2  # of the question, that are asked about
_PROVEN = 2  # passages that answer
_ALIKE = 0.45  # cosine between two questions from which on they are about one matter; set by hand (LOG.md)
_SAME = 0.97  # from which on they are one question


class Kind(StrEnum):
    """What a question goes on with."""

    TOPIC = "topic"  # what everybody says about what was asked
    SPEAKER = "speaker"  # what somebody says about it
    THING = "thing"  # something that the passages name
    NAME = "name"  # somebody or some place that they name, with what was asked


@dataclass(frozen=True, slots=True)
class Next:
    """A question that goes on from another one, and what its answer cites that was not cited yet."""

    question: str
    kind: Kind
    citations: int  # passages, those cited already among them
    perspectives: tuple[str, ...] = ()  # ids of those that were not cited yet
    documents: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    passages: int = 0  # not cited yet

    @property
    def brings(self) -> tuple[int, int, int, int]:
        """How much is new in it, the rarest first."""
        return len(self.perspectives), len(self.documents), len(self.speakers), self.passages


@dataclass(frozen=True, slots=True)
class _Candidate:
    question: str
    kind: Kind
    about: frozenset[str] = frozenset()  # stems of the topic, of which its passages are to hold half
    holds: frozenset[str] = frozenset()  # stems that they are to hold all of
    speaker: str | None = None  # whose words they are to be


class NextQuestions:
    """Looks for them over one state of an index."""

    def __init__(
        self,
        search: Callable[[str], Search],
        generation: Generation,
        retriever: Retriever,
        citations: Callable[[Search], int],
    ) -> None:
        """Set up.

        Args:
            search: searches a question as the one before was searched.
            citations: how many passages a digest of it cites at most.
        """
        self._search = search
        self._generation = generation
        self._retriever = retriever
        self._citations = citations
        self._framing = Framing(generation.library, retriever)

    def after(self, question: str, cited: Sequence[Proof], seconds: float = SECONDS) -> tuple[Next, ...]:
        """Up to three questions, those that bring most first; fewer, or none, where no more was found in time.

        Args:
            question: as it was searched.
            cited: what its answer cites.
        """
        until = time.perf_counter() + seconds
        found = self._search(question).found
        found_by: list[Next] = []
        vectors = [found.vector]
        for candidate in self._candidates(found, cited):
            if len(found_by) == MOST or time.perf_counter() > until:
                break
            if sum(entry.kind is candidate.kind for entry in found_by) == _OF_A_KIND or self._leads(candidate.question):
                continue
            search = self._search(candidate.question)
            alike = [float(search.found.vector @ vector) for vector in vectors]
            if alike[0] < _ALIKE or max(alike) > _SAME:
                continue
            if made := self._tried(candidate, search, cited):
                found_by.append(made)
                vectors.append(search.found.vector)
        return tuple(sorted(found_by, key=lambda entry: entry.brings, reverse=True))

    # ── Candidates ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _candidates(self, found: Candidates, cited: Sequence[Proof]) -> Iterator[_Candidate]:
        """A kind at a time, the best of each first."""
        question = found.query.text
        hits = found.hits[:_READ]
        texts = [hit.passage.text for hit in hits]
        known = [question, *(entry.quote for entry in cited)]
        about = topics(question, [hit.passage.text for hit in found.hits])[:_TOPICS]
        words = {topic: frozenset(stems(topic)) for topic in about}
        fresh = self._weights(hits, cited)
        near = [
            at for at, text in enumerate(texts) if not about or any(set(stems(text)) & held for held in words.values())
        ]

        def best(named: Sequence[things.Thing]) -> list[things.Thing]:
            wanted = {thing.text: sum(fresh[at] for at in thing.passages.intersection(near)) for thing in named}
            return sorted(named, key=lambda thing: -wanted[thing.text] * self._rare(thing))[:_EACH]

        said = "What do the sources say about"
        people = self._speakers(hits, texts, cited, fresh)[:_EACH]
        names = best(things.names(texts, known))
        kinds: list[list[_Candidate]] = [
            [_Candidate(f"{said} {topic}?", Kind.TOPIC, words[topic]) for topic in about],
            [
                _Candidate(f"What does {speaker} say about {topic}?", Kind.SPEAKER, words[topic], speaker=speaker)
                for topic in about
                for speaker in people
                if words[topic].isdisjoint(stems(speaker))
            ],
            [
                _Candidate(f"{said} {thing.text}?", Kind.THING, holds=thing.stems)
                for thing in best(things.things(texts, known))
            ],
            [
                _Candidate(f"{said} {name.text} and {topic}?", Kind.NAME, words[topic], name.stems)
                for topic in about
                for name in names
            ],
        ]
        plain = stems(question)
        in_turn = chain.from_iterable(zip_longest(*kinds))
        return (entry for entry in in_turn if entry and stems(entry.question) != plain)

    def _weights(self, hits: Sequence[Hit], cited: Sequence[Proof]) -> list[float]:
        """How much each passage is wanted: one of a perspective or a document that was not cited counts for more."""
        documents = {entry.document for entry in cited}
        sides = {id for document in documents & self._retriever.keys.keys() for id in self._sides(document)}

        def weight(hit: Hit) -> float:
            id = hit.passage.document.id
            return 1.0 + (id not in documents) + (sides.isdisjoint(self._sides(id)))

        return [weight(hit) for hit in hits]

    def _sides(self, document: str) -> tuple[str, ...]:
        return self._retriever.perspectives_of(document)

    def _rare(self, thing: things.Thing) -> float:
        """How little of the corpus holds the words of a thing."""
        passages = len(self._generation.library.passage_table)
        held = min(self._generation.library.frequency(stem) for stem in thing.stems)
        return float(np.log(1 + passages / max(1, held)))

    def _speakers(
        self, hits: Sequence[Hit], texts: Sequence[str], cited: Sequence[Proof], weights: Sequence[float]
    ) -> list[str]:
        """Who speaks in the passages found and is not cited, the most wanted first."""
        counts: Counter[str] = Counter()
        for hit, weight in zip(hits, weights, strict=True):
            passage = hit.passage
            pieces = self._retriever.voices(passage.document.id).pieces(passage.start, passage.end)
            for speaker in {piece.speaker for piece in pieces if piece.kind is not VoiceKind.COMMENT and piece.speaker}:
                counts[speaker] += round(100 * weight * max(0.0, hit.score))
        known = set[str]().union(*(stems(speaker) for entry in cited for speaker in self._heard(entry)))
        wanted: list[str] = []
        for name, _ in counts.most_common():
            if known.isdisjoint(stems(name)) and things.is_plain_name(name, texts):
                wanted.append(name)
                known.update(stems(name))
        return wanted

    def _heard(self, entry: Proof) -> Set[str]:
        if entry.document not in self._retriever.keys:
            return set()
        pieces = self._retriever.voices(entry.document).pieces(entry.start, entry.end)
        return {piece.speaker for piece in pieces if piece.speaker}

    def _leads(self, question: str) -> bool:
        """Whether a question leans on another one, takes something for granted, or takes a side."""
        plain = Proposal(0, "report", question, ())
        shown = Shown("", (), one_sided=self._framing.one_sided)
        problems = chain(
            neutrality.loaded(plain, ()),
            neutrality.opinions(plain, (), shown),
            neutrality.one_sided(plain, (), shown),
        )
        leans = rewrite.leans(question, (rewrite.Turn(question),))
        return leans or any(taken.loaded for taken in assumed(question)) or next(problems, None) is not None

    # ── Asked ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _tried(self, candidate: _Candidate, search: Search, cited: Sequence[Proof]) -> Next | None:
        """What its answer brings; None where the corpus does not answer it, or with nothing new."""
        if abstain.reason(search.found.query, search.windows, narrowed=bool(search.wanted)):
            return None
        _, entries = cite(search.digest(self._citations(search)), search.retriever)
        if not _answers(entries, candidate):
            return None
        new = [entry for entry in entries if not any(_overlap(entry, other) for other in cited)]
        documents = {entry.document for entry in cited}
        sides = {id for document in documents & self._retriever.keys.keys() for id in self._sides(document)}
        said = {speaker for entry in cited for speaker in self._heard(entry)}
        made = Next(
            candidate.question,
            candidate.kind,
            len(entries),
            tuple(dict.fromkeys(id for entry in new for id in entry.side if id not in sides)),
            tuple(dict.fromkeys(entry.document.id for entry in new if entry.document.id not in documents)),
            tuple(dict.fromkeys(e.voice.speaker for e in new if e.voice.speaker and e.voice.speaker not in said)),
            len(new),
        )
        return made if len(new) >= _PROVEN or any(made.brings[:3]) else None


def _answers(entries: Sequence[Citation], candidate: _Candidate) -> bool:
    """Whether passages answer: as many as are wanted of what is asked about, and one of all of it together."""
    if candidate.speaker:
        entries = [entry for entry in entries if entry.voice.speaker == candidate.speaker]
    held = [set(stems(entry.quote)) for entry in entries]
    about = [2 * len(candidate.about & words) >= len(candidate.about) for words in held]
    named = [candidate.holds <= words for words in held]
    together = any(one and other for one, other in zip(about, named, strict=True))
    if candidate.speaker:
        return len(entries) >= _PROVEN and together
    return sum(about) >= _PROVEN and sum(named) >= _PROVEN and together


def _overlap(entry: Citation, other: Proof) -> bool:
    return entry.document.id == other.document and min(entry.end, other.end) > max(entry.start, other.start)
