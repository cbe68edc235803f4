"""The claim table: rows are points at issue, columns perspectives or voices, cells the exact quotes of each.

Frozen values. Code fills every cell: its column is that of the document or of the speaker, its words are a slice. The
table judges nothing; it marks where quotes hold different numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.types import Citation, Reason

SCHEMA = 1


class By(StrEnum):
    """What the columns are."""

    PERSPECTIVES = "perspectives"
    VOICES = "voices"


class Stance(StrEnum):
    """What a column has on a point, as far as code can tell without judging."""

    QUOTED = "quoted"  # in its own words; nobody has judged what they say of the point
    REPORTS = "reports only"  # it quotes somebody else: it does not say so itself
    SILENT = "no passage found"


@dataclass(frozen=True, slots=True)
class Column:
    """A perspective or a speaker."""

    id: str
    label: str
    provenances: tuple[str, ...] = ()  # of the label, as its sources in this table have it; none for a voice


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column has on one point."""

    column: str  # id
    stance: Stance
    citation: Citation | None  # None exactly where it is silent
    closest: Citation | None = None  # where it is silent: its nearest stretch, with number 0 and its score


@dataclass(frozen=True, slots=True)
class Difference:
    """Numbers of one unit that differ between the columns of a row."""

    unit: str  # as one of the passages writes it
    values: tuple[tuple[str, str], ...]  # (id of the column, the number as it stands in its quote)

    def __str__(self) -> str:
        numbers = ", ".join(dict.fromkeys(number for _, number in self.values))
        return f"these passages use different numbers beside “{self.unit}”: {numbers}"


@dataclass(frozen=True, slots=True)
class Row:
    """A point: the reader's question, or words that the passages of several columns share. Its type is not judged."""

    point: str
    cells: tuple[Cell, ...]  # one a column, in the order of the columns
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The sides of a question beside one another, point by point."""

    question: str
    by: By
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    generation: str
    labels: str  # fingerprint of the labels
    reason: Reason | None = None  # why the corpus does not answer, if a rule says so

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation once, by number."""
        found = {cell.citation.number: cell.citation for row in self.rows for cell in row.cells if cell.citation}
        return tuple(found[number] for number in sorted(found))

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON. Cells name citations by number; a citation is as in the answer schema."""
        return {
            "schema": SCHEMA,
            "question": self.question,
            "by": str(self.by),
            "reason": self.reason and {"code": self.reason.code, "text": self.reason.text},
            "columns": [{"id": c.id, "label": c.label, "provenances": list(c.provenances)} for c in self.columns],
            "rows": [_row(row) for row in self.rows],
            "citations": [entry.to_dict() for entry in self.citations],
            "generation": self.generation,
            "labels": self.labels,
        }


def _row(row: Row) -> dict[str, Any]:
    return {
        "point": row.point,
        "type": "not judged",
        "cells": [
            {
                "column": cell.column,
                "stance": str(cell.stance),
                "citation": cell.citation.number if cell.citation else None,
                "closest": cell.closest and cell.closest.to_short_dict(),
            }
            for cell in row.cells
        ],
        "differences": [_difference(entry) for entry in row.differences],
    }


def _difference(entry: Difference) -> dict[str, Any]:
    values: Sequence[dict[str, str]] = [{"column": column, "number": number} for column, number in entry.values]
    return {"unit": entry.unit, "values": values, "text": str(entry)}
