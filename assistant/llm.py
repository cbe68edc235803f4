"""Messages to a model in, its reply out as it arrives. The one file that talks to a model which writes.

Any endpoint that speaks OpenAI's chat protocol. What it refuses is left out and remembered; what is no whole reply is
`ModelUnavailable`, never a shorter text. Nothing that an endpoint sends stands in an error's sentence or in a log.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import ContextExceeded, ModelUnavailable
from assistant.quotes import visible
from assistant.refusals import LEAST_CONTEXT, Refusal, accepted

_LOG = logging.getLogger(__name__)

SILENCE = 120.0  # seconds without a sign of life; a model on a processor takes as long to read a long request
_LONGEST = 600.0  # seconds from its first word to its last
_CONNECT = 10.0  # seconds
_LIST = 3.0  # seconds for the list of models
_THINKING = 4  # times as many tokens for a model that thinks before it writes
_NAME = 100  # characters of a model's name
_MOST = 60_000  # characters of a reply: four times what is asked for
_TICK = 0.05  # seconds after which the reader's Stop is noticed
_RETRIES = 2  # after 429, 5xx and broken connections; the library honours Retry-After
CONTEXT = 8_192  # tokens, where nobody says how many a model can read; all that is sent fits into it
_HOSTS_HERE = ("127.0.0.1", "localhost", "::1", "0.0.0.0")

_BROKEN = (OSError, ValueError, TypeError, AttributeError)  # what the library raises where a reply has another shape


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call took, as the endpoint counted it, or estimated where it did not."""

    tokens_in: int = 0
    tokens_out: int = 0
    counted: bool = False  # by the endpoint
    cut: bool = False  # the reply ended at its greatest length


