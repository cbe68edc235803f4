"""Quotes and texts in, the place of the one in the other out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.quotes import find, normal, visible


def found(quote: str, text: str) -> tuple[str, str] | None:
    """How a quote was found, and the stretch of the text."""
    place = find(quote, text)
    return (place.match, text[place.start : place.end]) if place else None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("the ferry must stay", "We say the ferry must stay."),
        ("  the ferry must stay\n", "We say the ferry must stay."),
        ("stay.", "We say the ferry must stay."),
        ("“must stay”", "The ferry “must stay” here."),
        ("渡船必须留下", "我们说渡船必须留下来。"),
        ("5,000 people", "Some 5,000 people came."),
    ],
    ids=["inside", "white-space-around", "to-the-end", "marks", "no-spaces-between-words", "grouped"],
)
def test_a_quote_that_stands_there_is_found_as_it_is(quote: str, text: str) -> None:
    assert found(quote, text) == ("exact", quote.strip())


@pytest.mark.parametrize(
    ("quote", "slice"),
    [
        ('He said "it\'s over" then', "He said “it’s over” then"),
        ("a plan - the second", "a plan — the second"),
        ("ten per cent of it", "ten\u00a0per\u202fcent of it"),
        ("the ferry must stay", "the ferry\n  must stay"),
        ("the ferry must stay", "the fer\u00adry must stay"),
        ("the ferry must stay", "the fer\u200bry \ufeffmust stay"),
        ("the ferry must stay", "the \ufffcferry must stay"),
        ("the ❤ ferry must stay", "the ❤\ufe0f ferry must stay"),
        ("the fe\u200brry must stay", "the ferry must stay"),
        ("the café is open", "the cafe\u0301 is open"),
        ("the cafe\u0301 is open", "the café is open"),
        ("open at the café", "open at the cafe\u0301"),
        ("wait... and see", "wait… and see"),
        ("the final office", "the ﬁnal oﬃce"),
    ],
    ids=[
        "marks",
        "dash",
        "no-break",
        "line-break",
        "soft-hyphen",
        "zero-width",
        "placeholder",
        "variation",
        "in-quote",
        "decomposed",
        "composed",
        "decomposed-last",
        "ellipsis",
        "ligature",
    ],
)
def test_a_quote_is_found_whatever_its_marks_dashes_spaces_and_invisible_signs(quote: str, slice: str) -> None:
    assert found(quote, f"We say {slice} now.") == ("normalised", slice)


@pytest.mark.parametrize(
    ("quote", "slice"),
    [
        (
            "the ministers of the five countries agreed on the plan",
            "the minister of the five countries agreed on the plan",
        ),
        ("The ferry company has always refused to raise fares", "the ferry company has always refused to raise fares"),
        ("the ferry company has allways refused to raise fares", "the ferry company has always refused to raise fares"),
        (
            "the company has until now always refused to raise the fares for pupils and for the elderly, whatever its owners say",
            "the company has until now always refused to raise fares for pupils and for the elderly, whatever its owners say",
        ),
    ],
    ids=["ending", "first-letter", "spelling", "article"],
)
def test_a_quote_with_a_slip_is_repaired_to_the_text(quote: str, slice: str) -> None:
    assert found(quote, f"We say {slice}, and more.") == ("repaired", slice)


TEXT = (
    "The court found the surveillance of 600,000 people illegal, Judge Elena Markovic wrote in May. The government did "
    "not appeal, and the twelve ministers agreed to change the law before the summer."
)


@pytest.mark.parametrize(
    "quote",
    [
        "The court found the surveillance of 800,000 people illegal",
        "The court found the surveillance of 60,000 people illegal",
        "the surveillance of 600,000 people illegal, Judge Elena Markovics wrote in May",
        "the surveillance of 600,000 people illegal, Judge Elene Markovic wrote in May",
        "The court found the surveillance of 600,000 people legal",
        "The government did appeal, and the twelve ministers agreed",
        "The government did not appeal, and the twelve ministers did not agree",
        "The government did not appeal, and the twenty ministers agreed to change the law",
        "the twelve ministers agreed to change the laws before the winter",
        "The court found the surveillance of 600,000 people ... the twelve ministers agreed",
        "people illegal, Judge Elena Markovic wrote in May. The government agreed",
        "the twelve minіsters agreed to change the law before the summer",
        "Twelve ministers promised that they would soon amend the law",
        "the twelve ministers agreed to change the law before the autumn",
        "ministers twelve agreed to change the law before the summer",
        "",
        " … ",
    ],
    ids=[
        "digit",
        "digit-left-out",
        "name",
        "first-name",
        "prefix-cut",
        "not-removed",
        "not-inserted",
        "number-in-words",
        "word",
        "two-stretches-dotted",
        "two-stretches-merged",
        "homoglyph",
        "paraphrase",
        "end",
        "order",
        "empty",
        "marks",
    ],
)
def test_a_quote_that_says_something_else_is_not_found(quote: str) -> None:
    assert find(quote, TEXT) is None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("legal for all", "It is illegal for all."),
        ("a war of words", "It is an anti-a war of words"),
        ("war movement grew fast", "The anti-war movement grew fast."),
        ("he did n", "he did n't come"),
        ("they do", "they don't come"),
        ("more than 1", "more than 1,234 came"),
        ("a rise of 3", "a rise of 3.9 per cent"),
        ("234 came home", "more than 1,234 came home"),
        ("costs $40", "costs $40bn"),
    ],
)
def test_a_quote_begins_and_ends_with_whole_words_and_numbers(quote: str, text: str) -> None:
    assert find(quote, text) is None


@pytest.mark.parametrize(
    "quote",
    [
        "The court counted 600800 people in the whole of the country",
        "The court counted 608000 people in the whole of the country",
    ],
)
def test_a_long_number_without_groups_has_no_slips(quote: str) -> None:
    assert find(quote, "The court counted 600000 people in the whole of the country") is None


def test_of_several_places_the_first_whole_one_counts() -> None:
    place = find("legal now", "illegal now, legal now, legal now")

    assert place
    assert (place.start, place.end) == (13, 22)


@given(st.text(max_size=60))
def test_each_character_of_a_normal_text_comes_from_a_place_in_the_original(text: str) -> None:
    plain, origin = normal(text)

    assert len(plain) == len(origin)
    assert origin == sorted(origin)
    assert all(0 <= place < len(text) for place in origin)


@given(st.text(max_size=30), st.text(max_size=80))
def test_whatever_is_found_is_a_stretch_of_the_text(quote: str, text: str) -> None:
    place = find(quote, f"{text} {quote} {text}")

    assert place is None or 0 <= place.start < place.end <= 2 * len(text) + len(quote) + 2


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u202e", "\u00ad", "\U000e0041", "\ufe0f", "\u034f", "\u3164", "\x1b", "\ufffc"]
)
def test_what_a_reader_cannot_see_a_model_does_not_see(sign: str) -> None:
    assert visible(f"a{sign}b\n\tc") == "ab\n\tc"
