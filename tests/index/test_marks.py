"""A paragraph in, what stands between its quotation marks out: a table for each style, and what holds for any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.speaking.marks import Quote, quotes


def inside(text: str) -> list[str]:
    """The words between marks."""
    return [text[quote.start : quote.end] for quote in quotes(text)]


def everywhere(found: tuple[Quote, ...]) -> list[Quote]:
    """The quotes with those inside of them."""
    return [other for quote in found for other in (quote, *everywhere(quote.inner))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("“We stay,” she said.", "We stay,", id="double curly"),
        pytest.param('"We stay," she said.', "We stay,", id="double straight"),
        pytest.param("‘We stay,’ she said.", "We stay,", id="single curly"),
        pytest.param("'We stay,' she said.", "We stay,", id="single straight"),
        pytest.param("''We stay,'' she said.", "We stay,", id="two single ones"),
        pytest.param("«We stay», she said.", "We stay", id="guillemets"),
        pytest.param("« We stay », she said.", " We stay ", id="guillemets with spaces"),
        pytest.param("‹We stay›, she said.", "We stay", id="single guillemets"),
        pytest.param("„We stay“, she said.", "We stay", id="German"),
        pytest.param("„We stay,” she said.", "We stay,", id="Polish"),
        pytest.param("‟We stay,” she said.", "We stay,", id="reversed"),
        pytest.param("”We stay,” she said.", "We stay,", id="a closing mark that opens"),
        pytest.param("said:“We stay”", "We stay", id="no space before"),
        pytest.param('"We stay,"she said.', "We stay,", id="no space behind"),
        pytest.param("(“We stay”)", "We stay", id="in brackets"),
        pytest.param("She left — “We stay” — at nine.", "We stay", id="between dashes"),
        pytest.param("*“We stay.”*", "We stay.", id="in Markdown"),
        pytest.param("\ufffc“We stay.”\u200b", "We stay.", id="beside what cannot be seen"),
        pytest.param("“We stay\nhere.”", "We stay\nhere.", id="over a line end"),
        pytest.param("The word ‘peace’ is old.", "peace", id="one word"),
    ],
)
def test_words_between_marks_of_every_style(text: str, words: str) -> None:
    assert inside(text) == [words]


def test_a_quote_knows_where_its_marks_stand() -> None:
    assert quotes("So “we stay”, «and» so on.") == (Quote(4, 11, 3, 12), Quote(15, 18, 14, 19))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("“One” and “two”, she said.", ["One", "two"], id="curly"),
        pytest.param('"One" "two"', ["One", "two"], id="straight"),
        pytest.param("‘One’ and ‘two’s’ and ‘three’.", ["One", "two’s", "three"], id="single"),
        pytest.param("“One” and 'two' and «three».", ["One", "two", "three"], id="of several styles"),
    ],
)
def test_quotes_come_in_order(text: str, words: list[str]) -> None:
    assert inside(text) == words


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("the dam’s wall, the dam's wall", id="genitive"),
        pytest.param("the farmers’ fields and the millers’ wheels", id="genitive of many"),
        pytest.param("It's the dam's wall, isn't it? They won’t say.", id="short forms"),
        pytest.param("’Twas the ’90s, of rock ’n’ roll. Tell ’em.", id="left out at the beginning"),
        pytest.param("'Tis the '90s and the '80s.", id="left out at the beginning, straight"),
        pytest.param("‘Twixt dam and valley, ‘til the end.", id="left out, with an opening mark"),
        pytest.param('The wall is 12" thick and the man 5\'4" tall.', id="inches and feet"),
    ],
)
def test_an_apostrophe_is_no_quotation_mark(text: str) -> None:
    assert inside(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("‘We won’t go,’ she said.", "We won’t go,", id="short form, curly"),
        pytest.param("'We won't go,' she said.", "We won't go,", id="short form, straight"),
        pytest.param("'The dam's wall is dry,' she said.", "The dam's wall is dry,", id="genitive"),
        pytest.param("“The farmers’ fields are dry,” she said.", "The farmers’ fields are dry,", id="in double marks"),
    ],
)
def test_an_apostrophe_does_not_close_a_quote(text: str, words: str) -> None:
    assert inside(text) == [words]


@pytest.mark.parametrize(
    ("text", "outer", "inner"),
    [
        pytest.param("“He said ‘go’ and left,” she said.", "He said ‘go’ and left,", "go", id="single in double"),
        pytest.param("‘He said “go” and left,’ she said.", "He said “go” and left,", "go", id="double in single"),
        pytest.param("\"He said 'go' and left,\" she said.", "He said 'go' and left,", "go", id="straight"),
        pytest.param("«He said “go” and left», she said.", "He said “go” and left", "go", id="in guillemets"),
        pytest.param("She says “‘no’” now.", "‘no’", "no", id="mark beside mark"),
    ],
)
def test_quotes_in_other_marks_stand_inside(text: str, outer: str, inner: str) -> None:
    (quote,) = quotes(text)
    assert text[quote.start : quote.end] == outer
    assert [text[other.start : other.end] for other in quote.inner] == [inner]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("“We stay, she said.", [("We stay, she said.", False)], id="never closed"),
        pytest.param('"We stay, she said.', [("We stay, she said.", False)], id="never closed, straight"),
        pytest.param("“One” and “two, she said.", [("One", True), ("two, she said.", False)], id="the second one"),
        pytest.param("“One. “Two,” she said.", [("Two,", True)], id="opened again: the first is dropped"),
        pytest.param("We stay,” she said.", [], id="never opened"),
        pytest.param("‘We stay, she said.", [], id="a single one is an apostrophe"),
    ],
)
def test_a_quote_that_no_mark_closes_runs_to_the_end(text: str, expected: list[tuple[str, bool]]) -> None:
    assert [(text[quote.start : quote.end], quote.complete) for quote in quotes(text)] == expected


@pytest.mark.parametrize("text", ["", "“”", '""', "''", "«»", "“““", "”””", "’", '"', "“"])
def test_marks_around_nothing_are_no_quotes(text: str) -> None:
    assert quotes(text) == ()


def test_only_the_paragraph_is_looked_at_and_offsets_are_of_the_text() -> None:
    text = "“Before.\nWe say “one” here.\n“After.”"
    begin, end = text.index("We say"), text.index("\n“After")
    (quote,) = quotes(text, begin, end)
    assert text[quote.opened : quote.closed] == "“one”"


_PIECES = st.one_of(
    st.sampled_from([*"“”„‟\"«»‹›‘’‚'`", "''", "``"]),
    st.sampled_from(["we stay", "don", "t", "s", "farmers", "90s", "n", "Keller said", "twixt", "12"]),
    st.sampled_from([*" \n\t\u00a0\ufffc\u200b.,:;!?…()—–-*_", "e\u0301", "🙂", "\ud800"]),
    st.characters(),
)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.lists(_PIECES, max_size=30).map("".join), st.integers(0, 9), st.integers(0, 9))
def test_quotes_lie_in_the_paragraph_in_order_and_inside_of_their_marks(text: str, before: int, behind: int) -> None:
    begin, end = min(before, len(text)), max(min(before, len(text)), len(text) - behind)
    found = quotes(text, begin, end)
    assert all(first.closed <= second.opened for first, second in pairwise(found))
    assert all(begin <= q.opened < q.start < q.end <= q.closed <= end for q in everywhere(found))
    assert all(q.complete == (q.end < q.closed) for q in everywhere(found))
    assert all(q.start <= i.opened and i.closed <= q.end for q in everywhere(found) for i in q.inner)
