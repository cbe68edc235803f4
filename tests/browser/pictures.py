"""The sample corpus in, pictures of the page out: `make pictures`, or python -m tests.browser.pictures FOLDER."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import index
from assistant import Assistant
from assistant.writing.llm import Model
from assistant.writing.writer import Writer
from index import LocalEmbedder, Store
from index.update import update
from tests.browser import orrenmouth
from tests.chromium import FLAGS, chromium
from tests.scripted_model import model_server
from tests.serving import Serving
from ui.app import build

SCREENS = (
    ("wide", 1440, 900, False),
    ("dark", 1440, 900, True),
    ("phone", 390, 844, False),
    ("phone-dark", 390, 844, True),
)


def main(folder: Path) -> None:
    """Write every state of the page as a PNG into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        corpus = Path(temporary, "sample")
        shutil.copytree(Path(index.__file__).parent / "sample", corpus)
        store = Store(Path(temporary, "store"))
        update(corpus, store, LocalEmbedder())
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        hold = threading.Event()
        with Assistant.open(store.folder) as assistant, model_server(partial(orrenmouth.reply, hold)) as model:
            assistant.writer = Writer(Model("a-model-of-yours", model.url))
            with _served(assistant) as url:
                _written(browser, url, folder, hold)
            assistant.writer = Writer(Model("a-model-of-yours", "http://127.0.0.1:9/v1"))
            with _served(assistant) as url:
                page = _open(browser, url, 1440, 900, False)
                _asked(page, orrenmouth.TRADE)
                page.screenshot(path=folder / "written-6-model-down.png")
                page.context.close()
        with Assistant.open(store.folder) as assistant, _served(assistant) as url:
            _ask(browser, url, folder)
            _overview(browser, url, folder)
            _library(browser, url, folder, corpus)
        browser.close()


@contextmanager
def _served(assistant: Assistant) -> Iterator[str]:
    serving = Serving(build(assistant)[1])
    try:
        yield serving.url
    finally:
        serving.stop()


def _written(browser: Browser, url: str, folder: Path, hold: threading.Event) -> None:
    """Answers that a model wrote."""
    for name, width, height, dark in SCREENS:
        page = _open(browser, url, width, height, dark)
        page.locator("#box textarea").fill(orrenmouth.SLOWLY)
        page.locator("#box textarea").press("Enter")
        page.locator("#chat .claim").nth(1).wait_for()
        page.screenshot(path=folder / f"{name}-6-writing.png")
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_test_id("answer-end").wait_for()
        page.wait_for_timeout(400)
        page.screenshot(path=folder / f"{name}-7-stopped.png")
        page.locator("#new").evaluate("node => node.click()")  # in a drawer on a phone
        page.locator("#chat .example").first.wait_for()
        _asked(page, orrenmouth.TRADE)
        page.screenshot(path=folder / f"{name}-8-written.png")
        page.locator(".quotes summary").nth(2).click()
        page.wait_for_timeout(200)
        page.screenshot(path=folder / f"{name}-9-quotes.png")
        page.context.close()
    for name, questions in (
        ("written-1-premise", [orrenmouth.PREMISE]),
        ("written-2-partly", [orrenmouth.PARTLY]),
        ("written-3-follow-up", [orrenmouth.TRADE, orrenmouth.FOLLOW_UP]),
    ):
        page = _open(browser, url, 1440, 900, False)
        for question in questions:
            _asked(page, question)
        page.screenshot(path=folder / f"{name}.png")
        page.context.close()
    hold.set()


def _asked(page: Page, question: str) -> None:
    ends = page.get_by_test_id("answer-end")
    before = ends.count()
    page.locator("#box textarea").fill(question)
    page.locator("#box textarea").press("Enter")
    ends.nth(before).wait_for()
    page.wait_for_timeout(500)


