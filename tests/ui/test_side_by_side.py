"""Several corpora under one address: who is led where, and what the door and the headers cover."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, write
from starlette.testclient import TestClient

from assistant import Assistant, Unopened
from index import CorpusError, Reader, Store
from index.update import update
from ui.app import build, build_all
from ui.corpora import Place, Switch
from ui.door import Credentials

HOSTILE = "<img src=x onerror=alert(1)> ${alert(2)}"
SHUT = [Unopened("torn", f"It is damaged: {HOSTILE}.")]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Place]]:
    folder: Path = tmp_path_factory.mktemp("corpora")
    made: list[Place] = []
    for slug, name in (("harbour", "harbour"), ("council", HOSTILE)):
        corpus = write(folder / slug, notes=f"The {slug} of Marrowby is open in summer, the board writes.\n")
        update(corpus, Store(folder / f"{slug}-store"), WordEmbedder())
        assistant = Assistant(Reader(Store(folder / f"{slug}-store"), WordEmbedder()))
        made.append(Place(assistant, name=name, slug=slug))
    yield made
    for place in made:
        place.assistant.close()


@pytest.fixture(scope="module")
def client(places: list[Place]) -> Iterator[TestClient]:
    app = build_all(places, SHUT)[1]
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def _control(client: TestClient, slug: str) -> dict[str, Any]:
    components = client.get(f"/corpus/{slug}/config").json()["components"]
    (control,) = (one for one in components if one["props"].get("elem_id") == "corpora")
    return control["props"]["value"]


def _title(client: TestClient, slug: str) -> str:
    return client.get(f"/corpus/{slug}/config").json()["title"]


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/", "/corpus/harbour/"),
        ("/corpus/council", "/corpus/council/"),
        ("/favicon.ico", "/corpus/harbour/favicon.ico"),
    ],
)
def test_addresses_lead_to_a_corpus(client: TestClient, path: str, to: str) -> None:
    got = client.get(path)
    assert (got.status_code, got.headers["location"]) == (307, to)
    assert client.get(to).status_code == 200


def test_each_corpus_lists_all_of_them_and_itself_as_open(client: TestClient) -> None:
    line = {"href": "/corpus/harbour/", "size": "1 document"}
    other = {"name": HOSTILE, "href": "/corpus/council/", "size": "1 document"}
    shut = {"name": "torn", "problem": SHUT[0].reason}
    first = {"name": "harbour", **line, "here": True}
    assert _control(client, "harbour") == {"corpora": [first, other | {"here": False}, shut]}
    assert _control(client, "council") == {"corpora": [first | {"here": False}, other | {"here": True}, shut]}
    assert _title(client, "harbour") == "harbour · Parallax"


def test_a_function_of_one_corpus_knows_no_document_of_another(client: TestClient) -> None:
    for slug in ("harbour", "council"):
        components = client.get(f"/corpus/{slug}/config").json()["components"]
        (id,) = (one["id"] for one in components if one["props"].get("elem_id") == "documents")
        body = {"session_hash": "s", "component_id": id, "fn_name": "removal", "data": "notes.txt"}
        assert client.post(f"/corpus/{slug}/gradio_api/component_server", json=body).json()["id"] == "notes.txt"
        other = "council" if slug == "harbour" else "harbour"
        assert client.post(f"/corpus/{other}/gradio_api/component_server", json=body).status_code >= 400


@pytest.mark.parametrize("path", ["/corpus/", "/corpus/torn/", "/corpus/no such/x", "/corpus/%3Cb%3E/"])
def test_an_address_without_a_corpus_lists_those_there_are(client: TestClient, path: str) -> None:
    got = client.get(path)
    assert got.status_code == 404
    assert '<a href="/corpus/council/">&lt;img' in got.text
    assert "<li>torn: It is damaged: &lt;img" in got.text
    assert "<img" not in got.text


@pytest.mark.parametrize(
    "path", ["/", "/corpus/harbour/", "/corpus/council/config", "/corpus/council/gradio_api/info", "/corpus/none/"]
)
def test_every_corpus_sends_the_policy_and_nosniff(client: TestClient, path: str) -> None:
    got = client.get(path)
    assert "default-src 'self'" in got.headers["content-security-policy"]
    assert got.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("slug", ["harbour", "council"])
def test_a_file_that_is_too_large_is_refused_for_every_corpus(client: TestClient, slug: str) -> None:
    got = client.post(f"/corpus/{slug}/gradio_api/upload", files={"files": ("large.txt", bytes(50_000_001))})
    assert got.status_code == 413


def test_nothing_of_any_corpus_is_shown_before_the_log_in(places: list[Place]) -> None:
    app = build_all(places, SHUT, credentials=Credentials("ines", "a password"))[1]
    client = TestClient(app, follow_redirects=False)
    for path in ("/corpus/council/config", "/corpus/harbour/gradio_api/info", "/corpus/none/", "/favicon.ico"):
        for got in (client.get(path), client.post(path, json={})):
            assert (got.status_code, got.text) == (401, "Log in first.")
    assert client.get("/").headers["location"] == "/login"
    login = client.get("/corpus/council/").headers["location"]
    assert login == "/login?to=%2Fcorpus%2Fcouncil"
    right = {"user": "ines", "password": "a password"}
    assert client.post(login, data=right).headers["location"] == "/corpus/council/"
    assert client.get("/corpus/harbour/config").status_code == 200


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example", "//elsewhere.example/", "%2F%2Felsewhere.example", "/corpus/none", "\\x", ""]
)
def test_the_log_in_leads_nowhere_else(places: list[Place], to: str) -> None:
    app = build_all(places, credentials=Credentials("ines", "a password"))[1]
    client = TestClient(app, follow_redirects=False)
    got = client.post(f"/login?to={to}", data={"user": "ines", "password": "a password"})
    assert (got.status_code, got.headers["location"]) == (303, "/")


def test_a_single_corpus_stands_at_the_root_without_a_control(places: list[Place]) -> None:
    with TestClient(build(places[0].assistant)[1], follow_redirects=False) as client:
        config = client.get("/config").json()
        assert client.get("/").status_code == 200
        assert config["title"] == "Parallax"
        assert all(one["props"].get("elem_id") != "corpora" for one in config["components"])


@pytest.fixture
def going(tmp_path: Path) -> Iterator[Place]:
    """A corpus whose labels are torn while it is open."""
    corpus = write(tmp_path / "going", notes="The mill of Marrowby is open in summer, the board writes.\n")
    update(corpus, Store(tmp_path / "store"), WordEmbedder())
    with Assistant(Reader(Store(tmp_path / "store"), WordEmbedder())) as assistant:
        yield Place(assistant, name="going", slug="going")


def test_a_corpus_that_goes_away_says_so_in_the_list_and_the_others_stay(places: list[Place], going: Place) -> None:
    switch = Switch([places[0], going], [])
    assert [line["size"] for line in switch.listing(going)["corpora"]] == ["1 document"] * 2
    (going.assistant.reader.store.folder / "CURRENT").unlink()
    first, gone = switch.listing(places[0])["corpora"]
    assert first["size"] == "1 document"
    assert "There is no index in" in gone["problem"]


def test_a_corpus_that_cannot_be_shown_keeps_no_other_from_being_shown(places: list[Place], going: Place) -> None:
    (going.assistant.corpus.folder / "sources.toml").write_text("[[source")
    pages, app = build_all([going, places[0]])
    assert len(pages) == 1
    with TestClient(app, follow_redirects=False) as client:
        assert client.get("/").headers["location"] == "/corpus/harbour/"
        shut = client.get("/corpus/going/")
    assert shut.status_code == 404
    assert "sources.toml" in shut.text
    with pytest.raises(CorpusError, match=r"sources\.toml"):
        build_all([going])
