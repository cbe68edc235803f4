"""A browser that stores nothing, and what a reader has begun to type. Run: python -m pytest tests/browser/test_browser_keeps.py"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from marrowby import FILES
from playwright.sync_api import Browser, Page, expect
from reading import Served, ask

pytestmark = pytest.mark.browser

QUESTION = "What does the ferry of Marrowby cost, and what the bridge?"
REFUSED = """for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
}"""


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES, keeps=True)


def test_a_browser_that_stores_nothing_shows_the_whole_page(served: Served, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(REFUSED)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(served.url)
    ask(page, QUESTION)
    expect(page.locator("#history .opens")).to_have_text([QUESTION])
    page.locator("#blind input").check()
    expect(page.locator("html")).to_have_class("blind")
    page.get_by_role("tab", name="Perspectives").click()
    name = page.get_by_label("Your name")
    name.fill("Ada")
    page.get_by_role("tab", name="Ask", exact=True).click()
    page.get_by_role("tab", name="Perspectives").click()
    expect(name).to_have_value("Ada")
    context.close()
    assert errors == []


def test_what_stood_in_the_box_is_there_again_when_another_conversation_is_shown(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    box = page.locator("#box textarea")
    files = page.locator("#history .files")
    expect(files).to_be_hidden()
    ask(page, QUESTION)
    expect(files).to_be_visible()
    box.fill("A draft")
    for leave in (page.locator("#history .opens").first, page.locator("#new")):
        page.get_by_role("button", name="Edit question 1").click()
        expect(box).to_have_value(QUESTION)
        leave.click()
        expect(page.locator("#editing")).to_be_hidden()
        expect(box).to_have_value("A draft")
    expect(page.locator("#chat .answer")).to_have_count(0)
    expect(files).to_be_hidden()
    expect(box).to_have_value("A draft")
