"""What a person says of sources in, labels files changed out. Run: python -m pytest tests/index/test_label_edit.py"""

from __future__ import annotations

import os
import threading
import tomllib
from pathlib import Path

import pytest

from index.errors import BadLabels, UnusableFolder
from index.labelling import label_writing, regions
from index.labelling.label_edit import Given, LabelEditor, Spoken
from index.labelling.labels import LabelFiles
from index.types import Document, Label, Perspective, Provenance, VoiceKind, Voices

# The comments, the order, the odd spacing and the mixed quotation marks are what a person wrote.
WRITTEN = """\
# Labels of the harbour papers. Ask Ines before you change one!
version = 1   # of this format

[perspectives.dockers]
label = "Dockers"   # their own word
description = 'Want the quay kept.'
# the other camp
[perspectives.owners]
label = "Owners"

# read twice
[[source]]
match = "a.txt"
perspective = "dockers"   # beyond doubt
quotes = ["The quay feeds us."]

# someone else speaks in this one
[[source]]
match = './b.txt'
  title = "The Ledger"

[[source.voice]]
lines = "1-1"
speaker = "The Gazette"

# last of all
[defaults]
perspective = "unlabelled"
"""
TEXTS = {id: Document(id=id, text=f"Text of {id}.", sha256=f"{at:02x}" * 32) for at, id in enumerate(
    ["a.txt", "b.txt", "c.txt", "essays/d.txt", 'odd "name"\n[x].txt'], 1
)}  # fmt: skip
DOCKERS, OWNERS = Perspective("dockers", "Dockers", "Want the quay kept."), Perspective("owners", "Owners")
ON = "2026-03-04"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "essays").mkdir()
    (tmp_path / "sources.toml").write_text(WRITTEN)
    return tmp_path


def editor(corpus: Path) -> LabelEditor:
    return LabelEditor(corpus, list(TEXTS.values()))


def labels_of(corpus: Path, id: str) -> tuple[Label, ...]:
    return LabelFiles(corpus, TEXTS).read().resolve(TEXTS[id]).labels


def sides(corpus: Path, id: str) -> list[str]:
    return [label.perspective.id for label in labels_of(corpus, id)]


def give(corpus: Path, id: str, *perspectives: Perspective, by: str | None = "Ines") -> str:
    editor(corpus).give([Given(TEXTS[id], perspectives)], by, ON)
    return (corpus / "sources.toml").read_text()


def suggest(corpus: Path, *ids: str, side: str = "owners") -> None:
    entries = "".join(
        f'\n[[source]]\nmatch = "{id}"\nsha256 = "{TEXTS[id].sha256}"\nperspective = "{side}"\nmargin = 0.4\n'
        f'by = "parallax labels suggest"\non = "2026-01-01"\nquotes = ["Text of {id}."]\n'
        for id in ids
    )
    (corpus / "sources.suggested.toml").write_text(f"version = 1\n{entries}")


# ── A document's perspectives ────────────────────────────────────────────────────────────────────────────────────────


def test_another_label_changes_its_own_lines_and_no_other(corpus: Path) -> None:
    text = give(corpus, "a.txt", OWNERS)
    assert text == WRITTEN.replace(
        'perspective = "dockers"   # beyond doubt\nquotes = ["The quay feeds us."]\n',
        f'perspective = "owners"   # beyond doubt\nprovenance = "curated"\nby = "Ines"\non = "{ON}"\n',
    )
    (label,) = labels_of(corpus, "a.txt")
    assert (label.perspective.id, label.provenance, label.by, label.on) == ("owners", Provenance.CURATED, "Ines", ON)


def test_quotes_stay_with_the_perspective_that_they_speak_for(corpus: Path) -> None:
    give(corpus, "a.txt", DOCKERS)
    assert labels_of(corpus, "a.txt")[0].quotes == ("The quay feeds us.",)
    give(corpus, "a.txt", OWNERS)
    assert labels_of(corpus, "a.txt")[0].quotes == ()


