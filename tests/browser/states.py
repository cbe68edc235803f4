"""The states of the page that everybody must be able to use: each is a function that brings an open page into it.

A new one is a function and a word in `STATES`; what needs another corpus stands in `ELSEWHERE`, with its files.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page
from reading import Served, ask, shown

from assistant import Assistant
from assistant.writing.llm import Model
from assistant.writing.writer import Writer
from ui.door import Credentials

QUESTION = "How many cars does the ferry of Marrowby carry?"
LABELS = """
version = 1
[perspectives.bridge]
label = "Bridge builders"
description = "Want a bridge."
[perspectives.ferry]
label = "Ferry friends"
[[source]]
match = "ferry*.txt"
perspective = "ferry"
published = "2026-01"
by = "Ines"
on = "2026-01-02"
quotes = ["the ferry is loved"]
[[source]]
match = "bridge*.txt"
perspective = "bridge"
"""
FILES = {
    "sources.toml": LABELS,
    "ferry.txt": "The ferry must stay\n\nThe ferry of Marrowby carries 40 cars every day, and the ferry is loved.\n",
    "ferry-2.txt": "“The ferry of Marrowby carries cars for everybody,” said Captain Holm. The harbour was quiet.\n",
    "bridge.txt": "A bridge at last\n\nThe ferry of Marrowby carries 12 cars a day, and a bridge would carry more.\n",
    "bridge-2.txt": "The ferry of Marrowby carries few cars in winter, and lorries are turned away.\n",
    "moon.txt": "The moon rose late over the orchard, and an owl was heard until the morning.\n",
    "broken.pdf": b"%PDF-1.4 this is none",
}


def tab(page: Page, name: str) -> None:
    """Go to a tab; on a phone those that have no room stand in a menu."""
    found = page.get_by_role("tab", name=name, exact=True)
    if not found.is_visible():
        page.get_by_role("button", name="More tabs").click()
        found = page.locator("#tabs .overflow-dropdown").get_by_text(name, exact=True)
    found.click()


def start(page: Page) -> None:
    page.locator("#chat .example").first.wait_for()


def _answer(page: Page) -> Locator:
    return ask(page, QUESTION)


def _filtered(page: Page) -> None:
    """A search narrowed in every way, with one of the lists open, and its answer."""
    if page.locator("#filters").is_visible():
        page.locator("#filters").click()
    page.locator("#chosen input").first.uncheck()
    page.get_by_role("combobox", name="Documents").fill("moon")
    page.get_by_role("option").first.click()
    page.get_by_label("Published from").fill("20x")
    page.get_by_label("Published from").press("Tab")
    page.locator("#problem-since", has_text="no date").wait_for()
    page.get_by_label("Published from").fill("")
    ask(page, QUESTION)
    if page.locator("#filters").is_visible():
        page.locator("#filters").click()
    page.get_by_label("Published until").fill("20x")
    page.get_by_label("Published until").press("Tab")
    page.locator("#problem-until", has_text="no date").wait_for()
    page.get_by_role("combobox", name="Documents").click()
    page.get_by_role("option").first.wait_for()


def _trail(page: Page) -> None:
    for summary in _answer(page).locator("summary").all():
        summary.click()


def passage(page: Page) -> None:
    _answer(page).locator("a.cite").first.click()
    shown(page)


def _reasons(page: Page) -> None:
    _answer(page).locator("a.cite", has_text="Ferry friends").first.click()
    shown(page)
    page.locator(".panel .reasons summary").click()


def table(page: Page) -> None:
    _answer(page).get_by_role("link", name="Compare side by side").click()
    page.locator("#table table").wait_for()


def _cards(page: Page) -> None:
    tab(page, "Perspectives")
    page.locator("#cards .side-card").first.wait_for()


def _editing(page: Page) -> None:
    _cards(page)
    page.locator("#cards").get_by_role("button", name="Edit").first.click()


def _overview(page: Page) -> None:
    tab(page, "Overview")
    for picture in ("map", "timeline", "quoting"):
        page.locator(f"#glance .{picture} .main-svg").first.wait_for()
    for summary in page.locator("#glance summary").all():
        summary.click()
    page.get_by_role("button", name="Holm in Ferry friends").first.click()
    page.locator("#glance .result").wait_for()


def library(page: Page) -> None:
    tab(page, "Library")
    page.locator("#documents table").wait_for()


def _label(page: Page) -> None:
    """Why a source is labelled so, and who speaks, on a page that is not wide."""
    _reasons(page)
    page.locator(".panel .fix summary").click()
    page.locator(".panel .fix input").first.wait_for()


def _deleting(page: Page) -> None:
    library(page)
    page.get_by_role("button", name="Delete: moon.txt").click()
    page.get_by_role("dialog").wait_for()


def _kept(page: Page) -> None:
    """The list of conversations, with some in it."""
    _answer(page)
    page.get_by_role("button", name="New question").or_(page.get_by_role("button", name="Filters")).first.click()
    _open_side(page)
    page.locator(".history .opens").first.wait_for()


def _searching(page: Page) -> None:
    _kept(page)
    page.locator(".history input").fill("ferry")
    page.locator(".history .found, .history .note:not(:empty)").first.wait_for()


def _nothing_found(page: Page) -> None:
    _kept(page)
    page.locator(".history input").fill("zebra")
    page.get_by_text("Nothing was found.").wait_for()


def _open_side(page: Page) -> None:
    if not page.locator("#side").is_visible():
        page.get_by_role("button", name="Filters").click()


def _not_in_corpus(page: Page) -> None:
    ask(page, "Who won the football cup of Timbuktu?")


def _preview(page: Page) -> None:
    _answer(page).locator("a.cite").first.hover()
    page.locator("#preview").wait_for()


def _asking_otherwise(page: Page) -> None:
    """An earlier question is edited."""
    _answer(page)
    page.get_by_role("button", name="Edit question 1").click()
    page.locator("#editing p").wait_for()


def _judging(page: Page) -> None:
    """What was wrong with an answer is said, and said of it below."""
    _answer(page)
    page.get_by_role("button", name="No, this answer was not useful").click()
    dialog = page.get_by_role("dialog", name="What is wrong with it?")
    dialog.get_by_label("one-sided").check()
    dialog.get_by_role("button", name="Save").click()
    page.locator("#chat .judged", has_text="one-sided").wait_for()
    page.get_by_role("button", name="No, this answer was not useful").click()
    dialog.wait_for()


def _dry_run(page: Page) -> None:
    """What an update would do with a good file and one of a wrong kind."""
    library(page)
    drops = [{"name": f"owl{end}", "mimeType": "text/plain", "buffer": b"An owl."} for end in (".txt", ".png")]
    page.locator("#drop input[type=file]").set_input_files(drops)  # type: ignore[arg-type]
    page.locator("#state li").nth(1).wait_for()


STATES: tuple[Callable[[Page], object], ...] = (
    *(start, _answer, _filtered, _trail, passage, _reasons, _label, _preview, table, _cards, _editing, _overview),
    *(_asking_otherwise, _judging, library, _deleting, _dry_run, _kept, _searching, _nothing_found, _not_in_corpus),
)


@dataclass(frozen=True)
class Elsewhere:
    """A state of the page over another corpus, or behind a door."""

    reach: Callable[[Page], object]
    files: Mapping[str, str | bytes] = field(default_factory=lambda: FILES)
    wrap: Callable[[Assistant], Assistant] = lambda assistant: assistant
    spoil: Callable[[Served], object] = lambda served: None
    credentials: Credentials | None = None

    def served(self, serve: Callable[..., Served]) -> Served:
        """The page; `spoil` is for before each visit."""
        return serve(self.files, self.wrap, credentials=self.credentials)


def _unreachable_model(assistant: Assistant) -> Assistant:
    assistant.writer = Writer(Model("down", "http://127.0.0.1:9"))
    return assistant


def _many_more(served: Served) -> None:
    """Before each visit: by the second one those of the first may be in the index."""
    there = len(list(served.corpus.glob("report *.txt")))
    for number in range(there, there + 60):
        lines = (f"Report {number}, line {line}: the quay was swept {number * line} times." for line in range(60))
        (served.corpus / f"report {number}.txt").write_text("\n".join(lines))


def _updating(page: Page) -> None:
    library(page)
    page.get_by_role("button", name="Update the index").click()
    page.locator("#state progress").wait_for()


def _damage(served: Served) -> None:
    shutil.rmtree(served.assistant.reader.store.folder, ignore_errors=True)  # at the second visit it is gone


def _asked_in_vain(page: Page) -> None:
    ask(page, QUESTION)


def _refused(page: Page) -> None:
    page.locator("#user").fill("ines")
    page.locator("#password").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()


def _leaving(page: Page) -> None:
    page.locator("#user").fill("ines")
    page.locator("#password").fill("a password")
    page.keyboard.press("Enter")
    page.locator("#box textarea").wait_for()
    page.goto(page.url.rstrip("/") + "/logout")


DOOR: Any = {"credentials": Credentials("ines", "a password")}
ELSEWHERE: dict[str, Elsewhere] = {
    "model down": Elsewhere(_answer, wrap=_unreachable_model),
    "index damaged": Elsewhere(_asked_in_vain, spoil=_damage),
    "updating": Elsewhere(_updating, spoil=_many_more),
    "log in": Elsewhere(lambda page: page.locator("#user").wait_for(), **DOOR),
    "log-in refused": Elsewhere(_refused, **DOOR),
    "log out": Elsewhere(_leaving, **DOOR),
}
