"""`parallax feedback` as its users run it: what readers said on the page, counted, and all of it as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import Fault, History, Judgement
from tests.command import parallax

ID = "ab" * 16


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a corpus of two documents is indexed."""
    home = tmp_path_factory.mktemp("feedback")
    (home / "corpus").mkdir()
    (home / "corpus" / "dockers.txt").write_text("The crane must be mended before winter, the dockers write.\n")
    parallax("index", home / "corpus", "--store", home / "store", home=home)
    return home


def test_nothing_said_is_told_in_a_sentence_and_makes_no_file(home: Path) -> None:
    told = parallax("feedback", "--store", home / "store", home=home).stdout
    assert told == "Nothing was said of any answer.\n"
    assert not (home / "store" / "history.sqlite").exists()
    assert json.loads(parallax("feedback", "--store", home / "store", "--json", home=home).stdout) == []


def test_what_readers_said_is_counted_and_printed(home: Path) -> None:
    answer = json.loads(parallax("ask", "Who writes?", "--store", home / "store", "--json", home=home).stdout)
    history = History(home / "store" / "history.sqlite")
    for number, (question, said) in enumerate(
        (
            ("Who writes?", Judgement(useful=True)),
            ("Who paints?", Judgement(False, Fault.ONE_SIDED, "Only \x1b[31mdockers\x1b[0m.")),
            ("Who sails?", Judgement(False, Fault.ONE_SIDED)),
        )
    ):
        history.keep(ID, answer | {"id": f"{number:012x}", "question": question})
        history.judge(ID, f"{number:012x}", said)

    told = parallax("feedback", "--store", home / "store", home=home).stdout
    assert told.splitlines()[:3] == ["3 judged: 1 useful, 2 not", "  2 one sided", "- Who paints?"]
    assert "Only" in told
    assert "\x1b" not in told  # a reader steers nobody's terminal
    everything = json.loads(parallax("feedback", "--store", home / "store", "--json", home=home).stdout)
    assert [(one["question"], one["useful"], one["reason"]) for one in everything] == [
        ("Who writes?", True, None),
        ("Who paints?", False, "one_sided"),
        ("Who sails?", False, "one_sided"),
    ]
    history.judge(ID, f"{1:012x}", None)
    assert parallax("feedback", "--store", home / "store", home=home).stdout.startswith("2 judged: 1 useful, 1 not\n")


def test_no_index_is_one_sentence(home: Path) -> None:
    told = parallax("feedback", "--store", home / "nowhere", home=home, code=2).stderr
    assert f"There is no index in {home / 'nowhere'}. Build one with: parallax index FOLDER" in " ".join(told.split())
