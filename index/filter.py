"""What of a corpus a question may be searched in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.library import Entry, Head
    from index.types import Source

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents may be searched. Empty means all."""

    perspectives: tuple[str, ...] = ()  # ids
    documents: tuple[str, ...] = ()  # paths relative to the corpus
    since: str | None = None  # ISO, inclusive, as precise as wanted
    until: str | None = None
    speakers: tuple[str, ...] = ()  # whose words are wanted; "author" for the authors' own

    def __post_init__(self) -> None:
        for name in (
            "perspectives",
            "documents",
            "speakers",
        ):  # lists are as good; what was found by a filter is kept by it
            object.__setattr__(self, name, tuple(getattr(self, name)))

    def __bool__(self) -> bool:
        return bool(self.perspectives or self.documents or self.since or self.until or self.speakers)

    def to_dict(self) -> dict[str, Any]:
        """Its parts by name, as `Assistant.stream` takes them and JSON has them."""
        return {
            "perspectives": list(self.perspectives),
            "documents": list(self.documents),
            "since": self.since,
            "until": self.until,
            "speakers": list(self.speakers),
        }

    def admits(self, entry: Entry | Head, source: Source) -> bool:
        """Whether a document passes. One without a date does not pass a filter by date."""
        if self.documents and entry.id not in self.documents:
            return False
        if self.perspectives and not any(side.id in self.perspectives for side in source.sides):
            return False
        if not (self.since or self.until):
            return True
        published = source.published
        # Dates are compared as far as both are known: 2025-12 lies within since 2025-12-23.
        return published is not None and not (
            (self.since and published < self.since[: len(published)])
            or (self.until and published[: len(self.until)] > self.until)
        )


EVERYTHING = Filter()


def is_date(text: str) -> bool:
    """Whether a text is a date as filters take it: 2025, 2025-12 or 2025-12-23, and a day that there is."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True
