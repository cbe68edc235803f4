"""A reader who goes elsewhere: what was filling the chat ends, and never comes back in the place of what is shown then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from marrowby import FILES
from playwright.sync_api import Browser, Page, expect
from quoting import is_repair, quoted
from reading import Served, ask, writing

from assistant import History
from assistant.writing.llm import Model
from tests.scripted_model import ModelServer, Say, claim, judged
from ui.scripts import read

pytestmark = pytest.mark.browser
QUESTION = "What does the ferry of Marrowby cost, and what the bridge?"
OTHER = "What will the bridge cost?"
TICKET = "A ticket for the ferry costs two crowns"


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served], server: ModelServer) -> Served:
    return serve(FILES, writing(Model("scripted", server.url)), keeps=True)


def replying(after: str = "") -> Callable[[dict[str, Any]], Say]:
    """One true sentence, and after it what takes long to say."""

    def reply(request: dict[str, Any]) -> Say:
        said = "" if is_repair(request) else claim(f"{TICKET}.", quoted(request, TICKET)) + after
        return Say(judged() + said, delay=0.005 if after else 0)

    return reply


def begin(page: Page) -> None:
    """Ask, and wait until a sentence is there; the rest of the answer is not."""
    page.locator("#box textarea").fill(QUESTION)
    page.locator("#box textarea").press("Enter")
    page.locator("#chat .answer").last.locator("a.cite").wait_for()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()


def test_an_answer_that_is_left_ends_and_what_was_verified_is_kept(
    served: Served, server: ModelServer, visit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = History.keep

    def late(self: History, *args: Any) -> Any:  # as where another writer is waited for
        time.sleep(0.7)
        return keep(self, *args)

    monkeypatch.setattr(History, "keep", late)
    page = visit(served.url)
    server.script = [replying()]
    ask(page, OTHER)
    for leave, shown in (("#new", []), (f'#history .opens:text-is("{OTHER}")', [OTHER])):
        page.locator("#new").click()
        expect(page.locator("#chat .user-row")).to_have_count(0)
        server.hung_up.clear()
        server.script = [replying(after=f'{{"text": "{"x" * 9_000}')]
        begin(page)
        page.locator(leave).click()
        assert server.hung_up.wait(10)
        expect(page.locator("#chat [data-testid=user]")).to_have_text(shown)
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator("#history .opens")).to_have_text([QUESTION, QUESTION, OTHER])
    page.locator("#history .opens").first.click()
    expect(page.locator("#chat .claim")).to_contain_text(TICKET)


@pytest.mark.parametrize("leave", ["#new", "#history .opens >> nth=1"])
def test_a_conversation_that_arrives_after_the_reader_went_elsewhere_is_not_shown(
    served: Served, server: ModelServer, visit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, leave: str
) -> None:
    server.script = [replying()]
    page = visit(served.url)
    for question in (OTHER, QUESTION):
        page.locator("#new").click()
        expect(page.locator("#chat .user-row")).to_have_count(0)
        ask(page, question)
    expect(page.locator("#history .opens")).to_have_text([QUESTION, OTHER])

    asked, go, late = threading.Event(), threading.Event(), threading.Event()
    answers = History.answers

    def slow(self: History, conversation: str) -> Any:
        if not asked.is_set():
            asked.set()
            assert go.wait(30)
            late.set()
        return answers(self, conversation)

    page.goto("about:blank")
    monkeypatch.setattr(History, "answers", slow)
    page.goto(served.url)
    try:
        page.locator(leave).click()
        expect(page.locator("#chat [data-testid=user]")).to_have_text([] if leave == "#new" else [OTHER])
        assert asked.wait(10)
    finally:
        go.set()
    assert late.wait(10)
    server.script = [replying()]
    ask(page, "Who owns the ferry?")
    shown = ["Who owns the ferry?"] if leave == "#new" else [OTHER, "Who owns the ferry?"]
    expect(page.locator("#chat [data-testid=user]")).to_have_text(shown)


def test_a_press_of_new_question_before_anything_listens_to_it_counts(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<button id="new">New question</button>')
    page.add_script_tag(content=read("kept.js", "conversations.js"))
    assert page.evaluate("id => (parallaxConversation.open(id), parallaxConversation.current())", "a" * 32) == "a" * 32
    page.locator("#new").click()
    assert page.evaluate("parallaxConversation.current()") == ""
    page.close()


def test_nothing_ends_a_question_that_is_sent_before_the_page_is_ready_or_another_conversation_shown(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    expect(page.locator("#new")).to_be_visible()
    late, before, after = page.evaluate(
        """async () => {
          const { sent, loaded, shown } = window.parallaxConversation;
          let pressed = 0;
          document.querySelector("#leave").addEventListener("click", () => pressed++);
          sent();
          loaded();
          await new Promise((done) => setTimeout(done, 300));
          const late = pressed;
          const going = shown();
          await new Promise((done) => setTimeout(done, 300));
          sent();
          const before = pressed;
          await going;
          return [late, before, pressed];
        }"""
    )
    assert late == 0
    assert before == after > 0
