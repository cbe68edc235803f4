"""An address in, what the passage panel shows out: data, which its script writes with `textContent`.

Anybody can call these functions with anything: every argument is checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant import Assistant, AssistantError
from index import CorpusError, Document, Source
from ui import words
from ui.links import Link, read_link
from ui.palette import Palette
from ui.quotes import provenance

_WINDOW = 15_000  # characters shown before and after a quote, and added by each "show more"
_CARDS = 100  # documents listed beside one answer

Data = dict[str, Any]


class Desk:
    """Hands out the passages of one assistant's documents."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def functions(self) -> list[Callable[[Any], Any]]:
        """What the panel's script may call, as plain functions: Gradio writes on them, which methods do not allow."""

        def passage(address: object) -> Data:
            return self.passage(address)

        def more(stretch: object) -> Data:
            return self.more(stretch)

        def cards(addresses: object) -> list[Data]:
            return self.cards(addresses)

        return [passage, more, cards]

    def passage(self, address: object) -> Data:
        """A passage in its document, with as much text around it as is read at once."""
        link = read_link(address)
        if link is None:
            return {"note": words.BAD_LINK}
        try:
            document, source = self._assistant.corpus.document(link.document)
            return _card(link, document, source, self._palette()) | _text(link, document)
        except CorpusError as error:
            return {"note": str(error)}
        except AssistantError:
            return {"note": words.GONE, "title": link.document}

    def more(self, stretch: object) -> Data:
        """A further stretch of a document's text, given as `{"document", "from", "to"}`."""
        if not isinstance(stretch, dict):
            return {"text": ""}
        id, start, end = (stretch.get(name) for name in ("document", "from", "to"))
        if not (isinstance(id, str) and type(start) is int and type(end) is int and 0 <= start < end):
            return {"text": ""}
        try:
            document, _ = self._assistant.corpus.document(id)
        except (AssistantError, CorpusError):
            return {"text": ""}
        return {"text": document.text[start : min(end, start + _WINDOW)]}

    def cards(self, addresses: object) -> list[Data]:
        """What documents the passages at these addresses come from, without their text."""
        if not isinstance(addresses, list):
            return []
        cards: list[Data] = []
        for address in addresses[:_CARDS]:
            if link := read_link(address):
                try:
                    document, source = self._assistant.corpus.document(link.document)
                    cards.append(_card(link, document, source, self._palette()) | {"link": address})
                except (AssistantError, CorpusError):
                    continue
        return cards

    def _palette(self) -> Palette:
        return Palette.of(self._assistant.corpus.perspectives())


def _card(link: Link, document: Document, source: Source, palette: Palette) -> Data:
    page = document.page(link.start)
    return {
        "document": document.id,
        "title": source.title,
        "facts": [
            *(fact for fact in (source.outlet, source.published) if fact),
            *([words.PAGE.format(page=page)] if page else []),
        ],
        "labels": [
            {
                "style": palette.style(label.perspective.id),
                "name": palette.name([label]),
                "means": label.perspective.description,
                "provenance": provenance(label),
            }
            for label in source.labels
        ],
        "voice": words.VOICE_UNCLEAR,
    }


def _text(link: Link, document: Document) -> Data:
    """The text around the quote; without a quote where the same characters no longer stand there."""
    text = document.text
    same = link.same_quote(document)
    start, end = (link.start, link.end) if same else (0, 0)
    first, last = max(0, start - _WINDOW), min(len(text), end + _WINDOW)
    note = "" if link.same_text(document) else words.CHANGED_AROUND if same else words.CHANGED
    return {
        "note": note,
        "before": text[first:start],
        "quote": text[start:end],
        "after": text[end:last],
        "from": first,
        "to": last,
        "length": len(text),
        "step": _WINDOW,
    }
