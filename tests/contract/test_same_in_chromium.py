"""The same question asked on the page, in a real Chromium, shows the answer that Python gives: each quote where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from assistant import Assistant, Citation, badge_of
from index import LocalEmbedder, Reader, Store
from index.update import update
from tests.chromium import FLAGS, MISSING, chromium
from tests.serving import Serving
from ui.app import build
from ui.palette import Palette

pytestmark = pytest.mark.browser
SAMPLE = Path(__file__).parents[2] / "index" / "sample"
QUESTION = "What do the sources say about the bollards?"
WITHIN = 60_000  # milliseconds; the machine may be busy


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    store, embedder = Store(tmp_path / "store"), LocalEmbedder()
    update(SAMPLE, store, embedder)
    with Assistant(Reader(store, embedder)) as assistant:
        yield assistant


@pytest.fixture
def page(assistant: Assistant) -> Iterator[Page]:
    path = chromium()
    if path is None:
        pytest.skip(MISSING)
    serving = Serving(build(assistant, only_local=True)[1])
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(WITHIN)
            page.goto(serving.url)
            yield page
            browser.close()
    finally:
        serving.stop()


def test_the_page_shows_the_answer_that_python_gives(assistant: Assistant, page: Page) -> None:
    answer = assistant.ask(QUESTION)
    assert len({entry.document.id for entry in answer.citations}) > 2
    page.locator("#box textarea").fill(QUESTION)
    page.locator("#box textarea").press("Enter")
    page.get_by_test_id("answer-end").wait_for(timeout=WITHIN)
    said = page.locator("#chat .answer .item blockquote").all_inner_texts()
    assert [_words(text) for text in said] == [_words(claim.text) for claim in answer.claims]

    palette, cited = Palette.of(assistant.corpus.perspectives()), {entry.number: entry for entry in answer.citations}
    entries = [cited[number] for claim in answer.claims for number in claim.citations]
    assert {*cited.values()} == {*entries}
    chips = page.locator("#chat .answer .item a.cite")
    expect(chips).to_have_count(len(entries), timeout=WITHIN)
    for at, entry in enumerate(entries):
        chips.nth(at).click()
        link = chips.nth(at).get_attribute("href")
        page.wait_for_function("link => location.hash === link", arg=link, timeout=WITHIN)
        assert _shown(page, at) == _given(entry, palette)


def _given(entry: Citation, palette: Palette) -> dict[str, Any]:
    """What a citation of Python's answer says, as it has to be told."""
    return {
        "number": entry.number,
        "chip": palette.name(entry.labels),
        "sides": [palette.name([label]) for label in entry.labels],
        "title": entry.source.title,
        "document": entry.document.id,
        "quote": entry.document.text[entry.start : entry.end],
        "speaker": badge_of(entry.voice, entry.source.title),
    }


def _shown(page: Page, at: int) -> dict[str, Any]:
    """What the page tells of a citation: on its chip, and in the passage that it opened."""
    number, _, chip = page.locator("#chat .answer .item a.cite").nth(at).inner_text().partition(" ")
    panel = page.locator(".panel")
    return {
        "number": int(number),
        "chip": chip.strip(),
        "sides": panel.locator(".badge").all_inner_texts(),
        "title": panel.locator("h2").inner_text(),
        "document": page.evaluate("decodeURIComponent(location.hash.split('/')[1])"),
        "quote": page.get_by_test_id("passage").locator("mark").text_content(),
        "speaker": panel.locator("p.voice").inner_text(),
    }


def _words(text: str) -> str:
    """A text as a browser lays it out in lines."""
    return " ".join(text.split())
