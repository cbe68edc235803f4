"""What the owner of a document says about who speaks in it in, the corrected voices out.

    [[source.voice]]            # under the [[source]] of the document
    lines = "11-47"             # or quote = "its first words", until = "its last words"
    speaker = "The New York Times"

A region is looked up in the text at each reading. It replaces what the rules found in the place of it, and what they
found across its border: an embedded text all of that, anything else as far as it reaches. What they found inside of an
embedded text stays there, carried by its speaker. Pure functions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.errors import BadLabels
from index.labelling import tables
from index.types import Span, Voice, VoiceKind, Voices

CURATED = "curated"  # the provenance of a voice that a person gave
AUTHOR = "author"  # the speaker of a stretch that is the author's after all
_KINDS = (VoiceKind.DIRECT, VoiceKind.INDIRECT, VoiceKind.EMBEDDED, VoiceKind.COMMENT)
_CARRYING = (VoiceKind.EMBEDDED, VoiceKind.COMMENT)  # in which others may speak
_LINES = re.compile(r"([1-9]\d{0,8})(?: ?[-–] ?([1-9]\d{0,8}))?")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SAME = 0.9  # of the longer of two stretches that both must hold to be the same one, but for a mark or a frame
_WHOLE, _WORDS = 300, 12  # characters of a quote that is written whole; words of the two ends of a longer one
_SHOWN = 40  # characters of a quote that a message repeats


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a document and who speaks in it. Either `lines` or `quote` says where it is."""

    place: str  # of the table, for messages
    lines: tuple[int, int] | None  # from 1, both included
    quote: str | None
    until: str | None  # the last words, where `quote` is only the first
    kind: VoiceKind  # AUTHOR where the author speaks after all
    speaker: str | None
    chain: tuple[str, ...] | None  # None: as the voices around it have it


def read(name: str, place: str, source: Mapping[str, Any]) -> tuple[Region, ...]:
    """The `[[source.voice]]` tables of an entry.

    Raises:
        BadLabels: one of them cannot be followed.
    """
    voices = tables.listed(name, source, "voice", "[[source.voice]]")
    return tuple(_region(name, f"{place}, voice {number}", voice) for number, voice in enumerate(voices, 1))


def corrected(found: Voices, regions: Sequence[Region], text: str) -> Voices:
    """The voices of a text, with what its owner says of them. A region that has no place in the text is passed over."""
    placed, _ = _placed(regions, "", text)
    fixed = {(start, end) for region, start, end in placed if region.chain is not None}
    spans = list(found.spans)
    for region, start, end in placed:
        given = Voice(start, end, region.kind, region.speaker, provenance=CURATED)
        around = [span for span in spans if _holds(span, given) and not _is_same_block(span, given)]
        outer = _carried(min(around, key=_length)) if around else ()
        given = _through(outer if region.chain is None else region.chain, given)
        replaced = {span.speaker for span in spans if _is_same_block(span, given)}
        beside = (_beside(span, given, len(outer), replaced, fixed, text) for span in spans)
        spans = [*(span for span in beside if span is not None), given]
    return Voices(tuple(sorted(_without_authors(spans, text), key=lambda span: (span.start, -span.end))))


def problems(regions: Sequence[Region], document: str, text: str) -> list[str]:
    """What is wrong with the places of these regions in a document: a sentence each."""
    return _placed(regions, document, text)[1]


def place_of(region: Region, text: str) -> Span | None:
    """Where a region is in a text; None where it is nowhere."""
    try:
        return _by_lines(region.lines, text) if region.lines else _by_words(region, text)
    except LookupError:
        return None


def words_for(stretch: Span, text: str) -> dict[str, str] | None:
    """The `quote` (and `until` of a long one) by which a stretch is found again; or the `lines`, if it is whole ones.

    None where these words stand in front of it as well, so that another place would be found.
    """
    start, end = _trimmed(text, *stretch)
    words = text[start:end].split()
    if not words:
        return None
    quote = " ".join(words)
    said = {"quote": quote}
    if len(quote) > _WHOLE:
        said = {"quote": " ".join(words[:_WORDS]), "until": " ".join(words[-_WORDS:])}
    region = Region("", None, said["quote"], said.get("until"), VoiceKind.AUTHOR, None, None)
    if place_of(region, text) == (start, end):
        return said
    ((first, last),) = lines_of([(start, end)], text)
    return {"lines": f"{first}-{last}"} if _by_lines((first, last), text) == (start, end) else None


