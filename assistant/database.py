"""A SQLite file beside an index, opened for one call; what is wrong with it as a sentence.

In WAL mode: several processes read and write it at once, SQLite lets one of them write at a time, and a process that is
killed inside of a write leaves what stood there before. Nothing is held open between two calls, only its owner may read
it, and what is deleted is overwritten.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from assistant.errors import AssistantError

_PATIENCE = 10.0  # seconds that a writer waits for another one

Unusable = Callable[[Path, str, str], AssistantError]  # of a file: what is wrong with it, and what to do


@contextmanager
def opened(file: Path, version: int, schema: str, unusable: Unusable) -> Iterator[sqlite3.Connection]:
    """The database in a file, which is made if there is none.

    Args:
        schema: brings an empty file, or one of an older version, to this version; it sets `user_version` itself.

    Raises:
        AssistantError: as `unusable` makes it: the file is damaged, read-only or of a newer version.
    """
    try:
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))  # what people ask is nobody else's business
        with closing(sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)) as database:
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA secure_delete = ON")
            found = database.execute("PRAGMA user_version").fetchone()[0]
            if found > version:
                raise unusable(file, f"It was written by a newer version of Parallax (format {found})", "Use that one")
            if found < version:
                database.executescript(schema)
            with suppress(sqlite3.OperationalError):  # while another process is at it; it is done at the next call
                database.execute("PRAGMA journal_mode = WAL")
            yield database
    except (sqlite3.Error, OSError) as error:
        raise unusable(file, *_explained(error)) from error


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All that is done in the block is written, or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def require_sound(database: sqlite3.Connection) -> None:
    """A first look at the whole file.

    Raises:
        sqlite3.DatabaseError: it is damaged.
    """
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("it is damaged")


def _explained(error: sqlite3.Error | OSError) -> tuple[str, str]:
    """What is wrong with the file, and what to do about it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if isinstance(error, PermissionError) or code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return "It cannot be written to", "Give this program the right to write it"
    if isinstance(error, OSError) or code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        return f"It cannot be opened ({getattr(error, 'strerror', None) or error})", "Look at its folder"
    if code == sqlite3.SQLITE_FULL:
        return "The disk is full", "Make room on it"
    if code == sqlite3.SQLITE_BUSY:
        return "Another program holds it", "End that program"
    return "It is damaged", "Move it away, and a new one is begun"
