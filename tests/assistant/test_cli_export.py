"""The commands export and verify as their users run them: in a process of their own, with real files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.assistant.conftest import SAMPLE
from tests.command import parallax, started

QUESTION = "By how much did trade fall?"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample corpus, its index, and the answer to a question."""
    home = tmp_path_factory.mktemp("made")
    shutil.copytree(SAMPLE, home / "corpus", ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    parallax("index", "corpus", home=home)
    (home / "answer.json").write_text(parallax("ask", QUESTION, "--json", home=home).stdout)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """The same for one test alone; its index is named, since it lies in another place now."""
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.parametrize("ending", ["html", "md", "json"])
def test_an_answer_is_exported_and_verified_alone_and_against_its_documents(home: Path, ending: str) -> None:
    file = f"out.{ending}"
    written = parallax("export", "answer.json", "--to", file, "--store", "corpus", home=home)
    alone = parallax("verify", file, home=home)
    (home / "corpus/.parallax").rename(home / "away")
    beside = parallax("verify", file, "--against", "corpus", home=home)

    assert written.stdout == f"{file}: 8 of 8 quotes exact in index g000001\n"
    assert alone.stdout.startswith(
        f"{file}: as it was written.\n8 of 8 quotes exact when it was exported, in index g000001"
    )
    assert beside.stdout == f"{file}: as it was written.\n8 of 8 quotes exact in corpus.\n"


def test_an_answer_is_read_from_standard_input(home: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "assistant", "export", "-", "--to", home / "out.md", "--store", home / "corpus"],
        input=(home / "answer.json").read_bytes(),
        capture_output=True,
    )
    assert process.returncode == 0, process.stderr
    assert (
        (home / "out.md")
        .read_text()
        .startswith("<!-- parallax answer, format 1 -->\n\n# By how much did trade fall?\n")
    )


def test_a_changed_file_is_named_by_its_place_and_ends_with_status_one(home: Path) -> None:
    parallax("export", "answer.json", "--to", "out.html", "--store", "corpus", home=home)
    page = (home / "out.html").read_text()
    quote = json.loads((home / "answer.json").read_text())["citations"][4]["quote"]
    (home / "out.html").write_text(page.replace(f"<blockquote>{quote[:20]}", f"<blockquote>{quote[:19]}_", 1))

    told = parallax("verify", "out.html", home=home, code=1)
    data = json.loads(parallax("verify", "out.html", "--json", home=home, code=1).stdout)

    assert told.stdout.startswith("The page, citation 5, quote was changed (line ")
    assert data["holds"] is False
    assert len(data["differences"]) == 1


def test_a_changed_document_is_named_with_every_quote_of_it(home: Path) -> None:
    parallax("export", "answer.json", "--to", "out.json", "--store", "corpus", home=home)
    given = json.loads((home / "answer.json").read_text())
    source = home / "corpus" / given["citations"][0]["document"]
    source.write_text(source.read_text().replace(given["citations"][0]["quote"], "nothing of the sort", 1))

    told = parallax("verify", "out.json", "--against", "corpus", home=home, code=1).stdout
    data = json.loads(parallax("verify", "out.json", "--against", "corpus", "--json", home=home, code=1).stdout)

    assert f"{source.name}: The bytes of the file are not those that were cited." in told
    assert f"Citation 1: This quote no longer stands in {source.name}." in told
    assert data["quotes"][0]["check"] == "failed"
    cited = {f"citation {c['number']}" for c in given["citations"] if c["document"] == source.name}
    assert {q["place"] for q in data["quotes"] if q["check"] != "exact"} >= cited


def test_export_holds_every_quote_against_its_file_as_it_is_now(home: Path) -> None:
    given = json.loads((home / "answer.json").read_text())
    source = home / "corpus" / given["citations"][0]["document"]
    source.unlink()

    written = parallax("export", "answer.json", "--to", "out.md", "--store", "corpus", home=home)

    assert "of 8 quotes exact" in written.stdout
    assert f"citation 1: This quote no longer stands in {source.name}: the document is gone" in written.stderr
    assert given["citations"][0]["quote"] not in (home / "out.md").read_text().split("## Data of this file")[0]


