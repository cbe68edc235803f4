"""The conversations that a browser knows: shown again, listed, searched, renamed, deleted, taken away as files.

Who knows the id of a conversation may read it, and nobody else. Anybody can call this with anything: every argument is
checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

import io
import logging
import zipfile
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant import (
    Answer,
    Assistant,
    AssistantError,
    History,
    HistoryUnusable,
    WrongShape,
    exported_text,
    reopen,
)
from index import EVERYTHING, CorpusError, Filter
from ui import render, words
from ui.filters import Filters
from ui.links import filter_link
from ui.palette import Palette
from ui.scripts import script
from ui.turns import Turns, turn

_LOG = logging.getLogger(__name__)
_SHOWN = 40  # answers of a conversation that are shown again, the last ones
_LONGEST = 1_000  # characters of a search or of a name
_VIEW = """<section class="history" aria-label="{region}"><h2>{heading}</h2>
<input type="search" aria-label="{search}" placeholder="{search}" maxlength="200">
<p class="note meta" role="status"></p><ul></ul>
<p class="files meta"><span>{saveAll}</span> <button type="button" data-file="md">{md}</button>
<button type="button" data-file="html">{html}</button> <button type="button" data-file="json">{json}</button></p>
</section>"""

Data = dict[str, Any]


class Keeping:
    """Keeps the conversations with one assistant; without a history it says why."""

    def __init__(
        self, assistant: Assistant, filters: Filters, history: History | None, why_not: str = words.NO_HISTORY
    ) -> None:
        self._assistant = assistant
        self._filters = filters
        self.history = history
        self._why_not = why_not

    def keep(self, conversation: object, answer: Answer, replaces: str | None) -> None:
        """Keep an answer; where that fails, the log says so now, and the list of conversations when it is next seen."""
        if self.history is None or not isinstance(conversation, str):
            return
        try:
            self.history.keep(conversation, answer, replaces)
        except (HistoryUnusable, ValueError) as error:
            _LOG.warning("An answer was not kept. %s", error)

    def drop(self, conversation: object, answer: str | None) -> None:
        """Keep an answer no longer."""
        if self.history is None or not isinstance(conversation, str) or answer is None:
            return
        try:
            self.history.drop(conversation, answer)
        except (HistoryUnusable, ValueError) as error:
            _LOG.warning("An answer was not deleted. %s", error)

    def branch(self, conversation: object, to: object, until: str | None, question: str) -> None:
        """Begin a conversation with the answers of another one up to one of them, and go on with another question."""
        if self.history is None or not isinstance(conversation, str) or not isinstance(to, str):
            return
        try:
            self.history.branch(conversation, to, until, question)
        except (HistoryUnusable, ValueError) as error:
            _LOG.warning("A conversation could not be copied. %s", error)

    def restore(self, conversation: object) -> tuple[Turns, str]:
        """A conversation as the chat shows it, and the address of what alone was searched for its last answer.

        Every citation is held against its document as it is now.
        """
        shown: Turns = []
        only = EVERYTHING
        if self.history is None or not isinstance(conversation, str):
            return shown, filter_link(only)
        try:
            kept = self.history.answers(conversation)[-_SHOWN:]
            palette = Palette.of(self._assistant.corpus.perspectives()) if kept else Palette(())
            for one in kept:
                said, only = self._shown(one.asked, one.answer, palette)
                shown += [turn("user", render.question(one.answer["question"])), turn("assistant", said)]
        except (AssistantError, CorpusError) as error:
            _LOG.warning("A conversation could not be shown. %s", error)
            return [], filter_link(EVERYTHING)
        return shown, filter_link(only)

    def _shown(self, asked: str, data: Data, palette: Palette) -> tuple[str, Filter]:
        """An answer as a message, and what alone was searched for it."""
        try:
            reopened = reopen(data, self._assistant.corpus.current, self._outlet)
        except WrongShape:
            return render.problem(words.UNREADABLE), EVERYTHING
        only = reopened.answer.only
        said = render.answer(reopened.answer, palette, self._filters.narrowed(only))
        return render.saved(said, asked, reopened), only

    def _outlet(self, document: str) -> str | None:
        try:
            return self._assistant.corpus.document(document)[1].outlet
        except (AssistantError, CorpusError):
            return None

    def conversations(self, asked: object) -> Data:
        """The conversations of `{"ids", "search"}`, and a sentence where something is to be said of them."""
        if self.history is None:
            return {"note": self._why_not, "conversations": [], "keeps": False}
        given = asked if isinstance(asked, dict) else {}
        ids, search = given.get("ids"), given.get("search")
        ids = [id for id in ids if isinstance(id, str)] if isinstance(ids, list) else []
        search = search[:_LONGEST] if isinstance(search, str) else ""
        try:
            found = self.history.conversations(ids, search)
            gone = self.history.made_room
        except HistoryUnusable as error:
            return {"note": str(error), "conversations": [], "keeps": False}
        full = words.HISTORY_FULL.format(
            most=self.history.most_bytes // 1_000_000, conversations=words.count(gone, "conversation")
        )
        lines = [
            {"id": one.id, "title": one.title, "changed": one.changed, "questions": one.questions, "found": one.found}
            for one in found
        ]
        return {"note": full if gone else "", "conversations": lines, "keeps": True}

    def rename(self, asked: object) -> Data:
        """Call the conversation of `{"id", "title"}` something else."""
        title = asked.get("title") if isinstance(asked, dict) else None
        if not isinstance(title, str):
            return {"note": words.NOT_UNDERSTOOD}
        return self._changed(asked, lambda history, id: history.rename(id, title[:_LONGEST]))

    def remove(self, asked: object) -> Data:
        """Delete the conversation of `{"id"}`."""
        return self._changed(asked, lambda history, id: history.delete(id))

    def _changed(self, asked: object, change: Callable[[History, str], None]) -> Data:
        id = asked.get("id") if isinstance(asked, dict) else None
        if self.history is None:
            return {"note": self._why_not}
        if not isinstance(id, str):
            return {"note": words.NOT_UNDERSTOOD}
        try:
            change(self.history, id)
        except HistoryUnusable as error:
            return {"note": str(error)}
        except ValueError:
            return {"note": words.NOT_UNDERSTOOD}
        return {"note": ""}

    def files(self, asked: object) -> Data:
        """An answer of `{"conversation", "answer", "ending"}` as a file, or without an answer all of them in a ZIP.

        Each is what `parallax export` writes, and `parallax verify` checks it.
        """
        given = asked if isinstance(asked, dict) else {}
        conversation, answer, ending = (given.get(name) for name in ("conversation", "answer", "ending"))
        if not isinstance(conversation, str) or not isinstance(ending, str) or ending not in words.FORMATS:
            return {"note": words.NOT_UNDERSTOOD}
        if self.history is None:
            return {"note": self._why_not}
        try:
            kept = [one.answer for one in self.history.answers(conversation)]
            if answer is not None:
                kept = [data for data in kept if data["id"] == answer]
            texts = [self._text(data, ending).encode("utf-8", "replace") for data in kept]
        except (AssistantError, CorpusError) as error:
            return {"note": str(error)}
        if not texts:
            return {"note": words.HISTORY["notSaved"]}
        return {"content": b64encode(_zip(texts, ending) if answer is None else texts[0]).decode()}

    def _text(self, data: Data, ending: str) -> str:
        with self._assistant.reader.pinned() as (generation, _):
            against = f"index {generation.name}"
        return exported_text(data, f".{ending}", against, self._assistant.corpus.current)

    def functions(self) -> list[Callable[[Any], Any]]:
        """What the list's script may call, as plain functions: Gradio writes on them, which methods do not allow."""

        def conversations(asked: object) -> Data:
            return self.conversations(asked)

        def rename(asked: object) -> Data:
            return self.rename(asked)

        def remove(asked: object) -> Data:
            return self.remove(asked)

        def files(asked: object) -> Data:
            return self.files(asked)

        return [conversations, rename, remove, files]


def history_view(keeping: Keeping) -> None:
    """Lay the list out."""
    gr.HTML(
        elem_id="history",
        html_template=_VIEW.format(**words.HISTORY, **words.FORMATS),
        js_on_load=script("history.js", given=words.HISTORY),
        server_functions=keeping.functions(),
        apply_default_css=False,
    )


def _zip(texts: list[bytes], ending: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for number, text in enumerate(texts, 1):
            file.writestr(f"{number:02}.{ending}", text)
    return packed.getvalue()
