"""A clock that jumps by a year, forwards and backwards, between commands and in the middle of them.

Updates, copies, tokens, history, limits, watched questions and the sweep of what is old: nothing is lost, nothing is
answered otherwise than under a clock that goes right, nothing hangs.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.doors.tokens import Tokens
from tests.command import Done, forked
from tests.harden import scene
from tests.harden.jumping import YEAR
from tests.harden.options import Options
from tests.harden.row import Row, Tally
from tests.harden.scene import held, litter

_JUMPING = "tests.harden.jumping"
_PATIENCE = 60  # seconds until a command counts as one that hangs
Jumps = Sequence[tuple[float, float]]


def run(options: Options) -> Row:
    """Some rounds; in each, every jump is made between and within the commands."""
    tally, chance = Tally(), random.Random(options.seed)
    for number in range(options.jumps):
        for name, way in (("forwards", 1), ("backwards", -1)):
            folder = options.work / f"{name}-{number}"
            folder.mkdir()
            _round(folder, way * YEAR, chance, tally)
            shutil.rmtree(folder)
    return tally.row("clock", "by a clock set for one process (time.time and datetime)")


def _round(folder: Path, by: float, chance: random.Random, tally: Tally) -> None:
    plain = _expected(folder / "plain")
    corpus = scene.write(folder / "corpus", scene.texts(0))
    store = corpus / ".parallax"
    right: Jumps = ((0.0, 0.0),)
    wrong: Jumps = ((0.0, by),)

    def within() -> Jumps:
        return ((0.0, 0.0), (chance.uniform(0.0, 1.0), by), (chance.uniform(1.0, 2.0), -by))

    def command(jumps: Jumps, *arguments: object, module: str = "") -> Done:
        given = [json.dumps(jumps), module, *map(str, arguments)]
        done = forked(*given, home=folder, module=_JUMPING, within=_PATIENCE)
        where = f"{arguments[0]} under {jumps}"
        tally.done["commands"] += 1
        tally.expect(done.status == 0, f"{where}: it ended with {done.status}: {done.err[-300:]}")
        tally.quiet(done.err, where)
        return done

    command(wrong, "index", corpus)
    tally.expect(held(store) == plain[0], "an index that was built in another year is another one")
    command(right, "watch", "add", scene.QUESTIONS[0], "--store", store)
    command(wrong, "watch", "add", scene.QUESTIONS[1], "--store", store)
    place, replica = folder / "place", folder / "replica"
    command(within(), "publish", place, "--store", store)
    command(within(), "pull", place, "--store", replica)
    tally.expect(held(replica) == plain[0], "a replica that was pulled in another year is another one")
    scene.write(corpus, scene.texts(1))
    for path in corpus.rglob("*.txt"):  # as if they had been written under the wrong clock
        then = time.time() + by
        os.utime(path, (then, then))
    command(within(), "index", corpus)
    tally.expect(held(store) == plain[1], "an index that was updated while the clock jumped is another one")
    tally.expect(not (left := litter(store)), f"an update while the clock jumped left {left}")
    _watched(command, store, wrong, right, tally)
    _copies(command, place, replica, store, by, plain[1], tally)
    _tokens(command, folder, wrong, right, tally)
    _history(command, folder, wrong, right, tally)
    limits = command([(0.0, 0.0), (0.3, by), (0.6, -by), (0.9, 0.0)], store, module="tests.harden.limits")
    tally.expect(limits.out.strip() == "12 answered alike", f"under a jumping clock the service said {limits.out!r}")


def _expected(folder: Path) -> list[scene.Held]:
    """What the index holds before and after, under a clock that goes right."""
    corpus = scene.write(folder, scene.texts(0))
    found = []
    for version in (0, 1):
        scene.write(corpus, scene.texts(version))
        assert forked("index", corpus, home=folder.parent).status == 0
        found.append(held(corpus / ".parallax"))
    return found


def _watched(command: Any, store: Path, wrong: Jumps, right: Jumps, tally: Tally) -> None:
    """What changed is told once, whatever the year in which it is looked for."""
    listed = json.loads(command(right, "watch", "list", "--json", "--store", store).out)
    told = sorted(len(one["news"]) for one in listed)
    tally.expect(len(listed) == 2, f"{len(listed)} of 2 watched questions are there")
    tally.expect(told == [1, 1], f"an update was told {told} times")
    for jumps in (wrong, right, wrong):
        found = json.loads(command(jumps, "watch", "check", "--json", "--store", store).out)
        tally.expect(not found["news"], "what was told already is told again")


def _copies(command: Any, place: Path, replica: Path, store: Path, by: float, after: scene.Held, tally: Tally) -> None:
    """What lies at a place bears the date of another year: what is old is swept, what is in use is not."""
    for path in place.rglob("*"):
        if path.is_file():
            then = path.stat().st_mtime + by
            os.utime(path, (then, then))
    command(((0.0, by),), "publish", place, "--store", store)
    command(((0.0, -by),), "pull", place, "--store", replica)
    tally.expect(held(replica) == after, "what was published over blocks of another year is another index")
    fresh = replica.with_name("fresh")
    command(((0.0, 0.0),), "pull", place, "--store", fresh)
    tally.expect(held(fresh) == after, "what is pulled anew is another index")


def _tokens(command: Any, folder: Path, wrong: Jumps, right: Jumps, tally: Tally) -> None:
    file = folder / "tokens"
    first = command(wrong, "token", "ada", "--tokens", file).out.strip()
    known = Tokens(file)
    second = command(right, "token", "marit", "--tokens", file).out.strip()
    then = file.stat().st_mtime + wrong[0][1]
    os.utime(file, (then, then))
    for name, token in (("ada", first), ("marit", second)):
        bearer = known.bearer(token)
        tally.expect(bearer and bearer.name == name, f"the token of {name} is not let in")
    command(wrong, "token", "ada", "--tokens", file, "--remove")
    tally.expect(known.bearer(first) is None, "a token that was taken back is let in")
    tally.expect(known.bearer(second), "a token that was not taken back is not let in")


def _history(command: Any, folder: Path, wrong: Jumps, right: Jumps, tally: Tally) -> None:
    """Answers stand in the order in which they were given, not in that of their dates."""
    file = folder / "history.sqlite"
    for number, jumps in enumerate((right, wrong, right, wrong, right)):
        command(jumps, file, number, module="tests.harden.dated")
    told = command(right, file, "list", module="tests.harden.dated").out
    tally.expect(told == "0 1 2 3 4; ba\n", f"the history tells {told!r}")
