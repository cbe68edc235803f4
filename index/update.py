"""A folder in, the next generation of its store out. The way of a document, from file to searchable passage.

    plan ─► load ─► split ─► embed (cached) ─► library and Chroma ─► matrix ─► verify ─► publish

Only what changed is read, split and embedded; the rest is copied. Loading, splitting and writing go on while the
batch before is being embedded. One bad file never stops the rest. Until the last step nothing that a reader can see
changes, so a run may be killed at any moment.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath

import numpy as np

from index import scan, voices
from index.cache import EmbeddingCache
from index.chunk import Chunker, Span, sentences
from index.copies import copy_file, copy_folder
from index.duplicates import clusters, sketch
from index.embed import Embedder, Vectors
from index.errors import BadDocument, StoreDamaged, StoreUnwritable, UnusableFolder
from index.generation import FORMAT, Generation, Manifest, Store, require_embedder
from index.library import DUPLICATE, FAILED, INDEXED, Library, merged
from index.load import SUFFIXES, extractor_of, load, require_folder
from index.names import find as find_names
from index.names import spellings
from index.plan import Plan, plan, stamp
from index.terms import well_known
from index.types import Document
from index.vectors import VectorStore, read_matrix, write_matrix

PASSAGE_TOKENS = 200  # measured: see LOG.md
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
class Report:
    """What a run did."""

    plan: Plan
    generation: str | None  # the one that answers now; None when there is none
    passages: int  # in the whole index
    embedded: int  # passages whose vectors had to be computed
    failed: tuple[tuple[str, str], ...]  # path, reason
    duplicates: tuple[tuple[str, str], ...]  # path, path of the document with the same text
    warnings: tuple[tuple[str, str], ...]  # path, sentence
    seconds: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage on its way into the index."""

    document: int
    title: str
    start: int
    end: int
    text: str

    @property
    def embedded(self) -> str:
        return embedding_text(self.title, self.text)


def embedding_text(title: str | None, text: str) -> str:
    """What is embedded for a passage: the document's own title goes before it, since passages often omit it."""
    text = text.strip()
    return f"{title}\n{text}" if title and not text.startswith(title) else text


def pipeline_of(embedder: Embedder) -> Callable[[str], str]:
    """For a file name, the fingerprint of everything that decides what is kept of the file."""
    cut = Chunker(embedder.tokens, PASSAGE_TOKENS).fingerprint
    fixed = f"{cut}; titled once; {voices.FINGERPRINT}; {embedder.fingerprint}"
    return lambda name: f"{extractor_of(PurePosixPath(name).suffix.lower())}; {fixed}"


def dry_run(corpus: Path, store: Store, embedder: Embedder) -> Plan:
    """What `update` would do now."""
    if store.current() is None:
        return plan(corpus, (), pipeline_of(embedder))
    generation = store.open()
    try:
        require_embedder(store, generation.manifest, embedder)
        return plan(corpus, generation.library.entries, pipeline_of(embedder))
    finally:
        generation.close()


