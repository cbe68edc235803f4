"""A stretch of a text in, the stretch that a reader means next out: a sentence further on or back, longer or shorter.

For whoever chooses words by keyboard. Pure functions.
"""

from __future__ import annotations

from enum import StrEnum

from index.loading.sentences import every_sentence
from index.types import Span

_AROUND = 2_000  # characters in which the next sentence is looked for; up to twice as many to the end of a line


class Step(StrEnum):
    """How the stretch is to change."""

    NEXT = "next"  # the sentence behind it
    PREVIOUS = "previous"  # the sentence in front of it
    MORE = "more"  # and the sentence behind it
    LESS = "less"  # without its last sentence


def step(text: str, stretch: Span, to: Step) -> Span:
    """The stretch after a step, to the beginning or the end of a sentence; as it was, where there is none."""
    start, end = stretch
    around = _sentences(text, start, end)
    match to:
        case Step.NEXT:
            return next((span for span in around if span[0] >= end), stretch)
        case Step.PREVIOUS:
            return next((span for span in reversed(around) if span[0] < start), stretch)
        case Step.MORE:
            return next(((start, last) for _, last in around if last > end), stretch)
        case Step.LESS:
            return next(((start, last) for _, last in reversed(around) if start < last < end), stretch)


def _sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences of the lines that a stretch lies in, and of those around it."""
    at = text.rfind("\n", 0, max(0, start - _AROUND)) + 1
    at = max(at, start - 2 * _AROUND)
    until = min(len(text), end + _AROUND)
    until = min(found if (found := text.find("\n", until)) >= 0 else len(text), end + 2 * _AROUND)
    spans: list[Span] = []
    while at < until:
        line = text.find("\n", at, until)
        line = until if line < 0 else line
        spans += every_sentence(text, at, line) if text[at:line].strip() else []
        at = line + 1
    return spans
