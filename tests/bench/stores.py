"""Articles in, an index of them out, kept between runs: an update of what is there already costs next to nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from index.embed import LocalEmbedder
from index.errors import StoreDamaged, StoreFormat, WrongEmbedder
from index.generation import Generation, Store
from index.update import Progress, Report, update
from tests.bench import sets
from tests.bench.options import Options


def news(options: Options) -> Store:
    """The index of the news articles."""
    folder = options.work / f"news-{options.news}"
    sets.write_news(folder / "corpus", sets.news(options, options.news))
    store = Store(folder / "store")
    refresh(folder / "corpus", store)
    return store


def refresh(corpus: Path, store: Store) -> Report:
    """Bring an index up to date, or make it anew where another state of the program left one that cannot be used."""

    def show(progress: Progress) -> None:
        print(f"\rindexing {corpus}: {progress.passages} passages", end="", file=sys.stderr)

    try:
        report = update(corpus, store, LocalEmbedder(), progress=show)
    except (StoreFormat, StoreDamaged, WrongEmbedder):
        report = update(corpus, store, LocalEmbedder(), rebuild=True, progress=show)
    print(file=sys.stderr)
    return report


def export(generation: Generation, passages: Path, vectors: Path) -> None:
    """Write every passage and its vector to files that another program can read."""
    library = generation.library
    with passages.open("w", encoding="utf-8") as file:
        for _, key, start, end in library.passage_table.tolist():
            document = library.document(key)
            file.write(json.dumps({"file": document.id, "text": document.text[start:end]}) + "\n")
    np.save(vectors, np.asarray(generation.matrix))
