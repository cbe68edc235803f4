"""Documents taken out of a corpus: moved, never destroyed, and nothing outside of it is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index import UnusableFolder
from index.load import find
from index.removal import remove


@pytest.fixture
def outside(tmp_path: Path, corpus: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_text("not of this corpus")
    (corpus / "notes.txt").write_text("notes")
    (corpus / "sub").mkdir()
    (corpus / "sub" / "notes.txt").write_text("other notes")
    return folder


@pytest.mark.parametrize(
    ("id", "to"),
    [
        ("notes.txt", ".parallax/removed/notes.txt"),
        ("sub/notes.txt", ".parallax/removed/sub/notes.txt"),
    ],
)
def test_a_file_is_moved_and_is_no_part_of_the_corpus_any_more(corpus: Path, outside: Path, id: str, to: str) -> None:
    content = (corpus / id).read_bytes()

    assert str(remove(corpus, id)) == to
    assert (corpus / to).read_bytes() == content
    assert corpus / id not in list(find(corpus))
    assert not (corpus / id).exists()


def test_what_was_removed_before_is_not_written_over(corpus: Path, outside: Path) -> None:
    for number in (1, 2, 3):
        (corpus / "notes.txt").write_text(f"version {number}")
        remove(corpus, "notes.txt")

    removed = corpus / ".parallax" / "removed"
    assert {path.name: path.read_text() for path in removed.iterdir()} == {
        "notes.txt": "version 1",
        "notes (2).txt": "version 2",
        "notes (3).txt": "version 3",
    }


@pytest.mark.parametrize(
    ("id", "sentence"),
    [
        ("", "no path within the corpus"),
        ("..", "no path within the corpus"),
        ("../outside/secret.txt", "no path within the corpus"),
        ("sub/../../outside/secret.txt", "no path within the corpus"),
        ("./notes.txt", "no path within the corpus"),
        ("/etc/passwd", "no path within the corpus"),
        ("notes.txt\0.txt", "no path within the corpus"),
        ("n" * 300 + ".txt", "not there any more"),
        ("n/" * 3_000, "no path within the corpus"),
        ("missing.txt", "not there any more"),
        ("sub", "not a file"),
        ("pipe.txt", "not a file"),
        ("away/secret.txt", "link that leads out"),
    ],
)
def test_what_is_no_file_of_the_corpus_is_refused(corpus: Path, outside: Path, id: str, sentence: str) -> None:
    (corpus / "away").symlink_to(outside)
    os.mkfifo(corpus / "pipe.txt")

    with pytest.raises(UnusableFolder, match=sentence):
        remove(corpus, id)
    assert (outside / "secret.txt").read_text() == "not of this corpus"
    assert {path.name for path in find(corpus)} == {"notes.txt"}


def test_a_link_is_moved_and_not_what_it_leads_to(corpus: Path, outside: Path) -> None:
    (corpus / "link.txt").symlink_to(outside / "secret.txt")

    to = remove(corpus, "link.txt")

    assert (corpus / to).is_symlink()
    assert (outside / "secret.txt").read_text() == "not of this corpus"


def test_nothing_is_moved_through_a_link_that_leads_out(corpus: Path, outside: Path) -> None:
    (corpus / ".parallax").symlink_to(outside)

    with pytest.raises(UnusableFolder, match="leads out of the corpus"):
        remove(corpus, "notes.txt")
    assert (corpus / "notes.txt").read_text() == "notes"
