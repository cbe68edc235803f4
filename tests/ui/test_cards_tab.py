"""Requests to the Perspectives tab in, data out; also from callers who mean no good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant
from index import Reader, Store
from index.update import update
from ui import words
from ui.labels import Labelling
from ui.links import read_link

LABELS = """\
version = 1
[perspectives.dockers]
label = "Dockers"
[[source]]
match = "dockers.txt"
perspective = "dockers"
by = "Ines"
quotes = ["The crane must be mended", "not in it"]
"""
CLAIMER = "---\nperspective: dockers\n---\nThe crane should be sold for scrap, somebody writes in the harbour.\n"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("tab")
    corpus = write(
        folder / "corpus",
        dockers="The crane must be mended before winter, the dockers write.\n",
        owners="The crane costs more than it ever earned, the owners write.\n",
    )
    (corpus / "claimer.md").write_text(CLAIMER, "utf-8")
    update(corpus, Store(folder / "store"), WordEmbedder())
    return Assistant(Reader(Store(folder / "store"), WordEmbedder()))


@pytest.fixture
def labels(assistant: Assistant) -> Path:
    file = assistant.corpus.folder / "sources.toml"
    file.write_text(LABELS, "utf-8")
    return file


@pytest.fixture
def tab(assistant: Assistant, labels: Path) -> Labelling:
    return Labelling(assistant)


def test_a_card_is_data_that_the_script_can_show(tab: Labelling) -> None:
    data = tab.cards()
    (card,) = data["cards"]
    assert (card["id"], card["style"], card["glyph"], card["label"]) == ("dockers", "p-0", "◆", "Dockers")
    (row,) = card["documents"]
    assert (row["id"], row["given"], row["sides"], row["guessed"]) == (
        "dockers.txt",
        "label given by Ines",
        ["dockers"],
        False,
    )
    stands, absent = row["quotes"]
    proof = read_link(stands.pop("link"))
    assert proof
    assert (proof.document, proof.start, proof.quote) == ("dockers.txt", 0, "The crane must be mended")
    assert stands == {"quote": "The crane must be mended", "place": "line 1", "stands": True}
    assert absent == {"quote": "not in it", "place": words.NOT_THERE, "stands": False, "link": None}
    claims, owners = data["unlabelled"]
    assert (claims["id"], claims["given"], claims["sides"]) == (
        "claimer.md",
        "calls itself “Dockers”; nobody has confirmed it",
        [],
    )
    assert (owners["id"], owners["given"]) == ("owners.txt", "nobody has said where this source stands")


MALFORMED: tuple[Any, ...] = (None, 3, "text", [], {"document": 3}, {"document": ["owners.txt"], "perspectives": []})
NO_PERSPECTIVES: tuple[Any, ...] = (
    *({}, {"document": "owners.txt"}, {"document": "owners.txt", "perspectives": "dockers"}),
    *({"document": "owners.txt", "perspectives": [3]}, {"document": "owners.txt", "perspectives": ["dockers"] * 51}),
)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        *(("confirm", asked) for asked in (*MALFORMED, {})),
        *(("relabel", asked) for asked in (*MALFORMED, *NO_PERSPECTIVES)),
        *(("describe", asked) for asked in (*MALFORMED, {}, {"label": ["x"]}, {"id": "dockers"})),
    ],
)
def test_what_is_not_a_request_gets_a_sentence_and_changes_nothing(
    tab: Labelling, labels: Path, name: str, asked: Any
) -> None:
    data = getattr(tab, name)(asked)
    assert data["problem"] == words.NOT_UNDERSTOOD
    assert len(data["cards"]) == 1
    assert labels.read_text("utf-8") == LABELS


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("relabel", {"document": "../../etc/passwd", "perspectives": ["dockers"]}, "holds no document"),
        ("relabel", {"document": "owners.txt", "perspectives": ["../dockers"]}, "there is no perspective"),
        ("relabel", {"document": "owners.txt", "perspectives": ["dockers"], "by": "x" * 81}, "longer than 80"),
        ("relabel", {"document": "owners.txt", "perspectives": ["dockers"], "by": "a\x07b"}, "cannot be shown"),
        ("describe", {"id": "nobody", "label": "Nobody"}, "there is no perspective"),
        ("describe", {"id": None, "label": ""}, "needs a name"),
        ("describe", {"id": "dockers", "label": "x" * 100_000}, "longer than 80"),
        ("confirm", {"document": "nowhere.txt"}, "holds no document"),
    ],
)
def test_a_request_that_cannot_be_met_gets_its_sentence_and_changes_nothing(
    tab: Labelling, labels: Path, name: str, asked: Any, said: str
) -> None:
    assert said in getattr(tab, name)(asked)["problem"]
    assert labels.read_text("utf-8") == LABELS


def test_a_change_comes_back_with_the_cards_as_they_are_then(tab: Labelling) -> None:
    data = tab.relabel({"document": "owners.txt", "perspectives": ["dockers"], "by": "Ada Quill"})
    assert data["said"] == "owners.txt has another label now. The next answer follows it."
    assert [row["id"] for row in data["cards"][0]["documents"]] == ["dockers.txt", "owners.txt"]
    data = tab.describe({"id": None, "label": "Owners", "description": "They own."})
    assert [card["label"] for card in data["cards"]] == ["Dockers", "Owners"]
    assert tab.confirm({"document": None})["said"] == "0 labels confirmed."


def test_labels_that_cannot_be_followed_are_told_in_the_place_of_the_cards(tab: Labelling, labels: Path) -> None:
    labels.write_text("[[source]\n", "utf-8")
    assert "not valid TOML" in tab.cards()["problem"]
    assert "not valid TOML" in tab.relabel({"document": "owners.txt", "perspectives": []})["problem"]
    assert labels.read_text("utf-8") == "[[source]\n"
