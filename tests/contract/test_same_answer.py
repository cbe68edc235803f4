"""The same questions through every way in give the same answers, apart from their id and the seconds they took."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterator, Set
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from anyio.from_thread import start_blocking_portal
from command import parallax
from mcp import Client
from starlette.testclient import TestClient

from assistant import Assistant, History
from assistant.doors import mcp
from assistant.doors.desk import Desk
from assistant.doors.http import application
from assistant.doors.limits import Limits
from assistant.doors.metrics import Metrics
from assistant.llamaindex import ParallaxQueryEngine
from index import Filter, LocalEmbedder, Reader, Store
from index.update import update
from tests import looping
from ui.asking import Asking
from ui.filters import Filters
from ui.history import Keeping
from ui.links import filter_link
from ui.turns import Turns, answered

SAMPLE = Path(__file__).parents[2] / "index" / "sample"
QUESTIONS: list[dict[str, Any]] = [
    {"question": "What do the sources say about the bollards?"},
    {"question": "By how much did trade fall?", "perspectives": ["traders"]},
    {"question": "And what does she want?", "history": ["What does Marit Oskamp write about the bollards?"]},
    {"question": "How many votes were there?", "since": "2025-06", "until": "2025-12", "citations": 3},
    {"question": "What does the author say about the ambulance?", "speakers": ["author"]},
    {"question": "Who won the chess tournament in Reykjavik in 1972?"},
]
_CHECKED = {"finding", "now", "claimed", "badge"}  # what a file says of each quote beside the answer itself
_NOT_SAID = {"page": "citations", "llamaindex": "history"}  # what cannot be said there
Ask = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contract") / "store"
    update(SAMPLE, Store(folder), LocalEmbedder())
    return folder


@pytest.fixture(scope="module")
def assistant(store: Path) -> Iterator[Assistant]:
    with Assistant(Reader(Store(store), LocalEmbedder())) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def ways(store: Path, assistant: Assistant) -> Iterator[dict[str, Ask]]:
    """Each way in, as a function from a question with its options to an answer as data."""
    with (
        TestClient(application(assistant), base_url="http://127.0.0.1") as client,
        ThreadPoolExecutor() as threads,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(
            Client(mcp.server(Desk(assistant, threads, Metrics(assistant), Limits())))
        ) as tools,
    ):
        yield {
            "python": lambda asked: _python(assistant, asked),
            "command line": lambda asked: _command_line(store, asked),
            "http": lambda asked: client.post("/v1/ask", json=asked).json(),
            "http, by claim": lambda asked: _last_event(client, asked),
            "mcp": lambda asked: portal.call(tools.call_tool, "ask", asked).structured_content,
            "llamaindex": lambda asked: _llamaindex(assistant, asked),
            "page": partial(_page, assistant, History(store.parent / "history.sqlite")),
        }


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["question"])
def test_every_way_in_gives_the_same_answer(ways: dict[str, Ask], asked: dict[str, Any]) -> None:
    answers = {way: _comparable(ask(asked)) for way, ask in ways.items() if _NOT_SAID.get(way) not in asked}
    first = answers["python"]
    assert first["question"] == asked["question"]
    assert first["citations"] or first["nearest"]
    for way, answer in answers.items():
        assert answer == first, way


def test_another_answer_would_be_noticed(ways: dict[str, Ask]) -> None:
    one, other = (_comparable(ways["http"](QUESTIONS[0] | {"citations": number})) for number in (3, 4))
    assert one != other


def _comparable(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["id"]
    assert answer["seconds"]
    return {name: value for name, value in answer.items() if name not in ("id", "seconds")}


def _python(assistant: Assistant, asked: dict[str, Any]) -> dict[str, Any]:
    only = {name: value for name, value in asked.items() if name not in ("question", "history")}
    return json.loads(json.dumps(assistant.ask(asked["question"], asked.get("history", ()), **only).to_dict()))


def _command_line(store: Path, asked: dict[str, Any]) -> dict[str, Any]:
    options = {
        "history": "--after",
        "perspectives": "--perspective",
        "speakers": "--speaker",
        "documents": "--document",
    }
    arguments: list[object] = []
    for name, value in asked.items():
        if name != "question":
            for one in value if isinstance(value, list) else [value]:
                arguments += [options.get(name, f"--{name}"), one]
    done = parallax("ask", asked["question"], "--store", store, "--json", *arguments, home=store.parent)
    return json.loads(done.stdout)


def _last_event(client: TestClient, asked: dict[str, Any]) -> dict[str, Any]:
    text = client.post("/v1/ask", json=asked, headers={"accept": "text/event-stream"}).text
    name, data = text.strip().split("\n\n")[-1].split("\n")
    assert name == "event: answer"
    return json.loads(data.removeprefix("data: "))


def _llamaindex(assistant: Assistant, asked: dict[str, Any]) -> dict[str, Any]:
    only = {name: value for name, value in asked.items() if name != "question"}
    response = ParallaxQueryEngine(assistant, **only).query(asked["question"])
    return json.loads(json.dumps(response.metadata["answer"]))


def _page(assistant: Assistant, history: History, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer as a browser gets it: asked in a conversation, which begins with the earlier questions, and saved."""
    filters = Filters(assistant)
    keeping = Keeping(assistant, filters, history)
    asking, conversation = Asking(assistant, keeping, filters), uuid4().hex
    only = Filter(**{name: _frozen(value) for name, value in asked.items() if name not in ("question", "history")})
    sent = json.dumps({"only": filter_link(only), "conversation": conversation})

    async def ask(question: str, turns: Turns) -> Turns:
        return [update async for update in asking.ask(question, turns, sent)][-1][0]

    turns: Turns = []
    for question in [*asked.get("history", ()), asked["question"]]:
        turns = looping.run(ask(question, turns))
    file = keeping.files({"conversation": conversation, "answer": answered(turns), "ending": "json"})
    return _without(json.loads(b64decode(file["content"]))["answer"], _CHECKED)


def _without(value: Any, names: Set[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(inner, names) for name, inner in value.items() if name not in names}
    return [_without(inner, names) for inner in value] if isinstance(value, list) else value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
