"""A document's voices and its sentences in, whose words a passage is out, and how code says so to a model.

A passage is whole sentences of one speaker: it ends where a pasted text, a comment or a quotation of several sentences
begins. Who speaks inside of a sentence is listed beside whoever carries it. Names are words of documents: they stand on
one line, are not long, and stay between the boundaries. Pure functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from assistant.checking.quotes import visible
from index.types import Span, Voice, VoiceKind, Voices

AUTHOR = Voice(0, 0, VoiceKind.AUTHOR)
_BLOCKS = (VoiceKind.EMBEDDED, VoiceKind.COMMENT, VoiceKind.RESIDUE)  # stand by themselves, however short
_NAME = 60  # characters of a speaker's name
_MOST = 6  # speakers quoted in a passage, and carriers of one of them, that are listed
_SOMEBODY = "somebody, unclear who"


def block(text: str, voices: Voices, sentences: Sequence[Span], at: int) -> Voice:
    """Who speaks a sentence as a whole: the innermost voice of a pasted text, or of several sentences around it."""
    around = _around(text, voices, sentences[at])
    for span in sorted(around, key=lambda span: span.end - span.start):
        beside = (other for other in (at - 1, at + 1) if 0 <= other < len(sentences))
        if span.kind in _BLOCKS or any(span in _around(text, voices, sentences[other]) for other in beside):
            return span
    return AUTHOR


def same(one: Voice, other: Voice) -> bool:
    """Whether two blocks are told apart by nothing that a reader sees."""
    return _who(one) == _who(other)


def quoted(text: str, voices: Voices, stretch: Span, speaker: Voice) -> tuple[Voice, ...]:
    """Who else speaks in a stretch of somebody's words, each person once."""
    found: dict[object, Voice] = {}
    for piece in voices.pieces(*stretch):
        words = any(letter.isalnum() for letter in text[piece.start : piece.end])
        if words and piece.kind not in (VoiceKind.AUTHOR, VoiceKind.RESIDUE) and not same(piece, speaker):
            known = found.get(_who(piece))
            if known is None or known.kind is VoiceKind.INDIRECT:
                found[_who(piece)] = piece
    return tuple(found.values())


def line(speaker: Voice, others: Iterable[Voice], boundary: str) -> str:
    """What a model is told of a passage: "speaker: the author · quoting: Emmanuel Macron"."""
    listed = list(dict.fromkeys(_quoted(voice, speaker) for voice in others))[:_MOST]
    quoting = f" · quoting: <<{boundary} {'; '.join(listed)} {boundary}>>" if listed else ""
    return f"speaker: {_speaker(speaker, boundary)}{quoting}"


def one_line(text: str, most: int) -> str:
    """Words of a document as one line that cannot be taken for anything but a name."""
    return json.dumps(" ".join(visible(text).split())[:most], ensure_ascii=False)


def _speaker(voice: Voice, boundary: str) -> str:
    if voice.kind is VoiceKind.AUTHOR:
        return "the author"
    if voice.kind is VoiceKind.COMMENT:
        return "a reader, in a comment"
    if voice.kind is VoiceKind.UNCLEAR or voice.speaker is None:
        return "unclear"
    return f"<<{boundary} {_name(voice.speaker)}{_carried(voice.carriers)} {boundary}>>"


def _quoted(voice: Voice, speaker: Voice) -> str:
    known = {*speaker.chain, speaker.speaker}
    carried = _carried(tuple(name for name in voice.carriers if name not in known))
    if voice.speaker is None:
        return f"{_SOMEBODY}{carried}"
    return f"{_name(voice.speaker)}{' (reported)' if voice.kind is VoiceKind.INDIRECT else ''}{carried}"


def _carried(carriers: Sequence[str]) -> str:
    """Through whom the words came, the nearest first."""
    return "".join(f", passed on by {_name(name)}" for name in [*reversed(carriers)][:_MOST])


def _name(name: str) -> str:
    return one_line(name, _NAME)


def _who(voice: Voice) -> tuple[str, str | None, tuple[str, ...]]:
    """What tells speakers apart; how they speak does not, where they have a name."""
    apart = voice.kind in (VoiceKind.AUTHOR, VoiceKind.COMMENT, VoiceKind.RESIDUE)
    return (str(voice.kind) if apart else "", voice.speaker, voice.carriers)


def _around(text: str, voices: Voices, sentence: Span) -> list[Voice]:
    """The voices that speak all of a sentence, but for the marks around it."""
    start, end = sentence
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return [span for span in voices.spans if span.start <= start and span.end >= end]
