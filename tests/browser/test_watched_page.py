"""Watched questions on the page: begun below an answer, marked until they were opened, each change with its passage."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from reading import Served, ask, shown
from states import FILES, QUESTION

from assistant import WatchedQuestions


def test_a_watched_question_is_marked_after_a_change_and_its_passages_open(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    served = serve(FILES | {"ferry-3.txt": "The ferry of Marrowby carries 50 cars in summer.\n"}, watches=True)
    page = visit(served.url)
    ask(page, QUESTION).get_by_role("button", name="Watch this question").click()
    question = page.locator(".watched .question")
    expect(question).to_have_count(1)
    expect(question.locator(".mark")).to_have_count(0)

    hostile = "The ferry of Marrowby carries 9 cars in summer, <img src=x onerror=alert(1)> we hear.\n"
    (served.corpus / "ferry-3.txt").write_text(hostile)
    served.assistant.corpus.update()
    watched = WatchedQuestions(served.assistant.reader.store.folder / "watched.sqlite")
    assert len(watched.check(served.assistant).news) == 1
    page.reload()
    expect(question.locator(".mark")).to_have_text("new")
    summary = question.locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(question.locator(".mark")).to_have_count(0)
    expect(question).to_contain_text("no longer stands in ferry-3.txt")
    assert [v["id"] for v in Axe().run(page, context="#watched-questions").response["violations"]] == []

    link = question.locator("a.cite", has_text="carries 9 cars").first
    link.click()
    assert "carries 9 cars" in shown(page)
    expect(link).to_have_attribute("aria-current", "true")
    page.reload()
    expect(question).to_have_count(1)
    expect(question.locator(".mark")).to_have_count(0)

    question.locator("summary").click()
    question.get_by_role("button", name="Stop watching").click()
    question.get_by_role("button", name="Stop for good").click()
    expect(question).to_have_count(0)
    assert watched.questions() == ()


def test_where_nothing_can_be_watched_nothing_offers_it(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    page = visit(serve(FILES).url)
    answer = ask(page, QUESTION)
    expect(answer.locator(".watch-this")).to_be_hidden()
    expect(page.locator("#watched-questions")).to_be_hidden()