def test_a_label_comes_into_the_entry_that_there_is_above_its_voices(corpus: Path) -> None:
    text = give(corpus, "b.txt", DOCKERS, OWNERS)
    assert text == WRITTEN.replace(
        '  title = "The Ledger"\n',
        '  title = "The Ledger"\nperspectives = ["dockers", "owners"]\nprovenance = "curated"\nby = "Ines"\n'
        f'on = "{ON}"\n',
    )
    assert sides(corpus, "b.txt") == ["dockers", "owners"]


def test_a_new_entry_stands_at_the_end_with_the_hash_of_its_text(corpus: Path) -> None:
    text = give(corpus, "c.txt", OWNERS)
    assert text.startswith(WRITTEN)
    assert tomllib.loads(text)["source"][-1] == {
        "match": "c.txt",
        "sha256": TEXTS["c.txt"].sha256,
        "perspective": "owners",
        "provenance": "curated",
        "by": "Ines",
        "on": ON,
    }


def test_a_document_may_be_said_to_have_no_perspective_against_a_glob(corpus: Path) -> None:
    (corpus / "sources.toml").write_text(WRITTEN + '[[source]]\nmatch = "*"\nperspective = "owners"\n')
    assert sides(corpus, "c.txt") == ["owners"]
    give(corpus, "c.txt")
    assert sides(corpus, "c.txt") == ["unlabelled"]


def test_from_one_perspective_to_several_and_back(corpus: Path) -> None:
    give(corpus, "a.txt", DOCKERS, OWNERS)
    assert sides(corpus, "a.txt") == ["dockers", "owners"]
    give(corpus, "a.txt", OWNERS)
    assert sides(corpus, "a.txt") == ["owners"]


def test_without_a_name_nobody_is_named(corpus: Path) -> None:
    give(corpus, "a.txt", OWNERS)
    give(corpus, "a.txt", OWNERS, by=None)
    assert labels_of(corpus, "a.txt")[0].by is None


def test_the_first_label_makes_the_file_and_the_perspective(tmp_path: Path) -> None:
    editor(tmp_path).give([Given(TEXTS["a.txt"], (DOCKERS,))], None, ON)
    assert labels_of(tmp_path, "a.txt")[0].perspective == DOCKERS


def test_the_file_nearest_to_a_document_is_the_one_that_changes(corpus: Path) -> None:
    (corpus / "essays/sources.toml").write_text("# Essays\n")
    text = give(corpus, "essays/d.txt", OWNERS)
    assert text == WRITTEN
    assert (corpus / "essays/sources.toml").read_text().startswith('# Essays\n\n[[source]]\nmatch = "d.txt"\n')
    assert sides(corpus, "essays/d.txt") == ["owners"]


def test_two_files_with_an_entry_for_one_document_are_an_error_that_names_both(corpus: Path) -> None:
    entry = '[[source]]\nmatch = "{}"\nperspective = "owners"\n'
    (corpus / "essays/sources.toml").write_text(entry.format("d.txt"))
    (corpus / "sources.toml").write_text(WRITTEN + entry.format("essays/d.txt"))
    with pytest.raises(BadLabels, match=r"^sources.toml and essays/sources.toml: both have an entry"):
        give(corpus, "essays/d.txt", DOCKERS)


def test_a_name_with_quotes_line_breaks_and_brackets_is_a_name(corpus: Path) -> None:
    odd = 'odd "name"\n[x].txt'
    give(corpus, odd, OWNERS)
    assert tomllib.loads((corpus / "sources.toml").read_text())["source"][-1]["match"] == odd


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_line_ends_and_byte_order_mark_stay(corpus: Path, end: str) -> None:
    (corpus / "sources.toml").write_bytes(b"\xef\xbb\xbf" + WRITTEN.replace("\n", end).encode())
    give(corpus, "a.txt", OWNERS)
    give(corpus, "c.txt", OWNERS)
    content = (corpus / "sources.toml").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf# Labels")
    assert content.count(b"\n") == content.count(end.encode())


