"""Parallax as it is measured: a worker over the product's own code."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from tests.bench.recorder import Recorder
from tests.bench.worker import clocked, serve

_held: dict[str, Any] = {}


def load() -> dict[str, Any]:
    """Import the embedder and compute a first vector."""
    from index.embed import LocalEmbedder

    _held["embedder"] = LocalEmbedder()
    _held["embedder"].embed(["A first text."])
    return {}


def embed(texts: str, save: str | None = None) -> dict[str, Any]:
    """Embed all texts of a JSON file."""
    import numpy as np

    batch = json.loads(Path(texts).read_text("utf-8"))
    begun = time.perf_counter()
    rows = _held["embedder"].embed(batch)
    seconds = time.perf_counter() - begun
    if save:
        np.save(save, rows)
    return {"seconds": seconds}


def each(texts: list[str]) -> dict[str, Any]:
    """Embed texts one by one."""
    return {"seconds": [clocked(lambda text=text: _held["embedder"].embed([text])) for text in texts]}


def warm() -> dict[str, Any]:
    """Load everything that indexing uses, so that what follows is indexing alone."""
    import chromadb  # noqa: F401
    import llama_index.vector_stores.chroma  # noqa: F401

    from index.engines.prepare import chunker_for, prepare

    load()
    # As long as a document is: a short text is not split, and what splits loads a library that takes a second.
    sample = Path(__file__).parents[2] / "index" / "sample"
    prepare(sample, "council-votes-sixteen-to-fifteen.txt", chunker_for(_held["embedder"]))
    return {}


def index(corpus: str, store: str, processes: int | None = None, rebuild: bool = False) -> dict[str, Any]:
    """Bring an index up to date, with documents prepared by so many processes; then embed alone, three times, the texts that the update had to embed."""
    from index.engines.engines import Here
    from index.engines.pool import Local
    from index.generation import Store
    from index.update import update

    engine = Local() if processes is None else Local(processes, worth=0) if processes else Here()
    recorder = Recorder(_held["embedder"], texts := [])
    _held["texts"] = texts
    begun = time.perf_counter()
    report = update(Path(corpus), Store(Path(store)), recorder, engine=engine, rebuild=rebuild)
    seconds = time.perf_counter() - begun
    found = {"seconds": seconds, "passages": report.passages, "embedded": report.embedded}
    return found | {"documents": len(report.plan.new) + len(report.plan.edited), "texts": len(texts)}


def embedded() -> list[str]:
    """The texts that the last update embedded."""
    return _held["texts"]


def embed_again() -> dict[str, Any]:
    """Embed, alone, the texts that the last update embedded."""
    return {"seconds": [clocked(lambda: _held["embedder"].embed(_held["texts"])) for _ in range(3)]}


def open_store(store: str, question: str) -> dict[str, Any]:
    """Open an index and ask a first question, which reads all that is read once."""
    from assistant import Assistant

    _held["assistant"] = Assistant.open(store)
    begun = time.perf_counter()
    _search(question)
    return {"seconds": time.perf_counter() - begun, "passages": _held["assistant"].corpus.status().passages}


def search(questions: list[str]) -> dict[str, Any]:
    """Embed, search and fetch the texts of the ten best passages, question by question."""
    return {"seconds": [clocked(lambda question=question: _search(question)) for question in questions]}


def ask(questions: list[str]) -> dict[str, Any]:
    """Whole answers, question by question."""
    return {"seconds": [clocked(lambda text=text: _held["assistant"].ask(text)) for text in questions]}


def _search(question: str) -> list[str]:
    return [hit.passage.text for hit in _held["assistant"].search(question, 10)]


if __name__ == "__main__":
    verbs = (load, embed, each, warm, index, embed_again, open_store, search, ask)
    serve({verb.__name__: verb for verb in verbs})
