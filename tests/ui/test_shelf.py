"""Requests to the Library tab in, data out; also from callers who mean no good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant
from index import Reader, Store
from index.update import update
from tests import looping
from ui import words
from ui.library import Shelving


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    corpus = write(
        tmp_path / "corpus",
        dockers="The crane must be mended before winter, the dockers write.\n",
        owners="The crane costs more than it ever earned, the owners write.\n",
    )
    (corpus / "scan.pdf").write_bytes(b"%PDF-1.7 not really")
    (corpus / "copy.txt").write_bytes((corpus / "owners.txt").read_bytes())
    update(corpus, Store(tmp_path / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(tmp_path / "store"), WordEmbedder()))
    yield assistant
    assistant.close()


@pytest.fixture
def shelf(assistant: Assistant) -> Shelving:
    return Shelving(assistant)


def states(shelf: Shelving) -> dict[str, str]:
    return {row["id"]: row["state"] for row in shelf.listing()["rows"]}


def last(shelf: Shelving) -> dict[str, Any]:
    async def run() -> list[Any]:
        return [state async for state, _, _ in shelf.follow()]

    return looping.run(run())[-1]


def test_what_the_disk_has_is_seen_without_indexing(assistant: Assistant, shelf: Shelving) -> None:
    folder = assistant.corpus.folder
    assert states(shelf) == {
        "copy.txt": "current",
        "dockers.txt": "current",
        "owners.txt": "duplicate",
        "scan.pdf": "failed",
    }
    (folder / "dockers.txt").write_text("The crane is mended, the dockers write.\n")
    (folder / "copy.txt").touch()  # the same words as before
    (folder / "owners.txt").unlink()
    (folder / "new.txt").write_text("The crane is sold, the harbour writes.\n")

    assert states(shelf) == {
        "copy.txt": "current",
        "dockers.txt": "changed",
        "owners.txt": "gone",
        "scan.pdf": "failed",
        "new.txt": "new",
    }
    acts = {row["id"]: (row["retry"], row["remove"]) for row in shelf.listing()["rows"]}
    assert acts == {
        "copy.txt": (False, True),
        "dockers.txt": (False, True),
        "owners.txt": (False, False),
        "scan.pdf": (True, True),
        "new.txt": (False, False),
    }


def test_deleting_asks_first_and_the_index_follows(assistant: Assistant, shelf: Shelving) -> None:
    folder = assistant.corpus.folder
    asked = shelf.removal("copy.txt")
    assert asked["id"] == "copy.txt"
    assert asked["says"] == [
        words.REMOVE_MOVES.format(to=".parallax/removed/copy.txt"),
        words.REMOVE_PASSAGES.format(passages="1 passage"),
        words.REMOVE_HEIR.format(heir="owners.txt"),
    ]
    assert (folder / "copy.txt").exists()  # asking moves nothing

    assert shelf.remove("copy.txt") == {"to": ".parallax/removed/copy.txt"}
    assert (folder / ".parallax" / "removed" / "copy.txt").exists()
    assert states(shelf)["copy.txt"] == "gone"
    assert "-1" in last(shelf)["line"]
    assert states(shelf) == {"dockers.txt": "current", "owners.txt": "current", "scan.pdf": "failed"}


def test_the_last_document_can_be_deleted(assistant: Assistant, shelf: Shelving) -> None:
    for id in ("copy.txt", "dockers.txt", "owners.txt", "scan.pdf"):
        assert "problem" not in shelf.remove(id)
    assert "-4" in last(shelf)["line"]
    assert shelf.listing()["rows"] == []


def test_a_failed_document_is_tried_again(assistant: Assistant, shelf: Shelving) -> None:
    (failed,) = last(shelf)["files"]
    assert failed["name"] == "scan.pdf"
    assert "PDF" in failed["says"]
    (assistant.corpus.folder / "scan.pdf").unlink()
    (assistant.corpus.folder / "scan.pdf").write_bytes((assistant.corpus.folder / "dockers.txt").read_bytes())
    assert last(shelf)["problem"] == words.FAILED.format(documents="1 document")  # no PDF, whatever its name


def test_nothing_is_moved_while_the_index_is_updated(assistant: Assistant, shelf: Shelving) -> None:
    with assistant.corpus.reader.store.writing():
        assert "updating the index" in shelf.remove("dockers.txt")["problem"]
    assert (assistant.corpus.folder / "dockers.txt").exists()


@pytest.mark.parametrize(
    "asked",
    [
        None,
        7,
        [],
        {"id": "dockers.txt"},
        "",
        "..",
        "../secret.txt",
        "/etc/passwd",
        "sub/../dockers.txt",
        "dockers.txt\0",
        "x" * 300,
        "x" * 5_000,
        "<img src=x onerror=alert(1)>",
        "CON",
        ".parallax/removed/dockers.txt",
    ],
)
def test_a_request_for_no_document_of_the_index_is_refused_with_a_sentence(
    assistant: Assistant, shelf: Shelving, asked: object
) -> None:
    (assistant.corpus.folder.parent / "secret.txt").write_text("secret")
    before = sorted(path for path in assistant.corpus.folder.rglob("*"))

    for does in (shelf.removal, shelf.remove):
        said = does(asked)
        assert list(said) == ["problem"]
        assert len(said["problem"]) < 400
    assert sorted(path for path in assistant.corpus.folder.rglob("*")) == before
    assert (assistant.corpus.folder.parent / "secret.txt").exists()


def added(shelf: Shelving, files: object, replace: object = False) -> list[tuple[Any, Any, Any]]:
    async def run() -> list[tuple[Any, Any, Any]]:
        return [outputs async for outputs in shelf.update(files, replace)]

    return looping.run(run())


@pytest.fixture
def dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "dropped"))
    files = {
        "windmill.txt": b"The windmill is red, the harbour writes.\n",
        "dockers.txt": b"The crane is fine, other dockers write.\n",
        "again.txt": b"The crane must be mended before winter, the dockers write.\n",
        "photo.png": b"no photo",
        "secret.pdf": b"%PDF-1.7 nothing in it",
    }
    (tmp_path / "dropped").mkdir()
    for name, content in files.items():
        (tmp_path / "dropped" / name).write_bytes(content)
    return [str(tmp_path / "dropped" / name) for name in files]


def test_the_dry_run_says_what_each_file_becomes_and_does_nothing(
    assistant: Assistant, shelf: Shelving, dropped: list[str]
) -> None:
    (assistant.corpus.folder / "owners.txt").write_text("The crane is sold, the owners write.\n")
    before = sorted(assistant.corpus.folder.rglob("*"))
    said = shelf.planned(dropped, False)
    assert said["line"].startswith("+3 ~1 -0")
    assert [(file["name"], file["becomes"]) for file in said["files"]] == [
        ("windmill.txt", "new"),
        ("dockers.txt", "beside"),
        ("again.txt", "same"),
        ("photo.png", "refused"),
        ("secret.pdf", "new"),
        ("owners.txt", "disk-edited"),
        ("scan.pdf", "disk-retried"),
    ]
    assert "dockers (2).txt" in said["files"][1]["says"]
    # Then dockers.txt gives way, and nothing else holds the words of again.txt.
    assert shelf.planned(dropped, True)["line"].startswith("+3 ~2 -0")
    assert sorted(assistant.corpus.folder.rglob("*")) == before


def test_what_cannot_be_read_keeps_its_sentence_and_the_rest_goes_on(
    assistant: Assistant, shelf: Shelving, dropped: list[str]
) -> None:
    outputs = added(shelf, dropped)
    said = outputs[-1][0]
    assert said["line"].startswith("Done in")
    assert {file["name"]: file["becomes"] for file in said["files"]} == {
        "again.txt": "same",
        "photo.png": "refused",
        "scan.pdf": "failed",
        "secret.pdf": "failed",
    }
    assert states(shelf)["windmill.txt"] == "current"
    assert states(shelf)["dockers (2).txt"] == "current"
    assert (assistant.corpus.folder / "dockers.txt").read_text().startswith("The crane must be mended")
    assert [files for _, files, _ in outputs].count(None) == 1  # the drop is emptied


def test_a_document_is_replaced_only_where_that_is_asked_for(
    assistant: Assistant, shelf: Shelving, dropped: list[str]
) -> None:
    added(shelf, dropped[1:2], True)
    assert (assistant.corpus.folder / "dockers.txt").read_text() == "The crane is fine, other dockers write.\n"
    assert (assistant.corpus.folder / ".parallax" / "removed" / "dockers.txt").exists()
    assert states(shelf)["dockers.txt"] == "current"


def test_files_wait_while_another_process_updates(assistant: Assistant, shelf: Shelving, dropped: list[str]) -> None:
    with assistant.corpus.reader.store.writing():
        outputs = added(shelf, dropped)
    assert "updating the index" in outputs[-1][0]["problem"]
    assert not (assistant.corpus.folder / "windmill.txt").exists()
    assert None not in [files for _, files, _ in outputs]  # and stay where they were dropped


@pytest.mark.parametrize(
    "files",
    [
        None,
        7,
        "windmill.txt",
        {"path": "/etc/passwd"},
        [None, 7, {}],
        ["/etc/passwd"],
        ["/etc/passwd\0.txt"],
        ["../secret.txt"],
        ["x" * 300 + ".txt"],
        ["\ud800.txt"],
        ["/dev/zero", "/dev/tty.txt"],
        ["gone.txt"] * 1_000,
    ],
)
def test_files_that_are_none_change_nothing(assistant: Assistant, shelf: Shelving, files: object) -> None:
    before = sorted(assistant.corpus.folder.rglob("*"))
    assert "line" in shelf.planned(files, "yes")
    assert "line" in added(shelf, files, {"replace": True})[-1][0]
    assert sorted(assistant.corpus.folder.rglob("*")) == before


def test_the_watched_folder_is_one_sentence(assistant: Assistant, shelf: Shelving) -> None:
    assert shelf.watched() == {}
    watcher = assistant.corpus.watch(pause=600)
    try:
        said = shelf.watched()
        assert said == {"state": "watching", "generation": "g000001", "line": words.WATCHED["watching"]}
        (assistant.corpus.folder / "new.txt").write_text("The crane is sold, the harbour writes.\n")
        watcher.look()
        assert shelf.watched()["line"] == words.WATCHED["settling"]
        watcher.look()
        assert "Last: +1 ~0 -0" in shelf.watched()["line"]
        assert "1 document could not be read" in shelf.watched()["line"]
        assert shelf.watched()["generation"] == "g000002"
        assistant.corpus.folder.rename(assistant.corpus.folder.with_name("elsewhere"))
        watcher.look()
        assert "There is no such folder" in shelf.watched()["problem"]
    finally:
        watcher.stop()


def test_a_file_that_was_not_uploaded_is_refused(
    assistant: Assistant, shelf: Shelving, dropped: list[str], tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret words of somebody else\n")
    (tmp_path / "dropped" / "link.txt").symlink_to(tmp_path / "secret.txt")
    for file in ("secret.txt", "dropped/../secret.txt", "dropped/link.txt"):
        (told,) = added(shelf, [str(tmp_path / file)])[-1][0]["files"][:1]
        assert words.NOT_DROPPED in told["says"]
    assert not (assistant.corpus.folder / "secret.txt").exists()
    assert not (assistant.corpus.folder / "link.txt").exists()
