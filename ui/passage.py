"""An address in, what the passage panel shows out: data, which its script writes with `textContent`.

Anybody can call these functions with anything: every argument is checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant import COMMENT, Assistant, AssistantError, Verdict, badge_of, check, voice_of
from index import CorpusError, Document, Source, Voice, VoiceKind, Voices
from ui import words
from ui.links import read_link
from ui.palette import Palette
from ui.quotes import provenance

_WINDOW = 15_000  # characters shown before and after a quote, and added by each "show more"
_COMMENT = {"style": "p-x", "name": COMMENT, "means": "", "provenance": ""}  # is on the side of no document
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
        claim = read_link(address)
        if claim is None:
            return {"note": words.BAD_LINK}
        try:
            indexed, source, voices = self._assistant.corpus.read(claim.document)
            now = self._assistant.corpus.current(claim.document)
            verdict = check(claim, now)
            card = _card(indexed, source, _voice(verdict, indexed, now, voices), verdict.start, self._palette())
            return card | _text(verdict, now)
        except CorpusError as error:
            return {"note": str(error)}
        except AssistantError:
            return {"note": words.GONE, "title": claim.document}

    def more(self, stretch: object) -> Data:
        """A further stretch of a document's text, given as `{"document", "from", "to"}`."""
        if not isinstance(stretch, dict):
            return {"text": ""}
        id, start, end = (stretch.get(name) for name in ("document", "from", "to"))
        if not (isinstance(id, str) and type(start) is int and type(end) is int and 0 <= start < end):
            return {"text": ""}
        try:
            now = self._assistant.corpus.current(id)
        except (AssistantError, CorpusError):
            return {"text": ""}
        return {"text": now.text[start : min(end, start + _WINDOW)] if now else ""}

    def cards(self, addresses: object) -> list[Data]:
        """What documents the passages at these addresses come from, without their text."""
        if not isinstance(addresses, list):
            return []
        cards: list[Data] = []
        for address in addresses[:_CARDS]:
            if claim := read_link(address):
                try:
                    document, source, voices = self._assistant.corpus.read(claim.document)
                    voice = _voice(check(claim, document), document, document, voices)
                    cards.append(_card(document, source, voice, claim.start, self._palette()) | {"link": address})
                except (AssistantError, CorpusError):
                    continue
        return cards

    def _palette(self) -> Palette:
        return Palette.of(self._assistant.corpus.perspectives())


def _voice(verdict: Verdict, indexed: Document, now: Document | None, voices: Voices) -> Voice | None:
    """Who speaks where a quote stands; None where that is not worked out, since the file is newer than the index."""
    if verdict.start is None or verdict.end is None or now is None or now.text != indexed.text:
        return None
    return voice_of(voices, verdict.start, verdict.end)


def _card(document: Document, source: Source, voice: Voice | None, start: int | None, palette: Palette) -> Data:
    page = document.page(start) if start is not None else None
    return {
        "document": document.id,
        "title": source.title,
        "facts": [
            *(fact for fact in (source.outlet, source.published) if fact),
            *([words.PAGE.format(page=page)] if page else []),
        ],
        "labels": [_COMMENT] if voice and voice.kind is VoiceKind.COMMENT else _labels(source, palette),
        "voice": badge_of(voice, source.title) if voice else "",
    }


def _labels(source: Source, palette: Palette) -> list[dict[str, str]]:
    return [
        {
            "style": palette.of_label(label),
            "name": palette.name([label]),
            "means": label.perspective.description,
            "provenance": provenance(label),
        }
        for label in source.labels
    ]


def _text(verdict: Verdict, now: Document | None) -> Data:
    """The text around the quote as it is now; without a quote where it does not stand in one place of it."""
    if now is None:
        return {"note": words.FINDINGS[verdict.finding]}
    text = now.text
    start, end = verdict.start or 0, verdict.end or 0
    first, last = max(0, start - _WINDOW), min(len(text), end + _WINDOW)
    return {
        "note": words.FINDINGS[verdict.finding],
        "before": text[first:start],
        "quote": text[start:end],
        "after": text[end:last],
        "from": first,
        "to": last,
        "length": len(text),
        "step": _WINDOW,
    }
