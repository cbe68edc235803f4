"""How often, how long and how much at once may be asked, and what whoever is beyond that is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ferry import ASKED, Made

from assistant import Assistant
from assistant.doors.limits import Buckets, Limits
from assistant.doors.tokens import Scope, Tokens, write


class Clock:
    """A time that passes when a test says so."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_fills_again_with_time_and_never_beyond_its_size() -> None:
    clock = Clock()
    buckets = Buckets(per_minute=60, burst=3, clock=clock)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == pytest.approx(1)
    assert buckets.take("b") == 0
    clock.now += 0.5
    assert buckets.take("a") == pytest.approx(0.5)
    clock.now += 0.5
    assert buckets.take("a") == 0
    clock.now += 3_600
    assert [buckets.take("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_who_may_ask_five_times_a_minute_may_not_ask_a_hundred_times_at_once(made: Made) -> None:
    client = made(limits=Limits(per_minute=5))
    assert [client.get("/v1/update").status_code for _ in range(6)] == [200] * 5 + [429]


def test_no_more_callers_are_remembered_than_needed() -> None:
    clock = Clock()
    buckets = Buckets(per_minute=60, burst=2, clock=clock)
    for number in range(25_000):
        buckets.take(str(number))
        clock.now += 0.01
    assert len(buckets._left) <= 10_001


def test_who_asks_too_often_is_told_when_to_come_again_and_nobody_else_is(made: Made, tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    one, other = ({"authorization": f"Bearer {write(file, name, [Scope.READ])}"} for name in ("one", "other"))
    client = made(tokens=Tokens(file), limits=Limits(per_minute=2, burst=2))
    assert [client.get("/v1/status", headers=one).status_code for _ in range(3)] == [200, 200, 429]
    got = client.get("/v1/status", headers=one)
    assert got.json()["error"]["code"] == "too_many"
    assert 25 <= int(got.headers["retry-after"]) <= 30
    assert client.get("/v1/status", headers=other).status_code == 200
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("told", [True, False], ids=["told its length", "in pieces"])
def test_a_request_that_is_too_long_is_not_read(made: Made, told: bool) -> None:
    client = made(limits=Limits(body=1_000))
    body = b'{"question": "' + b"x" * 2_000 + b'"}'
    content: Any = body if told else iter([body[:900], body[900:]])
    got = client.post("/v1/ask", content=content, headers={"content-type": "application/json"})
    assert (got.status_code, got.json()["error"]["code"]) == (413, "too_long")


def test_so_many_are_answered_at_once_so_many_wait_and_the_others_are_sent_away(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, working, most = threading.Event(), [], []
    real = Assistant.stream

    def slow(*arguments: Any, **options: Any) -> Iterator[Any]:
        working.append(1)
        most.append(len(working))
        go.wait(10)
        yield from real(*arguments, **options)
        working.pop()

    monkeypatch.setattr(Assistant, "stream", slow)
    client = made(limits=Limits(at_once=2, waiting=1, patience=8))
    with ThreadPoolExecutor(5) as threads:
        asked = [threads.submit(client.post, "/v1/ask", json=ASKED) for _ in range(5)]
        sent_away = [one for one in asked if _ends(one, 2)]
        assert client.get("/healthz").status_code == 200
        go.set()
        codes = sorted(one.result().status_code for one in asked)
    assert codes == [200, 200, 200, 503, 503]
    assert len(sent_away) == 2
    for one in sent_away:
        assert one.result().json()["error"]["code"] == "busy"
        assert int(one.result().headers["retry-after"]) >= 1
    assert max(most) == 2
    assert client.post("/v1/ask", json=ASKED).status_code == 200


def _ends(one: Any, within: float) -> bool:
    try:
        one.result(within)
    except TimeoutError:
        return False
    return True


def test_who_waits_too_long_is_sent_away(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    go, real = threading.Event(), Assistant.stream

    def slow(*arguments: Any, **options: Any) -> Iterator[Any]:
        go.wait(10)
        yield from real(*arguments, **options)

    monkeypatch.setattr(Assistant, "stream", slow)
    client = made(limits=Limits(at_once=1, waiting=5, patience=0.2))
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(client.post, "/v1/ask", json=ASKED) for _ in range(2)]
        while not any(one.done() for one in asked):
            pass
        go.set()
        assert sorted(one.result().status_code for one in asked) == [200, 503]
