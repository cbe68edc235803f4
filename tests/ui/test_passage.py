"""Addresses in, the panel's data out; also from callers who mean no good."""

from __future__ import annotations

from typing import Any

import pytest

from assistant import UnknownDocument
from index import Document, Label, Perspective, Provenance, Source
from ui.links import Link
from ui.passage import Desk

TEXT = "x" * 40_000 + "The quote." + "y" * 40_000


class Shelf:
    """Holds one document."""

    def __init__(self, text: str = TEXT) -> None:
        self._document = Document("a.txt", text, "0" * 64)

    @property
    def corpus(self) -> Shelf:
        return self

    def document(self, id: str) -> tuple[Document, Source]:
        if id != "a.txt":
            raise UnknownDocument(id)
        label = Label(Perspective("side", "A side", "What it wants."), Provenance.SELF_DECLARED)
        return self._document, Source("A title", None, None, "2025", (label,))

    def perspectives(self) -> tuple[Perspective, ...]:
        return (Perspective("side", "A side"),)


def desk(text: str = TEXT) -> Any:
    return Desk(Shelf(text))  # type: ignore[arg-type]


def address(start: int = 40_000, end: int = 40_010) -> str:
    from hashlib import sha256

    whole, quote = (sha256(part.encode()).hexdigest()[:8] for part in (TEXT, TEXT[start:end]))
    return str(Link("a.txt", start, end, whole + quote))


def test_a_passage_comes_with_a_window_around_exactly_its_quote() -> None:
    data = desk().passage(address())
    assert data["quote"] == "The quote."
    assert data["note"] == ""
    assert data["before"] + data["quote"] + data["after"] == TEXT[data["from"] : data["to"]]
    assert 0 < data["from"] < 40_000 < data["to"] < len(TEXT) == data["length"]
    assert data["labels"] == [
        {"style": "p-0", "name": "◆ A side", "means": "What it wants.", "provenance": "label is the document’s own"}
    ]


def test_further_stretches_join_on_to_the_window() -> None:
    data = desk().passage(address())
    later = desk().more({"document": "a.txt", "from": data["to"], "to": data["to"] + 100})
    assert later == {"text": TEXT[data["to"] : data["to"] + 100]}


def test_an_unchanged_quote_in_a_changed_document_is_shown_with_a_word_of_it() -> None:
    data = desk(TEXT + "more").passage(address())
    assert data["quote"] == "The quote."
    assert "has changed" in data["note"]


def test_a_changed_quote_is_never_shown_as_one() -> None:
    data = desk("z" + TEXT).passage(address())
    assert data["quote"] == ""
    assert "no longer stands" in data["note"]


def test_an_unknown_document_gets_a_sentence() -> None:
    data = desk().passage(address().replace("a.txt", "b.txt"))
    assert data == {"note": "This document is no longer in the index.", "title": "b.txt"}


@pytest.mark.parametrize("wrong", [None, 1, [], {}, "x", "#p/a.txt/0-1/zz", "#p/a.txt/9-1/0123456789abcdef"])
def test_what_is_no_address_gets_a_sentence(wrong: object) -> None:
    assert desk().passage(wrong) == {"note": "This link does not lead to a passage."}


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "x",
        {},
        {"document": 1, "from": 0, "to": 1},
        {"document": "a.txt", "from": -5, "to": 1},
        {"document": "a.txt", "from": True, "to": 9},
        {"document": "a.txt", "from": 0.5, "to": 9},
        {"document": "../../etc/passwd", "from": 0, "to": 9},
    ],
)
def test_a_wrong_stretch_is_empty(wrong: object) -> None:
    assert desk().more(wrong) == {"text": ""}


def test_a_stretch_is_never_longer_than_a_window() -> None:
    assert len(desk().more({"document": "a.txt", "from": 0, "to": 10**9})["text"]) < 20_000


def test_cards_leave_out_what_cannot_be_found() -> None:
    (card,) = desk().cards(["nonsense", 7, address(), address().replace("a.txt", "b.txt")])
    assert card["title"] == "A title"
    assert desk().cards("nonsense") == []
