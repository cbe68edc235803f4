"""What changed in watched questions in, an Atom feed out: well-formed whatever the documents and questions say.

An entry is what one check found of one question; its id and its time stay, so that a reader of feeds shows it once.
"""

from __future__ import annotations

import os
import re
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from assistant.errors import BadFile
from assistant.watching.watched import News, WatchedQuestion

_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_BEGINS = f'<feed xmlns="{_ATOM}"'.encode()
_ENTRIES = 200  # the latest ones
_TITLE = 200  # characters
# What XML cannot hold, what a terminal would obey, and what turns the direction in which a line is read.
_UNFIT = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def atom(id: str, corpus: str, questions: Sequence[WatchedQuestion]) -> bytes:
    """The feed.

    Args:
        id: 32 hexadecimal digits that no other feed has.
        corpus: what it is called.
    """
    told = sorted(((news, one) for one in questions for news in one.news), key=lambda pair: -pair[0].number)
    newest = [news.at for news, _ in told] + [one.added for one in questions]
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    _text(feed, "id", uuid.UUID(id).urn)
    _text(feed, "title", f"Parallax: watched questions on {corpus}")
    _text(feed, "updated", max(newest, default="1970-01-01T00:00:00Z"))
    _text(ElementTree.SubElement(feed, "author"), "name", "Parallax")
    for news, question in told[:_ENTRIES]:
        _entry(feed, uuid.UUID(id), news, question)
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, "utf-8", xml_declaration=True) + b"\n"


def write(file: Path, feed: bytes) -> None:
    """Write a feed in the place of an earlier one.

    Raises:
        BadFile: it holds something else, or cannot be written.
    """
    try:
        if file.exists() and file.stat().st_size and _BEGINS not in _beginning(file):
            raise BadFile(file, "It exists, and is no feed of Parallax", "Give another name")
        number, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(number, "wb") as opened:
                opened.write(feed)
            Path(temporary).chmod(0o644)  # a feed is there to be read
            os.replace(temporary, file)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise BadFile(file, f"It cannot be written ({error.strerror})", "Check the path") from error


def _beginning(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(200)


def _entry(feed: ElementTree.Element, id: uuid.UUID, news: News, question: WatchedQuestion) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _text(entry, "id", uuid.uuid5(id, f"{news.question} {news.number}").urn)
    title = " ".join(question.question.split())
    _text(entry, "title", title if len(title) <= _TITLE else f"{title[:_TITLE]}…")
    _text(entry, "updated", news.at)
    content = ElementTree.SubElement(entry, "content", type="xhtml")
    rows = ElementTree.SubElement(ElementTree.SubElement(content, "div", xmlns=_XHTML), "ul")
    for change in news.changes:
        row = ElementTree.SubElement(rows, "li")
        _text(row, "p", change["text"])
        for passage in change["passages"]:
            quote = ElementTree.SubElement(row, "blockquote")
            _text(quote, "p", passage["quote"])
            labels = " / ".join(label["label"] for label in passage["perspectives"])
            _text(quote, "p", f"{labels} · {passage['title']} · {passage['document']}")


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _UNFIT.sub("\ufffd", text)
