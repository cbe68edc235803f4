"""Labels disputed on the page, and answers read blind. Run: python -m pytest tests/browser/test_labels.py"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect
from reading import Served, ask, shown

pytestmark = pytest.mark.browser

QUESTION = "What do the papers say about the harbour crane?"
ATTACK = '<img src=x onerror=window.hit=1><script>window.hit=2</script> ${window.hit=3} {{x}} "q"'
LABELS = f"""\
# Kept by Ines.
version = 1

[perspectives.dockers]
label = "Dockers"
description = {json.dumps("Those who work. " + ATTACK)}

[perspectives.owners]
label = {json.dumps("Owners " + ATTACK)}

[[source]]
match = "dockers.txt"
perspective = "dockers"   # beyond doubt
by = {json.dumps("Ines " + ATTACK)}
on = "2026-01-02"
quotes = ["must be mended before winter", {json.dumps("words that stand nowhere " + ATTACK)}]

[[source]]
match = "owners.txt"
perspective = "owners"
"""
TEXTS = {
    "dockers.txt": "The harbour crane must be mended before winter, say the dockers of Tarnby.\n",
    "owners.txt": "The harbour crane costs more than it ever earned, say the owners of Tarnby.\n",
    "fishers.txt": "The harbour crane blocks the fishing boats of Tarnby, say those who fish.\n",
    f"odd {ATTACK.replace('/', '')}.txt": "The harbour crane of Tarnby is a landmark, says a letter.\n",
}
GUESS = f"""\
version = 1
[[source]]
match = "fishers.txt"
sha256 = "{hashlib.sha256(TEXTS["fishers.txt"].encode()).hexdigest()}"
perspective = "owners"
provenance = "inferred"
margin = 0.31
quotes = ["blocks the fishing boats"]
"""


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(TEXTS | {"sources.toml": LABELS, "sources.suggested.toml": GUESS})


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def card(page: Page, name: str) -> Locator:
    found = page.locator("#cards .side-card", has=page.locator("h2", has_text=name))
    found.wait_for()
    return found


def row(within: Page | Locator, title: str) -> Locator:
    return within.locator("#cards .document" if isinstance(within, Page) else ".document", has_text=title)


def visible(page: Page) -> str:
    return page.locator("#work").inner_text()


def test_labels_are_disputed_where_they_stand_and_the_next_answer_follows(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    first = ask(page, QUESTION)
    expect(first).to_contain_text("label guessed by a machine, not confirmed")

    tab(page, "Perspectives")
    dockers = card(page, "Dockers")
    expect(dockers).to_contain_text("Those who work. " + ATTACK)
    given = row(dockers, "dockers.txt")
    expect(given).to_contain_text(f"label given by Ines {ATTACK}, 2026-01-02")
    expect(given.locator("figure").first).to_contain_text("must be mended before winter")
    expect(given.locator("figure").first).to_contain_text("line 1")
    expect(given.locator("figure.absent")).to_contain_text("these words do not stand in this document")
    expect(card(page, "1 document without a label")).to_contain_text(f"odd {ATTACK.replace('/', '')}.txt")

    # A guess is confirmed, under the reader's name.
    page.get_by_label("Your name").fill("Ada Quill")
    row(page, "fishers.txt").get_by_role("button", name="Confirm this label").click()
    expect(page.locator("#cards .outcome")).to_contain_text("1 label confirmed.")
    expect(row(page, "fishers.txt")).to_contain_text(f"label given by Ada Quill, {date.today().isoformat()}")

    # A document gets another label.
    row(page, "owners.txt").get_by_role("button", name="Change the label").click()
    form = row(page, "owners.txt").locator("form")
    form.get_by_label("Owners").uncheck()
    form.get_by_label("Dockers").check()
    form.get_by_role("button", name="Save").click()
    expect(row(card(page, "Dockers"), "owners.txt")).to_be_visible()

    # A perspective gets another name; one that cannot be used gets a sentence and keeps what was typed.
    card(page, "Dockers").get_by_role("button", name="Edit: Dockers").click()
    page.get_by_label("Name", exact=True).fill("Quay <b>people</b>")
    page.get_by_role("button", name="Save").click()
    expect(card(page, "Quay <b>people</b>")).to_be_visible()

    page.get_by_role("button", name="New perspective").click()
    page.get_by_label("Name", exact=True).fill("Quay <b>people</b>")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#cards .problem")).to_contain_text("another perspective is called")
    page.get_by_label("Name", exact=True).fill("Fishers")
    page.get_by_role("button", name="Save").click()
    expect(card(page, "Fishers")).to_contain_text("No document stands for it yet.")

    text = (served.corpus / "sources.toml").read_text("utf-8")
    assert text.startswith("# Kept by Ines.\n")
    assert 'perspective = "dockers"   # beyond doubt' in text
    assert tomllib.loads((served.corpus / "sources.suggested.toml").read_text("utf-8")) == {"version": 1}
    assert page.evaluate("window.hit") is None

    tab(page, "Ask")
    expect(page.locator("#chosen")).to_contain_text("Quay <b>people</b>")
    second = ask(page, QUESTION)
    expect(second).to_contain_text("Quay <b>people</b>")
    expect(second).not_to_contain_text("label guessed by a machine")
    assert page.evaluate("window.hit") is None


def test_who_reads_blind_meets_no_label_until_he_asks(served: Served, visit: Callable[..., Page]) -> None:
    (served.corpus / "sources.toml").write_text(LABELS, "utf-8")
    page = visit(served.url)
    expect(page.locator("#chosen")).to_contain_text("Dockers")
    page.get_by_label("Blind reading").check()
    expect(page.locator("#chosen")).to_be_hidden()

    answer = ask(page, QUESTION)
    chips = answer.locator("a.cite")
    assert sorted(chip.inner_text().strip() for chip in chips.all()) == ["1", "2", "3", "4"]
    assert page.locator("a.cite").first.evaluate("node => getComputedStyle(node).color") == "rgb(71, 85, 105)"
    chips.first.click()
    assert shown(page) in "".join(TEXTS.values())
    for told in ("Dockers", "Owners", "Ines", "Unlabelled", "◆", "●", "○", "guessed"):
        assert told not in visible(page)
    # A screen reader is told as little: what is hidden is not in the tree that it reads.
    assert "Dockers" not in page.locator("#work").aria_snapshot()
    answer.locator("summary").first.click()
    assert "Dockers" not in visible(page)

    answer.get_by_role("button", name="Show where these sources stand").click()
    expect(answer).to_contain_text("Dockers")
    assert "Dockers" in visible(page)
    expect(page.locator(".panel .badge")).to_be_visible()

    # The next question is read blind again, and so is the page when it is opened anew.
    ask(page, "Who says that the crane of Tarnby is a landmark?")
    assert "Dockers" not in visible(page)
    page.reload()
    page.locator("#box textarea").wait_for()
    expect(page.get_by_label("Blind reading")).to_be_checked()
    expect(page.locator("#chosen")).to_be_hidden()
    page.get_by_label("Blind reading").uncheck()
    expect(page.locator("#chosen")).to_contain_text("Dockers")
