"""Names in, whom each stands for out."""

from __future__ import annotations

import pytest

from assistant.overview.bearers import bearers

SPELLINGS = {"wojcieszkova": ("Wojcieszkova", "Woycieszkova"), "woycieszkova": ("Wojcieszkova", "Woycieszkova")}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"Bertil Aumont": 1, "Aumont": 9}, {"Bertil Aumont": "Bertil Aumont", "Aumont": "Bertil Aumont"}),
        (
            {"Bertil Aumont": 1, "Ida Aumont": 1, "Aumont": 9},
            {"Bertil Aumont": "Bertil Aumont", "Ida Aumont": "Ida Aumont", "Aumont": "Aumont"},
        ),
        (
            {"Ludmira Woycieszkova": 1, "Ludmira Wojcieszkova": 2, "Woycieszkova": 4},
            {
                "Ludmira Woycieszkova": "Ludmira Wojcieszkova",
                "Ludmira Wojcieszkova": "Ludmira Wojcieszkova",
                "Woycieszkova": "Ludmira Wojcieszkova",
            },
        ),
        ({"President Tokayev": 1, "Tokayev": 2}, {"President Tokayev": "Tokayev", "Tokayev": "Tokayev"}),
        ({"The supplier": 3, "an officer": 1, "the BBC": 1}, {"the BBC": "the BBC"}),
        ({"The Herald": 1, "Herald": 1}, {"The Herald": "Herald", "Herald": "Herald"}),
        ({"": 1, "’": 1, "<img src=x>": 1, "Ünlü": 1}, {"Ünlü": "Ünlü"}),
        ({}, {}),
    ],
)
def test_names_and_their_bearers(counts: dict[str, int], expected: dict[str, str]) -> None:
    assert bearers(counts, SPELLINGS) == expected
