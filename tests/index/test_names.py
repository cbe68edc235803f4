"""A corpus's names in, the spellings of one name out. Run: python -m pytest tests/index/test_names.py"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from index.loading.load import load
from index.names import find, spellings
from index.terms import well_known


def test_the_five_spellings_of_one_president_are_one_name_the_most_frequent_first() -> None:
    table = spellings({"Zelensky": 50, "Zelenskyy": 20, "Zelenskiy": 10, "Zalensky": 2, "Zalenksy": 1}, well_known())
    five = ("Zelensky", "Zelenskyy", "Zelenskiy", "Zalensky", "Zalenksy")
    assert table == dict.fromkeys(["zelensky", "zelenskyy", "zelenskiy", "zalensky", "zalenksy"], five)


def test_the_five_spellings_are_found_in_the_seed_documents(shared: Path) -> None:
    counts: dict[str, int] = {}
    for path in sorted(shared.glob("seeds/*.txt")):
        for name, count in find(load(path, path.name).text).items():
            counts[name] = counts.get(name, 0) + count
    found = set(spellings(counts, well_known())["zelensky"])
    assert {"Zelensky", "Zelenskiy", "Zelenskyy", "Zalensky", "Zalenksy"} <= found


@pytest.mark.parametrize(
    "counts",
    [
        {"Kyiv": 5, "Kiev": 3},
        {"Odesa": 5, "Odessa": 3},
        {"Gaddafi": 5, "Qaddafi": 3, "Gadhafi": 1},
        {"Mohammed": 5, "Muhammad": 3},
        {"Yanukovych": 8, "Yanukovich": 4},
        {"Medvedev": 9, "Medvedyev": 2, "Medevdev": 1},
        {"Lukashenko": 9, "Lukaschenko": 1},
        {"Stoltenberg": 9, "Stoltenburg": 1},
        {"Abdallah": 9, "Abdullah": 3},
    ],
    ids=lambda counts: "-".join(counts),
)
def test_spellings_of_one_name_are_joined(counts: dict[str, int]) -> None:
    assert {frozenset(names) for names in spellings(counts, well_known()).values()} == {frozenset(counts)}


def test_the_order_in_which_names_were_found_makes_no_difference() -> None:
    counts = {"Baryatinsky": 2, "Bariatinskij": 2, "Baryatinskiy": 2, "Bariatinsky": 2, "BARYATINSKY": 2}
    known = {"baryatinsky", "bariatinskij"}
    tables = {repr(spellings({name: counts[name] for name in names}, known)) for names in permutations(counts)}
    assert len(tables) == 1
    assert "Bariatinsky" in tables.pop()


@pytest.mark.parametrize(
    "counts",
    [
        {"Iran": 5, "Iraq": 1},
        {"Austria": 9, "Australia": 2},
        {"Minister": 9, "Ministry": 2},
        {"Johnson": 9, "Johnston": 2},
        {"Frances": 9, "Francis": 2},
        {"Slovakia": 9, "Slovenia": 3},
        {"Niger": 5, "Nigeria": 3},
        {"Richards": 9, "Richardson": 1},
        {"Williams": 9, "Williamson": 3},
        {"Hamburg": 9, "Homburg": 2},
        {"Merkel": 4, "Markel": 1},
        {"Putin": 9, "Putina": 2},
        {"Lukashenko": 9, "Lukashenka": 4},
        {"Marchenko": 6, "Marchenka": 5},
    ],
    ids=lambda counts: "-".join(counts),
)
def test_other_names_are_kept_apart(counts: dict[str, int]) -> None:
    assert spellings(counts, well_known()) == {}


def test_two_frequent_spellings_are_no_slip_of_one_another() -> None:
    assert spellings({"Stoltenberg": 9, "Stoltenburg": 8}, ()) == {}


def test_a_name_written_one_way_only_is_not_in_the_table() -> None:
    assert spellings({"Macron": 4, "Zelensky": 2}, well_known()) == {}


def test_a_spelling_is_shown_in_its_most_frequent_writing() -> None:
    assert spellings({"KYIV": 1, "Kyiv": 3, "Kiev": 2}, ())["kiev"] == ("Kyiv", "Kiev")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The envoy met Zelensky. Then Zelensky left.", {"Zelensky": 2}, id="within a sentence"),
        pytest.param("Barriers were built. Nobody met Macron.", {"Macron": 1}, id="not what begins a sentence"),
        pytest.param("Macron left.\nLavrov stayed.\r\nNobody met Macron.", {"Macron": 1}, id="not what begins a line"),
        pytest.param(
            "It was Zelensky’s plan and Macron's idea.", {"Zelensky": 1, "Macron": 1}, id="without the genitive"
        ),
        pytest.param("In the Story they told a story of Sumy.", {"Sumy": 1}, id="not what is also written small"),
        pytest.param("The NATO summit in Vilnius.", {"Vilnius": 1}, id="no abbreviations"),
        pytest.param(
            "With Ångström and O'Neill of Saint-Denis.",
            {"Ångström": 1, "O'Neill": 1, "Saint-Denis": 1},
            id="marks within",
        ),
        pytest.param("no names at all", {}, id="none"),
    ],
)
def test_names_found_in_a_text(text: str, expected: dict[str, int]) -> None:
    assert find(text) == expected
