"""The sides and quotes of citations in, each side's share of the cited words and how even the shares are out.

Reported beside an answer and never aimed at: a corpus in which one side says more is no fault of the answer. Pure
functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log


def shares(cited: Iterable[tuple[Sequence[str], str]]) -> dict[str, float]:
    """What share of the cited words each side has, the largest first; together 1, or nothing at all.

    Args:
        cited: the sides of each citation and its quote. The words of a source of two sides count half for each; those
            of none, as reader comments are, for nobody.
    """
    words: dict[str, float] = {}
    for sides, quote in cited:
        for side in sides:
            words[side] = words.get(side, 0.0) + len(quote.split()) / len(sides)
    total = sum(words.values())
    ranked = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
    return {side: count / total for side, count in ranked if count}


def balance(shares: Mapping[str, float]) -> float | None:
    """How even the shares are: 1 where all have the same, near 0 where one has nearly all; None for fewer than two.

    It is their entropy, over that of even shares.
    """
    if len(shares) < 2:
        return None
    # Even shares may come out a little above 1.
    return min(1.0, -sum(share * log(share) for share in shares.values()) / log(len(shares)))


def coverage_line(searched: int, cited: int, balance: float | None) -> str:
    """How many perspectives are cited, and how even; nothing where only one was searched: that compares nothing."""
    if searched < 2:
        return ""
    even = "" if balance is None else f"; balance {figure(balance)}"
    return f"{cited} of {searched} perspectives cited{even}"


def figure(balance: float) -> str:
    """A balance as it is shown: .87, 1.00."""
    return f"{balance:.2f}".removeprefix("0")
