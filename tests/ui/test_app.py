"""The web server around the page: addresses that cannot be used, and requests from strangers."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from ui.app import PageError, _is_local, is_open_to_others, serve


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


@pytest.mark.parametrize(
    ("host", "is_open"),
    [
        ("127.0.0.1", False),
        ("127.0.0.2", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("::", True),
        ("192.0.2.1", True),
        ("a-machine", True),
    ],
)
def test_other_machines_reach_every_address_but_loopback(host: str, is_open: bool) -> None:
    assert is_open_to_others(host) is is_open
