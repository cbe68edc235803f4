from __future__ import annotations

import pytest

from assistant import BadQuestion, Turn
from assistant.rewrite import MAX_CHARACTERS, checked, names, rewritten


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "\0"], ids=["empty", "spaces", "breaks", "nul"])
def test_a_question_without_words_is_refused_with_a_sentence(question: str) -> None:
    with pytest.raises(BadQuestion, match=r"There is no question\. Type"):
        checked(question)


def test_a_question_of_a_hundred_thousand_characters_is_refused_and_says_how_many_are_allowed() -> None:
    with pytest.raises(BadQuestion, match=r"100,000 characters, and at most 2,000"):
        checked("x" * 100_000)


def test_half_a_surrogate_pair_is_no_character_of_a_question() -> None:
    assert checked("What is \ud800 this?") == "What is ? this?"


def test_a_question_of_the_greatest_length_is_searched() -> None:
    assert len(checked("y" * MAX_CHARACTERS)) == MAX_CHARACTERS


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Does Putin want a deal?", ["Putin"]),
        ("What did Xi Jinping say about the 28-point plan?", ["Xi Jinping", "28-point"]),
        ('Who called him "an ogre at our gates"?', ["an ogre at our gates"]),
        ("Which sources mention the Bank of England in 2025?", ["Bank of England", "2025"]),
        ("what do they want?", []),
        ("Is it true?", []),
    ],
)
def test_names_numbers_and_quoted_words_are_found_and_question_words_are_not(
    question: str, expected: list[str]
) -> None:
    assert names(question) == expected


@pytest.mark.parametrize(
    ("question", "earlier", "expected"),
    [
        ("And what does he want?", ["Does Putin trust Macron?"], "And what does he want? (Putin, Macron)"),
        ("What about Macron?", ["Does Putin trust Macron?"], "What about Macron? (Putin)"),
        ("Why?", ["Who blocked the Pellgate Bridge in 2025?"], "Why? (Pellgate Bridge, 2025)"),
        ("Does Starmer want a deal?", ["Does Putin trust Macron?"], "Does Starmer want a deal?"),
        ("what about the price", ["is it cheap"], "what about the price"),
        ("And what does he want?", [], "And what does he want?"),
        ("And Kallas?", ["Who is Macron?", "Who is Starmer?"], "And Kallas? (Starmer)"),
        ("And why?", ["Does Putin trust Macron?", "What does he want?"], "And why? (Putin, Macron)"),
    ],
    ids=["pronoun", "what-about", "no-names", "stands-alone", "nothing-to-carry", "first", "only-the-last", "chain"],
)
def test_a_follow_up_carries_the_names_of_the_question_before_it(
    question: str, earlier: list[str], expected: str
) -> None:
    assert rewritten(question, [Turn(text) for text in earlier]) == expected
