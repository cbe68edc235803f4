"""Sentences and the evidence they were written from in, what is wrong with their quotes out: a table for each rule."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.checking.checks import MOST_QUOTES, check, cites, length
from assistant.checking.negation import negators
from assistant.checking.numerals import numbers
from assistant.checking.shown import Shown
from tests.proposals import BRIDGE, FERRY, STAYS, codes, proposal, shown

# V1: length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ferry must stay.", []),
        (" ".join(["word"] * 60), []),
        (" ".join(["word"] * 61), ["too_long"]),
        ("x" * 601, ["too_long"]),
        ("", ["empty"]),
        (" … – “”", ["empty"]),
    ],
    ids=["sentence", "longest", "longer", "one-long-word", "nothing", "marks"],
)
def test_a_sentence_has_words_and_not_too_many(text: str, expected: list[str]) -> None:
    assert [problem.code for problem in length(proposal(text))] == expected


# V2: quotes


@pytest.mark.parametrize(
    ("count", "expected"), [(0, ["no_quote"]), (1, []), (MOST_QUOTES, []), (MOST_QUOTES + 1, ["too_many_quotes"])]
)
def test_a_sentence_has_a_quote_and_no_heap_of_them(count: int, expected: list[str]) -> None:
    assert [problem.code for problem in cites(proposal("T.", *[STAYS] * count))] == expected


# V3: the passage


@pytest.mark.parametrize("passage", [0, -1, 3, 99, None], ids=["zero", "negative", "one-more", "far", "none"])
def test_a_passage_that_was_not_shown_is_no_proof(passage: int | None) -> None:
    assert codes("The ferry must stay.", (passage, STAYS[1])) == ["unknown_passage"]


def test_one_true_quote_does_not_make_up_for_an_unknown_passage() -> None:
    assert codes("The ferry must stay.", STAYS, (3, STAYS[1])) == ["unknown_passage"]


def test_nothing_is_proven_where_nothing_was_shown() -> None:
    assert codes("The ferry must stay.", STAYS, given=Shown("What?", ())) == ["unknown_passage"]


# V4: the quote


@pytest.mark.parametrize(
    ("quote", "match", "slice"),
    [
        ("The ferry must stay, says", "exact", "The ferry must stay, says"),
        ("Tom O’Hara, its captain", "normalised", "Tom O'Hara, its captain"),
        ("take the boat each day - most", "normalised", "take the boat each day – most"),
        ("The ferry must\u00a0stay, says", "normalised", "The ferry must stay, says"),
        (
            "The ferries must stay, says Tom O'Hara, its captain",
            "repaired",
            "The ferry must stay, says Tom O'Hara, its captain",
        ),
    ],
)
def test_what_is_cited_is_the_documents_own_slice(quote: str, match: str, slice: str) -> None:
    [located] = check(proposal("The ferry must stay.", (1, quote)), shown()).quotes

    assert (located.place.match, located.text) == (match, slice)


@pytest.mark.parametrize(
    ("quote", "advice"),
    [
        ("Some 1,300 people take the boat each day", "Copy it letter by letter."),
        ("says Tim O'Hara, its captain", "Copy it letter by letter."),
        ("He did agree to the bridge", "Copy it letter by letter."),
        ("The ferry must not stay, says Tom O'Hara", "Copy it letter by letter."),
        ("It is not legal to swim across", "Copy it letter by letter."),
        ("The ferry must stay, says Ada Quill in Pellgate", "Copy it letter by letter."),
        ("The ferry must stay ... It is not illegal", "Leave nothing out: give each stretch as a quote of its own."),
        ("The ferry must stay … It is not illegal", "Leave nothing out: give each stretch as a quote of its own."),
        ("The fеrry must stay, says Tom", "Copy it letter by letter."),
        ("The captain wants to keep the ferry", "Copy it letter by letter."),
        ("Hidden words stand here. The ferry must stay", "Copy it letter by letter."),
        ("The council has approved the plan", "It stands in passage 2."),
    ],
    ids="digit name not-removed not-inserted prefix-cut merged dots ellipsis homoglyph paraphrase outside swapped".split(),
)
def test_a_quote_that_does_not_stand_in_its_passage_is_refused_and_the_model_is_told_why(
    quote: str, advice: str
) -> None:
    problems = check(proposal("The ferry must stay.", (1, quote)), shown()).problems

    assert [(problem.code, problem.detail.rpartition("'. ")[2].rpartition('". ')[2]) for problem in problems] == [
        ("quote_not_found", advice)
    ]


def test_the_passage_in_which_a_quote_does_stand_is_shown_again() -> None:
    [problem] = check(proposal("The plan has a bridge.", (1, "The council has approved the plan")), shown()).problems

    assert problem.passages == (2,)


# V5: length and borders of the quote


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("The ferry must", ["quote_length"]),
        ("The ferry must stay", []),
        (" ".join(["ferry"] * 40), []),
        (" ".join(["ferry"] * 41), ["quote_length"]),
        ("渡船必须留在", ["quote_length"]),
        ("渡船必须留在港口", []),
    ],
    ids=["three", "four", "forty", "forty-one", "three-of-a-script-without-spaces", "four-of-it"],
)
def test_a_quote_has_four_to_forty_words(quote: str, expected: list[str]) -> None:
    text = f"The ferry must stay. {' '.join(['ferry'] * 41)} 渡船必须留在港口里"

    assert codes("渡船 ferry", (1, quote), given=shown(text)) == expected


@pytest.mark.parametrize(
    ("quote", "code"),
    [
        ("agree to the bridge, which costs $40 million", "negation_cut"),
        ("illegal to swim across. Nobody", "negation_cut"),
        ("drowned in the strait since the nineteenth century", "negation_cut"),
        ("agree to the bridge, which costs $40", "negation_cut"),
        ("bridge, which costs $40 million", ""),
        ("bridge, which costs $40", "number_cut"),
        ("thousand cars an hour. The", "number_cut"),
        ("Germans have built one like it in half", ""),
    ],
)
def test_a_quote_leaves_no_negation_and_no_part_of_a_number_behind(quote: str, code: str) -> None:
    found = codes("They say so.", (1, quote), given=shown(f"{FERRY} {BRIDGE}"))

    assert [entry for entry in found if entry.endswith("_cut")] == ([code] if code else [])


# All of it


@pytest.mark.parametrize(
    ("text", "quotes", "expected"),
    [
        ("The ferry must stay, O'Hara says.", [STAYS], []),
        ("", [STAYS], ["empty"]),
        ("The ferry must stay. " * 20, [STAYS], ["too_long"]),
        ("The **ferry** must stay.", [STAYS], ["markup"]),
        ("The ferry must stay.", [], ["no_quote"]),
    ],
    ids=["sound", "empty", "long", "markup", "no-quote"],
)
def test_every_rule_about_the_form_is_asked(text: str, quotes: list[tuple[int, str]], expected: list[str]) -> None:
    assert codes(text, *quotes) == expected


def test_of_a_sentence_without_a_sound_proof_nothing_more_is_said() -> None:
    assert codes("Merz paid 5 for no gold.", (1, "No such words are here")) == ["quote_not_found"]


def test_each_thing_that_is_wrong_is_said() -> None:
    assert codes("Merz never paid 77 pounds.", STAYS) == ["number", "name", "negation", "wording"]


def test_a_sentence_may_rest_on_two_passages() -> None:
    text = "O'Hara says the ferry must stay, while Quill wrote that a bridge would be faster."

    assert codes(text, STAYS, (2, "A bridge would be faster, wrote the engineer Ada Quill"), kind="comparison") == []


QUOTES = [
    "He did not agree to the bridge, which costs $40 million. Some 1,200 people take the boat each day",
    "Nobody has drowned in the strait since the nineteenth century",
    "The ferry must stay, says Tom O'Hara, its captain",
]
LETTERS = st.sampled_from([*"aeXß 0179-’.,", "\u200b", "е"])
WORDS = st.sampled_from("not never no 40 12 thousand Ada Macron the ferry illegal stay million".split())


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """A quote of the passage with one to three changes."""
    quote = draw(st.sampled_from(QUOTES))
    for _ in range(draw(st.integers(1, 3))):
        pattern, new = draw(st.sampled_from([(".", LETTERS), (r"\w+", WORDS), (r"\d", st.sampled_from("0123456789"))]))
        matches = list(re.finditer(pattern, quote))
        assume(matches)
        match = draw(st.sampled_from(matches))
        inserted = draw(st.just("") | new | new.map(lambda word: f"{word} "))
        end = draw(st.sampled_from([match.start(), match.end()]))
        quote = quote[: match.start()] + inserted + quote[end:]
    return quote


def facts(text: str) -> tuple[list[str], frozenset[object], int, set[str]]:
    """The digits, numbers, negations and names of a text."""
    text = text.replace("\u200b", "")
    names = set(re.findall(r"\b[A-Z]\w+", text)) - {"The", "He", "Some", "Nobody"}
    return re.findall(r"\d", text), numbers(text), negators(text), names


@settings(max_examples=400)
@given(spoilt())
def test_what_is_accepted_is_a_slice_with_the_digits_negations_and_names_that_the_model_gave(quote: str) -> None:
    checked = check(proposal("The ferry must stay.", (1, quote)), shown())

    assert all(located.text in FERRY for located in checked.quotes)
    assert all(facts(located.text) == facts(quote) for located in checked.quotes)
