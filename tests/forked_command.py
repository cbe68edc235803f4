"""Runs the command once with the arguments given; without any, once for each line of standard input. Not a test.

Started by command.py. A line is a request as JSON: arguments, environment, folder, the files that take what is printed,
the seconds after which the command is ended, and perhaps what runs in its place (a module of the tests with a `main`),
how large a file may become, and after how many seconds it is killed. Each runs in a process forked from this one, where
everything that a command loads is loaded already; its exit status and the most memory that it had, in kB, go to
standard output.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
import time
import traceback
from pathlib import Path

# Where a script lies comes first, and there tests/assistant would be taken for the package.
sys.path[0] = str(Path(__file__).parents[1])

NEEDED = (
    *(
        "assistant.cli",
        "assistant.wiring",
        "assistant.evaluation.evaluate",
        "index.update",
        "index.embed",
        "index.vectors",
    ),
    *("chromadb.api.rust", "llama_index.core.node_parser", "llama_index.vector_stores.chroma", "tokenizers"),
    *("openai", "pydantic"),
)


def close_the_machine() -> None:
    """Whoever asks for another machine fails."""
    here = ("127.", "::1", "localhost")
    look_up = socket.getaddrinfo

    def refuse(*arguments: object) -> None:
        raise AssertionError(f"something tried to leave the machine: {arguments}")

    class Guarded(socket.socket):
        def connect(self, address: object) -> None:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(here):  # type: ignore[index]
                refuse(address)
            return super().connect(address)

    def guarded(host: object, *rest: object, **options: object) -> object:
        return look_up(host, *rest, **options) if str(host).startswith(here) else refuse(host)

    socket.socket = Guarded  # type: ignore[misc]
    socket.getaddrinfo = guarded  # type: ignore[assignment]


def command(arguments: list[str]) -> None:
    from assistant.cli import main

    sys.argv = ["parallax", *arguments]
    main()


def become(request: dict[str, object]) -> None:
    """Be the process that a shell would have started."""
    os.environ.clear()
    os.environ.update(request["environment"])  # type: ignore[arg-type]
    os.chdir(str(request["folder"]))
    files = (os.devnull, os.O_RDONLY), *((str(request[name]), os.O_WRONLY | os.O_CREAT) for name in ("out", "err"))
    for number, (path, mode) in enumerate(files):
        opened = os.open(path, mode, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))  # noqa: SIM115
    signal.alarm(int(str(request["within"])))
    if limit := request.get("file_limit"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(str(limit)),) * 2)


def answer(request: dict[str, object]) -> None:
    """Run one command and end. Tearing down an interpreter in which so much is loaded would take longer than most."""
    status: object = 1
    try:
        become(request)
        arguments, module = request["arguments"], request.get("module")
        importlib.import_module(str(module)).main(*arguments) if module else command(arguments)  # type: ignore[arg-type, misc]
        status = 0
    except SystemExit as end:
        status = end.code or 0
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        if not sys.stderr.closed:
            sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1)


def ended(child: int, after: float | None) -> tuple[int, int]:
    """Wait for a process, and kill it after so many seconds: its exit status, below 0 the signal, and its memory."""
    status = 0
    if after is not None:
        until = time.monotonic() + after
        while time.monotonic() < until:
            done, status, used = os.wait4(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status), used.ru_maxrss
            time.sleep(0.0005)
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), used.ru_maxrss


def serve() -> None:
    """Fork for each request."""
    from index.loading.load import language_of
    from index.terms import well_known

    for name in NEEDED:
        importlib.import_module(name)
    language_of("The harbour is closed until the council has met. " * 9), well_known()
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            answer(request)
        print(*ended(child, request.get("killed_after")), flush=True)


close_the_machine()
if sys.argv[1:]:
    command(sys.argv[1:])
else:
    serve()
