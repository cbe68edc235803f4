"""Answers in, the conversations that they belong to out, across restarts. Knows SQLite, and nothing of any page.

    STORE/history.sqlite    conversations; answers, as `Answer.to_dict` has them; the words of both, to be searched;
                            what readers said of the answers

One file beside the index, kept as `database.py` keeps files. A conversation is named by 32 hexadecimal digits that its
reader made up at random: who does not know them finds nothing, neither in a list nor by a search.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.database import opened, require_sound, transaction
from assistant.errors import HistoryUnusable
from assistant.exporting import shape
from assistant.keeping import judgement
from assistant.keeping.judgement import Judged, Judgement
from assistant.types import Answer

FILE_NAME = "history.sqlite"
MOST_BYTES = 200_000_000
VERSION = 2

_ID = re.compile(r"[0-9a-f]{32}")
_IDS = 1_000  # conversations of one reader that are looked up
_TITLE = 200  # characters
_TERMS = 16  # words of a search
_LISTED = 200  # conversations listed at once
_ONE_ANSWER = "FROM answers WHERE conversation = ? AND id = ?"
_SCHEMA = """
PRAGMA auto_vacuum = FULL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, changed TEXT NOT NULL, turn INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    id TEXT NOT NULL, asked TEXT NOT NULL, answer TEXT NOT NULL, UNIQUE (conversation, id));
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(said, tokenize = "unicode61 remove_diacritics 2");
{judgements}PRAGMA user_version = {version};
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A line of a list of conversations."""

    id: str
    title: str  # as its reader called it; by default its first question, or the one with which it left another one
    changed: str  # ISO time, UTC
    questions: int
    found: str = ""  # where it was searched for: words around the place


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of a conversation."""

    asked: str  # ISO time, UTC
    answer: dict[str, Any]  # the answer schema


