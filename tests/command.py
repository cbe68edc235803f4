"""The command as its users run it, in a process of its own, with every way out of the machine closed.

What a command loads costs more than nearly all of them do with it, so `parallax` has each process forked from one that
has loaded it (forked_command.py); `started` and `fresh=True` begin with a new interpreter.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FORKED = Path(__file__).with_name("forked_command.py")
WITHIN = 120  # seconds


def started(*arguments: object, home: Path, stdin: int | None = None, **environment: str) -> subprocess.Popen[str]:
    """The command, running."""
    return subprocess.Popen(
        [sys.executable, FORKED, *map(str, arguments)],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PARALLAX_HOME": str(home), "PYTHONUNBUFFERED": "1", **environment},
        cwd=home,
    )


def parallax(
    *arguments: object, home: Path, code: int = 0, fresh: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command, run to its end."""
    done = (_fresh if fresh else _forked)(*arguments, home=home, **environment)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def _fresh(*arguments: object, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    process = started(*arguments, home=home, **environment)
    try:
        out, err = process.communicate(timeout=WITHIN)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _forked(*arguments: object, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    done = forked(*arguments, home=home, environment=environment)
    return subprocess.CompletedProcess(list(map(str, arguments)), done.status, done.out, done.err)


@dataclass(frozen=True)
class Done:
    """How a process ended."""

    status: int  # below 0: the signal that ended it
    out: str
    err: str
    memory: int  # the most that it had, in bytes; what is loaded before it begins included


def forked(
    *arguments: object, home: Path, environment: dict[str, str] | None = None, within: int = WITHIN, **more: Any
) -> Done:
    """The command, or `module` in its place, in a process forked from one that has loaded it.

    Args:
        more: `module`, whose `main` is called with the arguments; `killed_after`, in seconds; `file_limit`, in bytes.
    """
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        request = {
            "arguments": [*map(str, arguments)],
            "environment": {**os.environ, "PARALLAX_HOME": str(home), **(environment or {})},
            "folder": str(home),
            "out": str(out),
            "err": str(err),
            "within": within,
            **more,
        }
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        told = server.stdout.readline()
        assert told, "the process that forks the commands has ended"
        status, memory = map(int, told.split())
        # What was killed may have ended within a character, or before it had begun to print.
        texts = [file.read_text("utf-8", "replace") if file.exists() else "" for file in (out, err)]
        return Done(status, *texts, memory * 1024)


@cache
def _server() -> subprocess.Popen[str]:
    """One for all tests of this process."""
    environment = {name: value for name, value in os.environ.items() if name != "PARALLAX_HOME"}
    server = subprocess.Popen(
        [sys.executable, FORKED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    atexit.register(server.terminate)
    return server
