"""A store in, one published state of it out: which files belong together, who may read and who may write.

    STORE/
      CURRENT               the name of the published generation
      lock                  held by the one process that builds
      cache.sqlite          embeddings, kept across generations
  collections           what the store's collections on a Chroma server begin with, if it has had any there
      generations/NAME/     library.sqlite, chroma/, matrix.f32, signs.u64, passages.i64, manifest.json;
                            lock, held by its readers; of a replica labels.json and listing.json, too
      readers/NAME/         a reader's copy of chroma/; lock, held by that reader

A generation never changes after it was published. Chroma writes into its own files when they are only read (a lock
table when a client opens, the index of a small collection when it is first asked), so a reader gives it a copy. Its
files are not safe while one process writes and another reads, and a kill inside one of its writes can destroy a
collection. So an update is built beside the current one and published by replacing CURRENT. `kill -9` at any moment
leaves the old generation; the half-built one is swept away by the next writer. Locks are the kernel's (flock), so they
die with their process.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from index import passage_table
from index.copies import copy_folder
from index.embed import Embedder
from index.errors import (
    IndexMissing,
    IsReplica,
    StoreBusy,
    StoreDamaged,
    StoreFormat,
    StoreUnwritable,
    VectorsUnavailable,
    WrongEmbedder,
)
from index.library import Library
from index.scan import FILE as SIGNS
from index.scan import Scan
from index.server import ChromaServer, Namespace, namespace, remember
from index.vectors import Collections, VectorStore, read_matrix

FORMAT = 2  # 2: who speaks where
STORE_NAME = ".parallax"
_BUILDING = "building"
_NAME_IT = "Name it with --chroma URL, in PARALLAX_CHROMA, or as `chroma` in parallax.toml"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself."""

    format: int
    name: str
    corpus: str  # the folder it was made from; relative to the store where the store lies in it, so both can be moved
    embedder: str  # fingerprint
    embedder_name: str  # for people
    dimensions: int
    passages: int
    documents: int
    dead: int  # vectors that Chroma still drags along although they were taken out
    built: str  # ISO time, UTC
    collection: str | None = None  # that holds its vectors on a Chroma server; None: they are in its own folder
    origin: str | None = None  # where it was copied from; None: it was made here
    published: str | None = None  # ISO time, UTC, at which it was put there


