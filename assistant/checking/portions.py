"""A model's quote and the voices of its document in, what is cited of it out: cut at the border of every voice.

The words around a speech that say whose it is, its frame, are not cited; the sentence that a model wrote from them says
the same. What somebody says in fewer than four words is not cited alone: it stays in the sentence of whoever quotes it.
Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.checking import cuts
from assistant.checking.negation import cut_off
from assistant.checking.quotes import Place, word_count
from assistant.writing import blocks
from index.types import Voice, VoiceKind, Voices

FEWEST_WORDS = 4

# What a cut leaves of the frame: in front of a speech, and behind one.
_BEFORE, _AFTER = " \t\r\n\u00a0,;:–—-“„«‘'\"([", " \t\r\n\u00a0,;:–—-”»’'\")]"
_LEADS = re.compile(r"(?:\bthat|\bwhether|:)[\s\"“„«‘']*$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…][”\"’')\]]*\s|\n")


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a quote that one speaker says."""

    start: int
    end: int
    voice: Voice
    depth: int  # how many voices are around it
    words: int

    def takes(self, other: _Part) -> _Part:
        """With what stands beside it."""
        start, end = min(self.start, other.start), max(self.end, other.end)
        return _Part(start, end, self.voice, self.depth, self.words + other.words)


def cut(text: str, voices: Voices, place: Place) -> list[tuple[Place, Voice]]:
    """A quote cut at the border of every voice: what each speaker says in four words, without the frame around it.

    Nothing where nobody says so much. A phrase of one to three words stays in the sentence of whoever quotes it.
    """
    parts = _joined(_parts(text, voices, place))
    if len(parts) == 1 and parts[0].voice.kind is not VoiceKind.RESIDUE:
        return [(place, _voice(voices, place.start, place.end, parts[0]))]
    made: list[tuple[Place, Voice]] = []
    for at, part in enumerate(parts):
        start, end = _unframed(text, parts, at)
        if start > place.start:
            start += len(text[start:end]) - len(text[start:end].lstrip(_AFTER))
        if end < place.end:
            end -= len(text[start:end]) - len(text[start:end].rstrip(_BEFORE))
        if part.voice.kind is VoiceKind.RESIDUE or word_count(text[start:end]) < FEWEST_WORDS:
            continue
        frame = text[place.start : start].rstrip(_BEFORE) + " "
        if not cut_off(frame + text[start:end], len(frame), len(frame) + end - start):  # "did not say that | ..."
            made.append((Place(start, end, place.match), _voice(voices, start, end, part)))
    return made


def _parts(text: str, voices: Voices, place: Place) -> list[_Part]:
    """A quote at every change of the speaker, without what has no word."""
    parts: list[_Part] = []
    for piece in voices.pieces(place.start, place.end):
        words = word_count(text[piece.start : piece.end])
        depth = sum(span.start <= piece.start and span.end >= piece.end for span in voices.spans)
        part = _Part(piece.start, piece.end, piece, depth, words)
        if words and parts and blocks.same(parts[-1].voice, piece):
            parts[-1] = parts[-1].takes(part)
        elif words:
            parts.append(part)
    return parts


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    """Short phrases with the sentence that they stand in, and one speaker's words with the "he said" between them."""
    made: list[_Part] = []
    for at, part in enumerate(parts):
        behind = parts[at + 1] if at + 1 < len(parts) else None
        if made and _stays(part, made[-1], behind):
            made[-1] = made[-1].takes(part)
        elif made and len(made) == 1 and made[0].words < FEWEST_WORDS and made[0].depth > part.depth:
            made[0] = part.takes(made[0])
        else:
            made.append(part)
    return made


def _stays(part: _Part, before: _Part, behind: _Part | None) -> bool:
    """Whether a part is one with what stands before it."""
    if blocks.same(part.voice, before.voice):
        return True
    between = behind is not None and blocks.same(before.voice, behind.voice)
    return part.words < FEWEST_WORDS and (part.depth > before.depth or between)


def _unframed(text: str, parts: Sequence[_Part], at: int) -> tuple[int, int]:
    """A part without what leads over to a voice inside of it, as far as that is the smaller share of their sentence."""
    part = parts[at]
    start, end = part.start, part.end
    inner = [other for other in parts[max(0, at - 1) : at + 2] if other.depth > part.depth]
    said = sum(other.words for other in inner)
    stops = [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
    if inner and inner[0].start < start:
        stop = stops[0] if stops else end
        start = stop if word_count(text[start:stop]) <= said else start
    if inner and inner[-1].start > start:
        stop = max(start, stops[-1] if stops else start)
        most = 2 * said if _LEADS.search(text[stop:end]) else said
        end = stop if word_count(text[stop:end]) <= most else end
    return start, end


def _voice(voices: Voices, start: int, end: int, part: _Part) -> Voice:
    voice = cuts.voice_of(voices, start, end)
    return replace(part.voice, start=start, end=end) if voice.kind is VoiceKind.UNCLEAR else voice
