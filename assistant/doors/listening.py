"""What the page and the HTTP door share of listening: who may reach an address, and when a server answers."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import ip_address

import uvicorn


class Server(uvicorn.Server):
    """Says when it answers, and when it is about to end."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], ending: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(config)
        self._say, self._end = started, ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if self.started:
            self._say()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: what is still being answered is waited for a little, and broken off then."""
        self._end()
        await super().shutdown(sockets)


def is_open_to_others(host: str) -> bool:
    """Whether other machines may reach what listens at this address."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host.lower() != "localhost"
