"""The quotes of a row in, the numbers in which they differ out. Pure functions: a comparison of values, no judgement.

Like is compared with like: two numbers count as different only beside the same noun. Shares, money and spans of time
go with many things, so there the words around must have one more in common.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.numerals import WORDS, numbers
from assistant.table import Difference
from index.terms import STOPWORDS, fold, stem

_TOKEN = re.compile(r"\d+(?:[.,’'\u00a0\u202f]\d+)*|[^\W\d_]+|[%$€£]|[.;:!?,()\n]")
_STOPS = frozenset(".;:!?,()\n")
_SHARE = frozenset({"%", "percent", "cent", "percentage"})
_GENERAL = frozenset(map(stem, "year month week day hour minute dollar euro pound crown people time".split()))
_AROUND = 6  # words before and after a number that tell what it is of
_NEAR = 2  # words behind a number, of which one is its noun


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal
    text: str  # as it stands in the quote
    units: Mapping[str, str]  # stem to word
    around: frozenset[str]


def differences(quotes: Sequence[tuple[str, str]], common: frozenset[str] = frozenset()) -> tuple[Difference, ...]:
    """Where quotes of several columns hold different numbers of the same thing.

    Args:
        quotes: each as (id of its column, its words).
        common: stems that every quote is likely to hold, those of the question: they tell nothing.
    """
    found = [(column, number) for column, quote in quotes for number in _numbers(quote)]
    units = {unit: word for _, number in found for unit, word in number.units.items()}
    made: list[Difference] = []
    for unit, word in units.items():
        beside = [(column, number) for column, number in found if unit in number.units]
        kept = [
            (column, number)
            for column, number in beside
            if any(other != column and _differ(number, against, unit, common) for other, against in beside)
        ]
        values = tuple(dict.fromkeys((column, number.text) for column, number in kept))
        if values and not any(values == entry.values for entry in made):
            made.append(Difference(word, values))
    return tuple(made)


def _differ(one: _Number, other: _Number, unit: str, common: frozenset[str]) -> bool:
    if one.value == other.value:
        return False
    general = unit in _GENERAL or unit == "%"
    return not general or bool((one.around & other.around) - common - {unit})


def _numbers(quote: str) -> list[_Number]:
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(quote)]
    made: list[_Number] = []
    at = 0
    while at < len(tokens):
        end = _run(tokens, at)
        text = quote[tokens[at][1] : tokens[end - 1][2]] if end > at else ""
        values = numbers(text)
        if len(values) == 1 and (units := _units(tokens, at, end)):
            near = tokens[max(0, at - _AROUND) : at] + tokens[end : end + _AROUND]
            around = frozenset(stem(word) for word, _, _ in near if _is_content(word))
            made.append(_Number(next(iter(values)), text, units, around))
        at = max(end, at + 1)
    return made


def _run(tokens: Sequence[tuple[str, int, int]], at: int) -> int:
    """Behind the last token of the number that begins here."""
    end = at
    while end < len(tokens) and (tokens[end][0][0].isdigit() or fold(tokens[end][0]) in WORDS):
        end += 1
    return end


def _units(tokens: Sequence[tuple[str, int, int]], at: int, end: int) -> dict[str, str]:
    if at and tokens[at - 1][0] in "$€£":
        return {tokens[at - 1][0]: tokens[at - 1][0]}
    behind = [word for word, _, _ in tokens[end : end + _NEAR]]
    if any(fold(word) in _SHARE for word in behind):
        return {"%": "%"}
    found: dict[str, str] = {}
    for word in behind:
        if word in _STOPS or fold(word) in STOPWORDS:
            break
        if _is_content(word):
            found[stem(word)] = word
    return found


def _is_content(word: str) -> bool:
    return len(word) > 1 and word[0].isalpha() and fold(word) not in STOPWORDS | WORDS | _SHARE
