"""Sentences in, to whom they give words out."""

from __future__ import annotations

import pytest

from assistant.checking.saying import Credit, attributed, credits


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Macron said that the deal is dead.", ["Macron"]),
        ("The deal is dead, Kallas told reporters.", ["Kallas"]),
        ("It was dead, said Macron, who left.", ["Macron"]),
        ("“” said the glaciologist Lea Brunner of ETH Zurich.", ["Lea Brunner of ETH Zurich"]),
        ("“” said its leader, Piotr Zawadzki.", ["Piotr Zawadzki"]),
        ("Its chairman, Tom O'Hara, told reporters so.", ["Tom O'Hara"]),
        ("O'Hara, its captain, said the ferry must stay.", ["O'Hara"]),
        ("Ahmed Benali of the Greens says that the plan lacks money.", ["Ahmed Benali of the Greens"]),
        ("Macron, Merz and Kallas said so.", ["Macron", "Merz", "Kallas"]),
        ("Trump's envoy Witkoff said yes.", ["Witkoff"]),
        ("In 2024 Putin also said so.", ["Putin"]),
        ("Kallas said Macron must resign.", ["Kallas"]),
        ("According to Foreign Minister Kaja Kallas, Putin lies.", ["Foreign Minister Kaja Kallas"]),
        ("In Macron's view, Europe is weak.", ["Macron"]),
        ("In the words of Li Wen, it is an insult.", ["Li Wen"]),
        ("The treaty was called a betrayal by Bilyk.", ["Bilyk"]),
        ("The foreign minister of Hungary said no.", []),
        ("Europe should say no.", []),
        ("Russia's demands must be met.", []),
        ("Russia has the answer.", []),
    ],
)
def test_names_to_which_words_are_given(text: str, names: list[str]) -> None:
    assert [" ".join(credit.words) for credit in credits(text) if credit.named] == names


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("According to the water minister, it fills.", "minister"),
        ("The captain says that it stays.", "captain"),
        ("Both sources report 600,000 troops.", "sources"),
        ("A person quoted in the text says they were told to sign.", "person"),
    ],
)
def test_a_noun_stands_for_a_name(text: str, noun: str) -> None:
    assert Credit((noun,), named=False) in credits(text)


@pytest.mark.parametrize(
    "text",
    [
        "Macron thinks that Europe is weak.",
        "The author's argument is that Europe is weak.",
        "The treaty is described as a betrayal in the essay.",
        "For Bilyk, there is nothing left.",
        "He puts it this way: Europe is weak.",
        "Officials declined to say whether missiles are included.",
        "From the point of view of the keepers, the mill is old.",
    ],
)
def test_words_or_a_view_are_given_to_somebody(text: str) -> None:
    assert attributed(text)


@pytest.mark.parametrize(
    "text",
    [
        "The plan is seen as a betrayal.",
        "The call is a disaster.",
        "The Baltic states should arm.",
        "Europe must say no.",
        "The proposed deal is dead.",
        "Its claims are old.",
        "Poland rejects the shameful plan.",
    ],
)
def test_words_and_views_are_given_to_nobody(text: str) -> None:
    assert attributed(text) == []


def test_what_somebody_does_counts_where_it_is_asked_for() -> None:
    assert attributed("Poland rejects the plan.", acts=True)
