"""sentence-transformers in float32 on the same weights: a worker for the peers' environment."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from tests.bench.worker import clocked, serve

_held: dict[str, Any] = {}


def load(model: str) -> dict[str, Any]:
    """Import the library and compute a first vector."""
    from sentence_transformers import SentenceTransformer

    _held["model"] = SentenceTransformer(model, device="cpu")
    _encode(["A first text."])
    return {}


def embed(texts: str, save: str | None = None) -> dict[str, Any]:
    """Embed all texts of a JSON file."""
    import numpy as np

    batch = json.loads(Path(texts).read_text("utf-8"))
    begun = time.perf_counter()
    rows = _encode(batch)
    seconds = time.perf_counter() - begun
    if save:
        np.save(save, rows)
    return {"seconds": seconds}


def each(texts: list[str]) -> dict[str, Any]:
    """Embed texts one by one."""
    return {"seconds": [clocked(lambda text=text: _encode([text])) for text in texts]}


def _encode(texts: list[str]) -> Any:
    return _held["model"].encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)


if __name__ == "__main__":
    serve({"load": load, "embed": embed, "each": each})
