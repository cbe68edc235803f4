"""Watched questions from the command line, with real files."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.command import parallax

QUESTION = "How many cars does the ferry of Marrowby carry?"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "ferry.txt").write_text("The ferry of Marrowby carries 40 cars every day, and the ferry is loved.\n")
    (folder / "moon.txt").write_text("The moon rose late over the orchard, and an owl was heard until the morning.\n")
    parallax("index", folder, home=tmp_path)
    return folder


def test_what_an_update_changed_is_said_listed_and_written_as_a_feed(corpus: Path, tmp_path: Path) -> None:
    added = json.loads(parallax("watch", "add", QUESTION, "--json", home=tmp_path).stdout)
    assert "nothing changed since" in parallax("watch", "list", home=tmp_path).stdout
    unchanged = parallax("index", corpus, home=tmp_path)
    assert "watched" not in unchanged.stderr

    (corpus / "ferry.txt").write_text("The ferry of Marrowby carries 30 cars every day, and the ferry is loved.\n")
    updated = parallax("index", corpus, "--json", home=tmp_path)
    json.loads(updated.stdout)
    assert "1 of the watched questions changed." in updated.stderr

    feed = tmp_path / "feed.xml"
    listed = parallax("watch", "list", "--atom", feed, home=tmp_path).stdout
    assert f"{added['id']}  {QUESTION}" in listed
    assert "cars: 40 then, 30 now" in listed
    assert "carries 30 cars every day" in "".join(ElementTree.parse(feed).getroot().itertext())
    (one,) = json.loads(parallax("watch", "list", "--json", home=tmp_path).stdout)
    assert [change["kind"] for change in one["news"][0]["changes"]] == ["quote_gone"]

    again = json.loads(parallax("watch", "check", "--json", home=tmp_path).stdout)
    assert again == {"checked": 1, "left": 0, "news": [], "failed": []}
    parallax("watch", "remove", added["id"], home=tmp_path)
    assert json.loads(parallax("watch", "list", "--json", home=tmp_path).stdout) == []


def test_labels_are_followed_by_a_check_and_what_cannot_be_asked_ends_it_with_one(corpus: Path, tmp_path: Path) -> None:
    parallax("watch", "add", QUESTION, "--document", "ferry.txt", home=tmp_path)
    (corpus / "sources.toml").write_text(
        'version = 1\n[perspectives.ferry]\nlabel = "Ferry friends"\n'
        '[[source]]\nmatch = "ferry.txt"\nperspective = "ferry"\n'
    )
    checked = parallax("watch", "check", home=tmp_path).stdout
    assert "ferry.txt stood under Unlabelled source, and stands under Ferry friends now." in checked
    (corpus / "ferry.txt").unlink()
    parallax("index", corpus, home=tmp_path)
    failed = parallax("watch", "check", home=tmp_path, code=1)
    assert "The index holds no document 'ferry.txt'" in failed.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "  "), "question"),
        (("add", QUESTION, "--perspective", "moon"), "No document has the perspective 'moon'"),
        (("remove", "0123456789ab"), "No watched question is called '0123456789ab'"),
        (("list", "--atom", "corpus/moon.txt"), "is no feed of Parallax"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    corpus: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    failed = parallax("watch", *arguments, home=tmp_path, code=2)
    assert sentence in failed.stderr


def test_a_damaged_file_keeps_no_update_from_being_done(corpus: Path, tmp_path: Path) -> None:
    (corpus / ".parallax" / "watched.sqlite").write_bytes(b"no database " * 500)
    (corpus / "more.txt").write_text("The harbour was quiet, and nobody waited for the ferry.\n")
    done = parallax("index", corpus, home=tmp_path)
    assert done.stdout.startswith("+1 ")
    assert "Questions cannot be watched" in done.stderr
