"""A process that prepares documents for another one: paths in, `Prepared` out. And the one that these are forked from.

What preparing loads takes seconds, so a first process loads it once and stays alone with it; for each socket that it
is handed, it forks a process that works at that socket. Started by forker.py. All sides speak pickle, as only a
process and its own children may.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
from pathlib import Path

from index.engines.prepare import chunker_for, prepare
from index.errors import CorpusError
from index.loading.chunk import Chunker

READY = b"!"


def main() -> None:
    """Load, then fork for whoever asks, until nobody can ask any more."""
    os.dup2(2, 1)  # libraries print; what they print is for people
    # Whatever is loaded when it is first needed is needed by a first document.
    prepare(Path(__file__).parents[1] / "sample", "council-votes-sixteen-to-fifteen.txt", Chunker(len, 200))
    with socket.socket(fileno=0) as asked:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # that a child ended is seen at its socket
        asked.send(READY)
        while handles := socket.recv_fds(asked, 1, 1)[1]:
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                asked.close()
                with socket.socket(fileno=handles[0]) as own:
                    _work(own)
                return
            os.close(handles[0])


def _work(own: socket.socket) -> None:
    """Be told which corpus, then prepare what is asked for until nobody asks any more."""
    with own.makefile("rb") as requests, own.makefile("wb") as answers:
        corpus, embedder = pickle.load(requests)
        chunker = chunker_for(embedder)
        while True:
            path = pickle.load(requests)
            try:
                answer: object = prepare(corpus, path, chunker)
            except CorpusError as error:
                answer = error
            pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()


if __name__ == "__main__":
    try:
        main()
    except (EOFError, OSError):  # who asked is gone
        sys.exit()
