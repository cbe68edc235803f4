"""A text in, its paragraphs with their form out: a table for each form, and what holds for any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.speaking.segments import Form, segments

BODY, HEADING, ITEM, BLOCK = Form.BODY, Form.HEADING, Form.ITEM, Form.BLOCK
POST, TURN, COMMENT, RESIDUE = Form.POST, Form.TURN, Form.COMMENT, Form.RESIDUE
# Comments stand below an article, so one must be there.
ARTICLE = (
    "The dam of Ostra was closed in May. Nobody in the valley had been asked. The council had no money left, "
    "and nothing could be done about it any more. It is a sad end to a long story.\n\n"
)

Parts = list[tuple[Form, str | None, str]]


def parts(text: str) -> Parts:
    """Form, speaker and words of every paragraph."""
    return [(part.form, part.speaker, text[part.start : part.end]) for part in segments(text)]


def forms(text: str) -> list[Form]:
    return [part.form for part in segments(text)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("One is here.\nTwo is here.", ["One is here.", "Two is here."], id="line feed"),
        pytest.param("One is here.\r\nTwo is here.\r\n", ["One is here.", "Two is here."], id="carriage return"),
        pytest.param("One is here.\n\n \t\n\nTwo is here.", ["One is here.", "Two is here."], id="empty lines"),
        pytest.param("One is here.\u2028Two is here.\u2029", ["One is here.", "Two is here."], id="Unicode separators"),
        pytest.param("One is here.\fTwo is here.\v", ["One is here.", "Two is here."], id="page break"),
        pytest.param(" \n\n\t\r\n", [], id="nothing but space"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_line_is_a_paragraph(text: str, lines: list[str]) -> None:
    assert parts(text) == [(BODY, None, line) for line in lines]


@pytest.mark.parametrize(
    ("line", "form"),
    [
        pytest.param("The end of the dam", HEADING, id="short, without a stop"),
        pytest.param("# The end of the dam, and what comes next", HEADING, id="Markdown"),
        pytest.param("**The end of the dam, and what comes next.**", HEADING, id="bold"),
        pytest.param("The end of the dam.", BODY, id="with a stop"),
        pytest.param("The end of the dam:", BODY, id="with a colon"),
        pytest.param(
            "The end of the dam came in a dry year and nobody in the valley was there to see it", BODY, id="long"
        ),
    ],
)
def test_a_heading_is_short_or_set_off(line: str, form: Form) -> None:
    assert parts(f"{line}\n\nThe dam was closed.") == [(form, None, line), (BODY, None, "The dam was closed.")]


@pytest.mark.parametrize("sign", ["-", "*", "•", "‣", "◦", "–", "1.", "2)", "(3)", "(a)", "b."])
def test_a_point_of_a_list_begins_behind_its_sign(sign: str) -> None:
    assert parts(f"We need three things:\n\n{sign} A wall that holds.") == [
        (BODY, None, "We need three things:"),
        (ITEM, None, "A wall that holds."),
    ]


def test_a_number_that_begins_a_sentence_is_no_point_of_a_list() -> None:
    assert forms("1998 was a dry year for the valley.") == [BODY]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "> The dam is closed.\n> Nobody was asked.\nSo they write.",
            [(BLOCK, None, "The dam is closed."), (BLOCK, None, "Nobody was asked."), (BODY, None, "So they write.")],
            id="lines",
        ),
        pytest.param(">The dam is closed.", [(BLOCK, None, "The dam is closed.")], id="no space"),
        pytest.param("  >> The dam is closed.", [(BLOCK, None, "The dam is closed.")], id="two signs"),
        pytest.param(">", [(BLOCK, None, "")], id="empty"),
    ],
)
def test_a_quoted_line_begins_behind_its_sign(text: str, expected: Parts) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        pytest.param("Lena Ostrow @lenaostrow Dec 22 The dam is closed.", "Lena Ostrow", id="month and day"),
        pytest.param("Lena Ostrow @lenaostrow · 22 Dec 2025 · The dam is closed.", "Lena Ostrow", id="day and month"),
        pytest.param("Lena Ostrow @lenaostrow 8h The dam is closed.", "Lena Ostrow", id="hours"),
        pytest.param("Lena Ostrow @lenaostrow 2 days ago The dam is closed.", "Lena Ostrow", id="days ago"),
        pytest.param("Lena Ostrow (@lenaostrow): The dam is closed.", "Lena Ostrow", id="colon"),
        pytest.param("@lenaostrow 2025-12-22 The dam is closed.", "@lenaostrow", id="handle alone"),
        pytest.param("Lena Ostrow – Ostra news @lenaostrow 8h The dam is closed.", "Lena Ostrow", id="name and more"),
    ],
)
def test_a_post_begins_behind_handle_and_date(text: str, speaker: str | None) -> None:
    assert parts(text) == [(POST, speaker, "The dam is closed.")]


def test_a_post_ends_before_name_handle_and_date() -> None:
    text = "The dam is closed and nobody told us. — Lena Ostrow (@lenaostrow) December 22, 2025"
    assert parts(text) == [(POST, "Lena Ostrow", "The dam is closed and nobody told us.")]


def test_a_handle_in_the_middle_of_a_sentence_makes_no_post() -> None:
    assert forms("The dam was built by @ostradams in 1998, and it has stood ever since.") == [BODY]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "We will not leave the valley.\n— Maria Keller, mayor of Ostra",
            [(POST, "Maria Keller", "We will not leave the valley.")],
            id="right below",
        ),
        pytest.param(
            "We will not leave the valley.\n\n— Maria Keller, mayor of Ostra",
            [(BODY, None, "We will not leave the valley."), (ITEM, None, "Maria Keller, mayor of Ostra")],
            id="not behind an empty line",
        ),
    ],
)
def test_a_line_with_a_dash_and_a_name_signs_the_one_above_it(text: str, expected: Parts) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Q: Is the dam safe?\nA: It is not.",
            [(TURN, None, "Is the dam safe?"), (TURN, None, "It is not.")],
            id="Q and A",
        ),
        pytest.param(
            "KELLER: We had no money.\n\nBRANDT: You had nine million.",
            [(TURN, "KELLER", "We had no money."), (TURN, "BRANDT", "You had nine million.")],
            id="capitals",
        ),
        pytest.param(
            "Maria Keller: We had no money.\nTomas Brandt: You had nine million.",
            [(TURN, "Maria Keller", "We had no money."), (TURN, "Tomas Brandt", "You had nine million.")],
            id="names",
        ),
        pytest.param(
            "**Keller:** We had no money.\n**Brandt:** You had nine million.",
            [(TURN, "Keller", "We had no money."), (TURN, "Brandt", "You had nine million.")],
            id="bold names",
        ),
        pytest.param(
            "– Is the dam safe?\n– It is not.",
            [(TURN, None, "Is the dam safe?"), (TURN, None, "It is not.")],
            id="dashes",
        ),
        pytest.param(
            "The hearing began. HENRY: Is it safe? KELLER: It is not.",
            [(BODY, None, "The hearing began. "), (TURN, "HENRY", "Is it safe?"), (TURN, "KELLER", "It is not.")],
            id="within a paragraph",
        ),
        pytest.param(
            "Keller: We had no money.\nThe dam was closed.",
            [(BODY, None, "Keller: We had no money."), (BODY, None, "The dam was closed.")],
            id="one alone is none",
        ),
        pytest.param(
            "Price: nine million\nHeight: forty metres",
            [(HEADING, None, "Price: nine million"), (HEADING, None, "Height: forty metres")],
            id="facts are none",
        ),
    ],
)
def test_turns_begin_behind_who_takes_them(text: str, expected: Parts) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        pytest.param(
            "Comments\n\nAnna B. says:\nThe money was never gone.",
            [
                (RESIDUE, None, "Comments"),
                (RESIDUE, None, "Anna B. says:"),
                (COMMENT, "Anna B.", "The money was never gone."),
            ],
            id="heading and name",
        ),
        pytest.param(
            "3 comments\nAnna B., May 3, 2025\nThe money was never gone.\nReply",
            [
                (RESIDUE, None, "3 comments"),
                (RESIDUE, None, "Anna B., May 3, 2025"),
                (COMMENT, "Anna B.", "The money was never gone."),
                (RESIDUE, None, "Reply"),
            ],
            id="heading with a number, name with a date",
        ),
        pytest.param(
            "Anna B. (May 3, 2025): The money was never gone.\nPeter (May 4, 2025): Good riddance.",
            [(COMMENT, "Anna B.", "The money was never gone."), (COMMENT, "Peter", "Good riddance.")],
            id="names with dates on the line, without a heading",
        ),
        pytest.param(
            "\n\nThe money was never gone.\nGood riddance, I say.",
            [(COMMENT, None, "The money was never gone."), (COMMENT, None, "Good riddance, I say.")],
            id="behind a gap",
        ),
    ],
)
def test_comments_follow_a_heading_a_gap_or_names_with_dates(below: str, expected: Parts) -> None:
    assert parts(ARTICLE + below) == [(BODY, None, ARTICLE.strip()), *expected]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"Comments\n\n{ARTICLE}", id="a heading at the beginning"),
        pytest.param(f"{ARTICLE}Comments on the dam came in all week, and nobody read them.", id="a sentence"),
        pytest.param(f"{ARTICLE}The council met on 3 May 2025, and nobody came.", id="one date"),
    ],
)
def test_no_comments_are_seen_elsewhere(text: str) -> None:
    assert COMMENT not in forms(text)


@pytest.mark.parametrize(
    "line",
    [
        "Share this article", "Facebook | Twitter | Email", "Advertisement", "Read more", "Subscribe to our newsletter",
        "© 2025 The Herald", "Photo: Anna Lund", "3 min read", "Back to top", "[Previous post]", "* Related articles *",
    ],
)  # fmt: skip
def test_what_a_browser_leaves_behind_is_residue(line: str) -> None:
    assert forms(line) == [RESIDUE]


@pytest.mark.parametrize(
    "line",
    [
        "Home is where the dam is.", "Share this with your friends, the council said.", "Advertisement is all they do.",
        "Related to this, the council met again.", "They print this every week.", "Follow the money, and not the road.",
    ],
)  # fmt: skip
def test_a_sentence_that_begins_like_residue_is_none(line: str) -> None:
    assert forms(line) == [BODY]


def test_titles_under_a_heading_for_links_are_residue_until_a_sentence_comes() -> None:
    text = "Open tabs:\nThe week the valley stood alone\nNine ways to save a dam\n\nThe dam was closed."
    assert forms(text) == [RESIDUE, RESIDUE, RESIDUE, BODY]


_PIECES = st.one_of(
    st.sampled_from(
        ["The dam is safe.", "Keller", "Keller:", "Q:", "@lenaostrow", "Lena Ostrow", "Dec 22", "8h", "May 3, 2025"]
    ),
    st.sampled_from(
        ["Comments", "Share this", "says:", "> ", ">", "- ", "— ", "1. ", "**", "# ", ":", ".", "“", "”", "(", ")"]
    ),
    st.sampled_from(
        [*" \n\r\t\f\v\u2028\u2029\u00a0\ufffc\u200b", "\n\n", "\r\n", "\n\n\n\n", "e\u0301", "🙂", "\ud800"]
    ),
    st.characters(),
)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.sampled_from(["", " ", "\n"]), st.lists(_PIECES, max_size=30))
def test_paragraphs_lie_in_the_text_in_order_each_in_a_line(between: str, pieces: list[str]) -> None:
    text = between.join(pieces)
    found = segments(text)
    assert all(0 <= part.start <= part.end <= len(text) for part in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert not any(set("\n\r\f\v\u2028\u2029") & set(text[part.start : part.end]) for part in found)


@pytest.mark.xfail(
    strict=True, reason="each comment is taken from the beginning of its line, also where a line has several"
)
def test_comments_in_turns_on_one_line_do_not_overlap() -> None:
    found = segments(f"{ARTICLE}Comments\n\nThey are at it again. ANNA: Is the dam safe? PETER: It is not.")
    assert all(first.end <= second.start for first, second in pairwise(found))
