"""Who is let in, and what everybody else is told."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.door import Credentials, Door

GOOD = {"user": "ines", "password": "quay ✓ bridge"}
BAD = GOOD | {"password": "wrong"}


class Clock:
    """A time that passes when a test says so."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> TestClient:
    inside = Starlette(routes=[Route("/{path:path}", lambda _: PlainTextResponse("inside"), methods=["GET", "POST"])])
    return TestClient(Door(inside, Credentials("ines", "quay ✓ bridge"), clock), follow_redirects=False)


@pytest.mark.parametrize(
    "path", ["/config", "/gradio_api/call/ask", "/queue/join", "/gradio_api/file=x", "/logout", "//"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_session_no_route_answers(client: TestClient, path: str, method: str) -> None:
    got = client.request(method, f"http://testserver{path}", headers={"cookie": "parallax-session=forged"})
    assert got.status_code in (401, 303)
    assert "inside" not in got.text


def test_the_page_leads_to_the_log_in_and_the_log_in_to_the_page(client: TestClient) -> None:
    assert client.get("/").headers["location"] == "/login"
    assert 'type="password"' in client.get("/login").text
    got = client.post("/login", data=GOOD)
    assert (got.status_code, got.headers["location"]) == (303, "/")
    cookie = got.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert client.get("/config").text == "inside"


def test_behind_https_the_cookie_is_sent_over_https_only(client: TestClient) -> None:
    client.base_url = "https://testserver"  # type: ignore[assignment]
    assert "secure" in client.post("/login", data=GOOD).headers["set-cookie"].lower()


def test_a_session_ends_at_log_out_and_with_time(client: TestClient, clock: Clock) -> None:
    token = client.post("/login", data=GOOD).cookies["parallax-session"]
    assert client.post("/logout").headers["location"] == "/login"
    assert client.get("/config", headers={"cookie": f"parallax-session={token}"}).status_code == 401
    client.post("/login", data=GOOD)
    assert client.get("/config").text == "inside"
    clock.now += 12 * 3600 + 1
    assert client.get("/config").status_code == 401


@pytest.mark.parametrize(
    "data",
    [
        BAD,
        GOOD | {"user": "Ines"},
        {},
        {"user": "ines"},
        {"password": "quay ✓ bridge"},
        {"user": "\x00<b>", "password": "x"},
    ],
)
def test_what_does_not_fit_is_told_in_one_sentence(client: TestClient, data: dict[str, str]) -> None:
    got = client.post("/login", data=data)
    assert got.status_code == 401
    assert "This name and password do not fit." in got.text
    assert "set-cookie" not in got.headers
    assert "<b>" not in got.text


def test_a_huge_log_in_is_refused(client: TestClient) -> None:
    assert client.post("/login", data=GOOD | {"more": "x" * 20_000}).status_code == 413
    assert client.post("/login", content=b"user=ines&" + b"a=1&" * 2_000).status_code == 401


def test_after_five_failed_tries_an_address_waits_even_with_the_right_password(
    client: TestClient, clock: Clock
) -> None:
    assert [client.post("/login", data=BAD).status_code for _ in range(6)] == [401] * 5 + [429]
    got = client.post("/login", data=GOOD)
    assert got.status_code == 429
    assert "Wait 5 minutes" in got.text
    clock.now += 301
    assert client.post("/login", data=GOOD).status_code == 303
    assert client.post("/login", data=BAD).status_code == 401


def test_a_name_waits_after_twenty_failed_tries_from_many_addresses(clock: Clock) -> None:
    from ui.door import Tries

    tries = Tries(clock)
    assert all(tries.begin(f"192.0.2.{at}", "ines") for at in range(20))
    assert not tries.begin("192.0.2.99", "ines")
    assert tries.begin("192.0.2.99", "jan")
