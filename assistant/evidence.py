"""The best windows for a question in, the numbered passages that a model is shown out, and their text in a prompt.

    windows ─► room for every side ─► whole sentences around each ─► joined ─► cut to the model's context ─► numbered

What a document says stands between boundaries that no document can know; label, date and speaker are written by code
outside of them. Which passages are shown does not depend on what a perspective is called.
"""

from __future__ import annotations

import json
import secrets
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from sys import maxsize

from assistant.digest import Window
from assistant.quotes import visible
from index.balance import diversify
from index.library import Library
from index.query import Query
from index.retrieve import FLOOR_COSINE, FLOOR_COVERAGE, Retriever, coverage
from index.types import Document, Label, Provenance, Source

# Sentences before and after a window: who "he" is, and what "it" was. In a small context they push out more of the
# evidence than they explain (LOG.md).
_AROUND, _ROOMY = 1, 4_000
_NOVELTY = 0.5  # weight of sides not shown yet, where a question compares
_TOKENS_HEAD = 60  # of what code writes above a source and around its passages
_TITLE = 160  # characters of a title
_LABEL = 60  # of a perspective's name


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage as a model is shown it: whole sentences, with a number valid for one request."""

    number: int  # from 1
    document: Document
    source: Source
    start: int
    end: int
    score: float  # cosine similarity to the question of the nearest window in it

    @property
    def text(self) -> str:
        """Exactly the slice."""
        return self.document.text[self.start : self.end]


def tokens(text: str) -> int:
    """How many tokens of a model a text takes, at most as far as is known: models differ, most take 4 bytes a token."""
    return len(text.encode("utf-8", "surrogatepass")) * 2 // 7 + 1


def choose(
    query: Query,
    windows: Sequence[Window],
    retriever: Retriever,
    library: Library,
    budget: int,
    *,
    comparing: bool,
) -> tuple[Evidence, ...]:
    """The passages to show, within a budget of tokens; grouped by document, the document with the best window first.

    The best window of each perspective that has one above the floor comes first, so that a small context is shared
    fairly; then the rest in the order of their scores.
    """
    order = _order(query, windows, retriever, comparing=comparing)
    taken: dict[str, set[int]] = {}  # sentences of each document
    documents: dict[str, Document] = {}
    scores: dict[tuple[str, int], float] = {}
    left = budget
    around = _AROUND if budget >= _ROOMY else 0
    for window in order:
        id, text = window.document.id, window.document.text
        sentences = library.sentences(retriever.keys[id])
        known = taken.get(id, set())
        new = [at for at in _stretch(sentences, window, around) if at not in known]
        cost = sum(tokens(text[slice(*sentences[at])]) for at in new) + (0 if id in taken else _TOKENS_HEAD)
        if cost > left or not new:
            continue
        left -= cost
        taken.setdefault(id, set()).update(new)
        documents[id] = window.document
        for at in _stretch(sentences, window, around):
            scores[id, at] = max(scores.get((id, at), -1.0), window.cosine)
    shown: list[Evidence] = []
    for id, chosen in taken.items():
        sentences = library.sentences(retriever.keys[id])
        for run in _runs(sorted(chosen)):
            start, end = sentences[run[0]][0], sentences[run[-1]][1]
            score = max(scores[id, at] for at in run)
            number = len(shown) + 1
            shown.append(Evidence(number, documents[id], retriever.sources(id), start, end, score))
    return tuple(shown)


def render(evidence: Sequence[Evidence], boundary: str) -> str:
    """The passages as a prompt has them."""
    parts: list[str] = []
    place = 0
    before: Document | None = None
    for entry in evidence:
        if before is None or entry.document.id != before.id:
            place += 1
            parts.append(f"SOURCE {place} · {_head(entry)}\n{_title(entry, boundary)}")
        before = entry.document
        parts.append(
            f"PASSAGE {entry.number} (of source {place}) · speaker: not worked out\n"
            f"<<{boundary}\n{_quoted(entry.text)}\n{boundary}>>"
        )
    return "\n\n".join(parts)


def boundary(evidence: Sequence[Evidence], draw: Callable[[], str] = lambda: secrets.token_hex(6)) -> str:
    """Letters that no passage holds, drawn anew for each request."""
    while True:
        drawn = draw()
        if not any(drawn in entry.document.text or drawn in (entry.source.title or "") for entry in evidence):
            return drawn


def _order(query: Query, windows: Sequence[Window], retriever: Retriever, *, comparing: bool) -> list[Window]:
    groups = [retriever.perspectives_of(window.document.id) for window in windows]
    first: dict[str, int] = {}
    for at, window in enumerate(windows):
        near = window.cosine >= FLOOR_COSINE and coverage(query, window.text) >= FLOOR_COVERAGE
        for group in groups[at]:
            if near:
                first.setdefault(group, at)
    leading = sorted(set(first.values()))
    if not comparing:
        return [windows[at] for at in (*leading, *(at for at in range(len(windows)) if at not in leading))]
    scores = [window.score for window in windows]
    ranked = diversify(scores, groups, len(windows), lambda _: _NOVELTY, lambda at, _: at not in leading)
    return [windows[at] for at in (*leading, *ranked)]


def _stretch(sentences: Sequence[tuple[int, int]], window: Window, around: int) -> range:
    first = max(0, bisect_right(sentences, (window.start, maxsize)) - 1)
    last = bisect_right(sentences, (max(window.start, window.end - 1), maxsize)) - 1
    return range(max(0, first - around), min(len(sentences), last + 1 + around))


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _head(entry: Evidence) -> str:
    """What is known of a source from its owner, in words of code."""
    facts = [f"perspective: {' / '.join(_label(label) for label in entry.source.labels)}"]
    facts += [f"published: {entry.source.published}"] if entry.source.published else ["date not known"]
    return " · ".join(facts)


def _label(label: Label) -> str:
    # A document's own word for its side is the document's text, and stays out of what code says.
    if label.provenance is Provenance.SELF_DECLARED:
        return "named by the document itself, not confirmed"
    if label.provenance is Provenance.UNKNOWN:
        return "not labelled"
    return f"{_line(label.perspective.label, _LABEL)} ({label.provenance})"


def _title(entry: Evidence, boundary: str) -> str:
    facts = [f"title: <<{boundary} {visible(' '.join(entry.source.title.split()))[:_TITLE]} {boundary}>>"]
    if entry.source.outlet:
        facts.append(f"outlet: <<{boundary} {visible(' '.join(entry.source.outlet.split()))[:_TITLE]} {boundary}>>")
    return " · ".join(facts)


def _line(text: str, most: int) -> str:
    """One line that cannot be taken for anything but a name."""
    return json.dumps(visible(" ".join(text.split()))[:most], ensure_ascii=False)


def _quoted(text: str) -> str:
    return visible(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
