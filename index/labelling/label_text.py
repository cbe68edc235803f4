"""The text of a labels file and changes of its tables in, the text with them out: comments, order and all else kept.

Reading a text so that its comments stay takes 1 ms an entry, 5 s for 5,000. So only the entries that change are read
so: each from its own [[source]] to the next. Whoever calls compares what the new text says with what it should say,
and takes the way through the whole file where the text was cut in a wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import tomlkit

_ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*source[ \t]*\]\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one table."""

    entry: int | None  # the place of the [[source]] that it changes, from 0; None: of a table above the first of them
    make: Callable[[Any, int | None], None]  # is given data, and the place of the entry there


def throughout(text: str, changes: Sequence[Change]) -> str:
    """The text with these changes, the whole of it read.

    Raises:
        TOMLKitError, LookupError, TypeError, ValueError: it is written in a way that cannot be changed here.
    """
    document = tomlkit.parse(text)
    for change in changes:
        change.make(document, change.entry)
    return tomlkit.dumps(document)


def in_parts(text: str, changes: Sequence[Change]) -> str:
    """The same, only the parts read in which something changes; errors as in `throughout`.

    Right only where each entry begins on a line [[source]] and no text holds such a line: the caller has to check.
    """
    starts = [0, *(found.start() for found in _ENTRY.finditer(text)), len(text)]
    parts = [text[start:end] for start, end in pairwise(starts)]
    read: dict[int, Any] = {}
    for change in changes:
        at = 0 if change.entry is None else change.entry + 1
        document = read[at] if at in read else read.setdefault(at, tomlkit.parse(parts[at]))
        change.make(document, 0)
    return "".join(tomlkit.dumps(read[at]) if at in read else part for at, part in enumerate(parts))
