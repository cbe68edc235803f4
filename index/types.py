"""The values that flow through Parallax: what a document, a passage, a label and a voice are.

Frozen values only: nothing here reads a file, knows a store or talks to a library.
Every offset counts Unicode characters of `Document.text`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

Span = tuple[int, int]  # from the first character to behind the last


class Provenance(StrEnum):
    """How a label came to be."""

    CURATED = "curated"  # a person gave it, with name and date
    SELF_DECLARED = "self-declared"  # the document says so of itself
    INFERRED = "inferred"  # a machine guessed it and nobody has confirmed it
    UNKNOWN = "unknown"  # nobody gave one


class VoiceKind(StrEnum):
    """Who speaks in a stretch of text."""

    AUTHOR = "author"
    DIRECT = "direct"
    INDIRECT = "indirect"
    EMBEDDED = "embedded"
    COMMENT = "comment"
    RESIDUE = "residue"  # what a browser or a page left in the text: of nobody, and never cited
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Perspective:
    """What a viewpoint is called. It knows nothing of documents."""

    id: str
    label: str
    description: str = ""


UNLABELLED = Perspective("unlabelled", "Unlabelled source", "Nobody has said where this source stands.")


@dataclass(frozen=True, slots=True)
class Label:
    """One perspective given to one source; a perspective is never shown without its provenance."""

    perspective: Perspective
    provenance: Provenance
    by: str | None = None
    on: str | None = None  # ISO date
    quotes: tuple[str, ...] = field(default=(), compare=False)  # words of the document that justify it, as given


NO_LABEL = Label(UNLABELLED, Provenance.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Source:
    """The card of a document as its owner labelled it: the document's own data where the labels say nothing."""

    title: str
    outlet: str | None
    kind: str | None
    published: str | None  # ISO, only as precise as known: "2025", "2025-12" or "2025-12-23"
    labels: tuple[Label, ...] = (NO_LABEL,)  # never empty

    @property
    def sides(self) -> tuple[Perspective, ...]:
        """The perspectives for which it counts, in searches, in balance and in silence; never empty.

        What a document merely claims of itself is shown as its claim and counts for nothing: otherwise it could take
        the place of a side, or speak where that side is silent.
        """
        claimed = Provenance.SELF_DECLARED
        return tuple(label.perspective for label in self.labels if label.provenance is not claimed) or (UNLABELLED,)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole text, unchanged, with what its file says of itself."""

    id: str  # path relative to the corpus, with "/" between folders
    text: str = field(repr=False)
    sha256: str  # of the file's bytes
    title: str | None = None  # the document's own; None where it has none
    outlet: str | None = None
    author: str | None = None
    kind: str | None = None
    published: str | None = None  # ISO, only as precise as known
    language: str | None = None  # ISO 639-1; None where the text is too short to tell
    declared: str | None = None  # the perspective that the document claims for itself in its front matter
    pages: tuple[int, ...] = ()  # offset at which each page begins; empty where the format has no pages
    warnings: tuple[str, ...] = ()  # sentences for the owner of the corpus: damage found, weak language
    extractor: str = ""  # what turned the bytes into text, with its version

    @property
    def text_sha256(self) -> str:
        """The SHA-256 of the text as UTF-8 (lone surrogates kept)."""
        return _sha256(self.text)

    def page(self, offset: int) -> int | None:
        """The number, from 1, of the page that holds this offset; None where the format has no pages."""
        return sum(begin <= offset for begin in self.pages) or None


@lru_cache(maxsize=16)  # an answer asks for the same few texts again and again
def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Voice:
    """A stretch in which somebody other than the author speaks, or may; the innermost one wins."""

    start: int
    end: int
    kind: VoiceKind
    speaker: str | None = None
    chain: tuple[str, ...] = ()  # from the document's author inwards to the speaker
    marked: bool = False  # stands between quotation marks
    provenance: str = "rule"  # rule | model | curated
    confidence: float = 1.0

    def same_speaker(self, other: Voice) -> bool:
        """Whether this is another stretch of what one speaker says; of two without a name nobody knows."""
        if self.speaker is None and self.kind is not VoiceKind.AUTHOR:
            return False
        one = (VoiceKind.AUTHOR, VoiceKind.COMMENT, VoiceKind.RESIDUE)
        if self.kind is not other.kind and (self.kind in one or other.kind in one):
            return False
        return (self.speaker, self.chain) == (other.speaker, other.chain)

    @property
    def carriers(self) -> tuple[str, ...]:
        """Through whom the words came into the document, from its author inwards: the chain without the speaker."""
        return self.chain[:-1] if self.speaker and self.chain[-1:] == (self.speaker,) else self.chain


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks where in one document; nobody but the author where no span says otherwise."""

    spans: tuple[Voice, ...] = ()  # by start, an outer one before those inside of it; they nest and do not cross

    @property
    def speakers(self) -> frozenset[str]:
        """Everybody who is named as a speaker."""
        return frozenset(span.speaker for span in self.spans if span.speaker)

    def pieces(self, start: int, end: int) -> tuple[Voice, ...]:
        """A stretch cut wherever the speaker changes, in order and without a gap: the innermost voice of each part.

        What one person says is one piece, whether in quotation marks or reported; a piece of both is indirect.
        """
        spans = [span for span in self.spans if span.start < end and span.end > start]
        cuts = sorted({start, end, *(at for span in spans for at in (span.start, span.end) if start < at < end)})
        made: list[Voice] = []
        for first, last in pairwise(cuts):
            inner = [span for span in spans if span.start <= first and span.end >= last]
            voice = min(inner, key=lambda span: span.end - span.start) if inner else Voice(0, 0, VoiceKind.AUTHOR)
            if made and made[-1].same_speaker(voice):
                kind = voice.kind if voice.kind is made[-1].kind else VoiceKind.INDIRECT
                made[-1] = replace(made[-1], end=last, kind=kind, marked=made[-1].marked and voice.marked)
            else:
                made.append(replace(voice, start=first, end=last))
        return tuple(made)

    def of(self, start: int, end: int) -> Voice:
        """The voice of a stretch: the innermost that covers at least half of it; unclear where none does."""
        pieces = self.pieces(start, end)
        if len(pieces) == 1:
            return pieces[0]
        half = (end - start) / 2
        for piece in pieces:
            own = sum(other.end - other.start for other in pieces if other.same_speaker(piece))
            if own >= half:
                return replace(piece, start=start, end=end)
        for span in sorted(self.spans, key=lambda span: span.end - span.start):
            if min(span.end, end) - max(span.start, start) >= half:
                return replace(span, start=start, end=end)
        return Voice(start, end, VoiceKind.UNCLEAR)


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document: the unit that is embedded and searched."""

    document: Document
    start: int
    end: int

    @property
    def text(self) -> str:
        """Exactly the slice."""
        return self.document.text[self.start : self.end]

    @property
    def id(self) -> str:
        """The same in every rebuild as long as the document's path and text stay the same."""
        place = f"{self.document.id}\0{self.document.text_sha256}\0{self.start}\0{self.end}"
        return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search returned."""

    passage: Passage
    score: float  # cosine similarity of question and passage; 1.0 is identical
    rank: float = 0.0  # what the fused ranking sorted by, 0 to 1; comparable within one search only
