"""The passage table as a file beside the matrix. Run: python -m pytest tests/index/test_passage_table.py"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder, contents, opened, write

from index import Reader, Store
from index.errors import StoreDamaged
from index.library import Library
from index.passage_table import FILE, read
from index.passage_table import write as write_table
from index.sharing.publish import publish
from index.sharing.pull import pull
from index.update import update

TABLE = np.array([[1, 1, 0, 40], [2, 1, 40, 61], [7, 5, 0, 9]], np.int64)


@pytest.fixture
def built(corpus: Path, store: Store) -> Store:
    write(corpus, a="The harbour is closed.", b="The bridge is open. " * 200)
    update(corpus, store, WordEmbedder())
    return store


def file_of(store: Store) -> Path:
    return store.folder / "generations" / str(store.current()) / FILE


def asked_of_sqlite(store: Store) -> list[list[int]]:
    library = Library(file_of(store).with_name("library.sqlite"))
    try:
        return library.passage_table.tolist()
    finally:
        library.close()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_what_is_written_is_read_back_as_the_library_has_it(count: int, tmp_path: Path) -> None:
    write_table(tmp_path / FILE, np.asfortranarray(TABLE[:count]))
    found = read(tmp_path / FILE, count)
    assert found is not None
    assert found.tolist() == TABLE[:count].tolist()
    assert found.dtype == np.int64
    assert found[:, 0].flags.c_contiguous  # a column is searched as it lies


def test_a_table_of_another_number_of_passages_is_not_read(tmp_path: Path) -> None:
    write_table(tmp_path / FILE, TABLE)
    for count in (0, 2, 4):
        with pytest.raises(ValueError, match="shape"):
            read(tmp_path / FILE, count)


def test_every_run_writes_it_and_readers_do_not_ask_sqlite(built: Store, corpus: Path) -> None:
    for change in ({}, {"c": "The tunnel is flooded."}, {"a": "The harbour is open."}):
        write(corpus, **change)
        (corpus / "b.txt").unlink(missing_ok="a" in change)
        update(corpus, built, WordEmbedder())
        with opened(built) as generation:
            table = generation.library.passage_table
            assert table.tolist() == asked_of_sqlite(built)
            assert not table.flags.writeable  # mapped
        (corpus / "b.txt").write_text("The bridge is open. " * 200)


def test_a_generation_of_an_older_version_answers_as_well_and_the_next_one_has_it(built: Store, corpus: Path) -> None:
    before = contents(built)
    file_of(built).unlink()
    assert contents(built) == before
    write(corpus, c="The tunnel is flooded.")
    update(corpus, built, WordEmbedder())
    assert file_of(built).exists()
    assert len(contents(built)) == len(before) + 1


def test_whoever_pulls_a_copy_has_the_same_one(built: Store, tmp_path: Path) -> None:
    copy = Store(tmp_path / "copy")
    publish(built, str(tmp_path / "place"))
    pull(str(tmp_path / "place"), copy)
    assert file_of(copy).read_bytes() == file_of(built).read_bytes()


def flipped(at: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[:5], id="no checksum"),
        pytest.param(lambda data: data[:-3], id="half a number"),
        pytest.param(lambda data: data[:-32], id="a passage too few"),
        pytest.param(lambda data: data + data[-32:], id="a passage too many"),
        pytest.param(lambda data: bytes(len(data)), id="all nought"),
        pytest.param(flipped(0), id="checksum"),
        pytest.param(flipped(8), id="first key"),
        pytest.param(flipped(-2), id="last end"),
    ],
)
def test_a_table_that_is_damaged_is_refused_with_a_remedy_that_works(
    damage: Callable[[bytes], bytes], built: Store, corpus: Path
) -> None:
    before, file = contents(built), file_of(built)
    file.write_bytes(damage(file.read_bytes()))
    for refused in (built.open, lambda: Reader(built, WordEmbedder()), lambda: update(corpus, built, WordEmbedder())):
        with pytest.raises(StoreDamaged, match=r"passage table of g000001 cannot be read\. Build it anew .*--rebuild$"):
            refused()
    update(corpus, built, WordEmbedder(), rebuild=True)
    assert contents(built) == before


def test_a_refused_table_keeps_no_lock(built: Store, corpus: Path) -> None:
    file_of(built).write_bytes(b"")
    with pytest.raises(StoreDamaged):
        built.open()
    update(corpus, built, WordEmbedder(), rebuild=True)
    assert not file_of(built).parent.with_name("g000001").exists()  # swept away, as nobody holds it


def test_a_table_that_is_not_the_librarys_is_never_published(
    corpus: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved(file: Path, table: np.ndarray) -> None:
        write_table(file, table + np.array([0, 0, 1, 0]))

    monkeypatch.setattr("index.build.passage_table.write", moved)
    write(corpus, a="The harbour is closed.")
    with pytest.raises(StoreDamaged, match="not the library's"):
        update(corpus, store, WordEmbedder())
    assert store.current() is None
