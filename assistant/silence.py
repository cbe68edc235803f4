"""The windows and citations of an answer in, what each perspective has to say out: cited, relevant, touching, silent.

Silence is searched for: the best passages of every perspective are among the candidates, also when no ranking brought
them up. It is said as "no passage found", never as "says nothing". Pure functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.digest import Window
from assistant.types import Citation, Standing, State
from index.query import Query
from index.retrieve import FLOOR_COSINE, FLOOR_COVERAGE, Candidates, coverage

_TOUCHES = 0.20  # cosine below which a passage has nothing to do with the question


def standings(
    found: Candidates,
    windows: Sequence[Window],
    citations: Sequence[Citation],
    side: Callable[[Window], Sequence[str]],
    shown: Callable[[Window], Citation | None],
) -> list[Standing]:
    """One line for each perspective of what was searched, in the order of how near they come.

    Args:
        side: the perspectives for which a window may stand.
        shown: what may be cited of a window.
    """
    cited = {id for entry in citations for id in entry.side}
    near: dict[str, list[Window]] = {}
    for window in sorted(windows, key=lambda window: -window.cosine):
        for id in side(window):
            near.setdefault(id, []).append(window)
    lines: list[Standing] = []
    for perspective in found.perspectives:
        mine = ((window, entry) for window in near.get(perspective.id, ()) if (entry := shown(window)))
        window, closest = next(mine, (None, None))
        state = State.CITED if perspective.id in cited else _state(found.query, window)
        lines.append(Standing(perspective.id, perspective.label, state, closest))
    return sorted(lines, key=lambda line: -line.closest.score if line.closest else 0.0)


def _state(query: Query, window: Window | None) -> State:
    if window is None or window.cosine < _TOUCHES:
        return State.SILENT
    near = window.cosine >= FLOOR_COSINE and coverage(query, window.text) >= FLOOR_COVERAGE
    return State.RELEVANT if near else State.TOUCHES
