"""Articles in, any number of articles out: the first are those, the others are made from them, no two alike.

In a varied article every name, number and date is another one, two content words in five are others (drawn with the
frequencies that they have in the whole set, so that a question finds its words as often as in real text), and the
sentences of a paragraph stand in another order. So it has its original's length and subject, shares too few runs of
words with it, or with another of its kind, to count as a copy, and reads like nonsense. The same number always gives
the same article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from zlib import crc32

import numpy as np

from index.embed import LocalEmbedder, Vectors
from index.generation import Generation
from index.terms import STOPWORDS
from tests.bench.sets import Article

NOISE = 0.02  # standard deviation in each of the 384 dimensions, of a recalled vector
_OTHER_WORDS = 0.4  # share of the content words
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[\W_]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
_ENDS = re.compile(r"[.!?:\n“\"]\s*$")  # what follows begins a sentence, so its capital says nothing
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MARK = re.compile(r", no\. (\d+)-\d+\Z")
_FIRST_DAY, _DAYS_LONG = date(2012, 1, 1), 3650
_CHANGED = 1_000  # varieties from here on are those of articles that were edited


class Varied:
    """Articles numbered from 0 on, without end."""

    def __init__(self, originals: Sequence[Article]) -> None:
        self.originals = originals

    def shortened(self, share: float) -> Varied:
        """The same with the beginnings of the articles."""
        texts = [article.text[: max(40, int(share * len(article.text)))] for article in self.originals]
        return Varied([replace(article, text=text) for article, text in zip(self.originals, texts, strict=True)])

    def article(self, number: int, edition: int = 0) -> Article:
        """One of them.

        Args:
            edition: counts how often it was edited; each time all of it changes.
        """
        copy, origin = divmod(number, len(self.originals))
        original = self.originals[origin]
        path = _dated(original.path, number)
        variety = copy + _CHANGED * edition
        if not variety:
            return Article(path, original.title, original.text)
        # From the numbers alone: whichever article is made first, each comes out the same.
        other = _Changed(random.Random(f"{origin} {variety}"), self._names, self._words)
        title = f"{other.line(original.title)}, no. {origin}-{variety}"
        return Article(path, title, "\n".join(map(other.paragraph, original.text.split("\n"))))

    @cached_property
    def _names(self) -> list[str]:
        return [token for kind, token in self._told_apart if kind == "name"]

    @cached_property
    def _words(self) -> list[str]:
        return [token for kind, token in self._told_apart if kind == "word"]

    @cached_property
    def _told_apart(self) -> list[tuple[str, str]]:
        return [
            (kind, token)
            for article in self.originals
            for kind, token in _kinds(_TOKEN.findall(article.text))
            if kind in ("name", "word")
        ]


class _Changed:
    """The changes of one article: a name that occurs twice becomes the same other name."""

    def __init__(self, chance: random.Random, names: list[str], words: list[str]) -> None:
        self._chance, self._names, self._words = chance, names, words
        self._renamed: dict[str, str] = {}

    def paragraph(self, text: str) -> str:
        sentences = _SENTENCE.split(text)
        self._chance.shuffle(sentences)
        return " ".join(map(self.line, sentences))

    def line(self, text: str) -> str:
        return "".join(self._changed(kind, token) for kind, token in _kinds(_TOKEN.findall(text)))

    def _changed(self, kind: str, token: str) -> str:
        if kind == "number":
            return self._number(token)
        if kind == "name" or token in self._renamed:
            if token in _MONTHS or token in _DAYS:
                return self._chance.choice(_MONTHS if token in _MONTHS else _DAYS)
            if token not in self._renamed:
                self._renamed[token] = self._chance.choice(self._names) if self._names else token
            return self._renamed[token]
        if kind == "word" and self._words and self._chance.random() < _OTHER_WORDS:
            return self._chance.choice(self._words)
        return token

    def _number(self, token: str) -> str:
        if len(token) == 4 and token[:2] in ("19", "20"):
            return str(self._chance.randrange(1950, 2027))
        return "".join(str(self._chance.randrange(at == 0 and len(token) > 1, 10)) for at in range(len(token)))


def _kinds(tokens: Sequence[str]) -> list[tuple[str, str]]:
    """Each token with what it is: name, number, word (a content word), other."""
    found, before = [], "\n"
    for token in tokens:
        if token[0].isdigit():
            kind = "number" if token.isascii() else "other"
        elif not token[0].isalpha() or len(token) < 3 or token.lower() in STOPWORDS:
            kind = "other"
        elif token[0].isupper():
            kind = "other" if _ENDS.search(before) else "name"
        else:
            kind = "word"
        found.append((kind, token))
        before = token
    return found


def _dated(path: str, number: int) -> str:
    """A file name that says when the article came out: ten years, in no order."""
    folder = path.split("/")[0]
    return f"{folder}/{_FIRST_DAY + timedelta(days=number * 7_919 % _DAYS_LONG)}-{number:07}.txt"


class RecalledEmbedder(LocalEmbedder):
    """For a passage of an article the real vector of the passage it was made from, plus noise; at no cost.

    That is the passage of its original that shares most words with it; where it has the very same, there is no noise.
    Any other text is really embedded, and vectors can be compared with the real ones: hence the same fingerprint. How near a varied passage is to a question is a guess, so nothing that depends on it may be reported as
    quality.
    """

    def __init__(self, originals: Generation, titles: Sequence[str]) -> None:
        """Read the passages.

        Args:
            titles: of the originals, which bear no number; in their order.
        """
        super().__init__()
        self._matrix = originals.matrix
        self._passages: dict[int, list[tuple[int, frozenset[str]]]] = {}
        self._titles = {title: number for number, title in enumerate(titles)}
        numbers = {entry.key: int(entry.id.rpartition("-")[2].split(".")[0]) for entry in originals.library.entries}
        for row, (_, key, start, end) in enumerate(originals.library.passage_table.tolist()):
            text = originals.library.document(key).text[start:end]
            self._passages.setdefault(numbers[key], []).append((row, _words(text)))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order."""
        rows = [self._recalled(text) for text in texts]
        others = [text for text, row in zip(texts, rows, strict=True) if row is None]
        real = iter(super().embed(others) if others else ())
        return np.array([next(real) if row is None else row for row in rows], np.float32)

    def _recalled(self, text: str) -> np.ndarray | None:
        title = text.partition("\n")[0]
        mark = _MARK.search(title.rstrip())
        number = int(mark[1]) if mark else self._titles.get(title)
        if number is None:
            return None
        words = _words(text)
        shared = [
            (len(words & known) / len(words | known) if words else 0.0, row) for row, known in self._passages[number]
        ]
        share, row = max(shared)
        if share == 1:
            return self._matrix[row]
        noise = np.random.default_rng(crc32(text.encode("utf-8", "replace"))).normal(0, NOISE, self.dimensions)
        vector = self._matrix[row] + noise
        return (vector / np.linalg.norm(vector)).astype(np.float16).astype(np.float32)


def _words(text: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(text))
