"""Questions that go on from an answer, in a real browser. Run: python -m pytest tests/browser/test_next_page.py"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from checks import violations
from playwright.sync_api import Locator, Page, expect
from reading import Served, ask

from assistant import Assistant

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "index" / "sample"
QUESTION = "When were the traders told about the bridge trial?"


def patient(assistant: Assistant) -> Assistant:
    """The same, which looks for longer: what is found is not to hang on how busy the machine is."""
    found = assistant.next_questions
    assistant.next_questions = lambda *given, **only: found(*given, **(only | {"seconds": 60.0}))
    return assistant


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve({path.name: path.read_bytes() for path in SAMPLE.iterdir() if path.is_file()}, patient)


def onward(page: Page) -> Locator:
    return page.get_by_role("region", name="You may go on to ask").get_by_role("button")


def test_a_press_asks_it_and_others_follow(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    expect(onward(page).first).to_be_visible()
    question = onward(page).first.text_content() or ""
    assert question.endswith("?")
    page.locator("#box textarea").fill("")
    onward(page).first.press("Enter")
    page.get_by_test_id("answer-end").nth(1).wait_for()
    expect(page.locator("#chat .user-row p").last).to_have_text(question)
    expect(page.locator("#chat .answer").last.locator(".searched")).to_have_count(0)  # searched as it stands
    expect(page.locator('#chat [role="log"]')).to_be_focused()
    expect(page.get_by_role("region", name="You may go on to ask")).to_have_count(1)
    assert question not in onward(page).all_text_contents()


def test_nothing_moves_when_they_come(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    page.evaluate(
        """() => {
        new MutationObserver(() => {
            const end = document.querySelector("#chat .answer-end");
            if (end && !window.ended) window.ended = end.getBoundingClientRect().top + 1;
            if (document.querySelector("#chat .next") && end) window.later = end.getBoundingClientRect().top + 1;
        }).observe(document.body, { childList: true, subtree: true });
    }"""
    )
    page.set_viewport_size({"width": 1440, "height": 3000})
    ask(page, QUESTION)
    onward(page).first.wait_for()
    assert page.evaluate("Math.abs(window.later - window.ended)") <= 1
    below = page.locator("#chat .next").bounding_box()
    retry = page.get_by_role("button", name="Retry").bounding_box()
    assert below is not None
    assert retry is not None
    assert below["y"] >= retry["y"] + retry["height"]


def test_they_go_while_another_answer_is_written(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    onward(page).first.wait_for()
    ask(page, "Who said “I would keep the semicolon”?")
    first = page.locator("#chat .bot-row").first
    assert first.locator(".next").count() == 0
    assert page.locator("#chat .next").count() <= 1


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation(served: Served, visit: Callable[..., Page], width: int, dark: bool) -> None:
    page = visit(served.url, width=width, height=800, dark=dark, touch=width < 500)
    ask(page, QUESTION)
    onward(page).first.scroll_into_view_if_needed()
    assert violations(page) == []
    for button in onward(page).all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 24
        assert box["x"] + box["width"] <= width