class Generation:
    """One published state of a store, open for reading. Nothing in it changes while it is open, or afterwards."""

    def __init__(
        self, folder: Path, manifest: Manifest, lock: int, readers: Path, namespace: Namespace | None = None
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self._namespace = namespace
        self._lock = lock
        self._readers = readers
        self._copy: _Copy | None = None
        self.library = Library(folder / "library.sqlite", passage_table=self._passage_table())

    @property
    def name(self) -> str:
        """Which state this is."""
        return self.manifest.name

    @property
    def corpus(self) -> Path:
        """The folder it was made from; of a replica a folder of that name, which is not there."""
        return (self.folder.parent.parent / self.manifest.corpus).resolve()

    @property
    def is_replica(self) -> bool:
        """Whether it was copied from elsewhere: without its documents, and with the labels as they were there."""
        return self.manifest.origin is not None

    @property
    def own_corpus(self) -> Path:
        """The folder it was made from, to be changed.

        Raises:
            IsReplica: it is elsewhere.
        """
        if self.manifest.origin is not None:
            raise IsReplica(self.folder.parent.parent, self.manifest.origin)
        return self.corpus

    @cached_property
    def vectors(self) -> VectorStore:
        """The search by meaning over the whole corpus. Opened when first needed: it brings Chroma in.

        Raises:
            VectorsUnavailable: they are on a server that is not named or does not answer.
        """
        if self.manifest.collection:
            if self._namespace is None:
                raise VectorsUnavailable("This index", "has its vectors on a Chroma server", _NAME_IT)
            return Collections(self._namespace.server).open(self.manifest.collection)
        self._copy = _Copy(self.folder / "chroma", self._readers)
        return VectorStore.in_folder(self._copy.chroma)

    @cached_property
    def matrix(self) -> np.ndarray:
        """Every vector, one row a passage, in the order of `library.passage_table`."""
        return read_matrix(self.folder / "matrix.f32", self.manifest.dimensions)

    @cached_property
    def scan(self) -> Scan:
        """The search by meaning over any part of the corpus, which compares every passage."""
        return Scan(self.matrix, self.folder / SIGNS)

    @property
    def of_another_length(self) -> str | None:
        """The first file of vectors that is longer or shorter than its passages need."""
        passages, numbers = self.manifest.passages, self.manifest.dimensions
        wanted = {"matrix.f32": 4 * numbers * passages, SIGNS: 8 * -(-numbers // 64) * passages}
        there = [name for name in wanted if name != SIGNS or (self.folder / name).exists()]  # an older one has no signs
        return next((name for name in there if _length(self.folder / name) != wanted[name]), None)

    def _passage_table(self) -> np.ndarray | None:
        try:
            return passage_table.read(self.folder / passage_table.FILE, self.manifest.passages)
        except (OSError, ValueError) as error:
            problem = f"the passage table of {self.name} cannot be read"
            raise StoreDamaged(self.folder.parent.parent, problem) from error

    def close(self) -> None:
        """Let go of the files; the generation may be swept away then."""
        self.library.close()
        if "vectors" in self.__dict__:
            self.vectors.close()
        if self._copy is not None:
            self._copy.remove()
        os.close(self._lock)


class _Copy:
    """A reader's own copy of a generation's Chroma files, in the store or, where that is read-only, elsewhere."""

    def __init__(self, chroma: Path, readers: Path) -> None:
        try:
            readers.mkdir(exist_ok=True)
            self._make(chroma, readers)
        except OSError:  # the store's place is read-only, or full
            self._make(chroma, None)

    def _make(self, chroma: Path, place: Path | None) -> None:
        self._folder, self._lock = _locked_folder(place)
        self.chroma = self._folder / "chroma"
        try:
            copy_folder(chroma, self.chroma)
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Delete it. What a killed reader leaves, the next writer sweeps away."""
        shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock)


class Store:
    """A folder of generations, one of which is current."""

    def __init__(self, folder: Path, server: ChromaServer | None = None) -> None:
        """Open nothing yet.

        Args:
            server: has the vectors of what is built from now on, and of what was built there; without one, each
                generation keeps its own.
        """
        self.folder = folder
        self.namespace = namespace(folder, server) if server else None
        self._generations = folder / "generations"

    @property
    def cache_file(self) -> Path:
        """Where embeddings are kept across generations."""
        return self.folder / "cache.sqlite"

    def current(self) -> str | None:
        """The name of the published generation; None before the first."""
        try:
            return (self.folder / "CURRENT").read_text("utf-8", "replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def manifest(self, name: str) -> Manifest:
        """What a generation says of itself.

        Raises:
            StoreFormat: another version of Parallax wrote it.
            StoreDamaged: it cannot be read.
        """
        try:
            data = json.loads((self._generations / name / "manifest.json").read_text("utf-8"))
            if data.get("format") != FORMAT:
                raise StoreFormat(self.folder, data.get("format"), FORMAT)
            return Manifest(**data)
        except FileNotFoundError:
            raise
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise StoreDamaged(self.folder, f"the manifest of {name} cannot be read") from error

    def require_own(self) -> None:
        """Refuse to change a replica.

        Raises:
            IsReplica: the current generation was copied from elsewhere.
        """
        with suppress(StoreFormat, StoreDamaged, FileNotFoundError):
            origin = self.manifest(name).origin if (name := self.current()) else None
            if origin is not None:
                raise IsReplica(self.folder, origin)

    def open(self) -> Generation:
        """Open the current generation for reading.

        Raises:
            IndexMissing: nothing has been published yet.
            StoreFormat, StoreDamaged: it cannot be used.
        """
        missing = None
        while (name := self.current()) is not None:
            folder = self._generations / name
            try:
                lock = _locked(folder / "lock", fcntl.LOCK_SH)
                try:
                    readers = self.folder / "readers"
                    return self._opened(Generation(folder, self.manifest(name), lock, readers, self.namespace))
                except BaseException:
                    os.close(lock)
                    raise
            except FileNotFoundError:
                # Between our look at CURRENT and the lock, a writer may have published and swept this one away.
                if name == missing:
                    raise StoreDamaged(self.folder, f"CURRENT names {name}, which is not there") from None
                missing = name
        raise IndexMissing(self.folder)

    def _opened(self, generation: Generation) -> Generation:
        """A generation whose library can be read, and whose vectors are as long as they have to be."""
        try:
            _ = generation.library.heads
        except (sqlite3.DatabaseError, ValueError) as error:
            generation.library.close()
            raise StoreDamaged(self.folder, f"the library of {generation.name} cannot be read") from error
        if short := generation.of_another_length:
            generation.library.close()
            raise StoreDamaged(self.folder, f"{short} of {generation.name} is not as long as it has to be")
        return generation

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock, and clear away what dead writers left.

        Raises:
            StoreBusy: another process holds it.
            StoreUnwritable: the disk is full, or read-only.
        """
        with ExitStack() as stack:
            try:
                self._generations.mkdir(parents=True, exist_ok=True)
                lock = _locked(self.folder / "lock", fcntl.LOCK_EX | fcntl.LOCK_NB, create=True)
                stack.callback(os.close, lock)
                if self.namespace:
                    remember(self.folder, self.namespace)
                self.sweep()
            except BlockingIOError:
                raise StoreBusy(self.folder) from None
            except OSError as error:
                raise StoreUnwritable(self.folder, error.strerror or str(error)) from error
            yield

    @contextmanager
    def building(self) -> Iterator[Path]:
        """An empty folder for the next generation, thrown away unless it is published."""
        folder = self._generations / _BUILDING
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def new_collection(self) -> str | None:
        """The name of the next generation's collection on the server; None where it keeps its vectors itself."""
        return self.namespace.new_name(self.next_name()) if self.namespace else None

    def new_vectors(self, folder: Path, collection: str | None) -> VectorStore:
        """Where the vectors of a generation that is being built go.

        Raises:
            VectorsUnavailable: the server does not answer.
        """
        if self.namespace and collection:
            return Collections(self.namespace.server).open(collection, there=False)
        return VectorStore.in_folder(folder / "chroma")

    def publish(self, folder: Path, manifest: Manifest) -> None:
        """Make a finished folder the current generation, all at once."""
        (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), "utf-8")
        (folder / "lock").touch()
        for path in sorted(folder.rglob("*")):
            _sync(path)
        _sync(folder)
        target = self._generations / manifest.name
        os.rename(folder, target)
        _sync(self._generations)
        pointer = self.folder / "CURRENT.new"
        pointer.write_text(manifest.name + "\n", "utf-8")
        _sync(pointer)
        os.replace(pointer, self.folder / "CURRENT")
        _sync(self.folder)
        self.sweep()

    def next_name(self) -> str:
        """A name that no generation has had."""
        taken = [int(path.name[1:]) for path in self._generations.glob("g[0-9]*")]
        current = self.current()
        taken += [int(current[1:])] if current and current[1:].isdecimal() else []
        return f"g{max(taken, default=0) + 1:06}"

    def sweep(self) -> None:
        """Remove every generation that is neither current nor open in some process, and what killed readers left."""
        current = self.current()
        for folder in (*self._generations.iterdir(), *(self.folder / "readers").glob("*")):
            if folder.name == current:
                continue
            try:
                # A half-built one has no lock yet, and a reader may be about to make it.
                lock = _locked(folder / "lock", fcntl.LOCK_EX | fcntl.LOCK_NB, create=True)
            except BlockingIOError:
                continue  # somebody still reads it; the next writer looks again
            except (FileNotFoundError, NotADirectoryError):
                continue  # gone meanwhile, or nothing of ours
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
        with suppress(VectorsUnavailable):  # the next writer looks again
            self._sweep_server()

    def _sweep_server(self) -> None:
        """Remove every collection of this store that belongs to none of its generations."""
        if self.namespace is None:
            return
        held: set[str | None] = set()
        for folder in self._generations.glob("g[0-9]*"):
            try:
                held.add(self.manifest(folder.name).collection)
            except (FileNotFoundError, StoreDamaged, StoreFormat):
                return  # what it holds is not known, so nothing is known to be held by nobody
        collections = Collections(self.namespace.server)
        for name in collections.names(f"{self.namespace.prefix}-"):
            if name not in held:
                collections.remove(name)


def _length(file: Path) -> int | None:
    return file.stat().st_size if file.is_file() else None


def _locked_folder(place: Path | None) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix="parallax-", dir=place))
        try:
            return folder, _locked(folder / "lock", fcntl.LOCK_SH, create=True)
        except FileNotFoundError:
            continue  # a writer swept the new folder away before it had its lock


def require_embedder(store: Store, manifest: Manifest, embedder: Embedder) -> None:
    """Refuse to compare vectors of two models.

    Raises:
        WrongEmbedder: the generation was built with another one.
    """
    if manifest.embedder != embedder.fingerprint:
        raise WrongEmbedder(store.folder, manifest.embedder_name, embedder.name)


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold the lock on a file, which is made where there is none.

    Raises:
        BlockingIOError: another process holds it.
    """
    lock = _locked(file, fcntl.LOCK_EX | fcntl.LOCK_NB, create=True)
    try:
        yield
    finally:
        os.close(lock)


def _locked(file: Path, how: int, *, create: bool = False) -> int:
    """A descriptor that holds the lock on this file; FileNotFoundError when the file goes while we wait for it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT if create else os.O_RDONLY, 0o644)
    try:
        fcntl.flock(descriptor, how)
        if not os.path.samestat(os.fstat(descriptor), os.stat(file)):
            raise FileNotFoundError(file)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
