"""The Ask tab: questions in, answers and their passages out.

Every handler can be called by anybody with anything, so each one checks what it gets.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import Answer, Assistant, AssistantError, Found, Verified
from index import CorpusError
from ui import render, words
from ui.history import CURRENT, Keeping, history_view
from ui.next_questions import next_questions
from ui.palette import Palette
from ui.passage import Desk
from ui.quotes import escape
from ui.table_view import table_view
from ui.turns import Turns, before_last, earlier, last_answer, questions, stopped, turn

_LOG = logging.getLogger(__name__)

_PAUSE = 0.12  # seconds between two updates: each one makes Gradio process the whole conversation again
_PULSE = 8  # pauses without news after which Gradio is woken: only then does it see that a browser has gone away
_READERS = 64  # questions answered at once; further ones wait
# A question is sent with the id of its conversation, the last of the inputs; one that has none yet begins one.
_BEGIN = {
    count: f"({names}) => [{names}, window.parallaxConversation.start()]"
    for count, names in ((1, "a"), (2, "a, b"), (3, "a, b, c"))
}
# In the place of what is in the box: the question that was pressed below an answer.
_NEXT = "(_, b, c) => [window.parallaxNext.question(), b, c, window.parallaxConversation.start()]"
_SHOWN = 4_000  # characters of a question that the chat repeats

_PANEL = """<div id="veil"></div>
<section class="panel" role="complementary" aria-label="{region}">
<h2>{sources}</h2><p class="empty">{empty}</p></section>"""
_BLIND = f'<label><input type="checkbox"> <span>{words.BLIND}</span></label><p class="meta">{words.BLIND_HINT}</p>'


@dataclass(frozen=True, slots=True)
class AskTab:
    """The components that change when the page is opened or the index updated."""

    chat: gr.Chatbot
    chosen: gr.CheckboxGroup
    answering: gr.Markdown
    held: gr.Textbox  # the id of the conversation that the browser has open


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an answer is kept, as the browser says."""

    conversation: object
    replaces: str | None = None  # the answer in whose place it is given


class Asking:
    """Answers the questions of all readers of one assistant."""

    def __init__(self, assistant: Assistant, keeping: Keeping) -> None:
        self._assistant = assistant
        self._keeping = keeping
        self._threads = ThreadPoolExecutor(_READERS, "question")

    async def ask(
        self, question: object, turns: Turns | None, chosen: object, conversation: object
    ) -> AsyncIterator[tuple[Any, Any]]:
        """Answer a question at the end of the conversation, as it becomes known."""
        async for update in self._answer(question, turns or [], chosen, _Place(conversation)):
            yield update

    async def again(
        self, turns: Turns | None, chosen: object, conversation: object, *, as_typed: bool = False
    ) -> AsyncIterator[tuple[Any, Any]]:
        """Answer the last question anew, with the filters as they are now."""
        if turns and (asked := questions(turns)):
            place = _Place(conversation, last_answer(turns))
            async for update in self._answer(asked[-1], before_last(turns), chosen, place, as_typed=as_typed):
                yield update

    async def as_typed(
        self, turns: Turns | None, chosen: object, conversation: object
    ) -> AsyncIterator[tuple[Any, Any]]:
        """Answer the last question anew, in the reader's own words."""
        async for update in self.again(turns, chosen, conversation, as_typed=True):
            yield update

    async def _answer(
        self, question: object, before: Turns, chosen: object, place: _Place, *, as_typed: bool = False
    ) -> AsyncIterator[tuple[Any, Any]]:
        if not isinstance(question, str) or not question.strip():
            yield gr.skip(), gr.skip()
            return
        turns = [*before, turn("user", render.question(_clipped(question)))]
        yield [*turns, turn("assistant", render.searching())], _box(busy=True)

        def messages(stop: threading.Event) -> Iterator[str]:
            return self._messages(question, before, chosen, place, stop, as_typed=as_typed)

        told = render.searching()
        async for message in self._read(messages):
            told = message or told  # sent again, too: at gr.skip() Gradio makes the whole chat anew for this reader
            yield [*turns, turn("assistant", told)], gr.skip()
        yield [*turns, turn("assistant", told)], _box(busy=False)

    def _messages(
        self, question: str, before: Turns, chosen: object, place: _Place, stop: threading.Event, *, as_typed: bool
    ) -> Iterator[str]:
        """The answer as the chat shows it, again and again as it grows."""
        perspectives, palette = self._filter(chosen)
        history = earlier(before, self._assistant.corpus)
        only: dict[str, Any] = {"perspectives": perspectives, "as_typed": as_typed, "stop": stop}
        found = Found(question, (), 0)
        verified: list[Verified] = []
        for event in self._assistant.stream(question, history, **only):
            if isinstance(event, Answer):
                if event.citations or not stop.is_set():  # of one that was stopped, what was verified by then
                    self._keeping.keep(place.conversation, event, place.replaces)
                yield render.answer(event, palette, perspectives)
                continue
            if isinstance(event, Found):
                found = event
            else:
                verified.append(event)
            yield render.partial(question, found, verified, palette, self._model)

    @property
    def _model(self) -> str | None:
        """What the model that writes is called."""
        writer = self._assistant.writer
        return writer.model.shown_name if writer else None

    async def _read(self, messages: Callable[[threading.Event], Iterator[str]]) -> AsyncIterator[str | None]:
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

    def _filter(self, chosen: object) -> tuple[tuple[str, ...], Palette]:
        """The perspectives ticked, as the assistant wants them: none where all or none are."""
        known = self._assistant.corpus.perspectives()
        ticked = chosen if isinstance(chosen, list) else []
        ids = tuple(entry.id for entry in known if entry.id in ticked)
        return (() if len(ids) == len(known) else ids), Palette.of(known)


