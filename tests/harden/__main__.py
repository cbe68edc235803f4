"""The command: which rows, over which data; prints one table, and what was not as it should be."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from tests.harden.options import QUICK, Options, Skipped
from tests.harden.row import Row, table, to_json

_SIZES = (
    "kills",
    "writing",
    "asking",
    "mutated",
    "loaded",
    "readers",
    "fills",
    "jumps",
    "deaths",
    "questions",
    "attacks",
)
ROWS = ("kills", "writing", "files", "load", "disk", "clock", "chroma", "model", "hostile")


def main() -> int:
    """Try what was asked for. Returns 1 where a row fails."""
    options, only, target = _arguments()
    _own_environment(options.work)
    rows: list[Row] = []
    for name in only:
        begun = time.monotonic()
        folder = options.work / name
        folder.mkdir(parents=True)
        try:
            row = import_module(f"tests.harden.{name}").run(replace(options, work=folder))
        except Skipped as reason:
            row = Row(name, str(reason), 0, 0, 0, skipped=True)
        rows.append(replace(row, seconds=time.monotonic() - begun))
        print(f"{name}: {rows[-1].verdict}, {rows[-1].seconds:.0f} s", file=sys.stderr, flush=True)
    print(table(rows))
    for row in rows:
        for told in row.told:
            print(f"{row.name}: {told}")
    if target:
        about = {"seed": options.seed, "command": " ".join(sys.argv[1:])}
        target.write_text(to_json(rows, about) + "\n", "utf-8")
    return int(any(row.verdict == "FAILS" for row in rows))


def _own_environment(work: Path) -> None:
    """No settings or keys of whoever runs it, and nothing of theirs written; the embedding model stays where it is."""
    for name in [name for name in os.environ if name.startswith(("OPENAI_", "PARALLAX_"))]:
        if name != "PARALLAX_CACHE":
            del os.environ[name]
    os.environ["PARALLAX_HOME"] = str(work / "home")


def _arguments() -> tuple[Options, Sequence[str], Path | None]:
    parser = argparse.ArgumentParser(prog="python -m tests.harden", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared"), help="folder that holds data/files")
    parser.add_argument("--only", action="append", choices=ROWS, help="may be repeated; default: all")
    parser.add_argument("--quick", action="store_true", help="small counts: shows that it runs")
    parser.add_argument("--json", type=Path, help="also write the table to this file")
    parser.add_argument("--seed", type=int, default=1, help="another one, other moments and other files")
    parser.add_argument("--work", type=Path, help="where it is done; default: a folder for temporary files")
    for name in _SIZES:
        parser.add_argument(f"--{name}", type=int, help=f"default: {getattr(Options(Path(), Path()), name)}")
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="parallax-harden-", dir=given.work))
    sizes = {name: getattr(given, name) for name in _SIZES if getattr(given, name) is not None}
    options = Options(given.data.resolve(), work, given.seed, **((QUICK if given.quick else {}) | sizes))
    return options, given.only or ROWS, given.json


if __name__ == "__main__":
    sys.exit(main())
