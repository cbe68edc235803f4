"""Two corpora side by side in a real browser: asked, switched between, linked to, added to, and a third that is damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checks import violations
from playwright.sync_api import Page, expect
from reading import ask, shown
from test_shelf_page import library

from assistant import History, wiring
from assistant.settings import Settings
from index import LocalEmbedder, Store
from index.update import update
from tests.serving import Serving
from ui.app import build_all
from ui.corpora import Place

pytestmark = pytest.mark.browser

HARBOUR = "harbour & <img src=x onerror=alert(1)>"
TEXTS = {
    HARBOUR: "The crane of Marrowby must be mended before winter, the dockers write.\n",
    "council": "The bridge of Orrenmouth is painted green every spring, the council writes.\n",
}
ON_CRANE = "What must be mended in Marrowby?"
ON_BRIDGE = "What colour is the bridge of Orrenmouth?"


class Server:
    """The page over several corpora, which can be ended and started again at the same address."""

    def __init__(self, folders: list[Path]) -> None:
        self._folders, self._port = folders, 0
        self.start()

    def start(self, order: int = 1) -> None:
        self._corpora = wiring.corpora(self._folders[::order], Settings())
        places = [
            Place(one.assistant, History(one.assistant.reader.store.folder / "history.sqlite"), "", one.name, one.slug)
            for one in self._corpora.opened
        ]
        _, app = build_all(places, self._corpora.unopened, only_local=True)
        self._serving = Serving(app, self._port)
        self._port = self._serving.port

    def stop(self) -> None:
        self._serving.stop()
        for one in self._corpora.opened:
            one.assistant.close()

    @property
    def url(self) -> str:
        return self._serving.url


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    folders = [tmp_path / name for name in (*TEXTS, "torn")]
    for name, text in TEXTS.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text(text)
        update(tmp_path / name, Store(tmp_path / name / ".parallax"), LocalEmbedder())
    (tmp_path / "torn" / ".parallax").mkdir(parents=True)
    (tmp_path / "torn" / ".parallax" / "CURRENT").write_text("g000001\n")
    server = Server(folders)
    yield server
    server.stop()


def switch(page: Page, to: str) -> None:
    """By the control at the top, with the keyboard."""
    page.locator('#box [data-testid="submit-button"]').wait_for()
    page.locator("#corpora button").press("Enter")
    expect(page.locator("#corpora-list [aria-current]")).to_be_focused()  # moments after it is shown
    page.get_by_role("navigation", name="Corpus").get_by_role("link", name=to).press("Enter")
    page.locator("#corpora button").filter(has_text=to).wait_for()
    page.locator("#box textarea").wait_for()


def test_each_corpus_answers_from_its_own_documents_and_keeps_its_own_conversations(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    button = page.locator("#corpora button")
    expect(button).to_contain_text(HARBOUR)
    expect(button).to_contain_text("1 document")
    expect(ask(page, ON_CRANE)).to_contain_text("must be mended")
    expect(page.locator("#history .opens")).to_have_text([ON_CRANE])

    switch(page, "council")
    assert page.url.endswith("/corpus/council/")
    assert page.title() == "council · Parallax"
    expect(page.locator("#history .note")).to_have_text("Nothing was asked yet.")
    expect(page.get_by_test_id("answer-end")).to_have_count(0)
    expect(ask(page, ON_BRIDGE)).to_contain_text("painted green")
    expect(page.locator("#history .opens")).to_have_text([ON_BRIDGE])
    expect(ask(page, ON_CRANE)).not_to_contain_text("must be mended")

    switch(page, HARBOUR)
    expect(page.locator("#history .opens")).to_have_text([ON_CRANE])
    expect(page.get_by_test_id("answer-end")).to_have_count(1)  # where it was left


def test_a_link_to_a_passage_leads_to_its_corpus_after_a_restart_in_another_order(
    served: Server, visit: Callable[..., Page]
) -> None:
    page = visit(f"{served.url}/corpus/council/")
    ask(page, ON_BRIDGE).locator("a.cite").first.click()
    quote, link = shown(page), page.url
    assert "/corpus/council/#p/notes.txt/" in link
    page.goto("about:blank")
    served.stop()
    served.start(-1)
    page.goto(link)
    assert shown(page) == quote
    expect(page.locator("#corpora button")).to_contain_text("council")


def test_a_document_is_added_to_one_corpus_while_the_other_is_asked(
    served: Server, visit: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "windmill.txt").write_text("The windmill of Orrenmouth was sold in May, the miller writes.\n")
    council = visit(f"{served.url}/corpus/council/")
    harbour = visit(served.url)
    rows = library(council)
    council.locator("#drop input[type=file]").set_input_files(tmp_path / "windmill.txt")
    expect(council.locator("#state")).to_contain_text("+1 ~0 -0")
    council.get_by_role("button", name="Update the index").click()
    expect(ask(harbour, ON_CRANE)).to_contain_text("must be mended")
    expect(rows.filter(has_text="windmill")).to_contain_text("indexed")
    expect(council.locator("#corpora button")).to_contain_text("2 documents")
    council.get_by_role("tab", name="Ask").click()
    expect(ask(council, "Who sold the windmill of Orrenmouth?")).to_contain_text("sold in May")
    expect(ask(harbour, "Who sold the windmill of Orrenmouth?")).not_to_contain_text("sold in May")
    library(harbour)
    expect(harbour.locator("#documents tbody tr")).to_have_count(1)


def test_one_that_cannot_be_opened_is_listed_with_its_reason(served: Server, visit: Callable[..., Page]) -> None:
    page = visit(served.url, width=390, height=844, touch=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#corpora button").tap()
    listed = page.get_by_role("navigation", name="Corpus").get_by_role("listitem")
    expect(listed).to_have_count(3)
    expect(listed.nth(0).get_by_role("link")).to_be_focused()
    expect(listed.nth(0).get_by_role("link")).to_have_attribute("aria-current", "page")
    expect(listed.nth(2)).to_contain_text("torn")
    expect(listed.nth(2)).to_contain_text("is damaged: CURRENT names g000001")
    expect(listed.nth(2).get_by_role("link")).to_have_count(0)
    box = listed.nth(2).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    expect(listed.first).to_be_hidden()
    expect(page.locator("#corpora button")).to_be_focused()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_where_there_are_several(
    served: Server, visit: Callable[..., Page], width: int, dark: bool
) -> None:
    page = visit(served.url, width=width, height=800, dark=dark, touch=width < 500)
    page.locator("#chat .example, #chat .placeholder").first.wait_for()
    assert violations(page) == []
    page.locator("#corpora button").press("Enter")
    page.get_by_role("navigation", name="Corpus").wait_for()
    assert violations(page) == []
