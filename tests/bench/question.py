"""How long a question takes: search (embed, search, texts) and whole answers, beside the starter's retriever.

The starter searches the same passages with the same vectors as we do: they are put into its store ready-made, because
embedding 3,000 articles with it takes a quarter of an hour. Its questions are embedded by its own model.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from pathlib import Path

from index import minilm
from index.generation import Store
from tests.bench import sets, stores, synthetic
from tests.bench.indexing import STARTER
from tests.bench.options import Options
from tests.bench.table import Row, percentile
from tests.bench.worker import Worker

_WARM = "What is said about the weather?"
Times = list[list[float]]  # milliseconds of each question, round by round


def run(options: Options) -> list[Row]:
    """At the news index, and at a large synthetic one."""
    if not options.peers:
        print("question: without --peers, the LlamaIndex starter is skipped")
    elif not options.large_starter:
        print("question: without --large-starter, the starter is skipped at the synthetic index")
    news = stores.news(options)
    generation = news.open()
    try:
        large = synthetic.build(options.work / f"synthetic-{options.synthetic}", generation, options.synthetic)
    finally:
        generation.close()
    theirs = _starter_store(options, "news", news) if options.peers else None
    rows = _at(options, news, theirs, "≤ 5")
    theirs = _starter_store(options, "synthetic", large) if options.peers and options.large_starter else None
    return rows + _at(options, large, theirs, "≤ 15")


def _at(options: Options, store: Store, theirs: Path | None, target: str) -> list[Row]:
    """Every question is asked once: an index that is asked twice answers from its memory."""
    titles = sets.titles(options, options.questions + options.questions // 4)
    asked, answered = titles[: options.questions], titles[options.questions :]
    searched: tuple[Times, Times] = [], []
    with ExitStack() as stack:
        ours = stack.enter_context(Worker(sys.executable, "ours_worker", options.work / "ours_worker.log"))
        opened = ours.ask("open_store", store=str(store.folder), question=_WARM)
        workers = [ours, _starter(options, theirs, stack)] if theirs else [ours]
        for number in range(options.rounds):
            for worker, times in zip(workers, searched, strict=False):
                worker.ask("search", questions=[_WARM])
                times.append(_milliseconds(worker, "search", asked[number :: options.rounds]))
        first = [_milliseconds(ours, "ask", answered)]
        again = [_milliseconds(ours, "ask", answered)]
    where = f"at {opened['passages']:,} passages"
    return [
        Row(f"first question {where}, once the index is open", opened["seconds"] * 1000, "ms"),
        *_rows(f"search {where}", searched[0], searched[1], target),
        *_rows(f"answer {where}", first),
        *_rows(f"answer {where}, asked again", again),
    ]


def _milliseconds(worker: Worker, verb: str, questions: list[str]) -> list[float]:
    return [second * 1000 for second in worker.ask(verb, questions=questions)["seconds"]]


def _rows(name: str, ours: Times, theirs: Times | None = None, target: str = "") -> list[Row]:
    rows = []
    for share in (50, 95):
        row = Row(f"{name}, p{share}", percentile(list(chain(*ours)), share), "ms", target=target)
        if theirs:
            ratios = (percentile(b, share) / percentile(a, share) for a, b in zip(ours, theirs, strict=True))
            other = percentile(list(chain(*theirs)), share)
            row = replace(row, baseline=other, against=f"{STARTER}'s retriever", ratios=tuple(ratios))
        rows.append(row)
    return rows


def _starter(options: Options, store: Path, stack: ExitStack) -> Worker:
    assert options.peers is not None
    worker = stack.enter_context(Worker(options.peers, "starter_worker", options.work / "starter_worker.log"))
    worker.ask("load", model=str(minilm.weights_folder()))
    worker.ask("open_store", store=str(store), question=_WARM)
    return worker


def _starter_store(options: Options, name: str, ours: Store) -> Path:
    """The starter's index of our passages, made unless it is there already."""
    assert options.peers is not None
    generation = ours.open()
    manifest = generation.manifest
    folder = options.work / f"starter-{name}-{manifest.passages}"
    done, state = folder / "made-of", f"{manifest.name} {manifest.built}"
    try:
        if done.exists() and done.read_text() == state:
            return folder / "store"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        passages, vectors = folder / "passages.jsonl", folder / "vectors.npy"
        stores.export(generation, passages, vectors)
    finally:
        generation.close()
    with Worker(options.peers, "starter_worker", options.work / "starter_worker.log") as worker:
        worker.ask("load", model=str(minilm.weights_folder()))
        worker.ask("fill", passages=str(passages), vectors=str(vectors), store=str(folder / "store"))
    passages.unlink()
    vectors.unlink()
    done.write_text(state)
    return folder / "store"
