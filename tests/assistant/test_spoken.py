"""`parallax voices FOLDER`: who speaks where, without an index."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.commands import show
from assistant.labelling import spoken
from index import Document, Voice, VoiceKind, Voices
from tests.command import parallax

KELLER = "We will rebuild the dam,"
TEXT = f"The valley waits for it.\n“{KELLER}” Maria Keller said.\n"
KEYS = ["document", "start", "end", "kind", "speaker", "chain", "marked", "confidence", "text"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "news.txt").write_text(TEXT, "utf-8")
    (folder / "a.txt").write_text("Only its author speaks in this document, all alone.\n", "utf-8")
    return folder


def test_each_voice_is_a_line_of_json_with_its_exact_words(folder: Path, tmp_path: Path) -> None:
    (line,) = parallax("voices", folder, "--json", home=tmp_path).stdout.splitlines()
    row = json.loads(line)
    assert list(row) == KEYS
    assert (row["document"], row["kind"], row["marked"]) == ("b/news.txt", "direct", True)
    assert TEXT[row["start"] : row["end"]] == row["text"]
    assert row["text"].rstrip(",") == KELLER.rstrip(",")
    assert row["speaker"] in ("Maria Keller", None)
    assert not (folder / ".parallax").exists()


def test_the_table_says_where_and_who_and_with_which_words(folder: Path, tmp_path: Path) -> None:
    (folder / "sources.toml").write_text(
        '[[source]]\nmatch = "a.txt"\n[[source.voice]]\nlines = "1"\nspeaker = "The Herald"\n', "utf-8"
    )
    head, herald, *_ = parallax("voices", folder, home=tmp_path).stdout.splitlines()
    assert head.split() == ["document", "lines", "kind", "speaker", "first", "words"]
    assert re.split("  +", herald) == [
        *("a.txt", "1", "embedded", "The Herald"),
        "Only its author speaks in this document, all alone.",
    ]


def test_labels_that_name_a_place_that_is_not_there_are_told(folder: Path, tmp_path: Path) -> None:
    (folder / "sources.toml").write_text(
        '[[source]]\nmatch = "a.txt"\n[[source.voice]]\nlines = "9"\nspeaker = "The Herald"\n', "utf-8"
    )
    done = parallax("voices", folder, "--json", home=tmp_path)
    assert "a.txt has 1 lines, and no line 9" in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_a_document_that_cannot_be_read_is_told_and_the_rest_is_listed(folder: Path, tmp_path: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 this is no PDF")
    done = parallax("voices", folder, "--json", home=tmp_path, code=1)
    assert done.stderr.startswith("failed: broken.pdf: ")
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("nowhere", "There is no such folder"), ("a-file", "a file, not a folder"), ("empty", "nothing to read")],
)
def test_a_folder_that_cannot_be_used_is_one_sentence(name: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a-file").write_text("x")
    done = parallax("voices", tmp_path / name, home=tmp_path, code=2)
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_labels_that_cannot_be_followed_are_one_sentence(folder: Path, tmp_path: Path) -> None:
    (folder / "sources.toml").write_text('[[source]]\nmatch = "a.txt"\n[[source.voice]]\nlines = "1"\n', "utf-8")
    done = parallax("voices", folder, home=tmp_path, code=2)
    assert "source 1 (a.txt), voice 1 names no speaker" in done.stderr


def heard(*spans: Voice, text: str = "x" * 200) -> spoken.Spoken:
    return spoken.Spoken(Document("a.txt", text, ""), Voices(spans), ())


def test_what_a_browser_left_is_a_pasted_text_of_nobody_to_others() -> None:
    (row,) = heard(Voice(0, 5, VoiceKind.RESIDUE)).rows()
    assert (row["kind"], row["speaker"]) == ("embedded", None)


def test_a_table_names_the_carriers_and_cannot_steer_the_terminal() -> None:
    text = "\x1b[31mred " * 20
    voice = Voice(0, len(text), VoiceKind.DIRECT, "Geroman", ("Politico", "Geroman"))
    shown = show.spoken([heard(voice, text=text)])
    assert "Geroman < Politico" in shown
    assert "\x1b" not in shown
    assert len(shown.splitlines()[1]) < 140
