"""A question and its answer of an earlier state of the index in, its answer of now and what changed out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.assistant import Assistant
from assistant.checking.cuts import voice_of
from assistant.errors import AssistantError
from assistant.exporting import shape
from assistant.exporting.shape import WrongShape
from assistant.keeping.saved import Reopened, reopen
from assistant.types import Answer, Citation
from assistant.watching import changes
from assistant.watching.changes import Change, Fate
from index.filter import Filter
from index.generation import Generation
from index.library import INDEXED, Entry
from index.retrieve import Retriever
from index.types import Document

_SHORT = 8  # bytes of the hash of a text; of a million texts hardly two are alike
_TRIES = 3  # to have the answer of one state of the index, while that is being updated


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier answer, and what was known beside it."""

    answer: str  # the answer schema, as JSON
    states: Mapping[str, str]  # as `Asked.states`
    texts: bytes  # as `Asked.texts`


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, what has to be known to compare it with a later one, and the changes since the one before."""

    answer: Answer
    states: dict[str, str]  # what each perspective was last known to have to say
    texts: bytes  # that the corpus holds: the beginnings of their hashes
    changes: tuple[Change, ...] = ()


def ask(assistant: Assistant, question: str, only: Filter, before: Before | None = None) -> Asked:
    """Answer a question without a model.

    Raises:
        AssistantError, CorpusError: as in `Assistant.stream`; or the index moves on each time that it is asked.
    """
    quiet = assistant.without_model()
    for _ in range(_TRIES):
        with assistant.reader.pinned() as (generation, retriever):
            answer = quiet.ask(question, **only.to_dict())
            if (answer.generation, answer.labels) == (generation.name, retriever.labels):
                return _compared(answer, before, generation, retriever)
    raise AssistantError("The index was updated again and again while this question was asked.")


def _compared(answer: Answer, before: Before | None, generation: Generation, retriever: Retriever) -> Asked:
    indexed = [entry for entry in generation.library.entries if entry.state == INDEXED]
    texts = b"".join(_short(entry.text_sha256) for entry in indexed)
    try:
        data = shape.answer(before.answer) if before else None
        look = _looking(data or {"citations": ()}, indexed, generation, retriever)
        reopened = reopen(data, look) if data else None
    except WrongShape:  # another version kept it: what is answered now is what later answers are compared with
        return Asked(answer, changes.states(answer), texts)
    if before is None or reopened is None:
        return Asked(answer, changes.states(answer), texts)
    known = {before.texts[at : at + _SHORT] for at in range(0, len(before.texts), _SHORT)}
    made = changes.between(
        reopened.answer,
        before.states,
        [_fate(at, reopened, look, retriever) for at in range(len(reopened.quotes))],
        answer,
        lambda document: _short(document.text_sha256) not in known,
    )
    return Asked(answer, changes.states(answer, before.states), texts, made)


def _looking(
    before: Mapping[str, Any], indexed: list[Entry], generation: Generation, retriever: Retriever
) -> Callable[[str], Document | None]:
    """Finds the documents of an earlier answer as they are indexed now, also under another name."""
    cited = {entry["document"]: entry["text_sha256"] for entry in before["citations"]}
    there = {entry.text_sha256: entry.id for entry in indexed if entry.text_sha256 in cited.values()}

    def look(id: str) -> Document | None:
        now = id if id in retriever.keys else there.get(cited.get(id, ""))
        return generation.library.document(retriever.keys[now]) if now else None

    return look


def _fate(at: int, reopened: Reopened, look: Callable[[str], Document | None], retriever: Retriever) -> Fate:
    was, verdict = reopened.answer.citations[at], reopened.quotes[at].verdict
    assert verdict is not None, was.document.id
    document = look(was.document.id)
    if document is None or verdict.start is None or verdict.end is None:
        return Fate(was, verdict, None)
    voice = voice_of(retriever.voices(document.id), verdict.start, verdict.end)
    source = retriever.sources(document.id)
    now = Citation(was.number, document, source, verdict.start, verdict.end, was.score, voice=voice)
    return Fate(was, verdict, now)


def _short(text_sha256: str) -> bytes:
    return bytes.fromhex(text_sha256)[:_SHORT]
