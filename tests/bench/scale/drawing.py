"""Curves in, a picture out: SVG, both axes logarithmic, light or dark as the reader's system is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from tests.bench.scale.fit import exponent

# Told apart by people who see no red or no green (Okabe and Ito), and by the marks.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00")
_MARKS = ("circle", "square", "diamond", "triangle", "hourglass")
_WIDTH, _HEIGHT = 860, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 376, 48, 52  # the right one holds the names of the curves
_STYLE = """
svg { background: #fff; font: 13px system-ui, sans-serif; fill: #1d1d1f }
.grid { stroke: #d9d9de; stroke-width: 1 }
.aim { stroke: #1d1d1f; stroke-width: 1.5; stroke-dasharray: 5 4 }
.title { font-size: 16px; font-weight: 600 }
.faint { fill: #5b5b63 }
@media (prefers-color-scheme: dark) {
  svg { background: #1c1c1e; fill: #f2f2f4 } .grid { stroke: #3a3a3e } .aim { stroke: #f2f2f4 } .faint { fill: #b0b0b8 }
}
"""


@dataclass(frozen=True, slots=True)
class Curve:
    """One thing that was measured at several sizes."""

    name: str
    points: tuple[tuple[float, float], ...]  # size, cost

    @property
    def label(self) -> str:
        """Its name with the fitted exponent, where there are enough points for one."""
        grows = exponent([size for size, _ in self.points], [cost for _, cost in self.points])
        return self.name if grows is None else f"{self.name}, n^{grows:.2f}"


def picture(title: str, unit: str, curves: Sequence[Curve], aim: float | None = None, of: str = "") -> str:
    """All curves over the number of passages.

    Args:
        aim: a dashed line.
        of: the name of the curve that should not be above it.
    """
    curves = [Curve(curve.name, tuple(point for point in curve.points if min(point) > 0)) for curve in curves]
    curves = [curve for curve in curves if curve.points]
    sizes = [size for curve in curves for size, _ in curve.points] or [1]
    costs = [cost for curve in curves for _, cost in curve.points] + ([aim] if aim else []) or [1]
    across, up = _Axis(sizes, _LEFT, _WIDTH - _RIGHT), _Axis(costs, _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">',
        f"<style>{_STYLE}</style>",
        f'<text class="title" x="{_LEFT}" y="26">{escape(title)}</text>',
        *(_line("grid", _LEFT, up.at(value), _WIDTH - _RIGHT, up.at(value)) for value in up.ticks),
        *(_line("grid", across.at(value), _TOP, across.at(value), _HEIGHT - _BOTTOM) for value in across.ticks),
        *(_text(_LEFT - 8, up.at(value) + 4, f"{_short(value)} {unit}", "end") for value in up.ticks),
        *(_text(across.at(value), _HEIGHT - _BOTTOM + 20, _short(value), "middle") for value in across.ticks),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, "passages", "middle"),
    ]
    if aim:
        parts.append(_line("aim", _LEFT, up.at(aim), _WIDTH - _RIGHT, up.at(aim)))
        parts.append(_text(_LEFT + 8, up.at(aim) - 6, f"wanted of {of}: {_short(aim)} {unit} at most", "start"))
    for number, curve in enumerate(curves):
        parts += _drawn(curve, number, across, up)
    return "\n".join((*parts, "</svg>")) + "\n"


class _Axis:
    """Values of some decades to places between two ends."""

    def __init__(self, values: Sequence[float], first: float, last: float) -> None:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        self._low, self._high = low, max(high, low + 1)
        self._first, self._last = first, last

    @property
    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self._low, self._high + 1)]

    def at(self, value: float) -> float:
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return self._first + share * (self._last - self._first)


def _drawn(curve: Curve, number: int, across: _Axis, up: _Axis) -> list[str]:
    colour, mark = _COLOURS[number % len(_COLOURS)], _MARKS[number % len(_MARKS)]
    places = [(across.at(size), up.at(cost)) for size, cost in sorted(curve.points)]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    below = _TOP + 14 + 22 * number
    return [
        f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(_mark(mark, x, y, colour) for x, y in places),
        _mark(mark, _WIDTH - _RIGHT + 18, below - 4, colour),
        f'<text x="{_WIDTH - _RIGHT + 30}" y="{below}">{escape(curve.label)}</text>',
    ]


def _mark(shape: str, x: float, y: float, colour: str) -> str:
    corners = {
        "square": ((-4, -4), (4, -4), (4, 4), (-4, 4)),
        "diamond": ((0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)),
        "triangle": ((0, -5), (5, 4), (-5, 4)),
        "hourglass": ((-5, -5), (5, -5), (-5, 5), (5, 5)),
    }
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners[shape])
    return f'<polygon points="{points}" fill="{colour}"/>'


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text class="faint" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
