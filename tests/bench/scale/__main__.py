"""The command: which sizes, over which data; prints as it goes, then a table and the exponents; draws pictures."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.options import Skipped
from tests.bench.scale.corpora import Corpora, Size
from tests.bench.scale.report import exponents, pictures, table
from tests.bench.scale.stages import Figures, Measuring
from tests.bench.table import machine
from tests.bench.worker import WorkerFailed

_SIZES = "1000,3000,30000,1000000p"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sizes that were asked for. Returns 1 where one broke off, 2 where there are no articles."""
    given = _given(arguments)
    work = (given.work or Path(tempfile.gettempdir(), "parallax-bench-scale")).resolve()
    about = machine()
    print(", ".join(f"{name} {value}" for name, value in about.items()), flush=True)
    try:
        corpora = Corpora(given.data.resolve(), work)
    except Skipped as reason:
        print(reason, file=sys.stderr)
        return 2
    measured: dict[str, Figures] = {}
    broken = False
    for size in _with_originals(given.sizes, corpora):
        try:
            measuring = Measuring(
                corpora,
                size,
                questions=given.questions,
                openings=given.openings,
                chroma=not given.without_chroma,
                embeddings=given.embeddings,
            )
            measured[str(size)] = measuring.run()
        except WorkerFailed as error:
            print(f"{size}: broken off, {error}", file=sys.stderr)
            broken = True
    print("\n" + table(measured) + "\n\n" + exponents(measured), flush=True)
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
        for name, picture in pictures(measured).items():
            (given.pictures / name).write_text(picture, "utf-8")
    if given.json:
        given.json.write_text(json.dumps({"machine": about, "measured": measured}, indent=1) + "\n", "utf-8")
    return int(broken)


def _with_originals(sizes: Sequence[Size], corpora: Corpora) -> list[Size]:
    """The sizes, and before the first one whose vectors are recalled the one that they are recalled from."""
    needed = not all(corpora.is_real(size) for size in sizes)
    there = corpora.originals in sizes or (corpora.folder(corpora.originals) / "figures.json").exists()
    return [corpora.originals, *sizes] if needed and not there else list(sizes)


def _given(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared"), help="folder that holds data/news")
    parser.add_argument("--sizes", type=_sizes, default=_SIZES, help=f"numbers of articles, or of passages: {_SIZES}")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--openings", type=int, default=3, help="of a reader, of which the median counts")
    parser.add_argument("--embeddings", type=Path, help="a cache.sqlite: what is in it is not embedded again")
    parser.add_argument(
        "--without-chroma",
        action="store_true",
        help="an index whose passages are counted is made to be read alone: no Chroma, no update, passages of a quarter "
        "of their length; minutes instead of hours",
    )
    parser.add_argument("--work", type=Path, help="keeps indexes and figures between runs")
    parser.add_argument("--pictures", type=Path, help="also draw the curves into this folder")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args(arguments)


def _sizes(text: str) -> list[Size]:
    return [Size.read(part) for part in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
