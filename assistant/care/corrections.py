"""What a person says of a label or a voice in, the owner's labels files changed out; and back again, if it is wanted.

Nothing is embedded, and the next answer follows what was said.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date

from assistant.errors import UnknownDocument
from index.errors import BadLabels
from index.generation import Generation
from index.labelling.label_edit import Given, LabelEditor, Spoken
from index.labelling.label_writing import Written
from index.labelling.labels import FILE_NAME
from index.library import Entry
from index.reader import Reader
from index.retrieve import Retriever
from index.types import UNLABELLED, Perspective, VoiceKind

_KEPT = 200  # changes that can be taken back; the oldest is forgotten first
_OWN_WORDS = (VoiceKind.DIRECT, VoiceKind.EMBEDDED)


class Corrections:
    """Corrects labels and voices of one corpus. Safe to use from several threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._written: OrderedDict[str, Written] = OrderedDict()

    def sides(self) -> tuple[Perspective, ...]:
        """Every perspective that a document may be given."""
        with self._reader.pinned() as (_, retriever):
            return tuple(_sides(retriever).values())

    def alike(self, document: str) -> tuple[str, ...]:
        """The other documents of a document's outlet that stand where it does.

        Raises:
            UnknownDocument: the index holds none of this name.
            BadLabels: a labels file cannot be followed.
        """
        with self._reader.pinned() as (generation, retriever):
            return tuple(entry.id for entry in _alike(generation, retriever, document))

    def relabel(self, document: str, perspectives: Sequence[str], by: str | None, *, alike: bool = False) -> str:
        """As `Corpus.relabel`."""
        with self._reader.pinned() as (generation, retriever):
            entry = _entry(generation, retriever, document)
            known = _sides(retriever)
            for id in perspectives:
                if id not in known:
                    names = ", ".join(known) or "none yet"
                    raise BadLabels(FILE_NAME, f"there is no perspective {id!r}", f"There are: {names}")
            chosen = tuple(known[id] for id in dict.fromkeys(perspectives))
            entries = [entry, *(_alike(generation, retriever, document) if alike else ())]
            editor = LabelEditor(generation.own_corpus, generation.library.entries)
            return self._keep(editor.give([Given(one, chosen) for one in entries], by, today()))

    def hear(
        self, document: str, start: int, end: int, speaker: str | None, by: str | None, kind: VoiceKind | None
    ) -> str:
        """As `Corpus.hear`."""
        with self._reader.pinned() as (generation, retriever):
            entry = _entry(generation, retriever, document)
            text = generation.library.document(entry.key).text
            voice = retriever.voices(document).of(start, end)
            if kind is None:
                kind = voice.kind if voice.kind in (VoiceKind.INDIRECT, VoiceKind.EMBEDDED) else VoiceKind.DIRECT
            elif kind in _OWN_WORDS:
                kind = voice.kind if voice.kind in _OWN_WORDS else VoiceKind.DIRECT
            # In the place of whoever was heard, and not as somebody whom that one quotes.
            spoken = Spoken(entry, text, (start, end), speaker, kind, voice.carriers)
            return self._keep(LabelEditor(generation.own_corpus, generation.library.entries).hear(spoken, by, today()))

    def take_back(self, key: str) -> None:
        """As `Corpus.take_back`."""
        with self._lock:
            written = self._written.get(key)
        if written is None:
            raise BadLabels(FILE_NAME, "this change can no longer be taken back", "Change it anew")
        with self._reader.pinned() as (generation, _):
            LabelEditor(generation.own_corpus, generation.library.entries).take_back(written)
        with self._lock:
            self._written.pop(key, None)

    def _keep(self, written: Written) -> str:
        """A key that nobody can guess, so that only who made a change takes it back."""
        key = secrets.token_hex(16)
        with self._lock:
            self._written[key] = written
            while len(self._written) > _KEPT:
                self._written.popitem(last=False)
        return key


def today() -> str:
    """The date that stands beside what somebody says today."""
    return date.today().isoformat()


def _sides(retriever: Retriever) -> dict[str, Perspective]:
    return retriever.defined | {side.id: side for side in retriever.perspectives if side != UNLABELLED}


def _entry(generation: Generation, retriever: Retriever, document: str) -> Entry:
    if document not in retriever.keys:
        raise UnknownDocument(document)
    return next(entry for entry in generation.library.entries if entry.id == document)


def _alike(generation: Generation, retriever: Retriever, document: str) -> list[Entry]:
    if document not in retriever.keys:
        raise UnknownDocument(document)
    source = retriever.sources(document)
    if not source.outlet:
        return []
    others = (entry for entry in generation.library.entries if entry.id in retriever.keys and entry.id != document)
    cards = ((entry, retriever.sources(entry.id)) for entry in others)
    return [entry for entry, card in cards if (card.outlet, card.sides) == (source.outlet, source.sides)]
