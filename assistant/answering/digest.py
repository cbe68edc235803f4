"""Passages found in, the best exact stretches of them out: an answer that nobody had to write.

    candidates ─► windows of two sentences ─► score (meaning, words) ─► cut at the border of every voice
               ─► score the pieces, with their windows ─► choose within the budget ─► group by side

A window is embedded when it is asked for, not when its document is indexed: indexing would take three times as long
and the store four times the vectors, for a first answer that comes .1 to .3 s sooner.
"""

from __future__ import annotations

import math
import re
import threading
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from rapidfuzz import fuzz

from assistant.checking import cuts
from assistant.question.wanted import Wanted
from assistant.types import Citation, Claim
from index.balance import diversify
from index.embed import Embedder
from index.library import Library
from index.query import Query, Term
from index.retrieve import Candidates, Retriever, coverage
from index.terms import stems
from index.types import Document, VoiceKind, Voices

DENSE_WEIGHT = 0.7  # of meaning against words, inside the passages found; measured: see LOG.md
_WINDOWS = 160  # the most promising windows, which are embedded
_SENTENCES = 2  # a window
_WORDS = 340  # an answer of eight citations; a longer one gets as much more
_ALONE = 0.45  # of how well a piece bears on the question by itself, against its window; measured: .35 to .5 are alike
# Where a question compares, from the ninth place on a perspective that is there already gives way to a new one that is
# nearly as good. More of it, and sooner, costs evidence: ranking inside a source limits an answer more than allocation
# does (LOG.md).
_PLAIN = 8
_NOVELTY = 0.1
_FROM_ONE = 0.5  # share of an answer that one document may fill, where a question compares
# The same of a crowd, whatever is asked, and of each perspective in it a first one; set by hand.
_FROM_A_CROWD = 0.25
_AS_WELL = 0.9  # how well, of the best piece of a window, another one must bear on the question; set by hand
_ASKING = 0.1  # of the worth of what only asks: a source's question comes near the reader's, and answers nothing
_SAME = 85  # similarity in percent from which on two windows say the same in the same words
_K1, _B = 1.2, 0.75  # of BM25, the usual values


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences that stand together, and how well they bear on the question."""

    document: Document
    start: int
    end: int
    cosine: float
    score: float  # 0 to 1, and 1 more where somebody says it whose words are asked for; within one question only

    @property
    def text(self) -> str:
        """Exactly the slice."""
        return self.document.text[self.start : self.end]


class Digester:
    """Turns candidates into windows and windows into an answer. Remembers the vectors of windows it has seen."""

    _REMEMBERED = 20_000  # windows, 30 MB

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._seen: OrderedDict[str, np.ndarray] = OrderedDict()
        self._guard = threading.Lock()

    def windows(
        self,
        found: Candidates,
        library: Library,
        retriever: Retriever,
        *,
        comments: re.Pattern[str] | None = None,
        wanted: Wanted = Wanted(),
        dense_weight: float = DENSE_WEIGHT,
    ) -> list[Window]:
        """The windows of the best passages, best first.

        Args:
            comments: what a reader comment must hold to be among them; None where none may be.
            wanted: whose words come before everybody else's, or alone.
        """
        rough, lexical = _rough(found, library, retriever, comments=comments, wanted=wanted)
        kept = _promising(rough)
        promising, lexical = [rough[at] for at in kept], lexical[kept]
        cosines = self._vectors([window.text for window in promising]) @ found.vector
        weighed = dense_weight * _standard(cosines) + (1 - dense_weight) * _standard(lexical)
        first = [_is_asked_for(window, retriever, wanted) for window in promising]
        made = [
            replace(window, cosine=float(cosine), score=float(score))
            for window, cosine, score in zip(promising, cosines, _stretched(weighed) + np.array(first), strict=True)
        ]
        return sorted(made, key=lambda window: -window.score)

    def pieces(
        self,
        windows: Sequence[Window],
        found: Candidates,
        library: Library,
        retriever: Retriever,
        *,
        comments: re.Pattern[str] | None = None,
        wanted: Wanted = Wanted(),
    ) -> list[Window]:
        """What may be cited of some windows, each of one voice, best first: by itself and by the window it stands in.

        A window without the words of whoever is asked for is one of somebody else's, and so are its pieces.
        """
        around: dict[tuple[str, int, int], float] = {}  # how well the best window around a piece scores
        cut: dict[tuple[str, int, int], Window] = {}
        for window in windows:
            own = window.score - _is_asked_for(window, retriever, wanted)
            for piece in _pieces(window, library, retriever, comments, wanted):
                place = (piece.document.id, piece.start, piece.end)
                cut.setdefault(place, piece)
                around[place] = max(around.get(place, 0.0), own)
        pieces = list(cut.values())
        if not pieces:
            return []
        cosines = self._vectors([piece.text for piece in pieces]) @ found.vector
        lexical = _bm25(found.query, [Counter(stems(piece.text)) for piece in pieces])
        alone = _standard(DENSE_WEIGHT * _standard(cosines) + (1 - DENSE_WEIGHT) * _standard(lexical))
        worth = np.array([_ASKING if only_asks(piece.text) else 1.0 for piece in pieces])
        weighed = _ALONE * alone + (1 - _ALONE) * _standard(np.array(list(around.values())))
        made = [
            replace(piece, cosine=float(cosine), score=float(score) + _is_asked_for(piece, retriever, wanted))
            for piece, cosine, score in zip(pieces, cosines, _stretched(weighed) * worth, strict=True)
        ]
        return sorted(made, key=lambda piece: -piece.score)

    def cut(
        self,
        windows: Sequence[Window],
        found: Candidates,
        library: Library,
        retriever: Retriever,
        *,
        comments: re.Pattern[str] | None = None,
        wanted: Wanted = Wanted(),
    ) -> list[list[Window]]:
        """For each window what may be cited of it, a voice at a time: first what bears most on the question.

        Others follow only if they bear on it about as well. Nothing is left of a window that nobody may be cited for.
        """
        cut = [_pieces(window, library, retriever, comments, wanted) for window in windows]
        narrowed = [piece for window, pieces in zip(windows, cut, strict=True) for piece in pieces if piece != window]
        vectors = self._vectors([piece.text for piece in narrowed]) if narrowed else ()
        cosines = {
            (p.document.id, p.start, p.end): float(v @ found.vector) for p, v in zip(narrowed, vectors, strict=True)
        }
        made: list[list[Window]] = []
        for pieces in cut:
            ranked = [replace(p, cosine=cosines.get((p.document.id, p.start, p.end), p.cosine)) for p in pieces]
            voices = retriever.voices(ranked[0].document.id) if ranked else Voices()
            ranked.sort(
                key=lambda p: (bool(wanted) and not wanted.speaks(voices, p.start, p.end), -bearing(p, found.query))
            )
            made.append([p for p in ranked if bearing(p, found.query) >= _AS_WELL * bearing(ranked[0], found.query)])
        return made

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        with self._guard:
            known = {text: self._seen[text] for text in texts if text in self._seen}
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        known |= zip(missing, self._embedder.embed(missing) if missing else (), strict=True)
        with self._guard:
            for text in dict.fromkeys(texts):
                self._seen[text] = known[text]
                self._seen.move_to_end(text)
            while len(self._seen) > self._REMEMBERED:
                self._seen.popitem(last=False)
        rows = np.array([known[text] for text in texts], np.float32)
        return rows.reshape(len(texts), self._embedder.dimensions)


def rough_windows(
    found: Candidates,
    library: Library,
    retriever: Retriever,
    *,
    comments: re.Pattern[str] | None = None,
    wanted: Wanted = Wanted(),
) -> list[Window]:
    """Every window of the best passages, best first: by its words, and by the rank of its passage. Embeds nothing.

    A window's cosine is that of its passage. Good enough to choose what a model is shown (LOG.md), which has more room
    than a digest.
    """
    return _rough(found, library, retriever, comments=comments, wanted=wanted)[0]


def _promising(rough: Sequence[Window]) -> list[int]:
    """The first windows, the best of every document among them: a crowd of copies silences nobody."""
    best: dict[str, int] = {}
    for at, window in enumerate(rough):
        best.setdefault(window.document.id, at)
    leading = set(best.values())
    rest = [at for at in range(len(rough)) if at not in leading]
    return sorted([*leading, *rest[: max(0, _WINDOWS - len(leading))]])


def _rough(
    found: Candidates, library: Library, retriever: Retriever, *, comments: re.Pattern[str] | None, wanted: Wanted
) -> tuple[list[Window], np.ndarray]:
    """The windows, and how well each matches the question's words."""
    ranks: dict[tuple[int, range], float] = {}  # by document and sentences
    cosines: dict[tuple[int, range], float] = {}
    documents: dict[int, Document] = {}
    sentences: dict[int, Sequence[tuple[int, int]]] = {}
    apart: dict[int, Mapping[int, VoiceKind]] = {}
    left_out: dict[int, Set[int]] = {}
    for hit in found.hits:
        key = retriever.keys[hit.passage.document.id]
        if key not in documents:
            document = documents[key] = hit.passage.document
            apart[key] = cuts.apart(retriever.voices(document.id), sentences.setdefault(key, library.sentences(key)))
            left_out[key] = cuts.left_out(document.text, sentences[key], apart[key], comments)
        for run in _runs(sentences[key], hit.passage.start, hit.passage.end, apart[key], left_out[key]):
            ranks[key, run] = max(ranks.get((key, run), 0.0), hit.rank)
            cosines[key, run] = max(cosines.get((key, run), -1.0), hit.score)

    words: dict[tuple[int, int], list[str]] = {}  # of each sentence: it stands in two windows, and is read once
    for key, at in dict.fromkeys((key, at) for key, run in ranks for at in run):
        words[key, at] = stems(documents[key].text[slice(*sentences[key][at])])
    bags = [Counter(word for at in run for word in words[key, at]) for key, run in ranks]
    lexical = _bm25(found.query, bags)

    scores = (_stretched(lexical) + np.array(list(ranks.values()))) / 2
    places = list(ranks)
    windows = [
        Window(documents[key], sentences[key][run[0]][0], sentences[key][run[-1]][1], cosines[key, run], float(score))
        for (key, run), score in zip(places, scores, strict=True)
    ]
    theirs = np.array([_is_wanted(window, retriever, wanted) for window in windows], bool)
    order = [at for at in np.lexsort((-scores, ~theirs)) if theirs[at] or not wanted.only]
    return [windows[at] for at in order], lexical[order]


