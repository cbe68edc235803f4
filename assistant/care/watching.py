"""A folder in, its index kept up to date while the program runs; what is going on, as a value.

The folder is looked at every few seconds, on every file system alike. What has changed is indexed once it was left
alone from one look to the next, so that no file is read half-copied, and never while another update runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from assistant.errors import AssistantError
from index.errors import CorpusError, StoreBusy
from index.loading.load import find
from index.plan import stamp
from index.update import Progress, Report

PAUSE = 3.0  # seconds between two looks
_PATIENCE = 10  # looks until what failed is tried again, if nothing changes before


class Now(StrEnum):
    """What the watcher is doing."""

    WATCHING = "watching"
    SETTLING = "settling"  # something has changed, and may still be changing
    UPDATING = "updating"
    WAITING = "waiting"  # another update is running
    EMPTY = "empty"  # every file is gone: a folder that is not mounted looks like this, so nothing is done
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Watched:
    """How far the index has followed the folder."""

    now: Now
    progress: Progress | None = None  # while it is updating
    last: Report | None = None  # the last update that changed something
    problem: str = ""  # why it could not follow, as a sentence


class Watcher:
    """Follows one folder in a thread of its own."""

    def __init__(
        self,
        folder: Callable[[], Path],
        update: Callable[[Callable[[Progress], None]], Report],
        pause: float = PAUSE,
    ) -> None:
        """Begins nothing yet.

        Args:
            folder: where the documents are.
            update: brings the index up to date; is handed what is to be told how far it is.
        """
        self._folder, self._update, self._pause = folder, update, pause
        self._state = Watched(Now.WATCHING)
        self._seen: str | None = None  # at the last look
        self._followed: str | None = None  # by the index
        self._patience = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    @property
    def state(self) -> Watched:
        """What is going on."""
        return self._state

    def start(self) -> None:
        """Look at the folder from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more. An update that has begun is finished first."""
        self._end.set()
        self._thread.join()

    def look(self) -> Watched:
        """One look at the folder, and the update if it is time for one. What `start` does again and again."""
        try:
            self._follow()
        except StoreBusy:
            self._set(Now.WAITING)
        except (AssistantError, CorpusError, OSError) as error:
            self._patience = _PATIENCE
            self._set(Now.FAILED, problem=str(error))
        return self._state

    def _run(self) -> None:
        while not self._end.wait(self._pause):
            self.look()

    def _follow(self) -> None:
        found = _fingerprint(self._folder())
        if found is None:
            self._set(Now.EMPTY)
        elif found == self._followed:
            self._set(Now.WATCHING)
        elif found != self._seen:
            self._patience = 0
            self._set(Now.SETTLING)
        elif self._patience > 0:
            self._patience -= 1
        else:
            self._set(Now.UPDATING)
            report = self._update(lambda progress: self._set(Now.UPDATING, progress))
            self._followed = found
            if report.plan.changes:
                self._state = replace(self._state, last=report)
            self._set(Now.WATCHING)
        self._seen = found

    def _set(self, now: Now, progress: Progress | None = None, problem: str = "") -> None:
        self._state = Watched(now, progress, self._state.last, problem)


def _fingerprint(folder: Path) -> str | None:
    """What the file system says of every document; None where there is none."""
    files = [f"{path}\0{stamp(path)}" for path in find(folder)]
    return sha256("\0\0".join(files).encode("utf-8", "surrogateescape")).hexdigest() if files else None
