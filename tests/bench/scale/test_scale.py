"""The measurement of growth: its articles, its arithmetic, and that it runs. Run: python -m pytest tests/bench/scale"""

from __future__ import annotations

import json
import random
import time
import xml.etree.ElementTree as ElementTree
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import Assistant
from index.duplicates import clusters, similarity, sketch
from tests.bench.scale import __main__ as command
from tests.bench.scale import stages, worker
from tests.bench.scale.corpora import Corpora, Size
from tests.bench.scale.drawing import Curve, picture
from tests.bench.scale.fit import exponent
from tests.bench.scale.report import exponents, pictures, table
from tests.bench.scale.stages import Measuring
from tests.bench.scale.varied import Varied
from tests.bench.worker import memory

_SUBJECTS = ("ferry", "harbour", "budget", "tariff", "bridge", "election")
_PEOPLE = ("Moreau", "Okafor", "Lindqvist", "Tanaka", "Petrov", "Alvarez", "Haddad", "Novak")
_VERBS = "approved delayed questioned defended rejected published revised announced measured repaired".split()
_THINGS = "timetable contract report charter subsidy terminal engine licence schedule inquiry ticket crossing".split()


def _text(subject: str, chance: random.Random) -> str:
    def sentence() -> str:
        said = [f"the {chance.choice(_THINGS)} that {chance.choice(_PEOPLE)} {chance.choice(_VERBS)}" for _ in range(2)]
        return f"In {chance.randrange(1990, 2020)} the {subject} board {chance.choice(_VERBS)} {' and '.join(said)}."

    return "\n\n".join(" ".join(sentence() for _ in range(5)) for _ in range(4))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A news set of six articles."""
    folder = tmp_path_factory.mktemp("data")
    news = folder / "data" / "news"
    news.mkdir(parents=True)
    lines = [
        {
            "label": ("left", "center", "right")[number % 3],
            "title": f"What became of the {subject}",
            "text": _text(subject, random.Random(number)),
            "meta": {"source": "The Paper"},
        }
        for number, subject in enumerate(_SUBJECTS)
    ]
    (news / "articles.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return folder


@pytest.fixture(scope="module")
def articles(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Varied:
    return Corpora(data, tmp_path_factory.mktemp("none")).articles


# Articles


def test_the_first_articles_are_the_originals(articles: Varied) -> None:
    assert [articles.article(number).text for number in range(6)] == [one.text for one in articles.originals]


def test_no_two_articles_are_alike_and_none_is_taken_for_a_copy(articles: Varied) -> None:
    made = [articles.article(number) for number in range(60)]
    sketches = {number: sketch(article.content) for number, article in enumerate(made)}
    assert len({article.text for article in made}) == len({article.path for article in made}) == 60
    assert clusters(sketches) == {}
    assert max(similarity(sketches[0], sketches[number]) for number in range(6, 60, 6)) < 0.3


def test_an_edited_article_keeps_its_file_and_nothing_else(articles: Varied) -> None:
    before, after = articles.article(7), articles.article(7, edition=1)
    assert before.path == after.path
    assert similarity(sketch(before.text), sketch(after.text)) < 0.3


def test_the_same_number_gives_the_same_article_whatever_was_made_before(data: Path, tmp_path: Path) -> None:
    first, second = (Corpora(data, tmp_path).articles for _ in range(2))
    later = [second.article(number) for number in (40, 13, 27)]
    assert [first.article(number) for number in (40, 13, 27)] == later


def test_a_varied_article_is_as_long_as_its_original_and_has_other_names_and_numbers(articles: Varied) -> None:
    original, varied = (articles.article(number).text.split() for number in (0, 6))
    years = {word for word in original if word.isdigit()}
    assert len(original) == len(varied)
    assert len(years & set(varied)) < len(years) / 2


# Arithmetic


def test_the_exponent_is_that_of_the_power_behind_the_costs() -> None:
    sizes = [10, 100, 1_000, 10_000]
    assert exponent(sizes, [3 * size**0.5 for size in sizes]) == pytest.approx(0.5)
    assert exponent(sizes, [7.0] * 4) == pytest.approx(0)


def test_one_size_has_no_exponent() -> None:
    assert exponent([10], [1]) is None
    assert exponent([10, 100], [1, 0]) is None


def test_a_curve_is_drawn_with_its_exponent_and_what_is_wanted() -> None:
    drawn = picture("Time <of> it", "s", [Curve("build", ((10, 1), (1_000, 100))), Curve("none", ())], 20, "build")
    texts = [element.text for element in ElementTree.fromstring(drawn).iter() if element.tag.endswith("text")]
    assert "build, n^1.00" in texts
    assert "wanted of build: 20 s at most" in texts
    assert "Time <of> it" in texts


FIGURES = {
    "10": {"passages": 70.0, "articles": 10.0, "real": 1.0, "chroma": 1.0, "open_s": 0.5, "alone_p95_ms": 4.0},
    "big": {
        "passages": 1_000_000.0,
        "articles": 142_000.0,
        "real": 0.0,
        "chroma": 1.0,
        "open_s": 1.5,
        "alone_p95_ms": 400.0,
    },
}


def test_the_table_says_what_was_missed_and_whose_vectors_were_not_embedded() -> None:
    lines = table(FIGURES).splitlines()
    assert lines[0] == "|  | 70 passages | 1,000,000 passages, vectors recalled | wanted at 1,000,000 |"
    assert "| question, p95, ms | 4 | 400 | ≤ 80: missed |" in lines
    assert "| opening, process start to first hits, s | 0.5 | 1.5 | ≤ 2: met |" in lines
    assert "question, p95, ms n^0.48" in exponents(FIGURES)
    assert set(pictures(FIGURES)) == {"growth-build.svg", "growth-questions.svg", "growth-memory.svg"}


def test_what_building_takes_is_not_compared_with_an_index_that_is_made_to_be_read_alone() -> None:
    sizes = {name: one | {"build_s": one["passages"], "chroma": float(name == "10")} for name, one in FIGURES.items()}
    sizes["100"] = sizes["10"] | {"passages": 700.0, "build_s": 70.0}
    assert "build, s n^0.00" in exponents(sizes)
    assert "question, p95, ms n^" in exponents(sizes)


def test_an_aim_is_judged_at_its_own_size_alone() -> None:
    assert "| question, p95, ms | 4 | ≤ 80 |" in table({"10": FIGURES["10"]}).splitlines()


@pytest.mark.parametrize("text", ["", "0", "p", "many", "-3"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Size.read(text)


# The command


class Here:
    """A worker without a process of its own: starting four takes longer than all else."""

    def __init__(self, *_: object) -> None:
        self._begun = time.perf_counter()

    def ask(self, verb: str, **request: Any) -> dict[str, Any]:
        return json.loads(json.dumps(getattr(worker, verb)(**request))) | memory()

    def since_start(self) -> float:
        return time.perf_counter() - self._begun

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        if assistant := worker._held.pop("assistant", None):
            assistant.close()


@pytest.fixture(scope="module")
def measured(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run over six articles."""
    work = tmp_path_factory.mktemp("work")
    asked = ["--data", str(data), "--work", str(work), "--questions", "4", "--openings", "1", "--sizes", "6"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "Worker", Here)
        assert command.main([*asked, "--json", str(work / "out.json"), "--pictures", str(work / "drawn")]) == 0
    return work


