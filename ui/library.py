"""The Library tab: what is indexed, what has changed on the disk, new documents, and the update.

Files that are dropped stay aside until the reader asks for the update: before that, nothing in the corpus changes. A
document that is deleted is moved out of the corpus, and the index follows.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import Assistant, AssistantError, Listed
from assistant.care.watching import Now
from index import SUFFIXES, CorpusError, Plan, Progress, Report
from index.loading.incoming import MAX_FILES, MAX_MB, MAX_TOTAL_MB, Becomes, Incoming
from ui import words
from ui.palette import Palette
from ui.removed import removed_view
from ui.scripts import script
from ui.words import count

_PAUSE = 0.2  # seconds between two states of the progress bar
_ROWS = 5_000  # documents listed; a longer list is cut
_ID = 4_000  # characters in the name of a document
_DROPPED = 500  # files looked at
_LISTED = 40  # changes of the folder that are named one by one
_KINDS = " ".join(sorted(SUFFIXES))

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The tab's connections to the rest of the page."""

    inputs: list[Any]  # what `refresh` takes
    outputs: list[Any]  # what it fills
    refresh: Callable[[object, object], tuple[Data, Data, Data]]
    updated: tuple[Any, ...]  # the events after which the corpus may be another one


class Shelving:
    """Adds documents to one assistant's corpus and lists them."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._threads = ThreadPoolExecutor(1, "update")

    def listing(self) -> Data:
        """Every document, as data for the table."""
        try:
            status = self._assistant.corpus.status()
            new = self._assistant.corpus.unindexed()
            palette = Palette.of(self._assistant.corpus.perspectives())
        except (AssistantError, CorpusError) as error:
            return {"problem": str(error), "rows": []}
        # What needs a look comes first, in order of path.
        known = (row(listed, palette) for listed in status.documents)
        rows = sorted((*known, *map(_unknown, new)), key=lambda row: row["state"] == "current")
        passages = sum(listed.entry.passages for listed in status.documents)
        return {
            "corpus": words.REPLICA.format(origin=status.origin, published=status.published)
            if status.origin
            else str(status.corpus),
            "documents": len(status.documents),
            "passages": passages,
            "rows": rows[:_ROWS],
        }

    def removal(self, asked: object) -> Data:
        """What deleting a document will do, for the reader to decide; nothing is done."""
        try:
            removal = self._assistant.corpus.removal(_document(asked))
            plan = self._assistant.corpus.plan()
            listed = {listed.entry.id: listed for listed in self._assistant.corpus.status().documents}
        except (AssistantError, CorpusError, _Refused) as error:
            return {"problem": str(error)}
        # Another process may have published an index without it in between.
        title = listed[removal.entry.id].source.title if removal.entry.id in listed else removal.entry.id
        passages = count(removal.entry.passages, "passage")
        says = [
            words.REMOVE_MOVES.format(to=removal.to),
            words.REMOVE_PASSAGES.format(passages=passages) if removal.entry.passages else words.REMOVE_NO_PASSAGES,
        ]
        if removal.heir:
            says.append(words.REMOVE_HEIR.format(heir=removal.heir))
        if plan.changes:
            says.append(words.REMOVE_ALSO.format(plan=plan))
        return {"id": removal.entry.id, "title": title, "says": says}

    def remove(self, asked: object) -> Data:
        """Move a document's file out of the corpus. The page has the index follow then."""
        try:
            to = self._assistant.corpus.remove(_document(asked))
        except (AssistantError, CorpusError, _Refused) as error:
            return {"problem": str(error)}
        return {"to": str(to)}

    def functions(self) -> list[Callable[[object], Data]]:
        """What the script of the table may call."""

        def removal(asked: object) -> Data:
            return self.removal(asked)

        def remove(asked: object) -> Data:
            return self.remove(asked)

        def watched(_: object) -> Data:
            return self.watched()

        return [removal, remove, watched]

    def watched(self) -> Data:
        """What the watcher of the folder is doing; nothing where the folder is not watched."""
        watcher = self._assistant.corpus.watcher
        if watcher is None:
            return {}
        state = watcher.state
        line = words.WATCHED[state.now.value].format(problem=state.problem)
        if state.last is not None and state.now is Now.WATCHING:
            line += f" {words.FOLLOWED.format(plan=state.last.plan)}"
            if state.last.failed:
                line += f" {words.FOLLOWED_FAILED.format(documents=count(len(state.last.failed), 'document'))}"
        said: Data = {"state": state.now.value, "generation": self._assistant.corpus.reader.store.current()}
        if state.now in (Now.FAILED, Now.EMPTY):
            return said | {"problem": line}
        return said | {"line": line} | (_bar(state.progress) if state.progress else {})

    def planned(self, files: object, replace: object = False) -> Data:
        """The dry run: what an update would do, and what each of the dropped files would become."""
        try:
            dropped, others = _paths(files)
            incoming = (*others, *self._assistant.corpus.examine(dropped, replace=replace is True))
            plan = self._assistant.corpus.plan()
        except (AssistantError, CorpusError) as error:
            return {"problem": str(error)}
        return {"line": _sentence(plan, incoming), "files": [*map(_dropped, incoming), *_changes(plan)]}

    async def follow(self) -> AsyncIterator[tuple[Any, Any, Any]]:
        """Bring the index up to date, and leave the files that were dropped for later."""
        async for state, _, table in self.update([]):
            yield state, gr.skip(), table

    async def update(self, files: object, replace: object = False) -> AsyncIterator[tuple[Any, Any, Any]]:
        """Copy the dropped files into the corpus and bring the index up to date, telling how far it is."""
        yield {"busy": True, "line": words.STARTING}, gr.skip(), gr.skip()
        latest: list[Progress] = []
        loop = asyncio.get_running_loop()
        refused: list[Data] = []
        try:
            dropped, others = _paths(files)
            refused = [_dropped(file) for file in others]
            if dropped:
                add = partial(self._assistant.corpus.add, dropped, replace=replace is True)
                incoming = await loop.run_in_executor(self._threads, add)
                refused += [_dropped(file) for file in incoming if not file.is_added]
                # They are in the corpus now: should the update fail, pressing again must not copy them once more.
                yield gr.skip(), None, gr.skip()
            working = loop.run_in_executor(self._threads, self._assistant.corpus.update, latest.append)
            while not working.done():
                await asyncio.wait({working}, timeout=_PAUSE)
                if latest and not working.done():
                    yield _bar(latest[-1]), gr.skip(), gr.skip()
            report = await working
        except (AssistantError, CorpusError) as error:
            yield {"problem": str(error), "files": refused}, gr.skip(), self.listing()
            return
        yield _done(report, refused), gr.skip(), self.listing()


