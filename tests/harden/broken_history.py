"""Keeps answers and says so before they are kept: what `kills` must notice. Not a test."""

from __future__ import annotations

import time
from pathlib import Path

from assistant.keeping.history import History
from tests.harden import keeping


def main(file: str, notes: str) -> None:
    """Keep answers, without end."""
    history = History(Path(file))
    with Path(notes).open("a", buffering=1) as noted:
        for number in range(1, 100_000):
            made = keeping.answer(number)
            noted.write(f"keeping {made['id']}\nkept {made['id']}\n")
            time.sleep(0.02)
            history.keep(keeping.CONVERSATIONS[0], made)
