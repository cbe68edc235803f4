"""An update after one article in a hundred was edited, beside embedding alone and beside the starter's rebuild."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from index.generation import Store
from tests.bench import sets, stores
from tests.bench.indexing import STARTER, starter
from tests.bench.options import Options
from tests.bench.sets import Article
from tests.bench.table import Row, cheaper
from tests.bench.worker import Worker

_SAMPLE = 30  # articles that the starter indexes in a round; a rebuild costs that for all of them


def run(options: Options) -> list[Row]:
    """Once at the size of the indexing measurement, and once at the size of the news index."""
    if not options.peers:
        print("updating: without --peers, the LlamaIndex starter is skipped")
    sizes = sorted({options.articles, options.news})
    return [row for size in sizes for row in _at(replace(options, news=size))]


def with_a_sentence(article: Article, number: int) -> str:
    """One sentence more at the beginning: most passages stay as they were."""
    return f"{article.title}\n\nThis article was corrected for the {number + 1}. time. {article.text}\n"


def _rewritten(article: Article, number: int) -> str:
    """Another word in every sentence: no passage stays as it was."""
    text = re.sub(r"([.!?]) ", rf" ({number + 1}. edition)\1 ", article.text)
    return f"{article.title}\n\n{text}\n"


_EDITS: dict[str, Callable[[Article, int], str]] = {"a sentence added": with_a_sentence, "rewritten": _rewritten}


def _at(options: Options) -> list[Row]:
    articles = sets.news(options, options.news)
    share = max(1, len(articles) // 100)
    cache = stores.news(options).cache_file
    updates: dict[str, list[dict[str, Any]]] = {name: [] for name in _EDITS}
    rebuilds: list[float] = []
    rounds = min(options.rounds, 3)
    with tempfile.TemporaryDirectory(dir=options.work) as scratch:
        corpus, store = Path(scratch, "corpus"), Store(Path(scratch, "store"))
        sets.write_news(corpus, articles)
        store.folder.mkdir()
        shutil.copyfile(cache, store.cache_file)  # so that building it costs no embedding
        stores.refresh(corpus, store)
        begin = 0
        for number in range(rounds):
            for name, edit in _EDITS.items():
                for article in articles[begin : begin + share]:
                    (corpus / article.path).write_text(edit(article, number), "utf-8")
                updates[name].append(_update(options, corpus, store))
                begin += share
            if options.peers:
                rebuilds.append(_rebuild(options, corpus, articles, Path(scratch, f"starter-{number}")))
            print(f"updating, {len(articles)} articles: round {number + 1} of {rounds}", file=sys.stderr)
    return [
        row for name, done in updates.items() for row in _rows(f"{share} of {len(articles)} {name}", done, rebuilds)
    ]


def _update(options: Options, corpus: Path, store: Store) -> dict[str, Any]:
    with Worker(sys.executable, "ours_worker", options.work / "ours_worker.log") as worker:
        worker.ask("warm")
        done = worker.ask("index", corpus=str(corpus), store=str(store.folder))
        done["whole"] = worker.since_start()
        return done | {"embedding": median(worker.ask("embed_again")["seconds"])}


def _rebuild(options: Options, corpus: Path, articles: list[Article], store: Path) -> float:
    """Seconds that the starter would need for all articles, from its rate on some of them."""
    some = articles[:: max(1, len(articles) // _SAMPLE)][:_SAMPLE]
    done = starter(options, corpus, [article.path for article in some], store, 256, 32)
    shutil.rmtree(store)
    return done["seconds"] * sum(len(article.text) for article in articles) / sum(len(article.text) for article in some)


def _rows(edited: str, done: list[dict[str, Any]], rebuilds: list[float]) -> list[Row]:
    name = f"update, {edited}"
    seconds, alone = ([one[key] for one in done] for key in ("seconds", "embedding"))
    costs = tuple(one / part for one, part in zip(seconds, alone, strict=True))
    against = f"to embed the {median(one['texts'] for one in done):.0f} changed passages alone"
    rows = [
        Row(name, median(seconds), "s", median(alone), against, costs, "ratio ≤ 2.5", "ours over baseline"),
        Row(f"{name}, from process start", median(one["whole"] for one in done), "s"),
    ]
    if rebuilds:
        rows.append(cheaper(name, "s", seconds, rebuilds, f"rebuild by the {STARTER}", target="ratio ≥ 100"))
    return rows
