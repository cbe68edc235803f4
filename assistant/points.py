"""What the columns of a table say in, the points on which several of them speak out: by meaning and shared words.

Greedy and deterministic. A point is grown around one stretch: from every other column the one nearest to it. Pure
functions of vectors and texts: no model, no index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.terms import fold, stem, stems, words

MOST = 5  # points beside the question itself
NEAR = 0.45  # likeness from which on two stretches are on one point; set by hand
_MEANING = 0.7  # of meaning against words in the likeness of two stretches
_SHOWN = 4  # words that name a point


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of one document, and the columns in which it may stand."""

    at: int  # its number, for whoever asks
    document: str
    text: str
    columns: tuple[str, ...]
    relevance: float  # to the question, 0 to 1


@dataclass(frozen=True, slots=True)
class Point:
    """Stretches of several columns that are near to one another."""

    name: str  # words that they share, as the first of them writes these
    members: tuple[int, ...]  # numbers of stretches, at most one a column


def likeness(vectors: np.ndarray, said: Sequence[Said]) -> np.ndarray:
    """How near every two stretches are: by meaning, and by the share of content words that they have in common."""
    bags = [frozenset(stems(entry.text)) for entry in said]
    shared = np.array([[len(one & two) / max(1, min(len(one), len(two))) for two in bags] for one in bags])
    return _MEANING * (vectors @ vectors.T) + (1 - _MEANING) * shared.reshape(len(said), len(said))


def points(said: Sequence[Said], near: np.ndarray, asked: frozenset[str], used: Sequence[int] = ()) -> list[Point]:
    """The points on which two columns or more speak, those with most columns first.

    Args:
        asked: the stems of the question, which name no point.
        used: stretches, by position, that stand in the table already.
    """
    free = [at for at in range(len(said)) if at not in used]
    made: list[tuple[int, Point]] = []
    while len(made) < MOST:
        grown = [_grown(seed, free, said, near) for seed in free]
        grown = [(members, worth) for members, worth in grown if len({said[at].document for at in members}) > 1]
        if not grown:
            break
        members, _ = max(grown, key=lambda pair: pair[1])
        free = [at for at in free if at not in members]
        if name := _name([said[at].text for at in members], asked):
            columns = {column for at in members for column in said[at].columns}
            made.append((len(columns), Point(name, tuple(said[at].at for at in members))))
    return [point for _, point in sorted(made, key=lambda pair: -pair[0])]


def _grown(seed: int, free: Sequence[int], said: Sequence[Said], near: np.ndarray) -> tuple[tuple[int, ...], float]:
    """A stretch, and of each column that is not its own the nearest; with what it is worth."""
    members, taken = [seed], set(said[seed].columns)
    worth = said[seed].relevance
    for at in sorted(free, key=lambda at: -near[seed, at]):
        if near[seed, at] < NEAR:
            break
        if taken.isdisjoint(said[at].columns):
            members.append(at)
            taken.update(said[at].columns)
            worth += float(near[seed, at]) * said[at].relevance
    return tuple(members), worth


def _name(texts: Sequence[str], asked: frozenset[str]) -> str:
    """The content words that most of the stretches hold, as they stand in the first that has them."""
    held = Counter(word for text in texts for word in dict.fromkeys(stems(text)) if word not in asked)
    written: dict[str, str] = {}
    for text in texts:
        for word in words(text):
            if len(word) > 2 and not word.isdigit() and fold(word) != "":
                written.setdefault(stem(word), word)
    shared = [word for word, count in held.most_common() if count > 1 and word in written]
    return " · ".join(written[word] for word in shared[:_SHOWN])
