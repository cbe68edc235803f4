"""A folder in, the next generation of its store out. The way of a document, from file to searchable passage.

    plan (plan.py) ─► prepared (prepare.py, by an engine) ─► written (build.py) ─► published (here)

Only what changed is read, split and embedded; the rest is copied. One bad file never stops the rest. Until the last
step nothing that a reader can see changes, so a run may be killed at any moment.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from index.build import Build, Progress
from index.cache import EmbeddingCache
from index.embed import Embedder
from index.engines.engines import DEADLY, Engine
from index.engines.pool import Local
from index.engines.prepare import pipeline_of
from index.errors import BadDocument, StoreUnwritable, UnusableFolder
from index.generation import FORMAT, Generation, Manifest, Store, require_embedder
from index.loading.load import SUFFIXES, load, require_folder
from index.plan import Plan, plan, stamp


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
    engine: Engine = Local(),
    progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Bring the index up to the state of the folder, and publish it.

    Args:
        rebuild: begin anew, also from a store of another format or embedder; cached embeddings are used all the same.
        engine: who prepares the documents. The index is the same whoever does.

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
        rehoused = base is not None and (base.manifest.collection is None) != (store.namespace is None)
        if base is not None and not (todo.changes or moved or rehoused) and _still_fail(corpus, todo):
            return _unchanged(base, todo, begun)
        folder = stack.enter_context(store.building())
        cache = EmbeddingCache(store.cache_file, embedder)
        stack.callback(cache.close)
        collection = store.new_collection()
        vectors = partial(store.new_vectors, folder, collection)
        run = Build(corpus, folder, base, todo, embedder, cache, engine, progress, vectors, copied=collection is None)
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


def _still_fail(corpus: Path, todo: Plan) -> bool:
    """Whether every file that failed before fails for the same reason now."""
    for entry in todo.retried:
        if entry.problem == DEADLY:  # not to be tried here
            if entry.stamp == stamp(corpus / entry.id):
                continue
            return False
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


@contextmanager
def _disk_errors(store: Store) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnwritable(store.folder, os.strerror(error.errno) if error.errno else str(error)) from error
    except sqlite3.Error as error:
        raise StoreUnwritable(store.folder, str(error)) from error
