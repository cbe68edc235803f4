"""What each perspective has to say: the states as a table, and on a corpus in which one side writes of something else."""

from __future__ import annotations

import math
from collections.abc import Iterator, Set
from pathlib import Path

import pytest
from fakes import write

from assistant import Answer, Assistant, State
from assistant.answering.digest import Window
from assistant.answering.silence import Nearness, nearness, states, to_leave_out
from assistant.evaluation.evaluate_silence import scores
from assistant.evaluation.questions import Question
from assistant.states import STATES
from index import Document, LocalEmbedder, Reader, Store
from index.query import Query
from index.types import Perspective
from index.update import update

BEST = Nearness(cosine=0.7, bearing=0.6, height=3.0)  # so the line is 1.4, and from 1.9 on somebody answers
CITED = frozenset({"one"})


@pytest.mark.parametrize(
    ("near", "cited", "unread", "state"),
    [
        (Nearness(0.6, 0.5, 2.0), CITED, frozenset(), State.CITED),
        (Nearness(0.6, 0.5, 2.0), frozenset(), frozenset(), State.RELEVANT),
        (Nearness(0.6, 0.5, 1.8), frozenset(), frozenset(), State.UNCLEAR),
        (Nearness(0.6, 0.5, 1.8), CITED, frozenset(), State.TOUCHES),
        (Nearness(0.5, 0.4, 1.3), frozenset(), frozenset(), State.SILENT),
        (Nearness(0.5, 0.4, 1.3), CITED, frozenset(), State.TOUCHES),
        (Nearness(0.5, 0.4, 1.3), frozenset(), frozenset({"one"}), State.UNCLEAR),
        (Nearness(0.6, 0.56, 1.3), frozenset(), frozenset(), State.UNCLEAR),
        (Nearness(0.56, 0.4, 1.3), frozenset(), frozenset(), State.UNCLEAR),
        (Nearness(0.25, 0.2, 2.0), frozenset(), frozenset(), State.UNCLEAR),
        (Nearness(0.15, 0.58, 2.0), frozenset(), frozenset(), State.SILENT),
        (Nearness(0.5, 0.5, None), frozenset(), frozenset(), State.RELEVANT),
        (Nearness(0.5, 0.4, None), frozenset(), frozenset(), State.UNCLEAR),
        (Nearness(0.5, 0.4, None), CITED, frozenset(), State.TOUCHES),
        (Nearness(0.15, 0.1, None), frozenset(), frozenset(), State.SILENT),
        (Nearness(), frozenset(), frozenset(), State.SILENT),
        (Nearness(), frozenset(), frozenset({"one"}), State.UNCLEAR),
    ],
    ids=[
        *("answers", "answers-uncited", "in-between", "in-between-cited", "below", "below-cited", "below-unread"),
        *("as-near-as-the-best", "near-in-itself", "high-and-yet-far", "nothing-in-common"),
        *("few-and-near", "few-and-low", "few-and-cited", "few-and-far", "no-passage", "no-passage-read"),
    ],
)
def test_a_perspective_is_judged_by_its_best_window_and_not_by_its_citations(
    near: Nearness, cited: Set[str], unread: Set[str], state: State
) -> None:
    assert states({"best": BEST, "one": near}, cited, unread)["one"] is state


def test_the_nearest_of_all_is_never_silent_unless_it_has_nothing_to_do_with_the_question() -> None:
    assert states({"best": BEST}, frozenset()) == {"best": State.RELEVANT}
    assert states({"only": Nearness(0.35, 0.3, 0.0)}, frozenset()) == {"only": State.UNCLEAR}
    assert states({"only": Nearness(0.1, 0.1, 0.0)}, frozenset()) == {"only": State.SILENT}
    assert states({}, CITED) == {}


@pytest.mark.parametrize(
    ("height", "unread", "out"),
    [
        (1.3, frozenset(), False),
        (1.1, frozenset(), True),
        (1.1, frozenset({"one"}), False),
        (-math.inf, frozenset(), True),
    ],
    ids=["at-the-line", "well-below", "well-below-unread", "no-passage"],
)
def test_a_digest_leaves_out_who_stands_well_below_the_line(height: float, unread: Set[str], out: bool) -> None:
    near = {"best": BEST, "one": Nearness(0.5, 0.4, height)}

    assert to_leave_out(near, unread) == (frozenset({"one"}) if out else frozenset())


