"""A vector compared with every passage. Run: python -m pytest tests/index/test_scan.py"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import scan
from index.rows import Rows
from index.scan import EXACTLY, FILE, Scan

ROWS, COUNT = 60_000, 100


@pytest.fixture(scope="module")
def matrix() -> np.ndarray:
    """Passages of 200 subjects, as near to one another as those of a corpus are."""
    chance = np.random.default_rng(0)
    subjects = chance.normal(size=(200, 384))
    rows = subjects[chance.integers(0, 200, ROWS)] + chance.normal(size=(ROWS, 384))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def written(matrix: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("signs") / FILE
    scan.write(file, matrix)
    return file


def exactly(matrix: np.ndarray, vector: np.ndarray, count: int) -> list[int]:
    return np.argsort(-(matrix @ vector), kind="stable")[:count].tolist()


def test_the_nearest_are_those_of_an_exact_comparison_with_their_exact_cosines(
    matrix: np.ndarray, written: Path
) -> None:
    asked = matrix[17] + matrix[4_711]
    found = Scan(matrix, written).compare(asked).nearest(COUNT)
    assert [row for row, _ in found] == exactly(matrix, asked, COUNT)
    assert [cosine for _, cosine in found] == pytest.approx(matrix[[row for row, _ in found]] @ asked, abs=1e-6)


def test_a_third_of_the_rows_at_most_is_compared_exactly(matrix: np.ndarray, written: Path) -> None:
    compared = Scan(matrix, written).compare(matrix[17])
    assert EXACTLY <= len(compared._promising) < 1.1 * EXACTLY


def test_only_some_rows_are_searched_if_that_is_asked(matrix: np.ndarray, written: Path) -> None:
    among = np.arange(1, ROWS, 2)
    found = Scan(matrix, written).compare(matrix[0]).nearest(COUNT, among)
    assert [row for row, _ in found] == among[exactly(matrix[among], matrix[0], COUNT)].tolist()


@pytest.mark.parametrize("rows", [0, 1, 7, EXACTLY, EXACTLY + 1, EXACTLY + 3_000])
def test_any_number_of_rows_can_be_searched(rows: int, matrix: np.ndarray, tmp_path: Path) -> None:
    some = matrix[:rows]
    scan.write(tmp_path / FILE, some)
    found = Scan(some, tmp_path / FILE).compare(matrix[3]).nearest(COUNT)
    assert [row for row, _ in found] == exactly(some, matrix[3], COUNT)


@pytest.mark.parametrize("rows", [900, EXACTLY + 900])
def test_of_equal_rows_the_first_comes_first(rows: int, matrix: np.ndarray, tmp_path: Path) -> None:
    same = np.repeat(matrix[:1], rows, axis=0)
    scan.write(tmp_path / FILE, same)
    assert [row for row, _ in Scan(same, tmp_path / FILE).compare(matrix[0]).nearest(3)] == [0, 1, 2]


def test_a_generation_without_signs_is_searched_alike(matrix: np.ndarray, written: Path, tmp_path: Path) -> None:
    with_file, without = (Scan(matrix, file).compare(matrix[5]) for file in (written, tmp_path / "none"))
    assert with_file.nearest(COUNT) == without.nearest(COUNT)


def test_signs_take_a_thirty_second_of_the_matrix(matrix: np.ndarray, written: Path) -> None:
    assert written.stat().st_size == matrix.nbytes / 32


def test_signs_that_are_known_are_written_as_they_are(matrix: np.ndarray, written: Path, tmp_path: Path) -> None:
    rows = Rows.after(np.arange(90), np.arange(0, 90, 2), np.arange(100))
    known = Scan(matrix, written).signs[:, :90]
    scan.write(tmp_path / FILE, matrix[:100], rows, known)
    assert np.array_equal(Scan(matrix[:100], tmp_path / FILE).signs, Scan(matrix, written).signs[:, :100])
    scan.write(tmp_path / FILE, matrix[:100], rows, known * 0)
    assert np.flatnonzero(~Scan(matrix[:100], tmp_path / FILE).signs.any(axis=0)).tolist() == list(range(0, 90, 2))


@pytest.mark.parametrize("dimensions", [1, 63, 64, 65, 100])
def test_vectors_of_any_length_have_signs(dimensions: int, matrix: np.ndarray, tmp_path: Path) -> None:
    some = np.ascontiguousarray(matrix[:30_000, :dimensions])
    scan.write(tmp_path / FILE, some)
    differing = Scan(some, tmp_path / FILE).compare(some[0])._differing
    assert differing.tolist() == ((some > 0) != (some[0] > 0)).sum(axis=1).tolist()
