"""Places on a map with their texts in, names for its parts out: words of many passages there and of few elsewhere.

A part without such words gets no name. The words are the documents' own, as most there write them. Pure functions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from index.terms import STOPWORDS, fold, stem

PARTS = 12  # at most
_PASSAGES = 25  # of a part, on average, at least
_WORDS = 2  # of a name
_SHARE, _TIMES = 0.3, 3.0  # of a part's passages that hold a word, and how much more often than elsewhere
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Landmark:
    """The name of a part of a map, in the middle of it."""

    x: float
    y: float
    words: str


def landmarks(places: np.ndarray, texts: Sequence[str]) -> tuple[Landmark, ...]:
    """The names of the parts of a map.

    Args:
        places: x and y of each passage, one row each.
    """
    parts = min(PARTS, len(places) // _PASSAGES)
    if parts < 2:
        return ()
    part = _parts(places, parts)
    held = [{stem(word): word for word in _content(text)} for text in texts]
    everywhere = Counter(stem for words in held for stem in words)
    named = (_named(np.flatnonzero(part == number), places, held, everywhere) for number in range(parts))
    return tuple(one for one in named if one)


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if fold(word) not in STOPWORDS]


def _parts(places: np.ndarray, parts: int) -> np.ndarray:
    """The part of each place: k-means, begun at places far from one another."""
    centres = places[[int(((places - places.mean(0)) ** 2).sum(1).argmin())]]
    while len(centres) < parts:
        centres = np.vstack([centres, places[_apart(places, centres).min(1).argmax()]])
    part = _apart(places, centres).argmin(1)
    for _ in range(30):
        centres = np.array([places[part == n].mean(0) if (part == n).any() else centres[n] for n in range(parts)])
        part = _apart(places, centres).argmin(1)
    return part


def _apart(places: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return ((places[:, None] - centres[None]) ** 2).sum(2)


def _named(
    here: np.ndarray, places: np.ndarray, held: Sequence[dict[str, str]], everywhere: Counter[str]
) -> Landmark | None:
    counts = Counter(stem for at in here for stem in held[at])
    others = max(1, len(held) - len(here))
    found = []
    for word, count in counts.items():
        share, elsewhere = count / len(here), (everywhere[word] - count + 0.5) / others
        if count > 2 and share >= _SHARE and share >= _TIMES * elsewhere:
            found.append((-share * log(share / elsewhere), word))
    if not found:
        return None
    names = [Counter(held[at][word] for at in here if word in held[at]) for _, word in sorted(found)[:_WORDS]]
    words = ", ".join(min(forms, key=lambda form, forms=forms: (-forms[form], form)) for forms in names)
    x, y = np.median(places[here], 0)
    return Landmark(float(x), float(y), words)
