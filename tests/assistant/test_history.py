"""Conversations in a real SQLite file: two processes, one killed inside of a write, files of no use, hostile ids."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Assistant, Check, Fault, Judgement
from assistant.errors import HistoryUnusable
from assistant.exporting.shape import WrongShape
from assistant.keeping.history import VERSION, History
from assistant.keeping.saved import reopen
from index import Document

ONE, TWO, THREE = "1" * 32, "2" * 32, "ab" * 16
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def answer(sample: Assistant) -> Answer:
    return sample.ask("By how much did trade fall?")


@pytest.fixture
def data(answer: Answer) -> dict[str, Any]:
    return json.loads(json.dumps(answer.to_dict()))


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.sqlite")


def named(data: dict[str, Any], id: str, question: str) -> dict[str, Any]:
    return data | {"id": id, "question": question, "query": question}


def ids(history: History, search: str = "", among: tuple[Any, ...] = (ONE, TWO, THREE)) -> list[str]:
    return [conversation.id for conversation in history.conversations(among, search)]


def test_a_conversation_is_there_after_a_restart_in_the_order_of_its_questions(
    history: History, data: dict[str, Any]
) -> None:
    history.keep(ONE, named(data, "a", "First?"))
    history.keep(TWO, named(data, "b", "Another?"))
    history.keep(ONE, named(data, "c", "Second?"))
    again = History(history.file)
    assert [kept.answer["question"] for kept in again.answers(ONE)] == ["First?", "Second?"]
    assert again.answers(ONE)[0].answer == named(data, "a", "First?")
    found = again.conversations([TWO, ONE])
    assert [(one.id, one.title, one.questions) for one in found] == [(ONE, "First?", 2), (TWO, "Another?", 1)]


def test_a_second_try_takes_the_place_of_the_first_in_its_own_conversation_alone(
    history: History, data: dict[str, Any]
) -> None:
    history.keep(ONE, named(data, "a", "First?"))
    history.keep(TWO, named(data, "a", "First?"))
    history.keep(ONE, named(data, "b", "First?"), replaces="a")
    assert [kept.answer["id"] for kept in history.answers(ONE)] == ["b"]
    assert [kept.answer["id"] for kept in history.answers(TWO)] == ["a"]
    history.drop(ONE, "b")
    assert ids(history) == [TWO]


def test_search_finds_words_of_questions_and_of_quotes_and_nothing_of_others(
    history: History, data: dict[str, Any]
) -> None:
    history.keep(ONE, named(data, "a", "Does the zeppelin land?"))
    history.keep(TWO, named(data, "b", "What of Élodie’s bollards?"))
    assert ids(history, "zeppel") == [ONE]
    assert ids(history, "elodie bollard") == [TWO]
    assert ids(history, "zeppelin bollards") == []
    assert ids(history, "zeppelin", among=(TWO,)) == []
    quote = data["citations"][0]["quote"].split()[:4]
    assert set(ids(history, " ".join(quote))) == {ONE, TWO}
    assert "zeppelin" in history.conversations([ONE], "zeppelin")[0].found


@pytest.mark.parametrize("search", ['"', "a OR", "NEAR(", "*", "said:x", "' OR 1=1 --", "\0", "\ud800", "-", "^a"])
def test_a_search_is_words_and_never_a_query(history: History, data: dict[str, Any], search: str) -> None:
    history.keep(ONE, named(data, "a", "First?"))
    ids(history, search)


def test_renamed_and_deleted_with_all_that_was_said(history: History, data: dict[str, Any]) -> None:
    history.keep(ONE, named(data, "a", "Does the zeppelin land?"))
    history.keep(TWO, named(data, "b", "Another?"))
    history.rename(ONE, "  Air\nships \ud800 ")
    assert history.conversations([ONE])[0].title == "Air ships ?"
    history.rename(ONE, "   ")
    assert history.conversations([ONE])[0].title == "Air ships ?"
    history.delete(ONE)
    assert ids(history) == [TWO]
    assert history.answers(ONE) == ()
    left = b"".join(file.read_bytes() for file in history.file.parent.iterdir() if file.is_file())
    assert b"zeppelin" not in left
    assert b"Another?" in left


@pytest.mark.parametrize(
    "id", ["", "1", "1" * 31, "1" * 33, "G" * 32, "A" * 32, "1" * 31 + "\n", "%" * 32, None, 7, []]
)
def test_an_id_that_is_none_finds_and_keeps_nothing(history: History, data: dict[str, Any], id: Any) -> None:
    history.keep(ONE, data)
    assert history.answers(id) == ()
    assert history.conversations([id]) == ()
    for act in (
        lambda: history.keep(id or "", data),
        lambda: history.delete(id or ""),
        lambda: history.rename(id or "", "x"),
    ):
        with pytest.raises(ValueError):
            act()
    assert ids(history) == [ONE]


def test_when_it_is_full_the_conversations_used_last_stay(tmp_path: Path, data: dict[str, Any]) -> None:
    many = [f"{number:032x}" for number in range(30)]
    history = History(tmp_path / "history.sqlite", most_bytes=250_000)
    for id in many:
        history.keep(id, named(data, "a", f"Question {id}?"))
    left = ids(history, among=tuple(many))
    assert left == list(reversed(many))[: len(left)]
    assert 0 < len(left) < 30
    assert history.made_room == 30 - len(left)
    assert history.file.stat().st_size < 350_000


def test_only_its_owner_may_read_the_file(history: History) -> None:
    assert history.file.stat().st_mode & 0o077 == 0


# ── Several processes ────────────────────────────────────────────────────────────────────────────────────────────────

WRITER = textwrap.dedent(
    """
    import json, sys
    from pathlib import Path
    from assistant.keeping.history import History
    history, data = History(Path(sys.argv[1])), json.load(open(sys.argv[2]))
    for number in range(int(sys.argv[4])):
        history.keep(sys.argv[3], data | {"id": f"{sys.argv[3][0]}{number}"})
        print(number, flush=True)
    """
)
HALF = textwrap.dedent(
    """
    import json, sys, time
    from pathlib import Path
    from assistant.keeping.history import History
    history, data = History(Path(sys.argv[1])), json.load(open(sys.argv[2]))
    with history._writing(sys.argv[3]) as database:
        database.execute("INSERT INTO conversations VALUES (?, 'half', '', 9)", (sys.argv[3],))
        database.execute("PRAGMA cache_spill = 1")
        for number in range(200):
            database.execute("INSERT INTO answers (conversation, id, asked, answer) VALUES (?, ?, '', ?)",
                             (sys.argv[3], str(number), json.dumps(data)))
        print("half", flush=True)
        time.sleep(600)
    """
)


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path: Path, data: dict[str, Any]) -> None:
    file, given = tmp_path / "history.sqlite", tmp_path / "answer.json"
    given.write_text(json.dumps(data))
    writers = [start(WRITER, file, given, id, 20) for id in (ONE, TWO)]
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    history = History(file)
    assert [kept.answer["id"] for kept in history.answers(ONE)] == [f"1{number}" for number in range(20)]
    assert len(history.answers(TWO)) == 20


def test_a_process_killed_inside_of_a_write_leaves_what_was_there(tmp_path: Path, data: dict[str, Any]) -> None:
    file, given = tmp_path / "history.sqlite", tmp_path / "answer.json"
    given.write_text(json.dumps(data))
    History(file).keep(ONE, data)
    writer = start(HALF, file, given, TWO)
    assert writer.stdout
    assert writer.stdout.readline() == "half\n"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait(60)
    writer.stdout.close()
    history = History(file)
    assert ids(history) == [ONE]
    assert [kept.answer for kept in history.answers(ONE)] == [data]
    history.keep(TWO, data)
    assert ids(history) == [TWO, ONE]


# ── Files of no use ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_damaged_file_is_one_clear_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    file.write_bytes(b"not a database at all " * 500)
    with pytest.raises(HistoryUnusable, match=r"^Conversations are not kept: .*It is damaged\. Move it away"):
        History(file)
    assert file.read_bytes() == b"not a database at all " * 500


def test_damage_in_the_middle_of_a_file_is_found_when_it_is_opened(history: History, data: dict[str, Any]) -> None:
    for number in range(30):
        history.keep(ONE, named(data, f"{number}", "First?"))
    size = history.file.stat().st_size
    with history.file.open("r+b") as file:
        for at in range(size // 4, size // 2, 4096):
            file.seek(at // 4096 * 4096)
            file.write(b"\xff" * 4096)
    with pytest.raises(HistoryUnusable, match="It is damaged"):
        History(history.file)


def test_a_file_of_a_newer_version_is_left_alone(history: History, data: dict[str, Any]) -> None:
    history.keep(ONE, data)
    with sqlite3.connect(history.file) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(HistoryUnusable, match=rf"newer version of Parallax \(format {VERSION + 1}\)"):
        History(history.file)
    with pytest.raises(HistoryUnusable):
        history.keep(ONE, data)


def test_a_file_that_cannot_be_opened_or_written_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(HistoryUnusable, match="It cannot be opened"):
        History(tmp_path / "folder")
    with pytest.raises(HistoryUnusable, match="It cannot be opened"):
        History(tmp_path / "nowhere" / "history.sqlite")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_one_clear_sentence(history: History) -> None:
    history.file.chmod(0o400)
    with pytest.raises(HistoryUnusable, match="It cannot be written to"):
        History(history.file)


def test_data_that_are_no_answer_are_left_out(history: History, data: dict[str, Any]) -> None:
    history.keep(ONE, named(data, "a", "First?"))
    history.keep(ONE, named(data, "b", "Second?"))
    with sqlite3.connect(history.file) as database:
        database.execute("UPDATE answers SET answer = '{\"schema\": 1}' WHERE id = 'a'")
    assert [kept.answer["id"] for kept in history.answers(ONE)] == ["b"]


# ── Opened again ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_saved_answer_is_the_answer_that_was_given(sample: Assistant, answer: Answer, data: dict[str, Any]) -> None:
    reopened = reopen(data, sample.corpus.current)
    assert reopened.doubts == ()
    assert reopened.answer.to_dict() == data
    assert [entry.quote for entry in reopened.answer.citations] == [entry.quote for entry in answer.citations]
    assert [entry.proof for entry in reopened.answer.citations] == [entry.proof for entry in answer.citations]


def test_each_citation_is_held_against_its_document_as_it_is_now(sample: Assistant, data: dict[str, Any]) -> None:
    first = data["citations"][0]["document"]
    others = [entry["document"] for entry in data["citations"] if entry["document"] != first]

    def look(id: str) -> Document | None:
        document = sample.corpus.current(id)
        if document is None or id == others[0]:
            return None
        return replace(document, text=f"A new beginning.\n\n{document.text}") if id == first else document

    reopened = reopen(data, look)
    checks = {entry.document.id: entry.check for entry in reopened.answer.citations}
    assert checks[first] is Check.MOVED
    assert checks[others[0]] is Check.FAILED
    assert all(check is Check.EXACT for id, check in checks.items() if id not in (first, others[0]))
    said = " ".join(str(doubt) for doubt in reopened.doubts)
    assert f"{first} has changed; this quote now stands at characters" in said
    assert f"no longer stands in {others[0]}" in said


@pytest.mark.parametrize(
    ("place", "value"),
    [("start", 10**12), ("end", 3), ("score", None), ("perspectives", [{"id": "x"}]), ("voice", {"kind": "god"})],
)
def test_data_that_were_tampered_with_are_refused(
    sample: Assistant, data: dict[str, Any], place: str, value: Any
) -> None:
    data["citations"][0][place] = value
    with pytest.raises(WrongShape):
        reopen(data, sample.corpus.current)


def test_a_conversation_branches_before_a_question_and_stays_as_it_was(history: History, data: dict[str, Any]) -> None:
    for id, question in (("a", "First quince?"), ("b", "Second?"), ("c", "Third?")):
        history.keep(ONE, named(data, id, question))
    history.branch(ONE, TWO, "b", "Otherwise?")
    history.keep(TWO, named(data, "d", "Otherwise?"))
    assert [kept.answer["id"] for kept in history.answers(ONE)] == ["a", "b", "c"]
    assert [kept.answer["id"] for kept in history.answers(TWO)] == ["a", "b", "d"]
    assert [one.title for one in history.conversations([ONE, TWO])] == ["Otherwise?", "First quince?"]
    assert ids(history) == [TWO, ONE]
    assert set(ids(history, "quince")) == {ONE, TWO}
    history.delete(ONE)
    assert [kept.answer["id"] for kept in history.answers(TWO)] == ["a", "b", "d"]


@pytest.mark.parametrize(("until", "of"), [(None, ONE), ("unknown", ONE), ("a", THREE)])
def test_a_branch_of_what_is_not_known_begins_empty(
    history: History, data: dict[str, Any], until: str | None, of: str
) -> None:
    history.keep(ONE, named(data, "a", "First?"))
    history.branch(of, TWO, until, "Otherwise?")
    assert ids(history) == [ONE]


def test_what_is_said_of_an_answer_is_kept_changed_and_taken_back(history: History, data: dict[str, Any]) -> None:
    history.keep(ONE, named(data, "a", "First?"))
    history.judge(ONE, "a", Judgement(useful=True))
    history.judge(ONE, "a", Judgement(False, Fault.VOICE, "It was \0 Holm."))
    said = History(history.file).judgements(ONE)["a"]
    assert (said.useful, said.fault, said.words) == (False, Fault.VOICE, "It was   Holm.")
    assert said.given.endswith("Z")
    (one,) = history.judged()
    assert (
        one.to_dict().items() >= {"answer": "a", "question": "First?", "useful": False, "reason": "wrong_voice"}.items()
    )
    history.judge(ONE, "a", None)
    assert history.judged() == []


@pytest.mark.parametrize(
    ("conversation", "id", "words"), [(TWO, "a", ""), (ONE, "b", ""), ("x", "a", ""), (ONE, "a", "x" * 501)]
)
def test_only_of_a_known_answer_can_something_be_said_and_not_too_much(
    history: History, data: dict[str, Any], conversation: str, id: str, words: str
) -> None:
    history.keep(ONE, named(data, "a", "First?"))
    with pytest.raises(ValueError, match=r"."):
        history.judge(conversation, id, Judgement(useful=True, words=words))
    assert history.judged() == []


def test_an_answer_in_two_conversations_is_judged_once_and_its_judgement_goes_with_the_last_of_them(
    history: History, data: dict[str, Any]
) -> None:
    history.keep(ONE, named(data, "a", "First?"))
    history.judge(ONE, "a", Judgement(useful=True))
    history.branch(ONE, TWO, "a", "Otherwise?")
    assert history.judgements(TWO).keys() == {"a"}
    assert len(history.judged()) == 1
    history.delete(ONE)
    assert len(history.judged()) == 1
    history.delete(TWO)
    assert history.judged() == []


def test_a_file_of_the_first_format_is_brought_up_to_date(history: History, data: dict[str, Any]) -> None:
    history.keep(ONE, named(data, "a", "First?"))
    with sqlite3.connect(history.file) as database:
        database.executescript(
            "DROP TRIGGER judgement_goes; DROP TABLE judgements; DROP INDEX answers_by_id; PRAGMA user_version = 1;"
        )
    database.close()
    again = History(history.file)
    again.judge(ONE, "a", Judgement(useful=True))
    assert again.judgements(ONE)["a"].useful
    assert [kept.answer["id"] for kept in again.answers(ONE)] == ["a"]
