"""The watched questions of one corpus: listed with what changed, begun from an answer, ended.

Anybody can call this with anything: every argument is checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import Assistant, AssistantError, Proof, WatchedQuestion, WatchedQuestions
from index import CorpusError
from ui import words
from ui.filters import Filters, checked
from ui.links import address, read_table_link
from ui.palette import Palette

_NEWS = 10  # checks of one question whose changes are shown, the latest
_VIEW = """<section class="watched" aria-label="{region}"><h2>{heading}</h2><p class="meta">{shared}</p>
<p class="note" role="status"></p><ul></ul></section>"""

Data = dict[str, Any]


class Watching:
    """Shows and changes what is watched; without a file of watched questions nothing can be."""

    def __init__(self, assistant: Assistant, filters: Filters, watched: WatchedQuestions | None) -> None:
        self._assistant = assistant
        self._filters = filters
        self._watched = watched

    def watched(self) -> Data:
        """Every question with what changed in it."""
        if self._watched is None:
            return {"watches": False, "note": words.NO_WATCH, "questions": []}
        try:
            palette = Palette.of(self._assistant.corpus.perspectives())
            found = [self._question(one, palette) for one in self._watched.questions()]
        except (AssistantError, CorpusError) as error:
            return {"watches": False, "note": str(error), "questions": []}
        return {"watches": True, "note": "", "questions": found}

    def watch(self, asked: object) -> Data:
        """Watch what the address of a claim table says: a question and what alone is searched."""
        given = read_table_link(asked)
        if self._watched is None or given is None:
            return {"note": words.NOT_UNDERSTOOD if given is None else words.NO_WATCH}
        question, only = given
        try:
            added = self._watched.add(self._assistant, question, checked(only))
        except (AssistantError, CorpusError) as error:
            return {"note": str(error)}
        return {"note": words.WATCH["added"], "id": added.id}

    def unwatch(self, id: object) -> Data:
        """Watch the question of this id no longer."""
        if self._watched is None or not isinstance(id, str):
            return {"note": words.NOT_UNDERSTOOD}
        try:
            self._watched.remove(id)
        except AssistantError as error:
            return {"note": str(error)}
        return {"note": ""}

    def functions(self) -> list[Callable[[Any], Data]]:
        """What the list's script may call, as plain functions: Gradio writes on them, which methods do not allow."""

        def watched(_: object) -> Data:
            return self.watched()

        def watch(asked: object) -> Data:
            return self.watch(asked)

        def unwatch(id: object) -> Data:
            return self.unwatch(id)

        return [watched, watch, unwatch]

    def _question(self, one: WatchedQuestion, palette: Palette) -> Data:
        news = [
            {"number": told.number, "at": told.at, "changes": [_change(change, palette) for change in told.changes]}
            for told in one.news[:_NEWS]
        ]
        only = [{"text": part.text, "side": part.part.startswith("p.")} for part in self._filters.narrowed(one.only)]
        return {"id": one.id, "question": one.question, "only": only, "problem": one.problem, "news": news}


def watched_view(watching: Watching) -> None:
    """Lay the list out."""
    script = Path(__file__).with_name("watched.js").read_text("utf-8")
    given = words.WATCH | {"only": words.SEARCHED_ONLY, "side": words.A_SIDE}
    gr.HTML(
        elem_id="watched-questions",
        html_template=_VIEW.format(**words.WATCH),
        js_on_load=script.replace("/*WORDS*/ {}", json.dumps(given)),
        server_functions=watching.functions(),
        apply_default_css=False,
    )


def _change(change: Mapping[str, Any], palette: Palette) -> Data:
    passages = [_passage(entry, palette) for entry in change["passages"]]
    return {"text": change["text"], "labels": change["labels"], "passages": passages}


def _passage(entry: Mapping[str, Any], palette: Palette) -> Data:
    """A link to a passage; its labels are those of the time when it was told."""
    names = ("document", "text_sha256", "start", "end", "quote", "before", "after")
    sides = entry["perspectives"]
    return {
        "link": address(Proof(**{name: entry[name] for name in names})),
        "style": palette.style(sides[0]["id"]),
        "who": " / ".join(f"{palette.glyph(side['id'])} {side['label']}" for side in sides),
        "quote": entry["quote"],
        "title": entry["title"],
    }
