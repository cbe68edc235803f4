"""`parallax serve` and `parallax token` as processes: what they say, who is let in, and that no token is told twice."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from chatting import Served, serving
from command import parallax, started

from tests.scripted_model import HANG, model_server

ASKED = {"question": "What do the dockers write?"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home: Path = tmp_path_factory.mktemp("serve")
    (home / "corpus").mkdir()
    (home / "corpus" / "dockers.txt").write_text("The crane must be mended before winter, the dockers write.\n")
    parallax("index", home / "corpus", home=home)
    return home


@contextmanager
def served(*arguments: object, home: Path, **environment: str) -> Iterator[Served]:
    with serving(started("serve", "--port", "0", *arguments, home=home, **environment)) as service:
        yield service


def test_it_serves_this_machine_and_ends_without_a_word(home: Path) -> None:
    with served(home=home) as service:
        url = service.url.removesuffix("/v1")
        assert url.startswith("http://127.0.0.1:")
        got = httpx.post(f"{url}/v1/ask", json=ASKED, timeout=60)
        assert got.json()["citations"][0]["document"] == "dockers.txt"
        until = time.monotonic() + 60
        while httpx.get(f"{url}/readyz").status_code != 200:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert httpx.get(f"{url}/v1/status", headers={"host": "evil.example"}).status_code == 421
        for garbage in (b"\x00\xff", b"[" * 50_000, b'{"question": 1}'):
            assert httpx.post(f"{url}/v1/ask", content=garbage).status_code == 415
        assert service.end() == 0
        assert service.said == (
            "No model is set: answers are digests, the sources' own sentences. Nothing leaves this machine.\n"
        )


def test_who_is_being_answered_when_it_ends_is_told_so(home: Path) -> None:
    model = "http://127.0.0.1:{}/v1"
    with (
        model_server(*[HANG] * 4) as writes,
        served(home=home, OPENAI_BASE_URL=model.format(writes.server_port), PARALLAX_MODEL="slow") as service,
    ):
        url = service.url.removesuffix("/v1")
        stream = {"accept": "text/event-stream"}
        with httpx.stream("POST", f"{url}/v1/ask", json=ASKED, headers=stream, timeout=60) as answer:
            lines = answer.iter_lines()
            assert next(lines) == "event: found"
            begun = time.monotonic()
            status = service.end()
            rest = list(lines)
        assert rest[-3] == "event: error"
        assert json.loads(rest[-2].removeprefix("data: "))["error"]["code"] == "ending"
        assert (status, "Traceback" in service.said, "ERROR" in service.said) == (0, False, False)
        assert time.monotonic() - begun < 30


def test_a_token_is_printed_once_and_lets_in(home: Path) -> None:
    file = home / "tokens"
    done = parallax("token", "bot", "--tokens", file, home=home)
    token = done.stdout.strip()
    assert token.startswith("plx_")
    assert token not in done.stderr
    assert token not in file.read_text()
    with served("--tokens", file, home=home) as service:
        shown = {"authorization": f"Bearer {token}"}
        assert httpx.post(f"{service.url}/ask", json=ASKED, timeout=60).status_code == 401
        assert httpx.post(f"{service.url}/ask", json=ASKED, headers=shown, timeout=60).status_code == 200
        parallax("token", "other", "--scope", "metrics", "--scope", "add", "--tokens", file, home=home)
        parallax("token", "bot", "--remove", "--tokens", file, home=home)
        assert httpx.post(f"{service.url}/ask", json=ASKED, headers=shown, timeout=60).status_code == 401
        assert service.end() == 0
        assert token not in service.said
    assert "other:add,metrics:sha256$" in file.read_text()


def test_without_tokens_nobody_else_can_reach_it(home: Path) -> None:
    said = parallax("serve", "--host", "0.0.0.0", "--port", "0", home=home, code=2).stderr
    assert "everybody would be let in. Name a file of tokens with --tokens FILE" in said


def test_what_cannot_be_done_is_a_sentence(home: Path) -> None:
    assert "cannot be read" in parallax("serve", "--tokens", home / "none", home=home, code=2).stderr
    assert "There is no scope all" in parallax("token", "bot", "--scope", "all", home=home, code=2).stderr
    assert "cannot be the name" in parallax("token", "a b", "--tokens", home / "x", home=home, code=2).stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert "listens there already" in parallax("serve", "--port", port, home=home, code=2).stderr
