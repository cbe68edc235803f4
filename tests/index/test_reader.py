"""A store in, its newest generation out, between two questions. Run: python -m pytest tests/index/test_reader.py"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordEmbedder, write

from index import Reader, Store
from index.errors import BadLabels, IndexMissing, WrongEmbedder
from index.update import update


@pytest.fixture
def reader(corpus: Path, store: Store) -> Iterator[Reader]:
    write(corpus, a="The harbour is closed.")
    update(corpus, store, WordEmbedder())
    reader = Reader(store, WordEmbedder())
    yield reader
    reader.close()


def answer(reader: Reader) -> tuple[str, ...]:
    with reader.pinned() as (_, retriever):
        return tuple(hit.passage.text for hit in retriever.search("harbour", k=5))


def generations(store: Store) -> set[str]:
    return {path.name for path in (store.folder / "generations").iterdir()}


def test_a_reader_moves_to_a_new_generation_between_two_questions(reader: Reader, corpus: Path, store: Store) -> None:
    assert answer(reader) == ("The harbour is closed.",)
    write(corpus, a="The harbour is open.")
    update(corpus, store, WordEmbedder())
    assert answer(reader) == ("The harbour is open.",)


def test_who_is_in_the_middle_of_a_question_keeps_the_generation_it_began_with(
    reader: Reader, corpus: Path, store: Store
) -> None:
    with reader.pinned() as (before, retriever):
        write(corpus, a="The harbour is open.")
        update(corpus, store, WordEmbedder())
        assert answer(reader) == ("The harbour is open.",)
        assert retriever.search("harbour")[0].passage.text == "The harbour is closed."
        assert before.name in generations(store)
        with reader.pinned() as (after, _):
            assert after.name != before.name
    with store.writing():
        pass
    assert generations(store) == {after.name}


def test_two_questions_at_once_share_a_generation_and_the_last_one_closes_it(
    reader: Reader, corpus: Path, store: Store
) -> None:
    with reader.pinned() as (_, first):
        with reader.pinned():
            write(corpus, a="The harbour is open.")
            update(corpus, store, WordEmbedder())
            answer(reader)
        assert first.search("harbour")[0].passage.text == "The harbour is closed."


def test_threads_ask_while_generations_come_and_go(reader: Reader, corpus: Path, store: Store) -> None:
    over = threading.Event()
    wrong: list[object] = []

    def ask() -> None:
        while not over.is_set():
            try:
                found = answer(reader)
            except BaseException as error:  # noqa: BLE001
                wrong.append(error)
                return
            if len(found) != 1 or "harbour" not in found[0]:
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(12):
        write(corpus, a=f"The harbour is closed for {number} days.")
        update(corpus, store, WordEmbedder())
    over.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert answer(reader) == ("The harbour is closed for 11 days.",)


def test_a_closed_reader_keeps_no_generation(corpus: Path, store: Store) -> None:
    write(corpus, a="The harbour is closed.")
    update(corpus, store, WordEmbedder())
    closed = Reader(store, WordEmbedder())
    answer(closed)
    closed.close()
    write(corpus, a="The harbour is open.")
    update(corpus, store, WordEmbedder())
    assert generations(store) == {store.current()}


def test_a_new_label_shows_in_the_next_retrieval_and_writes_no_file_of_the_generation(
    reader: Reader, corpus: Path, store: Store
) -> None:
    def files() -> dict[str, tuple[int, str]]:
        return {
            str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
            for path in (store.folder / "generations").rglob("*")
            if path.is_file()
        }

    with reader.pinned() as (generation, retriever):
        assert retriever.perspectives_of("a.txt") == ("unlabelled",)
        before = retriever.labels
    unchanged, name = files(), generation.name
    label = '[perspectives.port]\nlabel = "Port"\n[[source]]\nmatch = "*"\nperspective = "port"\n'
    (corpus / "sources.toml").write_text(label)
    with reader.pinned() as (generation, retriever):
        assert retriever.perspectives_of("a.txt") == ("port",)
        assert retriever.labels != before
        assert generation.name == name
    assert files() == unchanged


def test_wrong_labels_are_an_error_until_they_are_mended(reader: Reader, corpus: Path) -> None:
    (corpus / "sources.toml").write_text("[[source]")
    with pytest.raises(BadLabels):
        answer(reader)
    (corpus / "sources.toml").unlink()
    assert answer(reader) == ("The harbour is closed.",)


def test_there_is_no_reader_without_an_index(store: Store) -> None:
    with pytest.raises(IndexMissing):
        Reader(store, WordEmbedder())


def test_a_reader_with_another_embedder_is_refused(reader: Reader, corpus: Path, store: Store) -> None:
    with pytest.raises(WrongEmbedder, match="built with the embedding model words, and other is set now"):
        Reader(store, WordEmbedder("other"))
    write(corpus, a="The harbour is open.")
    update(corpus, store, WordEmbedder())
    assert generations(store) >= {store.current()}


def test_an_index_rebuilt_with_another_embedder_is_refused_by_an_open_reader(
    reader: Reader, corpus: Path, store: Store
) -> None:
    update(corpus, store, WordEmbedder("other"), rebuild=True)
    with pytest.raises(WrongEmbedder):
        answer(reader)
    update(corpus, store, WordEmbedder(), rebuild=True)
    assert answer(reader) == ("The harbour is closed.",)
