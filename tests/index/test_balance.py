"""A ranking in, a selection with room for every perspective out. Run: python -m pytest tests/index/test_balance.py"""

from __future__ import annotations

import pytest

from index.balance import diversify, make_room

# Items are written "a3": perspective a, and a number that tells them apart; "ab1" stands for two perspectives;
# a trailing "-" marks an item below the floor.


def room(ranked: str, k: int) -> str:
    return " ".join(
        make_room(ranked.split(), k, lambda item: tuple(c for c in item if c.isalpha()), lambda item: item[-1] != "-")
    )


@pytest.mark.parametrize(
    ("ranked", "k", "expected"),
    [
        pytest.param("a1 b2 c3 a4", 3, "a1 b2 c3", id="all present already"),
        pytest.param("a1 a2 a3 b4", 3, "a1 a2 b4", id="the lowest spare place goes to the one left out"),
        pytest.param("a1 a2 b3 c4 b5", 3, "a1 b3 c4", id="the only item of a perspective keeps its place"),
        pytest.param("a1 a2 a3 a4 b5 c6", 4, "a1 a2 b5 c6", id="two left out"),
        pytest.param("a1 a2 a3 b4- a5", 3, "a1 a2 a3", id="nothing below the floor is brought in"),
        pytest.param("a1 a2- a3- b4", 3, "a1 a2- b4", id="what ranks among the best stays also below the floor"),
        pytest.param("a1 a2 b3- b4", 2, "a1 b4", id="the best deserving item of the perspective"),
        pytest.param("a1 a2 b3 b4", 2, "a1 b3", id="one place for a perspective that was left out"),
        pytest.param("a1 b2 c3", 2, "a1 b2", id="no room for more perspectives than places"),
        pytest.param("ab1 a2 c3", 2, "ab1 c3", id="an item of two perspectives speaks for both"),
        pytest.param("ab1 a2 b3 c4", 3, "ab1 a2 c4", id="the lower of two spare items goes"),
        pytest.param("a1 b2", 9, "a1 b2", id="no padding"),
        pytest.param("", 3, "", id="nothing found"),
    ],
)
def test_every_perspective_with_a_deserving_item_gets_room(ranked: str, k: int, expected: str) -> None:
    assert room(ranked, k) == expected


def never(_: int, __: object) -> bool:
    return True


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(0.0, [0, 1, 2, 3], id="without a share of novelty it is the ranking"),
        pytest.param(1.0, [0, 3, 1, 2], id="with novelty alone a new group comes before a second of an old one"),
    ],
)
def test_diversify_weighs_novelty_by_its_share(share: float, expected: list[int]) -> None:
    scores, groups = [0.9, 0.8, 0.7, 0.5], [["a"], ["a"], ["a"], ["b"]]
    assert diversify(scores, groups, 4, lambda _: share, never) == expected


def test_diversify_may_weigh_each_place_differently() -> None:
    scores, groups = [0.9, 0.8, 0.7, 0.5], [["a"], ["a"], ["a"], ["b"]]
    assert diversify(scores, groups, 3, lambda place: 1.0 if place == 2 else 0.0, never) == [0, 1, 3]


def test_diversify_does_not_bring_in_a_poor_item_for_its_group_alone() -> None:
    assert diversify([0.9, 0.8, 0.01], [["a"], ["a"], ["b"]], 2, lambda _: 0.5, never) == [0, 1]


def test_diversify_chooses_only_what_fits_those_already_chosen() -> None:
    def not_beside(at: int, chosen: object) -> bool:
        return at - 1 not in chosen and at + 1 not in chosen  # type: ignore[operator]

    assert diversify([0.9, 0.8, 0.7, 0.6], [["a"]] * 4, 4, lambda _: 0.0, not_beside) == [0, 2]


@pytest.mark.parametrize(
    ("repeated", "expected"),
    [
        pytest.param(0.0, [0, 1, 2, 3], id="where repetition costs nothing, parents do not matter"),
        pytest.param(0.5, [0, 2, 1, 3], id="another item of a parent comes behind one of a new parent"),
        pytest.param(1.0, [0, 2, 3, 1], id="and behind a weak one, if all is lost"),
    ],
)
def test_diversify_puts_a_second_item_of_a_parent_back(repeated: float, expected: list[int]) -> None:
    scores, groups, parents = [0.9, 0.8, 0.7, 0.2], [["a"]] * 4, ["one", "one", "two", "three"]
    assert diversify(scores, groups, 4, lambda _: 0.0, never, parents=parents, repeated=repeated) == expected


def test_diversify_takes_at_most_k() -> None:
    assert diversify([0.9, 0.8, 0.7], [["a"], ["b"], ["c"]], 2, lambda _: 0.5, never) == [0, 1]
    assert diversify([], [], 2, lambda _: 0.5, never) == []
