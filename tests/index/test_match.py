"""Passages found by their words, in all or some. Run: python -m pytest tests/index/test_match.py"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from index.library import Library

_COUNT = 600
_WORDS = [["ferry"], ["harbour", "port"]]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Passages that hold the words more or less often, in texts of many lengths."""
    file = tmp_path_factory.mktemp("library") / "library.sqlite"
    with closing(Library.create(file)) as new:
        texts = [
            " ".join(["ferry"] * (at % 4) + [("harbour", "port", "quay")[at % 3]] * (at % 5) + ["board"] * (at % 37))
            for at in range(_COUNT)
        ]
        new.add_passages([(1, "", 0, len(text), text) for text in texts])
        new.finish(merge=True)
    with closing(Library(file)) as library:
        yield library


def test_of_some_passages_the_best_are_those_of_all_that_are_among_them(library: Library) -> None:
    everything = library.match(_WORDS, _COUNT)
    assert 300 < len(everything) < _COUNT
    for among in (np.arange(1, _COUNT + 1, 2), np.arange(400, _COUNT + 1), np.array([5, 77, 78, 599])):
        expected = [hit for hit in everything if hit[0] in set(among.tolist())]
        assert library.match(_WORDS, 20, among) == expected[:20]
        assert library.match(_WORDS, _COUNT, among) == expected


def test_passages_that_stand_at_the_end_of_the_ranking_are_found(library: Library) -> None:
    last = library.match(_WORDS, _COUNT)[-250:]  # many, so that only a few of the best are looked at first
    assert library.match(_WORDS, 20, np.array(sorted(key for key, _ in last))) == last[:20]


def test_among_no_passages_and_by_no_words_nothing_is_found(library: Library) -> None:
    assert library.match(_WORDS, 5, np.empty(0, np.int64)) == []
    assert library.match([], 5) == []
    assert library.match([["nowhere"]], 5, np.arange(1, 9)) == []
