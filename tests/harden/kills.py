"""`kill -9` at random moments over index, update, publish, pull and writes of the history.

After each: what is there answers as before or as after, nothing that was acknowledged is lost, and the same command,
run again, brings it to its end and leaves nothing behind.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.keeping.history import FILE_NAME, History
from index import IndexMissing
from index.errors import CorpusError
from tests.command import Done, forked
from tests.harden import keeping, scene
from tests.harden.options import Options
from tests.harden.row import Row, Tally
from tests.harden.scene import Held, held, litter

KINDS = ("index", "update", "publish", "pull", "history")
_AGED = 7_200  # seconds after which whoever began to send is taken for gone


def run(options: Options) -> Row:
    """So many kills of each kind."""
    stage = Stage(options.work)
    trials = {kind: stage.trial(kind) for kind in KINDS if kind != "history"} | {"history": history}
    return tried(options, trials)


def tried(options: Options, trials: Mapping[str, Callable[[Path, float, Tally], None]]) -> Row:
    """So many kills by each of these trials."""
    tally, moments = Tally(), random.Random(options.seed)
    for kind, trial in trials.items():
        for number in range(options.kills):
            folder = options.work / f"{kind}-{number}"
            folder.mkdir()
            one(trial, kind, folder, moments.random(), tally)
            shutil.rmtree(folder)
    return tally.row("kills")


def one(trial: Callable[..., None], kind: str, folder: Path, share: float, tally: Tally) -> None:
    """A kill, and what came of it: an index that cannot be opened is noted as well."""
    try:
        trial(folder, share, tally)
    except (AssertionError, CorpusError, sqlite3.Error) as error:
        tally.err(f"{kind} at {share:.3f} of its time: {type(error).__name__}: {error}")
    tally.done[f"kills of {kind}"] += 1


class Stage:
    """What every kill begins with: an index before a change and after it, published and pulled. Made when needed."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.corpus = scene.write(work / "before", scene.texts(0))
        self._command("index", self.corpus)
        self.before = held(self.corpus / ".parallax")
        self.changed = scene.write(scene.copied(self.corpus, work / "changed"), scene.texts(1))
        self.outdated = held(self.changed / ".parallax")  # as before, beside files that are others by now
        self.done = scene.copied(self.changed, work / "done")
        self._command("index", self.done)
        self.after = held(self.done / ".parallax")
        assert self.after != self.before

    @cached_property
    def place_before(self) -> Path:
        """Where the state before is published."""
        self._command("publish", self.work / "place-before", "--store", self.corpus / ".parallax")
        return self.work / "place-before"

    @cached_property
    def pulled(self) -> tuple[Path, Path]:
        """Where the state after is published, and a replica of the state before that was pulled from there."""
        place, replica = scene.copied(self.place_before, self.work / "place"), self.work / "replica"
        self._command("pull", place, "--store", replica)
        self._command("publish", place, "--store", self.done / ".parallax")
        return place, replica

    def trial(self, kind: str) -> Callable[[Path, float, Tally], None]:
        """One kill: in a folder, after a share of the time that the whole takes."""
        once = self.work / f"{kind}-whole"
        once.mkdir()
        arguments, _ = self._begin(kind, once)
        begun = time.monotonic()
        self._command(*arguments)
        whole = time.monotonic() - begun
        shutil.rmtree(once)
        return self.killed(kind, whole)

    def killed(self, kind: str, whole: float, module: str | None = None) -> Callable[[Path, float, Tally], None]:
        """The same, where it is known how many seconds the whole takes.

        Args:
            module: what runs in the place of the command.
        """

        def killed(folder: Path, share: float, tally: Tally) -> None:
            arguments, look = self._begin(kind, folder)
            done = forked(*arguments, home=folder, killed_after=share * whole, module=module)
            tally.quiet(done.err, f"{kind}, killed")
            found = look()
            if done.status == 0 and found != self.after:
                tally.lose(f"{kind} at {share:.3f}: it had said that it was done")
            elif found not in self._allowed(kind):
                tally.err(f"{kind} at {share:.3f}: neither the state before nor the one after")
            tally.done["ended as after" if found == self.after else "ended as before"] += 1
            if kind == "publish":
                _age(folder / "place")
            again = forked(*arguments, home=folder)
            tally.quiet(again.err, f"{kind}, run again")
            tally.expect(again.status == 0, f"{kind} at {share:.3f}: the next run ended with {again.status}")
            tally.expect(look() == self.after, f"{kind} at {share:.3f}: the next run did not bring it to its end")
            for left in self._left(kind, folder):
                tally.err(f"{kind} at {share:.3f}: the next run left {left}")

        return killed

    def _begin(self, kind: str, folder: Path) -> tuple[list[object], Callable[[], Held | None]]:
        """The command to be killed, and a look at what is there afterwards."""
        match kind:
            case "index":
                corpus = scene.write(folder / "corpus", scene.texts(1))
                return ["index", corpus], lambda: _held(corpus / ".parallax")
            case "update":
                corpus = scene.copied(self.changed, folder / "corpus")
                return ["index", corpus], lambda: _held(corpus / ".parallax")
            case "publish":
                place = scene.copied(self.place_before, folder / "place")
                return ["publish", place, "--store", self.done / ".parallax"], lambda: _pulled(place, folder)
            case _:
                place, replica = self.pulled[0], scene.copied(self.pulled[1], folder / "replica")
                return ["pull", place, "--store", replica], lambda: _held(replica)

    def _allowed(self, kind: str) -> tuple[Held | None, ...]:
        """What may be there after a kill."""
        before = {"index": None, "update": self.outdated}
        return before.get(kind, self.before), self.after

    def _left(self, kind: str, folder: Path) -> list[str]:
        if kind == "publish":
            return [path.name for path in (folder / "place").rglob("*.part")] + _unused(folder / "place")
        return litter(folder / ("replica" if kind == "pull" else "corpus/.parallax"))

    def _command(self, *arguments: object) -> Done:
        done = forked(*arguments, home=self.work)
        assert done.status == 0, done.err
        return done


