"""Words in, the other documents that hold the same words out: what came into several documents from one place.

Between the content words of a stretch FTS5 finds every passage in which four of them stand as close together as here;
the words of these passages are then compared one by one. A shared run counts from eight content words on, most of them
no names: shorter ones are idioms, titles and lists of countries.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.library import Library
from index.terms import STOPWORDS, fold
from index.types import Span

_WORD = re.compile(r"[^\W_]+")
_CONTENT = 8  # content words from which on two stretches are the same words; set by hand
_LOWER = 6  # of these, the ones that are no names
_ANCHOR = 4  # content words that are searched together; any run of seven holds one such group whole
_PASSAGES = 200  # looked at for one stretch
# Words in more documents than this, as a share of the corpus and at least so many, are a line that a paper prints
# under everything, or puts between its paragraphs: of fifty pairs drawn with a share of .05, 49 were such lines.
_BOILERPLATE, _BOILERPLATE_FEWEST = 0.004, 12


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, as it is compared."""

    folded: str
    start: int
    end: int
    name: bool  # written with a capital, or a number

    @property
    def content(self) -> bool:
        """Whether it says anything by itself."""
        return self.folded not in STOPWORDS


@dataclass(frozen=True, slots=True)
class Shared:
    """A run of words that stands in a second document too."""

    document: int  # the key of the other one
    here: Span  # in the text given
    there: Span  # in the other document


def read(text: str) -> list[Word]:
    """The words of a text, in order."""
    found = (match for match in _WORD.finditer(text))
    return [Word(fold(w.group()), w.start(), w.end(), not w.group()[0].islower()) for w in found]


def elsewhere(text: str, library: Library, but: Collection[int]) -> tuple[Shared, ...]:
    """The longest run that each other document shares with a text; none of a line that stands under everything.

    Args:
        but: keys of documents that do not count: the text's own, which may say the same twice.
    """
    given = read(text)
    best: dict[int, tuple[int, Shared]] = {}
    for key in library.near(_anchors(given), _PASSAGES):
        document, start, end = library.span(key)
        if document in but:
            continue
        words = read(library.document(document).text[start:end])
        if run := longest_run(given, words):
            at, to, length = run
            here = given[at].start, given[at + length - 1].end
            there = start + words[to].start, start + words[to + length - 1].end
            if document not in best or length > best[document][0]:
                best[document] = length, Shared(document, here, there)
    if len(best) > max(_BOILERPLATE_FEWEST, _BOILERPLATE * len(library.entries)):
        return ()
    return tuple(shared for _, shared in (best[key] for key in sorted(best)))


def longest_run(one: Sequence[Word], other: Sequence[Word]) -> tuple[int, int, int] | None:
    """The longest run of words that two texts share and that says enough to be no accident.

    Returns where it begins in either, and its length in words.
    """
    places: dict[str, list[int]] = {}
    for at, word in enumerate(one):
        places.setdefault(word.folded, []).append(at)
    best: tuple[int, int, int] | None = None
    running: dict[int, int] = {}  # by where a run ends in the first: its length
    for to, word in enumerate(other):
        running = {at: running.get(at - 1, 0) + 1 for at in places.get(word.folded, ())}
        for at, length in running.items():
            longer = length >= _CONTENT and (best is None or length > best[2])
            if longer and _says_enough(one[at - length + 1 : at + 1]):
                best = at - length + 1, to - length + 1, length
    return best


def _says_enough(run: Sequence[Word]) -> bool:
    content = [word for word in run if word.content]
    return len(content) >= _CONTENT and sum(not word.name for word in content) >= _LOWER


def _anchors(given: Sequence[Word]) -> list[tuple[tuple[str, ...], int]]:
    """Content words that stand together, and how many words lie between the first and the last of them."""
    content = [at for at, word in enumerate(given) if word.content]
    if len(content) < _CONTENT:
        return []
    groups = (content[at : at + _ANCHOR] for at in range(0, len(content) - _ANCHOR + 1, _ANCHOR))
    return [(tuple(given[at].folded for at in group), group[-1] - group[0] - 1) for group in groups]
