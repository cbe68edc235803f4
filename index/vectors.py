"""The vectors of a generation: in Chroma, for the search of the whole corpus, and in one matrix, for exact scans.

The one file that imports Chroma. Chroma holds ids and vectors and no texts: with texts it takes four times as long to
fill and five times the disk. Vectors go in through LlamaIndex's `ChromaVectorStore`; reading asks the collection
itself, because the store reports `exp(-distance)` instead of a similarity and reads back metadata nobody needs.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import Vectors

_COLLECTION = "passages"
_BATCH = 2000  # Chroma takes at most 5,461 records at once, and LlamaIndex's store does not know it
# How many neighbours Chroma looks at: of the true nearest 10 among 100,000 it finds .92 with its default of 100
# and .98 with 200, for half a millisecond more.
_HNSW = {"space": "cosine", "ef_search": 200}


class VectorStore:
    """The Chroma collection in one folder."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        with _disk_errors():
            self._client: Any = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
            # Without a function of its own the collection would get Chroma's default, which downloads a model.
            self._collection: Any = self._client.get_or_create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
            )

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
            with _disk_errors():
                store.add([SlimNode(id_=str(key), embedding=vector.tolist()) for key, vector in rows])

    def remove(self, keys: Sequence[int]) -> None:
        """Take vectors out."""
        for at in range(0, len(keys), _BATCH):
            with _disk_errors():
                self._collection.delete(ids=[str(key) for key in keys[at : at + _BATCH]])

    def nearest(self, vector: np.ndarray, count: int) -> list[tuple[int, float]]:
        """The keys of the passages nearest in meaning with their cosine similarity, best first."""
        found = self._collection.query(query_embeddings=[vector], n_results=count, include=["distances"])
        return [(int(id), 1 - distance) for id, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def vector(self, key: int) -> np.ndarray | None:
        """The vector of a passage, as it is stored; None where there is none."""
        found = self._collection.get(ids=[str(key)], include=["embeddings"])["embeddings"]
        return np.asarray(found[0], np.float32) if len(found) else None

    def count(self) -> int:
        """How many vectors the collection holds."""
        return int(self._collection.count())

    def close(self) -> None:
        """Release the files, at the first call; Chroma keeps a client a path alive within the process otherwise."""
        self._client.close()


@contextmanager
def _disk_errors() -> Iterator[None]:
    from chromadb.errors import InternalError

    try:
        yield
    except InternalError as error:  # what Chroma makes of a full disk, and of one that is read-only
        raise OSError(str(error)) from error


def write_matrix(target: Path, kept: np.ndarray | None, rows: np.ndarray, added: Path) -> None:
    """Write the matrix of a generation: these rows of the one before it, then those in the file `added`."""
    with target.open("wb") as file:
        if kept is not None:
            for at in range(0, len(rows), 8192):
                file.write(np.ascontiguousarray(kept[rows[at : at + 8192]]).tobytes())
        with added.open("rb") as more:
            shutil.copyfileobj(more, file)


def read_matrix(file: Path, dimensions: int) -> np.ndarray:
    """The matrix, mapped into memory: one row a passage. Its pages are read when they are first scanned."""
    if not file.stat().st_size:
        return np.empty((0, dimensions), np.float32)
    return np.memmap(file, np.float32, "r").reshape(-1, dimensions)
