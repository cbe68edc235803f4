"""A small corpus before and after a change, and what an index of it holds, so that two states can be compared."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant import Assistant
from index import LocalEmbedder, Reader, Store
from tests.fakes import contents

PLACES = ("Tarnby", "Orrenmouth", "Sallowmere", "Marrowby", "Quarn", "Pellgate")
THINGS = ("crane", "ferry", "lighthouse", "market", "tunnel", "mill")
QUESTIONS = (
    "What do the sources say about the crane of Tarnby?",
    "How much does the ferry of Orrenmouth cost?",
    "Who speaks against the mill of Sallowmere?",
)
_SIDES = ("keepers", "breakers", "board")
_OWN = {"CURRENT", "lock", "cache.sqlite", "generations", "readers", "publishing", "collections"}
_KEPT = {"history.sqlite", "watched.sqlite"}  # beside an index, with what SQLite keeps beside them while in use


def texts(version: int, count: int = 18) -> dict[str, str]:
    """The documents of a corpus; of another version a third are edited, one is gone, one renamed and two are new."""
    made: dict[str, str] = {}
    for number in range(count):
        place, thing = PLACES[number % 6], THINGS[number // 6 % 6]
        edition = version if number % 3 == 0 else 0
        made[f"{_SIDES[number % 3]}/{thing}-{number}.txt"] = text(place, thing, number, edition)
    if version:
        made.pop("breakers/crane-4.txt")
        made["board/moved.txt"] = made.pop("board/crane-5.txt")
        made |= {f"board/new-{version}-{n}.txt": text(PLACES[n], "quay", 100 + n, version) for n in range(2)}
    return made


def text(place: str, thing: str, number: int, edition: int) -> str:
    """One document: every sentence of it names its edition."""
    lines = [f"The {thing} of {place}, paper {number} in edition {edition}", ""]
    for at in range(6):
        cost = 100 * number + 10 * edition + at
        lines.append(
            f"In edition {edition} the {thing} of {place} costs {cost} crowns in year {1900 + at}. "
            f"“Paper {number} counts {cost} sacks at the {thing},” says {('Ada Quill', 'Marit Oskamp')[at % 2]} of {place}."
        )
    return "\n".join(lines) + "\n"


def write(folder: Path, documents: Mapping[str, str]) -> Path:
    """Make a folder hold these documents and no others, with their labels."""
    for path in folder.rglob("*.txt"):
        if ".parallax" not in path.parts and path.relative_to(folder).as_posix() not in documents:
            path.unlink()
    for name, content in documents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != content:
            path.write_text(content, "utf-8")
    labels = [f'[perspectives.{side}]\nlabel = "The {side}"\n' for side in _SIDES]
    labels += [f'[[source]]\nmatch = "{side}/*.txt"\nperspective = "{side}"\n' for side in _SIDES]
    if not (folder / "sources.toml").exists():
        (folder / "sources.toml").write_text("\n".join(labels), "utf-8")
    return folder


@dataclass(frozen=True)
class Held:
    """What an index holds and how it answers."""

    passages: tuple[tuple[Any, ...], ...]
    answers: str

    def __str__(self) -> str:
        return sha256(repr(self).encode()).hexdigest()[:8]


@cache
def embedder() -> LocalEmbedder:
    """One for the whole run."""
    return LocalEmbedder()


def held(folder: Path) -> Held:
    """What an index holds: every passage with its vector, and its answers; each citation is checked on the way.

    Raises:
        AssertionError: the index does not agree with itself, or a quote is not the slice that it says.
    """
    store = Store(folder)
    with Assistant(Reader(store, embedder())) as assistant:
        with assistant.reader.pinned() as (generation, _):
            assert generation.vectors.count() == len(generation.library.passage_table) == len(generation.matrix)
        answers = [assistant.ask(question) for question in QUESTIONS[:1]]  # the passages are compared, all of them
        for answer in answers:
            for entry in (*answer.citations, *answer.nearest):
                document, _ = assistant.corpus.document(entry.document.id)
                assert document.text[entry.start : entry.end] == entry.quote
    return Held(tuple(contents(store)), json.dumps([comparable(answer.to_dict()) for answer in answers]))


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what differs from one time to the next."""
    return {name: value for name, value in answer.items() if name not in ("id", "seconds", "generation")}


def litter(store: Path) -> list[str]:
    """What lies in a store and belongs to no state of it, once nobody uses it."""
    left = [path.name for path in store.iterdir() if path.name.split("-")[0] not in _OWN | _KEPT]
    generations = [path.name for path in (store / "generations").iterdir()]
    current = (store / "CURRENT").read_text().strip()
    left += [f"generations/{name}" for name in generations if name != current]
    left += [f"readers/{path.name}" for path in (store / "readers").glob("*")]
    left += [path.name for path in store.iterdir() if path.name.endswith(("-journal", ".part", ".new", ".tmp"))]
    return left


def copied(source: Path, target: Path) -> Path:
    """A copy with all times of its files."""
    return Path(shutil.copytree(source, target, symlinks=True))
