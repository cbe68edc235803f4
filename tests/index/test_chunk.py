"""A text in, passages and sentences as exact offsets out. Run: python -m pytest tests/index/test_chunk.py"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.loading.chunk import Chunker, Span, sentences


def count(text: str) -> int:
    return len(text.split())


SIZE = 20
CHUNKER = Chunker(count, SIZE)

PROSE = "The envoy met the president for five hours. Nobody would say what had been agreed! Was it peace? " * 9
ROWS = "| Kharkiv | 12 | 40 |\n| Sumy | 12 | 40 |\n" * 30
TEXTS = [
    pytest.param(PROSE, id="prose"),
    pytest.param("Yes. " * 200, id="one sentence again and again"),
    pytest.param(ROWS, id="repeated rows"),
    pytest.param("- the same bullet\n" * 80, id="repeated bullets"),
    pytest.param(("The Dunnerwyke Gazette, page\n\n" + PROSE + "\n\n") * 6, id="repeated page headers"),
    pytest.param("x" * 5_000, id="no spaces"),
    pytest.param("ab" * 60_000, id="no spaces, longer than a block"),
    pytest.param("大統領は和平交渉が近いうちに再開されると述べた。しかし専門家は懐疑的である。" * 40, id="CJK"),
    pytest.param("Good 🙂👩‍👩‍👧‍👦 morning 🇺🇦! " * 60, id="emoji"),
    pytest.param("a\0b \0\0 c. " * 60, id="NUL"),
    pytest.param("First line.\r\nSecond line, the same.\r\n\r\n" * 60, id="CRLF"),
    pytest.param("\n \t\n" + PROSE + "   \n\n\n", id="white space at both ends"),
    pytest.param("One.", id="one word"),
    pytest.param(("word " * 50 + "\n") * 600, id="longer than several blocks"),
    pytest.param(("Name: value\n" * 9 + "\n" * 40) * 9, id="long gaps"),
    pytest.param("e\u0301 \u202e abc \ufeff def. " * 50, id="combining marks, direction, byte order mark"),
]


def assert_tiles(text: str, spans: tuple[Span, ...]) -> None:
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text)
    assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]]
    assert all(start < end for start, end in spans)


@pytest.mark.parametrize("text", TEXTS)
def test_passages_follow_one_another_from_the_first_character_to_the_last(text: str) -> None:
    assert_tiles(text, CHUNKER.passages(text))


@pytest.mark.parametrize("text", [PROSE, ROWS, "- the same bullet\n" * 80, "word " * 3_000])
def test_no_passage_holds_more_than_size_tokens(text: str) -> None:
    passages = CHUNKER.passages(text)
    assert len(passages) > 1
    assert max(count(text[start:end]) for start, end in passages) <= SIZE


def test_a_word_that_cannot_be_split_is_cut_all_the_same_when_it_is_very_long() -> None:
    passages = CHUNKER.passages("x" * 5_000)
    assert max(end - start for start, end in passages) <= 16 * (SIZE + 1)


def test_long_words_count_for_more_than_one_token_each() -> None:
    passages = CHUNKER.passages(("x" * 150 + " ") * 60)
    assert max(end - start for start, end in passages) <= 16 * (SIZE + 1)


def test_passages_are_filled_and_not_cut_at_every_sentence() -> None:
    passages = CHUNKER.passages("Five words make one sentence. " * 40)
    assert len(passages) == 10


def test_a_text_shorter_than_a_passage_is_one_passage() -> None:
    assert CHUNKER.passages(" A short note.\n") == ((0, 15),)


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\n" * 120_000])
def test_a_text_without_anything_in_it_has_no_passages(text: str) -> None:
    assert CHUNKER.passages(text) == ()


def test_a_repeated_text_is_cut_alike_at_each_repetition() -> None:
    text = "Ten words stand in this line and it comes again.\n" * 8
    assert CHUNKER.passages(text) == ((0, 98), (98, 196), (196, 294), (294, 392))


def test_what_is_no_token_is_not_said_again_in_the_next_passage() -> None:
    text = ("harbour bridge ferry market. " * 3 + "\ufffd, \ufffd; \ufffd. ") * 12
    chunker = Chunker(lambda piece: sum(letter.isascii() for letter in piece.split()), 10)
    spans = chunker.passages(text)
    assert len(spans) > 2
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]
    assert "".join(text[start:end] for start, end in spans) == text


def test_the_fingerprint_changes_with_the_size() -> None:
    assert Chunker(count, 20).fingerprint != Chunker(count, 21).fingerprint


PIECES = st.sampled_from(
    [
        "The same line.\n",
        "| a | b |\n",
        "- bullet\n",
        " ",
        "\n\n",
        "\r\n",
        "Dr. Ng said: “No.” ",
        "x" * 90,
        "大統領。",
        "🙂",
        "\0",
        "\t",
    ]
)
PARTS = st.one_of(PIECES, st.text(max_size=12))
GENERATED = st.lists(st.tuples(PARTS, st.integers(1, 30)), max_size=12).map(
    lambda parts: "".join(part * times for part, times in parts)
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(GENERATED)
def test_passages_cover_every_character_of_any_text_that_holds_a_word(text: str) -> None:
    passages = CHUNKER.passages(text + "word")
    assert_tiles(text + "word", passages)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(GENERATED)
def test_sentences_of_any_text_are_in_order_without_overlap_or_white_space_around_them(text: str) -> None:
    spans = sentences(text)
    flat = [offset for span in spans for offset in span]
    assert flat == sorted(flat)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(GENERATED)
def test_sentences_leave_out_no_letter_and_no_digit(text: str) -> None:
    said = "".join(text[start:end] for start, end in sentences(text))
    assert [letter for letter in said if letter.isalnum()] == [letter for letter in text if letter.isalnum()]


def test_a_rule_between_paragraphs_is_no_sentence() -> None:
    text = "The bridge is shut.\n—\n* * *\nThe council has to vote on it once more."
    assert all("—" not in text[start:end] and "*" not in text[start:end] for start, end in sentences(text))


@pytest.mark.parametrize("text", TEXTS)
def test_no_sentence_has_more_than_sixty_words(text: str) -> None:
    assert all(count(text[start:end]) <= 60 for start, end in sentences(text))


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "<" * 9_000 + "b" * 9_000, "和平交渉が再開される。" * 900, f"{'c' * 3_000} d " * 9]
)
def test_no_sentence_is_without_bound_where_there_are_no_spaces(text: str) -> None:
    assert max(end - start for start, end in sentences(text)) <= 60 * 41


def test_a_sentence_with_an_endless_word_is_cut_at_a_space_where_there_is_one() -> None:
    text = "word " * 50 + "x" * 2_000
    first, second = sentences(text)
    assert text[slice(*first)] == "word " * 49 + "word"
    assert text[slice(*second)] == "x" * 2_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The council voted for the barrier on Monday. The traders voted against it all.",
            ["The council voted for the barrier on Monday.", "The traders voted against it all."],
            id="two sentences",
        ),
        pytest.param(
            "A line break ends a sentence here\nalthough no mark stands at the end",
            ["A line break ends a sentence here", "although no mark stands at the end"],
            id="a line break ends a sentence",
        ),
        pytest.param(
            "One sentence ends with CRLF, as here.\r\nThe next one begins on a line.",
            ["One sentence ends with CRLF, as here.", "The next one begins on a line."],
            id="CRLF",
        ),
        pytest.param(
            "No. The council has not voted on it yet.",
            ["No. The council has not voted on it yet."],
            id="a short sentence is joined to the next one",
        ),
        pytest.param(
            "The council has not voted on it yet. Why?",
            ["The council has not voted on it yet. Why?"],
            id="at the end of a line to the one before",
        ),
        pytest.param(
            "Heading\nThe text begins after that heading here.",
            ["Heading", "The text begins after that heading here."],
            id="not across lines",
        ),
        pytest.param(
            "  indented words stand alone in this line  ",
            ["indented words stand alone in this line"],
            id="no white space around",
        ),
        pytest.param(" \n\t\n", [], id="only white space"),
        pytest.param("", [], id="empty"),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_a_sentence_over_sixty_words_is_cut_at_the_last_comma_within_them() -> None:
    text = "word " * 49 + "comma, " + "word " * 39 + "end."
    assert [count(text[start:end]) for start, end in sentences(text)] == [50, 40]


def test_a_sentence_over_sixty_words_without_a_mark_is_cut_at_a_space() -> None:
    text = "word " * 99 + "end."
    assert [count(text[start:end]) for start, end in sentences(text)] == [60, 40]
