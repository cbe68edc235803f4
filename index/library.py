"""The SQLite file of a generation: documents, passages and the words in them. The truth of what was indexed.

Holds every text once, unchanged; a passage is a span of it. Words are searched through FTS5, which keeps no copy of
the text. Vectors live elsewhere (`vectors.py`); labels are not here at all (`labels.py` resolves them when reading).
"""

from __future__ import annotations

import gc
import json
import sqlite3
import threading
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, compress, repeat
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index.duplicates import Sketch
from index.names import Spellings
from index.types import Document, Span, Voice, VoiceKind, Voices

_COUNTED = 6_000  # occurrences of a word that are counted; of all of a common one it takes 10 ms in a million passages
INDEXED, DUPLICATE, FAILED = "indexed", "duplicate", "failed"

# A copy that is pulled has to have these very words, so they stay. One comment is no longer so: keys of passages that
# went are given again, to passages that come.
SCHEMA = """
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,             -- path relative to the corpus
    state TEXT NOT NULL,                 -- indexed | duplicate | failed
    stamp TEXT NOT NULL,                 -- what the file system said of the file: cheap to compare
    sha256 TEXT NOT NULL,                -- of the file's bytes; empty where they could not be read
    text_sha256 TEXT NOT NULL,
    pipeline TEXT NOT NULL,              -- fingerprint of what turned the file into passages
    problem TEXT,                        -- why it failed, or whose duplicate it is
    meta TEXT NOT NULL,                  -- JSON: what the document says of itself
    cluster INTEGER,                     -- the first key of its near-duplicates
    passages INTEGER NOT NULL
);
CREATE TABLE texts (document INTEGER PRIMARY KEY, text BLOB NOT NULL, sentences BLOB NOT NULL);
CREATE TABLE voices (document INTEGER PRIMARY KEY, spans BLOB NOT NULL); -- no row where only the author speaks
CREATE TABLE speakers (document INTEGER NOT NULL, speaker TEXT NOT NULL);
CREATE INDEX speakers_of_document ON speakers (document);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again; their order is the order of the matrix
    document INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL
);
CREATE INDEX passages_of_document ON passages (document);
CREATE TABLE sketches (document INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
CREATE TABLE names (document INTEGER PRIMARY KEY, counts TEXT NOT NULL);
CREATE TABLE spellings (folded TEXT PRIMARY KEY, spellings TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (title, text, content='', tokenize='porter unicode61 remove_diacritics 2');
"""
_META = ("title", "outlet", "author", "kind", "published", "language", "declared", "pages", "warnings", "extractor")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the library's list: one file of the corpus and what became of it."""

    key: int
    id: str
    state: str  # indexed | duplicate | failed
    stamp: str
    sha256: str
    text_sha256: str
    pipeline: str
    problem: str | None
    title: str | None
    outlet: str | None
    kind: str | None
    published: str | None
    declared: str | None
    language: str | None
    warnings: tuple[str, ...]
    cluster: int | None
    passages: int


class Head(NamedTuple):
    """As much of a line of the list as is needed of every document before a first question is answered."""

    key: int
    id: str
    state: str
    sha256: str
    declared: str | None
    published: str | None
    cluster: int | None


