"""What a citation claims of a document, and the document as it is now in; a verdict out. Pure: no model, no index.

    exact    The document's text is the one that was cited, letter for letter, and the quote stands at its place between
             the words given as its context. There is nothing to look at.
    moved    The text is another. The quote stands in one place of it, which is another one, between the same 32
             characters on either side (fewer at an end of the text): what was edited stands further away. The verdict
             has the new place.
    changed  The text is another, the words of the quote still stand in it, and a reader should look: at the same place,
             where only something further away was edited; or beside something new (a "not" may have come in front of
             it, or a correction behind it); or in several places, of which none can be told to be the one. Only then
             the verdict has no place.
    failed   It must not be shown as a quote. Its words no longer stand in the document as whole words; or the document
             is gone, or can no longer be read; or the claim contradicts the very text that it names.

Words that stand between other words on both sides count only if they are many enough not to be there by chance. Nothing
is normalised: a quote stands in a text, or it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from index.types import Document

CONTEXT = 32  # characters of the text before and after a quote
_BY_CHANCE = 20  # characters below which a quote may stand between any words; guessed
_PLACES = 1_000  # looked at; a quote that stands in more of them could be any


class Check(StrEnum):
    """What became of a quote."""

    EXACT = "exact"
    MOVED = "moved"
    CHANGED = "changed"
    FAILED = "failed"


class Finding(StrEnum):
    """Why a check came out as it did."""

    SAME = "same"
    SHIFTED = "shifted"
    ELSEWHERE = "elsewhere"  # edited there; the quote stands at its place, between the same words
    BESIDE = "beside"  # edited there; the quote stands between other words
    SEVERAL = "several"  # places, and no telling which
    ABSENT = "absent"
    GONE = "gone"  # the document
    UNTRUE = "untrue"  # the text is the one cited, and the quote has never stood there


_CHECKS = {
    Finding.SAME: Check.EXACT,
    Finding.SHIFTED: Check.MOVED,
    Finding.ELSEWHERE: Check.CHANGED,
    Finding.BESIDE: Check.CHANGED,
    Finding.SEVERAL: Check.CHANGED,
    Finding.ABSENT: Check.FAILED,
    Finding.GONE: Check.FAILED,
    Finding.UNTRUE: Check.FAILED,
}
_SENTENCES = {
    Finding.SAME: "This quote stands in {document} as it was cited.",
    Finding.SHIFTED: "{document} has changed; this quote now stands at characters {start}–{end}, "
    "between the same words.",
    Finding.ELSEWHERE: "{document} has changed elsewhere; this quote stands where it did, between the same words.",
    Finding.BESIDE: "{document} has changed right beside this quote, whose own words are the same: look at it again.",
    Finding.SEVERAL: "{document} has changed; the words of this quote stand in several places of it, and it cannot be "
    "told which was meant.",
    Finding.ABSENT: "This quote no longer stands in {document}.",
    Finding.GONE: "This quote no longer stands in {document}: the document is gone, or can no longer be read.",
    Finding.UNTRUE: "This quote does not stand in {document}, whose text is the one cited.",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What a citation claims: that a document of this text has this quote at this place, between these words."""

    document: str  # path relative to the corpus
    text_sha256: str
    start: int
    end: int
    quote: str
    before: str  # the 32 characters in front of the quote, fewer at the beginning of the text
    after: str

    @classmethod
    def of(cls, document: Document, start: int, end: int) -> Proof:
        """What is true of this stretch of a document."""
        text = document.text
        before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        return cls(document.id, document.text_sha256, start, end, text[start:end], before, after)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a quote, and where it stands now; nowhere, or in no one place, where start and end are None."""

    finding: Finding
    start: int | None = None
    end: int | None = None

    @property
    def check(self) -> Check:
        """One word for it."""
        return _CHECKS[self.finding]

    def sentence(self, document: str) -> str:
        """The same for a reader, who knows the document under this name."""
        return _SENTENCES[self.finding].format(document=document, start=self.start, end=self.end)


def check(proof: Proof, document: Document | None) -> Verdict:
    """Hold a claim against its document as it is now; None where that is gone or cannot be read."""
    if document is None:
        return Verdict(Finding.GONE)
    text, quote, start = document.text, proof.quote, proof.start
    if not quote or start < 0 or proof.end - start != len(quote):
        return Verdict(Finding.UNTRUE)
    if document.text_sha256 == proof.text_sha256:
        true = Proof.of(document, start, proof.end)
        stands = (true.quote, true.before, true.after) == (quote, proof.before, proof.after)
        return _at(start, Finding.SAME, proof) if stands else Verdict(Finding.UNTRUE)

    agreeing = {place: _agreeing(proof, text, place) for place in islice(_places(proof, text), _PLACES)}
    between = [place for place, sides in agreeing.items() if sides == 2]
    if start in between:
        return _at(start, Finding.ELSEWHERE, proof)
    if between:
        return _at(between[0], Finding.SHIFTED, proof) if len(between) == 1 else Verdict(Finding.SEVERAL)
    known = [place for place, sides in agreeing.items() if sides or len(quote) >= _BY_CHANCE]
    if start in known:
        return _at(start, Finding.BESIDE, proof)
    closest = [place for place in known if agreeing[place]] or known
    if not closest:
        return Verdict(Finding.ABSENT)
    return _at(closest[0], Finding.BESIDE, proof) if len(closest) == 1 else Verdict(Finding.SEVERAL)


def proven(exact: int, quotes: int) -> str:
    """How many quotes are exact, in words."""
    return f"{exact} of {quotes} {'quote' if quotes == 1 else 'quotes'} exact"


def _at(place: int, finding: Finding, proof: Proof) -> Verdict:
    return Verdict(finding, place, place + len(proof.quote))


def _agreeing(proof: Proof, text: str, place: int) -> int:
    """On how many sides of this place the text goes on as it did around the quote.

    Where that was the beginning or the end of the text, lines may have come in front or behind, and no other words.
    """
    first, last = place - len(proof.before), place + len(proof.quote) + len(proof.after)
    before = first >= 0 and text.startswith(proof.before, first)
    after = text.startswith(proof.after, place + len(proof.quote))
    return (before and (len(proof.before) == CONTEXT or _between_lines(text, first))) + (
        after and (len(proof.after) == CONTEXT or _between_lines(text, last))
    )


def _between_lines(text: str, at: int) -> bool:
    return at in (0, len(text)) or text[at - 1] in "\r\n" or text[at] in "\r\n"


def _places(proof: Proof, text: str) -> Iterator[int]:
    """Where the words of the quote stand, as whole words: "able to pay" is not a quote from "unable to pay"."""
    quote = proof.quote
    opened, closed = _one_word(proof.before[-1:], quote[0]), _one_word(quote[-1], proof.after[:1])
    at = text.find(quote)
    while at >= 0:
        end = at + len(quote)
        cut_before = not opened and at > 0 and _one_word(text[at - 1], quote[0])
        if not cut_before and (closed or not _one_word(quote[-1], text[end : end + 1])):
            yield at
        at = text.find(quote, at + 1)


def _one_word(left: str, right: str) -> bool:
    # Scripts without spaces have no such border; there the quote itself was cut out of a row of letters.
    return left.isalnum() and right.isalnum()
