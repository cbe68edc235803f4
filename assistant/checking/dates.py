"""Text in, the dates that it states out: as precise as written, with where they stand. English words; pure functions.

A weekday alone, "last week" and the like are none: what they mean hangs on the day of their article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = "january february march april may june july august september october november december".split()
_NUMBER = {name: at for at, month in enumerate(MONTHS, 1) for name in (month, month[:3])} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(sorted(_NUMBER, key=len, reverse=True))})\b\.?"
_DAY, _YEAR = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?", r"(?P<year>(?:1[89]|20)\d\d)"
# The longer forms first: what one of them takes is not looked at again. "May" and "March" are words of other kinds too,
# so a month stands beside a day or a year; and a year alone behind a word that makes a date of it.
_FORMS = tuple(
    re.compile(rf"(?<![\w/-])(?<!\d[.,]){form}(?![\w/-]|[.,]\d)", re.IGNORECASE)
    for form in (
        r"(?P<year>(?:1[89]|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])",
        rf"{_DAY} (?:of )?{_MONTH},? {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_MONTH},? (?:of )?{_YEAR}",
        rf"{_DAY} (?:of )?{_MONTH}",
        rf"{_MONTH} {_DAY}",
        rf"(?:in|by|since|until|till|before|after|during) {_YEAR}",
    )
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as it is written; what it leaves open is None."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None

    def differs(self, other: Date) -> bool:
        """Whether the two cannot be the same. What only one of them says makes no difference."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return any(one != two for one, two in pairs if one is not None and two is not None)

    def days_from(self, other: Date) -> int | None:
        """About how many days lie between the two, as far as both say; None where one of them has no month."""
        if self.month is None or other.month is None:
            return None
        years = (self.year or 0) - (other.year or 0) if self.year and other.year else 0
        days = (self.day or 0) - (other.day or 0) if self.day and other.day else 0
        return abs(365 * years + 30 * (self.month - other.month) + days)

    def agrees(self, other: Date) -> bool:
        """Whether both say something of the same part, and nothing else."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        both = [one == two for one, two in pairs if one is not None and two is not None]
        return bool(both) and all(both)


def _plain(month: str) -> str:
    """In small letters; a pattern that ignores case takes a long s and an i without a dot for theirs."""
    return month.lower().replace("ſ", "s").replace("ı", "i")


def dates(text: str) -> tuple[Date, ...]:
    """The dates of a text, in order."""
    found: list[Date] = []
    for form in _FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            start = min(match.start(name) for name in parts)
            if any(start < other.end and match.end() > other.start for other in found):
                continue
            month, year, day = parts.get("month"), parts.get("year"), parts.get("day")
            number = (int(month) if month.isdigit() else _NUMBER[_plain(month)]) if month else None
            end = match.end() - (match.group().endswith("."))
            found.append(Date(start, end, int(year) if year else None, number, int(day) if day else None))
    return tuple(sorted(found, key=lambda date: date.start))
