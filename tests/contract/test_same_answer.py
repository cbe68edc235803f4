"""The same questions through every way in give the same answers, apart from their id and the seconds they took."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command import parallax
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.doors.http import application
from index import LocalEmbedder, Reader, Store
from index.update import update

SAMPLE = Path(__file__).parents[2] / "index" / "sample"
QUESTIONS: list[dict[str, Any]] = [
    {"question": "What do the sources say about the bollards?"},
    {"question": "By how much did trade fall?", "perspectives": ["traders"]},
    {"question": "And what does she want?", "history": ["What does Marit Oskamp write about the bollards?"]},
    {"question": "How many votes were there?", "since": "2025-06", "until": "2025-12", "citations": 3},
    {"question": "What does the author say about the ambulance?", "speakers": ["author"]},
    {"question": "Who won the chess tournament in Reykjavik in 1972?"},
]
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
    with TestClient(application(assistant), base_url="http://127.0.0.1") as client:
        yield {
            "python": lambda asked: _python(assistant, asked),
            "command line": lambda asked: _command_line(store, asked),
            "http": lambda asked: client.post("/v1/ask", json=asked).json(),
            "http, by claim": lambda asked: _last_event(client, asked),
        }


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["question"])
def test_every_way_in_gives_the_same_answer(ways: dict[str, Ask], asked: dict[str, Any]) -> None:
    answers = {way: _comparable(ask(asked)) for way, ask in ways.items()}
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
