"""Text in, the numbers that it states out, however they are written: 28, twenty-eight, 3.9 %, a dozen, $40bn, third.

Compared are values, so that "five hours" is covered by "five-hour" and "12" by "a dozen". English words only; digits
in any script. Pure functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

_UNITS: dict[str, int] = dict(
    zip(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split(),
        range(20),
        strict=True,
    )
)
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_ORDINALS: dict[str, int] = dict(
    zip(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
        fifteenth sixteenth seventeenth eighteenth nineteenth""".split(),
        range(1, 20),
        strict=True,
    )
) | {word[:-1] + "ieth": value for word, value in _TENS.items()}
_SCALES: dict[str, int] = {
    **{"dozen": 12, "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
    **{"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12},
}
_SHORT_SCALES = frozenset({"k", "m", "mn", "b", "bn", "tn"})  # only right behind digits
_MANY = {"tens": 10, **{f"{word}s": value for word, value in _SCALES.items() if word not in _SHORT_SCALES}}
_SHARES = {
    **{"half": Decimal("0.5"), "halves": Decimal("0.5"), "quarter": Decimal("0.25"), "quarters": Decimal("0.25")},
    **dict.fromkeys("halve halved halving".split(), Decimal("0.5")),
    **dict.fromkeys("twice double doubled doubles doubling".split(), Decimal(2)),
    **dict.fromkeys("thrice triple tripled triples tripling trebled".split(), Decimal(3)),
    **dict.fromkeys("quadruple quadrupled quadruples quadrupling".split(), Decimal(4)),
}
# What says a number without stating it: enough for a number of a claim to rest on.
_LOOSE = {
    **dict.fromkeys("zero nil no none".split(), Decimal(0)),
    **dict.fromkeys("one once single first".split(), Decimal(1)),
    **dict.fromkeys("second both neither either pair couple".split(), Decimal(2)),
}
WORDS = frozenset({*_UNITS, *_TENS, *_ORDINALS, *_SCALES, *_MANY, *_SHARES, *_LOOSE}) - _SHORT_SCALES

_SEPARATORS = ".,’' \u00a0\u202f"
_TOKEN = re.compile(
    rf"(?:\d{{1,3}}(?:[{_SEPARATORS}]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?:(?:k|mn?|bn?|tn)\b(?!['’]))?"
    r"|[^\W\d_]+|\S",
    re.IGNORECASE,
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_VULGAR = {"½": ".5", "¼": ".25", "¾": ".75"}
_PART_OF = re.compile(
    r"\b(half|quarter) (?:of )?an? (?=dozen|hundred|thousand|million|billion|trillion)", re.IGNORECASE
)
_BETWEEN = re.compile(r"\bbetween ((?:[\w.,$€£]+[ -]){1,6}?)and ", re.IGNORECASE)
_TO = frozenset({"to", "and", "or", "-"})
_UNIT = frozenset({"percent", "per", "%", "percentage"})
_LONGEST = 12  # tokens of a number in words


def numbers(text: str) -> frozenset[Decimal]:
    """The values of the numbers in a text. "One", "first" and "second" alone are mostly no numbers.

    "Hundreds" is a value of its own, halfway to the next number, as it is no hundred.
    """
    return frozenset(_values(_TOKEN.findall(_plain(text))))


def mentioned(text: str) -> frozenset[Decimal]:
    """The values that a number of a claim about this text may have: those that it states, and one, first, both."""
    return numbers(text) | {_LOOSE[word] for word in re.findall(r"\w+", text.lower()) if word in _LOOSE}


def _plain(text: str) -> str:
    """In ASCII digits, without footnote marks: ٣ and ３ are 3, 2024¹ is 2024, 2½ is 2.5, half a million 0.5 million."""
    letters: list[str] = []
    for letter in text.translate(_DASHES):
        if letter in _VULGAR:
            letter = _VULGAR[letter] if letters and letters[-1].isdigit() else f"0{_VULGAR[letter]}"
        elif not letter.isascii() and letter.isdigit():
            letter = " " if "SUPERSCRIPT" in unicodedata.name(letter) else str(unicodedata.digit(letter))
        letters.append(letter)
    plain = _BETWEEN.sub(r"between \1to ", "".join(letters))
    return _PART_OF.sub(lambda match: f"{_SHARES[match.group(1).lower()]} ", plain)


def _values(tokens: list[str]) -> Iterator[Decimal]:
    words = [token.lower() for token in tokens]
    at = 0
    while at < len(words):
        value, used = _number(words[at : at + _LONGEST])
        if value is not None:
            yield value * _shared_scale(words[at + used : at + used + _LONGEST], value)
        at += max(used, 1)


def _number(words: list[str]) -> tuple[Decimal | None, int]:
    """The number that a list of words begins with, and how many of them it takes."""
    value, used = (_digits(words[0]), 1) if words[0][0].isdigit() else _in_words(words)
    if value is not None and words[used : used + 3] == ["and", "a", "half"]:
        value, used = value + Decimal("0.5"), used + 3
    behind = next((word for word in words[used : used + 2] if word != "-"), "")
    if value is not None and _is_scale(behind):
        return value * _SCALES[behind], words.index(behind, used) + 1
    return (None, 1) if used == 1 and _is_loose(words) else (value, used)


def _shared_scale(behind: list[str], value: Decimal) -> int:
    """What "three" is multiplied with in "three to four billion"."""
    if value >= 1000 or len(behind) < 3 or behind[0] not in _TO or _number(behind[1:2])[0] is None:
        return 1
    return _SCALES[behind[2]] if _is_scale(behind[2]) and _SCALES[behind[2]] >= 1000 else 1


def _digits(token: str) -> Decimal:
    """1,234 and 1.234 and 1 234 have groups of three, 3,9 and 3.9 a fraction, 5k a scale."""
    plain = token.rstrip("kmbnt")
    scale = _SCALES.get(token[len(plain) :], 1)
    parts = re.split(f"[{_SEPARATORS}]", plain)
    if len(parts) == 1 or (len(parts[-1]) == 3 and len(parts[0]) <= 3 and parts[0] != "0"):
        return Decimal("".join(parts)) * scale
    return Decimal("".join(parts[:-1]) + "." + parts[-1]) * scale


def _in_words(words: list[str]) -> tuple[Decimal | None, int]:
    if words[0] in _MANY:
        return _MANY[words[0]] + Decimal("0.5"), 1
    if words[0] in _SHARES:
        return _SHARES[words[0]], 1
    total, current, used, last = Decimal(0), Decimal(0), 0, ""
    for at, word in enumerate(words):
        ordinal = _ORDINALS.get(word) or _ORDINALS.get(word.removesuffix("s"))
        if (word in _UNITS or ordinal) and last in ("", "tens", "scale"):
            current += ordinal or _UNITS[word]
            last = "ordinal" if ordinal else "unit"
        elif word in _TENS and last in ("", "scale"):
            current += _TENS[word]
            last = "tens"
        elif _is_scale(word) and last != "ordinal":
            if _SCALES[word] <= 100:
                current = (current or 1) * _SCALES[word]
            else:
                total, current = total + (current or 1) * _SCALES[word], Decimal(0)
            last = "scale"
        elif (word == "-" and last) or (word == "and" and last == "scale"):
            continue
        else:
            break
        used = at + 1
    return (total + current, used) if used else (None, 0)


def _is_scale(word: str) -> bool:
    return word in _SCALES and word not in _SHORT_SCALES


def _is_loose(words: list[str]) -> bool:
    return words[0].removesuffix("s") in _LOOSE and not (words[0] == "one" and words[1:2] and words[1] in _UNIT)
