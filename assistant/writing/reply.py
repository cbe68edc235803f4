"""A request to a model in, its reply out as it arrives: piece by piece, with what it took.

A reply that does not come to its own end is `ModelUnavailable`, never a shorter text, unless the reader ends it.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.errors import ModelUnavailable

# What the library raises where a reply has another shape than it should.
BROKEN = (OSError, ValueError, TypeError, AttributeError, RecursionError)

_LONGEST = 900.0  # seconds from the first sign of life to the end
_MOST = 60_000  # characters: four times what is asked for
_TICK = 0.05  # seconds after which the reader's Stop is noticed


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call took, as the endpoint counted it, or estimated where it did not."""

    tokens_in: int = 0
    tokens_out: int = 0
    counted: bool = False  # by the endpoint


class Reply:
    """A model's reply. Read once."""

    def __init__(
        self,
        send: Callable[[threading.Event], Any],
        sent_whole: Callable[[], None],
        failed: Callable[[BaseException | str, str], ModelUnavailable],
        silence: float,
        stop: threading.Event,
        tokens_in: int,
    ) -> None:
        """Set up; nothing is sent before it is read.

        Args:
            send: sends the request and returns the library's stream, or a whole reply; None once the event is set.
            sent_whole: called where the endpoint sends everything at once though it was asked for a stream.
            failed: what to raise for an exception of the library, or for a problem in words with its remedy.
            silence: seconds without a sign of life after which it is given up.
            stop: when it is set, the reply ends where it is.
            tokens_in: of the request, estimated.
        """
        self._send, self._sent_whole, self._failed = send, sent_whole, failed
        self._silence, self._stop = silence, stop
        self._arrived: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._stream: Any = None
        self._closed = threading.Event()
        self.begun = False  # whether anything came
        self.usage = Usage(tokens_in)

    def __iter__(self) -> Iterator[str]:
        """The pieces in order. Ends early where the reader stops.

        Raises:
            ModelUnavailable: the endpoint failed, or the reply did not come to its own end.
        """
        if self._stop.is_set():
            return
        # A thread of its own reads, because a read cannot be broken off from within.
        threading.Thread(target=self._read, name="model", daemon=True).start()
        try:
            yield from self._pieces()
        finally:
            self.close()

    def close(self) -> None:
        """End the reply where it is, by closing the connection.

        An endpoint that has not begun to answer learns of it when it does: the library lets nobody at the connection
        before that.
        """
        self._closed.set()
        if self._stream is not None:
            _hang_up(self._stream)

    def _pieces(self) -> Iterator[str]:
        heard = time.monotonic()
        first: float | None = None  # when the first sign of life came: what comes before is waiting
        length, finish = 0, None
        while not self._stop.is_set():
            try:
                kind, value = self._arrived.get(timeout=_TICK)
            except queue.Empty:
                if time.monotonic() - heard > self._silence:
                    problem = f"gave no sign of life for {self._silence:g} seconds"
                    raise self._failed(problem, "Raise model_timeout") from None
                continue
            heard = time.monotonic()
            first = first or heard
            match kind:
                case "piece":
                    length += len(value)
                    self.usage = Usage(self.usage.tokens_in, length // 4)
                    yield value
                case "usage":
                    self.usage = value
                case "finish":
                    finish = value
                case "end":
                    return self._require_end(finish)
                case "failed" if self.begun and not isinstance(value, ModelUnavailable):
                    raise self._failed("broke off in the middle of its reply", "Try again") from None
                case "failed":
                    raise self._failed(value, "") from None
                case "bug":
                    raise value
            self.begun = True
            if length > _MOST or heard - first > _LONGEST:
                raise self._failed("did not come to an end with its reply", "Try another model")

    def _require_end(self, finish: object) -> None:
        match finish:
            case None:
                raise self._failed("broke off in the middle of its reply", "Try again")
            case "length":
                raise self._failed("reached its greatest length before its reply was whole", "Try again")
            case "content_filter":
                raise self._failed("withheld a part of its reply", "Ask in other words")

    def _read(self) -> None:
        import httpx2
        import openai

        try:
            if not self._receive() and not self._closed.is_set():
                # No stream came. A whole reply is an empty stream to the library; all else is none.
                if "json" not in self._stream.response.headers.get("content-type", ""):
                    raise ValueError("no reply")
                self._sent_whole()
                self._receive()
            self._arrived.put(("end", None))
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, ModelUnavailable, *BROKEN) as error:
            self._arrived.put(("failed", error))
        except Exception as error:  # noqa: BLE001 a bug: raised where the reply is read, not lost in this thread
            self._arrived.put(("bug", error))

    def _receive(self) -> bool:
        """Hand on what arrives. Returns whether anything did."""
        self._stream = self._send(self._closed)
        if self._closed.is_set():
            _hang_up(self._stream)
            return False
        arrived = False
        for chunk in [self._stream] if hasattr(self._stream, "choices") else self._stream:
            if self._closed.is_set():
                break
            arrived = True
            for event in _events(chunk):
                self._arrived.put(event)
        return arrived


def _events(chunk: Any) -> Iterator[tuple[str, Any]]:
    """What one event of a stream holds, or a reply that came whole."""
    yield "alive", None
    if (usage := getattr(chunk, "usage", None)) is not None:
        asked, said = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
        if isinstance(asked, int) and isinstance(said, int):
            yield "usage", Usage(asked, said, counted=True)
    choices = getattr(chunk, "choices", None)
    for choice in choices[:1] if isinstance(choices, list) else ():
        said = getattr(choice, "delta", None) or getattr(choice, "message", None)
        content = getattr(said, "content", None)
        if isinstance(content, str) and content:
            yield "piece", content
        if (finish := getattr(choice, "finish_reason", None)) is not None:
            yield "finish", finish


def _hang_up(stream: Any) -> None:
    """Close the connection under a thread that may be waiting for it."""
    response = getattr(stream, "response", None)
    if response is None:
        return  # a reply that came whole
    with contextlib.suppress(OSError):  # it may be closed already
        if (network := response.extensions.get("network_stream")) and (raw := network.get_extra_info("socket")):
            raw.shutdown(socket.SHUT_RDWR)
