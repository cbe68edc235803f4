"""An assistant that is slow or broken, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from marrowby import FILES
from playwright.sync_api import Page, expect
from reading import Served, ask

from assistant import Assistant, Event
from index import CorpusError

pytestmark = pytest.mark.browser


class Slow:
    """Waits after each event of a question about a tortoise until it is told to go on."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.go = threading.Event()
        self.events = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def stream(self, question: str, *rest: Any, **only: Any) -> Iterator[Event]:
        if "snag" in question:
            raise RuntimeError("this is not meant for readers")
        if "label" in question:
            raise CorpusError("sources.toml: <b>two labels</b> of one rank. Remove one.")
        for event in self._assistant.stream(question.replace("tortoise", "ferry"), *rest, **only):
            self.events += 1
            yield event
            if "tortoise" in question:
                self.go.wait(20)


@pytest.fixture
def slow(serve: Callable[..., Served]) -> tuple[Served, Slow]:
    made: list[Slow] = []

    def wrap(assistant: Assistant) -> Any:
        made.append(Slow(assistant))
        return made[0]

    return serve(FILES, wrap), made[0]


def test_stop_ends_an_answer_and_the_next_question_is_answered(
    slow: tuple[Served, Slow], visit: Callable[..., Page]
) -> None:
    served, assistant = slow
    page = visit(served.url)
    page.locator("#box textarea").fill("What does the tortoise cost?")
    page.locator("#box textarea").press("Enter")
    expect(page.locator("#chat .busy")).to_contain_text("looked at")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("#chat .answer").last).to_contain_text("You stopped this answer.")
    expect(page.get_by_test_id("answer-end")).to_have_count(1)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    assistant.go.set()
    page.wait_for_timeout(500)
    assert assistant.events <= 2  # the one that was shown, and the one that was on its way
    expect(page.locator("#chat .answer")).to_contain_text("You stopped this answer.")
    expect(ask(page, "What does the ferry cost?").locator("a.cite").first).to_be_visible()


def test_a_slow_question_does_not_hold_up_another_reader(slow: tuple[Served, Slow], visit: Callable[..., Page]) -> None:
    served, assistant = slow
    page, other = visit(served.url), visit(served.url)
    page.locator("#box textarea").fill("What does the tortoise cost?")
    page.locator("#box textarea").press("Enter")
    expect(page.locator("#chat .busy")).to_contain_text("looked at")
    ask(other, "What does the ferry cost?")
    assistant.go.set()
    page.get_by_test_id("answer-end").wait_for()
    expect(page.locator("#chat a.cite").first).to_be_visible()


def test_a_failure_of_the_corpus_is_one_sentence_in_the_chat(
    slow: tuple[Served, Slow], visit: Callable[..., Page]
) -> None:
    page = visit(slow[0].url)
    answer = ask(page, "Which label?")
    expect(answer).to_contain_text("This question could not be answered.")
    expect(answer).to_contain_text("sources.toml: <b>two labels</b> of one rank. Remove one.")


def test_a_bug_is_neither_an_answer_nor_a_secret_told(slow: tuple[Served, Slow], visit: Callable[..., Page]) -> None:
    page = visit(slow[0].url)
    answer = ask(page, "Is there a snag?")
    expect(answer).to_contain_text("Something went wrong inside Parallax.")
    expect(page.locator("body")).not_to_contain_text("not meant for readers")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
