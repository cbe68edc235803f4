"""Documents prepared on all cores of this machine. A process that dies costs its document a second try, and no more."""

from __future__ import annotations

import pickle
import threading
from collections import deque
from collections.abc import Generator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import Self, cast

from index.embed import cores
from index.engines.engines import DEADLY, Here, Job
from index.engines.forker import GONE, Forked, Forker
from index.engines.prepare import Prepared
from index.errors import CorpusError, EngineUnavailable

_WORTH = 8_000_000  # bytes of files from which on processes are started, which takes seconds: see LOG.md
_FEWEST = 4  # cores: on fewer, a model that runs here leaves none of them idle
_AHEAD = 8  # documents a process that may lie ready
_HELD = 32_000_000  # bytes of files that may; a larger file may, alone
_TRIES = 2


class Local:
    """This machine: processes on all of its cores where that gains something, else the thread that asks."""

    def __init__(self, processes: int | None = None, *, worth: int = _WORTH, forker: Forker | None = None) -> None:
        """Set up.

        Args:
            processes: without a number, as many as there are cores, where these have nothing else to do.
            worth: bytes of files from which on processes are started.
            forker: they are forked from; without it, from one of their own.
        """
        self._count, self._worth, self._forker = processes, worth, forker

    def prepared(self, job: Job) -> Generator[Prepared]:
        """Every file of a job, in its order."""
        count = self._count or (cores() if cores() >= _FEWEST or job.embedder.host else 1)
        much = count > 1 and sum(job.sizes.values()) >= self._worth
        if (much or job.deadly) and _can_be_told(job):
            return in_processes(job, count, self._forker)
        return Here().prepared(job)


def in_processes(job: Job, count: int, forker: Forker | None = None) -> Generator[Prepared]:
    """Every file of a job, in its order, prepared by so many processes; by this one where none can be started."""
    waiting: deque[tuple[Future[Prepared], int]] = deque()
    held = 0
    with ExitStack() as stack:
        if forker is None:
            forker = stack.enter_context(Forker())
            if not forker.is_ready():
                yield from Here().prepared(job)
                return
        crew = stack.enter_context(_Crew(job, forker, count))
        with ThreadPoolExecutor(count, "prepare") as threads:
            try:
                for path, size in job.sizes.items():
                    while waiting and (len(waiting) >= _AHEAD * count or held + size > _HELD):
                        future, its = waiting.popleft()
                        yield future.result()
                        held -= its
                    waiting.append((threads.submit(crew.prepare, path), size))
                    held += size
                while waiting:
                    yield waiting.popleft()[0].result()
            finally:
                threads.shutdown(wait=False, cancel_futures=True)
                crew.hang_up()


class _Crew:
    """Processes that prepare the documents of a job, asked by as many threads."""

    def __init__(self, job: Job, forker: Forker, count: int) -> None:
        self._job, self._forker = job, forker
        self._idle: SimpleQueue[Forked] = SimpleQueue()
        self._lock = threading.Lock()
        self._all: set[Forked] = set()
        self._over = False
        for _ in range(count):
            self._idle.put(self._forked())

    def prepare(self, path: str) -> Prepared:
        """What a process made of a file; another one is asked where the first ends at it.

        Raises:
            CorpusError: as in the process.
        """
        process = self._idle.get()
        try:
            for _ in range(_TRIES):
                try:
                    answer = process.ask(path)
                except GONE:
                    process = self._forked(instead_of=process)
                    continue
                if isinstance(answer, CorpusError):
                    raise answer
                return cast("Prepared", answer)
            return Prepared(path, problem=DEADLY)
        finally:
            self._idle.put(process)

    def hang_up(self) -> None:
        """End all of them, and let nobody have another."""
        with self._lock:
            self._over = True
            for process in self._all:
                process.hang_up()

    def _forked(self, instead_of: Forked | None = None) -> Forked:
        with self._lock:
            if self._over:
                raise CancelledError
            try:
                process = self._forker.fork(self._job.corpus, self._job.embedder)
            except OSError as error:
                problem = f"The processes that prepare documents have been ended ({error.strerror})"
                raise EngineUnavailable(problem, "Run the same command again") from error
            self._all.add(process)
            if instead_of:
                self._all.remove(instead_of)
                instead_of.close()
            return process

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._all:
            process.close()


def _can_be_told(job: Job) -> bool:
    """Whether another process can have this embedder."""
    try:
        pickle.dumps(job.embedder)
    except (TypeError, AttributeError, pickle.PicklingError):
        return False
    return type(job.embedder).__module__ != "__main__"
