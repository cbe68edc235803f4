"""Whole indexing, from a folder to a published index, beside the plain LlamaIndex starter on the same articles."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from index import minilm
from tests.bench import sets
from tests.bench.options import Options
from tests.bench.table import Row, cheaper, faster
from tests.bench.worker import Worker

STARTER = "LlamaIndex starter"
_SIZES = {STARTER: (256, 32), f"{STARTER}, default chunks of 1024": (1024, 200)}


def run(options: Options) -> list[Row]:
    """Fresh processes and empty stores in each round."""
    articles = sets.news(options, options.articles)
    if not options.peers:
        print("indexing: without --peers, the LlamaIndex starter is skipped")
    ours: list[dict[str, Any]] = []
    theirs: dict[str, list[dict[str, Any]]] = {name: [] for name in _SIZES if options.peers}
    minilm.quantized()
    options.work.mkdir(parents=True, exist_ok=True)
    rounds = min(options.rounds, 3)
    for number in range(rounds):
        with tempfile.TemporaryDirectory(dir=options.work) as scratch:
            corpus = Path(scratch, "corpus")
            sets.write_news(corpus, articles)
            ours.append(_ours(options, corpus, Path(scratch, "store")))
            for name, (size, overlap) in _SIZES.items() if options.peers else ():
                paths = [article.path for article in articles]
                theirs[name].append(starter(options, corpus, paths, Path(scratch, str(size)), size, overlap))
        print(f"indexing: round {number + 1} of {rounds}", file=sys.stderr)
    return _rows(len(articles), ours, theirs)


def starter(options: Options, corpus: Path, paths: list[str], store: Path, size: int, overlap: int) -> dict[str, Any]:
    """The starter indexes these files."""
    assert options.peers is not None
    with Worker(options.peers, "starter_worker", options.work / "starter_worker.log") as worker:
        worker.ask("load", model=str(minilm.weights_folder()))
        done = worker.ask("index", corpus=str(corpus), paths=paths, store=str(store), size=size, overlap=overlap)
        done["whole"] = worker.since_start()
    return done | {"bytes": weight(store)}


def weight(folder: Path, name: str = "*") -> int:
    """Bytes in a folder, or of the files of one name in it."""
    return sum(file.stat().st_size for file in folder.rglob(name) if file.is_file())


def _ours(options: Options, corpus: Path, store: Path) -> dict[str, Any]:
    with Worker(sys.executable, "ours_worker", options.work / "ours_worker.log") as worker:
        worker.ask("warm")
        done = worker.ask("index", corpus=str(corpus), store=str(store))
        done["whole"] = worker.since_start()
    return done | {"bytes": weight(store), "generation": weight(store / "generations")}


def _rows(articles: int, ours: list[dict[str, Any]], theirs: dict[str, list[dict[str, Any]]]) -> list[Row]:
    def rates(done: list[dict[str, Any]], count: str | None = None, per: str = "seconds") -> list[float]:
        return [(one[count] if count else articles) / one[per] for one in done]

    def kilobytes(done: list[dict[str, Any]], name: str = "bytes") -> list[float]:
        return [one[name] / 1000 / one["passages"] for one in done]

    peaks = [one["peak_mb"] for one in ours]
    rows = [
        Row("passages", ours[0]["passages"], note=f"of {articles} articles"),
        Row("indexing", median(rates(ours, "passages")), "passages/s"),
        Row("indexing", median(rates(ours)), "articles/s"),
        Row("memory, peak", median(peaks), "MB", target="≤ 500"),
        Row("store", median(kilobytes(ours)), "KB a passage", target="≤ 7", note="text, words, vectors, matrix, cache"),
        Row("store without the cache", median(kilobytes(ours, "generation")), "KB a passage"),
    ]
    for name, done in theirs.items():
        plain = name == STARTER
        rows += [
            faster("indexing", "articles/s", rates(ours), rates(done), name, target="ratio ≥ 5" if plain else ""),
            faster("indexing", "passages/s", rates(ours, "passages"), rates(done, "passages"), name),
            faster(
                "indexing, from process start", "articles/s", rates(ours, per="whole"), rates(done, per="whole"), name
            ),
            cheaper("memory, peak", "MB", peaks, [one["peak_mb"] for one in done], name),
            cheaper("store", "KB a passage", kilobytes(ours), kilobytes(done), name),
        ]
    return rows
