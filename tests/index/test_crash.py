"""Kill an update at any moment, and rebuild while others ask. Run: python -m pytest tests/index/test_crash.py

With PARALLAX_SOAK=120 the second test lasts two minutes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes import WordEmbedder, contents, opened, write

from index import Reader, Store
from index.errors import IndexMissing
from index.update import update

HERE = Path(__file__).parent
ENVIRONMENT = {"PYTHONPATH": f"{HERE.parents[1]}:{HERE.parent}"}
MOMENTS = 40
BATCH = 4  # passages


class Driver:
    """A process that forks one process for each update."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._line() == "ready"

    def start(self, **request: object) -> int:
        """Begin an update; returns the number of its process."""
        self._tell(json.dumps(request, default=str))
        return int(self._line())

    def outcome(self) -> tuple[int, str]:
        """Wait for the end of the update: exit code (below 0: the signal that killed it), and what it said."""
        self._tell("")
        code, said = json.loads(self._line())
        return code, said

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def driver() -> Iterator[Driver]:
    with subprocess.Popen(
        [sys.executable, str(HERE / "driver.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | ENVIRONMENT,
    ) as process:
        yield Driver(process)


def text(subject: str, sentences: int = 60) -> str:
    return "".join(
        f"The {subject} was discussed at session number{at} of the board of {subject}. " for at in range(sentences)
    )


BEFORE = {subject: text(subject) for subject in ("harbour", "bridge", "ferry", "lighthouse", "market", "tunnel")}
AFTER = {
    **{subject: BEFORE[subject] for subject in ("harbour", "bridge")},
    "ferry": BEFORE["ferry"] + "The ferry was saved.",
    "quay": text("quayside"),
    "comet": text("comet"),
    "renamed": BEFORE["market"],
}  # lighthouse edited away, market renamed, tunnel deleted


def exact(
    store: Store,
) -> tuple[list[list[int]], bytes, list[tuple[int, float]], list[tuple[str, int, int, str, bytes]]]:
    """Rows, matrix, what Chroma holds, and the passages with their texts and vectors."""
    with opened(store) as generation:
        table, matrix = generation.library.passage_table, generation.matrix
        nearest = sorted(generation.vectors.nearest(matrix[0], len(table)))
        held = table.tolist(), matrix.tobytes(), [(key, round(score, 3)) for key, score in nearest]
    return *held, contents(store)


def answers(store: Store) -> list[str]:
    """The documents that a question brings up, with every hit checked against its slice."""
    reader = Reader(store, WordEmbedder())
    with reader.pinned() as (generation, retriever):
        hits = retriever.search("Which session discussed the ferry?", k=50)
        assert generation.vectors.count() == len(generation.library.passage_table)
    reader.close()
    assert hits
    assert all(hit.passage.text == hit.passage.document.text[hit.passage.start : hit.passage.end] for hit in hits)
    return sorted({hit.passage.document.id for hit in hits})


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_old_or_the_new_generation_and_costs_at_most_one_batch(
    corpus: Path, tmp_path: Path
) -> None:
    seed = random.Random(5)
    slow = {"corpus": corpus, "batch": BATCH, "delay": 0.005}
    with driver() as updates:
        write(corpus, **BEFORE)
        base = Store(tmp_path / "base")
        updates.start(**slow, store=base.folder, log=tmp_path / "log")
        assert updates.outcome() == (0, "done")
        old = exact(base)

        for path in corpus.iterdir():
            path.unlink()
        write(corpus, **AFTER)
        expected, seconds = {}, {"update": 9.0, "first build": 9.0}
        for begin in ("update", "first build") * 3:
            whole = tmp_path / "whole"
            if begin == "update":
                shutil.copytree(base.folder, whole)
            begun = time.monotonic()
            updates.start(**slow, store=whole, log=tmp_path / "log")
            assert updates.outcome() == (0, "done")
            seconds[begin] = min(seconds[begin], time.monotonic() - begun)
            expected[begin] = exact(Store(whole))
            shutil.rmtree(whole)

        ends: Counter[str] = Counter()
        for moment in range(MOMENTS):
            begin = "first build" if moment % 4 == 0 else "update"
            store, log = Store(tmp_path / f"store{moment}"), tmp_path / f"log{moment}"
            if begin == "update":
                shutil.copytree(base.folder, store.folder)
            process = updates.start(**slow, store=store.folder, log=log)
            time.sleep(seed.uniform(0, seconds[begin]))
            os.kill(process, signal.SIGKILL)
            code, _ = updates.outcome()
            assert code in (0, -signal.SIGKILL)

            published = store.current() is not None and (begin == "first build" or store.current() != base.current())
            ends[f"{begin}, {'published' if published else 'not published'}"] += 1
            if published:
                assert exact(store) == expected[begin]
            elif begin == "update":
                assert exact(store) == old
            else:
                with pytest.raises(IndexMissing):
                    store.open()
            if published or begin == "update":
                assert "ferry.txt" in answers(store)

            updates.start(**slow, store=store.folder, log=log)
            assert updates.outcome() == (0, "done")
            assert exact(store) == expected[begin]
            times = Counter(log.read_text().split() if log.exists() else [])
            assert sum(count - 1 for count in times.values()) <= BATCH
            assert len(list((store.folder / "generations").iterdir())) == 1
            shutil.rmtree(store.folder)
    print(dict(ends), seconds)
    assert ends["update, not published"] >= MOMENTS // 4  # or the moments were not spread over the run


@pytest.mark.slow
def test_four_processes_ask_while_one_rebuilds_and_no_answer_fails_or_is_wrong(corpus: Path, store: Store) -> None:
    seconds = float(os.environ.get("PARALLAX_SOAK", "15"))

    def publish(number: int) -> None:
        for id in "ab":
            write(corpus, **{id: f"The tide gauge at quay {id} shows {number}"})
        update(corpus, store, WordEmbedder())

    write(corpus, **{subject: BEFORE[subject] for subject in ("harbour", "bridge")})
    publish(0)
    command = [sys.executable, str(HERE / "asking.py"), str(store.folder), str(seconds)]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | ENVIRONMENT) for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    number, over = 0, time.monotonic() + seconds
    while time.monotonic() < over:
        number += 1
        publish(number)
    told = [json.loads(process.communicate()[0]) for process in processes]
    print(number, told)
    assert [process["wrong"] for process in told] == [[], [], [], []]
    assert min(process["asked"] for process in told) > seconds
    assert min(process["generations"] for process in told) > seconds / 3
    publish(number + 1)
    with store.writing():
        assert [path.name for path in (store.folder / "generations").iterdir()] == [store.current()]
    assert list((store.folder / "readers").iterdir()) == []
