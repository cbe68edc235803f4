"""Documents taken out of a corpus: moved, never destroyed, and nothing outside of it is touched."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index import UnusableFolder
from index.loading.load import find
from index.loading.removal import destroy, put_back, remove, removed


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


def paths(corpus: Path) -> list[str]:
    return [one.path for one in removed(corpus)]


def test_removed_files_are_listed_with_the_day_and_their_size(corpus: Path, outside: Path) -> None:
    assert removed(corpus) == ()
    os.utime(corpus / "notes.txt", (0, 0))  # its content is old, and it is removed today
    for id in ("notes.txt", "sub/notes.txt"):
        remove(corpus, id)

    today = datetime.now(UTC).date().isoformat()
    assert {(one.path, one.on, one.size) for one in removed(corpus)} == {
        ("notes.txt", today, 5),
        ("sub/notes.txt", today, 11),
    }


def test_a_file_goes_back_to_where_it_was(corpus: Path, outside: Path) -> None:
    remove(corpus, "sub/notes.txt")
    (corpus / "sub").rmdir()

    assert put_back(corpus, "sub/notes.txt") == "sub/notes.txt"
    assert (corpus / "sub" / "notes.txt").read_text() == "other notes"
    assert paths(corpus) == []
    assert not (corpus / ".parallax" / "removed" / "sub").exists()


def test_a_file_that_goes_back_writes_over_nothing(corpus: Path, outside: Path) -> None:
    remove(corpus, "notes.txt")
    (corpus / "notes.txt").write_text("new notes")

    with pytest.raises(UnusableFolder, match="there is a file of this name in the corpus again"):
        put_back(corpus, "notes.txt")
    assert (corpus / "notes.txt").read_text() == "new notes"
    assert paths(corpus) == ["notes.txt"]


@pytest.fixture(params=["links", "no links"])
def meanwhile(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Has somebody write a file in the moment before one is moved there, also where the file system has no hard links."""
    takes: list[Path] = []
    link = os.link

    def late(source: Path, target: Path, **options: bool) -> None:
        for taken in takes:
            taken.write_text("theirs")
        takes.clear()
        if request.param == "no links":
            raise OSError(errno.EPERM, "Operation not permitted")
        link(source, target, **options)

    monkeypatch.setattr(os, "link", late)
    return takes.append


def test_what_somebody_writes_while_a_file_goes_back_is_not_written_over(
    corpus: Path, outside: Path, meanwhile: Callable[[Path], None]
) -> None:
    remove(corpus, "notes.txt")
    meanwhile(corpus / "notes.txt")

    with pytest.raises(UnusableFolder, match="there is a file of this name in the corpus again"):
        put_back(corpus, "notes.txt")
    assert (corpus / "notes.txt").read_text() == "theirs"
    assert paths(corpus) == ["notes.txt"]


def test_what_somebody_writes_while_a_file_is_removed_is_not_written_over(
    corpus: Path, outside: Path, meanwhile: Callable[[Path], None]
) -> None:
    meanwhile(corpus / ".parallax" / "removed" / "notes.txt")

    assert str(remove(corpus, "notes.txt")) == ".parallax/removed/notes (2).txt"
    assert (corpus / ".parallax" / "removed" / "notes.txt").read_text() == "theirs"
    assert (corpus / ".parallax" / "removed" / "notes (2).txt").read_text() == "notes"
    assert not (corpus / "notes.txt").exists()


def test_a_file_and_a_link_go_and_come_where_there_are_no_hard_links(
    corpus: Path, outside: Path, meanwhile: Callable[[Path], None]
) -> None:
    os.utime(corpus / "notes.txt", (7, 7))
    (corpus / "link.txt").symlink_to(outside / "secret.txt")
    for id in ("notes.txt", "link.txt"):
        remove(corpus, id)
        assert not os.path.lexists(corpus / id)
        assert put_back(corpus, id) == id

    assert (corpus / "notes.txt").stat().st_mtime == 7
    assert (corpus / "notes.txt").stat().st_nlink == 1
    assert (corpus / "link.txt").is_symlink()
    assert paths(corpus) == []


def test_a_file_that_cannot_leave_its_place_is_not_left_at_two(
    corpus: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def refused(self: Path) -> None:
        if self == corpus / "notes.txt":
            raise PermissionError(errno.EACCES, "Permission denied")
        unlink(self)

    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(UnusableFolder, match="could not be moved"):
        remove(corpus, "notes.txt")
    assert (corpus / "notes.txt").read_text() == "notes"
    assert paths(corpus) == []


def test_a_removed_file_is_destroyed_alone(corpus: Path, outside: Path) -> None:
    remove(corpus, "sub/notes.txt")
    remove(corpus, "notes.txt")
    (corpus / "link.txt").symlink_to(outside / "secret.txt")
    remove(corpus, "link.txt")

    destroy(corpus, "sub/notes.txt")
    destroy(corpus, "link.txt")
    assert paths(corpus) == ["notes.txt"]
    assert (outside / "secret.txt").exists()


@pytest.mark.parametrize("does", [put_back, destroy])
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("", "no path within the corpus"),
        ("..", "no path within the corpus"),
        ("../../sub/notes.txt", "no path within the corpus"),
        ("/etc/passwd", "no path within the corpus"),
        ("notes.txt\0", "no path within the corpus"),
        ("n/" * 3_000, "no path within the corpus"),
        ("missing.txt", "not there any more"),
        ("n" * 300 + ".txt", "not there any more"),
        ("folder", "not a file"),
        ("away/secret.txt", "leads out"),
    ],
)
def test_nothing_but_a_removed_file_is_put_back_or_destroyed(
    corpus: Path, outside: Path, does: Callable[[Path, str], object], path: str, sentence: str
) -> None:
    place = corpus / ".parallax" / "removed"
    (place / "folder").mkdir(parents=True)
    (place / "away").symlink_to(outside)

    with pytest.raises(UnusableFolder, match=sentence):
        does(corpus, path)
    assert (outside / "secret.txt").exists()
    assert (corpus / "sub" / "notes.txt").exists()


def test_a_file_does_not_go_back_through_a_link_that_leads_out(corpus: Path, outside: Path) -> None:
    (corpus / "sub" / "deep").mkdir()
    (corpus / "sub" / "notes.txt").rename(corpus / "sub" / "deep" / "notes.txt")
    remove(corpus, "sub/deep/notes.txt")
    (corpus / "sub" / "deep").rmdir()
    (corpus / "sub").rmdir()
    (corpus / "sub").symlink_to(outside)

    with pytest.raises(UnusableFolder, match="link that leads out of the corpus"):
        put_back(corpus, "sub/deep/notes.txt")
    assert [path.name for path in outside.iterdir()] == ["secret.txt"]
    assert paths(corpus) == ["sub/deep/notes.txt"]


def test_a_folder_of_removed_files_that_leads_out_is_none(corpus: Path, outside: Path) -> None:
    (corpus / ".parallax").mkdir()
    (corpus / ".parallax" / "removed").symlink_to(outside)

    assert removed(corpus) == ()
    with pytest.raises(UnusableFolder, match="leads out"):
        destroy(corpus, "secret.txt")
    assert (outside / "secret.txt").exists()
