"""Labelled texts in, how near any text is to each side out, with what was measured on texts held out. Pure: numpy only.

A side's prototype is the mean of its labelled texts as tf-idf of their words, each outlet with one vote; what all sides
have in common is taken off (Rocchio's classifier, centred). The score is a sum over the words of a text, so the
sentences that decided are known exactly. Whole outlets are held out to measure it: a side is easily told by its outlet,
and a text of an outlet never seen is what a suggestion is asked for.

The vectors of passages add nothing that is sure and hold other people's words, so they are not used (LOG.md).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.labelling.own import Stretch

_WIDESPREAD = (
    2  # groups of labelled texts that must hold a word: what one outlet alone writes is its name and its style
)
_MOST_WORDS = 30_000  # of the vocabulary, the most widespread first
# One-sided 95 %: the chance that the share is lower, as far as so few texts can tell, is one in twenty.
_Z = 1.645

_Point = tuple[np.ndarray, np.ndarray]  # a text as places in the vocabulary and the weights there


@dataclass(frozen=True, slots=True)
class Near:
    """How near a text is to the nearest side, and to the one after it."""

    side: str
    second: str
    margin: float  # between the two; 0 is a tie


@dataclass(frozen=True, slots=True)
class Held:
    """A labelled text judged without itself and without everything else of its outlet."""

    margin: float
    right: bool
    weight: float  # texts of one outlet have one vote together


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the texts held out at some margin, or above, were right; each outlet with one vote."""

    right: float  # 0 to 1
    low: float  # the end of its one-sided 95 % interval (Wilson)
    texts: int


