"""The page for everybody: what axe-core finds, zoom and motion. Run: python -m pytest tests/browser/test_everybody.py"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from checks import ENLARGED, MOVES, in_both_schemes, sideways, violations
from playwright.sync_api import Page
from pypdf import PdfReader
from reading import Served, ask, shown
from states import ELSEWHERE, FILES, QUESTION, Elsewhere, library, passage, start, table

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES, keeps=True)


def test_axe_would_find_what_is_wrong(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    start(page)
    page.evaluate("document.querySelector('#new').style.color = '#ccc'")
    assert any(found.startswith("color-contrast") for found in violations(page))


@pytest.mark.parametrize("name", ELSEWHERE)
def test_axe_finds_no_violation_over_other_corpora_and_at_the_door(
    serve: Callable[..., Served], visit: Callable[..., Page], name: str
) -> None:
    state: Elsewhere = ELSEWHERE[name]
    served = state.served(serve)
    found: dict[int, object] = {}
    for width in (1280, 390):
        state.spoil(served)
        page = visit(served.url, width=width, height=800, touch=width < 500)
        state.reach(page)
        if here := in_both_schemes(page):
            found[width] = here
        page.context.close()
    assert found == {}


@pytest.mark.parametrize("state", [start, passage, table, library], ids=lambda state: state.__name__.strip("_"))
def test_what_is_begun_enlarged_is_reached_and_lost_nowhere(
    served: Served, visit: Callable[..., Page], state: Callable[[Page], object]
) -> None:
    width, height = ENLARGED[1]
    page = visit(served.url, width=width, height=height)
    state(page)
    assert sideways(page, (width, height)) == []


def test_motion_would_be_found(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url, reduced_motion="reduce")
    start(page)
    page.add_style_tag(content="#new { transition: opacity 1s !important; }")
    assert page.evaluate(MOVES) != []


def test_with_the_colours_of_the_system_perspectives_are_told_by_glyph_and_name(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url, forced_colors="active")
    answer = ask(page, QUESTION)
    chips = answer.locator("a.cite").all_inner_texts()
    assert [
        chip for chip in chips if not re.search(r"[◆●○] (Bridge builders|Ferry friends|Unlabelled source)$", chip)
    ] == []
    answer.locator("a.cite").first.click()
    shown(page)
    drawn = "node => getComputedStyle(node).outlineStyle"
    assert answer.locator("a.cite[aria-current]").evaluate(drawn) == "solid"
    assert answer.locator("a.cite:not([aria-current])").first.evaluate(drawn) == "none"
    assert page.locator("#chosen input").first.evaluate("node => getComputedStyle(node).appearance") == "auto"
    assert page.locator("#chosen").inner_text().count("◆") == 1


def test_on_paper_stands_the_conversation_with_its_quotes_and_nothing_to_press(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url, height=300)
    answer = ask(page, QUESTION)
    quotes = [" ".join(text.split()) for text in answer.locator("blockquote").all_text_contents()]
    pages = PdfReader(io.BytesIO(page.pdf())).pages
    printed = " ".join(" ".join(part.extract_text() for part in pages).split())
    assert len(quotes) >= 3
    assert [quote for quote in [QUESTION, *quotes] if quote not in printed] == []
    for other in ("New question", "Retry", "Compare side by side", "Sources in this answer", "Find a document"):
        assert other not in printed
