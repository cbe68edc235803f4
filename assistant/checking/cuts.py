"""Stretches of a document and its voices in, what may be cited of them out: cut at the border of every voice.

A reader comment is cited only where the question asks for comments, or quotes it; what a browser left in a text never
is. Pure functions.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.question.wanted import Wanted
from index.speaking.lexicon import ASKING, FORMAL, PLAIN, TELLING
from index.types import Span, Voice, VoiceKind, Voices

FEWEST_WORDS = 6  # of a piece
_FEWEST_QUOTED = 4  # words of a question between quotation marks, to be looked for in comments
_READER = "a reader"  # carries what is quoted in a comment without a name
_FRAME = 0.5  # share of a sentence that others speak, from which on the rest of it only says who they are
_LONGEST_FRAME = 14  # words of a rest with a verb of saying that does so whatever its share; all three set by hand
_LONGEST_TAG = 10  # words between two pieces of one speaker that only say who speaks; set by hand
_SAYING = PLAIN | TELLING | FORMAL | ASKING | {"according"}
_APART = (VoiceKind.COMMENT, VoiceKind.RESIDUE)
_OF_READERS = re.compile(
    r"\b(?:readers?|readership|commenters?)\b"
    r"|(?<!'s )(?<!’s )(?<!s' )(?<!s’ )(?<!his )(?<!her )(?<!their )(?<!my )\bcomments\b(?! (?:by|from|of|made)\b)"
    r"|\b(?:the|a|any|each|every|which|what|one|this|that|first|second|last) comment\b(?! (?:by|from|of|made)\b)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"‘„«][^“”\"„«»]+[”\"’“»]")
# What an outer voice leaves of its own at the border of an inner one: the marks, and what joins the two.
_BEFORE = " \t\r\n\u00a0,;:([–—-“‘\"'«„‚"
_AFTER = " \t\r\n\u00a0,;:)]–—-”’\"'»“.!?…"


def comments_asked_for(question: str) -> re.Pattern[str] | None:
    """What a reader comment must hold to be cited for this question; None where none may be."""
    if _OF_READERS.search(question):
        return re.compile("")
    quoted = (re.findall(r"\w+", match.group()) for match in _QUOTED.finditer(question))
    wanted = [r"\W+".join(words) for words in quoted if len(words) >= _FEWEST_QUOTED]
    return re.compile("|".join(wanted), re.IGNORECASE) if wanted else None


def voice_of(voices: Voices, start: int, end: int) -> Voice:
    """Who speaks in a stretch. Whoever is quoted in a comment speaks in a comment."""
    voice = voices.of(start, end)
    comment = _around(voices, VoiceKind.COMMENT, start, end)
    if comment is None or voice.kind in _APART:
        return voice
    carriers = voice.carriers or (comment.speaker or _READER,)
    return replace(voice, kind=VoiceKind.COMMENT, chain=(*carriers, voice.speaker) if voice.speaker else carriers)


def apart(voices: Voices, sentences: Sequence[Span]) -> dict[int, VoiceKind]:
    """Which sentences, by number, are mostly a reader comment or the browser's, and which of the two."""
    found: dict[int, VoiceKind] = {}
    for span in (span for span in voices.spans if span.kind in _APART):
        first = bisect_right(sentences, span.start, key=lambda sentence: sentence[1])
        beyond = bisect_left(sentences, span.end, key=lambda sentence: sentence[0])
        for at in range(first, beyond):
            start, end = sentences[at]
            if 2 * (min(end, span.end) - max(start, span.start)) >= end - start:
                found[at] = span.kind
    return found


def left_out(
    text: str, sentences: Sequence[Span], apart: Mapping[int, VoiceKind], comments: re.Pattern[str] | None
) -> set[int]:
    """Which of the sentences that stand apart may not be cited.

    Args:
        comments: what a comment must hold to be cited; None where none may be.
    """
    return {
        at
        for at, kind in apart.items()
        if kind is VoiceKind.RESIDUE or comments is None or not comments.search(text, *sentences[at])
    }


def pieces(
    text: str,
    voices: Voices,
    start: int,
    end: int,
    sentences: Sequence[Span],
    comments: re.Pattern[str] | None,
    wanted: Wanted = Wanted(),
) -> list[Span]:
    """What may be cited of a stretch, in order: all of it where one voice speaks, else what each says in six words.

    A few words of somebody else stay within the sentence that quotes them. Where no voice has six words, the longest.
    Nothing is left where there is nothing but comments and residue.

    Args:
        sentences: those of the stretch.
        comments: what one must hold to be cited; None where none may be.
        wanted: whose words are looked for: what they say comes first, or alone.
    """
    asked_for = comments is not None and comments.search(text, start, end)
    left_out = (VoiceKind.RESIDUE,) if asked_for else _APART
    parts = _parts(text, voices, start, end, sentences)
    allowed = [part for part in parts if voice_of(voices, part.start, part.end).kind not in left_out]
    if wanted.only:
        allowed = [part for part in allowed if wanted.is_by(part)]
    elif wanted:
        allowed.sort(key=lambda part: not wanted.is_by(part))
    if len(parts) == 1:
        return [(start, end)] if allowed else []
    cut = [_trimmed(text, voices, part, (start, end), sentences) for part in allowed]
    long = [span for span in cut if _words(text, span) >= FEWEST_WORDS]
    return long or sorted((span for span in cut if _words(text, span)), key=lambda span: span[0] - span[1])[:1]


