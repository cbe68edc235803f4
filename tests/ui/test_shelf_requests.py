"""Requests that no page of ours would send to the Library, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, write
from fastapi.testclient import TestClient

from assistant import Assistant
from index import Reader, Store
from index.update import update
from ui.app import build


class Door:
    """The application as somebody with a command line meets it."""

    def __init__(self, corpus: Path, page: Any, client: TestClient) -> None:
        self.corpus, self._page, self._client = corpus, page, client

    def call(self, function: str, asked: object) -> Any:
        """One of the functions that the table's script calls."""
        (table,) = (id for id, block in self._page.blocks.items() if getattr(block, "elem_id", None) == "documents")
        body = {"session_hash": "s", "component_id": table, "fn_name": function, "data": asked}
        return self._client.post("/gradio_api/component_server", json=body)

    def press_update(self, files: object) -> dict[str, Any]:
        """The button, with these files; returns the last message about it."""
        (button,) = (id for id, block in self._page.blocks.items() if getattr(block, "elem_id", None) == "update")
        (number,) = (id for id, fn in self._page.fns.items() if (button, "click") in fn.targets)
        body = {"data": [files, False], "fn_index": number, "session_hash": "s"}
        assert self._client.post("/gradio_api/queue/join", json=body).status_code == 200
        with self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": "s"}) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    return message
        raise AssertionError("the stream ended")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    corpus = write(folder / "corpus", dockers="The crane must be mended, the dockers write.\n")
    (folder / "secret.txt").write_text("secret")
    update(corpus, Store(folder / "store"), WordEmbedder())
    with Assistant(Reader(Store(folder / "store"), WordEmbedder())) as assistant:
        page, app = build(assistant)
        with TestClient(app) as client:
            yield Door(corpus, page, client)


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.txt", "/proc/self/environ", "corpus/../../secret.txt"])
def test_a_file_that_was_not_uploaded_is_not_copied_into_the_corpus(door: Door, path: str) -> None:
    if path.startswith("../"):
        path = str(door.corpus / path)
    message = door.press_update([{"path": path, "meta": {"_type": "gradio.FileData"}}])
    assert message["success"] is False
    assert sorted(path.name for path in door.corpus.iterdir()) == ["dockers.txt"]


@pytest.mark.parametrize(
    "asked", ["../secret.txt", "/etc/passwd", "dockers.txt\0", "x" * 300, 7, None, [], {"id": "dockers.txt"}]
)
@pytest.mark.parametrize("function", ["removal", "remove"])
def test_nothing_else_can_be_deleted(door: Door, function: str, asked: object) -> None:
    answer = door.call(function, asked)
    assert answer.status_code == 200
    assert list(answer.json()) == ["problem"]
    assert (door.corpus.parent / "secret.txt").exists()
    assert (door.corpus / "dockers.txt").exists()
