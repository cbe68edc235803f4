"""What a reader says of an answer, beside the answer in the file of conversations. It never leaves that file by itself.

Works inside a transaction of `history`; an answer that is deleted takes what was said of it along.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LONGEST = 500  # characters of a reader's own words

SCHEMA = """
CREATE TABLE IF NOT EXISTS judgements (
    answer TEXT PRIMARY KEY, useful INTEGER NOT NULL, fault TEXT NOT NULL, words TEXT NOT NULL, given TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS answers_by_id ON answers (id);
CREATE TRIGGER IF NOT EXISTS judgement_goes AFTER DELETE ON answers
    WHEN NOT EXISTS (SELECT 1 FROM answers WHERE id = old.id)
    BEGIN DELETE FROM judgements WHERE answer = old.id; END;
"""


class Fault(StrEnum):
    """What may be wrong with an answer."""

    VOICE = "wrong_voice"
    LABEL = "wrong_label"
    CONTEXT = "out_of_context"
    MISSING = "sources_missing"
    ONE_SIDED = "one_sided"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an answer was useful, and why."""

    useful: bool
    fault: Fault | None = None  # of one that was not
    words: str = ""  # the reader's own, at most `LONGEST` characters
    given: str = ""  # ISO time, UTC


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement with the answer that it is about."""

    answer: str  # its id
    asked: str  # ISO time, UTC
    data: dict[str, Any]  # the answer schema
    judgement: Judgement

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON: enough to ask the same again."""
        kept = ("question", "query", "only", "mode", "outcome", "model", "prompts", "generation", "labels")
        said = self.judgement
        return {
            "answer": self.answer,
            "asked": self.asked,
            "useful": said.useful,
            "reason": said.fault and str(said.fault),
            "words": said.words,
            "given": said.given,
        } | {name: self.data.get(name) for name in kept}


def put(database: sqlite3.Connection, conversation: str, answer: str, judgement: Judgement | None) -> None:
    """Say something of an answer of a conversation, or nothing any more.

    Raises:
        ValueError: there is no such answer, or too much is said of it.
    """
    known = "SELECT 1 FROM answers WHERE conversation = ? AND id = ?"
    if database.execute(known, (conversation, answer)).fetchone() is None:
        raise ValueError("there is no such answer in this conversation")
    database.execute("DELETE FROM judgements WHERE answer = ?", (answer,))
    if judgement:
        if len(judgement.words) > LONGEST:
            raise ValueError(f"at most {LONGEST} characters are kept")
        row = (answer, judgement.useful, judgement.fault or "", judgement.words, judgement.given)
        database.execute("INSERT INTO judgements VALUES (?, ?, ?, ?, ?)", row)


def of(database: sqlite3.Connection, conversation: str) -> dict[str, Judgement]:
    """What was said of the answers of a conversation, by their ids."""
    rows = database.execute(
        "SELECT answer, useful, fault, words, given FROM judgements "
        "WHERE answer IN (SELECT id FROM answers WHERE conversation = ?)",
        (conversation,),
    )
    return {row[0]: _read(*row[1:]) for row in rows}


def everything(database: sqlite3.Connection) -> list[Judged]:
    """All that was said, in the order in which it was; an answer in several conversations counts once."""
    rows = database.execute(
        "SELECT answer, min(asked), data, useful, fault, words, given FROM judgements "
        "JOIN (SELECT id, asked, answer AS data FROM answers) ON id = judgements.answer "
        "GROUP BY answer ORDER BY given, answer"
    )
    return [Judged(row[0], row[1], json.loads(row[2]), _read(*row[3:])) for row in rows]


def _read(useful: int, fault: str, words: str, given: str) -> Judgement:
    return Judgement(bool(useful), Fault(fault) if fault in set(Fault) else None, words, given)
