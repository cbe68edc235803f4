"""The web server around the page: addresses that cannot be used, and requests from strangers."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from ui.app import PageError, _is_local, serve


def test_a_taken_port_is_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        nobody: Any = None
        with pytest.raises(PageError, match=rf"Port {port} on 127.0.0.1 is taken .* --port {port + 1}$"):
            serve(nobody, port=port)


def test_a_host_of_another_machine_is_one_clear_sentence() -> None:
    nobody: Any = None
    with pytest.raises(PageError, match=r"The address 192\.0\.2\.1 cannot be used"):
        serve(nobody, "192.0.2.1", 0)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1:7860", True),
        ("localhost", True),
        ("LOCALHOST:1", True),
        ("[::1]:7860", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example:7860", False),
        ("localhost.evil.example", False),
        ("", False),
        ("[::1", False),
    ],
)
def test_only_names_of_this_machine_are_local(host: str, local: bool) -> None:
    assert _is_local({"type": "http", "headers": [(b"host", host.encode())]}) is local
