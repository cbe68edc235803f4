"""The whole page by keyboard alone. Run: python -m pytest tests/browser/test_keyboard.py"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from keyboard import faults, go, walk
from playwright.sync_api import Page, expect
from reading import Served, ask, shown
from states import DOOR, FILES, QUESTION, start, tab

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES, keeps=True)


def test_what_is_wrong_with_a_stop_would_be_found(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    start(page)
    page.add_style_tag(content="#new { outline: 0 !important; border: 0 !important; } #new:focus { box-shadow: none }")
    page.evaluate("document.querySelector('#blind label').append(document.createElement('button'))")
    page.evaluate("document.body.append(Object.assign(document.createElement('i'), {tabIndex: 7, textContent: 'x'}))")
    wrong = " ".join(faults(walk(page)))
    assert "does not show that it is focused: <button" in wrong
    assert "has no name: <button" in wrong
    assert "comes before what it follows: <i" in wrong or "comes before what it follows" in wrong


def test_shift_and_tab_go_the_same_way_back(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    there = [stop.key for stop in walk(page)]
    back = [stop.key for stop in walk(page, "Shift+Tab")]
    assert sorted(there) == sorted(back)
    at = there.index(back[0])
    assert [*there[at::-1], *there[:at:-1]] == back


def test_the_sheet_and_the_dialog_hold_the_keyboard_and_nothing_else_does(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url, width=390, height=800)
    ask(page, QUESTION).locator("a.cite").first.click()
    shown(page)
    sheet = walk(page)
    assert {stop.where for stop in sheet} == {".panel"}
    assert len(sheet) >= 6

    page = visit(served.url)
    ask(page, QUESTION).locator("a.cite").first.click()
    shown(page)
    assert {".panel", "#talk", "#side"} <= {stop.where for stop in walk(page)}

    page = visit(served.url)
    tab(page, "Library")
    page.get_by_role("button", name="Delete: moon.txt").click()
    page.get_by_role("dialog").wait_for()
    assert sorted(stop.name for stop in walk(page)) == ["Delete it", "Keep it"]


def test_from_a_question_to_a_passage_and_back_without_a_mouse(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    start(page)
    go(page, "#box textarea")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_test_id("answer-end").wait_for()
    go(page, "#chat a.cite", "Shift+Tab")
    opener = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    first = shown(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".panel mark")).not_to_have_text(first)
    go(page, ".panel .text")
    go(page, ".panel .fix summary")
    page.keyboard.press("Enter")
    go(page, ".panel .fix input")
    page.keyboard.press("ArrowLeft")  # in a field it moves in the text
    expect(page.locator(".panel mark")).not_to_have_text(first)
    page.keyboard.press("Escape")
    expect(page.locator("body")).not_to_have_class("panel-open")
    assert page.evaluate("document.activeElement.matches('#chat a.cite')")
    assert opener.startswith("#p/")
    go(page, "#chat a[href^='#t/']")
    page.keyboard.press("Enter")
    page.locator("#table table").wait_for()
    go(page, "#table a.cite")
    page.keyboard.press("Enter")
    shown(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('#table a.cite')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('#chat a[href^=\"#t/\"]')")


def test_through_history_cards_and_library_without_a_mouse(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    page.locator(".history .opens").wait_for()
    go(page, ".history input", "Shift+Tab")
    page.keyboard.type("zebra")
    expect(page.locator(".history .note")).to_have_text("Nothing was found.")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.locator(".history .opens").wait_for()
    go(page, ".history .does button")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of the conversation")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".history .opens")).to_be_focused()

    go(page, "#tabs [role=tab]", "Shift+Tab")
    for _ in range(3):
        if page.evaluate("document.activeElement.textContent.trim()") != "Perspectives":
            page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.locator("#cards .side-card").first.wait_for()
    go(page, "#cards header button")
    page.keyboard.press("Enter")
    expect(page.locator("#cards form input").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#cards header button").first).to_be_focused()

    go(page, "#tabs [role=tab]", "Shift+Tab")
    page.keyboard.press("Enter")
    page.locator("#documents table").wait_for()
    go(page, "#documents .acts button[aria-label^='Delete']")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('.acts button[aria-label^=\"Delete\"]')")


def test_the_log_in_without_a_mouse(serve: Callable[..., Served], visit: Callable[..., Page]) -> None:
    page = visit(serve(FILES, **DOOR).url, width=390, height=800)
    expect(page.locator("#user")).to_be_focused()
    stops = walk(page)
    assert faults(stops) == []
    assert sorted(stop.name for stop in stops) == ["Log in", "Name", "Password"]
    page.locator("#user").focus()
    page.keyboard.type("ines")
    page.keyboard.press("Tab")
    page.keyboard.type("a password")
    page.keyboard.press("Enter")
    page.locator("#box textarea").wait_for()
