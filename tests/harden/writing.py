"""One writer who edits, adds and removes documents all the time, and processes that ask meanwhile.

Every quote is exactly the slice of its document as it stood in the generation that answered; no reader fails.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

from tests.command import forked
from tests.harden import scene
from tests.harden.options import Options
from tests.harden.row import Row, Tally
from tests.harden.scene import litter

ROOT = Path(__file__).parents[2]
_DOCUMENTS = 24
_GRACE = 180  # seconds in which the readers must have begun and ended besides


def run(options: Options, *, module: str | None = None) -> Row:
    """Write and ask for so many seconds.

    Args:
        module: what writes in the place of the command, to see that this row can fail.
    """
    tally, chance = Tally(), random.Random(options.seed)
    corpus, texts = options.work / "corpus", options.work / "texts"
    texts.mkdir()
    written: dict[str, dict[str, str]] = {}
    number = 0

    def publish() -> None:
        nonlocal number
        documents = _edition(number, chance)
        for text in documents.values():
            (texts / _hash(text)).write_text(text, "utf-8")
        scene.write(corpus, documents)
        done = forked("index", corpus, "--json", home=options.work, module=module)
        if not tally.expect(done.status == 0, f"edition {number}: index ended with {done.status}: {done.err[-300:]}"):
            return
        tally.quiet(done.err, "index")
        written[json.loads(done.out)["generation"]] = {name: _hash(text) for name, text in documents.items()}
        number += 1

    publish()
    out = options.work / "readers"
    out.mkdir()
    command = [sys.executable, "-m", "tests.harden.asking", corpus / ".parallax", out, options.asking, options.writing]
    readers = subprocess.Popen(
        [*map(str, command)], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert readers.stdout is not None
        readers.stdout.readline()  # they are ready
        over = time.monotonic() + options.writing + _GRACE
        while readers.poll() is None and time.monotonic() < over:  # they begin once each has loaded everything
            publish()
        _, said = readers.communicate(timeout=1)
        tally.quiet(said, "readers")
    finally:
        readers.kill()
    _look(out, written, texts, options.asking, tally)
    publish()
    tally.done["generations"] += number
    for left in litter(corpus / ".parallax"):
        tally.err(f"it left {left}")
    return tally.row("writing", f"{options.asking} readers")


def _edition(number: int, chance: random.Random) -> dict[str, str]:
    """Documents of one edition: some edited, some not there, some new, one renamed."""
    made: dict[str, str] = {}
    for at in range(_DOCUMENTS):
        if chance.random() < 0.15:
            continue
        edition = number if chance.random() < 0.3 or at < 3 else 0
        name = f"{('keepers', 'breakers', 'board')[at % 3]}/{at}{'-moved' if chance.random() < 0.1 else ''}.txt"
        made[name] = scene.text(scene.PLACES[at % 6], scene.THINGS[at // 6], at, edition)
    return made


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _look(out: Path, written: dict[str, dict[str, str]], texts: Path, count: int, tally: Tally) -> None:
    """Hold what the readers were told against what was written."""
    told = [json.loads(file.read_text()) for file in sorted(out.glob("*.json"))]
    tally.expect(len(told) == count, f"{len(told)} of {count} readers came to their end")
    for reader in told:
        tally.expect(reader["answers"], "a reader got no answers")
        for error in reader["errors"]:
            tally.err(f"a reader failed: {error}")
        latest = ""
        for generation, citations in reader["answers"]:
            tally.done["answers"] += 1
            tally.expect(generation >= latest, f"{generation} answers after {latest}")
            latest = generation
            known = written.get(generation)
            if not tally.expect(known is not None, f"{generation} was never published"):
                continue
            for document, hash, start, end, quote in citations:
                tally.done["quotes"] += 1
                _compare(known or {}, texts, (generation, document, hash), (start, end, quote), tally)


def _compare(
    known: dict[str, str], texts: Path, place: tuple[str, str, str], said: tuple[int, int, str], tally: Tally
) -> None:
    generation, document, hash = place
    start, end, quote = said
    if not tally.expect(known.get(document) == hash, f"{generation}: {document} had another text, or was not there"):
        return
    text = (texts / hash).read_text("utf-8")
    tally.expect(text[start:end] == quote and quote, f"{generation}: a quote of {document} is not its slice")
