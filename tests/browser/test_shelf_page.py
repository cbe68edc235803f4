"""The Library tab in a real browser: deleting, trying again, adding with a dry run, a watched folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from checks import violations
from marrowby import FILES
from playwright.sync_api import Locator, Page, expect
from reading import Served, ask

from assistant import Assistant
from ui import uploads

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)> ${alert(2)} {{x}}.txt"


def library(page: Page) -> Locator:
    """Open the tab; returns the rows of its table."""
    tab = page.get_by_role("tab", name="Library", exact=True)
    if not tab.is_visible():  # on a phone the tabs that have no room stand behind a button
        page.locator("#tabs .overflow-menu button").first.click()
        tab = page.locator("#tabs .overflow-dropdown").get_by_text("Library", exact=True)
    tab.click()
    page.locator("#documents table").wait_for()
    return page.locator("#documents tbody tr")


def test_deleting_asks_first_and_the_next_answer_does_without_it(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    served = serve({**FILES, HOSTILE: "The lantern of Marrowby was lit by Ottilie Brandt in 1907, and it was red.\n"})
    page = visit(served.url)
    rows = library(page)
    row = rows.filter(has_text="onerror")
    row.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete this document?")
    expect(dialog).to_contain_text(f".parallax/removed/{HOSTILE}")
    expect(dialog).to_contain_text("Nothing is destroyed")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert (served.corpus / HOSTILE).exists()

    row.get_by_role("button", name="Delete").press("Enter")
    dialog.get_by_role("button", name="Delete it").press("Enter")
    expect(page.locator("#state")).to_contain_text("Done in")
    expect(rows.filter(has_text="onerror")).to_have_count(0)
    assert (served.corpus / ".parallax" / "removed" / HOSTILE).exists()
    page.get_by_role("tab", name="Ask").click()
    expect(ask(page, "Who lit the lantern of Marrowby?")).not_to_contain_text("Ottilie")


def test_a_file_that_could_not_be_read_is_tried_again(serve: Callable[..., Served], visit: Callable[..., Page]) -> None:
    served = serve({**FILES, "late.txt": b""})
    page = visit(served.url)
    row = library(page).filter(has_text="late.txt")
    expect(row).to_contain_text("failed")
    expect(row.locator(".remark")).to_contain_text("empty")
    (served.corpus / "late.txt").write_text("The late train of Marrowby leaves at eleven, the board writes.\n")
    row.get_by_role("button", name="Try again").click()
    expect(row).to_contain_text("indexed")
    expect(row.get_by_role("button", name="Try again")).to_have_count(0)


def test_a_file_that_is_gone_meanwhile_is_a_sentence(serve: Callable[..., Served], visit: Callable[..., Page]) -> None:
    served = serve(FILES)
    page = visit(served.url, width=390, height=844, touch=True)
    row = library(page).filter(has_text="notes.txt")
    expect(row.get_by_role("button", name="Delete")).to_be_visible()
    (served.corpus / "notes.txt").unlink()
    row.get_by_role("button", name="Delete").tap()
    expect(page.locator("#documents .refused")).to_contain_text("not there any more")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_dropped_files_are_told_one_by_one_before_anything_happens(
    serve: Callable[..., Served], visit: Callable[..., Page], tmp_path: Path
) -> None:
    served = serve(FILES)
    (served.corpus / "chronicle.md").unlink()
    page = visit(served.url)
    rows = library(page)
    files = {
        "notes.txt": b"Other minutes of Marrowby, with a windmill.\n",
        "torn.docx": b"PK\x03\x04 torn",
        "photo.txt": bytes(range(256)),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    page.locator("#drop input[type=file]").set_input_files([tmp_path / name for name in files])
    state = page.locator("#state")
    expect(state).to_contain_text("+2 ~0 -1")
    told = state.locator(".becomes li")
    expect(told.filter(has_text="notes.txt")).to_contain_text("becomes notes (2).txt beside it")
    expect(told.filter(has_text="photo.txt")).to_contain_text("will not be added. The file holds binary data")
    expect(told.filter(has_text="chronicle.md")).to_contain_text("leaves the index")
    assert not (served.corpus / "notes (2).txt").exists()

    page.get_by_role("checkbox", name="Replace documents of the same name").check()
    expect(state).to_contain_text("+1 ~1 -1")
    expect(told.filter(has_text="notes.txt")).to_contain_text("moved to .parallax/removed")
    page.get_by_role("button", name="Update the index").click()
    expect(state).to_contain_text("Done in")
    expect(told.filter(has_text="torn.docx")).to_contain_text("The DOCX is damaged")
    expect(told.filter(has_text="photo.txt")).to_contain_text("binary data")
    expect(rows.filter(has_text="torn.docx")).to_contain_text("failed")
    expect(rows.filter(has_text="chronicle")).to_have_count(0)
    assert (served.corpus / "notes.txt").read_text() == "Other minutes of Marrowby, with a windmill.\n"
    assert (served.corpus / ".parallax" / "removed" / "notes.txt").exists()


def test_a_watched_folder_is_followed_and_says_so_in_one_line(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    def watched(assistant: Assistant) -> Assistant:
        assistant.corpus.watch(0.3)
        return assistant

    served = serve(FILES, watched)
    try:
        page = visit(served.url)
        rows = library(page)
        line = page.locator("#watched [role=status]")
        expect(line).to_contain_text("Watching the folder")
        (served.corpus / HOSTILE).write_text("The lantern of Marrowby was lit by Ottilie Brandt in 1907.\n")
        expect(line).to_contain_text("Last: +1 ~0 -0")
        expect(rows.filter(has_text="onerror")).to_contain_text("indexed")
        for path in served.corpus.rglob("*.*"):
            if path.is_file() and path.suffix in (".txt", ".md"):
                path.rename(path.with_suffix(".away"))
        expect(page.locator("#watched [role=alert]")).to_contain_text("Every document is gone")
        expect(rows.filter(has_text="ferry.txt")).to_contain_text("The ferry must stay")
    finally:
        if served.assistant.corpus.watcher:
            served.assistant.corpus.watcher.stop()


def test_a_folder_that_is_not_watched_is_not_asked_about(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    served = serve(FILES)
    page = visit(served.url)
    library(page)
    expect(page.locator("#watched")).to_be_hidden()


def test_what_is_too_large_in_a_drop_is_told_and_the_rest_goes_on(
    serve: Callable[..., Served], visit: Callable[..., Page], tmp_path: Path
) -> None:
    served = serve(FILES)
    page = visit(served.url)
    rows = library(page)
    with (tmp_path / HOSTILE).open("wb") as large:
        large.truncate(50_000_001)
    (tmp_path / "mill.txt").write_text("The mill of Marrowby is red, the board writes.\n")
    page.locator("#drop input[type=file]").set_input_files([tmp_path / HOSTILE, tmp_path / "mill.txt"])
    told = page.locator("#state .becomes li")
    expect(told.filter(has_text="mill.txt")).to_contain_text("becomes a new document")
    expect(told.filter(has_text="onerror")).to_contain_text("was not uploaded. It is larger than 50 MB")
    page.get_by_role("button", name="Update the index").click()
    expect(rows.filter(has_text="mill.txt")).to_contain_text("indexed")
    assert not (served.corpus / HOSTILE).exists()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (
            "_AROUND",
            -200_000_000,
            "More than 200 MB were dropped at a time. Drop fewer files, and the rest when they are indexed.",
        ),
        (
            "shutil",
            SimpleNamespace(disk_usage=lambda folder: SimpleNamespace(free=1)),  # pyright: ignore[reportUnknownLambdaType]
            "There is no room: less than 500 MB would be left free on the disk. Free some space first.",
        ),
    ],
    ids=["413", "507"],
)
def test_an_upload_that_the_server_refuses_is_one_sentence_where_files_are_dropped(
    serve: Callable[..., Served],
    visit: Callable[..., Page],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: object,
    says: str,
) -> None:
    page = visit(serve(FILES).url)
    library(page)
    drop, told = page.locator("#drop input[type=file]"), page.locator("#state [role=alert]")
    file: Any = {"name": "mill.txt", "mimeType": "", "buffer": b"The mill of Marrowby is red, the board writes.\n"}
    with monkeypatch.context() as limits:
        limits.setattr(uploads, name, value)
        drop.set_input_files(file)
        expect(told).to_have_text(says)
        expect(page.get_by_test_id("toast-body")).to_have_count(0)
        assert violations(page) == []
    drop.set_input_files(file)
    expect(page.locator("#state .becomes li")).to_contain_text("becomes a new document")
    expect(told).to_have_count(0)


def test_documents_are_listed_by_state(serve: Callable[..., Served], visit: Callable[..., Page]) -> None:
    served = serve({**FILES, "late.txt": b""})
    (served.corpus / "new.txt").write_text("The late train of Marrowby leaves at eleven, the board writes.\n")
    page = visit(served.url)
    rows = library(page)
    states = page.get_by_role("combobox", name="State")
    states.select_option(label="failed (1)")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("late.txt")
    expect(states).to_be_focused()
    states.select_option(label="not indexed yet (1)")
    expect(rows).to_contain_text("new.txt")
    page.get_by_role("button", name="Update the index").click()
    expect(page.locator("#documents .empty")).to_have_text("No such document is listed.")
    states.select_option(label="In every state")
    expect(rows.filter(has_text="new.txt")).to_contain_text("indexed")
    assert violations(page) == []
