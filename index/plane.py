"""Vectors in, a place in the plane for each out: those near to one another stay so, as far as a plane has room.

t-SNE (van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008) over all pairs, begun from the two directions in
which the vectors differ most, so that the same vectors get the same places. A little of the early attraction is kept to
the end (Böhm, Berens and Kobak, "Attraction-Repulsion Spectra in Neighbor Embeddings", 2022): it keeps more neighbours.
Time and memory grow with the square of the number, so `spread` chooses a few of many. What is kept, beside plain
directions and beside openTSNE, which asks for 200 MB of other packages, stands in LOG.md.
"""

from __future__ import annotations

import numpy as np

MOST = 1_500  # vectors laid out at once

_NEIGHBOURS = 30.0  # as many as each vector attracts, softly
_TRIES = 60  # halvings, until each vector attracts as many
_STEPS, _GATHERING = 300, 100
_EARLY, _LATE = 12.0, 1.5  # how much stronger attraction is while gathering, and afterwards
_MOMENTUM = 0.8


def spread(parents: np.ndarray, most: int = MOST) -> np.ndarray:
    """At most so many of many rows, in order: of every parent one by chance, then of every parent another, and so on.

    Args:
        parents: one number a row: what it is a part of.
    """
    order = np.random.default_rng(0).permutation(len(parents))
    by_parent = order[np.argsort(parents[order], kind="stable")]
    counts = np.unique(parents[by_parent], return_counts=True)[1]
    turn = np.arange(len(parents)) - np.repeat(np.cumsum(counts) - counts, counts)
    chance = np.empty(len(parents), np.int64)
    chance[order] = np.arange(len(parents))
    return np.sort(by_parent[np.lexsort((chance[by_parent], turn))[:most]])


def laid_out(vectors: np.ndarray) -> np.ndarray:
    """The places of unit vectors, one row each, within a square from 0 to 1."""
    begun = directions(vectors)
    return _fitted(_settled(_attraction(vectors), begun) if len(vectors) > 3 else begun)


def directions(vectors: np.ndarray) -> np.ndarray:
    """Where vectors lie along the two directions in which they differ most."""
    if not len(vectors):
        return np.zeros((0, 2), np.float32)
    centred = vectors - vectors.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    main = axes[:, :-3:-1]
    main = main * np.sign(main[np.abs(main).argmax(0), [0, 1]])  # an axis has two ends, and either may come out
    return centred @ main


def _attraction(vectors: np.ndarray) -> np.ndarray:
    """How strongly each pair attracts one another; all together 1. Each vector attracts as many as every other."""
    apart = ((1 - vectors @ vectors.T).clip(0) ** 2).astype(np.float64)
    np.fill_diagonal(apart, np.inf)
    apart -= apart.min(1, keepdims=True)
    wanted = np.log(min(_NEIGHBOURS, (len(vectors) - 1) / 3 + 1))
    low, high, narrow = np.zeros(len(vectors)), np.full(len(vectors), np.inf), np.ones(len(vectors))
    finite = np.where(np.isinf(apart), 0, apart)
    for _ in range(_TRIES):
        weights = np.exp(-apart * narrow[:, None])
        total = weights.sum(1)
        wide = np.log(total) + narrow * (finite * weights).sum(1) / total > wanted
        low, high = np.where(wide, narrow, low), np.where(wide, high, narrow)
        narrow = np.where(np.isinf(high), narrow * 2, (low + high) / 2)
    shares = np.exp(-apart * narrow[:, None])
    shares /= shares.sum(1, keepdims=True)
    return ((shares + shares.T) / (2 * len(vectors))).astype(np.float32)


def _settled(attraction: np.ndarray, begun: np.ndarray) -> np.ndarray:
    """Where the pull of neighbours and the push of all others come to rest."""
    size, itself = len(begun), np.arange(len(begun))
    places = (begun / (begun[:, 0].std() or 1) * 1e-4).astype(np.float32)
    moving, gains = np.zeros_like(places), np.ones_like(places)
    for step in range(_STEPS):
        stronger = _EARLY if step < _GATHERING else _LATE
        squares = (places**2).sum(1)
        near = places @ places.T  # 1 / (1 + squared distance), in place: this is where the time goes
        near *= -2
        near += squares[:, None] + 1
        near += squares
        np.maximum(near, 1, out=near)
        np.reciprocal(near, out=near)
        near[itself, itself] = 0
        pull = near * (-1 / near.sum())
        pull += stronger * attraction
        pull *= near
        slope = 4 * (pull.sum(1)[:, None] * places - pull @ places)
        gains = np.where(np.sign(slope) == np.sign(moving), gains * 0.8, gains + 0.2).clip(0.01)
        moving = _MOMENTUM * moving - size / stronger * gains * slope
        places = places + moving
        places -= places.mean(0)
    return places


def _fitted(places: np.ndarray) -> np.ndarray:
    """The same, moved and scaled alike in both directions into the square."""
    if not len(places):
        return places.astype(np.float64)
    low, high = places.min(0), places.max(0)
    room = float((high - low).max()) or 1.0
    return 0.5 + (places - (low + high) / 2).astype(np.float64) / room


def kept_neighbours(vectors: np.ndarray, places: np.ndarray, count: int = 10) -> tuple[float, float]:
    """How well places tell which vectors are near: the share of the nearest that are nearest there, and trust.

    Trustworthiness (Venna and Kaski, "Neighborhood Preservation in Nonlinear Projection Methods", 2001): 1 if nothing
    is near in the plane that is far in truth.
    """
    size, count = len(vectors), min(count, (len(vectors) - 1) // 2)
    if count < 1:
        return 1.0, 1.0
    alike = np.array(vectors @ vectors.T, np.float64)
    squares = (places**2).sum(1)
    near = 2 * places @ places.T - squares[:, None] - squares
    np.fill_diagonal(alike, -np.inf)
    np.fill_diagonal(near, -np.inf)
    ranks = np.empty((size, size), np.int64)
    np.put_along_axis(ranks, np.argsort(-alike, axis=1, kind="stable"), np.arange(size)[None, :], axis=1)
    found = np.take_along_axis(ranks, np.argsort(-near, axis=1, kind="stable")[:, :count], axis=1)
    worst = size * count * (2 * size - 3 * count - 1) / 2
    return float((found < count).mean()), 1 - float((found - count + 1).clip(0).sum()) / worst
