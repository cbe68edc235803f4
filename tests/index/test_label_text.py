"""The text of a labels file and changes in, the text out. Run: python -m pytest tests/index/test_label_text.py"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

import pytest

from index.labelling.label_text import Change, in_parts, throughout

TEXT = """\
version = 1   # of this format

[perspectives.dockers]
label = "Dockers"

# read twice
[[source]]
match = "a.txt"   # the long one
perspective = "dockers"

# somebody else speaks in this one
[[source]]
match = 'b.txt'
[[source.voice]]
speaker = "The Gazette"

  [[ source ]]
match = "c.txt"
[defaults]
perspective = "unlabelled"
"""


def said(entry: int, key: str, value: str) -> Change:
    def make(data: Any, at: int | None) -> None:
        data["source"][at][key] = value

    return Change(entry, make)


def gone(entry: int) -> Change:
    def make(data: Any, at: int | None) -> None:
        del data["source"][at]
        if not len(data["source"]):
            del data["source"]

    return Change(entry, make)


def called(label: str) -> Change:
    def make(data: Any, at: int | None) -> None:
        assert at is None or at == 0
        data["perspectives"]["dockers"]["label"] = label

    return Change(None, make)


def expected(changes: Sequence[Change]) -> dict[str, Any]:
    data = tomllib.loads(TEXT)
    for change in changes:
        change.make(data, change.entry)
    return data


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([], id="none"),
        pytest.param([said(0, "perspective", "owners")], id="the first entry"),
        pytest.param([said(1, "title", "The Ledger")], id="one with a voice"),
        pytest.param([said(2, "perspective", "owners")], id="the last one, with another table behind it"),
        pytest.param([said(0, "on", "2026"), said(2, "on", "2026"), said(0, "by", "AB")], id="several"),
        pytest.param([called("The dockers")], id="a perspective"),
        pytest.param([called("The dockers"), said(1, "by", "AB")], id="a perspective and an entry"),
        pytest.param([gone(1)], id="an entry removed"),
        pytest.param([gone(2), gone(1), gone(0)], id="every entry removed"),
    ],
)
def test_in_parts_it_says_what_it_says_throughout(changes: Sequence[Change]) -> None:
    assert tomllib.loads(in_parts(TEXT, changes)) == expected(changes)
    assert tomllib.loads(throughout(TEXT, changes)) == expected(changes)


@pytest.mark.parametrize("entry", [0, 1, 2])
def test_what_does_not_change_stays_to_the_letter(entry: int) -> None:
    before, after = TEXT.splitlines(), in_parts(TEXT, [said(entry, "match", "d.txt")]).splitlines()
    at = [number for number, line in enumerate(before) if line.startswith("match")][entry]
    assert after[:at] == before[:at]
    assert after[at].startswith('match = "d.txt"')
    assert after[at + 1 :] == before[at + 1 :]


def test_only_the_parts_that_change_are_read() -> None:
    unreadable = TEXT.replace('match = "a.txt"', "match = ")
    assert 'match = "d.txt"' in in_parts(unreadable, [said(2, "match", "d.txt")])
