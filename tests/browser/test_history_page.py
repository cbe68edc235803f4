"""Conversations on the page: there after a reload and a restart, found, renamed, deleted, saved, checked again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from marrowby import FILES
from playwright.sync_api import Locator, Page, expect
from reading import ask, shown
from restarting import Server, again, indexed, settle

from assistant import verify

pytestmark = pytest.mark.browser
QUESTION = "What does the ferry of Marrowby cost, and what the bridge?"
OTHER = "Who says that the <b>ferry</b> must stay?"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    server = indexed(tmp_path, FILES)
    yield server
    server.stop()


def conversations(page: Page) -> Locator:
    return page.locator("#history .opens")


def test_a_conversation_is_there_after_a_reload_and_a_restart_with_working_citations(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    expect(page.locator("#history .note")).to_have_text("Nothing was asked yet.")
    ask(page, QUESTION)
    expect(conversations(page)).to_have_text([QUESTION])
    hrefs = [chip.get_attribute("href") for chip in page.locator("a.cite").all()]

    again(page)
    expect(page.get_by_test_id("answer-end")).to_have_count(1)
    assert [chip.get_attribute("href") for chip in page.locator("a.cite").all()] == hrefs

    settle(page)
    page.goto("about:blank")  # an open page would log that its server is gone
    served.stop()
    served.start()
    page.goto(served.url)
    page.locator("#box textarea").wait_for()
    expect(page.get_by_test_id("answer-end")).to_have_count(1)
    expect(page.locator("#chat .saved")).to_contain_text("checked again now")
    expect(page.locator("#chat .doubts")).to_have_count(0)
    page.locator("a.cite").first.click()
    assert len(shown(page)) > 10
    page.keyboard.press("Escape")

    ask(page, "And what does it carry?")
    expect(page.locator("#history .meta").filter(has_text="2 questions")).to_have_count(1)
    again(page)
    expect(page.get_by_test_id("answer-end")).to_have_count(2)


def test_conversations_are_opened_searched_renamed_and_deleted(served: Server, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    page.locator("#new").click()
    expect(page.get_by_test_id("answer-end")).to_have_count(0)
    ask(page, OTHER)
    expect(conversations(page)).to_have_text([OTHER, QUESTION])
    expect(conversations(page).first).to_have_attribute("aria-current", "true")

    conversations(page).nth(1).click()
    expect(page.locator("#chat [data-testid=user]")).to_have_text([QUESTION])
    expect(conversations(page).nth(1)).to_have_attribute("aria-current", "true")

    search = page.get_by_role("searchbox", name="Search questions and answers")
    search.fill("must sta")
    expect(conversations(page).first).to_have_text(OTHER)
    search.fill("zeppelin")
    expect(page.locator("#history .note")).to_have_text("Nothing was found.")
    search.fill("")
    expect(conversations(page)).to_have_count(2)

    page.get_by_role("button", name=f"Rename: {QUESTION}").click()
    page.get_by_role("textbox", name="Name of the conversation").fill("<img src=x onerror=alert(1)>")
    page.keyboard.press("Enter")
    expect(conversations(page).nth(1)).to_have_text("<img src=x onerror=alert(1)>")

    page.get_by_role("button", name="Delete: <img").click()
    page.get_by_role("button", name="Delete for good: <img").click()
    expect(conversations(page)).to_have_text([OTHER])
    expect(page.get_by_test_id("answer-end")).to_have_count(0)
    again(page)
    expect(conversations(page)).to_have_text([OTHER])
    expect(page.get_by_test_id("answer-end")).to_have_count(0)


def test_a_second_try_and_an_undone_question_are_what_is_kept(served: Server, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    first = page.locator('#chat .answer-end [class*="id-"]').get_attribute("class")
    page.get_by_role("button", name="Retry").click()
    page.wait_for_function(
        "first => { const end = document.querySelector('#chat .answer-end span'); return end && end.className !== first }",
        arg=first,
    )
    second = page.locator('#chat .answer-end [class*="id-"]').get_attribute("class")
    again(page)
    expect(page.get_by_test_id("answer-end")).to_have_count(1)
    assert page.locator('#chat .answer-end [class*="id-"]').get_attribute("class") == second
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#history .note")).to_have_text("Nothing was asked yet.")


def test_what_became_of_the_quotes_is_said_when_a_saved_answer_is_opened(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    expect(conversations(page)).to_have_count(1)
    cited = page.locator("a.cite").evaluate_all(
        "nodes => nodes.map(node => decodeURIComponent(node.hash.split('/')[1]))"
    )
    gone = next(name for name in cited if name != "ferry.txt")
    ferry = served.folder / "corpus" / "ferry.txt"
    ferry.write_text("A line that is new in this text, and long enough.\n\n" + ferry.read_text())
    (served.folder / "corpus" / gone).unlink()
    again(page)
    doubts = page.locator("#chat .doubts")
    expect(doubts).to_contain_text("moved · citation")
    expect(doubts).to_contain_text("ferry.txt has changed; this quote now stands at characters")
    expect(doubts).to_contain_text("failed · citation")
    expect(doubts).to_contain_text(f"no longer stands in {gone}")


def test_an_answer_and_a_conversation_are_saved_as_files_that_prove_themselves(
    served: Server, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    expect(conversations(page)).to_have_count(1)
    for name, ending in (("Markdown", "md"), ("HTML", "html"), ("Verifiable bundle", "json")):
        with page.expect_download() as given:
            page.locator("#chat .save").get_by_role("button", name=name).click()
        assert given.value.suggested_filename == f"parallax-answer.{ending}"
        file = tmp_path / f"answer.{ending}"
        given.value.save_as(file)
        assert verify(file, tmp_path / "corpus").holds
    ask(page, OTHER)
    expect(page.locator("#history .meta").filter(has_text="2 questions")).to_have_count(1)
    with page.expect_download() as given:
        page.locator("#history .files").get_by_role("button", name="Markdown").click()
    given.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "all.zip").read_bytes())) as packed:
        assert packed.namelist() == ["01.md", "02.md"]
        packed.extractall(tmp_path / "all")
    assert verify(tmp_path / "all" / "02.md", tmp_path / "corpus").holds


def test_another_browser_sees_nothing_and_strangers_get_a_sentence(served: Server, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    expect(conversations(page)).to_have_count(1)
    other = visit(served.url)
    expect(other.locator("#history .note")).to_have_text("Nothing was asked yet.")
    expect(other.get_by_test_id("answer-end")).to_have_count(0)

    for name in ("conversations", "rename", "remove", "files"):
        for given in (
            None,
            [],
            "x",
            7,
            {},
            {"ids": {"a": 1}, "search": []},
            {"id": "%"},
            {"id": "' OR 1=1", "title": "x"},
        ):
            assert "content" not in (found := served.call(name, given))
            assert not found.get("conversations")
    (id,) = page.evaluate("() => window.parallaxConversation.known()")
    assert served.call("files", {"conversation": id, "answer": ["x"], "ending": "json"}).keys() == {"note"}
    assert served.call("files", {"conversation": id, "answer": None, "ending": "/../x"}).keys() == {"note"}
    assert len(served.call("conversations", {"ids": [id, 7, None], "search": '"'})["conversations"]) == 0
    assert len(served.call("conversations", {"ids": [id, 7, None]})["conversations"]) == 1


def test_without_a_history_the_page_says_why_and_answers(served: Server, visit: Callable[..., Page]) -> None:
    server = Server(served.folder, "Conversations are not kept: history.sqlite: It is damaged. Move it away.")
    try:
        page = visit(server.url)
        expect(page.locator("#history .note")).to_contain_text("It is damaged. Move it away.")
        ask(page, QUESTION)
        expect(page.locator("#chat .save")).to_be_hidden()
        expect(conversations(page)).to_have_count(0)
    finally:
        server.stop()
