"""The windows and citations of an answer in, what each perspective has to say out: one of its states.

Perspectives are compared with one another: how far the best window of each stands above the mean of all windows that
were compared, by meaning and by words, beside the best window of all. That holds whatever the question's wording, where
a fixed threshold does not (LOG.md). Silence is searched for among the windows of every perspective's nearest passages;
it is said as "no passage found", never as "says nothing". Pure functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from assistant.answering.digest import Window, bearing, heights
from assistant.types import Citation, Standing, State
from index.query import Query
from index.retrieve import FLOOR_COSINE, Candidates
from index.types import Perspective

_NOTHING = 0.20  # cosine below which a passage has nothing to do with the question
_SURELY = 0.55  # from which on it has: where all speak of one thing, somebody must stand below the mean

# A perspective is silent where its best window stands less than so many standard deviations above the mean of all
# windows compared, plus this share of what the best window of all stands above it. From so much more on it answers.
# Chosen on eight sets, the shares and sums by leaving each out in turn (LOG.md).
_LINE, _OF_BEST = 0.2, 0.4
_UNSURE = 0.5
_WELL_BELOW = 0.25  # the line: a digest cites nothing of such a perspective; at the line itself that cost evidence
_FEW = 10  # windows below which deviations mean nothing, and nobody is silent for standing low
_NEAR_ENOUGH = 0.13  # behind the best in its own measure, to answer, where the windows are so few
_CLOSE = 0.05  # behind the best in its own measure, cosine and share of words: whoever comes so near is not silent


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a perspective comes to a question, by the best of its windows."""

    cosine: float = -1.0  # of meaning
    bearing: float = -1.0  # with the share of the question's words that the same window holds, weighed as in a digest
    # The same in standard deviations from the mean of all windows that were compared; None where these are too few.
    height: float | None = -math.inf


def standings(
    found: Candidates,
    near: Mapping[str, Nearness],
    closest: Mapping[str, Sequence[Window]],
    citations: Sequence[Citation],
    shown: Callable[[Window], Citation | None],
    unread: Set[str] = frozenset(),
) -> list[Standing]:
    """One line for each perspective of what was searched, in the order of how near they come.

    Args:
        closest: the windows of each perspective, the nearest first.
        shown: what may be cited of a window.
        unread: perspectives of which not everything could be read, or understood.
    """
    cited = {id for entry in citations for id in entry.side}
    said = states(near, cited, unread)
    lines: list[Standing] = []
    for perspective in found.perspectives:
        mine = (entry for window in closest.get(perspective.id, ()) if (entry := shown(window)))
        lines.append(Standing(perspective.id, perspective.label, said[perspective.id], next(mine, None)))
    return sorted(lines, key=lambda line: -line.closest.score if line.closest else 0.0)


def by_perspective(windows: Sequence[Window], side: Callable[[Window], Sequence[str]]) -> dict[str, list[Window]]:
    """The windows of each perspective, the nearest first.

    Args:
        side: the perspectives for which a window may stand.
    """
    of: dict[str, list[Window]] = {}
    for window in sorted(windows, key=lambda window: -window.cosine):
        for id in side(window):
            of.setdefault(id, []).append(window)
    return of


def nearness(
    query: Query,
    perspectives: Sequence[Perspective],
    windows: Sequence[Window],
    side: Callable[[Window], Sequence[str]],
) -> dict[str, Nearness]:
    """How near each perspective comes to the question; arguments as in `by_perspective`."""
    near = {perspective.id: Nearness() for perspective in perspectives}
    for window, height in zip(windows, heights(query, windows), strict=True):
        bears = bearing(window, query)
        for id in side(window):
            if id in near:
                best = near[id]
                near[id] = Nearness(
                    max(best.cosine, window.cosine), max(best.bearing, bears), max(_known(best.height), height)
                )
    return near if len(windows) >= _FEW else {id: replace(entry, height=None) for id, entry in near.items()}


def states(near: Mapping[str, Nearness], cited: Set[str], unread: Set[str] = frozenset()) -> dict[str, State]:
    """What each perspective has to say, given how near each comes and which are cited.

    A citation makes nobody answer: who is cited for a passage that comes less near touches the question.
    """
    line, nearest = _line(near), max((entry.bearing for entry in near.values()), default=0.0)
    said: dict[str, State] = {}
    for id, entry in near.items():
        behind = nearest - entry.bearing
        answers = behind <= _NEAR_ENOUGH if entry.height is None else entry.height >= line + _UNSURE
        if entry.cosine >= FLOOR_COSINE and answers:
            said[id] = State.CITED if id in cited else State.RELEVANT
        elif id in cited:
            said[id] = State.TOUCHES
        elif id in unread:
            said[id] = State.UNCLEAR
        elif entry.cosine < _NOTHING or (
            entry.cosine < _SURELY and entry.height is not None and entry.height < line and behind > _CLOSE
        ):
            said[id] = State.SILENT
        else:
            said[id] = State.UNCLEAR
    return said


def to_leave_out(near: Mapping[str, Nearness], unread: Set[str] = frozenset()) -> frozenset[str]:
    """The silent perspectives that stand so far below the line that a digest cites nothing of them."""
    line, said = _line(near), states(near, frozenset(), unread)
    return frozenset(
        id
        for id, entry in near.items()
        if said[id] is State.SILENT and entry.height is not None and entry.height < line - _WELL_BELOW
    )


def _line(near: Mapping[str, Nearness]) -> float:
    return _LINE + _OF_BEST * max((_known(entry.height) for entry in near.values()), default=0.0)


def _known(height: float | None) -> float:
    return -math.inf if height is None else height
