"""Readers as processes of their own, forked from one that has loaded everything: they ask for so many seconds, and
note what they were told. Not a test.

    python -m tests.harden.asking STORE FOLDER READERS SECONDS
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import traceback
from pathlib import Path

import chromadb.api.rust
import llama_index.vector_stores.chroma  # noqa: F401

from assistant import Assistant
from index.embed import LocalEmbedder
from index.loading.load import language_of
from index.terms import well_known
from tests.harden import scene

assert chromadb
_FORMS = (
    "What do the sources say about the {} of {}?",
    "How much does the {} of {} cost?",
    "Who counts at the {} of {}?",
)
_MOST = 20  # errors


def main(store: str, folder: str, readers: str, seconds: str) -> None:
    """Fork them, and wait for their end."""
    language_of("The harbour is closed until the council has met. " * 9), well_known()
    assert LocalEmbedder
    children = []
    for number in range(int(readers)):
        if not (child := os.fork()):
            status = 1
            try:
                _read(Path(store), Path(folder, f"{number}.json"), float(seconds), random.Random(number))
                status = 0
            except BaseException:  # noqa: BLE001
                traceback.print_exc()
            finally:
                os._exit(status)
        children.append(child)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for child in children:
        os.waitpid(child, 0)


def _read(store: Path, target: Path, seconds: float, chance: random.Random) -> None:
    answers: list[object] = []
    errors: list[str] = []
    with Assistant.open(store) as assistant:
        assistant.warm()
        over = time.monotonic() + seconds
        while time.monotonic() < over and len(errors) < _MOST:
            asked = chance.choice(_FORMS).format(chance.choice(scene.THINGS[:4]), chance.choice(scene.PLACES))
            try:
                answer = assistant.ask(asked)
            except Exception:  # noqa: BLE001
                errors.append(traceback.format_exc()[-600:])
                continue
            cited = (*answer.citations, *answer.nearest)
            told = [(one.document.id, one.document.sha256, one.start, one.end, one.quote) for one in cited]
            answers.append((answer.generation, told))
    part = target.with_suffix(".part")
    part.write_text(json.dumps({"answers": answers, "errors": errors}))
    part.rename(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
