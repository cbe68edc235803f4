"""What an owner says of who speaks in, the corrected voices out: tables, and a labels file."""

from __future__ import annotations

from typing import Any

import pytest

from index import Labels, Voice, VoiceKind, Voices
from index.errors import BadLabels
from index.labelling.regions import corrected, lines_of, problems, read

TEXT = "I write this.\nThe Herald has it:\nThe dam will fall.\n“It is old,” says Ann Lee.\nSo I fear.\n"
DAM, OLD, FEAR = (TEXT.index(words) for words in ("The dam", "It is old", "So I fear"))
BLOCK_END = TEXT.index("\nSo I fear")


def regions(*voices: dict[str, Any]) -> Any:
    return read("sources.toml", "source 1 (a.txt)", {"voice": list(voices)})


def said(*voices: dict[str, Any], found: tuple[Voice, ...] = ()) -> list[tuple[str, str | None, str, tuple[str, ...]]]:
    spans = corrected(Voices(found), regions(*voices), TEXT).spans
    return [(str(span.kind), span.speaker, TEXT[span.start : span.end], span.chain) for span in spans]


def rule(start: int, end: int, kind: VoiceKind, speaker: str | None = None, *chain: str) -> Voice:
    return Voice(start, end, kind, speaker, chain)


HERALD = {"lines": "3-4", "speaker": "The Herald"}
QUOTED = rule(OLD, OLD + len("It is old,"), VoiceKind.DIRECT, "Ann Lee")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"lines": "3"}, "The dam will fall."),
        ({"lines": 3}, "The dam will fall."),
        ({"lines": "3-4"}, TEXT[DAM:BLOCK_END]),
        ({"quote": "has it:  The dam"}, "has it:\nThe dam"),
        ({"quote": "The dam", "until": "Ann Lee."}, TEXT[DAM:BLOCK_END]),
        ({"quote": "I"}, "I"),
    ],
)
def test_a_region_is_found_by_its_lines_or_by_its_words(place: dict[str, Any], words: str) -> None:
    assert said({**place, "speaker": "The Herald"}) == [("embedded", "The Herald", words, ())]


@pytest.mark.parametrize("text", ["a\nb\nc", "a\r\nb\r\nc\r\n", "a\rb\rc\r"])
def test_a_line_ends_as_an_editor_counts_it(text: str) -> None:
    (span,) = corrected(Voices(), regions({"lines": "2", "speaker": "B"}), text).spans
    assert text[span.start : span.end] == "b"
    assert lines_of([(span.start, span.end), (0, len(text))], text) == [(2, 2), (1, 3)]


def test_what_a_person_gave_says_so() -> None:
    (span,) = corrected(Voices(), regions(HERALD), TEXT).spans
    assert span.provenance == "curated"


def test_a_voice_across_the_border_of_a_region_is_replaced() -> None:
    crossing = rule(0, DAM + 3, VoiceKind.INDIRECT, "Somebody")
    assert [entry[1] for entry in said(HERALD, found=(crossing,))] == ["The Herald"]


def test_a_voice_beside_a_region_stays() -> None:
    beside = rule(FEAR, FEAR + 9, VoiceKind.DIRECT, "Bo")
    assert [entry[1] for entry in said(HERALD, found=(beside,))] == ["The Herald", "Bo"]


def test_a_voice_inside_of_an_embedded_text_stays_and_is_carried_by_its_speaker() -> None:
    assert said(HERALD, found=(QUOTED,)) == [
        ("embedded", "The Herald", TEXT[DAM:BLOCK_END], ()),
        ("direct", "Ann Lee", "It is old,", ("The Herald", "Ann Lee")),
    ]


def test_a_voice_inside_of_spoken_words_is_replaced() -> None:
    assert [entry[1] for entry in said({**HERALD, "kind": "direct"}, found=(QUOTED,))] == ["The Herald"]


def test_a_block_that_the_rules_gave_to_somebody_else_is_replaced_with_what_it_carried() -> None:
    wrong = rule(DAM, BLOCK_END - 3, VoiceKind.EMBEDDED, "The Gazette")
    carried = rule(QUOTED.start, QUOTED.end, VoiceKind.DIRECT, "Ann Lee", "The Gazette", "Ann Lee")
    assert [(entry[1], entry[3]) for entry in said(HERALD, found=(wrong, carried))] == [
        ("The Herald", ()),
        ("Ann Lee", ("The Herald", "Ann Lee")),
    ]


def test_what_is_the_authors_after_all_is_cut_out_of_the_block_around_it() -> None:
    block = rule(0, len(TEXT) - 1, VoiceKind.EMBEDDED, "The Herald")
    author = {"lines": "3-4", "speaker": "author"}
    assert said(author, found=(block, QUOTED)) == [
        ("embedded", "The Herald", "I write this.\nThe Herald has it:", ()),
        ("embedded", "The Herald", "So I fear.", ()),
    ]


def test_a_region_within_another_is_carried_by_it() -> None:
    inner = {"quote": "It is old", "speaker": "Ann Lee", "kind": "direct"}
    assert [(entry[1], entry[3]) for entry in said(HERALD, inner)] == [
        ("The Herald", ()),
        ("Ann Lee", ("The Herald", "Ann Lee")),
    ]


