"""A corpus of which some documents are labelled in, a perspective for each of the others out, or that it is unknown.

    labelled documents ─► author's own words ─► prototypes ─► held out by outlet ─► the margin that this corpus needs
    other documents ─► author's own words ─► nearest side, margin, the sentences that decided ─► suggestion or unknown

Only what a person labelled teaches. A suggestion is never more than "inferred", and where documents held out are not
found better than by always naming the commonest side, nothing is suggested at all. Embeds nothing.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assistant.errors import ModelUnavailable
from assistant.labelling import opinion
from assistant.labelling.opinion import Opinion
from assistant.labelling.own import Stretch, own_words
from assistant.labelling.prototypes import Held, Prototypes, Share, share
from assistant.writing.llm import Model
from index.generation import Generation
from index.library import INDEXED, Entry
from index.retrieve import Retriever
from index.types import Label, Perspective, Provenance, Source, Span

TEACHERS = 2  # labelled documents that a perspective needs
# The least margins, both chosen on half of the outlets of the news set (LOG.md). Where many outlets are held out, what
# was measured can be relied on, and the first only keeps ties out. Where outlets are not known, or are few, documents
# held out are recognised by their outlet: nearly nine of ten of them were right, and a third of those of other outlets.
# Hardly any article reached the second.
MARGIN, MARGIN_UNKNOWN = 0.05, 0.3
_MANY_OUTLETS = 10
# Held-out documents at the margin must be right at least so often, at the low end of a one-sided 95 % interval, and
# more often than the commonest side; set by hand: all of four reach it, nine of ten, sixteen of twenty.
_RIGHT = 0.59
_KNOWN = 0.8  # share of the labelled documents whose outlet must be known to hold outlets out
_TRIED = (1.0, 0.5, 0.25, 0.125)  # shares of the documents held out whose margins are tried, the widest first
_FEWEST_WORDS = 15  # content words of the author's own that say anything of where he stands
_SHOWN = 3  # sentences that decided
_FEWEST_SHOWN = 6  # words of one


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What can be said of a document that nobody has labelled."""

    document: str
    sha256: str
    perspective: Perspective | None  # None is unknown
    margin: float  # of the nearest perspective over the next; 0 where none could be told
    nearest: Perspective | None
    sentences: tuple[tuple[Span, str], ...]  # that decided, the strongest first: exact slices, the author's own words
    reason: str = ""  # why it is unknown; empty where it is not
    opinion: Opinion | None = None  # of the model, where one was asked

    @property
    def agreed(self) -> bool:
        """Whether the model, too, names the nearest perspective."""
        return bool(self.opinion and self.nearest and self.opinion.perspective == self.nearest.id)


@dataclass(frozen=True, slots=True)
class Report:
    """Suggestions for a corpus, and how far they can be relied on."""

    suggestions: tuple[Suggestion, ...]  # in order of path
    labelled: Mapping[str, int]  # documents that teach, by perspective
    margin: float | None  # from which on a perspective is suggested; None where none is
    held: Share | None  # of the labelled documents held out that reach the margin (or 0), how many were right
    majority: float  # what always naming the commonest perspective would reach
    by_outlet: bool  # whether whole outlets were held out, and not single documents
    remarks: tuple[str, ...]  # for the owner, a sentence each

    def to_dict(self) -> dict[str, Any]:
        """As `parallax labels suggest --json` prints it."""
        return {
            "margin": self.margin,
            "labelled": dict(self.labelled),
            "held_out": self.held
            and {
                "right": round(self.held.right, 3),
                "low": round(self.held.low, 3),
                "documents": self.held.texts,
                "majority": round(self.majority, 3),
                "by": "outlet" if self.by_outlet else "document",
            },
            "remarks": list(self.remarks),
            "suggestions": [_to_dict(suggestion) for suggestion in self.suggestions],
        }


@dataclass(frozen=True, slots=True)
class _Card:
    """A document with its label and its author's own words."""

    entry: Entry
    source: Source
    own: tuple[Stretch, ...]

    @property
    def speaks(self) -> bool:
        """Whether the author says enough himself."""
        return sum(len(stretch.words) for stretch in self.own) >= _FEWEST_WORDS


