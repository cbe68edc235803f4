"""A real MCP client, for tests that are not asynchronous. Not a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, Tool

ERAS = ("auto", "legacy")  # of the protocol: without a handshake, and with one
WITHIN = 60  # seconds


class Caller:
    """What another program's assistant does."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal, self._client = portal, client

    def tools(self) -> dict[str, Tool]:
        return {tool.name: tool for tool in self._portal.call(self._client.list_tools).tools}

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        return self._portal.call(self._client.call_tool, tool, arguments)

    def call_telling(self, tool: str, **arguments: Any) -> tuple[CallToolResult, list[str | None]]:
        """What it answers, and what it tells meanwhile."""
        told: list[str | None] = []

        async def note(_: float, __: float | None, message: str | None) -> None:
            told.append(message)

        call = partial(self._client.call_tool, tool, arguments, progress_callback=note)
        return self._portal.call(call), told

    def begin(self, tool: str, **arguments: Any) -> Future[CallToolResult]:
        """A call, to be cancelled."""
        return self._portal.start_task_soon(self._client.call_tool, tool, arguments)

    @property
    def instructions(self) -> str | None:
        return self._client.instructions


@contextmanager
def client(server: Any, mode: str = "auto") -> Iterator[Caller]:
    """A client of a server in this process, of a command, or of a transport; as `mcp.Client` takes it."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(server, mode=mode, read_timeout_seconds=WITHIN)) as inner,
    ):
        yield Caller(portal, inner)


@contextmanager
def client_at(url: str, mode: str = "auto", token: str | None = None) -> Iterator[Caller]:
    """A client of an address, which shows a token."""

    @asynccontextmanager
    async def connected() -> AsyncIterator[Client]:
        shown = {"authorization": f"Bearer {token}"} if token else {}
        async with (
            httpx2.AsyncClient(headers=shown, timeout=WITHIN) as connection,
            Client(streamable_http_client(url, http_client=connection), mode=mode) as inner,
        ):
            yield inner

    with start_blocking_portal() as portal, portal.wrap_async_context_manager(connected()) as inner:
        yield Caller(portal, inner)


def said(result: CallToolResult) -> str:
    """The text of what a tool answered."""
    (part,) = result.content
    assert part.type == "text"
    return part.text
