"""Rows in, a plain table and JSON out. Also the arithmetic of rounds: medians, and ratios taken within a round."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from statistics import median
from typing import Any

import numpy as np

_HEAD = ("measured", "ours", "baseline", "ratio (lowest to highest round)", "target")
_SIGNS = {
    ">": lambda value, bound: value > bound,
    "≥": lambda value, bound: value >= bound,
    "≤": lambda value, bound: value <= bound,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, and what it is held against."""

    name: str
    ours: float
    unit: str = ""
    baseline: float | None = None
    against: str = ""  # what the baseline is
    ratios: tuple[float, ...] = ()  # one a round
    target: str = ""  # "≤ 500", or "ratio ≥ 5"; signs ≥ ≤ >
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The median over the rounds."""
        return median(self.ratios) if self.ratios else None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none, or nothing to hold it against."""
        if not self.target:
            return None
        *of, sign, bound = self.target.split()
        value = self.ratio if of else self.ours
        return None if value is None else _SIGNS[sign](value, float(bound))

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self) | {"ratio": self.ratio, "met": self.met}

    def _cells(self) -> tuple[str, ...]:
        spread = f" ({min(self.ratios):.3g} to {max(self.ratios):.3g})" if len(self.ratios) > 1 else ""
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}{spread}"
        baseline = "" if self.baseline is None else f"{_number(self.baseline)} {self.against}"
        met = {True: ": met", False: ": missed", None: ""}[self.met]
        ours = f"{_number(self.ours)} {self.unit}".strip()
        return self.name, ours, baseline, ratio, f"{self.target}{met}" + (f"  {self.note}" if self.note else "")


def faster(name: str, unit: str, ours: Sequence[float], theirs: Sequence[float], against: str, **more: Any) -> Row:
    """A row about rates, the higher the better: ours over theirs, round by round."""
    ratios = tuple(a / b for a, b in zip(ours, theirs, strict=True))
    return Row(name, median(ours), unit, median(theirs), against, ratios, **more)


def cheaper(name: str, unit: str, ours: Sequence[float], theirs: Sequence[float], against: str, **more: Any) -> Row:
    """A row about times or sizes, the lower the better: theirs over ours, round by round."""
    ratios = tuple(b / a for a, b in zip(ours, theirs, strict=True))
    return Row(name, median(ours), unit, median(theirs), against, ratios, **more)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them, in percent, lies."""
    return float(np.percentile(values, share))


def table(title: str, rows: Sequence[Row]) -> str:
    """The rows in columns."""
    lines = [_HEAD, *(row._cells() for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(_HEAD))]
    lines.insert(1, tuple("-" * width for width in widths))
    body = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)
    return "\n".join((title, *body))


def machine() -> dict[str, Any]:
    """What ran, and how busy it was before we began."""
    packages = ("onnxruntime", "chromadb", "llama-index-core", "numpy")
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "versions": {name: version(name) for name in packages},
    }


def to_json(tables: dict[str, Sequence[Row]], skipped: dict[str, str], before: dict[str, Any]) -> str:
    """Everything that was measured."""
    measured = {name: [row.to_dict() for row in rows] for name, rows in tables.items()}
    return json.dumps({"machine": before, "measured": measured, "skipped": skipped}, indent=1, ensure_ascii=False)


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
