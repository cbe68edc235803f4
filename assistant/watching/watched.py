"""Questions that are asked again after each update of an index: kept with their last answer, and what changed since.

    STORE/watched.sqlite    questions, each with the answer that it had last; what changed, and when; which texts the
                            corpus held then

They are asked without a model, so that a check costs nothing and gives the same twice. Everybody who reads the index
shares them. One file beside the index, kept as `database.py` keeps files; of two processes that check a question at
once, one alone tells what changed.
"""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.database import opened, require_sound, transaction
from assistant.errors import AssistantError, NotWatched, TooManyWatched, WatchUnusable
from assistant.question import rewrite
from assistant.watching import rechecking
from assistant.watching.changes import Change, Kind
from assistant.watching.rechecking import Asked, Before
from index.errors import CorpusError
from index.filter import EVERYTHING, Filter

FILE_NAME = "watched.sqlite"
VERSION = 1
MOST = 100  # questions
MOST_NEWS = 50  # of each question; the oldest make room
SECONDS = 30.0  # of one round of checks

_ID = re.compile(r"[0-9a-f]{12}")
_LOG = logging.getLogger(__name__)
_BROKEN = "Something went wrong inside Parallax when this question was asked again; its log says what"
_SCHEMA = f"""
PRAGMA auto_vacuum = FULL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, question TEXT NOT NULL, narrowed TEXT NOT NULL,
    added TEXT NOT NULL, asked TEXT NOT NULL, turn INTEGER NOT NULL DEFAULT 0, generation TEXT NOT NULL,
    labels TEXT NOT NULL, states TEXT NOT NULL, answer TEXT NOT NULL, problem TEXT NOT NULL DEFAULT '',
    UNIQUE (question, narrowed));
CREATE TABLE IF NOT EXISTS news (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    question TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE, at TEXT NOT NULL, changes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS corpora (generation TEXT PRIMARY KEY, texts BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT OR IGNORE INTO facts VALUES ('feed', lower(hex(randomblob(16))));
PRAGMA user_version = {VERSION};
COMMIT;
"""
_COLUMNS = "id, question, narrowed, added, asked, turn, generation, labels, states, answer, problem"


@dataclass(frozen=True, slots=True)
class News:
    """What a check found."""

    number: int  # counted up over all questions
    question: str  # id of the question
    at: str  # ISO time, UTC
    changes: tuple[dict[str, Any], ...]  # as `Change.to_dict` gives them

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"number": self.number, "question": self.question, "at": self.at, "changes": list(self.changes)}


@dataclass(frozen=True, slots=True)
class WatchedQuestion:
    """A question that is asked again after each update, and what changed so far, the latest first."""

    id: str
    question: str
    only: Filter
    added: str  # ISO time, UTC
    asked: str  # when it was last asked
    outcome: str  # of its last answer
    problem: str  # why it could not be asked at the last check; mostly empty
    news: tuple[News, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.id,
            "question": self.question,
            "only": self.only.to_dict() if self.only else None,
            "added": self.added,
            "asked": self.asked,
            "outcome": self.outcome,
            "problem": self.problem or None,
            "news": [one.to_dict() for one in self.news],
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """What one round of checks came to."""

    news: tuple[News, ...]
    failed: tuple[tuple[str, str], ...]  # ids of questions, each with why it could not be asked
    checked: int  # questions that were looked at
    left: int  # those for which there was no time

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "checked": self.checked,
            "left": self.left,
            "news": [one.to_dict() for one in self.news],
            "failed": [{"question": id, "problem": problem} for id, problem in self.failed],
        }


@dataclass(frozen=True, slots=True)
class _Row:
    """A question as the file has it."""

    id: str
    question: str
    narrowed: str
    added: str
    asked: str
    turn: int  # counted up when it is written, so that nobody overwrites what he has not seen
    generation: str
    labels: str
    states: str
    answer: str
    problem: str

    @property
    def only(self) -> Filter:
        given = json.loads(self.narrowed)
        lists = {name: tuple(given[name]) for name in ("perspectives", "documents", "speakers")}
        return Filter(**lists, since=given["since"], until=given["until"])


