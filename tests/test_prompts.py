"""The words sent to models: every version is on record, and a hole is filled or refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from prompts import Prompt, PromptError, load

FOLDER = Path(__file__).parents[1] / "prompts"
NAMES = sorted(file.stem for file in FOLDER.glob("*.md") if file.stem != "CHANGELOG")


@pytest.mark.parametrize("name", NAMES)
def test_the_version_of_every_prompt_is_in_the_changelog(name: str) -> None:
    versions = re.findall(r"`([0-9a-f]{12})` ([\w-]+)", (FOLDER / "CHANGELOG.md").read_text("utf-8"))

    assert (load(name).fingerprint, name) in versions


def test_another_text_has_another_fingerprint() -> None:
    assert Prompt("a", "one\n").fingerprint != Prompt("a", "one.\n").fingerprint


@pytest.mark.parametrize("values", [{}, {"question": "?", "more": "!"}], ids=["missing", "superfluous"])
def test_a_hole_that_is_not_filled_and_a_value_without_a_hole_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(PromptError, match="the holes are"):
        Prompt("a", "Q: $question").fill(**values)


def test_what_goes_into_a_hole_is_not_read_for_holes() -> None:
    assert Prompt("a", "Q: $question").fill(question="$passages ${boundary} $$") == "Q: $passages ${boundary} $$"
