"""The command line as its users run it: in a process of its own, with real files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.assistant.conftest import SAMPLE
from tests.command import parallax


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "bees.txt").write_text("Bees\n\nBees make honey from nectar. They live in hives of many thousand.\n")
    (folder / "wasps.txt").write_text("Wasps\n\nWasps hunt other insects. They build nests of paper in summer.\n")
    return folder


def test_a_folder_is_indexed_and_asked_without_key_or_network(corpus: Path, tmp_path: Path) -> None:
    parallax("index", corpus, home=tmp_path, fresh=True)

    answer = json.loads(parallax("ask", "What do bees make?", "--json", home=tmp_path, fresh=True).stdout)

    assert answer["mode"] == "digest"
    assert "Bees make honey from nectar." in answer["citations"][0]["quote"]


def test_an_index_that_cannot_be_remembered_as_the_last_one_is_there_all_the_same(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()  # where the folder of this user should be: as on a disk that is full

    made = parallax("index", corpus, home=tmp_path, PARALLAX_HOME=str(tmp_path / "file"))
    asked = parallax("ask", "What do bees make?", "--store", corpus, home=tmp_path)

    assert f"give --store {corpus / '.parallax'} with further commands." in made.stderr
    assert "Bees make honey from nectar." in asked.stdout


def test_text_prints_a_document_unchanged(corpus: Path, tmp_path: Path) -> None:
    (corpus / "crlf.txt").write_bytes("Zeile\r\nmit Umlaut ü und  zwei Leerzeichen\r\n".encode())
    parallax("index", corpus, home=tmp_path)

    shown = subprocess.run(
        [sys.executable, "-m", "assistant", "text", "crlf.txt"],
        capture_output=True,
        env={**os.environ, "PARALLAX_HOME": str(tmp_path)},
    )
    assert shown.stdout == (corpus / "crlf.txt").read_bytes()


def test_one_bad_file_is_listed_and_does_not_stop_the_rest(corpus: Path, tmp_path: Path) -> None:
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 this is no PDF")

    result = parallax("index", corpus, home=tmp_path, code=1)
    listed = json.loads(parallax("status", "--json", home=tmp_path).stdout)["documents"]

    assert "failed: broken.pdf" in result.stderr
    assert {line["document"]: line["state"] for line in listed} == {
        "bees.txt": "indexed",
        "broken.pdf": "failed",
        "wasps.txt": "indexed",
    }


def test_a_dry_run_prints_the_plan_and_writes_nothing(corpus: Path, tmp_path: Path) -> None:
    assert parallax("index", corpus, "--dry-run", home=tmp_path).stdout == "+2 ~0 -0, 0 unchanged\n"
    assert not (corpus / ".parallax").exists()


def test_status_says_what_changed_on_disk(corpus: Path, tmp_path: Path) -> None:
    parallax("index", corpus, home=tmp_path)
    (corpus / "bees.txt").write_text("Bees have changed.\n")
    (corpus / "wasps.txt").unlink()

    listed = json.loads(parallax("status", "--json", home=tmp_path).stdout)["documents"]

    assert {line["document"]: line["now"] for line in listed} == {"bees.txt": "changed", "wasps.txt": "gone"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("index", "no-such-folder"), "no such folder"),
        (("index", "a-file.txt"), "a file, not a folder"),
        (("index", "empty"), "nothing to index"),
        (("ask", "What?"), "There is no index"),
        (("ask", "What?", "--store", "empty"), "There is no index"),
        (("status",), "There is no index"),
        (("text", "a.txt"), "There is no index"),
        (("chat",), "There is no index"),
        (("eval", "no-such-questions.jsonl"), "There is no index"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_unusable_input_is_one_sentence_and_exit_status_two(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a-file.txt").write_text("text")
    (tmp_path / "no-such-questions.jsonl").write_text('{"id": "a", "kind": "single_factual", "question": "?"}')

    result = parallax(*arguments, home=tmp_path, code=2)

    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("", "There is no question"), ("x" * 100_000, "100,000 characters")],
    ids=["empty", "long"],
)
def test_a_question_that_cannot_be_searched_is_one_sentence(
    question: str, sentence: str, corpus: Path, tmp_path: Path
) -> None:
    parallax("index", corpus, home=tmp_path)

    result = parallax("ask", question, home=tmp_path, code=2)

    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_label_for_an_unknown_perspective_is_one_sentence_and_loses_nothing(corpus: Path, tmp_path: Path) -> None:
    parallax("index", corpus, home=tmp_path)
    labels = corpus / "sources.toml"
    labels.write_text('[[source]]\nmatch = "bees.txt"\nperspective = "apiarist"\n')

    result = parallax("ask", "What do bees make?", home=tmp_path, code=2)

    assert "'apiarist', which is not defined" in result.stderr
    labels.unlink()
    assert "honey" in parallax("ask", "What do bees make?", home=tmp_path).stdout


def test_two_labels_of_one_rank_are_named_both(corpus: Path, tmp_path: Path) -> None:
    parallax("index", corpus, home=tmp_path)
    (corpus / "sources.toml").write_text(
        '[perspectives.a]\nlabel = "A"\n[perspectives.b]\nlabel = "B"\n'
        '[[source]]\nmatch = "bees.*"\nperspective = "a"\n[[source]]\nmatch = "b*.txt"\nperspective = "b"\n'
    )

    result = parallax("ask", "What do bees make?", home=tmp_path, code=2)

    assert "source 1 (bees.*)" in result.stderr
    assert "source 2 (b*.txt)" in result.stderr


def test_a_new_label_shows_in_the_next_answer_and_writes_no_file_of_the_index(corpus: Path, tmp_path: Path) -> None:
    parallax("index", corpus, home=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (corpus / ".parallax").rglob("*") if path.is_file()}
    (corpus / "sources.toml").write_text(
        '[perspectives.keeper]\nlabel = "Bee keepers"\n[[source]]\nmatch = "bees.txt"\nperspective = "keeper"\n'
    )

    assert "Bee keepers [curated]" in parallax("ask", "What do bees make?", home=tmp_path).stdout
    assert before == {path: path.stat().st_mtime_ns for path in (corpus / ".parallax").rglob("*") if path.is_file()}


def test_labels_check_names_stale_entries_and_unlabelled_documents(corpus: Path, tmp_path: Path) -> None:
    (corpus / "sources.toml").write_text(
        '[perspectives.a]\nlabel = "A"\n[[source]]\nmatch = "gone.txt"\nperspective = "a"\n'
        '[[source]]\nmatch = "bees.txt"\nsha256 = "00"\nperspective = "a"\n'
    )
    parallax("index", corpus, home=tmp_path)

    found = json.loads(parallax("labels", "check", "--json", home=tmp_path).stdout)

    assert {(line["kind"], line["text"].split()[0]) for line in found} == {
        ("no document", "sources.toml,"),
        ("changed", "bees.txt"),
        ("no label", "wasps.txt"),
    }


def test_a_misspelt_setting_stops_the_program_with_the_right_name(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "parallax.toml").write_text("citatoins = 3\n")

    result = parallax("index", corpus, home=tmp_path, code=2)

    assert "citatoins" in result.stderr
    assert "Did you mean citations?" in result.stderr


def test_a_store_of_another_embedder_is_refused_with_what_to_do(corpus: Path, tmp_path: Path) -> None:
    parallax("index", corpus, home=tmp_path)
    (tmp_path / "parallax.toml").write_text('embedding_model = "other"\nembedding_base_url = "http://127.0.0.1:9"\n')

    result = parallax("ask", "What do bees make?", home=tmp_path, code=2)

    assert "was built with the embedding model all-MiniLM-L6-v2" in result.stderr
    assert "--rebuild" in result.stderr


def test_an_answer_from_a_hostile_document_cannot_steer_the_terminal(corpus: Path, tmp_path: Path) -> None:
    (corpus / "bees.txt").write_text(
        "Bees make honey \x1b]0;owned\x07 and \x1b[31mwax\x1b[0m in their hives all year.\n"
    )
    parallax("index", corpus, home=tmp_path)

    shown = parallax("ask", "What do bees make?", home=tmp_path).stdout

    assert "honey" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_the_sample_is_measured_beside_baselines(tmp_path: Path) -> None:
    parallax("index", SAMPLE, "--store", tmp_path / "store", home=tmp_path)

    figures = json.loads(parallax("eval", SAMPLE / "questions.jsonl", "--json", home=tmp_path).stdout)

    assert set(figures) == {"parallax", "BM25", "dense", "not cited", "all silent", "nobody silent"}
    assert figures["parallax"]["quotes equal their slice"]["value"] == 1
    assert figures["parallax"]["evidence found (micro)"]["value"] >= 0.4  # 11 of 23 where it was measured last (LOG.md)


def test_doctor_finds_everything_in_order(corpus: Path, tmp_path: Path) -> None:
    parallax("index", corpus, home=tmp_path)

    findings = json.loads(parallax("doctor", "--json", home=tmp_path).stdout)

    assert all(finding["good"] for finding in findings)
    assert {"embeddings", "index", "model that writes"} <= {finding["what"] for finding in findings}


def test_doctor_says_what_to_do_when_there_is_no_index(tmp_path: Path) -> None:
    result = parallax("doctor", home=tmp_path, code=1)

    assert "MISSING  index: There is no index" in result.stdout


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = "chromadb llama_index gradio pydantic onnxruntime numpy openai typer"
    code = f"import sys, assistant; print([name for name in {heavy.split()!r} if name in sys.modules])"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_json_steers_no_terminal_and_is_the_same_data() -> None:
    from assistant.commands.terminal import to_json

    data = {"title": "a\x9b31mb\u202ec\x7f", "plain": "naïve “quotes”"}
    shown = to_json(data)
    assert shown.isprintable()
    assert "naïve “quotes”" in shown
    assert json.loads(shown) == data
