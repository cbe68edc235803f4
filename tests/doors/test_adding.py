"""Documents that come in over HTTP: looked at, copied, indexed in the background; and what is refused."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import anyio
import looping
import pytest
from ferry import Made
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.corpus import Corpus
from assistant.doors.http import application
from assistant.doors.limits import Limits

LETTER = "A letter\n\nThe lighthouse of Marrowby has been dark since Tuesday, writes Jan Oss.\n"
ASKED = {"question": "Since when has the lighthouse been dark?"}


def sent(**files: str | bytes) -> list[Any]:
    return [("files", (name.replace("__", "."), content)) for name, content in files.items()]


def followed(client: TestClient) -> dict[str, Any]:
    until = time.monotonic() + 30
    while (state := client.get("/v1/update").json())["state"] == "updating":
        assert time.monotonic() < until
        time.sleep(0.05)
    return state


def names(corpus: Path) -> set[str]:
    return {path.name for path in corpus.rglob("*") if path.is_file() and ".parallax" not in path.parts}


def test_documents_are_added_and_indexed_in_the_background(made: Made, corpus: Path) -> None:
    client = made()
    assert client.get("/v1/update").json()["state"] == "idle"
    before = client.get("/v1/status").json()["generation"]
    got = client.post("/v1/documents", files=sent(letter__txt=LETTER, diary__txt="Another diary of the ferry."))
    assert got.status_code == 202
    became = [(file["name"], file["becomes"], file["to"]) for file in got.json()["files"]]
    assert became == [("letter.txt", "new", "letter.txt"), ("diary.txt", "beside", "diary (2).txt")]
    state = followed(client)
    assert (state["state"], state["error"]) == ("done", None)
    assert state["report"]["plan"].startswith("+2 ~0 -0")
    assert state["generation"] != before
    cited = client.post("/v1/ask", json=ASKED).json()["citations"]
    assert cited[0]["document"] == "letter.txt"
    assert (corpus / "letter.txt").read_text() == LETTER


def test_a_dry_run_writes_nothing(made: Made, corpus: Path) -> None:
    client, before = made(), names(corpus)
    got = client.post("/v1/documents", params={"dry_run": True}, files=sent(letter__txt=LETTER))
    assert (got.status_code, got.json()["files"][0]["becomes"]) == (200, "new")
    assert got.json()["update"]["state"] == "idle"
    assert names(corpus) == before


def test_a_file_is_replaced_only_where_that_is_asked_for_and_kept_aside(made: Made, corpus: Path) -> None:
    client = made()
    got = client.post("/v1/documents", params={"replace": True}, files=sent(diary__txt=LETTER))
    assert got.json()["files"][0]["becomes"] == "replaces"
    assert followed(client)["report"]["plan"].startswith("+0 ~1 -0")
    assert (corpus / "diary.txt").read_text() == LETTER
    assert any((corpus / ".parallax" / "removed").rglob("diary*"))
    again = client.post("/v1/documents", files=sent(diary__txt=LETTER))
    assert (again.status_code, again.json()["files"][0]["becomes"]) == (200, "same")


@pytest.mark.parametrize(
    "name",
    [
        *("../out.txt", "/out.txt", "..\\out.txt", "a/b.txt", ".hidden.txt", "con.txt", "x.exe", "sources.toml"),
        *("x" * 300 + ".txt", "a\u202etxt.txt", "~$x.docx", "x"),
    ],
)
def test_names_that_no_corpus_should_have_are_refused_and_the_rest_goes_on(made: Made, corpus: Path, name: str) -> None:
    client, before = made(), names(corpus)
    files = [("files", (name, LETTER)), ("files", ("letter.txt", LETTER + name[:5]))]
    got = client.post("/v1/documents", params={"dry_run": True}, files=files)
    assert [file["becomes"] for file in got.json()["files"]] == ["refused", "new"]
    assert got.json()["files"][0]["problem"]
    client.post("/v1/documents", files=files[:1])
    assert names(corpus) == before
    assert not (corpus.parent / "out.txt").exists()


def test_content_that_is_not_what_its_name_says_is_refused(made: Made) -> None:
    files = sent(a__pdf="no PDF at all", b__txt=b"%PDF-1.7", c__docx="no packed file", d__txt=b"")
    got = made().post("/v1/documents", params={"dry_run": True}, files=files).json()["files"]
    assert [file["becomes"] for file in got] == ["refused"] * 4
    assert len({file["problem"] for file in got}) == 4


def test_while_the_index_is_updated_whoever_adds_is_told_to_come_again(
    made: Made, assistant: Assistant, corpus: Path
) -> None:
    client = made()
    with assistant.reader.store.writing():
        got = client.post("/v1/documents", files=sent(letter__txt=LETTER))
    assert (got.status_code, got.json()["error"]["code"]) == (409, "store_busy")
    assert got.headers["retry-after"] == "5"
    assert not (corpus / "letter.txt").exists()
    assert str(corpus) not in got.text


def test_questions_are_answered_and_progress_is_told_while_it_is_updated(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go, real = threading.Event(), threading.Event(), Corpus.update

    def slow(self: Corpus, progress: Any) -> Any:
        def shown(now: Any) -> None:
            progress(now)
            begun.set()
            go.wait(10)

        return real(self, shown)

    monkeypatch.setattr(Corpus, "update", slow)
    client = made()
    client.post("/v1/documents", files=sent(letter__txt=LETTER))
    assert begun.wait(10)
    state = client.get("/v1/update").json()
    assert (state["state"], state["progress"]["of_documents"]) == ("updating", 1)
    assert client.post("/v1/ask", json={"question": "What is late?"}).status_code == 200
    go.set()
    assert followed(client)["state"] == "done"


def test_an_update_that_fails_says_so_and_names_no_folder(
    made: Made, monkeypatch: pytest.MonkeyPatch, corpus: Path
) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError(f"a secret of {corpus}")

    monkeypatch.setattr(Corpus, "update", fail)
    client = made()
    client.post("/v1/documents", files=sent(letter__txt=LETTER))
    state = followed(client)
    assert (state["state"], state["error"]["code"]) == ("failed", "bug")
    assert "secret" not in str(state)


def test_an_upload_must_say_how_long_it_is_and_be_short_enough(made: Made, corpus: Path) -> None:
    client, before = made(limits=Limits(upload=500)), names(corpus)
    got = client.post("/v1/documents", files=sent(letter__txt=LETTER * 20))
    assert (got.status_code, got.json()["error"]["code"]) == (413, "too_long")
    kind = {"content-type": "multipart/form-data; boundary=x"}
    got = client.post("/v1/documents", content=iter([b"--x--"]), headers=kind)
    assert (got.status_code, got.json()["error"]["code"]) == (411, "length_unsaid")
    for body in (
        b"",
        b"--x--\r\n",
        b"garbage",
        b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\ntext\r\n--x--',
    ):
        got = client.post("/v1/documents", content=body, headers=kind)
        assert got.status_code in (400, 422), body
        assert set(got.json()) == {"error"}
    assert names(corpus) == before


def test_what_is_wrong_with_an_upload_as_a_whole_is_said(made: Made, corpus: Path) -> None:
    client, before = made(), names(corpus)
    many = [("files", (f"{number}.txt", LETTER)) for number in range(1_001)]
    got = client.post("/v1/documents", files=many)
    assert got.status_code == 400
    assert "Maximum number of files is 1000" in got.json()["error"]["message"]
    got = client.post("/v1/documents", files=[("files", ("", LETTER))])
    assert got.json()["error"] == {"code": "not_understood", "message": "files.0: A file with a name is wanted."}
    assert names(corpus) == before


def test_an_upload_that_stops_coming_is_told_so(assistant: Assistant) -> None:
    app = application(assistant, limits=Limits(uploading=0.05))
    head = [(b"host", b"127.0.0.1"), (b"content-length", b"100"), (b"content-type", b"multipart/form-data; boundary=x")]
    scope = {"type": "http", "method": "POST", "path": "/v1/documents", "headers": head, "query_string": b""}
    told: list[Any] = []

    async def receive() -> Any:
        await anyio.sleep_forever()

    async def send(message: Any) -> None:
        told.append(message)

    looping.run(app(scope, receive, send))
    assert told[0]["status"] == 408
    assert b"The rest of this request did not come." in told[1]["body"]


def test_a_slip_in_a_parameter_adds_nothing(made: Made, corpus: Path) -> None:
    client, before = made(), names(corpus)
    got = client.post("/v1/documents", params={"dryrun": True}, files=sent(letter__txt=LETTER))
    assert (got.status_code, got.json()["error"]["code"]) == (422, "unknown_parameter")
    assert "There are: dry_run, replace" in got.json()["error"]["message"]
    assert names(corpus) == before
