"""What a screen reader is told, from Chromium's accessibility tree. Run: python -m pytest tests/browser/test_screen_reader.py"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from reading import Served, ask, shown
from states import FILES, QUESTION, STATES

pytestmark = pytest.mark.browser

# Every change of a live region that a screen reader would read out: polite, assertive, log, status or alert, not busy.
LISTEN = """() => {
  window.announced = [];
  const live = (node) => {
    for (let one = node.nodeType === 1 ? node : node.parentElement; one; one = one.parentElement) {
      if (one.getAttribute("aria-busy") === "true") return "";
      const said = one.getAttribute("aria-live");
      if (said === "off") return "";
      if (said) return said;
      const role = one.getAttribute("role");
      if (role === "log" || role === "status") return "polite";
      if (role === "alert") return "assertive";
    }
    return "";
  };
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.type === "characterData" ? [change.target] : change.addedNodes) {
      const how = live(node);
      if (how && node.textContent.trim()) window.announced.push([how, node.textContent.trim().replace(/\\s+/g, " ").slice(0, 300)]);
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES, keeps=True)


def tree(page: Page) -> list[dict[str, Any]]:
    """What Chromium tells a screen reader: role, name, and the level of a heading, in reading order."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        {
            "role": node["role"]["value"],
            "name": node.get("name", {}).get("value", ""),
            **{one["name"]: one["value"].get("value") for one in node.get("properties", []) if one["name"] == "level"},
        }
        for node in nodes
        if not node.get("ignored")
    ]


def test_an_answer_is_announced_once_politely_and_not_while_it_grows(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    page.locator("#chat .example").first.wait_for()
    page.wait_for_timeout(1500)  # what Gradio draws anew at the start has been drawn
    page.evaluate(LISTEN)
    ask(page, QUESTION)
    page.wait_for_timeout(800)
    assert page.evaluate("window.announced") == [["polite", "The answer has arrived. Passages cited: 5."]]
    ask(page, "Who won the football cup of Timbuktu?")
    page.wait_for_timeout(800)
    assert [how for how, _ in page.evaluate("window.announced")] == ["polite", "polite"]
    page.reload()
    page.locator("#chat .answer").first.wait_for()
    page.wait_for_timeout(800)
    expect(page.locator("#announced")).to_have_text("")


@pytest.mark.parametrize("width", [1280, 390])
def test_headings_are_in_order_and_landmarks_have_names(served: Served, visit: Callable[..., Page], width: int) -> None:
    skipped: dict[str, list[tuple[int, int]]] = {}
    nameless: dict[str, list[str]] = {}
    for state in STATES:
        page = visit(served.url, width=width, height=800)
        state(page)
        levels = page.evaluate(HEADINGS)
        if here := [(one, other) for one, other in zip([0, *levels], levels, strict=False) if other > one + 1]:
            skipped[state.__name__] = here
        told = tree(page)
        landmarks = [node for node in told if node["role"] in LANDMARKS]
        if here := [node["role"] for node in landmarks if not node["name"]]:
            nameless[state.__name__] = here
        if "dialog" not in [node["role"] for node in told]:  # what a dialog covers is not there
            assert levels.count(1) == 1
            assert [node["role"] for node in told].count("main") == 1
        page.context.close()
    assert (skipped, nameless) == ({}, {})


LANDMARKS = ("complementary", "region", "navigation", "dialog", "search", "log")
# A dialog, and the sheet of a phone, begin anew below a heading of the first level.
HEADINGS = """() => {
  const modal = document.querySelector('dialog[open], [role="dialog"][aria-modal="true"]');
  return [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert]") && (!modal || modal.contains(node)))
    .map((node, index) => (modal && !index ? 1 : Number(node.tagName[1])));
}"""


def test_the_parts_of_the_page_have_their_names(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION).locator("a.cite").first.click()
    shown(page)
    told = [(node["role"], node["name"]) for node in tree(page)]
    for one in (
        *(("log", "Conversation"), ("complementary", "Passage and sources"), ("region", "Earlier conversations")),
        *(("button", "Ask"), ("tab", "Perspectives"), ("button", "Close the passage")),
    ):
        assert one in told
    chips = [name for role, name in told if role == "link" and name[:1].isdigit()]
    assert any("Ferry friends" in name for name in chips)
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_title_of_the_page_follows_the_conversation(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    expect(page).to_have_title("Parallax")
    ask(page, QUESTION)
    expect(page).to_have_title(f"{QUESTION} · Parallax")
    page.get_by_role("button", name="New question").click()
    expect(page).to_have_title("Parallax")
