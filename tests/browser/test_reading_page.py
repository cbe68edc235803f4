"""Reading a document around a quote: who speaks, what else is cited, and the ways on from there, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from reading import Served, ask, shown

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}"
LABELS = f"""version = 1
[perspectives.hives]
label = "Hive keepers"
description = "Want bees on every roof. {HOSTILE}"
[[source]]
match = "bees.txt"
title = "Bees {HOSTILE}"
published = "2025-05-06"
perspective = "hives"
provenance = "curated"
by = "Ada Quill"
on = "2026-01-02"
quotes = ["The bees of Tarn make bitter honey", "words that stand nowhere {HOSTILE}"]
"""
BEES = (
    "The bees of Tarn make bitter honey, and the mayor of Tarn keeps them on his roof.\n\n"
    "“The bees of Tarn are the pride of this town and of its honey,” said Maria Keller, who sells honey. "
    f"A jar of honey from the bees of Tarn costs nine crowns 🐝. {HOSTILE}\n\n"
    "Paul Renner said that the bees of Tarn had stung forty children since the spring, and that honey is no excuse.\n"
)
OTHER = "The town of Orre has no bees. It buys honey from the bees of Tarn, for ten crowns a jar.\n"
FILES = {"sources.toml": LABELS, "bees.txt": BEES, "orre.txt": OTHER}
QUESTION = "What do the sources say about the bees of Tarn and their honey?"


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES)


def _opened(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("a.cite", has_text="Hive keepers").first.click()
    shown(page)


def test_all_voices_are_named_in_words_and_the_text_stays_the_documents(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    _opened(page)
    passage = page.get_by_test_id("passage")
    names = passage.locator(".said.starts").evaluate_all("nodes => nodes.map((node) => node.dataset.who)")
    assert {"Maria Keller, quoted", "Paul Renner, as reported"} <= set(names)
    first = passage.locator(".said.starts").first
    assert "attr(data-who)" in first.evaluate("node => getComputedStyle(node, '::before').content") or first.evaluate(
        "node => getComputedStyle(node, '::before').content.includes(node.dataset.who)"
    )
    assert "Maria Keller, quoted" in page.locator(".panel").aria_snapshot()
    assert passage.text_content() == served.assistant.corpus.document("bees.txt")[0].text
    expect(page.locator(".panel")).to_contain_text("2025-05-06")


def test_the_other_citations_of_the_answer_are_marked_and_open(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    _opened(page)
    quote = shown(page)
    also = page.get_by_test_id("passage").locator(".also").first
    expect(also).to_have_attribute("title", "Passage 2 of this answer, cited here as well")
    href = also.get_attribute("data-href")
    also.press("Enter")
    expect(page.locator(f'#chat a.cite[href="{href}"]').first).to_have_attribute("aria-current", "true")
    page.wait_for_function("href => location.hash === href", arg=href)
    assert shown(page) != quote
    expect(page.locator("mark")).to_have_count(1)


def test_arrow_keys_walk_through_the_citations(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    _opened(page)
    place = page.locator(".panel .place")
    many = (place.text_content() or "").partition("/")[2]
    expect(place).to_have_text(f"1/{many}")
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text(f"2/{many}")
    page.keyboard.press("ArrowLeft")
    expect(place).to_have_text(f"1/{many}")
    page.locator("#box textarea").focus()
    page.keyboard.press("ArrowRight")  # moves the cursor there
    page.wait_for_timeout(200)
    expect(place).to_have_text(f"1/{many}")


def test_why_a_document_is_labelled_so_can_be_opened(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    _opened(page)
    page.get_by_text("Why is this labelled so?").press("Enter")
    reasons = page.locator(".panel .reasons")
    expect(reasons).to_contain_text("Want bees on every roof.")
    expect(reasons).to_contain_text("label given by Ada Quill, 2026-01-02. It rests on these words:")
    expect(reasons).to_contain_text("The bees of Tarn make bitter honey line 1")
    expect(reasons.locator(".absent")).to_contain_text("these words do not stand in this document")
    page.locator("#blind input").check()
    expect(reasons).to_be_hidden()


def test_a_sheet_leaves_nothing_behind_it_to_the_keyboard_and_escape_gives_the_chip_back(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url, width=390, height=844)
    ask(page, QUESTION)
    chip = page.locator("a.cite").first
    chip.press("Enter")
    shown(page)
    panel = page.get_by_role("dialog", name="Passage and sources")
    expect(panel).to_have_attribute("aria-modal", "true")
    assert page.evaluate("['talk', 'side'].every((id) => document.getElementById(id).closest('[inert]'))")
    page.evaluate("document.querySelector('#box textarea').focus()")
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA"
    stops = set[str]()
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('.panel').contains(document.activeElement)")
        stops.add(page.evaluate("document.activeElement.textContent"))
    assert {"Copy link", "✕", "Why is this labelled so?", "Wrong label?", "Wrong speaker?"} <= stops
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.querySelector('.panel').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(chip).to_be_focused()
    expect(page.locator("[inert]")).to_have_count(0)


def test_a_wide_page_stays_usable_beside_an_open_passage(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url, width=390, height=844)
    _opened(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator("[inert]")).to_have_count(0)
    expect(page.get_by_role("complementary", name="Passage and sources")).to_be_visible()


def test_a_quote_is_copied_with_its_citation_and_the_link_opens_it_again(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _opened(page)
    quote = shown(page)
    page.get_by_role("button", name="Copy quote").click()
    expect(page.locator(".panel .tools")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“{quote}” — Maria Keller, quoted, “Bees {HOSTILE}”, 2025-05-06, line 3 of bees.txt")
    assert copied.endswith("[◆ Hive keepers]")
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('http')")
    other = visit(page.evaluate("navigator.clipboard.readText()"))
    assert shown(other) == quote


def test_where_the_page_may_not_copy_the_text_is_there_to_be_copied(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    _opened(page)
    page.get_by_role("button", name="Copy quote").click()
    expect(page.locator(".panel .tools textarea")).to_have_value(re.compile("line 3 of bees.txt"))


def test_a_link_opens_its_passage_at_another_server_and_says_so_if_the_text_is_another(
    served: Served, serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    _opened(page)
    quote, href = shown(page), page.evaluate("location.hash")
    again = serve(FILES)
    other = visit(f"{again.url}/{href}")
    assert shown(other) == quote
    changed = serve({**FILES, "bees.txt": BEES.replace("pride of this town", "shame of this town")})
    other = visit(f"{changed.url}/{href}")
    expect(other.locator(".panel .note")).to_have_text(
        "This quote no longer stands in this document, which has changed since it was cited."
    )
    expect(other.locator("mark")).to_have_count(0)


def test_pointing_at_a_chip_shows_its_quote_which_stays_while_it_is_pointed_at(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    chip = page.locator("a.cite", has_text="Hive keepers").first
    chip.hover()
    card = page.get_by_role("tooltip")
    expect(card).to_contain_text("The bees of Tarn are the pride of this town")
    expect(card).to_contain_text(f"Maria Keller, quoted in Bees {HOSTILE}")
    expect(chip).to_have_attribute("aria-describedby", "preview")
    card.hover()
    page.wait_for_timeout(600)  # longer than it waits before it goes
    expect(card).to_be_visible()
    page.locator("#brand").hover()
    expect(card).to_be_hidden()
    chip.hover()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(chip).to_have_attribute("title", re.compile("Maria Keller"))


def test_the_preview_comes_by_keyboard_and_escape_takes_it_away_before_all_else(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    chips = page.locator("a.cite")
    chips.nth(0).press("Enter")
    quote = shown(page)
    chips.nth(0).focus()
    page.keyboard.press("Tab")
    expect(chips.nth(1)).to_be_focused()
    card = page.get_by_role("tooltip")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert shown(page) == quote
    chips.nth(1).press("Enter")
    expect(page.locator(".panel .place")).to_contain_text("2/")
    expect(card).to_be_hidden()
    page.keyboard.press("Escape")
    expect(chips.nth(1)).to_be_focused()
    page.wait_for_timeout(600)
    expect(card).to_be_hidden()


def test_on_a_phone_the_way_to_the_card_of_a_label_is_the_same(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url, width=390, height=844)
    _opened(page)
    page.get_by_text("Wrong label?").press("Enter")
    page.get_by_role("button", name="See all labels").press("Enter")
    expect(page.locator("#cards")).to_be_visible()
    expect(page.locator("[inert]")).to_have_count(0)


def test_a_preview_comes_wherever_a_quote_is_cited(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    card = page.get_by_role("tooltip")
    for link in (
        page.locator(".panel a.jump").first,
        page.locator("#chat a.cite").first,
    ):
        link.hover()
        expect(card.locator("blockquote")).to_contain_text("honey")
        expect(card.locator(".who")).to_contain_text("◆ Hive keepers")
        page.locator("#brand").hover()
        expect(card).to_be_hidden()
    page.locator("a.cite", has_text="Hive keepers").first.click()
    shown(page)
    page.get_by_test_id("passage").locator(".also").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(card.locator("blockquote")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Compare side by side").click()
    page.locator("#table a.cite").first.hover()
    expect(card.locator(".voice")).to_be_visible()
    page.locator("#brand").hover()
    page.get_by_role("tab", name="Perspectives").click()
    page.locator("#cards a.near").first.hover()
    expect(card).to_contain_text("The bees of Tarn make bitter honey")
    expect(card).to_contain_text(f"Bees {HOSTILE}")


def test_on_a_phone_the_drawer_gives_way_to_a_passage_and_to_a_new_question(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url, width=390, height=844)
    ask(page, QUESTION)
    drawer, button = page.locator("#side"), page.get_by_role("button", name="Filters", exact=True)
    button.click()
    expect(drawer).to_be_visible()
    page.evaluate("location.hash = document.querySelector('#chat a.cite').getAttribute('href')")
    shown(page)
    expect(drawer).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    button.click()
    expect(drawer).to_be_visible()
    page.get_by_role("button", name="New question").click()
    expect(drawer).to_be_hidden()
