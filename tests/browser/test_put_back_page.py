"""What was deleted in the Library, in a real browser: put back, deleted for good, and what axe-core says of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from checks import violations
from marrowby import FILES
from playwright.sync_api import Page, expect
from reading import Served, ask
from test_shelf_page import HOSTILE, library

pytestmark = pytest.mark.browser

TEXTS = {**FILES, HOSTILE: "The lantern of Marrowby was lit by Ottilie Brandt in 1907, and it was red.\n"}


def test_a_deleted_document_is_put_back_and_cited_again(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    served = serve(TEXTS)
    served.assistant.corpus.remove(HOSTILE)
    served.assistant.corpus.remove("notes.txt")
    served.assistant.corpus.update()
    (served.corpus / "notes.txt").write_text("Other minutes of Marrowby.\n")
    page = visit(served.url)
    rows = library(page)
    aside = page.locator("#removed")
    aside.locator("summary").press("Enter")
    expect(aside.locator("summary")).to_have_text("Deleted here and kept aside: 2 files")
    expect(aside.locator("li").filter(has_text="onerror")).to_contain_text("75 bytes")

    aside.get_by_role("button", name="Put back: notes.txt").click()
    expect(aside.get_by_role("alert")).to_contain_text("there is a file of this name in the corpus again")
    expect(aside.get_by_role("alert")).to_be_focused()

    aside.get_by_role("button", name=f"Put back: {HOSTILE}").press("Enter")
    expect(rows.filter(has_text="onerror")).to_contain_text("indexed")
    expect(aside.locator("li")).to_have_count(1)
    expect(aside.locator("summary")).to_be_focused()
    page.get_by_role("tab", name="Ask").click()
    expect(ask(page, "Who lit the lantern of Marrowby?")).to_contain_text("Ottilie")


def test_deleting_for_good_asks_once_and_tells_what_is_lost(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    served = serve(TEXTS)
    page = visit(served.url)
    library(page).filter(has_text="onerror").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete it").click()
    aside = page.locator("#removed")
    aside.locator("summary").click()
    aside.get_by_role("button", name=f"Delete for good: {HOSTILE}").click()
    dialog = page.get_by_role("dialog", name="Delete this file for good?")
    expect(dialog).to_contain_text("what it says is lost")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert (served.corpus / ".parallax" / "removed" / HOSTILE).exists()

    aside.get_by_role("button", name=f"Delete for good: {HOSTILE}").press("Enter")
    dialog.get_by_role("button", name="Delete for good").press("Enter")
    expect(aside.locator("summary")).to_have_count(0)
    assert not (served.corpus / ".parallax" / "removed" / HOSTILE).exists()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_the_list(
    serve: Callable[..., Served], visit: Callable[..., Page], width: int, dark: bool
) -> None:
    served = serve(TEXTS)
    served.assistant.corpus.remove(HOSTILE)
    served.assistant.corpus.update()
    page = visit(served.url, width=width, height=800, dark=dark, touch=width < 500)
    library(page)
    page.locator("#removed summary").click()
    page.locator("#removed li").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
