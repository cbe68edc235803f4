"""Passages in, crowds out. Run: python -m pytest tests/index/test_crowd.py"""

from __future__ import annotations

import numpy as np
import pytest

from index.crowd import FEWEST, crowds


def chain(count: int, cosine: float) -> np.ndarray:
    """Vectors in a plane, each at this cosine to the one before it."""
    angles = np.arange(count) * np.arccos(cosine)
    return np.stack([np.cos(angles), np.sin(angles), np.zeros(count)], axis=1)


def alike(count: int) -> np.ndarray:
    return np.tile([1.0, 0.0, 0.0], (count, 1))


FAR = np.array([[0.0, 0.0, 1.0]])
NAMES = [f"{number}.txt" for number in range(40)]


@pytest.mark.parametrize(
    ("vectors", "members"),
    [
        pytest.param(alike(FEWEST), FEWEST, id="enough that say one thing"),
        pytest.param(alike(FEWEST - 1), 0, id="one too few"),
        pytest.param(chain(FEWEST, 0.81), FEWEST, id="each near to the next"),
        pytest.param(chain(FEWEST, 0.79), 0, id="each a little too far from the next"),
        pytest.param(np.concatenate([alike(FEWEST), FAR]), FEWEST, id="another stays out"),
        pytest.param(np.concatenate([alike(FEWEST), [[0.75, 0.661, 0]]]), FEWEST + 1, id="one that is near joins"),
        pytest.param(np.concatenate([alike(FEWEST), [[0.70, 0.714, 0]]]), FEWEST, id="one that is less near does not"),
        pytest.param(np.empty((0, 3)), 0, id="nothing"),
    ],
)
def test_who_is_in_a_crowd(vectors: np.ndarray, members: int) -> None:
    assert crowds(NAMES[: len(vectors)], vectors) == ((frozenset(NAMES[:members]),) if members else ())


def test_passages_of_one_document_are_no_crowd() -> None:
    assert crowds(["a.txt"] * 30, alike(30)) == ()
    assert crowds(["a.txt", "b.txt"] * 15, alike(30)) == ()


def test_two_crowds_are_two() -> None:
    found = crowds(NAMES[: 2 * FEWEST], np.concatenate([alike(FEWEST), np.repeat(FAR, FEWEST, axis=0)]))
    assert set(found) == {frozenset(NAMES[:FEWEST]), frozenset(NAMES[FEWEST : 2 * FEWEST])}
