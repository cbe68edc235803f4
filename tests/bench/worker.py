"""A process that answers lines of JSON with lines of JSON, seen from both ends.

What is measured runs in processes of its own: its memory can be told apart, it can live in another environment, and
two of them can stay loaded while they take turns. A worker imports heavy libraries inside its verbs, so that starting
it costs what starting the measured system costs.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
# Baselines must not reach for the network, nor tell anybody that they ran.
_QUIET = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "DO_NOT_TRACK": "1"}


class WorkerFailed(Exception):
    """A worker ended or refused; the text holds what it said last."""


class Worker:
    """The near end: starts the process, asks it, ends it."""

    def __init__(self, python: str, module: str, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        self._begun = time.perf_counter()
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                [python, "-m", f"tests.bench.{module}"],
                cwd=ROOT,
                env=os.environ | _QUIET,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def ask(self, verb: str, **request: Any) -> dict[str, Any]:
        """One request, one reply; every reply also says `rss_mb` and `peak_mb`.

        Raises:
            WorkerFailed: there was no reply.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"verb": verb, **request}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self._process.wait()
            said = " | ".join(self._log.read_text(errors="replace").strip().splitlines()[-3:])
            raise WorkerFailed(f"{verb} failed in {self._log.stem}: {said}")
        return json.loads(line)

    def since_start(self) -> float:
        """Seconds since the process was started."""
        return time.perf_counter() - self._begun

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def serve(verbs: Mapping[str, Callable[..., dict[str, Any]]]) -> None:
    """The far end: answer requests until there are no more."""
    # Libraries print; what they print goes to the log, and the replies keep a channel of their own.
    with os.fdopen(os.dup(1), "w") as replies:
        os.dup2(2, 1)
        for line in sys.stdin:
            request = json.loads(line)
            reply = verbs[request.pop("verb")](**request)
            replies.write(json.dumps(reply | memory()) + "\n")
            replies.flush()


def clocked(work: Callable[[], Any]) -> float:
    """How many seconds something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def memory() -> dict[str, float]:
    """What this process takes now, what it took at most, and what of it are pages of files, which others share."""
    try:
        # Not ru_maxrss: on Linux a child inherits the peak of the process that started it.
        lines = Path("/proc/self/status").read_text().splitlines()
    except FileNotFoundError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # bytes on macOS
        return {"rss_mb": peak, "peak_mb": peak, "files_mb": 0.0}
    told = (line.split(":") for line in lines if line.startswith(("Vm", "Rss")))
    sizes = {name: int(value.split()[0]) * 1024 / 1e6 for name, value in told}
    return {"rss_mb": sizes["VmRSS"], "peak_mb": sizes["VmHWM"], "files_mb": sizes["RssFile"]}