def update(
    corpus: Path,
    store: Store,
    embedder: Embedder,
    *,
    rebuild: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Bring the index up to the state of the folder, and publish it.

    Args:
        rebuild: begin anew, also from a store of another format or embedder; cached embeddings are used all the same.

    Raises:
        UnusableFolder: the folder cannot be read or holds nothing to index.
        StoreBusy, StoreFormat, StoreDamaged, StoreUnwritable, WrongEmbedder, EmbedderUnavailable: nothing was changed.
        IsReplica: the index was copied from elsewhere.
    """
    begun = time.monotonic()
    store.require_own()
    require_folder(corpus)
    corpus = corpus.resolve()
    with ExitStack() as stack:
        stack.enter_context(_disk_errors(store))
        stack.enter_context(store.writing())
        base = None if rebuild or store.current() is None else store.open()
        if base is not None:
            stack.callback(store.sweep)  # the one before goes now, and with it the texts that were deleted
            stack.callback(base.close)
            require_embedder(store, base.manifest, embedder)
        todo = plan(corpus, base.library.entries if base else (), pipeline_of(embedder))
        if base is None and not todo.new:
            kinds = " ".join(sorted(SUFFIXES))
            raise UnusableFolder(corpus, "there is nothing to index in this folder", f"Put some documents in ({kinds})")
        moved = base is not None and base.corpus != corpus  # labels are looked up there
        if base is not None and not todo.changes and not moved and _still_fail(corpus, todo):
            return _unchanged(base, todo, begun)
        folder = stack.enter_context(store.building())
        cache = EmbeddingCache(store.cache_file, embedder)
        stack.callback(cache.close)
        collection = store.new_collection()
        vectors = partial(store.new_vectors, folder, collection)
        run = _Run(corpus, folder, base, todo, embedder, cache, progress, vectors, copied=collection is None)
        stack.callback(run.close)
        passages = run.build()
        manifest = Manifest(
            format=FORMAT,
            name=store.next_name(),
            corpus=".." if store.folder.resolve().parent == corpus else str(corpus),
            embedder=embedder.fingerprint,
            embedder_name=embedder.name,
            dimensions=embedder.dimensions,
            passages=passages,
            documents=run.documents,
            dead=run.dead,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            collection=collection,
        )
        run.close()
        store.publish(folder, manifest)
        return Report(
            plan=todo,
            generation=manifest.name,
            passages=passages,
            embedded=run.embedded,
            failed=tuple(run.failed),
            duplicates=tuple(run.duplicates),
            warnings=tuple(run.warnings),
            seconds=time.monotonic() - begun,
        )


class _Run:
    """One building of one generation."""

    def __init__(
        self,
        corpus: Path,
        folder: Path,
        base: Generation | None,
        todo: Plan,
        embedder: Embedder,
        cache: EmbeddingCache,
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
        self._embedder, self._cache, self._progress = embedder, cache, progress
        self._pipeline = pipeline_of(embedder)
        self._chunker = Chunker(embedder.tokens, PASSAGE_TOKENS)
        self._new_vectors = folder / "new.f32"
        self.embedded = self.documents = self.dead = 0
        self.failed: list[tuple[str, str]] = []
        self.duplicates: list[tuple[str, str]] = []
        self.warnings: list[tuple[str, str]] = []
        self._used: set[bytes] = set()  # cache keys of what was added
        self._library, self._vectors = self._open(vectors, copied=copied)

    def build(self) -> int:
        """Do all of it; returns how many passages the generation holds."""
        kept, forgotten = self._take_out()
        self._add()
        self._library.finish(merge=self._base is None or self._anew)
        self.documents = len(self._library.originals())
        self._write_matrix(kept)
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
        return kept, forgotten

    def _add(self) -> None:
        """Read, split, embed and keep what is new: one batch is embedded while the next is made and the last kept."""
        begun, passages = time.monotonic(), 0
        paths = sorted({*self._todo.new, *(entry.id for entry in (*self._todo.edited, *self._todo.retried))})
        sizes = [_size(self._corpus / path) for path in paths]
        self._done, self._part = 0, 0.0  # documents read, and how much of the one in hand
        with ThreadPoolExecutor(1, "batch") as background, self._new_vectors.open("wb") as file, _brisk_switching():
            waiting: tuple[list[_Piece], Future[tuple[Vectors, int]]] | None = None
            pieces = self._pieces(paths)
            while True:
                batch = list(islice(pieces, BATCH))
                future = background.submit(self._cache.embed, [piece.embedded for piece in batch]) if batch else None
                if future is None:  # everything has been read, and the last batch is still being embedded
                    self._set_tables()
                if waiting is not None:
                    passages += self._keep(*waiting, file)
                    seconds = time.monotonic() - begun
                    share = (sum(sizes[: self._done]) + self._part * sum(sizes[self._done : self._done + 1])) / max(
                        sum(sizes), 1
                    )
                    left = seconds / share - seconds if share else None
                    self._progress(Progress(self._done, len(paths), passages, passages / seconds, left))
                if future is None:
                    break
                waiting = batch, future
        self._progress(Progress(len(paths), len(paths), passages, passages / max(time.monotonic() - begun, 1e-9), 0.0))

    def _set_tables(self) -> None:
        """Find what can only be found over the whole corpus: near-duplicates, and the spellings of names."""
        found = clusters(self._library.sketches()), spellings(merged(self._library.names()), well_known())
        self._library.set_tables(*found)

    def _pieces(self, paths: Sequence[str]) -> Iterator[_Piece]:
        """The passages of these files, in order. A document is put on the list when its first passage is asked for."""
        known = self._library.originals()
        for path in paths:
            head = {"id": path, "stamp": stamp(self._corpus / path), "pipeline": self._pipeline(path), "sha256": ""}
            try:
                document = load(self._corpus / path, path)
            except BadDocument as error:
                self.failed.append((path, error.reason))
                self._library.add(head | {"state": FAILED, "problem": error.reason})
                self._done += 1
                continue
            head |= {"sha256": document.sha256, "text_sha256": document.text_sha256}
            self.warnings += [(path, warning) for warning in document.warnings]
            original = known.setdefault(document.text_sha256, path)
            if original != path:
                self.duplicates.append((path, original))
                self._library.add(head | {"state": DUPLICATE, "problem": f"same text as {original}"}, document)
            else:
                key = self._list(head, document)
                yield from self._cut(key, document)
            self._done, self._part = self._done + 1, 0.0

    def _list(self, head: dict[str, str], document: Document) -> int:
        spans: Sequence[Span] = sentences(document.text)
        key = self._library.add(head | {"state": INDEXED}, document, spans, voices.find(document))
        self._library.describe(key, sketch(document.text), find_names(document.text))
        return key

    def _cut(self, key: int, document: Document) -> Iterator[_Piece]:
        for start, end in self._chunker.passages(document.text):
            self._part = end / len(document.text)
            yield _Piece(key, document.title or "", start, end, document.text[start:end])

    def _keep(self, batch: list[_Piece], future: Future[tuple[Vectors, int]], file: object) -> int:
        vectors, computed = future.result()
        self.embedded += computed
        self._used.update(self._cache.key(piece.embedded) for piece in batch)
        keys = self._library.add_passages([(p.document, p.title, p.start, p.end, p.text) for p in batch])
        self._vectors.add(keys, vectors)
        vectors.tofile(file)  # type: ignore[arg-type]
        return len(batch)

    def _write_matrix(self, kept: np.ndarray) -> None:
        base = self._base.matrix if self._base is not None else None
        matrix = self._folder / "matrix.f32"
        write_matrix(matrix, base, kept, self._new_vectors)
        scan.write(self._folder / scan.FILE, read_matrix(matrix, self._embedder.dimensions))
        self._new_vectors.unlink()

    def _verify(self) -> int:
        """Hold library, matrix and Chroma against one another, before anybody relies on them."""
        table = self._library.passage_table
        rows = (self._folder / "matrix.f32").stat().st_size // (4 * self._embedder.dimensions)
        if not len(table) == rows == self._vectors.count():
            found = f"{len(table)} passages, {rows} rows, {self._vectors.count()} vectors"
            raise StoreDamaged(self._folder.parent.parent, f"the new generation does not agree with itself ({found})")
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


def _still_fail(corpus: Path, todo: Plan) -> bool:
    """Whether every file that failed before fails for the same reason now."""
    for entry in todo.retried:
        try:
            load(corpus / entry.id, entry.id)
        except BadDocument as error:
            if error.reason == entry.problem:
                continue
        return False
    return True


def _unchanged(base: Generation, todo: Plan, begun: float) -> Report:
    return Report(
        plan=todo,
        generation=base.name,
        passages=base.manifest.passages,
        embedded=0,
        failed=tuple((entry.id, entry.problem or "") for entry in todo.retried),
        duplicates=(),
        warnings=(),
        seconds=time.monotonic() - begun,
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


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


@contextmanager
def _disk_errors(store: Store) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnwritable(store.folder, os.strerror(error.errno) if error.errno else str(error)) from error
    except sqlite3.Error as error:
        raise StoreUnwritable(store.folder, str(error)) from error
