"""A question in, its searched words out. Run: python -m pytest tests/index/test_query.py"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.library import Library
from index.query import read


@pytest.fixture
def library_of(tmp_path: Path):
    """Make a library of one document with these passages."""
    libraries: list[Library] = []

    def make(passages: Sequence[str], spellings: dict[str, tuple[str, ...]] | None = None) -> Library:
        new = Library.create(tmp_path / f"{len(libraries)}.sqlite")
        new.add_passages([(1, "", 0, len(text), text) for text in passages])
        new.set_tables({}, spellings or {})
        new.finish(merge=True)
        new.close()
        libraries.append(Library(tmp_path / f"{len(libraries)}.sqlite"))
        return libraries[-1]

    yield make
    for library in libraries:
        library.close()


def test_a_question_is_searched_for_its_content_words_in_order_and_once(library_of) -> None:
    asked = read("What do the sources say about sanctions, Kyiv and the sanction?", library_of(["Text."]))
    assert [term.word for term in asked.terms] == ["sanctions", "Kyiv"]


def test_a_word_knows_in_how_many_passages_it_stands(library_of) -> None:
    library = library_of(["The sanctions bite.", "A sanction, sanctions!", "Technology."])
    assert [term.passages for term in read("sanctions peace technology", library).terms] == [2, 0, 1]


def test_a_name_is_searched_in_every_spelling_of_the_corpus(library_of) -> None:
    spellings = dict.fromkeys(["kyiv", "kiev"], ("Kyiv", "Kiev"))
    library = library_of(["In Kiev.", "In Kyiv.", "In Lviv."], spellings)
    asked = read("Who rules in KIEV?", library)
    (term,) = [term for term in asked.terms if term.word == "KIEV"]
    assert (term.spellings, term.passages) == (("Kyiv", "Kiev"), 2)
    assert asked.spellings == (("Kyiv", "Kiev"),)


def test_words_in_a_large_share_of_a_corpus_are_searched_all_the_same(library_of) -> None:
    asked = read("barrier traders", library_of(["The barrier."] * 3_000 + ["The traders."]))
    assert [term.word for term in asked.searched] == ["barrier", "traders"]


def test_words_in_more_than_three_thousand_passages_are_dropped(library_of) -> None:
    library = library_of(["barrier"] * 3_001 + ["traders"])
    asked = read("barrier traders", library)
    assert [term.word for term in asked.terms] == ["barrier", "traders"]
    assert [term.word for term in asked.searched] == ["traders"]


def test_a_word_in_more_than_thirty_thousand_passages_is_not_even_searched_alone(library_of) -> None:
    library = library_of(["barrier"] * 30_001)
    assert [term.passages for term in read("barrier", library).terms] == [30_001]
    assert read("barrier", library).searched == ()


def test_the_rarest_word_is_searched_when_all_are_common(library_of) -> None:
    library = library_of(["barrier traders"] * 3_001 + ["barrier"])
    assert [term.word for term in read("barrier traders", library).searched] == ["traders"]


def test_a_question_without_content_words_searches_for_none(library_of) -> None:
    asked = read("What is it about?", library_of(["Text."]))
    assert (asked.terms, asked.searched) == ((), ())


def test_a_question_of_100_000_characters_is_cut_to_a_number_of_words(library_of) -> None:
    asked = read(" ".join(f"word{at}" for at in range(12_000)), library_of(["Text."]))
    assert len(asked.terms) == 48


@pytest.mark.parametrize(("word", "is_name"), [("Zelensky", True), ("NATO", True), ("peace", False)])
def test_a_word_with_a_capital_is_a_name(library_of, word: str, is_name: bool) -> None:
    assert read(word, library_of(["Text."])).terms[0].is_name is is_name
