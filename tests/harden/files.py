"""Files of all kinds, and mutated ones, through the whole way: index, ask, read.

Every file is indexed, or failed with one sentence; none crashes, hangs, or takes more memory than it may.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.command import Done, forked
from tests.harden.mutating import SUFFIXES, mutated
from tests.harden.options import Options, Skipped
from tests.harden.row import Row, Tally

_AT_ONCE = 50  # files of a folder that is indexed
_FILE = 20  # seconds that one file may take
_MEMORY = 1_500_000_000  # bytes of one run
_KINDS = ("html", "office", "pdf")


def run(options: Options) -> Row:
    """The whole way, for the files of the development sets and as many made from them as are wanted."""
    return tried(options, originals(options.data))


def tried(options: Options, given: Sequence[Path]) -> Row:
    """The whole way, folder by folder, for these files and for mutated ones."""
    tally = Tally()
    wanted = [(f"{number:04}-{file.name}", file.read_bytes()) for number, file in enumerate(given)]
    wanted += mutated([file for file in given if file.suffix.lower() in SUFFIXES], options.mutated, options.seed)
    most = 0
    for start in range(0, len(wanted), _AT_ONCE):
        corpus = options.work / f"corpus-{start}"
        for name, data in wanted[start : start + _AT_ONCE]:
            _put(corpus, name, data)
        memory = _whole_way(corpus, options.work, tally)
        most = max(most, memory)
        shutil.rmtree(corpus)
    return tally.row("files", f"at most {most / 1e6:,.0f} MB")


def originals(data: Path) -> list[Path]:
    """The files of the development sets."""
    folders = [data / "data" / "files" / kind for kind in _KINDS]
    if not all(folder.is_dir() for folder in folders):
        raise Skipped(f"there is no data/files in {data} (give the folder with --data)")
    return [path for folder in folders for path in sorted(folder.iterdir()) if path.name != "SOURCE.json"]


def _put(corpus: Path, name: str, data: bytes) -> None:
    corpus.mkdir(exist_ok=True)
    (corpus / os.fsdecode(os.fsencode(name.replace("/", "_"))[:250])).write_bytes(data)


def _whole_way(corpus: Path, home: Path, tally: Tally) -> int:
    """Index a folder, ask it, read every document; returns the most memory that a step took."""
    given = list(corpus.iterdir())
    files = [path for path in given if path.suffix.lower() in SUFFIXES]
    tally.done["files"] += len(given)
    done = forked("index", corpus, "--json", home=home, within=_FILE * _AT_ONCE // 4)
    if done.status not in (0, 1) or not done.out:  # 1 is also how a program ends that nobody caught
        tally.err(f"index of {corpus.name} ended with {done.status}: {done.err[-400:]}")
        for name in _alone(corpus, home):
            tally.err(f"this file alone does it: {name!r}")
        return done.memory
    tally.quiet(done.err, f"index of {corpus.name}")
    told = json.loads(done.out)
    _failed(told, tally)
    status = forked("status", "--json", "--store", corpus / ".parallax", home=home)
    tally.expect(status.status == 0, f"status of {corpus.name}: {status.err[-300:]}")
    listed = json.loads(status.out)["documents"] if status.status == 0 else []
    tally.expect(len(listed) == len(files), f"{corpus.name}: {len(files)} files, {len(listed)} of them listed")
    for document in listed:
        tally.done[document["state"]] += 1
    read = forked(corpus / ".parallax", home=home, module="tests.harden.reading", within=_FILE * _AT_ONCE // 4)
    _read(read, corpus, tally)
    return max(done.memory, read.memory)


def _failed(told: dict[str, object], tally: Tally) -> None:
    for failed in told["failed"]:  # type: ignore[attr-defined]
        tally.heard(failed["reason"], f"file {failed['document']!r}")


def _read(read: Done, corpus: Path, tally: Tally) -> None:
    """What came of asking, and of reading every document as the page does."""
    if not tally.expect(read.status == 0, f"reading {corpus.name} ended with {read.status}: {read.err[-600:]}"):
        return
    tally.quiet(read.err, f"reading {corpus.name}")
    for line in read.out.splitlines():
        what, told = json.loads(line)
        if what == "wrong":
            tally.err(f"{corpus.name}: {told}")
        elif what == "refused":
            tally.heard(told, corpus.name)
        else:
            tally.done[what] += told
    tally.expect(read.memory < _MEMORY, f"reading {corpus.name} took {read.memory / 1e6:,.0f} MB")


def _alone(corpus: Path, home: Path) -> list[str]:
    """The files with which an index of nothing else ends badly, too."""
    found = []
    for path in sorted(path for path in corpus.iterdir() if path.is_file()):
        folder = home / "alone"
        folder.mkdir()
        shutil.copy(path, folder / path.name)
        done = forked("index", folder, home=home, within=_FILE)
        if done.status not in (0, 1, 2) or "Traceback" in done.err:
            found.append(f"{path.name} ({done.status})")
        shutil.rmtree(folder)
    return found
