"""What the cards of the Perspectives tab open: quotes of labels, and words of one side. Run: pytest tests/browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from reading import Served, shown

pytestmark = pytest.mark.browser

LABELS = """version = 1
[perspectives.keepers]
label = "Friends of the mill"
[perspectives.breakers]
label = "Harbour users"
[[source]]
match = "keepers0.txt"
perspective = "keepers"
quotes = ["The mill stood still and the barley waited."]
[[source]]
match = "keepers*"
perspective = "keepers"
[[source]]
match = "breakers*"
perspective = "breakers"
"""
KEEPERS = (
    "The council met about the surrender plan on Monday. The mill stood still and the barley waited.",
    "We read every page of the surrender plan. It takes the water from the mill of Sallowmere.",
    "Nobody has asked the miller about the surrender plan, and the old mill cannot speak for itself.",
    "Of all the follies of this council the surrender plan is the dearest. The mill will not outlive it.",
)
BREAKERS = (
    "The barge plan was printed on Tuesday. It makes the river at Sallowmere deep enough for barges.",
    "In the barge plan there are three locks. The plan, which the board paid for, is a good one.",
    "According to the plan, the barges come in May. The harbour of Sallowmere needs them.",
    "For the plan there were nine votes, against the plan there were two, and the barges were counted.",
    "The plan, at last, was signed. In the plan the river is four metres deep and the barges are long.",
    "With the plan, the harbour gets its barges. Without it the river silts up by the end of the year.",
)


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    files = {f"keepers{number}.txt": f"{text}\n" for number, text in enumerate(KEEPERS)}
    files |= {f"breakers{number}.txt": f"{text}\n" for number, text in enumerate(BREAKERS)}
    return serve(files | {"sources.toml": LABELS})


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_a_quote_that_justifies_a_label_opens_at_its_place_and_escape_comes_back(
    served: Served, visit: Callable[..., Page], width: int, height: int
) -> None:
    page = visit(served.url, width=width, height=height)
    _perspectives(page)
    quote = page.locator("#cards figure a")
    quote.focus()
    page.keyboard.press("Enter")
    assert shown(page) == "The mill stood still and the barley waited."
    expect(page.locator(".panel")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("passage")).to_have_count(0)
    expect(quote).to_be_focused()
    if width > 1099:  # on a phone the sheet covers the tabs
        quote.click()
        assert shown(page)
        page.get_by_role("tab", name="Ask", exact=True).click()
        expect(page.locator("#work .panel h2")).to_contain_text("Sources")


def test_words_of_one_side_are_looked_for_when_asked_for_and_open_where_they_stand(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    _perspectives(page)
    expect(page.locator("#cards .term")).to_have_count(0)
    friends = page.locator("#cards .side-card", has=page.locator("h2", has_text="Friends of the mill"))
    friends.locator("summary").click()
    term = friends.locator(".term")
    expect(term).to_have_count(1)
    expect(term).to_contain_text("“surrender plan”")
    expect(term).to_contain_text("4 times in 4 documents")
    expect(term).to_contain_text("others write: “plan”")
    term.locator("a").first.press("Enter")
    assert shown(page) == "surrender plan"


def _perspectives(page: Page) -> None:
    tab = page.get_by_role("tab", name="Perspectives", exact=True)
    if not tab.is_visible():  # on a phone the tabs that have no room stand behind a button
        page.locator("#tabs .overflow-menu button").first.click()
        tab = page.locator("#tabs .overflow-dropdown").get_by_text("Perspectives", exact=True)
    tab.click()
    page.locator("#cards .side-card").first.wait_for()