class Library:
    """One library file, open for reading, or for writing by the one process that builds a generation."""

    def __init__(self, file: Path, *, writable: bool = False, passage_table: np.ndarray | None = None) -> None:
        """Open nothing yet.

        Args:
            passage_table: as it was read before; None where it has to be read from the file.
        """
        self._file = file
        self._known_table = passage_table
        self._writable = writable
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self.document = lru_cache(maxsize=512)(self._document)
        self.sentences = lru_cache(maxsize=256)(self._sentences)
        self.voices = lru_cache(maxsize=256)(self._voices)
        self.frequency = lru_cache(maxsize=10_000)(self._frequency)

    @classmethod
    def create(cls, file: Path) -> Library:
        """A new, empty library."""
        library = cls(file, writable=True)
        library._connection.executescript(SCHEMA)
        return library

    def close(self) -> None:
        """Close every connection that a thread opened."""
        while self._opened:
            self._opened.pop().close()

    # Reading

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        """The beginning of each entry, in order of path: a sixth of what it takes to read them whole."""
        declared, published = (f"json_extract(meta, '$.{name}')" for name in ("declared", "published"))
        fields = f"key, id, state, sha256, {declared}, {published}, cluster"
        # Sorted here: in the order of their paths SQLite would look up one row after another.
        with _uncollected():
            rows = self._connection.execute(f"SELECT {fields} FROM documents").fetchall()
            return tuple(map(Head._make, sorted(rows, key=itemgetter(1))))

    def entry(self, key: int) -> Entry:
        """One document's entry."""
        return next(self._read_entries("WHERE key = ?", key))

    def entry_of(self, id: str) -> Entry | None:
        """The entry of a path; None where there is none."""
        return next(self._read_entries("WHERE id = ?", id), None)

    def unread(self, language: str) -> tuple[Entry, ...]:
        """Every document that could not be read, or is searched and in another language than this, in order of path."""
        other = "state = ? OR (state = ? AND json_extract(meta, '$.language') != ?)"
        return tuple(self._read_entries(f"WHERE {other} ORDER BY id", FAILED, INDEXED, language))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every document, in order of path. Read once: a published library does not change."""
        return tuple(self.read_entries())

    def read_entries(self) -> Iterator[Entry]:
        """Every document as it stands now, in order of path."""
        return self._read_entries("ORDER BY id")

    def _read_entries(self, which: str, *given: int | str) -> Iterator[Entry]:
        fields = "key, id, state, stamp, sha256, text_sha256, pipeline, problem, meta, cluster, passages"
        for row in self._connection.execute(f"SELECT {fields} FROM documents {which}", given):
            key, id, state, stamp, sha256, text_sha256, pipeline, problem, meta, cluster, passages = row
            own = json.loads(meta)
            yield Entry(
                key=key,
                id=id,
                state=state,
                stamp=stamp,
                sha256=sha256,
                text_sha256=text_sha256,
                pipeline=pipeline,
                problem=problem,
                title=own["title"],
                outlet=own["outlet"],
                kind=own["kind"],
                published=own["published"],
                declared=own["declared"],
                language=own["language"],
                warnings=tuple(own["warnings"]),
                cluster=cluster,
                passages=passages,
            )

    @cached_property
    def twins(self) -> dict[str, tuple[str, ...]]:
        """For each document that is searched, all that have the very same text, in order of path: it, where alone."""
        ids: dict[str, list[str]] = {}
        for entry in self.entries:
            if entry.state in (INDEXED, DUPLICATE):
                ids.setdefault(entry.text_sha256, []).append(entry.id)
        return {entry.id: tuple(ids[entry.text_sha256]) for entry in self.entries if entry.state == INDEXED}

    @cached_property
    def copies(self) -> dict[str, tuple[str, ...]]:
        """For each document that is searched, all that are whole or near copies of one another, in order of path."""
        groups: dict[int, list[str]] = {}
        for entry in self.entries:
            if entry.state == INDEXED:
                groups.setdefault(entry.key if entry.cluster is None else entry.cluster, []).append(entry.id)
        alike = [(ids, tuple(sorted(twin for id in ids for twin in self.twins[id]))) for ids in groups.values()]
        return {id: all for ids, all in alike for id in ids}

    def originals(self) -> dict[str, str]:
        """The path under which each indexed text is kept, by the hash of the text."""
        rows = self._connection.execute("SELECT text_sha256, id FROM documents WHERE state = ?", (INDEXED,))
        return dict(rows.fetchall())

    def _document(self, key: int) -> Document:
        row = self._connection.execute(
            "SELECT id, sha256, meta, text FROM documents JOIN texts ON document = key WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            raise AssertionError(f"no text for document {key} in {self._file}")
        own = json.loads(row[2])
        own["pages"], own["warnings"] = tuple(own["pages"]), tuple(own["warnings"])
        return Document(id=row[0], sha256=row[1], text=_unpack(row[3]), **own)

    def _sentences(self, key: int) -> tuple[Span, ...]:
        (packed,) = self._connection.execute("SELECT sentences FROM texts WHERE document = ?", (key,)).fetchone()
        offsets = array("I", zlib.decompress(packed))
        return tuple(zip(offsets[::2], offsets[1::2], strict=True))

    def _voices(self, key: int) -> Voices:
        """Who speaks where in a document, as the rules found it."""
        row = self._connection.execute("SELECT spans FROM voices WHERE document = ?", (key,)).fetchone()
        return _unpacked_voices(row[0]) if row else Voices()

    @cached_property
    def speakers(self) -> dict[str, frozenset[int]]:
        """Everybody whose words stand in some document, with the keys of these documents."""
        found: dict[str, set[int]] = {}
        for document, speaker in self._connection.execute("SELECT document, speaker FROM speakers"):
            found.setdefault(speaker, set()).add(document)
        return {speaker: frozenset(documents) for speaker, documents in found.items()}

    @cached_property
    def passage_table(self) -> np.ndarray:
        """One row a passage in the order of the matrix; columns key, document, start, end."""
        if self._known_table is not None:
            return self._known_table
        rows = self._connection.execute("SELECT key, document, start, end FROM passages ORDER BY key")
        table = np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 4)
        return np.asfortranarray(table)  # a column is searched as it lies, without a copy of it

    def match(
        self, groups: Sequence[Sequence[str]], limit: int, among: np.ndarray | None = None
    ) -> list[tuple[int, float]]:
        """Passages that hold any word of any group, best first, as (key, BM25 score; larger is better).

        A group holds the spellings of one word.

        Args:
            among: the keys, ascending, of the passages that may be found; None for all.
        """
        words = ['"{}"'.format(word.replace('"', "")) for group in groups for word in group]
        if not words or (among is not None and not len(among)):
            return []
        if among is None:
            return self._ranked(words, limit)
        # SQLite would look up every passage that may be found. Of the best ones as many are looked at as should hold
        # enough of these, and all where they do not.
        likely = limit + 2 * limit * len(self.passage_table) // len(among)
        found = self._ranked(words, likely)
        kept = _kept(found, among)
        if len(kept) < limit and len(found) == likely:
            kept = _kept(self._ranked(words, -1), among)
        return kept[:limit]

    def _ranked(self, words: Sequence[str], limit: int) -> list[tuple[int, float]]:
        query = "SELECT rowid, -rank FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        return self._connection.execute(query, (" OR ".join(words), limit)).fetchall()

    def near(self, groups: Sequence[tuple[Sequence[str], int]], limit: int) -> list[int]:
        """The keys of passages whose text holds all words of any group close together, in any order.

        Args:
            groups: words, and how many others may lie between the first and the last of them.
        """
        terms = [(" ".join(f'"{word}"' for word in words), distance) for words, distance in groups]
        if not terms:
            return []
        query = "{text}: (" + " OR ".join(f"NEAR({words}, {distance})" for words, distance in terms) + ")"
        rows = self._connection.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (query, limit))
        return [key for (key,) in rows]

    def span(self, passage: int) -> tuple[int, int, int]:
        """Where a passage stands: the key of its document, its start and its end."""
        query = "SELECT document, start, end FROM passages WHERE key = ?"
        return self._connection.execute(query, (passage,)).fetchone()

    def passage_at(self, document: int, start: int) -> int:
        """The key of the passage of a document that begins there."""
        query = "SELECT key FROM passages WHERE document = ? AND start = ?"
        return self._connection.execute(query, (document, start)).fetchone()[0]

    def _frequency(self, stem: str) -> int:
        """In how many passages a stemmed word occurs; of a very frequent word an estimate from the first of them."""
        query = "SELECT doc FROM temp.occurrences WHERE term = ? LIMIT ?"
        passages, occurrences, last = self._connection.execute(
            f"SELECT count(DISTINCT doc), count(*), max(doc) FROM ({query})", (stem, _COUNTED)
        ).fetchone()
        if occurrences < _COUNTED:
            return passages
        keys = self.passage_table[:, 0]
        return passages * len(keys) // int(np.searchsorted(keys, last, "right"))

    @cached_property
    def spellings(self) -> Spellings:
        """The names of the corpus that are written in more than one way."""
        rows = self._connection.execute("SELECT folded, spellings FROM spellings")
        return {folded: tuple(json.loads(written)) for folded, written in rows}

    # Writing

    def add(
        self,
        entry: Mapping[str, Any],
        document: Document | None = None,
        sentences: Sequence[Span] = (),
        voices: Voices = Voices(),
    ) -> int:
        """Put a document on the list, with its text if it has one; its passages follow. Returns its key."""
        own = {name: getattr(document, name, None) for name in _META}
        own |= {"pages": own["pages"] or (), "warnings": own["warnings"] or (), "extractor": own["extractor"] or ""}
        row = {"problem": None, "text_sha256": "", "passages": 0, **entry, "meta": json.dumps(own)}
        key = self._insert("documents", row)
        if document is not None and entry["state"] == INDEXED:
            offsets = array("I", (offset for span in sentences for offset in span))
            packed = zlib.compress(offsets.tobytes(), 1)
            self._insert("texts", {"document": key, "text": _pack(document.text), "sentences": packed})
            if voices.spans:
                self._insert("voices", {"document": key, "spans": _packed_voices(voices)})
            for speaker in sorted(voices.speakers):  # a set has another order in each process
                name = speaker.encode("utf-8", "replace").decode("utf-8")  # a damaged text may name half a character
                self._insert("speakers", {"document": key, "speaker": name})
        return key

    def add_passages(self, passages: Sequence[tuple[int, str, int, int, str]], free: Sequence[int] = ()) -> list[int]:
        """Append passages, given as document, title, start, end and text. Returns their keys, which ascend.

        Args:
            free: keys for the first of them, ascending, that passages had before; the others get new ones.
        """
        keys: list[int] = []
        for (document, title, start, end, text), given in zip(passages, chain(free, repeat(None)), strict=False):
            key = self._insert("passages", {"key": given, "document": document, "start": start, "end": end})
            self._insert("words", {"rowid": key, "title": title, "text": text})
            self._connection.execute("UPDATE documents SET passages = passages + 1 WHERE key = ?", (document,))
            keys.append(key)
        return keys

    def describe(self, document: int, sketch: Sketch, names: Mapping[str, int]) -> None:
        """Keep what the tables over the whole corpus are made from."""
        hashes = array("I", sorted(sketch)).tobytes()
        self._insert("sketches", {"document": document, "hashes": hashes})
        self._insert("names", {"document": document, "counts": json.dumps(names)})

    def rename(self, key: int, id: str, stamp: str) -> None:
        """The same document under another path."""
        self._connection.execute("UPDATE documents SET id = ?, stamp = ? WHERE key = ?", (id, stamp, key))

    def touch(self, key: int, stamp: str) -> None:
        """The same document, although the file system says something new of its file."""
        self._connection.execute("UPDATE documents SET stamp = ? WHERE key = ?", (stamp, key))

    def remove(self, key: int) -> list[int]:
        """Take a document out, with its text and words. Returns the keys of its passages."""
        title, text, keys = "", "", []
        row = self._connection.execute(
            "SELECT meta, text FROM documents JOIN texts ON document = key WHERE key = ?", (key,)
        ).fetchone()
        if row:
            title, text = json.loads(row[0])["title"] or "", _unpack(row[1])
        for passage, start, end in self._connection.execute(
            "SELECT key, start, end FROM passages WHERE document = ?", (key,)
        ).fetchall():
            keys.append(passage)
            # FTS5 keeps no text to look up what it must forget, so it has to be told.
            self._connection.execute(
                "INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)",
                (passage, title, text[start:end]),
            )
        for table in ("passages", "texts", "voices", "speakers", "sketches", "names"):
            self._connection.execute(f"DELETE FROM {table} WHERE document = ?", (key,))
        self._connection.execute("DELETE FROM documents WHERE key = ?", (key,))
        return keys

    def sketches(self) -> dict[int, Sketch]:
        """The sketch of every document."""
        rows = self._connection.execute("SELECT document, hashes FROM sketches")
        return {key: frozenset(array("I", hashes)) for key, hashes in rows}

    def names(self) -> Iterator[Mapping[str, int]]:
        """The names of every document, with their counts."""
        for (counts,) in self._connection.execute("SELECT counts FROM names"):
            yield json.loads(counts)

    def set_tables(self, clusters: Mapping[int, int], spellings: Spellings) -> None:
        """Replace what was found over the whole corpus."""
        run = self._connection
        run.execute("UPDATE documents SET cluster = NULL WHERE cluster IS NOT NULL")
        run.executemany(
            "UPDATE documents SET cluster = ? WHERE key = ?", [(first, key) for key, first in clusters.items()]
        )
        run.execute("DELETE FROM spellings")
        run.executemany(
            "INSERT INTO spellings VALUES (?, ?)", [(name, json.dumps(all)) for name, all in spellings.items()]
        )

    def finish(self, *, merge: bool) -> None:
        """Commit, and leave one file that never has to be written again.

        Args:
            merge: write the word index into one piece, which costs a pass over all of it.
        """
        if merge:
            self._connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._connection.commit()
        self._connection.execute("PRAGMA journal_mode=DELETE")

    def _insert(self, table: str, row: Mapping[str, Any]) -> int:
        marks = ", ".join(f":{name}" for name in row)
        cursor = self._connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    @property
    def _connection(self) -> sqlite3.Connection:
        """One connection a thread: a search in one must not wait for a search in another."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            self._opened.append(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        if self._writable:
            connection = sqlite3.connect(self._file, check_same_thread=False)
            # The file is thrown away if the process dies, so nothing has to reach the disk before it is published.
            connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA secure_delete=ON;")
        else:
            # Immutable: SQLite takes no locks and looks for no journal.
            uri = f"{self._file.resolve().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            connection.execute("CREATE VIRTUAL TABLE temp.occurrences USING fts5vocab (main, words, instance)")
        return connection


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which would look through very many rows again and again while they are made."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _kept(found: Sequence[tuple[int, float]], among: np.ndarray) -> list[tuple[int, float]]:
    """Those whose key is among some, which ascend."""
    keys = np.array([key for key, _ in found], np.int64)
    places = np.minimum(np.searchsorted(among, keys), len(among) - 1)
    return list(compress(found, among[places] == keys))


def _pack(text: str) -> bytes:
    return text.encode("utf-8")


def _unpack(data: bytes) -> str:
    return data.decode("utf-8")


def _packed_voices(voices: Voices) -> bytes:
    rows = [
        (span.start, span.end, span.kind, span.speaker, span.chain, span.marked, span.provenance, span.confidence)
        for span in voices.spans
    ]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode("ascii"), 1)


def _unpacked_voices(data: bytes) -> Voices:
    rows = json.loads(zlib.decompress(data))
    return Voices(
        tuple(
            Voice(start, end, VoiceKind(kind), speaker, tuple(chain), marked, provenance, confidence)
            for start, end, kind, speaker, chain, marked, provenance, confidence in rows
        )
    )


def merged(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sum of several counts."""
    total: dict[str, int] = {}
    for part in counts:
        for name, count in part.items():
            total[name] = total.get(name, 0) + count
    return total