def _held(store: Path) -> Held | None:
    try:
        return held(store)
    except IndexMissing:
        return None


def _pulled(place: Path, folder: Path) -> Held:
    """What whoever pulls from there now gets."""
    fresh = folder / "fresh"
    done = forked("pull", place, "--store", fresh, home=folder)
    assert done.status == 0, done.err
    found = held(fresh)
    shutil.rmtree(fresh)
    return found


def _age(place: Path) -> None:
    """As if all that lies there had been put there hours ago."""
    for path in place.rglob("*"):
        if path.is_file():
            then = path.stat().st_mtime - _AGED
            os.utime(path, (then, then))


def _unused(place: Path) -> list[str]:
    """Blocks that no state names."""
    named: set[str] = set()
    for listing in (place / "states").iterdir():
        data: dict[str, Any] = json.loads(listing.read_bytes())
        named |= {block[0] for name in ("library", "matrix", "labels") for block in data[name]}
    return [path.name for path in (place / "blocks").rglob("*") if path.is_file() and path.name not in named]


def history(folder: Path, share: float, tally: Tally, *, module: str = "tests.harden.keeping") -> None:
    """A process that keeps answers, and notes each once it is kept."""
    file, notes = folder / FILE_NAME, folder / "kept"
    done = forked(file, notes, home=folder, module=module, killed_after=0.05 + share * 0.6)
    tally.quiet(done.err, "history, killed")
    tally.expect(done.status == -9, f"history: it ended with {done.status} before it was killed")
    noted = notes.read_text().split("\n")[:-1] if notes.exists() else []
    store = History(file)
    answers = keeping.standing(noted)
    kept = {entry.answer["id"]: entry.answer for id in keeping.CONVERSATIONS for entry in store.answers(id)}
    for id in answers - kept.keys():
        tally.lose(f"history at {share:.3f}: answer {id} was kept")
    under_way = keeping.under_way(noted)
    for id in kept.keys() - answers - under_way:
        tally.err(f"history at {share:.3f}: answer {id} was deleted, or never kept")
    for id, answer in kept.items():
        tally.expect(answer == keeping.answer(int(id, 16)), f"history at {share:.3f}: half of answer {id}")
    tally.done["answers kept"] += len(answers)
    store.keep(keeping.CONVERSATIONS[0], keeping.answer(10**6))
    store.delete(keeping.CONVERSATIONS[1])
    with closing(sqlite3.connect(file)) as database:
        tally.expect(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "history: damaged")
        database.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        counts = [database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("answers", "words")]
        tally.expect(counts[0] == counts[1], f"history: {counts[0]} answers, and words of {counts[1]}")
    left = sorted(path.name for path in folder.iterdir() if path.name not in (FILE_NAME, "kept", "home"))
    tally.expect(not [name for name in left if not name.endswith(("-wal", "-shm"))], f"history: it left {left}")