def _is_wanted(window: Window, retriever: Retriever, wanted: Wanted) -> bool:
    """Whether somebody whose words are looked for says some of a window; everything is, where nobody's are."""
    return not wanted or wanted.speaks(retriever.voices(window.document.id), window.start, window.end)


def _is_asked_for(window: Window, retriever: Retriever, wanted: Wanted) -> float:
    """What a window's score has more, because somebody says some of it whose words are asked for."""
    return 1.0 if wanted and _is_wanted(window, retriever, wanted) else 0.0


def choose(
    windows: Sequence[Window],
    groups: Sequence[Sequence[str]],
    k: int,
    *,
    comparing: bool,
    crowds: Mapping[str, int] = MappingProxyType({}),
) -> list[Window]:
    """At most k windows within the budget of words, none overlapping or repeating another of its side, best first.

    Args:
        groups: the perspectives of each window.
        comparing: whether the question asks for several sides; then new perspectives come forward.
        crowds: by its path, the number of the crowd that a document is in: of many that say one thing in other words.
    """
    budget = _WORDS * max(k, 8) // 8
    lengths = [len(window.text.split()) for window in windows]

    def fits(at: int, chosen: Sequence[int]) -> bool:
        if lengths[at] > budget - sum(lengths[other] for other in chosen):
            return False
        if (crowd := crowds.get(windows[at].document.id)) is not None:
            alike = sum(crowds.get(windows[other].document.id) == crowd for other in chosen)
            present = {group for other in chosen for group in groups[other]}
            if alike >= max(1, _FROM_A_CROWD * k) and present.issuperset(groups[at]):
                return False
        from_it = sum(windows[other].document.id == windows[at].document.id for other in chosen)
        if comparing and from_it >= max(1, _FROM_ONE * k):
            return False
        return not any(
            overlap(windows[at], windows[other]) if groups[at] == groups[other] else cross(windows[at], windows[other])
            for other in chosen
        )

    scores = [window.score for window in windows]
    chosen = diversify(scores, groups, k, lambda place: _NOVELTY if comparing and place >= _PLAIN else 0.0, fits)
    return [windows[at] for at in chosen]


