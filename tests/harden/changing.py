"""What the page does to a corpus and beside its index, as a process of its own: labels, removals, history. Not a test."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant import Assistant, AssistantError, History
from index import CorpusError
from tests.harden import keeping

_DOCUMENT = "keepers/crane-0.txt"


def main(store: str, what: str) -> None:
    """Do one thing; what fails is a sentence on standard error and status 2, as in the command."""
    try:
        _DO[what](Path(store))
    except (AssistantError, CorpusError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _label(store: Path) -> None:
    with Assistant.open(store) as assistant:
        assistant.corpus.relabel(_DOCUMENT, ["board"], "A reader")


def _remove(store: Path) -> None:
    with Assistant.open(store) as assistant:
        if (assistant.corpus.folder / _DOCUMENT).exists():
            assistant.corpus.remove(_DOCUMENT)


def _keep(store: Path) -> None:
    answer = keeping.answer(1)
    History(store / "history.sqlite").keep(keeping.CONVERSATIONS[0], answer | {"claims": answer["claims"] * 100})


def _kept(store: Path) -> None:
    history = History(store / "history.sqlite")
    sys.stdout.write(f"{len(history.answers(keeping.CONVERSATIONS[0]))}\n")


_DO = {"label": _label, "remove": _remove, "keep": _keep, "kept": _kept}
