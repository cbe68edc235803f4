"""The Ask tab: questions in, answers and their passages out.

Every handler can be called by anybody with anything, so each one checks what it gets.
"""

from __future__ import annotations

import asyncio
import html
import json
import logging
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import Answer, Assistant, AssistantError, Found, Verified
from index import CorpusError
from ui import render, words
from ui.palette import Palette
from ui.passage import Desk

Turns = list[dict[str, Any]]

_LOG = logging.getLogger(__name__)

_PAUSE = 0.12  # seconds between two updates: each one makes Gradio process the whole conversation again
_READERS = 64  # questions answered at once; further ones wait
_SHOWN = 4_000  # characters of a question that the chat repeats
_EARLIER = 8  # questions handed on to make sense of a follow-up

_PANEL = """<div id="veil"></div>
<aside class="panel" aria-label="{region}"><h2>{sources}</h2><p class="empty">{empty}</p></aside>"""


@dataclass(frozen=True, slots=True)
class AskTab:
    """The components that change when the page is opened or the index updated."""

    chat: gr.Chatbot
    chosen: gr.CheckboxGroup
    answering: gr.Markdown


class Asking:
    """Answers the questions of all readers of one assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._threads = ThreadPoolExecutor(_READERS, "question")

    async def ask(self, question: object, turns: Turns | None, chosen: object) -> AsyncIterator[tuple[Any, Any]]:
        """Answer a question at the end of the conversation, as it becomes known."""
        if not isinstance(question, str) or not question.strip():
            yield gr.skip(), gr.skip()
            return
        turns = turns or []
        earlier = _questions(turns)
        turns = [*turns, _turn("user", render.question(_clipped(question)))]
        yield [*turns, _turn("assistant", render.searching())], _box(busy=True)
        messages = self._read(lambda: self._messages(question, earlier, chosen))
        async for message in messages:
            yield [*turns, _turn("assistant", message)], gr.skip()
        yield gr.skip(), _box(busy=False)

    async def again(self, turns: Turns | None, chosen: object) -> AsyncIterator[tuple[Any, Any]]:
        """Answer the last question anew, with the filters as they are now."""
        turns = turns or []
        if asked := _questions(turns):
            async for update in self.ask(asked[-1], _before_last(turns), chosen):
                yield update

    def _messages(self, question: str, earlier: Sequence[str], chosen: object) -> Iterator[str]:
        """The answer as the chat shows it, again and again as it grows."""
        perspectives, palette = self._filter(chosen)
        found = Found(question, (), 0)
        verified: list[Verified] = []
        for event in self._assistant.stream(question, earlier, perspectives=perspectives):
            if isinstance(event, Answer):
                yield render.answer(event, palette)
                continue
            if isinstance(event, Found):
                found = event
            else:
                verified.append(event)
            yield render.partial(found, verified, palette)

    async def _read(self, messages: Callable[[], Iterator[str]]) -> AsyncIterator[str]:
        """The one bridge from the synchronous stream: a thread reads it; at each pause the latest message counts."""
        latest: deque[str] = deque(maxlen=1)
        stop = threading.Event()

        def read() -> None:
            for message in messages():
                if stop.is_set():
                    return
                latest.append(message)

        reading = asyncio.get_running_loop().run_in_executor(self._threads, read)
        try:
            finished = False
            while not finished:
                await asyncio.wait({reading}, timeout=_PAUSE)
                finished = reading.done()
                if latest:
                    yield latest.pop()
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


def questions_and_answers(assistant: Assistant) -> AskTab:
    """Lay out the tab and connect it."""
    asking, desk = Asking(assistant), Desk(assistant)
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
        _panel(desk)

    shared: dict[str, Any] = {"outputs": [chat, box], "show_progress": "hidden", "api_visibility": "private"}
    many: dict[str, Any] = {**shared, "concurrency_limit": None, "concurrency_id": "ask"}
    asked: list[Any] = [
        box.submit(asking.ask, [box, chat, chosen], **many),
        chat.example_select(asking_example(asking), [chat, chosen], **many),
        chat.retry(asking.again, [chat, chosen], **many),
    ]
    box.stop(_stopped, [chat], cancels=asked, **shared)
    chat.undo(_undone, [chat], **shared)
    new.click(lambda: ([], _box(busy=False)), None, cancels=asked, **shared)
    return AskTab(chat, chosen, answering)


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
    return examples, choices, render.escape(assistant.answering)


def asking_example(asking: Asking) -> Callable[..., AsyncIterator[tuple[Any, Any]]]:
    """A click on an example asks it."""

    async def ask(turns: Turns, chosen: object, data: gr.SelectData) -> AsyncIterator[tuple[Any, Any]]:
        text = data.value.get("text") if isinstance(data.value, dict) else None
        async for update in asking.ask(text, turns, chosen):
            yield update

    return ask


def _panel(desk: Desk) -> None:
    script = Path(__file__).with_name("panel.js").read_text("utf-8")
    gr.HTML(
        elem_id="reading",
        html_template=_PANEL.format(**words.PANEL),
        js_on_load=script.replace("/*WORDS*/ {}", json.dumps(words.PANEL)),
        server_functions=desk.functions(),
        apply_default_css=False,
    )


# ── Conversations ────────────────────────────────────────────────────────────────────────────────────────────────────


def _turn(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": content}


def _text(turn: dict[str, Any]) -> str:
    """What a turn says: Gradio hands it back as text or as a list of parts."""
    content = turn.get("content")
    parts: Sequence[Any] = content if isinstance(content, list) else [content]
    return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in parts if part)


def _questions(turns: Turns) -> list[str]:
    """The last questions of a conversation, as they were typed."""
    asked = [html.unescape(_text(turn)) for turn in turns if turn.get("role") == "user"]
    return asked[-_EARLIER:]


def _before_last(turns: Turns) -> Turns:
    last = max(at for at, turn in enumerate(turns) if turn.get("role") == "user")
    return turns[:last]


def _clipped(question: str) -> str:
    question = question.strip()
    return question if len(question) <= _SHOWN else f"{question[:_SHOWN]}…"


def _box(*, busy: bool) -> Any:
    if busy:
        return gr.Textbox(value="", submit_btn=False, stop_btn=True)
    return gr.Textbox(submit_btn=True, stop_btn=False)


def _stopped(turns: Turns | None) -> tuple[Any, Any]:
    """What there is of an answer makes room for the word that it was stopped."""
    turns = turns or []
    if turns and turns[-1].get("role") == "assistant" and "answer-end" not in _text(turns[-1]):
        turns = turns[:-1]
    return [*turns, _turn("assistant", render.stopped())], _box(busy=False)


def _undone(turns: Turns | None) -> tuple[Any, Any]:
    turns = turns or []
    asked = _questions(turns)
    return (_before_last(turns), gr.Textbox(value=asked[-1])) if asked else (gr.skip(), gr.skip())


def _sentence(problem: BaseException) -> str:
    """What the reader is told of a failure: ours speak for themselves, a bug goes to the log."""
    if isinstance(problem, AssistantError | CorpusError):
        return str(problem)
    _LOG.error("A question could not be answered.", exc_info=problem)
    return words.BROKEN