# ── Perspectives ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_perspective_is_named_anew_in_its_place(corpus: Path) -> None:
    editor(corpus).describe("dockers", "The quay", "Wants\n  the quay.")
    assert (corpus / "sources.toml").read_text() == WRITTEN.replace(
        "label = \"Dockers\"   # their own word\ndescription = 'Want the quay kept.'",
        'label = "The quay"   # their own word\ndescription = "Wants the quay."',
    )


def test_a_perspective_is_named_anew_wherever_it_is_defined(corpus: Path) -> None:
    (corpus / "essays/sources.toml").write_text('[perspectives.owners]\nlabel = "Owners"\n')
    editor(corpus).describe("owners", "Shipowners", "")
    found = LabelFiles(corpus, TEXTS).read()
    assert found.perspectives["owners"].label == "Shipowners"
    assert 'label = "Shipowners"' in (corpus / "sources.toml").read_text()


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Harbour Board", "harbour-board"),
        ("Größe & Maß", "groe-ma"),
        ("港", "perspective"),
        ("unlabelled", "unlabelled-2"),
    ],
)
def test_a_new_perspective_gets_an_id_of_plain_letters(corpus: Path, name: str, id: str) -> None:
    made = editor(corpus).describe(None, name, "What it wants.")
    assert made.id == id
    assert LabelFiles(corpus, TEXTS).read().perspectives[id] == Perspective(id, name, "What it wants.")


def test_two_new_perspectives_never_share_an_id(corpus: Path) -> None:
    assert [editor(corpus).describe(None, name, "").id for name in ("The Board", "The board!")] == [
        "the-board",
        "the-board-2",
    ]


@pytest.mark.parametrize(
    ("label", "description", "said"),
    [
        ("", "", "needs a name"),
        (" \n ", "", "needs a name"),
        ("x" * 81, "", "longer than 80"),
        ("Board", "x" * 501, "longer than 500"),
        ("Bo\x07ard", "", "cannot be shown"),
        ("Board\x1b[2J", "", "cannot be shown"),
        ("\u202edraoB", "", "cannot be shown"),
        ("Board\u200b", "", "cannot be shown"),
        ("Board\ud800", "", "cannot be shown"),
        ("Owners", "", "another perspective is called"),
    ],
)
def test_a_name_that_cannot_be_used_is_a_sentence_and_changes_nothing(
    corpus: Path, label: str, description: str, said: str
) -> None:
    with pytest.raises(BadLabels, match=said):
        editor(corpus).describe("dockers", label, description)
    assert (corpus / "sources.toml").read_text() == WRITTEN


@pytest.mark.parametrize("name", ['He said "no"', "it's", "a\\b", "]\n[defaults]", "<b>bold</b>", '"""', "a # b"])
def test_a_name_with_signs_that_toml_knows_is_a_name(corpus: Path, name: str) -> None:
    editor(corpus).describe("dockers", name, name)
    line = " ".join(name.split())
    assert LabelFiles(corpus, TEXTS).read().perspectives["dockers"] == Perspective("dockers", line, line)


# ── Suggestions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_confirmed_suggestion_moves_with_its_quotes_and_becomes_a_persons_label(corpus: Path) -> None:
    suggest(corpus, "b.txt", "c.txt")
    assert labels_of(corpus, "c.txt")[0].provenance is Provenance.INFERRED
    assert editor(corpus).confirm([TEXTS["c.txt"]], "Ines", ON) == ("c.txt",)
    (label,) = labels_of(corpus, "c.txt")
    assert (label.perspective.id, label.provenance, label.by, label.on) == ("owners", Provenance.CURATED, "Ines", ON)
    assert label.quotes == ("Text of c.txt.",)
    assert (corpus / "sources.toml").read_text().startswith(WRITTEN)
    assert [entry["match"] for entry in tomllib.loads((corpus / "sources.suggested.toml").read_text())["source"]] == [
        "b.txt"
    ]


