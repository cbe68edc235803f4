"""Quotes of several columns in, the dates and names in which they differ out: a table for each rule."""

from __future__ import annotations

import pytest

from assistant.checking.dates import dates
from assistant.checking.offices import holders
from assistant.tables.differences import differences, same_numbers
from assistant.tables.table import Kind

OPENS = "the harbour bridge was closed to cars"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on 2025-11-21", [(2025, 11, 21)]),
        ("on 21 November 2025.", [(2025, 11, 21)]),
        ("on the 21st of November", [(None, 11, 21)]),
        ("on Nov. 21, 2025, they", [(2025, 11, 21)]),
        ("in November 2025", [(2025, 11, None)]),
        ("since 2014", [(2014, None, None)]),
        ("2014 ships", []),
        ("they may 21 times", [(None, 5, 21)]),
        ("they may march", []),
        ("on Tuesday", []),
        ("a 12-2025-11-21 file and 3.21 November", []),
        ("from 3 March to May 4, 2020", [(None, 3, 3), (2020, 5, 4)]),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(text: str, found: list[tuple[int | None, ...]]) -> None:
    assert [(date.year, date.month, date.day) for date in dates(text)] == found


def test_a_date_stands_where_it_says() -> None:
    text = "It ended (on Nov. 21, 2025), in 2014."
    assert [text[date.start : date.end] for date in dates(text)] == ["Nov. 21, 2025", "2014"]


@pytest.mark.parametrize(
    ("one", "other", "marked"),
    [
        pytest.param(f"On 3 March {OPENS}.", f"On 7 March {OPENS}.", ["3 March, 7 March"], id="days"),
        pytest.param(f"In March 2025 {OPENS}.", f"In April 2025 {OPENS}.", ["March 2025, April 2025"], id="months"),
        pytest.param(f"In 2024 {OPENS}.", f"In 2025 {OPENS}.", ["2024, 2025"], id="years"),
        pytest.param(f"On 3 March {OPENS}.", f"In March 2025 {OPENS}.", [], id="one says less"),
        pytest.param(f"On 3 March {OPENS}.", f"In March 3, 2025 {OPENS}.", [], id="the same day"),
        pytest.param(f"On 3 March 2020 {OPENS}.", f"On 3 March 2025 {OPENS}.", [], id="years apart"),
        pytest.param("On 3 March the council met.", "On 7 March the market burned.", [], id="other words"),
        pytest.param("On 3 March Mill, Dee and Ox.", "On 7 March Mill, Dee and Ox.", [], id="names alone"),
        pytest.param("In 2024 the bridge was closed.", "In 2025 the bridge was closed.", [], id="too few for years"),
        pytest.param(
            f"On 3 March {OPENS}, and on 7 March the quay was closed to cars.",
            f"On 7 March {OPENS}.",
            [],
            id="the other side has the date as well",
        ),
        pytest.param(f"On 3 March they met. Later {OPENS}.", f"On 7 March {OPENS}.", [], id="another clause"),
    ],
)
def test_dates_differ_only_beside_the_same_words(one: str, other: str, marked: list[str]) -> None:
    found = [entry for entry in differences([("a", one), ("b", other)]) if entry.kind is Kind.DATE]
    assert [str(entry).rpartition(": ")[2] for entry in found] == marked
    assert all("use different dates beside “" in str(entry) for entry in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Czech Prime Minister Petr Fiala left", [("czech prime minister", "Petr Fiala")]),
        ("Petr Fiala, the Czech prime minister, left", [("czech prime minister", "Petr Fiala")]),
        ("Moldova's foreign minister Nicu Popescu", [("moldova foreign minister", "Nicu Popescu")]),
        ("U.S. Defense Secretary Ash B. Carter", [("us defence secretary", "Ash B. Carter")]),
        ("former Czech Prime Minister Petr Fiala", []),
        ("Czech Deputy Prime Minister Jan Hamacek", []),
        ("Czech Prime Minister Fiala", []),
        ("President Petr Pavel", []),
        ("South Korean President Moon Jae-in", []),
        ("Republican President Ann Smith", []),
        ("Czech senator Petr Fiala", []),
    ],
)
def test_only_an_office_that_one_person_holds_at_a_time_counts(text: str, found: list[tuple[str, str]]) -> None:
    assert [(holder.office, holder.name) for holder in holders(text)] == found


@pytest.mark.parametrize(
    ("one", "other", "marked"),
    [
        ("Czech Prime Minister Petr Fiala", "Andrej Babis, the Czech prime minister,", ["Petr Fiala, Andrej Babis"]),
        ("Czech Prime Minister Petr Fiala", "Slovak Prime Minister Robert Fico", []),
        ("Ukrainian President Volodymyr Zelensky", "Ukrainian President Wolodymyr Zelenskyy", []),
        ("Czech Prime Minister Petr Fiala", "Czech Foreign Minister Jan Lipavsky", []),
    ],
)
def test_names_differ_only_in_the_same_office(one: str, other: str, marked: list[str]) -> None:
    found = [entry for entry in differences([("a", one), ("b", other)]) if entry.kind is Kind.NAME]
    assert [str(entry).rpartition(": ")[2] for entry in found] == marked


def test_two_names_in_one_column_are_no_difference() -> None:
    quotes = [("a", "Czech Prime Minister Petr Fiala"), ("a", "Czech Prime Minister Andrej Babis")]
    assert differences(quotes) == ()


@pytest.mark.parametrize("month", ["Auguſt", "AUGUST", "august"])
def test_a_month_is_known_in_old_print_too(month: str) -> None:
    assert [date.month for date in dates(f"on 5 {month} 1876")] == [8]


def test_amounts_of_money_are_compared_only_beside_a_word_that_they_share() -> None:
    other = [("a", "The ferry costs $40 million."), ("b", "A sandwich is sold for $3 at noon.")]
    assert differences(other) == ()
    alike = [("a", "The ferry costs $40 million."), ("b", "The ferry costs $60 million, they say.")]
    assert [entry.unit for entry in differences(alike)] == ["$"]


def test_the_same_number_of_the_same_thing_is_marked_and_no_other() -> None:
    alike = [("a", "On market days 1,200 people wait for it."), ("b", "Some 1200 people wait on market days.")]
    assert [str(entry) for entry in same_numbers(alike)] == [
        "these passages use the same number beside “people”: 1,200, 1200"
    ]
    assert [
        entry.values
        for entry in same_numbers([*alike, ("a", "On market days 1,200 people row."), ("c", "1,200 people wait.")])
    ] == [(("a", "1,200"), ("b", "1200"), ("c", "1,200"))]
    assert same_numbers([("a", "It has 40 cars a day."), ("b", "It has 12 cars a day.")]) == ()
    assert same_numbers([("a", "On market days 1,200 people wait."), ("b", "In May, 1,200 people voted.")]) == ()
    assert same_numbers([("a", "The 40 cars wait at noon."), ("a", "At noon the 40 cars wait.")]) == ()
