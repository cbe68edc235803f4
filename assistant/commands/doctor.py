"""The machine in, one finding a line out: what is installed, which model and index are in use, what is missing."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant import wiring
from assistant.errors import AssistantError, ModelUnavailable
from assistant.writing.llm import Model
from index.errors import CorpusError
from index.generation import Generation
from prompts import load

_PACKAGES = ("llama-index-core", "llama-index-vector-stores-chroma", "chromadb", "openai", "gradio", "onnxruntime")
_TRIAL = 512  # tokens of the trial's reply: a model that thinks first needs some
_READY = {
    "type": "object",
    "properties": {"ready": {"type": "boolean"}},
    "required": ["ready"],
    "additionalProperties": False,
}
_ROOM = 1_000_000_000  # bytes free, below which an index run may fail


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    what: str
    text: str  # how it is; where it is not good, also what to do

    def __str__(self) -> str:
        return f"{'ok     ' if self.good else 'MISSING'}  {self.what}: {self.text}"

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def examine(store: Path | None = None) -> list[Finding]:
    """Look at everything that a question needs."""
    return [*_machine(), *_packages(), *_model(), *_writing_model(), *_index(store)]


def _machine() -> Iterator[Finding]:
    good = sys.version_info >= (3, 11)
    yield Finding(good, "Python", platform.python_version() + ("" if good else ": install Python 3.11 or newer"))
    try:
        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5 (a, tokenize='porter unicode61')")
        yield Finding(True, "SQLite", f"{sqlite3.sqlite_version} with FTS5")
    except sqlite3.OperationalError:
        yield Finding(False, "SQLite", f"{sqlite3.sqlite_version} without FTS5: use a Python whose SQLite has FTS5")


def _packages() -> Iterator[Finding]:
    for name in _PACKAGES:
        try:
            yield Finding(True, name, version(name))
        except PackageNotFoundError:
            yield Finding(False, name, "not installed: run make setup")


def _model() -> Iterator[Finding]:
    try:
        settings = wiring.read_settings()
        embedder = wiring.embedder(settings)
        size = embedder.embed(["one small trial"]).shape[1]
        where = f"at {embedder.host}; texts are sent there" if embedder.host else "nothing leaves this machine"
        yield Finding(True, "embeddings", f"{embedder.name}, {size} dimensions, {where}")
    except (CorpusError, AssistantError) as error:
        yield Finding(False, "embeddings", str(error))


def _writing_model() -> Iterator[Finding]:
    what = "model that writes"
    try:
        model = wiring.model(wiring.read_settings())
    except AssistantError as error:
        yield Finding(False, what, str(error))
        return
    if model is None:
        key = os.environ.get("OPENAI_API_KEY")
        more = "; a key is set: name a model in PARALLAX_MODEL to have answers written" if key else ""
        yield Finding(True, what, f"none is set: answers are digests, the sources' own sentences{more}")
        return
    try:
        yield Finding(True, what, _trial(model))
    except ModelUnavailable as error:
        yield Finding(False, what, str(error))


def _trial(model: Model) -> str:
    """One small call, and what it shows the endpoint to be able to do. No passage is sent."""
    model.warm()
    begun = time.perf_counter()
    first = 0.0
    said = ""
    reply = model.reply(load("trial").text, "Go.", most=_TRIAL, stop=threading.Event(), schema=_READY)
    for piece in reply:
        first = first or time.perf_counter() - begun
        said += piece
    where = "on this machine" if model.is_here else "questions and passages are sent there"
    facts = [
        f"{model.name} at {model.host}, {where}",
        f"first word after {first:.1f} s, whole reply after {time.perf_counter() - begun:.1f} s",
        "streams" if model.streams else "does not stream: an answer comes all at once",
        _form(model, said),
        f"reads {model.context:,} tokens" + ("" if model.context_is_known else " (assumed; set model_context)"),
        "counts tokens" if reply.usage.counted else "does not count tokens",
    ]
    refused = sorted(model.refused - {"stream", "response_format", "max_tokens"})
    return "; ".join([*facts, *([f"refuses {', '.join(refused)}"] if refused else [])])


def _form(model: Model, said: str) -> str:
    try:
        kept = json.loads(said) == {"ready": True}
    except ValueError:
        kept = False
    if not model.structures:
        return "takes no schema, so JSON Lines are asked for" + ("" if kept else ", and it did not keep to them")
    return "holds a reply to a schema" if kept else "takes a schema and does not keep to it: answers may come to little"


def _index(given: Path | None) -> Iterator[Finding]:
    try:
        place = wiring.find_store(given, wiring.read_settings())
        generation = wiring.store_at(place, wiring.read_settings()).open()
        try:
            manifest, corpus = generation.manifest, generation.corpus
            text = f"{manifest.documents} documents, {manifest.passages} passages from {corpus}, in {place}"
            yield Finding(True, "index", text)
            if manifest.collection:
                yield _vectors(generation)
        finally:
            generation.close()
        free = shutil.disk_usage(place).free
        room = f"{free / 1e9:.0f} GB free"
        yield Finding(free > _ROOM, "disk", room if free > _ROOM else f"{room}: make some space before indexing")
    except (CorpusError, AssistantError) as error:
        yield Finding(False, "index", str(error))


def _vectors(generation: Generation) -> Finding:
    """Whether the Chroma server that has the vectors of an index can be asked for them."""
    what = "vectors"
    try:
        return Finding(True, what, f"{generation.vectors.count()} on a Chroma server")
    except CorpusError as error:
        return Finding(False, what, str(error))