def test_a_region_within_a_voice_of_the_rules_is_carried_by_it() -> None:
    block = rule(DAM, BLOCK_END, VoiceKind.EMBEDDED, "The Herald")
    inner = {"quote": "It is old", "speaker": "Ann Lee", "kind": "direct"}
    assert [(entry[1], entry[3]) for entry in said(inner, found=(block,))] == [
        ("The Herald", ()),
        ("Ann Lee", ("The Herald", "Ann Lee")),
    ]


@pytest.mark.parametrize("inner_first", [True, False])
def test_carriers_are_named_from_the_outermost_inwards(inner_first: bool) -> None:
    whole = rule(0, len(TEXT) - 1, VoiceKind.EMBEDDED, "The Post")
    carried = rule(QUOTED.start, QUOTED.end, VoiceKind.DIRECT, "Ann Lee", "The Post", "Ann Lee")
    letter = {"lines": "4", "speaker": "A letter"}
    given = (letter, HERALD) if inner_first else (HERALD, letter)
    assert [(entry[1], entry[3]) for entry in said(*given, found=(whole, carried))] == [
        ("The Post", ()),
        ("The Herald", ("The Post", "The Herald")),
        ("A letter", ("The Post", "The Herald", "A letter")),
        ("Ann Lee", ("The Post", "The Herald", "A letter", "Ann Lee")),
    ]


def test_a_chain_that_was_given_stands() -> None:
    inner = {"quote": "It is old", "speaker": "Ann Lee", "kind": "direct", "chain": ["A channel", "The Post"]}
    assert said(HERALD, inner, found=(QUOTED,))[1][3] == ("A channel", "The Post", "Ann Lee")


@pytest.mark.parametrize(
    ("voice", "problem"),
    [
        ({"lines": "6"}, "a.txt has 5 lines, and no line 6"),
        ({"quote": "The dam stands"}, "a.txt does not hold the words “The dam stands”"),
        ({"quote": "So I", "until": "Ann"}, "a.txt does not hold the words “Ann” after “So I”"),
        ({"quote": "{document} " * 9}, "a.txt does not hold the words “{document} {document} {document} {docume…”"),
    ],
)
def test_a_place_that_is_not_there_is_told_and_changes_nothing(voice: dict[str, Any], problem: str) -> None:
    found = regions({**voice, "speaker": "X"})
    assert problems(found, "a.txt", TEXT) == [f"sources.toml, source 1 (a.txt), voice 1: {problem}"]
    assert corrected(Voices((QUOTED,)), found, TEXT) == Voices((QUOTED,))


def test_lines_with_nothing_in_them_are_told() -> None:
    assert "has nothing in the lines 2-2" in problems(regions({"lines": "2", "speaker": "X"}), "a.txt", "a\n\nb")[0]


@pytest.mark.parametrize("second", ["2-3", "3-4"])
def test_of_two_regions_that_cross_or_repeat_each_other_the_first_holds_and_the_second_is_told(second: str) -> None:
    both = HERALD, {"lines": second, "speaker": "The Post"}
    assert [entry[1] for entry in said(*both)] == ["The Herald"]
    (problem,) = problems(regions(*both), "a.txt", TEXT)
    assert "voice 2: in a.txt it crosses, or repeats, sources.toml, source 1 (a.txt), voice 1" in problem


@pytest.mark.parametrize(
    ("voice", "sentence"),
    [
        ({"lines": "1", "speaker": "X", "kind": "sung"}, "has the kind 'sung'. Use one of: direct, indirect"),
        ({"lines": "1", "speaker": "X", "kind": "residue"}, "has the kind 'residue'"),
        ({"lines": "9-2", "speaker": "X"}, "has the lines '9-2'"),
        ({"lines": "0", "speaker": "X"}, "has the lines '0'"),
        ({"lines": "two", "speaker": "X"}, "has the lines 'two'"),
        ({"speaker": "X"}, "says not clearly where it is"),
        ({"lines": "1", "quote": "a", "speaker": "X"}, "says not clearly where it is"),
        ({"lines": "1", "until": "a", "speaker": "X"}, "says not clearly where it is"),
        ({"lines": "1"}, "names no speaker"),
        ({"lines": "1", "speaker": "X", "chain": 7}, "the chain of source 1 (a.txt), voice 1 is not a list of names"),
        ({"lines": "1", "speaker": "X", "speeker": "Y"}, "has 'speeker', which means nothing here"),
        ({"lines": "1", "speaker": ["X"]}, "speaker is not a short text"),
    ],
)
def test_a_table_that_cannot_be_followed_is_one_sentence(voice: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadLabels) as raised:
        regions(voice)
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value)


def test_voice_must_be_a_list_of_tables() -> None:
    with pytest.raises(BadLabels, match=r"Begin each entry with \[\[source.voice\]\]"):
        read("sources.toml", "source 1", {"voice": {"lines": "1"}})


def test_the_entry_nearest_to_the_document_speaks_for_it() -> None:
    class Card:
        id, sha256, title, outlet, kind, published, declared = "a/b.txt", "0" * 64, None, None, None, None, None

    glob = '[[source]]\nmatch = "**"\n[[source.voice]]\nlines = "1"\nspeaker = "Glob"\n'
    exact = '[[source]]\nmatch = "a/b.txt"\n[[source.voice]]\nlines = "1"\nspeaker = "Exact"\n'
    labels = Labels([("sources.toml", "", (glob + exact).encode())])
    assert [region.speaker for region in labels.regions(Card())] == ["Exact"]
    assert [region.speaker for region in Labels([("s", "", glob.encode())]).regions(Card())] == ["Glob"]
