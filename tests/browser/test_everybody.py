"""The page for everybody: what axe-core finds, zoom and motion. Run: python -m pytest tests/browser/test_everybody.py"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pypdf import PdfReader
from reading import Served, ask, shown
from states import ELSEWHERE, FILES, QUESTION, STATES, Elsewhere, library, passage, start, table

pytestmark = pytest.mark.browser

# Rules of good practice beside those of WCAG; what axe-core cannot decide by itself is no violation.
OPTIONS = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES, keeps=True)


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


def in_both_schemes(page: Page) -> dict[str, list[str]]:
    """What axe-core finds in the light scheme and in the dark one, where it finds something."""
    found: dict[str, list[str]] = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("dark => document.body.classList.toggle('dark', dark)", scheme == "dark")
        if here := violations(page):
            found[scheme] = here
    return found


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.strip("_"))
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation_and_nothing_moves_or_is_lost(
    served: Served, visit: Callable[..., Page], state: Callable[[Page], object], width: int
) -> None:
    """In each state, for a reader who wants no motion; then the wide window is enlarged to 200 % and to 400 %."""
    page = visit(served.url, width=width, height=800, touch=width < 500, reduced_motion="reduce")
    page.evaluate(SMOOTH)
    state(page)
    assert [*page.evaluate(MOVES), *page.evaluate("window.smoothly")] == []
    assert in_both_schemes(page) == {}
    if width > 500:
        for enlarged in ENLARGED:
            assert sideways(page, enlarged) == []


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
        page = visit(served.url, width=width, height=800, touch=width < 500)
        state.reach(page)
        if here := in_both_schemes(page):
            found[width] = here
        page.context.close()
    assert found == {}


# A window of 1280 by 800 at 200 %, and at 400 %: WCAG asks for 320 pixels.
ENLARGED = ((640, 400), (320, 256))


def sideways(page: Page, size: tuple[int, int]) -> list[str]:
    """What is lost beside a window of this size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_timeout(300)  # plots are drawn anew for the new width
    lost = page.evaluate(BESIDE)
    return [*lost, "the page itself"] if page.evaluate("document.documentElement.scrollWidth") > size[0] else lost


@pytest.mark.parametrize("state", [start, passage, table, library], ids=lambda state: state.__name__.strip("_"))
def test_what_is_begun_enlarged_is_reached_and_lost_nowhere(
    served: Served, visit: Callable[..., Page], state: Callable[[Page], object]
) -> None:
    width, height = ENLARGED[1]
    page = visit(served.url, width=width, height=height)
    state(page)
    assert sideways(page, (width, height)) == []


# What stands outside of the window sideways and can be seen nowhere by scrolling.
BESIDE = """() => [...document.querySelectorAll("body *")].filter((node) => {
  if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || !node.textContent.trim() || node.children.length) return false;
  const { left, right, width, height } = node.getBoundingClientRect();
  if (width < 2 || height < 2 || (right <= innerWidth + 1 && left >= -1)) return false;
  for (let one = node; one; one = one.parentElement) {
    const style = getComputedStyle(one);
    if (["auto", "scroll"].includes(style.overflowX) && one.scrollWidth > one.clientWidth) return false;
    if (style.clipPath !== "none" || style.position === "absolute" && one.getBoundingClientRect().width < 2) return false;
  }
  return true;
}).map((node) => node.outerHTML.slice(0, 120))"""

MOVES = """() => {
  const still = (text) => text.split(",").every((one) => parseFloat(one) === 0);
  const moving = [...document.querySelectorAll("*")].flatMap((node) => [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(node, part);
    if (part && ["none", "normal"].includes(style.content)) return null;
    const runs = style.animationName !== "none" && !still(style.animationDuration);
    const changes = style.transitionProperty !== "none" && !still(style.transitionDuration);
    return runs || changes || style.scrollBehavior === "smooth" ? node.outerHTML.slice(0, 100) + (part ?? "") : null;
  })).filter(Boolean);
  return [...moving, ...document.getAnimations().map((one) => `runs: ${one.effect.target?.outerHTML.slice(0, 100)}`)];
}"""


# Scripts scroll smoothly past the style sheet.
SMOOTH = """() => {
  window.smoothly = [];
  for (const [owner, name] of [[Element.prototype, "scrollIntoView"], [Element.prototype, "scrollTo"], [Element.prototype, "scrollBy"], [window, "scrollTo"], [window, "scrollBy"]]) {
    const does = owner[name];
    owner[name] = function (...given) {
      if (given.some((one) => one?.behavior === "smooth")) window.smoothly.push(name);
      return does.apply(this, given);
    };
  }
}"""


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
