"""An endpoint's refusal of a request in, what it minds or how long to wait out. Endpoints say so in many ways.

What it says is read by code and shown to nobody. Pure functions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# What may be refused, in the order in which it is given up where an endpoint does not say what it minds. Of the names
# in one entry the first that is accepted is used.
OPTIONS = (
    ("response_format",),
    ("stream_options",),
    ("temperature",),
    ("max_tokens", "max_completion_tokens"),
    ("stream",),
)
LEAST_CONTEXT = 1_024  # tokens: a smaller figure is not a context

_PATIENCE = 60.0  # seconds; an endpoint that asks for more has no answer for now
_FIRST_DELAY = 0.5  # seconds, doubled each time

_CONTEXT = re.compile(r"context[ _](length|size|window)|maximum context|too many tokens|prompt is too long")
_STATED = re.compile(r"context[ _](?:length|size|window)[^\d.]{0,24}(\d{1,3}(?:,\d{3})+|\d{4,7})")
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{4,7}")


class Refusal:
    """What an endpoint said when it refused a request."""

    def __init__(self, error: Any) -> None:
        """Read the library's exception for a status of 400 or 422."""
        self._param = getattr(error, "param", None)
        self._code = getattr(error, "code", None)
        try:
            body = json.dumps(getattr(error, "body", None))
        except (TypeError, ValueError):
            body = ""
        self._text = f"{body} {error}"[:4_000].lower()

    @property
    def is_about_context(self) -> bool:
        """Whether the request was longer than the model can read."""
        return self._code == "context_length_exceeded" or bool(_CONTEXT.search(self._text))

    @property
    def context(self) -> int | None:
        """The context that it states: the figure beside the word, else the smallest that can be one."""
        if stated := _STATED.search(self._text):
            return int(stated.group(1).replace(",", ""))
        figures = (int(found.replace(",", "")) for found in _FIGURE.findall(self._text))
        return min((figure for figure in figures if figure >= LEAST_CONTEXT), default=None)

    def option(self, sent: Mapping[str, Any]) -> str | None:
        """Which of the options sent to leave out next time: the one that it names, else the most dispensable."""
        return self._named(sent) or next((name for names in OPTIONS for name in names if name in sent), None)

    def _named(self, sent: Mapping[str, Any]) -> str | None:
        if isinstance(self._param, str):
            for name in sent:
                if self._param == name or self._param.startswith(f"{name}."):
                    return name
        found = [name for name in sent if re.search(rf"(?<!\w){name}(?!\w)", self._text)]
        if found:
            return min(found, key=self._text.index)
        about_form = "response_format" in sent and re.search(r"json_schema|grammar|structured", self._text)
        return "response_format" if about_form else None


def accepted(wanted: Mapping[str, Any], refused: set[str]) -> dict[str, Any]:
    """The options that are wanted, without those refused, each under the first of its names that is not."""
    sent: dict[str, Any] = {}
    for names in OPTIONS:
        name = next((name for name in names if name not in refused), None)
        if name and names[0] in wanted:
            sent[name] = wanted[names[0]]
    return sent


def delay(error: Any, retries: int) -> float | None:
    """Seconds after which to try again; None where that would not help, or take too long.

    A limit, a fault of the endpoint's and a broken connection pass; a time-out is not repeated.
    """
    status = getattr(error, "status_code", None)
    if status not in (408, 409, 429) and not (isinstance(status, int) and status >= 500) and not _is_broken(error):
        return None
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            asked = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        return asked if 0 <= asked <= _PATIENCE else None
    return _FIRST_DELAY * 2**retries


def _is_broken(error: Any) -> bool:
    import openai

    return isinstance(error, openai.APIConnectionError) and not isinstance(error, openai.APITimeoutError)
