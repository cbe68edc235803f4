"""Runs what the crash tests ask for, each run in a process of its own, forked so that the libraries load only once.

Started by tests/index/test_crash.py and tests/index/test_unusable.py; not a test itself. Reads one request a line from
standard input, as JSON, and answers each with the number of the process and, after another line, how it ended:

    {"corpus": ..., "store": ..., "log": ..., "batch": 4, "delay": 0.01, "file_limit": null}
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from pathlib import Path

import chromadb.api.rust  # noqa: F401
import llama_index.core.node_parser
import llama_index.vector_stores.chroma  # noqa: F401
from fakes import WordEmbedder

from index import CorpusError, Store, build
from index.loading.chunk import Chunker, sentences
from index.loading.load import language_of
from index.terms import well_known
from index.update import update


def run(request: dict[str, object]) -> str:
    """What became of one update, as a line."""
    if request.get("file_limit"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(str(request["file_limit"])),) * 2)
    build.BATCH = request.get("batch", build.BATCH)
    embedder = WordEmbedder(delay=float(str(request.get("delay", 0))), log=Path(str(request["log"])))
    try:
        update(Path(str(request["corpus"])), Store(Path(str(request["store"]))), embedder)
    except CorpusError as error:
        return f"{type(error).__name__}: {error}"
    return "done"


def main() -> None:
    # What an update loads when it first needs it is loaded before the fork.
    text = "The harbour is closed until the council has met. " * 9
    language_of(text), sentences(text), Chunker(len, 100).passages(text), well_known()
    print("ready", flush=True)
    for line in sys.stdin:
        outcome, into = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.write(into, run(json.loads(line)).encode())
                status = 0
            except BaseException:  # noqa: BLE001
                os.write(into, traceback.format_exc().encode())
            finally:
                os._exit(status)
        os.close(into)
        print(child, flush=True)
        sys.stdin.readline()  # until then the process may be killed: its number is not given to another one
        with os.fdopen(outcome) as told:
            text = told.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), text]), flush=True)


if __name__ == "__main__":
    main()
