"""Vectors on a Chroma server instead of in the index. Run: python -m pytest tests/index/test_chroma_server.py"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, write
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.doors.http import application
from index import Reader, Store, vectors
from index.errors import VectorsUnavailable
from index.server import ChromaServer, namespace, remember
from index.update import Progress, update
from index.vectors import Collections
from tests.chroma_run import Running
from tests.command import parallax

QUESTION = "What do the dockers say of the crane?"
TEXTS = {
    f"n{number}": f"The {what} of Tarnby is mended in {month}, the {who} write. Nobody asked the gulls of {month}.\n"
    for number, (what, month, who) in enumerate(
        (what, month, who)
        for what in ("crane", "harbour", "lantern")
        for month in ("March", "May", "October")
        for who in ("dockers", "owners")
    )
}


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("chroma"))
    yield running
    running.kill()


@pytest.fixture
def served(corpus: Path, store: Store, chroma: Running) -> Store:
    """An index whose vectors the server has."""
    write(corpus, **TEXTS)
    served = Store(store.folder, chroma.server)
    update(corpus, served, WordEmbedder())
    return served


def answer(store: Store) -> dict[str, Any]:
    with Assistant(Reader(store, WordEmbedder())) as assistant:
        found = assistant.ask(QUESTION).to_dict()
    return {name: value for name, value in found.items() if name not in ("id", "seconds", "generation")}


def test_the_same_answer_to_the_citation_as_within_the_process(served: Store, corpus: Path, tmp_path: Path) -> None:
    own = Store(tmp_path / "own")
    update(corpus, own, WordEmbedder())
    assert answer(served) == answer(own)
    assert answer(served)["citations"]
    (folder,) = (served.folder / "generations").glob("g*")
    assert not (folder / "chroma").exists()
    with closing(served.open()) as there, closing(own.open()) as here:
        found = dict(there.vectors.nearest(there.matrix[0], 5))
        assert found == pytest.approx(dict(here.vectors.nearest(here.matrix[0], 5)), abs=1e-6)


def test_a_generation_is_a_collection_and_the_one_before_is_removed(
    served: Store, corpus: Path, chroma: Running
) -> None:
    prefix = (served.folder / "collections").read_text().split()[0]
    (first,) = (name for name in chroma.names() if name.startswith(prefix))
    write(corpus, more="The swan of Tarnby was seen in June, the dockers write.\n")
    (corpus / "n0.txt").unlink()
    update(corpus, served, WordEmbedder())
    (second,) = (name for name in chroma.names() if name.startswith(prefix))
    assert second != first
    with closing(served.open()) as generation:
        assert generation.manifest.collection == second
        assert generation.vectors.count() == generation.manifest.passages


def test_an_interrupted_upload_is_never_seen_and_nothing_is_left_of_it(
    served: Store, corpus: Path, chroma: Running
) -> None:
    prefix = (served.folder / "collections").read_text().split()[0]
    before = answer(served)
    (there,) = (name for name in chroma.names() if name.startswith(prefix))
    write(corpus, more="The crane of Tarnby fell in June, the dockers write.\n")

    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(corpus, served, WordEmbedder(), progress=interrupt)
    assert [name for name in chroma.names() if name.startswith(prefix)] == [there]
    Collections(chroma.server).open(f"{prefix}-g000002-killed", there=False).close()  # what `kill -9` would leave
    assert answer(served) == before
    update(corpus, served, WordEmbedder())
    (after,) = (name for name in chroma.names() if name.startswith(prefix))
    assert after != there
    assert answer(served) != before


def test_a_copy_of_a_store_removes_nothing_of_the_original(served: Store, corpus: Path, chroma: Running) -> None:
    wanted = answer(served)
    copied = served.folder.with_name("copied")
    shutil.copytree(served.folder, copied)
    (copied / "CURRENT").unlink()
    shutil.rmtree(copied / "generations")
    copy = Store(copied, chroma.server)
    update(corpus, copy, WordEmbedder())
    assert answer(copy) == answer(served) == wanted


def test_what_the_collections_begin_with_is_written_once_and_all_at_once(store: Store) -> None:
    server = ChromaServer("http://127.0.0.1:9")
    store.folder.mkdir()
    kept = namespace(store.folder, server)
    remember(store.folder, kept)
    file = store.folder / "collections"
    before = file.stat()
    remember(store.folder, namespace(store.folder, server))
    assert namespace(store.folder, server) == kept
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert [path.name for path in store.folder.iterdir()] == ["collections"]


def test_nothing_is_removed_where_a_generation_cannot_be_read(served: Store, corpus: Path, chroma: Running) -> None:
    before = set(chroma.names())
    (folder,) = (served.folder / "generations").glob("g*")
    (folder / "manifest.json").write_text("torn")
    hold = os.open(folder / "lock", os.O_RDONLY)  # a reader has it open, so it is not swept away
    fcntl.flock(hold, fcntl.LOCK_SH)
    try:
        update(corpus, served, WordEmbedder(), rebuild=True)
        assert before <= set(chroma.names())
    finally:
        os.close(hold)


def test_what_others_have_on_the_server_stays(served: Store, corpus: Path, chroma: Running) -> None:
    with closing(Collections(chroma.server).open("somebody-elses", there=False)) as other:
        other.add([1], WordEmbedder().embed(["crane"]))
        update(corpus, served, WordEmbedder(), rebuild=True)
        assert other.count() == 1


def test_a_server_that_dies_and_returns(served: Store, corpus: Path, chroma: Running) -> None:
    wanted = answer(served)
    with Assistant(Reader(served, WordEmbedder())) as assistant:
        assert assistant.ask(QUESTION).citations
        chroma.kill()
        with pytest.raises(VectorsUnavailable, match=rf"The Chroma server {chroma.url} does not answer as it should"):
            assistant.ask(QUESTION)
        write(corpus, more="The swan of Tarnby was seen in June, the dockers write.\n")
        with pytest.raises(VectorsUnavailable, match="See that it runs"):
            update(corpus, served, WordEmbedder())
        chroma.start()
        assert assistant.ask(QUESTION).citations
    assert answer(served) == wanted


def test_a_server_that_hangs_is_not_waited_for_without_end(
    served: Store, chroma: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "PATIENCE", 0.5)
    with Assistant(Reader(served, WordEmbedder())) as assistant:
        assert assistant.ask(QUESTION).citations
        chroma.pause()
        try:
            with pytest.raises(VectorsUnavailable, match="does not answer as it should"):
                assistant.ask(QUESTION)
        finally:
            chroma.pause(False)
        assert assistant.ask(QUESTION).citations


def test_a_service_is_not_ready_while_the_server_of_its_vectors_is_gone(served: Store, chroma: Running) -> None:
    reader = Reader(served, WordEmbedder())
    with Assistant(reader) as assistant, TestClient(application(assistant), base_url="http://127.0.0.1") as client:
        while (got := client.get("/readyz")).json().get("error", {}).get("code") == "warming_up":
            time.sleep(0.05)
        assert got.status_code == 200
        chroma.kill()
        try:
            got = client.get("/readyz")
            assert (got.status_code, got.json()["error"]["code"]) == (503, "vectors_unavailable")
        finally:
            chroma.start()
        assert client.get("/readyz").status_code == 200


def test_who_names_no_server_is_told_to_and_an_update_takes_the_vectors_back(served: Store, corpus: Path) -> None:
    alone = Store(served.folder)
    with pytest.raises(VectorsUnavailable, match="Name it with --chroma URL, in PARALLAX_CHROMA"):
        answer(alone)
    wanted = answer(served)
    update(corpus, alone, WordEmbedder(), rebuild=True)
    assert answer(alone) == wanted


def test_vectors_move_where_they_are_wanted_though_no_document_changed(
    corpus: Path, store: Store, chroma: Running
) -> None:
    write(corpus, **TEXTS)
    here, there = Store(store.folder), Store(store.folder, chroma.server)
    update(corpus, here, WordEmbedder())
    wanted = answer(here)
    for housed, on_server in ((there, True), (here, False)):
        assert update(corpus, housed, WordEmbedder()).embedded == 0
        name = housed.current()
        assert name
        assert (housed.manifest(name).collection is not None) is on_server
        assert answer(housed) == wanted
        update(corpus, housed, WordEmbedder())
        assert housed.current() == name  # and only once


def test_vectors_that_are_gone_are_no_empty_answer(served: Store, chroma: Running) -> None:
    with closing(served.open()) as generation:
        assert generation.manifest.collection
        Collections(chroma.server).remove(generation.manifest.collection)
    with pytest.raises(VectorsUnavailable, match="does not hold the vectors of this index"):
        answer(served)


def test_a_key_goes_along_and_is_told_to_nobody(store: Store, corpus: Path) -> None:
    seen: list[str | None] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers["x-chroma-token"])
            self.send_response(401)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    refusing = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=refusing.serve_forever, daemon=True).start()
    server = ChromaServer(f"http://u:p@127.0.0.1:{refusing.server_port}", headers=(("x-chroma-token", "SENTINEL"),))
    write(corpus, **TEXTS)
    with pytest.raises(VectorsUnavailable) as told:
        update(corpus, Store(store.folder, server), WordEmbedder())
    refusing.shutdown()
    assert seen[0] == "SENTINEL"
    assert "SENTINEL" not in f"{told.value} {server!r}"
    assert "u:p" not in str(told.value)
    assert Store(store.folder).current() is None


@pytest.mark.parametrize(
    ("url", "host", "port", "ssl"),
    [
        ("http://localhost:8000", "localhost", 8000, False),
        ("https://api.example", "api.example", 443, True),
        ("http://[::1]:9", "::1", 9, False),
        ("http://chroma.example", "chroma.example", 80, False),
    ],
)
def test_an_address_is_taken_apart(url: str, host: str, port: int, ssl: bool) -> None:
    server = ChromaServer(url)
    assert (server.host, server.port, server.ssl) == (host, port, ssl)


def test_the_command_takes_the_server_by_option_and_by_setting(
    chroma: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PARALLAX_CHROMA", raising=False)
    write(tmp_path / "corpus", crane="The crane of Tarnby is mended in March, the dockers write of it.\n")
    made = parallax("index", "corpus", "--chroma", chroma.url, home=tmp_path)
    assert f"The vectors are kept on the Chroma server {chroma.url}." in made.stderr
    told = parallax("ask", "Is the crane of Tarnby mended?", "--chroma", chroma.url, home=tmp_path)
    assert "mended in March" in told.stdout
    told = parallax("ask", "Is the crane of Tarnby mended?", home=tmp_path, code=2)
    assert told.stderr.count("\n") == 1
    assert "Name it with --chroma URL, in PARALLAX_CHROMA, or as `chroma` in parallax.toml" in told.stderr
    for command in (["table", "The crane"], ["watch", "add", "The crane"], ["watch", "check"], ["doctor"]):
        assert parallax(*command, "--chroma", chroma.url, home=tmp_path).stdout
    told = parallax("doctor", home=tmp_path, code=1)
    assert "MISSING  vectors: This index has its vectors on a Chroma server. Name it with --chroma URL" in told.stdout
    (tmp_path / "parallax.toml").write_text(f'chroma = "{chroma.url}"\n')
    told = parallax("ask", "Is the crane of Tarnby mended?", home=tmp_path)
    assert "mended in March" in told.stdout
    told = parallax("ask", "Is the crane of Tarnby mended?", "--chroma", "nowhere", home=tmp_path, code=2)
    assert "'nowhere' is no address: write it as http://host:port. Mend" in told.stderr
    for more in ("/path", "?a=b"):
        told = parallax("ask", "Is it mended?", "--chroma", f"{chroma.url}{more}", home=tmp_path, code=2)
        assert "write it as http://host:port, without a path" in told.stderr


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://api.example", "The vectors of questions and passages, not their words, are sent to api.example."),
        ("http://127.0.0.1:8000", "Nothing leaves this machine."),
    ],
)
def test_where_vectors_go_is_said_unless_it_is_here(url: str, told: str, corpus: Path, store: Store) -> None:
    write(corpus, **TEXTS)
    update(corpus, store, WordEmbedder())
    with Assistant(Reader(Store(store.folder, ChromaServer(url)), WordEmbedder())) as assistant:
        assert told in assistant.answering