class Model:
    """One model behind one endpoint. Safe to use from several threads; remembers what the endpoint refused."""

    def __init__(
        self,
        name: str | None,
        base_url: str | None = None,
        *,
        key: str | None = None,
        context: int | None = None,
        silence: float = SILENCE,
    ) -> None:
        """Set up; nothing is sent yet.

        Args:
            name: as the endpoint calls it; None for the first that it lists.
            base_url: None for OpenAI's own.
            key: None where the endpoint wants none.
            context: tokens that the model can read; None to ask the endpoint.
            silence: seconds without a sign of life after which a reply is given up.
        """
        self._name = name
        self._base_url = base_url
        self._key = key
        self._context = context
        self._silence = silence
        self._refused: set[str] = set()
        self._learned: int | None = None
        self._list: list[dict[str, Any]] | None = None

    @property
    def name(self) -> str:
        """What the endpoint calls it."""
        return self._name or self._first_listed

    @property
    def shown_name(self) -> str:
        """What it is called, as far as is known without asking the endpoint."""
        return self._name or (self._first_listed if self._list else "the model that answers there")

    @cached_property
    def host(self) -> str:
        """Where passages are sent."""
        return urlsplit(str(self._client.base_url)).netloc

    @property
    def is_here(self) -> bool:
        """Whether that is this machine."""
        return urlsplit(str(self._client.base_url)).hostname in _HOSTS_HERE

    @property
    def context(self) -> int:
        """How many tokens it can read and write in one call, as far as is known."""
        return self._learned or self._context or self._told or CONTEXT

    @property
    def context_is_known(self) -> bool:
        """Whether its context was set, told or learned, and not assumed."""
        return bool(self._learned or self._context or self._told)

    def warm(self) -> None:
        """Load the library now, so that the first question does not have to wait for it. Sends nothing."""
        assert self._client

    def learn(self, tokens: int) -> None:
        """Remember that it can read no more than so many tokens."""
        self._learned = min(tokens, self._learned or tokens)

    @property
    def structures(self) -> bool:
        """Whether the endpoint has not refused to hold a reply to a schema."""
        return "response_format" not in self._refused

    @property
    def streams(self) -> bool:
        """Whether the endpoint has not answered a request for a stream with something else."""
        return "stream" not in self._refused

    def leave_out(self, option: str) -> None:
        """Remember that the endpoint refuses this."""
        self._refused.add(option)
        _LOG.info("%s refuses %s; it is left out from now on.", self.host, option)

    @property
    def refused(self) -> frozenset[str]:
        """What the endpoint was asked for and refused."""
        return frozenset(self._refused)

    def reply(
        self,
        system: str,
        user: str,
        *,
        most: int,
        stop: threading.Event,
        schema: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Ask, and hand out the reply as it arrives.

        Args:
            most: tokens that the reply may have.
            stop: when it is set, the reply ends where it is.
            schema: of the JSON object that the reply should be; sent as long as the endpoint takes it.
        """
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        wanted: dict[str, Any] = {"temperature": 0, "max_tokens": most, "stream_options": {"include_usage": True}}
        if schema is not None:
            named = {"name": "answer", "strict": True, "schema": schema}
            wanted["response_format"] = {"type": "json_schema", "json_schema": named}
        return Reply(self, messages, wanted, stop)

    # Used by `Reply`, in its own thread

    def send(self, messages: list[dict[str, str]], wanted: Mapping[str, Any]) -> Any:
        """Send a request without what the endpoint refuses, and return the stream of its reply."""
        import openai

        while True:
            sent = self._accepted(wanted)
            create = self._client.chat.completions.create
            try:
                return create(model=self.name, messages=messages, stream=self.streams, **sent)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                refusal = Refusal(error)
                if refusal.is_about_context:
                    raise ContextExceeded(self.host, refusal.context) from None
                refused = refusal.option(sent)
                if refused is None:
                    raise
                self.leave_out(refused)

    @property
    def silence(self) -> float:
        """Seconds without a sign of life after which a reply is given up."""
        return self._silence

    def failure(self, error: BaseException) -> ModelUnavailable:
        """Any failure of the endpoint as one sentence, in our words."""
        import openai

        if isinstance(error, ModelUnavailable):
            return error
        problem, remedy = "answered with something that is no reply of a model", "Check the address in OPENAI_BASE_URL"
        match error:
            case openai.APITimeoutError():
                problem, remedy = self._too_slow, "Try again, or raise model_timeout"
            case openai.APIConnectionError():
                problem, remedy = "could not be reached", "Check that it runs, and the address"
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                problem, remedy = "refused the key", "Set OPENAI_API_KEY to one that it accepts"
            case openai.NotFoundError():
                problem = "knows no model of this name, or has no chat at this address"
                remedy = "Check PARALLAX_MODEL and OPENAI_BASE_URL"
            case openai.RateLimitError():
                problem, remedy = "takes no more questions for now: its limit is reached", "Try again later"
            case openai.APIStatusError():
                problem, remedy = f"failed with status {error.status_code}", "Try again later"
        return ModelUnavailable(self.host, problem, remedy)

    @property
    def _too_slow(self) -> str:
        return f"gave no sign of life for {self._silence:g} seconds"

    def _accepted(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        sent = accepted(wanted, self._refused)
        if "max_completion_tokens" in sent:
            sent["max_completion_tokens"] *= _THINKING  # it counts what the model thinks, too
        return sent

    def _list_models(self) -> list[dict[str, Any]]:
        """What the endpoint says of its models; nothing where it has no list of them."""
        import openai

        if self._list is None:
            try:
                found = self._client.with_options(timeout=_LIST, max_retries=0).models.list().to_dict()
            except openai.NotFoundError:
                found = {}
            entries = found.get("data")
            self._list = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        return self._list

    @property
    def _first_listed(self) -> str:
        import openai

        try:
            names = [entry["id"] for entry in self._list_models() if isinstance(entry.get("id"), str)]
        except (openai.OpenAIError, *_BROKEN) as error:
            raise self.failure(error) from None
        if not names:
            raise ModelUnavailable(
                self.host, "does not say which models it has", "Set PARALLAX_MODEL to the one to use"
            )
        return visible(names[0])[:_NAME]

    @property
    def _told(self) -> int | None:
        """The context as vLLM, llama.cpp and others state it in their lists."""
        import openai

        try:
            listed = self._list_models()
        except (openai.OpenAIError, *_BROKEN):
            return None  # whether it can be reached at all shows when it is asked for a reply
        for entry in listed:
            if entry.get("id") == self._name or self._name is None:
                meta = entry.get("meta")
                values = [entry.get(name) for name in ("max_model_len", "context_length", "context_window", "n_ctx")]
                values += [meta.get("n_ctx")] if isinstance(meta, dict) else []
                return next((value for value in values if isinstance(value, int) and value >= LEAST_CONTEXT), None)
        return None

    @cached_property
    def _client(self) -> Any:
        import openai

        # The library insists on a key. Ours ends a reply by itself, so the library's own bound lies beyond.
        timeout = openai.Timeout(self._silence + 30, connect=_CONNECT)
        return openai.OpenAI(
            api_key=self._key or "none", base_url=self._base_url, timeout=timeout, max_retries=_RETRIES
        )


class Reply:
    """A model's reply: its text piece by piece, then `usage`. Read once."""

    def __init__(
        self, model: Model, messages: list[dict[str, str]], wanted: Mapping[str, Any], stop: threading.Event
    ) -> None:
        self._model, self._messages, self._wanted, self._stop = model, messages, wanted, stop
        self._arrived: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._stream: Any = None
        self._closed = threading.Event()
        self.usage = Usage(tokens_in=sum(len(message["content"]) for message in messages) // 4)

    def __iter__(self) -> Iterator[str]:
        """The pieces in order. Ends early where the reader stops.

        Raises:
            ModelUnavailable: the endpoint failed, or the reply did not come to its own end.
        """
        # A thread of its own reads, because a read cannot be broken off from within.
        threading.Thread(target=self._read, name="model", daemon=True).start()
        try:
            yield from self._pieces()
        finally:
            self.close()

    def close(self) -> None:
        """End the reply where it is; the endpoint is told by the closing of the connection."""
        self._closed.set()
        if self._stream is not None:
            _hang_up(self._stream)

    def _pieces(self) -> Iterator[str]:
        heard = time.monotonic()
        begun: float | None = None  # when its first words came: what comes before is waiting
        length, finish = 0, None
        while not self._stop.is_set():
            try:
                kind, value = self._arrived.get(timeout=_TICK)
            except queue.Empty:
                if time.monotonic() - heard > self._model.silence:
                    raise ModelUnavailable(self._model.host, self._model._too_slow, "Raise model_timeout") from None
                continue
            heard = time.monotonic()
            if kind == "piece":
                begun = begun or heard
                length += len(value)
                self.usage = Usage(self.usage.tokens_in, length // 4)
                yield value
            elif kind == "finish":
                finish = value
            elif kind == "usage":
                self.usage = value
            elif kind == "failed":
                raise self._model.failure(value) from None
            elif kind == "bug":
                raise value
            elif kind == "end":
                if finish is None:
                    raise ModelUnavailable(self._model.host, "broke off in the middle of its reply", "Try again")
                if finish == "length":
                    usage = self.usage
                    self.usage = Usage(usage.tokens_in, usage.tokens_out, usage.counted, cut=True)
                return
            if length > _MOST or (begun and heard - begun > _LONGEST):
                raise ModelUnavailable(self._model.host, "did not come to an end with its reply", "Try another model")

    def _read(self) -> None:
        import httpx2
        import openai

        try:
            if not self._receive() and not self._closed.is_set():
                # No stream came. Some endpoints send everything at once, which the library takes for an empty stream.
                if "json" not in self._type():
                    raise ValueError("no reply")
                self._model.leave_out("stream")
                self._receive()
            self._arrived.put(("end", None))
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, ModelUnavailable, *_BROKEN) as error:
            self._arrived.put(("failed", error))
        except Exception as error:  # noqa: BLE001 a bug: raised where the reply is read, not lost in this thread
            self._arrived.put(("bug", error))

    def _receive(self) -> bool:
        """Hand on what arrives. Returns whether anything did."""
        self._stream = self._model.send(self._messages, self._wanted)
        arrived = False
        for chunk in self._stream if self._model.streams else [self._stream]:
            if self._closed.is_set():
                break
            arrived = True
            for event in _events(chunk):
                self._arrived.put(event)
        if self._closed.is_set():
            _hang_up(self._stream)
        return arrived

    def _type(self) -> str:
        response = getattr(self._stream, "response", None)
        return response.headers.get("content-type", "") if response else ""


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
