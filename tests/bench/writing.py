"""How long a written answer takes beside its model's own time, and what a repair costs.

The model is a script behind a real server on this machine: it waits before its first word, as models do, and speaks at
the rate of a fast one. Its own time is that of the same request, sent bare and read until the first sentence is there.
"""

from __future__ import annotations

import http.client
import json
import re
import time
from pathlib import Path
from statistics import median
from typing import Any

from assistant import Assistant, Mode, Verified
from assistant.writing.llm import Model
from assistant.writing.writer import Writer
from index.embed import LocalEmbedder
from index.generation import Store
from index.reader import Reader
from index.update import update
from tests.bench import sets, stores
from tests.bench.options import Options, Skipped
from tests.bench.table import Row, percentile
from tests.scripted_model import ModelServer, Say, claim, judged, model_server, passages

_SAMPLE = Path(__file__).parents[2] / "index" / "sample"
_FIRST, _RATE = 0.2, 0.004  # seconds before the first word, and before each of the next dozen characters
_PLAIN = re.compile(r"[A-Z][a-z]+(?: [a-z]+){7,20}[,.]")  # words that any check lets pass, since they are quoted whole


def run(options: Options) -> list[Row]:
    """Over the sample corpus, and over the news where they are here."""
    sample = Store(options.work / "sample")
    update(_SAMPLE, sample, LocalEmbedder())
    asked = [json.loads(line)["question"] for line in (_SAMPLE / "questions.jsonl").read_text("utf-8").splitlines()]
    rows = _at(sample, asked, "the sample")
    try:
        news = stores.news(options)
    except Skipped as reason:
        print(f"writing: without the news, {reason}")
        return rows
    return rows + _at(news, sets.titles(options, options.questions), f"{options.news:,} articles")


def _at(store: Store, questions: list[str], where: str) -> list[Row]:
    with model_server(_reply) as server:
        assistant = Assistant(Reader(store, LocalEmbedder()), Writer(Model("scripted", server.url, context=8_192)))
        with assistant:
            assistant.warm()
            _first(assistant, server, questions[0])
            found = [times for question in questions if (times := _first(assistant, server, question))]
    beyond = [(ours - own) * 1000 for ours, own in found]
    repaired = _repair(store, questions[0])
    return [
        Row(
            f"first verified sentence over {where}, p50, beyond the model's own time",
            median(beyond),
            "ms",
            median(own for _, own in found) * 1000,
            "ms that the model takes",
            target="≤ 50",
            note=f"{len(found)} questions",
        ),
        Row(f"first verified sentence over {where}, p95, beyond the model's own time", percentile(beyond, 95), "ms"),
        Row(
            f"request that repairs one sentence of six, over {where}",
            repaired[1],
            "characters",
            repaired[0],
            "in the first request",
            (repaired[1] / repaired[0],),
        ),
    ]


def _first(assistant: Assistant, server: ModelServer, question: str) -> tuple[float, float] | None:
    """Seconds to the first verified sentence, and to the same sentence for somebody who only reads the stream."""
    begun = time.perf_counter()
    written = False
    for event in assistant.stream(question):
        if isinstance(event, Verified):
            written = event.mode is Mode.GENERATED
            break
    ours = time.perf_counter() - begun
    return (ours, _own(server, server.answered[-1])) if written else None


def _own(server: ModelServer, request: dict[str, Any]) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
    begun = time.perf_counter()
    connection.request("POST", "/v1/chat/completions", json.dumps(request), {"Content-Type": "application/json"})
    response, said = connection.getresponse(), ""
    while said.count("\n") < 2:  # the judgement, and the first sentence
        line = response.readline()
        if line.startswith(b"data: {"):
            choices = json.loads(line[6:])["choices"]
            said += choices[0]["delta"].get("content", "") if choices else ""
    seconds = time.perf_counter() - begun
    connection.close()
    return seconds


def _repair(store: Store, question: str) -> tuple[int, int]:
    """The lengths of the first request and of the one that repairs one sentence of six."""

    def reply(request: dict[str, Any]) -> Say:
        lines = _lines(request)
        return Say(judged() + "".join(lines[:5]) + claim("It happened 7,777 times.", (1, _quote(passages(request)[1]))))

    with model_server(reply) as server:
        with Assistant(
            Reader(store, LocalEmbedder()), Writer(Model("scripted", server.url, context=8_192))
        ) as assistant:
            assistant.ask(question)
        first, second = (sum(len(m["content"]) for m in request["messages"]) for request in server.answered[:2])
    return first, second


def _reply(request: dict[str, Any]) -> Say:
    return Say(judged() + "".join(_lines(request)), piece=12, first=_FIRST, delay=_RATE)


def _lines(request: dict[str, Any]) -> list[str]:
    quotes = [(number, match.group()) for number, text in passages(request).items() if (match := _PLAIN.search(text))]
    return [claim(f"“{quote}”", (number, quote)) for number, quote in quotes[:6]]


def _quote(text: str) -> str:
    match = _PLAIN.search(text)
    return match.group() if match else " ".join(text.split()[:8])
