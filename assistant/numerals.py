"""Text in, the numbers that it states out, however they are written: 28, twenty-eight, 3.9 %, a dozen, $40bn.

Compared are values, so that "five hours" is covered by "five-hour" and "12" by "a dozen". English words only; digits
in any script. Pure functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

_UNITS = dict(
    zip(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split(),
        range(20),
        strict=True,
    )
)
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_SCALES = {
    **{"hundred": 10**2, "hundreds": 10**2, "thousand": 10**3, "thousands": 10**3, "k": 10**3},
    **{"million": 10**6, "millions": 10**6, "m": 10**6, "mn": 10**6, "billion": 10**9, "billions": 10**9, "bn": 10**9},
    **{"b": 10**9, "trillion": 10**12, "trillions": 10**12, "tn": 10**12, "dozen": 12, "dozens": 12},
}
_FRACTIONS = {"half": Decimal("0.5"), "halves": Decimal("0.5"), "quarter": Decimal("0.25"), "quarters": Decimal("0.25")}
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_TOKEN = re.compile(r"\d+(?:[.,’' \u00a0\u202f]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[^\W\d_]+|-|\S")
_SHORT_SCALES = frozenset({"k", "m", "mn", "b", "bn", "tn"})  # only right behind digits


def numbers(text: str) -> frozenset[Decimal]:
    """The values of the numbers in a text. "One" alone is mostly no number, and neither is an ordinal in words."""
    return frozenset(_values(_plain(text)))


def _plain(text: str) -> str:
    """Every digit as an ASCII one: ٣ and ３ are 3."""
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() and not letter.isascii() else letter for letter in text
    )


def _values(text: str) -> Iterator[Decimal]:
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    at = 0
    while at < len(tokens):
        token, _, end = tokens[at]
        if token[0].isdigit():
            value = _digits(token)
            if (
                at + 1 < len(tokens)
                and (scale := _scale(tokens[at + 1], end, _after(tokens, at)))
                and not _ORDINAL.match(text, end)
            ):
                value *= scale
                at += 1
            elif at + 2 < len(tokens) and tokens[at + 1][0] == "-" and tokens[at + 2][0].lower() in _SCALES:
                value *= _SCALES[tokens[at + 2][0].lower()]
                at += 2
            yield value
            at += 1
            continue
        value, used = _in_words([entry[0].lower() for entry in tokens[at : at + 12]])
        if value is not None:
            yield value
        at += max(used, 1)


def _after(tokens: list[tuple[str, int, int]], at: int) -> str:
    return tokens[at + 2][0] if at + 2 < len(tokens) else ""


def _scale(token: tuple[str, int, int], end: int, after: str) -> int | None:
    word = token[0].lower()
    if word in _SHORT_SCALES:
        return _SCALES[word] if token[1] == end and after not in ("’", "'") else None
    return _SCALES.get(word)


def _digits(token: str) -> Decimal:
    """1,234 and 1.234 and 1 234 are one number with groups of three; 3,9 and 3.9 one with a fraction."""
    parts = re.split(r"[.,’' \u00a0\u202f]", token)
    if len(parts) == 1:
        return Decimal(token)
    grouped = len(parts[-1]) == 3 and len(parts[0]) <= 3 and parts[0] != "0"
    if grouped:
        return Decimal("".join(parts))
    return Decimal("".join(parts[:-1]) + "." + parts[-1])


def _in_words(words: list[str]) -> tuple[Decimal | None, int]:
    """The number that a list of words begins with, and how many of them it takes."""
    total, current, used, at = Decimal(0), Decimal(0), 0, 0
    last = ""
    while at < len(words):
        word = words[at]
        if word in _UNITS and last in ("", "tens", "scale", "and"):
            current += _UNITS[word]
            last = "unit"
        elif word in _TENS and last in ("", "scale", "and"):
            current += _TENS[word]
            last = "tens"
        elif word in _SCALES and word not in _SHORT_SCALES:
            scale = _SCALES[word]
            if scale <= 100:
                current = (current or 1) * scale
            else:
                total += (current or 1) * scale
                current = Decimal(0)
            last = "scale"
        elif word in _FRACTIONS and used == 0:
            return _FRACTIONS[word], 1
        elif word == "percent" and used == 0:
            return None, 1
        elif word in ("-", "and") and used and last in ("scale", "tens"):
            at += 1
            continue
        else:
            break
        at += 1
        used = at
    if not used or (used == 1 and words[0] in ("one", "zero")):
        return None, used
    return total + current, used