class Prototypes:
    """What a few labelled texts tell of their sides."""

    def __init__(
        self,
        texts: Sequence[Sequence[Stretch]],
        sides: Sequence[str],
        groups: Sequence[Hashable],
    ) -> None:
        """Learn.

        Args:
            texts: the labelled ones; `sides` and `groups` have one entry for each.
            sides: the perspective of each, two texts and two groups each at least.
            groups: what must not be torn apart when texts are held out: outlets, or copies of one text.
        """
        self._sides, self._groups = list(sides), list(groups)
        self.sides = tuple(sorted(set(sides)))
        held_by: dict[str, set[Hashable]] = {}
        for text, group in zip(texts, groups, strict=True):
            for word in {word for stretch in text for word in stretch.words}:
                held_by.setdefault(word, set()).add(group)
        wide = {word: len(by) for word, by in held_by.items() if len(by) >= _WIDESPREAD}
        chosen = sorted(wide, key=lambda word: (-wide[word], word))[:_MOST_WORDS]
        self._vocabulary = {word: at for at, word in enumerate(chosen)}
        number = len(set(groups))
        self._idf = np.array([math.log((1 + number) / (1 + wide[word])) + 1 for word in chosen], np.float32)
        self._texts = [self._point(text) for text in texts]
        self._members: dict[tuple[str, Hashable], list[int]] = {}
        for at, key in enumerate(zip(sides, groups, strict=True)):
            self._members.setdefault(key, []).append(at)
        self._means = {side: self._mean_of(side) for side in self.sides}

    def near(self, text: Sequence[Stretch]) -> Near:
        """The side that a text is nearest to."""
        return _nearest(self._all, self._point(text))

    def decided(self, text: Sequence[Stretch], near: Near) -> list[tuple[Stretch, float]]:
        """What each stretch adds to the margin, the most first; with what all sides have in common, it is the sum."""
        axis = self._all.axis(near.side) - self._all.axis(near.second)
        counts = _counts(text)
        weights = self._weights(counts)
        added = {word: weight / counts[word] * axis[self._vocabulary[word]] for word, weight in weights.items()}
        sums = [(stretch, float(sum(added.get(word, 0.0) for word in stretch.words))) for stretch in text]
        return sorted(sums, key=lambda entry: -entry[1])

    @cached_property
    def held_out(self) -> tuple[Held, ...]:
        """Each labelled text, judged by the prototypes without its group."""
        sizes = Counter(self._groups)
        members: dict[Hashable, list[int]] = {}
        for at, group in enumerate(self._groups):
            members.setdefault(group, []).append(at)
        found: list[Held] = []
        for group, texts in members.items():
            axes = _Axes({side: self._mean_without(side, group) for side in self.sides})
            for at in texts:
                near = _nearest(axes, self._texts[at])
                found.append(Held(near.margin, near.side == self._sides[at], 1 / sizes[group]))
        return tuple(found)

    @property
    def majority(self) -> float:
        """The share of the side that has most, each group with one vote: what always naming it would reach."""
        sizes = Counter(self._groups)
        votes: Counter[str] = Counter()
        for side, group in zip(self._sides, self._groups, strict=True):
            votes[side] += 1 / sizes[group]  # type: ignore[assignment] # a share of a vote
        return max(votes.values()) / sum(votes.values())

    @cached_property
    def _all(self) -> _Axes:
        return _Axes({side: mean for side, (mean, _) in self._means.items()})

    def _mean_of(self, side: str) -> tuple[np.ndarray, int]:
        """The mean of the means of a side's groups, and how many groups there are."""
        groups = [group for of, group in self._members if of == side]
        return sum((self._mean_in(side, group) for group in groups), np.zeros(len(self._vocabulary))) / len(
            groups
        ), len(groups)

    def _mean_in(self, side: str, group: Hashable) -> np.ndarray:
        total, among = np.zeros(len(self._vocabulary)), self._members[side, group]
        for ids, values in (self._texts[at] for at in among):
            total[ids] += values
        return total / len(among)

    def _mean_without(self, side: str, group: Hashable) -> np.ndarray:
        mean, count = self._means[side]
        own = (side, group) in self._members and count > 1
        return (mean * count - self._mean_in(side, group)) / (count - 1) if own else mean

    def _point(self, text: Sequence[Stretch]) -> _Point:
        weights = self._weights(_counts(text))
        places = np.array([self._vocabulary[word] for word in weights], np.int64)
        return places, np.array([*weights.values()], np.float64)

    def _weights(self, counts: Counter[str]) -> dict[str, float]:
        """The tf-idf of each word that is known; of length 1."""
        known = {word: n for word, n in counts.items() if word in self._vocabulary}
        weights = {word: (1 + math.log(n)) * float(self._idf[self._vocabulary[word]]) for word, n in known.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {word: weight / length for word, weight in weights.items()}


class _Axes:
    """The direction from what all sides have in common to each of them, of length 1."""

    def __init__(self, means: dict[str, np.ndarray]) -> None:
        self.sides = tuple(means)
        rows = np.array([*means.values()])
        self._common = rows.mean(axis=0)
        self._rows = rows - self._common
        self._rows /= np.maximum(np.linalg.norm(self._rows, axis=1, keepdims=True), 1e-12)

    def axis(self, side: str) -> np.ndarray:
        """The direction of a side."""
        return self._rows[self.sides.index(side)]

    def scores(self, point: _Point) -> np.ndarray:
        """One a side."""
        ids, values = point
        return self._rows[:, ids] @ values - self._rows @ self._common


def _counts(text: Sequence[Stretch]) -> Counter[str]:
    return Counter(word for stretch in text for word in stretch.words)


def _nearest(axes: _Axes, point: _Point) -> Near:
    scores = axes.scores(point)
    first, second = np.argsort(-scores, kind="stable")[:2]
    return Near(axes.sides[first], axes.sides[second], float(scores[first] - scores[second]))


def share(held: Iterable[Held], margin: float) -> Share:
    """How many of the texts held out that reach a margin were right."""
    reached = [entry for entry in held if entry.margin >= margin]
    weight = sum(entry.weight for entry in reached)
    if not weight:
        return Share(0.0, 0.0, 0)
    right = sum(entry.weight for entry in reached if entry.right) / weight
    # Kish's effective number: a few texts that carry most of the weight tell as little as a few texts.
    count = weight**2 / sum(entry.weight**2 for entry in reached)
    spread = _Z * math.sqrt(right * (1 - right) / count + _Z**2 / (4 * count**2))
    return Share(right, (right + _Z**2 / (2 * count) - spread) / (1 + _Z**2 / count), len(reached))
