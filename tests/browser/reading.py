"""What a reader does on the page, and what there is to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

from assistant import Assistant
from assistant.writing.llm import Model
from assistant.writing.writer import Writer


@dataclass(frozen=True)
class Served:
    """A corpus and the page over it."""

    corpus: Path
    assistant: Assistant
    url: str


def writing(model: Model) -> Callable[[Assistant], Assistant]:
    """Has a model write the answers of an assistant."""

    def wrap(assistant: Assistant) -> Assistant:
        assistant.writer = Writer(model)
        return assistant

    return wrap


def ask(page: Page, question: str) -> Locator:
    """Ask and wait for the end of the answer; returns the answer."""
    before = page.get_by_test_id("answer-end").count()
    page.locator("#box textarea").fill(question)
    page.locator("#box textarea").press("Enter")
    page.get_by_test_id("answer-end").nth(before).wait_for()
    return page.locator("#chat .answer").last


def shown(page: Page) -> str:
    """The passage that is marked in the open document, character by character."""
    mark = page.get_by_test_id("passage").locator("mark")
    mark.wait_for()
    return mark.text_content() or ""
