"""Vectors in, places out: neighbours stay neighbours, the same vectors get the same places, and no number breaks it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from index.plane import MOST, directions, kept_neighbours, laid_out, spread


def _groups(groups: int, each: int, dimensions: int = 48, noise: float = 0.15) -> np.ndarray:
    """Unit vectors around a few random directions, group by group."""
    random = np.random.default_rng(1)
    centres = np.repeat(random.standard_normal((groups, dimensions)), each, 0)
    rows = centres / np.linalg.norm(centres, axis=1, keepdims=True) + random.normal(0, noise, centres.shape)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 7, 20])
def test_any_number_of_vectors_lies_within_the_square(size: int) -> None:
    places = laid_out(_groups(1, size) if size else np.zeros((0, 48), np.float32))
    assert places.shape == (size, 2)
    assert np.isfinite(places).all()
    assert ((places >= -1e-9) & (places <= 1 + 1e-9)).all()


@pytest.mark.parametrize("size", [1, 2, 9])
def test_vectors_that_are_all_the_same_have_a_place(size: int) -> None:
    places = laid_out(np.repeat(_groups(1, 1), size, 0))
    assert np.isfinite(places).all()


def test_the_same_vectors_get_the_same_places() -> None:
    vectors = _groups(4, 15)
    assert np.array_equal(laid_out(vectors), laid_out(vectors.copy()))


def test_groups_that_a_plane_cannot_tell_apart_by_directions_alone_stay_apart() -> None:
    """Of nine groups in nine directions, two directions tell three apart."""
    vectors = _groups(9, 20)
    group = np.repeat(np.arange(9), 20)

    def purity(places: np.ndarray) -> float:
        apart = ((places[:, None] - places[None]) ** 2).sum(2)
        np.fill_diagonal(apart, np.inf)
        return float((group[np.argsort(apart, 1)[:, :10]] == group[:, None]).mean())

    assert purity(laid_out(vectors)) > 0.98
    assert purity(directions(vectors)) < 0.9


def test_more_neighbours_are_kept_than_by_directions_alone() -> None:
    vectors = _groups(40, 8, noise=0.08)
    kept, trust = kept_neighbours(vectors, laid_out(vectors))
    plain, plainly = kept_neighbours(vectors, directions(vectors))
    assert kept > plain + 0.2
    assert trust > plainly + 0.1


def test_what_is_kept_of_a_plane_is_everything_and_of_chance_is_chance() -> None:
    angles = np.linspace(0, 2, 200)
    flat = np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32)
    assert kept_neighbours(flat, flat.astype(np.float64)) == (1.0, 1.0)
    kept, trust = kept_neighbours(flat, np.random.default_rng(0).random((200, 2)))
    assert kept < 0.15
    assert 0.4 < trust < 0.6


def test_of_few_rows_all_are_taken() -> None:
    assert spread(np.array([3, 3, 1])).tolist() == [0, 1, 2]
    assert spread(np.array([], np.int64)).tolist() == []


def test_of_many_rows_every_parent_has_its_turn() -> None:
    parents = np.repeat([1, 2, 3], [1, 4, 3_000])
    rows = spread(parents, 11)
    assert rows.tolist() == sorted(set(rows.tolist()))
    assert Counter(parents[rows].tolist()) == {1: 1, 2: 4, 3: 6}
    assert rows.tolist() == spread(parents, 11).tolist()
    assert len(spread(np.arange(5_000))) == MOST
