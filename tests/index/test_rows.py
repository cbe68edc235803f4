"""Where the rows of a matrix stand after an update. Run: python -m pytest tests/index/test_rows.py"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from index import vectors
from index.rows import Rows
from index.vectors import read_matrix, write_matrix

WIDTH = 3


def table(keys: list[int]) -> np.ndarray:
    return np.array([[key, key + 0.25, key + 0.5] for key in keys], np.float32).reshape(-1, WIDTH)


def after(keys: list[int], gone: set[int], came: int) -> list[int]:
    """The keys after an update: those that came take the lowest of those that went, and then new ones."""
    given = [*sorted(gone), *range(1_000, 1_000 + came)][:came]
    return sorted({*keys} - gone | {*given})


def test_what_came_takes_the_rows_of_what_went_and_then_those_behind_all() -> None:
    rows = Rows.after(np.array([1, 2, 3, 5, 8]), np.array([0, 2, 4]), np.array([1, 2, 3, 5, 8, 9]))
    assert (rows.places.tolist(), rows.new.tolist(), rows.staying) == ([0, 2, 4], [1, 3, 5], 3)


def test_rows_move_up_only_behind_the_first_that_nobody_took() -> None:
    rows = Rows.after(np.array([1, 2, 3, 5, 8]), np.array([0, 2, 4]), np.array([1, 2, 3, 8]))
    assert (rows.places.tolist(), rows.new.tolist(), rows.staying) == ([0, 2, 3], [1], 2)


@pytest.mark.parametrize("number", range(40))
def test_the_matrix_written_is_that_of_the_keys(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_ROWS", 4)
    chance = random.Random(number)
    keys = sorted(chance.sample(range(200), chance.randrange(60)))
    gone = set(chance.sample(keys, chance.randrange(len(keys) + 1)))
    now = after(keys, gone, chance.choice([0, 3, len(gone), len(gone) + 20]))
    kept = np.array([row for row, key in enumerate(keys) if key not in gone], np.int64)
    rows = Rows.after(np.array(keys, np.int64), kept, np.array(now, np.int64))
    before, added, target = tmp_path / "before", tmp_path / "added", tmp_path / "target"
    table(keys).tofile(before)
    fresh = -table([now[row] for row in rows.new])
    fresh.tofile(added)
    write_matrix(target, before, rows, added, WIDTH)
    wanted = table(now)
    wanted[rows.new] *= -1
    assert np.array_equal(read_matrix(target, WIDTH), wanted)


def test_a_first_matrix_is_what_came(tmp_path: Path) -> None:
    table([*range(9)]).tofile(tmp_path / "added")
    write_matrix(tmp_path / "target", None, Rows.first(9), tmp_path / "added", WIDTH)
    assert (tmp_path / "target").read_bytes() == (tmp_path / "added").read_bytes()