def test_a_size_is_built_opened_asked_and_updated(measured: Path) -> None:
    (figures,) = json.loads((measured / "out.json").read_text())["measured"].values()
    assert figures["articles"] == 6
    assert figures["chroma_recall_10"] == figures["scan_recall_100"] == 1
    assert figures["build_embedded"] == figures["passages"] > figures["update_passages"] > 0
    assert {"build_s", "open_s", "update_s", "alone_p95_ms", "several_p95_ms"} <= set(figures)
    assert "update of 1 %<" in (measured / "drawn" / "growth-build.svg").read_text()


def test_what_was_built_before_is_only_asked_again(data: Path, measured: Path) -> None:
    options = {"questions": 4, "openings": 1, "chroma": True, "embeddings": None}
    measuring = Measuring(Corpora(data, measured), Size(6), **options)
    before = dict(measuring.figures)
    measuring._build = measuring._update = None  # type: ignore[assignment, method-assign] # either would raise
    measuring._read = lambda: {"open_s": 9.0}  # type: ignore[method-assign]
    assert measuring.run() == before | {"open_s": 9.0}


def test_an_index_of_so_many_passages_is_made_of_recalled_vectors_and_answers(data: Path, measured: Path) -> None:
    worker.build(str(data), str(measured), "60p", chroma=False)
    store = Corpora(data, measured).store(Size(None, 60))
    with closing(store.open()) as generation, closing(Corpora(data, measured).store(Size(6)).open()) as originals:
        assert len(generation.matrix) == len(generation.library.passage_table) == generation.manifest.passages == 60
        likeness = (generation.matrix @ np.asarray(originals.matrix).T).max(axis=1)
        assert likeness.min() > 0.8
        assert [entry.id for entry in generation.library.entries if entry.published] == []
    with closing(Assistant.open(store.folder)) as assistant:
        hits = assistant.search("What became of the ferry?", 3, perspectives=["left"], since="2012", until="2021")
        assert [hit.passage.document.id.split("/")[0] for hit in hits] == ["left"] * 3


def test_without_the_articles_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--data", str(tmp_path), "--work", str(tmp_path)]) == 2
    assert "there is no data/news" in capsys.readouterr().err
