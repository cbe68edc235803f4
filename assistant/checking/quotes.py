"""A model's quote and the passage it is said to stand in, in; the exact stretch of the document out, or None.

What is shown is always the document's own slice. A quote is found as it is; else without regard to quotation marks,
dashes, white space and invisible characters; else with a slip that changes no number, no name and no negation.
Pure functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from assistant.checking.negation import negators
from assistant.checking.numerals import numbers
from index.terms import fold, stem, words

# Scripts that put no space between words: there a letter is what a word is elsewhere.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_ALIKE = 95  # similarity in percent from which on a quote with a slip in it may be the passage's
_SLIP = 2  # letters by which two long words may differ and be one word with a slip in it
_LONG = 5
_ARTICLES = frozenset({"a", "an", "the"})
_MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″＂〝〞〟❝❞", '"'),
        **dict.fromkeys("‘’‚‛‹›′´`＇❛❜", "'"),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    }
)
# Placeholders, and what no reader sees though its category is that of a letter or an accent.
_DROPPED = re.compile(
    "[\ufffc\ufffd\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Apostrophes and hyphens belong to a word: "agree" does not stand in "non-agree".
_INSIDE = "'’-‐‑"
_GROUPING = ".,"
_WORD = re.compile(r"[^\W_]+(?:[-’'.,]?[^\W_]+)*")
# What a sentence puts between quotation marks, of any style. An apostrophe opens nothing.
_QUOTATION = re.compile(
    r"“([^“”]*)”|„([^„“”]*)[“”]|«([^«»]*)»|\"([^\"]*)\"|(?<!\w)‘(.*?)’(?!\w)|(?<![\w’'])'(.+?)'(?!\w)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands in a text."""

    start: int
    end: int
    match: str  # exact | normalised | repaired


def find(quote: str, text: str) -> Place | None:
    """The place of a quote in a text, beginning and ending with whole words; the closest match, the first of equals."""
    quote = quote.strip()
    if not quote:
        return None
    for start in _occurrences(quote, text):
        if _whole(text, start, start + len(quote)):
            return Place(start, start + len(quote), "exact")
    plain, origin = normal(text)
    wanted = normal(quote)[0].strip()
    if not any(letter.isalnum() for letter in wanted):
        return None
    for start in _occurrences(wanted, plain):
        if _whole(plain, start, start + len(wanted)):
            return _place(text, origin, start, start + len(wanted), "normalised")
    return _with_a_slip(wanted, plain, text, origin)


@lru_cache(maxsize=256)
def normal(text: str) -> tuple[str, Sequence[int]]:
    """A text as it is compared, and for each of its characters the place in the original that it comes from.

    Compatibility forms and accents composed, marks and dashes of one kind, white space single, invisible characters
    and placeholders left out.
    """
    letters: list[str] = []
    origin: list[int] = []
    for start, end in _clusters(text):
        piece = unicodedata.normalize("NFKC", text[start:end]).translate(_MARKS)
        for letter in piece:
            if _invisible(letter) and not letter.isspace():
                continue
            if letter.isspace():
                if letters and letters[-1] == " ":
                    continue
                letter = " "
            letters.append(letter)
            origin.append(start)
    return "".join(letters), origin


def quotations(text: str) -> list[str]:
    """What a sentence puts between quotation marks, in order."""
    return [next(filter(None, match.groups()), "") for match in _QUOTATION.finditer(text)]


def without_quotations(text: str) -> str:
    """A sentence without what it puts between quotation marks; the marks stay."""
    return _QUOTATION.sub("“”", text)


def word_count(text: str) -> int:
    """How many words a text has; of scripts that put no space between them, every second character is one."""
    return len(_WORD.findall(UNSPACED.sub(" ", text))) + (len(UNSPACED.findall(text)) + 1) // 2


