"""`parallax chat --auth` and `--auth-file` as processes: who gets in, what is shut before, and that no password is told."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from chatting import Served, chat
from command import FORKED, WITHIN, parallax

GOOD = {"user": "ines", "password": "quay and bridge"}
BAD = GOOD | {"password": "wrong"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home: Path = tmp_path_factory.mktemp("auth")
    (home / "corpus").mkdir()
    (home / "corpus" / "dockers.txt").write_text("The crane must be mended before winter, the dockers write.\n")
    parallax("index", home / "corpus", home=home)
    return home


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Served]:
    with chat("--auth", "ines", home=home, PARALLAX_PASSWORD=GOOD["password"]) as served:
        yield served


def test_nothing_is_shown_before_the_log_in_and_everything_after_it_until_the_log_out(served: Served) -> None:
    with httpx.Client(base_url=served.url, timeout=60) as client:
        assert client.get("/").headers["location"] == "/login"
        for path in ("/config", "/gradio_api/file=x", "/gradio_api/queue/data", "/theme.css", "/assets/x", "/logout"):
            assert (client.get(path).status_code, client.get(path).text) == (401, "Log in first."), path
        for path in ("/gradio_api/queue/join", "/gradio_api/component_server", "/gradio_api/upload", "/login/x"):
            assert client.post(path, json={}).status_code == 401, path
        entered = client.post("/login", data=GOOD)
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        assert "<gradio-app" in client.get("/").text
        assert "server_fns" in client.get("/config").text
        assert client.post("/gradio_api/queue/join", json={}).status_code == 400
        assert client.post("/logout").headers["location"] == "/login"
        assert client.get("/config").status_code == 401


def test_a_name_of_another_host_is_refused_with_a_session_too(served: Served) -> None:
    port = urlsplit(served.url).port
    with httpx.Client(base_url=served.url, timeout=60) as client:
        client.post("/login", data=GOOD)
        assert client.get("/config", headers={"host": f"localhost:{port}"}).status_code in (200, 401)
        assert client.get("/config", headers={"host": "evil.example"}).status_code == 421
        assert client.post("/login", data=GOOD, headers={"host": "evil.example"}).status_code == 421


def test_failed_tries_lock_out(home: Path) -> None:
    with chat("--auth", "ines", home=home, PARALLAX_PASSWORD=GOOD["password"]) as served:
        assert [httpx.post(f"{served.url}/login", data=BAD).status_code for _ in range(6)] == [401] * 5 + [429]
        assert "Wait 5 minutes" in httpx.post(f"{served.url}/login", data=GOOD).text
        assert served.end() == 0
        assert GOOD["password"] not in served.said
        assert "Traceback" not in served.said


def test_a_file_of_users_is_written_lets_in_and_is_read_again(home: Path) -> None:
    file = home / "users"
    parallax("user", "ines", file, home=home, PARALLAX_PASSWORD=GOOD["password"])
    with chat("--auth-file", file, home=home) as served:
        jan = {"user": "jan", "password": "crane"}
        assert httpx.post(f"{served.url}/login", data=GOOD).status_code == 303
        assert httpx.post(f"{served.url}/login", data=jan).status_code == 401
        parallax("user", "jan", file, home=home, PARALLAX_PASSWORD="crane")
        assert httpx.post(f"{served.url}/login", data=jan).status_code == 303


def test_a_file_of_users_that_is_no_good_ends_the_command_with_a_sentence(home: Path) -> None:
    file = home / "open"
    file.write_text(parallax("user", "ines", home=home, PARALLAX_PASSWORD="x").stdout)
    file.chmod(0o644)
    assert "can be read by others" in parallax("chat", "--auth-file", file, home=home, code=2).stderr
    file.chmod(0o600)
    file.write_text("ines:x\n")
    assert "line 1: this is no line" in parallax("chat", "--auth-file", file, home=home, code=2).stderr
    both = ("chat", "--auth-file", file, "--auth", "ines")
    assert "Give one of --auth and --auth-file" in parallax(*both, home=home, code=2).stderr


def test_without_a_terminal_and_a_password_there_is_a_sentence(home: Path) -> None:
    assert "This needs a password" in parallax("user", "ines", home=home, code=2).stderr


# Makes standard input the terminal of a session of its own, and becomes the command. Not by pty.fork: a child that
# is forked from a process with threads may wait for ever for what one of them held.
ON_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_a_password_is_asked_for_twice_on_the_terminal_and_never_shown(home: Path) -> None:
    file = home / "typed"
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ON_TERMINAL, sys.executable, FORKED, "user", "ines", file],
        **dict.fromkeys(("stdin", "stdout", "stderr"), there),
        cwd=home,
        env=os.environ | {"PARALLAX_HOME": str(home)},
    )
    os.close(there)
    shown = b""

    def read() -> bytes:
        assert select.select([here], [], [], WITHIN)[0], shown
        try:
            return os.read(here, 1000)
        except OSError:  # as a terminal says that nobody writes to it any more
            return b""

    try:
        for _ in range(2):
            while not shown.endswith(b": "):  # the space comes once nothing is echoed, and what came before is dropped
                more = read()
                assert more, shown
                shown += more
            os.write(here, b"quay and bridge\n")
            shown += b"\n"
        while more := read():
            shown += more
        assert process.wait(WITHIN) == 0, shown
    finally:
        process.kill()
        process.wait()
        os.close(here)
    assert b"quay" not in shown
    assert file.read_text().startswith("ines:scrypt$")
