"""The voices of a document as a value: how a stretch is cut where the speaker changes, and whose a whole stretch is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Voice, VoiceKind, Voices

AUTHOR, DIRECT, INDIRECT = VoiceKind.AUTHOR, VoiceKind.DIRECT, VoiceKind.INDIRECT
EMBEDDED, COMMENT, RESIDUE, UNCLEAR = VoiceKind.EMBEDDED, VoiceKind.COMMENT, VoiceKind.RESIDUE, VoiceKind.UNCLEAR

Piece = tuple[int, int, VoiceKind, str | None]


def said(start: int, end: int, speaker: str | None = "Ada", kind: VoiceKind = DIRECT, *, marked: bool = False) -> Voice:
    return Voice(start, end, kind, speaker, marked=marked)


def pieces(start: int, end: int, *spans: Voice) -> list[Piece]:
    return [(piece.start, piece.end, piece.kind, piece.speaker) for piece in Voices(spans).pieces(start, end)]


def of(start: int, end: int, *spans: Voice) -> Piece:
    voice = Voices(spans).of(start, end)
    return voice.start, voice.end, voice.kind, voice.speaker


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([], [(10, 30, AUTHOR, None)], id="nobody else"),
        pytest.param([said(0, 10), said(30, 40)], [(10, 30, AUTHOR, None)], id="only beside it"),
        pytest.param([said(0, 40)], [(10, 30, DIRECT, "Ada")], id="all around it"),
        pytest.param([said(10, 30)], [(10, 30, DIRECT, "Ada")], id="exactly"),
        pytest.param([said(0, 20)], [(10, 20, DIRECT, "Ada"), (20, 30, AUTHOR, None)], id="over its beginning"),
        pytest.param([said(20, 40)], [(10, 20, AUTHOR, None), (20, 30, DIRECT, "Ada")], id="over its end"),
        pytest.param(
            [said(15, 25)],
            [(10, 15, AUTHOR, None), (15, 25, DIRECT, "Ada"), (25, 30, AUTHOR, None)],
            id="in the middle",
        ),
        pytest.param(
            [said(10, 20), said(20, 30, "Bo")],
            [(10, 20, DIRECT, "Ada"), (20, 30, DIRECT, "Bo")],
            id="one after another",
        ),
        pytest.param(
            [said(10, 30), said(15, 20, "Bo")],
            [(10, 15, DIRECT, "Ada"), (15, 20, DIRECT, "Bo"), (20, 30, DIRECT, "Ada")],
            id="one in another",
        ),
        pytest.param(
            [said(0, 40, "The Herald", EMBEDDED), said(5, 35, "Ada", INDIRECT), said(15, 25, "Bo")],
            [(10, 15, INDIRECT, "Ada"), (15, 25, DIRECT, "Bo"), (25, 30, INDIRECT, "Ada")],
            id="three deep",
        ),
        pytest.param(
            [said(10, 20), said(20, 30)], [(10, 30, DIRECT, "Ada")], id="of one speaker, without anything between"
        ),
        pytest.param(
            [said(10, 15), said(25, 30)],
            [(10, 15, DIRECT, "Ada"), (15, 25, AUTHOR, None), (25, 30, DIRECT, "Ada")],
            id="of one speaker, with the author between",
        ),
        pytest.param(
            [said(10, 30, kind=INDIRECT), said(15, 20)], [(10, 30, INDIRECT, "Ada")], id="quoted within her own report"
        ),
        pytest.param(
            [said(10, 20, None), said(20, 30, None)],
            [(10, 20, DIRECT, None), (20, 30, DIRECT, None)],
            id="two without a name may be two people",
        ),
        pytest.param(
            [said(10, 20, "Ada", COMMENT), said(20, 30)],
            [(10, 20, COMMENT, "Ada"), (20, 30, DIRECT, "Ada")],
            id="a reader of the same name is somebody else",
        ),
        pytest.param(
            [said(10, 20, None, RESIDUE)],
            [(10, 20, RESIDUE, None), (20, 30, AUTHOR, None)],
            id="residue is not the author's",
        ),
    ],
)
def test_a_stretch_is_cut_where_the_speaker_changes(spans: list[Voice], expected: list[Piece]) -> None:
    assert pieces(10, 30, *spans) == expected


def test_another_chain_makes_another_piece() -> None:
    spans = (Voice(0, 5, DIRECT, "Ada", ("The Herald", "Ada")), Voice(5, 9, DIRECT, "Ada"))
    assert [piece.chain for piece in Voices(spans).pieces(0, 9)] == [("The Herald", "Ada"), ()]


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        pytest.param([said(0, 9, marked=True)], True, id="in marks"),
        pytest.param([said(0, 4, marked=True), said(4, 9, marked=True)], True, id="two in marks"),
        pytest.param([said(0, 9, kind=INDIRECT), said(2, 5, marked=True)], False, id="reported, and in marks in part"),
    ],
)
def test_a_piece_is_marked_only_where_all_of_it_is(spans: list[Voice], marked: bool) -> None:
    (piece,) = Voices(tuple(spans)).pieces(0, 9)
    assert piece.marked is marked


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([], (10, 30, AUTHOR, None), id="nobody else"),
        pytest.param([said(0, 40)], (10, 30, DIRECT, "Ada"), id="all of it"),
        pytest.param([said(10, 25)], (10, 30, DIRECT, "Ada"), id="most of it"),
        pytest.param([said(20, 30)], (10, 30, AUTHOR, None), id="half each: who begins"),
        pytest.param([said(10, 20)], (10, 30, DIRECT, "Ada"), id="half each: who begins, the other way round"),
        pytest.param([said(25, 30)], (10, 30, AUTHOR, None), id="little of it"),
        pytest.param([said(10, 15), said(25, 30)], (10, 30, DIRECT, "Ada"), id="half of it in two parts"),
        pytest.param([said(0, 40, "The Herald", EMBEDDED), said(10, 26)], (10, 30, DIRECT, "Ada"), id="the inner one"),
        pytest.param(
            [said(0, 40, "The Herald", EMBEDDED), said(10, 16)], (10, 30, EMBEDDED, "The Herald"), id="the outer one"
        ),
        pytest.param(
            [said(0, 40, "The Herald", EMBEDDED), said(10, 17), said(17, 24, "Bo"), said(24, 30, "Cy")],
            (10, 30, EMBEDDED, "The Herald"),
            id="three in a pasted text",
        ),
        pytest.param(
            [said(10, 17), said(17, 24, "Bo"), said(24, 30, "Cy")], (10, 30, UNCLEAR, None), id="three side by side"
        ),
        pytest.param([said(10, 18, None), said(18, 25, None)], (10, 30, UNCLEAR, None), id="two who are not named"),
    ],
)
def test_a_stretch_is_of_whoever_has_half_of_it(spans: list[Voice], expected: Piece) -> None:
    assert of(10, 30, *spans) == expected


def innermost(spans: tuple[Voice, ...], at: int) -> Voice:
    around = [span for span in (said(0, 99, None, AUTHOR), *spans) if span.start <= at < span.end]
    return min(around, key=lambda span: span.end - span.start)


def nested(drawn: list[tuple[int, int, VoiceKind, str | None, bool]]) -> tuple[Voice, ...]:
    """Those of the voices that nest with all before them, in order; `drawn` has beginning and length."""
    kept: dict[tuple[int, int], Voice] = {}
    for start, length, kind, speaker, marked in drawn:
        end = start + length
        if not any(first < start < last < end or start < first < end < last for first, last in kept):
            kept.setdefault((start, end), said(start, end, speaker, kind, marked=marked))
    return tuple(sorted(kept.values(), key=lambda span: (span.start, -span.end)))


_KINDS = st.sampled_from([DIRECT, INDIRECT, EMBEDDED, COMMENT, RESIDUE])
_SPEAKERS = st.sampled_from([None, "Ada", "Bo"])
SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 40), _KINDS, _SPEAKERS, st.booleans()), max_size=9).map(
    nested
)
STRETCHES = st.lists(st.integers(0, 60), min_size=2, max_size=2, unique=True).map(sorted)
CHECKED = settings(max_examples=200, deadline=None, derandomize=True)


@CHECKED
@given(SPANS, STRETCHES)
def test_pieces_cover_a_stretch_without_gap_or_overlap(spans: tuple[Voice, ...], stretch: list[int]) -> None:
    found = Voices(spans).pieces(*stretch)
    assert [found[0].start, found[-1].end] == stretch
    assert all(first.end == second.start for first, second in pairwise(found))
    assert all(piece.start < piece.end for piece in found)


@CHECKED
@given(SPANS, STRETCHES)
def test_two_pieces_in_a_row_are_never_of_one_speaker(spans: tuple[Voice, ...], stretch: list[int]) -> None:
    assert not any(first.same_speaker(second) for first, second in pairwise(Voices(spans).pieces(*stretch)))


@CHECKED
@given(SPANS, STRETCHES)
def test_every_character_is_in_a_piece_of_its_innermost_voice(spans: tuple[Voice, ...], stretch: list[int]) -> None:
    found = Voices(spans).pieces(*stretch)
    assert [piece.speaker for piece in found for _ in range(piece.start, piece.end)] == [
        innermost(spans, at).speaker for at in range(*stretch)
    ]


@CHECKED
@given(SPANS, STRETCHES)
def test_a_whole_stretch_has_one_voice_of_those_in_it(spans: tuple[Voice, ...], stretch: list[int]) -> None:
    voices = Voices(spans)
    voice = voices.of(*stretch)
    assert [voice.start, voice.end] == stretch
    assert voice.kind is UNCLEAR or voice.speaker in {None, *(span.speaker for span in spans)}
