"""Documents, titles, labels and file names that attack the page. It must show them, and do nothing else.

The `visit` fixture fails a test whose page asks another machine for anything, opens a dialog or logs an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from reading import Served, ask, shown

pytestmark = pytest.mark.browser

ATTACKS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=2>",
    '<img src="http://evil.example/a.png">',
    "![pixel](http://evil.example/b.png)",
    "![a[b]c](http://evil.example/c.png)",
    "[click](javascript:window.hit=3)",
    "<a href='javascript:window.hit=4'>go</a>",
    "${window.hit=5} ${eval(String.fromCharCode(119))} {{window.hit=6}} {{{this}}}",
    "<svg onload=window.hit=7></svg>",
    "<div style='position:fixed;inset:0;background:url(http://evil.example/d.png)'>overlay</div>",
    "<style>@import 'http://evil.example/e.css';</style>",
    "<iframe srcdoc='<script>parent.hit=8</script>'></iframe>",
    "$$\\href{javascript:window.hit=9}{x}$$ \\(x\\)",
    "```mermaid\ngraph TD; A[<img src=http://evil.example/f.png>]\n```",
    "</div></details></blockquote></textarea></script><video poster=http://evil.example/g.png>",
    "http://evil.example/autolink www.evil.example <http://evil.example>",
    '" onmouseover="window.hit=10" x="',
    "<think>hidden</think> <meta http-equiv=refresh content='0;url=http://evil.example'>",
    "\u202egnp.exe",
)
NAME = "<img src=x onerror=window.hit=11> ${window.hit=12} {{x}} ![n](x) & 'q' \"r\" `s`.txt"
TEXT = (
    "The zebra of Quarn eats thistles. "
    + " The zebra of Quarn says: ".join(ATTACKS)
    + " That is all about the zebra of Quarn.\n"
)
LABELS = f"""
version = 1
[perspectives."x\\" onclick=\\"window.hit=13"]
label = {json.dumps("Side " + ATTACKS[1] + ATTACKS[7] + ATTACKS[3])}
description = {json.dumps(ATTACKS[0])}
[[source]]
match = "plain.txt"
title = {json.dumps("Title " + " ".join(ATTACKS[:4]) + ATTACKS[7])}
outlet = {json.dumps(ATTACKS[2])}
perspective = "x\\" onclick=\\"window.hit=13"
provenance = "curated"
by = {json.dumps(ATTACKS[1])}
on = "2026-01-01"
"""


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    plain = "The zebra of Quarn is striped, and nobody in Quarn disputes the stripes of the zebra.\n"
    return serve({"sources.toml": LABELS, NAME: TEXT, "plain.txt": plain})


def _unharmed(page: Page) -> None:
    page.wait_for_timeout(400)  # what would load or run, would have by now
    assert page.evaluate("window.hit") is None
    assert page.locator("[src*='evil'], [href*='evil'], [poster], iframe").count() == 0
    assert page.locator(":is(#chat, .panel, .table-view, .side-card) img").count() == 0
    assert page.locator("#chat [style*='fixed'], :is(.panel, .table-view, .side-card) [style]").count() == 0


def test_hostile_passages_are_shown_and_do_nothing(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    answer = ask(page, "What does the zebra of Quarn say and eat?")
    quotes = answer.locator("blockquote").all_text_contents()
    assert any("<" in quote for quote in quotes)
    _unharmed(page)
    for chip in answer.locator("a.cite").all():
        chip.click()
        page.wait_for_function("href => location.hash === href", arg=chip.get_attribute("href"))
        assert shown(page) in quotes
        _unharmed(page)
    answer.locator("summary").first.click()
    _unharmed(page)


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
    _unharmed(page)
    assert table.locator("table").count() == 1
    assert any("<" in text or "$" in text for text in table.locator("a.cite").all_text_contents())
    if by == "Perspectives":
        expect(table.locator("thead")).to_contain_text("Side <img src=x onerror=window.hit=2>")
    for cell in table.locator("a.cite").all():
        cell.click()
        page.wait_for_function("href => location.hash === href", arg=cell.get_attribute("href"))
        assert shown(page) == cell.locator(".words").text_content()
        _unharmed(page)


def test_hostile_names_and_labels_are_shown_in_the_library_and_the_filters(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    expect(page.locator("#chosen")).to_contain_text("Side <img src=x onerror=window.hit=2>")
    _unharmed(page)
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#documents")).to_contain_text(NAME)
    expect(page.locator("#documents")).to_contain_text("Title <script>")
    _unharmed(page)


def test_a_hostile_question_is_shown_and_does_nothing(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    question = "zebra of Quarn " + " ".join(attack for attack in ATTACKS if "\n" not in attack)
    ask(page, question)
    expect(page.locator("#chat .user-row")).to_contain_text("<script>window.hit=1</script>")
    _unharmed(page)


def test_a_dropped_file_with_a_hostile_name_is_only_named(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    page.get_by_role("tab", name="Library").click()
    name = "<img src=x onerror=window.hit=15>${window.hit=16}"
    for ending in (".txt", ".png"):
        drop = {"name": name + ending, "mimeType": "text/plain", "buffer": b"The zebra sleeps."}
        page.locator("#drop input[type=file]").set_input_files([drop])  # type: ignore[list-item]
        expect(page.locator("#state")).to_contain_text(ending)
        _unharmed(page)
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
    _unharmed(page)


def test_every_response_carries_the_policy_and_strange_hosts_are_refused(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    response = page.request.get(served.url)
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert page.request.get(served.url, headers={"Host": "evil.example"}).status == 421
