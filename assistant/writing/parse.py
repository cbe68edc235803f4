"""A model's reply in, as it arrives; the sentences that it proposes out, each as soon as it is complete.

What is asked for is a JSON object a line. Models also send one object around all of them, an array, a code fence, a
preface, a train of thought; a line may be broken. So objects are taken from the stream wherever they close, and what is
none is counted. Knows no evidence and checks nothing but the form. Pure: no model, no screen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KINDS = ("report", "comparison", "correction")
PREMISE = "premise"
ANSWERED = ("yes", "partly", "no")

_LONGEST = 20_000  # characters of one object; what is longer is no sentence
_LONGEST_REPLY = 200_000  # characters of an object around the sentences
_IN_PREMISE = re.compile(r"\"premise\"\s*:\s*$")
_PASSAGE = re.compile(r"(?:passage|p)?[\s.#\[(]{0,3}(\d{1,4})[\])]?", re.IGNORECASE)
_NUMBERED = re.compile(r"\"passage\"\s*:\s*\"?(\d{1,4})")
_CLAIM_KEY = re.compile(r"\"(?:text|quotes)\"\s*:")
_FENCE = re.compile(r"```(?:jsonl?|json ?lines)?|^\s*data:(?:\s*\[DONE\])?", re.IGNORECASE | re.MULTILINE)
_THOUGHTS = ("<think>", "<thinking>", "<thought>", "<reasoning>")


_QUOTES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"passage": {"type": "integer"}, "quote": {"type": "string"}},
        "required": ["passage", "quote"],
        "additionalProperties": False,
    },
}
_SENTENCE = {
    "type": "object",
    "properties": {"quotes": _QUOTES, "text": {"type": "string"}},
    "required": ["quotes", "text"],
    "additionalProperties": False,
}
# Quotes stand before the sentence that they carry: a model fills a schema in its order.
SCHEMA = {
    "type": "object",
    "properties": {
        "premise": {"anyOf": [{"type": "null"}, _SENTENCE]},
        "answered": {"type": "string", "enum": list(ANSWERED)},
        "missing": {"type": "array", "items": {"type": "string"}},
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "quotes": _QUOTES,
                    "text": {"type": "string"},
                    "kind": {"type": "string", "enum": list(KINDS)},
                },
                "required": ["quotes", "text", "kind"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["premise", "answered", "missing", "claims"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that the model says stand in a passage."""

    passage: int | None  # None where it names none
    quote: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sentence as the model wrote it. Not to be shown."""

    number: int  # of the sentence in the reply, from 1; the premise is 0
    kind: str  # report | comparison | correction | premise
    text: str
    quotes: tuple[Quoted, ...]
    mends: int | None = None  # the number of the sentence that it is to take the place of

    @property
    def corrects(self) -> bool:
        """Whether it is about what the question takes for granted."""
        return self.kind in ("correction", PREMISE)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of the reply that is no sentence in the form asked for. Not to be shown."""

    number: int
    text: str
    passages: tuple[int, ...] = ()  # that it seems to speak of


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far the model says that the passages answer the question."""

    answered: str  # yes | partly | no
    missing: tuple[str, ...] = ()  # parts of the question that they do not answer, as the model copied them


Item = Proposal | Unreadable | Judgement


def without_thoughts(text: str) -> str:
    """A whole reply without the train of thought at its beginning; nothing where that has no end."""
    text = text.lstrip()
    opening = next((tag for tag in _THOUGHTS if text.startswith(tag)), "")
    return text.partition(opening.replace("<", "</"))[2] if opening else text


class Scanner:
    """Takes a reply piece by piece and hands out what is complete."""

    def __init__(self) -> None:
        self._text = ""  # what is not yet decided on
        self._at = 0  # the next character to look at
        self._open: list[int] = []  # where the objects begin that are not closed
        self._taken = 0  # how many of them, the outer ones, hold something that was handed out
        self._string = self._escaped = False
        self._blank = False  # whether the line has had no sign yet
        self._begun = False
        self._closing = ""  # what ends the train of thought that is under way
        self._stray: list[str] = []  # what stands outside of any object
        self._number = 0

    def feed(self, piece: str) -> Iterator[Item]:
        """Take the next piece."""
        self._text += piece
        if self._closing or not self._begun:
            self._skip_thoughts()
            if self._closing or not self._begun:
                return
        while self._at < len(self._text):
            yield from self._step()
        self._forget()

    def end(self) -> Iterator[Item]:
        """The reply is over: what is left is broken, and a train of thought without an end brought no sentence."""
        if self._closing:
            return
        while self._at < len(self._text):  # what looked like the beginning of a train of thought
            yield from self._step()
        yield from self._give_up(self._at)
        stray = _FENCE.sub(" ", "".join(self._stray).rsplit("</think>")[-1])
        if any(letter.isalnum() for letter in stray):
            yield self._unreadable(stray)

    def _skip_thoughts(self) -> None:
        """Leave out a train of thought at the beginning: what a model thinks is not its reply."""
        if not self._begun:
            self._text = self._text.lstrip()
            opening = next((tag for tag in _THOUGHTS if self._text.startswith(tag)), "")
            if not opening and any(tag.startswith(self._text) for tag in _THOUGHTS):
                return  # too little to tell
            self._begun = True
            self._closing = opening.replace("<", "</")
        if self._closing:
            _, found, rest = self._text.partition(self._closing)
            self._text = rest if found else self._text[-len(self._closing) :]
            self._closing = "" if found else self._closing

    def _step(self) -> Iterator[Item]:
        letter = self._text[self._at]
        self._at += 1
        if self._string:
            if self._escaped:
                self._escaped = False
            elif letter == "\\":
                self._escaped = True
            elif letter == '"':
                self._string = False
            elif letter == "{" and self._blank:
                # A quotation mark was left open: this line begins anew, the one before it is lost.
                yield from self._give_up(self._at - 1)
                self._open.append(self._at - 1)
        elif letter == "{":
            self._open.append(self._at - 1)
        elif not self._open:
            self._stray.append(letter)
        elif letter == '"':
            self._string = True
        elif letter == "}":
            yield from self._close()
        self._blank = letter == "\n" or (self._blank and letter.isspace())
        if self._open and (
            self._at - self._open[0] > _LONGEST_REPLY
            or (self._taken < len(self._open) and self._at - self._open[self._taken] > _LONGEST)
        ):
            yield from self._give_up(self._at)

    def _close(self) -> Iterator[Item]:
        start = self._open.pop()
        taken = self._taken > len(self._open)
        self._taken = min(self._taken, len(self._open))
        raw = self._text[start : self._at]
        found = _read(raw)
        item: Item | None = None
        if _is_quote(found):
            return  # a part of the sentence around it
        if isinstance(found, dict) and "text" in found:
            around = self._text[max(self._open[-1], start - 40) : start] if self._open else ""
            premise = bool(_IN_PREMISE.search(around))
            yield from self._give_up_parents(start)
            if not premise or found["text"] or found.get("quotes"):
                item = self._proposal(found, raw, premise=premise)
        elif isinstance(found, dict) and "answered" in found:
            if isinstance(found.get("premise"), str) and len(found["premise"].split()) > 3:  # not "None."
                yield self._unreadable(found["premise"])
            item = _judgement(found)
        elif _is_broken(found, raw) or (not taken and not self._open and not _is_empty(found)):
            item = None if taken else self._unreadable(raw)
        if item is not None:
            yield item
            self._taken = len(self._open)

    def _proposal(self, found: dict[str, Any], raw: str, *, premise: bool) -> Item:
        quotes = found.get("quotes", found.get("quote")) or []
        if isinstance(quotes, str):  # one quote, laid flat beside its passage
            quotes = [{"passage": found.get("passage"), "quote": quotes}]
        quotes = quotes if isinstance(quotes, list) else [quotes]
        text = found["text"]
        if not isinstance(text, str) or not all(isinstance(entry, dict) for entry in quotes):
            return self._unreadable(raw)
        kind = PREMISE if premise else found.get("kind") if found.get("kind") in KINDS else KINDS[0]
        self._number += not premise
        return Proposal(
            number=0 if premise else self._number,
            kind=str(kind),
            text=" ".join(_whole(text).split()),
            quotes=tuple(_quoted(entry) for entry in quotes),
            mends=_number(found.get("mends")),
        )

    def _unreadable(self, raw: str) -> Unreadable:
        self._number += 1
        return Unreadable(
            self._number, raw[:2_000], tuple(dict.fromkeys(int(found) for found in _NUMBERED.findall(raw)))
        )

    def _give_up_parents(self, start: int) -> Iterator[Item]:
        """A sentence inside of another one: the outer one was never closed."""
        while len(self._open) > self._taken and _CLAIM_KEY.search(self._text, self._open[-1], start):
            yield self._unreadable(self._text[self._open.pop() : start])

    def _give_up(self, end: int) -> Iterator[Item]:
        if self._taken < len(self._open):
            yield self._unreadable(self._text[self._open[self._taken] : end])
        self._open, self._taken, self._string, self._escaped = [], 0, False, False

    def _forget(self) -> None:
        """Keep only what is not closed yet."""
        past = self._open[0] if self._open else self._at
        if past:
            self._text, self._at = self._text[past:], self._at - past
            self._open = [start - past for start in self._open]


def _read(raw: str) -> Any:
    """The value of a piece of JSON; None where it is none. A line break inside of a string is let pass."""
    try:
        return json.loads(raw, strict=False)
    except (ValueError, RecursionError):
        return None


def _is_broken(found: object, raw: str) -> bool:
    """What was to be a sentence: it does not close as JSON does, or has quotes and no text."""
    return '"text"' in raw if found is None else isinstance(found, dict) and bool(found.get("quotes"))


def _is_empty(found: object) -> bool:
    """An object that says nothing, as `{"premise": null}` and `{"claims": []}` do."""
    return isinstance(found, dict) and not any(found.values())


def _is_quote(found: object) -> bool:
    """An entry of a sentence's quotes, which some models call their text."""
    return (
        isinstance(found, dict)
        and "passage" in found
        and not {"quotes", "kind"} & found.keys()
        and ("quote" not in found or "text" not in found)
    )


def _quoted(entry: dict[str, Any]) -> Quoted:
    return Quoted(_number(entry.get("passage")), _whole(entry.get("quote", entry.get("text"))))


def _judgement(found: dict[str, Any]) -> Judgement:
    answered, missing = found["answered"], found.get("missing")
    answered = {True: "yes", False: "no"}.get(answered, answered) if isinstance(answered, bool) else answered
    parts = missing if isinstance(missing, list) else [missing]
    return Judgement(
        str(answered).lower() if str(answered).lower() in ANSWERED else ANSWERED[0],
        tuple(_whole(part) for part in parts if isinstance(part, str)),
    )


def _number(value: object) -> int | None:
    """A passage's number, also where it is written "3", "[3]" or "passage 3". True is no number."""
    if isinstance(value, str) and (found := _PASSAGE.fullmatch(value.strip())):
        return int(found.group(1))
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _whole(text: object) -> str:
    """As text that can be sent on: half a surrogate pair, which JSON may hold, cannot."""
    return str(text or "").encode("utf-8", "replace").decode("utf-8")
