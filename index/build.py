"""What changed in, the next generation of a store out: the one writer of library, vectors and matrix.

    what is gone taken out ─► prepared documents ─► embed (cached) ─► library and Chroma ─► matrix and table ─► verify

An engine (engines.py) prepares the documents. They are written while the batch before is being embedded.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice, repeat
from pathlib import Path

import numpy as np

from index import passage_table, scan
from index.cache import EmbeddingCache
from index.copies import copy_file, copy_folder
from index.duplicates import clusters
from index.embed import Embedder, Vectors
from index.engines.engines import DEADLY, Engine, Job
from index.engines.prepare import Prepared, embedding_text, pipeline_of
from index.errors import StoreDamaged
from index.generation import Generation
from index.library import DUPLICATE, FAILED, INDEXED, Library, merged
from index.names import spellings
from index.plan import Plan, stamp
from index.rows import Rows
from index.terms import well_known
from index.types import Document
from index.vectors import VectorStore, read_matrix, write_matrix

BATCH = 128  # passages embedded, and kept, at once: what an interrupted run has to compute again
_DEAD = 0.2  # share of vectors taken out that Chroma may drag along before its collection is written anew


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    documents: int  # done
    of_documents: int
    passages: int  # done
    rate: float  # passages a second
    seconds_left: float | None  # None until there is something to judge by


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage on its way into the index."""

    document: int
    title: str
    start: int
    end: int
    text: str
    vector: np.ndarray | None  # where whoever prepared it computed one

    @property
    def embedded(self) -> str:
        return embedding_text(self.title, self.text)


