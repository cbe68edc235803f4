"""What the doors of one service share: the assistant behind them, the threads in which it works, and for how long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from threading import Event as Flag
from typing import TypeVar

from assistant.assistant import Assistant
from assistant.doors import adding
from assistant.doors.limits import Limits
from assistant.doors.metrics import Metrics
from assistant.doors.problems import Problem, Refused
from assistant.doors.requests import Asked
from assistant.doors.streaming import ENDING, TOO_SLOW, Steps, Told, steps
from assistant.errors import AssistantError
from assistant.types import Answer, Found, Verified
from index.errors import CorpusError

_LOG = logging.getLogger(__name__)

_PULSE = 0.25  # seconds between two looks whether whoever asked is still there
_LEFT = Problem(400, "left", "Whoever asked has left.")

Made = TypeVar("Made")


class Desk:
    """Has the assistant answer in threads, in time."""

    def __init__(self, assistant: Assistant, threads: Executor, metrics: Metrics, limits: Limits) -> None:
        self.assistant, self.metrics, self.limits = assistant, metrics, limits
        self.updates = adding.Updates(assistant.corpus)
        self._threads = threads
        self._warm = Flag()
        self._answering: set[Told] = set()

    def warm(self) -> None:
        """Load the index and the model, so that the first question does not have to wait for them."""
        try:
            self.assistant.warm()
        except (AssistantError, CorpusError) as error:
            _LOG.warning("%s", error)  # each question says it again
        finally:
            self._warm.set()

    @property
    def is_warm(self) -> bool:
        """Whether that is done."""
        return self._warm.is_set()

    async def done(self, work: Callable[[], Made]) -> Made:
        """What some work returns, done in a thread; errors as in the work, and `Refused` where it takes too long."""
        working = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.wait_for(working, self.limits.other)
        except TimeoutError:
            raise Refused(TOO_SLOW) from None

    def steps(self, asked: Asked, pulse: float) -> Steps:
        """The steps of an answer; see `streaming.steps`."""
        return steps(
            lambda stop: asked.stream(self.assistant, stop),
            self._threads,
            self._answering,
            pulse=pulse,
            within=self.limits.answer,
        )

    def end(self) -> None:
        """Break off what is being answered: whoever asked is told so. To be called in the loop of the service."""
        for told in self._answering:
            told.put_nowait(Refused(ENDING))

    async def answer(
        self,
        asked: Asked,
        has_left: Callable[[], Awaitable[bool]] | None = None,
        tell: Callable[[Found | Verified], Awaitable[None]] | None = None,
    ) -> Answer:
        """The whole answer. It is stopped where whoever asked has left, and where this is cancelled.

        Args:
            has_left: tells whether they have; without it, they are there until this is cancelled.
            tell: called with what becomes known before.
        """
        answering = self.steps(asked, _PULSE)
        try:
            async for step in answering:
                if isinstance(step, Answer):
                    self.metrics.note(step)
                    return step
                if step is None:
                    if has_left and await has_left():
                        break
                elif tell:
                    await tell(step)
        finally:
            await answering.aclose()
        raise Refused(_LEFT)
