"""A model's reply about a claim table in, the rows that it proposes out. Checks nothing but the form. Pure functions.

What is asked for is a JSON object a line; one around them, an array, a code fence or a preface does no harm. What has a
point and is no row is counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.writing.parse import without_thoughts

STANCES = ("asserts", "denies", "reports")
MOST_ROWS, _MOST_CELLS = 12, 24  # read of a reply


@dataclass(frozen=True, slots=True)
class ProposedCell:
    """A cell as the model wrote it. Not to be shown."""

    column: int | None  # the number of a column, from 1
    stance: str
    passage: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A row as the model wrote it. Not to be shown."""

    number: int  # in the reply, from 1
    point: str
    type: str
    cells: tuple[ProposedCell, ...]


def read(reply: str) -> tuple[list[ProposedRow], int]:
    """The rows of a reply, and how many things in it were to be one and are not."""
    rows: list[ProposedRow] = []
    broken = 0
    for found in _objects(without_thoughts(reply)):
        cells = found.get("cells")
        if not isinstance(found.get("point"), str) or not isinstance(cells, list):
            broken += 1
            continue
        read_cells = tuple(_cell(entry) for entry in cells[:_MOST_CELLS] if isinstance(entry, dict))
        rows.append(ProposedRow(len(rows) + 1, _text(found["point"]), _text(found.get("type")), read_cells))
    return rows[:MOST_ROWS], broken


def _cell(entry: dict[str, Any]) -> ProposedCell:
    quote = entry.get("quote")
    return ProposedCell(
        _number(entry.get("column")),
        _text(entry.get("stance")),
        _number(entry.get("passage")),
        quote.encode("utf-8", "replace").decode("utf-8") if isinstance(quote, str) else "",
    )


def _objects(reply: str) -> Iterator[dict[str, Any]]:
    """The objects that speak of a point, the outermost that do."""
    decoder, at = json.JSONDecoder(strict=False), reply.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(reply, at)
        except (ValueError, RecursionError):
            found, end = None, at + 1
        if isinstance(found, dict) and "point" in found:
            yield found
        else:
            end = at + 1
        at = reply.find("{", end)


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value.strip()[:6])
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
