"""A large index in, what its map keeps of who is near to whom out, and what a look at it costs.

Real passages at 1,000 and 10,000, invented ones at 100,000 (their vectors are real ones with noise: time and memory
there, and no word on how good the map is). Kept: of the ten nearest of each passage on the map, how many are among the
ten nearest there; trust: 1 if nothing is near on the map that is far in meaning. Beside it plain directions (PCA).
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import numpy as np

from assistant import Assistant
from assistant.overview.passage_map import FILE
from index import plane
from index.embed import LocalEmbedder
from index.generation import Store
from index.reader import Reader
from tests.bench import stores, synthetic
from tests.bench.options import Options
from tests.bench.table import Row

_LOOKS = 7


def run(options: Options) -> Sequence[Row]:
    """The map of several sizes, then a look at the largest index."""
    store = stores.news(options)
    generation = store.open()
    try:
        rows = [row for size in (1_000, 10_000) for row in _mapped(generation.matrix, generation.library, size)]
        large = synthetic.build(options.work / f"synthetic-{options.labelled}", generation, options.labelled)
    finally:
        generation.close()
    generation = large.open()
    try:
        rows += _mapped(generation.matrix, generation.library, options.labelled)
    finally:
        generation.close()
    return [*rows, *_looks(store, "of news"), *_looks(large, "of invented passages")]


def _mapped(matrix: np.ndarray, library: Any, size: int) -> list[Row]:
    """Of the first so many passages."""
    size = min(size, len(matrix))
    chosen = plane.spread(library.passage_table[:size, 1])
    vectors = np.array(matrix[chosen])
    what = f"map of {size:,} passages, {len(chosen):,} shown"
    seconds, places = _timed(lambda: plane.laid_out(vectors))
    plainly, plain = _timed(lambda: plane.directions(vectors))
    tracemalloc.start()
    plane.laid_out(vectors)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    kept, trust = plane.kept_neighbours(vectors, places)
    kept_plainly, trust_plainly = plane.kept_neighbours(vectors, plain)
    return [
        Row(f"{what}: neighbours kept", 100 * kept, "%", 100 * kept_plainly, "PCA"),
        Row(f"{what}: trust", trust, "", trust_plainly, "PCA"),
        Row(f"{what}: time, once", seconds, "s", plainly, "PCA"),
        Row(f"{what}: memory", peak, "MB"),
    ]


def _looks(store: Store, what: str) -> list[Row]:
    """What opening the tab costs: the first time, and once places and voices are known."""
    (store.folder / FILE).unlink(missing_ok=True)
    with Assistant(Reader(store, LocalEmbedder())) as assistant:
        glance = assistant.glance
        looks: dict[str, Callable[[], Any]] = {
            "map": glance.map,
            "timeline": glance.timeline,
            "who quotes whom": glance.quoting,
        }
        rows = []
        for name, look in looks.items():
            first, _ = _timed(look)
            again = median(_timed(look)[0] for _ in range(_LOOKS))
            rows.append(Row(f"{name} {what}, the first time", first, "s"))
            rows.append(Row(f"{name} {what}, again", 1000 * again, "ms", target="≤ 300"))
        return rows


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result
