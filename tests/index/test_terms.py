"""Text in, searched words out. Run: python -m pytest tests/index/test_terms.py"""

from __future__ import annotations

import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.terms import STOPWORDS, fold, stem, stems, well_known, words

WELL_KNOWN = sorted(word for word in well_known() if word.isascii())[::4]


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Zelensky", "zelensky"),
        ("Žižek", "zizek"),
        ("ÉTÉ", "ete"),
        ("Zürich", "zurich"),
        ("NATO", "nato"),
        ("2025", "2025"),
    ],
)
def test_folding_leaves_no_capitals_and_no_accents(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It isn't over.", ["It", "isn", "t", "over"]),
        ("foo_bar-baz", ["foo", "bar", "baz"]),
        ("3.5% of €40bn", ["3", "5", "of", "40bn"]),
        ("Žižek’s “peace”", ["Žižek", "s", "peace"]),
        ("…!?", []),
    ],
)
def test_words_are_runs_of_letters_and_digits_as_written(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What do the sources say about sanctions?", ["sanction"]),
        ("Who voted for the barriers, and why?", ["vote", "barrier"]),
        ("the and of", []),
    ],
)
def test_stems_are_the_content_words_without_endings(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


def test_a_word_is_stemmed_here_as_the_word_index_stems_it() -> None:
    text = "Zürich Łódź 2025 Françoise Ångström technology technologies possibly incredibly us " + " ".join(WELL_KNOWN)
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE t USING fts5 (x, tokenize='porter unicode61 remove_diacritics 2')")
    table.execute("INSERT INTO t VALUES (?)", (text,))
    table.execute("CREATE VIRTUAL TABLE v USING fts5vocab (t, row)")
    assert {stem(word) for word in words(text)} == {term for (term,) in table.execute("SELECT term FROM v")}


def test_words_are_stemmed_alike_when_several_threads_ask_at_once() -> None:
    alone = [stem(word) for word in WELL_KNOWN]
    stem.cache_clear()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: [stem(word) for word in WELL_KNOWN], range(4)))
    sys.setswitchinterval(before)
    assert together == [alone] * 4


def test_stopwords_stand_there_as_they_are_looked_up() -> None:
    assert {fold(word) for word in STOPWORDS} == STOPWORDS


def test_well_known_words_are_whole_words_in_lower_case() -> None:
    assert {"minister", "ministry", "johnson"} <= well_known()
    assert "zelensky" not in well_known()
    assert all(word.isalpha() for word in well_known())
