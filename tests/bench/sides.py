"""How soon a list of hits shows both sides of a claim: the product's search beside plain rankings.

Two-sided claims of the debates, a document's stance towards its own claim as its label. A claim counts where a relevant
passage of either side is among the first hits. Then with labels that are wrong on purpose, and without labels. The
plain rankings are by words alone, by meaning alone and by both, without feedback, one hit a passage.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import mean

from index.embed import LocalEmbedder
from index.generation import Store
from index.labelling.labels import Labels
from index.retrieve import DENSE_WEIGHT, Retriever
from index.types import Hit
from tests.bench import scoring, sets, stores
from tests.bench.options import Options, Skipped
from tests.bench.table import Row

_AMONG = (5, 10, 20)
_WANTED = {5: 88, 10: 93, 20: 96}
_WRONG = (0.0, 0.1, 0.2, 0.3)
_PLAIN = {"words alone": 0.0, "meaning alone": 1.0, "plain ranking": DENSE_WEIGHT}


def run(options: Options) -> list[Row]:
    """The share of claims with both sides among the first hits, and nDCG@10."""
    if options.judged is not None:
        raise Skipped("sides are measured on the whole set; run it without --quick")
    judged, sides = sets.judged(options, "debates"), sets.sides(options)
    folder = options.work / "retrieval-debates-all"
    sets.write_judged(folder / "corpus", judged.documents)
    store = Store(folder / "store")
    stores.refresh(folder / "corpus", store)
    asked = [
        (question, grades)
        for question, grades in zip(judged.questions, judged.relevant, strict=True)
        if len({sides[number] for number in grades}) == 2
    ]
    generation, embedder = store.open(), LocalEmbedder()
    try:
        plain = Retriever(generation, Labels(()), embedder)
        rows: list[Row] = []
        for title, weight in _PLAIN.items():
            ranked = [_plain(plain, question, weight) for question, _ in asked]
            rows += _rows(title, ranked, asked, sides, options.resamples)
        ranked = [_documents(plain, question) for question, _ in asked]
        rows += _rows("without labels", ranked, asked, sides, options.resamples)
        for share in _WRONG:
            labelled = Retriever(generation, _labels(sides, share), embedder)
            title = f"labels, {share:.0%} wrong" if share else "labels"
            found = [_documents(labelled, question) for question, _ in asked]
            rows += _rows(title, found, asked, sides, options.resamples, wanted=not share)
    finally:
        generation.close()
    return rows


def _labels(sides: Sequence[str], wrong: float) -> Labels:
    chance = random.Random(0)
    other = {"for": "against", "against": "for"}
    given = [other[side] if chance.random() < wrong else side for side in sides]
    lines = ['[perspectives.for]\nlabel = "For"\n[perspectives.against]\nlabel = "Against"\n']
    lines += [
        f'[[source]]\nmatch = "{number:06}.md"\nperspective = "{side}"\nby = "the set"\non = "2026-11-25"\n'
        for number, side in enumerate(given)
    ]
    return Labels([("sources.toml", "", "".join(lines).encode())])


def _plain(retriever: Retriever, question: str, dense_weight: float) -> list[int]:
    """The documents of the best candidates, one a hit. At either end of the scale the rest only fills up the tail."""
    hits = retriever.candidates(question, dense_weight=dense_weight, feedback=0.0).hits
    return [_number(hit) for hit in hits if hit.rank > 0][: max(_AMONG)]


def _documents(retriever: Retriever, question: str) -> list[int]:
    """The documents of the first hits, one a hit."""
    return [_number(hit) for hit in retriever.search(question, max(_AMONG))]


def _number(hit: Hit) -> int:
    return int(hit.passage.document.id.removesuffix(".md"))


def _rows(
    title: str,
    found: Sequence[Sequence[int]],
    asked: Sequence[tuple[str, dict[int, float]]],
    sides: Sequence[str],
    resamples: int,
    *,
    wanted: bool = False,
) -> list[Row]:
    rows: list[Row] = []
    for count in _AMONG:
        both = [
            100.0 * (len({sides[number] for number in hits[:count] if number in grades}) == 2)
            for hits, (_, grades) in zip(found, asked, strict=True)
        ]
        low, high = scoring.interval(both, resamples)
        target = f"≥ {_WANTED[count]}" if wanted else ""
        note = f"{len(asked)} claims, 95 % {low:.1f} to {high:.1f}"
        rows.append(Row(f"debates: both sides among {count}, {title}", mean(both), target=target, note=note))
    gains = [
        100 * scoring.ndcg(list(dict.fromkeys(hits)), grades) for hits, (_, grades) in zip(found, asked, strict=True)
    ]
    rows.append(Row(f"debates: nDCG@10, {title}", mean(gains), target="≥ 80" if wanted else ""))
    return rows
