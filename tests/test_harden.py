"""The rows of `make harden` at their smallest, and that they notice what they are there for.

Not here, because they take longer than five seconds at any size: writing (processes that load everything), load (two
servers), clock (twenty commands a round), chroma (a server that starts again and again); of kills those of index, publish
and pull, of disk all but the two that are quick, of hostile the command line.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.harden import disk, files, hostile, kills, model
from tests.harden.mutating import mutated
from tests.harden.options import Options
from tests.harden.row import Row, Tally, table

TINY = {"kills": 1, "mutated": 12, "fills": 2, "questions": 6, "attacks": 1}


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(tmp_path / "no data", tmp_path / "work", **TINY)


@pytest.fixture(autouse=True)
def work(options: Options) -> None:
    options.work.mkdir()


def holds(row: Row) -> None:
    assert row.told == ()
    assert row.verdict == "holds"
    assert row.done


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> kills.Stage:
    return kills.Stage(tmp_path_factory.mktemp("stage"))


def test_a_kill_loses_nothing(options: Options, stage: kills.Stage) -> None:
    holds(kills.tried(options, {"update": stage.trial("update"), "history": kills.history}))


def test_a_publishing_that_points_first_is_noticed(options: Options, stage: kills.Stage) -> None:
    tally = Tally()
    kills.one(stage.killed("update", 60, "tests.harden.broken"), "update", options.work, 1, tally)
    assert tally.wrong
    assert "is damaged" in "".join(tally.row("kills").told)


def test_an_answer_that_is_said_to_be_kept_and_is_not_is_noticed(options: Options) -> None:
    broken = partial(kills.history, module="tests.harden.broken_history")
    assert kills.tried(replace(options, kills=3), {"history": broken}).lost


def test_a_disk_that_fills_loses_nothing(options: Options) -> None:
    holds(disk.run(options, ("history", "labels")))


def test_mutated_files_are_indexed_or_told(options: Options) -> None:
    sample = Path(__file__).parents[1] / "index" / "sample"
    holds(files.tried(options, sorted(sample.glob("*.[mth]*"))))


def test_a_model_that_fails_leaves_checked_sentences_or_the_digest_with_its_reason(options: Options) -> None:
    holds(model.run(options))


def test_what_a_model_made_up_would_be_noticed(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"question": "Who?", "mode": "generated", "citations": [], "nearest": [], "claims": [], "reason": None}
    tally = Tally()
    model.look(None, "page", "Who?", said | {"claims": [{"text": "SENTINEL", "citations": []}]}, tally)  # type: ignore[arg-type]
    assert tally.wrong == 3


def test_hostile_words_act_nowhere(options: Options) -> None:
    holds(hostile.run(options, commands=False))


def test_words_that_act_would_be_noticed() -> None:
    tally = Tally()
    hostile.markup("<p onclick=x><a href='javascript:y'>z</a><script></script>", "a page", "x", tally)
    hostile.plain("\x1b[2J", "a terminal", "x", tally)
    hostile.markdown("<b>", "x", tally)
    hostile.markdown(r"\\<b>", "x", tally)
    hostile.markdown("[x](y)", "x", tally)
    hostile.markdown(r"\<b\> \[x\]\(y\)", "x", tally)  # these do not
    assert tally.wrong == 5


def test_the_same_seed_makes_the_same_files_on_any_day(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = sorted((Path(__file__).parents[1] / "index" / "sample").glob("*.txt"))
    made = mutated(sample, 40, 3)
    assert any(name.endswith("-packed.docx") for name, _ in made)
    assert len({name for name, _ in made}) == 40
    assert mutated(sample, 40, 4) != made
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert mutated(sample, 40, 3) == made


def test_a_traceback_is_no_sentence_and_neither_are_two_lines() -> None:
    tally = Tally()
    tally.heard("The disk is full. Free some space.", "a command")
    assert tally.untold == 0
    for said in (
        "",
        "Traceback (most recent call last):\n",
        "one\ntwo",
        "sqlite3.OperationalError: database is locked",
    ):
        tally.heard(said, "a command")
    assert tally.untold == 4
    row = tally.row("disk")
    assert row.verdict == "FAILS"
    assert "FAILS" in table([row])
    assert os.linesep.join(row.told).count("untold") == 4
