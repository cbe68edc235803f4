"""The vectors of a generation: in Chroma, for the search of the whole corpus, and in one matrix, for exact scans.

The one file that imports Chroma, which runs within this process or as a server (server.py). Chroma holds ids and
vectors and no texts: with texts it takes four times as long to fill and five times the disk. Vectors go in through
LlamaIndex's `ChromaVectorStore`; reading asks the collection itself, because the store reports `exp(-distance)` instead
of a similarity and reads back metadata nobody needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from index.copies import copy_start
from index.embed import Vectors
from index.errors import VectorsUnavailable
from index.rows import Rows
from index.server import ChromaServer

_COLLECTION = "passages"
_PAGE = 100  # collections listed at once
_WAIT = "See that it runs and that tenant, database and key are right, then try again"
_INDEX = "Run `parallax index` on the folder again"
PATIENCE = 60.0  # seconds without an answer of a server
_ROWS = 8192  # of the matrix, in hand at once
_BATCH = 2000  # Chroma takes at most 5,461 records at once, and LlamaIndex's store does not know it
# How many neighbours Chroma looks at: of the true nearest 10 among 100,000 it finds .92 with its default of 100
# and .98 with 200, for half a millisecond more.
_HNSW = {"space": "cosine", "ef_search": 200}


class VectorStore:
    """One Chroma collection: of a folder of ours, or of a server.

    What a database of another make would have to bring to take its place (Qdrant and pgvector could): ids that are
    numbers, cosine similarity, collections that are written whole before a reader is told of them, names that can be
    listed and removed, and a vector given back by its id. Texts, filters and words stay with the library.
    """

    def __init__(self, client: Any, name: str, place: str | None = None, *, there: bool = False) -> None:
        """Open the collection of this name.

        Args:
            client: of Chroma; closed with the store.
            place: the server that holds it, for what is said of failures; None within this process.
            there: it exists; otherwise it is made where there is none.
        """
        self._client = client
        self._place = place
        with self._failures():
            # Without a function of its own the collection would get Chroma's default, which downloads a model.
            self._collection: Any = (
                client.get_collection(name, embedding_function=None)
                if there
                else client.get_or_create_collection(name, embedding_function=None, configuration={"hnsw": _HNSW})
            )

    @classmethod
    def in_folder(cls, folder: Path) -> VectorStore:
        """The collection in one folder."""
        import chromadb
        from chromadb.config import Settings

        with _disk_errors():
            client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
        return cls(client, _COLLECTION)

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        """Put vectors in, under the keys of their passages."""
        from llama_index.core.schema import TextNode
        from llama_index.vector_stores.chroma import ChromaVectorStore

        class SlimNode(TextNode):
            """A node without text. The store writes a node's whole dump into Chroma, 1.7 KB that nobody reads."""

            def model_dump(self, **_: Any) -> dict[str, Any]:
                return {"id_": self.id_}

        store = ChromaVectorStore(chroma_collection=self._collection)
        for at in range(0, len(keys), _BATCH):
            rows = zip(keys[at : at + _BATCH], vectors[at : at + _BATCH], strict=True)
            with self._failures():
                store.add([SlimNode(id_=str(key), embedding=vector.tolist()) for key, vector in rows])

    def remove(self, keys: Sequence[int]) -> None:
        """Take vectors out."""
        for at in range(0, len(keys), _BATCH):
            with self._failures():
                self._collection.delete(ids=[str(key) for key in keys[at : at + _BATCH]])

    def nearest(self, vector: np.ndarray, count: int) -> list[tuple[int, float]]:
        """The keys of the passages nearest in meaning with their cosine similarity, best first."""
        with self._failures():
            found = self._collection.query(query_embeddings=[vector], n_results=count, include=["distances"])
        return [(int(id), 1 - distance) for id, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def vector(self, key: int) -> np.ndarray | None:
        """The vector of a passage, as it is stored; None where there is none."""
        with self._failures():
            found = self._collection.get(ids=[str(key)], include=["embeddings"])["embeddings"]
        return np.asarray(found[0], np.float32) if len(found) else None

    def count(self) -> int:
        """How many vectors the collection holds."""
        with self._failures():
            return int(self._collection.count())

    def close(self) -> None:
        """Release the files, at the first call; Chroma keeps a client a path alive within the process otherwise."""
        _close(self._client)

    def _failures(self) -> AbstractContextManager[None]:
        return server_errors(self._place) if self._place else _disk_errors()


class Collections:
    """The collections of a server."""

    def __init__(self, server: ChromaServer) -> None:
        """Ask nothing yet."""
        self._server = server

    def open(self, name: str, *, there: bool = True) -> VectorStore:
        """The collection of this name; unless it has to be there, it is made where there is none.

        Raises:
            VectorsUnavailable: the server does not answer, or refuses.
        """
        with server_errors(self._server.address):
            client = self._client()
        try:
            return VectorStore(client, name, self._server.address, there=there)
        except BaseException:
            _close(client)
            raise

    def names(self, prefix: str) -> list[str]:
        """Those whose names begin so; errors as in `open`."""
        with server_errors(self._server.address), self._asked() as client:
            found: list[str] = []
            while page := client.list_collections(limit=_PAGE, offset=len(found)):
                found += [collection.name for collection in page]
            return [name for name in found if name.startswith(prefix)]

    def remove(self, name: str) -> None:
        """Remove one; errors as in `open`."""
        with server_errors(self._server.address), self._asked() as client:
            client.delete_collection(name)

    def _client(self) -> Any:
        import chromadb
        from chromadb.config import Settings

        server = self._server
        client = chromadb.HttpClient(
            server.host,
            server.port,
            server.ssl,
            dict(server.headers),
            Settings(anonymized_telemetry=False),
            server.tenant,
            server.database,
        )
        client._server._session.timeout = PATIENCE  # type: ignore[attr-defined] # it would wait for ever
        return client

    @contextmanager
    def _asked(self) -> Iterator[Any]:
        client = self._client()
        try:
            yield client
        finally:
            _close(client)


def _close(client: Any) -> None:
    client.close()
    if session := getattr(client._server, "_session", None):
        session.close()  # of a server; its own `close` leaves the connections open


@contextmanager
def server_errors(address: str) -> Iterator[None]:
    """What Chroma's client raises where its server fails, as a sentence of ours.

    Raises:
        VectorsUnavailable: whatever went wrong.
    """
    import httpx
    from chromadb.errors import ChromaError, NotFoundError

    server = f"The Chroma server {address}"
    try:
        yield
    except NotFoundError as error:
        raise VectorsUnavailable(
            f"The Chroma server {address}", "does not hold the vectors of this index", _INDEX
        ) from error
    except (ChromaError, httpx.HTTPError, ValueError) as error:  # a ValueError is how the client says "no connection"
        said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        problem = f"does not answer as it should ({said})"
        raise VectorsUnavailable(server, problem, _WAIT) from error


@contextmanager
def _disk_errors() -> Iterator[None]:
    from chromadb.errors import InternalError

    try:
        yield
    except InternalError as error:  # what Chroma makes of a full disk, and of one that is read-only
        raise OSError(str(error)) from error


def write_matrix(target: Path, before: Path | None, rows: Rows, added: Path, dimensions: int) -> None:
    """Write the matrix of a generation: out of the one before it, and of the file `added`, which has the new rows."""
    size, staying = 4 * dimensions, rows.staying
    kept = read_matrix(before, dimensions) if before else np.empty((0, dimensions), np.float32)
    target.touch()
    if before and staying:
        copy_start(before, target, size * (int(rows.kept[staying - 1]) + 1))  # where the disk can, nothing is written
    with target.open("r+b") as file, added.open("rb") as more:
        for run in _runs(rows.new):
            file.seek(size * int(run[0]))
            for at in range(0, len(run), _ROWS):
                file.write(more.read(size * len(run[at : at + _ROWS])))
        for at in range(staying, len(rows.kept), _ROWS):
            file.seek(size * int(rows.places[at]))
            file.write(kept[rows.kept[at : at + _ROWS]].tobytes())


def _runs(rows: np.ndarray) -> list[np.ndarray]:
    """Rows that follow one another, as often as they do."""
    return np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1) if len(rows) else []


def read_matrix(file: Path, dimensions: int) -> np.ndarray:
    """The matrix, mapped into memory: one row a passage. Its pages are read when they are first scanned."""
    if not file.stat().st_size:
        return np.empty((0, dimensions), np.float32)
    return np.memmap(file, np.float32, "r").reshape(-1, dimensions)