class WatchedQuestions:
    """The watched questions over one index. Safe to use from several threads and processes."""

    def __init__(self, file: Path) -> None:
        """Make the file, or have a first look at it.

        Raises:
            WatchUnusable: it is damaged, read-only or of a newer version; every other method raises it too.
        """
        self.file = file
        with self._writing() as database:
            require_sound(database)

    def add(self, assistant: Assistant, question: str, only: Filter = EVERYTHING) -> WatchedQuestion:
        """Watch a question, which is asked at once; one that is watched already stays as it is.

        Raises:
            TooManyWatched: no further one can be.
            AssistantError, CorpusError: it cannot be asked, as in `Assistant.stream`.
        """
        question, narrowed = rewrite.checked(question), json.dumps(only.to_dict())
        for known in self.questions():
            if (known.question, known.only) == (question, only):
                return known
        asked = rechecking.ask(assistant, question, only)
        id, now = uuid.uuid4().hex[:12], _now()
        with self._writing() as database:
            if database.execute("SELECT count(*) FROM questions").fetchone()[0] >= MOST:
                raise TooManyWatched(MOST)
            database.execute(
                "INSERT OR IGNORE INTO questions "
                "(id, question, narrowed, added, asked, generation, labels, states, answer) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (id, question, narrowed, now, now, *_kept(asked)),
            )
            _keep_corpus(database, asked)
        return next(one for one in self.questions() if (one.question, one.only) == (question, only))

    def remove(self, id: str) -> None:
        """Watch a question no longer; what is known of it is deleted.

        Raises:
            NotWatched: there is none of this id.
        """
        if not _ID.fullmatch(id):
            raise NotWatched(id[:100])
        with self._writing() as database:
            if not database.execute("DELETE FROM questions WHERE id = ?", (id,)).rowcount:
                raise NotWatched(id)
            _forget_corpora(database)

    def questions(self) -> tuple[WatchedQuestion, ...]:
        """All of them, those with the latest news first, then those that were added last."""
        with self._open() as database:
            rows = [_Row(*row) for row in database.execute(f"SELECT {_COLUMNS} FROM questions ORDER BY number DESC")]
            told = self._news(database)
        found = [
            WatchedQuestion(
                row.id,
                row.question,
                row.only,
                row.added,
                row.asked,
                json.loads(row.answer)["outcome"],
                row.problem,
                tuple(news for news in told if news.question == row.id),
            )
            for row in rows
        ]
        return tuple(sorted(found, key=lambda one: -one.news[0].number if one.news else 0))

    def check(self, assistant: Assistant, within: float = SECONDS, pause: float = 0.0) -> Checked:
        """Ask again what was last asked of another state of the index, and keep what changed.

        The one that was asked longest ago comes first. One that cannot be asked stays as it was, and stops no other.

        Args:
            within: seconds after which no further question is begun.
            pause: seconds between two questions, for those who wait for an answer of their own.
        """
        begun = time.monotonic()
        news: list[News] = []
        failed: list[tuple[str, str]] = []
        with self._open() as database:
            rows = [_Row(*row) for row in database.execute(f"SELECT {_COLUMNS} FROM questions ORDER BY asked, number")]
        for at, row in enumerate(rows):
            if time.monotonic() - begun > within:
                return Checked(tuple(news), tuple(failed), at, len(rows) - at)
            try:
                made = self._again(assistant, row)
            except WatchUnusable:
                raise
            except (AssistantError, CorpusError) as error:
                failed.append((row.id, str(error)))
                made = self._failed(row, str(error))
            except Exception:  # noqa: BLE001 - a question that meets a bug stops neither the others nor the update that led here
                _LOG.exception("A watched question could not be asked again.")
                failed.append((row.id, f"{_BROKEN}."))
                made = self._failed(row, f"{_BROKEN}.")
            if made:
                news.append(made)
            time.sleep(pause)
        return Checked(tuple(news), tuple(failed), len(rows), 0)

    @property
    def feed_id(self) -> str:
        """A name for this list of questions that no other has."""
        with self._open() as database:
            return database.execute("SELECT value FROM facts WHERE name = 'feed'").fetchone()[0]

    # ── One question ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _again(self, assistant: Assistant, row: _Row) -> News | None:
        with assistant.reader.pinned() as (generation, retriever):
            if (row.generation, row.labels) == (generation.name, retriever.labels) and not row.problem:
                return None
        before = Before(row.answer, json.loads(row.states), self._texts(row.generation))
        asked = rechecking.ask(assistant, row.question, row.only, before)
        with self._writing() as database:
            now = _now()
            written = database.execute(
                "UPDATE questions SET asked = ?, turn = turn + 1, generation = ?, labels = ?, states = ?, answer = ?, "
                "problem = '' WHERE id = ? AND turn = ?",
                (now, *_kept(asked), row.id, row.turn),
            )
            if not written.rowcount:
                return None  # another process was faster, or it is watched no longer
            _keep_corpus(database, asked)
            return _tell(database, row.id, now, asked.changes)

    def _failed(self, row: _Row, problem: str) -> News | None:
        """Note why a question could not be asked; it is news where it was not known yet."""
        with self._writing() as database:
            now = _now()
            written = database.execute(
                "UPDATE questions SET asked = ?, turn = turn + 1, problem = ? WHERE id = ? AND turn = ?",
                (now, problem, row.id, row.turn),
            )
            if not written.rowcount or problem == row.problem:
                return None
            return _tell(database, row.id, now, (Change(Kind.NOT_ASKED, f"It could not be asked again. {problem}"),))

    def _texts(self, generation: str) -> bytes:
        with self._open() as database:
            found = database.execute("SELECT texts FROM corpora WHERE generation = ?", (generation,)).fetchone()
        return found[0] if found else b""

    def _news(self, database: sqlite3.Connection) -> list[News]:
        rows = database.execute("SELECT number, question, at, changes FROM news ORDER BY number DESC")
        return [News(number, question, at, tuple(json.loads(told))) for number, question, at, told in rows]

    # ── The file ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as database, transaction(database):
            yield database

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with opened(self.file, VERSION, _SCHEMA, WatchUnusable) as database:
            yield database


def _kept(asked: Asked) -> tuple[str, str, str, str]:
    """What is written of an answer: generation, labels, states, and the answer itself."""
    answer = asked.answer
    return answer.generation, answer.labels, json.dumps(asked.states), json.dumps(answer.to_dict())


def _tell(database: sqlite3.Connection, question: str, at: str, made: Sequence[Change]) -> News | None:
    """Keep what changed; nothing where nothing did."""
    if not made:
        return None
    told = [change.to_dict() for change in made]
    added = database.execute(
        "INSERT INTO news (question, at, changes) VALUES (?, ?, ?)", (question, at, json.dumps(told))
    )
    kept = "SELECT number FROM news WHERE question = ? ORDER BY number DESC LIMIT ?"
    database.execute(f"DELETE FROM news WHERE question = ? AND number NOT IN ({kept})", (question, question, MOST_NEWS))
    return News(added.lastrowid or 0, question, at, tuple(told))


def _keep_corpus(database: sqlite3.Connection, asked: Asked) -> None:
    database.execute("INSERT OR REPLACE INTO corpora VALUES (?, ?)", (asked.answer.generation, asked.texts))
    _forget_corpora(database)


def _forget_corpora(database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM corpora WHERE generation NOT IN (SELECT generation FROM questions)")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
