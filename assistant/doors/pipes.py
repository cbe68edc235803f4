"""The client that started us, behind our standard input and output: told of what is no message, and followed when gone.

The package of the protocol drops a line that is no message without a word, and whoever sent it waits for ever. It also
notices that a client is gone only where that closes our input.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from mcp.shared.message import SessionMessage
from mcp.types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError
from pydantic import ValidationError


@asynccontextmanager
async def messages(incoming: Any, outgoing: Any) -> AsyncIterator[Any]:
    """What a client sends, as a stream of messages; to what is none, it gets an answer.

    Args:
        incoming: the stream of messages and of what could not be read as one.
        outgoing: takes the answers.
    """
    passed, kept = anyio.create_memory_object_stream[Any](0)

    async def sort() -> None:
        async with passed:
            async for item in incoming:
                if not isinstance(item, Exception):
                    await passed.send(item)
                elif answer := _answer(item):
                    await outgoing.send(answer)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sort)
        yield kept
        tasks.cancel_scope.cancel()


def _answer(error: Exception) -> SessionMessage | None:
    """What is said to a line that is no message; nothing to an empty one."""
    first = error.errors()[0] if isinstance(error, ValidationError) else {}
    if not str(first.get("input", "-")).strip():
        return None
    if first.get("type") == "json_invalid":
        wrong = ErrorData(code=PARSE_ERROR, message="This line is not JSON. Send one message of JSON-RPC a line.")
    else:
        wrong = ErrorData(code=INVALID_REQUEST, message="This line is JSON, and no message of JSON-RPC 2.0.")
    return SessionMessage(JSONRPCError(jsonrpc="2.0", id=None, error=wrong))


def end_with_the_reader() -> None:
    """From now on, end this process once nobody is there any more to read its standard output.

    A thread that waits for the next line of input could not be told to stop, so it is ended where it stands.
    """
    output = os.dup(sys.stdout.fileno())  # what leads there is exchanged while the protocol is spoken

    def watch() -> None:
        listening = select.poll()
        listening.register(output, 0)  # that a reader is gone is told unasked
        listening.poll()
        os._exit(0)

    threading.Thread(target=watch, name="reader", daemon=True).start()
