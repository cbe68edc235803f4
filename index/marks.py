"""A paragraph in, the stretches between its quotation marks out: every style of mark, also where one is missing.

A mark opens where a space or another opening stands before it, and closes where a space or a stop follows. A single
mark is an apostrophe until a partner is found for it. Pure functions; nothing here raises, however the marks stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKS = re.compile(r"''|``|[“”„‟\"«»‹›‘’‚'`]")
_OPENING = {"“": "double", "„": "double", "‟": "double", "``": "double", "«": "angle", "‹": "angle"}
_CLOSING = {"”": "double", "»": "angle", "›": "angle"}
_STRAIGHT = {'"': "straight", "''": "pair"}
_BEFORE = frozenset("([{—–-/“‘«„\"'… \t\u00a0\u2009\u202f\ufffc>*_")
_AFTER_STOP = frozenset(".,!?…;:—–")
_ELIDED = re.compile(r"(?:\d\ds?|em|tis|twas|twixt|til|till|cause|bout|round|n)\b", re.IGNORECASE)
_LONGEST_SINGLE = 700  # characters between single marks


@dataclass(frozen=True, slots=True)
class Quote:
    """Words between two marks."""

    start: int  # of the words
    end: int
    opened: int  # with the marks
    closed: int
    complete: bool = True  # False: no mark closes it before the paragraph ends
    inner: tuple[Quote, ...] = ()  # quotes inside of it, in marks of another kind


@dataclass(slots=True)
class _Open:
    family: str
    at: int
    start: int
    inner: list[Quote]


def quotes(text: str, begin: int = 0, end: int | None = None) -> tuple[Quote, ...]:
    """The outermost quotes of one paragraph, `text[begin:end]`, in order, as offsets in `text`."""
    end = len(text) if end is None else end
    stack: list[_Open] = []
    found: list[Quote] = []
    skip = begin

    def close(depth: int, at: int, width: int) -> None:
        opened = stack[depth]
        quote = Quote(opened.start, at, opened.at, at + width, True, tuple(opened.inner))
        del stack[depth:]
        if at > opened.start:
            (stack[-1].inner if stack else found).append(quote)

    for match in MARKS.finditer(text, begin, end):
        at, mark = match.start(), match.group()
        if at < skip:
            continue
        before = text[at - 1] if at > begin else " "
        after = text[match.end()] if match.end() < end else " "
        depths = {opened.family: depth for depth, opened in enumerate(stack)}
        if mark in _OPENING and not (mark == "“" and stack and text[stack[-1].at] == "„"):
            family = _OPENING[mark]
            if family in depths:  # the one before was never closed: nobody nests marks of one kind
                del stack[depths[family] :]
            stack.append(_Open(family, at, match.end(), []))
        elif mark in _CLOSING or mark == "“":
            family = _CLOSING.get(mark, "double")
            if family in depths:
                close(depths[family], at, len(mark))
            elif mark == "”" and _opens(before, after):  # a closing mark used as an opening one
                stack.append(_Open("double", at, match.end(), []))
        elif mark in _STRAIGHT:
            family = _STRAIGHT[mark]
            if family in depths and not (_opens(before, after) and before.isspace()):
                close(depths[family], at, len(mark))
            elif _opens(before, after):
                if family in depths:
                    del stack[depths[family] :]
                stack.append(_Open(family, at, match.end(), []))
        elif _opens(before, after) and mark != "’" and not _ELIDED.match(text, match.end()):
            partner = _partner(text, match.end(), end)
            if partner is not None:
                stack.append(_Open("single", at, match.end(), []))
        elif (
            mark in "’'" and stack and stack[-1].family == "single" and at in _partners(text, stack[-1].start, end, at)
        ):
            close(len(stack) - 1, at, 1)
    for opened in stack[:1]:  # what is open at the end of a paragraph runs to it
        if opened.family != "single" and end > opened.start:
            found.append(Quote(opened.start, end, opened.at, end, False, tuple(opened.inner)))
    return tuple(found)


def _opens(before: str, after: str) -> bool:
    return (before in _BEFORE or before.isspace()) and not after.isspace()


def _partners(text: str, start: int, end: int, at: int) -> tuple[int | None, ...]:
    """Where a single quote may be closed: in all of the paragraph, and in what was read of it."""
    return _partner(text, start, at + 1), _partner(text, start, end)


def _partner(text: str, start: int, end: int) -> int | None:
    """Where a single quote that begins here is closed; None where nothing closes it."""
    spare: int | None = None
    for at in range(start + 1, min(end, start + _LONGEST_SINGLE)):
        if text[at] not in "’'":
            continue
        after = text[at + 1] if at + 1 < len(text) else " "
        if after.isalnum() or (after == text[at] and text[at] == "'"):
            continue
        if text[at - 1] in _AFTER_STOP or not text[at - 1].isalnum():
            return at
        if text[at - 1] not in "sS" or after in '.,;:!?)—–”"':
            return at
        spare = at if spare is None else spare  # dogs’ may be a possessive
    return spare
