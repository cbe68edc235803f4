"""Answers that a model writes about who said what: cut, asked for once more, removed. A scripted model, invented texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import hostile
from tests.fakes import WordEmbedder
from tests.scripted_model import Say, claim, holding, judged, passages

QUESTION = "What do Haile Desta and Nadia Farouk say about the reservoir of Sallowmere?"
BEG = "We will not beg for a river that belongs to the whole valley"
FILLED = "the reservoir of Sallowmere would be filled in three rainy seasons"
WOUND = "The reservoir of Sallowmere is a wound in the valley"
GAZETTE = (
    "The reservoir\n\n"
    f"{WOUND}, and it holds nine cubic kilometres of water.\n"
    f"Water minister Haile Desta said that {FILLED}.\n"
    f"“{BEG},” said Nadia Farouk, who grows rice near the reservoir of Sallowmere.\n"
)

Line = Callable[[dict[str, Any]], str]


@pytest.fixture(scope="module")
def river(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile.index(tmp_path_factory.mktemp("river"), {"gazette.txt": GAZETTE}, WordEmbedder())


def sentence(text: str, quote: str, **more: Any) -> Line:
    return lambda request: claim(text, (holding(request, quote), quote), **more)


def says(*lines: Line) -> Callable[[dict[str, Any]], Say]:
    return lambda request: Say(judged() + "".join(line(request) for line in lines), piece=500)


def ask(store: Path, *replies: Callable[[dict[str, Any]], Say]) -> hostile.Asked:
    return hostile.ask(store, WordEmbedder(), *replies, question=QUESTION)


GOOD = sentence("Haile Desta said that the reservoir would be filled in three rainy seasons.", FILLED)
FAILING = {
    "nobody is named": ("The reservoir would be filled in three rainy seasons.", FILLED, "it does not say whose words it gives"),
    "the author is named": ("The author says they will not beg for a river.", BEG, "it does not say whose words it gives"),
    "another is named": ("Nadia Farouk said that the reservoir would be filled in three rainy seasons.", FILLED, "it gives words to somebody who does not say them"),
    "a loaded verb": ("Desta revealed that the reservoir would be filled in three rainy seasons.", FILLED, "it uses a word that endorses or doubts what somebody says"),
    "an opinion": ("The reservoir of Sallowmere is a disgrace and a wound in the valley.", WOUND, "it states an opinion and does not say whose it is"),
    "invented marks": ("Farouk says they will not beg for a “holy” river.", BEG, "it puts words in quotation marks that its quotes do not hold"),
}  # fmt: skip


def test_who_speaks_stands_above_the_passage(river: Path) -> None:
    user = ask(river).user

    assert "speaker: the author · quoting: <<" in user
    assert '"Haile Desta" (reported)' in user
    assert '"Nadia Farouk"' in user


def test_a_quote_with_its_frame_is_cited_without_it(river: Path) -> None:
    framed = sentence("Farouk says that they will not beg for a river.", f"{BEG},” said Nadia Farouk")
    answer = ask(river, says(framed)).answer

    assert [entry.quote for entry in answer.citations] == [BEG]
    assert [entry.voice.speaker for entry in answer.citations] == ["Nadia Farouk"]


def test_a_quote_over_two_voices_is_two_citations_and_one_quote(river: Path) -> None:
    quote = f"it holds nine cubic kilometres of water.\nWater minister Haile Desta said that {FILLED}"
    text = "The reservoir holds nine cubic kilometres and would be filled in three rainy seasons, Desta said."
    answer = ask(river, says(sentence(text, quote))).answer

    assert [(entry.quote, entry.voice.speaker) for entry in answer.citations] == [
        ("it holds nine cubic kilometres of water.", None),
        (FILLED, "Haile Desta"),
    ]
    assert answer.writing is not None
    assert (answer.writing.quotes, answer.writing.exact) == (1, 1)


@pytest.mark.parametrize(("text", "quote", "reason"), FAILING.values(), ids=FAILING)
def test_what_fails_is_asked_for_once_more_and_shown_as_it_was_mended(
    text: str, quote: str, reason: str, river: Path
) -> None:
    fair = {
        FILLED: "Haile Desta said that it would be filled in three rainy seasons.",
        BEG: "According to Farouk, they will not beg for a river.",
        WOUND: "The author calls the reservoir of Sallowmere a wound in the valley.",
    }[quote]
    mended = lambda request: Say(sentence(fair, quote, mends=2)(request))  # noqa: E731
    asked = ask(river, says(GOOD, sentence(text, quote)), mended)

    assert [entry.text for entry in asked.answer.claims][1:] == [fair]
    assert asked.answer.removed == ()
    assert text in asked.requests[1]["messages"][1]["content"]


@pytest.mark.parametrize(("text", "quote", "reason"), FAILING.values(), ids=FAILING)
def test_what_fails_again_is_removed_with_its_reason(text: str, quote: str, reason: str, river: Path) -> None:
    again = lambda request: Say(sentence(text, quote, mends=2)(request))  # noqa: E731
    answer = ask(river, says(GOOD, sentence(text, quote)), again).answer

    assert len(answer.claims) == 1
    assert [entry.reasons[-1] for entry in answer.removed] == [reason]


def test_the_repair_names_the_speaker(river: Path) -> None:
    asked = ask(river, says(GOOD, sentence("It would be filled in three rainy seasons.", FILLED)), says())
    repair = asked.requests[1]["messages"][1]["content"]

    assert "name this speaker" in repair
    assert "Haile Desta" in repair.partition("failed the check")[2]


def test_every_citation_says_who_speaks(river: Path) -> None:
    fact = sentence("The reservoir holds nine cubic kilometres of water.", "it holds nine cubic kilometres of water")
    voices = [entry.voice for entry in ask(river, says(GOOD, fact)).answer.citations]

    assert [(str(voice.kind), voice.speaker) for voice in voices] == [("indirect", "Haile Desta"), ("author", None)]


WRITTEN = """
version = 1
[[source]]
match = "gazette.txt"
[[source.voice]]
lines = "3"
kind = "embedded"
speaker = "The River Times"
[[source.voice]]
lines = "4"
kind = "comment"
"""
LINES = (
    "The reservoir\n\n"
    "The reservoir of Sallowmere holds nine cubic kilometres of water.\n"
    "The reservoir of Sallowmere drowned my school bus.\n"
    "The reservoir of Sallowmere is older than the mill.\n"
)
ASKED = "What do readers say of the reservoir of Sallowmere in comments?"


@pytest.mark.parametrize(
    ("question", "there"), [("What do the sources say of the reservoir of Sallowmere?", False), (ASKED, True)]
)
def test_comments_are_shown_only_where_the_question_asks_for_them(question: str, there: bool, tmp_path: Path) -> None:
    store = hostile.index(tmp_path, {"gazette.txt": LINES, "sources.toml": WRITTEN}, WordEmbedder())
    request = hostile.ask(store, WordEmbedder(), question=question)

    assert ("drowned my school bus" in request.inside) is there
    assert ("speaker: a reader, in a comment" in request.frame) is there


def test_a_passage_ends_where_another_one_begins_to_speak(tmp_path: Path) -> None:
    store = hostile.index(tmp_path, {"gazette.txt": LINES, "sources.toml": WRITTEN}, WordEmbedder())
    request = hostile.ask(store, WordEmbedder(), question=ASKED)
    speakers = re.findall(r"speaker: (.*)", request.user.replace(request.boundary, "B"))

    assert '<<B "The River Times" B>>' in speakers
    assert "a reader, in a comment" in speakers
    assert "the author" in speakers
    assert not any("holds nine" in text and "older" in text for text in passages(request.requests[0]).values())
