"""Whoever prepares the documents, the index is the same. Run: python -m pytest tests/index/test_engines.py"""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from fakes import FragileEmbedder, WordEmbedder, contents, write

from index import Store
from index.embed import Embedder
from index.engines.engines import DEADLY, Here, Job
from index.engines.forker import Forked, Forker
from index.engines.pool import Local
from index.errors import EmbedderUnavailable, EngineUnavailable
from index.update import update

HARBOUR = "".join(f"The harbour of Tarnby was closed on day {day}, said Marit Oskamp. " for day in range(60))


class Counting(Forker):
    """Knows how many it has forked."""

    forks = 0

    def fork(self, corpus: Path, embedder: Embedder) -> Forked:
        self.forks += 1
        return super().fork(corpus, embedder)


@pytest.fixture(scope="module")
def forker() -> Iterator[Counting]:
    """One for all tests: what a process loads before it can prepare anything takes seconds."""
    with Counting() as forker:
        assert forker.is_ready()
        yield forker


@pytest.fixture
def two(forker: Counting) -> Local:
    """Two processes, however little there is to read."""
    forker.forks = 0
    return Local(2, worth=0, forker=forker)


def of_all_kinds(corpus: Path) -> None:
    write(corpus, a=HARBOUR, b=HARBOUR, c="“Go away,” she said. “Now!”\n\nNobody did.", essays__long=HARBOUR * 40)
    (corpus / "empty.txt").touch()
    (corpus / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (corpus / "legacy.txt").write_bytes(
        "Überall schöne Straßen, größer als in Köln und Düsseldorf. ".encode("cp1252") * 9
    )
    (corpus / "titled.md").write_text("---\ntitle: The Harbour Question\n---\nNobody asked the people of Tarnby.\n")
    (corpus / "page.html").write_text(f"<html><body><article><p>{HARBOUR[:900]}</p></article></body></html>")
    for number in range(30):
        write(corpus, **{f"n{number}": f"The lantern of street {number} is mended, the owners write to Marit."})


def everything(store: Store) -> tuple[dict[str, list[Any]], list[bytes]]:
    """All rows of all tables of the library, and the files beside it."""
    (folder,) = (store.folder / "generations").glob("g*")
    with closing(sqlite3.connect(folder / "library.sqlite")) as library:
        names = [name for (name,) in library.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: library.execute(f"SELECT * FROM {name}").fetchall() for name in names if name != "words"}
    assert {"documents", "texts", "voices", "words_data"} <= {*names}
    return rows, [(folder / name).read_bytes() for name in ("matrix.f32", "signs.u64", "passages.i64")]


def test_speakers_stand_in_one_order_whatever_process_wrote_them(corpus: Path, store: Store) -> None:
    people = ("Ada Quill", "Bo Renner", "Cleo Vance", "Dag Ullman", "Eva Storm", "Finn Tarp", "Gus Ivers")
    write(corpus, a="\n\n".join(f"“The harbour is closed again this week,” said {name}." for name in people[::-1]))
    update(corpus, store, WordEmbedder())
    rows, _ = everything(store)
    assert tuple(name for _, name in rows["speakers"]) == people


def test_processes_make_the_very_same_index(
    corpus: Path, store: Store, tmp_path: Path, forker: Counting, two: Local
) -> None:
    of_all_kinds(corpus)
    alone = Store(tmp_path / "alone")
    by_one = update(corpus, alone, WordEmbedder(), engine=Here())
    assert forker.forks == 0
    by_two = update(corpus, store, WordEmbedder(), engine=two)
    assert forker.forks == 2
    assert everything(store) == everything(alone)
    for field in ("plan", "passages", "embedded", "failed", "duplicates", "warnings"):
        assert getattr(by_two, field) == getattr(by_one, field), field
    assert (len(by_two.failed), len(by_two.duplicates), len(by_two.warnings)) == (2, 1, 2)


def test_processes_are_started_only_where_there_is_much_to_read(
    corpus: Path, store: Store, forker: Counting, two: Local
) -> None:
    write(corpus, a=HARBOUR)
    update(corpus, store, WordEmbedder(), engine=Local(2, forker=forker))
    assert forker.forks == 0


@pytest.mark.parametrize(
    ("cores", "host", "forks"),
    [(2, None, 0), (4, None, 4), (2, "embeds.example", 2)],
    ids=["two cores that embed", "four cores", "embedded elsewhere"],
)
def test_processes_are_started_only_where_cores_have_nothing_else_to_do(
    cores: int, host: str | None, forks: int, corpus: Path, forker: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.engines.pool.cores", lambda: cores)
    words = WordEmbedder()
    words.host = host
    forker.forks = 0
    write(corpus, a=HARBOUR)
    (prepared,) = Local(worth=0, forker=forker).prepared(Job(corpus, {"a.txt": 9}, words, frozenset))
    assert prepared.document
    assert forker.forks == forks


def test_a_process_that_is_killed_costs_nothing(corpus: Path, store: Store, tmp_path: Path, two: Local) -> None:
    of_all_kinds(corpus)
    write(corpus, d="There was poison in the well.")
    alone = Store(tmp_path / "alone")
    update(corpus, alone, WordEmbedder(), engine=Here())
    report = update(corpus, store, FragileEmbedder(tmp_path / "counted", deaths=1), engine=two)
    assert (tmp_path / "counted" / "death 1").exists()
    assert everything(store) == everything(alone)
    assert [path for path, _ in report.failed] == ["binary.txt", "empty.txt"]


def test_a_file_that_ends_every_process_that_reads_it_has_failed_and_stops_nothing(
    corpus: Path, store: Store, tmp_path: Path, forker: Counting, two: Local
) -> None:
    fragile = FragileEmbedder(tmp_path / "counted")
    write(corpus, a=HARBOUR, d="There was poison in the well.", z="The last one.")
    report = update(corpus, store, fragile, engine=two)
    assert report.failed == (("d.txt", DEADLY),)
    assert {id for id, *_ in contents(store)} == {"a.txt", "z.txt"}
    assert forker.forks == 4
    # It is not tried again until it, or another file, has changed; and never in this process.
    again = update(corpus, store, fragile, engine=Local(2, forker=forker))
    assert (again.generation, again.failed, forker.forks) == (report.generation, report.failed, 4)
    write(corpus, b="A new one.")
    assert update(corpus, store, fragile, engine=Local(2, forker=forker)).failed == report.failed
    write(corpus, d="The well is clean.")
    assert update(corpus, store, fragile, engine=Local(2, forker=forker)).failed == ()
    assert {id for id, *_ in contents(store)} == {"a.txt", "b.txt", "d.txt", "z.txt"}


def test_what_stops_a_process_for_good_stops_the_run_with_its_sentence(
    corpus: Path, store: Store, tmp_path: Path, forker: Counting, two: Local
) -> None:
    of_all_kinds(corpus)
    write(corpus, d="Some text is unweighable.")
    with pytest.raises(EmbedderUnavailable, match=r"^The weights are gone\. Get them back$"):
        update(corpus, store, FragileEmbedder(tmp_path / "counted"), engine=two)
    assert store.current() is None
    assert forker.forks == 2


def test_only_a_few_documents_lie_ready_however_slowly_they_are_taken(
    corpus: Path, tmp_path: Path, forker: Counting, two: Local
) -> None:
    write(corpus, **{f"n{number:03}": f"Only number {number} of all." for number in range(60)})
    sizes = {f"n{number:03}.txt": 30 for number in range(60)}
    counted = tmp_path / "counted"
    with closing(two.prepared(Job(corpus, sizes, FragileEmbedder(counted), frozenset))) as stream:
        assert next(stream).path == "n000.txt"
        read, before = len(list(counted.iterdir())), -1
        while read != before:
            time.sleep(0.3)
            before, read = read, len(list(counted.iterdir()))
    assert 2 <= read <= 16


def test_an_embedder_that_no_other_process_can_have_is_used_in_this_one(
    corpus: Path, store: Store, forker: Counting, two: Local
) -> None:
    write(corpus, a=HARBOUR)
    calls: list[int] = []
    update(corpus, store, WordEmbedder(on_batch=lambda call: calls.append(call)), engine=two)
    assert calls
    assert forker.forks == 0


def test_processes_that_were_all_ended_are_a_sentence_and_nothing_of_them_is_left(corpus: Path) -> None:
    sizes = {f"n{number:03}.txt": 30 for number in range(60)}
    write(corpus, **{path.removesuffix(".txt"): f"Only {path} of all." for path in sizes})
    with Forker() as forker:
        assert forker.is_ready()
        with closing(
            Local(2, worth=0, forker=forker).prepared(Job(corpus, sizes, WordEmbedder(), frozenset))
        ) as stream:
            assert next(stream).path == "n000.txt"
            assert living(forker.group, 3) == 3
            os.killpg(forker.group, signal.SIGKILL)
            with pytest.raises(EngineUnavailable, match=r"have been ended .*Run the same command again$"):
                list(stream)
    assert living(forker.group, 0) == 0


def living(group: int, wanted: int) -> int:
    """How many processes of a group there are, once there are so many, or after ten seconds. Zombies do not count."""
    until = time.monotonic() + 10
    while True:
        with suppress(OSError):  # one that ends meanwhile
            states = [file.read_text().rpartition(")")[2].split() for file in Path("/proc").glob("[0-9]*/stat")]
            found = sum(int(of) == group and state != "Z" for state, _, of, *_ in states)
            if found == wanted or time.monotonic() > until:
                return found
        time.sleep(0.05)
