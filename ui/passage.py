"""An address in, what the passage panel shows out: data, which its script writes with `textContent`.

Anybody can call these functions with anything: every argument is checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant import COMMENT, Assistant, AssistantError, Verdict, badge_of, check, justified, voice_of
from index import CorpusError, Document, Source, Voice, VoiceKind, Voices
from ui import words
from ui.links import read_link
from ui.palette import Palette
from ui.quotes import evidence, provenance
from ui.runs import Cited, runs

_WINDOW = 15_000  # characters shown before and after a quote, and added each time that it grows
_LINE = 2_000  # characters further in which the end of a line is looked for
_COMMENT = {"style": "p-x", "name": COMMENT, "means": "", "provenance": ""}  # is on the side of no document
_CARDS = 100  # documents listed beside one answer, and its citations marked in one document
_SIGNS = 500  # addresses whose labels are looked up at once
_QUOTES = 12  # shown of one label
_PREVIEW = 400  # characters of a quote
_SPEAKERS = 200  # proposed where a voice is corrected

Data = dict[str, Any]


class Desk:
    """Hands out the passages of one assistant's documents."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def functions(self) -> list[Callable[[Any], Any]]:
        """What the panel's script may call, as plain functions: Gradio writes on them, which methods do not allow."""

        def passage(asked: object) -> Data:
            return self.passage(asked)

        def more(stretch: object) -> Data:
            return self.more(stretch)

        def cards(addresses: object) -> list[Data]:
            return self.cards(addresses)

        def peek(address: object) -> Data:
            return self.peek(address)

        def signs(addresses: object) -> Data:
            return self.signs(addresses)

        return [passage, more, cards, peek, signs]

    def passage(self, asked: object) -> Data:
        """A passage in its document, with as much text around it as is read at once.

        Args:
            asked: an address, or `{"address", "links"}` with those of the other citations of its answer.
        """
        address, links = (asked.get("address"), asked.get("links")) if isinstance(asked, dict) else (asked, None)
        claim = read_link(address)
        if claim is None:
            return {"note": words.BAD_LINK}
        try:
            indexed, source, voices = self._assistant.corpus.read(claim.document)
            now = self._assistant.corpus.current(claim.document)
            verdict = check(claim, now)
            card = _card(indexed, source, _voice(verdict, indexed, now, voices), verdict.start, self._palette())
            if card["labels"] != [_COMMENT]:
                for shown, label in zip(card["labels"], source.labels, strict=True):
                    shown["quotes"] = [evidence(quote) for quote in justified(label, indexed)[:_QUOTES]]
            others = _others(links, address, now)
            known = _known(voices, indexed, now)
            if known:
                card["speakers"] = sorted(known.speakers)[:_SPEAKERS]
            elif now is not None:
                watched = self._assistant.corpus.watcher is not None
                card["stale"] = words.STALE_WATCHED if watched else words.STALE
            card["copy"] = _copied(claim.document, source.title, card, verdict, now)
            return card | _text(verdict, now, known, others)
        except CorpusError as error:
            return {"note": str(error)}
        except AssistantError:
            return {"note": words.GONE, "title": claim.document}

    def more(self, asked: object) -> Data:
        """The text behind a place of a document, or in front of it.

        The place is given as `{"document", "hash", "at", "back", "links"}`. The text is empty where there is none,
        or where the document has another text by now.
        """
        if not isinstance(asked, dict):
            return {"text": ""}
        id, at, back = (asked.get(name) for name in ("document", "at", "back"))
        if not (isinstance(id, str) and type(at) is int and at >= 0):
            return {"text": ""}
        try:
            indexed, _, voices = self._assistant.corpus.read(id)
            now = self._assistant.corpus.current(id)
        except (AssistantError, CorpusError):
            return {"text": ""}
        if now is None or at > len(now.text) or asked.get("hash") != now.text_sha256:
            return {"text": ""}
        start, end = (_from(now.text, at), at) if back is True else (at, _to(now.text, at))
        found = runs(
            now.text,
            (start, end),
            _known(voices, indexed, now),
            _others(asked.get("links"), None, now),
            pages=now.pages,
        )
        whole = _whole(now.text, start, end)
        return {"text": now.text[start:end], "runs": found, "from": start, "to": end, "whole": whole}

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

    def signs(self, addresses: object) -> Data:
        """What a link to each of these addresses shows of its document’s labels as they are now, if it is there."""
        signs: Data = {}
        for address in addresses[:_SIGNS] if isinstance(addresses, list) else ():
            if claim := read_link(address):
                try:
                    labels, palette = self._assistant.corpus.read(claim.document)[1].labels, self._palette()
                except (AssistantError, CorpusError):
                    continue
                signs[address] = {"style": palette.of_label(labels[0]), "name": palette.name(labels)}
        return signs

    def peek(self, address: object) -> Data:
        """The quote at an address, clipped, and what document it comes from: without the text around it."""
        claim = read_link(address)
        if claim is None:
            return {"note": words.BAD_LINK}
        try:
            indexed, source, voices = self._assistant.corpus.read(claim.document)
            now = self._assistant.corpus.current(claim.document)
        except (AssistantError, CorpusError):
            return {"note": words.GONE}
        verdict = check(claim, now)
        card = _card(indexed, source, _voice(verdict, indexed, now, voices), verdict.start, self._palette())
        quote = now.text[verdict.start or 0 : verdict.end or 0] if now else ""
        clipped = quote if len(quote) <= _PREVIEW else f"{quote[:_PREVIEW]}…"
        return card | {"quote": clipped, "note": words.FINDINGS[verdict.finding]}

    def _palette(self) -> Palette:
        return Palette.of(self._assistant.corpus.perspectives())


