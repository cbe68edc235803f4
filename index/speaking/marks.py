"""A paragraph in, the stretches between its quotation marks out: every style of mark, also where one is missing.

A mark opens where a space or another opening stands before it, and closes where a space or a stop follows. A single
mark is an apostrophe until a partner is found for it. Pure functions; nothing here raises, however the marks stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKS = re.compile(r"''|``|[“”„‟\"«»‹›‘’‚'`]")
# The family of a mark: nobody nests marks of one kind, but for single ones.
_OPENING = {"“": "double", "„": "double", "‟": "double", "``": "double", "«": "angle", "‹": "angle"}
_CLOSING = {"”": "double", "“": "double", "»": "angle", "›": "angle"}  # “ where „ stands before
_STRAIGHT = {'"': "straight", "''": "pair"}
_SINGLE = "single"
_APOSTROPHES = "’'"
_BEFORE = frozenset("([{—–-/“‘«„\"'… \t\u00a0\u2009\u202f\ufffc>*_")  # an opening mark
_STOPS = frozenset(".,!?…;:—–")  # before a closing mark
_AFTER_PLURAL = frozenset('.,;:!?)—–”"')  # a mark behind an s, which may belong to a possessive: dogs’
_ELIDED = re.compile(r"(?:\d\ds?|em|tis|twas|twixt|til|till|cause|bout|round|n)\b", re.IGNORECASE)  # ’90s, ’em
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


def quotes(text: str, begin: int = 0, end: int | None = None) -> tuple[Quote, ...]:
    """The outermost quotes of one paragraph, `text[begin:end]`, in order, as offsets in `text`."""
    end = len(text) if end is None else end
    reading = _Reading(text, begin, end)
    for match in MARKS.finditer(text, begin, end):
        reading.read(match)
    return reading.outermost()


@dataclass(slots=True)
class _Open:
    family: str
    at: int
    start: int  # of the words
    inner: list[Quote]


class _Reading:
    """One way through a paragraph, from mark to mark, with the quotes that are open, the outermost first."""

    def __init__(self, text: str, begin: int, end: int) -> None:
        self.text, self.begin, self.end = text, begin, end
        self.open: list[_Open] = []
        self.found: list[Quote] = []

    def read(self, match: re.Match[str]) -> None:
        """Open or close a quote at a mark, or leave it alone."""
        at, mark = match.start(), match.group()
        before = self.text[at - 1] if at > self.begin else " "
        after = self.text[match.end()] if match.end() < self.end else " "
        opens = (before in _BEFORE or before.isspace()) and not after.isspace()
        if mark in _OPENING and not (mark == "“" and self.open and self.text[self.open[-1].at] == "„"):
            self._push(_OPENING[mark], match)
        elif mark in _CLOSING:
            if not self._close(_CLOSING[mark], match) and mark == "”" and opens:
                self._push("double", match)  # a closing mark used as an opening one
        elif mark in _STRAIGHT:
            closed = not (opens and before.isspace()) and self._close(_STRAIGHT[mark], match)
            if opens and not closed:
                self._push(_STRAIGHT[mark], match)
        elif opens and mark != "’" and not _ELIDED.match(self.text, match.end()):
            if _partner(self.text, match.end(), self.end) is not None:
                self._push(_SINGLE, match)
        elif mark in _APOSTROPHES and self.open and self.open[-1].family == _SINGLE:
            start = self.open[-1].start
            if at in (_partner(self.text, start, at + 1), _partner(self.text, start, self.end)):
                self._close(_SINGLE, match)

    def outermost(self) -> tuple[Quote, ...]:
        """The quotes that stand in no other; what is open at the end of a paragraph runs to it."""
        if self.open and self.open[0].family != _SINGLE and self.end > self.open[0].start:
            first = self.open[0]
            self.found.append(Quote(first.start, self.end, first.at, self.end, False, tuple(first.inner)))
        return tuple(self.found)

    def _push(self, family: str, match: re.Match[str]) -> None:
        depth = self._depth(family)
        if depth is not None and family != _SINGLE:  # the one before was never closed
            del self.open[depth:]
        self.open.append(_Open(family, match.start(), match.end(), []))

    def _close(self, family: str, match: re.Match[str]) -> bool:
        """Close the innermost quote of a family, and whatever is open in it; say whether there was one."""
        depth = self._depth(family)
        if depth is None:
            return False
        opened = self.open[depth]
        del self.open[depth:]
        if match.start() > opened.start:
            quote = Quote(opened.start, match.start(), opened.at, match.end(), True, tuple(opened.inner))
            (self.open[-1].inner if self.open else self.found).append(quote)
        return True

    def _depth(self, family: str) -> int | None:
        return next((at for at in range(len(self.open) - 1, -1, -1) if self.open[at].family == family), None)


def _partner(text: str, start: int, end: int) -> int | None:
    """Where a single quote that begins here is closed; None where nothing closes it."""
    spare: int | None = None
    for at in range(start + 1, min(end, start + _LONGEST_SINGLE)):
        if text[at] not in _APOSTROPHES:
            continue
        before, after = text[at - 1], text[at + 1] if at + 1 < len(text) else " "
        if after.isalnum() or (after == text[at] and text[at] == "'"):
            continue
        if before in _STOPS or not before.isalnum() or before not in "sS" or after in _AFTER_PLURAL:
            return at
        spare = at if spare is None else spare  # it may be the possessive of a plural: dogs’
    return spare
