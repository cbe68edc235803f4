"""A stretch and a step in, the next stretch out, by sentences."""

from __future__ import annotations

import pytest

from assistant.care.stretches import Step, step

TEXT = "One is here. Two is “there. Three,” she said.\n\n\nFour 🛥️.\nFive is long and Mr. Hill agrees. Six"


def after(words: str, to: Step) -> str:
    start = TEXT.index(words)
    return TEXT[slice(*step(TEXT, (start, start + len(words)), to))]


@pytest.mark.parametrize(
    ("words", "to", "expected"),
    [
        ("One is here.", Step.NEXT, "Two is “there."),
        ("Three,” she said.", Step.NEXT, "Four 🛥️."),
        ("Four 🛥️.", Step.NEXT, "Five is long and Mr. Hill agrees."),
        ("Six", Step.NEXT, "Six"),
        ("Six", Step.PREVIOUS, "Five is long and Mr. Hill agrees."),
        ("Four 🛥️.", Step.PREVIOUS, "Three,” she said."),
        ("One is here.", Step.PREVIOUS, "One is here."),
        ("is long", Step.PREVIOUS, "Five is long and Mr. Hill agrees."),
        ("is long", Step.NEXT, "Six"),
        ("is long", Step.MORE, "is long and Mr. Hill agrees."),
        ("Three,” she said.", Step.MORE, "Three,” she said.\n\n\nFour 🛥️."),
        ("Six", Step.MORE, "Six"),
        ("Three,” she said.\n\n\nFour 🛥️.", Step.LESS, "Three,” she said."),
        ("Three,” she said.", Step.LESS, "Three,” she said."),
    ],
)
def test_a_step_goes_from_sentence_to_sentence(words: str, to: Step, expected: str) -> None:
    assert after(words, to) == expected


@pytest.mark.parametrize("to", Step)
def test_a_text_without_sentences_is_cut_and_never_read_as_a_whole(to: Step) -> None:
    text = "x" * 2_000_000
    start, end = step(text, (1_000_000, 1_000_010), to)
    assert 990_000 < start < end < 1_010_000
    assert step("", (0, 0), to) == (0, 0)
    assert step(" \n \n", (1, 2), to) == (1, 2)
