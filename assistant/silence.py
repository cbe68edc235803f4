"""The windows and citations of an answer in, what each perspective has to say out: cited, relevant, touching, silent.

Silence is searched for: the best passages of every perspective are among the candidates, also when no ranking brought
them up. It is said as "no passage found", never as "says nothing". Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.digest import Window, citation
from assistant.types import Citation, Standing, State
from index.query import Query
from index.retrieve import FLOOR_COSINE, FLOOR_COVERAGE, Candidates, Retriever, coverage

_TOUCHES = 0.20  # cosine below which a passage has nothing to do with the question


def standings(
    found: Candidates, windows: Sequence[Window], citations: Sequence[Citation], retriever: Retriever
) -> list[Standing]:
    """One line for each perspective of what was searched, in the order of how near they come."""
    cited = {label.perspective.id for entry in citations for label in entry.labels}
    closest: dict[str, Window] = {}
    for window in sorted(windows, key=lambda window: -window.cosine):
        for label in retriever.sources(window.document.id).labels:
            closest.setdefault(label.perspective.id, window)
    lines: list[Standing] = []
    for perspective in found.perspectives:
        window = closest.get(perspective.id)
        state = State.CITED if perspective.id in cited else _state(found.query, window)
        shown = citation(0, window, retriever) if window else None
        lines.append(Standing(perspective.id, perspective.label, state, shown))
    return sorted(lines, key=lambda line: -line.closest.score if line.closest else 0.0)


def _state(query: Query, window: Window | None) -> State:
    if window is None or window.cosine < _TOUCHES:
        return State.SILENT
    near = window.cosine >= FLOOR_COSINE and coverage(query, window.text) >= FLOOR_COVERAGE
    return State.RELEVANT if near else State.TOUCHES
