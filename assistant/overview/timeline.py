"""Documents with their dates in, a timeline out: no date is more precise than it is known."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from index.generation import Generation
from index.retrieve import Filter, Retriever
from index.types import Source

MOST = 1_500  # documents that a timeline shows

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Dated:
    """A document and when it was published."""

    document: str  # path relative to the corpus
    title: str
    outlet: str | None
    published: str | None  # as its owner or the document says it
    first: str | None  # the first day that this may mean, and the last; both None without a date
    last: str | None
    perspectives: tuple[str, ...]  # ids


@dataclass(frozen=True, slots=True)
class Timeline:
    """Documents by date."""

    dated: tuple[Dated, ...]  # in order of their dates
    undated: tuple[Dated, ...]  # nobody says when they were published, or not in a way that is a date
    with_date: int  # of all documents of the perspectives asked for; of very many not all are listed above
    without: int

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def timeline(generation: Generation, retriever: Retriever, perspectives: Sequence[str] = ()) -> Timeline:
    """The documents of these perspectives, by id; of all, where none is named.

    Of more dated documents than are shown, every second one is taken, or every third, and so on.
    """
    only = Filter(tuple(perspectives))
    found = [
        _dated(entry.id, source)
        for entry in generation.library.entries
        if entry.id in retriever.keys and only.admits(entry, source := retriever.sources(entry.id))
    ]
    dated = sorted((one for one in found if one.first), key=lambda one: (one.first or "", one.last or "", one.document))
    every = -(-len(dated) // MOST) or 1
    undated = [one for one in found if not one.first]
    return Timeline(tuple(dated[::every]), tuple(undated[:MOST]), len(dated), len(undated))


def _dated(document: str, source: Source) -> Dated:
    first, last = days(source.published) or (None, None)
    sides = tuple(side.id for side in source.sides)
    return Dated(document, source.title, source.outlet, source.published, first, last, sides)


def days(date: str | None) -> tuple[str, str] | None:
    """The first and the last day that an ISO date may mean: "2025-12" is any day of December. None if it is no date."""
    found = _DATE.fullmatch(date or "")
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if not year or (month is not None and not 1 <= month <= 12):
        return None
    if month is None:
        return f"{year:04}-01-01", f"{year:04}-12-31"
    longest = monthrange(year, month)[1]
    if day is not None and not 1 <= day <= longest:
        return None
    return f"{year:04}-{month:02}-{day or 1:02}", f"{year:04}-{month:02}-{day or longest:02}"
