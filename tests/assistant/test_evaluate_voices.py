"""How well voices are found: marked texts of our own, in both forms of gold, and what each metric counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.evaluation import evaluate_voices
from assistant.evaluation.evaluate_voices import (
    Cited,
    Marked,
    Text,
    cited_scores,
    marks_and_verbs,
    marks_only,
    read,
    scores,
)
from assistant.evaluation.questions import BadQuestions
from index import Document, Voice, VoiceKind, Voices

TEXT = (
    "Maria Keller said that the dam was safe. “It will hold for years,” she added.\n\nI do not believe a word of it.\n"
)


def gold(text: str, words: str, speaker: str = "Maria Keller", kind: str = "indirect") -> Marked:
    start = text.index(words)
    return Marked(((start, start + len(words)),), speaker, kind, optional=False)


MARKED = Text(
    Document("a.txt", TEXT, ""),
    (gold(TEXT, "the dam was safe"), gold(TEXT, "It will hold for years,", kind="direct")),
    ((TEXT.index("I do not"), len(TEXT) - 1),),
)


def share(found: dict[str, list[tuple[float, float]]], metric: str) -> float:
    reached, of = zip(*found[metric], strict=True)
    return sum(reached) / sum(of)


def test_what_is_found_as_marked_scores_one() -> None:
    found = scores([MARKED], evaluate_voices.SYSTEMS["parallax"])

    for metric in ("characters, F1", "paragraphs, F1 (macro)", "recall, direct", "recall, indirect", "speaker right"):
        assert share(found, metric) == 1, metric
    assert share(found, "wrong person") == share(found, "author's stretches taken for a voice") == 0


def test_a_baseline_without_verbs_finds_marks_alone() -> None:
    found = scores([MARKED], marks_only)

    assert (share(found, "recall, direct"), share(found, "recall, indirect")) == (1, 0)
    assert share(scores([MARKED], marks_and_verbs), "recall, indirect") == 1


def test_the_author_taken_for_somebody_is_counted() -> None:
    found = scores([MARKED], lambda document: Voices((Voice(0, len(document.text), VoiceKind.DIRECT, "Tomas Brandt"),)))

    assert share(found, "author's stretches taken for a voice") == share(found, "wrong person") == 1
    assert share(found, "characters, precision") < 1 == share(found, "characters, recall")


def test_what_readers_could_mark_differently_neither_helps_nor_hurts() -> None:
    optional = Text(MARKED.document, tuple(Marked(m.spans, m.speaker, m.kind, optional=True) for m in MARKED.voices))

    found = scores([optional], marks_only)

    assert "characters, F1" not in found
    assert share(found, "paragraphs, F1 (macro)") == 1


@pytest.mark.parametrize(
    ("voice", "right", "wrong"),
    [
        (Voice(0, 9, VoiceKind.INDIRECT, "Keller"), 1, 0),
        (Voice(0, 9, VoiceKind.INDIRECT, "Tomas Brandt"), 0, 1),
        (Voice(0, 9, VoiceKind.AUTHOR), 0, 1),
        (Voice(0, 9, VoiceKind.UNCLEAR), 0, 0),
        (Voice(0, 9, VoiceKind.DIRECT), 0, 0),
    ],
)
def test_a_badge_is_right_wrong_or_silent(voice: Voice, right: float, wrong: float) -> None:
    start, end = MARKED.voices[0].spans[0]

    found = cited_scores([Cited(voice, "a.txt", start, end)], [MARKED])

    assert share(found, "voice right on cited evidence") == right
    assert share(found, "wrong person shown") == wrong


def test_our_own_form_of_gold_is_read_with_its_negatives(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    start = TEXT.index("the dam was safe")
    line = {"file": "a.txt", "start_char": start, "end_char": start + 16, "speaker": "Maria Keller"}
    line |= {"type": "indirect", "marked": False, "ambiguous": False, "text": "the dam was safe"}
    (tmp_path / "voices.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    negative = {"file": "a.txt", "start_char": 80, "end_char": 90, "why": "his own", "text": TEXT[80:90]}
    (tmp_path / "negatives.jsonl").write_text(json.dumps(negative) + "\n", "utf-8")

    (text,) = read(tmp_path / "voices.jsonl")

    assert (text.voices, text.authors) == ((gold(TEXT, "the dam was safe"),), ((80, 90),))


def test_polnear_is_read_with_attitudes_as_optional(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text(json.dumps({"id": "x", "title": "X", "text": TEXT}) + "\n", "utf-8")
    lines = [
        {
            "article": "x",
            "speaker": "Keller",
            "cue": cue,
            "type_heuristic": "indirect",
            "spans": {"content": [[23, 39]]},
        }
        for cue in ("said", "hopes")
    ]
    (tmp_path / "quotes.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")

    (text,) = read(tmp_path / "quotes.jsonl")

    assert [marked.optional for marked in text.voices] == [False, True]


@pytest.mark.parametrize("content", ["no json", '{"file": "missing.txt"}', '{"file": "a.txt", "start_char": 1}'])
def test_a_file_that_is_no_gold_gets_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "voices.jsonl").write_text(content, "utf-8")

    with pytest.raises(BadQuestions, match="cannot be read as marked voices"):
        read(tmp_path / "voices.jsonl")
