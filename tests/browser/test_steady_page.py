"""What is read stays where it is while an answer grows: sentences come one by one, each below the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from marrowby import FILES
from playwright.sync_api import Page, expect
from quoting import is_repair, quoted
from reading import Served, ask, writing

from assistant.writing.llm import Model
from tests.scripted_model import ModelServer, Say, claim, holding, judged

pytestmark = pytest.mark.browser
BEFORE = "Who says how many people the ferry carries?"
QUESTION = "What does the ferry of Marrowby cost, and what the bridge?"
SINCE = "The ferry of Marrowby has crossed the sound since 1871"
TICKET = "A ticket for the ferry costs two crowns"
BRIDGE = "The bridge of Marrowby will cost ninety million crowns"
OWNS = "Holm, who owns the ferry, is against the bridge"
HOLM = "Captain Holm says the ferry carries nine hundred people a day"
FIRST = 1.0  # seconds before the first word of a reply
DELAY = 0.03  # and before each nine letters of it: about half a second for a sentence

# At each frame, where everything that can be read in the last answer stands; and what the browser itself calls a shift.
WATCH = """() => {
  window.steady = { seen: [], shifts: [], moved: [] };
  const last = new Map();
  const key = (node) => node.matches(".claim p") ? node.firstChild.textContent : node.className;
  const read = ".claim p, .trail:not(.trail ~ .trail), .searched, .small";
  const look = () => {
    const message = [...document.querySelectorAll("#chat .message-row")].slice(-2);
    for (const node of message.flatMap((row) => row.matches(".user-row") ? [row] : [...row.querySelectorAll(read)])) {
      const name = key(node).trim(), top = Math.round(node.getBoundingClientRect().top);
      if (last.has(name) && Math.abs(last.get(name) - top) > 1) steady.moved.push([name, last.get(name), top]);
      if (!last.has(name)) steady.seen.push(name);
      last.set(name, top);
    }
    if (window.steady.over) return;
    requestAnimationFrame(look);
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      const what = entry.sources.map(({ node, previousRect, currentRect }) =>
        [node?.className ?? node?.nodeName ?? node?.parentElement?.className, previousRect.top, currentRect.top, previousRect.height, currentRect.height]);
      steady.shifts.push([entry.value, what]);
    }
  }).observe({ type: "layout-shift" });
  requestAnimationFrame(look);
}"""

# Until the question that was asked has stood at one place for a third of a second.
SETTLED = """() => new Promise((done) => {
  let top = null, frames = 0;
  const look = () => {
    const now = [...document.querySelectorAll("#chat .user-row")].at(-1).getBoundingClientRect().top;
    frames = now === top ? frames + 1 : 0;
    top = now;
    if (frames < 20) requestAnimationFrame(look); else done();
  };
  look();
})"""


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served], server: ModelServer) -> Served:
    return serve(FILES, writing(Model("scripted", server.url)))


@pytest.fixture(params=[1440, 390])
def page(request: pytest.FixtureRequest, served: Served, server: ModelServer, visit: Callable[..., Page]) -> Page:
    """A conversation with one answer, so that the next question begins below it."""
    page = visit(served.url, width=request.param, height=800, touch=request.param < 600)
    server.script = [lambda asked: Say(judged() + "".join(line(asked, quote) for quote in (HOLM, OWNS, SINCE)))]
    ask(page, BEFORE)
    return page


def line(asked: dict[str, Any], quote: str, **more: Any) -> str:
    return claim(f"{quote}.", quoted(asked, quote), **more)


def nobody(asked: dict[str, Any], beside: str) -> tuple[int, str]:
    """A quote that stands nowhere, given for the passage that holds some words."""
    return holding(asked, beside), "words that stand in no document of Marrowby"


def growing(page: Page, server: ModelServer, reply: Callable[..., str], repair: Callable[..., str]) -> dict[str, Any]:
    """Ask of a slow model; returns what was seen of the answer, in order, and what of it moved."""

    def says(asked: dict[str, Any]) -> Say:
        return Say((repair if is_repair(asked) else reply)(asked), delay=DELAY, first=FIRST)

    server.script = [says]
    page.locator("#box textarea").fill(QUESTION)
    page.locator("#box textarea").press("Enter")
    expect(page.locator("#chat .answer").last.locator(".busy")).to_be_visible()
    page.evaluate(SETTLED)  # what moves at first, moves because of the reader
    page.evaluate(WATCH)
    page.get_by_test_id("answer-end").nth(1).wait_for()
    page.wait_for_timeout(700)  # questions that go on from it come later
    found = page.evaluate("() => (window.steady.over = true, window.steady)")
    assert found["moved"] == []
    assert found["shifts"] == []
    return found


def nothing(_: dict[str, Any]) -> str:
    return judged()


def sentences(found: dict[str, Any]) -> list[str]:
    """What was seen of the sentences, in the order in which each was seen first."""
    return [name for name in found["seen"] if name.rstrip(".") in (SINCE, TICKET, BRIDGE, OWNS, HOLM)]


def test_sentences_come_one_by_one_and_nothing_above_them_moves(page: Page, server: ModelServer) -> None:
    order = [TICKET, BRIDGE, SINCE, OWNS]
    found = growing(page, server, lambda asked: judged() + "".join(line(asked, quote) for quote in order), nothing)
    assert sentences(found) == [f"{quote}." for quote in order]


def test_what_comes_late_comes_below(page: Page, server: ModelServer) -> None:
    """A sentence about the question, one that was mended, one that was removed, and a reason."""

    def reply(asked: dict[str, Any]) -> str:
        about = json.loads(claim("Holm is for the bridge.", nobody(asked, OWNS)))
        broken = claim("The ferry has crossed the sound for long.", nobody(asked, SINCE))
        lines = [line(asked, TICKET), broken, line(asked, BRIDGE), claim("The ferry sank.", nobody(asked, SINCE))]
        return judged("partly", ["the bridge"], about) + "".join(lines)

    def repair(asked: dict[str, Any]) -> str:
        return line(asked, SINCE, mends=2) + line(asked, OWNS, mends=0)

    found = growing(page, server, reply, repair)
    assert sentences(found) == [f"{quote}." for quote in (TICKET, BRIDGE, SINCE)]
    answer = page.locator("#chat .answer").last
    expect(answer.locator("details.trail").first).to_contain_text("5 sentences checked, 1 removed")
    about, why = answer.locator(".premise").first, answer.locator(".why")
    expect(about).to_contain_text(f"About the question itself: {OWNS}")
    expect(answer.locator(".assumed")).to_contain_text("Your question takes for granted something")
    expect(why).to_contain_text("the bridge")
    tops = [node.evaluate("node => node.offsetTop") for node in (*answer.locator(".claim").all(), why)]
    assert tops == sorted(tops)


def test_a_sentence_about_the_question_that_comes_in_time_stands_above(page: Page, server: ModelServer) -> None:
    def reply(asked: dict[str, Any]) -> str:
        about = json.loads(line(asked, OWNS))
        return judged(premise=about) + line(asked, TICKET) + line(asked, BRIDGE)

    growing(page, server, reply, nothing)
    said = page.locator("#chat .answer").last.locator(".claim")
    for at, text in enumerate((OWNS, "Your question takes for granted something", TICKET, BRIDGE)):
        expect(said.nth(at)).to_contain_text(text)


def test_a_reader_who_goes_back_up_is_left_there(page: Page, server: ModelServer) -> None:
    server.script = [lambda asked: Say(judged() + line(asked, TICKET) + line(asked, BRIDGE), delay=DELAY, first=FIRST)]
    page.locator("#box textarea").fill(QUESTION)
    page.locator("#box textarea").press("Enter")
    page.locator("#chat .answer").nth(1).locator(".claim").first.wait_for()
    page.locator("#chat .answer").last.hover()
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(300)
    top = "document.querySelector('#chat .claim').getBoundingClientRect().top"
    before = page.evaluate(top)
    page.get_by_test_id("answer-end").nth(1).wait_for()
    assert page.evaluate(top) == before
