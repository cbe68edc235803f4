"""An application, served on this machine by a thread of this process."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import uvicorn

WITHIN = 60  # seconds for a server to start, and to end


class Serving:
    """A server that listens from the beginning until `stop`."""

    def __init__(self, app: Any, port: int = 0, **options: Any) -> None:
        """Begin to serve.

        Args:
            port: 0 for any that is free.
            options: uvicorn's.
        """
        self._listening = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listening.getsockname()[1]
        given = {"log_level": "warning", "timeout_graceful_shutdown": 1} | options
        self._server = uvicorn.Server(uvicorn.Config(app, **given))
        run, sockets = self._server.run, [self._listening]
        self._thread = threading.Thread(target=run, kwargs={"sockets": sockets}, daemon=True)
        self._thread.start()
        until = time.monotonic() + WITHIN
        while not self._server.started:
            assert self._thread.is_alive(), "the server ended before it listened"
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.01)

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """End it, and free its port."""
        self._server.should_exit = True
        self._thread.join(WITHIN)
        self._listening.close()
