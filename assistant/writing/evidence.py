"""The best windows for a question in, the numbered passages that a model is shown out, and their text in a prompt.

    windows ─► room for every side ─► with the sentences around, while the context lasts ─► joined ─► numbered

What a document says stands between boundaries that no document can know, names of speakers among it; label and date are
written by code outside of them, and who speaks is found by code. Which passages are shown does not depend on what a
perspective is called. A reader's comment is shown only where the question asks for comments, residue never.
"""

from __future__ import annotations

import re
import secrets
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from sys import maxsize
from types import MappingProxyType

from assistant.answering.digest import Window
from assistant.checking import cuts
from assistant.checking.quotes import visible
from assistant.writing import blocks
from index.balance import diversify
from index.library import Library
from index.query import Query
from index.retrieve import FLOOR_COSINE, FLOOR_COVERAGE, Retriever, coverage
from index.types import Document, Label, Provenance, Source, Voice, VoiceKind, Voices

# Sentences before and after a window: who "he" is, and what "it" was. In a small context they push out more of the
# evidence than they explain (LOG.md).
_AROUND, _ROOMY = 1, 4_000
_OF_A_CROWD = 4  # windows of one side in a crowd, beside its first one
_LEADING = 8  # windows of a side that are tried for its place
_DIVERSIFIED = 100  # windows brought into an order that compares; more take long and find no room
_NOVELTY = 0.5  # weight of sides not shown yet, where a question compares
# Tokens of what code writes: above a source, and for each of its labels whatever their length.
_TOKENS_HEAD, _TOKENS_LABEL = 28, 25
_STAND_IN = "0" * 12  # as long as a boundary, to count tokens by
_TITLE = 160  # characters of a title
_LABEL = 60  # of a perspective's name