def questions_and_answers(assistant: Assistant, keeping: Keeping, *, has_door: bool = False) -> AskTab:
    """Lay out the tab and connect it; where readers had to log in, with a way to log out."""
    asking, desk = Asking(assistant, keeping), Desk(assistant)
    examples, choices, who = _corpus(assistant)
    with gr.Row(elem_id="work", equal_height=False):
        with gr.Column(elem_id="side", scale=0, min_width=248):
            new = gr.Button(words.NEW, elem_id="new", size="sm")
            chosen = gr.CheckboxGroup(
                choices,
                value=[id for _, id in choices],
                label=words.PERSPECTIVES,
                info=words.PERSPECTIVES_HINT,
                elem_id="chosen",
            )
            history_view(keeping)
            gr.HTML(elem_id="blind", html_template=_BLIND, apply_default_css=False)  # the page's script does it
            if has_door:
                gr.HTML(f'<a href="/logout">{words.LOG_OUT}</a>', elem_id="log-out", apply_default_css=False)
        table_view(assistant)
        with gr.Column(elem_id="talk", scale=1):
            gr.Button(words.FILTERS, elem_id="filters", size="sm")
            chat = gr.Chatbot(
                elem_id="chat",
                label=words.CHAT,
                show_label=False,
                container=False,
                layout="bubble",
                height="100%",
                autoscroll=False,
                buttons=[],
                latex_delimiters=[],
                feedback_options=None,
                examples=examples,
                placeholder=f"## {words.WELCOME}\n{words.WELCOME_MORE}",
                group_consecutive_messages=False,
            )
            box = gr.Textbox(
                elem_id="box",
                label=words.BOX,
                show_label=False,
                placeholder=words.BOX_HINT,
                submit_btn=True,
                stop_btn=False,
                max_lines=6,
            )
            answering = gr.Markdown(who, elem_id="answering")
            as_typed = gr.Button(words.AS_TYPED, elem_id="as-typed")  # the page's script presses this and the next two
            ask_next = gr.Button(words.NEXT["heading"], elem_id="ask-next")
            reopen = gr.Button(words.HISTORY["heading"], elem_id="reopen")
            held = gr.Textbox(visible=False)  # the conversation that the browser has open
        _panel(desk)
        next_questions(assistant)

    shared: dict[str, Any] = {"outputs": [chat, box], "show_progress": "hidden", "api_visibility": "private"}
    many: dict[str, Any] = {**shared, "concurrency_limit": None, "concurrency_id": "ask"}
    asked: list[Any] = [
        box.submit(asking.ask, [box, chat, chosen, held], js=_BEGIN[3], **many),
        chat.example_select(asking_example(asking), [chat, chosen, held], js=_BEGIN[2], **many),
        chat.retry(asking.again, [chat, chosen, held], js=_BEGIN[2], **many),
        as_typed.click(asking.as_typed, [chat, chosen, held], js=_BEGIN[2], **many),
        ask_next.click(asking.ask, [box, chat, chosen, held], js=_NEXT, **many),
    ]
    box.stop(_stopped, [chat], cancels=asked, **shared)
    chat.undo(undoing(keeping), [chat, held], js=_BEGIN[1], **shared)
    new.click(lambda: ([], _box(busy=False)), None, cancels=asked, **shared)
    shown = {**shared, "js": CURRENT}
    reopen.click(lambda id: (keeping.restore(id), _box(busy=False)), [held], cancels=asked, **shown)
    return AskTab(chat, chosen, answering, held)


