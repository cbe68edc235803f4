"""The embedding function that Chroma uses by default, on the same weights in float32: a worker."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from tests.bench.worker import clocked, serve

_held: dict[str, Any] = {}


def load(model: str) -> dict[str, Any]:
    """Import the class and compute a first vector; `model` holds the folder that it would download."""
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2

    class Here(ONNXMiniLM_L6_V2):
        """Finds its files here and downloads nothing."""

        DOWNLOAD_PATH = Path(model)

    _held["embed"] = Here()
    _held["embed"](["A first text."])
    return {}


def embed(texts: str, save: str | None = None) -> dict[str, Any]:
    """Embed all texts of a JSON file."""
    import numpy as np

    batch = json.loads(Path(texts).read_text("utf-8"))
    begun = time.perf_counter()
    rows = _held["embed"](batch)
    seconds = time.perf_counter() - begun
    if save:
        np.save(save, np.array(rows))
    return {"seconds": seconds}


def each(texts: list[str]) -> dict[str, Any]:
    """Embed texts one by one."""
    return {"seconds": [clocked(lambda text=text: _held["embed"]([text])) for text in texts]}


if __name__ == "__main__":
    serve({"load": load, "embed": embed, "each": each})