def _voice(verdict: Verdict, indexed: Document, now: Document | None, voices: Voices) -> Voice | None:
    """Who speaks where a quote stands; None where that is not worked out, since the file is newer than the index."""
    known = _known(voices, indexed, now)
    if verdict.start is None or verdict.end is None or known is None:
        return None
    return voice_of(known, verdict.start, verdict.end)


def _known(voices: Voices, indexed: Document, now: Document | None) -> Voices | None:
    """Who speaks in a document as its file is now; None where that is not worked out."""
    return voices if now is not None and now.text == indexed.text else None


def _others(links: object, open: object, now: Document | None) -> list[Cited]:
    """Where the other citations of an answer stand in a document; those of other documents are passed over."""
    found: list[Cited] = []
    for link in links[:_CARDS] if isinstance(links, list) else ():
        claim = read_link(link)
        if now is None or claim is None or claim.document != now.id or link == open:
            continue
        place = check(claim, now)
        if place.start is not None and place.end is not None:
            found.append((place.start, place.end, link))
    return found


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


def _labels(source: Source, palette: Palette) -> list[Data]:
    return [
        {
            "style": palette.of_label(label),
            "name": palette.name([label]),
            "means": label.perspective.description,
            "provenance": provenance(label),
        }
        for label in source.labels
    ]


def _copied(id: str, title: str, card: Data, verdict: Verdict, now: Document | None) -> str:
    """A quote with its citation as plain text: who says so, where, when, and at which place of which file."""
    if now is None or verdict.start is None or verdict.end is None:
        return ""
    line = now.text.count("\n", 0, verdict.start) + 1
    place = words.PLACE.format(line=line, start=verdict.start, end=verdict.end, document=id)
    speaker = card["voice"].removesuffix(f" in {title}").removesuffix(f" under {title}")
    said = ", ".join(part for part in (speaker, f"“{title}”", *card["facts"], place) if part)
    return f"“{now.text[verdict.start : verdict.end]}” — {said}"


def _text(verdict: Verdict, now: Document | None, voices: Voices | None, others: list[Cited]) -> Data:
    """The text around the quote as it is now; without a quote where it does not stand in one place of it."""
    if now is None:
        return {"note": words.FINDINGS[verdict.finding]}
    text = now.text
    start, end = verdict.start or 0, verdict.end or 0
    first, last = _from(text, start), _to(text, end)
    return {
        "note": words.FINDINGS[verdict.finding],
        "before": text[first:start],
        "quote": text[start:end],
        "start": start,
        "end": end,
        "after": text[end:last],
        "runs": runs(text, (first, last), voices, others, (start, end), now.pages),
        "hash": now.text_sha256,
        "from": first,
        "to": last,
        "whole": _whole(text, first, last),
        "length": len(text),
    }


def _from(text: str, at: int) -> int:
    """Where a window in front of a place begins: at the beginning of a line, where one is not far."""
    first = max(0, at - _WINDOW)
    near = max(0, first - _LINE)
    return text.rfind("\n", near, first) + 1 or (near if near == 0 else first)


def _to(text: str, at: int) -> int:
    """Where a window behind a place ends: at the end of a line, where one is not far."""
    last = min(len(text), at + _WINDOW)
    return text.find("\n", last, last + _LINE) + 1 or (len(text) if last + _LINE >= len(text) else last)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch is whole lines."""
    return (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end - 1] == "\n")