_NO_VOICES = Voices()
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
# What whoever opens a Markdown file in a browser does not see. One that is never closed hides the rest of the file.
_COMMENT = re.compile(r"<!--.*?-->|^ {0,3}<!--.*", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage as a model is shown it: whole sentences of one speaker, with a number valid for one request."""

    number: int  # from 1
    document: Document
    source: Source
    start: int
    end: int
    score: float  # cosine similarity to the question of the nearest window in it
    voices: Voices = _NO_VOICES  # of the document
    speaker: Voice = blocks.AUTHOR  # of the passage as a whole; others may speak inside of its sentences

    @property
    def text(self) -> str:
        """Exactly the slice."""
        return self.document.text[self.start : self.end]


class _Shelf:
    """The sentences taken so far, and how many tokens are left."""

    def __init__(self, retriever: Retriever, library: Library, budget: int, *, comments: bool) -> None:
        self.left = budget
        self._retriever, self._library = retriever, library
        self._around = _AROUND if budget >= _ROOMY else 0
        self._comments = comments
        self._taken: dict[str, dict[int, float]] = {}  # of each document: the sentences, with their scores
        self._read: dict[str, _Read] = {}
        self._said: set[str] = set()

    def holds(self, window: Window) -> bool:
        """Whether all of a window is taken."""
        return all(at in self._taken.get(window.document.id, {}) for at in self._stretch(window, 0))

    def says(self, window: Window) -> bool:
        """Whether every sentence of a window is shown, word for word, in this document or in another."""
        return all(self._document(window).text(at) in self._said for at in self._stretch(window, 0))

    def add(self, window: Window, room: int, around: int | None = None) -> bool:
        """Take a window with the sentences around it, if that costs no more than there is room for."""
        return self._take(window, self._stretch(window, self._around if around is None else around), room)

    def add_one(self, windows: Sequence[Window], room: int) -> None:
        """Take the first window that there is room for; where there is none, the first sentence of one."""
        if any(self.add(window, room, around) for window in windows for around in (self._around, 0)):
            return
        ways = [(window, [at]) for window in windows for at in self._stretch(window, 0)]
        if not any(self._take(*way, room) for way in ways):
            any(self._take(*way, self.left) for way in sorted(ways, key=lambda way: self._cost(*way)))

    def evidence(self) -> tuple[Evidence, ...]:
        """What was taken, numbered; sentences of one speaker that follow one another are one passage."""
        shown: list[Evidence] = []
        for id, scores in self._taken.items():
            read, source = self._read[id], self._retriever.sources(id)
            for run in read.runs(scores):
                start, end = read.sentences[run[0]][0], read.sentences[run[-1]][1]
                score = max(scores[at] for at in run)
                shown.append(
                    Evidence(
                        len(shown) + 1, read.document, source, start, end, score, read.voices, read.speaker(run[0])
                    )
                )
        return tuple(shown)

    def _take(self, window: Window, stretch: Sequence[int], room: int) -> bool:
        cost = self._cost(window, stretch)
        if cost > room or not cost:
            return False
        self.left -= cost
        read = self._document(window)
        scores = self._taken.setdefault(window.document.id, {})
        for at in stretch:
            scores[at] = max(scores.get(at, -1.0), window.cosine)
            self._said.add(read.text(at))
        return True

    def _cost(self, window: Window, stretch: Sequence[int]) -> int:
        """In tokens, at most; 0 where nothing is new."""
        id = window.document.id
        taken = self._taken.get(id, {})
        new = [at for at in stretch if at not in taken]
        if not new:
            return 0
        read = self._document(window)
        cost = sum(tokens(read.text(at)) for at in new) + read.around({*taken, *new}) - read.around(taken)
        return max(cost, 1) if taken else cost + _head_cost(self._retriever.sources(id))

    def _stretch(self, window: Window, around: int) -> list[int]:
        """The sentences of a window, with some around it, that may be shown."""
        read = self._document(window)
        return [at for at in _covered(read.sentences, window, around) if at not in read.hidden]

    def _document(self, window: Window) -> _Read:
        id = window.document.id
        if id not in self._read:
            sentences = self._library.sentences(self._retriever.keys[id])
            self._read[id] = _Read(window.document, sentences, self._retriever.voices(id), comments=self._comments)
        return self._read[id]


class _Read:
    """A document as it is read for passages: its sentences, and who speaks in them. Each is looked at once."""

    def __init__(
        self, document: Document, sentences: Sequence[tuple[int, int]], voices: Voices, *, comments: bool
    ) -> None:
        self.document, self.sentences, self.voices = document, sentences, voices
        apart = cuts.apart(voices, sentences)
        self.hidden = {at for at, kind in apart.items() if not (comments and kind is VoiceKind.COMMENT)}
        self.speaker = cache(self._speaker)
        self._quoted = cache(self._quoted_in)
        self._around = cache(self._around_run)

    def text(self, at: int) -> str:
        """Exactly a sentence."""
        return self.document.text[slice(*self.sentences[at])]

    def runs(self, numbers: Iterable[int]) -> list[range]:
        """These sentences as passages: what follows one another and has one speaker."""
        made: list[range] = []
        for at in sorted(numbers):
            if made and made[-1].stop == at and blocks.same(self.speaker(made[-1].start), self.speaker(at)):
                made[-1] = range(made[-1].start, at + 1)
            else:
                made.append(range(at, at + 1))
        return made

    def around(self, numbers: Iterable[int]) -> int:
        """The tokens of what code writes around the passages that these sentences make, who speaks included."""
        return sum(self._around(run) for run in self.runs(numbers))

    def _around_run(self, run: range) -> int:
        others = [voice for at in run for voice in self._quoted(at)]
        return tokens(_passage(99, 99, blocks.line(self.speaker(run.start), others, _STAND_IN), "", _STAND_IN) + "\n\n")

    def _speaker(self, at: int) -> Voice:
        return blocks.block(self.document.text, self.voices, self.sentences, at)

    def _quoted_in(self, at: int) -> tuple[Voice, ...]:
        return blocks.quoted(self.document.text, self.voices, self.sentences[at], self.speaker(at))


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
    comments: bool = False,
    crowds: Mapping[str, int] = MappingProxyType({}),
) -> tuple[Evidence, ...]:
    """The passages to show, within a budget of tokens; grouped by document, the document with the best window first.

    Each side that has a window above the floor comes first, with an equal share of what is left, so that a small
    context is divided fairly; then the rest in the order of their scores.

    Args:
        comments: whether the question asks for what readers wrote.
        crowds: by its path, the number of the crowd that a document is in: of many that say one thing in other words.
    """
    sides = [_sides(retriever.sources(window.document.id)) for window in windows]
    shelf = _Shelf(retriever, library, budget, comments=comments)
    leading = _leading(query, windows, sides)
    for place, near in enumerate(leading):
        if not any(shelf.holds(window) for window in near):
            shelf.add_one(near, shelf.left // (len(leading) - place))
    shown: Counter[tuple[int, tuple[str, ...]]] = Counter()
    for window in _order(windows, sides, comparing=comparing):
        crowd = crowds.get(window.document.id)
        place = None if crowd is None else (crowd, _sides(retriever.sources(window.document.id)))
        if place and shown[place] >= _OF_A_CROWD:
            continue
        if not shelf.says(window) and shelf.add(window, shelf.left) and place:
            shown[place] += 1
    return shelf.evidence()


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
        others = blocks.quoted(entry.document.text, entry.voices, (entry.start, entry.end), entry.speaker)
        line = blocks.line(entry.speaker, others, boundary)
        parts.append(_passage(entry.number, place, line, _quoted(entry), boundary))
    return "\n\n".join(parts)


def _passage(number: int, source: int, line: str, text: str, boundary: str) -> str:
    return f"PASSAGE {number} (of source {source}) · {line}\n<<{boundary}\n{text}\n{boundary}>>"


def boundary(evidence: Sequence[Evidence], draw: Callable[[], str] = lambda: secrets.token_hex(6)) -> str:
    """Letters that stand nowhere in what is shown, drawn anew for each request."""
    shown = render(evidence, "")
    while (drawn := draw()) in shown:
        pass
    return drawn


def _sides(source: Source) -> tuple[str, ...]:
    """What a source is given room for: the perspectives that its owner gave it. All others share one place.

    A document that names its own would take the place of the side that it names, or one of its own in every copy.
    """
    given = tuple(
        label.perspective.id
        for label in source.labels
        if label.provenance not in (Provenance.SELF_DECLARED, Provenance.UNKNOWN)
    )
    return given or ("",)


def _leading(query: Query, windows: Sequence[Window], sides: Sequence[tuple[str, ...]]) -> list[list[Window]]:
    """Some windows of each side that are above the floor, best first; the side with the best window first."""
    near: dict[str, list[Window]] = {}
    for window, mine in zip(windows, sides, strict=True):
        wanted = [side for side in mine if len(near.get(side, ())) < _LEADING]
        if wanted and window.cosine >= FLOOR_COSINE and coverage(query, window.text) >= FLOOR_COVERAGE:
            for side in wanted:
                near.setdefault(side, []).append(window)
    return list(near.values())


def _order(windows: Sequence[Window], sides: Sequence[tuple[str, ...]], *, comparing: bool) -> Sequence[Window]:
    """Best first; where a question compares, sides not shown yet come forward."""
    if not comparing:
        return windows
    first = windows[:_DIVERSIFIED]
    scores = [window.score for window in first]
    order = diversify(scores, sides[:_DIVERSIFIED], len(first), lambda _: _NOVELTY, lambda *_: True)
    return [*(first[at] for at in order), *windows[_DIVERSIFIED:]]


def _covered(sentences: Sequence[tuple[int, int]], window: Window, around: int) -> range:
    first = max(0, bisect_right(sentences, (window.start, maxsize)) - 1)
    last = bisect_right(sentences, (max(window.start, window.end - 1), maxsize)) - 1
    return range(max(0, first - around), min(len(sentences), last + 1 + around))


def _head(entry: Evidence) -> str:
    """What is known of a source from its owner, in words of code."""
    facts = [f"perspective: {' / '.join(_label(label) for label in entry.source.labels)}"]
    # Only a date is a fact of ours: a pattern takes whatever a file's name holds in its place.
    published = entry.source.published or ""
    facts += [f"published: {published}"] if _DATE.fullmatch(published) else ["date not known"]
    return " · ".join(facts)


def _label(label: Label) -> str:
    # A document's own word for its side is the document's text, and stays out of what code says.
    if label.provenance is Provenance.SELF_DECLARED:
        return "named by the document itself, not confirmed"
    if label.provenance is Provenance.UNKNOWN:
        return "not labelled"
    return f"{blocks.one_line(label.perspective.label, _LABEL)} ({label.provenance})"


def _title(entry: Evidence, boundary: str) -> str:
    facts = [f"title: <<{boundary} {visible(' '.join(entry.source.title.split()))[:_TITLE]} {boundary}>>"]
    if entry.source.outlet:
        facts.append(f"outlet: <<{boundary} {visible(' '.join(entry.source.outlet.split()))[:_TITLE]} {boundary}>>")
    return " · ".join(facts)


def _quoted(entry: Evidence) -> str:
    text = entry.text
    if entry.document.id.lower().endswith(".md"):
        # Looked for in the whole document: a comment may begin in one passage and end in another.
        for hidden in reversed([*_COMMENT.finditer(entry.document.text)]):
            start, end = max(hidden.start(), entry.start) - entry.start, min(hidden.end(), entry.end) - entry.start
            text = text[:start] + text[end:] if start < end else text
    return visible(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")


def _head_cost(source: Source) -> int:
    """Of what stands above a source, at most. What its perspectives are called does not count."""
    titles = tokens(source.title[:_TITLE]) + (tokens(source.outlet[:_TITLE]) + _TOKENS_LABEL if source.outlet else 0)
    return _TOKENS_HEAD + _TOKENS_LABEL * len(source.labels) + titles
