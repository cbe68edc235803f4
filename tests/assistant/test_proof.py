"""A claim and a document in, a verdict out: tables, and what must hold for any text and any edit of it."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.exporting.proof import CONTEXT, Check, Finding, Proof, Verdict, check, proven
from index import Document

QUOTE = "The ferry of Marrowby costs four crowns."
HEAD = "Notes on the river, taken in spring by a clerk who liked neither side.\n\n"
TAIL = " Nobody disputes the price. The bridge would cost nothing to cross, says the council.\n"
TEXT = HEAD + QUOTE + TAIL


def document(text: str) -> Document:
    return Document("ferry.txt", text, "0" * 64)


def claim(text: str = TEXT, quote: str = QUOTE) -> Proof:
    start = text.index(quote)
    return Proof.of(document(text), start, start + len(quote))


def judged(text: str, of: Proof | None = None) -> tuple[Finding, str | None]:
    """What was found, and what stands where the verdict says."""
    found = check(of or claim(), document(text))
    return found.finding, None if found.start is None else text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        pytest.param(TEXT, Finding.SAME, id="untouched"),
        pytest.param("A new line above.\n" + TEXT, Finding.SHIFTED, id="text in front"),
        pytest.param(TEXT[10:], Finding.SHIFTED, id="text taken away in front"),
        pytest.param(TEXT + "A correction.\n", Finding.ELSEWHERE, id="text behind"),
        pytest.param(
            TEXT.replace("spring", "autumn", 1).replace("autumn", "summer"), Finding.ELSEWHERE, id="same length"
        ),
        pytest.param(TEXT.replace(QUOTE, "It is false that " + QUOTE), Finding.BESIDE, id="denied in front"),
        pytest.param(TEXT.replace(QUOTE, QUOTE + " (Not so.)"), Finding.BESIDE, id="denied behind"),
        pytest.param(QUOTE, Finding.BESIDE, id="nothing else is left"),
        pytest.param(f"One. {QUOTE} Two. {QUOTE} Three.", Finding.SEVERAL, id="twice, between other words"),
        pytest.param(TEXT.replace("four", "nine"), Finding.ABSENT, id="another word"),
        pytest.param(TEXT.replace("ferry", "ferrY"), Finding.ABSENT, id="another letter"),
        pytest.param(TEXT.replace("ferry of", "ferry  of"), Finding.ABSENT, id="another space"),
        pytest.param("", Finding.ABSENT, id="empty"),
    ],
)
def test_every_edit_has_its_finding(text: str, finding: Finding) -> None:
    found, stands = judged(text)
    assert found is finding
    assert stands == (None if finding in (Finding.SEVERAL, Finding.ABSENT) else QUOTE)


@pytest.mark.parametrize(
    ("finding", "state"),
    [
        (Finding.SAME, Check.EXACT),
        (Finding.SHIFTED, Check.MOVED),
        (Finding.ELSEWHERE, Check.CHANGED),
        (Finding.BESIDE, Check.CHANGED),
        (Finding.SEVERAL, Check.CHANGED),
        (Finding.ABSENT, Check.FAILED),
        (Finding.GONE, Check.FAILED),
        (Finding.UNTRUE, Check.FAILED),
    ],
)
def test_every_finding_has_its_state_and_a_sentence_that_names_the_document(finding: Finding, state: Check) -> None:
    verdict = Verdict(finding, 1, 2)
    assert verdict.check is state
    assert "ferry {x}.txt" in verdict.sentence("ferry {x}.txt")


def test_a_document_that_is_gone_fails() -> None:
    assert check(claim(), None) == Verdict(Finding.GONE)


def test_a_moved_quote_is_told_apart_from_a_copy_of_it_by_its_context() -> None:
    text = f"Another report says so too. {QUOTE} It is wrong.\n{TEXT}"
    found = check(claim(), document(text))
    assert found == Verdict(Finding.SHIFTED, text.rindex(QUOTE), text.rindex(QUOTE) + len(QUOTE))


def test_where_the_whole_context_stands_twice_nobody_can_tell_which_was_meant() -> None:
    assert judged("New.\n" + TEXT + TEXT) == (Finding.SEVERAL, None)


def test_one_side_of_the_context_is_enough_to_choose_among_copies_but_not_to_have_moved() -> None:
    text = f"One. {QUOTE} Two.\n{TEXT.replace(TAIL, ' Everybody disputes it.')}"
    found = check(claim(), document(text))
    assert (found.finding, found.start) == (Finding.BESIDE, text.rindex(QUOTE))


@pytest.mark.parametrize(
    ("text", "quote", "later"),
    [
        (
            "The guild is able to pay its debts in full.",
            "able to pay its debts in full",
            "unable to pay its debts in full",
        ),
        (
            "He called it a war of attrition today.",
            "war of attrition today",
            "warm, he said: a prewar of attrition today",
        ),
        ("They will never sell the mill to them.", "never sell the mill to them", "never sell the mill to themselves"),
    ],
)
def test_words_within_other_words_are_no_quote(text: str, quote: str, later: str) -> None:
    assert judged(f"So: {later}.", claim(text, quote)) == (Finding.ABSENT, None)


def test_a_script_without_spaces_has_no_such_border() -> None:
    text = "昨日、橋は閉鎖されたと市長は語ったが、理由は述べなかったという。"
    quote = "橋は閉鎖されたと市長は語ったが、理由は述べ"
    assert judged("追記。" + text, claim(text, quote))[1] == quote


def test_a_short_quote_without_its_context_is_there_by_chance() -> None:
    before, after = (
        claim("We shall not. Never again. That is all.", "Never again."),
        "She sang Never again. Then she left.",
    )
    assert judged(after, before) == (Finding.ABSENT, None)
    assert judged("Oh. We shall not. Never again. That is all.", before) == (Finding.BESIDE, "Never again.")


@pytest.mark.parametrize(
    "changes",
    [
        {"start": 3, "end": 3 + len(QUOTE)},
        {"end": claim().end + 1},
        {"start": -1, "end": len(QUOTE) - 1},
        {"quote": QUOTE.replace("four", "nine")},
        {"before": "x" * CONTEXT},
        {"after": ""},
        {"quote": "", "end": claim().start},
        {"start": 10**9, "end": 10**9 + len(QUOTE)},
    ],
    ids=lambda changes: ", ".join(changes),
)
def test_a_claim_that_contradicts_the_text_it_names_fails(changes: dict[str, object]) -> None:
    from dataclasses import replace

    assert check(replace(claim(), **changes), document(TEXT)) == Verdict(Finding.UNTRUE)  # type: ignore[arg-type]


def test_a_quote_that_stands_millions_of_times_is_not_looked_for_in_all_of_them() -> None:
    text = document("a " * 5_000_000)
    begun = time.perf_counter()
    assert check(claim("b a b", "a"), text).finding is Finding.ABSENT
    assert time.perf_counter() - begun < 2


def test_the_count_is_said_in_words() -> None:
    assert (proven(7, 8), proven(1, 1)) == ("7 of 8 quotes exact", "1 of 1 quote exact")


LETTERS = st.text(alphabet="ab .\n‘é\u202e日", max_size=40)


@given(LETTERS, LETTERS, LETTERS, LETTERS)
@example("", "a", "", "")
@example("a", "a", "a", "a a a")
def test_what_a_verdict_points_at_is_the_quote_whatever_became_of_the_text(
    before: str, quote: str, after: str, later: str
) -> None:
    of = Proof.of(document(before + quote + after), len(before), len(before) + len(quote))
    found = check(of, document(later))
    if found.check is Check.FAILED:
        assert found.start is None
    elif found.finding is not Finding.SEVERAL:
        assert later[found.start : found.end] == quote
    else:
        assert later.count(quote) > 1 or quote in later[later.index(quote) + 1 :]


@given(LETTERS, LETTERS, LETTERS.filter(bool), LETTERS)
def test_a_quote_moves_exactly_as_far_as_what_is_put_in_front_of_its_context(
    front: str, before: str, quote: str, after: str
) -> None:
    before = before + "—" * CONTEXT  # so that the context is whole, and like nothing else
    text = before + quote + after
    of = Proof.of(document(text), len(before), len(before) + len(quote))
    found = check(of, document(front + text))
    shift = len(front)
    assert (found.finding, found.start) == (Finding.SHIFTED if front else Finding.SAME, len(before) + shift)


@given(LETTERS, LETTERS.filter(bool), LETTERS, st.data())
def test_no_single_change_of_a_text_goes_unnoticed(before: str, quote: str, after: str, data: st.DataObject) -> None:
    text = before + quote + after
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("ab .\nX").filter(lambda other: other != text[at]))
    of = Proof.of(document(text), len(before), len(before) + len(quote))
    assert check(of, document(text[:at] + letter + text[at + 1 :])).check is not Check.EXACT
