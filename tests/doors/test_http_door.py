"""The HTTP service: what its routes hand on, how an answer streams, and that every failure has one shape."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from ferry import ASKED, TEXTS, Made, listening, serving
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.doors.http import application
from assistant.doors.limits import Limits
from assistant.writing.llm import Model
from assistant.writing.writer import Writer
from index.errors import BadLabels, CorpusError, StoreBusy
from tests.scripted_model import HANG, Fail, model_server

EVENTS = {"accept": "text/event-stream"}


def events(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.split("\n\n"):
        if block and not block.startswith(":"):
            name, data = block.split("\n")
            found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in ("id", "seconds")}


def test_an_answer_is_the_assistants_own(client: TestClient, unchanged: Assistant) -> None:
    asked = ASKED | {"perspectives": ["ferry"], "since": "2024", "citations": 1, "history": ["What is the ferry?"]}
    options = {name: asked[name] for name in ("perspectives", "since", "citations")}
    got = client.post("/v1/ask", json=asked).json()
    assert plain(got) == plain(unchanged.ask(ASKED["question"], ["What is the ferry?"], **options).to_dict())
    assert [entry["document"] for entry in got["citations"]] == ["ferry.txt"]


def test_an_answer_streams_by_claim_and_ends_with_the_whole(client: TestClient) -> None:
    got = client.post("/v1/ask", json=ASKED, headers=EVENTS)
    assert got.headers["content-type"].startswith("text/event-stream")
    told = events(got.text)
    names = [name for name, _ in told]
    answer = told[-1][1]
    assert names == ["found", *["verified"] * len(answer["claims"]), "answer"]
    assert len(answer["claims"]) > 1
    assert told[0][1]["query"] == ASKED["question"]
    assert [data["claim"]["text"] for _, data in told[1:-1]] == [claim["text"] for claim in answer["claims"]]
    cited = {entry["number"]: entry for _, data in told[1:-1] for entry in data["citations"]}
    assert [cited[number] for number in sorted(cited)] == answer["citations"]
    assert plain(answer) == plain(client.post("/v1/ask", json=ASKED).json())


def test_a_question_that_cannot_be_asked_is_refused_before_a_stream_begins(client: TestClient) -> None:
    for headers in ({}, EVENTS):
        got = client.post("/v1/ask", json=ASKED | {"perspectives": ["nobody"]}, headers=headers)
        assert got.status_code == 422
        assert got.json()["error"]["code"] == "unknown_perspective"
        assert "There are: bridge, ferry" in got.json()["error"]["message"]


def test_what_fails_in_a_stream_is_its_last_event(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Assistant.stream

    def broken(error: Exception) -> Any:
        def stream(*arguments: Any, **options: Any) -> Iterator[Any]:
            yield next(real(*arguments, **options))
            raise error

        return stream

    for error, code in ((StoreBusy("/secret/place"), "store_busy"), (RuntimeError("a secret"), "bug")):
        monkeypatch.setattr(Assistant, "stream", broken(error))
        told = events(client.post("/v1/ask", json=ASKED, headers=EVENTS).text)
        assert [name for name, _ in told] == ["found", "error"]
        assert told[-1][1]["error"]["code"] == code
        assert "secret" not in json.dumps(told)


def test_passages_are_found_with_their_place_and_their_side(client: TestClient, indexed: Path) -> None:
    hits = client.post("/v1/search", json={"question": "the ferry of Marrowby", "k": 3}).json()["hits"]
    assert {hit["document"] for hit in hits} == {"ferry.txt", "essays/bridge.txt", "diary.txt"}
    for hit in hits:
        text = (indexed / hit["document"]).read_text()
        assert hit["quote"] == text[hit["start"] : hit["end"]]
    of_ferry = next(hit for hit in hits if hit["document"] == "ferry.txt")
    assert of_ferry["perspectives"][0]["label"] == "Ferry friends"
    assert [voice["speaker"] for voice in of_ferry["voices"]] == ["Ada Quill"]
    only = client.post("/v1/search", json={"question": "the ferry", "documents": ["diary.txt"]}).json()["hits"]
    assert {hit["document"] for hit in only} == {"diary.txt"}


def test_a_document_is_read_in_windows_that_join_to_its_text(client: TestClient) -> None:
    text, at = "", 0
    while at is not None:
        part = client.get("/v1/documents/essays/bridge.txt/text", params={"start": at, "end": at + 40}).json()
        assert (part["start"], part["end"]) == (at, at + len(part["text"]))
        text, at = text + part["text"], part["next"]
    assert text == TEXTS["essays__bridge"]
    ferry = client.get("/v1/documents/ferry.txt/text").json()
    assert ferry["text"] == TEXTS["ferry"]
    voice = ferry["voices"][0]
    assert "pays its way" in ferry["text"][voice["start"] : voice["end"]]
    beyond = client.get("/v1/documents/ferry.txt/text", params={"start": 10**8}).json()
    assert (beyond["text"], beyond["next"]) == ("", None)


@pytest.mark.parametrize(
    "path", ["nothing.txt", "../corpus/ferry.txt", "%2e%2e/sources.toml", "/etc/passwd", "sources.toml", "%ff%00"]
)
def test_what_the_index_does_not_hold_cannot_be_read(client: TestClient, path: str) -> None:
    got = client.get(f"/v1/documents/{path}/text")
    assert got.status_code == 404
    assert got.json()["error"]["code"] in ("unknown_document", "not_found")


def test_the_state_and_the_documents_are_listed(client: TestClient) -> None:
    state = client.get("/v1/status").json()
    assert (state["documents"], state["states"]) == (3, {"indexed": 3})
    assert {side["id"] for side in state["perspectives"]} == {"ferry", "bridge", "unlabelled"}
    listed = client.get("/v1/documents", params={"limit": 2}).json()
    assert (listed["total"], len(listed["documents"])) == (3, 2)
    rest = client.get("/v1/documents", params={"offset": 2}).json()["documents"]
    names = [one["document"] for one in [*listed["documents"], *rest]]
    assert names == ["diary.txt", "essays/bridge.txt", "ferry.txt"]


def test_nothing_names_a_folder_of_this_machine(made: Made, corpus: Path) -> None:
    client = made()
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    for path in ("/v1/status", "/v1/documents", "/v1/documents/ferry.txt/text", "/openapi.json", "/metrics", "/readyz"):
        assert str(corpus.parent) not in client.get(path).text, path
    for path in ("/v1/ask", "/v1/search"):
        assert str(corpus.parent) not in client.post(path, json=ASKED).text, path
    (corpus / "sources.toml").write_text("[[source]]\nmatch = \n")
    got = client.post("/v1/ask", json=ASKED)
    assert (got.status_code, got.json()["error"]["code"]) == (503, "bad_labels")
    assert str(corpus.parent) not in got.text
    assert got.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'{"question": 7}', 422),
        (b'{"question": ""}', 422),
        (b'{"question": "\\ud800 ferry"}', 422),
        (b'{"question": "ferry", "whatever": 1}', 422),
        (b'{"question": "ferry", "citations": 1e999}', 422),
        (b'{"question": "ferry", "citations": 0}', 422),
        (b'{"question": "ferry", "since": "soon"}', 422),
        (b'{"question": "ferry", "documents": ["nothing.txt"]}', 404),
        (b'{"question": "ferry", "speakers": ["Nobody Atall"]}', 422),
        (b'{"question": "' + b"x" * 2_001 + b'"}', 422),
        (b"[" * 100_000, 400),
        (b"\xff\xfe\x00", 400),
    ],
)
def test_garbage_gets_a_sentence(
    client: TestClient, body: bytes, status: int, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    got = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert got.status_code == status, got.text
    assert set(got.json()) == {"error"}
    assert set(got.json()["error"]) == {"code", "message"}
    told = capfd.readouterr()
    assert "Traceback" not in told.out + told.err + caplog.text


def test_json_that_is_not_said_to_be_json_is_told_which_header_it_needs(client: TestClient) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}  # what curl says of what it sends
    for path in ("/v1/ask", "/v1/search"):
        got = client.post(path, content=json.dumps(ASKED), headers=kind)
        assert (got.status_code, got.json()["error"]["code"]) == (415, "other_kind")
        assert "Content-Type: application/json" in got.json()["error"]["message"]
    got = client.post("/v1/ask", json=[])
    assert got.json()["error"]["message"] == "The body: An object in JSON is wanted."


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/v1/status", "/v1/documents/ferry.txt/text", "/metrics"])
def test_head_is_answered_as_get_without_the_body(client: TestClient, path: str) -> None:
    got, whole = client.head(path), client.get(path)
    assert (got.status_code, got.headers["content-type"]) == (200, whole.headers["content-type"])
    assert got.content == b""
    assert int(got.headers["content-length"]) > 0
    route = path.replace("ferry.txt", "{document:path}")
    assert f'parallax_http_requests_total{{method="HEAD",route="{route}",status="200"}}' in client.get("/metrics").text


def test_head_asks_no_question(client: TestClient) -> None:
    got = client.head("/v1/ask")
    assert (got.status_code, got.headers["allow"]) == (405, "POST")


def test_a_wrong_address_or_method_has_the_same_shape(client: TestClient) -> None:
    assert client.get("/v1/nothing").json()["error"]["code"] == "not_found"
    assert client.get("/docs").status_code == 404
    got = client.delete("/v1/ask")
    assert (got.status_code, got.json()["error"]["code"]) == (405, "method_not_allowed")
    assert got.headers["allow"] == "POST"


def test_a_bug_is_told_without_its_text(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def bug(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a secret")

    monkeypatch.setattr(Assistant, "search", bug)
    got = client.post("/v1/search", json=ASKED)
    assert (got.status_code, got.json()["error"]["code"]) == (500, "bug")
    assert "secret" not in got.text
    assert "a secret" in caplog.text


@pytest.mark.parametrize(
    ("error", "status"),
    [(StoreBusy("/secret"), 409), (BadLabels("/secret", "x", "y"), 503), (CorpusError("/secret"), 503)],
)
def test_a_failure_of_the_corpus_has_its_status_and_no_folder(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(Assistant, "search", fail)
    got = client.post("/v1/search", json=ASKED)
    assert got.status_code == status
    assert "/secret" not in got.text


def test_it_is_ready_once_the_index_is_loaded(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    go, real = threading.Event(), Assistant.warm
    monkeypatch.setattr(Assistant, "warm", lambda self: (go.wait(10), real(self))[1])
    client = made()
    assert client.get("/healthz").json() == {"status": "ok"}
    got = client.get("/readyz")
    assert (got.status_code, got.json()["error"]["code"]) == (503, "warming_up")
    go.set()
    until = time.monotonic() + 10
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_description_names_every_route_and_loads_nothing(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert {"/v1/ask", "/v1/search", "/v1/status", "/v1/documents", "/metrics", "/healthz"} <= set(described["paths"])
    for path, methods in described["paths"].items():
        for method in methods.values():
            assert method["summary"], path
            assert method["description"], path
            assert {"403", "500"} <= set(method["responses"]), path


def test_an_answer_that_takes_too_long_is_given_up_and_stopped(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = threading.Event()

    def slow(*_: Any, stop: threading.Event, **__: Any) -> Iterator[Any]:
        assert stop.wait(10)
        stopped.set()
        yield from ()

    monkeypatch.setattr(Assistant, "stream", slow)
    client = made(limits=Limits(answer=0.3))
    got = client.post("/v1/ask", json=ASKED)
    assert (got.status_code, got.json()["error"]["code"]) == (504, "too_slow")
    assert stopped.wait(5)


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["whole", "by claim"])
def test_hanging_up_stops_the_answer(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    asked, stopped, real = threading.Event(), threading.Event(), Assistant.stream

    def slow(*arguments: Any, stop: threading.Event, **options: Any) -> Iterator[Any]:
        yield next(real(*arguments, stop=stop, **options))
        asked.set()
        if stop.wait(20):
            stopped.set()

    monkeypatch.setattr(Assistant, "stream", slow)
    with listening(application(assistant)) as url, httpx.Client(base_url=url) as connection:
        hanging = threading.Thread(target=lambda: _hang_up(connection, headers), daemon=True)
        hanging.start()
        assert asked.wait(10)
        assert stopped.wait(10)
        hanging.join(10)


def _hang_up(connection: httpx.Client, headers: dict[str, str]) -> None:
    with pytest.raises(httpx.ReadTimeout):
        connection.post("/v1/ask", json=ASKED, headers=headers, timeout=httpx.Timeout(5, read=0.5))
    connection.close()


def test_what_is_asked_is_counted_and_no_word_of_it_is_told(made: Made, assistant: Assistant) -> None:
    client = made()
    client.post("/v1/ask", json=ASKED)
    client.post("/v1/ask", json={"question": ""})
    client.get("/v1/documents/ferry.txt/text")
    client.get("/v1/documents/secret/text")
    client.get("/secret")
    text = client.get("/metrics").text
    assert 'parallax_answers_total{mode="digest",outcome="answered",reason="none"} 1.0' in text
    assert 'parallax_http_requests_total{method="POST",route="/v1/ask",status="422"} 1.0' in text
    assert 'route="/v1/documents/{document:path}/text"' in text
    assert 'parallax_http_request_seconds_count{outcome="refused",route="/v1/ask"} 1.0' in text
    assert f'parallax_index_info{{generation="{assistant.reader.store.current()}"}} 1.0' in text
    assert "parallax_index_documents 3.0" in text
    for word in ("secret", "ferry", "sound"):
        assert word not in text


@pytest.mark.parametrize("step", [Fail(500), HANG], ids=["an error", "silence"])
def test_where_the_model_fails_the_digest_is_the_answer_and_it_is_counted(assistant: Assistant, step: Any) -> None:
    with model_server(step) as server:
        model = Model("scripted", server.url, silence=0.5)
        written = Assistant(assistant.reader, Writer(model))
        with serving(written) as client:
            got = client.post("/v1/ask", json=ASKED).json()
            assert (got["mode"], got["reason"]["code"]) == ("digest", "model_unavailable")
            assert got["citations"]
            text = client.get("/metrics").text
    assert "parallax_model_failures_total 1.0" in text
    assert 'parallax_answers_total{mode="digest",outcome="answered",reason="model_unavailable"} 1.0' in text
