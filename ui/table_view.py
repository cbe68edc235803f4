"""The claim table as another view of an answer: an address in, its markup and the files to take away out.

Anybody can call this with anything: every argument is checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

import json
import re
import threading
from typing import Any

import gradio as gr

from assistant import Assistant, AssistantError, By, to_csv, to_markdown
from assistant.tables.agreement import to_markdown as told
from index import CorpusError
from ui import words
from ui.agreement import agreement
from ui.filters import Filters, checked
from ui.links import read_table_link
from ui.palette import Palette
from ui.scripts import script
from ui.table import table

_VIEW = """<section class="table-view" aria-label="{region}"><div class="tools">
<button type="button" class="back" aria-label="{back_to}" title="{back_to}">← {back}</button>
<div role="group" aria-label="{form}"><button type="button" data-form="table">{asTable}</button>
<button type="button" data-form="agree">{asAgree}</button></div>
<div role="group" aria-label="{columns}"><button type="button" data-by="perspectives">{perspectives}</button>
<button type="button" data-by="voices">{voices}</button></div>
<div role="group" aria-label="{download}" class="files"><span class="meta">{download}</span>
<button type="button" data-file="csv">{csv}</button><button type="button" data-file="md">{md}</button>
<button type="button" data-file="json">{json}</button></div>
</div><div class="result"></div></section>"""

Data = dict[str, Any]

_AT_ONCE = 8  # tables: a model may take minutes over one, and nobody can tell the page that he went away
_TICKET = re.compile(r"[0-9a-f]{32}")  # under which a reader can stop a table; random, so that nobody stops another's


class Tables:
    """Sets the sides of questions to one assistant beside one another."""

    def __init__(self, assistant: Assistant, filters: Filters) -> None:
        self._assistant = assistant
        self._filters = filters
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._stops: dict[str, threading.Event] = {}  # of the tables that are being made, by ticket

    def stop(self, ticket: object) -> bool:
        """Make a table without its model's rows, wait for them no longer; whether one is being made of this ticket."""
        running = self._stops.get(ticket) if isinstance(ticket, str) else None
        if running:
            running.set()
        return running is not None

    def table(self, asked: object) -> Data:
        """The table of an address, given as `{"address", "by"}`, with a `"ticket"` where it may be stopped."""
        address, by, ticket = map(asked.get, ("address", "by", "ticket")) if isinstance(asked, dict) else (None,) * 3
        found = read_table_link(address)
        if found is None or not isinstance(by, str) or by not in list(By):
            return {"note": words.BAD_TABLE}
        question, only = found
        if not isinstance(ticket, str) or not _TICKET.fullmatch(ticket):
            ticket = ""
        if not self._room.acquire(blocking=False):
            return {"note": words.TABLES_BUSY}
        stop = threading.Event()
        if ticket:
            self._stops[ticket] = stop
        try:
            made = self._assistant.table(question, by=by, stop=stop, **checked(only).to_dict())
            narrowed = self._filters.narrowed(only)
            palette = Palette.of(self._assistant.corpus.perspectives())
        except (AssistantError, CorpusError) as error:
            return {"note": str(error)}
        finally:
            self._room.release()
            self._stops.pop(ticket, None)
        data = json.dumps(made.to_dict(), ensure_ascii=False, indent=1)
        files = {"csv": to_csv(made), "json": data}
        return {
            "table": {"html": table(made, palette, narrowed), "files": files | {"md": to_markdown(made)}},
            "agree": {"html": agreement(made, palette, narrowed), "files": files | {"md": told(made)}},
        }


def table_view(assistant: Assistant, filters: Filters) -> None:
    """Lay the view out; it is hidden until a link to a table is followed."""
    tables = Tables(assistant, filters)

    def show(asked: object) -> Data:  # a plain function: Gradio writes on it, which a method does not allow
        return tables.table(asked)

    def stop(ticket: object) -> bool:
        return tables.stop(ticket)

    gr.HTML(
        elem_id="table",
        html_template=_VIEW.format(**words.TABLE),
        js_on_load=script("table.js", given=words.TABLE),
        server_functions=[show, stop],
        apply_default_css=False,
    )