class _Refused(Exception):
    """What was asked for will not be done; the text is the sentence shown."""


def _document(asked: object) -> str:
    """The document that a request names."""
    if not isinstance(asked, str) or not 0 < len(asked) <= _ID:
        raise _Refused(words.NO_SUCH_DOCUMENT)
    return asked


def documents(assistant: Assistant) -> Shelf:
    """Lay out the tab and connect it."""
    shelving = Shelving(assistant)
    whole = script("library.js", given=_words())

    def part(name: str, id: str, *functions: Callable[[object], Data], value: Data | None = None) -> gr.HTML:
        return gr.HTML(
            value or {},
            elem_id=id,
            html_template="<div></div>",
            js_on_load=whole.replace("/*PART*/ state", name),
            server_functions=list(functions) or None,
            apply_default_css=False,
        )

    with gr.Column(elem_id="library"):
        with gr.Row(elem_id="adding", equal_height=True):
            # Without file_types: Gradio's refusal would show the name of a file as HTML.
            with gr.Column(elem_id="giving"):
                files = gr.File(label=words.DROP, elem_id="drop", file_count="multiple", height=150)
                limits = words.LIMITS.format(files=MAX_FILES, megabytes=MAX_MB, total=MAX_TOTAL_MB, kinds=_KINDS)
                replace = gr.Checkbox(label=words.REPLACE, info=limits, elem_id="replace")
            with gr.Column(elem_id="doing"):
                state = part("state", "state")
                with gr.Row():
                    check = gr.Button(words.CHECK, elem_id="check")
                    update = gr.Button(words.UPDATE, elem_id="update", variant="primary")
        part("watching", "watched", *shelving.functions(), value={"on": assistant.corpus.watcher is not None})
        table = part("table", "documents", *shelving.functions())
        aside, kept = removed_view(assistant)
        follow = gr.Button(words.FOLLOW, elem_id="follow")  # pressed by the table's script

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    one: dict[str, Any] = {**quiet, "concurrency_limit": 1, "concurrency_id": "index"}
    # What is dropped while the last change is still looked at must not be passed over, as Gradio does by default.
    changes = [files.upload, files.delete, files.clear, check.click, replace.input]
    gr.on(changes, shelving.planned, [files, replace], [state], trigger_mode="always_last", **quiet)
    check.click(lambda: (shelving.listing(), kept()), None, [table, aside], **quiet)
    updated = update.click(shelving.update, [files, replace], [state, files, table], **one)
    followed = follow.click(shelving.follow, None, [state, files, table], **one)
    for done in (updated, followed):
        done.then(kept, None, [aside], **quiet)

    def refresh(dropped: object, replace: object) -> tuple[Data, Data, Data]:
        return shelving.listing(), shelving.planned(dropped, replace), kept()

    return Shelf([files, replace], [table, state, aside], refresh, (updated, followed))


def _words() -> Data:
    """What the script says, and what it needs to know of the limits so that nothing is uploaded in vain."""
    sizes = {"files": MAX_FILES, "megabytes": MAX_MB, "total": MAX_TOTAL_MB}
    turned = {name: text.format(**sizes) for name, text in words.TURNED_AWAY.items()}
    sign = words.SIGNS_OF_FILES["refused"]
    return {
        **words.LIBRARY,
        "states": words.NOW,
        **turned,
        "sign": sign,
        "and": words.AND_MORE.format(count="#"),
        "limits": sizes,
    }