def lines_of(spans: Sequence[Span], text: str) -> list[Span]:
    """The first and the last line of each stretch of a text, from 1, as `lines` counts them."""
    begins = [0, *(match.end() for match in _LINE_END.finditer(text))]
    return [(bisect_right(begins, start), bisect_right(begins, max(start, end - 1))) for start, end in spans]


def _region(name: str, place: str, voice: Mapping[str, Any]) -> Region:
    tables.no_strangers(name, place, voice, {"lines", "quote", "until", "speaker", "kind", "chain", "by", "on"})
    said = {key: tables.text(name, voice, key) for key in ("lines", "quote", "until", "speaker", "kind", "by", "on")}
    if bool(said["lines"]) == bool(said["quote"]) or (said["until"] and not said["quote"]):
        raise BadLabels(name, f"{place} says not clearly where it is", 'Give it lines = "11-47", or quote = "..."')
    if not said["speaker"] and not said["kind"]:
        raise BadLabels(name, f"{place} names no speaker", 'Give it speaker = "...", or speaker = "author"')
    is_author = said["speaker"] == AUTHOR
    return Region(
        place=f"{name}, {place}",
        lines=_lines(name, place, said["lines"]),
        quote=said["quote"],
        until=said["until"],
        kind=VoiceKind.AUTHOR if is_author else _kind(name, place, said["kind"]),
        speaker=None if is_author else said["speaker"],
        chain=_chain(name, place, voice.get("chain")),
    )


def _lines(name: str, place: str, lines: str | None) -> tuple[int, int] | None:
    if lines is None:
        return None
    found = _LINES.fullmatch(lines)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if first > last:
        raise BadLabels(name, f"{place} has the lines {lines!r}", 'Write lines = "11-47", counted from 1')
    return first, last


def _kind(name: str, place: str, kind: str | None) -> VoiceKind:
    if kind is None:
        return VoiceKind.EMBEDDED
    if kind not in _KINDS:
        raise BadLabels(name, f"{place} has the kind {kind!r}", f"Use one of: {', '.join(_KINDS)}")
    return VoiceKind(kind)


def _chain(name: str, place: str, chain: object) -> tuple[str, ...] | None:
    if chain is None:
        return None
    carriers = [chain] if isinstance(chain, str) else chain
    if not isinstance(carriers, list) or not all(isinstance(carrier, str) and carrier.strip() for carrier in carriers):
        raise BadLabels(name, f"the chain of {place} is not a list of names", 'Write chain = ["outermost", "next"]')
    return tuple(" ".join(carrier.split()) for carrier in carriers)


def _placed(regions: Sequence[Region], document: str, text: str) -> tuple[list[tuple[Region, int, int]], list[str]]:
    """Where the regions are in a text, and what is wrong with those that are nowhere, or in the way of another."""
    placed: list[tuple[Region, int, int]] = []
    wrong: list[str] = []
    for region in regions:
        try:
            start, end = _by_lines(region.lines, text) if region.lines else _by_words(region, text)
        except LookupError as error:
            wrong.append(f"{region.place}: {document} {error.args[0]}")
            continue
        if other := next((other for other, *span in placed if cross((start, end), (span[0], span[1]))), None):
            wrong.append(f"{region.place}: in {document} it crosses, or repeats, {other.place}")
        else:
            placed.append((region, start, end))
    return placed, wrong


def cross(one: Span, other: Span) -> bool:
    """Whether two stretches are the same, or overlap without one lying in the other."""
    if one == other:
        return True
    inner, outer = sorted((one, other), key=lambda span: span[1] - span[0])
    apart = inner[1] <= outer[0] or inner[0] >= outer[1]
    return not apart and not (outer[0] <= inner[0] and inner[1] <= outer[1])


def _by_lines(lines: Span, text: str) -> Span:
    ends = [match.end() for match in _LINE_END.finditer(text)]
    ends += [len(text)] if not ends or ends[-1] < len(text) else []
    if lines[1] > len(ends):
        raise LookupError(f"has {len(ends)} lines, and no line {lines[1]}")
    start, end = _trimmed(text, ends[lines[0] - 2] if lines[0] > 1 else 0, ends[lines[1] - 1])
    if start == end:
        raise LookupError(f"has nothing in the lines {lines[0]}-{lines[1]}")
    return start, end


