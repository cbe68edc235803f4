"""Keeps answers in a history, without end, and notes each once it is kept: what `kills` kills. Not a test."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.keeping.history import History

CONVERSATIONS = ("a" * 32, "b" * 32)


def main(file: str, notes: str) -> None:
    """Keep answers in the first conversation; every fifth one is deleted again, and some begin another one."""
    history = History(Path(file))
    with Path(notes).open("a", buffering=1) as noted:

        def note(what: str) -> None:
            noted.write(f"{what}\n")
            os.fsync(noted.fileno())

        for number in range(1, 100_000):
            made = answer(number)
            note(f"keeping {made['id']}")
            history.keep(CONVERSATIONS[number % 7 == 0], made)
            note(f"kept {made['id']}")
            if number % 5 == 0:
                note(f"dropping {made['id']}")
                history.drop(CONVERSATIONS[number % 7 == 0], made["id"])
                note(f"dropped {made['id']}")


@cache
def answer(number: int) -> dict[str, Any]:
    """An answer of a few kilobytes, another one for each number."""
    said = [f"The crane of Tarnby lifts {number} sacks at hour {hour}." for hour in range(40)]
    claims = [{"text": text, "citations": [], "articles": 0, "origins": 0} for text in said]
    return _shape() | {"id": f"{number:012x}", "question": f"What does crane {number} lift?", "claims": claims}


def standing(noted: Sequence[str]) -> set[str]:
    """The answers that were kept and not deleted."""
    found: set[str] = set()
    for line in noted:
        what, id = line.split()
        if what == "kept":
            found.add(id)
        elif what in ("dropping", "dropped"):
            found.discard(id)
    return found


def under_way(noted: Sequence[str]) -> set[str]:
    """The answer with which something was being done."""
    what, id = noted[-1].split() if noted else ("", "")
    return {id} if what in ("keeping", "dropping") else set()


def _shape() -> dict[str, Any]:
    return {
        "schema": 1,
        "query": "crane",
        "spellings": [],
        "only": None,
        "mode": "digest",
        "outcome": "answered",
        "reason": None,
        "premise": None,
        "assumption": None,
        "citations": [],
        "perspectives": [],
        "coverage": {"searched": 0, "relevant": 0, "cited": 0, "shares": {}, "balance": None},
        "origins": {"articles": 0, "origins": 0},
        "echoes": [],
        "removed": [],
        "nearest": [],
        "model": None,
        "prompts": {},
        "writing": None,
        "generation": "g000001",
        "labels": "x",
        "seconds": {"answer": 0.1},
    }
