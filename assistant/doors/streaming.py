"""A question answered step by step in a thread in, its steps in the server's loop out; and as server-sent events.

event: found      the search is done; what was searched, and what speaks against the question itself
event: verified   one checked sentence, with the citations that it brings in
event: answer     the whole answer, and the last event
event: error      in the place of all that would have followed
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Executor
from dataclasses import asdict
from typing import Any

from assistant.doors.problems import BUG, Problem, Refused, problem_of
from assistant.errors import AssistantError
from assistant.types import Answer, Event, Found, Verified
from index.errors import CorpusError

_LOG = logging.getLogger(__name__)
TOO_SLOW = Problem(504, "too_slow", "This took too long and was given up. Ask for less, or try again later.", 5.0)

ENDING = Problem(503, "ending", "The service is being ended. Ask again once it runs.", 5.0)

Steps = AsyncGenerator[Event | None, None]
Told = asyncio.Queue[Event | Refused | None]  # the steps of an answer, as they become known


async def steps(
    read: Callable[[threading.Event], Iterator[Event]],
    threads: Executor,
    running: set[Told],
    *,
    pulse: float,
    within: float,
) -> Steps:
    """The steps of an answer; None where there was none for so many seconds. However it ends, the answer is stopped.

    Args:
        running: where it stands while it is being made, so that somebody can break it off.

    Raises:
        AssistantError, CorpusError: as the answer itself.
        Refused: it took longer than it may, or was broken off.
    """
    loop, stop = asyncio.get_running_loop(), threading.Event()
    queue: Told = asyncio.Queue()
    end = loop.time() + within

    def run() -> None:
        try:
            for event in read(stop):
                if stop.is_set():
                    return
                loop.call_soon_threadsafe(queue.put_nowait, event)
        finally:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, None)

    reading = loop.run_in_executor(threads, run)
    reading.add_done_callback(_seen)
    running.add(queue)
    try:
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), min(pulse, max(0.0, end - loop.time())))
            except TimeoutError:
                if loop.time() >= end:
                    raise Refused(TOO_SLOW) from None
                yield None
                continue
            if event is None:
                await reading
                return
            if isinstance(event, Refused):
                raise event
            yield event
    finally:
        running.discard(queue)
        stop.set()


def _seen(reading: asyncio.Future[None]) -> None:
    """What goes wrong after whoever asked has left is told to nobody."""
    if not reading.cancelled():
        reading.exception()


async def sent(steps: Steps, first: Event | None, note: Callable[[Answer], None]) -> AsyncGenerator[bytes, None]:
    """Server-sent events: of the first step, and of those that follow."""
    try:
        yield _event_of(first)
        async for step in steps:
            if isinstance(step, Answer):
                note(step)
            yield _event_of(step)
    except (AssistantError, CorpusError) as error:
        yield _written("error", problem_of(error).to_dict())
    except Refused as refused:
        yield _written("error", refused.problem.to_dict())
    except Exception:  # noqa: BLE001  the status is sent already: this is how a bug is told
        _LOG.exception("A question could not be answered.")
        yield _written("error", BUG.to_dict())
    finally:
        await steps.aclose()


def _event_of(step: Event | None) -> bytes:
    if step is None:
        return b": still here\n\n"  # without a sign of life, proxies close a connection
    if isinstance(step, Answer):
        return _written("answer", step.to_dict())
    return _written("found", found(step)) if isinstance(step, Found) else _written("verified", verified(step))


def _written(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, allow_nan=False, separators=(',', ':'))}\n\n".encode("ascii")


def found(step: Found) -> dict[str, Any]:
    """What a search found, for JSON; the passages themselves come with the sentences that cite them."""
    return {
        "query": step.query,
        "passages": len(step.hits),
        "perspectives": step.perspectives,
        "spellings": [list(names) for names in step.spellings],
        "assumption": step.assumption and asdict(step.assumption),
        "against": [citation.to_dict() for citation in step.against],
    }


def verified(step: Verified) -> dict[str, Any]:
    """One checked sentence, for JSON."""
    return {
        "claim": {"text": step.claim.text, "citations": list(step.claim.citations)},
        "citations": [citation.to_dict() for citation in step.citations],
        "premise": step.premise,
        "mode": str(step.mode),
    }
