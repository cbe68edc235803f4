"""The library's list, asked for some of its lines alone. Run: python -m pytest tests/index/test_entries.py"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from operator import itemgetter

import pytest

from index.library import DUPLICATE, FAILED, INDEXED, Library
from index.types import Document

_LINES = (  # in the order in which they were added
    ("z.txt", INDEXED, "en"),
    ("\N{LATIN SMALL LETTER E WITH ACUTE}.txt", INDEXED, "fr"),
    ("a/b.txt", FAILED, None),
    ("\N{FULLWIDTH LATIN CAPITAL LETTER A}.txt", INDEXED, None),
    ("\N{GOTHIC LETTER AHSA}.txt", INDEXED, "de"),
    ("B.txt", DUPLICATE, "de"),
    ("a.txt", INDEXED, "en"),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = Library.create(tmp_path_factory.mktemp("library") / "library.sqlite")
    for at, (id, state, language) in enumerate(_LINES):
        own = None if state == FAILED else Document(id, "Text.", "", published=f"20{at:02}", language=language)
        library.add({"id": id, "state": state, "stamp": "", "pipeline": "", "sha256": f"{at}"}, own)
    yield library
    library.close()


def test_heads_are_the_beginnings_of_the_entries_in_order_of_path(library: Library) -> None:
    assert [head.id for head in library.heads] == sorted(id for id, *_ in _LINES)
    fields = [
        (one.key, one.id, one.state, one.sha256, one.declared, one.published, one.cluster) for one in library.entries
    ]
    assert [tuple(head) for head in library.heads] == fields


@pytest.mark.parametrize("collecting", [True, False], ids=["on", "off"])
def test_the_garbage_collector_is_afterwards_as_it_was(
    library: Library, monkeypatch: pytest.MonkeyPatch, collecting: bool
) -> None:
    seen: list[bool] = []
    monkeypatch.setattr("index.library.itemgetter", lambda at: seen.append(gc.isenabled()) or itemgetter(at))
    (gc.enable if collecting else gc.disable)()
    try:
        _ = Library.heads.func(library)  # not the one that is kept
        assert (seen, gc.isenabled()) == ([False], collecting)
    finally:
        gc.enable()


def test_one_entry_is_found_by_its_path(library: Library) -> None:
    assert [library.entry_of(entry.id) for entry in library.entries] == list(library.entries)
    assert library.entry_of("b.txt") is None


def test_unread_is_what_failed_and_what_is_searched_in_another_language(library: Library) -> None:
    unread = [
        one
        for one in library.entries
        if one.state == FAILED or (one.state == INDEXED and one.language not in (None, "en"))
    ]
    assert list(library.unread("en")) == unread
    assert [entry.state for entry in unread] == [FAILED, INDEXED, INDEXED]
