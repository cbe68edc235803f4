"""What happened in a row, counted as it happens; the rows as one table and as JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

_HEAD = ("row", "what was done", "lost", "wrong", "untold", "verdict", "seconds")
_KEPT = 40  # sentences of a row
_WIDTH = 96  # of what was done
# What a sentence to a reader never holds.
_UNTOLD = re.compile(
    r"Traceback \(most recent call last\)|^\s+File \"|\b\w+Error:|\b\w+Exception:|<\w+ object at", re.M
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row."""

    name: str
    done: str
    lost: int
    wrong: int
    untold: int
    told: tuple[str, ...] = ()  # what was lost, wrong or untold, the first of it
    seconds: float = 0.0
    skipped: bool = False

    @property
    def verdict(self) -> str:
        """In one word."""
        if self.skipped:
            return "skipped"
        return "FAILS" if self.lost or self.wrong or self.untold else "holds"

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self) | {"verdict": self.verdict}


@dataclass
class Tally:
    """What happens, as it does."""

    done: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    wrong: int = 0
    untold: int = 0
    _told: list[str] = field(default_factory=list)

    def lose(self, what: str) -> None:
        """Something that was there, or acknowledged, is gone."""
        self.lost += 1
        self._note(f"lost: {what}")

    def err(self, what: str) -> None:
        """Something is not as it should be."""
        self.wrong += 1
        self._note(f"wrong: {what}")

    def expect(self, holds: object, what: str) -> bool:
        """Note as wrong what does not hold."""
        if not holds:
            self.err(what)
        return bool(holds)

    def heard(self, said: str, where: str, *, lines: int = 1) -> None:
        """What a failure said: at most so many lines, and nothing that only a programmer understands."""
        self.done["failures told"] += 1
        if not said.strip() or len(said.strip().splitlines()) > lines or _UNTOLD.search(said):
            self.untold += 1
            self._note(f"untold: {where}: {said.strip()[-300:]!r}")

    def quiet(self, said: str, where: str) -> None:
        """Something was said in passing, which holds no traceback."""
        if _UNTOLD.search(said):
            self.untold += 1
            self._note(f"untold: {where}: {said.strip()[-300:]!r}")

    def row(self, name: str, note: str = "") -> Row:
        """All of it."""
        counted = [f"{count:,} {what}" for what, count in self.done.items() if count]
        return Row(
            name,
            ", ".join([*counted, *([note] if note else [])]),
            self.lost,
            self.wrong,
            self.untold,
            tuple(self._told),
        )

    def _note(self, what: str) -> None:
        if len(self._told) < _KEPT:
            self._told.append(what)


def table(rows: Sequence[Row]) -> str:
    """The rows in columns; what was done goes on below where it is long."""
    cells = [_HEAD, *(_cells(row) for row in rows)]
    folded = [_folded(line) for line in cells]
    widths = [max(len(line[at]) for lines in folded for line in lines) for at in range(len(_HEAD))]
    folded.insert(1, [tuple("-" * width for width in widths)])
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for lines in folded
        for line in lines
    )


def to_json(rows: Sequence[Row], about: dict[str, Any]) -> str:
    """The rows, and what they were made with."""
    return json.dumps(about | {"rows": [row.to_dict() for row in rows]}, indent=1, ensure_ascii=False)


def _cells(row: Row) -> tuple[str, ...]:
    counts = ("", "", "") if row.skipped else (str(row.lost), str(row.wrong), str(row.untold))
    return row.name, row.done, *counts, row.verdict, f"{row.seconds:.0f}"


def _folded(cells: tuple[str, ...]) -> list[tuple[str, ...]]:
    words, lines = cells[1].split(", "), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) > _WIDTH:
            lines.append("")
        lines[-1] += f", {word}" if lines[-1] else word
    first = (cells[0], lines[0], *cells[2:])
    return [first, *(("", line, *[""] * (len(cells) - 2)) for line in lines[1:])]
