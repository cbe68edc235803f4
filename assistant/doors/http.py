"""An assistant in, its HTTP service on this machine out.

    request ─► measured ─► a bug told without its text ─► gate: host, token ─► limits ─► routes ─► Assistant
                                                                                 └─► /mcp: tools ┘

Every failure has one shape: {"error": {"code", "message"}}.
"""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from http import HTTPStatus

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.assistant import Assistant
from assistant.doors import mcp
from assistant.doors.desk import Desk
from assistant.doors.gate import Gate
from assistant.doors.limits import Limiter, Limits
from assistant.doors.listening import Server, is_open_to_others
from assistant.doors.metrics import Measured, Metrics
from assistant.doors.problems import BUG, Problem, Refused, misunderstood, problem_of
from assistant.doors.routes import routes
from assistant.doors.tokens import Tokens
from assistant.errors import AssistantError, DoorUnusable
from assistant.exporting.bundle import own_version
from index.errors import CorpusError

_LOG = logging.getLogger(__name__)
_ABOUT = (
    "Ask a folder of articles that contradict one another. Every sentence of an answer is proven by exact passages: "
    "each with its place in its document, which side its source is on, and who speaks in it. A quote is always the "
    "slice `text[start:end]` of its document; offsets count Unicode characters."
)

_NO_JSON = Problem(400, "no_json", "The body is not JSON.")
_NOT_SAID_TO_BE_JSON = Problem(415, "other_kind", "Send JSON, with the header Content-Type: application/json.")


def application(
    assistant: Assistant, *, tokens: Tokens | None = None, only_local: bool = True, limits: Limits = Limits()
) -> FastAPI:
    """The service over one assistant.

    Args:
        tokens: who is let in; without them, everybody who can reach it.
        only_local: refuse requests under another name than this machine's own, and from pages of other sites.
    """
    threads = ThreadPoolExecutor(limits.at_once, "door")
    metrics = Metrics(assistant)
    desk = Desk(assistant, threads, metrics, limits)
    sessions = mcp.sessions(desk)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threads.submit(desk.warm)
        async with sessions.run():
            yield
        desk.updates.close()
        threads.shutdown(cancel_futures=True)  # waits for what still reads the index

    app = FastAPI(
        title="Parallax",
        version=own_version(),
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,  # these pages would load their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.end = desk.end  # for whoever serves it
    app.include_router(routes(desk))
    app.router.routes.append(mcp.route(sessions))
    app.add_exception_handler(AssistantError, _ours)
    app.add_exception_handler(CorpusError, _ours)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_middleware(_Heads)
    app.add_middleware(Limiter, limits=limits)
    app.add_middleware(Gate, known=tokens, only_local=only_local)
    app.add_middleware(_Faults)
    app.add_middleware(Measured, metrics=metrics)  # added last, it stands in front
    return app


def serve(
    assistant: Assistant,
    host: str,
    port: int,
    *,
    tokens: Tokens | None = None,
    limits: Limits = Limits(),
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until the program is interrupted.

    Args:
        ready: called with the address as soon as it can be reached.

    Raises:
        DoorUnusable: the port is taken, the host is not one of this machine, or others could reach it without tokens.
    """
    open_to_others = is_open_to_others(host)
    if tokens is None and open_to_others:
        problem = "others could reach it, and everybody would be let in"
        raise DoorUnusable(host, problem, "Name a file of tokens with --tokens FILE, or listen on 127.0.0.1")
    listening = _listen(host, port)
    app = application(assistant, tokens=tokens, only_local=not open_to_others, limits=limits)
    url = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
    # Who asks is told by tokens, or is on this machine: what a proxy says of addresses is not needed.
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        proxy_headers=False,
        server_header=False,
    )
    try:
        Server(config, lambda: ready(url), app.state.end).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # how this program is meant to end
    finally:
        listening.close()


class _Faults:
    """Tells a bug without its text, which stays in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-content-type-options", b"nosniff")]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:  # noqa: BLE001  the edge of the program
            _LOG.exception("A request could not be answered.")
            if scope["type"] == "http" and not begun:
                await BUG.response(scope, receive, noted)


class _Heads:
    """Answers HEAD as GET, without the body: what watches over a service often asks so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def headers_alone(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        asked = {**scope, "method": "GET"}
        try:
            await self._app(asked, receive, headers_alone)
        finally:
            if "route" in asked:
                scope["route"] = asked["route"]  # the figures are told by route


async def _ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, AssistantError | CorpusError)
    return problem_of(error).response


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return error.problem.response


async def _not_understood(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _NO_JSON.response
    if isinstance(first.get("input"), bytes):  # the body as it came: it was not said to be JSON
        return _NOT_SAID_TO_BE_JSON.response
    return misunderstood(error.errors()).response


async def _no_route(_: Request, error: Exception) -> Response:
    """What the framework refuses by itself."""
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    says = {404: "There is nothing at this address.", 405: "This address does not know that method."}
    message = says.get(error.status_code, f"This request cannot be read: {str(error.detail).rstrip('.')}.")
    response = Problem(error.status_code, code, message).response
    response.headers.update({name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"})
    return response


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise DoorUnusable(f"{host}:{port}", "something listens there already", "Choose another --port") from error
        problem = f"nothing can listen there ({error.strerror or error})"
        raise DoorUnusable(host, problem, "Choose an address of this machine") from error
