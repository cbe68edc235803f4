"""The command as its users run it, in a process of its own, with every way out of the machine closed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_OFFLINE = """
import socket, sys
here = ("127.", "::1", "localhost")
look_up = socket.getaddrinfo
def refuse(*a, **k): raise AssertionError(f"something tried to leave the machine: {a}")
class Guarded(socket.socket):
    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(here):
            refuse(address)
        return super().connect(address)
socket.socket = Guarded
socket.getaddrinfo = lambda host, *a, **k: look_up(host, *a, **k) if str(host).startswith(here) else refuse(host)
from assistant.cli import main
sys.argv = ["parallax", *sys.argv[1:]]
main()
"""


def started(*arguments: object, home: Path, **environment: str) -> subprocess.Popen[str]:
    """The command, running."""
    return subprocess.Popen(
        [sys.executable, "-c", _OFFLINE, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PARALLAX_HOME": str(home), "PYTHONUNBUFFERED": "1", **environment},
        cwd=home,
    )


def parallax(*arguments: object, home: Path, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, run to its end."""
    process = started(*arguments, home=home, **environment)
    try:
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == code, err
    assert "Traceback" not in err
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
