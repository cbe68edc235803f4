from __future__ import annotations

import pytest

from assistant.answering.digest import Window
from assistant.question import abstain
from index import Document
from index.query import Query, Term


def window(text: str, cosine: float) -> Window:
    return Window(Document(id="a.txt", text=text, sha256=""), 0, len(text), cosine, 1.0)


def query(text: str, **passages: int) -> Query:
    """A question whose words occur in so many passages each."""
    return Query(text, tuple(Term(word, (word,), count) for word, count in passages.items()))


def test_a_name_that_occurs_nowhere_is_said_by_name() -> None:
    reason = abstain.reason(query("What did Orban say?", Orban=0), [window("Nothing of the kind.", 0.9)])

    assert reason is not None
    assert reason.code == "unknown_name"
    assert "“Orban”" in reason.text


def test_a_name_of_which_one_word_is_known_is_not_unknown() -> None:
    assert abstain.unknown_names(query("What did Emmanuel Macron say?", Emmanuel=0, Macron=3)) == []


def test_the_nouns_of_another_language_are_no_unknown_names() -> None:
    asked = query("Um wie viel ging der Handel zurück?", Um=0, wie=0, viel=0, ging=0, Handel=0, zurück=0)

    assert abstain.unknown_names(asked) == []


def test_nothing_near_the_question_is_below_the_floor() -> None:
    reason = abstain.reason(query("What do bees eat?", bees=1, eat=1), [window("Bees eat.", 0.32)])

    assert reason is not None
    assert reason.code == "below_floor"


def test_a_corpus_without_any_window_is_below_the_floor() -> None:
    reason = abstain.reason(query("What do bees eat?", bees=1), [])

    assert reason is not None
    assert reason.code == "below_floor"


def test_a_number_that_no_passage_about_the_matter_holds_is_said() -> None:
    asked = query("How many bridges burned?", bridges=3, burned=2)

    reason = abstain.reason(asked, [window("The bridges burned all night.", 0.5), window("In 1999 it rained.", 0.4)])

    assert reason is not None
    assert reason.code == "no_number"


@pytest.mark.parametrize("text", ["All 14 bridges burned.", "Fourteen bridges burned.", "A dozen bridges burned."])
def test_a_number_in_digits_or_words_beside_the_matter_answers(text: str) -> None:
    assert abstain.reason(query("How many bridges burned?", bridges=3, burned=2), [window(text, 0.5)]) is None


def test_words_that_never_stand_together_are_below_the_floor() -> None:
    asked = query("Who sold the bridge to the bishop?", sold=5, bridge=5, bishop=5)

    reason = abstain.reason(asked, [window("The bishop slept.", 0.5), window("The weather was fine.", 0.5)])

    assert reason is not None
    assert reason.code == "below_floor"


def test_a_question_in_other_words_than_the_corpus_is_not_judged_by_its_words() -> None:
    asked = query("Who flogged the crossing to the prelate?", flogged=0, crossing=1, prelate=0)

    assert abstain.reason(asked, [window("The bishop bought the bridge.", 0.5)]) is None


def test_a_near_paraphrase_is_not_judged_by_its_words() -> None:
    asked = query("Who sold the bridge to the bishop?", sold=5, bridge=5, bishop=5)

    assert abstain.reason(asked, [window("A prelate acquired the crossing.", 0.75)]) is None


def test_a_question_that_compares_is_not_judged_by_its_words() -> None:
    asked = query("How do the sources judge the sale of the bridge?", judge=5, sale=5, bridge=5)

    assert abstain.reason(asked, [window("The weather was fine.", 0.5)]) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What do the sources say about trade?", True),
        ("Is NATO described as a keeper of peace?", True),
        ("Does Putin want a deal?", True),
        ("Who called Putin an ogre?", False),
        ("How many ships sank?", False),
        ("When was the vote?", False),
    ],
)
def test_questions_for_several_sides_are_told_from_questions_for_a_fact(question: str, expected: bool) -> None:
    assert abstain.compares(question) is expected