def _by_words(region: Region, text: str) -> Span:
    first = _pattern(region.quote or "").search(text)
    if first is None:
        raise LookupError(f"does not hold the words {_quoted(region.quote)}")
    if region.until is None:
        return first.span()
    last = _pattern(region.until).search(text, first.end())
    if last is None:
        raise LookupError(f"does not hold the words {_quoted(region.until)} after {_quoted(region.quote)}")
    return first.start(), last.end()


def _pattern(words: str) -> re.Pattern[str]:
    # A line break or a no-break space in the document is a space to whoever copies from it.
    return re.compile(r"\s+".join(re.escape(word) for word in words.split()))


def _quoted(words: str | None) -> str:
    words = words or ""
    return f"“{words if len(words) <= _SHOWN else words[:_SHOWN] + '…'}”"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the white space at both ends."""
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    return start, max(start, start + len(stretch.strip()))


def _beside(
    span: Voice, given: Voice, carried: int, replaced: set[str | None], fixed: set[tuple[int, int]], text: str
) -> Voice | None:
    """A voice once a curated one stands beside, in or around it; None where that takes its place.

    Args:
        carried: how many carriers lie around the curated one.
        replaced: the speakers of voices whose place it takes.
        fixed: where the owner gave a chain.
    """
    if _is_same_block(span, given):
        return None
    if span.end <= given.start or span.start >= given.end or _holds(span, given):
        return span
    if not (given.start <= span.start and span.end <= given.end):
        return None if given.kind in _CARRYING else _outside(span, given, text)
    curated = span.provenance == CURATED
    if given.kind not in _CARRYING or (curated and (span.start, span.end) in fixed):
        return span if curated else None
    # Carried by what carries the curated voice, then by that, and then by what carried it before.
    inner = span.carriers[carried:]
    inner = inner[1:] if inner and inner[0] in replaced else inner
    return _through((*_carried(given), *inner), span)


def _outside(span: Voice, given: Voice, text: str) -> Voice | None:
    """What of a voice lies in front of another that it crosses, or behind it."""
    ends = (span.start, given.start) if span.start < given.start else (given.end, span.end)
    start, end = _trimmed(text, *ends)
    return replace(span, start=start, end=end) if start < end else None


def _is_same_block(span: Voice, given: Voice) -> bool:
    """Whether the rules found the very text that the owner speaks of, with another border or speaker."""
    if span.provenance == CURATED:
        return False
    shared = min(span.end, given.end) - max(span.start, given.start)
    if given.start <= span.start and span.end <= given.end and span.kind in (*_CARRYING, VoiceKind.RESIDUE):
        return 2 * shared >= _length(given)
    return shared >= _SAME * max(_length(span), _length(given))


def _without_authors(spans: Sequence[Voice], text: str) -> list[Voice]:
    """Voices with the author's stretches cut out of those that lie around them."""
    kept = [span for span in spans if span.kind is not VoiceKind.AUTHOR]
    for author in (span for span in spans if span.kind is VoiceKind.AUTHOR):
        cut: list[Voice] = []
        for span in kept:
            parts = [(span.start, span.end)]
            if span.start <= author.start and span.end >= author.end:
                parts = [(span.start, author.start), (author.end, span.end)]
                parts = [_trimmed(text, start, end) for start, end in parts]
            cut += [replace(span, start=start, end=end) for start, end in parts if start < end]
        kept = cut
    return kept


def _carried(voice: Voice) -> tuple[str, ...]:
    """Through whom that comes which stands in this voice: from the document's author inwards."""
    return (*voice.carriers, voice.speaker) if voice.speaker else voice.carriers


def _through(carriers: tuple[str, ...], voice: Voice) -> Voice:
    speaker = (voice.speaker,) if voice.speaker and carriers and carriers[-1] != voice.speaker else ()
    return replace(voice, chain=(*carriers, *speaker))


def _holds(span: Voice, given: Voice) -> bool:
    """Whether a voice lies around another and is more than it."""
    return span.start <= given.start and span.end >= given.end and _length(span) > _length(given)


def _length(span: Voice) -> int:
    return span.end - span.start