def suggest(
    generation: Generation,
    retriever: Retriever,
    margin: float | None = None,
    *,
    model: Model | None = None,
    stop: threading.Event | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Report:
    """A perspective, or unknown, for every document without a label that a person or the document itself gave.

    Args:
        margin: suggest from here on, whatever was measured; by default what this corpus needs.
        model: is asked for a second opinion on each document; where it differs, the document is unknown.
        stop: when it is set, the model is asked no more.
        progress: told how many documents were judged, of how many.
    """
    entries = [entry for entry in generation.library.entries if entry.state == INDEXED]
    sources = {entry.id: retriever.labels_of(entry) for entry in entries}
    read = _reading(generation, retriever)
    labelled = _labelled(entries, sources)
    perspectives = {label.perspective.id: label.perspective for label in labelled.values()}
    cards = [_Card(entry, sources[entry.id], read(entry)) for entry in entries if entry.id in labelled]
    counts = Counter(_side(labelled[card.entry.id]) for card in cards if card.speaks)
    usable = sorted(id for id, count in counts.items() if count >= TEACHERS)
    teachers = [card for card in cards if card.speaks and _side(labelled[card.entry.id]) in usable]
    remarks = [
        f"“{perspectives[id].label}” cannot be suggested: {counts[id]} of its documents can teach it, {TEACHERS} must."
        for id in sorted(perspectives)
        if id not in usable
    ]
    sides = [_side(labelled[card.entry.id]) for card in teachers]
    groups, by_outlet = _groups(teachers, sides)
    prototypes = None
    if len(usable) > 1:
        prototypes = Prototypes([card.own for card in teachers], sides, groups)
    judged = (
        threshold(prototypes, margin, least_margin(groups, by_outlet=by_outlet))
        if prototypes
        else Threshold(None, None, 0.0)
    )
    remarks += _measured(prototypes, judged, margin, by_outlet, teachers)

    open_ = [entry for entry in entries if _is_open(sources[entry.id])]
    found: list[Suggestion] = []
    for number, entry in enumerate(open_):
        progress(number, len(open_))
        card = _Card(entry, sources[entry.id], read(entry))
        text = generation.library.document(entry.key).text
        suggestion = _judge(card, text, prototypes, judged.margin, perspectives)
        if model and prototypes and suggestion.nearest and not (stop and stop.is_set()):
            offered = [perspectives[id] for id in usable]
            try:
                said = opinion.ask(model, text, card.own, offered, stop or threading.Event())
            except ModelUnavailable as error:
                remarks.append(f"{error} From there on the labelled documents alone decided.")
                model = None
            else:
                suggestion = _agreed(suggestion, said)
        found.append(suggestion)
    return Report(
        suggestions=tuple(found),
        labelled={id: counts[id] for id in usable},
        margin=judged.margin,
        held=judged.held,
        majority=judged.majority,
        by_outlet=by_outlet,
        remarks=tuple(remarks),
    )


def _labelled(entries: Sequence[Entry], sources: Mapping[str, Source]) -> dict[str, Label]:
    """The documents that a person gave one perspective; of copies of one text with one label, the first."""
    found: dict[str, Label] = {}
    seen: set[tuple[int, str]] = set()
    for entry in entries:
        labels = sources[entry.id].labels
        if len(labels) == 1 and labels[0].provenance is Provenance.CURATED:
            copy = (entry.cluster, _side(labels[0])) if entry.cluster is not None else None
            if copy is None or copy not in seen:
                found[entry.id] = labels[0]
            if copy:
                seen.add(copy)
    return found


def _is_open(source: Source) -> bool:
    """Whether neither a person nor the document itself has said where it stands."""
    return all(label.provenance in (Provenance.UNKNOWN, Provenance.INFERRED) for label in source.labels)


def _side(label: Label) -> str:
    return label.perspective.id


def _reading(generation: Generation, retriever: Retriever) -> Callable[[Entry], tuple[Stretch, ...]]:
    library = generation.library
    return lambda entry: own_words(
        library.document(entry.key).text, retriever.voices(entry.id), library.sentences(entry.key)
    )


def _groups(teachers: Sequence[_Card], sides: Sequence[str]) -> tuple[list[Hashable], bool]:
    """What is held out together: outlets, where every side has two of them at least; else single documents."""
    outlets: list[Hashable] = [
        (card.source.outlet or "").casefold().strip() or ("", card.entry.id) for card in teachers
    ]
    known = sum(bool(card.source.outlet) for card in teachers) >= _KNOWN * len(teachers)
    spread = Counter(side for side, _ in set(zip(sides, outlets, strict=True)))
    if known and all(spread[side] >= TEACHERS for side in sides):
        return outlets, True
    return [card.entry.id for card in teachers], False


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which margin on a corpus suggests, and what was measured there."""

    margin: float | None  # None where there is none
    held: Share | None
    majority: float


def threshold(prototypes: Prototypes, wanted: float | None, least: float) -> Threshold:
    """The smallest margin at which documents held out were right often enough; None where there is none."""
    held, majority = prototypes.held_out, prototypes.majority
    if wanted is not None:
        return Threshold(wanted, share(held, wanted), majority)
    for margin in _tried(held, least):
        reached = share(held, margin)
        if _is_good(reached, majority):
            return Threshold(margin, reached, majority)
    return Threshold(None, share(held, 0.0), majority)


def least_margin(groups: Sequence[Hashable], *, by_outlet: bool) -> float:
    """The margin below which nothing is suggested, whatever was measured."""
    return MARGIN if by_outlet and len(set(groups)) >= _MANY_OUTLETS else MARGIN_UNKNOWN


def _is_good(reached: Share, majority: float) -> bool:
    return reached.low >= _RIGHT and reached.low > majority


def _tried(held: Sequence[Held], least: float) -> list[float]:
    """Few margins, so that none is good by chance: the least, and those that only a part of the texts reaches."""
    margins = np.array([entry.margin for entry in held])
    return sorted({max(least, float(np.quantile(margins, 1 - part))) for part in _TRIED})


def _judge(
    card: _Card, text: str, prototypes: Prototypes | None, margin: float | None, perspectives: Mapping[str, Perspective]
) -> Suggestion:
    unknown = Suggestion(card.entry.id, card.entry.sha256, None, 0.0, None, ())
    if prototypes is None:
        return replace(unknown, reason="fewer than two perspectives can be suggested")
    if not card.speaks:
        return replace(unknown, reason="too few of the author's own words")
    near = prototypes.near(card.own)
    deciding = [
        ((stretch.start, stretch.end), text[stretch.start : stretch.end])
        for stretch, added in prototypes.decided(card.own, near)
        if added > 0 and len(text[stretch.start : stretch.end].split()) >= _FEWEST_SHOWN
    ][:_SHOWN]
    judged = replace(unknown, margin=near.margin, nearest=perspectives[near.side], sentences=tuple(deciding))
    if margin is None:
        return replace(judged, reason="the labelled documents do not tell the perspectives apart")
    if near.margin < margin:
        return replace(judged, reason="below the margin")
    if not deciding:
        return replace(judged, reason="no sentence of the author's speaks for it")
    return replace(judged, perspective=judged.nearest)


def _agreed(suggestion: Suggestion, said: Opinion) -> Suggestion:
    """With the model's opinion, which can take a suggestion away and never gives one."""
    suggestion = replace(suggestion, opinion=said)
    if suggestion.perspective is None or said.perspective == suggestion.perspective.id:
        return suggestion
    why = "the model read it otherwise" if said.perspective else f"the model could not tell: {said.reason}"
    return replace(suggestion, perspective=None, reason=why)


def _measured(
    prototypes: Prototypes | None, judged: Threshold, wanted: float | None, by_outlet: bool, teachers: Sequence[_Card]
) -> list[str]:
    """What was measured on the labelled documents, in a sentence or two."""
    if prototypes is None or judged.held is None:
        return [f"Nothing can be suggested: label at least {TEACHERS} documents of each of two perspectives yourself."]
    held, majority = judged.held, f"always naming the commonest perspective reaches {judged.majority:.0%}"
    how = "whole outlets were held out" if by_outlet else "single documents were held out"
    right = f"{held.right:.0%} of {_count(held.texts)} that reach it were right when {how}; {majority}."
    if judged.margin is None:
        return [
            f"Nothing is suggested: no margin was right often enough. At margin 0, {right}",
            *_doubts(by_outlet, teachers),
        ]
    said = [f"From margin {judged.margin:.2f} on, {right}"]
    if wanted is not None and not _is_good(held, judged.majority):
        said += ["That is too little to rely on. Without --margin, this corpus gets a larger one, or no suggestion."]
    return [*said, *_doubts(by_outlet, teachers)]


def _doubts(by_outlet: bool, teachers: Sequence[_Card]) -> list[str]:
    if by_outlet:
        return []
    why = (
        "A perspective has one outlet alone"
        if all(card.source.outlet for card in teachers)
        else "Outlets are not known"
    )
    return [f"{why}: what was learned may be the outlet, and not the side."]


def _count(number: int) -> str:
    return "1 document" if number == 1 else f"{number} documents"


def _to_dict(suggestion: Suggestion) -> dict[str, Any]:
    said = suggestion.opinion
    return {
        "document": suggestion.document,
        "sha256": suggestion.sha256,
        "perspective": suggestion.perspective.id if suggestion.perspective else "unknown",
        "label": suggestion.perspective.label if suggestion.perspective else None,
        "provenance": str(Provenance.INFERRED if suggestion.perspective else Provenance.UNKNOWN),
        "margin": round(suggestion.margin, 3),
        "nearest": suggestion.nearest.id if suggestion.nearest else None,
        "sentences": [{"start": start, "end": end, "quote": quote} for (start, end), quote in suggestion.sentences],
        "reason": suggestion.reason or None,
        "model": said
        and {
            "perspective": said.perspective or "unknown",
            "agrees": suggestion.agreed,
            "quotes": [{"start": start, "end": end, "quote": quote} for (start, end), quote in said.quotes],
            "reason": said.reason or None,
        },
    }
