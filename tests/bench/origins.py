"""What counting origins and looking for one-sided terms adds to an answer, on the news articles.

Answers are digests to titles as questions. Two sentences of each article are looked for elsewhere; fifty of the pairs,
drawn with a fixed seed, are written to a file: whether they share an origin is for a reader to say.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from assistant import Assistant
from assistant.answering import echo
from assistant.labelling.framing import Framing
from index import origins
from tests.bench import sets, stores
from tests.bench.options import Options
from tests.bench.table import Row, percentile

_PAIRS = 50
_FILE = "origins-to-read.txt"


def run(options: Options) -> list[Row]:
    """Times for each answer, and how many pairs were found."""
    store = stores.news(options)
    answered: list[float] = []
    echoed: list[float] = []
    termed: list[float] = []
    pairs: list[str] = []
    with Assistant.open(store.folder) as assistant, assistant.reader.pinned() as (generation, retriever):
        library = generation.library
        assistant.ask("What is said about the weather?")
        for title in sets.titles(options, options.questions):
            took, answer = _clocked(partial(assistant.ask, title))
            answered.append(took)
            echoed.append(_clocked(partial(echo.find, answer.citations, library, retriever))[0])
            quotes = [entry.quote for entry in answer.citations]
            termed.append(_clocked(partial(_named, Framing(library, retriever), quotes))[0])
        everywhere, found = _clocked(assistant.terms)
        for id, key in retriever.keys.items():
            document, sentences = library.document(key), library.sentences(key)
            at = random.Random(id).randrange(max(1, len(sentences) - 1)) if sentences else 0
            stretch = (
                document.text[sentences[at][0] : sentences[min(at + 1, len(sentences) - 1)][1]] if sentences else ""
            )
            own = {retriever.keys[copy] for copy in library.copies[id] if copy in retriever.keys}
            for shared in origins.elsewhere(stretch, library, own):
                other = library.document(shared.document)
                pairs.append(_shown(id, stretch, other.id, other.text, shared))
    drawn = random.Random(0).sample(sorted(set(pairs)), min(_PAIRS, len(set(pairs))))
    file = options.work / _FILE
    file.write_text("\n\n".join(f"{at}\n{pair}" for at, pair in enumerate(drawn, 1)), "utf-8")
    return [
        *_rows("a digest, origins counted", answered),
        *_rows("origins counted once more, of its citations", echoed, "≤ 100"),
        *_rows("one-sided terms looked for in all its quotes", termed, "≤ 100"),
        Row("terms of the whole corpus", everywhere, "ms", note=f"{len(found)} terms"),
        Row(
            "two sentences of each article: the same words elsewhere",
            len(set(pairs)),
            "pairs",
            note=f"{len(drawn)} of them in {file.name}",
        ),
    ]


def _rows(name: str, times: Sequence[float], target: str = "") -> list[Row]:
    return [
        Row(f"{name}, p{share}", percentile(times, share), "ms", target=target if share == 95 else "")
        for share in (50, 95)
    ]


def _shown(document: str, quote: str, elsewhere: str, text: str, shared: origins.Shared) -> str:
    start, end = shared.there
    return (
        f"{document}: {' '.join(quote.split())}\n{elsewhere}: {' '.join(text[max(0, start - 120) : end + 120].split())}"
        f"\nSHARED: {' '.join(quote[slice(*shared.here)].split())}"
    )


def _named(framing: Framing, quotes: Sequence[str]) -> list[tuple[str, ...]]:
    return [framing.one_sided(quote) for quote in quotes]


def _clocked(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    done = work()
    return (time.perf_counter() - begun) * 1000, done
