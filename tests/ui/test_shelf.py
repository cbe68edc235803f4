"""Requests to the Library tab in, data out; also from callers who mean no good."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant
from index import Reader, Store
from index.update import update
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

    with ThreadPoolExecutor(1) as thread:  # this one may have a loop of its own, of a browser that was driven before
        return thread.submit(lambda: asyncio.run(run())).result()[-1]


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
    assert "scan.pdf" in last(shelf)["problem"]
    (assistant.corpus.folder / "scan.pdf").unlink()
    (assistant.corpus.folder / "scan.pdf").write_bytes((assistant.corpus.folder / "dockers.txt").read_bytes())
    assert last(shelf)["problem"] == words.FAILED.format(names="scan.pdf")  # no PDF, whatever its name


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
