"""The quotes of a row in, the numbers, dates and names in which they differ out: a comparison of values, no judgement.

Like is compared with like: two numbers count as different only beside the same noun. Shares, money and spans of time
go with many things, so there the words around must have one more in common. Two dates need several words in common
beside them, two names the same office. What is marked is to be right, and much is not marked. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.checking.dates import MONTHS, Date, dates
from assistant.checking.numerals import WORDS, numbers
from assistant.checking.offices import Holder, holders
from assistant.tables.table import Difference, Kind, Same
from index.terms import STOPWORDS, fold, stem

_TOKEN = re.compile(r"\d+(?:[.,’'\u00a0\u202f]\d+)*|[^\W\d_]+|[%$€£]|[.;:!?,()\n]")
_DASH = re.compile(r"[-\u2010\u2011]")
_STOPS = frozenset(".;:!?,()\n")
_SHARE = frozenset({"%", "percent", "cent", "percentage"})
_MONTH_NAMES = frozenset({*MONTHS, *(month[:3] for month in MONTHS)})
_GENERAL = frozenset(map(stem, "year month week day hour minute dollar euro pound crown people time".split()))
_AROUND = 6  # words before and after a number that tell what it is of
_NEAR = 2  # words behind a number, of which one is its noun
_APART = 62  # days: what is said to be years apart is mostly not one thing
_BESIDE = 8  # words of a clause that tell what its date is of
_CLAUSE = re.compile(r"[.;:!?]\s|[\n\u2013\u2014]|, (?:but|while|whereas|and|which|who)\b")
# Of the words beside two dates so many must be the same, such a share of them, and so many be no names; where one is a
# year alone, more. Tried on the dates of 3,000 news articles (LOG.md).
_DAYS, _YEARS = (3, 0.5, 2), (4, 0.6, 3)


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal
    text: str  # as it stands in the quote
    units: Mapping[str, str]  # stem to word
    around: frozenset[str]


def differences(quotes: Sequence[tuple[str, str]], common: frozenset[str] = frozenset()) -> tuple[Difference, ...]:
    """Where quotes of several columns hold different numbers of the same thing, dates of it, or names for it.

    Args:
        quotes: each as (id of its column, its words).
        common: stems that every quote is likely to hold, those of the question: they tell nothing.
    """
    return (*_different_numbers(quotes, common), *_different_dates(quotes), *_different_names(quotes))


def same_numbers(quotes: Sequence[tuple[str, str]], common: frozenset[str] = frozenset()) -> tuple[Same, ...]:
    """Where quotes of several columns hold the same number of the same thing; arguments as in `differences`."""
    found = [(column, number) for column, quote in quotes for number in _numbers(quote)]
    words = {unit: word for _, number in reversed(found) for unit, word in number.units.items()}
    made: dict[tuple[str, Decimal], list[dict[tuple[str, str], None]]] = {}
    for at, (column, one) in enumerate(found):
        for unit in one.units:
            same = [
                (other_column, other.text)
                for other_column, other in found[at + 1 :]
                if other_column != column and unit in other.units and _same(one, other, unit, common)
            ]
            if same:
                _join(made.setdefault((unit, one.value), []), dict.fromkeys([(column, one.text), *same]))
    alike = {tuple(values): unit for (unit, _), groups in reversed(made.items()) for values in groups}
    kept = [values for values in alike if not any(set(values) < set(other) for other in alike)]
    return tuple(Same(words[alike[values]], values) for values in reversed(kept))


def _join(groups: list[dict[tuple[str, str], None]], values: dict[tuple[str, str], None]) -> None:
    """Put values that are alike to those known: who shares one with a group is of it, and so are both groups."""
    joined = [group for group in groups if group.keys() & values.keys()]
    groups[:] = [group for group in groups if group not in joined]
    groups.append({entry: None for group in (*joined, values) for entry in group})


def _same(one: _Number, other: _Number, unit: str, common: frozenset[str]) -> bool:
    """Whether two numbers of one thing are equal; the words around must have one more in common, since many are two."""
    return one.value == other.value and bool((one.around & other.around) - common - {unit})


def _different_numbers(quotes: Sequence[tuple[str, str]], common: frozenset[str]) -> tuple[Difference, ...]:
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
    general = unit in _GENERAL or unit in "%$€£"
    return not general or bool((one.around & other.around) - common - {unit})


@dataclass(frozen=True, slots=True)
class _Dated:
    date: Date
    text: str  # as it stands in the quote
    beside: Mapping[str, str]  # the content words of its clause, the nearest first: stem to word


def _different_dates(quotes: Sequence[tuple[str, str]]) -> tuple[Difference, ...]:
    found = [(column, dated) for column, quote in quotes for dated in _dated(quote)]
    made: dict[str, dict[tuple[str, str], None]] = {}
    for at, (column, one) in enumerate(found):
        for other_column, other in found[at + 1 :]:
            same = _same_thing(one, other)
            if column == other_column or not same or not one.date.differs(other.date):
                continue
            # Where the other side has this date as well, it is the date of something else that differs.
            if _has(found, other_column, one.date) or _has(found, column, other.date):
                continue
            made.setdefault(same, {}).update({(column, one.text): None, (other_column, other.text): None})
    return tuple(Difference(word, tuple(values), Kind.DATE) for word, values in made.items())


def _same_thing(one: _Dated, other: _Dated) -> str | None:
    """A word for that of which both are dates; None where they are hardly of one thing."""
    days = one.date.days_from(other.date)
    if days is not None and days > _APART:
        return None
    shared = [stem for stem in one.beside if stem in other.beside]
    # A word that both write small says what happened; names only say to whom.
    plain = [stem for stem in shared if one.beside[stem].islower() and other.beside[stem].islower()]
    least, share, least_plain = _YEARS if days is None else _DAYS
    alike = len(shared) >= max(least, share * min(len(one.beside), len(other.beside)))
    return one.beside[plain[0]] if alike and len(plain) >= least_plain else None


def _has(found: Sequence[tuple[str, _Dated]], column: str, date: Date) -> bool:
    return any(of == column and dated.date.agrees(date) for of, dated in found)


def _dated(quote: str) -> list[_Dated]:
    made: list[_Dated] = []
    stated = dates(quote)
    for date in stated:
        start = max((end.end() for end in _CLAUSE.finditer(quote, 0, date.start)), default=0)
        stop = next((end.start() for end in _CLAUSE.finditer(quote, date.end)), len(quote))
        words = [
            (min(abs(match.start() - date.end), abs(date.start - match.end())), match.group())
            for match in _TOKEN.finditer(quote, start, stop)
            if _is_content(match.group()) and fold(match.group()) not in _MONTH_NAMES
        ]
        beside: dict[str, str] = {}
        for _, word in sorted(words)[:_BESIDE]:
            beside.setdefault(stem(word), word)
        made.append(_Dated(date, quote[date.start : date.end], beside))
    return made


def _different_names(quotes: Sequence[tuple[str, str]]) -> tuple[Difference, ...]:
    found = [(column, holder) for column, quote in quotes for holder in holders(quote)]
    made: dict[str, tuple[str, dict[tuple[str, str], None]]] = {}
    for column, one in found:
        if any(_opposed(one, other) for of, other in found if of != column):
            made.setdefault(one.office, (one.shown, {}))[1][column, one.name] = None
    return tuple(Difference(shown, tuple(values), Kind.NAME) for shown, values in made.values())


def _opposed(one: Holder, other: Holder) -> bool:
    return one.office == other.office and one.is_another(other)


def _numbers(quote: str) -> list[_Number]:
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(quote)]
    made: list[_Number] = []
    at = 0
    while at < len(tokens):
        end = _run(tokens, at)
        text = quote[tokens[at][1] : tokens[end - 1][2]] if end > at else ""
        values = numbers(text)
        if len(values) == 1 and (units := _units(quote, tokens, at, end)):
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


def _units(quote: str, tokens: Sequence[tuple[str, int, int]], at: int, end: int) -> dict[str, str]:
    if at and tokens[at - 1][0] in "$€£":
        return {tokens[at - 1][0]: tokens[at - 1][0]}
    # "A three-part plan" has three parts.
    joined = end < len(tokens) and tokens[end][1] == tokens[end - 1][2] + 1 and _DASH.match(quote, tokens[end - 1][2])
    behind = [word for word, _, _ in tokens[end : end + (1 if joined else _NEAR)]]
    if any(fold(word) in _SHARE for word in behind):
        return {"%": "%"}
    found: dict[str, str] = {}
    for word in behind:
        if word in _STOPS or fold(word) in STOPWORDS | _MONTH_NAMES:
            break
        if _is_content(word):
            found[stem(word)] = word
    return found


def _is_content(word: str) -> bool:
    return len(word) > 1 and word[0].isalpha() and fold(word) not in STOPWORDS | WORDS | _SHARE
