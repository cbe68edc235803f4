"""Keeps one answer in a history, under whatever clock; or lists what is there. Not a test."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.keeping.history import History
from tests.harden import keeping


def main(file: str, what: str) -> None:
    """Keep the answer with this number in the one conversation, the first of them in the other too; or list them."""
    history, (first, second) = History(Path(file)), keeping.CONVERSATIONS
    if what != "list":
        if what == "0":
            history.keep(first, keeping.answer(100))
        history.keep(second, keeping.answer(int(what)))
        return
    numbers = " ".join(str(int(kept.answer["id"], 16)) for kept in history.answers(second))
    latest = "".join(one.id[0] for one in history.conversations([first, second]))
    sys.stdout.write(f"{numbers}; {latest}\n")
