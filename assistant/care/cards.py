"""A corpus in, its perspectives as cards out: what each is called, its documents, and what justifies each label.

A quote that justifies a label is looked for in the document at each reading: it is shown with its place, or as words
that do not stand there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.checking.quotes import find
from assistant.exporting.proof import Proof
from index.generation import Generation
from index.labelling.regions import lines_of
from index.library import INDEXED, Entry
from index.retrieve import Retriever
from index.types import Document, Label, Perspective, Provenance, Source, Span

_SHOWN = 60  # characters of a quote that a message repeats


@dataclass(frozen=True, slots=True)
class Justification:
    """Words that are said to show where a document stands."""

    quote: str  # the document's own where they stand in it, else as they were given
    span: Span | None  # where; None where they do not stand in it
    line: int | None  # of their beginning, from 1
    proof: Proof | None = None  # what they claim of the document, so that they can be opened; None as for `span`


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document under one of its labels, or without one."""

    id: str
    source: Source
    label: Label
    quotes: tuple[Justification, ...] = ()

    @property
    def can_be_confirmed(self) -> bool:
        """Whether a machine guessed the label and nobody has confirmed it."""
        return self.label.provenance is Provenance.INFERRED


@dataclass(frozen=True, slots=True)
class Card:
    """A perspective with the documents that stand for it."""

    perspective: Perspective
    documents: tuple[Labelled, ...]  # in order of path


@dataclass(frozen=True, slots=True)
class Cards:
    """All perspectives of a corpus, and what stands for none."""

    cards: tuple[Card, ...]  # in order of their ids; also those that are defined and have no document
    unlabelled: tuple[Labelled, ...]  # nobody labelled them; what one claims of itself is its label


def cards(generation: Generation, retriever: Retriever) -> Cards:
    """The perspectives of a corpus as they stand now."""
    perspectives = dict(retriever.defined)
    documents: dict[str, list[Labelled]] = {}
    unlabelled: list[Labelled] = []
    for entry, source in _sources(generation, retriever):
        given = [label for label in source.labels if label.provenance in (Provenance.CURATED, Provenance.INFERRED)]
        for label in given:
            side = label.perspective
            perspectives.setdefault(side.id, side)
            quotes = _justifications(generation, entry, label)
            documents.setdefault(side.id, []).append(Labelled(entry.id, source, label, quotes))
        if not given:
            unlabelled.append(Labelled(entry.id, source, source.labels[0]))
    made = (Card(side, tuple(documents.get(id, ()))) for id, side in sorted(perspectives.items()))
    return Cards(tuple(made), tuple(unlabelled))


def problems(generation: Generation, retriever: Retriever) -> list[dict[str, str]]:
    """The quotes that do not stand in their documents, as `labels check` lists what is wrong."""
    found: dict[str, None] = {}
    for entry, source in _sources(generation, retriever):
        for label in source.labels:
            for words in _justifications(generation, entry, label):
                if words.span is None:
                    quote = " ".join(words.quote.split())
                    quote = quote if len(quote) <= _SHOWN else f"{quote[:_SHOWN]}…"
                    found[f"{entry.id} does not hold the words “{quote}” that its label rests on"] = None
    return [{"kind": "quote", "text": text} for text in found]


def _sources(generation: Generation, retriever: Retriever) -> Iterator[tuple[Entry, Source]]:
    for entry in generation.library.entries:
        if entry.state == INDEXED:
            yield entry, retriever.sources(entry.id)


def justified(label: Label, document: Document) -> tuple[Justification, ...]:
    """The words that a label rests on, each looked for in its document."""
    return tuple(_justification(quote, document) for quote in label.quotes)


def _justifications(generation: Generation, entry: Entry, label: Label) -> tuple[Justification, ...]:
    return justified(label, generation.library.document(entry.key)) if label.quotes else ()


def _justification(quote: str, document: Document) -> Justification:
    text = document.text
    place = find(quote, text)
    if place is None or place.match == "repaired":  # other words than these
        return Justification(quote, None, None)
    span = (place.start, place.end)
    ((line, _),) = lines_of([span], text)
    return Justification(text[place.start : place.end], span, line, Proof.of(document, place.start, place.end))
