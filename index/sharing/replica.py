"""The files of a copied generation in, a generation that can be asked out: checked, and its vectors put into Chroma.

Chroma's own files do not travel: its loader trusts what it reads, and they change all over when a few vectors do. They
are made here, from those of the generation before where there is one.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path, PurePosixPath

import numpy as np

from index.copies import copy_folder
from index.generation import Generation
from index.labelling.labels import FILE_NAME, SUGGESTED, LabelFiles, Labels
from index.library import SCHEMA, Library
from index.sharing.listing import LABELS, LIBRARY, MATRIX, Listing
from index.vectors import VectorStore, read_matrix

_LABELS = 1 << 26  # bytes of all labels files
_ROWS = 8192  # of the matrix, looked at in one go
_DEAD = 0.2  # share of vectors taken out that Chroma may drag along before its collection is written anew


class KeptLabels:
    """The labels files that came with a copy, in one file: their names never become paths."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._labels: Labels | None = None

    def read(self) -> Labels:
        """The labels as they were published.

        Raises:
            BadLabels: one of them cannot be followed.
        """
        if self._labels is None:
            self._labels = LabelFiles(self._file.parent, ()).with_contents(self.contents())
        return self._labels

    def contents(self) -> dict[str, bytes]:
        """The files, by name, suggestions included."""
        return unpacked(self._file.read_bytes())


def labels_of(generation: Generation) -> LabelFiles | KeptLabels:
    """Where the labels of a generation are read: beside its documents, or from what came with it."""
    if generation.is_replica:
        return KeptLabels(generation.folder / LABELS)
    return LabelFiles(generation.corpus, (head.id for head in generation.library.heads))


def packed(contents: Mapping[str, bytes]) -> bytes:
    """Labels files as one."""
    texts = {name: content.decode("utf-8", "surrogateescape") for name, content in contents.items()}
    return json.dumps(texts, indent=0, sort_keys=True).encode("ascii")


def unpacked(data: bytes) -> dict[str, bytes]:
    """The labels files that one holds.

    Raises:
        ValueError: it holds something else.
    """
    texts = json.loads(data)
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise ValueError("no labels files")
    if not all(name in (SUGGESTED, FILE_NAME) or name.endswith(f"/{FILE_NAME}") for name in texts):
        raise ValueError("other files than labels")
    return {name: text.encode("utf-8", "surrogateescape") for name, text in texts.items()}


def problem(folder: Path, listing: Listing) -> str | None:
    """What is wrong with the files of a copy, which may have been made by anybody; None where they can be used."""
    if (folder / LABELS).stat().st_size > _LABELS:
        return "its labels are larger than labels are"
    try:
        unpacked((folder / LABELS).read_bytes())
    except (ValueError, UnicodeError, RecursionError):
        return "its labels cannot be read"
    if (folder / MATRIX).stat().st_size != listing.passages * listing.dimensions * 4:
        return "it has not as many vectors as passages"
    matrix = read_matrix(folder / MATRIX, listing.dimensions)
    if not all(np.isfinite(matrix[at : at + _ROWS]).all() for at in range(0, len(matrix), _ROWS)):
        return "a vector holds what is no number"
    try:
        return _library_problem(folder / LIBRARY, listing)
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        return f"its library cannot be read ({type(error).__name__})"


def _library_problem(file: Path, listing: Listing) -> str | None:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.executescript("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;")
        # Nothing that SQLite would run when a table is read: no view, no trigger, no table of another make.
        if _schema(database) != _own_schema():
            return "its library has other tables than an index of this version"
        if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            return "its library is damaged"
        (astray,) = database.execute(
            "SELECT count(*) FROM passages WHERE document NOT IN (SELECT document FROM texts)"
            " OR typeof(start) != 'integer' OR typeof(end) != 'integer' OR start < 0 OR end < start"
        ).fetchone()
        if astray:
            return "its library has passages of no text"
    with closing(Library(file)) as library:
        if len(library.passage_table) != listing.passages:
            return "it has not as many passages as its listing says"
        if not all(_is_within(entry.id) for entry in library.entries):
            return "a document has a name that leads out of its corpus"
    return None


def _schema(database: sqlite3.Connection) -> list[tuple[str, ...]]:
    return sorted(database.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall())


def _own_schema() -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        return _schema(database)


def _is_within(id: str) -> bool:
    return bool(id) and "\0" not in id and not PurePosixPath(id).is_absolute() and ".." not in id.split("/")


def fill(folder: Path, dimensions: int, base: Generation | None) -> int:
    """Put the vectors of a copy into a Chroma collection of its own, beginning with that of the generation before.

    Returns:
        How many vectors Chroma drags along although they were taken out.
    """
    chroma, matrix = folder / "chroma", read_matrix(folder / MATRIX, dimensions)
    with closing(Library(folder / LIBRARY)) as library:
        keys, documents = library.passage_table[:, 0], {entry.id for entry in library.entries}
    gone, new, dead = np.empty(0, np.int64), np.arange(len(keys)), 0
    if base is not None and (base.folder / "chroma").is_dir() and base.manifest.dimensions == dimensions:
        gone, new = _difference(base, keys, matrix)
        dead = base.manifest.dead + len(gone)
        # Of a document that was deleted nothing stays, and Chroma only marks what is taken out.
        if any(entry.id not in documents for entry in base.library.entries) or dead > _DEAD * len(keys):
            gone, new, dead = np.empty(0, np.int64), np.arange(len(keys)), 0
        else:
            anew = len(gone) + len(new) > 0
            if not anew:
                # Nobody writes into the files of a published generation: those that stay as they are can be shared.
                shutil.copytree(base.folder / "chroma", chroma, copy_function=shared)
                return dead
            copy_folder(base.folder / "chroma", chroma)
    with closing(VectorStore.in_folder(chroma)) as vectors:
        vectors.remove(gone.tolist())
        for at in range(0, len(new), _ROWS):
            rows = new[at : at + _ROWS]
            vectors.add(keys[rows].tolist(), matrix[rows])
    return dead


def shared(source: str | Path, target: str | Path) -> None:
    """The same file in a second place; a copy where the file system cannot do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _difference(base: Generation, keys: np.ndarray, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The keys that have to be taken out of the collection before, and the rows whose vectors have to be put in."""
    before = base.library.passage_table[:, 0]
    both, old, now = np.intersect1d(before, keys, return_indices=True)
    same = np.concatenate(
        [
            (base.matrix[old[at : at + _ROWS]] == matrix[now[at : at + _ROWS]]).all(axis=1)
            for at in range(0, len(both), _ROWS)
        ]
        or [np.empty(0, bool)]
    )
    # An index that was built anew gives its keys again, to other passages.
    return np.setdiff1d(before, both[same]), np.setdiff1d(np.arange(len(keys)), now[same])
