"""A model that does what a script says, behind a real HTTP server that speaks OpenAI's chat protocol.

It streams, cuts off, fails, hangs, drips, refuses parameters and remembers what it was asked, as real endpoints do.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fakes import running


@dataclass(frozen=True)
class Say:
    """A reply, streamed in pieces."""

    text: str
    piece: int = 9  # characters of each
    delay: float = 0.0  # seconds before each
    first: float = 0.0  # seconds before the first
    finish: str | None = "stop"  # None: the stream ends without a finish_reason, as it does when it is cut
    cut: bool = False  # the connection breaks where the reply ends
    usage: tuple[int, int] | None = (1000, 100)
    whole: bool = False  # sent at once, as JSON, whatever was asked for
    hold: threading.Event | None = None  # waited for after the text, before the end


@dataclass(frozen=True)
class Fail:
    """A refusal."""

    status: int
    body: Any = field(default_factory=lambda: {"error": {"message": "scripted SENTINEL", "type": "scripted"}})
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """Bytes that are no reply."""

    content: bytes
    type: str = "text/event-stream"


HANG = "hang"  # nothing, until the test is over
DRIP = "drip"  # signs of life and never a word
RESET = "reset"  # the connection breaks before any answer
Step = Say | Fail | Raw | str


class ModelServer(ThreadingHTTPServer):
    """Follows a script, whose last step holds for good; a function is asked for its step with each request."""

    daemon_threads = True

    def __init__(
        self,
        script: Sequence[Step | Callable[[dict[str, Any]], Step]],
        *,
        refuses: Sequence[str] = (),
        context: int | None = None,
        models: Sequence[Mapping[str, Any]] = ({"id": "scripted"},),
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = list(script)
        self.refuses, self.context, self.models = set(refuses), context, models
        self.requests: list[dict[str, Any]] = []  # all that came, those refused included
        self.answered: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.hung_up = threading.Event()  # somebody left before the end
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def texts(self, number: int = -1) -> tuple[str, str]:
        """System and user message of a request that was answered."""
        system, user = self.answered[number]["messages"]
        return system["content"], user["content"]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no error of the server."""
        self.hung_up.set()


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.endswith("/models"):
            self._json(200, {"object": "list", "data": list(self.server.models)})
        else:
            self._json(404, {"error": {"message": "not here"}})

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        server.requests.append(request)
        server.keys.append(self.headers["Authorization"])
        for name in request:
            if name in server.refuses:
                error = {"message": f"Unsupported parameter: '{name}' SENTINEL", "param": name, "code": "unsupported"}
                return self._json(400, {"error": error})
        if server.context:
            wanted = sum(len(m["content"]) for m in request["messages"]) // 4
            wanted += request.get("max_tokens", request.get("max_completion_tokens", 0))
            if wanted > server.context:
                said = f"This model's maximum context length is {server.context} tokens. You asked for {wanted}."
                return self._json(400, {"error": {"message": said, "code": "context_length_exceeded"}})
        server.answered.append(request)
        step = server.script.pop(0) if len(server.script) > 1 else server.script[0]
        self._do(step(request) if callable(step) else step, request)
        return None

    def _do(self, step: Step, request: dict[str, Any]) -> None:
        match step:
            case Say():
                self._whole(step, request) if step.whole or not request.get("stream") else self._stream(step, request)
            case Fail():
                self._json(step.status, step.body, step.headers)
            case Raw():
                self._head(200, step.type, {"Connection": "close"})
                self.wfile.write(step.content)
                self.close_connection = True
            case "hang":
                self.server.over.wait(30)
                self.close_connection = True
            case "drip":
                self._head(200, "text/event-stream", {"Connection": "close"})
                while not self.server.over.wait(0.05):
                    self._write(b": still here\n\n")
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                self.connection.close()
                self.close_connection = True

    def _stream(self, step: Say, request: dict[str, Any]) -> None:
        self._head(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        self._event({"delta": {"role": "assistant", "content": ""}, "finish_reason": None}, request)
        time.sleep(step.first)
        for at in range(0, len(step.text), step.piece):
            time.sleep(step.delay)
            self._event({"delta": {"content": step.text[at : at + step.piece]}, "finish_reason": None}, request)
        if step.hold:
            step.hold.wait(30)
        if step.cut:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        if step.finish:
            self._event({"delta": {}, "finish_reason": step.finish}, request)
        if step.usage and request.get("stream_options"):
            usage = dict(zip(("prompt_tokens", "completion_tokens"), step.usage, strict=True))
            self._event(None, request, usage | {"total_tokens": sum(step.usage)})
        self._write(b"data: [DONE]\n\n", chunked=True)
        self.wfile.write(b"0\r\n\r\n")

    def _whole(self, step: Say, request: dict[str, Any]) -> None:
        choice = {"index": 0, "finish_reason": step.finish, "message": {"role": "assistant", "content": step.text}}
        self._json(200, self._frame(request) | {"object": "chat.completion", "choices": [choice]})

    def _event(self, choice: dict[str, Any] | None, request: dict[str, Any], usage: Any = None) -> None:
        frame = self._frame(request) | {"object": "chat.completion.chunk", "usage": usage}
        frame["choices"] = [] if choice is None else [{"index": 0, **choice}]
        self._write(b"data: " + json.dumps(frame).encode() + b"\n\n", chunked=True)

    def _frame(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"id": "scripted", "created": 1, "model": request["model"]}

    def _write(self, content: bytes, *, chunked: bool = False) -> None:
        try:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content) if chunked else content)
            self.wfile.flush()
        except OSError:
            self.server.hung_up.set()
            raise

    def _head(self, status: int, type: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _json(self, status: int, body: Any, headers: Mapping[str, str] = {}) -> None:
        content = json.dumps(body).encode()
        self._head(status, "application/json", {"Content-Length": str(len(content)), "retry-after-ms": "10", **headers})
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def model_server(*script: Step | Callable[[dict[str, Any]], Step], **options: Any) -> Iterator[ModelServer]:
    """Run a model for the length of a block."""
    with running(ModelServer(script, **options)) as server:
        yield server


def claim(text: str, *quotes: tuple[int, str], kind: str = "report", **more: Any) -> str:
    """A line of a reply."""
    listed = [{"passage": passage, "quote": quote} for passage, quote in quotes]
    return json.dumps({**more, "quotes": listed, "text": text, "kind": kind}, ensure_ascii=False) + "\n"


def judged(answered: str = "yes", missing: Sequence[str] = (), premise: Any = None) -> str:
    """The first line of a reply."""
    return json.dumps({"premise": premise, "answered": answered, "missing": list(missing)}, ensure_ascii=False) + "\n"


def passages(request: dict[str, Any]) -> dict[int, str]:
    """The passages that a request shows, by number."""
    user = request["messages"][1]["content"]
    found = re.findall(r"^PASSAGE (\d+) [^\n]*\n<<([0-9a-f]+)\n(.*?)\n\2>>$", user, re.DOTALL | re.MULTILINE)
    return {int(number): text for number, _, text in found}


def holding(request: dict[str, Any], quote: str) -> int:
    """The number of the passage that holds these words."""
    return next(number for number, text in passages(request).items() if quote in text)
