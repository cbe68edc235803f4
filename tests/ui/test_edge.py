"""Whatever anybody sends to a running `parallax chat`: no traceback on its terminal, no inner word in a reply, and it goes on.

What can be called is read from the page's own configuration, so that a new handler is covered without being named here.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from chatting import chat
from command import parallax
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from tests import looping
from ui.edge import Edge
from ui.plotting import ADDRESS
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
    folder: Path  # of temporary files

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
    temporary = home / "temporary"
    temporary.mkdir()
    with chat(home=home, TMPDIR=str(temporary)) as served:
        client = httpx.Client(base_url=served.url, timeout=60, headers={"content-type": "application/json"})
        shown = client.get("/config").json()
        handlers = [entry for entry in shown["dependencies"] if entry["backend_fn"]]
        components = shown["components"]
        functions = [(entry["id"], name) for entry in components for name in entry["props"].get("server_fns") or ()]
        assert len(handlers) >= 15
        assert len(functions) >= 10
        yield Running(client, handlers, functions, temporary)
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


ROOT_PATHS = (
    *("openapi.json", "openapi.json/", "docs", "redoc", "monitoring", "monitoring/summary"),
    *("monitoring/key", "login", "login/", "logout", "pwa_icon", "pwa_icon/7", "no_such_page", ".env"),
)


@pytest.mark.parametrize("path", ROOT_PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_nothing_of_gradio_that_the_page_does_not_use_is_there(running: Running, path: str, method: str) -> None:
    got = running.client.request(method, f"/{path}")
    assert (got.status_code, got.text) == (404, "" if method == "HEAD" else "There is nothing at this address.")


@pytest.mark.parametrize("path", ["", "config", "theme.css", "favicon.ico", "manifest.json", "robots.txt", ADDRESS])
def test_what_the_page_does_use_is_there(running: Running, path: str) -> None:
    assert running.client.get(f"/{path.removeprefix('/')}").status_code == 200


def test_of_each_of_several_corpora_the_same_is_there() -> None:
    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("inside")(scope, receive, send)

    pages: dict[str, Any] = {"/corpus/dam": None, "/corpus/dam-2": None}
    client = TestClient(Edge(inside, pages))
    for page in pages:
        for path in (*ROOT_PATHS, "/openapi.json"):
            assert client.get(f"{page}/{path}").status_code == 404, path
        for path in ("", "/", "/config", "/assets/index.js"):
            assert client.get(f"{page}{path}").text == "inside", path
    for path in ("/", "/favicon.ico", ADDRESS, "/corpus/no-such"):  # answered beside the pages
        assert client.get(path).text == "inside", path


def test_a_request_past_all_measure_is_refused(running: Running) -> None:
    got = running.client.post("/gradio_api/queue/join", content=b'"' + b"x" * 20_000_001 + b'"')
    assert (got.status_code, got.text) == (413, "This request is too long.")
    got = running.client.post("/gradio_api/component_server", content=b'"' + b"x" * 3_000_001 + b'"')
    assert (got.status_code, got.text) == (413, "This request is too long.")


def test_long_requests_are_read_beside_the_loop_and_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends no more than a name meanwhile does not wait for them."""
    lock, reading, most = threading.Lock(), 0, 0
    loads = json.loads

    def slowly(body: bytes) -> Any:
        nonlocal reading, most
        if len(body) > 1_000_000:
            assert threading.current_thread() is not threading.main_thread()
            with lock:
                reading += 1
                most = max(most, reading)
            time.sleep(0.2)
            with lock:
                reading -= 1
        return loads(body)

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("inside")(scope, receive, send)

    async def asked() -> tuple[list[int], float]:
        pages: dict[str, Any] = {"/": object()}
        transport = httpx.ASGITransport(Edge(inside, pages))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            long = [
                asyncio.create_task(client.post("/gradio_api/reset", content=b'{"a": "' + b"x" * 2_000_000 + b'"}'))
                for _ in range(4)
            ]
            await asyncio.sleep(0.05)
            begun = time.monotonic()
            short = await client.post("/gradio_api/reset", content=b"{}")
            took = time.monotonic() - begun
            return [short.status_code, *(answer.status_code for answer in await asyncio.gather(*long))], took

    monkeypatch.setattr("ui.edge.json.loads", slowly)
    statuses, took = looping.run(asked())
    assert statuses == [200] * 5
    assert most == 2
    assert took < 0.2


@pytest.mark.parametrize("path", ["upload", "queue/join", "component_server"])
@pytest.mark.parametrize(
    "sent", [b"", b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhalf']
)
def test_a_request_that_is_broken_off_leaves_nothing(running: Running, path: str, sent: bytes) -> None:
    """What it left on the terminal is looked at when all is over."""
    url = running.client.base_url
    with socket.create_connection((url.host, url.port or 80)) as half:
        head = f"POST /gradio_api/{path} HTTP/1.1\r\nHost: {url.host}\r\nContent-Length: 100000\r\n"
        half.sendall(head.encode() + b"Content-Type: multipart/form-data; boundary=x\r\n\r\n" + sent)
        time.sleep(0.3)
    late = time.monotonic() + 10
    while left := [path for path in running.folder.glob("parallax-*/**/*") if path.is_file()]:
        assert time.monotonic() < late, left
        time.sleep(0.1)
    assert running.client.get("/config").status_code == 200


def test_a_question_is_answered_after_all_this(running: Running) -> None:
    (asking,) = (entry for entry in running.handlers if entry["api_name"] == "ask")
    asked = ["What must be mended?", [], BARE]
    said = running.join({"data": asked, "fn_index": asking["id"], "session_hash": "t"})
    assert "The crane must be mended before winter" in said
    assert "answer-end" in said
