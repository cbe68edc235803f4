"""The Atom feed of watched questions: read back with a parser, whatever a document or a question says."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.errors import BadFile
from assistant.watching import feed
from assistant.watching.watched import News, WatchedQuestion
from index import Filter

ID = "ab" * 16
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = (
    "<script>alert(1)</script>",
    "]]>&amp;&#0;",
    "\x00\x01\x08\x0b\x1b[31m\x7f\x9b\rover",
    "\ud800 \udfff",
    "\ufffe\uffff",
    "\u202eevil\u2066",
    '" onload="x',
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "a\n\nb\tc",
)


def passage(text: str) -> dict[str, object]:
    return {"quote": text, "title": text, "document": text, "perspectives": [{"label": text}]}


def question(text: str, *news: News) -> WatchedQuestion:
    return WatchedQuestion(
        "q" * 12, text, Filter(), "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "answered", "", news
    )


def news(number: int, at: str, text: str = "Something changed.") -> News:
    return News(number, "q" * 12, at, ({"kind": "quote_gone", "text": text, "passages": [passage(text)]},))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_feed_is_well_formed_whatever_is_told(text: str) -> None:
    made = feed.atom(ID, text, [question(text, news(1, "2026-11-03T00:00:00Z", text))])
    root = ElementTree.fromstring(made)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {
        *("feed", "id", "title", "updated", "author", "name", "entry", "content", "div", "ul", "li", "p", "blockquote")
    }
    said = "".join(root.itertext())
    assert not set(said) & {"\x00", "\x1b", "\x08", "\x7f", "\x9b", "\u202e", "\ufffe"}
    assert b"\r" not in made


def test_what_can_be_shown_of_a_text_is_shown() -> None:
    made = feed.atom(ID, "c", [question("A <b> & ü\x07?", news(1, "2026-11-03T00:00:00Z", "“x” <i>"))])
    root = ElementTree.fromstring(made)
    assert [title.text for title in root.iter(f"{ATOM}title")][1] == "A <b> & ü\ufffd?"
    assert "“x” <i>" in "".join(root.itertext())


def test_an_entry_keeps_its_id_and_its_time_when_others_come() -> None:
    first = news(1, "2026-11-03T00:00:00Z")
    before = ElementTree.fromstring(feed.atom(ID, "c", [question("Q?", first)]))
    after = ElementTree.fromstring(feed.atom(ID, "c", [question("Q?", news(2, "2026-11-05T00:00:00Z"), first)]))
    facts = [
        [(entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in root.iter(f"{ATOM}entry")]
        for root in (before, after)
    ]
    assert facts[1][1:] == facts[0]
    assert facts[1][0][0] != facts[0][0][0]
    assert (
        before.findtext(f"{ATOM}id") == after.findtext(f"{ATOM}id") == "urn:uuid:abababab-abab-abab-abab-abababababab"
    )
    assert after.findtext(f"{ATOM}updated") == "2026-11-05T00:00:00Z"


def test_a_feed_of_nothing_has_what_a_feed_must_have_and_is_the_same_each_time() -> None:
    root = ElementTree.fromstring(feed.atom(ID, "c", []))
    assert all(root.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    given = [question("Q?", news(1, "2026-11-03T00:00:00Z"))]
    assert feed.atom(ID, "c", given) == feed.atom(ID, "c", given)


def test_a_feed_takes_the_place_of_a_feed_and_of_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    feed.write(file, feed.atom(ID, "c", []))
    feed.write(file, feed.atom(ID, "d", []))
    assert b"on d" in file.read_bytes()
    file.write_text("my diary")
    with pytest.raises(BadFile, match="is no feed of Parallax"):
        feed.write(file, feed.atom(ID, "c", []))
    assert file.read_text() == "my diary"
    with pytest.raises(BadFile, match="cannot be written"):
        feed.write(tmp_path / "nowhere" / "feed.xml", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["feed.xml"]
