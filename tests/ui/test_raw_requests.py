"""What anybody can send to the page's own functions, past its script: each gets an answer and never a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, write
from starlette.testclient import TestClient

from assistant import Assistant, WatchedQuestions
from index import Reader, Store
from index.update import update
from ui.app import build
from ui.door import Credentials

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e308,
    "",
    "x" * 2_000_000,
    "../../etc/passwd",
    "\x00\ud800",
    [],
    [[[[]]]] * 1_000,
    ["#p/../../etc/passwd/0-9/" + "0" * 64 + "///"] * 300,
    {},
    {"address": {"a": []}, "links": 7, "by": []},
    {"document": ["x"], "from": "0", "to": None, "links": "x"},
    {"document": "no such", "from": 0, "to": 10**30},
    {"document": "no such", "perspectives": ["no such"] * 5_000, "by": {"x": 1}},
    {"id": 3, "label": [], "description": "x" * 1_000_000},
)
HEADERS = {"content-security-policy": "default-src 'self'", "x-content-type-options": "nosniff"}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("raw")
    corpus = write(folder / "corpus", dockers="The crane must be mended before winter, the dockers write.\n")
    update(corpus, Store(folder / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(folder / "store"), WordEmbedder()))
    yield assistant
    assistant.close()


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    watched = WatchedQuestions(assistant.reader.store.folder / "watched.sqlite")
    with TestClient(build(assistant, watched=watched)[1], raise_server_exceptions=False) as client:
        yield client


def _functions(client: TestClient) -> list[tuple[int, str]]:
    components = client.get("/config").json()["components"]
    return [(entry["id"], name) for entry in components for name in entry["props"].get("server_fns") or ()]


def _is_clean(response: Any) -> None:
    for name, value in HEADERS.items():
        assert value in response.headers[name]
    assert "Traceback" not in response.text
    assert "site-packages" not in response.text


@pytest.mark.parametrize("data", HOSTILE, ids=lambda data: repr(data)[:40])
def test_every_function_of_the_page_answers_anything(client: TestClient, data: Any) -> None:
    functions = _functions(client)
    assert {"known", "suggest", "watch", "unwatch"} <= {name for _, name in functions}
    assert len(functions) >= 8
    for id, name in functions:
        body = json.dumps({"data": data, "component_id": id, "fn_name": name, "session_hash": "somebody-elses"})
        got = client.post("/gradio_api/component_server", content=body, headers={"content-type": "application/json"})
        assert got.status_code == 200, (name, got.text)
        _is_clean(got)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/gradio_api/component_server", {"data": 1, "component_id": 10**9, "fn_name": "passage", "session_hash": "x"}),
        ("/gradio_api/component_server", {"data": 1, "component_id": 1, "fn_name": "__init__", "session_hash": "x"}),
        ("/gradio_api/component_server", {}),
        ("/gradio_api/call/no_such", {"data": []}),
        ("/gradio_api/queue/join", {"data": "x", "fn_index": "0", "session_hash": []}),
        ("/gradio_api/queue/join", {"data": [], "fn_index": 10**9, "session_hash": "x"}),
        ("/gradio_api/queue/join", []),
        ("/gradio_api/run/predict", {"data": []}),
        ("/no/such/route", {}),
    ],
)
def test_a_wrong_request_is_refused_without_a_traceback(client: TestClient, path: str, body: Any) -> None:
    got = client.post(path, json=body)
    assert got.status_code >= 400
    _is_clean(got)


@pytest.mark.parametrize(
    "path", ["/", "/config", "/gradio_api/info", "/theme.css", "/gradio_api/file=/etc/passwd", "/no/such"]
)
def test_every_route_sends_the_policy_and_nosniff(client: TestClient, path: str) -> None:
    got = client.get(path)
    _is_clean(got)
    assert re.search(r"root:.:0:", got.text) is None


@pytest.mark.parametrize(
    "path",
    [
        "/config",
        "/theme.css",
        "/gradio_api/info",
        "/gradio_api/upload",
        "/gradio_api/queue/join",
        "/gradio_api/component_server",
        "/gradio_api/file=x",
    ],
)
def test_with_a_door_no_route_of_gradio_answers_before_the_log_in(assistant: Assistant, path: str) -> None:
    app = build(assistant, credentials=Credentials("ines", "a password"))[1]
    client = TestClient(app, follow_redirects=False)
    for got in (client.get(path), client.post(path, json={})):
        assert (got.status_code, got.text) == (401, "Log in first.")
        _is_clean(got)
    client.post("/login", data={"user": "ines", "password": "a password"})
    assert "/logout" in client.get("/config").text