def _parts(text: str, voices: Voices, start: int, end: int, sentences: Sequence[Span]) -> list[Voice]:
    """The pieces of a stretch, with a few words of an inner voice joined to the sentence around them."""
    pieces = _across_tags(text, voices.pieces(start, end))
    joined: list[Voice] = []
    begin: int | None = None  # of a few words that belong to the piece after them
    inset = False  # whether a few words were joined to the piece before
    for at, piece in enumerate(pieces):
        few = _words(text, (piece.start, piece.end)) < FEWEST_WORDS and _is_within(text, piece, sentences)
        if few and piece.kind not in _APART and joined and _is_inside(voices, piece, joined[-1]):
            joined[-1], inset = replace(joined[-1], end=piece.end), True
            continue
        if few and piece.kind not in _APART and at + 1 < len(pieces) and _is_inside(voices, piece, pieces[at + 1]):
            begin = piece.start if begin is None else begin
            continue
        if joined and begin is None and inset and _same(joined[-1], piece):
            joined[-1] = replace(joined[-1], end=piece.end)
        else:
            joined.append(piece if begin is None else replace(piece, start=begin))
        begin, inset = None, False
    # Where most of what was joined is somebody else's after all, every voice stands for itself.
    honest = begin is None and all(_same(voices.of(part.start, part.end), part) for part in joined)
    return joined if honest else list(pieces)


def _across_tags(text: str, pieces: Sequence[Voice]) -> list[Voice]:
    """The pieces, with what one speaker says on both sides of a tag ("..., the mayor said. ...") as one."""
    made: list[Voice] = []
    for piece in pieces:
        if len(made) > 1 and made[-2].same_speaker(piece) and _is_tag(text, made[-1], made[-2]):
            kind = piece.kind if piece.kind is made[-2].kind else VoiceKind.INDIRECT
            made[-2:] = [replace(made[-2], end=piece.end, kind=kind, marked=made[-2].marked and piece.marked)]
        else:
            made.append(piece)
    return made


def _is_tag(text: str, piece: Voice, around: Voice) -> bool:
    """Whether a piece only says who speaks around it: the author does, or whoever passed the words on."""
    if around.kind is VoiceKind.AUTHOR or not (piece.kind is VoiceKind.AUTHOR or piece.speaker in around.carriers):
        return False
    words = re.findall(r"\w+", text[piece.start : piece.end].lower())
    return len(words) <= _LONGEST_TAG and not _SAYING.isdisjoint(words)


def _is_within(text: str, piece: Voice, sentences: Sequence[Span]) -> bool:
    """Whether there is more than this to its sentence."""
    around = next((span for span in sentences if span[0] <= piece.start and piece.end <= span[1]), None)
    rest = text[around[0] : piece.start] + text[piece.end : around[1]] if around else ""
    return any(letter.isalnum() for letter in rest)


def _is_inside(voices: Voices, piece: Voice, other: Voice) -> bool:
    """Whether the border between two neighbours is that of the first, which stands in the second."""
    if other.start >= piece.end:
        return not any(span.start == other.start for span in voices.spans)
    return not any(span.end == other.end for span in voices.spans)


def _trimmed(text: str, voices: Voices, part: Voice, stretch: Span, sentences: Sequence[Span]) -> Span:
    """A part without what leads over to a voice inside of it: marks, and the frame that says whose words those are.

    A border at which no voice of the document begins, or ends, as the part does is that of a voice inside of it.
    """
    first, last = part.start, part.end
    if first > stretch[0] and not any(span.start == first for span in voices.spans):
        begun = next((span for span in sentences if span[0] < first < span[1]), None)
        if begun and _is_frame(text, voices, part, begun):
            first = min(begun[1], last)
        first = last - len(text[first:last].lstrip(_AFTER))
    if last < stretch[1] and not any(span.end == last for span in voices.spans):
        leading = text[first:last].rstrip(_BEFORE.replace(":", "")).endswith(":")
        open = next((span for span in reversed(sentences) if span[0] < last), None)
        if open and (leading or (last < open[1] and _is_frame(text, voices, part, open))):
            last = max(open[0], first)
        last = first + len(text[first:last].rstrip(_BEFORE))
    rest = text[first:last]
    return first + len(rest) - len(rest.lstrip()), last - (len(rest) - len(rest.rstrip()))


def _is_frame(text: str, voices: Voices, part: Voice, sentence: Span) -> bool:
    """Whether what a part has of a sentence only says whose words the rest of it are."""
    own = sum(piece.end - piece.start for piece in voices.pieces(*sentence) if _same(piece, part))
    rest = re.findall(r"\w+", text[max(part.start, sentence[0]) : min(part.end, sentence[1])].lower())
    says = len(rest) <= _LONGEST_FRAME and not _SAYING.isdisjoint(rest)
    says |= part.start > sentence[0] and not _SAYING.isdisjoint(rest[:3])  # "..., said the owner, who"
    return says or own <= (1 - _FRAME) * (sentence[1] - sentence[0])


def _around(voices: Voices, kind: VoiceKind, start: int, end: int) -> Voice | None:
    return next((span for span in voices.spans if span.kind is kind and span.start <= start and span.end >= end), None)


def _same(one: Voice, other: Voice) -> bool:
    return one.same_speaker(other) or (one.kind, one.speaker, one.chain) == (other.kind, other.speaker, other.chain)


def _words(text: str, span: Span) -> int:
    return len(text[slice(*span)].split())
