"""Files offered to a corpus: names and contents as tables, and that nothing is ever written over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fakes import WordEmbedder, write

from index import Store, UnusableFolder
from index.errors import BadDocument
from index.library import Entry
from index.loading.incoming import KEPT_FREE_MB, MAX_FILES, MAX_MB, MAX_TOTAL_MB, Becomes, check_name, examine, put
from index.update import update


@pytest.fixture
def offered(tmp_path: Path) -> Path:
    folder = tmp_path / "offered"
    folder.mkdir()
    return folder


@pytest.fixture
def entries(corpus: Path, store: Store) -> tuple[Entry, ...]:
    write(corpus, notes="Minutes of the harbour board.\n")
    update(corpus, store, WordEmbedder())
    generation = store.open()
    entries = generation.library.entries
    generation.close()
    return entries


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "of this kind cannot be read"),
        ("photo.png", "of this kind cannot be read"),
        ("program.txt.exe", "of this kind cannot be read"),
        ("sources.toml", "of this kind cannot be read"),
        (".txt", "of this kind cannot be read"),
        (".hidden.txt", "hidden file"),
        ("..txt", "hidden file"),
        ("~$open.docx", "hidden file"),
        ("../up.txt", "hidden file"),
        ("a/../../up.txt", "belong to paths"),
        ("/etc/x.txt", "belong to paths"),
        ("a\\..\\up.txt", "belong to paths"),
        ("C:up.txt", "belong to paths"),
        ("stream.txt:evil.txt", "belong to paths"),
        ("nul\0.txt", "invisible"),
        ("new\nline.txt", "invisible"),
        ("escape\x1b[2J.txt", "invisible"),
        ("invoice\u202etxt.pdf", "invisible"),
        ("zero\u200bwidth.txt", "invisible"),
        ("half\ud800.txt", "invisible"),
        ("odd\udcff.txt", "invisible"),
        ("n" * 300 + ".txt", "longer than 200 bytes"),
        ("ü" * 120 + ".txt", "longer than 200 bytes"),
        ("CON.txt", "device"),
        ("nul.txt", "device"),
        ("com1.md", "device"),
        ("LPT9.old.txt", "device"),
    ],
)
def test_a_name_that_no_file_of_a_corpus_should_have_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(BadDocument, match=sentence) as caught:
        check_name(name)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "UPPER.PDF",
        "für & wider #1.md",
        "концерт.docx",
        "console.txt",
        "comma1.txt",
        "a.b.c.html",
        "<img src=x onerror=alert(1)>.txt",
        "${alert(1)} {{x}}.txt",
        "- ;rm.txt",
    ],
)
def test_other_names_may_be_strange(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.txt", b"", "empty"),
        ("text.pdf", b"only text\n", "ending says PDF"),
        ("text.docx", b"only text\n", "ending says Word"),
        ("paper.txt", b"%PDF-1.7\n%\xe2\xe3", "content is a PDF"),
        ("paper.html", b"%PDF-1.7\n", "content is a PDF"),
        ("packed.md", b"PK\x03\x04 packed", "packed file"),
        ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0", "binary data"),
        ("program.txt", b"\x7fELF\2\1\1" + bytes(200), "binary data"),
    ],
)
def test_content_that_is_not_what_its_ending_says_is_refused(
    corpus: Path, offered: Path, name: str, content: bytes, sentence: str
) -> None:
    (offered / name).write_bytes(content)

    (found,) = examine(corpus, [offered / name], ())

    assert found.becomes is Becomes.REFUSED
    assert sentence in found.problem


def test_too_large_too_many_gone_and_no_file_are_a_sentence_each(corpus: Path, offered: Path) -> None:
    with (offered / "large.txt").open("wb") as file:
        file.truncate(MAX_MB * 1_000_000 + 1)
    (offered / "folder.txt").mkdir()
    (offered / "link.txt").symlink_to("/etc/passwd")
    os.mkfifo(offered / "pipe.txt")
    names = ("large.txt", "folder.txt", "link.txt", "pipe.txt", "gone.txt")

    found = examine(corpus, [offered / name for name in names], ())
    assert [file.becomes for file in found] == [Becomes.REFUSED] * 5
    assert [file.problem.partition(".")[0] for file in found] == [
        f"The file is larger than {MAX_MB} MB",
        "This is not a file with content",
        "This is not a file with content",
        "This is not a file with content",
        "The file is not there any more",
    ]
    many = [offered / f"{number}.txt" for number in range(MAX_FILES + 2)]
    for number, file in enumerate(many):
        file.write_text(f"Text number {number}.\n")
    found = examine(corpus, many, ())
    assert [file.becomes for file in found].count(Becomes.NEW) == MAX_FILES
    assert "at a time" in found[-1].problem


def test_what_each_file_becomes(corpus: Path, offered: Path, entries: tuple[Entry, ...]) -> None:
    (offered / "new.txt").write_text("Something new.\n")
    (offered / "notes.txt").write_text("Other minutes.\n")
    (offered / "again.txt").write_text("Minutes of the harbour board.\n")
    (offered / "twice.txt").write_text("Something new.\n")
    (offered / "deeper").mkdir()
    (offered / "deeper" / "new.txt").write_text("Something else of the same name.\n")
    files = [offered / name for name in ("new.txt", "notes.txt", "again.txt", "twice.txt", "deeper/new.txt")]

    def became(replace: bool) -> list[tuple[Becomes, str]]:
        return [(file.becomes, file.to) for file in examine(corpus, files, entries, replace=replace)]

    beside = [
        (Becomes.NEW, "new.txt"),
        (Becomes.BESIDE, "notes (2).txt"),
        (Becomes.SAME, "notes.txt"),
        (Becomes.SAME, "new.txt"),
        (Becomes.BESIDE, "new (2).txt"),
    ]
    assert became(False) == beside
    # Once notes.txt gives way, nothing else holds its words.
    assert became(True) == [beside[0], (Becomes.REPLACES, "notes.txt"), (Becomes.NEW, "again.txt"), *beside[3:]]
    assert {path.name for path in corpus.iterdir()} == {"notes.txt"}  # looking writes nothing


def test_what_has_changed_on_the_disk_does_not_hold_the_same_any_more(
    corpus: Path, offered: Path, entries: tuple[Entry, ...]
) -> None:
    (corpus / "notes.txt").write_text("Other minutes.\n")
    (offered / "again.txt").write_text("Minutes of the harbour board.\n")
    (found,) = examine(corpus, [offered / "again.txt"], entries)
    assert found.becomes is Becomes.NEW


def test_nothing_is_written_over(corpus: Path, offered: Path, entries: tuple[Entry, ...]) -> None:
    (offered / "notes.txt").write_text("Other minutes.\n")
    (beside,) = examine(corpus, [offered / "notes.txt"], entries)
    put(corpus, beside)
    assert (corpus / "notes.txt").read_text() == "Minutes of the harbour board.\n"
    assert (corpus / "notes (2).txt").read_text() == "Other minutes.\n"
    with pytest.raises(UnusableFolder, match="could not be copied"):
        put(corpus, beside)  # the place is taken by now

    (replaces,) = examine(corpus, [offered / "notes.txt"], entries, replace=True)
    put(corpus, replaces)
    assert (corpus / "notes.txt").read_text() == "Other minutes.\n"
    assert (corpus / ".parallax" / "removed" / "notes.txt").read_text() == "Minutes of the harbour board.\n"


def test_nothing_is_written_through_a_link(corpus: Path, offered: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    (corpus / "notes.txt").symlink_to(outside)  # leads nowhere yet
    (offered / "notes.txt").write_text("Other minutes.\n")
    for replace in (False, True):
        (found,) = examine(corpus, [offered / "notes.txt"], (), replace=replace)
        put(corpus, found)
    assert not outside.exists()
    assert not (corpus / "notes.txt").is_symlink()


def test_a_file_that_gives_way_does_not_hold_its_bytes_any_more(
    corpus: Path, entries: tuple[Entry, ...], offered: Path
) -> None:
    (offered / "notes.txt").write_text("Other minutes.\n")
    (offered / "old.txt").write_text("Minutes of the harbour board.\n")
    files = [offered / "notes.txt", offered / "old.txt"]
    for order in (files, files[::-1]):
        found = {entry.name: entry.becomes for entry in examine(corpus, order, entries, replace=True)}
        assert found == {"notes.txt": Becomes.REPLACES, "old.txt": Becomes.NEW}


def test_what_cannot_be_copied_replaces_nothing(corpus: Path, offered: Path) -> None:
    (corpus / "notes.txt").write_text("Minutes of the harbour board.\n")
    (offered / "notes.txt").write_text("Other minutes.\n")
    (found,) = examine(corpus, [offered / "notes.txt"], (), replace=True)
    (offered / "notes.txt").unlink()
    with pytest.raises(UnusableFolder, match="could not be copied"):
        put(corpus, found)
    assert (corpus / "notes.txt").read_text() == "Minutes of the harbour board.\n"
    assert [path.name for path in corpus.iterdir() if path.name.endswith(".part")] == []


def sparse(folder: Path, number: int, size: int) -> list[Path]:
    """Files of this size, each with other words."""
    made = [folder / f"{at}.txt" for at in range(number)]
    for at, path in enumerate(made):
        path.write_text((f"Text {at} " + "word " * 20_000)[:size])
        with path.open("ab") as file:
            file.truncate(size)
    return made


def test_what_is_too_much_together_waits_for_another_time(corpus: Path, offered: Path) -> None:
    most = MAX_TOTAL_MB // MAX_MB
    files = [*sparse(offered, most + 1, MAX_MB * 1_000_000), offered / "small.txt"]
    files[-1].write_text("Small words.\n")

    found = examine(corpus, files, (), free=10**12)
    assert [file.becomes for file in found] == [Becomes.NEW] * most + [Becomes.REFUSED] * 2
    assert f"more than {MAX_TOTAL_MB} MB would be added at a time" in found[-1].problem


def test_what_would_fill_the_disk_is_refused_before_it_is_copied(corpus: Path, offered: Path) -> None:
    files = sparse(offered, 2, 1_000)

    found = examine(corpus, files, (), free=KEPT_FREE_MB * 1_000_000 + 1_500)
    assert [file.becomes for file in found] == [Becomes.NEW, Becomes.REFUSED]
    assert f"less than {KEPT_FREE_MB} MB would be left free" in found[1].problem
