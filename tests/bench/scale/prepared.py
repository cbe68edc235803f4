"""Articles in, a published index of any number of their passages out, by the same writers as an update uses.

For an index so large that reading its documents would take hours: texts, words, names, sketches and vectors are what an
update would have written; passages are cut at ends of sentences after as many characters as those of the originals have
on average, voices are left out. The files lie in the corpus, so a later update finds them unchanged.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from index import passage_table, scan
from index.duplicates import clusters, sketch
from index.embed import Embedder
from index.engines.prepare import embedding_text, pipeline_of
from index.generation import FORMAT, Manifest, Store
from index.library import INDEXED, Library, merged
from index.names import find as find_names
from index.names import spellings
from index.plan import stamp
from index.rows import Rows
from index.terms import well_known
from index.types import Document, Span
from index.vectors import read_matrix, write_matrix
from tests.bench.scale.corpora import put
from tests.bench.scale.varied import Varied
from tests.bench.sets import Article

_BLOCK = 500  # documents written at once
_END = re.compile(r"[.!?][”\"’)]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class _Piece:
    document: int
    title: str
    start: int
    end: int
    text: str


def build(
    corpus: Path, store: Store, articles: Varied, passages: int, length: int, embedder: Embedder, *, chroma: bool
) -> int:
    """Publish an index of so many passages; returns of how many documents.

    Args:
        length: characters of a passage.
        chroma: with all that only a later update needs: Chroma's index, which a reader of so large a corpus leaves
            alone, the files, and what near-duplicates and spellings are found by. That takes most of the time.
    """
    with store.writing(), store.building() as folder:
        documents = _fill(corpus, folder, store, articles, passages, length, embedder, chroma=chroma)
        manifest = Manifest(
            format=FORMAT,
            name=store.next_name(),
            corpus=str(corpus.resolve()),
            embedder=embedder.fingerprint,
            embedder_name=embedder.name,
            dimensions=embedder.dimensions,
            passages=passages,
            documents=documents,
            dead=0,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        store.publish(folder, manifest)
    return documents


def _fill(
    corpus: Path,
    folder: Path,
    store: Store,
    articles: Varied,
    passages: int,
    length: int,
    embedder: Embedder,
    *,
    chroma: bool,
) -> int:
    library, vectors = Library.create(folder / "library.sqlite"), store.new_vectors(folder, None)
    added, done, number = folder / "new.f32", 0, 0
    with added.open("wb") as file, ThreadPoolExecutor(1) as aside:
        waiting: Future[None] | None = None
        while done < passages:
            made = _pieces(corpus, library, articles, length, embedder, number, described=chroma)
            pieces = list(islice(made, passages - done))
            keys = library.add_passages([(one.document, one.title, one.start, one.end, one.text) for one in pieces])
            rows = embedder.embed([embedding_text(one.title, one.text) for one in pieces])
            rows.tofile(file)
            if waiting is not None:
                waiting.result()
            waiting = aside.submit(vectors.add, keys, rows) if chroma else None
            done, number = done + len(keys), number + _BLOCK
            print(f"\r{done:,} of {passages:,} passages", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if chroma:
        library.set_tables(clusters(library.sketches()), spellings(merged(library.names()), well_known()))
    library.finish(merge=True)
    passage_table.write(folder / passage_table.FILE, library.passage_table)
    documents = len(library.originals())
    library.close()
    vectors.close()
    write_matrix(folder / "matrix.f32", None, Rows.first(passages), added, embedder.dimensions)
    scan.write(folder / scan.FILE, read_matrix(folder / "matrix.f32", embedder.dimensions))
    added.unlink()
    return documents


def _pieces(
    corpus: Path, library: Library, articles: Varied, length: int, embedder: Embedder, first: int, *, described: bool
) -> Iterator[_Piece]:
    pipeline = pipeline_of(embedder)
    for number in range(first, first + _BLOCK):
        article = articles.article(number)
        document = _document(article)
        head = {"id": document.id, "state": INDEXED, "stamp": "", "pipeline": pipeline(document.id)}
        if described:
            head["stamp"] = stamp(put(corpus, article))
        head |= {"sha256": document.sha256, "text_sha256": document.text_sha256}
        key = library.add(head, document, _sentences(document))
        if described:
            library.describe(key, sketch(document.text), find_names(document.text))
        for start, end in _cut(document, length):
            yield _Piece(key, document.title or "", start, end, document.text[start:end])


def _document(article: Article) -> Document:
    """What reading its file would give."""
    data = article.content.encode("utf-8", "surrogatepass")
    text = data.decode("utf-8", "replace")
    return Document(article.path, text, hashlib.sha256(data).hexdigest(), title=article.title, language="en")


def _sentences(document: Document) -> list[Span]:
    ends = [match.end() for match in _END.finditer(document.text)]
    spans = zip([0, *ends], [*ends, len(document.text)], strict=True)
    return [(start, start + len(text.rstrip())) for start, end in spans if (text := document.text[start:end]).strip()]


def _cut(document: Document, length: int) -> list[Span]:
    starts = [0]
    for match in _END.finditer(document.text):
        if match.end() - starts[-1] >= length and len(document.text) - match.end() > length // 2:
            starts.append(match.end())
    return list(zip(starts, [*starts[1:], len(document.text)], strict=True))