def visible(text: str) -> str:
    """A text without what a reader cannot see: format and control characters, tags, variation selectors, placeholders.

    For prompts: instructions hidden from the eye are hidden from the model too. Line breaks and tabs stay.
    """
    hidden = {ord(letter): None for letter in set(text) if letter not in "\n\t" and _invisible(letter)}
    return text.translate(hidden) if hidden else text


@lru_cache(maxsize=4_096)
def _invisible(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cf", "Cc", "Co", "Cs", "Cn") or bool(_DROPPED.match(letter))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Each character with the combining marks behind it."""
    start = 0
    for at in range(1, len(text)):
        if not unicodedata.combining(text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


def _occurrences(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _whole(text: str, start: int, end: int) -> bool:
    return not _joined(text, start) and not _joined(text, end)


def _joined(text: str, at: int) -> bool:
    """Whether a cut at this place would go through a word."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if left.isalnum() and right.isalnum():
        return not (UNSPACED.match(left) or UNSPACED.match(right))
    if right in _GROUPING:  # "1|,234"
        return left.isdigit() and text[at + 1 : at + 2].isdigit()
    if left in _GROUPING and right.isdigit():
        return text[max(0, at - 2) : at - 1].isdigit()
    if right in _INSIDE:  # "...do|n't", "anti|-war"
        return left.isalnum() and at + 1 < len(text) and text[at + 1].isalnum()
    return left in _INSIDE and right.isalnum() and at > 1 and text[at - 2].isalnum()


def _place(text: str, origin: Sequence[int], start: int, end: int, match: str) -> Place:
    first, last = origin[start], origin[end - 1]
    stop = last + 1
    while stop < len(text) and unicodedata.combining(text[stop]):
        stop += 1
    return Place(first, stop, match)


def _with_a_slip(wanted: str, plain: str, text: str, origin: Sequence[int]) -> Place | None:
    if len(wanted) < 2 * _LONG or len(wanted) > len(plain):
        return None
    found = fuzz.partial_ratio_alignment(wanted, plain, score_cutoff=_ALIKE)
    if found is None:
        return None
    start, end = found.dest_start, found.dest_end
    while start > 0 and _joined(plain, start):
        start -= 1
    while end < len(plain) and _joined(plain, end):
        end += 1
    while start < end and not plain[start].isalnum() and plain[start] != wanted[0]:
        start += 1
    # The alignment is as long as the quote: an article more or less moves its end by a word.
    for stop in (end, plain.rfind(" ", start, end), plain.find(" ", end + 1)):
        while stop > start and not plain[stop - 1].isalnum() and plain[stop - 1] != wanted[-1]:
            stop -= 1
        if start < stop and _same(wanted, plain[start:stop]):
            return _place(text, origin, start, stop, "repaired")
    return None


def _same(quote: str, slice: str) -> bool:
    """Whether two wordings differ by slips alone: same numbers, negations and names, no word for another."""
    if numbers(quote) != numbers(slice) or negators(quote) != negators(slice) or _digits(quote) != _digits(slice):
        return False
    ours, theirs = words(quote), words(slice)
    for kind, a, b, c, d in SequenceMatcher(
        None, [fold(word) for word in ours], [fold(word) for word in theirs], autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        if kind in ("insert", "delete"):
            if any(fold(word) not in _ARTICLES for word in (*ours[a:b], *theirs[c:d])):
                return False
        elif b - a != d - c or not all(_slip(one, other) for one, other in zip(ours[a:b], theirs[c:d], strict=True)):
            return False
    return True


def _slip(one: str, other: str) -> bool:
    """One word, written twice. Names have no slips: Macron is not Macros."""
    first, second = fold(one), fold(other)
    if {first, second} <= _ARTICLES:
        return True
    if one[0].isupper() or other[0].isupper() or first[:2] != second[:2] or first.isascii() != second.isascii():
        return False
    if stem(first) == stem(second):
        return True
    return min(len(first), len(second)) >= _LONG and OSA.distance(first, second) <= _SLIP and first[-2:] == second[-2:]


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)
