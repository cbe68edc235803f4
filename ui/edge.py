"""A request in, on to Gradio where the page's own script could have made it; anything else gets a sentence here.

Gradio answers much of what it does not expect with a traceback on the terminal, and has routes that this page never
uses. So a route must be one of those that it uses, and what a request brings must be whole before Gradio reads it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.exceptions import ComponentProcessingError, InvalidPathError
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import plotting, words

# Bytes of one request with JSON. A question brings its conversation: a hundred answers take about one million.
_QUESTION, _OTHER = 20_000_000, 3_000_000
_LONG = 1_000_000  # bytes of JSON that are read beside the loop that serves everybody
_LONG_AT_ONCE = 2
_ID = 200  # characters of the names that a browser gives itself
# Of Gradio's interface, what its browser side asks for on this page.
_INTERFACE = re.compile(r"(.*?)/+gradio_api(?:/(.*))?", re.DOTALL)  # the path of a page, and a route of its own
_ROUTES = (
    *("queue/join", "queue/data", "component_server", "cancel", "reset"),
    *("upload", "upload_progress", "startup-events"),
)
_FILES = ("file=", "file/")
# Beside its interface, what a browser loads for a page, by the first part of its path.
_SHOWN = {
    *("", "config", "theme.css", "static", "assets", "svelte", "favicon.ico", "manifest.json", "robots.txt"),
    plotting.ADDRESS.removeprefix("/"),
}


class NotUnderstood(gr.Error):
    """What came is nothing that this page sends; Gradio prints no traceback for it."""

    def __init__(self) -> None:
        super().__init__(words.NOT_UNDERSTOOD, print_exception=False)


class Page(gr.Blocks):
    """Blocks that tell a wrong value from a bug: what does not fit a component is `NotUnderstood`."""

    async def preprocess_data(self, *arguments: Any, **options: Any) -> Any:
        """The values of a request as its components hand them on."""
        try:
            return await super().preprocess_data(*arguments, **options)
        except gr.Error as error:
            raise NotUnderstood from error
        # Of these pydantic's are ValueErrors; the last ones are what Gradio stumbles over when it looks for files.
        except (ValueError, ComponentProcessingError, InvalidPathError, TypeError, AttributeError, KeyError) as error:
            raise NotUnderstood from error


class Edge:
    """Stands in front of Gradio's routes, of every page by the path at which it is mounted."""

    def __init__(self, app: ASGIApp, pages: Mapping[str, gr.Blocks]) -> None:
        self._app = app
        self._pages = {path.rstrip("/"): page for path, page in pages.items()}
        self._reading = asyncio.Semaphore(_LONG_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif found := _INTERFACE.fullmatch(scope["path"]):
            page, route = self._pages.get(found[1]), (found[2] or "").rstrip("/")
            if page is None or not (route in _ROUTES or route.startswith(_FILES)):
                await PlainTextResponse(words.NOTHING_HERE, 404)(scope, receive, send)
            elif scope["method"] != "POST" or route == "upload":
                await self._app(scope, receive, send)
            else:
                await self._pass_on(page, route, scope, receive, send)
        elif self._is_shown(scope["path"]):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse(words.NOTHING_HERE, 404)(scope, receive, send)

    def _is_shown(self, path: str) -> bool:
        """Whether a path is one that a page needs, or none of a page."""
        below = [path.removeprefix(page) for page in self._pages if f"{path}/".startswith(f"{page}/")]
        return all(rest.strip("/").partition("/")[0] in _SHOWN for rest in below)

    async def _pass_on(self, page: gr.Blocks, route: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with JSON."""
        body = await _read(receive, _QUESTION if route == "queue/join" else _OTHER)
        if body is None:
            await PlainTextResponse(words.REQUEST_TOO_LONG, 413)(scope, receive, send)
        elif not await self._understands(page, route, body):
            await PlainTextResponse(words.NOT_UNDERSTOOD, 400)(scope, receive, send)
        else:
            await self._app(scope, _again(body, receive), send)

    async def _understands(self, page: gr.Blocks, route: str, body: bytes) -> bool:
        if len(body) <= _LONG:
            return _understands(page, route, body)
        async with self._reading:
            return await asyncio.to_thread(_understands, page, route, body)


def _understands(page: gr.Blocks, route: str, body: bytes) -> bool:
    """Whether a body says what its route needs to know."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(asked, dict):
        return False
    if route == "queue/join":
        return _is_name(asked.get("session_hash")) and _is_event(page, asked)
    if route == "component_server":
        return _is_name(asked.get("session_hash")) and _is_call(page, asked)
    return True


def _is_event(page: gr.Blocks, asked: dict[str, Any]) -> bool:
    number, data, about = asked.get("fn_index"), asked.get("data"), asked.get("event_data")
    event = page.fns.get(number) if type(number) is int else None
    if event is None or event.fn is None or not isinstance(data, list) or len(data) < len(event.inputs):
        return False
    return not event.collects_event_data or (isinstance(about, dict) and {"index", "value"} <= about.keys())


def _is_call(page: gr.Blocks, asked: dict[str, Any]) -> bool:
    number = asked.get("component_id")
    component = page.blocks.get(number) if type(number) is int else None
    functions: list[Any] = getattr(component, "server_fns", [])
    return "data" in asked and asked.get("fn_name") in [function.__name__ for function in functions]


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _ID


async def _read(receive: Receive, longest: int) -> bytes | None:
    """The body of a request; None where it is too long or was broken off."""
    parts: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > longest:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, for somebody else to read."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return first.pop() if first else await receive()

    return read
