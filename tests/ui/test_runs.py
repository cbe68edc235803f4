"""Stretches, voices and citations in, runs out: nothing of the text is lost, and nothing is said of the author."""

from __future__ import annotations

from typing import Any

import pytest

from index import Voice, VoiceKind, Voices
from ui.runs import runs, speaker

TEXT = "Hers began. “No 🛥️,” she said. <b>${1}</b> He agreed."
HERS = Voice(13, 18, VoiceKind.DIRECT, "<img src=x> Quill", marked=True)
HIS = Voice(44, 54, VoiceKind.INDIRECT, "Holm")
VOICES = Voices((HERS, HIS))


def _texts(found: list[dict[str, Any]], text: str) -> list[str]:
    """What the page cuts out, counting as it counts."""
    units, at, made = text.encode("utf-16-le"), 0, list[str]()
    for run in found:
        end = at + 2 * run["length"]
        made.append(units[at:end].decode("utf-16-le"))
        at = end
    assert at == len(units)
    return made


@pytest.mark.parametrize("others", [(), ((0, 20, "#a"),), ((15, 50, "#a"), (10, 16, "#b")), ((-5, 900, "#a"),)])
@pytest.mark.parametrize("cuts", [(0, 0), (14, 47), (0, 55)])
def test_runs_are_the_text_without_a_gap(others: tuple[Any, ...], cuts: tuple[int, int]) -> None:
    found = runs(TEXT, (0, len(TEXT)), VOICES, others, cuts)
    assert "".join(_texts(found, TEXT)) == TEXT


def test_every_voice_but_the_authors_is_named_where_it_begins_and_ends() -> None:
    found = runs(TEXT, (0, len(TEXT)), VOICES, (), (15, 16))
    texts = _texts(found, TEXT)
    named = [
        (text, run["who"], run["starts"], run["ends"]) for text, run in zip(texts, found, strict=True) if "who" in run
    ]
    hers = "<img src=x> Quill, quoted"
    assert [row[1:] for row in named] == [
        (hers, True, False),
        (hers, False, False),
        (hers, False, True),
        ("Holm, as reported", True, True),
    ]
    assert "".join(text for text, who, *_ in named if who == hers) == TEXT[13:18]
    assert [run["tint"] for run in found if "who" in run] == ["v-0", "v-0", "v-0", "v-1"]


def test_a_speaker_has_one_tint_in_every_stretch() -> None:
    (found,) = (run for run in runs(TEXT, (40, len(TEXT)), VOICES) if "who" in run)
    assert found["tint"] == "v-1"


def test_another_citation_is_marked_where_it_stands() -> None:
    found = runs(TEXT, (0, len(TEXT)), VOICES, ((0, 11, "#a"), (44, 48, "#b"), (200, 300, "#c")))
    marked = [(text, run["link"]) for text, run in zip(_texts(found, TEXT), found, strict=True) if "link" in run]
    assert marked == [("Hers began.", "#a"), (TEXT[44:48], "#b")]


def test_where_it_is_not_known_who_speaks_nobody_is_named() -> None:
    assert all("who" not in run for run in runs(TEXT, (0, len(TEXT)), None))
    assert runs(TEXT, (5, 5), VOICES) == []


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        (VoiceKind.UNCLEAR, None, "voice unclear"),
        (VoiceKind.DIRECT, None, "voice unclear: somebody quoted"),
        (VoiceKind.COMMENT, None, "reader comment"),
        (VoiceKind.RESIDUE, None, "left by a web page, of nobody"),
    ],
)
def test_who_has_no_name_is_said_in_words(kind: VoiceKind, name: str | None, said: str) -> None:
    assert speaker(Voice(0, 9, kind, name)) == said
