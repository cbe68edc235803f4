"""Whether answers follow their documents: an honest assistant scores one, and one that remembers does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, write

from assistant import Answer, Assistant
from assistant.evaluation import follow
from assistant.evaluation.questions import Proof, Question
from index import Reader, Store
from index.update import update

EVIDENCE = "The broken dam in the valley cost 4,500 crowns to rebuild that year."
QUESTIONS = [
    Question(
        id="q1",
        kind="single_factual",
        question="How much did the broken dam in the valley cost to rebuild?",
        files=("one.txt",),
        evidence=(Proof(file="one.txt", quote=EVIDENCE),),
        accept=(("4,500",),),
    )
]
LABELS = """
[perspectives.left]
label = "Left"
[perspectives.right]
label = "Right"
[[source]]
match = "one.txt"
perspective = "left"
[[source]]
match = "two.txt"
perspective = "right"
"""


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    corpus = write(
        tmp_path / "corpus",
        one=f"The council met in the old hall to speak about the budget.\n{EVIDENCE}\nNobody liked the price of it.\n",
        two="A new bridge over the river was opened by the mayor in the spring of the same year.\n",
    )
    (corpus / "sources.toml").write_text(LABELS, "utf-8")
    store = Store(tmp_path / "store")
    update(corpus, store, WordEmbedder())
    with Assistant(Reader(store, WordEmbedder())) as opened:
        yield opened


def test_a_digest_follows_what_its_documents_say_now(assistant: Assistant) -> None:
    found = follow.evaluate(assistant, QUESTIONS)["parallax"]

    assert found["follows a changed fact"] == [(1.0, 1.0)]
    assert found["evidence removed: no longer told"] == [(1.0, 1.0)]
    assert found["labels swapped: claims changed"] == [(0.0, 1.0)]


def test_an_assistant_that_remembers_is_found_out(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    ask, said = Assistant.ask, list[Answer]()

    def remembered(self: Assistant, question: str, *given: Any, **only: Any) -> Answer:
        said.append(ask(self, question, *given, **only))
        return said[0]

    monkeypatch.setattr(Assistant, "ask", remembered)
    found = follow.evaluate(assistant, QUESTIONS)["parallax"]

    assert found["follows a changed fact"] == [(0.0, 1.0)]
    assert found["evidence removed: no longer told"] == [(0.0, 1.0)]


@pytest.mark.parametrize(
    ("fact", "other"),
    [("4,500", "8,944"), ("2029", "2064"), ("five-hour", "nine-hour"), ("dozen", "score"), ("dismissed", None)],
)
def test_a_fact_is_changed_into_another_of_its_kind(fact: str, other: str | None) -> None:
    assert follow._other(fact) == other


def test_a_name_is_changed_into_one_that_stands_nowhere() -> None:
    assert follow._other("Hegseth") in follow._NAMES
