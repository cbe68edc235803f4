"""A generation in, a map of its passages out: where each lies among those that mean something like it.

Places are computed once for the passages of a generation and kept beside it in the store, never in it. They know no
labels: a document under another label takes its new side at the next look, and nothing is computed again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from assistant.later import Later
from assistant.overview.landmarks import Landmark, landmarks
from index.generation import Generation
from index.plane import laid_out, spread
from index.reader import Reader
from index.retrieve import Filter, Retriever
from index.types import Passage

FILE = "map.json"
_METHOD = b"t-SNE 1"  # that made the places in a file; another method, other places
_WORDS = 160  # characters of a passage that a map shows


@dataclass(frozen=True, slots=True)
class Point:
    """A passage on a map."""

    document: str  # path relative to the corpus
    start: int
    end: int
    x: float  # 0 to 1, as is y; only which points are near to one another means anything
    y: float
    words: str  # how the passage begins, on one line
    perspectives: tuple[str, ...] = ()  # ids, as the labels are now


@dataclass(frozen=True, slots=True)
class PassageMap:
    """Passages by meaning."""

    points: tuple[Point, ...]
    landmarks: tuple[Landmark, ...]  # names for its parts, the same for all perspectives
    passages: int  # of the perspectives asked for, whether they are on the map or not
    titles: dict[str, str]  # of the documents of the points, by their paths
    shown: dict[str, int]  # points of each perspective, by its id; one that stands for two counts for both

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


class Cartographer:
    """Makes the maps of one store; remembers the places of the latest generation."""

    def __init__(self, reader: Reader) -> None:
        self._placed = Later(reader, lambda generation, _: generation.name, _placed)
        self.close = self._placed.close

    def map(self, perspectives: Sequence[str] = (), *, wait: bool = True) -> PassageMap | None:
        """The map of the passages of these perspectives, by id; of all, where none is named.

        Args:
            wait: else None, where the places are still being computed.

        Raises:
            BadLabels: a labels file cannot be followed.
        """
        with self._placed.pinned(waiting=wait) as (generation, retriever, placed):
            if placed is None:
                return None
            only = Filter(tuple(perspectives))
            entries = [entry for entry in generation.library.entries if entry.id in retriever.keys]
            admitted = {
                entry.id: entry.passages for entry in entries if only.admits(entry, retriever.sources(entry.id))
            }
            points = tuple(_sided(point, retriever) for point in placed.points if point.document in admitted)
            shown = Counter(side for point in points for side in point.perspectives)
            titles = {point.document: retriever.sources(point.document).title for point in points}
            return PassageMap(points, placed.landmarks, sum(admitted.values()), titles, dict(sorted(shown.items())))


def _sided(point: Point, retriever: Retriever) -> Point:
    return replace(point, perspectives=retriever.perspectives_of(point.document))


@dataclass(frozen=True, slots=True)
class _Places:
    points: tuple[Point, ...]
    landmarks: tuple[Landmark, ...]


def _placed(generation: Generation, retriever: Retriever) -> _Places:
    """The passages of a generation that have room on a map, in their places."""
    table = generation.library.passage_table
    rows = spread(table[:, 1])
    places = _places(np.array(generation.matrix[rows]), generation.folder.parent.parent / FILE)
    passages = [retriever.passage(int(key)) for key in table[rows, 0]]
    points = tuple(_point(passage, x, y) for passage, (x, y) in zip(passages, places, strict=True))
    return _Places(points, landmarks(np.array(places).reshape(-1, 2), [passage.text for passage in passages]))


def _point(passage: Passage, x: float, y: float) -> Point:
    words = " ".join(passage.text[: 2 * _WORDS].split())
    return Point(passage.document.id, passage.start, passage.end, x, y, words[:_WORDS])


def _places(vectors: np.ndarray, file: Path) -> list[tuple[float, float]]:
    """Out of the file, where it holds those of these very vectors; else computed, and written into it."""
    fingerprint = sha256(_METHOD + vectors.tobytes()).hexdigest()
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # no file, or one that is of no use
        kept = json.loads(file.read_text("utf-8"))
        places = [(float(x), float(y)) for x, y in kept["places"]]
        if kept["vectors"] == fingerprint and len(places) == len(vectors):
            return places
    places = [(round(float(x), 4), round(float(y), 4)) for x, y in laid_out(vectors)]
    new = file.with_name(f"{FILE}.{os.getpid()}")
    with contextlib.suppress(OSError):  # a store that cannot be written is computed for at each start
        new.write_text(json.dumps({"vectors": fingerprint, "places": places}), "utf-8")
        os.replace(new, file)
    return places
