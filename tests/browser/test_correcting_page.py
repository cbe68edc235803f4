"""Labels and voices corrected beside the open text, and the window that grows, in a real browser."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from checks import violations
from playwright.sync_api import Locator, Page, expect
from reading import Served, ask, shown

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}"
LABELS = f"""version = 1
[perspectives.hives]
label = "Hive keepers {HOSTILE}"
[perspectives.roofs]
label = "Roof owners"
[[source]]
match = "bees*.txt"
outlet = "The Tarn Herald"
perspective = "hives"
by = "Ada Quill"
on = "2026-01-02"
"""
BEES = (
    "The bees of Tarn make bitter honey 🐝, and the mayor of Tarn keeps them on his roof.\n\n"
    "“The bees of Tarn are the pride of this town and of its honey,” said Maria Keller, who sells honey. "
    "A jar of honey from the bees of Tarn costs nine crowns 🐝. Nobody pays that much.\n\n"
    "Paul Renner said that the bees of Tarn had stung forty children since the spring.\n"
)
QUESTION = "What do the sources say about the bees of Tarn and their honey?"
# Ten times the window that is sent at first; a voice in each line.
LONG = "".join(
    f"Line {number} of the minutes of Wexmoor 🛥️. “We met on day {number},” said Clerk Number {number % 40}. It rained.\n"
    for number in range(3_000)
)
MIDDLE = "The zebrafish of Wexmoor glow in the dark, and nobody knows why.\n"
FILES = {
    "sources.toml": LABELS,
    "bees.txt": BEES,
    "bees2.txt": "A second article says that the bees of Tarn are loved for their honey.\n",
    "long.txt": LONG[: len(LONG) // 2] + "\n" + MIDDLE + LONG[len(LONG) // 2 :],
}
SMALL = {name: text for name, text in FILES.items() if name != "long.txt"}


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    return serve(SMALL)


@pytest.fixture(scope="module")
def endless(serve: Callable[..., Served]) -> Served:
    return serve(FILES)


def opened(page: Page) -> str:
    ask(page, QUESTION)
    page.locator('a.cite[href^="#p/bees.txt/"]').first.click()
    return shown(page)


def voices(served: Served) -> list[dict[str, Any]]:
    entries = tomllib.loads((served.corpus / "sources.toml").read_text())["source"]
    return [voice for entry in entries for voice in entry.get("voice", ())]


def outcome(page: Page) -> Locator:
    return page.locator(".panel details[open] .outcome")


def select(page: Page, words: str) -> None:
    """Drag the mouse over words of the open text."""
    ends = page.get_by_test_id("passage").evaluate(
        """(box, words) => {
          const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
          const nodes = [];
          for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
          const whole = nodes.map((node) => node.data).join('');
          const point = (place, end) => {
            for (const node of nodes) {
              if (place < node.data.length || (end && place === node.data.length)) {
                const range = document.createRange();
                range.setStart(node, end ? place - 1 : place);
                range.setEnd(node, end ? place : place + 1);
                const there = range.getBoundingClientRect();
                return [end ? there.right : there.left + 0.5, there.top + there.height / 2];
              }
              place -= node.data.length;
            }
          };
          const at = whole.indexOf(words);
          return [point(at, false), point(at + words.length, true)];
        }""",
        words,
    )
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.mouse.move(*ends[1], steps=6)
    page.mouse.up()


def test_a_label_is_corrected_beside_the_text_and_taken_back(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    quote = opened(page)
    dated, chips = page.locator("#chat .of-before"), page.locator("#chat a.cite")
    expect(dated).to_be_hidden()
    page.get_by_text("Wrong label?").press("Enter")
    form = page.locator(".panel .relabel")
    expect(form.get_by_label(re.compile("Hive keepers"))).to_be_checked()
    expect(form).to_contain_text("And the 1 other document of The Tarn Herald that stands where this one does")
    assert violations(page) == []
    form.get_by_label(re.compile("Hive keepers")).uncheck()
    form.get_by_label("Roof owners").check()
    form.get_by_label("Your name, to stand beside it").fill(f"Ines {HOSTILE}")
    page.keyboard.press("Enter")
    expect(outcome(page)).to_contain_text("This document stands for Roof owners now.")
    expect(outcome(page)).to_contain_text("the next one follows")
    expect(outcome(page)).to_contain_text(
        "Undo until your labels file changes again, or Parallax or this panel is closed"
    )
    expect(page.locator(".panel .badge")).to_contain_text("Roof owners")
    expect(page.locator(".panel .label")).to_contain_text(f"label given by Ines {HOSTILE}")
    assert shown(page) == quote
    entry = tomllib.loads((served.corpus / "sources.toml").read_text())["source"][-1]
    assert (entry["match"], entry["perspective"], entry["by"]) == ("bees.txt", "roofs", f"Ines {HOSTILE}")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry["on"])
    assert violations(page) == []
    expect(dated).to_be_visible()
    expect(dated).to_contain_text("Labels have changed since. This answer shows those that it was given with.")
    expect(chips.filter(has_text="Hive keepers")).to_have_count(chips.count())
    outcome(page).get_by_role("button", name="Undo").press("Enter")
    expect(outcome(page)).to_contain_text("Taken back")
    expect(dated).to_be_hidden()
    expect(page.locator(".panel .badge")).to_contain_text("Hive keepers")
    assert (served.corpus / "sources.toml").read_text() == LABELS


def test_the_label_of_an_outlet_is_corrected_where_that_is_asked_for(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    opened(page)
    page.get_by_text("Wrong label?").press("Enter")
    form = page.locator(".panel .relabel")
    form.get_by_label(re.compile("Hive keepers")).uncheck()
    form.get_by_label("Roof owners").check()
    form.get_by_label(re.compile("And the 1 other document")).check()
    form.get_by_role("button", name="Save").click()
    expect(outcome(page)).to_contain_text("stands for Roof owners now")
    dated = page.locator("#chat .of-before")
    dated.get_by_role("button", name="Ask again with those of now").press("Enter")
    expect(page.locator("#chat a.cite", has_text="Roof owners").first).to_be_visible()
    expect(dated).to_be_hidden()
    expect(page.locator("#chat .user-row")).to_have_count(1)
    answer = ask(page, "Who loves the bees of Tarn for their honey?")
    expect(answer.locator("a.cite", has_text="Roof owners").first).to_be_visible()
    expect(answer.locator("a.cite", has_text="Hive keepers")).to_have_count(0)


def test_a_label_that_cannot_be_written_is_told_in_a_sentence(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    opened(page)
    page.get_by_text("Wrong label?").press("Enter")
    expect(page.locator(".panel .relabel fieldset").first).to_be_visible()
    (served.corpus / "sources.toml").write_text("version = [")
    page.locator(".panel .relabel").get_by_role("button", name="Save").click()
    expect(outcome(page)).to_contain_text("sources.toml: it is not valid TOML")
    assert (served.corpus / "sources.toml").read_text() == "version = ["


def test_the_speaker_of_the_quote_is_corrected_and_taken_back(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    quote = opened(page)
    page.get_by_text("Wrong speaker?").press("Enter")
    form = page.locator(".panel .fix")
    expect(form.locator(".target")).to_have_text(quote)
    assert violations(page) == []
    form.get_by_role("button", name="Save").click()
    expect(outcome(page)).to_contain_text("Name who speaks")
    form.get_by_label("Your name, to stand beside it").fill("Ines")
    form.get_by_label("Name of the speaker").fill(f"Anna {HOSTILE}")
    page.keyboard.press("Enter")
    expect(outcome(page)).to_contain_text(f"Who speaks in these words now: Anna {HOSTILE}, quoted in")
    expect(page.locator(".panel p.voice")).to_contain_text(f"Anna {HOSTILE}, quoted")
    assert shown(page) == quote
    (voice,) = voices(served)
    assert (voice["speaker"], voice["by"]) == (f"Anna {HOSTILE}", "Ines")
    form.get_by_label("The author", exact=True).check()
    expect(form.get_by_label("Name of the speaker")).to_be_hidden()
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".panel p.voice")).to_have_text("the author")
    outcome(page).get_by_role("button", name="Undo").click()
    expect(page.locator(".panel p.voice")).to_contain_text("Anna")


def test_any_selected_words_are_given_to_somebody(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    opened(page)
    words = "costs nine crowns 🐝. Nobody pays that much."
    select(page, words)
    page.get_by_text("Wrong speaker?").click()
    form = page.locator(".panel .fix")
    expect(form.locator(".target")).to_have_text(words)
    assert page.evaluate("[...CSS.highlights.get('target')][0].toString()") == words
    form.get_by_label("Name of the speaker").fill("Bo Holm")
    form.get_by_label("as reported").check()
    form.get_by_role("button", name="Save").click()
    expect(outcome(page)).to_contain_text("Who speaks in these words now: Bo Holm, as reported in")
    (voice,) = voices(served)
    assert (voice["quote"], voice["speaker"], voice["kind"]) == (words, "Bo Holm", "indirect")
    expect(page.get_by_test_id("passage").locator('.said[data-who="Bo Holm, as reported"]').first).to_be_visible()
    assert page.get_by_test_id("passage").text_content() == BEES
    select(page, "Nobody pays that much.\n\nPaul Renner said")
    expect(form.locator(".target")).to_contain_text("Paul Renner said")
    form.get_by_label("It cannot be told").check()
    form.get_by_role("button", name="Save").click()
    expect(outcome(page)).to_contain_text("run over the end of others that were corrected before")
    assert len(voices(served)) == 1


def test_by_keyboard_alone_sentences_are_chosen_and_given(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    opened(page)
    page.get_by_text("Wrong speaker?").press("Enter")
    target = page.locator(".panel .fix .target")
    page.get_by_test_id("passage").focus()
    for key, expected in (
        ("ArrowUp", "The bees of Tarn make bitter honey 🐝, and the mayor of Tarn keeps them on his roof."),
        (
            "ArrowDown",
            "“The bees of Tarn are the pride of this town and of its honey,” said Maria Keller, who sells honey.",
        ),
        ("ArrowDown", "A jar of honey from the bees of Tarn costs nine crowns 🐝."),
        ("ArrowRight", "A jar of honey from the bees of Tarn costs nine crowns 🐝. Nobody pays that much."),
        ("ArrowLeft", "A jar of honey from the bees of Tarn costs nine crowns 🐝."),
    ):
        while key == "ArrowUp" and target.text_content() != expected:
            before = target.text_content() or ""
            page.keyboard.press("Shift+ArrowUp")
            expect(target).not_to_have_text(before)
        if key != "ArrowUp":
            page.keyboard.press(f"Shift+{key}")
        expect(target).to_have_text(expected)
    page.get_by_role("button", name="Next sentence").press("Enter")
    expect(target).to_have_text("Nobody pays that much.")
    page.get_by_label("It cannot be told").focus()
    page.keyboard.press("Space")
    page.locator(".panel .fix").get_by_role("button", name="Save").press("Enter")
    expect(outcome(page)).to_contain_text("Who speaks in these words now: voice unclear")
    (voice,) = voices(served)
    assert (voice["quote"], "speaker" in voice) == ("Nobody pays that much.", False)
    expect(page.locator(".panel .fix summary")).to_be_focused()


def test_only_one_of_the_forms_stands_open_and_all_of_it_can_be_reached(
    served: Served, visit: Callable[..., Page]
) -> None:
    for width, height in ((1440, 900), (390, 844)):
        page = visit(served.url, width=width, height=height)
        opened(page)
        for name in ("Wrong label?", "Wrong speaker?"):
            page.get_by_text(name).press("Enter")
            expect(page.locator(".panel details[open]")).to_have_count(1)
            save = page.locator(".panel details[open]").get_by_role("button", name="Save")
            save.scroll_into_view_if_needed()
            assert save.evaluate(
                """node => { const place = node.getBoundingClientRect();
                  return node.contains(document.elementFromPoint(place.left + 5, place.top + 5)); }"""
            )
            assert violations(page) == []
        for _ in range(40):  # in the sheet, the keyboard stays among them
            page.keyboard.press("Tab")
            assert width > 1000 or page.evaluate("document.querySelector('.panel').contains(document.activeElement)")


def test_why_nobody_is_named_in_a_file_that_has_changed_and_the_index_follows_from_there(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    quote = opened(page)
    (served.corpus / "bees.txt").write_text("A line that is new and comes first.\n\n" + BEES)
    page.reload()
    note = page.locator(".panel .stale")
    expect(note).to_contain_text("The file is newer than the index.")
    expect(page.locator(".panel .fix")).to_have_count(0)
    assert violations(page) == []
    note.get_by_role("button", name="Update the index now").press("Enter")
    expect(note).to_have_count(0)
    expect(page.locator(".panel .fix")).to_have_count(1)
    expect(page.get_by_test_id("passage").locator(".said").first).to_be_visible()
    assert shown(page) == quote


def test_a_long_text_grows_at_both_ends_and_what_is_read_stays_where_it_is(
    endless: Served, visit: Callable[..., Page]
) -> None:
    page = visit(endless.url)
    asked = [0]
    page.on(
        "request", lambda request: asked.__setitem__(0, asked[0] + ('"fn_name":"more"' in (request.post_data or "")))
    )
    ask(page, "What glows in the dark in Wexmoor?")
    page.locator("a.cite").first.click()
    shown(page)
    passage = page.get_by_test_id("passage")
    first = passage.evaluate("box => box.textContent.length")
    assert first < 60_000
    page.wait_for_timeout(500)
    assert asked[0] == 0  # nothing is fetched before it is wanted
    moved = passage.evaluate(
        """async (box) => {
          const moved = [];
          for (const back of [true, true, false]) {
            const before = box.textContent.length;
            box.scrollTop = back ? 60 : box.scrollHeight;
            await new Promise(requestAnimationFrame);
            const there = box.getBoundingClientRect();
            const seen = [...box.querySelectorAll('.said')].find((node) => node.getBoundingClientRect().top > there.top + 40);
            const part = back ? seen : [...box.querySelectorAll('.said')].at(-1);
            const top = part.getBoundingClientRect().top;
            const until = performance.now() + 30000;
            while (box.textContent.length === before) {
              if (performance.now() > until) throw new Error("the text does not grow");
              await new Promise((done) => setTimeout(done, 5));
            }
            moved.push(Math.abs(part.getBoundingClientRect().top - top));
          }
          return moved;
        }"""
    )
    assert max(moved) < 2
    assert 3 <= asked[0] <= 6
    whole = passage.evaluate(
        "box => [...box.children].filter((node) => node.tagName !== 'BUTTON').map((node) => node.textContent).join('')"
    )
    assert whole in FILES["long.txt"]
    assert len(whole) < first + 6 * 20_000
    page.get_by_role("button", name="Show earlier text").press("Enter")
    expect(page.get_by_role("button", name="Show earlier text")).to_be_focused()
    assert violations(page) == []


def test_words_far_from_the_quote_of_a_long_text_are_corrected_where_they_stand(
    endless: Served, visit: Callable[..., Page]
) -> None:
    page = visit(endless.url)
    ask(page, "What glows in the dark in Wexmoor?")
    page.locator("a.cite").first.click()
    shown(page)
    passage = page.get_by_test_id("passage")
    before = passage.evaluate("box => { box.scrollTop = box.scrollHeight; return box.textContent.length; }")
    page.wait_for_function(
        "before => document.querySelector('[data-testid=passage]').textContent.length > before", arg=before
    )
    number = passage.evaluate(
        """box => { box.scrollTop = box.scrollHeight - 2000;
          return box.querySelector('div:last-of-type').textContent.match(/Line (\\d+) of/)[1]; }"""
    )
    page.get_by_text("Wrong speaker?").press("Enter")
    line = f"Line {number} of the minutes of Wexmoor 🛥️."
    passage.evaluate(
        "(box, words) => [...box.querySelectorAll('span')].find((node) => node.textContent.includes(words)).scrollIntoView({ block: 'center' })",
        line,
    )
    select(page, line)
    form = page.locator(".panel .fix")
    expect(form.locator(".target")).to_have_text(line)
    form.get_by_label("Name of the speaker").fill("Bo Holm")
    page.keyboard.press("Enter")
    expect(outcome(page)).to_contain_text("Who speaks in these words now: Bo Holm, quoted in long.txt")
    expect(page.get_by_test_id("passage").locator('.said[data-who="Bo Holm, quoted"]')).to_be_in_viewport()
