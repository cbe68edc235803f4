"""Documents with their voices in, who quotes whom out: how often each side, outlet or document gives somebody's words.

Counted are stretches in which somebody is quoted or reported by name, as the rules and the documents' owners say. What
readers wrote below an article, and whoever has no name, is not counted. Who bears which name: `bearers.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from assistant.later import Later
from assistant.overview.bearers import bearers
from index.generation import Generation
from index.library import merged
from index.reader import Reader
from index.retrieve import Filter, Retriever
from index.types import Source, Voice, VoiceKind, Voices

SPEAKERS, COLUMNS, QUOTES = 24, 16, 40  # shown at most
_QUOTED = (VoiceKind.DIRECT, VoiceKind.INDIRECT, VoiceKind.EMBEDDED)


class Who(StrEnum):
    """Who quotes."""

    PERSPECTIVES = "perspectives"
    OUTLETS = "outlets"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Quoting:
    """How often who quotes whom."""

    by: Who
    columns: tuple[tuple[str, str], ...]  # id and name of whoever quotes, most first
    speakers: tuple[str, ...]  # who is quoted, by most columns first, then most often
    counts: tuple[tuple[int, ...], ...]  # a row a speaker, a number a column
    of_columns: int  # how many there are in all
    of_speakers: int

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch in which somebody's words are given."""

    document: str
    start: int
    end: int


class Listener:
    """Knows who is quoted where in the documents of one store."""

    def __init__(self, reader: Reader) -> None:
        self._listened = Later(reader, lambda generation, retriever: (generation.name, retriever.labels), _heard)
        self.close = self._listened.close

    def quoting(self, by: Who, perspectives: Sequence[str] = (), *, wait: bool = True) -> Quoting | None:
        """Who quotes whom in the documents of these perspectives, by id; in all, where none is named.

        Args:
            wait: else None, where it is still being counted.

        Raises:
            BadLabels: a labels file cannot be followed.
        """
        with self._listened.pinned(waiting=wait) as (generation, retriever, heard):
            if heard is None:
                return None
            counts: Counter[tuple[str, str]] = Counter()
            names: dict[str, str] = {}
            for document, source in _admitted(generation, retriever, perspectives):
                for id, name in _columns(by, document, source):
                    names.setdefault(id, name)
                    for speaker, count in heard.in_document(document):
                        counts[speaker, id] += count
            return _matrix(by, counts, names)

    def quotes(self, by: Who, column: str, speaker: str, perspectives: Sequence[str] = ()) -> tuple[Quoted, ...]:
        """Where whoever a column stands for quotes somebody; arguments and errors as in `quoting`."""
        with self._listened.pinned(waiting=True) as (generation, retriever, heard):
            assert heard is not None
            return tuple(
                Quoted(document, voice.start, voice.end)
                for document, source in _admitted(generation, retriever, perspectives)
                if any(id == column for id, _ in _columns(by, document, source))
                and any(other == speaker for other, _ in heard.in_document(document))
                for voice in _quoted(retriever.voices(document))
                if heard.bearers.get(voice.speaker or "") == speaker
            )


@dataclass(frozen=True, slots=True)
class _Heard:
    """Who is quoted how often in each document, by the names used there, and whom these names stand for."""

    counts: Mapping[str, Mapping[str, int]]
    bearers: Mapping[str, str]

    def in_document(self, document: str) -> Iterator[tuple[str, int]]:
        """Whoever is quoted in a document, with how often; somebody of two names comes twice."""
        for name, count in self.counts[document].items():
            if name in self.bearers:
                yield self.bearers[name], count


def _heard(generation: Generation, retriever: Retriever) -> _Heard:
    """Reads the voices of all documents."""
    counts = {id: Counter(voice.speaker or "" for voice in _quoted(retriever.voices(id))) for id in retriever.keys}
    return _Heard(counts, bearers(merged(counts.values()), generation.library.spellings))


def _quoted(voices: Voices) -> Iterator[Voice]:
    """What is quoted of somebody within other words of the same one is part of these."""
    until: dict[str, int] = {}
    for span in voices.spans:
        if span.speaker and span.kind in _QUOTED and span.end > until.get(span.speaker, 0):
            until[span.speaker] = span.end
            yield span


def _admitted(
    generation: Generation, retriever: Retriever, perspectives: Sequence[str]
) -> Iterator[tuple[str, Source]]:
    only = Filter(tuple(perspectives))
    for entry in generation.library.entries:
        if entry.id in retriever.keys and only.admits(entry, source := retriever.sources(entry.id)):
            yield entry.id, source


def _columns(by: Who, document: str, source: Source) -> list[tuple[str, str]]:
    match by:
        case Who.PERSPECTIVES:
            return [(side.id, side.label) for side in source.sides]
        case Who.OUTLETS:
            return [(source.outlet or "", source.outlet or "")]
        case Who.DOCUMENTS:
            return [(document, source.title)]


def _matrix(by: Who, counts: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> Quoting:
    columns: Counter[str] = Counter(dict.fromkeys(names, 0))  # also who quotes nobody
    speakers: Counter[str] = Counter()
    wide: Counter[str] = Counter()
    for (speaker, id), count in counts.items():
        columns[id] += count
        speakers[speaker] += count
        wide[speaker] += 1
    shown = sorted(columns, key=lambda id: (-columns[id], names[id], id))[:COLUMNS]
    heard = sorted(speakers, key=lambda speaker: (-wide[speaker], -speakers[speaker], speaker))[:SPEAKERS]
    rows = tuple(tuple(counts.get((speaker, id), 0) for id in shown) for speaker in heard)
    return Quoting(by, tuple((id, names[id]) for id in shown), tuple(heard), rows, len(columns), len(speakers))
