"""Quotes over the border of a voice in, what is cited of them out: a table."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.portions import cut
from assistant.checking.quotes import Place, word_count
from index import Voice, VoiceKind, Voices
from tests.voices import spoken

AUTHOR = "the author"
CASES = [
    ("all of one voice", "“{Lea Brunner|There is no way back for the small ones}”", [("Lea Brunner", "“There is no way back for the small ones”")]),
    ("the author alone", "The mill has stood there since 1840.", [(AUTHOR, "The mill has stood there since 1840.")]),
    ("said behind", "“{Lea Brunner|There is no way back for the small ones},” says Lea Brunner of Zurich.", [("Lea Brunner", "There is no way back for the small ones")]),
    ("said in front", "Emmanuel Macron told parliament that {Emmanuel Macron|no plan could be imposed}.", [("Emmanuel Macron", "no plan could be imposed")]),
    ("a long frame before that", "President Macron told the assembled European Parliament that {Macron|no plan could be imposed}.", [("Macron", "no plan could be imposed")]),
    ("he said in between", "“{Piotr|We will not go},” he said, “{Piotr|from this old yard}.”", [("Piotr", "“We will not go,” he said, “from this old yard.”")]),
    ("marks inside of a report", "Markovic wrote then that {Markovic|the state “{Markovic|cannot read the letters} of a people”}.", [("Markovic", "the state “cannot read the letters of a people”")]),
    ("a phrase of three words", "The governor said in March that inflation was “{Lindqvist|not yet beaten}”.", [(AUTHOR, "The governor said in March that inflation was “not yet beaten”.")]),
    ("a phrase in front", "“{?|A deal}” is what they call it.", [(AUTHOR, "“A deal” is what they call it.")]),
    ("two speakers", "{Kallas|Europe has to arm itself}, and {Orban|Europe has lost the war}.", [("Kallas", "Europe has to arm itself"), ("Orban", "Europe has lost the war")]),
    ("a sentence of the author before", "The union did not rule out strikes. “{Piotr|We will fight for every job},” he said.", [(AUTHOR, "The union did not rule out strikes."), ("Piotr", "We will fight for every job")]),
    ("a sentence of the author behind", "{Kallas|Europe has to arm itself}, she said. The summit ended on a Sunday.", [("Kallas", "Europe has to arm itself"), (AUTHOR, "The summit ended on a Sunday.")]),
    ("a long sentence around a phrase", "For ten long years the mill of the town has turned and “{Tom|fed all of us well}” as few others have done.", [(AUTHOR, "For ten long years the mill of the town has turned and"), ("Tom", "fed all of us well")]),
    ("residue", "{-|Share this with a friend} The mill is old and loud.", [(AUTHOR, "The mill is old and loud.")]),
    ("nothing but residue", "{-|Share this with a friend} {-|Read it more often}", []),
    ("a denied frame", "Macron did not say that “{Macron|the plan is good for us}”.", []),
    ("a passed-on speech", "{+Geroman|The channel sums up: {Politico|the power is in Moscow now}.}", [("Politico", "the power is in Moscow now")]),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_quote_is_cut_at_the_border_of_every_voice(marked: str, expected: list[tuple[str, str]]) -> None:
    text, voices = spoken(marked)
    found = cut(text, voices, Place(0, len(text), "exact"))

    assert [(voice.speaker or AUTHOR, text[place.start : place.end]) for place, voice in found] == expected


@given(
    st.lists(st.sampled_from("he she mill said. that stay “ ” , old\n Macron no".split(" ")), min_size=4, max_size=30),
    st.lists(st.tuples(st.integers(0, 120), st.integers(1, 60)), max_size=4),
)
def test_what_is_cited_is_inside_of_the_quote_in_order_and_long_enough(
    words: list[str], stretches: list[tuple[int, int]]
) -> None:
    text = " ".join(words)
    spans: list[Voice] = []
    for start, length in sorted(stretches):
        if start + length <= len(text) and all(span.end <= start for span in spans):
            spans.append(Voice(start, start + length, VoiceKind.DIRECT, f"S{len(spans)}"))
    found = [place for place, _ in cut(text, Voices(tuple(spans)), Place(0, len(text), "exact"))]

    assert [place.start for place in found] == sorted(place.start for place in found)
    assert all(0 <= place.start < place.end <= len(text) for place in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert len(found) < 2 or all(word_count(text[place.start : place.end]) >= 4 for place in found)
