"""Questions of all readers in, their answers out as they become known, as messages of the chat.

Every handler can be called by anybody with anything, so each one checks what it gets.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant import Answer, Assistant, AssistantError, Found, Mode
from index import CorpusError, Filter
from ui import render, words
from ui.filters import Filters, checked
from ui.history import Keeping
from ui.palette import Palette
from ui.sent import read_sent
from ui.sentences import Grown
from ui.turns import Turns, answered, before, earlier, questions, stopped, turn

_LOG = logging.getLogger(__name__)

_PAUSE = 0.12  # seconds between two updates: each one makes Gradio process the whole conversation again
_PULSE = 8  # pauses without news after which Gradio is woken: only then does it see that a browser has gone away
_KEEPING = 2  # seconds that an answer which was stopped has for ending, so that it is kept when the page hears of it
_READERS = 64  # questions answered at once; further ones wait
_SHOWN = 4_000  # characters of a question that the chat repeats

Updates = AsyncIterator[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, and where it stands."""

    question: str
    above: Turns  # what the chat shows above it
    context: Turns  # the conversation that it may lean on
    only: Filter
    conversation: str | None
    replaces: str | None = None  # the answer in whose place it is answered
    as_typed: bool = False


class Asking:
    """Answers the questions of all readers of one assistant."""

    def __init__(self, assistant: Assistant, keeping: Keeping, filters: Filters) -> None:
        self._assistant = assistant
        self._keeping = keeping
        self._filters = filters
        self._threads = ThreadPoolExecutor(_READERS, "question")
        self._filling: dict[str, threading.Event] = {}  # by session: set, it ends what fills the chat there

    async def ask(
        self, question: object, turns: Turns | None, sent: object, request: gr.Request | None = None
    ) -> Updates:
        """Answer a question, as it becomes known: at the end of the conversation, or in the place of an earlier one."""
        turns, given = turns or [], read_sent(sent)
        if isinstance(question, str) and question.strip():
            if given is None:
                yield _not_understood(turns)
                return
            above = turns
            if given.at is not None and given.at < len(questions(turns)):
                above = before(turns, given.at)
                copied = given.branches, given.conversation, answered(above), question
                await asyncio.to_thread(self._keeping.branch, *copied)  # it may wait for another writer
            asked = _Asked(question, above, above, given.only, given.conversation)
            async for update in self._answer(asked, request):
                yield update
        else:
            yield gr.skip(), gr.skip()

    async def again(
        self, turns: Turns | None, sent: object, request: gr.Request | None = None, *, as_typed: bool = False
    ) -> Updates:
        """Answer a question anew, with the filters as they are now: the last one in its place, an earlier one below."""
        turns, given = turns or [], read_sent(sent)
        asked = questions(turns)
        if given is None or not asked:
            yield _not_understood(turns) if asked else (gr.skip(), gr.skip())
            return
        at = len(asked) - 1 if given.at is None else min(given.at, len(asked) - 1)
        context = before(turns, at)
        last = at == len(asked) - 1
        replaces = answered(turns[len(context) :]) if last else None
        above = context if last else turns
        anew = _Asked(asked[at], above, context, given.only, given.conversation, replaces, as_typed)
        async for update in self._answer(anew, request):
            yield update

    async def as_typed(self, turns: Turns | None, sent: object, request: gr.Request | None = None) -> Updates:
        """Answer the last question anew, in the reader's own words."""
        async for update in self.again(turns, sent, request, as_typed=True):
            yield update

    async def restore(self, conversation: object, request: gr.Request | None = None) -> tuple[Turns, str] | None:
        """A conversation as `Keeping.restore` gives it; None where the reader went elsewhere before it was there.

        Opened late, as on a busy machine, it does not end the answer that the reader has asked for meanwhile.
        """
        filling = self._filling.get(request.session_hash or "") if request else None
        if filling and not filling.is_set():
            return None
        with self._endable(request) as ended:
            reading = asyncio.ensure_future(asyncio.to_thread(self._keeping.restore, conversation))
            while not reading.done() and not ended.is_set():
                await asyncio.wait({reading}, timeout=_PAUSE)
            return None if ended.is_set() else await reading

    def stop(self, request: gr.Request) -> None:
        """End what fills a reader's chat: of an answer what was verified by then stays, and the rest says so.

        It ends itself. Where Gradio cancels it, a browser that closes its stream then may take the message that it was
        stopped along.
        """
        if filling := self._filling.get(request.session_hash or ""):
            filling.set()

    async def _answer(self, asked: _Asked, request: gr.Request | None) -> Updates:
        turns = [*asked.above, turn("user", render.question(_clipped(asked.question)))]

        def messages(stop: threading.Event) -> Iterator[str]:
            return self._messages(asked, stop)

        told = render.searching()
        with self._endable(request) as pressed:
            yield [*turns, turn("assistant", told)], box(busy=True)
            async for message in self._read(messages, pressed):
                told = message or told  # sent again, too: at gr.skip() Gradio makes the whole chat anew for this reader
                yield [*turns, turn("assistant", told)], gr.skip()
            turns = [*turns, turn("assistant", told)]
            yield stopped(turns) if pressed.is_set() else turns, box(busy=False)

    @contextmanager
    def _endable(self, request: gr.Request | None) -> Iterator[threading.Event]:
        """What is set once the reader presses Stop or goes elsewhere, or something else fills the chat."""
        session, ended = request.session_hash if request else None, threading.Event()
        if session:
            if before := self._filling.get(session):
                before.set()
            self._filling[session] = ended
        try:
            yield ended
        finally:
            if session and self._filling.get(session) is ended:
                del self._filling[session]

    def _messages(self, asked: _Asked, stop: threading.Event) -> Iterator[str]:
        """The answer as the chat shows it, again and again as it grows."""
        palette = Palette.of(self._assistant.corpus.perspectives())
        narrowed = self._filters.narrowed(asked.only)
        history = earlier(asked.context, self._assistant.corpus)
        grown = Grown(Found(asked.question, (), 0))
        try:
            only = checked(asked.only).to_dict()
            for event in self._assistant.stream(asked.question, history, **only, as_typed=asked.as_typed, stop=stop):
                if isinstance(event, Answer):
                    if event.citations or not stop.is_set():  # of one that was stopped, what was verified by then
                        self._keeping.keep(asked.conversation, event, asked.replaces)
                    yield render.answer(event, palette, narrowed, grown)
                    continue
                if isinstance(event, Found):
                    grown = Grown(event)
                elif event.mode is Mode.DIGEST:
                    if stop.is_set():
                        return
                    continue  # the whole of a digest is there in a moment, and with it what is said above it
                else:
                    grown = Grown(grown.found, (*grown.verified, event))
                yield render.partial(asked.question, grown, palette, self._model, narrowed)
        except (AssistantError, CorpusError) as error:
            yield render.problem(str(error), narrowed)

    @property
    def _model(self) -> str | None:
        """What the model that writes is called."""
        writer = self._assistant.writer
        return writer.model.shown_name if writer else None

    async def _read(
        self, messages: Callable[[threading.Event], Iterator[str]], pressed: threading.Event
    ) -> AsyncIterator[str | None]:
        """The one bridge from the synchronous stream: a thread reads it; at each pause the latest message counts.

        None is a sign of life. However this ends, a press of Stop or a closed browser included, the event that
        `messages` was given is set then.
        """
        latest: deque[str] = deque(maxlen=1)
        stop = threading.Event()

        def read() -> None:
            for message in messages(stop):
                if stop.is_set():
                    return
                latest.append(message)

        reading = asyncio.get_running_loop().run_in_executor(self._threads, read)
        try:
            for pauses in itertools.count(1):
                await asyncio.wait({reading}, timeout=_PAUSE)
                finished = reading.done()
                if pressed.is_set() and not finished:
                    stop.set()
                    await asyncio.wait({reading}, timeout=_KEEPING)
                    return
                if latest:
                    yield latest.pop()
                elif pauses % _PULSE == 0:
                    yield None
                if finished:
                    break
            if problem := reading.exception():
                yield render.problem(_sentence(problem))
        finally:
            stop.set()


def box(*, busy: bool) -> Any:
    """The question box while an answer is given, and when it is there."""
    if busy:
        return gr.Textbox(value="", submit_btn=False, stop_btn=True)
    return gr.Textbox(submit_btn=True, stop_btn=False)


def _clipped(question: str) -> str:
    question = question.strip()
    return question if len(question) <= _SHOWN else f"{question[:_SHOWN]}…"


def _not_understood(turns: Turns) -> tuple[Any, Any]:
    return [*turns, turn("assistant", render.problem(words.NOT_UNDERSTOOD))], gr.skip()


def _sentence(problem: BaseException) -> str:
    """What the reader is told of a failure: ours speak for themselves, a bug goes to the log."""
    if isinstance(problem, AssistantError | CorpusError):
        return str(problem)
    _LOG.error("A question could not be answered.", exc_info=problem)
    return words.BROKEN
