"""The page for everybody: what axe-core finds, the keyboard, zoom and motion. Run: python -m pytest tests/browser/test_everybody.py"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page
from reading import Served, ask, shown

pytestmark = pytest.mark.browser

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
# Rules of good practice beside those of WCAG; what axe-core cannot decide by itself is no violation.
OPTIONS = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES)


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it is: the rule, and where."""
    page.wait_for_function(
        "document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)"
    )
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for rule in found
        for node in rule["nodes"]
    ]


def tab(page: Page, name: str) -> None:
    """Go to a tab; on a phone those that have no room stand in a menu."""
    found = page.get_by_role("tab", name=name, exact=True)
    if not found.is_visible():
        page.get_by_role("button", name="More tabs").click()
        found = page.locator("#tabs .overflow-dropdown").get_by_text(name, exact=True)
    found.click()


def _start(page: Page) -> None:
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


def _passage(page: Page) -> None:
    _answer(page).locator("a.cite").first.click()
    shown(page)


def _reasons(page: Page) -> None:
    _answer(page).locator("a.cite", has_text="Ferry friends").first.click()
    shown(page)
    page.locator(".panel .reasons summary").click()


def _table(page: Page) -> None:
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


def _library(page: Page) -> None:
    tab(page, "Library")
    page.locator("#documents table").wait_for()


STATES = (_start, _answer, _filtered, _trail, _passage, _reasons, _table, _cards, _editing, _overview, _library)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation_in_any_state_of_the_page(
    served: Served, visit: Callable[..., Page], width: int, dark: bool
) -> None:
    found: dict[str, list[str]] = {}
    for state in STATES:
        page = visit(served.url, width=width, height=800, dark=dark, touch=width < 500)
        state(page)
        if here := violations(page):
            found[state.__name__] = here
    assert found == {}


def test_axe_would_find_what_is_wrong(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    _start(page)
    page.evaluate("document.querySelector('#new').style.color = '#ccc'")
    assert any(found.startswith("color-contrast") for found in violations(page))


def test_at_twice_the_size_nothing_is_lost_sideways(served: Served, visit: Callable[..., Page]) -> None:
    wide: dict[str, int] = {}
    for state in STATES:
        page = visit(served.url, width=640, height=400)  # what a window of 1280 by 800 holds at 200 %
        state(page)
        wide[state.__name__] = page.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in wide.items() if width > 640} == {}
