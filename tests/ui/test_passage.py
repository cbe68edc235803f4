"""Addresses in, the panel's data out; also from callers who mean no good."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from assistant import Citation, UnknownDocument
from index import Document, Label, Perspective, Provenance, Source, Voice, VoiceKind, Voices
from ui import words
from ui.links import link_to
from ui.passage import Desk

TEXT = "x" * 40_000 + "The quote." + "y" * 40_000
HASH = sha256(TEXT.encode()).hexdigest()


class Shelf:
    """Holds one document, as it was indexed, and as its file is now: another text, or gone."""

    watcher: object = None

    def __init__(self, text: str = TEXT, now: str | None = None, *, gone: bool = False) -> None:
        self._document = Document("a.txt", text, "0" * 64)
        self._now = None if gone else Document("a.txt", text if now is None else now, "1" * 64)

    @property
    def corpus(self) -> Shelf:
        return self

    def read(self, id: str) -> tuple[Document, Source, Voices]:
        if id != "a.txt":
            raise UnknownDocument(id)
        label = Label(Perspective("side", "A side", "What it wants."), Provenance.SELF_DECLARED)
        voices = Voices((Voice(40_000, 40_010, VoiceKind.DIRECT, "Ada Quill", ("Ada Quill",)),))
        return self._document, Source("A title", None, None, "2025", (label,)), voices

    def current(self, id: str) -> Document | None:
        return self._now if id == "a.txt" else None

    def perspectives(self) -> tuple[Perspective, ...]:
        return (Perspective("side", "A side"),)


def desk(text: str = TEXT, now: str | None = None, *, gone: bool = False) -> Any:
    return Desk(Shelf(text, now, gone=gone))  # type: ignore[arg-type]


def address(start: int = 40_000, end: int = 40_010, text: str = TEXT) -> str:
    document, source = Document("a.txt", text, "0" * 64), Source("A title", None, None, None)
    return link_to(Citation(1, document, source, start, end, 0.5, voice=Voice(start, end, VoiceKind.AUTHOR)))


def test_a_passage_comes_with_a_window_around_exactly_its_quote() -> None:
    data = desk().passage(address())
    assert data["quote"] == "The quote."
    assert data["note"] == ""
    assert data["before"] + data["quote"] + data["after"] == TEXT[data["from"] : data["to"]]
    assert 0 < data["from"] < 40_000 < data["to"] < len(TEXT) == data["length"]
    assert data["labels"] == [
        {
            "style": "p-x",
            "name": "○ A side",
            "means": "What it wants.",
            "provenance": "label is the document’s own",
            "quotes": [],
        }
    ]


def test_further_stretches_join_on_to_the_window() -> None:
    data = desk().passage(address())
    later = desk().more({"document": "a.txt", "hash": data["hash"], "at": data["to"], "back": False})
    earlier = desk().more({"document": "a.txt", "hash": data["hash"], "at": data["from"], "back": True})
    assert (later["from"], earlier["to"]) == (data["to"], data["from"])
    assert later["text"] == TEXT[later["from"] : later["to"]]
    assert earlier["text"] == TEXT[earlier["from"] : earlier["to"]]
    assert not data["whole"]


def test_a_document_is_read_to_both_ends_in_whole_lines() -> None:
    text = "".join(f"Line {number} of a long text 🛥️.\n" for number in range(9_000))
    shelf, at = desk(text), text.index("Line 4000 ")
    data = shelf.passage(address(at, at + 10, text))
    parts = [data["before"] + data["quote"] + data["after"]]
    first, last, asked = data["from"], data["to"], {"document": "a.txt", "hash": data["hash"]}
    while first > 0:
        more = shelf.more({**asked, "at": first, "back": True})
        assert more["whole"]
        parts, first = [more["text"], *parts], more["from"]
    while last < len(text):
        more = shelf.more({**asked, "at": last, "back": False})
        assert more["whole"]
        parts, last = [*parts, more["text"]], more["to"]
    assert "".join(parts) == text
    assert max(map(len, parts)) < 35_000
    assert shelf.more({**asked, "at": 0, "back": True})["text"] == ""
    assert shelf.more({**asked, "at": len(text), "back": False})["text"] == ""


def test_a_window_never_grows_by_another_text() -> None:
    asked = {"document": "a.txt", "hash": desk().passage(address())["hash"], "at": 0, "back": False}
    assert desk().more(asked)["text"]
    assert desk(now=TEXT + "more").more(asked) == {"text": ""}
    assert desk().more({**asked, "hash": "0" * 64}) == {"text": ""}


def test_an_unchanged_quote_in_a_changed_document_is_shown_with_a_word_of_it() -> None:
    data = desk(TEXT + "more").passage(address())
    assert data["quote"] == "The quote."
    assert "has changed" in data["note"]


def test_a_quote_that_moved_is_shown_where_it_stands_now() -> None:
    data = desk("z" + TEXT).passage(address())
    assert data["quote"] == "The quote."
    assert data["before"] == ("z" + TEXT)[data["from"] : 40_001]
    assert "in another place now" in data["note"]


def test_a_changed_quote_is_never_shown_as_one() -> None:
    data = desk(TEXT.replace("quote", "Quote")).passage(address())
    assert data["quote"] == ""
    assert "no longer stands" in data["note"]
    assert data["before"] + data["after"] == TEXT[:15_000]


def test_the_file_as_it_is_now_counts_and_not_what_was_indexed() -> None:
    data = desk(now=TEXT.replace("quote", "Quote")).passage(address())
    assert data["quote"] == ""
    assert "no longer stands" in data["note"]
    assert data["voice"] == ""


def test_a_document_whose_file_is_gone_is_shown_with_nothing_but_a_sentence() -> None:
    data = desk(gone=True).passage(address())
    assert "gone or can no longer be read" in data["note"]
    assert "quote" not in data
    assert desk(gone=True).more({"document": "a.txt", "hash": "", "at": 0}) == {"text": ""}


def test_who_speaks_is_said_of_the_place_where_the_quote_stands() -> None:
    assert desk().passage(address())["voice"] == "Ada Quill, quoted in A title"


class Commented(Shelf):
    """Holds one document, all of which a reader wrote."""

    def read(self, id: str) -> tuple[Document, Source, Voices]:
        document, source, _ = super().read(id)
        return document, source, Voices((Voice(0, len(TEXT), VoiceKind.COMMENT),))


def test_a_reader_comment_is_not_shown_under_the_perspective_of_its_document() -> None:
    commented = Desk(Commented())  # type: ignore[arg-type]
    for data in (commented.passage(address()), *commented.cards([address()])):
        assert data["voice"] == "reader comment under A title"
        assert data["labels"] == [{"style": "p-x", "name": "Reader comment", "means": "", "provenance": ""}]


@pytest.mark.parametrize(
    ("place", "words"),
    [("40000-40010", "Not in it."), ("40000-40009", "The quote"), ("39999-40009", "xThe quote")],
)
def test_an_address_that_somebody_made_up_shows_nothing_as_a_quote(place: str, words: str) -> None:
    true, other = (urlsafe_b64encode(text.encode()).decode().rstrip("=") for text in ("The quote.", words))
    made_up = address().replace("40000-40010", place).replace(f"/{true}/", f"/{other}/")
    assert made_up != address()
    data = desk().passage(made_up)
    assert data["quote"] == ""
    assert data["note"] == "There is no such quote in this document."


def test_an_unknown_document_gets_a_sentence() -> None:
    data = desk().passage(address().replace("a.txt", "b.txt"))
    assert data == {"note": "This document is no longer in the index.", "title": "b.txt"}


@pytest.mark.parametrize("wrong", [None, 1, [], {}, "x", "#p/a.txt/0-1/zz", f"#p/a.txt/9-1/{'0' * 64}//YQ/"])
def test_what_is_no_address_gets_a_sentence(wrong: object) -> None:
    assert desk().passage(wrong) == {"note": "This link does not lead to a passage."}


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "x",
        {},
        {"document": 1, "hash": HASH, "at": 0},
        {"document": "a.txt", "hash": HASH, "at": -5},
        {"document": "a.txt", "hash": HASH, "at": True},
        {"document": "a.txt", "hash": HASH, "at": 0.5},
        {"document": "a.txt", "hash": HASH, "at": 10**30},
        {"document": "a.txt", "hash": [], "at": 0},
        {"document": "../../etc/passwd", "hash": HASH, "at": 0},
    ],
)
def test_a_wrong_stretch_is_empty(wrong: object) -> None:
    assert desk().more(wrong) == {"text": ""}


def test_a_stretch_is_never_longer_than_a_window() -> None:
    assert len(desk().more({"document": "a.txt", "hash": HASH, "at": 0, "back": "no"})["text"]) < 20_000


def test_cards_leave_out_what_cannot_be_found() -> None:
    (card,) = desk().cards(["nonsense", 7, address(), address().replace("a.txt", "b.txt")])
    assert card["title"] == "A title"
    assert desk().cards("nonsense") == []


def test_the_signs_of_labels_leave_out_what_cannot_be_found() -> None:
    signs = desk().signs(["nonsense", 7, [address()], address(), address().replace("a.txt", "b.txt")])
    assert signs == {address(): {"style": "p-x", "name": "○ A side"}}
    assert desk().signs({address(): 1}) == {}


def test_the_other_citations_of_the_answer_are_marked_and_the_open_one_is_not() -> None:
    other, elsewhere = address(40_100, 40_110), address(10, 20).replace("a.txt", "b.txt")
    data = desk().passage({"address": address(), "links": [address(), other, elsewhere, "nonsense", 7]})
    assert [run["link"] for run in data["runs"] if "link" in run] == [other]
    (run,) = (run for run in data["runs"] if "link" in run)
    assert (run["from"], run["length"]) == (40_100, 10)
    later = desk().more({"document": "a.txt", "hash": HASH, "at": 40_050, "links": [other]})
    assert [run["from"] for run in later["runs"] if "link" in run] == [40_100]


@pytest.mark.parametrize("links", [None, 7, {}, "x", [None], [[]], [{"a": 1}]])
def test_wrong_links_mark_nothing(links: object) -> None:
    data = desk().passage({"address": address(), "links": links})
    assert not any("link" in run for run in data["runs"])


def test_no_voice_is_named_in_a_text_that_was_not_indexed() -> None:
    assert any("who" in run for run in desk().passage(address())["runs"])
    assert not any("who" in run for run in desk(now=TEXT + "more").passage(address())["runs"])


class Justified(Shelf):
    """Its label rests on words of which some stand there."""

    def read(self, id: str) -> tuple[Document, Source, Voices]:
        document, _, voices = super().read(id)
        label = Label(
            Perspective("side", "A side"), Provenance.CURATED, "Ada", "2026-01-02", ("The quote.", "<b>Not</b>")
        )
        return document, Source("A title", None, None, None, (label,)), voices


def test_a_label_comes_with_the_words_that_it_rests_on() -> None:
    (label,) = Desk(Justified("It begins. The quote. It ends.")).passage(address())["labels"]  # type: ignore[arg-type]
    assert label["provenance"] == "label given by Ada, 2026-01-02"
    assert [(quote["quote"], quote["stands"]) for quote in label["quotes"]] == [
        ("The quote.", True),
        ("<b>Not</b>", False),
    ]
    assert label["quotes"][0]["link"].startswith("#p/a.txt/11-21/")


def test_a_quote_is_copied_with_who_says_so_where_and_when() -> None:
    assert desk().passage(address())["copy"] == (
        "“The quote.” — Ada Quill, quoted, “A title”, 2025, line 1 of a.txt (characters 40000–40010)"
    )
    assert desk(TEXT.replace("quote", "Quote")).passage(address())["copy"] == ""


def test_a_preview_is_the_quote_without_the_text_around_it() -> None:
    data = desk().peek(address())
    assert (data["quote"], data["voice"], data["note"]) == ("The quote.", "Ada Quill, quoted in A title", "")
    assert not {"before", "after"} & set(data)
    assert desk(TEXT.replace("quote", "Quote")).peek(address())["quote"] == ""
    assert desk(gone=True).peek(address())["quote"] == ""
    assert len(Desk(Shelf("z" * 5_000)).peek(address(0, 4_000, "z" * 5_000))["quote"]) == 401  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [None, 1, [], {}, "x", "#p/a.txt/0-1/zz"])
def test_no_preview_of_what_is_no_address(wrong: object) -> None:
    assert desk().peek(wrong) == {"note": "This link does not lead to a passage."}
    assert desk().peek(address().replace("a.txt", "b.txt")) == {"note": "This document is no longer in the index."}


def test_where_the_file_is_newer_than_the_index_the_reader_is_told_why_nobody_is_named() -> None:
    assert desk().passage(address())["speakers"] == ["Ada Quill"]
    assert "stale" not in desk().passage(address())
    data = desk(now=TEXT + "more").passage(address())
    assert "speakers" not in data
    assert data["stale"] == words.STALE
    assert "stale" not in desk(gone=True).passage(address())
    shelf = Shelf(now=TEXT + "more")
    shelf.watcher = object()
    assert "by itself" in Desk(shelf).passage(address())["stale"]  # type: ignore[arg-type]


def test_pages_are_told_where_they_begin() -> None:
    class Paged(Shelf):
        def current(self, id: str) -> Document | None:
            document = super().current(id)
            return replace(document, pages=(0, 40_020)) if document else None

    data = Desk(Paged()).passage(address())  # type: ignore[arg-type]
    assert [(run["from"], run["page"]) for run in data["runs"] if "page" in run] == [(40_020, "page 2")]


def test_of_an_endless_document_only_a_window_is_sent() -> None:
    text = "word " * 2_000_000
    links = [address(at, at + 4, text) for at in range(0, 1_000, 10)]
    data = desk(text).passage({"address": address(5_000_000, 5_000_004, text), "links": links})
    assert data["quote"] == "word"
    assert len(str(data)) < 100_000
