"""Passages and documents as data for other programs. Nothing here names a folder of this machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from assistant.assistant import Assistant
from assistant.commands.show import document_dict, near_duplicates
from assistant.corpus import Corpus, Status
from assistant.errors import UnknownDocument
from assistant.types import Citation
from index.retrieve import Retriever
from index.types import Document, Hit, Label, Source, Voice, VoiceKind, Voices

WINDOW, MOST = 15_000, 100_000  # characters of a document read at once


def hits(assistant: Assistant, found: Sequence[Hit]) -> list[dict[str, Any]]:
    """Passages that a search returned: each with its place, its text, where its source stands and who speaks in it."""
    listed: list[dict[str, Any]] = []
    for hit in found:
        passage = hit.passage
        try:
            document, source, voices = assistant.corpus.read(passage.document.id)
        except UnknownDocument:
            continue  # the index was updated since, and it is gone
        voice = voices.of(passage.start, passage.end)
        entry = Citation(0, passage.document, source, passage.start, passage.end, hit.score, voice=voice).to_dict()
        listed.append(
            {name: value for name, value in entry.items() if name not in ("number", "match", "check", "voice")}
            | {"voices": _voices(voices, passage.start, passage.end) if document == passage.document else []}
        )
    return listed


def window(corpus: Corpus, id: str, start: int, end: int | None) -> dict[str, Any]:
    """A stretch of a document's text, unchanged, with its card and who speaks in it; at most `MOST` characters.

    Raises:
        UnknownDocument: the index holds none of this name.
    """
    document, source, voices = corpus.read(id)
    start = min(start, len(document.text))
    end = min(start + WINDOW if end is None else max(start, end), start + MOST, len(document.text))
    return _card(document, source) | {
        "characters": len(document.text),
        "start": start,
        "end": end,
        "page": document.page(start),
        "text": document.text[start:end],
        "voices": _voices(voices, start, end),
        "next": end if end < len(document.text) else None,
    }


def listing(status: Status, offset: int, limit: int) -> dict[str, Any]:
    """Some of the documents of a corpus, in order of path."""
    near = near_duplicates(status)
    documents = status.documents[offset : offset + limit]
    return {
        "generation": status.generation,
        "total": len(status.documents),
        "documents": [document_dict(line, near) for line in documents],
    }


def state(assistant: Assistant) -> dict[str, Any]:
    """What is indexed, with what, and who writes the answers."""
    with assistant.reader.pinned() as (generation, retriever):
        manifest, entries, sides = generation.manifest, generation.library.entries, _sides(retriever)
    counted: dict[str, int] = {}
    for entry in entries:
        counted[entry.state] = counted.get(entry.state, 0) + 1
    return {
        "generation": manifest.name,
        "built": manifest.built,
        "embedder": manifest.embedder_name,
        "passages": manifest.passages,
        "documents": len(entries),
        "states": counted,
        "perspectives": sides,
        "answering": assistant.answering,
    }


def perspectives(assistant: Assistant) -> dict[str, Any]:
    """Whose sides the documents of the corpus are on, and how many are on each."""
    with assistant.reader.pinned() as (generation, retriever):
        return {"generation": generation.name, "documents": len(retriever.keys), "perspectives": _sides(retriever)}


def _sides(retriever: Retriever) -> list[dict[str, Any]]:
    documents = Counter(side for id in retriever.keys for side in retriever.perspectives_of(id))
    return [
        {"id": side.id, "label": side.label, "description": side.description, "documents": documents[side.id]}
        for side in retriever.perspectives
    ]


def _card(document: Document, source: Source) -> dict[str, Any]:
    return {
        "document": document.id,
        "sha256": document.sha256,
        "text_sha256": document.text_sha256,
        "title": source.title,
        "outlet": source.outlet,
        "published": source.published,
        "perspectives": [_label(label) for label in source.labels],
    }


def _label(label: Label) -> dict[str, Any]:
    side = label.perspective
    return {"id": side.id, "label": side.label, "provenance": str(label.provenance), "by": label.by, "on": label.on}


def _voices(voices: Voices, start: int, end: int) -> list[dict[str, Any]]:
    """Where somebody other than the author speaks, or may, in a stretch."""
    pieces = voices.pieces(start, end) if start < end else ()
    return [_voice(piece) for piece in pieces if piece.kind is not VoiceKind.AUTHOR]


def _voice(voice: Voice) -> dict[str, Any]:
    return {
        "start": voice.start,
        "end": voice.end,
        "kind": str(voice.kind),
        "speaker": voice.speaker,
        "chain": list(voice.chain),
        "provenance": voice.provenance,
    }
