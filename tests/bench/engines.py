"""Documents prepared in one thread, beside processes on all cores, with embeddings computed and with all of them kept.

Processes cost their start, and cores that the embedder uses too. Where they begin to pay is what index/engines/pool.py takes as
the size from which on it starts any.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from index import minilm
from tests.bench import sets
from tests.bench.options import Options
from tests.bench.table import Row, faster
from tests.bench.worker import Worker


def run(options: Options) -> list[Row]:
    """In each round, both ways in turn, each in a fresh process."""
    minilm.quantized()
    options.work.mkdir(parents=True, exist_ok=True)
    cores = os.cpu_count() or 2
    rows: list[Row] = []
    cases = [(options.articles, False), (options.articles, True), (options.news, True)]
    for count, kept in cases:
        articles = sets.news(options, count)
        size = sum(len(article.content.encode("utf-8", "surrogatepass")) for article in articles) / 1e6
        rates: dict[int, list[float]] = {processes: [] for processes in (0, cores)}
        peaks: dict[int, float] = {}
        with tempfile.TemporaryDirectory(dir=options.work) as scratch:
            corpus, store = Path(scratch, "corpus"), Path(scratch, "store")
            sets.write_news(corpus, articles)
            if kept:
                _indexed(options, corpus, store, 0)
            for number in range(min(options.rounds, 3)):
                for processes in rates:
                    if not kept:
                        shutil.rmtree(store, ignore_errors=True)
                    done = _indexed(options, corpus, store, processes)
                    rates[processes].append(count / done["seconds"])
                    peaks[processes] = done["peak_mb"]
                print(f"engines: {count} articles, round {number + 1}", file=sys.stderr)
        what = f"{count} articles ({size:.1f} MB), embeddings {'kept' if kept else 'computed'}"
        memory = f"{peaks[cores]:.0f} MB beside {peaks[0]:.0f} in the process that writes"
        name = f"{what}, {cores} processes"
        rows.append(faster(name, "articles/s", rates[cores], rates[0], "one thread", note=memory))
    return rows


def _indexed(options: Options, corpus: Path, store: Path, processes: int) -> dict[str, Any]:
    with Worker(sys.executable, "ours_worker", options.work / "ours_worker.log") as worker:
        worker.ask("warm")
        return worker.ask("index", corpus=str(corpus), store=str(store), processes=processes, rebuild=store.exists())
