"""Uploads as anybody can send them: how much, how many, of what name and kind; and those that nobody used."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chatting import chat
from command import parallax
from fakes import WordEmbedder, write
from gradio.route_utils import delete_files_created_by_app
from starlette.applications import Starlette
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant import Assistant
from index import Reader, Store
from index.loading.incoming import KEPT_FREE_MB, MAX_TOTAL_MB, check_name
from index.update import update
from tests import looping
from ui.app import build
from ui.uploads import Uploads

MB = 1_000_000
TEXT = b"The mill of Marrowby is red, the board writes.\n"


def gate(folder: Path, free: int = 10**12) -> TestClient:
    async def inside(request: Any) -> PlainTextResponse:
        return PlainTextResponse(f"let through {len(await request.body())}")

    app = Starlette(routes=[Route("/{path:path}", inside, methods=["POST"])])
    return TestClient(Uploads(app, folder, lambda _: free))


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/upload/", "/corpus/dam/gradio_api/upload"])
@pytest.mark.parametrize(
    ("length", "free", "waiting", "status", "sentence"),
    [
        ("1000", 10**12, 0, 200, "let through"),
        (str((MAX_TOTAL_MB + 2) * MB), 10**12, 0, 413, f"More than {MAX_TOTAL_MB} MB were dropped"),
        (str(10 * MB), (KEPT_FREE_MB + 9) * MB, 0, 507, "There is no room"),
        (str(10 * MB), 10**12, 995 * MB, 507, "wait to be added already"),
        ("x", 10**12, 0, 411, "how long it is"),
        ("-5", 10**12, 0, 411, "how long it is"),
    ],
)
def test_what_there_is_no_room_for_is_refused_before_it_is_read(
    tmp_path: Path, path: str, length: str, free: int, waiting: int, status: int, sentence: str
) -> None:
    with (tmp_path / "waits.txt").open("wb") as file:
        file.truncate(waiting)
    got = gate(tmp_path, free).post(path, content=TEXT, headers={"content-length": length})
    assert got.status_code == status
    assert sentence in got.text


def test_an_upload_that_does_not_say_how_long_it_is_is_refused(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield TEXT

    assert gate(tmp_path).post("/gradio_api/upload", content=parts()).status_code == 411
    assert gate(tmp_path).post("/another", content=parts()).status_code == 200


def test_more_files_than_may_wait_are_refused(tmp_path: Path) -> None:
    for number in range(1_999):
        (tmp_path / str(number)).touch()
    client = gate(tmp_path)
    assert client.post("/gradio_api/upload", content=TEXT).status_code == 200
    (tmp_path / "one more").touch()
    got = client.post("/gradio_api/upload", content=TEXT)
    assert got.status_code == 507
    assert got.text.startswith("More than 2,000 files wait to be added already.")


class Sender:
    """Somebody who sends an upload part by part, as the program meets them."""

    def __init__(self, uploads: Uploads, length: int) -> None:
        self._parts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._told: list[Any] = []
        headers = [(b"content-length", str(length).encode()), (b"content-type", b"multipart/form-data; boundary=x")]
        path = "/gradio_api/upload"
        scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b""}
        self._answering = asyncio.create_task(uploads(scope, self._parts.get, self._tell))

    async def _tell(self, message: Any) -> None:
        self._told.append(message)

    async def send(self, size: int, *, more: bool = True) -> None:
        await self._parts.put({"type": "http.request", "body": bytes(size), "more_body": more})
        await asyncio.sleep(0.05)

    async def answer(self) -> tuple[int, str]:
        await asyncio.wait_for(self._answering, 20)
        return self._told[0]["status"], self._told[1]["body"].decode()


def reading(folder: Path, silent: float) -> Uploads:
    """As Gradio reads, whose parser knows `MultiPartException`."""

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        try:
            read = len(await Request(scope, receive).body())
            response = PlainTextResponse(f"let through {read}")
        except MultiPartException as error:
            response = PlainTextResponse(error.message, 400)
        await response(scope, receive, send)

    return Uploads(inside, folder, lambda _: 10**12, silent)


def test_uploads_that_say_much_and_send_nothing_keep_nobody_out_and_are_ended(tmp_path: Path) -> None:
    async def all_of_it() -> None:
        uploads = reading(tmp_path, silent=1)
        silent = [Sender(uploads, MAX_TOTAL_MB * MB) for _ in range(8)]
        await asyncio.sleep(0.05)
        other = Sender(uploads, 9)
        await other.send(9, more=False)
        assert await other.answer() == (200, "let through 9")
        for one in silent:
            assert await one.answer() == (408, "Nothing of this upload came any more. Drop the files once more.")

    looping.run(all_of_it())


def test_what_comes_is_counted_over_all_and_forgotten_with_its_upload(tmp_path: Path) -> None:
    with (tmp_path / "waits.txt").open("wb") as file:
        file.truncate(990 * MB)

    async def all_of_it() -> None:
        uploads = reading(tmp_path, silent=10)
        first, second = Sender(uploads, 8 * MB), Sender(uploads, 8 * MB)
        await first.send(7 * MB)
        await second.send(2 * MB)
        await second.send(2 * MB)
        status, sentence = await second.answer()
        assert (status, "wait to be added already" in sentence) == (507, True)
        third = Sender(uploads, 2 * MB)
        await third.send(2 * MB, more=False)
        assert (await third.answer())[0] == 200
        await first.send(1 * MB, more=False)
        assert (await first.answer())[0] == 200
        fourth = Sender(uploads, 9 * MB)
        await fourth.send(9 * MB, more=False)
        assert (await fourth.answer())[0] == 200

    looping.run(all_of_it())


def test_a_page_that_is_told_to_stop_leaves_no_upload_behind(tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus", dockers="The crane must be mended, the dockers write.\n")
    parallax("index", corpus, home=tmp_path)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with chat(home=tmp_path, TMPDIR=str(temporary)) as served:
        got = httpx.post(f"{served.url}/gradio_api/upload", files={"files": ("a.txt", TEXT)})
        assert Path(got.json()[0]).is_relative_to(temporary)
        served.end(signal.SIGTERM)
        assert [*temporary.glob("parallax-*")] == []
        assert "Traceback" not in served.said


class Shelf:
    """The page as somebody with a command line meets it."""

    def __init__(self, corpus: Path, page: Any, client: TestClient) -> None:
        self.corpus, self.page, self._client = corpus, page, client

    def upload(self, *files: tuple[str, bytes]) -> Any:
        return self._client.post("/gradio_api/upload", files=[("files", file) for file in files])

    def add(self, paths: list[str]) -> dict[str, str]:
        """Press the button; returns what is said of each file."""
        (button,) = (id for id, block in self.page.blocks.items() if getattr(block, "elem_id", None) == "update")
        (number,) = (id for id, fn in self.page.fns.items() if (button, "click") in fn.targets)
        files = [{"path": path, "meta": {"_type": "gradio.FileData"}} for path in paths]
        body = {"data": [files, False], "fn_index": number, "session_hash": "s"}
        assert self._client.post("/gradio_api/queue/join", json=body).status_code == 200
        told: dict[str, str] = {}
        with self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": "s"}) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    said = message["output"]["data"][0]
                    if isinstance(said, dict):
                        told = {file["name"]: file["says"] for file in said.get("files", [])}
                    return told
        raise AssertionError("the stream ended")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder = tmp_path_factory.mktemp("uploads")
    corpus = write(folder / "corpus", dockers="The crane must be mended, the dockers write.\n")
    update(corpus, Store(folder / "store"), WordEmbedder())
    with Assistant(Reader(Store(folder / "store"), WordEmbedder())) as assistant:
        page, app = build(assistant)
        with TestClient(app) as client:
            yield Shelf(corpus, page, client)


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(4):
            file.writestr(f"word/{number}.xml", bytes(100 * MB))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.png", TEXT, "cannot be read"),
        ("program.exe", b"MZ", "cannot be read"),
        ("empty.txt", b"", "empty"),
        (".hidden.txt", TEXT, "hidden file"),
        ("photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(200), "binary data"),
        ("text.pdf", TEXT, "ending says PDF"),
        ("packed.txt", b"PK\x03\x04 packed", "packed file"),
        ("bomb.docx", bomb(), "more than a document should"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_file_gets_one_sentence_and_the_rest_is_added(
    shelf: Shelf, name: str, content: bytes, sentence: str
) -> None:
    good = f"beside-{name}.txt"
    paths = shelf.upload((name, content), (good, TEXT + name.encode())).json()
    told = shelf.add(paths)
    assert [what for what, says in told.items() if sentence in says] != []
    assert (shelf.corpus / good).read_bytes() == TEXT + name.encode()
    assert "dockers.txt" in {path.name for path in shelf.corpus.iterdir()}


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.txt",
        "/etc/evil.txt",
        "..\\evil.txt",
        "a\tb\n.txt",
        "\u202etxt.exe.txt",
        "x" * 250 + ".txt",
        "CON.txt",
    ],
)
def test_no_name_leads_out_of_the_folder_of_uploads_or_of_the_corpus(shelf: Shelf, name: str) -> None:
    before = {path for path in shelf.corpus.parent.rglob("*") if "store" not in path.parts}
    got = shelf.upload((name, b"Evil words about the mill of Marrowby.\n" + name.encode("utf-8", "replace")))
    if got.status_code == 200:
        shelf.add(got.json())
    new = {path for path in shelf.corpus.parent.rglob("*") if "store" not in path.parts} - before
    assert all(path.parent == shelf.corpus for path in new if path.is_file() and ".parallax" not in path.parts)
    for path in new:
        check_name(path.name)  # what no file of a corpus should be called is refused, or called otherwise
    assert not Path("/etc/evil.txt").exists()


def test_more_files_than_are_added_at_a_time_are_told_one_by_one(shelf: Shelf) -> None:
    paths = shelf.upload(*((f"many-{at}.txt", TEXT + str(at).encode()) for at in range(52))).json()
    told = shelf.add(paths)
    assert [name for name, says in told.items() if "At most 50 files" in says] == ["many-50.txt", "many-51.txt"]
    assert (shelf.corpus / "many-49.txt").exists()


def test_uploads_that_nobody_used_are_removed_in_time(shelf: Shelf) -> None:
    (path,) = shelf.upload(("waits.txt", TEXT)).json()
    assert Path(path).exists()
    assert shelf.page.delete_cache == (3600, 3600)
    delete_files_created_by_app(shelf.page, 3600)
    assert Path(path).exists()
    delete_files_created_by_app(shelf.page, -1)
    assert not Path(path).exists()