def fresh(assistant: Assistant) -> tuple[Any, Any, Any]:
    """What `AskTab` shows of the corpus as it is now: examples, perspectives, who answers."""
    try:
        examples, choices, answering = _corpus(assistant)
    except (AssistantError, CorpusError):
        return gr.skip(), gr.skip(), gr.skip()  # the next question and the Library tab say what is wrong
    return gr.Chatbot(examples=examples), gr.CheckboxGroup(choices, value=[id for _, id in choices]), answering


def _corpus(assistant: Assistant) -> tuple[Any, list[tuple[str, str]], str]:
    known = assistant.corpus.perspectives()
    palette = Palette.of(known)
    examples = [{"text": question} for question in assistant.corpus.examples()]
    choices = [(f"{palette.glyph(entry.id)} {entry.label}", entry.id) for entry in known]
    return examples, choices, escape(assistant.answering)


def asking_example(asking: Asking) -> Callable[..., AsyncIterator[tuple[Any, Any]]]:
    """A click on an example asks it."""

    async def ask(
        turns: Turns, chosen: object, conversation: object, data: gr.SelectData
    ) -> AsyncIterator[tuple[Any, Any]]:
        text = data.value.get("text") if isinstance(data.value, dict) else None
        async for update in asking.ask(text, turns, chosen, conversation):
            yield update

    return ask


def _panel(desk: Desk) -> None:
    script = "".join(
        Path(__file__).with_name(name).read_text("utf-8") for name in ("panel.js", "preview.js", "chat.js")
    )
    gr.HTML(
        elem_id="reading",
        html_template=_PANEL.format(**words.PANEL),
        js_on_load=script.replace("/*WORDS*/ {}", json.dumps(words.PANEL)),
        server_functions=desk.functions(),
        apply_default_css=False,
    )


# ── Conversations ────────────────────────────────────────────────────────────────────────────────────────────────────


def _clipped(question: str) -> str:
    question = question.strip()
    return question if len(question) <= _SHOWN else f"{question[:_SHOWN]}…"


def _box(*, busy: bool) -> Any:
    if busy:
        return gr.Textbox(value="", submit_btn=False, stop_btn=True)
    return gr.Textbox(submit_btn=True, stop_btn=False)


def _stopped(turns: Turns | None) -> tuple[Any, Any]:
    return stopped(turns or []), _box(busy=False)


def undoing(keeping: Keeping) -> Callable[..., tuple[Any, Any]]:
    """The last question goes back into the box, and its answer is kept no longer."""

    def undo(turns: Turns | None, conversation: object) -> tuple[Any, Any]:
        turns = turns or []
        asked = questions(turns)
        if not asked:
            return gr.skip(), gr.skip()
        keeping.drop(conversation, last_answer(turns))
        return before_last(turns), gr.Textbox(value=asked[-1])

    return undo


def _sentence(problem: BaseException) -> str:
    """What the reader is told of a failure: ours speak for themselves, a bug goes to the log."""
    if isinstance(problem, AssistantError | CorpusError):
        return str(problem)
    _LOG.error("A question could not be answered.", exc_info=problem)
    return words.BROKEN
