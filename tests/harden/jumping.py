"""Runs the command, or another module of these tests, under a clock that jumps. Not a test.

The machine's clock stays as it is: `time.time` and `datetime.now` of this one process are moved, wherever they were
imported to. What waits by a monotonic clock is not moved, as on a machine whose clock is set.
"""

from __future__ import annotations

import ctypes
import datetime
import gc
import json
import sys
import time
from importlib import import_module

YEAR = 365 * 86_400.0


def main(jumps: str, module: str, *arguments: str) -> None:
    """Run it.

    Args:
        jumps: as JSON, pairs of seconds: after how many of them the clock goes wrong, and by how many.
        module: whose `main` is called; "" for the command.
    """
    set_clock([(float(after), float(by)) for after, by in json.loads(jumps)])
    if module:
        import_module(module).main(*arguments)
    else:
        from assistant.cli import main as command

        sys.argv = ["parallax", *arguments]
        command()


def set_clock(jumps: list[tuple[float, float]]) -> None:
    """Have the wall clock of this process go wrong, from now on; each jump holds until the next."""
    begun, true_time, true_ns = time.monotonic(), time.time, time.time_ns

    def wrong() -> float:
        gone = time.monotonic() - begun
        return next((by for after, by in reversed(jumps) if gone >= after), 0.0)

    time.time = lambda: true_time() + wrong()
    time.time_ns = lambda: true_ns() + int(wrong() * 1e9)
    kind, day = datetime.datetime, datetime.date
    _replace(kind, now=lambda cls, tz=None: cls.fromtimestamp(time.time(), tz))
    _replace(kind, utcnow=lambda cls: cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None))
    _replace(kind, today=lambda cls: cls.fromtimestamp(time.time()))
    _replace(day, today=lambda cls: cls.fromtimestamp(time.time()))


def _replace(kind: type, **methods: object) -> None:
    """Class methods of a type that is written in C, for all who hold it."""
    (names,) = gc.get_referents(kind.__dict__)
    for name, method in methods.items():
        names[name] = classmethod(method)  # type: ignore[arg-type]
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
