"""A corpus with sides in, the words that only one side uses for a thing out: "the capitulation plan" for "the plan".

A term is a modifier with its head ("collective west"), or a hyphenated word, that the authors of one side write at
least twice in their own voice and no other author writes, while others write of the same head without it. That others
avoid it by chance must be unlikely: Fisher's exact test over the passages that hold the head. What is quoted, reported
or written by readers is nobody's term here. The lists of small words are of English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import comb
from typing import Any

from index.library import Library
from index.retrieve import Retriever
from index.speaking.lexicon import ARTICLES, DEMONSTRATIVES, PREPOSITIONS
from index.speaking.marks import quotes
from index.terms import STOPWORDS, fold, stem
from index.types import UNLABELLED, Document, Passage, Perspective, VoiceKind

LIKELY, CERTAIN = 0.05, 0.02  # chance up to which a term is listed, and kept out of a model's sentences
_FEWEST = 2  # uses
_PASSAGES = 400  # that hold a term or a head are looked at
_HYPHENS = "-‐‑"
_LETTERS = 4  # by which a word is known in any ending
_OTHERS = 4  # other words for the same thing are shown
_WORD = re.compile(r"[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*")
_OPENING = (ARTICLES | DEMONSTRATIVES | PREPOSITIONS) - {"over", "since", "until", "without"}
# Modifiers that say when, which or how many, and so take no side.
_PLAIN = frozenset(
    """last next first second third new old other same current former recent whole entire main major following previous
    past present early late another such many several two three four five six seven eight nine ten hundred
    thousand million billion big large small long short high low full different certain various only own very
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december mid self non pre post half one""".split()
)
_NO_HEADS = frozenset("someone somebody anyone anybody everyone everybody something anything everything".split())


@dataclass(frozen=True, slots=True)
class Use:
    """Where a term stands."""

    document: str
    start: int
    end: int
    quote: str  # exactly the slice


@dataclass(frozen=True, slots=True)
class Term:
    """Words that only one side uses for a thing."""

    text: str  # as that side writes it most often
    side: Perspective
    uses: tuple[Use, ...]
    documents: int
    head: str
    others: tuple[tuple[str, int], ...]  # what authors of other sides write with the same head, most frequent first
    chance: float  # that nobody else writes it by accident, if all wrote alike

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return {
            "term": self.text,
            "side": {"id": self.side.id, "label": self.side.label},
            "count": len(self.uses),
            "documents": self.documents,
            "head": self.head,
            "others": [{"words": words, "count": count} for words, count in self.others],
            "chance": self.chance,
            "passages": [
                {"document": use.document, "start": use.start, "end": use.end, "quote": use.quote} for use in self.uses
            ],
        }


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A thing that is named: "the plan", "a peace plan"."""

    modifier: str | None
    head: str
    start: int  # of the modifier, where there is one
    end: int

    @property
    def stems(self) -> tuple[str, str]:
        """The same for every form of these words."""
        return stem(self.modifier or ""), stem(self.head)


