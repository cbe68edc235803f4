"""An answer that was saved in, the same answer out with every citation held against its document as it is now.

Its citations keep what they claimed then: the quote, its place and the words around it. What became of each is its
check, and a sentence for each that is not exact, as for exports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from assistant.exporting import proof
from assistant.exporting.exported import Quote, claim_of
from assistant.exporting.proof import Check, Proof
from assistant.exporting.shape import WrongShape
from assistant.types import (
    Answer,
    Assumption,
    Citation,
    Claim,
    Echo,
    Mode,
    Outcome,
    Reason,
    Removed,
    Standing,
    State,
    Variant,
    Writing,
)
from index.filter import EVERYTHING, Filter
from index.types import UNLABELLED, Document, Label, Perspective, Provenance, Source, Voice, VoiceKind

_LONGEST = 100_000_000  # characters; no place in a document lies further from its beginning

Look = Callable[[str], Document | None]


@dataclass(frozen=True, slots=True)
class Reopened:
    """A saved answer, and what became of its quotes."""

    answer: Answer
    quotes: tuple[Quote, ...]  # of its citations

    @property
    def doubts(self) -> tuple[Quote, ...]:
        """Those that are not exact."""
        return tuple(quote for quote in self.quotes if not quote.exact)


@dataclass(frozen=True, slots=True)
class _Remembered(Document):
    """What a saved citation knows of a document: its quote and the words around it, at their place, and no others."""

    hash: str = ""

    @property
    def text_sha256(self) -> str:
        return self.hash


def reopen(
    data: Mapping[str, Any], look: Look, outlet: Callable[[str], str | None] = lambda document: None
) -> Reopened:
    """Make an answer of its data.

    Args:
        data: an answer as `Answer.to_dict` gives it, of the shape that `shape.answer` accepts.
        look: finds a document as it is now.
        outlet: who published a document, which the data do not say.

    Raises:
        WrongShape: there is something in it that no answer has.
    """
    try:
        return _Reading(look, outlet).answer(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WrongShape(str(error)) from error


class _Reading:
    """Reads the parts of one answer."""

    def __init__(self, look: Look, outlet: Callable[[str], str | None]) -> None:
        self._look, self._outlet = look, outlet

    def answer(self, data: Mapping[str, Any]) -> Reopened:
        quotes = tuple(self._held(f"citation {entry['number']}", entry) for entry in data["citations"])
        citations = tuple(self._citation(entry, quote) for entry, quote in zip(data["citations"], quotes, strict=True))
        answer = Answer(
            id=data["id"],
            question=data["question"],
            query=data["query"],
            mode=Mode(data["mode"]),
            outcome=Outcome(data["outcome"]),
            claims=tuple(_claim(claim) for claim in data["claims"]),
            citations=citations,
            perspectives=tuple(self._standing(line) for line in data["perspectives"]),
            generation=data["generation"],
            labels=data["labels"],
            spellings=tuple(tuple(names) for names in data["spellings"]),
            only=_only(data.get("only")),
            reason=Reason(**data["reason"]) if data["reason"] else None,
            premise=_claim(data["premise"]) if data["premise"] else None,
            assumption=_assumption(data.get("assumption")),
            removed=tuple(Removed(entry["text"], tuple(entry["reasons"])) for entry in data["removed"]),
            nearest=tuple(self._citation(entry, self._held("nearest", entry)) for entry in data["nearest"]),
            model=data["model"],
            prompts=dict(data["prompts"]),
            writing=Writing(**_known(Writing, data["writing"])) if data.get("writing") else None,
            echoes=tuple(_echo(echo) for echo in data.get("echoes", ())),
            seconds={name: float(value) for name, value in data.get("seconds", {}).items()},
        )
        return Reopened(answer, quotes)

    def _held(self, place: str, entry: Mapping[str, Any]) -> Quote:
        claim = claim_of(entry)
        return Quote(place, claim, proof.check(claim, self._look(claim.document)))

    def _citation(self, entry: Mapping[str, Any], quote: Quote) -> Citation:
        page = entry.get("page")
        labels = tuple(_label(label) for label in entry["perspectives"])
        source = Source(entry["title"], self._outlet(entry["document"]), None, entry["published"], labels)
        return Citation(
            entry["number"],
            _remembered(quote.claim, entry["sha256"], page if type(page) is int and 0 < page < 100_000 else 0),
            source,
            quote.claim.start,
            quote.claim.end,
            float(entry["score"]),
            entry["match"],
            quote.verdict.check if quote.verdict else Check.FAILED,
            voice=_voice(entry),
        )

    def _standing(self, line: Mapping[str, Any]) -> Standing:
        near = line["closest"]
        if near:
            label = {"id": line["id"], "label": line["label"], "provenance": "unknown", "by": None, "on": None}
            card = {
                "number": 0,
                "title": near["document"],
                "published": None,
                "match": "exact",
                "perspectives": [label],
            }
            closest = self._citation({**near, **card}, self._held("closest", near))
        else:
            closest = None
        return Standing(line["id"], line["label"], State(line["state"]), closest)


def _remembered(claim: Proof, sha256: str, page: int) -> Document:
    before = claim.start - len(claim.before)
    if not 0 <= before <= _LONGEST or claim.end - claim.start != len(claim.quote):
        raise ValueError(f"no quote stands at {claim.start}")
    text = " " * before + claim.before + claim.quote + claim.after
    return _Remembered(claim.document, text, sha256, pages=(0,) * page, hash=claim.text_sha256)


def _label(label: Mapping[str, Any]) -> Label:
    perspective = UNLABELLED if label["id"] == UNLABELLED.id else Perspective(label["id"], label["label"])
    return Label(perspective, Provenance(label["provenance"]), label["by"], label["on"])


def _voice(entry: Mapping[str, Any]) -> Voice:
    spoken = entry["voice"]
    origin = spoken.get("provenance", "rule")
    kind, chain = VoiceKind(spoken["kind"]), tuple(spoken["chain"])
    return Voice(entry["start"], entry["end"], kind, spoken["speaker"], chain, provenance=origin)


def _claim(claim: Mapping[str, Any]) -> Claim:
    return Claim(claim["text"], tuple(claim["citations"]))


def _only(given: Mapping[str, Any] | None) -> Filter:
    if not given:
        return EVERYTHING
    perspectives, documents, speakers = (tuple(given[name]) for name in ("perspectives", "documents", "speakers"))
    return Filter(perspectives, documents, given["since"], given["until"], speakers)


def _assumption(given: Mapping[str, Any] | None) -> Assumption | None:
    if not given:
        return None
    known = _known(Assumption, given)
    return Assumption(**{**known, "rejected": tuple(known["rejected"]), "citations": tuple(known["citations"])})


def _echo(echo: Mapping[str, Any]) -> Echo:
    known = _known(Echo, echo)
    listed: dict[str, tuple[Any, ...]] = {name: tuple(known[name]) for name in ("citations", "documents")}
    variants = tuple(Variant(**_known(Variant, variant)) for variant in known.get("variants", ()))
    return Echo(**{**known, **listed, "variants": variants})


def _known(kind: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """What of some data this version has a place for."""
    return {field.name: data[field.name] for field in fields(kind) if field.name in data}
