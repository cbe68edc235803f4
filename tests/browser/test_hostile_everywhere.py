"""Hostile words at every place where the page shows any: each is seen there, runs nothing, loads nothing, lies over nothing.

The `visit` fixture fails a test whose page asks another machine for anything, opens a dialog or logs an error. A new
place is one function that brings an open page to it, and a line in `PLACES`.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attacks import ATTACKS, LABELS, NAME, TEXT, harm, unharmed
from playwright.sync_api import Browser, Locator, Page, expect
from reading import Served, ask, shown
from states import tab
from test_corpora_page import Server
from test_overview_page import overview

from assistant import Assistant
from assistant.question.next_questions import Kind, Next
from index import LocalEmbedder, Store
from index.update import update
from ui.door import Credentials

pytestmark = pytest.mark.browser

IMAGE, TEMPLATE = ATTACKS[1], ATTACKS[7]
QUESTION = "What does the zebra of Quarn say and eat?"
SPEAKER = f"Anna {IMAGE}{TEMPLATE}"
FOLDER = "img src=x onerror=window.hit=21 ${window.hit=22} <b onclick=window.hit=23>"
OTHERS = f"""
[perspectives.others]
label = {json.dumps(f"Others {IMAGE}{TEMPLATE}")}
description = {json.dumps(ATTACKS[4])}
[[source]]
match = "others.txt"
title = {json.dumps(f"Others {IMAGE}{TEMPLATE}")}
outlet = {json.dumps(IMAGE)}
perspective = "others"
published = "2025-01-02"
[[source.voice]]
quote = "The zebra of Quarn must go"
speaker = {json.dumps(SPEAKER)}
"""
FILES = {
    "sources.toml": LABELS.replace('on = "2026-01-01"', 'on = "2026-01-01"\npublished = "2025-03"') + OTHERS,
    NAME: TEXT,
    "plain.txt": "The zebra of Quarn is striped, and nobody in Quarn disputes the stripes of the zebra.\n",
    "others.txt": f"In Quarn somebody said it: “The zebra of Quarn must go.” {IMAGE} It stayed, and eats thistles.\n",
    f"gone {NAME}": "The owl of Quarn is gone.\n",
}


def _onward(assistant: Assistant) -> Assistant:
    """The same, which finds one question that goes on from any other, in words of a hostile document."""
    onward = Next(f"What does {IMAGE}{TEMPLATE} say?", Kind.SPEAKER, 1)
    assistant.next_questions = lambda *given, **only: (onward,)  # type: ignore[method-assign]
    return assistant


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    served = serve(FILES, _onward, keeps=True)
    served.assistant.corpus.remove(f"gone {NAME}")
    served.assistant.corpus.update()
    (served.corpus / f"new {NAME}").write_text("The owl of Quarn is new.\n")
    return served


# ── Places ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def answer(page: Page) -> Locator:
    for summary in ask(page, QUESTION).locator("summary").all():
        summary.click()
    return page.locator("#chat .answer")


def question(page: Page) -> Locator:
    ask(page, f"{QUESTION} {IMAGE} {TEMPLATE} {ATTACKS[9]}")
    return page.locator("#chat .user-row")


def edited_question(page: Page) -> Locator:
    question(page)
    page.get_by_role("button", name="Edit question 1").click()
    return page.locator("#chat .user-row, #editing")


def judged(page: Page) -> Locator:
    ask(page, QUESTION)
    page.get_by_role("button", name="No, this answer was not useful").click()
    page.get_by_label("In your own words").fill(f"{IMAGE}{TEMPLATE}")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    return page.locator("#chat .judged")


def next_questions(page: Page) -> Locator:
    ask(page, QUESTION)
    return page.locator("#chat .next")


def narrowed(page: Page) -> Locator:
    for name, text in (("Documents", "others"), ("Speakers", "anna")):
        page.get_by_role("combobox", name=name).fill(text)
        page.get_by_role("option").first.wait_for()
        unharmed(page)
        page.get_by_role("option").first.click()
    ask(page, QUESTION)
    expect(page.locator(".picked").first).to_contain_text(IMAGE)
    return page.locator("#chat .only")


def preview(page: Page) -> Locator:
    ask(page, QUESTION).locator("a.cite").first.hover()
    return page.locator("#preview")


def panel(page: Page) -> Locator:
    """An open document with why it is labelled so, and both forms; each quote in turn."""
    for chip in ask(page, QUESTION).locator("a.cite").all():
        chip.click()
        page.wait_for_function("href => location.hash === href", arg=chip.get_attribute("href"))
        shown(page)
        for summary in page.locator(".panel summary").all():
            summary.click()
        unharmed(page)
    return page.locator(".panel")


def corrected(page: Page) -> Locator:
    """A label and a voice that were given hostile names."""
    ask(page, QUESTION).locator('a.cite[href^="#p/others.txt/"]').first.click()
    shown(page)
    page.get_by_text("Wrong speaker?").press("Enter")
    form = page.locator(".panel .fix")
    form.get_by_label("Your name, to stand beside it").fill(f"Ines {IMAGE}{TEMPLATE}")
    form.get_by_label("Name of the speaker").fill(SPEAKER)
    page.keyboard.press("Enter")
    return page.locator(".panel details[open] .outcome")


def table(page: Page) -> Locator:
    ask(page, QUESTION).get_by_role("link", name="Compare side by side").click()
    page.locator("#table table").wait_for()
    return page.locator("#table")


def table_of_speakers(page: Page) -> Locator:
    table(page).get_by_role("button", name="Speakers").click()
    page.locator("#table thead", has_text="Anna").wait_for()
    return page.locator("#table")


def agreement(page: Page) -> Locator:
    ask(page, QUESTION).get_by_role("link", name="Agree, dispute, missing").click()
    page.locator("#table .parts").wait_for()
    return page.locator("#table")


def cards(page: Page) -> Locator:
    tab(page, "Perspectives")
    page.locator("#cards .side-card").first.wait_for()
    for summary in page.locator("#cards summary").all():
        summary.click()
    return page.locator("#cards")


def edited_card(page: Page) -> Locator:
    cards(page).get_by_role("button", name="Edit").first.click()
    page.locator("#cards input[type=text], #cards textarea").first.wait_for()
    return page.locator("#cards")


def conversations(page: Page) -> Locator:
    question(page)
    page.locator(".history input").fill("zebra of Quarn")
    page.locator(".history .found").first.wait_for()
    return page.locator(".history")


def renamed_conversation(page: Page) -> Locator:
    ask(page, QUESTION)
    page.locator(".history").get_by_role("button", name=re.compile("^Rename")).first.click()
    page.get_by_label("Name of the conversation").fill(f"{IMAGE}{TEMPLATE}")
    page.keyboard.press("Enter")
    return page.locator(".history .opens").first


def restored_conversation(page: Page) -> Locator:
    question(page)
    page.locator('#box [data-testid="submit-button"]').wait_for()
    page.reload()
    return page.locator("#chat .user-row")


def glance(page: Page) -> Locator:
    """Every point of the pictures pointed at, every list open."""
    overview(page)
    for picture in ("map", "timeline", "quoting"):
        for point in page.locator(f"#glance .{picture} .point").all():
            point.scroll_into_view_if_needed()
            box = point.bounding_box()
            assert box
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.locator("#glance .tip").first.wait_for()
            assert harm(page) == []
    for by in ("outlets", "documents", "perspectives"):
        page.get_by_role("button", name=by, exact=True).click()
        unharmed(page)
    for summary in page.locator("#glance summary").all():
        summary.click()
    page.get_by_role("button", name=re.compile("Anna .* in ")).first.click()
    page.locator("#glance .result").wait_for()
    return page.locator("#glance")


def library(page: Page) -> Locator:
    tab(page, "Library")
    page.locator("#documents table").wait_for()
    page.get_by_role("searchbox", name="Find a document").fill("<img")
    return page.locator("#documents")


def removed(page: Page) -> Locator:
    library(page)
    page.locator("#removed summary").click()
    page.locator("#removed").get_by_role("button", name="Put back").wait_for()
    return page.locator("#removed")


def deleting(page: Page) -> Locator:
    library(page).get_by_role("button", name=f"Delete: {NAME}").click()
    return page.get_by_role("dialog")


def deleting_for_good(page: Page) -> Locator:
    removed(page).get_by_role("button", name="Delete for good").click()
    return page.get_by_role("dialog")


def dry_run(page: Page) -> Locator:
    """What lies in the folder, and what is dropped: Gradio takes signs out of the names of the latter."""
    library(page)
    drops = [
        {"name": f"<img src=x onerror=window.hit=2>{end}", "mimeType": "", "buffer": b"Owl."}
        for end in (".txt", ".png")
    ]
    page.locator("#drop input[type=file]").set_input_files(drops)  # type: ignore[arg-type]
    page.locator("#state li", has_text="onerror").nth(2).wait_for()
    return page.locator("#state")


PLACES: tuple[Callable[[Page], Locator], ...] = (
    *(answer, question, edited_question, judged, next_questions, narrowed, preview, panel, corrected),
    *(table, table_of_speakers, agreement, cards, edited_card),
    *(conversations, renamed_conversation, restored_conversation),
    *(glance, library, removed, deleting, deleting_for_good, dry_run),
)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_hostile_words_are_seen_and_do_nothing(
    served: Served, visit: Callable[..., Page], place: Callable[[Page], Locator]
) -> None:
    page = visit(served.url)
    expect(place(page).filter(has_text=re.compile("<(img|script) ?")).first).to_be_visible()
    unharmed(page)


# ── Files, other corpora, the door ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("of", ["answer", "conversation"])
def test_an_exported_page_of_hostile_words_does_nothing(
    served: Served, visit: Callable[..., Page], tmp_path: Path, of: str
) -> None:
    page = visit(served.url)
    question(page)
    button = "#chat .save" if of == "answer" else "#history .files"
    with page.expect_download() as given:
        page.locator(button).get_by_role("button", name="HTML").click()
    saved = tmp_path / given.value.suggested_filename
    given.value.save_as(saved)
    if of == "conversation":
        with zipfile.ZipFile(saved) as packed:
            saved = Path(packed.extract("01.html", tmp_path))
    exported = page.context.new_page()
    asked: list[str] = []
    exported.on("request", lambda request: asked.append(request.url))
    exported.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    exported.goto(saved.as_uri())
    for summary in exported.locator("summary").all():
        summary.click()
    exported.wait_for_timeout(500)
    expect(exported.locator("body")).to_contain_text(IMAGE)
    expect(exported.locator("body")).to_contain_text("The zebra of Quarn eats thistles")
    assert harm(exported) == []
    assert asked == [saved.as_uri()]


@pytest.fixture
def corpora(tmp_path: Path) -> Iterator[Server]:
    folders = [tmp_path / name for name in ("plain", f"<{FOLDER}", f"torn <{FOLDER}")]
    for folder in folders:
        folder.mkdir()
        (folder / "notes.txt").write_text(FILES["plain.txt"])
        update(folder, Store(folder / ".parallax"), LocalEmbedder())
    shutil.rmtree(folders[2] / ".parallax" / "generations", ignore_errors=True)
    (folders[2] / ".parallax" / "CURRENT").write_text(f"<{FOLDER}\n")
    server = Server(folders)
    yield server
    server.stop()


def test_corpora_with_hostile_names_are_listed_and_opened_and_do_nothing(
    corpora: Server, visit: Callable[..., Page]
) -> None:
    page = visit(corpora.url)
    page.locator("#corpora button").press("Enter")
    listed = page.get_by_role("navigation", name="Corpus").get_by_role("listitem")
    expect(listed.nth(1)).to_contain_text(f"<{FOLDER}")
    expect(listed.nth(2)).to_contain_text(f"torn <{FOLDER}")
    expect(listed.nth(2).get_by_role("link")).to_have_count(0)
    unharmed(page)
    listed.nth(1).get_by_role("link").click()
    expect(page).to_have_title(f"<{FOLDER} · Parallax")
    expect(page.locator("#corpora button")).to_contain_text(f"<{FOLDER}")
    page.locator('#box [data-testid="submit-button"]').wait_for()
    unharmed(page)


@pytest.mark.parametrize("attack", [ATTACKS[0], IMAGE, ATTACKS[16]])
def test_the_door_repeats_nothing_of_what_was_typed(
    serve: Callable[..., Served], visit: Callable[..., Page], attack: str
) -> None:
    page = visit(serve({"plain.txt": "Zebra.\n"}, credentials=Credentials("ines", "a password")).url)
    page.locator("#user").fill(attack)
    page.locator("#password").fill(attack)
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    unharmed(page)
    assert "window.hit" not in page.content()


# ── The look itself ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "attack", [one for one in ATTACKS if re.match(r"(</div>.*)?<(?!think)", one)], ids=lambda a: a[:20]
)
def test_an_attack_that_became_a_part_of_the_page_would_be_found(browser: Browser, attack: str) -> None:
    page = browser.new_page(offline=True)
    page.set_content(f"<body>{attack}</body>", wait_until="commit")
    assert harm(page) != []
    page.context.close()
