"""Whatever anybody sends to a running `parallax chat`: no traceback on its terminal, no inner word in a reply, and it goes on.

What can be called is read from the page's own configuration, so that a new handler is covered without being named here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from chatting import chat
from command import parallax

from ui.sent import BARE

INNER = ("Traceback", "site-packages", "pydantic", "Error(", "object at 0x", "KeyError", "TypeError", "ValueError")
VALUES: tuple[Any, ...] = (
    None,
    True,
    7,
    "y",
    "\x00\ud800",
    [],
    [[]],
    [7],
    [None, {"role": 7, "content": {"path": "/etc/passwd"}}],
    [{"role": "assistant", "content": [{"type": "file", "file": {"path": "/etc/passwd"}}]}],
    {},
    {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}},
    [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}],
    {"value": {"a": 1}, "__type__": "update"},
    "x" * 100_000,
)
EVENTS: tuple[Any, ...] = (
    None,
    7,
    [1],
    {},
    {"value": 7},
    {"index": 0, "value": {"text": ["x"]}},
    {"index": [], "value": None},
)


@dataclass(frozen=True)
class Running:
    """A page that runs, and what can be called on it."""

    client: httpx.Client
    handlers: list[dict[str, Any]]
    functions: list[tuple[int, str]]

    def join(self, body: dict[str, Any]) -> str:
        """Press a button; returns all that comes back."""
        session = body["session_hash"]
        begun = self.client.post("/gradio_api/queue/join", content=json.dumps(body))
        if begun.status_code != 200:
            return begun.text
        said: list[str] = []
        late = time.monotonic() + 60
        with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
            for line in stream.iter_lines():
                said.append(line)
                assert time.monotonic() < late, said
                if '"process_completed"' in line:
                    break
        return "\n".join(said)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """At the end of all tests of this file nothing may stand on its terminal that is not a sentence of ours."""
    home: Path = tmp_path_factory.mktemp("edge")
    corpus = home / "corpus"
    corpus.mkdir()
    (corpus / "dockers.txt").write_text("The crane must be mended before winter, the dockers write.\n")
    parallax("index", corpus, home=home)
    with chat(home=home) as served:
        client = httpx.Client(base_url=served.url, timeout=60, headers={"content-type": "application/json"})
        shown = client.get("/config").json()
        handlers = [entry for entry in shown["dependencies"] if entry["backend_fn"]]
        components = shown["components"]
        functions = [(entry["id"], name) for entry in components for name in entry["props"].get("server_fns") or ()]
        assert len(handlers) >= 15
        assert len(functions) >= 10
        yield Running(client, handlers, functions)
        served.end()
        assert not [word for word in INNER if word in served.said], served.said


def _tells_nothing(text: str) -> None:
    assert not [word for word in INNER if word in text], text[:2000]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:30])
def test_every_handler_bears_a_value_of_any_type(running: Running, value: Any) -> None:
    for handler in running.handlers:
        about = {"index": 0, "value": value}
        data = [value] * len(handler["inputs"])
        _tells_nothing(
            running.join({"data": data, "fn_index": handler["id"], "session_hash": "s", "event_data": about})
        )


@pytest.mark.parametrize("about", EVENTS, ids=repr)
def test_every_handler_bears_any_event(running: Running, about: Any) -> None:
    for handler in running.handlers:
        if not handler["inputs"]:
            continue
        for data in ([], [None], [[]] * 9):
            body = {
                "data": data,
                "fn_index": handler["id"],
                "session_hash": "s",
                "trigger_id": 10**9,
                "event_data": about,
            }
            _tells_nothing(running.join(body))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:30])
def test_every_function_of_the_scripts_bears_a_value_of_any_type(running: Running, value: Any) -> None:
    for id, name in running.functions:
        body = json.dumps({"data": value, "component_id": id, "fn_name": name, "session_hash": "s"})
        got = running.client.post("/gradio_api/component_server", content=body)
        assert got.status_code == 200, (name, got.text)
        _tells_nothing(got.text)


@pytest.mark.parametrize("path", ["queue/join", "component_server", "cancel", "reset", "upload"])
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"\xff{", b"{", b"[1", b"7", b"[]", b"{}", b"[" * 50_000, b'{"a":' * 50_000),
        b'{"data": [], "fn_index": 1000000000, "session_hash": "x"}',
        b'{"data": [], "fn_index": -1, "session_hash": "x"}',
        b'{"data": [], "fn_index": true, "session_hash": "x"}',
        b'{"data": [], "fn_index": 2, "session_hash": []}',
        b'{"data": {}, "fn_index": 2, "session_hash": "x", "component_id": 1, "fn_name": "__init__"}',
        b'{"data": 1, "component_id": 1000000000, "fn_name": "passage", "session_hash": "x"}',
        b'{"data": 1, "component_id": [], "fn_name": {}, "session_hash": "x"}',
    ],
    ids=lambda body: repr(body)[:60],
)
def test_what_is_no_request_is_refused(running: Running, path: str, body: bytes) -> None:
    got = running.client.post(f"/gradio_api/{path}", content=body)
    assert 400 <= got.status_code < 500
    _tells_nothing(got.text)


@pytest.mark.parametrize(
    "path",
    [
        *("call/ask", "call/no_such", "call/v2/ask", "call/ask/no-such-event", "run/ask", "run/predict", "api/ask"),
        *("queue/status", "stream/a/1/2/playlist.m3u8", "dev/reload", "deep_link", "runs", "info", "openapi.json"),
        *("proxy=http://127.0.0.1:1/", "vibe-edit", "process_recording", "token", "user", "mcp/"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_routes_that_the_page_does_not_use_are_not_there(running: Running, path: str, method: str) -> None:
    got = running.client.request(method, f"/gradio_api/{path}", content=b'{"data": [1]}')
    assert (got.status_code, got.text) == (404, "There is nothing at this address.")


def test_a_request_past_all_measure_is_refused(running: Running) -> None:
    got = running.client.post("/gradio_api/queue/join", content=b'"' + b"x" * 20_000_001 + b'"')
    assert (got.status_code, got.text) == (413, "This request is too long.")


def test_a_question_is_answered_after_all_this(running: Running) -> None:
    (asking,) = (entry for entry in running.handlers if entry["api_name"] == "ask")
    asked = ["What must be mended?", [], BARE]
    said = running.join({"data": asked, "fn_index": asking["id"], "session_hash": "t"})
    assert "The crane must be mended before winter" in said
    assert "answer-end" in said
