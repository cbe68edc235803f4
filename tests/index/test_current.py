"""A document as its file is now, beside what was indexed of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Store
from index.current import current
from index.update import update
from tests.fakes import WordEmbedder, opened, write

TEXT = "Bees make honey from nectar. They live in hives of many thousand.\n"


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("indexed")
    corpus = write(folder / "corpus", bees=TEXT, essays__ü=f"Ü. {TEXT}", zoo=f"Z. {TEXT}", a_copy=TEXT)
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 this is no PDF")
    update(corpus, Store(corpus / ".parallax"), WordEmbedder())
    return folder


@pytest.fixture
def place(indexed: Path, tmp_path: Path) -> Path:
    shutil.copytree(indexed, tmp_path / "place", symlinks=True)
    return tmp_path / "place"


def now(place: Path, id: str = "zoo.txt") -> str | None:
    with opened(Store(place / "corpus/.parallax")) as generation:
        document = current(generation, id)
        return document and document.text


@pytest.mark.parametrize("id", ["essays/ü.txt", "zoo.txt"])
def test_an_untouched_document_is_as_it_was_indexed(indexed: Path, id: str) -> None:
    with opened(Store(indexed / "corpus/.parallax")) as generation:
        key = next(entry.key for entry in generation.library.entries if entry.id == id)
        assert current(generation, id) is generation.library.document(key)


@pytest.mark.parametrize("id", ["broken.pdf", "nothing.txt", "", "../corpus/zoo.txt", "~"])
def test_what_is_not_indexed_is_none(indexed: Path, id: str) -> None:
    assert now(indexed, id) is None


def _edited(file: Path) -> None:
    file.write_text("Other words.\n")


def _gone(file: Path) -> None:
    file.unlink()


def _binary(file: Path) -> None:
    file.write_bytes(b"\0\1\2" * 99)


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _leading_out(file: Path) -> None:
    secret = file.parents[1] / "secret.txt"
    secret.write_text("A secret of somebody.\n")
    file.unlink()
    file.symlink_to(secret)


def _copied(file: Path) -> None:
    shutil.copyfile(file, file.with_name("other"))
    file.unlink()
    file.with_name("other").rename(file)


@pytest.mark.parametrize(
    ("happens", "text"),
    [
        (_edited, "Other words.\n"),
        (_copied, f"Z. {TEXT}"),
        (_gone, None),
        (_binary, None),
        (_pipe, None),
        (_leading_out, None),
    ],
)
def test_a_file_that_changed_is_read_anew_if_it_can_be(
    place: Path, happens: Callable[[Path], None], text: str | None
) -> None:
    assert now(place) == f"Z. {TEXT}"  # a copy of the corpus, whose files have other stamps
    happens(place / "corpus/zoo.txt")
    assert now(place) == text


def test_a_file_with_the_same_bytes_is_not_read_again(place: Path) -> None:
    _copied(place / "corpus/zoo.txt")
    with opened(Store(place / "corpus/.parallax")) as generation:
        key = next(entry.key for entry in generation.library.entries if entry.id == "zoo.txt")
        assert current(generation, "zoo.txt") is generation.library.document(key)


def test_where_the_whole_folder_is_out_of_reach_what_was_indexed_is_all_there_is(place: Path) -> None:
    folder, store = place / "apart", Store(place / "store")
    write(folder, zoo=TEXT)
    update(folder, store, WordEmbedder())
    folder.rename(place / "away")
    with opened(store) as generation:
        document = current(generation, "zoo.txt")
    assert document is not None
    assert document.text == TEXT
