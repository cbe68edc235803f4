"""Answers that were kept, checked over HTTP: as they were given, and as files that were exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ferry import ASKED, Made
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.exporting.bundle import exported_text

KINDS = {".json": "application/json", ".html": "text/html; charset=utf-8", ".md": "text/markdown"}


def test_an_answer_holds_until_its_document_is_changed(made: Made, corpus: Path) -> None:
    client = made()
    answer = client.post("/v1/ask", json=ASKED).json()
    got = client.post("/v1/verify", json=answer).json()
    assert got["holds"]
    assert got["against"] == "the corpus"
    assert {quote["check"] for quote in got["quotes"]} == {"exact"}
    ferry = corpus / "ferry.txt"
    ferry.write_text(ferry.read_text().replace("ninety million", "ten million"))
    got = client.post("/v1/verify", json=answer).json()
    assert not got["holds"]
    assert {quote["document"] for quote in got["quotes"] if quote["check"] == "failed"} == {"ferry.txt"}
    assert str(corpus.parent) not in json.dumps(got)


@pytest.mark.parametrize("ending", KINDS)
def test_an_exported_answer_is_held_against_the_documents_themselves(
    made: Made, assistant: Assistant, corpus: Path, ending: str
) -> None:
    client, kind = made(), {"content-type": KINDS[ending]}
    corpus_of = assistant.corpus
    text = exported_text(assistant.ask(ASKED["question"]), ending, "the index", corpus_of.current)
    got = client.post("/v1/verify", content=text.encode(), headers=kind).json()
    assert got["holds"], got
    assert {source["state"] for source in got["documents"]} == {"same"}
    forged = text.replace("ninety million", "twenty million").encode()
    got = client.post("/v1/verify", content=forged, headers=kind).json()
    assert not got["holds"]
    assert got["differences"]
    (corpus / "ferry.txt").unlink()
    got = client.post("/v1/verify", content=text.encode(), headers=kind).json()
    assert "gone" in {source["state"] for source in got["documents"]}
    assert str(corpus.parent) not in json.dumps(got)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/json", 422),
        (b"{}", "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"bundle": "parallax answer"}', "application/json", 422),
        (b'{"schema": 1e999}', "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b"\xff\xfe\x00", "text/html", 422),
        (b"<h1>An answer</h1>", "text/html", 422),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
    ],
)
def test_what_is_no_answer_is_refused_in_a_sentence(client: TestClient, content: bytes, kind: str, status: int) -> None:
    got = client.post("/v1/verify", content=content, headers={"content-type": kind} if kind else {})
    assert got.status_code == status, got.text
    assert set(got.json()) == {"error"}
    assert "/tmp" not in got.text
