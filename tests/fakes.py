"""Stand-ins that behave: an embedder that knows words, and an embeddings endpoint that does what a script says."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import Vectors
from index.errors import EmbedderUnavailable
from index.generation import Generation, Store


class WordEmbedder:
    """Texts are near when they share words of four letters and more; the shorter ones are mostly function words.

    Remembers what it was asked to embed.
    """

    host: str | None = None

    def __init__(
        self,
        name: str = "words",
        *,
        dimensions: int = 256,
        delay: float = 0.0,
        failures: Mapping[int, BaseException] | None = None,
        on_batch: Callable[[int], object] = id,
        log: Path | None = None,
        workers: Path | None = None,
    ) -> None:
        """Set up.

        Args:
            delay: seconds that each batch takes.
            failures: what to raise instead of answering the call with this number, from 1.
            on_batch: called with that number before the answer.
            log: file that every embedded text is noted in, one hash a line; outlives a killed process.
            workers: folder in which each process that embeds makes a file, whose name is its number.
        """
        self.name = name
        self.fingerprint = f"{name} {dimensions}"
        self.dimensions = dimensions
        self.calls = 0
        self.texts: list[str] = []
        self._delay, self._failures, self._on_batch = delay, dict(failures or {}), on_batch
        self._log, self._workers = log, workers

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        self._on_batch(self.calls)
        if self._workers is not None:
            (self._workers / str(os.getpid())).touch()
        if self.calls in self._failures:
            raise self._failures[self.calls]
        time.sleep(self._delay)
        self.texts += texts
        if self._log is not None:
            lines = "".join(sha256(text.encode()).hexdigest() + "\n" for text in texts)
            descriptor = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.write(descriptor, lines.encode())
            os.close(descriptor)
        return np.array([self._vector(text) for text in texts], np.float32).reshape(len(texts), self.dimensions)

    def tokens(self, text: str) -> int:
        return len(text.split())

    def _vector(self, text: str) -> np.ndarray:
        row = sum((_direction(word, self.dimensions) for word in re.findall(r"\w{4,}", text.lower())), np.zeros(1))
        row = row if row.any() else _direction("", self.dimensions)
        return (row / np.linalg.norm(row)).astype(np.float16).astype(np.float32)


class FragileEmbedder(WordEmbedder):
    """Ends its process when it counts the words of a text that holds "poison". Notes every text that it counts."""

    def __init__(self, counted: Path, deaths: int | None = None) -> None:
        """Set up.

        Args:
            counted: a folder for its notes, which outlive it.
            deaths: so often, then no more; None means always.
        """
        super().__init__()
        self._counted, self._deaths = counted, deaths
        counted.mkdir(exist_ok=True)

    def tokens(self, text: str) -> int:
        (self._counted / sha256(text.encode()).hexdigest()).touch()
        if "poison" in text:
            death = self._counted / f"death {len(list(self._counted.glob('death *'))) + 1}"
            if self._deaths is None or int(death.name.split()[1]) <= self._deaths:
                death.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        if "unweighable" in text:
            raise EmbedderUnavailable("The weights are gone", "Get them back")
        return super().tokens(text)


@cache
def _direction(word: str, dimensions: int) -> np.ndarray:
    seed = int.from_bytes(sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(dimensions)


class EmbeddingsServer(ThreadingHTTPServer):
    """An endpoint that speaks OpenAI's embeddings protocol and follows a script; its last step holds for good.

    Steps: "ok", a status as int, "shape", "text", "nan", "count", "length", "hang". Remembers its requests.
    """

    daemon_threads = True

    def __init__(self, script: Sequence[str | int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = list(script)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: EmbeddingsServer

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(request)
        self.server.keys.append(self.headers["Authorization"])
        script = self.server.script
        step = script.pop(0) if len(script) > 1 else script[0]
        if step == "hang":
            self.server.over.wait(20)
            return
        if isinstance(step, int):
            self._send(step, {"error": {"message": "as the script says", "type": "scripted"}})
            return
        rows = WordEmbedder(dimensions=16).embed(request["input"]).tolist()
        match step:
            case "nan":
                rows[-1][3] = float("nan")
            case "count":
                rows.pop()
            case "length":
                rows = [row[:8] for row in rows]
        data = [{"object": "embedding", "index": at, "embedding": row} for at, row in enumerate(rows)]
        body: object = {"object": "list", "model": request["model"], "data": data[::-1]}  # the index says the order
        self._send(200, {"shape": {"embeddings": rows}, "text": "so sorry"}.get(str(step), body))

    def _send(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("retry-after-ms", "10")  # or the client would wait a second before it tries again
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running(server: Any) -> Iterator[Any]:
    """Serve for the length of a block; whatever the server's script still waits for is over then."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()


@contextmanager
def embeddings_server(*script: str | int) -> Iterator[EmbeddingsServer]:
    """Run an endpoint for the length of a block."""
    with running(EmbeddingsServer(script)) as server:
        yield server


def write(folder: Path, **files: str) -> Path:
    """Write text files; the name `a` makes `a.txt`, and `essays__a` makes `essays/a.txt`."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def opened(store: Store) -> Iterator[Generation]:
    """The current generation, for the length of a block."""
    generation = store.open()
    try:
        yield generation
    finally:
        generation.close()


def contents(store: Store) -> list[tuple[str, int, int, str, bytes]]:
    """All that the current generation holds: document, start, end, text and vector of each passage, sorted."""
    with opened(store) as generation:
        library, matrix = generation.library, np.array(generation.matrix)
        rows: list[tuple[str, int, int, str, bytes]] = []
        for (_, key, start, end), vector in zip(library.passage_table.tolist(), matrix, strict=True):
            document = library.document(key)
            rows.append((document.id, start, end, document.text[start:end], vector.tobytes()))
        return sorted(rows)
