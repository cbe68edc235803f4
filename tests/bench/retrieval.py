"""How well the search finds what people judged relevant: fused beside its two halves, through the product's own code.

A weight of 1 leaves meaning alone, a weight of 0 leaves words alone. A document counts where its best passage stands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from statistics import mean

from index.embed import LocalEmbedder
from index.generation import Generation, Store
from index.labels import Labels
from index.library import DUPLICATE
from index.retrieve import DENSE_WEIGHT, Retriever
from tests.bench import scoring, sets, stores
from tests.bench.options import Options, Skipped
from tests.bench.sets import Judged
from tests.bench.table import Row

_SETS = ("scifact", "debates")
_SWEEP = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_DENSE, _WORDS = 1.0, 0.0
_NAMES = {DENSE_WEIGHT: f"fused, the default ({DENSE_WEIGHT})", _DENSE: "dense alone", _WORDS: "FTS5 alone"}

Rankings = dict[float, list[list[int]]]  # by weight: one ranking of documents a question


def run(options: Options) -> list[Row]:
    """Each set that is here."""
    print("retrieval: the weights below are information; the default was chosen on other sets (see LOG.md)")
    rows: list[Row] = []
    for name in _SETS:
        try:
            judged = sets.judged(options, name)
        except Skipped as reason:
            print(f"retrieval: {name} is skipped, {reason}")
            continue
        size = "all" if options.judged is None else options.judged
        folder = options.work / f"retrieval-{name}-{size}"
        sets.write_judged(folder / "corpus", judged.documents)
        store = Store(folder / "store")
        stores.refresh(folder / "corpus", store)
        generation = store.open()
        try:
            rankings = _rankings(generation, judged.questions)
        finally:
            generation.close()
        rows += _rows(name, judged, rankings, options.resamples)
    return rows


def _rankings(generation: Generation, questions: Sequence[str]) -> Rankings:
    retriever = Retriever(generation, Labels(()), LocalEmbedder())
    copies = _copies(generation)
    rankings: Rankings = {weight: [] for weight in {DENSE_WEIGHT, _DENSE, _WORDS, *_SWEEP}}
    for number, question in enumerate(questions, 1):
        for weight, ranked in rankings.items():
            hits = retriever.candidates(question, dense_weight=weight).hits
            # At either end of the scale the other search only fills up the tail, with a rank of 0.
            found = [hit.passage.document.id for hit in hits if hit.rank > 0]
            ranked.append([document for id in dict.fromkeys(found) for document in (_number(id), *copies.get(id, ()))])
        if number % 50 == 0:
            print(f"retrieval: {number} of {len(questions)} questions", file=sys.stderr)
    return rankings


def _copies(generation: Generation) -> dict[str, list[int]]:
    """Documents with the same text as another: the index searches one of them, and the rest stand behind it."""
    copies: dict[str, list[int]] = {}
    for entry in generation.library.entries:
        if entry.state == DUPLICATE:
            copies.setdefault((entry.problem or "").removeprefix("same text as "), []).append(_number(entry.id))
    return copies


def _number(id: str) -> int:
    return int(id.removesuffix(".md"))


def _rows(name: str, judged: Judged, rankings: Rankings, resamples: int) -> list[Row]:
    def scores(weight: float, measure: Callable[..., float] = scoring.ndcg) -> list[float]:
        return [measure(found, grades) for found, grades in zip(rankings[weight], judged.relevant, strict=True)]

    asked = f"{len(judged.questions)} questions, {len(judged.documents)} documents"
    rows: list[Row] = []
    for weight, title in _NAMES.items():
        rows += [
            Row(f"{name}: nDCG@10, {title}", 100 * mean(scores(weight)), note=asked),
            Row(f"{name}: recall@10, {title}", 100 * mean(scores(weight, scoring.recall))),
            Row(f"{name}: MRR@10, {title}", 100 * mean(scores(weight, scoring.reciprocal_rank))),
        ]
    for weight in (_DENSE, _WORDS):
        better = [100 * (a - b) for a, b in zip(scores(DENSE_WEIGHT), scores(weight), strict=True)]
        low, high = scoring.interval(better, resamples)
        title = f"{name}: nDCG@10, fused over {_NAMES[weight]}"
        rows.append(
            Row(f"{title}, lower end of 95 %", low, target="> 0", note=f"mean {mean(better):+.2f}, upper {high:+.2f}")
        )
    for weight in _SWEEP:
        rows.append(Row(f"{name}: nDCG@10, weight {weight}", 100 * mean(scores(weight)), note="information"))
    return rows
