"""The files that were deleted in the Library: listed, put back, or deleted for good.

Anybody can call these functions with anything: what is no removed file gets a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant import Assistant, AssistantError
from index import CorpusError
from ui import words
from ui.scripts import script

_ROWS = 2_000  # files listed; a longer list is cut
_PATH = 4_000  # characters of a path

Data = dict[str, Any]


class Aside:
    """Shows the removed files of one assistant's corpus."""

    def __init__(self, assistant: Assistant) -> None:
        self._removed = assistant.corpus.removed

    def listing(self) -> Data:
        """Every removed file, as data."""
        try:
            files = self._removed.files()
        except (AssistantError, CorpusError) as error:
            return {"problem": str(error), "rows": []}
        rows = [{"path": file.path, "on": file.on, "size": words.size(file.size)} for file in files[:_ROWS]]
        return {"rows": rows, "files": words.REMOVED_FILES.format(files=words.count(len(files), "file"))}

    def put_back(self, path: object) -> Data:
        """Move a file back into the corpus. The page has the index follow then."""
        return self._done(path, self._removed.put_back)

    def loss(self, path: object) -> Data:
        """What deleting a file for good will do, for the reader to decide; nothing is done."""
        if not isinstance(path, str) or not 0 < len(path) <= _PATH:
            return {"problem": words.NOT_REMOVED}
        try:
            loss = self._removed.loss(path)
        except (AssistantError, CorpusError) as error:
            return {"problem": str(error)}
        held = words.LOSS_HELD.format(held=loss.held) if loss.held else words.LOSS_ALL
        destroyed = words.LOSS_FILE.format(size=words.size(loss.file.size), on=loss.file.on)
        return {"says": [destroyed, held, words.LOSS_ANSWERS]}

    def delete(self, path: object) -> Data:
        """Delete a file for good."""
        return self._done(path, self._removed.delete)

    def _done(self, path: object, does: Callable[[str], object]) -> Data:
        if not isinstance(path, str) or not 0 < len(path) <= _PATH:
            return self.listing() | {"problem": words.NOT_REMOVED}
        try:
            does(path)
        except (AssistantError, CorpusError) as error:
            return self.listing() | {"problem": str(error)}
        return self.listing()

    def functions(self) -> list[Callable[[Any], Data]]:
        """What the list's script may call, as plain functions: Gradio writes on them, which methods do not allow."""

        def put_back(path: object) -> Data:
            return self.put_back(path)

        def loss(path: object) -> Data:
            return self.loss(path)

        def delete(path: object) -> Data:
            return self.delete(path)

        return [put_back, loss, delete]


def removed_view(assistant: Assistant) -> tuple[gr.HTML, Callable[[], Data]]:
    """Lay the list out; returns it with what fills it."""
    aside = Aside(assistant)
    view = gr.HTML(
        {},
        elem_id="removed",
        html_template="<div></div>",
        js_on_load=script("removed.js", given=words.ASIDE),
        server_functions=aside.functions(),
        apply_default_css=False,
    )
    return view, aside.listing