class History:
    """The conversations over one index. Safe to use from several threads and processes."""

    def __init__(self, file: Path, most_bytes: int = MOST_BYTES) -> None:
        """Make the file, or have a first look at it.

        Args:
            most_bytes: beyond which the conversations that were not used for longest make room.

        Raises:
            HistoryUnusable: it is damaged, read-only or of a newer version; every other method raises it too.
        """
        self.file = file
        self._most = most_bytes
        with self._writing() as database:
            require_sound(database)

    def keep(self, conversation: str, answer: Answer | Mapping[str, Any], replaces: str | None = None) -> None:
        """Add an answer to a conversation, which begins with its first one.

        Args:
            replaces: the id of an answer of this conversation in whose place it was given.
        """
        data = answer.to_dict() if isinstance(answer, Answer) else dict(answer)
        text, now = json.dumps(data), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with self._writing(conversation) as database:
            turn = database.execute("SELECT coalesce(max(turn), 0) + 1 FROM conversations").fetchone()[0]
            database.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET changed = excluded.changed, turn = excluded.turn",
                (conversation, _title(data["question"]), now, turn),
            )
            for old in {data["id"], replaces} - {None}:
                _forget(database, "conversation = ? AND id = ?", conversation, old)
            added = database.execute(
                "INSERT INTO answers (conversation, id, asked, answer) VALUES (?, ?, ?, ?)",
                (conversation, data["id"], now, text),
            )
            database.execute("INSERT INTO words (rowid, said) VALUES (?, ?)", (added.lastrowid, _said(data)))
            self._make_room(database, conversation)

    def answers(self, conversation: str) -> tuple[Kept, ...]:
        """The answers of a conversation in the order in which they were given; none of one that is not known.

        One whose data are no answer of this version is left out.
        """
        if not _is_id(conversation):
            return ()
        with self._open() as database:
            rows = database.execute(
                "SELECT asked, answer FROM answers WHERE conversation = ? ORDER BY number", (conversation,)
            ).fetchall()
        kept: list[Kept] = []
        for asked, text in rows:
            try:
                kept.append(Kept(asked, shape.answer(text)))
            except shape.WrongShape:
                continue
        return tuple(kept)

    def conversations(self, ids: Sequence[str], search: str = "") -> tuple[Conversation, ...]:
        """These conversations, the one used last first; with a search, those in which all its words stand.

        Args:
            search: looked for in questions, answers and quotes, by the beginnings of words.
        """
        known = json.dumps([id for id in ids if _is_id(id)][:_IDS])
        among = "conversations.id IN (SELECT value FROM json_each(?))"
        counted = "(SELECT count(*) FROM answers WHERE conversation = conversations.id)"
        if not search.strip():
            query = f"SELECT id, title, changed, {counted}, '' FROM conversations WHERE {among}"
            query, values = f"{query} ORDER BY turn DESC LIMIT {_LISTED}", (known,)
        else:
            terms = re.findall(r"\w+", _plain(search))[:_TERMS]
            if not terms:
                return ()
            query = (
                f"SELECT conversations.id, title, changed, {counted}, snippet(words, 0, '', '', '…', 14) FROM words "
                "JOIN answers ON answers.number = words.rowid "
                f"JOIN conversations ON conversations.id = answers.conversation WHERE words MATCH ? AND {among} "
                f"ORDER BY turn DESC, answers.number LIMIT {10 * _LISTED}"
            )
            values = (" ".join(f'"{term}"*' for term in terms), known)
        with self._open() as database:
            rows = database.execute(query, values).fetchall()
        first = {row[0]: Conversation(*row) for row in reversed(rows)}  # of each its first answer that matches
        return tuple(first[id] for id in dict.fromkeys(row[0] for row in rows))[:_LISTED]

    def rename(self, conversation: str, title: str) -> None:
        """Call a conversation something else; nothing is changed where there is no title."""
        if title := _title(title):
            with self._writing(conversation) as database:
                database.execute("UPDATE conversations SET title = ? WHERE id = ?", (title, conversation))

    def drop(self, conversation: str, answer: str) -> None:
        """Delete one answer of a conversation, by its id; the conversation ends with its last one."""
        with self._writing(conversation) as database:
            _forget(database, "conversation = ? AND id = ?", conversation, answer)
            gone = "DELETE FROM conversations WHERE id = ? AND id NOT IN (SELECT conversation FROM answers)"
            database.execute(gone, (conversation,))

    def delete(self, conversation: str) -> None:
        """Delete a conversation; what its answers said is overwritten."""
        with self._writing(conversation) as database:
            _remove(database, conversation)
            database.execute("INSERT INTO words (words) VALUES ('optimize')")  # else its words stay in the index
        with self._open() as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else they stay in the log

    def branch(self, conversation: str, to: str, until: str | None, title: str) -> None:
        """Begin a conversation with the first answers of another one, which stays as it is.

        Args:
            until: the id of the last of these answers; without one, and where it is not known, nothing is copied.
            title: what it is called, so that it is told from the other one: the question that is asked otherwise.
        """
        rows = f"FROM answers WHERE conversation = ? AND number <= (SELECT number {_ONE_ANSWER})"
        with self._writing(to) as database:
            copied = database.execute(
                f"SELECT number, id, asked, answer {rows} ORDER BY number", (conversation, conversation, until)
            ).fetchall()
            if not copied:
                return
            turn = database.execute("SELECT max(turn) + 1 FROM conversations").fetchone()[0]
            begun = "INSERT OR IGNORE INTO conversations SELECT ?, ?, changed, ? FROM conversations WHERE id = ?"
            database.execute(begun, (to, _title(title), turn, conversation))
            for number, *answer in copied:
                added = database.execute(
                    "INSERT OR IGNORE INTO answers (conversation, id, asked, answer) VALUES (?, ?, ?, ?)", (to, *answer)
                )
                if added.rowcount:
                    said = "INSERT INTO words (rowid, said) SELECT ?, said FROM words WHERE rowid = ?"
                    database.execute(said, (added.lastrowid, number))
            self._make_room(database, to)

    def judge(self, conversation: str, answer: str, said: Judgement | None) -> None:
        """Say whether an answer was useful, in place of what was said of it before; None takes it back.

        Raises:
            ValueError: the conversation has no such answer, or too much is said of it.
        """
        given = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with self._writing(conversation) as database:
            judgement.put(database, conversation, answer, said and replace(said, words=_plain(said.words), given=given))

    def judgements(self, conversation: str) -> dict[str, Judgement]:
        """What was said of the answers of a conversation, by their ids."""
        if not _is_id(conversation):
            return {}
        with self._open() as database:
            return judgement.of(database, conversation)

    def judged(self) -> list[Judged]:
        """Every answer of which something was said, in the order in which it was."""
        with self._open() as database:
            return judgement.everything(database)

    @property
    def made_room(self) -> int:
        """How many conversations were removed because the file was full."""
        with self._open() as database:
            row = database.execute("SELECT value FROM facts WHERE name = 'removed'").fetchone()
        return row[0] if row else 0

    @property
    def most_bytes(self) -> int:
        """How large the file becomes at most, but for the one conversation that is going on."""
        return self._most

    # ── The file ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _make_room(self, database: sqlite3.Connection, current: str) -> None:
        while _bytes(database) > self._most:
            oldest = "SELECT id FROM conversations WHERE id != ? ORDER BY turn LIMIT 1"
            row = database.execute(oldest, (current,)).fetchone()
            if row is None:
                return
            _remove(database, row[0])
            counted = "INSERT INTO facts VALUES ('removed', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
            database.execute(counted)

    @contextmanager
    def _writing(self, conversation: str | None = None) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is written, or nothing."""
        if conversation is not None and not _is_id(conversation):
            raise ValueError("a conversation is named by 32 hexadecimal digits")
        with self._open() as database, transaction(database):
            yield database

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        schema = _SCHEMA.format(version=VERSION, judgements=judgement.SCHEMA)
        with opened(self.file, VERSION, schema, HistoryUnusable) as database:
            yield database


def _forget(database: sqlite3.Connection, which: str, *values: object) -> None:
    """Delete answers, and their words."""
    database.execute(f"DELETE FROM words WHERE rowid IN (SELECT number FROM answers WHERE {which})", values)
    database.execute(f"DELETE FROM answers WHERE {which}", values)


def _remove(database: sqlite3.Connection, conversation: str) -> None:
    _forget(database, "conversation = ?", conversation)
    database.execute("DELETE FROM conversations WHERE id = ?", (conversation,))


def _bytes(database: sqlite3.Connection) -> int:
    """How much of the file is in use."""
    pages, free, size = (
        database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _said(data: Mapping[str, Any]) -> str:
    """What is searched of an answer."""
    claims = [*([data["premise"]] if data["premise"] else []), *data["claims"]]
    quotes = (entry["quote"] for entry in (*data["citations"], *data["nearest"]))
    parts = dict.fromkeys([data["question"], data["query"], *(claim["text"] for claim in claims), *quotes])
    return _plain("\n".join(part for part in parts if part))


def _title(text: str) -> str:
    """In one line, and not too long."""
    text = " ".join(_plain(text).split())
    return text if len(text) <= _TITLE else f"{text[:_TITLE]}…"


def _plain(text: str) -> str:
    """Text that SQLite takes."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _is_id(id: object) -> bool:
    return isinstance(id, str) and _ID.fullmatch(id) is not None
