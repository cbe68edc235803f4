"""Twelve perspectives of very unequal size in, how long a search takes and whether each one's nearest passage is found.

The synthetic index, its documents dealt out at random: most of them to one perspective, a handful of passages to the
last. Beside it the same questions without labels, and an exact scan: a comparison of the question with every passage.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from statistics import mean

import numpy as np

from index.embed import LocalEmbedder
from index.generation import Generation, Store
from index.labelling.labels import Labels
from index.library import INDEXED
from index.retrieve import Retriever
from index.types import Hit
from tests.bench import sets, stores, synthetic
from tests.bench.options import Options
from tests.bench.table import Row, percentile

_SHARES = (
    0.6,
    0.2,
    0.08,
    0.05,
    0.03,
    0.02,
    0.01,
    0.005,
    0.003,
    0.001,
    0.0005,
)  # of the documents; the rest has one more
_WARM = "What is said about the weather?"
_HITS = 10


def run(options: Options) -> list[Row]:
    """Times, and how often the nearest passage of a perspective is among what was found."""
    store = _index(options)
    plain, labelled = store.open(), store.open()  # each with memories of its own
    try:
        return _at(options, plain, labelled)
    finally:
        plain.close()
        labelled.close()


def _index(options: Options) -> Store:
    generation = stores.news(options).open()
    try:
        return synthetic.build(options.work / f"synthetic-{options.labelled}", generation, options.labelled)
    finally:
        generation.close()


def _at(options: Options, plain: Generation, labelled: Generation) -> list[Row]:
    embedder, questions = LocalEmbedder(), sets.titles(options, options.questions)
    sides = _dealt([entry.id for entry in labelled.library.entries if entry.state == INDEXED])
    labels, none = _labels(sides), Labels(())
    ours, theirs = Retriever(labelled, labels, embedder), Retriever(plain, none, embedder)
    theirs.search(_WARM)
    first = _milliseconds(lambda: ours.search(_WARM))
    again = _milliseconds(lambda: Retriever(labelled, labels, embedder).search(_WARM))
    exact = _Scan(labelled, sides, ours)
    where = f"at {options.labelled:,} passages, {len(exact.sizes)} perspectives"
    vectors = embedder.embed(questions)
    scans = [_milliseconds(lambda vector=vector: exact.nearest(vector)) for vector in vectors]
    rows = [
        Row(f"first search {where}, labels read", first, "ms", note=_sizes(exact.sizes)),
        Row(f"first search {where}, labels changed", again, "ms"),
        *_times(f"search {where}", [r.search for r in (ours, theirs)], questions[::2], options.rounds, scans, "≤ 60"),
        *_times(f"candidates {where}", [r.candidates for r in (ours, theirs)], questions[1::2], options.rounds, scans),
    ]
    for name, found, target in (
        ("candidates", lambda question: ours.candidates(question).hits, "≥ 99"),
        ("candidates without labels", lambda question: theirs.candidates(question).hits, ""),
        (f"{_HITS} hits", lambda question: ours.search(question, _HITS), ""),
    ):
        nearest, shown = _shares(exact, vectors, [found(question) for question in questions])
        rows += [
            Row(f"nearest passage of each perspective among the {name}", nearest, "%", target=target),
            Row(f"perspectives that are among the {name} with their nearest passage", shown, "%"),
        ]
    return rows


class _Scan:
    """Compares a question with every passage."""

    def __init__(self, generation: Generation, sides: dict[str, int], retriever: Retriever) -> None:
        numbers = {retriever.keys[id]: side for id, side in sides.items()}
        side = np.array([numbers[document] for document in generation.library.passage_table[:, 1].tolist()])
        self._matrix = np.array(generation.matrix)
        self._order = np.argsort(side, kind="stable")
        self._starts = np.searchsorted(side[self._order], np.arange(max(side) + 1))
        self.sizes = np.bincount(side).tolist()
        self.side = sides

    def nearest(self, vector: np.ndarray) -> np.ndarray:
        """The cosine of the nearest passage of each perspective."""
        return np.maximum.reduceat((self._matrix @ vector)[self._order], self._starts)


def _dealt(documents: Sequence[str]) -> dict[str, int]:
    """The number of the perspective of each document."""
    counts = [max(1, round(share * len(documents))) for share in _SHARES]
    ends = list(accumulate(counts))
    order = np.random.default_rng(0).permutation(len(documents))
    side = np.searchsorted(ends, np.arange(len(documents)), side="right")
    return {documents[int(at)]: int(number) for at, number in zip(order, side, strict=True)}


def _labels(sides: dict[str, int]) -> Labels:
    lines = [f'[perspectives.side-{number}]\nlabel = "Side {number}"\n' for number in range(len(_SHARES) + 1)]
    lines += [f'[[source]]\nmatch = "{id}"\nperspective = "side-{number}"\n' for id, number in sides.items()]
    return Labels([("sources.toml", "", "".join(lines).encode())])


def _times(
    name: str,
    systems: Sequence[Callable[[str], object]],
    questions: Sequence[str],
    rounds: int,
    scans: Sequence[float],
    target: str = "",
) -> list[Row]:
    """Every question is asked once of each, in turn."""
    ours: list[list[float]] = [[] for _ in range(rounds)]
    theirs: list[list[float]] = [[] for _ in range(rounds)]
    for at, question in enumerate(questions):
        pairs = list(zip(systems, (ours, theirs), strict=True))
        for ask, times in pairs if at % 2 else reversed(pairs):
            times[at * rounds // len(questions)].append(_milliseconds(lambda ask=ask, text=question: ask(text)))
    return [
        Row(
            f"{name}, p{share}",
            percentile(list(chain(*ours)), share),
            "ms",
            percentile(list(chain(*theirs)), share),
            "without labels",
            tuple(percentile(b, share) / percentile(a, share) for a, b in zip(ours, theirs, strict=True)),
            target if share == 95 else "",
            f"exact scan alone {percentile(scans, share):.3g} ms",
        )
        for share in (50, 95)
    ]


def _shares(exact: _Scan, vectors: np.ndarray, found: Sequence[Sequence[Hit]]) -> tuple[float, float]:
    """In percent of all pairs of question and perspective, and of those that were found at all."""
    nearest: list[float] = []
    shown: list[float] = []
    for vector, hits in zip(vectors, found, strict=True):
        best = dict.fromkeys(range(len(exact.sizes)), -1.0)
        for hit in hits:
            side = exact.side[hit.passage.document.id]
            best[side] = max(best[side], hit.score)
        right = [float(best[side] >= cosine - 1e-5) for side, cosine in enumerate(exact.nearest(vector))]
        nearest += right
        shown += [right[side] for side, cosine in best.items() if cosine > -1]
    return 100 * mean(nearest), 100 * mean(shown)


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _sizes(sizes: Sequence[int]) -> str:
    return "passages of each: " + ", ".join(f"{size:,}" for size in sizes)
