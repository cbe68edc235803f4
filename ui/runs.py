"""A stretch of a document in, its runs out: who speaks in each, which other citation stands there, where a page begins.

Runs follow one another without a gap. The page counts in UTF-16, so each says how long it is in that; all else in it
is shown as text. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from assistant import who
from index import Voice, VoiceKind, Voices
from ui import words

Data = dict[str, Any]
Span = tuple[int, int]
Cited = tuple[int, int, str]  # a citation: from, to, and its address

_TINTS = 6  # classes v-0 to v-5 of page.css


def runs(
    text: str,
    stretch: Span,
    voices: Voices | None,
    others: Sequence[Cited] = (),
    cuts: Span = (0, 0),
    pages: Sequence[int] = (),
) -> list[Data]:
    """Cut a stretch where the speaker changes, another citation begins or ends, a page begins, and at two more places.

    Args:
        stretch: not empty.
        voices: None where it is not known who speaks.
        others: the first that holds a run is the one named.
        pages: where each page of the whole text begins.
    """
    first, last = stretch
    if first >= last:
        return []
    pieces = voices.pieces(first, last) if voices else (Voice(first, last, VoiceKind.AUTHOR),)
    tints = _tints(voices) if voices else {}
    others = [other for other in others if other[0] < last and other[1] > first]
    borders = {at for piece in pieces for at in (piece.start, piece.end)}
    numbers = {at: number for number, at in enumerate(pages, 1) if first <= at < last}
    borders |= {at for start, end, _ in others for at in (start, end)} | {*cuts, *numbers}
    made: list[Data] = []
    piece = iter(pieces)
    voice = next(piece)
    for start, end in pairwise(sorted(at for at in borders if first <= at <= last)):
        while voice.end <= start:
            voice = next(piece)
        run: Data = {"from": start, "length": _units(text[start:end])}
        if voice.kind is not VoiceKind.AUTHOR:
            run |= {"who": speaker(voice), "tint": tints.get(_key(voice), "v-x")}
            run |= {"starts": voice.start == start, "ends": voice.end == end}
        if start in numbers:
            run["page"] = words.PAGE.format(page=numbers[start])
        link = next((link for begin, until, link in others if begin <= start and end <= until), None)
        made.append(run | ({"link": link} if link else {}))
    return made


def speaker(voice: Voice) -> str:
    """Who speaks, in words."""
    return words.RESIDUE if voice.kind is VoiceKind.RESIDUE else who(voice)


def _tints(voices: Voices) -> dict[tuple[bool, str], str]:
    """A class for everybody who is named, in the order of the document: the same in all of its stretches."""
    keys = dict.fromkeys(_key(span) for span in voices.spans if span.speaker)
    return {key: f"v-{number % _TINTS}" for number, key in enumerate(keys)}


def _key(voice: Voice) -> tuple[bool, str]:
    return voice.kind is VoiceKind.COMMENT, voice.speaker or ""


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
