"""A ranking and judgements in, figures of retrieval out. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

K = 10


def ndcg(ranking: Sequence[int], grades: Mapping[int, float]) -> float:
    """Normalised discounted cumulative gain of the first ten, as trec_eval counts it."""
    gained = sum(grades.get(id, 0.0) / np.log2(place + 2) for place, id in enumerate(ranking[:K]))
    best = sum(grade / np.log2(place + 2) for place, grade in enumerate(sorted(grades.values(), reverse=True)[:K]))
    return float(gained / best)


def recall(ranking: Sequence[int], grades: Mapping[int, float]) -> float:
    """The share of the relevant documents that is among the first ten."""
    return len(grades.keys() & set(ranking[:K])) / len(grades)


def reciprocal_rank(ranking: Sequence[int], grades: Mapping[int, float]) -> float:
    """One over the place of the first relevant document among the first ten; 0 where there is none."""
    return next((1 / place for place, id in enumerate(ranking[:K], 1) if id in grades), 0.0)


def interval(differences: Sequence[float], resamples: int) -> tuple[float, float]:
    """The 95 % interval of the mean of paired differences, by bootstrap over the questions."""
    values = np.asarray(differences)
    random = np.random.default_rng(0)
    means = [values[random.integers(0, len(values), len(values))].mean() for _ in range(resamples)]
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)
