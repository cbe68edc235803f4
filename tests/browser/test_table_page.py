"""The sides of a question beside one another, in a real browser. Run: python -m pytest tests/browser/test_table_page.py"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from checks import violations
from playwright.sync_api import Locator, Page, expect
from reading import Served, ask, shown

pytestmark = pytest.mark.browser

QUESTION = "How many cars does the ferry of Marrowby carry?"
LABELS = """
version = 1
[perspectives.bridge]
label = "Bridge builders"
[perspectives.ferry]
label = "Ferry friends"
[perspectives.moon]
label = "Moon people"
[[source]]
match = "ferry*.txt"
perspective = "ferry"
[[source]]
match = "bridge*.txt"
perspective = "bridge"
[[source]]
match = "moon.txt"
perspective = "moon"
"""
FILES = {
    "sources.toml": LABELS,
    "ferry.txt": "The ferry must stay\n\nThe ferry of Marrowby carries 40 cars every day, and the ferry is loved.\n",
    "ferry-2.txt": "“The ferry of Marrowby carries cars for everybody,” said Captain Holm. The harbour was quiet.\n",
    "ferry-3.txt": "The ferry of Marrowby carries cars, carts and cattle, and no car waits longer than an hour.\n",
    "ferry-4.txt": "On market days the ferry of Marrowby carries cars until midnight, the harbour office writes.\n",
    "ferry-5.txt": "For sixty years the ferry of Marrowby has carried cars without an accident.\n",
    "bridge.txt": "A bridge at last\n\nThe ferry of Marrowby carries 12 cars a day, and a bridge would carry more.\n",
    "bridge-2.txt": "The ferry of Marrowby carries few cars in winter, and lorries are turned away.\n",
    "bridge-3.txt": "A bridge at Marrowby would carry cars that the ferry cannot carry in a storm.\n",
    "bridge-4.txt": "Cars wait for the ferry of Marrowby while the queue blocks the road to the harbour.\n",
    "bridge-5.txt": "Each car that the ferry of Marrowby carries costs the county a subsidy.\n",
    "moon.txt": "The moon rose late over the orchard, and an owl was heard until the morning.\n",
}


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES)


def opened(page: Page) -> Locator:
    """Ask, and follow the link below the answer."""
    ask(page, QUESTION).get_by_role("link", name="Compare side by side").click()
    page.locator("#table table").wait_for()
    return page.locator("#table")


def _slice(served: Served, href: str) -> str:
    name, start, end = re.fullmatch(r"#p/([^/]+)/(\d+)-(\d+)/[0-9a-f]{64}/.*", href).groups()  # type: ignore[union-attr]
    document, _ = served.assistant.corpus.document(unquote(name))
    return document.text[int(start) : int(end)]


def test_every_cell_opens_exactly_its_quote_beside_the_table(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    table = opened(page)
    expect(page.locator("#talk")).to_be_hidden()
    cells = table.locator("a.cite")
    assert cells.count() >= 2
    for cell in cells.all():
        assert re.match(r"\d+ \S", cell.text_content() or "")
        cell.click()
        expect(cell).to_have_attribute("aria-current", "true")
        href = cell.get_attribute("href") or ""
        page.wait_for_function("href => location.hash === href", arg=href)
        assert shown(page) == _slice(served, href)
        assert (cell.locator(".words").text_content() or "") == _slice(served, href)
    expect(table).to_be_visible()
    expect(page.locator(".panel .place")).to_contain_text(re.compile(r"\d/\d"))


def test_the_table_names_its_columns_and_marks_what_differs(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    table = opened(page)
    for name in ("◆ Bridge builders", "● Ferry friends", "▲ Moon people"):
        expect(table.get_by_role("columnheader", name=name)).to_be_visible()
    row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name="The question itself"))
    expect(row).to_contain_text("different numbers")
    expect(row.locator("strong")).to_have_count(2)
    assert set(row.locator("strong").all_text_contents()) == {"12", "40"}
    silent = table.locator("td.is-silent").last
    expect(silent).to_contain_text("no passage found")
    expect(silent).to_contain_text("closest passage:")
    silent.locator("a.near").click()
    assert "moon" in shown(page)


def test_the_speakers_stand_in_the_columns_when_asked_for(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    table = opened(page)
    table.get_by_role("button", name="Speakers").click()
    expect(table.get_by_role("columnheader", name="Holm")).to_be_visible()
    expect(table.get_by_role("button", name="Speakers")).to_have_attribute("aria-pressed", "true")
    expect(table.get_by_role("button", name="Perspectives")).to_have_attribute("aria-pressed", "false")
    table.get_by_role("button", name="Perspectives").click()
    expect(table.get_by_role("columnheader", name="Ferry friends")).to_be_visible()


@pytest.mark.parametrize("ending", ["csv", "md", "json"])
def test_the_table_that_is_shown_can_be_taken_away(
    served: Served, visit: Callable[..., Page], ending: str, tmp_path: Path
) -> None:
    page = visit(served.url)
    table = opened(page)
    names = {"csv": "CSV", "md": "Markdown", "json": "JSON"}
    with page.expect_download() as event:
        table.get_by_role("button", name=names[ending]).click()
    assert event.value.suggested_filename == f"side-by-side.{ending}"
    event.value.save_as(tmp_path / "file")
    text = (tmp_path / "file").read_text("utf-8-sig")
    quotes = [cell.text_content() or "" for cell in table.locator("a.cite .words").all()]
    if ending == "csv":
        found = [row["quote"] for row in csv.DictReader(text.splitlines(keepends=True)) if row["quote"]]
        assert found == quotes
    elif ending == "json":
        assert json.loads(text)["question"] == QUESTION
        assert {entry["quote"] for entry in json.loads(text)["citations"]} == set(quotes)
    else:
        assert "Bridge builders" in text
        assert "| Point |" in text


def test_the_keyboard_opens_the_table_and_a_passage_and_comes_back(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    link = ask(page, QUESTION).get_by_role("link", name="Compare side by side")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#table h2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="What the perspectives have on this question")).to_be_focused()
    page.keyboard.press("Tab")
    cell = page.locator("#table a.cite").first
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")
    assert shown(page)
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()
    expect(page.locator("#table table")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#table table")).to_be_hidden()
    expect(link).to_be_focused()
    expect(page.locator("#talk")).to_be_visible()


def test_the_table_keeps_to_what_its_answer_searched(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    page.get_by_label(re.compile("Bridge builders")).uncheck()
    page.get_by_label(re.compile("Moon people")).uncheck()
    answer = ask(page, QUESTION)
    page.get_by_label(re.compile("Bridge builders")).check()
    answer.get_by_role("link", name="Compare side by side").click()
    expect(page.locator("#table thead")).to_contain_text("Ferry friends")
    expect(page.locator("#table thead")).not_to_contain_text("Bridge builders")


def test_a_link_to_a_table_works_in_a_new_page_and_a_forged_one_gets_a_sentence(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    href = ask(page, QUESTION).get_by_role("link", name="Compare side by side").get_attribute("href")
    other = visit(served.url)
    _follow(other, href or "")
    expect(other.locator("#table h2")).to_have_text(QUESTION)
    other.reload()  # the address alone says what to show
    expect(other.locator("#table h2")).to_have_text(QUESTION)
    other.get_by_role("button", name="Back").click()
    expect(other.locator("#box textarea")).to_be_focused()
    _follow(other, "#t/PGltZyBzcmM9eCBvbmVycm9yPWhpdCgpPg/bm9ib2R5")
    expect(other.locator("#table [role=alert]")).to_contain_text("nobody")
    for name in ("CSV", "JSON"):
        expect(other.get_by_role("button", name=name)).to_be_disabled()


def _follow(page: Page, address: str) -> None:
    page.evaluate("address => { location.hash = address; }", address)


def test_on_a_phone_the_columns_become_cards_and_nothing_is_wider_than_the_screen(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url, width=390, height=844, touch=True)
    table = opened(page)
    wide = "() => [document.documentElement, ...document.querySelectorAll('#table, #table *')].filter(node => !node.closest('caption, thead') && node.getBoundingClientRect().right > 391).length"
    assert page.evaluate(wide) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    cell = table.locator("tbody td").first
    expect(cell.locator(".narrow")).to_be_visible()
    box = cell.bounding_box()
    assert box
    assert box["width"] > 300
    # It is still a table for a screen reader.
    assert table.get_by_role("row").count() == page.locator("#table tr").count()
    assert table.get_by_role("cell").count() == page.locator("#table td").count()
    link = table.locator("a.cite").last
    link.scroll_into_view_if_needed()
    link.tap()
    assert shown(page) == _slice(served, link.get_attribute("href") or "")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_who_reads_blind_meets_no_label_in_the_table(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    page.get_by_label("Blind reading").check()
    table = opened(page)
    expect(table).to_contain_text("Group 1")
    table.get_by_role("button", name="Speakers").click()
    expect(table).to_contain_text("Holm")
    for told in ("Bridge builders", "Ferry friends", "◆", "●"):
        assert told not in table.inner_text()
        assert told not in table.aria_snapshot()


def test_agreement_dispute_and_gap_are_another_view_of_the_same_table(
    served: Served, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(served.url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or "") if "server" in request.url else None)
    ask(page, QUESTION).get_by_role("link", name="Agree, dispute, missing").click()
    parts = page.locator("#table .parts")
    parts.wait_for()
    dispute = parts.locator(".part.is-dispute")
    expect(dispute).to_contain_text("These passages use different numbers beside “cars”")
    assert set(dispute.locator(".face strong").all_text_contents()) == {"12", "40"}
    faces = dispute.locator(".face").all()
    first, second = (face.bounding_box() for face in faces[:2])
    assert first is not None
    assert second is not None
    assert first["y"] == second["y"]
    expect(parts.locator(".part.is-missing")).to_contain_text("Moon people")
    quote = dispute.locator("a.cite").first
    quote.click()
    assert shown(page) == _slice(served, quote.get_attribute("href") or "")
    page.locator(".panel").get_by_role("button", name="Close the passage").click()
    with page.expect_download() as download:
        page.locator("#table").get_by_role("button", name="Markdown").click()
    download.value.save_as(tmp_path / "x")
    assert "## Where they dispute" in (tmp_path / "x").read_text("utf-8")
    before = sum('"show"' in body for body in asked)
    page.locator("#table").get_by_role("button", name="Table", exact=True).click()
    page.locator("#table table").wait_for()
    page.locator("#table").get_by_role("button", name="Agree, dispute, missing").click()
    parts.wait_for()
    assert sum('"show"' in body for body in asked) == before == 1  # computed once


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation_in_the_second_form(
    served: Served, visit: Callable[..., Page], width: int, dark: bool
) -> None:
    page = visit(served.url, width=width, height=800, dark=dark, touch=width < 500)
    ask(page, QUESTION).get_by_role("link", name="Agree, dispute, missing").click()
    page.locator("#table .parts").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    last = page.locator("#table .part").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
