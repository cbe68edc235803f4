"""How far a suggested label can be trusted: news articles with the rated side of their outlet, outlets never torn apart.

Half of the outlets were for choosing (the least margins, and the form of the prototypes); everything below is of the other half.
Of these, again and again a random half is labelled and the rest is judged by what the product learns from it. Beside it:
always naming the commonest side, and the nearest centroid (cosine with the mean of a side's articles, as tf-idf). What
the authors' own words are is found by the product. Nothing is embedded, so nothing is kept between runs.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.labelling.own import Stretch, own_words
from assistant.labelling.prototypes import Prototypes
from assistant.labelling.suggest import least_margin, threshold
from index.loading.chunk import sentences
from index.speaking import voices
from index.types import Document, Voices
from tests.bench import sets
from tests.bench.options import Options
from tests.bench.table import Row

_HALVES = 10
_MARGINS = (0.0, 0.025, 0.05, 0.1, 0.15)
_RESAMPLES = 2_000
_SIDES = ("left", "center", "right")


@dataclass(frozen=True, slots=True)
class _Article:
    side: str
    outlet: str
    own: tuple[Stretch, ...]  # the author's own words
    whole: tuple[Stretch, ...]  # everybody's


@dataclass(frozen=True, slots=True)
class _Judged:
    """An article that was judged without its label."""

    outlet: str
    margin: float
    right: bool
    shown: bool = False  # whether the product would have suggested it by default


def run(options: Options) -> list[Row]:
    """Over the outlets that had no say."""
    articles = _read(options)
    pool = [article for article in articles if article.outlet in _reported(articles)]
    counts = f"{len(pool)} articles, {len({article.outlet for article in pool})} outlets, {_HALVES} halves"
    rows = _tables("three sides", pool, counts, options)
    two = [article for article in pool if article.side != "center"]
    rows += _tables("left and right", two, f"{len(two)} articles", options)
    return rows


def _tables(name: str, pool: Sequence[_Article], counts: str, options: Options) -> list[Row]:
    apart = [_apart(pool, seed) for seed in range(_HALVES)]
    ours = [_ours(*half, known=True) for half in apart]
    blind = [_ours(*half, known=False) for half in apart]
    inside = [_inside(pool, seed) for seed in range(_HALVES)]
    plain, commonest = [_centroid(*half) for half in apart], [_commonest(*half) for half in apart]
    rows: list[Row] = []
    for margin in _MARGINS:
        reached = [[entry for entry in half if entry.margin >= margin] for half in ours]
        share = sum(map(len, reached)) / sum(map(len, ours))
        same = [_first(half, len(part)) for half, part in zip(plain, reached, strict=True)]
        rows.append(
            Row(
                f"{name}, outlets apart: right at margin {margin:g} and above",
                100 * _right(_all(reached)),
                "%",
                100 * _right(_all(same)),
                "nearest centroid, as many",
                note=f"{100 * share:.0f} % of articles; an outlet one vote: {_by_outlet(_all(reached))}; "
                + f"articles {_interval(_all(reached))}",
            )
        )
    rows.append(
        Row(
            f"{name}, outlets apart: right, commonest side",
            100 * _right(_all(commonest)),
            "%",
            note=f"{counts}; an outlet one vote: {_by_outlet(_all(commonest))}",
        )
    )
    whole = _all([_ours(*half, known=True, whole=True) for half in apart])
    rows.append(
        Row(
            f"{name}, outlets apart: right with voices left in",
            100 * _right(whole),
            "%",
            100 * _right(_all(ours)),
            "without",
            note=f"an outlet one vote: {_by_outlet(whole)}",
        )
    )
    rows += [
        _shown(f"{name}, outlets apart and known", ours),
        _shown(f"{name}, outlets apart and not known", blind),
        _shown(f"{name}, outlets torn apart and not known", inside),
        Row(f"{name}, outlets torn apart: right (this is outlet recognition)", 100 * _right(_all(inside)), "%"),
    ]
    print(f"suggest: {name} done", file=sys.stderr)
    return rows


def _read(options: Options) -> list[_Article]:
    read: list[_Article] = []
    for number, article in enumerate(sets.news(options, options.news), 1):
        document = Document(article.path, article.content, "")
        spans = sentences(document.text)
        own = own_words(document.text, voices.find(document), spans)
        whole = own_words(document.text, Voices(), spans)
        read.append(_Article(article.path.split("/")[0], article.outlet, own, whole))
        if number % 500 == 0:
            print(f"suggest: {number} articles read", file=sys.stderr)
    return read


def _reported(articles: Sequence[_Article]) -> set[str]:
    """The half of the outlets that had no say in anything that was chosen."""
    names = sorted({article.outlet for article in articles})
    random.Random(5).shuffle(names)
    return set(names[1::2])


Half = tuple[list[_Article], list[_Article]]  # labelled, to be judged


def _apart(pool: Sequence[_Article], seed: int) -> Half:
    """Every outlet whole on one side, as many of each label."""
    labelled: set[str] = set()
    for side in _SIDES:
        names = sorted({article.outlet for article in pool if article.side == side})
        random.Random(seed).shuffle(names)
        labelled.update(names[::2])
    return [a for a in pool if a.outlet in labelled], [a for a in pool if a.outlet not in labelled]


def _torn(pool: Sequence[_Article], seed: int) -> Half:
    """Articles of one outlet on both sides: what is easy, and what is not asked."""
    mixed = list(pool)
    random.Random(seed).shuffle(mixed)
    return mixed[::2], mixed[1::2]


def _ours(labelled: Sequence[_Article], rest: Sequence[_Article], *, known: bool, whole: bool = False) -> list[_Judged]:
    """The product's own way.

    Args:
        known: whether the labels say which outlet an article is from.
    """
    text: Callable[[_Article], tuple[Stretch, ...]] = (lambda a: a.whole) if whole else (lambda a: a.own)
    groups: list[Hashable] = [article.outlet if known else number for number, article in enumerate(labelled)]
    learned = Prototypes([text(a) for a in labelled], [a.side for a in labelled], groups)
    from_here = threshold(learned, None, least_margin(groups, by_outlet=known)).margin
    found: list[_Judged] = []
    for article in rest:
        near = learned.near(text(article))
        shown = from_here is not None and near.margin >= from_here
        found.append(_Judged(article.outlet, near.margin, near.side == article.side, shown))
    return found


def _inside(pool: Sequence[_Article], seed: int) -> list[_Judged]:
    return _ours(*_torn(pool, seed), known=False)


def _commonest(labelled: Sequence[_Article], rest: Sequence[_Article]) -> list[_Judged]:
    side = Counter(article.side for article in labelled).most_common(1)[0][0]
    return [_Judged(article.outlet, 0.0, article.side == side) for article in rest]


def _centroid(labelled: Sequence[_Article], rest: Sequence[_Article]) -> list[_Judged]:
    """Cosine with the mean of each side's articles, every article one vote."""
    held_by = Counter(word for article in labelled for word in {word for part in article.own for word in part.words})
    vocabulary = {word: at for at, word in enumerate(word for word, n in held_by.items() if n >= 2)}
    idf = np.array([np.log(len(labelled) / held_by[word]) + 1 for word in vocabulary])

    def vector(article: _Article) -> tuple[list[int], np.ndarray]:
        counts = Counter(word for part in article.own for word in part.words if word in vocabulary)
        places = [vocabulary[word] for word in counts]
        weights = (1 + np.log(np.array([*counts.values()], float))) * idf[places]
        return places, weights / (np.linalg.norm(weights) or 1.0)

    sides = sorted({article.side for article in labelled})
    means = np.zeros((len(sides), len(vocabulary)))
    for article in labelled:
        places, weights = vector(article)
        means[sides.index(article.side), places] += weights
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    found: list[_Judged] = []
    for article in rest:
        places, weights = vector(article)
        scores = means[:, places] @ weights
        second, first = np.argsort(scores)[-2:]
        margin = float(scores[first] - scores[second])
        found.append(_Judged(article.outlet, margin, sides[first] == article.side))
    return found


