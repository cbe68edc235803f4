"""Files in, documents out. Run: python -m pytest tests/index/test_load.py"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from index.errors import BadDocument, UnusableFolder
from index.loading.formats import plausible_author, plausible_title
from index.loading.load import MAX_BYTES, SUFFIXES, extractor_of, find, language_of, load
from index.types import Document

SHARED = Path(__file__).parents[2].parent / "shared"
ENGLISH = "The envoy met the president for five hours, and nobody would say what had been agreed between them. "
POLISH = "Prezydent powiedział, że żołnierze będą musieli wrócić do domów, ponieważ wojna się skończyła. "
RUSSIAN = "Президент заявил, что мирные переговоры продолжатся, несмотря на разногласия сторон. "
BOMB = b" " * 80_000_000  # packed into 80 kB
JAPANESE = "大統領は和平交渉が近いうちに再開されると述べた。しかし専門家は懐疑的である。"


def read(folder: Path, name: str, data: bytes | str) -> Document:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return load(path, name)


def refusal(folder: Path, name: str, data: bytes | str) -> str:
    with pytest.raises(BadDocument) as caught:
        read(folder, name, data)
    return caught.value.reason


def pdf(*pages: bytes, password: str | None = None, **facts: str) -> bytes:
    writer = pypdf.PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    fonts = DictionaryObject(
        {NameObject("/F1"): DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})}
    )
    for content in pages:
        page = writer.add_blank_page(300, 300)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(content)
        stream = stream.flate_encode(9) if len(content) > 1_000_000 else stream
        page[NameObject("/Contents")] = stream
    writer.add_metadata({f"/{name}": value for name, value in facts.items()})
    if password is not None:
        writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def line(words: str) -> bytes:
    return b"BT /F1 12 Tf 20 200 Td (" + words.encode("cp1252") + b") Tj ET"


def word_file(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return out.getvalue()


@contextmanager
def as_nobody() -> Iterator[None]:
    """As somebody whom permissions bind; they do not bind root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


