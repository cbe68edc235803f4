"""An answer in, a file out that proves itself: the answer, and all that anybody needs to check it without our index.

    answer ─► every quote held against its document as it is now ─► data ─► JSON, HTML or Markdown, sealed

The data are the answer with what its search left behind, each quote with its place, context and hashes, and who speaks
in it. They are not the texts of the documents, which are not the reader's to hand on.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO

from assistant import wiring
from assistant.badge import badge_of
from assistant.errors import BadFile
from assistant.exporting import proof, seal, shape, sheet
from assistant.exporting.exported import (
    FORMAT,
    MOST_BYTES,
    UNCHECKED,
    Quote,
    claim_of,
    content,
    drawn,
    format_of,
    quoted,
)
from assistant.exporting.printing import Format
from assistant.exporting.proof import Check
from assistant.types import Answer
from index.current import current
from index.errors import IndexMissing
from index.generation import Store
from index.speaking import voices
from index.types import Document, Voice, VoiceKind

_WITHHELD = "This passage is not shown: its quote could not be found in {document}."


Look = Callable[[str], Document | None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    file: Path
    against: str | None  # what the quotes were held against; None where there was no index
    exact: int  # of the citations
    citations: int
    doubts: tuple[Quote, ...]  # every quote that is not exact


def export(answer: Answer | Mapping[str, Any], file: str | Path, store: str | Path | None = None) -> Exported:
    """Write an answer to a .json, .html or .md file. A file that is there is replaced only if it is such a file itself.

    Args:
        answer: as it was given, or its `to_dict`.
        store: the index to hold the quotes against, by default the one that was built last; where none was ever built,
            the file says that nothing could be checked, and shows no quote.

    Raises:
        BadFile: this is no answer, or the file is of another kind, is in use for something else or cannot be written.
        CorpusError: the index that was named cannot be used.
    """
    file = Path(file)
    format = format_of(file)
    _require_free(file, format)
    with _documents(store) as (against, document):
        bundle, quotes = bundled(answer, against, document)
    _write(file, seal.text(drawn(bundle, format, file)))
    checked = bundle["checked"]
    doubts = tuple(quote for quote in quotes if not quote.exact)
    return Exported(file, against, checked["exact"], checked["quotes"], doubts)


def exported_text(
    answer: Answer | Mapping[str, Any], ending: str, against: str | None = None, document: Look | None = None
) -> str:
    """What a file of this ending would hold: ".md", ".html" or ".json"; arguments and errors as in `bundled`."""
    file = Path(f"answer{ending}")
    bundle, _ = bundled(answer, against, document)
    return seal.text(drawn(bundle, format_of(file), file))


def bundled(
    answer: Answer | Mapping[str, Any], against: str | None, document: Look | None
) -> tuple[dict[str, Any], list[Quote]]:
    """The data of a file, and what came of each quote; errors as in `export`.

    Args:
        against: what the quotes are held against, in words; None where there is nothing.
        document: finds a document as it is now; None where there is nothing to look in.
    """
    data = _data(answer)
    quotes = [_hold(place, entry, document) for place, entry in quoted(data)]
    if data["mode"] == "digest":  # where each sentence is a quote: one that may not be shown is not repeated there
        for claim in data["claims"]:
            for entry in (data["citations"][number - 1] for number in claim["citations"]):
                if not sheet.shows(entry):
                    claim["text"] = _WITHHELD.format(document=entry["document"])
    exact = sum(entry["check"] == Check.EXACT for entry in data["citations"])
    bundle = {
        "bundle": "parallax answer",
        "format": FORMAT,
        "made": {
            "on": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "program": f"Parallax {own_version()}",
            "voices": voices.FINGERPRINT,
        },
        "checked": {"against": against, "exact": exact, "quotes": len(data["citations"])},
        "answer": data,
    }
    return bundle, quotes


def read_answer(name: str, standard_input: BinaryIO) -> dict[str, Any]:
    """The answer in a file that `parallax ask --json` wrote; "-" is standard input.

    Raises:
        BadFile: there is none.
    """
    data = standard_input.read(MOST_BYTES + 1) if name == "-" else content(Path(name))
    remedy = "Give what parallax ask --json printed"
    if len(data) > MOST_BYTES:
        raise BadFile(name, f"It is larger than {MOST_BYTES // 1_000_000} MB", remedy)
    try:
        return shape.answer(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadFile(name, "It is not UTF-8 text", remedy) from error
    except shape.WrongShape as error:
        raise BadFile(name, f"It is no answer of this version of Parallax ({error})", remedy) from error


# ── Checks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _data(answer: Answer | Mapping[str, Any]) -> dict[str, Any]:
    """A copy of an answer, as JSON has it."""
    given = answer.to_dict() if isinstance(answer, Answer) else answer
    try:
        return shape.fitting(json.loads(json.dumps(given)))
    except (ValueError, TypeError, RecursionError) as error:
        problem = f"It is no answer of this version of Parallax ({error})"
        raise BadFile("What was given", problem, "Give what ask returned, or its to_dict") from error


@contextmanager
def _documents(store: str | Path | None) -> Iterator[tuple[str | None, Look | None]]:
    """What quotes are held against, in words, and a way to look documents up; both None where nothing was indexed."""
    try:
        generation = Store(wiring.find_store(Path(store) if store else None, wiring.read_settings())).open()
    except IndexMissing:
        if store:
            raise
        yield None, None
        return
    try:
        apart = "" if generation.corpus.is_dir() else ", whose folder of documents is out of reach"
        yield f"index {generation.name}{apart}", lambda id: current(generation, id)
    finally:
        generation.close()


def _hold(place: str, entry: dict[str, Any], document: Look | None) -> Quote:
    """Hold an entry against its document, and note in it what came of it."""
    claim = claim_of(entry)
    found = proof.check(claim, document(claim.document)) if document else None
    entry["check"] = str(found.check) if found else UNCHECKED
    entry["finding"] = str(found.finding) if found else None
    entry["now"] = {"start": found.start, "end": found.end} if found and found.start is not None else None
    entry["quote"], entry["claimed"] = claim.quote, None
    if not sheet.shows(entry):
        entry["quote"], entry["claimed"] = None, claim.quote
    if spoken := entry.get("voice"):
        voice = Voice(claim.start, claim.end, VoiceKind(spoken["kind"]), spoken["speaker"], tuple(spoken["chain"]))
        entry["badge"] = badge_of(voice, entry.get("title") or claim.document)
    return Quote(place, claim, found)


# ── The file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _require_free(file: Path, format: Format) -> None:
    """Refuse to replace what is not an answer exported before: a slip in a name must not cost anybody a document."""
    if os.path.lexists(file):
        lines = content(file).decode("utf-8", "replace").split("\n", 8)[:8] if file.is_file() else []
        if not any(line.startswith(format.mark) for line in lines):
            raise BadFile(file, "It is there already, and is no exported answer", "Choose another name")


def _write(file: Path, text: str) -> None:
    """All at once, or not at all."""
    beside = file.with_name(f".parallax-{secrets.token_hex(6)}")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, file)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            beside.unlink()
        reason = getattr(error, "strerror", None) or error
        raise BadFile(file, f"It cannot be written ({reason})", "Choose another place") from error


def own_version() -> str:
    """Which Parallax this is, as it was installed."""
    try:
        return version("parallax-reader")
    except PackageNotFoundError:
        return "(not installed)"
