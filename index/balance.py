"""A ranking in, a selection out in which every perspective has its room. Pure functions over any kind of item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def make_room(
    ranked: Sequence[T], k: int, groups: Callable[[T], Sequence[str]], deserves: Callable[[T], bool]
) -> tuple[T, ...]:
    """The k best items, in which each group that has a deserving item is present.

    A group that the k best leave out takes the place of the lowest item whose groups are present more than once.
    Nothing is added for a group without a deserving item, and there are never more than k items.
    """
    chosen = list(ranked[:k])
    counts: dict[str, int] = {}
    for item in chosen:
        for group in groups(item):
            counts[group] = counts.get(group, 0) + 1
    for item in ranked[k:]:
        if all(group in counts for group in groups(item)) or not deserves(item):
            continue
        spare = next((other for other in reversed(chosen) if all(counts[group] > 1 for group in groups(other))), None)
        if spare is None:
            break
        chosen.remove(spare)
        chosen.append(item)
        for group in groups(spare):
            counts[group] -= 1
        for group in groups(item):
            counts[group] = counts.get(group, 0) + 1
    place = {id(item): at for at, item in enumerate(ranked)}
    return tuple(sorted(chosen, key=lambda item: place[id(item)]))


def diversify(
    scores: Sequence[float],
    groups: Sequence[Sequence[str]],
    k: int,
    share: Callable[[int], float],
    fits: Callable[[int, Sequence[int]], bool],
    *,
    parents: Sequence[str] = (),
    repeated: float = 0.0,
) -> list[int]:
    """Choose k items one by one, each for its own score and for what is new about its groups (xQuAD).

    Santos, Macdonald and Ounis, "Exploiting query reformulations for web search result diversification", 2010, with
    the groups as aspects, all equally probable, and an item's score as its relevance to its groups.

    Args:
        scores: from 0 to 1, one an item.
        groups: those of each item.
        share: weight of novelty, 0 to 1, for the place with this number, from 0; with 0 it is the plain ranking.
        fits: whether an item may join those already chosen, all by position.
        parents: what each item is a part of, if `repeated` counts.
        repeated: 0 to 1, what an item loses where the best possible item of its parent was chosen before.

    Returns:
        Positions, in the order in which they were chosen; fewer than k where nothing more fits.
    """
    uncovered = {group: 1.0 for item in groups for group in item}
    unseen = dict.fromkeys(parents, 1.0)
    left = list(range(len(scores)))
    chosen: list[int] = []

    def worth(at: int) -> float:
        novelty = sum(scores[at] * uncovered[group] for group in groups[at]) / max(len(groups[at]), 1)
        new = 1 - repeated * (1 - unseen[parents[at]]) if parents else 1.0
        return new * ((1 - weight) * scores[at] + weight * novelty)

    while len(chosen) < k:
        weight = share(len(chosen))
        left = [at for at in left if fits(at, chosen)]
        if not left:
            break
        best = max(left, key=worth)
        left.remove(best)
        chosen.append(best)
        for group in groups[best]:
            uncovered[group] *= 1 - scores[best]
        if parents:
            unseen[parents[best]] *= 1 - scores[best]
    return chosen
