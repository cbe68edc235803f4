"""What a screen reader is told, from Chromium's accessibility tree. Run: python -m pytest tests/browser/test_screen_reader.py"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from checks import tree
from playwright.sync_api import Page, expect
from reading import Served, ask, shown
from states import FILES, QUESTION

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
