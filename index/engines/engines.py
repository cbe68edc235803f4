"""The files of a corpus in, what was made of each out, in the same order: by whom, is the engine's affair.

An engine reads and prepares and writes nothing: library, vectors and publishing are the one writer's (build.py).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.embed import Embedder
from index.engines.prepare import Prepared, chunker_for, prepare

DEADLY = (
    "The process that read this file was ended twice, as happens where memory is short. "
    "Split the file, or take it out of the folder"
)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be prepared."""

    corpus: Path
    sizes: Mapping[str, int]  # bytes of each file by its path relative to the corpus, in the order that is wanted
    embedder: Embedder
    cached: Callable[[], frozenset[bytes]]  # the cache keys of vectors that need not be computed
    deadly: bool = False  # whether a file among them ended those who read it before


class Engine(Protocol):
    """Whoever prepares documents."""

    def prepared(self, job: Job) -> Generator[Prepared]:
        """Every file of a job, in its order. Only a few lie ready at once, however slowly they are taken.

        Raises:
            CorpusError: nothing more can be prepared, for a reason that lies in no single file.
        """
        ...


class Here:
    """One file after the other, in the thread that asks."""

    def prepared(self, job: Job) -> Generator[Prepared]:
        """Every file of a job, in its order."""
        chunker = chunker_for(job.embedder)
        for path in job.sizes:
            yield prepare(job.corpus, path, chunker)
