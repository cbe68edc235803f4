"""Documents, titles, labels and file names that attack the page. It must show them, and do nothing else.

The `visit` fixture fails a test whose page asks another machine for anything, opens a dialog or logs an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from attacks import ATTACKS, LABELS, NAME, TEXT, unharmed
from playwright.sync_api import Page, expect
from reading import Served, ask, shown

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    plain = "The zebra of Quarn is striped, and nobody in Quarn disputes the stripes of the zebra.\n"
    return serve({"sources.toml": LABELS, NAME: TEXT, "plain.txt": plain})


def test_hostile_passages_are_shown_and_do_nothing(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    answer = ask(page, "What does the zebra of Quarn say and eat?")
    quotes = answer.locator("blockquote").all_text_contents()
    assert any("<" in quote for quote in quotes)
    unharmed(page)
    for chip in answer.locator("a.cite").all():
        chip.click()
        page.wait_for_function("href => location.hash === href", arg=chip.get_attribute("href"))
        assert shown(page) in quotes
        unharmed(page)
    answer.locator("summary").first.click()
    unharmed(page)


@pytest.mark.parametrize("by", ["Perspectives", "Speakers"])
def test_a_table_of_hostile_passages_labels_and_titles_does_nothing(
    served: Served, visit: Callable[..., Page], by: str
) -> None:
    page = visit(served.url)
    answer = ask(page, "What does the zebra of Quarn say and eat?")
    answer.get_by_role("link", name="Compare side by side").click()
    table = page.locator("#table")
    table.get_by_role("button", name=by).click()
    table.locator("table").wait_for()
    unharmed(page)
    assert table.locator("table").count() == 1
    assert any("<" in text or "$" in text for text in table.locator("a.cite").all_text_contents())
    if by == "Perspectives":
        expect(table.locator("thead")).to_contain_text("Side <img src=x onerror=window.hit=2>")
    for cell in table.locator("a.cite").all():
        cell.click()
        page.wait_for_function("href => location.hash === href", arg=cell.get_attribute("href"))
        assert shown(page) == cell.locator(".words").text_content()
        unharmed(page)


def test_hostile_names_and_labels_are_shown_in_the_library_and_the_filters(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    expect(page.locator("#chosen")).to_contain_text("Side <img src=x onerror=window.hit=2>")
    unharmed(page)
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#documents")).to_contain_text(NAME)
    expect(page.locator("#documents")).to_contain_text("Title <script>")
    unharmed(page)


def test_a_hostile_question_is_shown_and_does_nothing(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    question = "zebra of Quarn " + " ".join(attack for attack in ATTACKS if "\n" not in attack)
    ask(page, question)
    expect(page.locator("#chat .user-row")).to_contain_text("<script>window.hit=1</script>")
    unharmed(page)


def test_a_dropped_file_with_a_hostile_name_is_only_named(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    page.get_by_role("tab", name="Library").click()
    name = "<img src=x onerror=window.hit=15>${window.hit=16}"
    for ending in (".txt", ".png"):
        drop = {"name": name + ending, "mimeType": "text/plain", "buffer": b"The zebra sleeps."}
        page.locator("#drop input[type=file]").set_input_files([drop])  # type: ignore[list-item]
        expect(page.locator("#state")).to_contain_text(ending)
        unharmed(page)
        page.locator("#drop").get_by_role("button", name=re.compile("Clear|Remove")).first.click()


@pytest.mark.parametrize(
    "link",
    [
        "#p/",
        "#p/../../etc/passwd/0-9/0123456789abcdef",
        f"#p/%3Cimg%20src=x%20onerror=window.hit=14%3E/0-9/{'0' * 64}//PGltZyBzcmM9/",
        f"#p/plain.txt/0-9/{'0' * 64}//PGltZyBzcmM9/",
        f"#p/plain.txt/0-9/{'0' * 64}//_w/",
    ],
)
def test_a_forged_link_gets_a_sentence(served: Served, visit: Callable[..., Page], link: str) -> None:
    page = visit(f"{served.url}/{link}")
    expect(page.locator(".panel")).to_contain_text(re.compile("This |There is no such quote"))
    expect(page.locator("mark")).to_have_count(0)
    unharmed(page)


def test_every_response_carries_the_policy_and_strange_hosts_are_refused(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    response = page.request.get(served.url)
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert page.request.get(served.url, headers={"Host": "evil.example"}).status == 421
