"""Whose words a question or a filter asks for: which names it means, and who is cited then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant
from assistant.errors import UnknownSpeaker
from assistant.question.wanted import Wanted, asked, of
from index import Reader, Store, VoiceKind
from index.speaking.whom import means, name_words
from index.update import update

_SPEAKERS = ("Maria Keller", "Tomas Brandt")


def known(name: str) -> tuple[str, ...]:
    return tuple(speaker for speaker in _SPEAKERS if means([(word,) for word in name_words(name)], speaker))


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("What does Keller say about the dam?", {"Maria Keller"}),
        ("What did Maria Keller really say about the dam?", {"Maria Keller"}),
        ("According to Tomas Brandt, who built it?", {"Tomas Brandt"}),
        ("What is Brandt’s position on the dam?", {"Tomas Brandt"}),
        ("Has Keller said that Brandt was wrong?", {"Maria Keller"}),
        ("What did Keller say, and what did Brandt say?", {"Maria Keller", "Tomas Brandt"}),
        ("Who met Keller at the dam?", set()),
        ("What does Olin say about the dam?", set()),
        ("What does the minister say?", set()),
    ],
)
def test_a_question_names_whose_words_it_asks_for(question: str, speakers: set[str]) -> None:
    assert asked(question, known) == Wanted(frozenset(speakers))


@pytest.mark.parametrize(
    ("name", "speaker", "expected"),
    [
        ("Keller", "Maria Keller", True),
        ("keller", "Maria Keller", True),
        ("Maria Keller", "Maria Keller", True),
        ("Maria Brandt", "Maria Keller", False),
        ("Mr. Keller", "Maria Keller", True),
        ("the", "The Herald", False),
        ("", "Maria Keller", False),
        ("Müller", "Anna Muller", True),
    ],
)
def test_a_name_means_a_speaker_who_has_all_its_words(name: str, speaker: str, *, expected: bool) -> None:
    assert means([(word,) for word in name_words(name)], speaker) is expected


def test_a_filter_stands_above_the_question() -> None:
    assert of("What does Keller say?", ("Brandt",), known) == Wanted(frozenset({"Tomas Brandt"}), only=True)
    assert of("What does Keller say?", ("author",), known) == Wanted(authors=True, only=True)


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    corpus = write(
        tmp_path / "corpus",
        one="The broken dam in the valley is a worry to everybody who lives near the river.\n\n"
        "“The broken dam in the valley will be rebuilt before the winter,” Maria Keller said.\n",
        two="“Nobody will rebuild the broken dam in the valley in my lifetime,” said Tomas Brandt.\n\n"
        "The broken dam in the valley has been a ruin for as long as anybody remembers.\n",
    )
    store = Store(tmp_path / "store")
    update(corpus, store, WordEmbedder())
    with Assistant(Reader(store, WordEmbedder())) as opened:
        yield opened


def test_a_question_for_somebodys_words_gets_them_first(assistant: Assistant) -> None:
    first = assistant.ask("What does Brandt say about the broken dam in the valley?").citations[0]

    assert (first.voice.speaker, first.document.id) == ("Tomas Brandt", "two.txt")


def test_a_filter_cites_nobody_else(assistant: Assistant) -> None:
    cited = assistant.ask("What about the broken dam in the valley?", speakers=["Keller"]).citations

    assert [entry.voice.speaker for entry in cited] == ["Maria Keller"]


def test_the_authors_own_words_can_be_asked_for(assistant: Assistant) -> None:
    cited = assistant.ask("What about the broken dam in the valley?", speakers=["author"]).citations

    assert {entry.voice.kind for entry in cited} == {VoiceKind.AUTHOR}
    assert len(cited) == 2


def test_a_speaker_whom_nobody_knows_is_refused_with_those_there_are(assistant: Assistant) -> None:
    with pytest.raises(UnknownSpeaker, match=r"'Olin'.*Maria Keller, Tomas Brandt"):
        assistant.ask("What about the dam?", speakers=["Olin"])
