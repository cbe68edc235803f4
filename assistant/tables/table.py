"""The claim table: rows are points at issue, columns perspectives or voices, cells the exact quotes of each.

Frozen values. Whoever proposes a row, the column of every quote is that of its document or of its speaker, and its
words are a slice. Without a model nothing is judged: it is marked where quotes hold different numbers, dates or names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from assistant.types import Citation, Reason, Removed, Standing

SCHEMA = 2


class By(StrEnum):
    """What the columns are."""

    PERSPECTIVES = "perspectives"
    VOICES = "voices"


class TableMode(StrEnum):
    """Who proposed the rows."""

    EXTRACTIVE = "extractive"  # nobody: the best quotes of each column, put together by code
    GENERATED = "generated"  # a model, behind the question's own row; every cell of it was checked


class Stance(StrEnum):
    """What a column has on a point."""

    QUOTED = "quoted"  # in its own words; nobody has judged what they say of the point
    ASSERTS = "asserts"  # says so itself, as a model reads it and no rule contradicts
    DENIES = "denies"
    REPORTS = "reports only"  # it quotes somebody else: it does not say so itself
    SILENT = "no passage found"


class RowType(StrEnum):
    """What the columns of a row have with one another."""

    NOT_JUDGED = "not judged"
    FACT = "dispute of fact"
    VALUE = "dispute of value"
    WORDING = "dispute of wording"
    RESPONSIBILITY = "dispute of responsibility"
    AGREEMENT = "agreement from opposed sides"


_DISPUTES = (RowType.FACT, RowType.VALUE, RowType.WORDING, RowType.RESPONSIBILITY)


class Part(StrEnum):
    """Under which heading a row stands where a table is told as agreement, dispute and gap."""

    AGREE = "agree"  # a model says so and its cells bear it out, or code found the same number in both
    DISPUTE = "dispute"  # likewise, or code found different numbers, dates or names
    OPEN = "not judged"  # several columns have something on it, and nobody has judged what
    ALONE = "one side alone"


class Kind(StrEnum):
    """What differs between the quotes of a row."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"


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
    citations: tuple[Citation, ...]  # one or two, the best first; none exactly where it is silent
    closest: Citation | None = None  # where it is silent: its nearest stretch, with number 0 and its score

    @property
    def citation(self) -> Citation | None:
        """The best of its quotes."""
        return self.citations[0] if self.citations else None


@dataclass(frozen=True, slots=True)
class Difference:
    """Numbers, dates or names that differ between the columns of a row. Which is right, nobody has judged."""

    unit: str  # what they stand beside, as one of the passages writes it
    values: tuple[tuple[str, str], ...]  # (id of the column, the number, date or name as it stands in its quote)
    kind: Kind = Kind.NUMBER

    def __str__(self) -> str:
        values = ", ".join(dict.fromkeys(value for _, value in self.values))
        return f"these passages use different {self.kind}s beside “{self.unit}”: {values}"


@dataclass(frozen=True, slots=True)
class Same:
    """A number that several columns of a row have alike, of the same thing. Nothing else was compared."""

    unit: str  # what it stands beside, as one of the passages writes it
    values: tuple[tuple[str, str], ...]  # (id of the column, the number as it stands in its quote)

    def __str__(self) -> str:
        values = ", ".join(dict.fromkeys(value for _, value in self.values))
        return f"these passages use the same number beside “{self.unit}”: {values}"


@dataclass(frozen=True, slots=True)
class Row:
    """A point: the reader's question, words that the passages of several columns share, or what a model calls it."""

    point: str  # what heads the row: never a model's words
    cells: tuple[Cell, ...]  # one a column, in the order of the columns
    differences: tuple[Difference, ...] = ()
    type: RowType = RowType.NOT_JUDGED
    statement: str | None = None  # the point in a model's words, checked; None where code made the row
    note: str = ""  # for the reader: why a type that was proposed is not the row's
    same: tuple[Same, ...] = ()

    @property
    def title(self) -> str:
        """What a reader calls the row by."""
        return self.statement or self.point

    @property
    def part(self) -> Part:
        """What its sides have with one another, as far as somebody has judged it or code can compare it.

        Different numbers come before anything else: who agrees for the rest still disputes these. Whoever only reports
        somebody speaks on no side.
        """
        if sum(bool(cell.citations) for cell in self.cells) < 2:
            return Part.ALONE
        if self.differences or self.type in _DISPUTES:
            return Part.DISPUTE
        if self.type is RowType.AGREEMENT or self.same:
            return Part.AGREE
        return Part.OPEN


@dataclass(frozen=True, slots=True)
class Table:
    """The sides of a question beside one another, point by point."""

    question: str
    by: By
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    generation: str
    labels: str  # fingerprint of the labels
    reason: Reason | None = None  # why the corpus does not answer, or why the rows are not a model's
    mode: TableMode = TableMode.EXTRACTIVE
    model: str | None = None  # the model that was asked, also where nothing of what it proposed could be shown
    removed: tuple[Removed, ...] = ()  # cells and rows that failed their checks, and why; no word of the model's
    prompts: Mapping[str, str] = field(default_factory=dict[str, str])  # fingerprints of those that were sent
    perspectives: tuple[Standing, ...] = ()  # what each has to say on the question; none where columns are voices

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation once, by number."""
        found = {entry.number: entry for row in self.rows for cell in row.cells for entry in cell.citations}
        return tuple(found[number] for number in sorted(found))

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON. Cells name citations by number; a citation is as in the answer schema."""
        return {
            "schema": SCHEMA,
            "question": self.question,
            "by": str(self.by),
            "mode": str(self.mode),
            "reason": self.reason and {"code": self.reason.code, "text": self.reason.text},
            "columns": [{"id": c.id, "label": c.label, "provenances": list(c.provenances)} for c in self.columns],
            "rows": [_row(row) for row in self.rows],
            "citations": [entry.to_dict() for entry in self.citations],
            "perspectives": [standing.to_dict() for standing in self.perspectives],
            "removed": [{"text": entry.text, "reasons": list(entry.reasons)} for entry in self.removed],
            "model": self.model,
            "prompts": dict(self.prompts),
            "generation": self.generation,
            "labels": self.labels,
        }


def _row(row: Row) -> dict[str, Any]:
    return {
        "point": row.point,
        "statement": row.statement,
        "type": str(row.type),
        "note": row.note,
        "cells": [
            {
                "column": cell.column,
                "stance": str(cell.stance),
                "citations": [entry.number for entry in cell.citations],
                "closest": cell.closest and cell.closest.to_short_dict(),
            }
            for cell in row.cells
        ],
        "differences": [_difference(entry) for entry in row.differences],
        "same": [{"unit": e.unit, "values": _values(e.values), "text": str(e)} for e in row.same],
        "part": str(row.part),
    }


def _difference(entry: Difference) -> dict[str, Any]:
    return {"kind": str(entry.kind), "unit": entry.unit, "values": _values(entry.values), "text": str(entry)}


def _values(given: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"column": column, "value": value} for column, value in given]
