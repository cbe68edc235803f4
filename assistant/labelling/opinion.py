"""An author's own words and the perspectives of a corpus in, what a model makes of them out: one of these, or unknown.

The model's choice counts only with two quotes at least that stand in these words. What the article says stands between
boundaries that it cannot know, and never acts: the worst that it can do is to be called unknown, or wrongly.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.checking import quotes
from assistant.checking.quotes import visible
from assistant.errors import ModelUnavailable
from assistant.labelling.own import Stretch
from assistant.writing.blocks import one_line
from assistant.writing.evidence import tokens
from assistant.writing.llm import Model
from assistant.writing.parse import without_thoughts
from index.types import Perspective, Span
from prompts import load

_PROMPT, _UNKNOWN = "label", "unknown"
_REPLY = 600  # tokens
_MOST = 3_000  # tokens of sentences; where an author stands shows in less
_LEAST = 200
_QUOTES = 2  # that must stand in the author's words
_WORDS = (4, 40)  # of a quote
_NAME, _DESCRIPTION = 60, 300  # characters of a perspective's name and description
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"quotes": {"type": "array", "items": {"type": "string"}}, "perspective": {"type": "string"}},
    "required": ["quotes", "perspective"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model said, as far as it could be proven."""

    perspective: str | None  # an id; None is unknown
    quotes: tuple[tuple[Span, str], ...] = ()  # exact slices, the author's own words
    reason: str = ""  # why it is unknown


def ask(
    model: Model, text: str, own: Sequence[Stretch], perspectives: Sequence[Perspective], stop: threading.Event
) -> Opinion:
    """Ask for the perspective of an author.

    Raises:
        ModelUnavailable: no whole reply came.
    """
    listed = "\n".join(_listed(perspective) for perspective in perspectives)
    prompt = load(_PROMPT)
    room = model.context - _REPLY - tokens(prompt.text) - tokens(listed)
    if room < _LEAST:
        raise ModelUnavailable(model.host, f"can read {model.context} tokens, which leaves no room for an article")
    shown = list(_fitting(text, own, min(room, _MOST)))
    lines = "\n".join(visible(text[stretch.start : stretch.end]) for stretch in shown)
    mark = boundary(f"{lines}\n{listed}")
    user = f"PERSPECTIVES\n{listed}\n\nSENTENCES\n<<{mark}\n{lines}\n{mark}>>"
    schema = _SCHEMA if model.structures else None
    reply = model.reply(prompt.fill(boundary=mark), user, most=_REPLY, stop=stop, schema=schema)
    try:
        said = "".join(reply)
    finally:
        reply.close()
    return read(said, text, shown, [perspective.id for perspective in perspectives])


def read(said: str, text: str, own: Sequence[Stretch], ids: Sequence[str]) -> Opinion:
    """A model's reply as an opinion: an id that was offered, with quotes that stand in the author's words."""
    found = next(_objects(without_thoughts(said)), None)
    if found is None:
        return Opinion(None, reason="its reply was not in the form asked for")
    chosen = found.get("perspective")
    if chosen == _UNKNOWN:
        return Opinion(None, reason="it chose none")
    if chosen not in ids:
        return Opinion(None, reason="it named no perspective that was offered")
    given = found.get("quotes")
    wanted = [quote for quote in given if isinstance(quote, str)] if isinstance(given, list) else []
    spans = dict.fromkeys(span for quote in wanted if (span := _place(quote, text, own)))
    if len(spans) < _QUOTES:
        return Opinion(None, reason="fewer than two of its quotes stand in the author's words")
    return Opinion(chosen, tuple((span, text[slice(*span)]) for span in spans))


def boundary(shown: str, draw: Callable[[], str] = lambda: secrets.token_hex(6)) -> str:
    """Letters that stand nowhere in what is shown, drawn anew for each request."""
    while (drawn := draw()) in shown:
        pass
    return drawn


def _listed(perspective: Perspective) -> str:
    name, description = one_line(perspective.label, _NAME), one_line(perspective.description, _DESCRIPTION)
    return f"- id {json.dumps(perspective.id, ensure_ascii=False)}, name {name}, description {description}"


def _fitting(text: str, own: Sequence[Stretch], room: int) -> Iterator[Stretch]:
    """The sentences from the beginning on, as many as there is room for."""
    for stretch in own:
        room -= tokens(text[stretch.start : stretch.end]) + 1
        if room < 0:
            return
        yield stretch


def _place(quote: str, text: str, own: Sequence[Stretch]) -> Span | None:
    """Where a quote stands within one stretch of the author's own words, letter by letter but for marks and spaces."""
    if not _WORDS[0] <= quotes.word_count(quote) <= _WORDS[1]:
        return None
    for stretch in own:
        found = quotes.find(quote, text[stretch.start : stretch.end])
        if found and found.match != "repaired":
            return stretch.start + found.start, stretch.start + found.end
    return None


def _objects(said: str) -> Iterator[dict[str, Any]]:
    """The JSON objects of a reply that name a perspective, whatever stands around them."""
    decoder, at = json.JSONDecoder(), said.find("{")
    while at >= 0:
        try:
            found, _ = decoder.raw_decode(said, at)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and "perspective" in found:
            yield found
        at = said.find("{", at + 1)
