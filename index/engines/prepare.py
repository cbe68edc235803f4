"""A file of a corpus in, all that the index keeps of it out, but for its vectors: or why there is nothing to keep.

    load ─► sentences ─► voices ─► sketch and names ─► passages

Knows no store and no other file, so it may be done anywhere: in this process, in others, on other machines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from index.duplicates import Sketch, sketch
from index.embed import Embedder
from index.errors import BadDocument
from index.loading.chunk import Chunker, sentences
from index.loading.load import extractor_of, load
from index.names import find as find_names
from index.speaking import voices
from index.types import Document, Span, Voices

PASSAGE_TOKENS = 200  # measured: see LOG.md


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was made of one file."""

    path: str  # relative to the corpus
    document: Document | None = None  # None where the file cannot be read
    problem: str | None = None  # why not, for the owner of the corpus
    sentences: tuple[Span, ...] = ()
    voices: Voices = field(default_factory=Voices)
    sketch: Sketch = frozenset()
    names: Mapping[str, int] = field(default_factory=dict[str, int])
    passages: tuple[Span, ...] = ()  # from the first character to the last, without gap or overlap
    vectors: tuple[np.ndarray | None, ...] = ()  # of the passages; None where whoever writes has it, or computes it


def prepare(corpus: Path, path: str, chunker: Chunker) -> Prepared:
    """Read one file of a corpus, given by its relative path, and find in it all that the index keeps."""
    try:
        document = load(corpus / path, path)
    except BadDocument as error:
        return Prepared(path, problem=error.reason)
    text = document.text
    return Prepared(
        path,
        document,
        sentences=sentences(text),
        voices=voices.find(document),
        sketch=sketch(text),
        names=find_names(text),
        passages=chunker.passages(text),
    )


def chunker_for(embedder: Embedder) -> Chunker:
    """What cuts texts into passages as long as this embedder reads them best."""
    return Chunker(embedder.tokens, PASSAGE_TOKENS)


def embedding_text(title: str | None, text: str) -> str:
    """What is embedded for a passage: the document's own title goes before it, since passages often omit it."""
    text = text.strip()
    return f"{title}\n{text}" if title and not text.startswith(title) else text


def pipeline_of(embedder: Embedder) -> Callable[[str], str]:
    """For a file name, the fingerprint of everything that decides what is kept of the file."""
    fixed = f"{chunker_for(embedder).fingerprint}; titled once; {voices.FINGERPRINT}; {embedder.fingerprint}"
    return lambda name: f"{extractor_of(PurePosixPath(name).suffix.lower())}; {fixed}"
