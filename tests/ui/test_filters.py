"""Filters as the page names them, offers them, and tells that they are gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder

from assistant import Assistant, BadFilter
from index import Filter, Reader, Store
from index.update import update
from ui import words
from ui.filters import Filters, checked
from ui.links import filter_link, parts
from ui.narrowed import Narrowed, listed, offer_all, searched_only
from ui.sent import BARE, Sent, read_sent

ATTACK = '<img src=x onerror=alert(1)> ${x} {{y}} "q"'
SIDES = ("dockers", "fishers", "owners", "pilots", "sailors")
LABELS = "version = 1\n" + "".join(f"[perspectives.{side}]\nlabel = '{side.title()}'\n" for side in SIDES)
LABELS += "".join(f"[[source]]\nmatch = '{side}.txt'\nperspective = '{side}'\ntitle = 'Of {side}'\n" for side in SIDES)


@pytest.fixture(scope="module")
def filters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filters]:
    folder: Path = tmp_path_factory.mktemp("filters")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "sources.toml").write_text(LABELS)
    for side in SIDES:
        said = f"“The crane must be mended,” said Ada {side.title()} of the {side}."
        (folder / "corpus" / f"{side}.txt").write_text(said)
    update(folder / "corpus", Store(folder / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(folder / "store"), WordEmbedder()))
    yield Filters(assistant)
    assistant.close()


@pytest.mark.parametrize(
    ("only", "texts"),
    [
        (Filter(), []),
        (Filter(("dockers",)), ["◆ Dockers"]),
        (Filter(("dockers", "owners")), ["◆ Dockers, ▲ Owners"]),
        (Filter(SIDES[1:]), ["all perspectives but ◆ Dockers"]),
        (Filter(SIDES), ["◆ Dockers, ● Fishers, ▲ Owners, and 2 more"]),
        (Filter(("gone", *SIDES[2:])), ["○ gone, ▲ Owners, ■ Pilots, and 1 more"]),
        (
            Filter((), ("owners.txt", "gone.txt"), "2024", "2025-01", ("Ada Owners", "Author")),
            ["Of owners", "gone.txt", "Ada Owners", "the authors themselves", "from 2024 on", "until 2025-01"],
        ),
    ],
)
def test_a_filter_in_words(filters: Filters, only: Filter, texts: list[str]) -> None:
    found = filters.narrowed(only)
    assert [entry.text for entry in found] == texts
    assert "/".join(["#f", *(entry.part for entry in found)]) == filter_link(only)


def test_what_there_is_to_choose_and_what_is_gone(filters: Filters) -> None:
    only = Filter(("dockers", "gone"), ("owners.txt", "lost.txt"), "2024", "20x", ("Ada Owners", "Nobody Known"))
    data = filters.known({"only": filter_link(only)})
    assert [entry["name"] for entry in data["perspectives"]][:2] == ["◆ Dockers", "● Fishers"]
    assert [entry["name"] for entry in data["chosen"]] == ["Of owners", "Ada Owners", "from 2024 on", "until 20x"]
    assert data["gone"] == list(parts(Filter(("gone",), ("lost.txt",), speakers=("Nobody Known",))))
    assert data["note"] == "No longer in the corpus, and so taken out of the filters: gone, lost.txt, Nobody Known."
    assert data["notes"] == {
        "since": "",
        "until": "Published until '20x' is no date. Write it as 2025, 2025-12 or 2025-12-23.",
    }
    assert data["counts"] == {"documents": 5, "speakers": 5}


@pytest.mark.parametrize(
    ("since", "until", "wrong"),
    [("2025", "2024", True), ("2025-03", "2025-02-28", True), ("2025-03", "2025", False), ("2025", "2025-01", False)],
)
def test_dates_that_leave_no_time_between_them_are_told(filters: Filters, since: str, until: str, wrong: bool) -> None:
    notes = filters.known({"only": filter_link(Filter(since=since, until=until))})["notes"]
    assert notes == {"since": "", "until": words.NO_TIME if wrong else ""}


def test_suggestions_are_few_and_say_how_many_there_are(filters: Filters) -> None:
    found = filters.suggest({"kind": "documents", "text": "own"})
    assert [(entry["name"], entry["facts"]) for entry in found["options"]] == [("Of owners", "owners.txt")]
    assert filters.suggest({"kind": "speakers", "text": ""})["options"][0]["name"] == "the authors themselves"
    assert filters.suggest({"kind": "speakers", "text": "pil"})["options"] == [
        {"part": next(parts(Filter(speakers=("Ada Pilots",)))), "name": "Ada Pilots", "facts": "speaks in 1 document"}
    ]
    assert filters.suggest({"kind": "documents", "text": "zeppelin"}) == {"note": words.NOTHING_FITS, "options": []}


def test_of_many_that_fit_only_some_are_offered(filters: Filters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.filters._OFFERED", 2)
    found = filters.suggest({"kind": "documents", "text": ""})
    assert len(found["options"]) == 2
    assert found["note"] == "and 3 more: type to find them"


@pytest.mark.parametrize("asked", [None, [], "x", {}, {"only": 7}, {"only": "#p/x"}, {"kind": "x", "text": "y"}])
def test_what_is_no_request_gets_a_sentence(filters: Filters, asked: Any) -> None:
    assert filters.known(asked) == {"note": words.NOT_UNDERSTOOD}
    assert filters.suggest(asked) == {"note": words.NOT_UNDERSTOOD, "options": []}


def test_a_date_that_is_none_is_named_as_on_the_page() -> None:
    with pytest.raises(BadFilter, match=r"^Published from '2024-02-31' is no date\."):
        checked(Filter(since="2024-02-31"))
    assert checked(Filter(since="2024", until="2024-02")) == Filter(since="2024", until="2024-02")


def test_each_part_can_be_taken_away_and_nothing_in_it_is_markup() -> None:
    entries = (Narrowed("p.YQ", f"◆ {ATTACK}"), Narrowed("d.Yg", ATTACK))
    line = searched_only(entries)
    assert line.count('class="lift one"') == 2
    assert 'href="#f/p.YQ"' in line
    assert 'href="#f" role="button" class="lift all"' in line
    for markup in (line, listed(entries), offer_all(entries)):
        assert "<img" not in markup
        assert "${" not in markup
        assert "{{" not in markup
    assert 'class="lab"' in line.split("</a>")[0]  # who reads blind is not told the perspective
    assert 'class="lab"' not in line.split("</a>")[1]


def test_over_everything_nothing_is_said() -> None:
    assert searched_only(()) == offer_all(()) == listed(()) == ""
    assert 'class="lift all"' not in searched_only((Narrowed("d.Yg", "A title"),))


def test_what_the_page_sends_is_read_as_one_value() -> None:
    only = Filter(("a",), since="2024")
    text = json.dumps({"conversation": "c", "only": filter_link(only), "at": 2, "branches": "b"})
    assert read_sent(text) == Sent("c", only, 2, "b")
    assert read_sent(BARE) == Sent()
