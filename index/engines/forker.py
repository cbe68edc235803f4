"""One process out of which others are forked that prepare documents; what they load is loaded once.

Not multiprocessing: its children run the main module of the program that started them once more, which may be
anybody's script.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from index.embed import Embedder
from index.engines.worker import READY

GONE = (EOFError, OSError, pickle.UnpicklingError)  # what a process that died in the middle of something leaves


class Forker:
    """The process that others are forked from, as seen from here. To be used as a context: at its end all end."""

    def __init__(self) -> None:
        # What is imported is found as here, and never in the folder where the program was started. A group of its
        # own, since Ctrl+C is for this process to act on.
        folders = os.pathsep.join(str(Path(folder).absolute()) for folder in sys.path)
        self._near, far = socket.socketpair()
        with far:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "index.engines.worker"],
                stdin=far.fileno(),
                env=os.environ | {"PYTHONPATH": folders},
                process_group=0,
            )

    @property
    def group(self) -> int:
        """The group of this process and all that are forked from it."""
        return self._process.pid

    def is_ready(self) -> bool:
        """Wait until it has loaded what there is to load; whether it could."""
        return self._near.recv(1) == READY

    def fork(self, corpus: Path, embedder: Embedder) -> Forked:
        """A new process for the documents of a corpus.

        Raises:
            OSError: this one has ended.
        """
        near, far = socket.socketpair()
        with far:
            socket.send_fds(self._near, [b"f"], [far.fileno()])
        return Forked(near, pickle.dumps((corpus, embedder)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._near.close()
        with suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)
        self._process.wait()


class Forked:
    """A process that prepares documents, one at a time."""

    def __init__(self, near: socket.socket, task: bytes) -> None:
        self._near = near
        self._requests, self._answers = near.makefile("wb"), near.makefile("rb")
        self._requests.write(task)  # with the first path

    def ask(self, path: str) -> object:
        """What it answers.

        Raises:
            One of GONE: it has ended.
        """
        pickle.dump(path, self._requests)
        self._requests.flush()
        return pickle.load(self._answers)

    def hang_up(self) -> None:
        """End it once it is through with what it does; who waits for its answer is told at once."""
        with suppress(OSError):
            self._near.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Leave nothing of it."""
        self.hang_up()
        for part in (self._requests, self._answers, self._near):
            with suppress(OSError):  # what it was still to be told
                part.close()
