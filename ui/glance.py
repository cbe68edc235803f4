"""The tab with the corpus at a glance: its passages by meaning, its documents by date, and who quotes whom.

What it shows are data, which its script draws and lists. Anybody can call these functions with anything: every argument
is checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from assistant import Assistant, AssistantError, Dated, PassageMap, Proof, Quoting, Timeline, Who
from index import CorpusError
from ui import words
from ui.links import address
from ui.palette import Palette
from ui.plotting import ADDRESS
from ui.scripts import script
from ui.words import count

_MANY = 200  # perspectives that one request may name
_ID = 4_000  # characters in the name of a document, or of a speaker
_QUOTES = 40  # listed of one cell
_LINE = 220  # characters of a quote in a list

Data = dict[str, Any]


class Overview:
    """Shows one assistant's corpus at a glance."""

    def __init__(self, assistant: Assistant) -> None:
        self._glance, self._corpus = assistant.glance, assistant.corpus

    def functions(self) -> list[Callable[[Any], Data]]:
        """What the tab's script may call, as plain functions: Gradio writes on them, which methods do not allow."""

        def look(asked: object) -> Data:
            return self.look(asked)

        def place(asked: object) -> Data:
            return self.place(asked)

        def quoted(asked: object) -> Data:
            return self.quoted(asked)

        return [look, place, quoted]

    def look(self, asked: object) -> Data:
        """All three pictures, for the perspectives given as `{"perspectives", "by"}`; of all, where none is named.

        What takes a while is null until it is there; the script asks again.
        """
        given = _asked(asked)
        if given is None:
            return {"problem": words.NOT_UNDERSTOOD}
        perspectives, by = given
        try:
            palette = Palette.of(known := self._corpus.perspectives())
            passages = self._glance.map(perspectives, wait=False)
            timeline = self._glance.timeline(perspectives)
            quoting = self._glance.quoting(by, perspectives, wait=False)
        except (AssistantError, CorpusError) as error:
            return {"problem": str(error)}
        return {
            "sides": [
                {"id": side.id, "style": palette.style(side.id), "glyph": palette.glyph(side.id), "label": side.label}
                for side in known
            ],
            "map": None if passages is None else _map(passages),
            "timeline": _timeline(timeline),
            "quoting": None if quoting is None else _quoting(quoting),
        }

    def place(self, asked: object) -> Data:
        """The address of a passage given as `{"document", "start", "end"}`; without a place, of a beginning."""
        document = asked.get("document") if isinstance(asked, dict) else None
        if not isinstance(asked, dict) or not isinstance(document, str) or len(document) > _ID:
            return {"problem": words.NOT_UNDERSTOOD}
        start, end = asked.get("start"), asked.get("end")
        try:
            text, _ = self._corpus.document(document)
            if start is None and end is None:
                start, end = self._corpus.beginning(document)
            if not (type(start) is int and type(end) is int and 0 <= start < end <= len(text.text)):
                return {"problem": words.NOT_UNDERSTOOD}
            return {"link": address(Proof.of(text, start, end))}
        except (AssistantError, CorpusError) as error:
            return {"problem": str(error)}

    def quoted(self, asked: object) -> Data:
        """The quotes behind a cell, given as `{"by", "column", "speaker", "perspectives"}`."""
        given = _asked(asked)
        column, speaker = (asked.get("column"), asked.get("speaker")) if isinstance(asked, dict) else (None, None)
        if given is None or not (_is_name(column) and _is_name(speaker)):
            return {"problem": words.NOT_UNDERSTOOD}
        perspectives, by = given
        try:
            found = self._glance.quotes(by, str(column), str(speaker), perspectives)
            listed = []
            for quote in found[:_QUOTES]:
                text, source = self._corpus.document(quote.document)
                said = " ".join(text.text[quote.start : quote.end].split())
                listed.append(
                    {
                        "link": address(Proof.of(text, quote.start, quote.end)),
                        "words": said if len(said) <= _LINE else f"{said[:_LINE].rstrip()}…",
                        "title": source.title,
                        "facts": [fact for fact in (source.outlet, source.published) if fact],
                    }
                )
        except (AssistantError, CorpusError) as error:
            return {"problem": str(error)}
        more = len(found) - len(listed)
        return {"quotes": listed, "more": words.TERM_MORE.format(count=more) if more else ""}


def overview(assistant: Assistant) -> None:
    """Lay out the tab. Nothing of it is computed or loaded before it is looked at."""
    given = words.GLANCE | {"plotly": ADDRESS}
    with gr.Column(elem_id="glance"):
        gr.HTML(
            html_template="<div></div>",
            js_on_load=script("pictures.js", "glance.js", given=given),
            server_functions=Overview(assistant).functions(),
            apply_default_css=False,
        )


def _map(found: PassageMap) -> Data:
    numbers = {id: number for number, id in enumerate(found.titles)}
    sides = {point.document: list(point.perspectives) for point in found.points}
    shown = words.MAP_SHOWN if len(found.points) < found.passages else words.MAP_ALL
    return {
        "says": shown.format(shown=count(len(found.points), "passage"), passages=count(found.passages, "passage")),
        "landmarks": [[one.x, one.y, one.words] for one in found.landmarks],
        "documents": [{"id": id, "title": title, "sides": sides[id]} for id, title in found.titles.items()],
        # A row a passage: many of them are sent.
        "points": [[numbers[p.document], p.start, p.end, p.x, p.y, p.words] for p in found.points],
    }


def _timeline(found: Timeline) -> Data:
    says = words.DATED if len(found.dated) == found.with_date else words.DATED_SHOWN
    return {
        "says": says.format(shown=count(len(found.dated), "document"), documents=count(found.with_date, "document")),
        "dated": [_dated(one) for one in found.dated],
        "undated": [_dated(one) for one in found.undated],
        "without": words.UNDATED.format(documents=count(found.without, "document")) if found.undated else "",
    }


def _dated(one: Dated) -> Data:
    return {
        "id": one.document,
        "title": one.title,
        "outlet": one.outlet,
        "published": one.published,
        "first": one.first,
        "last": one.last,
        "sides": list(one.perspectives),
    }


def _quoting(found: Quoting) -> Data:
    cut = len(found.columns) < found.of_columns or len(found.speakers) < found.of_speakers
    speakers = words.SPEAKERS_SHOWN.format(shown=len(found.speakers), speakers=count(found.of_speakers, "speaker"))
    return {
        "by": found.by,
        "says": speakers if cut else "",
        "columns": [{"id": id, "name": name or words.NO_OUTLET} for id, name in found.columns],
        "speakers": list(found.speakers),
        "counts": [list(row) for row in found.counts],
    }


def _asked(asked: object) -> tuple[Sequence[str], Who] | None:
    """The perspectives and the columns that a request names; None where it is none."""
    if not isinstance(asked, dict):
        return None
    perspectives, by = asked.get("perspectives", []), asked.get("by", Who.PERSPECTIVES)
    if not isinstance(perspectives, list) or len(perspectives) > _MANY or not all(map(_is_name, perspectives)):
        return None
    return (tuple(perspectives), Who(by)) if by in list(Who) else None


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _ID
