"""Loaded questions on a larger set, over the sample and over articles of our own. Here is the development half alone.

Run: python -m pytest tests/assistant/test_loaded.py. `parallax eval` prints the same figures with intervals, also for
the half that is held out (loaded/*-heldout.jsonl), which no rule was made for.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.evaluation.questions import read
from assistant.question.against import against, wanted
from assistant.question.assume import assumed
from index import LocalEmbedder, Reader, Store
from index.update import update

LOADED = Path(__file__).parent / "loaded"


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    store = Store(tmp_path_factory.mktemp("loaded") / "store")
    update(LOADED / "articles", store, LocalEmbedder())
    return Assistant(Reader(store, LocalEmbedder()))


def recognised(assistant: Assistant, corpus: str, *, loaded: bool) -> set[str]:
    questions = read(LOADED / f"{corpus}-development.jsonl")
    asked = [question for question in questions if (question.kind == "false_premise") == loaded]
    return {question.id for question in asked if assistant.ask(question.question).assumption}


def test_questions_over_the_articles_are_recognised_as_before(articles: Assistant) -> None:
    assert len(recognised(articles, "articles", loaded=True)) >= 5  # of 20
    assert recognised(articles, "articles", loaded=False) == set()  # of 40


def test_questions_over_the_sample_are_recognised_as_before(sample: Assistant) -> None:
    assert len(recognised(sample, "sample", loaded=True)) >= 1  # of 10
    assert recognised(sample, "sample", loaded=False) == set()  # of 20


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Why were parents never consulted about the lunch?", "parents were not consulted about the lunch"),
        ("When did Dirk Abel finally concede?", "Dirk Abel conceded"),
        ("Does the mayor regret that he cut the grant?", "the mayor cut the grant"),
    ],
)
def test_adverbs_and_pronouns_are_understood(question: str, text: str) -> None:
    assert [entry.text.replace("never were", "were not") for entry in assumed(question)] == [text]


def test_who_ate_nothing_is_not_said_to_have_eaten() -> None:
    assert assumed("Why did some children eat nothing?") == ()


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It is put about that we want the dam pulled down.", True),
        ("We are told that we want the dam pulled down.", True),
        ("It is put about that they want the dam pulled down.", False),
    ],
)
def test_what_others_say_of_the_author_speaks_against_it(sentence: str, found: bool) -> None:
    looked_for = wanted(assumed("Why does the committee want the dam pulled down?")[0], lambda word: (word,))
    assert (against(looked_for, sentence, speaker=lambda: "the committee") is not None) == found


def test_what_has_ended_is_not_contradicted_by_its_absence_since() -> None:
    looked_for = wanted(assumed("When did private cars stop crossing the bridge?")[0], lambda word: (word,))
    assert against(looked_for, "Since March no private car has crossed the bridge.") is None
    assert against(looked_for, "No private car has crossed the bridge.") is not None
