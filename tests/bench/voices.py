"""What it costs to find who speaks where: alone, and as a share of indexing.

Each round indexes the same articles twice into new stores, once as it is and once with every voice left out.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from unittest.mock import patch

from index.embed import LocalEmbedder
from index.generation import Store
from index.speaking import voices
from index.types import Document, Voices
from index.update import update
from tests.bench import sets
from tests.bench.options import Options
from tests.bench.table import Row


def run(options: Options) -> list[Row]:
    """Over news articles."""
    articles = sets.news(options, options.articles)
    documents = [Document(article.path, article.content, "") for article in articles]
    words = sum(len(document.text.split()) for document in documents) / 1000
    alone: list[float] = []
    with_voices: list[float] = []
    without: list[float] = []
    embedder = LocalEmbedder()
    embedder.embed(["warming up"])
    options.work.mkdir(parents=True, exist_ok=True)
    for _ in range(min(options.rounds, 3)):
        begun = time.process_time()
        for document in documents:
            voices.find(document)
        alone.append((time.process_time() - begun) * 1000 / words)
        with tempfile.TemporaryDirectory(dir=options.work) as scratch:
            corpus = Path(scratch, "corpus")
            sets.write_news(corpus, articles)
            with_voices.append(_indexed(corpus, Path(scratch, "with"), embedder))
            with patch("index.engines.prepare.voices.find", lambda _: Voices()):
                without.append(_indexed(corpus, Path(scratch, "without"), embedder))
    return [
        Row("finding who speaks, CPU time a thousand words", median(alone), "ms", target="≤ 15"),
        Row(
            f"indexing {len(articles)} articles",
            median(with_voices),
            "s",
            median(without),
            "without voices",
            tuple(ours / bare for ours, bare in zip(with_voices, without, strict=True)),
            target="ratio ≤ 1.1",
        ),
    ]


def _indexed(corpus: Path, store: Path, embedder: LocalEmbedder) -> float:
    begun = time.perf_counter()
    update(corpus, Store(store), embedder)
    return time.perf_counter() - begun