def test_without_any_index_nothing_is_shown_as_a_quote(home: Path, tmp_path: Path) -> None:
    shutil.copy(home / "answer.json", tmp_path)
    written = parallax("export", "answer.json", "--to", "out.html", home=tmp_path)
    assert written.stdout == "out.html: 0 of 8 quotes exact, since there is no index; none is shown\n"
    assert "<blockquote>" not in (tmp_path / "out.html").read_text()
    parallax("verify", "out.html", home=tmp_path, code=1)


def test_an_answer_whose_file_was_edited_is_told_on_the_terminal(home: Path) -> None:
    given = json.loads((home / "answer.json").read_text())
    quote = given["citations"][0]["quote"]
    source = home / "corpus" / given["citations"][0]["document"]
    source.write_text(source.read_text().replace(quote, "nothing of the sort", 1))

    shown = parallax("ask", QUESTION, "--store", "corpus", home=home).stdout

    assert f"“{quote}”" not in shown
    assert (
        f"This quote no longer stands in {source.name}: the file has changed since it was indexed, or is gone." in shown
    )
    assert "8 of 8 quotes exact" not in shown


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("export", "none.json", "--to", "a.html"), "none.json: It cannot be read"),
        (("export", "notes.txt", "--to", "a.html"), "notes.txt: It is no answer of this version of Parallax"),
        (("export", "notes.txt", "--to", "a.pdf"), "It is no answer"),
        (("export", "answer.json", "--to", "a.pdf"), "a.pdf: Its ending is .pdf. Use one of .json .html .md"),
        (
            ("export", "answer.json", "--to", "answer.json"),
            "answer.json: It is there already, and is no exported answer",
        ),
        (("export", "answer.json", "--to", "none/a.md"), "none/a.md: It cannot be written"),
        (("export", "answer.json", "--to", "a.md", "--store", "none"), "There is no index in none"),
        (("verify", "none.json"), "none.json: It cannot be read"),
        (("verify", "notes.txt"), "notes.txt: Its ending is .txt"),
        (("verify", "answer.json"), "answer.json: It is no exported answer"),
        (("verify", "corpus"), "corpus: It has no ending"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_unusable_input_is_one_sentence_and_exit_status_two(
    arguments: tuple[str, ...], sentence: str, home: Path
) -> None:
    (home / "notes.txt").write_text("notes")

    result = parallax(*arguments, home=home, code=2)

    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_folder_that_is_not_there_is_one_sentence(home: Path) -> None:
    parallax("export", "answer.json", "--to", "a.md", "--store", "corpus", home=home)
    result = parallax("verify", "a.md", "--against", "none", home=home, code=2)
    assert result.stderr == "none: There is no such folder. Check the path\n"


def test_verifying_needs_no_index_and_no_model() -> None:
    heavy = "chromadb llama_index gradio openai onnxruntime numpy index.generation index.library assistant.writing.llm"
    code = f"import sys, assistant.exporting.verification, assistant.commands.show; print([n for n in {heavy.split()!r} if n in sys.modules])"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_names_of_files_cannot_steer_the_terminal(home: Path) -> None:
    name = "\x1b]0;owned\x07.md"
    written = parallax("export", "answer.json", "--to", name, "--store", "corpus", home=home)
    told = parallax("verify", name, home=home)
    assert "\x1b" not in written.stdout + written.stderr + told.stdout + told.stderr


def test_a_pipe_of_ask_and_export_works(home: Path) -> None:
    asked = started("ask", QUESTION, "--store", "corpus", "--json", home=home)
    out, _ = asked.communicate(timeout=120)
    process = subprocess.run(
        [sys.executable, "-m", "assistant", "export", "-", "--to", home / "out.html", "--store", home / "corpus"],
        input=out.encode(),
        capture_output=True,
    )
    assert b"8 of 8 quotes exact" in process.stdout
