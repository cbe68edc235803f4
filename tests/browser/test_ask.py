"""Asking, and reading the passages that an answer cites, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from marrowby import FILES
from playwright.sync_api import Page, expect
from reading import Served, ask, shown

pytestmark = pytest.mark.browser
QUESTION = "What does the ferry of Marrowby cost, and what the bridge?"


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES)


def _slice(served: Served, href: str) -> str:
    """What a chip's address stands for, straight from the index."""
    name, start, end = re.fullmatch(r"#p/([^/]+)/(\d+)-(\d+)/[0-9a-f]{64}/.*", href).groups()  # type: ignore[union-attr]
    document, _ = served.assistant.corpus.document(unquote(name))
    return document.text[int(start) : int(end)]


def test_every_chip_opens_exactly_its_quote(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    chips = page.locator("a.cite")
    assert chips.count() >= 3
    for at in range(chips.count()):
        chip = chips.nth(at)
        assert re.match(r"\d+ \S ", chip.text_content() or "")
        chip.click()
        expect(chip).to_have_attribute("aria-current", "true")
        expect(page.get_by_test_id("passage").locator("mark")).to_have_count(1)
        page.wait_for_function("href => location.hash === href", arg=chip.get_attribute("href"))
        assert shown(page) == _slice(served, chip.get_attribute("href") or "")


def test_the_answer_says_that_nothing_was_generated_and_where_the_sources_stand(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    answer = ask(page, QUESTION)
    expect(answer).to_contain_text("Passages that bear on your question. No text was generated.")
    expect(answer).to_contain_text("◆ Bridge builders")
    expect(answer).to_contain_text("label given by Ada Quill, 2026-01-02")
    expect(answer).to_contain_text("The ferry must stay")
    expect(answer).to_contain_text("2025-03-04")
    expect(answer).to_contain_text("the author")
    expect(answer.locator("summary").first).to_contain_text("searched 3 perspectives")


def test_the_keyboard_opens_a_passage_walks_through_all_and_comes_back(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    chip = page.locator("a.cite").first
    chip.focus()
    page.keyboard.press("Enter")
    first = shown(page)
    many = page.locator("a.cite").count()
    expect(page.locator(".panel .place")).to_have_text(f"1/{many}")
    page.get_by_role("button", name="Next passage").press("Enter")
    expect(page.locator(".panel .place")).to_have_text(f"2/{many}")
    assert shown(page) != first
    page.get_by_role("button", name="Previous passage").press("Enter")
    expect(page.locator(".panel .place")).to_have_text(f"1/{many}")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("passage")).to_have_count(0)
    expect(chip).to_be_focused()


def test_a_long_document_comes_as_a_window_that_grows(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, "Who drew the comet over the lighthouse?")
    page.locator("a.cite", has_text="Unlabelled").first.click()
    quote = shown(page)
    assert "comet" in quote
    page.get_by_role("button", name="Show earlier text").click()
    page.get_by_role("button", name="Show later text").click()
    whole, _ = served.assistant.corpus.document("chronicle.md")
    while page.get_by_role("button", name=re.compile("Show (earlier|later) text")).count():
        before = len(page.get_by_test_id("passage").inner_text())
        # Not by mouse: that scrolls there, upon which the text grows by itself and takes the button away.
        buttons = page.get_by_role("button", name=re.compile("Show (earlier|later) text"))
        if not buttons.evaluate_all("([button]) => (button?.click(), Boolean(button))"):
            break  # what was asked for before has come meanwhile, and was the rest
        page.wait_for_function(
            "before => document.querySelector('[data-testid=passage]').innerText.length !== before", arg=before
        )
    assert page.get_by_test_id("passage").text_content() == whole.text
    assert shown(page) == quote


def test_a_link_to_a_passage_works_in_a_new_page(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    chip = page.locator("a.cite", has_text="Bridge builders").first
    href = chip.get_attribute("href") or ""
    assert "f%C3%BCr%20%26%20wider%2Fbr%C3%BCcke%20%231.txt" in href
    other = visit(f"{served.url}/{href}")
    assert shown(other) == _slice(served, href)
    expect(other.locator(".panel")).to_contain_text("A bridge at last")


def test_what_is_not_in_the_corpus_is_a_result_with_the_nearest_passages(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    answer = ask(page, "How tall is Mount Kilimanjaro?")
    expect(answer).to_contain_text("No passage was found that answers this question.")
    expect(answer).to_contain_text("Kilimanjaro")
    chip = answer.locator("a.cite").first
    chip.click()
    assert shown(page) == _slice(served, chip.get_attribute("href") or "")


def test_an_unusable_question_gets_one_clear_sentence_in_the_place_of_the_answer(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    answer = ask(page, "ferry " * 20_000)
    expect(answer).to_contain_text("This question could not be answered.")
    answer = ask(page, QUESTION)
    expect(answer.locator("a.cite").first).to_be_visible()


def test_a_follow_up_shows_how_it_was_searched(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, "What does Captain Holm say about the ferry?")
    answer = ask(page, "And what does he own?")
    expect(answer.locator(".searched")).to_contain_text("searched as:")
    expect(page.get_by_test_id("answer-end")).to_have_count(2)


def test_only_the_perspectives_that_are_ticked_are_searched(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)  # by then the page has loaded what the corpus holds now, which ticks every perspective anew
    for name in ("Bridge builders", "Unlabelled source"):
        page.get_by_label(re.compile(name)).uncheck()
    answer = ask(page, QUESTION)
    assert {text.split(" ", 2)[2] for text in answer.locator("a.cite").all_text_contents()} == {"Ferry friends"}


def test_an_example_question_is_asked_by_a_click_and_a_new_conversation_shows_them_again(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    example = page.locator("#chat .example").first
    text = example.inner_text()
    example.click()
    page.get_by_test_id("answer-end").wait_for()
    expect(page.locator("#chat .user-row")).to_contain_text(text)
    page.get_by_role("button", name="New question").click()
    expect(page.locator("#chat .answer")).to_have_count(0)
    expect(page.locator("#chat .example").first).to_be_visible()


def test_undo_gives_the_question_back_to_be_edited(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    typed = "What does the *ferry* cost & <b>who</b> says so?"
    ask(page, typed)
    expect(page.locator("#chat .user-row p")).to_have_text(typed)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#box textarea")).to_have_value(typed)
    expect(page.locator("#chat .answer")).to_have_count(0)


def test_retry_asks_the_last_question_again(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    page.get_by_label(re.compile("Bridge builders")).uncheck()
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("a.cite", has_text="Bridge builders")).to_have_count(0)
    expect(page.get_by_test_id("answer-end")).to_have_count(1)
    expect(page.locator("#chat .user-row")).to_have_count(1)


def test_a_changed_document_is_said_to_have_changed_and_nothing_is_marked(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    served = serve(
        {"a.txt": "The mayor of Tarn keeps bees. The bees of Tarn make bitter honey.\n", "b.txt": "Nothing here.\n"}
    )
    page = visit(served.url)
    ask(page, "What do the bees of Tarn make?")
    chip = page.locator("a.cite").first
    text = (served.corpus / "a.txt").read_text()
    (served.corpus / "a.txt").write_text("Written above it.\n\n" + text)  # and the index is not told
    chip.click()
    expect(page.locator(".panel .note:not(.stale)")).to_contain_text("The quote stands in another place now")
    assert shown(page) == _slice(served, chip.get_attribute("href") or "")
    expect(page.get_by_test_id("passage")).to_contain_text("Written above it.")
    page.keyboard.press("Escape")
    (served.corpus / "a.txt").write_text("Other words. The mayor of Tarn keeps geese, and the geese make noise.\n")
    served.assistant.corpus.update()
    chip.click()
    expect(page.locator(".panel .note:not(.stale)")).to_have_text(
        "This quote no longer stands in this document, which has changed since it was cited."
    )
    expect(page.get_by_test_id("passage")).to_contain_text("keeps geese")
    expect(page.locator("mark")).to_have_count(0)
    (served.corpus / "a.txt").unlink()
    served.assistant.corpus.update()
    page.keyboard.press("Escape")
    chip.click()
    expect(page.locator(".panel .note:not(.stale)")).to_have_text("This document is no longer in the index.")


def test_on_a_phone_the_passage_is_a_sheet_that_keeps_the_focus(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url, width=390, height=844, touch=True)
    expect(page.locator("#side")).to_be_hidden()
    ask(page, QUESTION)
    chip = page.locator("a.cite").first
    chip.tap()
    assert shown(page) == _slice(served, chip.get_attribute("href") or "")
    page.wait_for_timeout(300)  # the sheet slides in
    box = page.locator(".panel").bounding_box()
    assert box is not None
    assert box["width"] == 390
    assert abs(box["height"] - 0.72 * 844) < 2
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('.panel').contains(document.activeElement)")
    page.touchscreen.tap(195, 40)  # beside the sheet
    expect(page.get_by_test_id("passage")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_in_the_dark_the_text_is_light(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url, dark=True)
    ask(page, QUESTION)
    page.locator("a.cite").first.click()
    shown(page)
    light = "node => getComputedStyle(node).color.match(/\\d+/g).slice(0, 3).every((part) => part > 150)"
    assert page.locator("#chat blockquote").first.evaluate(light)
    assert page.get_by_test_id("passage").evaluate(light)
