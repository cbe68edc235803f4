"""What a search can be narrowed to, found by a few letters; and what an answer says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordEmbedder

from assistant import Assistant, Narrowing, Outcome, WrongShape
from assistant.exporting.sheet import parts
from assistant.keeping.saved import reopen
from index import EVERYTHING, Filter, Reader, Store
from index.update import update

LABELS = """
version = 1
[perspectives.ferry]
label = "Ferry friends"
[[source]]
match = "ferry.txt"
title = "Älter als die Brücke"
outlet = "Harbour Gazette"
published = "2025-03"
perspective = "ferry"
"""
FILES = {
    "sources.toml": LABELS,
    "ferry.txt": "“The ferry of Marrowby must stay,” said Ada Quill. “The ferry is loved,” said Benno Brandt.\n",
    "plans/bridge-notes.txt": "“The bridge of Marrowby costs too much,” said Ada Quill in the harbour.\n",
    **{
        f"row {number:03}.txt": f"Boat {number} came into the harbour in the morning and left in the evening.\n"
        for number in range(40)
    },
}
QUESTION = "What is said of the ferry of Marrowby?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("narrowing")
    for name, text in FILES.items():
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    update(folder / "corpus", Store(folder / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(folder / "store"), WordEmbedder()))
    yield assistant
    assistant.close()


@pytest.fixture(scope="module")
def narrowing(assistant: Assistant) -> Narrowing:
    return Narrowing(assistant.reader)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("alter", ["ferry.txt"]),
        ("BRÜCKE als", ["ferry.txt"]),
        ("gazette", ["ferry.txt"]),
        ("notes plans", ["plans/bridge-notes.txt"]),
        ("idge", ["plans/bridge-notes.txt"]),
        ("row 007", ["row 007.txt"]),
        ("zeppelin", []),
        ("ferry zeppelin", []),
    ],
)
def test_a_document_is_found_by_words_of_its_title_outlet_and_path(
    narrowing: Narrowing, typed: str, found: list[str]
) -> None:
    assert [choice.value for choice in narrowing.documents(typed, 10).shown] == found


def test_of_many_only_the_first_are_handed_out_with_how_many_there_are(narrowing: Narrowing) -> None:
    found = narrowing.documents("row", 5)
    assert [choice.value for choice in found.shown] == [f"row {number:03}.txt" for number in range(5)]
    assert found.count == 40
    assert narrowing.documents("", 3).count == 42


def test_who_speaks_in_most_documents_comes_first_and_a_word_that_begins_so_before_one_that_holds_it(
    narrowing: Narrowing,
) -> None:
    everybody = narrowing.speakers("", 10)
    assert [(choice.name, choice.documents) for choice in everybody.shown] == [("Ada Quill", 2), ("Benno Brandt", 1)]
    assert [choice.name for choice in narrowing.speakers("b", 10).shown] == ["Benno Brandt"]
    assert [choice.name for choice in narrowing.documents("r", 50).shown][-1] == "bridge-notes.txt"


def test_what_no_longer_exists_is_not_left_of_a_filter(narrowing: Narrowing) -> None:
    only = Filter(("ferry", "gone"), ("ferry.txt", "gone.txt"), "2024", None, ("Quill", "author", "Nobody Known"))
    assert narrowing.left(only) == Filter(("ferry",), ("ferry.txt",), "2024", None, ("Quill", "author"))


def test_an_answer_says_what_alone_was_searched_and_still_does_when_it_is_opened_again(assistant: Assistant) -> None:
    only = Filter(("ferry",), ("ferry.txt",), "2025", "2025-04", ("Ada Quill",))
    answer = assistant.ask(QUESTION, **only.to_dict())
    data = json.loads(json.dumps(answer.to_dict()))
    assert data["only"] == only.to_dict()
    assert reopen(data, assistant.corpus.current).answer.only == only
    del data["only"]
    assert reopen(data, assistant.corpus.current).answer.only is EVERYTHING
    with pytest.raises(WrongShape):
        reopen(data | {"only": {"perspectives": 7}}, assistant.corpus.current)


def test_an_answer_over_everything_names_no_filter(assistant: Assistant) -> None:
    assert assistant.ask(QUESTION).to_dict()["only"] is None


@pytest.mark.parametrize(
    ("only", "says_dates"),
    [({"since": "2031"}, True), ({"documents": ("row 001.txt",), "perspectives": ("ferry",)}, False)],
)
def test_a_filter_that_leaves_nothing_is_named_as_the_reason(
    assistant: Assistant, only: dict[str, object], says_dates: bool
) -> None:
    answer = assistant.ask(QUESTION, **only)
    assert answer.outcome is Outcome.NOT_IN_CORPUS
    assert answer.reason is not None
    assert answer.reason.code == "filtered_out"
    assert ("without a date" in answer.reason.text) is says_dates


def test_an_export_says_what_alone_was_searched(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION, perspectives=("ferry",), until="2026", speakers=("Ada Quill",)).to_dict()
    made = {"on": "x", "program": "x", "voices": "x"}
    checked = {"against": "x", "exact": 0, "quotes": 0}
    told = [
        part.text for part in parts({"answer": answer, "made": made, "checked": checked}) if part.place == "filters"
    ]
    assert told == ["Searched only: perspective Ferry friends; words of Ada Quill; published until 2026"]
