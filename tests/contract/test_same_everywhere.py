"""The same questions are answered alike, to the citation, wherever the index came from and wherever its vectors are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from index import LocalEmbedder, Reader, Store
from index.engines.on_ray import OnRay
from index.errors import EngineUnavailable
from index.sharing.publish import publish
from index.sharing.pull import pull
from index.update import update
from tests.chroma_run import Running

SAMPLE = Path(__file__).parents[2] / "index" / "sample"
QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("What do the sources say about the bollards?", {}),
    ("By how much did trade fall?", {"perspectives": ["traders"]}),
    ("How many votes were there?", {"since": "2025-06", "until": "2025-12", "citations": 3}),
    ("What does the author say about the ambulance?", {"speakers": ["author"]}),
    ("Who won the chess tournament in Reykjavik in 1972?", {}),
]
Answers = list[dict[str, Any]]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The index as `parallax index` makes it on this machine."""
    store = Store(tmp_path_factory.mktemp("embedded") / "store")
    update(SAMPLE, store, LocalEmbedder())
    return store


@pytest.fixture(scope="module")
def here(embedded: Store) -> Answers:
    answers = _answers(embedded)
    assert [bool(answer["citations"]) for answer in answers] == [True, True, True, True, False]
    return answers


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("chroma"))
    yield running
    running.kill()


def test_with_vectors_on_a_chroma_server(here: Answers, chroma: Running, tmp_path: Path) -> None:
    store = Store(tmp_path / "store", chroma.server)
    update(SAMPLE, store, LocalEmbedder())
    assert _answers(store) == here


def test_from_a_replica_that_was_published_and_pulled(here: Answers, embedded: Store, tmp_path: Path) -> None:
    replica = Store(tmp_path / "replica")
    publish(embedded, str(tmp_path / "place"))
    pull(str(tmp_path / "place"), replica, embedder=LocalEmbedder())
    assert _answers(replica) == here


def test_indexed_by_ray(here: Answers, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    try:
        update(SAMPLE, store, LocalEmbedder(), engine=OnRay(workers=2))
    except EngineUnavailable as error:
        pytest.skip(str(error))
    assert _answers(store) == here


def test_another_index_would_be_noticed(here: Answers, tmp_path: Path) -> None:
    for file in SAMPLE.iterdir():
        if file.suffix in (".toml", ".txt", ".md"):
            (tmp_path / "corpus" / file.name).parent.mkdir(exist_ok=True)
            (tmp_path / "corpus" / file.name).write_bytes(file.read_bytes())
    first = here[0]["citations"][0]["document"]
    (tmp_path / "corpus" / first).unlink()
    store = Store(tmp_path / "store")
    update(tmp_path / "corpus", store, LocalEmbedder())
    assert _answers(store) != here


def _answers(store: Store) -> Answers:
    with Assistant(Reader(store, LocalEmbedder())) as assistant:
        made = [assistant.ask(question, **only).to_dict() for question, only in QUESTIONS]
    own = ("id", "seconds", "generation")
    return [{name: value for name, value in answer.items() if name not in own} for answer in made]