def _ask(browser: Browser, url: str, folder: Path) -> None:
    for name, width, height, dark in SCREENS:
        page = _open(browser, url, width, height, dark)
        page.screenshot(path=folder / f"{name}-1-empty.png")
        _asked(page, orrenmouth.TRADE)
        page.screenshot(path=folder / f"{name}-2-answer.png")
        page.locator("a.cite").nth(1).click()
        page.get_by_test_id("passage").wait_for()
        page.wait_for_timeout(400)
        page.screenshot(path=folder / f"{name}-3-passage.png")
        page.keyboard.press("Escape")
        page.locator("summary").first.click()
        page.locator(".balance").scroll_into_view_if_needed()
        page.wait_for_timeout(400)
        page.screenshot(path=folder / f"{name}-4-end.png")
        page.get_by_role("link", name="Compare side by side").click()
        page.locator("#table table").wait_for()
        page.mouse.move(0, 0)  # what lies under the pointer would be previewed
        page.wait_for_timeout(600)
        page.screenshot(path=folder / f"{name}-10-table.png")
        page.get_by_role("button", name="Agree, dispute, missing").click()
        page.mouse.move(0, 0)
        page.wait_for_timeout(600)
        page.screenshot(path=folder / f"{name}-11-agree.png")
        page.get_by_role("button", name="Back", exact=False).first.click()
        _asked(page, "Who won the football cup of Timbuktu?")
        page.screenshot(path=folder / f"{name}-5-not-in-corpus.png")
        page.context.close()


def _overview(browser: Browser, url: str, folder: Path) -> None:
    for name, width, height, dark in SCREENS:
        page = _open(browser, url, width, height, dark)
        tab = page.get_by_role("tab", name="Overview", exact=True)
        if not tab.is_visible():
            page.get_by_role("button", name="More tabs").click()
            tab = page.locator("#tabs .overflow-dropdown").get_by_text("Overview", exact=True)
        tab.click()
        for picture in ("map", "timeline", "quoting"):
            page.locator(f"#glance .{picture} .main-svg").first.wait_for()
        page.wait_for_timeout(400)
        page.screenshot(path=folder / f"{name}-11-overview.png")
        page.locator("summary", has_text="The passages of the map").click()
        page.locator("#glance .opens").nth(2).click()
        page.get_by_test_id("passage").wait_for()
        page.wait_for_timeout(400)
        page.screenshot(path=folder / f"{name}-12-overview-passage.png")
        page.context.close()


def _library(browser: Browser, url: str, folder: Path, corpus: Path) -> None:
    (corpus / "scan.pdf").write_bytes(b"not a pdf")
    (corpus / "eleven-minutes-at-the-bollards.txt").write_text("Another text, and a shorter one.\n")
    for number in range(150):
        lines = (f"Report {number}, line {line}: the quay was swept {number * line} times." for line in range(60))
        (corpus / f"report {number}.txt").write_text("\n".join(lines))
    page = _open(browser, url, 1440, 900, False)
    page.get_by_role("tab", name="Library").click()
    page.locator("#documents table").wait_for()
    page.locator("#state", has_text="+151").wait_for()
    page.screenshot(path=folder / "library-1-plan.png")
    page.get_by_role("button", name="Update the index").click()
    page.locator("#state progress[value]").wait_for()
    page.wait_for_timeout(1200)
    page.screenshot(path=folder / "library-2-progress.png")
    page.locator("#state", has_text="Done in").wait_for(timeout=120_000)
    page.get_by_role("searchbox").fill("a")
    page.wait_for_timeout(300)
    page.screenshot(path=folder / "library-3-done.png")
    page.context.close()
    page = _open(browser, url, 390, 844, True)
    page.get_by_role("button", name="More tabs").click()
    page.locator("#tabs .overflow-dropdown").get_by_text("Library", exact=True).click()
    page.locator("#documents table").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=folder / "library-4-phone-dark.png")
    page.context.close()


def _open(browser: Browser, url: str, width: int, height: int, dark: bool) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        device_scale_factor=2 if width < 500 else 1,
    )
    page = context.new_page()
    page.goto(url)
    page.locator("#chat .example").first.wait_for()
    page.wait_for_timeout(500)
    return page


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
