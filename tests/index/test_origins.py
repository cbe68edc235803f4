"""Words that stand in several documents: what counts as the same words, and where they are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import Store
from index.origins import elsewhere, longest_run, read
from index.update import update
from tests.fakes import WordEmbedder, opened, write

SPEECH = "the harbour wall will crack before winter unless every sluice is opened twice a day and cleaned of weed"


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (f"He said {SPEECH}.", f"“{SPEECH.capitalize()},” wrote another.", SPEECH),
        (SPEECH, SPEECH.upper(), SPEECH),  # however it is written
        (f"{SPEECH} or so", f"or {SPEECH}", SPEECH),
        ("at the end of the day it is what it is and there is no more to it than that", None, None),  # says nothing
        ("Britain, Canada, France, Germany, Italy, Japan, Norway, Spain and Sweden", None, None),  # names alone
        ("the former harbour master of Orrenmouth Bertil Aumont", None, None),  # somebody's title
        (SPEECH, " ".join(reversed(SPEECH.split())), None),  # the same words are not the same sentence
        (SPEECH, "", None),
    ],
)
def test_a_run_counts_where_it_says_enough_to_be_no_accident(one: str, other: str | None, words: str | None) -> None:
    given, heard = read(one), read(one if other is None else other)
    run = longest_run(given, heard)

    assert (run is None) == (words is None)
    if run and words:
        at, to, length = run
        assert [word.folded for word in given[at : at + length]] == words.split()
        assert [word.folded for word in heard[to : to + length]] == words.split()


def test_the_same_words_are_found_in_every_other_document_and_nowhere_else(tmp_path: Path) -> None:
    fill = "Gulls cried over the market while old nets dried in the afternoon sun and nobody spoke of anything."
    write(
        tmp_path / "corpus",
        own=f"The engineer spoke. He said that {SPEECH}. {fill}",
        told=f"{fill}\n\nAccording to the engineer, {SPEECH}, which the mayor doubts.",
        close="The harbour wall is old. Before winter every sluice is opened. A wall may crack twice a day.",
    )
    update(tmp_path / "corpus", Store(tmp_path / "store"), WordEmbedder())
    with opened(Store(tmp_path / "store")) as generation:
        library = generation.library
        keys = {entry.id: entry.key for entry in library.entries}
        text = library.document(keys["own.txt"]).text
        found = elsewhere(text, library, {keys["own.txt"]})

        assert [shared.document for shared in found] == [keys["told.txt"]]
        there = library.document(keys["told.txt"]).text[slice(*found[0].there)]
        assert text[slice(*found[0].here)] == there == SPEECH
        assert elsewhere("“*) OR (NEAR", library, ()) == ()  # nothing of a text is read as a search


def test_a_line_that_stands_under_everything_is_no_echo(tmp_path: Path) -> None:
    line = "Sign below to receive the weekly harbour letter with tides, prices, quarrels and recipes for eel."
    own = [f"Article {number} is about subject{number} and about nothing but subject{number}." for number in range(40)]
    write(tmp_path / "corpus", **{f"a{number}": f"{text}\n\n{line}" for number, text in enumerate(own)})
    update(tmp_path / "corpus", Store(tmp_path / "store"), WordEmbedder())
    with opened(Store(tmp_path / "store")) as generation:
        assert elsewhere(line, generation.library, ()) == ()
