"""A question in, the passages that bear on it out: found by meaning and by words, fused, copies put aside.

    query ─► dense (Chroma; the scan in a large corpus or a part) ┐
         └─► words (FTS5, every spelling of a name)               ┴─► fuse ─► by meaning again, moved towards the
                                                     first hits ─► fuse ─► put copies aside ─► room for every side

Decides nothing about answers; knows labels only to filter by them and to give each perspective its room.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import fuzz

from index import query
from index.admitted import Admission, Admitted
from index.alike import Alike
from index.balance import diversify, make_room
from index.crowd import crowds
from index.embed import Embedder
from index.filter import Filter
from index.generation import Generation
from index.labelling import regions
from index.labelling.labels import Labels
from index.library import INDEXED, Entry, Head
from index.query import Query
from index.scan import Compared
from index.speaking import whom
from index.terms import stems
from index.types import Hit, Passage, Perspective, Source, Voices

# Chosen on 800 news articles asked by their titles, where weights of .5 and .6 are equal and .7 is worse; the sets that
# `make bench` reports had no say. Three times as many candidates gain .3 of nDCG@10 and take half as long again.
_NEAR, _MATCHING = 100, 300  # candidates taken from the search by meaning and from that by words
DENSE_WEIGHT = 0.6  # of meaning against words
# Passages from which on the whole corpus is scanned, too. Chroma's index grows by 2.2 KB of memory and a copy of 2.4 KB
# on the disk with each passage, for every reader; at a million that is more than a reader may take, and seconds.
_SCANNED = 200_000
# The question's vector is moved this far towards the mean of the first hits, of as many documents, and searched again.
# Measured (LOG.md): .5 to 1.3 points of nDCG@10 on the debates and on scifact, from three hits as from five.
FEEDBACK = 0.5
_FIRST_HITS = 3
_LANGUAGE = "en"  # that the words and the embedding model here know
_SAME_TEXT = 80  # similarity in percent from which on two passages of near-duplicate documents are one

# Weight of what is new about a passage's side against its own rank, in a list of hits. Chosen on the debates, where
# more of it brings both sides sooner and costs nDCG (LOG.md).
NOVELTY = 0.7
_REPEATED = 0.5  # what another passage of a document loses, behind the best one possible; from .5 on all is the same
_DIVERSIFIED = 60  # hits that are put in turn; what follows is the plain ranking

# A perspective is given a place only for a passage at least this near to the question. Absolute, so that the best of
# nothing stays nothing. Both values are set by hand, not measured.
FLOOR_COSINE = 0.30
FLOOR_COVERAGE = 0.15


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a search found, best first, and what it searched for."""

    query: Query
    vector: np.ndarray  # of the question
    hits: tuple[Hit, ...]
    perspectives: tuple[Perspective, ...]  # those of the documents that were searched, in order of their ids


