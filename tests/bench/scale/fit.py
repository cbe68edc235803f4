"""Sizes and what each of them costs in, the exponent out: 1 grows as the corpus does, 0 does not grow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float | None:
    """Of the power of the size that fits best, by least squares over the logarithms; None for fewer than two sizes."""
    there = [(size, cost) for size, cost in zip(sizes, costs, strict=True) if size > 0 and cost > 0]
    if len({size for size, _ in there}) < 2:
        return None
    return float(np.polyfit(*np.log(np.array(there)).T, 1)[0])
