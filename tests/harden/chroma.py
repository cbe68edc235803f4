"""A Chroma server that dies and returns: while questions are asked, and in the middle of an upload."""

from __future__ import annotations

import json
import random
import shutil
import threading
import time
from pathlib import Path
from typing import Any

from assistant import Assistant
from index import Reader, Store
from index.errors import VectorsUnavailable
from index.vectors import Collections
from tests.chroma_run import Running
from tests.command import forked
from tests.harden import scene
from tests.harden.options import Options
from tests.harden.row import Row, Tally


def run(options: Options) -> Row:
    """So many deaths of each kind."""
    tally, moments = Tally(), random.Random(options.seed)
    folder = options.work / "server"
    folder.mkdir()
    server = Running(folder)
    try:
        corpus = scene.write(options.work / "corpus", scene.texts(0))
        embedded = _answers_of_an_embedded_index(options.work)
        indexed = forked("index", corpus, "--chroma", server.url, home=options.work)
        tally.expect(indexed.status == 0, f"index: {indexed.err[-300:]}")
        tally.expect(
            _asked(corpus, server, options.work, tally) == embedded[0], "answers differ from an embedded index"
        )
        for number in range(options.deaths):
            _dies_while_asked(corpus, server, options.work, tally)
            _dies_while_written(corpus, server, options.work, moments.random(), embedded, number % 2, tally)
    finally:
        server.kill()
    return tally.row("chroma")


def _answers_of_an_embedded_index(work: Path) -> list[list[dict[str, Any]]]:
    """Of the corpus before and after, whose vectors lie in the index."""
    found = []
    for version in (0, 1):
        corpus = scene.write(work / f"embedded-{version}", scene.texts(version))
        assert forked("index", corpus, home=work).status == 0
        found.append([_told(corpus, question, work)[1] for question in scene.QUESTIONS])
    return found


def _told(corpus: Path, question: str, home: Path, *more: str) -> tuple[int, Any, str]:
    done = forked("ask", question, "--json", "--store", corpus / ".parallax", *more, home=home)
    return done.status, scene.comparable(json.loads(done.out)) if done.status == 0 else None, done.err


def _asked(corpus: Path, server: Running, home: Path, tally: Tally) -> list[Any]:
    answers = []
    for question in scene.QUESTIONS:
        status, answer, said = _told(corpus, question, home, "--chroma", server.url)
        tally.expect(status == 0, f"a question ended with {status}: {said[-300:]}")
        tally.done["questions"] += 1
        answers.append(answer)
    return answers


def _dies_while_asked(corpus: Path, server: Running, home: Path, tally: Tally) -> None:
    before = _asked(corpus, server, home, tally)
    with Assistant(Reader(Store(corpus / ".parallax", server.server), scene.embedder())) as assistant:
        assistant.ask(scene.QUESTIONS[0])
        server.kill()
        tally.done["deaths while asked"] += 1
        try:
            assistant.ask(scene.QUESTIONS[0])
            tally.err("a question was answered without its vectors")
        except VectorsUnavailable as error:
            tally.heard(str(error), "asked of an open index")
        status, _, said = _told(corpus, scene.QUESTIONS[0], home, "--chroma", server.url)
        tally.expect(status == 2, f"asked without a server, the command ended with {status}")
        tally.heard(said, "asked by command")
        server.start()
        again = scene.comparable(assistant.ask(scene.QUESTIONS[0]).to_dict())
        tally.expect(json.loads(json.dumps(again)) == before[0], "an open index answers otherwise than before")
    if _asked(corpus, server, home, tally) != before:
        tally.lose("the server answers otherwise than before it died")


def _dies_while_written(
    corpus: Path, server: Running, home: Path, share: float, embedded: list[list[Any]], was: int, tally: Tally
) -> None:
    """The corpus is changed from one state to the other; the server dies in the middle."""
    copy = scene.copied(corpus, home / "copy")
    scene.write(copy, scene.texts(1 - was))
    begun = time.monotonic()
    forked("index", copy, "--chroma", server.url, home=home)
    whole = time.monotonic() - begun
    shutil.rmtree(copy)
    scene.write(corpus, scene.texts(1 - was))
    outdated = _asked(corpus, server, home, tally)  # as before, beside files that are others by now
    killing = threading.Timer(share * whole, server.kill)
    killing.start()
    done = forked("index", corpus, "--chroma", server.url, home=home)
    killing.join()
    tally.done["deaths during an upload"] += 1
    if done.status:
        tally.expect(done.status == 2, f"index without a server ended with {done.status}")
        tally.heard(done.err.splitlines()[-1] if done.err else "", "an upload that was broken off")
        tally.quiet(done.err, "an upload that was broken off")
    server.start()
    expected = outdated if done.status else embedded[1 - was]
    if _asked(corpus, server, home, tally) != expected:
        tally.lose(f"after an upload that was broken off (status {done.status}) it answers otherwise")
    again = forked("index", corpus, "--chroma", server.url, home=home)
    tally.expect(again.status == 0, f"index, run again: {again.err[-300:]}")
    tally.expect(_asked(corpus, server, home, tally) == embedded[1 - was], "run again, it answers otherwise")
    prefix = (corpus / ".parallax" / "collections").read_text().split()[0]
    left = Collections(server.server).names(prefix)
    tally.expect(len(left) == 1, f"{len(left)} collections of one index are left on the server")
