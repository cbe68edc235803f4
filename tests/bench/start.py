"""What starting costs: importing the package, and a first answer from the command line."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tests.bench import sets, stores
from tests.bench.options import Options, Skipped
from tests.bench.table import Row
from tests.bench.worker import ROOT, clocked

_ROUNDS = 5
_ARTICLES = 60  # opening an index costs about the same at any size


def run(options: Options) -> list[Row]:
    """The best of five: whatever else the machine does can only add."""
    bare, importing, asking = [], [], []
    try:
        small = replace(options, news=min(options.news, _ARTICLES))
        store, question = stores.news(small).folder, sets.titles(small, 1)[0]
    except Skipped as reason:
        print(f"start: `parallax ask` is skipped, {reason}")
        store, question = None, ""
    command = str(Path(sys.executable).with_name("parallax"))
    for _ in range(_ROUNDS):
        bare.append(clocked(lambda: _run(sys.executable, "-c", "pass")))
        importing.append(clocked(lambda: _run(sys.executable, "-c", "import assistant")))
        if store is not None:
            asking.append(clocked(lambda: _run(command, "ask", question, "--store", str(store))))
    rows = [
        Row("import assistant, beyond Python's own start", min(importing) - min(bare), "s", target="≤ 0.1"),
        Row("Python's own start", min(bare), "s"),
    ]
    if asking:
        rows.append(Row("parallax ask, from the shell to the answer", min(asking), "s", target="≤ 2"))
    return rows


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
