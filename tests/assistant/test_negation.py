"""Texts in, whether they say no out."""

from __future__ import annotations

import pytest

from assistant.checking.negation import cut_off, negates, negators, says_no


@pytest.mark.parametrize(
    "text",
    [
        "He did not sign.",
        "He didn't sign.",
        "He didn’t sign.",
        "He cannot sign.",
        "No deal was signed.",
        "Nobody signed, and neither did he.",
        "They left without a word.",
        "He barely spoke.",
        "He rarely signs.",
        "It is no longer valid.",
        "The bridge is no more.",
        "Er hat nicht unterschrieben.",
        "Il n'a jamais signé.",
        "No habrá paz sin Ucrania.",
        "Non vuole la pace.",
        "Он не подписал.",
    ],
)
def test_a_word_that_denies_negates(text: str) -> None:
    assert negates(text)


@pytest.mark.parametrize(
    "text",
    [
        "not only the bridge but the ferry",
        "It isn't just a game.",
        "not least because of the cost",
        "There is no doubt about it.",
        "no fewer than 300 people",
        "not more than 300 people",
        "nothing less than a miracle",
        "whether or not he comes",
        "dozens, if not hundreds",
        "No. 10 said so.",
        "barely 40 percent voted",
        "none other than the king",
        "It is no secret.",
        "a not-for-profit group",
        "nevertheless, none the less",
    ],
)
def test_an_idiom_that_denies_nothing_does_not_negate(text: str) -> None:
    assert not says_no(text)


@pytest.mark.parametrize(
    "text", ["the flight from Chiang Mai", "a sin tax on the sugar", "the non-binding vote", "the knot"]
)
def test_an_english_word_that_negates_in_another_language_does_not_negate(text: str) -> None:
    assert not negates(text)


@pytest.mark.parametrize(
    "text",
    [
        "He refused to sign.",
        "They rejected it.",
        "He denies it.",
        "The plan lacks money.",
        "He ruled out a vote.",
        "He was unable to come.",
        "It is illegal.",
        "It is impossible.",
        "It is invalid.",
        "They disagree.",
        "Smoking is banned.",
        "The talks were cancelled.",
        "He has yet to sign.",
        "far from over",
        "a non-binding vote",
        "Few came.",
    ],
)
def test_a_verb_or_a_prefix_can_say_no_without_negating(text: str) -> None:
    assert (says_no(text), negates(text)) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "The union was unanimous.",
        "They understand.",
        "until Monday",
        "under the bridge",
        "The uncle came.",
        "A university",
        "The unit came.",
        "The plan was unveiled.",
        "The import of goods",
        "a few came",
        "The band played.",
    ],
)
def test_a_word_that_only_looks_like_it_says_nothing_of_the_kind(text: str) -> None:
    assert not says_no(text)


def test_every_negation_is_counted() -> None:
    assert negators("No one said that nothing would never happen.") == 3


@pytest.mark.parametrize(
    ("before", "quote"),
    [
        ("He did not ", "agree to the deal"),
        ("They will never ever ", "agree to the deal"),
        ("He didn’t ", "agree to the deal"),
        ("Neither side ", "has agreed to talks"),
        ("There is no ", "evidence of a crime"),
        ("He does not, he said, ", "want a deal now"),
        ("Er will ihn nicht ", "sehen, sagt er"),
    ],
)
def test_a_negation_just_before_a_stretch_is_cut_off(before: str, quote: str) -> None:
    assert cut_off(before + quote, len(before), len(before + quote))


@pytest.mark.parametrize(
    ("before", "quote"),
    [
        ("He did not come. ", "They agreed to the deal"),
        ("He did not come; ", "they agreed to the deal"),
        ("If it does not rain, ", "the game begins"),
        ("“No,” he said, ", "the deal was signed"),
        ("Not only did ", "exports rise by half"),
        ("There is no doubt that ", "the deal was signed"),
        ("Let’s not forget that ", "the deal was signed"),
        ("Not one of them came to the bridge where ", "the deal was signed"),
        ("", "Agree to the deal"),
    ],
)
def test_a_negation_of_something_else_is_not_cut_off(before: str, quote: str) -> None:
    assert not cut_off(before + quote, len(before), len(before + quote))