def test_all_suggestions_can_be_confirmed_at_once(corpus: Path) -> None:
    suggest(corpus, "b.txt", "c.txt", "essays/d.txt")
    assert editor(corpus).confirm(list(TEXTS.values()), None, ON) == ("b.txt", "c.txt", "essays/d.txt")
    assert tomllib.loads((corpus / "sources.suggested.toml").read_text()) == {"version": 1}
    assert [labels_of(corpus, id)[0].provenance for id in ("b.txt", "c.txt")] == [Provenance.CURATED] * 2


def test_what_a_person_said_meanwhile_is_not_overwritten_by_a_suggestion(corpus: Path) -> None:
    suggest(corpus, "a.txt")
    assert editor(corpus).confirm([TEXTS["a.txt"]], "Ines", ON) == ()
    assert sides(corpus, "a.txt") == ["dockers"]


def test_a_suggestion_for_another_state_of_the_text_is_not_confirmed(corpus: Path) -> None:
    suggest(corpus, "c.txt")
    changed = Document(id="c.txt", text="Changed.", sha256="ee" * 32)
    assert LabelEditor(corpus, [changed]).confirm([changed], "Ines", ON) == ()


# ── Nothing is lost ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"[[source]\n", id="no TOML"),
        pytest.param(b"\xff", id="no UTF-8"),
        pytest.param(b'[[source]]\nmatch = "*"\nperspectve = "x"\n', id="a misspelt key"),
        pytest.param(b'[[source]]\nmatch = "*"\nperspective = "x"\n', id="an unknown perspective"),
    ],
)
@pytest.mark.parametrize("name", ["sources.toml", "essays/sources.toml", "sources.suggested.toml"])
def test_where_a_labels_file_cannot_be_followed_none_is_written(corpus: Path, name: str, content: bytes) -> None:
    (corpus / name).write_bytes(content)
    if name == "sources.suggested.toml" and b'perspective = "x"' in content:
        content = content.replace(b"match", b"sha")
        (corpus / name).write_bytes(content)
    before = {file: file.read_bytes() for file in corpus.rglob("*.toml")}
    with pytest.raises(BadLabels):
        editor(corpus).give([Given(TEXTS["a.txt"], (OWNERS,))], None, ON)
    with pytest.raises(BadLabels):
        editor(corpus).describe(None, "New", "")
    assert {file: file.read_bytes() for file in corpus.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    "written",
    [
        'source = [{match = "a.txt", perspective = "owners"}]\n[perspectives.owners]\n',
        'perspectives = {owners = {label = "Owners"}}\n[[source]]\nmatch = "a.txt"\nperspective = "owners"\n',
        'perspectives.owners.label = "Owners"\n[[source]]\nmatch = "a.txt"\n',
    ],
)
def test_other_ways_to_write_toml_are_changed_rightly_or_not_at_all(corpus: Path, written: str) -> None:
    (corpus / "sources.toml").write_text(written)
    for id in ("a.txt", "c.txt"):
        before = (corpus / "sources.toml").read_text()
        try:
            give(corpus, id, OWNERS, DOCKERS)
        except BadLabels as error:
            assert "by hand" in str(error)
            assert (corpus / "sources.toml").read_text() == before
        else:
            assert sides(corpus, id) == ["owners", "dockers"]


def test_a_line_that_only_looks_like_the_begin_of_an_entry_is_text(corpus: Path) -> None:
    written = WRITTEN.replace('"The quay feeds us."', '"""The quay\n[[source]]\nfeeds us."""')
    (corpus / "sources.toml").write_text(written)
    give(corpus, "b.txt", OWNERS)
    assert sides(corpus, "a.txt") == ["dockers"]
    assert sides(corpus, "b.txt") == ["owners"]
    assert (corpus / "sources.toml").read_text().startswith(written[: written.index("  title")])