class Framing:
    """Finds terms in one generation under one state of the labels; remembers what it was asked."""

    def __init__(self, library: Library, retriever: Retriever) -> None:
        self._library, self._retriever = library, retriever
        self.term = cache(self._term)
        self._own = cache(self._phrases_of)
        self._holding = cache(self._passages_with)

    def found(self, passages: Iterable[Passage]) -> tuple[Term, ...]:
        """The terms of one side in these passages, the surest first."""
        named = (phrase for p in passages for phrase in self._own(p.document.id, p.start, p.end) if phrase.modifier)
        return self._terms({phrase.stems: phrase for phrase in named}.values())

    def everywhere(self) -> tuple[Term, ...]:
        """The terms of all sides in the whole corpus; reads every passage."""
        counts: Counter[tuple[str, str]] = Counter()
        one: dict[tuple[str, str], _Phrase] = {}
        for key in self._library.passage_table[:, 0].tolist():
            for phrase in self._phrases(key):
                if phrase.modifier:
                    counts[phrase.stems] += 1
                    one[phrase.stems] = phrase
        return self._terms(one[stems] for stems, count in counts.items() if count >= _FEWEST)

    def _terms(self, phrases: Iterable[_Phrase]) -> tuple[Term, ...]:
        found = (self.term(fold(phrase.modifier or ""), fold(phrase.head)) for phrase in phrases)
        sure = [term for term in found if term and term.chance <= LIKELY]
        return tuple(sorted(sure, key=lambda term: (term.chance, -len(term.uses), term.side.id, term.text)))

    def one_sided(self, text: str) -> tuple[str, ...]:
        """The terms in a sentence, as they stand there, of which it is certain that only one side uses them."""
        words = [match.group() for match in _WORD.finditer(text)]
        pairs = [*pairwise(words), *(parts for word in words if (parts := _parts(word)))]
        found = (
            (pair, self.term(*map(fold, pair))) for pair in pairs if _may_modify(pair[0]) and _may_be_head(pair[1])
        )
        return tuple(" ".join(pair) for pair, term in found if term and term.chance <= CERTAIN)

    def _term(self, modifier: str, head: str) -> Term | None:
        """What is known of a modifier and a head, folded; None unless the authors of one side alone write them."""
        wanted = stem(modifier), stem(head)
        uses: list[Use] = []
        holding: set[int] = set()
        sides: set[Perspective] | None = None
        for key in self._holding(f"{modifier} {head}"):
            if self._only_as_name(key, modifier, head):
                continue
            document = self._document(key)
            here = [phrase for phrase in self._phrases(key) if phrase.stems == wanted]
            if here:
                holding.add(key)
                sides = self._sides(document.id) & (sides or self._sides(document.id))
                if not sides:
                    return None
            uses += [Use(document.id, p.start, p.end, document.text[p.start : p.end]) for p in here]
        if not sides or len(uses) < _FEWEST:
            return None
        side = min(sides, key=lambda side: side.id)
        mine, theirs = self._split(head, side.id)
        with_it = len(holding.intersection(mine))
        chance = comb(len(mine), with_it) / comb(len(mine) + len(theirs), with_it)
        if chance > LIKELY:
            return None  # nobody wants it, and what others write takes long to read
        others = self._others(head, theirs)
        texts = {self._library.copies[use.document] for use in uses}
        several = len({self._document(key).id for key in mine}) > 1
        if not with_it or sum(count for _, count in others) < _FEWEST or (several and len(texts) < 2):
            return None
        written = Counter(" ".join(use.quote.split()) for use in uses).most_common(1)[0][0]
        return Term(written, side, tuple(uses), len({use.document for use in uses}), head, others[:_OTHERS], chance)

    def _only_as_name(self, key: int, modifier: str, head: str) -> bool:
        """Whether a passage has these words only as a name, both with a capital, which is never a term.

        Cheaper than to read it, and most pairs of words of a sentence are names.
        """
        document, start, end = self._library.span(key)
        found = _beginning_with(modifier[:_LETTERS], head[:_LETTERS]).findall(
            self._library.document(document).text, start, end
        )
        return bool(found) and all(
            one[0].isupper() and other[0].isupper() and gap not in _HYPHENS for one, gap, other in found
        )

    def _sides(self, id: str) -> set[Perspective]:
        """The sides that somebody gave a document; being unlabelled is none."""
        return {*self._retriever.sources(id).sides} - {UNLABELLED}

    def _split(self, head: str, side: str) -> tuple[list[int], list[int]]:
        """The passages that hold a head, of documents on a side and of all others; of copies one."""
        mine: list[int] = []
        theirs: list[int] = []
        for key in self._holding(head):
            id = self._document(key).id
            if self._first_copy(id):
                (mine if side in self._retriever.perspectives_of(id) else theirs).append(key)
        return mine, theirs

    def _first_copy(self, id: str) -> bool:
        return next(other for other in self._library.copies[id] if other in self._retriever.keys) == id

    def _others(self, head: str, keys: Iterable[int]) -> tuple[tuple[str, int], ...]:
        """What the authors of these passages write with a head."""
        counts: Counter[str] = Counter()
        for key in keys:
            document = self._document(key)
            counts.update(
                " ".join(document.text[phrase.start : phrase.end].split()).lower()
                for phrase in self._phrases(key)
                if _singular(phrase.head) == _singular(head)
            )
        return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    def _document(self, key: int) -> Document:
        return self._library.document(self._library.span(key)[0])

    def _phrases(self, key: int) -> tuple[_Phrase, ...]:
        document, start, end = self._library.span(key)
        return self._own(self._library.document(document).id, start, end)

    def _phrases_of(self, id: str, start: int, end: int) -> tuple[_Phrase, ...]:
        """What the author of a document names in a stretch, in his own voice and outside of quotation marks."""
        text = self._library.document(self._retriever.keys[id]).text
        pieces = self._retriever.voices(id).pieces(start, end)
        own = [(piece.start, piece.end) for piece in pieces if piece.kind is VoiceKind.AUTHOR]
        return tuple(phrase for first, last in own for phrase in _named(text, first, last))

    def _passages_with(self, words: str) -> tuple[int, ...]:
        return tuple(self._library.near([((words,), 0)], _PASSAGES))


