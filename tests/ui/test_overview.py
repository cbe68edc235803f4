"""Requests to the overview in, data out; also from callers who mean no good. And the script of the plotting library."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import WordEmbedder
from starlette.testclient import TestClient

from assistant import Assistant
from index import Reader, Store
from index.update import update
from ui import words
from ui.app import build
from ui.door import Credentials
from ui.glance import Overview
from ui.links import read_link
from ui.plotting import ADDRESS

LABELS = """\
version = 1
[perspectives.dockers]
label = "Dockers"
[[source]]
match = "strike.txt"
title = "A strike"
published = "2025-03"
outlet = "The Quay"
perspective = "dockers"
"""
STRIKE = "A strike in the harbour has begun. “The crane must be mended,” said Ines Holm. It sways in the wind.\n"
NOTE = "The seagulls sit on the crane in the evening and watch the boats come home to the harbour.\n"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("overview")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in {"strike.txt": STRIKE, "note.txt": NOTE, "sources.toml": LABELS}.items():
        (corpus / name).write_text(text, "utf-8")
    update(corpus, Store(folder / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(folder / "store"), WordEmbedder()))
    yield assistant
    assistant.close()


@pytest.fixture(scope="module")
def overview(assistant: Assistant) -> Overview:
    return Overview(assistant)


def _look(overview: Overview, **asked: Any) -> Any:
    """Asked again until everything is there, as the script does."""
    for _ in range(200):
        data = overview.look(asked)
        if "problem" in data or (data["map"] and data["quoting"]):
            return data
        time.sleep(0.05)
    raise AssertionError("never ready")


def test_a_look_is_data_that_the_script_can_draw(overview: Overview) -> None:
    data = json.loads(json.dumps(_look(overview)))
    assert [(side["id"], side["style"], side["glyph"]) for side in data["sides"]] == [
        ("dockers", "p-0", "◆"),
        ("unlabelled", "p-x", "○"),
    ]
    assert data["map"]["says"] == "All 2 passages are on the map."
    found = {data["map"]["documents"][at]["id"]: text for at, *_, text in data["map"]["points"]}
    assert found == {"strike.txt": STRIKE.strip(), "note.txt": NOTE.strip()}
    (dated,) = data["timeline"]["dated"]
    assert (dated["published"], dated["first"], dated["last"]) == ("2025-03", "2025-03-01", "2025-03-31")
    assert data["timeline"]["without"] == "1 document without a date"
    assert data["quoting"]["speakers"] == ["Ines Holm"]
    assert data["quoting"]["columns"] == [
        {"id": "dockers", "name": "Dockers"},
        {"id": "unlabelled", "name": "Unlabelled source"},
    ]
    assert data["quoting"]["counts"] == [[1, 0]]


def test_a_look_honours_the_perspectives_and_the_columns(overview: Overview) -> None:
    data = _look(overview, perspectives=["dockers"], by="outlets")
    assert [document["id"] for document in data["map"]["documents"]] == ["strike.txt"]
    assert data["timeline"]["undated"] == []
    assert data["quoting"]["columns"] == [{"id": "The Quay", "name": "The Quay"}]
    assert _look(overview, by="outlets")["quoting"]["columns"][1] == {"id": "", "name": words.NO_OUTLET}


def test_a_place_and_a_beginning_become_addresses(overview: Overview) -> None:
    claim = read_link(overview.place({"document": "strike.txt", "start": 36, "end": 60})["link"])
    assert claim
    assert (claim.document, claim.quote) == ("strike.txt", STRIKE[36:60])
    begun = read_link(overview.place({"document": "strike.txt"})["link"])
    assert begun
    assert begun.quote.strip() == "A strike in the harbour has begun."


def test_the_quotes_of_a_cell_become_addresses(overview: Overview) -> None:
    _look(overview)
    data = overview.quoted({"by": "perspectives", "column": "dockers", "speaker": "Ines Holm", "perspectives": []})
    (quote,) = data["quotes"]
    assert (quote["words"], quote["title"], quote["facts"]) == (
        "The crane must be mended,",
        "A strike",
        ["The Quay", "2025-03"],
    )
    claim = read_link(quote["link"])
    assert claim
    assert claim.quote == quote["words"]
    assert overview.quoted({"column": "no such", "speaker": "nobody"}) == {"quotes": [], "more": ""}


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("look", None),
        ("look", {"perspectives": "dockers"}),
        ("look", {"perspectives": [1]}),
        ("look", {"perspectives": ["x"] * 201}),
        ("look", {"by": "no such"}),
        ("look", {"by": ["perspectives"]}),
        ("place", "strike.txt"),
        ("place", {"document": None}),
        ("place", {"document": "strike.txt", "start": 0}),
        ("place", {"document": "strike.txt", "start": "0", "end": "9"}),
        ("place", {"document": "strike.txt", "start": True, "end": 9}),
        ("place", {"document": "strike.txt", "start": -1, "end": 9}),
        ("place", {"document": "strike.txt", "start": 9, "end": 9}),
        ("place", {"document": "strike.txt", "start": 0, "end": 10**9}),
        ("quoted", []),
        ("quoted", {"column": "dockers"}),
        ("quoted", {"column": "x" * 5_000, "speaker": "y"}),
        ("quoted", {"column": "dockers", "speaker": 3}),
    ],
)
def test_what_is_no_request_gets_a_sentence(overview: Overview, name: str, asked: object) -> None:
    assert getattr(overview, name)(asked) == {"problem": words.NOT_UNDERSTOOD}


@pytest.mark.parametrize(
    ("name", "asked", "part"),
    [
        ("look", {"perspectives": ["no such"]}, "no such"),
        ("place", {"document": "../../etc/passwd"}, "etc/passwd"),
        ("quoted", {"column": "x", "speaker": "y", "perspectives": ["no such"]}, "no such"),
    ],
)
def test_what_is_not_there_gets_a_sentence(overview: Overview, name: str, asked: object, part: str) -> None:
    assert part in getattr(overview, name)(asked)["problem"]


def test_the_script_comes_from_the_package_and_may_be_kept(assistant: Assistant) -> None:
    with TestClient(build(assistant)[1]) as client:
        got = client.get(ADDRESS)
        raw = client.get(ADDRESS, headers={"accept-encoding": "identity"})
    assert got.status_code == raw.status_code == 200
    assert got.headers["content-encoding"] == "gzip"
    assert "immutable" in got.headers["cache-control"]
    assert got.headers["content-type"].startswith("text/javascript")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.content == raw.content
    assert b"plotly.js v" in raw.content[:400]
    assert len(gzip.compress(raw.content, 6)) < 2_000_000


def test_the_script_stands_behind_the_door(assistant: Assistant) -> None:
    client = TestClient(build(assistant, credentials=Credentials("ines", "a password"))[1], follow_redirects=False)
    assert client.get(ADDRESS).status_code == 401


def test_no_page_names_the_script_before_the_tab_is_opened(assistant: Assistant) -> None:
    with TestClient(build(assistant)[1]) as client:
        assert f'src="{ADDRESS}' not in client.get("/").text
