"""The Library tab in a real browser: the list, adding documents, updating while the chat goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from checks import violations
from marrowby import FILES
from playwright.sync_api import Page, expect
from reading import Served, ask
from states import tab

pytestmark = pytest.mark.browser


def _library(page: Page) -> None:
    page.get_by_role("tab", name="Library").click()
    page.locator("#documents table").wait_for()


def test_every_document_is_listed_with_its_state(serve: Callable[..., Served], visit: Callable[..., Page]) -> None:
    served = serve({**FILES, "scan.pdf": b"not a pdf"})
    (served.corpus / "notes.txt").write_text("Changed minutes.\n")
    page = visit(served.url)
    _library(page)
    rows = page.locator("#documents tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.filter(has_text="scan.pdf")).to_contain_text("failed")
    expect(rows.filter(has_text="scan.pdf").locator(".remark")).not_to_be_empty()
    expect(rows.filter(has_text="notes.txt")).to_contain_text("changed on disk")
    expect(rows.filter(has_text="The ferry must stay")).to_contain_text("Ferry friends")
    page.get_by_role("searchbox", name="Find a document").fill("ferry")
    expect(rows.filter(has_text="scan.pdf")).to_have_count(0)


def test_a_dropped_document_is_in_the_next_answer_of_the_open_chat(
    serve: Callable[..., Served], visit: Callable[..., Page], tmp_path: Path
) -> None:
    served = serve(FILES)
    page = visit(served.url)
    expect(ask(page, "Who painted the windmill of Zwolsk?")).to_contain_text("No passage was found")
    _library(page)
    new = tmp_path / "windmill.txt"
    new.write_text("The windmill of Zwolsk was painted by Ottilie Brandt in 1907. She painted the windmill red.\n")
    page.locator("#drop input[type=file]").set_input_files(new)
    expect(page.locator("#state")).to_contain_text("+1 ~0 -0")
    expect(page.locator("#state")).to_contain_text("windmill.txt")
    assert not (served.corpus / "windmill.txt").exists()  # nothing happens before it is asked for
    page.get_by_role("button", name="Update the index").click()
    expect(page.locator("#documents tbody tr")).to_have_count(5)
    expect(page.locator("#state")).to_contain_text("Done in")
    page.get_by_role("tab", name="Ask").click()
    expect(page.locator("#chat .answer")).to_have_count(1)  # the conversation is still there
    answer = ask(page, "Who painted the windmill of Zwolsk?")
    expect(answer.locator("blockquote").first).to_contain_text("Ottilie Brandt")


def test_an_update_shows_how_far_it_is_and_the_chat_goes_on_answering(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    served = serve(FILES)
    for number in range(60):
        lines = (
            f"Report {number}, line {line}: the quay of Marrowby was swept {number * line} times." for line in range(60)
        )
        (served.corpus / f"report {number}.txt").write_text("\n".join(lines))
    page, other = visit(served.url), visit(served.url)
    _library(page)
    expect(page.locator("#state")).to_contain_text("+60 ~0 -0")
    page.get_by_role("button", name="Update the index").click()
    page.locator("#state progress[value]").wait_for()
    expect(page.locator("#state")).to_contain_text("of 60 documents")
    expect(ask(other, "What does the ferry cost?").locator("a.cite").first).to_be_visible()
    expect(page.locator("#state")).to_contain_text("Done in", timeout=90_000)
    expect(page.locator("#documents tbody tr")).to_have_count(64)


def test_a_file_of_the_wrong_kind_is_refused_with_a_sentence(
    serve: Callable[..., Served], visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(serve(FILES).url)
    _library(page)
    wrong = tmp_path / "photo.png"
    wrong.write_bytes(b"no photo")
    page.locator("#drop input[type=file]").set_input_files(wrong)
    expect(page.get_by_text("cannot be read. These can:")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_dropped_is_told_to_everybody_and_more_can_be_added_by_a_button_with_a_name(
    serve: Callable[..., Served], visit: Callable[..., Page], width: int
) -> None:
    page = visit(serve(FILES).url, width=width, height=800, touch=width < 500)
    tab(page, "Library")
    page.locator("#drop input[type=file]").set_input_files({"name": "owl.txt", "mimeType": "", "buffer": b"An owl."})
    expect(page.locator("#state li")).to_contain_text("owl.txt")
    assert violations(page) == []
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add documents").first.click()
    chooser.value.set_files({"name": "heron.txt", "mimeType": "", "buffer": b"A heron."})
    expect(page.locator("#state li", has_text="heron")).to_be_visible()
