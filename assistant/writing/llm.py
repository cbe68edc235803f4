"""Messages to a model in, its reply out. With `reply.py` the one place that talks to a model which writes.

Any endpoint that speaks OpenAI's chat protocol. What it refuses is left out and remembered. Nothing that an endpoint
sends stands in an error's sentence or in a log.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from assistant.checking.quotes import visible
from assistant.errors import ContextExceeded, ModelUnavailable
from assistant.writing.refusals import LEAST_CONTEXT, Refusal, accepted, delay
from assistant.writing.reply import BROKEN, Reply
from index.embed import host_of

_LOG = logging.getLogger(__name__)

SILENCE = 120.0  # seconds without a sign of life; a model on a processor takes as long to read a long request
CONTEXT = 8_192  # tokens, where nobody says how many a model can read; nearly all that is worth sending fits into it
_CONNECT = 10.0  # seconds
_LIST = 3.0  # seconds for the list of models ...
_LIST_AGAIN = 60.0  # ... after which it is asked for anew where it could not be had
_RETRIES = 2  # after 429, 5xx and broken connections
_THINKING = 4  # times as many tokens for a model that thinks before it writes
_NAME = 100  # characters of a model's name that are shown
_HOSTS_HERE = ("127.0.0.1", "localhost", "::1", "0.0.0.0")


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
        self.silence = silence
        self._name = name
        self._base_url = base_url
        self._key = key
        self._context = context
        self._refused: set[str] = set()
        self._list: list[dict[str, Any]] = []
        self._list_asked = float("-inf")

    @property
    def name(self) -> str:
        """What the endpoint calls it."""
        return self._name or self._first_listed()

    @property
    def shown_name(self) -> str:
        """What it is called, as far as is known without asking the endpoint."""
        listed = next((entry["id"] for entry in self._list if isinstance(entry.get("id"), str)), None)
        return visible(self._name or listed or "the model that answers there")[:_NAME]

    @cached_property
    def host(self) -> str:
        """Where passages are sent."""
        return host_of(self._client.base_url)

    @property
    def is_here(self) -> bool:
        """Whether that is this machine."""
        return urlsplit(str(self._client.base_url)).hostname in _HOSTS_HERE

    @property
    def context(self) -> int:
        """How many tokens it can read and write in one call, as far as is known."""
        return self._known_context() or CONTEXT

    @property
    def context_is_known(self) -> bool:
        """Whether its context was set, told or learned, and not assumed."""
        return self._known_context() is not None

    def learn(self, tokens: int) -> None:
        """Remember that it can read no more than so many tokens."""
        self._context = min(tokens, self._context or tokens)

    def warm(self) -> None:
        """Load the library now, so that the first question does not have to wait for it. Sends nothing."""
        assert self._client

    @property
    def structures(self) -> bool:
        """Whether the endpoint has not refused to hold a reply to a schema."""
        return "response_format" not in self._refused

    @property
    def streams(self) -> bool:
        """Whether the endpoint has not answered a request for a stream with something else."""
        return "stream" not in self._refused

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
        wanted: dict[str, Any] = {"temperature": 0, "max_tokens": most, "stream": True}
        wanted["stream_options"] = {"include_usage": True}
        if schema is not None:
            named = {"name": "answer", "strict": True, "schema": schema}
            wanted["response_format"] = {"type": "json_schema", "json_schema": named}
        return Reply(
            send=lambda closed: self._send(messages, wanted, closed),
            sent_whole=lambda: self._leave_out({"stream"}),
            failed=self._failure,
            silence=self.silence,
            stop=stop,
            tokens_in=(len(system) + len(user)) // 4,
        )

    def _send(self, messages: list[dict[str, str]], wanted: Mapping[str, Any], closed: threading.Event) -> Any:
        """Send a request without what the endpoint refuses, again where it asks for patience.

        Returns:
            The library's stream, or a whole reply; None once nobody waits for it any more.
        """
        import openai

        dropped: set[str] = set()
        retries = 0
        while not closed.is_set():
            sent = accepted(wanted, self._refused | dropped)
            if "max_completion_tokens" in sent:
                sent["max_completion_tokens"] *= _THINKING  # it counts what the model thinks, too
            try:
                stream = self._client.chat.completions.create(model=self.name, messages=messages, **sent)
            except openai.APIError as error:
                failure = error
            else:
                self._leave_out(dropped)  # only now is it known that these were to blame
                return stream
            if isinstance(failure, openai.BadRequestError | openai.UnprocessableEntityError):
                refusal = Refusal(failure)
                if refusal.is_about_context:
                    raise ContextExceeded(self.host, refusal.context)
                option = refusal.option(sent)
                if option is None:
                    raise failure
                dropped.add(option)
            else:
                seconds = delay(failure, retries) if retries < _RETRIES else None
                if seconds is None:
                    raise failure
                retries += 1
                closed.wait(seconds)
        return None

    def _leave_out(self, options: set[str]) -> None:
        for option in sorted(options - self._refused):
            self._refused.add(option)
            _LOG.info("%s refuses %s; it is left out from now on.", self.host, option)

    def _failure(self, error: BaseException | str, remedy: str = "") -> ModelUnavailable:
        """Any failure of the endpoint as one sentence, in our words."""
        import openai

        if isinstance(error, ModelUnavailable):
            return error
        if isinstance(error, str):
            return ModelUnavailable(self.host, error, remedy)
        problem, remedy = "answered with something that is no reply of a model", "Check the address in OPENAI_BASE_URL"
        match error:
            case openai.APITimeoutError():
                problem, remedy = f"gave no sign of life for {self.silence:g} seconds", "Raise model_timeout"
            case openai.APIConnectionError():
                problem, remedy = "could not be reached", "Check that it runs, and the address"
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                problem, remedy = "refused the key", "Set OPENAI_API_KEY to one that it accepts"
            case openai.NotFoundError():
                problem = "knows no model of this name, or has no chat at this address"
                remedy = "Check PARALLAX_MODEL and OPENAI_BASE_URL"
            case openai.RateLimitError():
                problem, remedy = "takes no more questions for now: its limit is reached", "Try again later"
            case openai.APIStatusError() if error.status_code in (405, 501):
                problem, remedy = "has no chat at this address", "Check OPENAI_BASE_URL"
            case openai.APIStatusError():
                problem, remedy = f"failed with status {error.status_code}", "Try again later"
        return ModelUnavailable(self.host, problem, remedy)

    def _list_models(self) -> list[dict[str, Any]]:
        """What the endpoint says of its models; nothing where it has no list of them."""
        import openai

        if not self._list:
            self._list_asked = time.monotonic()
            try:
                found = self._client.with_options(timeout=_LIST).models.list().to_dict()
            except openai.NotFoundError:
                found = {}
            entries = found.get("data")
            self._list = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        return self._list

    def _first_listed(self) -> str:
        import openai

        try:
            names = [entry["id"] for entry in self._list_models() if isinstance(entry.get("id"), str)]
        except (openai.OpenAIError, *BROKEN) as error:
            raise self._failure(error) from None
        if not names:
            problem = "does not say which models it has"
            raise ModelUnavailable(self.host, problem, "Set PARALLAX_MODEL to the one to use")
        return names[0]

    def _known_context(self) -> int | None:
        """As it was set or learned; else as vLLM, llama.cpp and others state it in their lists."""
        import openai

        if self._context is not None:
            return self._context
        if not self._list and time.monotonic() - self._list_asked < _LIST_AGAIN:
            return None
        try:
            listed = self._list_models()
        except (openai.OpenAIError, *BROKEN):
            return None  # whether it can be reached at all shows when it is asked for a reply
        for entry in listed:
            if self._name in (None, entry.get("id")):
                meta = entry.get("meta")
                values = [entry.get(name) for name in ("max_model_len", "context_length", "context_window", "n_ctx")]
                values += [meta.get("n_ctx")] if isinstance(meta, dict) else []
                return next((value for value in values if isinstance(value, int) and value >= LEAST_CONTEXT), None)
        return None

    @cached_property
    def _client(self) -> Any:
        import openai

        # The library insists on a key. Ours ends a reply by itself, so the library's own bound lies beyond; and ours
        # tries again, since the library's waiting cannot be broken off.
        timeout = openai.Timeout(self.silence + 30, connect=_CONNECT)
        return openai.OpenAI(api_key=self._key or "none", base_url=self._base_url, timeout=timeout, max_retries=0)