def cite(chosen: Sequence[Window], retriever: Retriever) -> tuple[list[Claim], list[Citation]]:
    """Number the chosen windows, the first chosen first, and group their sentences by perspective.

    The group with the first citation comes first, never by its label.
    """
    citations = [citation(number, window, retriever) for number, window in enumerate(chosen, 1)]
    groups: dict[tuple[str, ...], list[Citation]] = {}
    for entry in citations:
        groups.setdefault(entry.side, []).append(entry)
    return [Claim(entry.quote, (entry.number,)) for group in groups.values() for entry in group], citations


def citation(number: int, window: Window, retriever: Retriever) -> Citation:
    """A window as a citation."""
    source = retriever.sources(window.document.id)
    voice = cuts.voice_of(retriever.voices(window.document.id), window.start, window.end)
    return Citation(number, window.document, source, window.start, window.end, window.cosine, voice=voice)


def _pieces(
    window: Window, library: Library, retriever: Retriever, comments: re.Pattern[str] | None, wanted: Wanted
) -> list[Window]:
    voices, sentences = retriever.voices(window.document.id), library.sentences(retriever.keys[window.document.id])
    first = bisect_left(sentences, window.start, key=lambda span: span[1] - 1)
    beyond = bisect_left(sentences, window.end, key=lambda span: span[0])
    spans = cuts.pieces(
        window.document.text, voices, window.start, window.end, sentences[first:beyond], comments, wanted
    )
    return [replace(window, start=start, end=end) for start, end in spans]


