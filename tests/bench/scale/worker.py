"""One stage of a measurement, in a process of its own: its time and memory can be told apart from all else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.worker import clocked, memory, serve

_SAMPLE = 1_000  # texts of an update that are embedded again alone, to know what of its time that was
_SHARE = 0.25  # of each article, in an index that is made to be read alone
_held: dict[str, Any] = {}


def build(data: str, work: str, size: str, chroma: bool) -> dict[str, Any]:
    """Make the index of a size, whose corpus is there unless its passages are counted.

    Args:
        chroma: also all that only an update needs; without it the passages have a quarter of their length, too.
    """
    from index.embed import LocalEmbedder
    from index.update import update
    from tests.bench import ours_worker
    from tests.bench.scale import prepared
    from tests.bench.scale.corpora import Corpora, Size, label
    from tests.bench.scale.varied import RecalledEmbedder

    ours_worker.warm()  # building, not importing, is measured
    corpora, wanted = Corpora(Path(data), Path(work)), Size.read(size)
    store, corpus = corpora.store(wanted), corpora.folder(wanted) / "corpus"
    if corpora.is_real(wanted):
        begun = time.perf_counter()
        report = update(corpus, store, LocalEmbedder())
        return {"seconds": time.perf_counter() - begun, "embedded": report.embedded, "aside_mb": 0.0}
    originals = corpora.store(corpora.originals).open()
    before = memory()["rss_mb"]
    embedder = RecalledEmbedder(originals, [article.title for article in corpora.articles.originals])
    _ = corpora.articles.article(len(corpora.articles.originals))  # what it draws from is made at the first one
    aside = memory()["rss_mb"] - before
    begun = time.perf_counter()
    if wanted.passages is None:
        update(corpus, store, embedder)
    else:
        label(corpus)
        table = originals.library.passage_table
        length = int((table[:, 3] - table[:, 2]).mean())
        articles = corpora.articles if chroma else corpora.articles.shortened(_SHARE)
        length = length if chroma else int(length * _SHARE)
        prepared.build(corpus, store, articles, wanted.passages, length, embedder, chroma=chroma)
    return {"seconds": time.perf_counter() - begun, "embedded": 0, "aside_mb": aside}


def open_store(store: str, question: str) -> dict[str, Any]:
    """Open an index and ask a first question, which reads all that is read once."""
    from assistant import Assistant

    begun = time.perf_counter()
    _held["assistant"] = Assistant.open(store)
    opened = time.perf_counter() - begun
    _held["assistant"].search(question, 10)
    return {"opened": opened, "answered": time.perf_counter() - begun}


def search(questions: list[str], only: dict[str, Any]) -> dict[str, Any]:
    """Embed, search and fetch the texts of the ten best passages, question by question."""

    def one(question: str) -> list[str]:
        return [hit.passage.text for hit in _held["assistant"].search(question, 10, **only)]

    return _timed(one, questions)


def answer(questions: list[str]) -> dict[str, Any]:
    """Whole answers without a model, question by question."""
    return _timed(_held["assistant"].ask, questions)


def _timed(work: Callable[[str], Any], questions: list[str]) -> dict[str, Any]:
    """Each question by the clock, and in processor time, which others on the machine change less."""
    seconds: list[float] = []
    processor: list[float] = []
    for question in questions:
        begun = time.process_time()
        seconds.append(clocked(lambda question=question: work(question)))
        processor.append(time.process_time() - begun)
    return {"seconds": seconds, "processor": processor}


def recall(questions: list[str], k: int, chroma: bool) -> dict[str, Any]:
    """Of the k passages that are nearest by a comparison with all, the share that the two quick searches find."""
    import numpy as np

    from index.embed import LocalEmbedder

    embedder = LocalEmbedder()
    found: dict[str, list[float]] = {"scan": [], "chroma": []}
    with _held["assistant"].reader.pinned() as (generation, _):
        keys = generation.library.passage_table[:, 0]
        for question in questions:
            vector = embedder.embed([question])[0]
            nearest = {int(keys[row]) for row in np.argsort(-(generation.matrix @ vector), kind="stable")[:k]}
            scanned = {int(keys[row]) for row, _ in generation.scan.compare(vector).nearest(k)}
            found["scan"].append(len(nearest & scanned) / len(nearest))
            if chroma:
                near = {key for key, _ in generation.vectors.nearest(vector, len(nearest))}
                found["chroma"].append(len(nearest & near) / len(nearest))
    return {name: sum(shares) / len(shares) for name, shares in found.items() if shares}


def update(corpus: str, store: str) -> dict[str, Any]:
    """Bring an index up to date; then embed alone a sample of what was embedded for it."""
    from index.embed import LocalEmbedder
    from tests.bench import ours_worker

    ours_worker.warm()
    done = ours_worker.index(corpus, store)
    embedder, texts = LocalEmbedder(), ours_worker.embedded()
    embedder.embed(texts[:2])  # loads it
    sample = texts[:_SAMPLE]
    alone = clocked(lambda: embedder.embed(sample)) * len(texts) / max(len(sample), 1)
    return {"seconds": done["seconds"], "embedded": len(texts), "embedding": alone}


if __name__ == "__main__":
    verbs = (build, open_store, search, answer, recall, update)
    serve({verb.__name__: verb for verb in verbs})
