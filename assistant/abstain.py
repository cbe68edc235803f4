"""A question and the best that was found for it in, the rule that says "not in the corpus" out, if one fires.

Readable rules instead of one threshold: a threshold on any single score finds fewer of the unanswerable questions and
raises more false alarms (LOG.md). "Not in the corpus" is a result, shown with the nearest passages and the rule that
fired; it never says that the documents say nothing, only that no passage was found. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.digest import Window
from assistant.rewrite import names
from assistant.types import Reason
from index.query import Query
from index.retrieve import coverage
from index.terms import fold, stem, words

_OFF_TOPIC = 0.40  # cosine: an answer's best window lies above it in 98 of 100 development questions
_COVERED = 0.35  # share of the question's words, by rarity, beside a number for it to be the number asked for
_KNOWN = 0.30  # share that the best three windows must hold together
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


def reason(query: Query, windows: Sequence[Window]) -> Reason | None:
    """Why the corpus does not answer; None when it may.

    Args:
        windows: best first.
    """
    if unknown := unknown_names(query):
        listed = " or ".join(f"“{name}”" for name in unknown)
        return Reason("unknown_name", f"No document mentions {listed}, in any spelling that is known here.")
    if not windows or max(window.cosine for window in windows) < _OFF_TOPIC:
        return Reason("below_floor", "No passage comes near enough to this question.")
    if asks_for_number(query.text):
        numbered = (window.text for window in windows if has_number(window.text))
        if not any(coverage(query, text) >= _COVERED for text in numbered):
            return Reason("no_number", "The question asks for a number, and no passage about it holds one.")
    if not compares(query.text) and coverage(query, "\n".join(window.text for window in windows[:3])) < _KNOWN:
        return Reason("below_floor", "The nearest passages hold too few of the words of this question.")
    return None


def unknown_names(query: Query) -> list[str]:
    """The names of a question of which no word occurs anywhere in the corpus, in any spelling."""
    known = {stem(term.word): term.passages > 0 for term in query.terms}
    unknown: list[str] = []
    for name in names(query.text):
        parts = [stem(word) for word in words(name) if stem(word) in known]
        if name[:1].isupper() and parts and not any(known[part] for part in parts):
            unknown.append(name)
    return unknown
