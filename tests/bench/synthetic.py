"""A real index in, a large one of invented passages out, at no cost of embedding.

Words are drawn one by one with the frequencies they have in the real texts (so they follow Zipf's law, and a real
question finds its words as often as in real text). Vectors are real ones with noise: the nearest neighbours of a
question are easy to find, so nothing here says how good the search is, only how long it takes.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np

from index.embed import LocalEmbedder
from index.generation import FORMAT, Generation, Manifest, Store
from index.library import INDEXED, Library
from index.rows import Rows
from index.types import Document
from index.vectors import VectorStore, write_matrix
from tests.bench import sets

_SIDES = ("left", "center", "right")
_PASSAGES = 8  # a document
_SENTENCES, _WORDS = 10, 15  # a passage, a sentence
_NOISE = 0.02  # standard deviation in each of the 384 dimensions
_BLOCK = 1_000  # documents made at once


@dataclass(frozen=True, slots=True)
class _Invented:
    document: Document
    sentences: list[tuple[int, int]]
    passages: list[tuple[int, int]]


def build(folder: Path, source: Generation, size: int) -> Store:
    """An index of so many passages, made from this one unless it is there already."""
    store = Store(folder / "store")
    name = store.current()
    wanted = (FORMAT, LocalEmbedder.fingerprint, size)
    if name is not None:
        there = store.manifest(name)
        if (there.format, there.embedder, there.passages) == wanted:
            return store
    sets.write_labels(folder / "corpus")
    with store.writing(), store.building() as target:
        documents = _fill(target, source, size)
        manifest = Manifest(
            format=FORMAT,
            name=store.next_name(),
            corpus=str(folder / "corpus"),
            embedder=LocalEmbedder.fingerprint,
            embedder_name=LocalEmbedder.name,
            dimensions=LocalEmbedder.dimensions,
            passages=size,
            documents=documents,
            dead=0,
            built="",
        )
        store.publish(target, manifest)
    return store


def _fill(target: Path, source: Generation, size: int) -> int:
    random = np.random.default_rng(0)
    library, vectors = Library.create(target / "library.sqlite"), VectorStore.in_folder(target / "chroma")
    documents, passages, added = 0, 0, target / "new.f32"
    with added.open("wb") as file:
        for block in _blocks(source, size, random):
            rows = []
            for invented in block:
                head = {"id": invented.document.id, "state": INDEXED, "stamp": "", "pipeline": "synthetic"}
                head |= {"sha256": invented.document.sha256, "text_sha256": invented.document.text_sha256}
                key = library.add(head, invented.document, invented.sentences)
                text, title = invented.document.text, invented.document.title or ""
                rows += [(key, title, start, end, text[start:end]) for start, end in invented.passages]
            keys = library.add_passages(rows)
            noisy = _noisy(source.matrix, len(keys), random)
            vectors.add(keys, noisy)
            noisy.tofile(file)
            documents, passages = documents + len(block), passages + len(keys)
            print(f"\rsynthetic index: {passages} of {size} passages", end="", file=sys.stderr)
    print(file=sys.stderr)
    library.set_tables({}, source.library.spellings)
    library.finish(merge=True)
    library.close()
    vectors.close()
    write_matrix(target / "matrix.f32", None, Rows.first(size), added, LocalEmbedder.dimensions)
    added.unlink()
    return documents


def _blocks(source: Generation, size: int, random: np.random.Generator) -> Iterator[list[_Invented]]:
    counts: Counter[str] = Counter()
    for entry in source.library.entries:
        if entry.state == INDEXED:
            counts.update(re.findall(r"[^\W\d_]+", source.library.document(entry.key).text))
    words = np.array(list(counts), dtype=object)
    shares = np.fromiter(counts.values(), float)
    shares /= shares.sum()
    sizes = [min(_PASSAGES, size - at) for at in range(0, size, _PASSAGES)]
    for at in range(0, len(sizes), _BLOCK):
        block = sizes[at : at + _BLOCK]
        drawn = random.choice(words, sum(block) * _SENTENCES * _WORDS, p=shares).reshape(-1, _WORDS)
        sentences = iter([" ".join(row) + ". " for row in drawn])
        yield [_invent(number, count, sentences) for number, count in enumerate(block, at)]


def _invent(number: int, passages: int, sentences: Iterator[str]) -> _Invented:
    parts = [next(sentences) for _ in range(passages * _SENTENCES)]
    ends = np.cumsum([len(part) for part in parts]).tolist()
    starts = [0, *ends[:-1]]
    text = "".join(parts)
    document = Document(
        id=f"{_SIDES[number % 3]}/{number:06}.txt",
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        title=" ".join(parts[0].split()[:8]),
    )
    cuts = [*starts[::_SENTENCES], len(text)]
    spans = [(start, end - 1) for start, end in zip(starts, ends, strict=True)]
    return _Invented(document, spans, list(pairwise(cuts)))


def _noisy(matrix: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    rows = matrix[random.integers(0, len(matrix), count)] + random.normal(0, _NOISE, (count, matrix.shape[1]))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float16).astype(np.float32)