def test_the_same_content_given_twice_is_changed_twice(corpus: Path) -> None:
    give(corpus, "a.txt", OWNERS)
    (corpus / "sources.toml").write_text(WRITTEN)
    assert sides(corpus, "a.txt") == ["dockers"]
    give(corpus, "a.txt", OWNERS)
    assert sides(corpus, "a.txt") == ["owners"]


def test_a_file_that_somebody_writes_meanwhile_is_read_again(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, meanwhile = corpus / "sources.toml", [WRITTEN + "# from an editor\n"]
    within = label_writing.within

    def slow(*args: object) -> Path:
        if meanwhile:
            file.write_text(meanwhile.pop())
        return within(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(label_writing, "within", slow)
    text = give(corpus, "a.txt", OWNERS)
    assert "# from an editor" in text
    assert 'perspective = "owners"   # beyond doubt' in text


def test_writers_at_once_lose_nothing_of_one_another(corpus: Path) -> None:
    ids = ["a.txt", "b.txt", "c.txt", "essays/d.txt"]
    threads = [threading.Thread(target=give, args=(corpus, id, OWNERS)) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sides(corpus, id) for id in ids] == [["owners"]] * 4


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, full)
    with pytest.raises(UnusableFolder, match="No space left on device"):
        editor(corpus).give([Given(TEXTS["a.txt"], (OWNERS,))], None, ON)
    assert (corpus / "sources.toml").read_text() == WRITTEN
    assert sorted(file.name for file in corpus.iterdir()) == ["essays", "sources.toml"]


def test_a_link_that_leads_out_of_the_corpus_is_not_followed(
    corpus: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "labels.toml"
    elsewhere.write_text(WRITTEN)
    (corpus / "sources.toml").unlink()
    (corpus / "sources.toml").symlink_to(elsewhere)
    with pytest.raises(BadLabels, match="leads out of the corpus"):
        editor(corpus).give([Given(TEXTS["a.txt"], (OWNERS,))], None, ON)
    assert elsewhere.read_text() == WRITTEN


def test_a_change_after_which_a_document_would_have_two_labels_is_not_made(corpus: Path) -> None:
    copy = Document(id="copy.txt", text="Text of c.txt.", sha256=TEXTS["c.txt"].sha256)
    other = f'[[source]]\nmatch = "gone.txt"\nsha256 = "{copy.sha256}"\nperspective = "dockers"\n'
    (corpus / "sources.toml").write_text(WRITTEN + other)
    with pytest.raises(BadLabels, match=r"copy\.txt gets different labels"):
        LabelEditor(corpus, [*TEXTS.values(), copy]).give([Given(TEXTS["c.txt"], (OWNERS,))], None, ON)
    assert (corpus / "sources.toml").read_text() == WRITTEN + other


def test_the_rights_of_the_file_stay(corpus: Path) -> None:
    (corpus / "sources.toml").chmod(0o640)
    give(corpus, "a.txt", OWNERS)
    assert (corpus / "sources.toml").stat().st_mode & 0o777 == 0o640


# ── Who speaks ───────────────────────────────────────────────────────────────────────────────────────────────────────

LONG = (
    "The quay is ours. "
    + "“"
    + "We load it and we feed on it. " * 20
    + "Nobody else does.” It rained. The quay is ours."
)


def hear(corpus: Path, id: str, words: str, speaker: str | None, *, text: str = "", **more: object) -> Voices:
    """Correct a voice, and read who speaks in the document then."""
    text = text or TEXTS[id].text
    start = text.index(words)
    editor(corpus).hear(Spoken(TEXTS[id], text, (start, start + len(words)), speaker, **more), "Ines", ON)  # type: ignore[arg-type]
    said = LabelFiles(corpus, TEXTS).read().regions(TEXTS[id])
    return regions.corrected(Voices(), said, text)


def test_a_voice_comes_under_the_entry_of_its_document(corpus: Path) -> None:
    (voice,) = hear(corpus, "a.txt", "Text of", "Maria Keller").spans
    assert (voice.start, voice.end, voice.speaker, voice.kind) == (0, 7, "Maria Keller", VoiceKind.DIRECT)
    text = (corpus / "sources.toml").read_text()
    first = '[[source.voice]]\nquote = "Text of"\nspeaker = "Maria Keller"\nkind = "direct"\nby = "Ines"\n'
    assert first + f'on = "{ON}"\n' in text
    assert tomllib.loads(text)["source"][0]["match"] == "a.txt"
    assert [line for line in WRITTEN.splitlines() if line not in text.splitlines()] == []
    assert labels_of(corpus, "a.txt")[0].quotes == ("The quay feeds us.",)


def test_a_voice_of_a_document_without_an_entry_gets_one_that_says_nothing_else(corpus: Path) -> None:
    hear(corpus, "c.txt", "Text", "Holm", kind=VoiceKind.INDIRECT, chain=("The Gazette",))
    assert tomllib.loads((corpus / "sources.toml").read_text())["source"][-1] == {
        "match": "c.txt",
        "voice": [
            {
                "quote": "Text",
                "speaker": "Holm",
                "kind": "indirect",
                "chain": ["The Gazette"],
                "by": "Ines",
                "on": ON,
            }
        ],
    }
    assert sides(corpus, "c.txt") == ["unlabelled"]


def test_a_correction_is_corrected_in_its_place(corpus: Path) -> None:
    (voice,) = hear(corpus, "b.txt", "Text of b.txt.", "Ada").spans
    assert voice.speaker == "Ada"
    (said,) = tomllib.loads((corpus / "sources.toml").read_text())["source"][1]["voice"]
    assert said == {"lines": "1-1", "speaker": "Ada", "kind": "direct", "by": "Ines", "on": ON}
    assert hear(corpus, "b.txt", "Text of b.txt.", None).spans == ()
    (said,) = tomllib.loads((corpus / "sources.toml").read_text())["source"][1]["voice"]
    assert said == {"lines": "1-1", "speaker": "author", "by": "Ines", "on": ON}


def test_a_long_stretch_is_told_by_its_two_ends(corpus: Path) -> None:
    words = LONG[19 : LONG.index("”")]
    (voice,) = hear(corpus, "c.txt", words, "Holm", text=LONG).spans
    assert LONG[voice.start : voice.end] == words
    (said,) = tomllib.loads((corpus / "sources.toml").read_text())["source"][-1]["voice"]
    assert said["until"].endswith("Nobody else does.")


def test_words_that_do_not_tell_the_place_write_nothing(corpus: Path) -> None:
    last = LONG.rindex("The quay is ours.")
    spoken = Spoken(TEXTS["c.txt"], LONG, (last, last + 17), "Holm")
    with pytest.raises(BadLabels, match="more than once"):
        editor(corpus).hear(spoken, "Ines", ON)
    assert (corpus / "sources.toml").read_text() == WRITTEN


def test_corrections_under_a_pattern_are_not_put_out_of_force(corpus: Path) -> None:
    (corpus / "sources.toml").write_text(WRITTEN.replace("'./b.txt'", "'[b].txt'"))
    before = (corpus / "sources.toml").read_text()
    with pytest.raises(BadLabels, match="does not name it by its path"):
        hear(corpus, "b.txt", "Text", "Ada")
    assert (corpus / "sources.toml").read_text() == before


@pytest.mark.parametrize("speaker", ["x" * 81, "a\u202eb", "a\0b"])
def test_a_speaker_that_cannot_be_shown_is_refused(corpus: Path, speaker: str) -> None:
    with pytest.raises(BadLabels, match="the speaker"):
        hear(corpus, "a.txt", "Text", speaker)
    assert (corpus / "sources.toml").read_text() == WRITTEN


def test_what_a_speaker_is_called_cannot_leave_its_text(corpus: Path) -> None:
    name = 'Q" \\ [[source]] match = "z"'
    (voice,) = hear(corpus, "a.txt", "Text", name).spans
    assert voice.speaker == name
    assert len(tomllib.loads((corpus / "sources.toml").read_text())["source"]) == 2
