"""Dates as filters take them. What a filter admits stands in test_retrieve.py."""

from __future__ import annotations

import pytest

from index import Filter, is_date


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("2024", True),
        ("2024-05", True),
        ("2024-02-29", True),
        ("2023-02-29", False),
        ("2024-13", False),
        ("2024-00", False),
        ("2024-05-32", False),
        ("0000", False),
        ("24", False),
        ("2024-5", False),
        ("2024-05-", False),
        ("2024-05-03T00", False),
        (" 2024", False),
        ("2024\n", False),
        ("٢٠٢٤", False),
        ("", False),
    ],
)
def test_what_is_a_date(text: str, is_one: bool) -> None:
    assert is_date(text) is is_one


def test_a_filter_is_json_by_name() -> None:
    assert Filter(("a",), ("b.txt",), "2024", None, ("author",)).to_dict() == {
        "perspectives": ["a"],
        "documents": ["b.txt"],
        "since": "2024",
        "until": None,
        "speakers": ["author"],
    }
