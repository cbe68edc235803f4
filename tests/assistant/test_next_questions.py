"""Questions that go on from an answer: each was tried, brings something, and takes no side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import Answer, Assistant, Next, Outcome
from assistant.cli import _app
from assistant.question.next_questions import MOST, Kind
from assistant.question.rewrite import leans, turn
from index import LocalEmbedder, Reader, Store
from index.terms import stems
from index.update import update
from tests.fakes import write

QUESTIONS = (
    "When were the traders told about the bridge trial?",
    "By how much did trade on the Old Quay fall after the bridge was closed to cars?",
    "Who or what is to blame for the ambulance being held up at the bollards on 12 June?",
)
PATIENT = 60.0  # seconds: what is found is not to hang on how busy the machine is


def onward(assistant: Assistant, answer: Answer, seconds: float = PATIENT) -> tuple[Next, ...]:
    cited = [entry.proof for entry in answer.citations or answer.nearest]
    return assistant.next_questions(answer.query, cited, seconds=seconds)


@pytest.fixture(scope="module", params=QUESTIONS)
def asked(request: pytest.FixtureRequest, sample: Assistant) -> tuple[Answer, tuple[Next, ...]]:
    answer = sample.ask(request.param)
    return answer, onward(sample, answer)


def test_the_corpus_answers_what_may_be_asked_next(asked: tuple[Answer, tuple[Next, ...]], sample: Assistant) -> None:
    first, found = asked
    assert 1 <= len(found) <= MOST
    for entry in found:
        answer = sample.ask(entry.question)
        assert answer.outcome is Outcome.ANSWERED
        assert len(answer.citations) == entry.citations >= 2
        cited = {c.document.id for c in first.citations}
        assert {c.document.id for c in answer.citations} - cited == set(entry.documents)
        if entry.kind is Kind.SPEAKER:
            assert sum(bool(c.voice.speaker) and c.voice.speaker in entry.question for c in answer.citations) >= 2


def test_it_brings_what_was_not_cited(asked: tuple[Answer, tuple[Next, ...]]) -> None:
    for entry in asked[1]:
        assert entry.perspectives or entry.documents or entry.speakers or entry.passages >= 2
    assert [entry.brings for entry in asked[1]] == sorted((entry.brings for entry in asked[1]), reverse=True)


def test_it_stands_by_itself_and_is_no_copy(asked: tuple[Answer, tuple[Next, ...]]) -> None:
    first, found = asked
    assert len({entry.question for entry in found}) == len(found)
    for entry in found:
        assert stems(entry.question) != stems(first.question)
        assert not leans(entry.question, [turn(first)])


def test_none_is_asked_that_was_not_tried_in_time(sample: Assistant) -> None:
    assert onward(sample, sample.ask(QUESTIONS[0]), seconds=0.0) == ()


def test_what_is_asked_of_some_documents_goes_on_in_these(sample: Assistant) -> None:
    documents = [entry.document.id for entry in sample.ask(QUESTIONS[0]).citations][:1]
    answer = sample.ask(QUESTIONS[0], documents=documents)
    cited = [entry.proof for entry in answer.citations]
    for entry in sample.next_questions(answer.query, cited, documents=documents, seconds=PATIENT):
        assert not entry.documents


LABELS = """
version = 1
[perspectives.for]
label = "For it"
[perspectives.against]
label = "Against it"
[[source]]
match = "for*"
perspective = "for"
[[source]]
match = "against*"
perspective = "against"
"""


@pytest.fixture(scope="module")
def dispute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """One side only writes of "the surrender plan", and both write of "the harbour wall"."""
    folder = tmp_path_factory.mktemp("dispute")
    towns = ("Velling", "Tarn", "Osmund", "Quill", "Hexley", "Ostrava", "Ferncliff", "Dunmore", "Yarrow", "Larkhill")
    lost = (
        "the harbour wall",
        "its mill and the harbour",
        "ten houses",
        "an orchard, and a chapel",
        "every boat it has",
    )
    against = "In Marrowby the surrender plan was read on day {}. By the surrender plan {} loses {}.\n"
    of_it = "In Marrowby the plan was read in {}. With the plan, and with {}, the plan keeps the harbour of {}.\n"
    kept = ("the harbour wall", "a lighthouse for the bay", "two new schools", "money for roads", "a market on Fridays")
    said = {f"against-{n}": against.format(n, towns[n], lost[n]) for n in range(5)}
    said |= {f"for-{n}": of_it.format(towns[n + 5], kept[n], towns[n + 4]) for n in range(5)}
    corpus = write(folder / "corpus", **said)
    (corpus / "sources.toml").write_text(LABELS, "utf-8")
    update(corpus, Store(folder / "store"), LocalEmbedder())
    with Assistant(Reader(Store(folder / "store"), LocalEmbedder())) as assistant:
        yield assistant


def test_no_words_of_one_side_get_into_a_question(dispute: Assistant) -> None:
    assert [term.text for term in dispute.terms()] == ["surrender plan"]
    found = dispute.next_questions("What happens to the harbour of Marrowby under the plan?", seconds=PATIENT)
    questions = [entry.question for entry in found]
    assert len(questions) == MOST
    assert not any("keeps" in question for question in questions)  # "the plan keeps" names nothing
    assert not any("surrender" in question for question in questions)


def test_the_command_line_lists_them_below_an_answer(sample_store: Path) -> None:
    args = ["ask", QUESTIONS[0], "--store", str(sample_store)]
    shown = CliRunner().invoke(_app, args)
    assert shown.exit_code == 0
    *_, below = shown.stdout.partition("You may go on to ask:\n")
    assert not below or all(line.startswith("  What do") for line in below.strip("\n").splitlines())
    assert "You may go on to ask" not in CliRunner().invoke(_app, [*args, "--json"]).stdout
