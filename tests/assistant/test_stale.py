"""Answers over files that have changed since they were indexed: what is cited is held against what the files say now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Assistant, Check, Verified
from assistant.commands import show
from index import Reader, Store
from tests import hostile
from tests.fakes import WordEmbedder
from tests.scripted_model import Say, claim, holding, judged

NINE = "The tide mill of Sallowmere grinds nine hundred sacks of barley a year."
FAMILIES = "The keepers say the tide mill feeds forty families of Sallowmere."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    hostile.index(tmp_path, hostile.clean(), WordEmbedder())
    return tmp_path


@pytest.fixture
def assistant(folder: Path) -> Iterator[Assistant]:
    with Assistant(Reader(Store(folder / "store"), WordEmbedder())) as opened:
        yield opened


def checks(answer: Answer, document: str = "keepers.txt") -> set[Check]:
    closest = [line.closest for line in answer.perspectives if line.closest]
    shown = (*answer.citations, *answer.nearest, *closest)
    return {entry.check for entry in shown if entry.document.id == document}


def _nothing(file: Path) -> None:
    pass


def _above(file: Path) -> None:
    file.write_text("A word in front.\n\n" + hostile.KEEPERS)


def _below(file: Path) -> None:
    file.write_text(hostile.KEEPERS + "\nA word behind.\n")


def _other(file: Path) -> None:
    file.write_text("The mill has burnt down.\n")


def _gone(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize(
    ("happens", "check"),
    [
        (_nothing, Check.EXACT),
        (_above, Check.MOVED),
        (_below, Check.CHANGED),
        (_other, Check.FAILED),
        (_gone, Check.FAILED),
    ],
)
def test_every_passage_of_a_digest_is_held_against_its_file(
    folder: Path, assistant: Assistant, happens: Callable[[Path], None], check: Check
) -> None:
    happens(folder / "corpus/keepers.txt")
    answer = assistant.ask(hostile.QUESTION)
    assert checks(answer) == {check}
    assert checks(answer, "breakers.txt") == {Check.EXACT}
    assert {entry["check"] for entry in answer.to_dict()["citations"]} == {"exact", check.value}
    exact = sum(entry.document.id != "keepers.txt" or check is Check.EXACT for entry in answer.citations)
    assert f"{exact} of {len(answer.citations)} quotes exact." in show.answer(answer)


def test_the_nearest_passages_are_held_against_their_files(folder: Path, assistant: Assistant) -> None:
    _other(folder / "corpus/keepers.txt")
    answer = assistant.ask("How tall is Mount Kilimanjaro of Sallowmere?")
    assert not answer.citations
    assert checks(answer) <= {Check.FAILED}
    assert "“The tide mill of Sallowmere grinds nine" not in show.answer(answer)


def test_a_sentence_by_a_model_is_shown_with_a_word_in_the_place_of_its_quote(folder: Path) -> None:
    _other(folder / "corpus/keepers.txt")

    def reply(request: dict[str, Any]) -> Say:
        number = holding(request, NINE)
        return Say(judged() + claim("The mill grinds nine hundred sacks a year.", (number, NINE)))

    answer = hostile.ask(folder / "store", WordEmbedder(), reply).answer
    (verified,) = (Verified(entry, answer.citations) for entry in answer.claims)
    shown = show.sentence(verified, set())
    assert answer.exact == 0
    assert "[1] This quote no longer stands in keepers.txt" in shown
    assert NINE not in shown


def test_an_index_that_was_brought_up_to_date_has_nothing_to_tell(folder: Path, assistant: Assistant) -> None:
    _above(folder / "corpus/keepers.txt")
    assistant.corpus.update()
    assert checks(assistant.ask(hostile.QUESTION)) == {Check.EXACT}


def test_an_index_without_its_folder_answers_as_before(folder: Path, assistant: Assistant) -> None:
    (folder / "corpus").rename(folder / "away")
    # Labels lie in that folder as well.
    assert {entry.check for entry in assistant.ask(hostile.QUESTION).citations} == {Check.EXACT}
