"""One label changed in a labels file of many entries: how long it takes, beside reading the whole file for it.

The whole file read with its comments is how it was done before 2026-11-28; its share of the time is the baseline.
"""

from __future__ import annotations

import shutil
import time
from hashlib import sha256
from pathlib import Path
from statistics import median

from index.labelling import label_text
from index.labelling.label_edit import Given, LabelEditor
from index.labelling.label_text import Change
from index.labelling.labels import LabelFiles
from index.types import Document
from tests.bench.options import Options
from tests.bench.table import Row, cheaper

_SIZES = (1_000, 5_000)


def run(options: Options) -> list[Row]:
    """Seconds for each size, and what the first question has to read after it."""
    rows: list[Row] = []
    for size in _SIZES:
        corpus = options.work / f"labels-{size}"
        shutil.rmtree(corpus, ignore_errors=True)
        corpus.mkdir(parents=True)
        documents = _documents(size)
        (corpus / "sources.toml").write_text(_written(documents), "utf-8")
        ours, theirs = zip(*(_round(corpus, documents, number) for number in range(options.rounds)), strict=True)
        read = median(_read(corpus, documents) for _ in range(options.rounds))
        name = f"one label changed among {size:,} entries"
        target = "≤ 1" if size == max(_SIZES) else ""
        rows += [
            cheaper(name, "s", ours, theirs, "the whole file read with its comments", target=target),
            Row(f"{size:,} entries read, and every document given its card", read, "s"),
        ]
    return rows


def _round(corpus: Path, documents: list[Document], number: int) -> tuple[float, float]:
    document = documents[(number * 7_919 + len(documents) // 2) % len(documents)]
    sides = LabelFiles(corpus, (one.id for one in documents)).read().perspectives
    begun = time.perf_counter()
    LabelEditor(corpus, documents).give([Given(document, (sides["b"],))], f"Reader {number}", "2026-11-28")
    ours = time.perf_counter() - begun
    text = (corpus / "sources.toml").read_text("utf-8")

    def make(data: dict[str, list[dict[str, str]]], at: int | None) -> None:
        assert at is not None
        data["source"][at]["by"] = "AB"

    begun = time.perf_counter()
    label_text.throughout(text, [Change(0, make)])
    return ours, time.perf_counter() - begun


def _read(corpus: Path, documents: list[Document]) -> float:
    (corpus / "sources.toml").write_text(_written(documents) + f"# {time.perf_counter()}\n", "utf-8")
    begun = time.perf_counter()
    labels = LabelFiles(corpus, (document.id for document in documents)).read()
    for document in documents:
        labels.resolve(document)
    return time.perf_counter() - begun


def _documents(count: int) -> list[Document]:
    return [
        Document(f"essays/{number:05}.txt", "", sha256(str(number).encode()).hexdigest()) for number in range(count)
    ]


def _written(documents: list[Document]) -> str:
    sides = '[perspectives.a]\nlabel = "A"\n[perspectives.b]\nlabel = "B"\n'
    return f"version = 1\n{sides}" + "".join(
        f'\n# read\n[[source]]\nmatch = "{document.id}"\nsha256 = "{document.sha256}"\nperspective = "a"\n'
        'by = "AB"\non = "2026-11-22"\n'
        for document in documents
    )
