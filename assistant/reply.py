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
_IN_PREMISE = re.compile(r"\"premise\"\s*:\s*$")
_NUMBERED = re.compile(r"\"passage\"\s*:\s*\"?(\d{1,4})")
_CLAIM_KEY = re.compile(r"\"(?:text|quotes)\"\s*:")
_FENCE = re.compile(r"```(?:jsonl?|json ?lines)?|^\s*data:", re.IGNORECASE | re.MULTILINE)


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


class Scanner:
    """Takes a reply piece by piece and hands out what is complete."""

    def __init__(self) -> None:
        self._text = ""  # what is not yet decided on
        self._at = 0  # the next character to look at
        self._open: list[int] = []  # where the objects begin that are not closed
        self._taken: list[bool] = []  # whether anything inside each of them was handed out
        self._string = self._escaped = False
        self._thinking = False
        self._begun = False
        self._stray: list[str] = []  # what stands outside of any object
        self._number = 0

    def feed(self, piece: str) -> Iterator[Item]:
        """Take the next piece."""
        self._text += piece
        if not self._begun or self._thinking:
            self._skip_thoughts()
            if self._thinking or not self._begun:
                return
        while self._at < len(self._text):
            yield from self._step()

    def end(self) -> Iterator[Item]:
        """The reply is over: what is left is broken."""
        while self._at < len(self._text):  # a train of thought that never began
            yield from self._step()
        if self._open and not self._thinking:
            yield from self._give_up(self._at)
        stray = _FENCE.sub(" ", "".join(self._stray))
        if any(letter.isalnum() for letter in stray):
            yield self._unreadable(stray)

    def _skip_thoughts(self) -> None:
        """Leave out a train of thought at the beginning: what a model thinks is not its reply."""
        start = self._text.lstrip()
        if not self._thinking:
            if start.startswith("<think>"):
                self._thinking = self._begun = True
            elif "<think>".startswith(start[:7]):
                return  # too little to tell
            else:
                self._begun = True
        if self._thinking and "</think>" in self._text:
            self._text = self._text.split("</think>", 1)[1]
            self._thinking = False

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
            elif letter == "{" and self._starts_a_line():
                # A quotation mark was left open: this line begins anew, the one before it is lost.
                yield from self._give_up(self._at - 1)
                self._begin(self._at - 1)
        elif letter == "{":
            self._begin(self._at - 1)
        elif not self._open:
            self._stray.append(letter)
            self._forget()
        elif letter == '"':
            self._string = True
        elif letter == "}":
            yield from self._close()
        if self._open and self._at - self._open[0] > _LONGEST and not any(self._taken):
            yield from self._give_up(self._at)

    def _starts_a_line(self) -> bool:
        line = self._text.rfind("\n", 0, self._at - 1)
        return line >= 0 and not self._text[line : self._at - 1].strip()

    def _begin(self, at: int) -> None:
        self._open.append(at)
        self._taken.append(False)

    def _close(self) -> Iterator[Item]:
        start, taken = self._open.pop(), self._taken.pop()
        raw = self._text[start : self._at]
        found = _read(raw)
        item: Item | None = None
        if isinstance(found, dict) and "text" in found:
            yield from self._give_up_parents(start)
            item = self._proposal(found, premise=bool(_IN_PREMISE.search(self._text[max(0, start - 40) : start])))
        elif isinstance(found, dict) and "answered" in found:
            item = _judgement(found)
        elif not taken and ((found is None and '"text"' in raw) or (not self._open and not _is_empty(found))):
            item = self._unreadable(raw)
        if item is not None:
            yield item
        if item is not None or taken:
            self._taken = [True] * len(self._taken)
        if not self._open:
            self._forget()

    def _proposal(self, found: dict[str, Any], *, premise: bool) -> Item:
        quotes = found.get("quotes", found.get("quote", []))
        quotes = quotes if isinstance(quotes, list) else [quotes]
        text = found["text"]
        if not isinstance(text, str) or not all(isinstance(entry, dict) for entry in quotes):
            return self._unreadable(json.dumps(found, ensure_ascii=False))
        kind = PREMISE if premise else found.get("kind") if found.get("kind") in KINDS else KINDS[0]
        self._number += not premise
        return Proposal(
            number=0 if premise else self._number,
            kind=str(kind),
            text=" ".join(text.split()),
            quotes=tuple(Quoted(_number(entry.get("passage")), str(entry.get("quote") or "")) for entry in quotes),
            mends=_number(found.get("mends")),
        )

    def _unreadable(self, raw: str) -> Unreadable:
        self._number += 1
        return Unreadable(
            self._number, raw[:2_000], tuple(dict.fromkeys(int(found) for found in _NUMBERED.findall(raw)))
        )

    def _give_up_parents(self, start: int) -> Iterator[Item]:
        """A sentence inside of another one: the outer one was never closed."""
        while self._open and not self._taken[-1] and _CLAIM_KEY.search(self._text[self._open[-1] : start]):
            yield self._unreadable(self._text[self._open.pop() : start])
            self._taken.pop()

    def _give_up(self, end: int) -> Iterator[Item]:
        lost = [start for start, taken in zip(self._open, self._taken, strict=True) if not taken]
        if lost:
            yield self._unreadable(self._text[lost[0] : end])
        self._open, self._taken, self._string, self._escaped = [], [], False, False

    def _forget(self) -> None:
        self._text, self._at = self._text[self._at :], 0


def _read(raw: str) -> Any:
    """The value of a piece of JSON; None where it is none. A line break inside of a string is let pass."""
    try:
        return json.loads(raw, strict=False)
    except (ValueError, RecursionError):
        return None


def _is_empty(found: object) -> bool:
    """An object that says nothing, as `{"premise": null}` and `{"claims": []}` do."""
    return isinstance(found, dict) and not any(found.values())


def _judgement(found: dict[str, Any]) -> Judgement:
    answered, missing = found["answered"], found.get("missing")
    answered = {True: "yes", False: "no"}.get(answered, answered) if isinstance(answered, bool) else answered
    parts = missing if isinstance(missing, list) else [missing]
    return Judgement(
        str(answered).lower() if str(answered).lower() in ANSWERED else ANSWERED[0],
        tuple(part for part in parts if isinstance(part, str)),
    )


def _number(value: object) -> int | None:
    """A passage's number, also where it is written as a string of digits. True is no number."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,4}", value.strip()):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
