"""How the cited words are shared between the sides: tables for pure functions."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Check, export
from assistant.answering.shares import balance, coverage_line, figure, shares
from assistant.commands import show

TRADE = "What did the closure of the bridge do to trade on the Old Quay?"
ONE, TWO, SIX = "ferry", "the ferry", "the ferry must stay where it"


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ([], {}),
        ([(["a"], SIX)], {"a": 1.0}),
        ([(["a"], TWO), (["b"], SIX)], {"b": 0.75, "a": 0.25}),
        ([(["a"], TWO), (["b"], SIX), (["a"], SIX + " " + TWO + " " + TWO)], {"a": 2 / 3, "b": 1 / 3}),
        ([(["a", "b"], SIX), (["b"], TWO)], {"b": 5 / 8, "a": 3 / 8}),  # of a source of two sides, half for each
        ([(["a"], TWO), ([], SIX)], {"a": 1.0}),  # a reader comment is on no side
        ([(["a"], " "), (["b"], ONE)], {"b": 1.0}),
        ([(["b"], ONE), (["a"], ONE)], {"a": 0.5, "b": 0.5}),
    ],
)
def test_the_cited_words_are_shared_between_the_sides(
    cited: list[tuple[list[str], str]], expected: dict[str, float]
) -> None:
    found = shares(cited)
    assert found == pytest.approx(expected)
    assert list(found) == list(expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"a": 1.0}, None),
        ({"a": 0.5, "b": 0.5}, 1.0),
        ({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, 1.0),
        ({"a": 0.75, "b": 0.25}, 0.811278),
        ({"a": 0.5, "b": 0.25, "c": 0.25}, 0.946395),
        ({"a": 0.99, "b": 0.01}, 0.080793),
    ],
)
def test_balance_is_the_entropy_of_the_shares_over_that_of_even_ones(
    given: dict[str, float], expected: float | None
) -> None:
    found = balance(given)
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-6))
    assert found is None or found <= 1


@pytest.mark.parametrize(
    ("searched", "cited", "even", "line"),
    [
        (5, 4, 0.8712, "4 of 5 perspectives cited; balance .87"),
        (5, 5, 1.0, "5 of 5 perspectives cited; balance 1.00"),
        (3, 1, None, "1 of 3 perspectives cited"),
        (1, 1, None, ""),
        (0, 0, None, ""),
    ],
)
def test_the_line_says_how_many_are_cited_and_how_even_only_where_there_is_something_to_compare(
    searched: int, cited: int, even: float | None, line: str
) -> None:
    assert coverage_line(searched, cited, even) == line


@pytest.fixture(scope="module")
def trade(sample: Assistant) -> Answer:
    return sample.ask(TRADE)


def test_every_way_out_of_the_program_has_the_same_figure(trade: Answer, sample_store: Path, tmp_path: Path) -> None:
    coverage = json.loads(json.dumps(trade.to_dict()))["coverage"]
    assert 0 < coverage["balance"] <= 1
    assert list(coverage["shares"]) == list(trade.shares)
    assert sum(coverage["shares"].values()) == pytest.approx(1, abs=0.001)
    assert trade.coverage_line == coverage_line(coverage["searched"], coverage["cited"], coverage["balance"])
    assert trade.coverage_line in show.answer(trade)
    for name in ("a.html", "a.md"):
        export(trade, tmp_path / name, sample_store)
        seen = html.unescape((tmp_path / name).read_text("utf-8")).replace("\\", "")
        assert f"balance {figure(coverage['balance'])}" in seen


def test_one_perspective_alone_is_not_compared(sample: Assistant, trade: Answer) -> None:
    alone = sample.ask(TRADE, perspectives=[next(iter(trade.shares))])
    assert alone.citations
    assert alone.to_dict()["coverage"]["balance"] is None
    assert "balance" not in show.answer(alone)


def test_what_no_longer_stands_in_its_document_has_no_share(trade: Answer) -> None:
    first = trade.citations[0].side[0]
    gone = tuple(replace(entry, check=Check.FAILED) if first in entry.side else entry for entry in trade.citations)
    assert first not in replace(trade, citations=gone).shares
