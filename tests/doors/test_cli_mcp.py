"""`parallax mcp` as a process: a real client over its input and output, and that it is gone when its client is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pytest
from command import FORKED, WITHIN, parallax, started
from mcp import StdioServerParameters
from mcp.types import INVALID_REQUEST, PARSE_ERROR
from protocol import ERAS, client, said

ASKED = {"question": "What do the dockers write?"}
TEXT = "The crane must be mended before winter, the dockers write.\n"
NO_MODEL = "No model is set: answers are digests, the sources' own sentences. Nothing leaves this machine.\n"
_HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "by hand", "version": "1"},
}


NOISY = f"""
import sys
sys.path.insert(0, {str(FORKED.parents[1])!r})
import os
from assistant import Assistant
from assistant.cli import main
real = Assistant.search
def loud(*arguments, **options):
    print("a library says something")
    os.write(1, b"and another one")
    return real(*arguments, **options)
Assistant.search = loud
sys.argv = ["parallax", "mcp"]
main()
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home: Path = tmp_path_factory.mktemp("mcp")
    (home / "corpus").mkdir()
    (home / "corpus" / "dockers.txt").write_text(TEXT)
    parallax("index", home / "corpus", home=home)
    return home


@contextmanager
def ending(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """The process, which is killed in the end, and where it hangs."""
    late = threading.Timer(WITHIN, process.kill)
    late.start()
    try:
        yield process
    finally:
        late.cancel()
        process.kill()
        process.wait()


def running(home: Path) -> AbstractContextManager[subprocess.Popen[str]]:
    return ending(started("mcp", home=home, stdin=subprocess.PIPE))


def line(method: str, id: int | None = None, **params: Any) -> str:
    return (
        json.dumps({"jsonrpc": "2.0", "method": method, "params": params} | ({} if id is None else {"id": id})) + "\n"
    )


def greeted(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    """Its input and its output, once it has said what it is."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(line("initialize", 1, **_HELLO))
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == 1
    return process.stdin, process.stdout


@pytest.mark.parametrize("era", ERAS)
def test_a_client_starts_it_asks_and_ends_it(home: Path, era: str) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=[str(FORKED), "mcp"], env={"PARALLAX_HOME": str(home)}, cwd=home
    )
    with client(command, era) as caller:
        answer = caller.call("ask", **ASKED)
        (citation,) = answer.structured_content["citations"]
        assert citation["document"] == "dockers.txt"
        assert (
            citation["quote"] == TEXT[citation["start"] : citation["end"]] == "The crane must be mended before winter"
        )
        assert "[1] “The crane" in said(answer)
        assert caller.call("read", document="dockers.txt").structured_content["text"] == TEXT
        refused = caller.call("read", document="../dockers.txt")
        assert refused.is_error
        assert "dockers.txt" in said(refused)
    assert not running_at(home)


def running_at(home: Path) -> list[str]:
    """The processes that stand in this folder."""
    places = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            places[process.name] = (process / "cwd").readlink()
        except OSError:
            continue  # ended meanwhile, or somebody else's
    return [id for id, place in places.items() if place == home]


def test_only_the_protocol_stands_on_its_output_and_it_ends_with_its_input(home: Path) -> None:
    asked = [
        line("initialize", 1, **_HELLO),
        line("notifications/initialized"),
        "garbage\n",
        "[" * 10_000 + "\n",
        "\x00\ud800\n".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        "\n",
        '{"id": 9}\n',
        line("tools/call", 2, name="search", arguments=ASKED),
        line("nothing", 3),
        line("tools/call", 4, name="search", arguments={"question": 7}),
    ]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    environment = {**os.environ, "PARALLAX_HOME": str(home)}
    with ending(
        subprocess.Popen([sys.executable, "-c", NOISY], text=True, cwd=home, env=environment, **pipes)
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("".join(asked))
        process.stdin.flush()
        answers: dict[int, Any] = {}
        wrong: list[int] = []
        while {2, 3, 4} - set(answers):
            told = json.loads(process.stdout.readline())
            assert told["jsonrpc"] == "2.0"
            if told["id"] is None:
                wrong.append(told["error"]["code"])
            answers[told["id"]] = told
        out, err = process.communicate(timeout=30)
    assert answers[2]["result"]["structuredContent"]["hits"][0]["quote"] == TEXT
    assert answers[3]["error"]["message"] == "Method not found"
    assert wrong == [PARSE_ERROR] * 3 + [INVALID_REQUEST]  # a line that is empty is none
    assert answers[4]["result"]["isError"]
    assert out == ""
    assert process.returncode == 0
    assert "a library says something" in err
    assert "and another one" in err
    assert "Traceback" not in err


def test_a_client_that_is_gone_takes_it_along(home: Path) -> None:
    with running(home) as process:
        stdin, stdout = greeted(process)
        stdin.write(line("notifications/initialized") + line("tools/call", 2, name="ask", arguments=ASKED))
        stdin.flush()
        stdin.close()
        stdout.close()
        status = process.wait(30)
        assert process.stderr
        assert (status, process.stderr.read()) == (0, NO_MODEL)


@pytest.mark.parametrize("asks", [False, True])
def test_a_client_that_reads_no_more_takes_it_along_though_its_input_is_open(home: Path, asks: bool) -> None:
    with running(home) as process:
        stdin, stdout = greeted(process)
        stdout.close()
        if asks:
            with suppress(BrokenPipeError):
                stdin.write(line("notifications/initialized") + line("ping", 2))
                stdin.flush()
        assert process.wait(30) == 0
        assert process.stderr
        assert process.stderr.read() == NO_MODEL


def test_ctrl_c_ends_it_while_it_waits(home: Path) -> None:
    with running(home) as process:
        greeted(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == -signal.SIGINT


def test_without_an_index_it_says_so_and_ends(tmp_path: Path) -> None:
    done = parallax("mcp", "--store", tmp_path / "none", home=tmp_path, code=2)
    assert done.stdout == ""
    assert "parallax index" in done.stderr
