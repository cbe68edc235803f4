"""Three short articles with two sides, and a question about them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.doors.http import application
from assistant.doors.limits import Limits

TEXTS = {
    "ferry": "The ferry must stay\n\nThe ferry of Marrowby has crossed the sound since 1871. “The ferry pays its way,” "
    "says Ada Quill. The bridge over the sound would cost ninety million crowns.\n",
    "essays__bridge": "A bridge at last\n\nThe bridge over the sound costs ninety million crowns. Nobody can say what "
    "the ferry of Marrowby costs in a winter.\n",
    "diary": "A diary\n\nThe sound was grey all day and the ferry of Marrowby was late.\n",
}
LABELS = """
[perspectives.ferry]
label = "Ferry friends"
[perspectives.bridge]
label = "Bridge builders"
[[source]]
match = "ferry.txt"
perspective = "ferry"
published = "2025-03"
[[source]]
match = "essays/bridge.txt"
perspective = "bridge"
"""
ASKED = {"question": "What does the bridge over the sound cost?"}
Made = Callable[..., TestClient]


def serving(assistant: Assistant, **options: Any) -> TestClient:
    """A client of a service over this assistant, to be entered; options as of `application`."""
    limits = {"limits": Limits(per_minute=1_000_000, burst=1_000_000)} | options
    app = application(assistant, **limits)
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """A service behind a real server on this machine; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