def only_asks(text: str) -> bool:
    """Whether every sentence of a text is a question."""
    return text.rstrip(" \t\r\n\"'”’»)]").endswith("?") and not set(text) & {".", "!", "…"}


def bearing(window: Window, query: Query) -> float:
    """How well one piece of a window bears on the question, beside another one of it: by meaning and by words."""
    return DENSE_WEIGHT * window.cosine + (1 - DENSE_WEIGHT) * coverage(query, window.text)


def _runs(
    sentences: Sequence[tuple[int, int]], start: int, end: int, apart: Mapping[int, VoiceKind], left_out: Set[int]
) -> list[range]:
    """Every run of two sentences that begins inside a passage; of one where the next is of another sort.

    Args:
        apart: the sentences of readers and of the browser.
        left_out: those that may be in no run.
    """
    first = bisect_left(sentences, start, key=lambda span: span[1] - 1)
    beyond = bisect_left(sentences, end, key=lambda span: span[0])
    runs: list[range] = []
    for at in range(first, beyond):
        if at not in left_out:
            until = min(at + _SENTENCES, len(sentences))
            other = (next for next in range(at, until) if next in left_out or apart.get(next) is not apart.get(at))
            runs.append(range(at, next(other, until)))
    return runs


def _bm25(query: Query, bags: Sequence[Counter[str]]) -> np.ndarray:
    """How well each bag of words matches the question's, with their rarity among these bags."""
    lengths = np.array([sum(bag.values()) for bag in bags], float)
    mean = lengths.mean() if len(bags) else 1.0
    scores = np.zeros(len(bags))
    for term in query.terms:
        counts = np.array([_count(term, bag) for bag in bags], float)
        holding = int((counts > 0).sum())
        rarity = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
        scores += rarity * counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * lengths / max(mean, 1e-9)))
    return scores


def _count(term: Term, bag: Counter[str]) -> int:
    return sum(bag[form] for form in term.stems)


def heights(query: Query, windows: Sequence[Window]) -> list[float]:
    """How many standard deviations each window stands above their mean, by meaning and words weighed as in a digest."""
    lexical = _bm25(query, [Counter(stems(window.text)) for window in windows])
    cosines = np.array([window.cosine for window in windows])
    return [float(h) for h in DENSE_WEIGHT * _standard(cosines) + (1 - DENSE_WEIGHT) * _standard(lexical)]


def _stretched(scores: np.ndarray) -> np.ndarray:
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.zeros(len(scores))


def _standard(scores: np.ndarray) -> np.ndarray:
    """In standard deviations from the mean: one outlier does not flatten the rest, as stretching to 0..1 would."""
    spread = scores.std() if len(scores) else 0.0
    return (scores - scores.mean()) / spread if spread else np.zeros(len(scores))


def cross(first: Window, second: Window) -> bool:
    """Whether two windows share words of their document."""
    return first.document.id == second.document.id and min(first.end, second.end) > max(first.start, second.start)


def overlap(first: Window, second: Window) -> bool:
    """Whether two windows share words, or say the same in nearly the same ones."""
    if cross(first, second):
        return True
    return bool(fuzz.ratio(first.text, second.text, score_cutoff=_SAME))
