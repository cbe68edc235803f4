"""The reader's own hand on a question: what is searched, asking it otherwise, saying what came of it. Run: python -m pytest tests/browser/test_asking_page.py"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from marrowby import FILES
from playwright.sync_api import Locator, Page, expect
from reading import ask
from restarting import Server, again, indexed, settle

pytestmark = pytest.mark.browser

QUESTION = "What does the ferry of Marrowby cost, and what the bridge?"
ATTACK = '<img src=x onerror=window.hit=1> ${window.hit=2} {{x}} "q"'
MORE = {f"boats {number:02}.txt": f"Boat {number} lay in Marrowby for a night, and left.\n" for number in range(30)}
HOSTILE = {f"odd {ATTACK}.txt": f"“The ferry of Marrowby costs nothing,” said Ada {ATTACK}.\n"}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    server = indexed(tmp_path, FILES | MORE | HOSTILE)
    yield server
    server.stop()


def only(page: Page) -> Locator:
    """What the last answer says alone was searched."""
    return page.locator("#chat .answer").last.locator(".lift.one")


def find(page: Page, kind: str, text: str) -> Locator:
    """Type into a field and get what is offered."""
    page.get_by_role("combobox", name=kind).fill(text)
    offered = page.get_by_role("listbox", name=f"{kind} {'that' if kind == 'Documents' else 'who'} fit")
    offered.wait_for()
    return offered.get_by_role("option")


def answered(page: Page, does: Callable[[], None]) -> None:
    """Do something by which the last question is answered anew, and wait for it."""
    end = '#chat .answer-end [class*="id-"]'
    before = page.locator(end).last.get_attribute("class")
    does()
    page.wait_for_function(
        "([end, before]) => { const now = [...document.querySelectorAll(end)].at(-1); return now && now.className !== before }",
        arg=[end, before],
    )


def test_a_search_is_narrowed_in_every_way_and_widened_again_part_by_part(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    clear = page.get_by_role("button", name="Clear all filters")
    expect(clear).to_be_hidden()
    expect(page.locator("#chosen input")).to_have_count(3)
    page.locator("#chosen").get_by_text("Bridge builders").click()
    expect(clear).to_be_visible()

    options = find(page, "Documents", "ferry must")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("Harbour Gazette · 2025-03-04")
    page.keyboard.press("Enter")
    find(page, "Speakers", "holm").first.click()
    page.get_by_label("Published from").fill("2025-03")
    page.get_by_label("Published until").fill("2025-13")
    page.get_by_label("Published until").press("Tab")
    expect(page.locator("#problem-until")).to_contain_text("'2025-13' is no date. Write it as")
    expect(page.get_by_label("Published until")).to_have_attribute("aria-invalid", "true")

    answer = ask(page, QUESTION)
    expect(answer).to_contain_text("'2025-13' is no date")
    page.get_by_label("Published until").fill("2025-04")
    page.get_by_label("Published until").press("Tab")
    expect(page.locator("#problem-until")).to_have_text("")

    answer = ask(page, QUESTION)
    expect(only(page)).to_have_text(
        [
            "Search again without: all perspectives but ◆ Bridge builders",
            "Search again without: The ferry must stay",
            "Search again without: Holm",
            "Search again without: from 2025-03 on",
            "Search again without: until 2025-04",
        ],
        use_inner_text=True,
    )
    cited = answer.locator("a.cite")
    expect(cited.first).to_be_visible()
    assert {chip.get_attribute("href").split("/")[1] for chip in cited.all()} == {"ferry.txt"}  # type: ignore[union-attr]

    answered(page, lambda: only(page).filter(has_text="Holm").click())
    expect(only(page)).to_have_count(4)
    expect(page.get_by_test_id("answer-end")).to_have_count(2)  # it took the place of the last one
    expect(page.locator("#find-speakers ~ .picked")).to_be_hidden()
    answered(page, lambda: page.get_by_role("button", name="search everything").last.click())
    expect(page.locator("#chat .answer").last.locator(".only")).to_have_count(0)
    expect(clear).to_be_hidden()
    assert page.locator("#chosen input:checked").count() == 3


def test_a_filter_is_taken_away_by_keyboard_and_an_earlier_answer_is_left_as_it_was(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    box = page.get_by_role("combobox", name="Documents")
    box.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    expect(page.locator("#choose-documents ~ .meta")).to_have_text("and 23 more: type to find them")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.keyboard.type("chronicle")
    page.get_by_role("option").first.wait_for()
    assert box.get_attribute("aria-activedescendant") == page.get_by_role("option").first.get_attribute("id")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Take out of the filters: The chronicle of Marrowby")).to_be_focused()
    ask(page, QUESTION)
    page.get_by_role("button", name="Take out of the filters").press("Enter")
    expect(box).to_be_focused()
    ask(page, "What of the comet?")

    page.locator("#chat .lift.one").focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("answer-end")).to_have_count(3)
    expect(page.locator("#chat [data-testid=user]")).to_have_text([QUESTION, "What of the comet?", QUESTION])
    expect(page.locator("#chat .only")).to_have_count(1)
    expect(page.locator("#chat .answer").first.locator(".only")).to_contain_text("The chronicle of Marrowby")


def test_a_filter_that_leaves_nothing_says_so_and_is_lifted(served: Server, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    page.get_by_label("Published from").fill("2031")
    answer = ask(page, QUESTION)
    expect(answer).to_contain_text("No document passes all of these filters, so nothing was searched.")
    answered(page, lambda: page.get_by_role("button", name="Search everything instead").click())
    expect(page.locator("#chat .answer").last.locator("a.cite").first).to_be_visible()
    expect(page.get_by_label("Published from")).to_have_value("")


def test_filters_stay_with_their_answer_and_are_those_of_the_conversation_that_is_opened(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    find(page, "Documents", "notes").first.click()
    ask(page, QUESTION)
    page.get_by_role("link", name="Compare side by side").click()
    page.locator("#table table").wait_for()
    expect(page.locator("#table")).to_contain_text("Searched only: notes.txt")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear all filters").click()

    settle(page)
    page.goto("about:blank")
    served.stop()
    served.start()
    page.goto(served.url)
    expect(only(page)).to_have_text(["Search again without: notes.txt"])
    chosen = page.get_by_role("button", name="Take out of the filters: notes.txt")
    expect(chosen).to_be_visible()
    answered(page, lambda: page.get_by_role("button", name="Retry").click())
    expect(only(page)).to_have_text(["Search again without: notes.txt"])
    page.get_by_role("button", name="New question").click()
    expect(page.get_by_test_id("answer-end")).to_have_count(0)
    chosen.click()
    ask(page, QUESTION)
    page.locator("#history .opens").nth(1).click()
    expect(chosen).to_be_visible()


def test_filters_outlast_an_update_and_what_is_gone_is_told(served: Server, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    for name in ("notes", "boats 07"):
        find(page, "Documents", name).first.click()
        expect(page.get_by_role("button", name=f"Take out of the filters: {name}.txt")).to_be_visible()
    page.locator("#chosen").get_by_text("Ferry friends").click()
    (served.folder / "corpus" / "boats 07.txt").unlink()
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Update the index").click()
    page.locator("#state", has_text="Done in").wait_for()
    page.get_by_role("tab", name="Ask").click()
    expect(page.locator(".filters .note")).to_have_text(
        "No longer in the corpus, and so taken out of the filters: boats 07.txt."
    )
    expect(page.locator(".picked button")).to_have_text(["notes.txt"])
    expect(page.locator("#chosen input:checked")).to_have_count(2)


def test_names_of_documents_and_speakers_are_text_and_nothing_else(served: Server, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    expect(find(page, "Documents", "onerror")).to_contain_text(ATTACK)
    page.keyboard.press("Enter")
    find(page, "Speakers", "a").first.wait_for()
    ask(page, QUESTION)
    expect(only(page)).to_contain_text(ATTACK)
    expect(page.locator(".picked button")).to_contain_text(ATTACK)
    assert page.evaluate("window.hit") is None


def test_on_a_phone_the_filters_are_a_drawer_that_says_how_many_are_set(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(served.url, width=390, height=844, touch=True)
    opens = page.locator("#filters")
    opens.tap()
    find(page, "Documents", "notes").first.tap()
    taken = page.get_by_role("button", name="Take out of the filters: notes.txt")
    expect(taken).to_be_visible()
    find(page, "Documents", "boats 03").first.tap()
    taken.tap()
    expect(page.locator(".picked button")).to_have_text(["boats 03.txt"])
    expect(page.locator("#side")).to_be_visible()  # what was tapped is gone, and the drawer stays
    assert opens.get_attribute("data-count") == "1"
    for row in page.locator(".filters :is(button, input:not([type=checkbox]), #chosen label)").all():
        box = row.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 24
    opens.tap()
    ask(page, QUESTION)
    expect(only(page)).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_after_a_reload_a_reader_without_conversation_begins_without_filters(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    page.get_by_label("Published from").fill("2025")
    again(page)
    expect(page.get_by_label("Published from")).to_have_value("")


def test_an_earlier_question_is_asked_otherwise_and_the_conversation_stays_as_it_was(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    asked = page.locator("#chat [data-testid=user]")
    box = page.locator("#box textarea")
    ask(page, QUESTION)
    ask(page, "What of the comet?")
    box.fill("A draft")
    page.get_by_role("button", name="Edit question 1").press("Enter")
    expect(box).to_have_value(QUESTION)
    expect(box).to_be_focused()
    expect(page.locator("#editing")).to_contain_text("what follows there goes out of this view")
    expect(page.locator("#editing")).to_contain_text("The conversation as it was stays in the list.")
    box.press("Escape")
    expect(page.locator("#editing")).to_be_hidden()
    expect(box).to_have_value("A draft")
    expect(page.get_by_role("button", name="Edit question 1")).to_be_focused()

    page.get_by_role("button", name="Edit question 2").click()
    box.fill("What of the lighthouse?")
    box.press("Enter")
    expect(asked).to_have_text([QUESTION, "What of the lighthouse?"])
    expect(page.locator("#history .opens")).to_have_text(["What of the lighthouse?", QUESTION])
    expect(page.locator("#editing")).to_be_hidden()
    again(page)
    expect(asked).to_have_text([QUESTION, "What of the lighthouse?"])
    page.locator("#history .opens").nth(1).click()
    expect(asked).to_have_text([QUESTION, "What of the comet?"])


def test_a_reader_says_what_was_wrong_and_sees_it_again_after_a_restart(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    no = page.get_by_role("button", name="No, this answer was not useful")
    no.click()
    dialog = page.get_by_role("dialog", name="What is wrong with it?")
    expect(dialog).to_be_visible()
    expect(no).to_have_attribute("aria-pressed", "true")  # it counts already
    dialog.get_by_label("wrong voice").check()
    dialog.get_by_label("In your own words").fill(ATTACK)
    dialog.get_by_role("button", name="Save").press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#chat .judged")).to_have_text(f"wrong voice · “{ATTACK}”")
    expect(no).to_be_focused()

    settle(page)
    page.goto("about:blank")
    served.stop()
    served.start()
    page.goto(served.url)
    expect(page.locator("#chat .judged")).to_have_text(f"wrong voice · “{ATTACK}”")
    expect(no).to_have_attribute("aria-pressed", "true")
    no.click()
    page.get_by_role("button", name="Take it back").click()
    expect(no).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#chat .judged")).to_have_text("")
    assert page.evaluate("window.hit") is None
