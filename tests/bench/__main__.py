"""The command: which measurements, over which data; prints a table each, and JSON if asked."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from tests.bench.options import QUICK, Options, Skipped
from tests.bench.quiet import LIMIT, Others
from tests.bench.table import Row, machine, table, to_json
from tests.bench.worker import WorkerFailed

MEASUREMENTS = (
    "start",
    "embedding",
    "indexing",
    "engines",
    "updating",
    "copies",
    "question",
    "writing",
    "voices",
    "suggest",
    "retrieval",
    "sides",
    "perspectives",
    "labels",
    "origins",
    "page",
    "glance",
    "onward",
)
_SIZES = ("rounds", "articles", "news", "synthetic", "labelled", "questions")  # each an option


def main() -> int:
    """Measure what was asked for. Returns 1 where a measurement broke off."""
    options, only, target = _arguments()
    before = machine()
    print(", ".join(f"{name} {value}" for name, value in before.items()))
    tables: dict[str, Sequence[Row]] = {}
    skipped: dict[str, str] = {}
    busy: dict[str, float | None] = {}
    broken = False
    for name in only:
        begun, others = time.monotonic(), Others()
        try:
            tables[name] = import_module(f"tests.bench.{name}").run(options)
        except Skipped as reason:
            skipped[name] = str(reason)
            print(f"\n{name}: skipped, {reason}")
            continue
        except WorkerFailed as error:
            skipped[name] = str(error)
            broken = True
            print(f"\n{name}: broken off, {error}")
            continue
        cores = others.cores()
        busy[name] = cores
        noise = "" if cores is None else f", other processes used {cores:.2f} cores" + ": NOISY" * (cores > LIMIT)
        print("\n" + table(f"{name} ({time.monotonic() - begun:.0f} s{noise})", tables[name]), flush=True)
    if target:
        target.write_text(to_json(tables, skipped, before | {"cores_used_by_others": busy}) + "\n", "utf-8")
    return int(broken)


def _arguments() -> tuple[Options, Sequence[str], Path | None]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared"), help="folder that holds data/news and so on")
    parser.add_argument("--peers", help="interpreter of an environment with the packages of peers.txt")
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="may be repeated; default: all")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it runs, not how fast")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--work", type=Path, help="keeps indexes between runs; default: a folder for temporary files")
    parser.add_argument(
        "--large-starter", action="store_true", help="ask the starter at the synthetic index too (4 GB)"
    )
    for name in _SIZES:
        parser.add_argument(f"--{name}", type=int, help=f"default: {getattr(Options(Path(), Path()), name)}")
    given = parser.parse_args()
    work = given.work or Path(tempfile.gettempdir(), "parallax-bench" + ("-quick" if given.quick else ""))
    peers = str(Path(given.peers).absolute()) if given.peers else None
    options = Options(
        given.data.resolve(), work.resolve(), peers, large_starter=given.large_starter, **(QUICK if given.quick else {})
    )
    sizes = {name: getattr(given, name) for name in _SIZES}
    return (
        replace(options, **{name: value for name, value in sizes.items() if value is not None}),
        given.only or MEASUREMENTS,
        given.json,
    )


if __name__ == "__main__":
    sys.exit(main())
