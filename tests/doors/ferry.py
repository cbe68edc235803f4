"""Three short articles with two sides, and a question about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.doors.http import application
from assistant.doors.limits import Limits
from tests.serving import Serving

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
    serving = Serving(app, access_log=False)
    try:
        yield serving.url
    finally:
        serving.stop()
