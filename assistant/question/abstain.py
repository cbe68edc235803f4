"""A question and the best that was found for it in, the rule that says "not in the corpus" out, if one fires.

Readable rules instead of one threshold: a threshold on any single score finds fewer of the unanswerable questions and
raises more false alarms (LOG.md). "Not in the corpus" is a result, shown with the nearest passages and the rule that
fired; it never says that the documents say nothing, only that no passage was found. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.digest import Window
from assistant.question.rewrite import names
from assistant.types import Reason
from index.query import Query
from index.retrieve import coverage
from index.terms import fold, stem, words

# Fitted on 84 development questions, 24 of them worded like their sources and 60 not: see LOG.md.
_OFF_TOPIC = 0.33  # cosine of the best window; the lowest of an answerable question was .34
_FAMILIAR = 0.75  # share of the question's words that occur in the corpus; below it the reader uses other words ...
_COVERED = 0.43  # ... and above it one of the best windows must hold this share of them, by rarity
_NUMBERED = 0.20  # the same, beside a number, where the question asks for one
_PARAPHRASE = 0.60  # cosine from which on a window bears on the question in whatever words
_OTHER_LANGUAGE = 0.5  # share of the question's plain words below which the corpus is in another language
_ENOUGH = 3  # plain words, to tell that
_BEST = 8  # windows that are looked at
_NUMBER = re.compile(
    r"\b(how (many|much|large|big|high|old)|what (percentage|percent|proportion|share|number|fraction|amount|sum)"
    r"|(which|what) (percentage|share|proportion)|percentage|per ?cent|how often)\b",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"\b(sources?|articles?|authors?|texts?|documents?|perspectives?|sides?|views?|accounts?|camps?|critics|supporters)\b"
    r"|\b(compare|comparison|contrast|differ\w*|disagree\w*|agree\w*|versus|vs|both|each|respectively)\b"
    r"|^\s*(is|are|was|were|do|does|did|should|can|could|will|would|has|have)\b|\bdescribed as\b|\breported\b"
    r"|^\s*how (is|are|was|were|do|does|did)\b",
    re.IGNORECASE,
)
_NUMBER_WORDS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion
    dozen dozens half halves third thirds quarter quarters percent majority twice double triple""".split()
)


def compares(question: str) -> bool:
    """Whether a question asks for several sides, and not for one fact."""
    return bool(_COMPARING.search(question))


def asks_for_number(question: str) -> bool:
    """Whether only an amount would answer."""
    return bool(_NUMBER.search(question))


def has_number(text: str) -> bool:
    """Whether a text holds an amount, in digits or as a word."""
    return any(any(letter.isdigit() for letter in word) or fold(word) in _NUMBER_WORDS for word in words(text))


def reason(query: Query, windows: Sequence[Window], *, narrowed: bool = False) -> Reason | None:
    """Why the corpus does not answer; None when it may.

    Args:
        windows: best first.
        narrowed: the reader chose what to search in. Whoever asks one side wants to see what it has, so only what is
            far from the question is held back.
    """
    if unknown := unknown_names(query):
        listed = " or ".join(f"“{name}”" for name in unknown)
        return Reason("unknown_name", f"No document mentions {listed}, in any spelling that is known here.")
    nearest = max((window.cosine for window in windows), default=0.0)
    if nearest < _OFF_TOPIC:
        return Reason("below_floor", "No passage comes near enough to this question.")
    if narrowed or nearest >= _PARAPHRASE or _familiar(query) < _FAMILIAR:
        return None
    if asks_for_number(query.text) and not any(
        has_number(window.text) and coverage(query, window.text) >= _NUMBERED for window in windows
    ):
        return Reason("no_number", "The question asks for a number, and no passage about it holds one.")
    if not compares(query.text) and not any(coverage(query, window.text) >= _COVERED for window in windows[:_BEST]):
        return Reason("below_floor", "No passage holds enough of the words of this question together.")
    return None


def _familiar(query: Query) -> float:
    return sum(term.passages > 0 for term in query.terms) / len(query.terms) if query.terms else 0.0


def unknown_names(query: Query) -> list[str]:
    """The names of a question of which no word occurs anywhere in the corpus, in any spelling."""
    known = {stem(term.word): term.passages > 0 for term in query.terms}
    plain = [term.passages > 0 for term in query.terms if not term.is_name]
    if len(plain) >= _ENOUGH and sum(plain) < _OTHER_LANGUAGE * len(plain):
        return []  # a question in another language, whose nouns or first words look like names
    unknown: list[str] = []
    for name in names(query.text):
        parts = [stem(word) for word in words(name) if stem(word) in known]
        if name[:1].isupper() and parts and not any(known[part] for part in parts):
            unknown.append(name)
    return unknown
