"""What a filter lets through, told without a look at every document. Run: python -m pytest tests/index/test_admitted.py"""

from __future__ import annotations

import numpy as np
import pytest

from index.admitted import Admission
from index.filter import Filter
from index.library import INDEXED, Head
from index.types import Label, Perspective, Provenance, Source

_SIDES = [Perspective("left", "Left", ""), Perspective("right", "Right", "")]
_DATES = [None, "2023", "2024-05", "2024-05-17", "2025-01-01"]
_COUNT = 60


def source(number: int) -> Source:
    sides = [side for at, side in enumerate(_SIDES) if number % 4 in (at, 3)]
    labels = tuple(Label(side, Provenance.CURATED, None, None) for side in sides)
    return Source(title="", labels=labels, outlet=None, kind=None, published=_DATES[number % len(_DATES)])


HEADS = {
    (id := f"d{number:02}.txt"): Head(3 * number + 1, id, INDEXED, "", None, None, None) for number in range(_COUNT)
}
SOURCES = {id: source(number) for number, id in enumerate(HEADS)}
DOCUMENTS = np.repeat([one.key for one in HEADS.values()], 2)  # two passages each
ALIKE = [[*HEADS.values()][at::20] for at in range(20)]  # sides come again after 4 documents, dates after 5
ADMISSION = Admission(HEADS, SOURCES, ALIKE, DOCUMENTS)


@pytest.mark.parametrize(
    "only",
    [
        Filter(perspectives=("left",)),
        Filter(perspectives=("left", "right")),
        Filter(since="2024"),
        Filter(until="2024-05"),
        Filter(perspectives=("right",), since="2024-05-17", until="2025"),
        Filter(documents=("d03.txt", "d04.txt", "d03.txt", "none.txt")),
        Filter(documents=("d03.txt", "d04.txt"), perspectives=("right",)),
        Filter(perspectives=("nobody",)),
    ],
)
@pytest.mark.parametrize("speaking", [None, {1, 10, 13}, set()], ids=["anybody", "some", "nobody"])
def test_what_is_admitted_is_what_each_document_by_itself_passes(only: Filter, speaking: set[int] | None) -> None:
    passing = [
        one.key
        for one in HEADS.values()
        if only.admits(one, SOURCES[one.id]) and (speaking is None or one.key in speaking)
    ]
    found = ADMISSION.admit(only, speaking)
    assert found.passes.tolist() == [key in passing for key in DOCUMENTS]
    assert found.rows.tolist() == [row for row, key in enumerate(DOCUMENTS) if key in passing]
    sides = {side for one in HEADS.values() if one.key in passing for side in SOURCES[one.id].sides}
    assert found.perspectives == tuple(sorted(sides, key=lambda side: side.id))


def test_rows_are_narrowed_to_what_is_admitted() -> None:
    found = ADMISSION.admit(Filter(documents=("d01.txt", "d05.txt")))
    assert found.among(np.array([0, 2, 3, 10, 40])).tolist() == [2, 3, 10]


def test_an_index_without_documents_admits_nothing() -> None:
    found = Admission({}, {}, (), np.empty(0, np.int64)).admit(Filter(since="2024"))
    assert (found.passes.tolist(), found.rows.tolist(), found.perspectives) == ([], [], ())