class Retriever:
    """Searches one generation under one state of the labels. Holds no files of its own."""

    def __init__(self, generation: Generation, labels: Labels, embedder: Embedder, *, scanned: int = _SCANNED) -> None:
        """Read nothing yet.

        Args:
            scanned: passages of a corpus from which on all of it is scanned, instead of asked of Chroma.
        """
        self._generation = generation
        self._scanned = scanned
        self._library = generation.library
        self._labels = labels
        self._embedder = embedder
        self.voices = lru_cache(maxsize=256)(self._voices)
        self._admitted = lru_cache(maxsize=8)(self._admitted_by)

    def search(self, question: str, k: int = 10, only: Filter = Filter()) -> tuple[Hit, ...]:
        """The k best passages, sides and documents of the corpus in turn: the first few already show more than one.

        Each comes for its own rank and for what is new about its perspectives and its document, a crowd counting as
        one; every perspective that has a passage above the floor is among them.
        """
        found = self.candidates(question, only, limit=max(_DIVERSIFIED, 2 * k + 10))  # copies are put aside
        groups = [self.perspectives_of(hit.passage.document.id) for hit in found.hits]
        leading = found.hits[:_DIVERSIFIED]
        crowd = self.crowds(leading)
        first = diversify(
            [hit.rank for hit in leading],
            groups,
            _DIVERSIFIED,
            lambda _: NOVELTY,
            lambda *_: True,
            parents=[str(crowd.get(hit.passage.document.id, hit.passage.document.id)) for hit in leading],
            repeated=_REPEATED,
        )
        order = [*first, *range(len(first), len(found.hits))]
        chosen = make_room(order, k, lambda at: groups[at], lambda at: _above_floor(found.hits[at], found.query))
        return tuple(found.hits[at] for at in chosen)

    def candidates(
        self,
        question: str,
        only: Filter = Filter(),
        *,
        literal: bool = False,
        limit: int = 60,
        dense_weight: float = DENSE_WEIGHT,
        feedback: float = FEEDBACK,
    ) -> Candidates:
        """What the two searches found, fused, best first, without copies: the first `limit`, and what follows here.

        The nearest passage of each perspective is among them, also of one that neither search brought up.

        Args:
            literal: names are searched as they are written, and in no other spelling.
        """
        asked = query.read(question, self._library, literal=literal)
        vector = self._embedder.embed([question])[0]
        admitted = self._admitted(only)
        compared = self._generation.scan.compare(vector)
        dense = self._dense(vector, compared, admitted)
        among = None if admitted is None else self._library.passage_table[admitted.rows, 0]
        lexical = self._library.match([term.spellings for term in asked.searched], _MATCHING, among)
        scores = fuse(dense, lexical, dense_weight)
        if scores and feedback:
            moved = self._moved(vector, scores, feedback)
            again = self._dense(moved, self._generation.scan.compare(moved), admitted)
            scores = fuse(again, lexical, dense_weight)
        nearest = self._nearest_by_perspective(dense, compared, admitted)
        keys = [*scores, *(key for key in nearest if key not in scores)]
        cosines = dict(zip(keys, compared.cosines(self._rows(keys)), strict=True))
        ranked = sorted(keys, key=lambda key: (-scores.get(key, 0.0), -cosines[key], key))
        shown = self._with_every_perspective(ranked, limit, nearest)
        hits = (Hit(self.passage(key), float(cosines[key]), scores.get(key, 0.0)) for key in shown)
        searched = self.perspectives if admitted is None else admitted.perspectives
        return Candidates(asked, vector, tuple(self._without_copies(hits)), searched)

    def closest(self, vector: np.ndarray, count: int, only: Filter = Filter()) -> dict[str, tuple[Hit, ...]]:
        """The passages of each perspective that are nearest to a question, by its id: an exact scan of all of them."""
        admitted = self._admitted(only)
        compared, keys = self._generation.scan.compare(vector), self._library.passage_table[:, 0]
        found: dict[str, tuple[Hit, ...]] = {}
        for side, rows in self._rows_of.items():
            best = compared.nearest(count, rows if admitted is None else admitted.among(rows))
            found[side] = tuple(Hit(self.passage(int(keys[row])), cosine) for row, cosine in best)
        return found

    @cached_property
    def unread(self) -> frozenset[str]:
        """The ids of perspectives whose silence proves nothing.

        A document that stands for them could not be read, or is in a language whose words no question here matches.
        """
        unread = self._library.unread(_LANGUAGE)
        return frozenset(side.id for entry in unread for side in self._labels.resolve(entry).sides)

    def sources(self, document: str) -> Source:
        """The card of a document, given its path."""
        return self._sources[document]

    def perspectives_of(self, document: str) -> tuple[str, ...]:
        """The ids of the perspectives that a document stands for."""
        return self._perspectives_by_key[self._heads[document].key]

    def _voices(self, document: str) -> Voices:
        """Who speaks where in a document, given its path: as the rules found it and its owner corrected it."""
        entry = self._library.entry(self.keys[document])
        found, said = self._library.voices(entry.key), self._labels.regions(entry)
        return regions.corrected(found, said, self._library.document(entry.key).text) if said else found

    def labels_of(self, entry: Entry) -> Source:
        """The card of any document on the list, also of one that could not be indexed."""
        return self._labels.resolve(entry)

    def check_labels(self, entries: Sequence[Entry]) -> list[dict[str, str]]:
        """What is odd about the labels of these documents."""
        found = self._labels.check(entries)
        for entry in entries:
            if entry.state == INDEXED and (said := self._labels.regions(entry)):
                text = self._library.document(entry.key).text
                found += [{"kind": "voice", "text": text} for text in regions.problems(said, entry.id, text)]
        return found

    @property
    def labels(self) -> str:
        """The fingerprint of the labels."""
        return self._labels.fingerprint

    @property
    def defined(self) -> dict[str, Perspective]:
        """Every perspective that a labels file defines, by id, also those without a document."""
        return self._labels.perspectives

    @cached_property
    def keys(self) -> dict[str, int]:
        """The library's key of each document, by path."""
        return {id: head.key for id, head in self._heads.items()}

    @cached_property
    def perspectives(self) -> tuple[Perspective, ...]:
        """Those for which there are documents, in order of their ids."""
        found = {side for sides, _ in self._sides for side in sides}
        return tuple(sorted(found, key=lambda perspective: perspective.id))

    def passage(self, key: int) -> Passage:
        """The passage with this key."""
        _, document, start, end = self._library.passage_table[self._rows([key])[0]]
        return Passage(self._library.document(int(document)), int(start), int(end))

    def crowds(self, hits: Sequence[Hit]) -> dict[str, int]:
        """For each document among some hits that is in a crowd, the number of that crowd."""
        if not hits:
            return {}
        found = crowds([hit.passage.document.id for hit in hits], self._vectors([hit.passage for hit in hits]))
        return {document: number for number, crowd in enumerate(found) for document in crowd}

    def _vectors(self, passages: Sequence[Passage]) -> np.ndarray:
        """The vectors of passages, one a row."""
        keys = [self._library.passage_at(self._heads[one.document.id].key, one.start) for one in passages]
        return self._generation.scan.matrix[self._rows(keys)]

    def speakers(self, name: str) -> tuple[str, ...]:
        """Everybody in the corpus whom a name may mean: "Ryabkov" is Sergey Ryabkov, in any spelling."""
        wanted = [self._library.spellings.get(word, (word,)) for word in whom.name_words(name)]
        return tuple(known for known in self._speakers if whom.means(wanted, known))

    @property
    def everybody(self) -> tuple[str, ...]:
        """Everybody whose words stand in some document, first who stands in most."""
        return tuple(sorted(self._speakers, key=lambda name: (-len(self._speakers[name]), name)))

    @property
    def spoken_in(self) -> dict[str, int]:
        """In how many documents everybody's words stand."""
        return {name: len(documents) for name, documents in self._speakers.items()}

    def _admitted_by(self, only: Filter) -> Admitted | None:
        """What a filter lets through; None without a filter."""
        if not only:
            return None
        return self._admission.admit(only, self._documents_by(only.speakers) if only.speakers else None)

    @cached_property
    def _admission(self) -> Admission:
        alike = Alike(self._labels, dated=True).groups(self._heads.values())
        return Admission(self._heads, self._sources, alike, self._library.passage_table[:, 1])

    def _documents_by(self, names: Sequence[str]) -> set[int] | None:
        """The documents in which somebody of these names speaks; None where every author is meant."""
        if any(name.casefold() == whom.AUTHOR for name in names):
            return None
        return {key for name in names for known in self.speakers(name) for key in self._speakers[known]}

    @cached_property
    def _speakers(self) -> dict[str, frozenset[int]]:
        """Everybody who speaks in a document, as the rules and the documents' owners say."""
        found = dict(self._library.speakers)
        if not any(entry.regions for entry in self._labels.entries):
            return found
        for entry in (entry for entry in self._library.entries if entry.state == INDEXED):
            for name in (region.speaker for region in self._labels.regions(entry)):
                if name:
                    found[name] = found.get(name, frozenset()) | {entry.key}
        return found

    def _dense(self, vector: np.ndarray, compared: Compared, admitted: Admitted | None) -> list[tuple[int, float]]:
        """The keys of the passages nearest to a vector, with their cosines."""
        keys = self._library.passage_table[:, 0]
        elsewhere = self._generation.manifest.collection is not None
        if admitted is None and len(keys) and (elsewhere or len(keys) <= self._scanned):
            return self._generation.vectors.nearest(vector, min(_NEAR, len(keys)))
        best = compared.nearest(_NEAR, None if admitted is None else admitted.rows)
        return [(int(keys[row]), cosine) for row, cosine in best]

    def _moved(self, vector: np.ndarray, scores: dict[int, float], feedback: float) -> np.ndarray:
        """The question's vector, moved towards the first hits, no two of one document.

        Rocchio, "Relevance feedback in information retrieval", 1971; for dense vectors Li et al., "Pseudo relevance
        feedback with deep language models and dense retrievers: successes and pitfalls", 2023.
        """
        ranked = sorted(scores, key=lambda key: (-scores[key], key))
        rows = self._rows(ranked)
        best: dict[int, int] = {}
        for row, document in zip(rows.tolist(), self._library.passage_table[rows, 1].tolist(), strict=True):
            best.setdefault(document, row)
        centre = self._generation.scan.matrix[[*best.values()][:_FIRST_HITS]].astype(np.float32).mean(axis=0)
        moved = vector + feedback * centre
        return moved / np.linalg.norm(moved)

    def _nearest_by_perspective(
        self, dense: Sequence[tuple[int, float]], compared: Compared, admitted: Admitted | None
    ) -> list[int]:
        """The key of the nearest passage of each perspective.

        The first of those that are nearest of all, where it has one there; every other perspective is scanned.
        """
        table = self._library.passage_table
        first: dict[str, int] = {}
        for key, document in zip(*table[self._rows([key for key, _ in dense]), :2].T.tolist(), strict=True):
            for side in self._perspectives_by_key[document]:
                first.setdefault(side, key)
        sides = self._rows_of if admitted is None else [side.id for side in admitted.perspectives]
        absent = [self._rows_of[side] for side in sides if side not in first]
        if admitted is not None:
            absent = [admitted.among(rows) for rows in absent]
        scanned = (int(table[row, 0]) for rows in absent for row, _ in compared.nearest(1, rows))
        return [*dict.fromkeys([*first.values(), *scanned])]

    def _with_every_perspective(self, ranked: Sequence[int], limit: int, nearest: Collection[int]) -> list[int]:
        """The first keys, then the first key of each perspective that is not among them, and what is nearest."""
        documents = self._library.passage_table[self._rows(ranked), 1].tolist()
        present = {name for document in documents[:limit] for name in self._perspectives_by_key[document]}
        kept = list(ranked[:limit])
        for key, document in zip(ranked[limit:], documents[limit:], strict=True):
            if key in nearest or not present.issuperset(self._perspectives_by_key[document]):
                present.update(self._perspectives_by_key[document])
                kept.append(key)
        return kept

    def _rows(self, keys: Sequence[int]) -> np.ndarray:
        return np.searchsorted(self._library.passage_table[:, 0], np.asarray(keys, np.int64))

    def _without_copies(self, hits: Iterable[Hit]) -> Iterable[Hit]:
        """Of passages that near-duplicate documents of the same perspectives share, only the best ranked.

        A copy that nobody labelled, or that is labelled otherwise, does not take the place of a side's own passage.
        """
        kept: dict[tuple[int, tuple[Perspective, ...]], list[str]] = {}
        for hit in hits:
            id, text = hit.passage.document.id, hit.passage.text
            cluster = self._heads[id].cluster
            if cluster is not None:
                alike = kept.setdefault((cluster, self._sources[id].sides), [])
                if any(fuzz.ratio(text, other, score_cutoff=_SAME_TEXT) for other in alike):
                    continue
                alike.append(text)
            yield hit

    @cached_property
    def _heads(self) -> dict[str, Head]:
        return {head.id: head for head in self._library.heads if head.state == INDEXED}

    @cached_property
    def _sources(self) -> _Cards:
        return _Cards(lambda id: self._labels.resolve(self._library.entry(self._heads[id].key)))

    @cached_property
    def _sides(self) -> list[tuple[tuple[Perspective, ...], list[Head]]]:
        """All documents, in groups: for which perspectives each document of a group counts."""
        return [(self._sources[group[0].id].sides, group) for group in Alike(self._labels).groups(self._heads.values())]

    @cached_property
    def _perspectives_by_key(self) -> dict[int, tuple[str, ...]]:
        ids = [(tuple(side.id for side in sides), group) for sides, group in self._sides]
        return {head.key: names for names, group in ids for head in group}

    @cached_property
    def _rows_of(self) -> dict[str, np.ndarray]:
        """The rows of the matrix that hold passages of each perspective, by its id."""
        documents: dict[str, list[int]] = {}
        for key, sides in self._perspectives_by_key.items():
            for side in sides:
                documents.setdefault(side, []).append(key)
        of = self._library.passage_table[:, 1]
        return {side: np.flatnonzero(np.isin(of, keys)) for side, keys in documents.items()}


