"""A disk that fills during index, update, publish, pull, history, label edits, removals and watched questions.

A small file system of its own, if this user may mount one; else the files of the command may only become so large. What
is left of it goes, from one try to the next, from nothing to what the command needs. After each failure everything is
as it was; with room again the same command comes to its end.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from index.errors import CorpusError
from tests.command import Done, forked
from tests.harden import scene
from tests.harden.options import Options
from tests.harden.row import Row, Tally
from tests.harden.scene import held

_SIZE = 256 << 20
_GROWN = 1 << 20  # a file of which no command makes a larger one
KINDS = ("index", "update", "publish", "pull", "history", "labels", "remove", "watch", "ask")


def run(options: Options, kinds: tuple[str, ...] = KINDS) -> Row:
    """Each command at each of several fills."""
    tally = Tally()
    stage = _Stage(options.work / "stage")
    with disk(options.work / "disk") as small:
        for kind in kinds:
            needed = _needed(stage, small, kind, tally)
            for number in range(options.fills):
                _filled(stage, small, kind, needed * number // options.fills, tally)
    return tally.row("disk", f"by {small.way}")


class Disk:
    """A small file system, and how much of it is left."""

    way = "a small file system (tmpfs)"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.limit: int | None = None  # that a file may have, where there is no file system of its own

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def leave(self, size: int | None) -> None:
        """Have so many bytes left; None for all."""
        self._filler.unlink(missing_ok=True)
        if size is None:
            return
        free = shutil.disk_usage(self.folder).free
        with self._filler.open("wb") as file:
            if taken := max(0, free - size) & ~4095:
                os.posix_fallocate(file.fileno(), 0, taken)

    def empty(self) -> None:
        """Take everything away."""
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


class Limited(Disk):
    """No file system of its own: a limit on the size of each file that a command writes."""

    way = "a limit on the size of files (RLIMIT_FSIZE)"

    def leave(self, size: int | None) -> None:
        """As if so many bytes were left."""
        self.limit = None if size is None else max(size, 1)


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """A small disk for the length of a block."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode:
        yield Limited(folder)
        return
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)  # this process may still map files of it


