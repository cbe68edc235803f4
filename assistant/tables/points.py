"""What the columns of a table say in, the points on which several of them speak out: by meaning and shared words.

Greedy and deterministic. A point is grown around one stretch: from every other column the one nearest to it. Pure
functions of vectors and texts: no model, no index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.terms import STOPWORDS, fold, stem, stems, words

MOST = 5  # points beside the question itself
NEAR = 0.45  # likeness from which on two stretches are on one point; set by hand
# ... and one of them fills the cell of a column that has nothing nearer; tried on six questions (LOG.md).
TOUCHES = 0.4
_MEANING = 0.7  # of meaning against words in the likeness of two stretches
_SHOWN = 4  # words that name a point
EACH = 2  # stretches a column and point


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
    members: tuple[int, ...]  # numbers of stretches, the one it grew around first; at most two a column


def likeness(vectors: np.ndarray, said: Sequence[Said]) -> np.ndarray:
    """How near every two stretches are: by meaning, and by the share of content words that they have in common."""
    bags = [frozenset(stems(entry.text)) for entry in said]
    shared = np.array([[len(one & two) / max(1, min(len(one), len(two))) for two in bags] for one in bags])
    return _MEANING * (vectors @ vectors.T) + (1 - _MEANING) * shared.reshape(len(said), len(said))


def points(
    said: Sequence[Said],
    near: np.ndarray,
    asked: frozenset[str],
    used: Sequence[int] = (),
    wanted: Sequence[int] = (),
) -> list[Point]:
    """The points on which two columns or more speak, those with most columns first.

    Args:
        asked: the stems of the question, which name no point.
        used: stretches, by position, that stand in the table already.
        wanted: those that must stand in it. One that fits no point is beside another of its column, or a point of its
            own, on which its column may be alone.
    """
    free = [at for at in range(len(said)) if at not in used]
    made: list[list[int]] = []
    while len(made) < MOST:
        grown = [_grown(seed, free, said, near) for seed in free]
        grown = [(members, worth) for members, worth in grown if len({said[at].document for at in members}) > 1]
        if not grown:
            break
        members, _ = max(grown, key=lambda pair: pair[1])
        free = [at for at in free if at not in members]
        if _shared([said[at].text for at in members], asked):
            made.append([*members])
    for at in wanted:
        if any(at in members for members in made):
            continue
        fits = [members for members in made if near[members[0], at] >= NEAR and _has_room(members, at, said)]
        if fits:
            max(fits, key=lambda members: near[members[0], at]).append(at)
        else:
            made.append([*_grown(at, [at, *(other for other in free if other != at)], said, near)[0]])
        free = [other for other in free if not any(other in members for members in made)]
    made.sort(key=lambda members: -len({column for at in members for column in said[at].columns}))
    return [
        Point(named([said[at].text for at in members], asked), tuple(said[at].at for at in members)) for members in made
    ]


def _has_room(members: Sequence[int], at: int, said: Sequence[Said]) -> bool:
    return all(sum(column in said[other].columns for other in members) < EACH for column in said[at].columns)


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


def named(texts: Sequence[str], asked: frozenset[str]) -> str:
    """The words that name a point: those that its stretches share, or the first ones of the only stretch."""
    own = [word for word in words(texts[0]) if _is_telling(word) and stem(word) not in asked | STOPWORDS]
    return " · ".join(_shared(texts, asked) or [*dict.fromkeys(own)][:_SHOWN])


def _shared(texts: Sequence[str], asked: frozenset[str]) -> list[str]:
    """The content words that most of the stretches hold, as they stand in the first that has them."""
    held = Counter(word for text in texts for word in dict.fromkeys(stems(text)) if word not in asked)
    written: dict[str, str] = {}
    for text in texts:
        for word in filter(_is_telling, words(text)):
            written.setdefault(stem(word), word)
    return [written[word] for word, count in held.most_common() if count > 1 and word in written][:_SHOWN]


def _is_telling(word: str) -> bool:
    return len(word) > 2 and not word.isdigit() and fold(word) != ""