class _Cards(dict[str, Source]):
    """The cards of documents, by path, each made when it is first looked at."""

    def __init__(self, make: Callable[[str], Source]) -> None:
        self._make = make

    def __missing__(self, id: str) -> Source:
        self[id] = self._make(id)
        return self[id]


def _above_floor(hit: Hit, asked: Query) -> bool:
    return hit.score >= FLOOR_COSINE and coverage(asked, hit.passage.text) >= FLOOR_COVERAGE


def fuse(
    dense: Sequence[tuple[int, float]], lexical: Sequence[tuple[int, float]], dense_weight: float = DENSE_WEIGHT
) -> dict[int, float]:
    """One score from 0 to 1 a passage: each search's scores stretched to 0..1, then weighed; 0 where it found nothing.

    Min-max fusion (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2022).
    """
    fused: dict[int, float] = {}
    for scores, weight in ((dense, dense_weight), (lexical, 1 - dense_weight)):
        if not scores:
            continue
        low, high = min(score for _, score in scores), max(score for _, score in scores)
        for key, score in scores:
            share = (score - low) / (high - low) if high > low else 1.0
            fused[key] = fused.get(key, 0.0) + weight * share
    return fused


def coverage(asked: Query, text: str) -> float:
    """The share, by rarity, of the question's content words that a text holds in any spelling; 1 if it has none."""
    weights = {term: 1 / np.log2(2 + term.passages) for term in asked.terms}
    present = set(stems(text))
    total = sum(weights.values())
    return float(sum(weight for term, weight in weights.items() if term.stems & present) / total) if total else 1.0