def _shown(name: str, halves: Sequence[Sequence[_Judged]]) -> Row:
    """What the reader would have seen by default, and how much of it is wrong."""
    shown = [entry for half in halves for entry in half if entry.shown]
    some = sum(any(entry.shown for entry in half) for half in halves)
    share = 100 * len(shown) / sum(map(len, halves))
    wrong = (
        f"wrong {100 * (1 - _right(shown)):.0f} %, an outlet one vote: right {_by_outlet(shown)}" if shown else "none"
    )
    return Row(f"{name}: suggested by default", share, "%", note=f"in {some} of {len(halves)} halves; {wrong}")


def _all(halves: Iterable[Sequence[_Judged]]) -> list[_Judged]:
    return [entry for half in halves for entry in half]


def _first(judged: Sequence[_Judged], count: int) -> list[_Judged]:
    return sorted(judged, key=lambda entry: -entry.margin)[:count]


def _right(judged: Sequence[_Judged]) -> float:
    return sum(entry.right for entry in judged) / len(judged) if judged else 0.0


def _by_outlet(judged: Sequence[_Judged]) -> str:
    """The mean over outlets of the share that is right, with its 95 % interval."""
    rights = np.array([right / count for right, count in _sums(judged)])
    if not len(rights):
        return "none"
    random_ = np.random.default_rng(0)
    means = [rights[random_.integers(0, len(rights), len(rights))].mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, (2.5, 97.5))
    return f"{100 * rights.mean():.0f} [{100 * low:.0f}, {100 * high:.0f}] % of {len(rights)}"


def _interval(judged: Sequence[_Judged]) -> str:
    """The 95 % interval of the share of articles that is right, by bootstrap over outlets."""
    sums = np.array(_sums(judged), float)
    if not len(sums):
        return "none"
    random_ = np.random.default_rng(0)
    picks = (sums[random_.integers(0, len(sums), len(sums))].sum(axis=0) for _ in range(_RESAMPLES))
    low, high = np.percentile([right / count for right, count in picks], (2.5, 97.5))
    return f"[{100 * low:.0f}, {100 * high:.0f}] %"


def _sums(judged: Sequence[_Judged]) -> list[tuple[int, int]]:
    """Of each outlet: how many are right, of how many."""
    counts = Counter(entry.outlet for entry in judged)
    right = Counter(entry.outlet for entry in judged if entry.right)
    return [(right[outlet], count) for outlet, count in counts.items()]