class Build:
    """One building of one generation."""

    def __init__(
        self,
        corpus: Path,
        folder: Path,
        base: Generation | None,
        todo: Plan,
        embedder: Embedder,
        cache: EmbeddingCache,
        engine: Engine,
        progress: Callable[[Progress], None],
        vectors: Callable[[], VectorStore],
        *,
        copied: bool,
    ) -> None:
        """Begin.

        Args:
            vectors: opens the collection for what is built.
            copied: it may begin as a copy of the one before, whose files lie beside it.
        """
        self._corpus, self._folder, self._base, self._todo = corpus, folder, base, todo
        self._embedder, self._cache, self._engine, self._progress = embedder, cache, engine, progress
        self._new_vectors = folder / "new.f32"
        self.embedded = self.documents = self.dead = 0
        self.failed: list[tuple[str, str]] = []
        self.duplicates: list[tuple[str, str]] = []
        self.warnings: list[tuple[str, str]] = []
        self._used: set[bytes] = set()  # cache keys of what was added
        self._free: list[int] = []  # keys of passages that went, which those that come take, and with them their rows
        self._library, self._vectors = self._open(vectors, copied=copied)

    def build(self) -> int:
        """Do all of it; returns how many passages the generation holds."""
        kept, forgotten = self._take_out()
        self._add()
        self._library.finish(merge=self._base is None or self._anew)
        self.documents = len(self._library.originals())
        self._write_matrix(kept)
        passage_table.write(self._folder / passage_table.FILE, self._library.passage_table)
        self._cache.forget([key for key in forgotten if key not in self._used])
        return self._verify()

    def close(self) -> None:
        """Release the files, before they are published or thrown away."""
        self._library.close()
        self._vectors.close()

    def _open(self, vectors: Callable[[], VectorStore], *, copied: bool) -> tuple[Library, VectorStore]:
        self._anew = False
        if self._base is None:
            return Library.create(self._folder / "library.sqlite"), vectors()
        copy_file(self._base.folder / "library.sqlite", self._folder / "library.sqlite")
        gone = sum(entry.passages for entry in (*self._todo.edited, *self._todo.deleted))
        self.dead = self._base.manifest.dead + gone
        # Chroma only marks what is taken out. A deleted document must be gone, so its collection is written anew.
        there = copied and self._base.manifest.collection is None
        self._anew = not there or bool(self._todo.deleted) or self.dead > _DEAD * self._base.manifest.passages
        if self._anew:
            self.dead = 0
        else:
            copy_folder(self._base.folder / "chroma", self._folder / "chroma")
        library = Library(self._folder / "library.sqlite", writable=True)
        return library, vectors()

    def _take_out(self) -> tuple[np.ndarray, list[bytes]]:
        """Remove what is gone or will be read anew. Returns the old matrix's rows that stay, and what to forget."""
        if self._base is None:
            return np.empty(0, np.int64), []
        removed: list[int] = []
        forgotten: list[bytes] = []
        for entry in (*self._todo.deleted, *self._todo.edited, *self._todo.retried):
            if entry.state == INDEXED:
                text = self._base.library.document(entry.key).text
                table = self._base.library.passage_table
                for _, _, start, end in table[table[:, 1] == entry.key]:
                    forgotten.append(self._cache.key(embedding_text(entry.title, text[start:end])))
            removed += self._library.remove(entry.key)
        for entry, path in self._todo.renamed:
            self._library.rename(entry.key, path, stamp(self._corpus / path))
        for entry in self._todo.unchanged:
            now = stamp(self._corpus / entry.id)
            if now and now != entry.stamp:
                self._library.touch(entry.key, now)
        keys = self._base.library.passage_table[:, 0]
        kept = np.flatnonzero(~np.isin(keys, removed))
        if self._anew:
            for at in range(0, len(kept), 8192):
                rows = kept[at : at + 8192]
                self._vectors.add(keys[rows].tolist(), self._base.matrix[rows])
        else:
            self._vectors.remove(removed)
        self._free = sorted(removed)
        return kept, forgotten

    def _add(self) -> None:
        """Embed and keep what is new: one batch is embedded while the next is made and the last kept."""
        begun, passages = time.monotonic(), 0
        paths = sorted({*self._todo.new, *(entry.id for entry in (*self._todo.edited, *self._todo.retried))})
        # Before anything is read: what is edited from now on has another stamp at the next run.
        stamps = {path: stamp(self._corpus / path) for path in paths}
        sizes = {path: int(stamp.split()[0]) if stamp else 0 for path, stamp in stamps.items()}
        whole = sum(sizes.values())
        self._done, self._read, self._part = 0, 0, 0.0  # documents and bytes taken in, and bytes of the one in hand
        deadly = any(entry.problem == DEADLY for entry in self._todo.retried)
        job = Job(self._corpus, sizes, self._embedder, self._cache.keys, deadly=deadly)
        with (
            ThreadPoolExecutor(1, "batch") as background,
            self._new_vectors.open("wb") as file,
            _brisk_switching(),
            closing(self._engine.prepared(job)) as prepared,
        ):
            waiting: tuple[list[_Piece], Future[tuple[Vectors, int]]] | None = None
            pieces = self._pieces(prepared, stamps, sizes)
            while True:
                batch = list(islice(pieces, BATCH))
                future = background.submit(self._embed, batch) if batch else None
                if future is None:  # everything has been read, and the last batch is still being embedded
                    self._set_tables()
                if waiting is not None:
                    passages += self._keep(*waiting, file)
                    seconds = time.monotonic() - begun
                    share = (self._read + self._part) / max(whole, 1)
                    left = seconds / share - seconds if share else None
                    self._progress(Progress(self._done, len(paths), passages, passages / seconds, left))
                if future is None:
                    break
                waiting = batch, future
        self._progress(Progress(len(paths), len(paths), passages, passages / max(time.monotonic() - begun, 1e-9), 0.0))

    def _set_tables(self) -> None:
        """Find what can only be found over the whole corpus: near-duplicates, and the spellings of names."""
        found = (
            clusters(self._library.sketches(), self._known_clusters()),
            spellings(merged(self._library.names()), well_known()),
        )
        self._library.set_tables(*found)

    def _known_clusters(self) -> dict[int, int | None]:
        """Those of the documents that stay, but for what a document that goes may have held together."""
        gone = {entry.cluster for entry in (*self._todo.deleted, *self._todo.edited)} - {None}
        stay = (*self._todo.unchanged, *(entry for entry, _ in self._todo.renamed))
        return {entry.key: entry.cluster for entry in stay if entry.state == INDEXED and entry.cluster not in gone}

    def _pieces(
        self, stream: Iterable[Prepared], stamps: Mapping[str, str], sizes: Mapping[str, int]
    ) -> Iterator[_Piece]:
        """The passages of what was prepared, in order. A document is put on the list when its first is asked for."""
        known = self._library.originals()
        pipeline = pipeline_of(self._embedder)
        for prepared in stream:
            path, document = prepared.path, prepared.document
            head = {"id": path, "stamp": stamps[path], "pipeline": pipeline(path), "sha256": ""}
            if document is None:
                reason = prepared.problem or ""
                self.failed.append((path, reason))
                self._library.add(head | {"state": FAILED, "problem": reason})
            else:
                head |= {"sha256": document.sha256, "text_sha256": document.text_sha256}
                self.warnings += [(path, warning) for warning in document.warnings]
                original = known.setdefault(document.text_sha256, path)
                if original != path:
                    self.duplicates.append((path, original))
                    self._library.add(head | {"state": DUPLICATE, "problem": f"same text as {original}"}, document)
                else:
                    for piece in self._listed(head, prepared, document):
                        self._part = sizes[path] * piece.end / len(document.text)
                        yield piece
            self._done, self._read, self._part = self._done + 1, self._read + sizes[path], 0.0

    def _listed(self, head: dict[str, str], prepared: Prepared, document: Document) -> Iterator[_Piece]:
        key = self._library.add(head | {"state": INDEXED}, document, prepared.sentences, prepared.voices)
        self._library.describe(key, prepared.sketch, prepared.names)
        title, text = document.title or "", document.text
        vectors = prepared.vectors or repeat(None)
        for (start, end), vector in zip(prepared.passages, vectors, strict=False):
            yield _Piece(key, title, start, end, text[start:end], vector)

    def _embed(self, batch: list[_Piece]) -> tuple[Vectors, int]:
        known = {piece.embedded: piece.vector for piece in batch if piece.vector is not None}
        return self._cache.embed([piece.embedded for piece in batch], known)

    def _keep(self, batch: list[_Piece], future: Future[tuple[Vectors, int]], file: object) -> int:
        vectors, computed = future.result()
        self.embedded += computed
        self._used.update(self._cache.key(piece.embedded) for piece in batch)
        free, self._free = self._free[: len(batch)], self._free[len(batch) :]
        keys = self._library.add_passages([(p.document, p.title, p.start, p.end, p.text) for p in batch], free)
        self._vectors.add(keys, vectors)
        vectors.tofile(file)  # type: ignore[arg-type]
        return len(batch)

    def _write_matrix(self, kept: np.ndarray) -> None:
        matrix, dimensions = self._folder / "matrix.f32", self._embedder.dimensions
        keys, before, signs = self._library.passage_table[:, 0], None, None
        if self._base is None:
            rows = Rows.first(len(keys))
        else:
            rows = Rows.after(self._base.library.passage_table[:, 0], kept, keys)
            before, signs = self._base.folder / matrix.name, self._base.scan.signs
        write_matrix(matrix, before, rows, self._new_vectors, dimensions)
        scan.write(self._folder / scan.FILE, read_matrix(matrix, dimensions), rows, signs)
        self._new_vectors.unlink()

    def _verify(self) -> int:
        """Hold library, matrix and Chroma against one another, before anybody relies on them."""
        table = self._library.passage_table
        rows = (self._folder / "matrix.f32").stat().st_size // (4 * self._embedder.dimensions)
        if not len(table) == rows == self._vectors.count():
            found = f"{len(table)} passages, {rows} rows, {self._vectors.count()} vectors"
            raise StoreDamaged(self._folder.parent.parent, f"the new generation does not agree with itself ({found})")
        written = passage_table.read(self._folder / passage_table.FILE, rows)
        if written is None or not np.array_equal(written, table):
            raise StoreDamaged(self._folder.parent.parent, "the new passage table is not the library's")
        matrix = np.memmap(self._folder / "matrix.f32", np.float32, "r").reshape(rows, -1) if rows else np.empty((0, 1))
        for row in np.linspace(0, rows - 1, min(rows, 8), dtype=int):
            # Asked for by key: among very many equal vectors, as a document that repeats itself has them, an
            # approximate search need not find this one.
            stored = self._vectors.vector(int(table[row, 0]))
            if stored is None or float(stored @ matrix[row]) < 0.999:
                raise StoreDamaged(
                    self._folder.parent.parent, f"passage {table[row, 0]} has another vector than it had"
                )
        return rows


@contextmanager
def _brisk_switching() -> Iterator[None]:
    # The embedding threads need the interpreter for a moment between two texts. With Python's default they would wait
    # up to 5 ms for it each time, while this thread splits.
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
