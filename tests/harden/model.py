"""A model that fails every other call, each time in another way: over the page's handlers, HTTP and the command line.

Each answer is made of checked sentences, or is the digest with the reason in one sentence.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from assistant import Assistant, History
from assistant.doors.http import application
from assistant.doors.limits import Limits
from assistant.writing.llm import Model
from assistant.writing.writer import Writer
from index import Reader, Store
from index.update import update
from tests import looping
from tests.command import forked
from tests.harden import scene
from tests.harden.options import Options
from tests.harden.row import Row, Tally
from tests.scripted_model import DRIP, HANG, RESET, Fail, Raw, Say, Step, claim, judged, model_server, passages
from ui.asking import Asking
from ui.filters import Filters
from ui.history import Keeping

_SILENCE = 1.0  # seconds
_CONVERSATION = "c" * 32
_SAID = re.compile(r"“(Paper (\d+) counts (\d+) sacks at the (\w+)),” says (\w+ \w+) of")
_SHOWN = re.compile(r"\w+ \w+ says that paper (\d+) counts (\d+) sacks at the (\w+)\.")
Ask = Callable[[str], dict[str, Any]]


def run(options: Options, *, fails: bool = True) -> Row:
    """So many questions, in turn through each way in."""
    tally = Tally()
    corpus = scene.write(options.work / "corpus", scene.texts(0))
    update(corpus, Store(corpus / ".parallax"), scene.embedder())
    asked = _questions(options.questions)
    script = Failing() if fails else (lambda request: Say(good(request)))
    with model_server(script) as server, _ways(corpus, server.url, options.work, tally) as ways:
        with Assistant(Reader(Store(corpus / ".parallax"), scene.embedder())) as quiet:
            for number, question in enumerate(asked):
                # A command takes longer than a call: one in ten.
                way = "command line" if number % 10 == 9 else ("page", "http")[number % 2]
                look(quiet, way, question, ways[way](question), tally)
        tally.done["calls of the model"] += len(server.requests)
    return tally.row("model")


class Failing:
    """Fails every other call, each time in another way."""

    def __init__(self) -> None:
        self._lock, self._calls = threading.Lock(), 0

    def __call__(self, request: dict[str, Any]) -> Step:
        with self._lock:
            self._calls += 1
            number = self._calls
        return _FAILURES[number // 2 % len(_FAILURES)](request) if number % 2 else Say(good(request))


def good(request: dict[str, Any]) -> str:
    """A reply of which the first sentence can be proven, and the second cannot."""
    found = ((number, _SAID.search(text)) for number, text in passages(request).items())
    number, said = next((number, said) for number, said in found if said)
    paper, sacks, thing = said[2], said[3], said[4]
    good = claim(f"{said[5]} says that paper {paper} counts {sacks} sacks at the {thing}.", (number, said[1]))
    return judged() + good + claim("SENTINEL is paid by all.", (number, "SENTINEL is paid by all"))


_FAILURES: tuple[Callable[[dict[str, Any]], Step], ...] = (
    lambda _: Fail(500),
    lambda _: Fail(429),
    lambda _: Fail(401),
    lambda _: RESET,
    lambda _: HANG,
    lambda _: DRIP,
    lambda _: Say("So sorry, SENTINEL."),
    lambda _: Say(""),
    lambda _: Raw(b"data: {SENTINEL\n\n"),
    lambda _: Raw(b"<html>SENTINEL", "text/html"),
    lambda request: Say(good(request), cut=True),
    lambda request: Say(good(request), finish=None),
    lambda request: Say(good(request), finish="length"),
    lambda request: Say(claim("SENTINEL", (99, "SENTINEL words that nobody wrote at all"))),
    lambda request: Say(judged() * 200 + "{" * 5000),
)


def _questions(count: int) -> list[str]:
    forms = (
        "What do the sources say about the {} of {}?",
        "How much does the {} of {} cost?",
        "Who counts at the {} of {}?",
    )
    made = [form.format(thing, place) for form in forms for thing in scene.THINGS[:4] for place in scene.PLACES]
    return [made[number % len(made)] for number in range(count)]


@contextmanager
def _ways(corpus: Path, url: str, work: Path, tally: Tally) -> Iterator[dict[str, Ask]]:
    """Each way in, as a function from a question to its answer as data."""
    store = corpus / ".parallax"
    history = History(work / "history.sqlite")

    def model() -> Writer:
        return Writer(Model("scripted", url, silence=_SILENCE))

    with (
        Assistant(Reader(Store(store), scene.embedder()), model()) as assistant,
        TestClient(
            application(assistant, limits=Limits(per_minute=10**6, burst=10**6)), base_url="http://127.0.0.1"
        ) as client,
    ):
        filters = Filters(assistant)
        asking = Asking(assistant, Keeping(assistant, filters, history, ""), filters)

        def page(question: str) -> dict[str, Any]:
            sent = json.dumps({"only": "#f", "conversation": _CONVERSATION})
            turns = looping.run(_last(asking.ask(question, [], sent)))
            tally.expect('class="answer-end"' in turns[-1]["content"], f"page: {question}: no end of an answer")
            tally.expect("SENTINEL" not in turns[-1]["content"], f"page: {question}: what the model wrote is shown")
            return history.answers(_CONVERSATION)[-1].answer

        def http(question: str) -> dict[str, Any]:
            got = client.post("/v1/ask", json={"question": question})
            tally.expect(got.status_code == 200, f"http: {question}: {got.status_code} {got.text[:200]}")
            return got.json()

        def command_line(question: str) -> dict[str, Any]:
            environment = {
                "OPENAI_BASE_URL": url,
                "PARALLAX_MODEL": "scripted",
                "PARALLAX_MODEL_TIMEOUT": str(_SILENCE),
            }
            done = forked("ask", question, "--json", "--store", store, home=work, environment=environment)
            tally.expect(done.status == 0, f"command line: {question}: ended with {done.status}")
            tally.quiet(done.err, f"command line: {question}")
            return json.loads(done.out)

        yield {"page": page, "http": http, "command line": command_line}


async def _last(updates: Any) -> Any:
    last: Any = None
    async for turns, _ in updates:
        last = turns
    return last


def look(quiet: Assistant, way: str, question: str, answer: dict[str, Any], tally: Tally) -> None:
    """An answer is made of checked sentences, or is a digest with its reason."""
    where = f"{way}: {question}"
    tally.done[f"questions by {way}"] += 1
    tally.expect(answer["question"] == question, f"{where}: it answers another question")
    tally.expect("SENTINEL" not in json.dumps(answer), f"{where}: what the model wrote is shown")
    for entry in (*answer["citations"], *answer["nearest"]):
        text = quiet.corpus.document(entry["document"])[0].text
        tally.expect(text[entry["start"] : entry["end"]] == entry["quote"], f"{where}: a quote is not its slice")
    for sentence in answer["claims"]:
        tally.expect(sentence["citations"], f"{where}: a sentence without a citation")
    if answer["mode"] == "generated":
        tally.done["written answers"] += 1
        tally.expect(answer["claims"] or answer["reason"], f"{where}: nothing, without a reason")
        proven = all(_SHOWN.fullmatch(claim["text"]) for claim in answer["claims"])
        tally.expect(proven, f"{where}: a sentence that nobody proved")
    else:
        tally.done["digests"] += 1
        if tally.expect(answer["reason"], f"{where}: a digest without a reason"):
            tally.heard(answer["reason"]["text"], where)
        tally.expect(answer["claims"] or answer["nearest"], f"{where}: an empty digest")
