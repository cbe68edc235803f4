"""Stretches of one voice, chosen as such. Run: python -m pytest tests/assistant/test_pieces.py"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import write

from assistant import Assistant
from assistant.answering.digest import Window, choose, only_asks
from index import Document, LocalEmbedder, Reader, Store
from index.update import update


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Why did the weir fall?", True),
        ("“Why did the weir fall?”", True),
        ("Why did it fall? And who pays for it?", True),
        ("Why did it fall? Nobody knows.", False),
        ("It fell. But why?", False),
        ("It fell!", False),
        ("It fell", False),
        ("", False),
    ],
)
def test_what_only_asks(text: str, asks: bool) -> None:
    assert only_asks(text) is asks


FILES = {
    "miller": "Why did the weir of Tolverne fall? Who let the weir of Tolverne fall, and why?\n",
    "mill": "The mill beside the river has stood there for ninety years and grinds barley.\n",
    "warden": "The weir of Tolverne fell because its posts had been eaten by worms, the warden Hob Pasco said on "
    "Friday. The parish wants it rebuilt of stone before the salmon come.\n",
    "owner": "“The weir of Tolverne fell because nobody looked after it for years,” said Ann Tregear. “The posts of "
    "the weir were never tarred and the worms had them.” She sells boats.\n",
}
WHY = "Why did the weir of Tolverne fall?"


@pytest.fixture(scope="module")
def weir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("weir")
    update(write(folder / "corpus", **FILES), Store(folder / "store"), LocalEmbedder())
    with Assistant(Reader(Store(folder / "store"), LocalEmbedder())) as assistant:
        yield assistant


def test_a_question_of_a_source_comes_behind_what_answers(weir: Assistant) -> None:
    first = weir.ask(WHY, citations=2).citations
    assert {entry.document.id for entry in first} == {"warden.txt", "owner.txt"}


def test_what_somebody_says_on_both_sides_of_a_tag_is_one_citation(weir: Assistant) -> None:
    quote = next(entry for entry in weir.ask(WHY).citations if entry.document.id == "owner.txt")
    assert quote.voice.speaker == "Ann Tregear"
    assert quote.quote.startswith("The weir of Tolverne fell")
    assert "never tarred" in quote.quote


def test_both_voices_of_a_window_may_be_cited_each_for_itself(weir: Assistant) -> None:
    voices = {entry.voice.speaker for entry in weir.ask(WHY).citations if entry.document.id == "warden.txt"}
    assert voices == {None, "Hob Pasco"}


def test_two_sides_may_say_the_same_words_and_one_side_says_them_once(tmp_path: Path) -> None:
    said = "The weir of Tolverne fell because its posts had been eaten by worms."
    windows = [Window(Document(f"{id}.txt", said, id * 64), 0, len(said), 0.8, 0.9) for id in "abc"]
    chosen = choose(windows, [("miller",), ("warden",), ("miller",)], 8, comparing=False)
    assert [window.document.id for window in chosen] == ["a.txt", "b.txt"]
