"""How much is done in each row, and where development sets lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class Skipped(Exception):
    """A row cannot be tried here; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. The defaults are the full sizes."""

    data: Path  # the folder that holds data/files
    work: Path  # an empty folder, to be filled
    seed: int = 1
    kills: int = 40  # of each kind
    writing: float = 600.0  # seconds that a writer writes while others read
    asking: int = 8  # processes that read meanwhile
    mutated: int = 2_000  # files
    loaded: float = 600.0  # seconds of load
    readers: int = 50  # on the page, and as many on HTTP
    fills: int = 16  # how full the disk is, from one command to the next
    jumps: int = 3  # rounds of each way in which the clock jumps
    deaths: int = 10  # of the Chroma server
    questions: int = 200  # to a model that fails
    attacks: int | None = None  # None: all of them


QUICK = {
    "kills": 2,
    "writing": 20.0,
    "mutated": 60,
    "loaded": 30.0,
    "fills": 3,
    "jumps": 1,
    "deaths": 1,
    "questions": 24,
    "attacks": 3,
}
