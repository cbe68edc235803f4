"""How large the measurements are and where their data lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class Skipped(Exception):
    """A measurement cannot be made here; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. The defaults are the full sizes."""

    data: Path  # the folder that holds data/news, data/scifact and data/debates
    work: Path  # what is expensive to make is kept here between runs
    peers: str | None = None  # the interpreter of an environment with the peers that need torch
    rounds: int = 5
    passages: int = 256  # embedded in each round
    articles: int = 300  # indexed from nothing in each round
    news: int = 3_000  # articles of the index that is updated and asked
    synthetic: int = 200_000  # passages of the large index
    labelled: int = 100_000  # passages of the index with twelve perspectives
    questions: int = 200
    judged: int | None = None  # documents and questions of the judged sets; None means all
    resamples: int = 10_000
    large_starter: bool = False  # the starter is asked at the synthetic index too: 4 GB and some minutes more

    def folder(self, name: str) -> Path:
        """A development set.

        Raises:
            Skipped: it is not here.
        """
        folder = self.data / "data" / name
        if not folder.is_dir():
            raise Skipped(f"there is no data/{name} in {self.data} (give the folder with --data)")
        return folder


QUICK = {
    "rounds": 2,
    "passages": 32,
    "articles": 24,
    "news": 60,
    "synthetic": 3_000,
    "labelled": 3_000,
    "questions": 20,
    "judged": 150,
}
