"""The same question asked on the page, in a real Chromium, shows the answer that Python gives: each quote where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from reading import Served

from assistant import Citation, badge_of
from ui.palette import Palette

pytestmark = pytest.mark.browser
SAMPLE = Path(__file__).parents[2] / "index" / "sample"
QUESTION = "What do the sources say about the bollards?"


def test_the_page_shows_the_answer_that_python_gives(serve: Callable[..., Served], visit: Callable[..., Page]) -> None:
    served = serve({path.name: path.read_bytes() for path in SAMPLE.iterdir() if path.is_file()})
    assistant, page = served.assistant, visit(served.url, width=1440, height=900)
    answer = assistant.ask(QUESTION)
    assert len({entry.document.id for entry in answer.citations}) > 2
    page.locator("#box textarea").fill(QUESTION)
    page.locator("#box textarea").press("Enter")
    page.get_by_test_id("answer-end").wait_for()
    said = page.locator("#chat .answer .item blockquote").all_inner_texts()
    assert [_words(text) for text in said] == [_words(claim.text) for claim in answer.claims]

    palette, cited = Palette.of(assistant.corpus.perspectives()), {entry.number: entry for entry in answer.citations}
    entries = [cited[number] for claim in answer.claims for number in claim.citations]
    assert {*cited.values()} == {*entries}
    chips = page.locator("#chat .answer .item a.cite")
    expect(chips).to_have_count(len(entries))
    for at, entry in enumerate(entries):
        chips.nth(at).click()
        link = chips.nth(at).get_attribute("href")
        page.wait_for_function("link => location.hash === link", arg=link)
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
