"""A few letters in, the documents or speakers out to which a search can be narrowed; what is gone of a filter.

Of thousands only the best few are handed out, with how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.filter import Filter
from index.reader import Reader
from index.retrieve import Retriever
from index.speaking.whom import AUTHOR
from index.terms import fold

_TERMS = 8  # words of what is typed that count


@dataclass(frozen=True, slots=True)
class Choice:
    """A document or a speaker to choose."""

    value: str  # as a filter takes it: a path, or a name
    name: str  # as the reader knows it
    facts: tuple[str, ...] = ()  # that tell it from others of this name
    documents: int = 0  # in which a speaker speaks


@dataclass(frozen=True, slots=True)
class Choices:
    """The first of what fits, and how many fit."""

    shown: tuple[Choice, ...]
    count: int


@dataclass(frozen=True, slots=True)
class _Listed:
    """Everything that can be chosen under one state of the index, each with the words by which it is found."""

    of: tuple[str, str]  # the generation, and the fingerprint of the labels
    documents: tuple[tuple[Choice, str], ...]
    speakers: tuple[tuple[Choice, str], ...]


class Narrowing:
    """What the searches of one corpus can be narrowed to. Safe to use from several threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._last: _Listed | None = None

    def documents(self, text: str, most: int) -> Choices:
        """The documents in whose title, outlet or path every word of a text begins or stands, by title."""
        return _matching(self._listed().documents, text, most)

    def speakers(self, text: str, most: int) -> Choices:
        """The people in whose name every word of a text begins or stands, first who speaks in most documents."""
        return _matching(self._listed().speakers, text, most)

    def title(self, document: str) -> str:
        """What a document is called; its path where the index does not hold it."""
        with self._reader.pinned() as (_, retriever):
            return retriever.sources(document).title if document in retriever.keys else document

    def left(self, only: Filter) -> Filter:
        """What of a filter still exists in the corpus. Dates are left as they are."""
        with self._reader.pinned() as (_, retriever):
            known = {side.id for side in retriever.perspectives}
            return Filter(
                tuple(id for id in only.perspectives if id in known),
                tuple(id for id in only.documents if id in retriever.keys),
                only.since,
                only.until,
                tuple(name for name in only.speakers if name.casefold() == AUTHOR or retriever.speakers(name)),
            )

    def _listed(self) -> _Listed:
        with self._reader.pinned() as (generation, retriever):
            last, now = self._last, (generation.name, retriever.labels)
            if last is None or last.of != now:
                last = self._last = _Listed(now, _documents(retriever), _speakers(retriever))
            return last


def _documents(retriever: Retriever) -> tuple[tuple[Choice, str], ...]:
    found: list[tuple[Choice, str]] = []
    for id in retriever.keys:
        source = retriever.sources(id)
        facts = tuple(fact for fact in (source.outlet, source.published) if fact)
        found.append((Choice(id, source.title, facts or (id,)), _words(f"{source.title} {source.outlet or ''} {id}")))
    return tuple(sorted(found, key=lambda entry: (entry[1], entry[0].value)))


def _speakers(retriever: Retriever) -> tuple[tuple[Choice, str], ...]:
    counted = retriever.spoken_in
    return tuple((Choice(name, name, documents=counted[name]), _words(name)) for name in retriever.everybody)


def _words(text: str) -> str:
    """The words of a text as they are compared, a space before each."""
    return "".join(f" {fold(word)}" for word in re.findall(r"[^\W_]+", text))


def _matching(all: Iterable[tuple[Choice, str]], text: str, most: int) -> Choices:
    """Those that hold every word, first those in which each of them begins a word."""
    wanted = _words(text).split()[:_TERMS]
    fitting = [entry for entry in all if _holds(entry[1], wanted, "")]
    fitting.sort(key=lambda entry: not _holds(entry[1], wanted, " "))
    return Choices(tuple(choice for choice, _ in fitting[:most]), len(fitting))


def _holds(words: str, wanted: Sequence[str], before: str) -> bool:
    return all(f"{before}{word}" in words for word in wanted)
