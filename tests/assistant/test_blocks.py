"""A document and its voices in, whose words its passages are out, and how a model is told."""

from __future__ import annotations

import re

import pytest

from assistant.writing import blocks
from index import Voice, VoiceKind
from tests.voices import spoken

AUTHOR = "the author"
CASES = [
    ("the author alone", "One is old. Two is new.", [AUTHOR, AUTHOR], ""),
    ("a quote of one sentence", "“{Ada|One is old}.” Two is new.", [AUTHOR, AUTHOR], '"Ada"'),
    ("a quote of two", "“{Ada|One is old. Two is new.}” Three is odd.", ["Ada", "Ada", AUTHOR], ""),
    ("a report of two", "{Ada|One is old. Two is new}. Three is odd.", ["Ada", "Ada", AUTHOR], ""),
    ("a pasted text of one", "Look: {+Ada|One is old.} Two is new.", [AUTHOR, AUTHOR], '"Ada"'),
    ("a pasted sentence", "Look here. {+Ada|One is old.} Two is new.", [AUTHOR, "Ada", AUTHOR], ""),
    ("a quote in a pasted text", "{+Ada|One is old. {Tom|It is new}, says Tom.} Three.", ["Ada", "Ada", AUTHOR], '"Tom" (reported)'),
    ("a long quote in one", "{+Ada|One is old. {Tom|It is new. It is odd.}} Three.", ["Ada", "Tom", "Tom", AUTHOR], ""),
    ("nobody named", "{+|One is old. Two is new.} Three is odd.", [None, None, AUTHOR], ""),
    ("somebody in a sentence", "It is “{?|far too old}”, they say.", [AUTHOR], "somebody, unclear who"),
    ("a comment", "One is old. {#|Two is new.}", [AUTHOR, None], ""),
    ("residue in a sentence", "{-|Share} One is old.", [AUTHOR], ""),
    ("twice, once in marks", "{Ada|One is old}, says Ada: “{Ada|very old}”.", [AUTHOR], '"Ada"'),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "speakers", "_"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_sentence_is_that_of_a_pasted_text_or_of_several_sentences_around_it(
    marked: str, speakers: list[str | None], _: str
) -> None:
    text, voices = spoken(marked)
    sentences = [match.span() for match in re.finditer(r"\S[^.]*\.[”’]*", text)]
    found = [blocks.block(text, voices, sentences, at) for at in range(len(sentences))]

    assert [AUTHOR if voice.kind is VoiceKind.AUTHOR else voice.speaker for voice in found] == speakers


@pytest.mark.parametrize(("marked", "_", "quoting"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_who_speaks_inside_of_a_sentence_is_listed(marked: str, _: object, quoting: str) -> None:
    text, voices = spoken(marked)
    sentences = [match.span() for match in re.finditer(r"\S[^.]*\.[”’]*", text)]
    speaker = blocks.block(text, voices, sentences, 0)
    inside = [other for at in range(len(sentences)) for other in blocks.quoted(
        text, voices, sentences[at], blocks.block(text, voices, sentences, at)
    )]  # fmt: skip
    line = blocks.line(speaker, inside, "B")

    assert line.partition("quoting: ")[2] == (f"<<B {quoting} B>>" if quoting else "")


@pytest.mark.parametrize(
    ("voice", "line"),
    [
        (Voice(0, 9, VoiceKind.AUTHOR), "speaker: the author"),
        (Voice(0, 9, VoiceKind.EMBEDDED, "Ada Quill"), 'speaker: <<B "Ada Quill" B>>'),
        (Voice(0, 9, VoiceKind.EMBEDDED, "Ada", ("Tom", "a channel", "Ada")),
         'speaker: <<B "Ada", passed on by "a channel", passed on by "Tom" B>>'),
        (Voice(0, 9, VoiceKind.DIRECT), "speaker: unclear"),
        (Voice(0, 9, VoiceKind.UNCLEAR, "Ada"), "speaker: unclear"),
        (Voice(0, 9, VoiceKind.COMMENT, "Ada"), "speaker: a reader, in a comment"),
    ],
)  # fmt: skip
def test_whose_words_a_passage_is(voice: Voice, line: str) -> None:
    assert blocks.line(voice, (), "B") == line


def test_a_name_is_one_line_of_sixty_characters_between_quotation_marks() -> None:
    assert blocks.one_line('Ada\n "the\u200b judge" \U000e0041', 60) == '"Ada \\"the judge\\""'
    assert len(blocks.one_line("x" * 900, 60)) == 62


def test_a_carrier_that_stands_above_the_passage_is_not_said_again() -> None:
    times = Voice(0, 50, VoiceKind.EMBEDDED, "The Times", ("The Times",))
    walesa = Voice(5, 20, VoiceKind.DIRECT, "Walesa", ("The Times", "Walesa"))

    assert blocks.line(times, [walesa], "B") == 'speaker: <<B "The Times" B>> · quoting: <<B "Walesa" B>>'
    assert "passed on by" in blocks.line(blocks.AUTHOR, [walesa], "B")