class TestFind:
    def found(self, folder: Path) -> list[str]:
        return [path.relative_to(folder).as_posix() for path in find(folder)]

    def plant(self, folder: Path, *names: str) -> None:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("words")

    def test_files_with_a_readable_suffix_are_found_in_the_order_of_their_paths(self, tmp_path: Path) -> None:
        self.plant(tmp_path, "b.txt", "a/z.PDF", "a/b/c.docx", "a.md", "c.html", "c.htm", "d.odt", "e")
        assert self.found(tmp_path) == ["a.md", "a/b/c.docx", "a/z.PDF", "b.txt", "c.htm", "c.html"]

    def test_what_is_hidden_is_skipped(self, tmp_path: Path) -> None:
        self.plant(tmp_path, ".parallax/a.txt", "x/.git/b.txt", ".c.txt", ".txt", "x/d.txt")
        assert self.found(tmp_path) == ["x/d.txt"]

    def test_a_hidden_folder_can_itself_be_the_corpus(self, tmp_path: Path) -> None:
        self.plant(tmp_path / ".corpus", "a.txt")
        assert self.found(tmp_path / ".corpus") == ["a.txt"]

    def test_the_lock_file_of_an_open_word_document_is_skipped(self, tmp_path: Path) -> None:
        self.plant(tmp_path, "~$report.docx", "report.docx")
        assert self.found(tmp_path) == ["report.docx"]

    def test_a_folder_with_a_readable_suffix_is_not_a_file(self, tmp_path: Path) -> None:
        self.plant(tmp_path, "folder.txt/a.md")
        assert self.found(tmp_path) == ["folder.txt/a.md"]

    def test_a_pipe_is_not_a_file(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.txt")
        assert self.found(tmp_path) == []

    def test_a_link_to_a_file_of_the_corpus_is_followed_also_into_a_hidden_folder(self, tmp_path: Path) -> None:
        self.plant(tmp_path, ".annex/object", "a.txt")
        (tmp_path / "b.txt").symlink_to(".annex/object")
        assert self.found(tmp_path) == ["a.txt", "b.txt"]

    def test_a_link_that_leads_out_of_the_corpus_is_skipped(self, tmp_path: Path) -> None:
        self.plant(tmp_path, "outside/secret.txt", "corpus/a.txt")
        (tmp_path / "corpus/link.txt").symlink_to(tmp_path / "outside/secret.txt")
        (tmp_path / "corpus/folder").symlink_to(tmp_path / "outside")
        assert self.found(tmp_path / "corpus") == ["a.txt"]

    def test_a_neighbour_whose_name_begins_like_the_corpus_is_outside(self, tmp_path: Path) -> None:
        self.plant(tmp_path, "corpus/a.txt", "corpus-secret/b.txt")
        (tmp_path / "corpus/link.txt").symlink_to(tmp_path / "corpus-secret/b.txt")
        assert self.found(tmp_path / "corpus") == ["a.txt"]

    def test_a_loop_of_links_is_visited_once(self, tmp_path: Path) -> None:
        self.plant(tmp_path, "x/a.txt")
        (tmp_path / "x/up").symlink_to(tmp_path)
        (tmp_path / "y").symlink_to(tmp_path / "x")
        assert self.found(tmp_path) == ["x/a.txt"]

    def test_a_corpus_that_is_itself_a_link_is_read(self, tmp_path: Path) -> None:
        self.plant(tmp_path, "real/a.txt")
        (tmp_path / "link").symlink_to("real")
        assert self.found(tmp_path / "link") == ["a.txt"]

    def test_a_link_that_leads_nowhere_is_found_so_that_load_reports_it(self, tmp_path: Path) -> None:
        (tmp_path / "gone.txt").symlink_to("nothing")
        (tmp_path / "loop.txt").symlink_to("loop.txt")
        assert self.found(tmp_path) == ["gone.txt", "loop.txt"]
        with pytest.raises(BadDocument, match="no longer there"):
            load(tmp_path / "gone.txt", "gone.txt")
        with pytest.raises(BadDocument, match="cannot be read"):
            load(tmp_path / "loop.txt", "loop.txt")

    def test_names_that_are_no_unicode_are_found(self, tmp_path: Path) -> None:
        (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("words")
        assert self.found(tmp_path) == ["caf\udce9.txt"]

    def test_an_empty_folder_is_no_error(self, tmp_path: Path) -> None:
        assert self.found(tmp_path) == []

    def test_a_missing_folder_is_refused_before_the_first_file_is_asked_for(self, tmp_path: Path) -> None:
        with pytest.raises(UnusableFolder, match="no such folder"):
            find(tmp_path / "nowhere")

    def test_a_file_is_not_a_folder(self, tmp_path: Path) -> None:
        self.plant(tmp_path, "a.txt")
        with pytest.raises(UnusableFolder, match="a file, not a folder"):
            find(tmp_path / "a.txt")

    def test_a_path_through_a_file_is_refused(self, tmp_path: Path) -> None:
        self.plant(tmp_path, "a.txt")
        with pytest.raises(UnusableFolder, match="cannot be reached"):
            find(tmp_path / "a.txt" / "b")

    def test_a_folder_within_that_cannot_be_listed_is_refused_and_not_passed_over(self, open_folder: Path) -> None:
        self.plant(open_folder, "a.txt", "closed/b.txt")
        (open_folder / "closed").chmod(0o000)
        with as_nobody(), pytest.raises(UnusableFolder, match="closed: This folder cannot be listed"):
            find(open_folder)
        (open_folder / "closed").chmod(0o755)


class TestReading:
    def test_the_hash_is_that_of_the_bytes_on_disk(self, tmp_path: Path) -> None:
        data = b"\xef\xbb\xbfwords\r\n"
        assert read(tmp_path, "a.txt", data).sha256 == sha256(data).hexdigest()

    def test_the_id_is_the_one_given(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("words")
        assert load(tmp_path / "a.txt", "x/a.txt").id == "x/a.txt"

    def test_an_empty_file_is_refused(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, "a.txt", b"").startswith("The file is empty.")

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("a.txt", " \n\t\r\n"),
            ("a.txt", "\ufeff"),
            ("a.txt", "\u200b\u200b"),
            ("a.txt", "---\n***\n"),
            ("a.md", "---\ntitle: Only a title\n---\n"),
            ("a.html", "<html><body></body></html>"),
            ("a.html", "<html><body><script>var words</script></body></html>"),
            ("a.html", "<!-- words -->"),
            ("a.html", " "),
        ],
    )
    def test_a_file_without_words_is_refused(self, tmp_path: Path, name: str, data: str) -> None:
        assert refusal(tmp_path, name, data).startswith("The file holds no words.")

    def test_a_vanished_file_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadDocument, match="no longer there"):
            load(tmp_path / "gone.txt", "gone.txt")

    def test_a_file_without_permission_is_refused(self, open_folder: Path) -> None:
        (open_folder / "a.txt").write_text("words")
        (open_folder / "a.txt").chmod(0o000)
        with as_nobody(), pytest.raises(BadDocument, match="may not be read"):
            load(open_folder / "a.txt", "a.txt")

    def test_a_failing_disk_is_a_bad_document(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").symlink_to("/proc/self/mem")
        with pytest.raises(BadDocument, match="Input/output error"):
            load(tmp_path / "a.txt", "a.txt")

    def test_a_pipe_is_refused_without_waiting_for_a_writer(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.txt")
        with pytest.raises(BadDocument, match="not a file with content"):
            load(tmp_path / "a.txt", "a.txt")

    def test_a_file_above_the_bound_is_refused(self, tmp_path: Path) -> None:
        with (tmp_path / "a.txt").open("wb") as file:
            file.truncate(MAX_BYTES + 1)
        with pytest.raises(BadDocument, match="larger than 200 MB"):
            load(tmp_path / "a.txt", "a.txt")

    def test_a_name_that_is_no_unicode_breaks_no_sentence(self, tmp_path: Path) -> None:
        path = tmp_path / os.fsdecode(b"caf\xe9.txt")
        path.write_bytes(b"")
        with pytest.raises(BadDocument, match="The file is empty"):
            load(path, path.name)

    def test_fifty_megabytes_load_in_a_few_seconds(self, tmp_path: Path) -> None:
        data = ENGLISH.encode() * 500_000 + "naïve".encode("cp1252")
        begun = time.monotonic()
        assert read(tmp_path, "a.txt", data).text.endswith("naïve")
        assert time.monotonic() - begun < 8

    def test_importing_the_module_loads_no_heavy_library(self) -> None:
        heavy = "{'trafilatura', 'lxml', 'pypdf', 'docx', 'py3langid', 'numpy', 'yaml', 'charset_normalizer'}"
        code = f"import sys, index.loading.load; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
        assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0

    @pytest.mark.parametrize(
        ("suffix", "extractor"),
        [
            (".txt", "text 1"),
            (".md", "text 1"),
            (".htm", f"html 1, trafilatura {version('trafilatura')}"),
            (".PDF", f"pdf 1, pypdf {version('pypdf')}"),
            (".docx", f"docx 1, python-docx {version('python-docx')}"),
        ],
    )
    def test_the_extractor_names_its_version(self, suffix: str, extractor: str) -> None:
        assert extractor_of(suffix) == extractor

    def test_a_document_names_its_extractor(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.HTML", "<p>words of the page</p>").extractor == extractor_of(".html")


class TestDecoding:
    @pytest.mark.parametrize(
        "text", ["a\r\nb\rc\n\n  d  ", "zero\u200bwidth \ufffc \u2028 e\u0301 \U0001f600", "a \ufffd b"]
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    def test_the_text_is_the_decoded_bytes_and_nothing_else(self, tmp_path: Path, text: str, encoding: str) -> None:
        document = read(tmp_path, "a.txt", text.encode(encoding))
        assert (document.text, document.warnings) == (text, ())

    @pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
    def test_big_endian_text_is_known_by_its_mark(self, tmp_path: Path, encoding: str) -> None:
        assert read(tmp_path, "a.txt", ("\ufeff" + POLISH).encode(encoding)).text == POLISH

    @pytest.mark.parametrize(
        ("text", "encoding", "named"),
        [
            ("“Naïve”, she said – the café cost £5.", "cp1252", "cp1252"),
            ("The envoy met him for five hours, and nobody would say. " * 30 + "naïve", "cp1252", "cp1252"),
            ("Cumhurbaşkanı, barış görüşmelerinin yakında başlayacağını söyledi.", "cp1254", "cp1254"),
            ("Für die Völker heißt das: größere Übel müssen verhütet werden.", "latin-1", "cp1252"),
            (POLISH, "cp1250", "cp1250"),
            (POLISH, "iso8859-2", "iso8859_2"),
            (RUSSIAN, "cp1251", "cp1251"),
            (RUSSIAN, "koi8-r", "koi8_r"),
            (JAPANESE, "shift_jis", "cp932"),
            (JAPANESE, "euc-jp", "euc_jp"),
        ],
    )
    def test_another_encoding_is_recognised_and_reported(
        self, tmp_path: Path, text: str, encoding: str, named: str
    ) -> None:
        document = read(tmp_path, "a.txt", text.encode(encoding))
        assert document.text == text
        assert document.warnings[0].startswith(f"Decoded as {named}: a guess")

    def test_the_first_odd_byte_may_stand_far_behind_the_sample(self, tmp_path: Path) -> None:
        text = ENGLISH * 3_000 + RUSSIAN
        assert read(tmp_path, "a.txt", text.encode("cp1251")).text == text

    def test_an_encoding_that_fails_behind_the_sample_is_not_taken(self, tmp_path: Path) -> None:
        data = (RUSSIAN * 2_000).encode("cp1251") + b"\x98"  # undefined in cp1251
        document = read(tmp_path, "a.txt", data)
        assert document.text == RUSSIAN * 2_000 + "\ufffd"
        assert document.warnings[1].startswith("1 character could not be decoded as cp1251")

    def test_damaged_utf8_stays_utf8_and_the_damage_is_counted(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.txt", POLISH.encode() + b"\xff and \xc5")
        assert document.text == POLISH + "\ufffd and \ufffd"
        assert document.warnings[0].startswith("2 characters could not be decoded as utf-8")

    def test_a_replacement_character_of_the_file_is_not_counted_as_damage(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.txt", (POLISH + "\ufffd").encode() + b"\xff")
        assert document.warnings[0].startswith("1 character could not be decoded")

    def test_a_lone_surrogate_in_utf16_is_replaced_and_reported(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.txt", "\ufeffa\ud800b".encode("utf-16-le", "surrogatepass"))
        assert document.text == "a\ufffdb"
        assert document.warnings[0].startswith("1 character could not be decoded as utf-16-le")

    def test_nul_characters_in_a_text_are_kept_and_reported(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.txt", "one\0two and more words\0")
        assert document.text == "one\0two and more words\0"
        assert document.warnings == ("The text holds 2 NUL characters, kept as found.",)

    def test_the_end_mark_of_a_dos_text_is_not_binary(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.txt", b"caf\xe9 au lait\x1a").text == "café au lait\x1a"

    @pytest.mark.parametrize(
        "data",
        [
            bytes(range(256)) * 20,
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4,
            b"word" + b"\0" * 100,
            b"a\0b\0c\0d\0e\0" * 10,
            sha256(b"noise").digest() * 40,
        ],
        ids=["all bytes", "PNG", "NUL", "UTF-16 without a mark", "noise"],
    )
    @pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
    def test_binary_data_is_refused(self, tmp_path: Path, name: str, data: bytes) -> None:
        assert refusal(tmp_path, name, data).startswith("The file holds binary data")


class TestFrontMatter:
    def test_the_text_begins_behind_the_front_matter_and_is_an_exact_slice(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.md", "---\r\ntitle: A\r\n---\r\n\r\n  Body\r\n---\r\nend \r\n")
        assert (document.title, document.text) == ("A", "\r\n  Body\r\n---\r\nend \r\n")

    def test_front_matter_fills_the_card(self, tmp_path: Path) -> None:
        block = "title: T\noutlet: O\nauthor: [A, B]\nkind: essay\ndate: 2025-12-23\nperspective: realist\n"
        document = read(tmp_path, "a.txt", f"---\n{block}---\nBody")
        card = (document.title, document.outlet, document.author, document.kind, document.published, document.declared)
        assert card == ("T", "O", "A, B", "essay", "2025-12-23", "realist")

    @pytest.mark.parametrize(
        ("written", "published"),
        [
            ("2025", "2025"),
            ("2025-12", "2025-12"),
            ("2025-12-23", "2025-12-23"),
            ("'2025-12-23'", "2025-12-23"),
            ("2025-12-23T10:00:00+02:00", "2025-12-23"),
            ("2025-12-23 23:30:00", "2025-12-23"),
        ],
    )
    def test_a_date_is_as_precise_as_it_was_given(self, tmp_path: Path, written: str, published: str) -> None:
        document = read(tmp_path, "a.md", f"---\ndate: {written}\n---\nBody")
        assert (document.published, document.warnings) == (published, ())

    @pytest.mark.parametrize("written", ["2025-13", "2025-02-30", "last Tuesday", "12/23/2025", "0000"])
    def test_a_date_that_is_none_is_left_out_and_reported(self, tmp_path: Path, written: str) -> None:
        document = read(tmp_path, "a.md", f"---\ndate: {written}\n---\nBody")
        assert document.published is None
        assert f"date “{written}” was left out" in document.warnings[0]

    def test_words_that_yaml_takes_for_other_things_stay_words(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.md", "---\ntitle: No\nauthor: 007\noutlet: ~\n---\nBody")
        assert (document.title, document.author, document.outlet) == ("No", "007", None)

    def test_a_value_that_is_no_line_of_text_is_reported(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.md", "---\nperspective: {a: b}\n---\nBody")
        assert document.declared is None
        assert document.warnings == ("The front matter's perspective is not one line of text and was left out.",)

    @pytest.mark.parametrize(
        "block",
        [
            "title: Putin: the war",
            "title: [",
            "title: " + "[" * 10_000,
            'title: "\\U99999999"',
            "? {a: b}\n: c",
            "a: *b",
        ],
        ids=["colon", "open", "nested", "overflow", "key", "alias"],
    )
    def test_broken_front_matter_is_a_warning_and_not_searchable(self, tmp_path: Path, block: str) -> None:
        document = read(tmp_path, "a.md", f"---\ntitle: A\n{block}\n---\nBody")
        assert (document.text, document.title) == ("Body", None)
        assert document.warnings[0].startswith("The front matter is not valid YAML")

    def test_tags_of_yaml_run_no_code(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.md", "---\ntitle: !!python/object/apply:os.getcwd []\n---\nBody")
        assert document.title is None

    def test_prose_between_two_rules_is_text(self, tmp_path: Path) -> None:
        text = "---\nHe came and went.\n\n“Why?” she asked: nobody knew.\n---\nThe end.\n"
        assert read(tmp_path, "a.md", text).text == text

    def test_a_rule_that_is_not_closed_is_text(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.md", "---\ntitle: A\n").text == "---\ntitle: A\n"

    def test_a_block_further_down_is_text(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.md", "Body\n---\ntitle: A\n---\n").title is None

    def test_a_lone_surrogate_in_the_title_is_replaced(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.md", '---\ntitle: "a\\ud800b"\n---\nBody').title == "a\ufffdb"


class TestTitles:
    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("The Ogre at the Gates\nWhy leaders believe it.\n", "The Ogre at the Gates"),
            ("\n\n  Muddling our way to security?  \r\nText", "Muddling our way to security?"),
            ("Stop!\nText", "Stop!"),
            ("This is a sentence.\nText", None),
            ("“He said so.”\nText", None),
            ("Kyiv, Ukraine:\nText", None),
            ("A title without a line break", None),
            ("x" * 120 + "\nText", "x" * 120),
            ("x" * 121 + "\nText", None),
            ("----\nText", None),
        ],
    )
    def test_the_title_of_a_text_is_a_short_first_line(self, tmp_path: Path, text: str, title: str | None) -> None:
        assert read(tmp_path, "a.txt", text).title == title

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("Intro\n\n# Heading #\n\n# Second\n", "Heading"),
            ("## Smaller\n# Heading\n", "Heading"),
            ("```sh\n# comment\n```\n# Heading\n", "Heading"),
            ("#hashtag\nText\n", None),
            ("Short line\nText\n", None),
        ],
    )
    def test_the_title_of_markdown_is_its_first_heading(self, tmp_path: Path, text: str, title: str | None) -> None:
        assert read(tmp_path, "a.md", text).title == title

    def test_front_matter_goes_before_the_first_line(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.txt", "---\ntitle: Given\n---\nFirst line\nText\n").title == "Given"

    @pytest.mark.parametrize(
        "title",
        ["", " ", "Untitled", "untitled-1", "Microsoft Word - Essay.doc", "IBM-PDFs.graffle", "my essay final.docx",
         "Word Document", "Document1", "PowerPoint Presentation", "12.3", None, "x" * 301],
    )  # fmt: skip
    def test_a_title_that_a_program_wrote_is_none(self, title: str | None) -> None:
        assert plausible_title(title) is None

    @pytest.mark.parametrize(
        "title", ["Essay", "The U.S. and Russia", "Word of God", "1984 revisited", "Titles and deeds"]
    )
    def test_a_title_that_a_person_wrote_is_kept(self, title: str) -> None:
        assert plausible_title(title) == title

    @pytest.mark.parametrize("author", ["python-docx", "Microsoft Office User", "admin", "USER", "..."])
    def test_an_author_that_a_program_wrote_is_none(self, author: str) -> None:
        assert plausible_author(author) is None


class TestHtml:
    PAGE = (
        '<html><head><title>The Title</title><meta name="author" content="Jane Doe">'
        '<meta property="og:site_name" content="The Paper">'
        '<meta property="article:published_time" content="2025-12-23T10:00:00Z">'
        "<style>.s{{color:red}}</style></head><body><article>"
        "<p>The first paragraph is long enough to be the main text\n      of the <b>page</b> by anybody.</p>{}"
        "<p>The second paragraph is long enough as well, and ends the article.</p></article></body></html>"
    )

    def test_a_page_gives_its_words_without_the_white_space_of_its_source(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.html", self.PAGE.format("")).text == (
            "The first paragraph is long enough to be the main text of the page by anybody.\n"
            "The second paragraph is long enough as well, and ends the article."
        )

    def test_a_page_gives_its_card(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.htm", self.PAGE.format(""))
        card = (document.title, document.author, document.outlet, document.published)
        assert card == ("The Title", "Jane Doe", "The Paper", "2025-12-23")

    def test_an_old_number_on_the_page_is_not_its_date(self, tmp_path: Path) -> None:
        page = f"<html><body><p>{ENGLISH}</p><p>{ENGLISH}</p><p>Copyright 1998-2003</p></body></html>"
        assert read(tmp_path, "a.html", page).published is None

    @pytest.mark.parametrize(
        "hidden",
        [
            "<script>SECRET words</script>",
            "<style>SECRET words</style>",
            "<!-- SECRET words -->",
            "<p hidden>SECRET words in a paragraph</p>",
            '<p style="color: red; DISPLAY : none">SECRET words in a paragraph</p>',
            '<div style="visibility:hidden"><p>SECRET words in a paragraph</p></div>',
            '<p style="font-size:0px">SECRET words in a paragraph</p>',
            '<p style="opacity: 0.0">SECRET words in a paragraph</p>',
            "<template><p>SECRET words in a paragraph</p></template>",
            "<noscript><p>SECRET words in a paragraph</p></noscript>",
        ],
    )
    @pytest.mark.parametrize("frame", [PAGE, "<html><body>First {} second.</body></html>"], ids=["article", "bare"])
    def test_what_a_reader_of_the_page_does_not_see_is_no_text(self, tmp_path: Path, frame: str, hidden: str) -> None:
        document = read(tmp_path, "a.html", frame.format(hidden))
        assert "SECRET" not in document.text
        assert "second" in document.text

    def test_small_and_faint_text_is_text(self, tmp_path: Path) -> None:
        page = self.PAGE.format('<p style="font-size:0.8em; opacity: 0.75">The fine print of it all.</p>')
        assert "fine print" in read(tmp_path, "a.html", page).text

    def test_a_page_without_main_text_gives_all_its_words(self, tmp_path: Path) -> None:
        page = "<html><body><footer>one <script>x</script> <b>t</b>wo<div>three</div>four</footer></body></html>"
        assert read(tmp_path, "a.html", page).text == "one two\nthree\nfour"

    def test_words_without_any_markup_are_a_page(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.html", "just a few words").text == "just a few words"

    @pytest.mark.parametrize(
        ("declared", "encoding"),
        [
            ("windows-1251", "cp1251"),
            ("KOI8-R", "koi8-r"),
            ("utf-8", "utf-8"),
            ("windows-1251", "utf-8"),  # saved anew under its old declaration
            ("utf-8", "cp1251"),
            ("nonsense", "utf-8"),
            ("euc-jp", "cp1251"),
            ("windows-1251", "utf-16"),
        ],
    )
    def test_the_declared_encoding_counts_unless_the_bytes_contradict_it(
        self, tmp_path: Path, declared: str, encoding: str
    ) -> None:
        page = f'<html><head><meta charset="{declared}"></head><body><p>{RUSSIAN}</p><p>{RUSSIAN}</p></body></html>'
        assert RUSSIAN.strip() in read(tmp_path, "a.html", page.encode(encoding)).text

    def test_a_declaration_settles_what_detection_would_guess(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.html", '<meta charset="iso-8859-1"><p>“Café” words</p>'.encode("cp1252"))
        assert (document.text, document.warnings) == ("“Café” words", ())

    @pytest.mark.parametrize("declared", ["utf-7", "unicode_escape", "rot13", "base64"])
    def test_a_declared_codec_that_no_page_has_is_not_used(self, tmp_path: Path, declared: str) -> None:
        page = f'<meta charset="{declared}"><p>+AGE- words \\x41</p>'
        assert read(tmp_path, "a.html", page).text == "+AGE- words \\x41"

    def test_text_in_escape_sequences_needs_its_declaration(self, tmp_path: Path) -> None:
        page = f'<html><head><meta charset="iso-2022-jp"></head><body><p>{JAPANESE}</p></body></html>'
        assert JAPANESE in read(tmp_path, "a.html", page.encode("iso-2022-jp")).text

    def test_damage_in_a_page_is_reported(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.html", f"<p>{POLISH}</p>".encode() + b"<p>\xff</p>")
        assert document.warnings[0].startswith("1 character could not be decoded")

    def test_a_nul_does_not_end_a_page(self, tmp_path: Path) -> None:
        assert "second" in read(tmp_path, "a.html", self.PAGE.format("\0")).text

    @pytest.mark.parametrize(
        "sign", ["\x01", "&#1;", "\x0c", "<pre>\x0c \x0b&#2;</pre>", "\uffff", "&#xD800;", "<script>x</script>&#1;"]
    )
    def test_a_control_character_does_not_stop_the_parser(self, tmp_path: Path, sign: str) -> None:
        assert "second paragraph" in read(tmp_path, "a.html", self.PAGE.format(sign)).text

    def test_an_xhtml_declaration_does_not_stop_the_parser(self, tmp_path: Path) -> None:
        page = '<?xml version="1.0" encoding="UTF-8"?>\n' + self.PAGE.format("")
        assert "second paragraph" in read(tmp_path, "a.html", page).text

    def test_a_page_of_unclosed_tags_is_read_to_its_end(self, tmp_path: Path) -> None:
        page = (
            "<html><body><p>The start.</p>"
            + "<font>" * 400
            + "<p>The middle.</p>"
            + "</font>" * 400
            + "<p>The end.</p>"
        )
        document = read(tmp_path, "a.html", page)
        assert "The end." in document.text
        assert document.warnings == ()

    def test_a_page_nested_beyond_reason_is_cut_and_says_so(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.html", "<html><body><p>The start.</p>" + "<div>" * 20_000 + "<p>The end.</p>")
        assert document.text == "The start."
        assert document.warnings == ("The page nests too deep to be read: what follows that place is missing.",)


class TestPdf:
    def test_pages_are_joined_by_an_empty_line_and_their_starts_known(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.pdf", pdf(line("First page"), b"", line("Third page")))
        assert document.text == "First page\n\n\n\nThird page"
        assert document.pages == (0, 12, 14)
        assert document.page(document.text.index("Third")) == 3

    def test_a_page_without_text_is_reported(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.pdf", pdf(line("First page"), b"", line("Third page")))
        assert document.warnings == ("Found no text on page 2: empty, or a picture that needs OCR.",)

    def test_a_page_that_cannot_be_read_is_reported_and_the_rest_is_read(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.pdf", pdf(line("First page"), BOMB, line("Third page")))
        assert "First page" in document.text
        assert "Third page" in document.text
        assert document.warnings[0].startswith("Could not read page 2")

    def test_title_and_author_come_from_the_properties(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.pdf", pdf(line("Words"), Title="The\nTitle", Author="Jane Doe"))
        assert (document.title, document.author) == ("The Title", "Jane Doe")

    def test_the_day_the_file_was_made_is_not_the_date_of_publication(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.pdf", pdf(line("Words"), CreationDate="D:20251223100000Z")).published is None

    def test_a_pdf_that_only_restricts_printing_is_read(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.pdf", pdf(line("Words"), password="")).text == "Words"

    def test_a_pdf_with_a_password_is_refused(self, tmp_path: Path) -> None:
        assert "protected with a password" in refusal(tmp_path, "a.pdf", pdf(line("Words"), password="secret"))

    def test_a_pdf_without_text_needs_ocr(self, tmp_path: Path) -> None:
        assert "needs OCR" in refusal(tmp_path, "a.pdf", pdf(b"", b""))

    @pytest.mark.parametrize(
        "data", [b"%PDF-1.7\n", b"words", b"%PDF-1.4\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"]
    )
    def test_a_damaged_pdf_is_refused(self, tmp_path: Path, data: bytes) -> None:
        assert refusal(tmp_path, "a.pdf", data).startswith("The PDF is damaged.")

    def test_a_document_beyond_the_limits_of_the_library_is_refused(self, tmp_path: Path) -> None:
        head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        body = head + b"2 0 obj<</Type/Pages/Count 1/Kids[" + b"3 0 R " * 100_001 + b"]>>endobj\n"
        table = b"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n" % (9, len(head))
        data = body + table + b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
        assert refusal(tmp_path, "a.pdf", data).startswith("The PDF unpacks to more than a document should")

    def test_a_decompression_bomb_is_refused(self, tmp_path: Path) -> None:
        data = pdf(BOMB)
        assert len(data) < 200_000
        assert refusal(tmp_path, "a.pdf", data).startswith("No page of the PDF can be read.")

    def test_a_lone_surrogate_is_replaced_and_reported_and_a_pair_joined(self, tmp_path: Path) -> None:
        cmap = b"1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <41> <D800> <42> <D83DDE00> endbfchar"
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(line("xAyB"), line("Next"))))
        stream = DecodedStreamObject()
        stream.set_data(cmap)
        fonts = writer.pages[0]["/Resources"]["/Font"]  # pyright: ignore
        fonts["/F1"].get_object()[NameObject("/ToUnicode")] = writer._add_object(stream)  # pyright: ignore
        out = io.BytesIO()
        writer.write(out)
        document = read(tmp_path, "a.pdf", out.getvalue())
        assert document.text.startswith("x\ufffdy\U0001f600\n\n")
        assert document.page(6) == 2
        assert document.warnings[0].startswith("1 half character")


class TestDocx:
    def test_paragraphs_and_tables_come_in_document_order(self, tmp_path: Path) -> None:
        document = docx.Document()
        document.add_paragraph("Before\tthe\ntable")
        table = document.add_table(rows=2, cols=2)
        for cell, words in zip(table._cells, ["a", "b\nb", "c", "d"], strict=True):
            cell.text = words
        document.add_paragraph("After")
        assert read(tmp_path, "a.docx", word_file(document)).text == "Before\tthe\ntable\na\tb b\nc\td\nAfter"

    def test_a_merged_cell_is_read_once(self, tmp_path: Path) -> None:
        document = docx.Document()
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "merged"
        assert read(tmp_path, "a.docx", word_file(document)).text == "merged"

    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("<w:sdt {}><w:sdtContent><w:p><w:r><w:t>framed</w:t></w:r></w:p></w:sdtContent></w:sdt>", "framed"),
            ("<w:p {}><w:ins w:id='1' w:author='x'><w:r><w:t>inserted</w:t></w:r></w:ins></w:p>", "inserted"),
            ("<w:p {}><w:r><w:t>kept</w:t></w:r><w:del w:id='1'><w:r><w:t>gone</w:t></w:r></w:del></w:p>", "kept"),
            ("<w:p {}><w:r><w:t>seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>", "seen"),
            ("<w:p {}><w:pPr><w:tabs><w:tab w:pos='9'/></w:tabs></w:pPr><w:r><w:t>tabbed</w:t></w:r></w:p>", "tabbed"),
            ("<w:p {}><w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>breaking</w:t></w:r></w:p>", "non-breaking"),
        ],
        ids=["content control", "insertion", "deletion", "hidden", "tab stops", "hyphen"],
    )  # fmt: skip
    def test_the_text_is_what_the_finished_page_shows(self, tmp_path: Path, markup: str, text: str) -> None:
        document = docx.Document()
        document.element.body.insert(0, parse_xml(markup.format(nsdecls("w"))))
        assert read(tmp_path, "a.docx", word_file(document)).text == text

    def test_a_docx_without_a_body_is_refused(self, tmp_path: Path) -> None:
        document = docx.Document()
        document.core_properties.title = "The Title"
        data = repacked(word_file(document), "word/document.xml", f"<w:document {nsdecls('w')}/>".encode())
        assert refusal(tmp_path, "a.docx", data).startswith("The DOCX is damaged: it has no body.")

    def test_text_boxes_are_reported_as_left_out(self, tmp_path: Path) -> None:
        document = docx.Document()
        box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
        markup = f"<w:p {nsdecls('w')}><w:r><w:t>Words</w:t></w:r><w:r><w:pict>{box}</w:pict></w:r></w:p>"
        document.element.body.insert(0, parse_xml(markup))
        loaded = read(tmp_path, "a.docx", word_file(document))
        assert loaded.text == "Words"
        assert loaded.warnings == ("The text boxes of the DOCX are not part of the text.",)

    def test_footnotes_are_reported_as_left_out(self, tmp_path: Path) -> None:
        document = docx.Document()
        run = document.add_paragraph("Words").runs[0]
        run._r.append(parse_xml(f"<w:footnoteReference {nsdecls('w')} w:id='1'/>"))
        assert read(tmp_path, "a.docx", word_file(document)).warnings == (
            "The footnotes of the DOCX are not part of the text.",
        )

    def test_title_and_author_come_from_the_properties(self, tmp_path: Path) -> None:
        document = docx.Document()
        document.core_properties.title, document.core_properties.author = "The Title", "Jane Doe"
        document.add_paragraph("Words")
        loaded = read(tmp_path, "a.docx", word_file(document))
        assert (loaded.title, loaded.author) == ("The Title", "Jane Doe")

    @pytest.mark.parametrize("level", [0, 1, 2])
    def test_without_a_title_the_first_heading_is_it(self, tmp_path: Path, level: int) -> None:
        document = docx.Document()
        document.add_paragraph("Words before")
        document.add_heading("The Heading", level)
        loaded = read(tmp_path, "a.docx", word_file(document))
        assert (loaded.title, loaded.author) == ("The Heading", None)

    def test_a_docx_without_words_is_refused(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, "a.docx", word_file(docx.Document())).startswith("The file holds no words.")

    @pytest.mark.parametrize("data", [b"words", b"PK\x03\x04 and nothing more"])
    def test_a_file_that_is_no_package_is_refused(self, tmp_path: Path, data: bytes) -> None:
        assert refusal(tmp_path, "a.docx", data).startswith("The DOCX is damaged.")

    @pytest.mark.parametrize(
        ("part", "content"),
        [
            ("word/document.xml", b"<w:document"),
            ("word/document.xml", b"<other/>"),
            ("word/document.xml", f"<w:document {nsdecls('w')}/>".encode()),
            ("[Content_Types].xml", b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"),
            ("_rels/.rels", b""),
            ("docProps/core.xml", b"<other/>"),
            ("word/styles.xml", b"<other/>"),
        ],
    )
    def test_a_damaged_part_is_refused_or_done_without(self, tmp_path: Path, part: str, content: bytes) -> None:
        document = docx.Document()
        document.add_paragraph("Words")
        data = repacked(word_file(document), part, content)
        try:
            assert read(tmp_path, "a.docx", data).text == "Words"
        except BadDocument as error:
            assert error.reason.startswith("The DOCX is damaged")

    def test_an_office_file_with_a_password_is_refused(self, tmp_path: Path) -> None:
        data = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
        assert "protected with a password" in refusal(tmp_path, "a.docx", data)

    def test_an_old_word_document_is_named_as_such(self, tmp_path: Path) -> None:
        assert "old Word document" in refusal(tmp_path, "a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600)

    def test_a_zip_bomb_is_refused_unopened(self, tmp_path: Path) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/document.xml", "w") as part:
            for _ in range(320):
                part.write(b" " * 1_000_000)
        assert refusal(tmp_path, "a.docx", out.getvalue()).startswith("The DOCX unpacks to 320 MB")

    def test_entities_are_not_expanded(self, tmp_path: Path) -> None:
        levels = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10))
        body = "<w:body><w:p><w:r><w:t>Words &e9;</w:t></w:r></w:p></w:body>"
        bomb = f"<!DOCTYPE x [<!ENTITY e0 'ha'>{levels}]><w:document {nsdecls('w')}>{body}</w:document>"
        data = repacked(word_file(docx.Document()), "word/document.xml", bomb.encode())
        try:
            assert read(tmp_path, "a.docx", data).text.strip() == "Words"
        except BadDocument as error:
            assert error.reason.startswith("The DOCX is damaged")


class TestLanguage:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            (ENGLISH, "en"),
            (POLISH, "pl"),
            (RUSSIAN, "ru"),
            (JAPANESE * 2, "ja"),
            ("Der Hund ist im Garten.", None),
            ("1234 5678 90 " * 50, None),
            ("Anna Maria Peter Paul Marco Luca Sara Emma Noah Lea Tim Ben Jonas Max Mia Elias Nina Olga", None),
            ("qxz jkv wqp zzx " * 10, None),
        ],
    )
    def test_the_language_is_told_where_there_is_enough_to_tell(self, text: str, language: str | None) -> None:
        assert language_of(text) == language

    def test_another_language_than_english_is_reported(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.txt", POLISH)
        assert document.language == "pl"
        assert "(code: pl)" in document.warnings[0]

    def test_english_is_not_reported(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a.txt", ENGLISH).warnings == ()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared files do not lie beside this checkout")
class TestSharedFiles:
    FILES = SHARED / "data" / "files"

    @pytest.mark.parametrize(
        "path",
        sorted(path for path in FILES.rglob("*") if path.suffix in SUFFIXES),
        ids=lambda path: path.name,
    )
    def test_every_file_is_read_or_refused_with_a_reason(self, path: Path) -> None:
        try:
            document = load(path, path.name)
        except BadDocument as error:
            assert len(error.reason.split()) > 5
        else:
            document.text.encode("utf-8")
            assert all(0 <= start <= len(document.text) for start in document.pages)

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("pdf/issue15893_reduced.pdf", "protected with a password"),
            ("pdf/saslprep-r6.pdf", "protected with a password"),
            ("pdf/Pages-tree-refs.pdf", "damaged"),
            ("pdf/REDHAT-1531897-0.pdf", "damaged"),
            ("pdf/transparent.pdf", "needs OCR"),
            ("pdf/secHandler.pdf", "needs OCR"),
            ("office/testWORD_protected_passtika.docx", "protected with a password"),
        ],
    )
    def test_the_reason_is_the_true_one(self, name: str, reason: str) -> None:
        with pytest.raises(BadDocument, match=reason):
            load(self.FILES / name, name)

    def test_a_pdf_encrypted_with_an_empty_password_is_read(self) -> None:
        assert len(load(self.FILES / "pdf/issue9972-1.pdf", "x").text.split()) > 200

    def test_pages_give_the_words_that_a_reader_finds_in_them(self) -> None:
        pages = [json.loads(page) for page in (self.FILES / "html/pages.jsonl").read_text().splitlines()]
        scores = [word_f1(load(self.FILES / "html" / page["html"], "x").text, page["expected_text"]) for page in pages]
        assert sum(scores) / len(scores) > 0.94

    @pytest.mark.parametrize("path", sorted((SHARED / "seeds").glob("*.txt")), ids=lambda path: path.name)
    def test_a_seed_is_its_bytes(self, path: Path) -> None:
        document = load(path, path.name)
        assert document.text.encode() == path.read_bytes()
        assert (document.language, document.warnings) == ("en", ())


def word_f1(found: str, expected: str) -> float:
    ours, theirs = Counter(re.findall(r"\w+", found.lower())), Counter(re.findall(r"\w+", expected.lower()))
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())
