"""How much is asked at once, how often and at what length, over all who ask; what is beyond gets a sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.doors.problems import Problem, Refused
from index.loading.incoming import MAX_TOTAL_MB

_CALLERS = 10_000  # remembered
_UPLOADS = 2  # at once
_TOO_LONG = "This request has more than {bytes:,} bytes."
_LATE = Problem(408, "too_slow", "The rest of this request did not come.")
_UNSAID = Problem(411, "length_unsaid", "Say how long the request is, in the header Content-Length.")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one service bears."""

    per_minute: int = 600  # requests of one token, or of one address without tokens
    burst: int = 100  # of these at a time
    at_once: int = 16  # requests worked on
    waiting: int = 64  # requests that wait for their turn
    patience: float = 30.0  # seconds that one waits
    body: int = 5_000_000  # bytes of a request
    upload: int = (MAX_TOTAL_MB + 1) * 1_000_000
    arriving: float = 30.0  # seconds until a request must be there
    uploading: float = 900.0
    answer: float = 300.0  # seconds that an answer may take
    other: float = 60.0  # seconds that anything else may take


class Buckets:
    """How many requests each caller has left; they come back with time."""

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        # Not more at a time than come back in a minute: whoever allows five does not expect a hundred.
        self._rate, self._burst, self._clock = per_minute / 60, float(min(burst, per_minute)), clock
        self._left: dict[str, tuple[float, float]] = {}  # how many there were, and when

    def take(self, caller: str) -> float:
        """Take one. Returns the seconds until there is one again; 0 where there was one."""
        now = self._clock()
        left, then = self._left.get(caller, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        wait = 0.0 if left >= 1 else (1 - left) / self._rate
        self._left[caller] = (left if wait else left - 1, now)
        if len(self._left) > _CALLERS:
            self._forget(now)
        return wait

    def _forget(self, now: float) -> None:
        """Those who have all of theirs again; if that are too few, everybody."""
        full = self._burst
        self._left = {one: (n, at) for one, (n, at) in self._left.items() if n + (now - at) * self._rate < full}
        if len(self._left) > _CALLERS:
            self._left.clear()


class Queue:
    """Lets so many work at once and so many wait."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self._free, self._most, self._patience = asyncio.Semaphore(at_once), at_once + waiting, patience
        self._present = 0

    @asynccontextmanager
    async def present(self) -> AsyncIterator[None]:
        """Be one of those who work or wait.

        Raises:
            Refused: there are too many.
        """
        if self._present >= self._most:
            raise _busy(self._patience / 2)
        self._present += 1
        try:
            yield
        finally:
            self._present -= 1

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait to be one of those who work; errors as in `present`."""
        try:
            await asyncio.wait_for(self._free.acquire(), self._patience)
        except TimeoutError:
            raise _busy(self._patience / 2) from None
        try:
            yield
        finally:
            self._free.release()


class Limiter:
    """Stands in front of all that asks something of the corpus, behind the gate that says who asks."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits
        self._buckets = Buckets(limits.per_minute, limits.burst)
        self._queue = Queue(limits.at_once, limits.waiting, limits.patience)
        self._uploads = Queue(_UPLOADS, limits.waiting, limits.patience)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not (scope["path"].startswith("/v1/") or scope["path"] == "/mcp"):
            await self._app(scope, receive, send)
            return
        try:
            if wait := self._buckets.take(scope["parallax.caller"]):
                raise Refused(Problem(429, "too_many", "These are too many requests in a short time.", wait))
            if scope["method"] == "POST" and scope["path"] == "/v1/documents":
                await self._upload(scope, receive, send)
            else:
                await self._request(scope, receive, send)
        except Refused as refused:
            await refused.problem.response(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The body is read before a turn is taken, so that nobody can hold one by sending slowly."""
        async with self._queue.present():
            self._check_length(scope, self._limits.body)
            try:
                body = await asyncio.wait_for(self._read(receive), self._limits.arriving)
            except TimeoutError:
                raise Refused(_LATE) from None
            if body is None:
                return  # whoever asked has left
            async with self._queue.turn():
                await self._app(scope, _again(body, receive), send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Files go to the disk as they come; the server holds them to the length that they have said."""
        async with self._uploads.present(), self._uploads.turn():
            if self._check_length(scope, self._limits.upload) is None:
                raise Refused(_UNSAID)
            end = time.monotonic() + self._limits.uploading

            async def timely() -> Message:
                try:
                    return await asyncio.wait_for(receive(), max(0.0, end - time.monotonic()))
                except TimeoutError:
                    raise HTTPException(_LATE.status, _LATE.message) from None

            await self._app(scope, timely, send)

    def _check_length(self, scope: Scope, most: int) -> int | None:
        """How many bytes a request says that it brings; None where it does not say so.

        Raises:
            Refused: they are too many.
        """
        said = [value for name, value in scope["headers"] if name == b"content-length"]
        length = int(said[0]) if said and said[0].isdigit() else None
        if length is not None and length > most:
            raise Refused(Problem(413, "too_long", _TOO_LONG.format(bytes=most)))
        return length

    async def _read(self, receive: Receive) -> bytes | None:
        """The body of a request; None where it was broken off."""
        parts: list[bytes] = []
        length, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            parts.append(message.get("body", b""))
            length += len(parts[-1])
            if length > self._limits.body:
                raise Refused(Problem(413, "too_long", _TOO_LONG.format(bytes=self._limits.body)))
            more = message.get("more_body", False)
        return b"".join(parts)


def _busy(later: float) -> Refused:
    return Refused(Problem(503, "busy", "Too many questions are being answered. Try again later.", later))


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, for somebody else to read."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return first.pop() if first else await receive()

    return read
