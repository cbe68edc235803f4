"""One afternoon with the sample, from the index to the export, through the command as its users run it.

Each step has tests of its own elsewhere; here they follow one another, on one page and one store.
Run: python -m pytest tests/browser/test_whole_way.py
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from reading import ask, shown

from tests.command import parallax, started

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "index" / "sample"
QUESTION = "How long did the ambulance wait at the bollards?"
FOLLOW_UP = "And who is to blame for it?"
HOSTILE = "<img src=x onerror=window.hit=1> ${window.hit=2} {{x}}"
ADDED = f"""{HOSTILE}

The swans of Orrenmouth were counted in March, and there were two hundred and six swans, the harbour master wrote.
“Nobody counts swans as I do,” said Perpetua Lundqvist {HOSTILE}. ![swan](http://evil.example/swan.png)
"""


class Afternoon:
    """The sample in a folder of its own, and the command over it, which can be ended and started again."""

    def __init__(self, home: Path) -> None:
        self.home, self.corpus = home, home / "corpus"
        shutil.copytree(SAMPLE, self.corpus, ignore=shutil.ignore_patterns("*.py", "__pycache__", ".parallax"))
        self._running: subprocess.Popen[str] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    def start(self, **environment: str) -> str:
        """Open the chat; returns its address, the same each time."""
        self._running = started("chat", "--port", self._port, home=self.home, **environment)
        assert self._running.stdout
        told = (re.match(r"Parallax is at (\S+)", line) for line in self._running.stdout)
        return next(found for found in told if found)[1]

    def stop(self) -> None:
        if self._running:
            self._running.send_signal(signal.SIGINT)
            _, errors = self._running.communicate(timeout=60)
            assert "Traceback" not in errors, errors
            self._running = None


@pytest.fixture
def afternoon(tmp_path: Path) -> Iterator[Afternoon]:
    afternoon = Afternoon(tmp_path)
    yield afternoon
    afternoon.stop()


def tab(page: Page, name: str) -> None:
    found = page.get_by_role("tab", name=name, exact=True)
    if not found.is_visible():  # on a phone the tabs that have no room stand behind a button
        page.get_by_role("button", name="More tabs").click()
        found = page.locator("#tabs .overflow-dropdown").get_by_text(name, exact=True)
    found.click()


def left(page: Page) -> None:
    """Leave the page: one that stays open would log that its server is gone."""
    page.locator('#box [data-testid="submit-button"]').wait_for()
    page.goto("about:blank")


def come(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("#box textarea").wait_for()


def documents(page: Page) -> Locator:
    tab(page, "Library")
    page.locator("#documents table").wait_for()
    return page.locator("#documents tbody tr")


def test_an_afternoon_with_the_sample(afternoon: Afternoon, visit: Callable[..., Page]) -> None:
    # Index the sample, open the page.
    parallax("index", afternoon.corpus, home=afternoon.home)
    url = afternoon.start()
    page = visit(url)

    # Ask; every side that knows something is there, and the quotes are checked.
    answer = ask(page, QUESTION)
    expect(answer).to_contain_text("No text was generated")
    chips = answer.locator("a.cite")
    sides = {"Quay traders", "Residents’ campaign", "Town administration"}
    assert all(chips.filter(has_text=side).count() for side in sides)
    assert all(re.match(r"\d+", chip.inner_text().strip()) for chip in chips.all())

    # Read: the open document marks exactly the quote.
    chips.first.click()
    quote = shown(page)
    name = page.evaluate("decodeURIComponent(location.hash.split('/')[1])")
    assert quote in parallax("text", name, home=afternoon.home).stdout
    page.keyboard.press("Escape")
    expect(chips.first).to_be_focused()

    # Follow up, in words that lean on the question before.
    second = ask(page, FOLLOW_UP)
    expect(second.locator("a.cite").first).to_be_visible()
    expect(second).to_contain_text("We do not blame the software.")

    # Filter: only the residents' words.
    others = page.locator("#chosen label", has_not_text="Residents’ campaign").locator("input[type=checkbox]")
    for box in others.all():
        box.uncheck()
    only = ask(page, QUESTION).locator("a.cite")
    assert only.count() == only.filter(has_text="Residents’ campaign").count() >= 1
    for box in others.all():
        box.check()

    # Filter: only what was published in June.
    page.get_by_label("Published from").fill("2025-06")
    page.get_by_label("Published until").fill("2025-06")
    page.get_by_label("Published until").press("Tab")
    june = ask(page, QUESTION)
    expect(june).to_contain_text("Eleven minutes at the bollards")
    assert june.locator("a.cite").count() == june.locator("a.cite", has_text="Quay traders").count()
    page.get_by_role("button", name="Clear all filters").click()

    # The same answer as a table; a quote of it opens.
    ask(page, QUESTION).get_by_role("link", name="Compare side by side").click()
    table = page.locator("#table")
    table.locator("table").wait_for()
    expect(table.get_by_role("columnheader").filter(has_text="Quay traders")).to_be_visible()
    table.locator("a.cite").first.click()
    assert len(shown(page)) > 10
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    # A voice and a label are corrected where they are read, and the next answer follows.
    page.locator("#chat .answer").last.locator("a.cite", has_text="Quay traders").first.click()
    quote = shown(page)
    page.get_by_text("Wrong speaker?").click()
    page.locator(".panel .fix").get_by_label("Your name, to stand beside it").fill("Ines")
    page.locator(".panel .fix").get_by_label("Name of the speaker").fill(f"Anna {HOSTILE}")
    page.keyboard.press("Enter")
    expect(page.locator(".panel p.voice")).to_contain_text(f"Anna {HOSTILE}")
    page.get_by_text("Wrong speaker?").click()
    page.get_by_text("Wrong label?").click()
    form = page.locator(".panel .relabel")
    form.get_by_label(re.compile("Quay traders")).uncheck()
    form.get_by_label(re.compile("Local press")).check()
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".panel .badge")).to_contain_text("Local press")
    assert shown(page) == quote
    kept = tomllib.loads((afternoon.corpus / "sources.toml").read_text("utf-8"))["source"]
    assert any(one["perspective"] == "local-press" and one["by"] == "Ines" for one in kept)
    assert any(HOSTILE in voice["speaker"] for one in kept for voice in one.get("voice", ()))
    page.keyboard.press("Escape")
    corrected = ask(page, QUESTION)
    expect(corrected).to_contain_text(f"Anna {HOSTILE}")
    expect(corrected.locator("a.cite", has_text="Local press").first).to_be_visible()

    # A document is added, and questions are answered meanwhile.
    rows = documents(page)
    file = afternoon.home / f"{HOSTILE.replace('/', '')}.txt"
    file.write_text(ADDED)
    other = visit(url)
    page.locator("#library-files input[type=file], input[type=file]").first.set_input_files(file)
    page.get_by_role("button", name="Update the index").click()
    expect(ask(other, QUESTION).locator("a.cite").first).to_be_visible()
    expect(page.locator("#state")).to_contain_text("Done in")
    expect(rows.filter(has_text="onerror")).to_contain_text("indexed")
    tab(page, "Ask")
    swans = ask(page, "How many swans were counted in Orrenmouth?")
    expect(swans).to_contain_text("two hundred and six swans")
    swans.locator("a.cite").first.click()
    expect(page.locator(".panel")).to_contain_text("onerror")
    assert page.evaluate("window.hit") is None
    page.keyboard.press("Escape")

    # Export, verify.
    for ending in ("Markdown", "HTML", "bundle"):
        with page.expect_download() as given:
            swans.locator(".save").get_by_role("button", name=re.compile(ending)).click()
        saved = afternoon.home / given.value.suggested_filename
        given.value.save_as(saved)
        parallax("verify", saved, home=afternoon.home)
        parallax("verify", saved, "--against", afternoon.corpus, home=afternoon.home)

    # Restart: the conversation is still there, its quotes are checked again, a link still leads to its passage.
    href = swans.locator("a.cite").first.get_attribute("href")
    count = page.get_by_test_id("answer-end").count()
    left(page)
    left(other)
    afternoon.stop()
    afternoon.start()
    come(page, url)
    expect(page.get_by_test_id("answer-end")).to_have_count(count)
    expect(page.locator("#chat .saved").last).to_contain_text("checked again now")
    come(page, f"{url}/{href}")
    assert "swans" in shown(page)

    # A phone, in the dark, by keyboard alone.
    left(page)
    phone = visit(url, width=390, height=844, dark=True, touch=True)
    phone.locator("#box textarea").focus()
    phone.keyboard.type(QUESTION)
    phone.keyboard.press("Enter")
    phone.get_by_test_id("answer-end").wait_for()
    for _ in range(60):
        if phone.evaluate("document.activeElement.matches('#chat a.cite')"):
            break
        phone.keyboard.press("Shift+Tab")
    phone.keyboard.press("Enter")
    assert len(shown(phone)) > 10
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.keyboard.press("Escape")
    assert phone.evaluate("document.activeElement.matches('#chat a.cite')")

    # The model is down: the answer is a digest, with the reason in one sentence.
    left(phone)
    afternoon.stop()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        gone = closed.getsockname()[1]
    afternoon.start(OPENAI_BASE_URL=f"http://127.0.0.1:{gone}/v1", PARALLAX_MODEL="small", OPENAI_API_KEY="")
    come(page, url)
    expect(page.get_by_test_id("answer-end")).to_have_count(count)  # before it is there, it would come after the press
    page.get_by_role("button", name="New question").click()
    expect(page.get_by_test_id("answer-end")).to_have_count(0)
    down = ask(page, QUESTION)
    expect(down).to_contain_text("could not be reached")
    expect(down.locator("a.cite").first).to_be_visible()
    told = json.loads(parallax("status", "--json", home=afternoon.home).stdout)
    assert len(told["documents"]) == 9
    left(page)
