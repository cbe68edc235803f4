"""Lines that each stand for some place of an answer in, a file out that says which of its lines were changed; and back.

    the lines
    the seal:  for each line the beginning of its SHA-256, and its place in words
               the SHA-256 of all these, and how many they are; and the same once more

So a change is told by its place also where it broke the form of the file, and a change of the seal as one of the seal.
A digest that stands in the file itself guards against accident and careless editing, and not against a forger, who
computes it anew: only the sources prove a quote. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

_DIGITS = 16  # of the SHA-256 of a line
_TOTAL = re.compile(r"([0-9a-f]{64}) (\d{1,8}) lines")
_SEAL = "the seal"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, and what of the answer it stands for."""

    place: str
    text: str


END = Line("the end of the file", "")  # what stands behind the last line break


@dataclass(frozen=True, slots=True)
class Frame:
    """How a kind of file holds a seal."""

    opening: tuple[str, ...]  # lines
    before: str  # each entry
    after: str
    closing: tuple[str, ...]
    last: str = ""  # after the last entry, where that is written otherwise


@dataclass(frozen=True, slots=True)
class Difference:
    """A place at which a file is not as it was written."""

    line: int  # from 1
    place: str

    def __str__(self) -> str:
        return f"{self.place} was changed (line {self.line})"


def sealed(lines: Sequence[Line], frame: Frame) -> list[Line]:
    """The lines with their seal below them: the whole file, whose last line ends with a line break."""
    return [*lines, *_seal([f"{_digest(line.text)} {line.place}" for line in lines], frame)]


def text(lines: Sequence[Line]) -> str:
    """What is written."""
    return "".join(f"{line.text}\n" for line in lines)


def differences(found: str, frame: Frame, written: Callable[[Sequence[str]], Sequence[Line]]) -> list[Difference]:
    """What was changed in a file since it was sealed, in order; where lines came or went, the first place of it.

    Args:
        written: the lines of a file in, what they should be to the last one out; asked where the seal is broken, or
            not there. What it raises is raised.
    """
    lines = found.split("\n")
    entries = _entries(lines, frame)
    if entries is None:
        return apart(lines, [*written(lines), END])
    seal = [*_seal(entries, frame), END]
    body, rest = lines[: -len(seal)], lines[-len(seal) :]
    return [*_changed(body, entries), *apart(rest, seal, len(body))]


def is_of_seal(difference: Difference) -> bool:
    """Whether it is in the seal and not in what that covers."""
    return difference.place.startswith(_SEAL)


def _seal(entries: Sequence[str], frame: Frame) -> list[Line]:
    total = Line(f"{_SEAL}, its own digest", f"{_whole(entries)} {len(entries)} lines")
    items = [*(Line(f"{_SEAL}, {entry[_DIGITS + 1 :]}", entry) for entry in entries), total, total]
    return [
        *(Line(_SEAL, text) for text in frame.opening),
        *(Line(item.place, frame.before + item.text + frame.after) for item in items[:-1]),
        Line(total.place, frame.before + total.text + (frame.last or frame.after)),
        *(Line(_SEAL, text) for text in frame.closing),
    ]


def _entries(lines: Sequence[str], frame: Frame) -> list[str] | None:
    """The entries of the seal, if one of its two digests bears them out; counted from the end of the file."""
    last = len(lines) - 1 - len(frame.closing) - 1  # the second digest; a file ends with a line break
    for at in (last, last - 1):
        total = _TOTAL.fullmatch(_bare(lines[at], frame)) if at > 0 else None
        count = int(total[2]) if total else 0
        first = last - 1 - count
        if total and 0 < count <= first:
            entries = [_bare(line, frame) for line in lines[first : last - 1]]
            if _whole(entries) == total[1]:
                return entries
    return None


def _bare(line: str, frame: Frame) -> str:
    bare = line.removeprefix(frame.before)
    return bare.removesuffix(frame.after) if bare.endswith(frame.after) else bare.removesuffix(frame.last)


def _changed(body: Sequence[str], entries: Sequence[str]) -> list[Difference]:
    """The lines that are not those of the seal."""
    different = [
        Difference(number, entry[_DIGITS + 1 :])
        for number, (line, entry) in enumerate(zip(body, entries, strict=False), 1)
        if _digest(line) != entry[:_DIGITS]
    ]
    if len(body) == len(entries):
        return different
    # A line break came or went: from there on every line is another.
    number = different[0].line if different else min(len(body), len(entries)) + 1
    return [Difference(number, entries[min(number, len(entries)) - 1][_DIGITS + 1 :])]


def apart(found: Sequence[str], expected: Sequence[Line], above: int = 0) -> list[Difference]:
    """The lines that are not those expected; `above` counts those before the first."""
    different = [
        Difference(above + number, line.place)
        for number, (text, line) in enumerate(zip(found, expected, strict=False), 1)
        if text != line.text
    ]
    if len(found) == len(expected):
        return different
    number = different[0].line if different else above + min(len(found), len(expected)) + 1
    return [Difference(number, expected[min(number - above, len(expected)) - 1].place)]


def _digest(line: str) -> str:
    return sha256(_bytes(line)).hexdigest()[:_DIGITS]


def _whole(entries: Sequence[str]) -> str:
    return sha256(_bytes("\n".join(entries))).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
