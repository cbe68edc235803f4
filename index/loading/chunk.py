"""A document's text in, its passages and its sentences out, both as exact offsets.

LlamaIndex's splitter decides where a passage ends; the offsets are ours. The splitter finds its own by searching
for the passage's text, and takes an earlier twin where a document repeats itself (tables, bullets, page headers).
Without overlap each passage begins where the one before it ended, so there is nothing to search for.

The one file that imports LlamaIndex's splitter. Knows no embedding model: it is handed a way to count tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from index.loading.sentences import every_sentence
from index.types import Span

# Long texts are handed to the splitter in blocks of about this many characters, cut at a line break where there is
# one: it measures the whole text again at each level of splitting, and recurses.
_BLOCK = 50_000
_MIN_WORDS = 6  # a shorter sentence is joined to the one after it
_MAX_WORDS = 60  # a longer one is cut, so that no quote is without bound
_WORD = re.compile(r"\S{1,40}")  # what has no space for longer, as nobody's words have, counts as several


class Chunker:
    """Cuts texts into passages of at most `size` tokens, as counted by `tokens`."""

    def __init__(self, tokens: Callable[[str], int], size: int) -> None:
        self._tokens = tokens
        self._size = size

    @property
    def fingerprint(self) -> str:
        """Changes when the same text would be cut differently."""
        return f"sentences, bounded words, {self._size}/0"

    def passages(self, text: str) -> tuple[Span, ...]:
        """Spans that follow one another without gap or overlap from the first character to the last."""
        starts = list(self._starts(text)) if text else []  # of no text the splitter makes one empty piece
        if not starts:
            return ()
        starts[0] = 0  # white space before the first passage belongs to it
        return tuple(zip(starts, [*starts[1:], len(text)], strict=True))

    def _starts(self, text: str) -> Iterator[int]:
        for begin, end in _blocks(text):
            block, cursor = text[begin:end], 0
            for piece in self._splitter.split_text(block):
                start = block.find(piece, cursor)
                if start < 0:
                    raise AssertionError(f"the splitter returned text that is not in the block at {begin}: {piece!r}")
                cursor = start + len(piece)
                yield begin + start

    @cached_property
    def _splitter(self) -> Any:
        from llama_index.core.node_parser import SentenceSplitter

        return SentenceSplitter(chunk_size=self._size, chunk_overlap=0, tokenizer=self._measure)

    def _measure(self, text: str) -> range:
        """What the splitter takes the length of. A "word" without spaces is one token to the model, however long."""
        # That a whole article is far too long is all the splitter has to know; counting it takes as long as the rest.
        # What is no token at all counts as one: of size 0 the splitter would say it again in the next passage.
        return range(len(text) // 4 if len(text) > 12 * self._size else max(1, self._tokens(text), len(text) // 16))


def sentences(text: str) -> tuple[Span, ...]:
    """Spans of the sentences in order, without the white space around them.

    A line break ends a sentence. Sentences under six words are joined to the next one of their line (or, at its end,
    to the one before), and those over sixty are cut at a comma, semicolon, colon or dash, or else at a space, or else
    anywhere. Forty characters without a space count as a word, so that none is without bound.
    """
    found: list[Span] = []
    for line in re.finditer(r"[^\r\n\f\v\u2028\u2029]+", text):
        spans: list[Span] = []
        for start, end in every_sentence(text, line.start(), line.end()):
            spans.extend(_bounded(text, start, end))
        found.extend(_joined(text, spans))
    return tuple(found)


def _blocks(text: str) -> Iterator[Span]:
    begin = 0
    while len(text) - begin > _BLOCK:
        end = begin + _BLOCK
        for mark in ("\n\n", "\n", ". ", " "):
            cut = text.rfind(mark, begin + _BLOCK // 2, end)
            if cut >= 0:
                end = cut + len(mark)
                break
        yield begin, end
        begin = end
    yield begin, len(text)


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    words = [(match.start(), match.end()) for match in _WORD.finditer(text, start, end)]
    if not any(letter.isalnum() for letter in text[start:end]):
        return  # a rule, a row of stars
    while len(words) > _MAX_WORDS:
        cuts = range(_MAX_WORDS, _MAX_WORDS // 2, -1)
        whole = [i for i in cuts if words[i - 1][1] < words[i][0]]  # with white space behind them
        cut = next((i for i in whole if text[words[i - 1][1] - 1] in ",;:–—"), whole[0] if whole else _MAX_WORDS)
        yield words[0][0], words[cut - 1][1]
        words = words[cut:]
    if words:
        yield words[0][0], words[-1][1]


def _joined(text: str, spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    waiting: int | None = None  # the start of short sentences that wait for a next one
    for start, end in spans:
        begin = start if waiting is None else waiting
        if _count(text, begin, end) < _MIN_WORDS:
            waiting = begin
            continue
        joined.append((begin, end))
        waiting = None
    if waiting is not None:
        last = spans[-1][1]
        if joined and _count(text, joined[-1][0], last) <= _MAX_WORDS:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((waiting, last))
    return joined


def _count(text: str, start: int, end: int) -> int:
    return sum(1 for _ in _WORD.finditer(text, start, end))
