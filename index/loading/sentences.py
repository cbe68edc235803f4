"""A paragraph in, where its sentences stand in the text out.

The one file that imports sentencex, which finds the ends of sentences and knows nothing of quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sentencex import get_sentence_boundaries  # pyright: ignore[reportAttributeAccessIssue] # it is compiled, untyped

from index.speaking.marks import MARKS, Quote
from index.types import Span

# The library ends a sentence after them, although a name follows: "Sen. | Warren said".
_ABBREVIATED = re.compile(
    r"\b(?:Ms|Mr|Mrs|Dr|Messrs|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Cmdr|Adm|Prof|Rev|Hon|St|Ste|Mt|Ft|No|vs|[ap]\.m)\.$"
)
_HALF = re.compile("[\ud800-\udfff]")  # half a character, which the library refuses
_LONGEST_ABBREVIATION = len("Messrs.")
_FULL_STOPS = ".!?…"


def sentence_spans(text: str, start: int, end: int, quotes: Sequence[Quote]) -> list[Span]:
    """The sentences of the paragraph `text[start:end]`, in order, without the white space behind them.

    Args:
        quotes: of the paragraph, in order; whatever stands in one is no border.
    """
    return _spans(text, start, _masked(text, start, end, quotes))


def every_sentence(text: str, start: int, end: int) -> list[Span]:
    """The same, those inside of quotes too: "Go. Run." is two."""
    # The library never ends a sentence inside of quotation marks, so it is not shown them.
    return _spans(text, start, MARKS.sub(lambda mark: " " * len(mark.group()), text[start:end]))


def _spans(text: str, start: int, shown: str) -> list[Span]:
    spans: list[Span] = []
    last = start
    for found in get_sentence_boundaries("en", _HALF.sub("x", shown)):
        until = start + found["end_index"]
        first = last + len(text[last:until]) - len(text[last:until].lstrip())
        last = start + found["start_index"] + len(shown[found["start_index"] : found["end_index"]].rstrip())
        while last < until and not text[last].isspace():  # closing marks belong to what they close
            last += 1
        if spans and _is_abbreviated(text, *spans[-1]):
            spans[-1] = spans[-1][0], last
        elif last > first:
            spans.append((first, last))
    return spans


def _masked(text: str, start: int, end: int, quotes: Sequence[Quote]) -> str:
    """The paragraph with letters alone in its quotes, but for a full stop at their end: it may end the sentence too."""
    pieces: list[str] = []
    for quote in quotes:
        last = text[quote.end - 1]
        inside = "x" * (quote.end - quote.start - 1) + (last if last in _FULL_STOPS else "x")
        if text[quote.start].isupper() and len(inside) > 1:
            inside = "X" + inside[1:]  # it may begin a sentence
        pieces += (text[start : quote.start], inside)
        start = quote.end
    return "".join((*pieces, text[start:end]))


def _is_abbreviated(text: str, start: int, end: int) -> bool:
    return _ABBREVIATED.search(text, max(start, end - _LONGEST_ABBREVIATION), end) is not None
