"""A document and who speaks in it in, its author's own words out, stretch by stretch. Pure functions.

What anybody else says in it, marked or reported, what readers commented and what a page left behind is no word of his,
and neither is what is unclear. A name above a quote says nothing of where the author stands, so short rests go too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.terms import stems
from index.types import Span, VoiceKind, Voices

_FEWEST = 4  # words of a stretch; what is shorter only says who speaks beside it


@dataclass(frozen=True, slots=True)
class Stretch:
    """A whole sentence of the author's, or what of one is his: exactly a slice of the text."""

    start: int
    end: int
    words: tuple[str, ...]  # its content words, stemmed


def own_words(text: str, voices: Voices, sentences: Sequence[Span]) -> tuple[Stretch, ...]:
    """The author's own words, in order."""
    found: list[Stretch] = []
    for first, last in sentences:
        for piece in voices.pieces(first, last):
            start, end = _trimmed(text, piece.start, piece.end)
            if piece.kind is VoiceKind.AUTHOR and len(text[start:end].split()) >= _FEWEST:
                found.append(Stretch(start, end, tuple(stems(text[start:end]))))
    return tuple(found)


def _trimmed(text: str, start: int, end: int) -> Span:
    """Without white space at either end, nor the marks before it that close or open somebody else's words."""
    while start < end and not (text[start].isalnum() or text[start] in "([#$€£"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:–—“\"'‘«("):
        end -= 1
    return start, end
