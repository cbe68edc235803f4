"""A conversation as the browser hands it back in; the questions in it, and what was cited for them, out.

The page keeps nothing, so all it knows of earlier questions comes from a browser and may be anything: a name is taken
only from text that stands in the index.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from assistant import AssistantError, Check, Corpus, Turn, check, cited_names, voice_of
from index import CorpusError
from ui import render
from ui.links import read_link

Turns = list[dict[str, Any]]

_EARLIER = 8  # questions handed on to make sense of a follow-up
_LONGEST = 2_000  # characters of one; a longer one was refused
_LINKS = 60  # passages of one answer that are looked up
_ANSWER = re.compile(r'<span class="sr id-([0-9a-f]{12})">')
_CITED = re.compile(r'<a href="(#p/[^"]{1,1300000})" class="cite ')


def turn(role: str, content: str) -> dict[str, Any]:
    """A message for the chat."""
    return {"role": role, "content": content}


def questions(turns: Turns) -> list[str]:
    """The questions of a conversation, as they were typed."""
    return [html.unescape(_text(turn)) for turn in turns if turn.get("role") == "user"]


def earlier(turns: Turns, corpus: Corpus) -> list[Turn]:
    """The last questions of a conversation, each with the names in what was cited for it."""
    places = [at for at, turn in enumerate(turns) if turn.get("role") == "user"][-_EARLIER:]
    asked = ((html.unescape(_text(turns[at])), turns[at + 1 : at + 2]) for at in places)
    return [Turn(question, _names(answer, corpus)) for question, answer in asked if len(question) <= _LONGEST]


def answered(turns: Turns) -> str | None:
    """The id of the last answer of some turns that has one: a failure in the place of an answer has none."""
    ids = [id for turn in turns if turn.get("role") == "assistant" for id in _ANSWER.findall(_text(turn))[-1:]]
    return ids[-1] if ids else None


def before(turns: Turns, at: int) -> Turns:
    """The conversation as it was before a question, which is given by its number from 0."""
    places = [place for place, turn in enumerate(turns) if turn.get("role") == "user"]
    return turns[: places[at]]


def stopped(turns: Turns) -> Turns:
    """The conversation after a press of Stop: what was shown of the last answer is all of it."""
    if not turns:
        return turns
    if turns[-1].get("role") != "assistant":
        return [*turns, turn("assistant", render.stopped(""))]
    message = _text(turns[-1])
    return turns if render.is_finished(message) else [*turns[:-1], turn("assistant", render.stopped(message))]


def _text(turn: dict[str, Any]) -> str:
    """What a turn says: Gradio hands it back as text or as a list of parts."""
    content = turn.get("content")
    parts: Sequence[Any] = content if isinstance(content, list) else [content]
    texts = (part.get("text") if isinstance(part, dict) else part for part in parts)
    return "".join(text for text in texts if isinstance(text, str))


def _names(answer: Turns, corpus: Corpus) -> tuple[str, ...]:
    said = _text(answer[0]) if answer and answer[0].get("role") == "assistant" else ""
    addresses = list(dict.fromkeys(_CITED.findall(said)))[:_LINKS]
    return cited_names(text for address in addresses for text in _said(address, corpus))


def _said(address: str, corpus: Corpus) -> tuple[str, ...]:
    """Who speaks at an address, and what stands there, if it is what was cited."""
    claim = read_link(address)
    if claim is None:
        return ()
    try:
        document, _, voices = corpus.read(claim.document)
    except (AssistantError, CorpusError):
        return ()
    if check(claim, document).check is not Check.EXACT:
        return ()
    return voice_of(voices, claim.start, claim.end).speaker or "", claim.quote