@pytest.mark.parametrize(("count", "known"), [(9, False), (10, True)])
def test_few_windows_have_no_mean_to_stand_below(count: int, known: bool) -> None:
    document = Document("dam.txt", DAM, "0" * 64)
    windows = [Window(document, 0, 40 + at, 0.3 + at / 100, 0.0) for at in range(count)]

    near = nearness(Query(WHY, ()), [Perspective("one", "One", "")], windows, lambda _: ("one",))["one"]

    assert (near.height is not None) is known
    assert near.cosine == pytest.approx(0.3 + (count - 1) / 100)


def test_every_state_has_words_and_none_says_that_a_side_says_nothing() -> None:
    assert set(STATES) == set(State)
    assert STATES[State.SILENT] == "no passage found"


# A corpus in which the farmers write of nothing but cheese.

DAM = (
    "The dam above the valley broke in the night. Engineers say that the dam broke because its wall was old. "
    "The ministry had been warned of cracks in the wall of the dam. Repairs were put off for want of money.\n"
)
BLAME = (
    "Nobody in the valley believes the ministry. The dam broke because the gates were kept shut for the power plant. "
    "The company that runs the dam earned well on that night. A court will hear the villagers in May.\n"
)
CHEESE = (
    "Goats give less milk in autumn. The cheese of the upland farms ripens for nine weeks in stone cellars. "
    "A wheel of it costs forty crowns on market day. Children are given the rind.\n"
)
KAESE = (
    "Im Herbst geben die Ziegen weniger Milch. Der Käse der Bauern reift neun Wochen lang in Kellern aus Stein. "
    "Ein Laib davon kostet am Markttag vierzig Kronen. Den Kindern gibt man die Rinde, und die Hunde bekommen nichts.\n"
)
WHY = "Why did the dam break?"


LABELS = "".join(
    f'[perspectives.{side}]\nlabel = "{side.title()}"\n[[source]]\nmatch = "{side}*"\nperspective = "{side}"\n'
    for side in ("engineers", "villagers", "farmers")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write(tmp_path / "corpus", engineers=DAM, villagers=BLAME, farmers=CHEESE)
    (folder / "sources.toml").write_text(LABELS, "utf-8")
    return folder


def opened(folder: Path) -> Assistant:
    store = Store(folder.parent / "store")
    update(folder, store, LocalEmbedder())
    return Assistant(Reader(store, LocalEmbedder()))


@pytest.fixture
def three(folder: Path) -> Iterator[Assistant]:
    with opened(folder) as assistant:
        yield assistant


def state(answer: Answer, id: str) -> State:
    return next(line.state for line in answer.perspectives if line.id == id)


def test_a_side_that_writes_of_something_else_is_silent_and_not_cited(three: Assistant) -> None:
    answer = three.ask(WHY)

    assert state(answer, "farmers") is State.SILENT
    assert "farmers" not in {id for entry in answer.citations for id in entry.side}
    assert {state(answer, "engineers"), state(answer, "villagers")} <= {State.CITED, State.TOUCHES}
    farmers = next(line for line in answer.perspectives if line.id == "farmers")
    assert farmers.closest is not None
    assert farmers.closest.quote in CHEESE


def test_a_wrong_silent_counts_twice_and_could_not_tell_is_not_silent(three: Assistant) -> None:
    answer = three.ask(WHY)
    right = Question(id="1", kind="comparative", question=WHY, files=("engineers.txt", "villagers.txt"))
    wrong = Question(id="2", kind="comparative", question=WHY, files=("engineers.txt", "farmers.txt"))
    optional = Question(
        id="3",
        kind="comparative",
        question=WHY,
        files=("engineers.txt", "villagers.txt"),
        optional_files=("farmers.txt",),
    )

    rows = scores(three, [right, wrong, optional], [answer] * 3)

    assert rows[""]["silence F1"] == [(2.0, 2.0), (0.0, 3.0), (0.0, 0.0)]
    assert rows["all silent"]["silence F1"] == [(2.0, 6.0), (2.0, 6.0), (0.0, 4.0)]
    assert rows["nobody silent"]["silence F1"] == [(0.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    assert rows["not cited"]["silence F1"] == rows[""]["silence F1"]
    assert len(rows[""]["could not tell"]) == 8


def test_a_side_of_which_a_file_could_not_be_read_is_not_called_silent(folder: Path) -> None:
    (folder / "farmers-2.pdf").write_bytes(b"no PDF at all")

    with opened(folder) as assistant:
        assert state(assistant.ask(WHY, citations=2), "farmers") is State.UNCLEAR


def test_a_side_in_another_language_is_not_called_silent(folder: Path) -> None:
    (folder / "farmers.txt").write_text(KAESE, "utf-8")

    with opened(folder) as assistant:
        assert state(assistant.ask(WHY, citations=2), "farmers") is State.UNCLEAR
