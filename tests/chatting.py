"""`parallax chat` as a process: what it says, and where its page is."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.command import WITHIN, started


class Served:
    """A page that a process serves."""

    url: str

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._told: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()
        assert process.stdout is not None
        first = process.stdout.readline()
        found = re.search(r"http://\S+", first)
        assert found, first + self.said
        self.url = found.group()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._told.append(line)

    @property
    def said(self) -> str:
        """What stands on standard error so far."""
        return "".join(self._told)

    def end(self, by: signal.Signals = signal.SIGINT) -> int:
        """As Ctrl+C ends it, or another signal; returns the exit status."""
        self._process.send_signal(by)
        status = self._process.wait(WITHIN)
        self._reading.join(5)
        return status


@contextmanager
def chat(*arguments: object, home: Path, **environment: str) -> Iterator[Served]:
    """The page of the index in this home, on a free port of this machine."""
    with serving(started("chat", "--port", "0", *arguments, home=home, **environment)) as served:
        yield served


@contextmanager
def serving(process: subprocess.Popen[str]) -> Iterator[Served]:
    """What a process serves, which is killed in the end."""
    try:
        yield Served(process)
    finally:
        process.kill()
        process.wait()
