"""The Perspectives tab: a card for each perspective, what justifies each label, and the ways to dispute them.

A label is changed where it stands, in the owner's own labels files. Anybody can call these functions with anything:
every argument is checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant import Assistant, AssistantError, Card, Corpus, Labelled, Proof, Term, Use
from index import UNLABELLED, CorpusError, Provenance
from ui import words
from ui.links import address
from ui.palette import Palette
from ui.quotes import evidence, provenance
from ui.scripts import script
from ui.words import count

_ROWS = 2_000  # documents listed, over all cards; a longer list is cut
_QUOTES = 12  # quotes shown of one label
_TERMS, _USES = 40, 6  # listed of one perspective, and passages of one term
_MANY = 50  # perspectives that one request may name

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Board:
    """The tab's connections to the rest of the page."""

    output: Any  # what `refresh` fills
    refresh: Callable[[], Data]
    changed: Any  # the event after which other labels hold


class Labelling:
    """Shows and changes the labels of one assistant's corpus."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._corpus = assistant.corpus

    def functions(self) -> list[Callable[[Any], Data]]:
        """What the tab's script may call, as plain functions: Gradio writes on them, which methods do not allow."""

        def relabel(asked: object) -> Data:
            return self.relabel(asked)

        def describe(asked: object) -> Data:
            return self.describe(asked)

        def confirm(asked: object) -> Data:
            return self.confirm(asked)

        def terms(_: object) -> Data:
            return self.terms()

        def cards(_: object) -> Data:
            return self.cards()

        return [relabel, describe, confirm, terms, cards]

    def cards(self) -> Data:
        """Every card, as data."""
        try:
            found = self._corpus.cards()
            palette = Palette.of(self._corpus.perspectives())
        except (AssistantError, CorpusError) as error:
            return {"problem": str(error)}
        room = _Room(_ROWS)
        return {
            "cards": [_card(card, palette, room) for card in found.cards],
            "unlabelled": [_row(row) for row in room.cut(found.unlabelled)],
            "without": words.WITHOUT.format(documents=count(len(found.unlabelled), "document")),
            "guessed": len({row.id for card in found.cards for row in card.documents if row.can_be_confirmed}),
        }

    def terms(self) -> Data:
        """The words that only one side uses for a thing, by perspective. Every passage is read for it."""
        try:
            by_side: dict[str, list[Data]] = {}
            for term in self._assistant.terms():
                listed = by_side.setdefault(term.side.id, [])
                if len(listed) < _TERMS:
                    listed.append(_term(term, self._corpus))
        except (AssistantError, CorpusError) as error:
            return {"problem": str(error)}
        return {"terms": by_side}

    def relabel(self, asked: object) -> Data:
        """Say where a document stands, given as `{"document", "perspectives", "by"}`."""
        document, chosen, by = _text(asked, "document"), _texts(asked, "perspectives"), _text(asked, "by")
        if document is None or chosen is None:
            return self.cards() | {"problem": words.NOT_UNDERSTOOD}

        def change() -> str:
            self._corpus.relabel(document, chosen, by)
            return words.RELABELLED.format(document=document)

        return self._after(change)

    def describe(self, asked: object) -> Data:
        """Name a perspective, given as `{"id", "label", "description"}`; without an id, a new one."""
        id, label, description = (_text(asked, key) for key in ("id", "label", "description"))
        if label is None:
            return self.cards() | {"problem": words.NOT_UNDERSTOOD}

        def change() -> str:
            return words.DESCRIBED.format(label=self._corpus.describe(id, label, description or "").label)

        return self._after(change)

    def confirm(self, asked: object) -> Data:
        """Make a guessed label a person's, given as `{"document", "by"}`; all of them where the document is null."""
        if not isinstance(asked, dict) or not isinstance(asked.get("document", 0), str | None):
            return self.cards() | {"problem": words.NOT_UNDERSTOOD}
        document, by = _text(asked, "document"), _text(asked, "by")

        def change() -> str:
            confirmed = self._corpus.confirm(None if document is None else [document], by)
            return words.CONFIRMED.format(labels=count(len(confirmed), "label"))

        return self._after(change)

    def _after(self, change: Callable[[], str]) -> Data:
        """The cards after a change, and a sentence about it; where it could not be made, the cards as they are."""
        try:
            said = change()
        except (AssistantError, CorpusError) as error:
            return self.cards() | {"problem": str(error)}
        return self.cards() | {"said": said}


def perspectives(assistant: Assistant) -> Board:
    """Lay out the tab and connect it."""
    labelling = Labelling(assistant)
    with gr.Column(elem_id="sides"):
        board = gr.HTML(
            {},
            elem_id="cards",
            html_template="<div></div>",
            js_on_load=script("labels.js", given=words.LABELS),
            server_functions=labelling.functions(),
            apply_default_css=False,
        )
        changed = gr.Button(words.LABELS["changed"], elem_id="labels-changed")  # pressed by the tab's script
    return Board(board, labelling.cards, changed.click)


class _Room:
    """How many rows may still be listed."""

    def __init__(self, rows: int) -> None:
        self._rows = rows

    def cut(self, rows: tuple[Labelled, ...]) -> tuple[Labelled, ...]:
        """As many rows as there is room for."""
        shown = rows[: self._rows]
        self._rows -= len(shown)
        return shown


def _card(card: Card, palette: Palette, room: _Room) -> Data:
    side = card.perspective
    return {
        "id": side.id,
        "style": palette.style(side.id),
        "glyph": palette.glyph(side.id),
        "label": side.label,
        "description": side.description,
        "count": len(card.documents),
        "says": count(len(card.documents), "document"),
        "documents": [_row(row) for row in room.cut(card.documents)],
    }


def _row(row: Labelled) -> Data:
    label = row.label
    claims = label.provenance is Provenance.SELF_DECLARED
    return {
        "id": row.id,
        "title": row.source.title,
        "facts": [fact for fact in (row.source.outlet, row.source.published) if fact],
        "given": words.CLAIMS.format(label=label.perspective.label) if claims else provenance(label),
        "sides": [side.id for side in row.source.sides if side != UNLABELLED],
        "guessed": row.can_be_confirmed,
        "quotes": [evidence(quote) for quote in row.quotes[:_QUOTES]],
    }


def _term(term: Term, corpus: Corpus) -> Data:
    """Words that only one side uses for a thing: what others write, and where they stand."""
    others = ", ".join(f"“{text}” {many}" for text, many in term.others)
    uses = [{"link": address(_proof(use, corpus)), "text": use.document} for use in term.uses[:_USES]]
    more = len(term.uses) - len(uses)
    return {
        "text": term.text,
        "count": words.TERM_COUNT.format(
            times=count(len(term.uses), "time"), documents=count(term.documents, "document")
        ),
        "others": words.TERM_OTHERS.format(others=others),
        "uses": uses,
        "more": words.TERM_MORE.format(count=more) if more else "",
    }


def _proof(use: Use, corpus: Corpus) -> Proof:
    document, _ = corpus.document(use.document)
    return Proof.of(document, use.start, use.end)


def _text(asked: object, key: str) -> str | None:
    """What a request says under a key, where that is a text."""
    value = asked.get(key) if isinstance(asked, dict) else None
    return value if isinstance(value, str) else None


def _texts(asked: object, key: str) -> list[str] | None:
    """What a request says under a key, where that is a list of texts and not an endless one."""
    value = asked.get(key) if isinstance(asked, dict) else None
    is_list = isinstance(value, list) and len(value) <= _MANY and all(isinstance(one, str) for one in value)
    return value if is_list else None
