"""Texts in, what may be said of a word in them out: whether it is small, plural, or stands where a noun stands.

No parser: what passages write behind an article or a preposition, and before the end of the phrase, is a noun. Pure
functions; the lists are of English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.speaking.lexicon import PREPOSITIONS
from index.terms import STOPWORDS, fold

ARTICLES = frozenset({"the", "a", "an"})
# Before a noun; a phrase behind one of them is asked about without it.
BEFORE = (
    (PREPOSITIONS - {"to"}) | ARTICLES | frozenset("this that these those its their his her our no any some".split())
)
WORD = re.compile(r"[^\W\d_]\w*(?:[-‐‑’'][^\W_]+)*(?:\+|[’'](?= \w))?|\d+-[^\W\d_]+|\b\d{4}\b")
# Within a sentence, so that it is no first word with a capital.
NAME = re.compile(
    r"(?<=[a-z,] )(?P<name>[A-ZÀ-ÖØ-Þ][\w’-]+\w(?: (?:of (?:the )?)?[A-ZÀ-ÖØ-Þ][\w’-]+\w)*)(?![’'\w-]| [A-ZÀ-ÖØ-Þ])"
)
# In front of a noun they say when, which or how many, or compare: no thing is named by them.
PLAIN = frozenset(
    """last next first second third new old same current former recent whole entire main major following previous past
    present early late such many several two three four five six seven eight nine ten hundred thousand million
    billion big large small long short high low full different certain various only real true great good bad best
    better worse worst lot way single yesterday tomorrow thing things fact case point part number kind sort side end
    year years month months week weeks day days today monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december mr mrs ms dr latter course
    example instance people time somebody someone anybody anyone everybody everyone something anything everything
    nobody nothing""".split()
)
_END = rf"(?=\W*$|[^\w\s’'-]|\n|\s(?:{'|'.join(sorted(STOPWORDS))})\b)"


class Nouns:
    """What some texts write as a noun."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "\n".join(texts)
        self._names = {match["name"] for match in NAME.finditer(self._text)}

    def stand(self, words: Sequence[str], *, between: int = 2) -> bool:
        """Whether these words stand as a noun does: behind a small one, so many others between, and before one."""
        small = "|".join(sorted(BEFORE))
        return self._found(rf"\b(?:{small}) (?:[\w’'-]+ ){{0,{between}}}?{_spaced(words)}{_END}", re.IGNORECASE)

    def are_written(self, words: Sequence[str]) -> bool:
        """Whether these words stand anywhere, as they are."""
        return self._found(rf"(?<!\w){_spaced(words)}(?!\w)")

    def is_adjective(self, word: str) -> bool:
        """Whether a word with a capital is an adjective of a name that the texts hold."""
        return any(is_adjective(word, name) for name in self._names)

    def have_article(self, name: str, share: float = 0.5) -> bool:
        """Whether the texts write "the" before a name, in more than a share of its places."""
        found = re.findall(rf"(?<!\w)(the )?{re.escape(name)}(?!\w)", self._text)
        return sum(map(bool, found)) > share * len(found)

    def _found(self, pattern: str, flags: int = 0) -> bool:
        return bool(re.search(pattern, self._text, flags))


def _spaced(words: Sequence[str]) -> str:
    return r"\s+".join(map(re.escape, words))


def is_small(word: str) -> bool:
    """Whether a word names nothing; US is a name, and us is none."""
    return fold(word) in STOPWORDS and not (len(word) > 1 and word.isupper())


def is_adjective(name: str, other: str) -> bool:
    """Whether a name is an adjective of another one, as "Russian" of "Russia"."""
    adjective = name.endswith(("an", "ans", "ish", "ese", "ic", "ch"))
    return adjective and name != other and len(other) > 3 and name[:4] == other[:4] and len(name) >= len(other)


def is_plural(word: str) -> bool:
    """Whether a word ends as one for several things does."""
    word = fold(word)
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "’s", "'s"))