def row(listed: Listed, palette: Palette) -> Data:
    """A line of the table."""
    entry, source = listed.entry, listed.source
    state = listed.now if listed.now != "current" else entry.state if entry.state != "indexed" else "current"
    remarks = [entry.problem] if entry.problem else []
    return {
        "id": entry.id,
        "title": source.title,
        "state": state,
        "says": words.NOW.get(state, state),
        "labels": [{"style": palette.of_label(label), "name": palette.name([label])} for label in source.labels],
        "date": source.published or "",
        "passages": entry.passages,
        "language": entry.language or "",
        "remarks": [*remarks, *entry.warnings],
        "retry": state == "failed",
        "remove": state != "gone",
    }


def _unknown(id: str) -> Data:
    """The line of a file that is not indexed yet."""
    line: Data = {"id": id, "title": id, "state": "new", "says": words.NOW["new"], "labels": [], "remarks": []}
    return line | {"date": "", "passages": "", "language": "", "retry": False, "remove": False}


def _sentence(plan: Plan, incoming: Sequence[Incoming]) -> str:
    added = [file for file in incoming if file.is_added]
    if not plan.changes and not added:
        if plan.retried:
            return words.ONLY_FAILED.format(documents=count(len(plan.retried), "document"))
        return words.NOTHING_TO_ADD if incoming else words.NOTHING_TO_DO.format(kinds=_KINDS)
    # What is replaced is told once, also where the file on the disk has changed, or is not indexed yet.
    touched = {*plan.new, *(entry.id for entry in (*plan.edited, *plan.retried))}
    replaced = sum(file.becomes is Becomes.REPLACES and file.to not in touched for file in added)
    new = sum(file.becomes is not Becomes.REPLACES for file in added)
    counts = f"+{len(plan.new) + new} ~{len(plan.edited) + replaced} -{len(plan.deleted)}"
    return words.PLAN.format(plan=str(plan).replace(str(plan).partition(",")[0], counts, 1))


def _paths(files: object) -> tuple[list[Path], list[Incoming]]:
    """The files that were uploaded, and a refusal for each other one.

    Gradio hands on whatever path a request names, also of files of this machine that nobody dropped.
    """
    named = [Path(file) for file in files if isinstance(file, str)][:_DROPPED] if isinstance(files, list) else []
    uploaded = [file for file in named if _is_upload(file)]
    others = [
        Incoming(file, file.name[:100], Becomes.REFUSED, problem=words.NOT_DROPPED)
        for file in named
        if file not in uploaded
    ]
    return uploaded, others


def _is_upload(file: Path) -> bool:
    uploads = os.environ.get("GRADIO_TEMP_DIR")
    if not uploads:
        return False
    try:
        return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(uploads))
    except ValueError:  # a NUL, or what is no character
        return False


def _dropped(file: Incoming) -> Data:
    """What becomes of a dropped file, in words."""
    says = words.BECOMES[file.becomes.value].format(to=file.to, problem=file.problem)
    return {
        "name": file.name,
        "becomes": file.becomes.value,
        "sign": words.SIGNS_OF_FILES[file.becomes.value],
        "says": says,
    }


def _changes(plan: Plan) -> list[Data]:
    """What an update does with the files that are in the folder already."""
    found = [
        *((id, "new", "") for id in plan.new),
        *((entry.id, "edited", "") for entry in plan.edited),
        *((entry.id, "renamed", to) for entry, to in plan.renamed),
        *((entry.id, "deleted", "") for entry in plan.deleted),
        *((entry.id, "retried", "") for entry in plan.retried),
    ]
    lines = [
        {
            "name": name,
            "becomes": f"disk-{what}",
            "sign": words.DISK_SIGNS[what],
            "says": words.ON_DISK[what].format(to=to),
        }
        for name, what, to in found[:_LISTED]
    ]
    if len(found) > _LISTED:
        lines.append(
            {"name": words.AND_MORE.format(count=len(found) - _LISTED), "becomes": "more", "sign": "", "says": ""}
        )
    return lines


def _bar(progress: Progress) -> Data:
    return {
        "busy": True,
        "done": progress.documents,
        "of": progress.of_documents,
        "rate": round(progress.rate),
        "left": progress.seconds_left,
    }


def _done(report: Report, refused: list[Data]) -> Data:
    line = words.DONE.format(
        seconds=f"{report.seconds:.1f}", plan=report.plan, passages=count(report.passages, "passage")
    )
    failed = [
        {"name": name, "becomes": "failed", "sign": words.SIGNS_OF_FILES["refused"], "says": reason}
        for name, reason in report.failed[:_LISTED]
    ]
    said: Data = {"line": line, "files": [*refused, *failed]}
    if report.failed:
        said["problem"] = words.FAILED.format(documents=count(len(report.failed), "document"))
    return said
