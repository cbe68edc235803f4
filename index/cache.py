"""Embeddings that were computed before, kept outside the generations: text in, vector out, at no cost.

Keyed by the embedder's fingerprint and the text's hash. Losing the file loses time and nothing else.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.embed import Embedder, Vectors


class EmbeddingCache:
    """A SQLite file of half-precision vectors. Used by one process at a time: the one that holds the writer's lock."""

    def __init__(self, file: Path, embedder: Embedder) -> None:
        self._embedder = embedder
        self._connection = sqlite3.connect(file, check_same_thread=False)
        # WAL: a batch that was committed survives the death of the process, at the cost of one write.
        self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;")
        self._connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def key(self, text: str) -> bytes:
        """Where the vector of this text is kept."""
        return key_of(self._embedder, text)

    def keys(self) -> frozenset[bytes]:
        """Of everything that is kept."""
        return frozenset(key for (key,) in self._connection.execute("SELECT key FROM vectors"))

    def embed(self, texts: Sequence[str], computed: Mapping[str, np.ndarray] = {}) -> tuple[Vectors, int]:
        """The vectors of these texts, and how many of them had to be computed. What was computed is kept at once.

        Args:
            computed: by text, vectors that the same embedder has computed elsewhere meanwhile.
        """
        keys = [self.key(text) for text in texts]
        known = self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            here = {key: text for key, text in missing.items() if text not in computed}
            fresh = {key: computed[text] for key, text in missing.items() if text in computed}
            if here:
                fresh |= dict(zip(here, self._embedder.embed(list(here.values())), strict=True))
            with self._connection:
                self._connection.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                    [(key, row.astype(np.float16).tobytes()) for key, row in fresh.items()],
                )
            known |= fresh
        return np.array([known[key] for key in keys], np.float32).reshape(len(texts), -1), len(missing)

    def forget(self, keys: Sequence[bytes]) -> None:
        """Delete these vectors from the disk."""
        with self._connection:
            self._connection.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key in keys])

    def close(self) -> None:
        """Write everything out and release the file."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        known: dict[bytes, np.ndarray] = {}
        for at in range(0, len(keys), 500):
            part = keys[at : at + 500]
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part)
            known |= {key: np.frombuffer(vector, np.float16).astype(np.float32) for key, vector in rows}
        return known


def key_of(embedder: Embedder, text: str) -> bytes:
    """Where the vector that an embedder has for this text is kept."""
    return hashlib.sha256(f"{embedder.fingerprint}\0{text}".encode("utf-8", "surrogatepass")).digest()[:20]
