"""Watched questions over a real index that changes: what is told, what is none, and what goes wrong with one alone."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant
from assistant.errors import BadQuestion, NotWatched, TooManyWatched, UnknownPerspective, WatchUnusable
from assistant.watching.changes import Kind
from assistant.watching.watched import MOST_NEWS, VERSION, WatchedQuestions
from index import Filter, Reader, Store
from index.update import update

ROOT = Path(__file__).parents[2]
QUESTION = "How many cars does the ferry of Marrowby carry?"
LABELS = """
version = 1
[perspectives.ferry]
label = "Ferry friends"
[perspectives.bridge]
label = "Bridge builders"
[[source]]
match = "ferry*.txt"
perspective = "ferry"
[[source]]
match = "bridge*.txt"
perspective = "bridge"
"""
FERRY = "The ferry of Marrowby carries 40 cars every day, and the ferry of Marrowby is loved.\n"
BRIDGE = "The ferry of Marrowby carries 12 cars every day, and a bridge would carry more cars.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = write(tmp_path / "corpus", ferry=FERRY, moon="An owl was heard over the orchard until morning.\n")
    (folder / "sources.toml").write_text(LABELS)
    return folder


@pytest.fixture
def assistant(corpus: Path, tmp_path: Path) -> Iterator[Assistant]:
    update(corpus, Store(tmp_path / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(tmp_path / "store"), WordEmbedder()))
    yield assistant
    assistant.close()


@pytest.fixture
def watched(tmp_path: Path) -> WatchedQuestions:
    return WatchedQuestions(tmp_path / "watched.sqlite")


def kinds(watched: WatchedQuestions, assistant: Assistant) -> list[str]:
    return [change["kind"] for news in watched.check(assistant).news for change in news.changes]


def test_nothing_changed_where_neither_documents_nor_labels_did(
    assistant: Assistant, watched: WatchedQuestions
) -> None:
    watched.add(assistant, QUESTION)
    for _ in range(3):
        found = watched.check(assistant)
        assert (found.news, found.failed, found.checked, found.left) == ((), (), 1, 0)


def test_a_document_that_has_nothing_on_the_question_is_no_change(
    assistant: Assistant, watched: WatchedQuestions, corpus: Path
) -> None:
    watched.add(assistant, QUESTION)
    before = assistant.corpus.status().generation
    write(corpus, night="The night was long, and nobody was there to tell of it.\n")
    assistant.corpus.update()
    assert assistant.corpus.status().generation != before
    asked = watched.questions()[0].asked
    assert kinds(watched, assistant) == []
    assert watched.questions()[0].asked >= asked


def test_another_side_that_comes_into_the_corpus_is_told_once_with_passages_that_stand(
    assistant: Assistant, watched: WatchedQuestions, corpus: Path
) -> None:
    watched.add(assistant, QUESTION)
    write(corpus, bridge=BRIDGE)
    assistant.corpus.update()
    (news,) = watched.check(assistant).news
    assert [change["kind"] for change in news.changes] == [Kind.SPEAKS, Kind.DIFFERS]
    (passage,) = news.changes[0]["passages"]
    assert (passage["document"], passage["check"]) == ("bridge.txt", "exact")
    assert assistant.corpus.document("bridge.txt")[0].text[passage["start"] : passage["end"]] == passage["quote"]
    assert watched.check(assistant).news == ()
    assert WatchedQuestions(watched.file).questions()[0].news == (news,)


def test_a_document_that_is_edited_renamed_or_deleted_is_told(
    assistant: Assistant, watched: WatchedQuestions, corpus: Path
) -> None:
    watched.add(assistant, QUESTION)
    (corpus / "ferry.txt").write_text(f"It was told by many, and it was told often.\n\n{FERRY}")
    assistant.corpus.update()
    assert kinds(watched, assistant) == [Kind.MOVED]
    (corpus / "ferry.txt").rename(corpus / "ferry-2.txt")
    assistant.corpus.update()
    assert kinds(watched, assistant) == [Kind.RENAMED]
    (corpus / "ferry-2.txt").unlink()
    assistant.corpus.update()
    assert Kind.GONE in kinds(watched, assistant)


def test_labels_and_voices_are_told_without_a_new_index(
    assistant: Assistant, watched: WatchedQuestions, corpus: Path
) -> None:
    watched.add(assistant, QUESTION)
    (corpus / "sources.toml").write_text(LABELS.replace('"ferry*.txt"', '"*rr*.txt"'))
    assert kinds(watched, assistant) == []
    (corpus / "sources.toml").write_text(LABELS.replace('perspective = "ferry"', 'perspective = "bridge"'))
    assert Kind.LABEL in kinds(watched, assistant)
    assistant.corpus.hear("ferry.txt", 0, len(FERRY) - 1, "Captain Holm")
    assert kinds(watched, assistant) == [Kind.SPEAKER, Kind.VOICE]


def test_a_question_that_the_corpus_begins_to_answer_is_told(
    assistant: Assistant, watched: WatchedQuestions, corpus: Path
) -> None:
    asked = watched.add(assistant, "What do the zeppelins of Quillhaven bring?")
    assert asked.outcome == "not_in_corpus"
    write(corpus, air="The zeppelins of Quillhaven bring letters and quinces every Tuesday.\n")
    assistant.corpus.update()
    assert kinds(watched, assistant) == [Kind.POSSIBLE]
    (corpus / "air.txt").unlink()
    assistant.corpus.update()
    assert kinds(watched, assistant)[0] == Kind.NOT_POSSIBLE


def test_a_question_that_can_no_longer_be_asked_stops_no_other_and_is_told_once(
    assistant: Assistant, watched: WatchedQuestions, corpus: Path
) -> None:
    narrow = watched.add(assistant, QUESTION, Filter(documents=("ferry.txt",)))
    watched.add(assistant, QUESTION)
    (corpus / "ferry.txt").unlink()
    write(corpus, bridge=BRIDGE)
    assistant.corpus.update()
    found = watched.check(assistant)
    assert [id for id, _ in found.failed] == [narrow.id]
    told = {news.question: [change["kind"] for change in news.changes] for news in found.news}
    assert told.pop(narrow.id) == [Kind.NOT_ASKED]
    assert len(told) == 1
    again = watched.check(assistant)
    assert (again.news, len(again.failed)) == ((), 1)
    assert next(one for one in watched.questions() if one.id == narrow.id).problem.startswith("The index holds no")
    write(corpus, ferry=FERRY)
    assistant.corpus.update()
    assert watched.check(assistant).failed == ()
    assert all(one.problem == "" for one in watched.questions())


def test_a_bug_in_one_question_stops_no_other(assistant: Assistant, watched: WatchedQuestions, corpus: Path) -> None:
    broken = watched.add(assistant, QUESTION)
    watched.add(assistant, "Who heard an owl in the orchard?")
    with sqlite3.connect(watched.file) as database:
        database.execute("UPDATE questions SET states = 'none' WHERE id = ?", (broken.id,))
    write(corpus, owl="An owl was heard in the orchard of the abbey by Brother Anselm.\n")
    assistant.corpus.update()
    found = watched.check(assistant)
    assert [id for id, _ in found.failed] == [broken.id]
    assert {news.question for news in found.news} == {one.id for one in watched.questions()}


def test_an_answer_that_another_version_kept_is_compared_with_from_now_on(
    assistant: Assistant, watched: WatchedQuestions, corpus: Path
) -> None:
    watched.add(assistant, QUESTION)
    with sqlite3.connect(watched.file) as database:
        database.execute("""UPDATE questions SET answer = '{"schema": 0, "outcome": "answered"}'""")
    write(corpus, bridge=BRIDGE)
    assistant.corpus.update()
    assert kinds(watched, assistant) == []
    (corpus / "ferry.txt").unlink()
    assistant.corpus.update()
    assert Kind.GONE in kinds(watched, assistant)


def test_what_there_is_no_time_for_is_left_and_comes_first_the_next_time(
    assistant: Assistant, watched: WatchedQuestions, corpus: Path
) -> None:
    for question in (QUESTION, "Who heard an owl in the orchard?", "Is the ferry loved?"):
        watched.add(assistant, question)
    write(corpus, bridge=BRIDGE)
    assistant.corpus.update()
    found = watched.check(assistant, within=-1.0)
    assert (found.checked, found.left, found.news) == (0, 3, ())
    assert watched.check(assistant).left == 0


def test_two_that_check_at_once_tell_nothing_twice(
    assistant: Assistant, watched: WatchedQuestions, corpus: Path
) -> None:
    watched.add(assistant, QUESTION)
    write(corpus, bridge=BRIDGE)
    assistant.corpus.update()
    with ThreadPoolExecutor(4) as threads:
        rounds = list(threads.map(lambda _: WatchedQuestions(watched.file).check(assistant), range(4)))
    assert sum(len(found.news) for found in rounds) == 1
    assert len(watched.questions()[0].news) == 1


def test_a_question_is_watched_once_for_each_filter_and_removed_with_all_that_is_known_of_it(
    assistant: Assistant, watched: WatchedQuestions
) -> None:
    one = watched.add(assistant, QUESTION)
    two = watched.add(assistant, QUESTION, Filter(perspectives=("ferry",), since=None))
    assert watched.add(assistant, f"  {QUESTION} ") == one
    assert [entry.only.perspectives for entry in watched.questions()] == [("ferry",), ()]
    for id in (one.id, two.id):
        watched.remove(id)
    assert watched.questions() == ()
    left = b"".join(file.read_bytes() for file in watched.file.parent.glob("watched.sqlite*"))
    assert b"Marrowby carries" not in left
    with pytest.raises(NotWatched):
        watched.remove(one.id)


def test_what_cannot_be_asked_is_not_watched(
    assistant: Assistant, watched: WatchedQuestions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadQuestion):
        watched.add(assistant, "  ")
    with pytest.raises(UnknownPerspective):
        watched.add(assistant, QUESTION, Filter(perspectives=("moon",)))
    assert watched.questions() == ()
    monkeypatch.setattr("assistant.watching.watched.MOST", 1)
    watched.add(assistant, QUESTION)
    with pytest.raises(TooManyWatched):
        watched.add(assistant, "Is the ferry loved?")


def test_old_news_make_room(assistant: Assistant, watched: WatchedQuestions, corpus: Path) -> None:
    watched.add(assistant, QUESTION)
    with sqlite3.connect(watched.file) as database:
        id = database.execute("SELECT id FROM questions").fetchone()[0]
        rows = [(id, f"2026-11-{day:02}T00:00:00Z", "[]") for day in range(1, MOST_NEWS + 1)]
        database.executemany("INSERT INTO news (question, at, changes) VALUES (?, ?, ?)", rows)
    write(corpus, bridge=BRIDGE)
    assistant.corpus.update()
    assert len(watched.check(assistant).news) == 1
    (one,) = watched.questions()
    assert len(one.news) == MOST_NEWS
    assert one.news[0].changes
    assert one.news[-1].at == "2026-11-02T00:00:00Z"


# ── The file ─────────────────────────────────────────────────────────────────────────────────────────────────────────

HALF = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from assistant.watching.watched import WatchedQuestions
    with WatchedQuestions(Path(sys.argv[1]))._writing() as database:
        database.execute("DELETE FROM questions")
        print("half", flush=True)
        time.sleep(600)
    """
)


def test_a_process_killed_inside_of_a_write_leaves_what_was_there(
    assistant: Assistant, watched: WatchedQuestions
) -> None:
    kept = watched.add(assistant, QUESTION)
    writer = subprocess.Popen([sys.executable, "-c", HALF, watched.file], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout
    assert writer.stdout.readline() == "half\n"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait(60)
    writer.stdout.close()
    assert WatchedQuestions(watched.file).questions() == (kept,)


def test_a_damaged_file_is_one_clear_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "watched.sqlite"
    file.write_bytes(b"not a database at all " * 500)
    with pytest.raises(WatchUnusable, match=r"^Questions cannot be watched: .*It is damaged\. Move it away"):
        WatchedQuestions(file)
    assert file.read_bytes() == b"not a database at all " * 500


def test_a_file_of_a_newer_version_is_left_alone(watched: WatchedQuestions) -> None:
    with sqlite3.connect(watched.file) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(WatchUnusable, match=rf"a newer version of Parallax \(format {VERSION + 1}\)"):
        watched.questions()


def test_only_its_owner_may_read_the_file(watched: WatchedQuestions) -> None:
    assert watched.file.stat().st_mode & 0o077 == 0