class _Stage:
    """What the commands begin with."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.corpus = scene.write(folder / "corpus", scene.texts(0))
        self._command("index", self.corpus)

    @cached_property
    def changed(self) -> Path:
        """The corpus with other files, before it is indexed; one question is watched."""
        changed = scene.copied(self.corpus, self._folder / "changed")
        self._command("watch", "add", scene.QUESTIONS[0], "--store", changed / ".parallax")
        return scene.write(changed, scene.texts(1))

    @cached_property
    def done(self) -> Path:
        """The same, indexed; the watched question was last asked of the state before."""
        done = scene.copied(self.changed, self._folder / "done")
        (watched := done / ".parallax" / "watched.sqlite").rename(self._folder / "aside")
        self._command("index", done)
        (self._folder / "aside").rename(watched)
        return done

    @cached_property
    def place_before(self) -> Path:
        """Where the state before is published."""
        self._command("publish", self._folder / "place", "--store", self.corpus / ".parallax")
        return self._folder / "place"

    @cached_property
    def pulled(self) -> tuple[Path, Path]:
        """Where the state after is published, and a replica of the state before that was pulled from there."""
        place, replica = scene.copied(self.place_before, self._folder / "place-after"), self._folder / "replica"
        self._command("pull", place, "--store", replica)
        self._command("publish", place, "--store", self.done / ".parallax")
        return place, replica

    def _command(self, *arguments: object) -> None:
        done = forked(*arguments, home=self._folder)
        assert done.status == 0, done.err

    def begin(self, kind: str, place: Path) -> tuple[list[object], Callable[[], object], str | None]:
        """What a command needs, on the small disk: its arguments, what is there, and the module in its place."""
        corpus = place / "corpus"
        store = corpus / ".parallax"
        match kind:
            case "index":
                scene.write(corpus, scene.texts(1))
                return ["index", corpus], lambda: _held(store), None
            case "update":
                scene.copied(self.changed, corpus)
                return ["index", corpus], lambda: _held(store), None
            case "publish":
                there = scene.copied(self.place_before, place / "place")
                return (
                    ["publish", there, "--store", self.done / ".parallax"],
                    lambda: (there / "CURRENT").read_text(),
                    None,
                )
            case "pull":
                there, replica = self.pulled[0], scene.copied(self.pulled[1], place / "replica")
                return ["pull", there, "--store", replica], lambda: _held(replica), None
            case "ask":
                scene.copied(self.corpus, corpus)
                return ["ask", scene.QUESTIONS[0], "--store", store], lambda: _held(store), None
            case "watch":
                scene.copied(self.done, corpus)
                look = lambda: forked("watch", "list", "--store", store, home=place).out  # noqa: E731
                return ["watch", "check", "--store", store], look, None
            case "labels":
                scene.copied(self.corpus, corpus)
                return [store, "label"], (corpus / "sources.toml").read_bytes, "tests.harden.changing"
            case "remove":
                scene.copied(self.corpus, corpus)
                return (
                    [store, "remove"],
                    lambda: sorted(path.name for path in corpus.rglob("*.txt")),
                    "tests.harden.changing",
                )
            case _:
                scene.copied(self.corpus, corpus)
                (store / "history.sqlite").touch()
                look = lambda: forked(store, "kept", home=place, module="tests.harden.changing").out  # noqa: E731
                return [store, "keep"], look, "tests.harden.changing"


def _needed(stage: _Stage, small: Disk, kind: str, tally: Tally) -> int:
    """How many bytes a command needs beyond what is there."""
    if isinstance(small, Limited):
        return _GROWN
    small.empty()
    arguments, _, module = stage.begin(kind, small.folder)
    before = least = shutil.disk_usage(small.folder).free
    done = forked(*arguments, home=small.folder, module=module)
    tally.expect(done.status == 0, f"{kind} with room: {done.err}")
    least = shutil.disk_usage(small.folder).free
    # While it ran it held more than it left: an old and a new state, a log.
    return 2 * max(before - least, 0) + (3 << 20 if kind in ("index", "update", "pull", "ask") else 200_000)


def _filled(stage: _Stage, small: Disk, kind: str, left: int, tally: Tally) -> None:
    small.leave(None)
    small.empty()
    arguments, look, module = stage.begin(kind, small.folder)
    before = look()
    small.leave(left)
    options = {"module": module} | ({"file_limit": small.limit} if small.limit else {})
    done = forked(*arguments, home=small.folder, **options)
    small.leave(None)
    where = f"{kind} with {left:,} bytes left"
    if _refused(done):
        tally.done[f"{kind} without room"] += 1
        told = done.err.splitlines()
        while len(told) > 1 and " documents, " in told[0]:  # how far it was
            del told[0]
        tally.heard("\n".join(told), where)
        if (after := look()) != before:
            tally.lose(f"{where}: it is not as it was ({before} before, {after} after)"[:600])
    else:
        tally.done[f"{kind} with little room"] += 1
        tally.quiet(done.err, where)
    tally.expect(done.status in (0, 2), f"{where}: it ended with {done.status}: {done.err[-300:]}")
    again = forked(*arguments, home=small.folder, module=module)
    tally.expect(again.status == 0, f"{where}, with room again: {again.err[-300:]}")
    if kind in ("index", "update", "pull"):
        store = small.folder / ("replica" if kind == "pull" else "corpus/.parallax")
        for name in scene.litter(store):
            tally.err(f"{where}, with room again: it left {name}")


def _refused(done: Done) -> bool:
    return done.status != 0


def _held(store: Path) -> str:
    try:
        return str(held(store))
    except CorpusError as error:
        return type(error).__name__
