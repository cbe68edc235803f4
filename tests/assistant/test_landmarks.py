"""Places and texts in, names for the parts of a map out."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.overview.landmarks import PARTS, landmarks


def _corner(x: float, y: float, size: int) -> np.ndarray:
    return np.random.default_rng(int(10 * x + y)).normal((x, y), 0.01, (size, 2))


def test_a_part_is_named_by_what_many_say_there_and_few_elsewhere() -> None:
    places = np.vstack([_corner(0, 0, 26), _corner(1, 1, 26), _corner(0, 1, 26)])
    texts = [f"The ferries of town carry car {n}. The ferry leaves." for n in range(26)]
    texts += [f"Bridges of town are built in year {n}: a bridge." for n in range(26)]
    texts += [f"The town council met with {'abcdefghijklmnopqrstuvwxyz'[n] * 5}." for n in range(26)]
    found = {(round(one.x), round(one.y)): one.words for one in landmarks(places, texts)}
    assert set(found) == {(0, 0), (1, 1), (0, 1)}
    assert "ferry" in found[0, 0]
    assert "bridge" in found[1, 1]
    assert "council" in found[0, 1]
    assert not any("town" in words for words in found.values())


def test_where_all_say_the_same_nothing_is_named() -> None:
    places = np.random.default_rng(0).random((100, 2))
    assert landmarks(places, ["The town council met again."] * 100) == ()


@pytest.mark.parametrize("size", [0, 1, 5, 49])
def test_a_small_map_has_no_parts(size: int) -> None:
    assert landmarks(np.zeros((size, 2)), ["The ferry"] * size) == ()


def test_places_that_are_all_the_same_have_few_names() -> None:
    assert len(landmarks(np.zeros((500, 2)), [f"word{'x' * (n % 3)} here" for n in range(500)])) <= PARTS
