"""What a question is about, and what its passages name: words that make a question of English."""

from __future__ import annotations

import pytest

from assistant.question.things import is_plain_name, names, things
from assistant.question.topics import topics

TEXTS = (
    "The peace plan was late. In the peace plan, of which Ivo Marek spoke, a share of the harbour is for the Guild.\n",
    "For the ambulance, the wait at the bollards was long. Ivo Marek saw the ambulance; the Guild saw the peace plan.\n",
    "It was on the Old Quay of Marrowby that safety rules were read. Of the safety rules there were ten, and Marrowby waited.\n",
    "Beside the safety rules stood the Harbour Board: on the safety rules, it said. The Guild, Ivo Marek and the Harbour Board met in Marrowby.\n",
)


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("What do the sources say about the peace plan?", ["the peace plan"]),
        ("How long did the ambulance wait at the bollards?", ["the ambulance", "the bollards"]),
        ("Which ambulance was late?", ["the ambulance"]),
        ("Who walked on the Old Quay?", ["the Old Quay"]),
        ("What share of the harbour was sold?", ["the share of the harbour"]),
        ("Does Marrowby want a harbour?", ["Marrowby"]),
        ("What drives Marek's peace plan?", ["Marek's peace plan"]),
        ("What did the Guild want?", ["the Guild"]),
        ("Was it read to them?", []),
        ("Who mended the zeppelin?", []),
    ],
)
def test_a_topic_is_named_as_the_passages_name_it(question: str, about: list[str]) -> None:
    assert topics(question, TEXTS) == about


def test_things_and_names_are_those_of_several_passages_that_were_not_told() -> None:
    assert [thing.text for thing in things(TEXTS, ["the peace plan"])] == ["the safety rules"]
    assert [name.text for name in names(TEXTS, ["Ivo Marek spoke"])] == ["the Guild", "Marrowby"]
    assert {at for thing in things(TEXTS, ["the peace plan"]) for at in thing.passages} == {2, 3}


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Ivo Marek", True),
        ("Marrowby", True),
        ("Guild", False),  # "the Guild"
        ("Cynics", False),
        ("The post", False),
        ("European NATO states", False),
        ("Nobody", False),
    ],
)
def test_only_a_name_for_one_is_asked_what_it_says(name: str, plain: bool) -> None:
    assert is_plain_name(name, TEXTS) is plain
