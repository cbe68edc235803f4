"""An open index in, its watched questions asked again whenever it has changed, whoever changed it.

A thread looks every few seconds whether documents or labels are others: after an update by command, in the Library, by
a watched folder, or from a copy. It asks one question at a time, with pauses, and holds up nobody who asks one himself.
"""

from __future__ import annotations

import logging
import threading

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.watching.watched import WatchedQuestions
from index.errors import CorpusError

EVERY = 3.0  # seconds between two looks
_WITHIN = 10.0  # seconds of one round; what is left has its turn at the next look
_PAUSE = 0.1  # seconds between two questions

_LOG = logging.getLogger(__name__)


class Rounds:
    """Asks the watched questions of one assistant again, in a thread of its own."""

    def __init__(self, assistant: Assistant, watched: WatchedQuestions, every: float = EVERY) -> None:
        """Begins nothing yet."""
        self._assistant, self._watched, self._every = assistant, watched, every
        self._asked: tuple[str, str] | None = None  # the state of the index of which every question was asked
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watched", daemon=True)

    def start(self) -> None:
        """Look from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; the question that is being asked is finished first."""
        self._end.set()
        self._thread.join()

    def look(self) -> None:
        """One look, and a round of questions if it is time for one. What `start` does again and again."""
        try:
            with self._assistant.reader.pinned() as (generation, retriever):
                state = generation.name, retriever.labels
            if state != self._asked and not self._watched.check(self._assistant, _WITHIN, _PAUSE).left:
                self._asked = state
        except (AssistantError, CorpusError) as error:
            _LOG.warning("Watched questions could not be asked again. %s", error)

    def _run(self) -> None:
        while not self._end.wait(self._every):
            self.look()
