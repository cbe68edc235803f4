"""A text in, its sketch out; two sketches in, how much of the two texts is the same.

Bottom-k sketches of word shingles (Broder, "On the resemblance and containment of documents", 1997): of all runs of
five words keep the 64 with the smallest hashes. The share of common members among the 64 smallest of both estimates
the Jaccard similarity, with a standard error of about .06. Pure functions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from zlib import crc32

from index.terms import fold, words

_SHINGLE = 5  # words
_SIZE = 64  # hashes kept
NEAR = 0.5  # from here on two documents count as copies of one another; set by hand

Sketch = frozenset[int]


def sketch(text: str) -> Sketch:
    """The fingerprint of a text; empty when it has fewer than five words."""
    folded = [fold(word).encode() for word in words(text)]
    shingles = {crc32(b" ".join(folded[at : at + _SHINGLE])) for at in range(len(folded) - _SHINGLE + 1)}
    return frozenset(sorted(shingles)[:_SIZE])


def similarity(first: Sketch, second: Sketch) -> float:
    """The estimated Jaccard similarity, 0 to 1."""
    smallest = set(sorted(first | second)[:_SIZE])
    return len(first & second & smallest) / len(smallest) if smallest else 0.0


def clusters(sketches: Mapping[int, Sketch], known: Mapping[int, int | None] = {}) -> dict[int, int]:
    """For each document that has a near-duplicate, the smallest key of its cluster.

    Args:
        known: of documents that were compared before, the clusters, of which no member may have gone meanwhile; None
            for one without near-duplicates. They are not compared with one another again.
    """
    group = {key: key for key in sketches}
    group.update({key: first for key, first in known.items() if first is not None})

    def root(key: int) -> int:
        while group[key] != key:
            key = group[key]
        return key

    for first, second in _candidates(sketches, known):
        low, high = sorted((root(first), root(second)))
        if low != high and similarity(sketches[first], sketches[second]) >= NEAR:
            group[high] = low
    members: dict[int, list[int]] = {}
    for key in sketches:
        members.setdefault(root(key), []).append(key)
    return {key: first for first, keys in members.items() if len(keys) > 1 for key in keys}


def _candidates(sketches: Mapping[int, Sketch], known: Collection[int]) -> Iterable[tuple[int, int]]:
    """Pairs that share enough hashes to be worth a look, without comparing all with all, nor known ones at all."""
    new = sorted(key for key in sketches if key not in known)
    sought: Sketch = frozenset().union(*(sketches[key] for key in new))
    holders: dict[int, list[int]] = {}
    for key in known:
        for value in sketches[key] & sought:
            holders.setdefault(value, []).append(key)
    for key in new:
        shared: dict[int, int] = {}
        for value in sketches[key]:
            for other in holders.setdefault(value, []):
                shared[other] = shared.get(other, 0) + 1
            holders[value].append(key)
        enough = len(sketches[key]) // 4
        yield from ((other, key) for other, count in shared.items() if count > enough)
