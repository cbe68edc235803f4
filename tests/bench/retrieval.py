"""How well the search finds what people judged relevant: fused beside its two halves, through the product's own code.

A weight of 1 leaves meaning alone, a weight of 0 leaves words alone; these two are without feedback, and so is one row of
the default. A document counts where its best passage stands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from statistics import mean

from index.embed import LocalEmbedder
from index.generation import Generation, Store
from index.labelling.labels import Labels
from index.library import DUPLICATE
from index.retrieve import DENSE_WEIGHT, FEEDBACK, Retriever
from tests.bench import scoring, sets, stores
from tests.bench.options import Options, Skipped
from tests.bench.sets import Judged
from tests.bench.table import Row

_SETS = ("scifact", "debates")
_SWEEP = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_DENSE, _WORDS = 1.0, 0.0
_PLAIN = (DENSE_WEIGHT, 0.0)
_NAMES = {
    (DENSE_WEIGHT, FEEDBACK): f"fused, the default ({DENSE_WEIGHT})",
    _PLAIN: "fused, without feedback",
    (_DENSE, 0.0): "dense alone",
    (_WORDS, 0.0): "FTS5 alone",
}
_DEFAULT, *_BASELINES = _NAMES

# By weight of meaning and of feedback: one ranking of documents a question.
Rankings = dict[tuple[float, float], list[list[int]]]


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
    rankings: Rankings = {way: [] for way in (*_NAMES, *((weight, FEEDBACK) for weight in _SWEEP))}
    for number, question in enumerate(questions, 1):
        for (weight, feedback), ranked in rankings.items():
            hits = retriever.candidates(question, dense_weight=weight, feedback=feedback).hits
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
    def scores(way: tuple[float, float], measure: Callable[..., float] = scoring.ndcg) -> list[float]:
        return [measure(found, grades) for found, grades in zip(rankings[way], judged.relevant, strict=True)]

    asked = f"{len(judged.questions)} questions, {len(judged.documents)} documents"
    rows: list[Row] = []
    for way, title in _NAMES.items():
        rows += [
            Row(f"{name}: nDCG@10, {title}", 100 * mean(scores(way)), note=asked),
            Row(f"{name}: recall@10, {title}", 100 * mean(scores(way, scoring.recall))),
            Row(f"{name}: MRR@10, {title}", 100 * mean(scores(way, scoring.reciprocal_rank))),
        ]
    for way in _BASELINES:
        better = [100 * (a - b) for a, b in zip(scores(_DEFAULT), scores(way), strict=True)]
        low, high = scoring.interval(better, resamples)
        title = f"{name}: nDCG@10, the default over {_NAMES[way]}"
        rows.append(
            Row(f"{title}, lower end of 95 %", low, target="> 0", note=f"mean {mean(better):+.2f}, upper {high:+.2f}")
        )
    for weight in _SWEEP:
        rows.append(
            Row(f"{name}: nDCG@10, weight {weight}", 100 * mean(scores((weight, FEEDBACK))), note="information")
        )
    return rows