def _named(text: str, start: int, end: int) -> Iterator[_Phrase]:
    """The phrases of two words at most between a small word and the end of the phrase: "of the | peace plan | was"."""
    shut = [(quote.opened, quote.closed) for quote in quotes(text, start, end)]
    found = [
        match
        for match in _WORD.finditer(text, start, end)
        if not any(opened <= match.start() < closed for opened, closed in shut)
    ]
    run: list[re.Match[str]] = []  # the content words behind a small word; empty where none came
    opened = False
    for at, match in enumerate(found):
        after = found[at + 1] if at + 1 < len(found) else None
        word = fold(match.group())
        if word in STOPWORDS:
            opened, run = word in _OPENING, []
            continue
        run.append(match)
        gap = text[match.end() : after.start()] if after else "."
        if gap.strip() or "\n\n" in gap or (after is not None and fold(after.group()) in STOPWORDS):
            yield from _phrase(run) if opened else _hyphenated(run)
            opened, run = False, []


def _phrase(run: Sequence[re.Match[str]]) -> Iterator[_Phrase]:
    head = run[-1]
    yield from _hyphenated(run)
    if not _may_be_head(head.group()) or len(run) > 2:
        return
    if len(run) == 1:
        yield _Phrase(None, head.group(), head.start(), head.end())
    elif _may_modify(run[0].group()) and not (run[0].group()[0].isupper() and head.group()[0].isupper()):
        yield _Phrase(run[0].group(), head.group(), run[0].start(), head.end())


def _hyphenated(run: Sequence[re.Match[str]]) -> Iterator[_Phrase]:
    for match in run:
        if parts := _parts(match.group()):
            yield _Phrase(*parts, match.start(), match.end())


def _parts(word: str) -> tuple[str, str] | None:
    """The two halves of a hyphenated word, where they may be a modifier and its head."""
    halves = re.split(f"[{_HYPHENS}]", word)
    if len(halves) == 2 and _may_modify(halves[0]) and _may_be_head(halves[1]):
        return halves[0], halves[1]
    return None


@lru_cache(maxsize=1_000)
def _beginning_with(modifier: str, head: str) -> re.Pattern[str]:
    return re.compile(rf"\b({re.escape(modifier)}\w*)(\W+)({re.escape(head)}\w*)", re.IGNORECASE)


def _singular(word: str) -> str:
    return fold(word).removesuffix("s")


def _may_modify(word: str) -> bool:
    folded = fold(word)
    return len(folded) > 2 and folded not in STOPWORDS | _PLAIN and not folded.endswith(("ly", "ing", "'s", "’s"))


def _may_be_head(word: str) -> bool:
    folded = fold(word)
    return (
        len(folded) > 2 and folded not in STOPWORDS | _NO_HEADS and not folded.endswith(("ed", "ly", "ing", "'s", "’s"))
    )
