"""Texts in, the values of their numbers out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.numerals import mentioned, numbers


def values(*numbers: str) -> set[Decimal]:
    return {Decimal(number) for number in numbers}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("28 points", "28"),
        ("3.9 %", "3.9"),
        ("3,9 Prozent", "3.9"),
        ("0.125", "0.125"),
        ("1,234,567 people", "1234567"),
        ("1.234.567", "1234567"),
        ("1 234 567", "1234567"),
        ("1\u202f234", "1234"),
        ("5’000 francs", "5000"),
        ("1,234.5", "1234.5"),
        ("1.234,56", "1234.56"),
        ("the 21st century", "21"),
        ("the 1990s", "1990"),
        ("a 40-year-old", "40"),
        ("٣ books", "3"),
        ("３ books", "3"),
        ("the G20", "20"),
        ("CO₂", "2"),
        ("in 2024¹", "2024"),
        ("2½ years", "2.5"),
        ("½ a pint", "0.5"),
    ],
)
def test_digits_are_read_in_every_script_and_grouping(text: str, expected: str) -> None:
    assert numbers(text) == values(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("twelve", "12"),
        ("a dozen eggs", "12"),
        ("half a dozen", "6"),
        ("twenty-eight points", "28"),
        ("Twenty‑Eight", "28"),
        ("two hundred and five", "205"),
        ("a hundred and twenty-three thousand four hundred and fifty-six", "123456"),
        ("two million three hundred thousand", "2300000"),
        ("a thousand and one nights", "1001"),
        ("five-hour", "5"),
        ("third", "3"),
        ("the nineteenth of May", "19"),
        ("the twenty-first century", "21"),
        ("a tenth", "10"),
        ("a quarter", "0.25"),
        ("half of them", "0.5"),
        ("one per cent", "1"),
        ("one hundred", "100"),
        ("the price doubled", "2"),
        ("he called twice", "2"),
        ("it has tripled", "3"),
    ],
)
def test_words_are_read_as_numbers(text: str, expected: str) -> None:
    assert numbers(text) == values(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$40bn", "40000000000"),
        ("$40 billion", "40000000000"),
        ("£14m for staff", "14000000"),
        ("2.5M", "2500000"),
        ("90k", "90000"),
        ("a 40-billion loan", "40000000000"),
        ("two and a half million", "2500000"),
        ("one and a half million", "1500000"),
        ("half a million", "500000"),
        ("a quarter of a million", "250000"),
        ("5 m high", "5"),
        ("5m's", "5"),
    ],
)
def test_a_scale_multiplies_the_number_before_it(text: str, expected: str) -> None:
    assert numbers(text) == values(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("between three and four billion", ("3000000000", "4000000000")),
        ("3–4 billion", ("3000000000", "4000000000")),
        ("€3bn to €4bn", ("3000000000", "4000000000")),
        ("thirty or forty thousand", ("30000", "40000")),
        ("between two hundred and three hundred", ("200", "300")),
        ("in 2025 and 3 million people", ("2025", "3000000")),
        ("in 2025 300 people", ("2025", "300")),
        ("9 March 2025", ("9", "2025")),
        ("14:30", ("14", "30")),
        ("seven votes to two", ("7", "2")),
        ("Two of the nine", ("2", "9")),
        ("forty and five", ("40", "5")),
    ],
)
def test_two_numbers_stay_two_and_share_a_scale_only_in_a_range(text: str, expected: tuple[str, ...]) -> None:
    assert numbers(text) == values(*expected)


@pytest.mark.parametrize(
    "text",
    ["one of them", "zero tolerance", "the first day", "a second later", "m²", "no words"],
)
def test_words_that_mostly_count_nothing_are_no_numbers(text: str) -> None:
    assert numbers(text) == set()


@pytest.mark.parametrize(("many", "one"), [("hundreds", "a hundred"), ("dozens", "a dozen"), ("thousands", "1,000")])
def test_a_plural_without_a_count_is_no_round_number(many: str, one: str) -> None:
    assert not numbers(many) & numbers(one)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Formula One", "1"),
        ("the first of May", "1"),
        ("the Second World War", "2"),
        ("both sides", "2"),
        ("neither side", "2"),
        ("no casualties", "0"),
        ("twelve months", "12"),
    ],
)
def test_a_number_may_rest_on_a_word_that_counts_without_saying_so(text: str, number: str) -> None:
    assert Decimal(number) in mentioned(text)


@given(st.integers(0, 10**15))
def test_grouping_a_number_does_not_change_it(number: int) -> None:
    assert numbers(f"about {number:,} of them") == {Decimal(number)} == numbers(f"about {number} of them")


PIECES = [
    "1",
    "2",
    ",",
    ".",
    "'",
    "-",
    " ",
    "½",
    "²",
    "k",
    "one ",
    "twenty ",
    "hundred ",
    "and ",
    "a half ",
    "million ",
]


@given(st.lists(st.sampled_from([*PIECES, "between ", "to ", "third "])).map("".join))
def test_no_text_makes_it_stumble(text: str) -> None:
    assert all(value >= 0 for value in numbers(text))
