"""Watched questions asked again while the program runs, whoever updated the index."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant
from assistant.watching.rounds import Rounds
from assistant.watching.watched import WatchedQuestions
from index import Reader, Store
from index.update import update

QUESTION = "How many cars does the ferry of Marrowby carry?"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    corpus = write(tmp_path / "corpus", ferry="The ferry of Marrowby carries 40 cars every day, and it is loved.\n")
    update(corpus, Store(tmp_path / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(tmp_path / "store"), WordEmbedder()))
    yield assistant
    assistant.close()


@pytest.fixture
def watched(tmp_path: Path) -> WatchedQuestions:
    return WatchedQuestions(tmp_path / "watched.sqlite")


def elsewhere(assistant: Assistant) -> None:
    """An update as another process makes it."""
    update(assistant.corpus.folder, Store(assistant.reader.store.folder), WordEmbedder())


def test_an_update_by_anybody_has_the_questions_asked_again(assistant: Assistant, watched: WatchedQuestions) -> None:
    watched.add(assistant, QUESTION)
    rounds = Rounds(assistant, watched, every=0.05)
    rounds.start()
    write(assistant.corpus.folder, ferry="The ferry of Marrowby carries 30 cars every day, and it is loved.\n")
    elsewhere(assistant)
    until = time.monotonic() + 60
    while not watched.questions()[0].news and time.monotonic() < until:
        time.sleep(0.05)
    rounds.stop()
    (news,) = watched.questions()[0].news
    assert "40 then, 30 now" in news.changes[0]["text"]


def test_a_file_that_is_damaged_is_logged_and_looked_at_again(
    assistant: Assistant, watched: WatchedQuestions, caplog: pytest.LogCaptureFixture
) -> None:
    watched.add(assistant, QUESTION)
    rounds = Rounds(assistant, watched)
    rounds.look()
    whole = watched.file.read_bytes()
    watched.file.write_bytes(b"no database " * 500)
    write(assistant.corpus.folder, ferry="The ferry of Marrowby carries 30 cars every day, and it is loved.\n")
    elsewhere(assistant)
    rounds.look()
    assert "Watched questions could not be asked again. Questions cannot be watched" in caplog.text
    for other in watched.file.parent.glob("watched.sqlite-*"):
        other.unlink()
    watched.file.write_bytes(whole)
    rounds.look()
    assert len(watched.questions()[0].news) == 1


def test_a_state_of_the_index_is_looked_at_once(assistant: Assistant, watched: WatchedQuestions) -> None:
    one = watched.add(assistant, QUESTION)
    rounds = Rounds(assistant, watched)
    rounds.look()
    (assistant.corpus.folder / "ferry.txt").unlink()
    elsewhere(assistant)
    rounds.look()
    asked = watched.questions()[0]
    assert asked.news
    rounds.look()
    assert watched.questions() == (asked,)
    assert asked.id == one.id
