"""A place in, a replica kept current with it while the program runs; what is going on, as a value."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.errors import AssistantError
from index.errors import CorpusError, StoreBusy
from index.sharing.transport import Copied

EVERY = 60.0  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a replica has followed."""

    looked: str = ""  # ISO time, UTC, of the last look that succeeded; empty before
    problem: str = ""  # why the latest look failed, as a sentence; the replica answers as before


class Follower:
    """Looks at one place in a thread of its own."""

    def __init__(
        self, pull: Callable[[], Copied], every: float = EVERY, tell: Callable[[str], object] = lambda _: None
    ) -> None:
        """Begins nothing yet.

        Args:
            pull: brings the replica up to date.
            every: seconds between two looks.
            tell: is told in a sentence where looks begin to fail, or fail for another reason, and where they succeed
                again.
        """
        self._pull, self._every, self._tell = pull, every, tell
        self._state = Followed()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follow", daemon=True)

    @property
    def state(self) -> Followed:
        """What is going on."""
        return self._state

    def look(self) -> Followed:
        """One look, and what is new copied. What `start` does again and again."""
        before = self._state.problem
        try:
            self._pull()
            self._state = Followed(datetime.now(UTC).isoformat(timespec="seconds"))
        except StoreBusy:
            pass  # another process follows with the same replica, for all of them
        except (AssistantError, CorpusError) as error:
            self._state = Followed(self._state.looked, str(error))
        if (problem := self._state.problem) != before:
            self._tell(f"{problem} The replica answers as it was." if problem else "The replica is kept current again.")
        return self._state

    def start(self) -> None:
        """Look from now on, for the first time after a while."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more. What is being copied is finished first."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(self._every):
            self.look()
