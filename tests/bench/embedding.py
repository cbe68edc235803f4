"""How fast passages and questions become vectors, beside sentence-transformers and Chroma's default class."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from typing import Any

import numpy as np

from index import minilm
from index.embed import LocalEmbedder
from index.engines.prepare import chunker_for, embedding_text
from tests.bench import sets
from tests.bench.float32 import model_folder
from tests.bench.options import Options
from tests.bench.table import Row, cheaper, faster, percentile
from tests.bench.worker import Worker

OURS, CHROMA, PEER = "ours", "Chroma's default class, float32", "sentence-transformers, float32"


def run(options: Options) -> list[Row]:
    """Every system is loaded anew in each round, and then embeds the same texts as the others, by turns."""
    texts = options.work / "passages.json"
    options.work.mkdir(parents=True, exist_ok=True)
    texts.write_text(json.dumps(_passages(options)), "utf-8")
    questions = sets.titles(options, options.questions)
    minilm.quantized()  # built once on a machine, and not again at each start
    systems = {
        OURS: (sys.executable, "ours_worker", {}),
        CHROMA: (sys.executable, "chroma_worker", {"model": str(model_folder(options.work / "chroma-default"))}),
    }
    if options.peers:
        systems[PEER] = (options.peers, "sentence_transformers_worker", {"model": str(minilm.weights_folder())})
    else:
        print("embedding: without --peers, sentence-transformers is skipped")

    seen: dict[str, dict[str, list[Any]]] = {name: {} for name in systems}
    for number in range(options.rounds):
        with ExitStack() as stack:
            workers = {}
            for name, (python, module, request) in systems.items():
                worker = stack.enter_context(Worker(python, module, options.work / f"{module}.log"))
                loaded = worker.ask("load", **request)
                _note(seen[name], start=worker.since_start(), loaded=loaded["rss_mb"])
                workers[name] = worker
            for name, worker in workers.items():
                worker.ask("each", texts=questions[:5])
                save = str(options.work / f"{list(systems).index(name)}.npy")
                done = worker.ask("embed", texts=str(texts), save=save if number == 0 else None)
                _note(seen[name], rate=options.passages / done["seconds"], peak=done["peak_mb"])
            for name, worker in workers.items():
                times = [second * 1000 for second in worker.ask("each", texts=questions)["seconds"]]
                _note(seen[name], p50=percentile(times, 50), p95=percentile(times, 95))
        print(f"embedding: round {number + 1} of {options.rounds}", file=sys.stderr)
    return _rows(options, seen)


def _passages(options: Options) -> list[str]:
    """As many as asked for, from as many articles as it takes, evenly spread over them."""
    chunker = chunker_for(LocalEmbedder())
    texts = [
        embedding_text(article.title, article.text[start:end])
        for article in sets.news(options, options.passages)
        for start, end in chunker.passages(article.text)
    ]
    return [texts[int(at)] for at in np.linspace(0, len(texts) - 1, options.passages)]


def _note(seen: dict[str, list[Any]], **figures: float) -> None:
    for name, value in figures.items():
        seen.setdefault(name, []).append(value)


def _rows(options: Options, seen: dict[str, dict[str, list[Any]]]) -> list[Row]:
    ours = seen[OURS]
    rows = []
    aims = {CHROMA: ("ratio ≥ 3", "ratio ≥ 20", ""), PEER: ("ratio ≥ 5", "ratio ≥ 8", "ratio ≥ 40")}
    vectors = [np.load(options.work / f"{at}.npy") for at in range(len(seen))]
    for at, (name, theirs) in enumerate(seen.items()):
        if name == OURS:
            continue
        rate, query, start = aims[name]
        cosines = (vectors[0] * vectors[at]).sum(axis=1)
        rows += [
            faster("embedding", "passages/s", ours["rate"], theirs["rate"], name, target=rate),
            cheaper("one question, p50", "ms", ours["p50"], theirs["p50"], name, target=query),
            cheaper("one question, p95", "ms", ours["p95"], theirs["p95"], name),
            cheaper("start to first vector", "s", ours["start"], theirs["start"], name, target=start),
            cheaper("memory, loaded", "MB", ours["loaded"], theirs["loaded"], name),
            cheaper("memory, peak", "MB", ours["peak"], theirs["peak"], name),
            Row("cosine of our int8 to its float32, mean", float(cosines.mean()), target="≥ 0.99", against=name),
            Row("cosine of our int8 to its float32, 1st percentile", percentile(list(cosines), 1), against=name),
        ]
    return rows
