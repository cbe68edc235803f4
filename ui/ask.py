"""The Ask tab laid out and connected: filters, conversation, passage."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant import Assistant, AssistantError
from index import CorpusError
from ui import words
from ui.asking import Asking, box
from ui.corrections import Corrector
from ui.feedback import Feedback, feedback_view
from ui.filters import Filters, filters_view
from ui.history import Keeping, history_view
from ui.next_questions import next_questions
from ui.passage import Desk
from ui.quotes import escape
from ui.scripts import script
from ui.sent import BARE
from ui.table_view import table_view
from ui.turns import Turns, answered, before, questions
from ui.watched import Watching, watched_view

# A question is sent with what the browser says beside it, the last of the inputs: the conversation, which begins with
# it if there is none yet, and the filters.
_SEND = {
    count: f"({names}) => [{names}, window.parallaxConversation.sent()]" for count, names in ((1, "a"), (2, "a, b"))
}
_SUBMIT = "(a, b) => (window.parallaxEdit.sends(a), [a, b, window.parallaxConversation.sent()])"
_UNDO = "(a) => [a, window.parallaxConversation.current()]"
# The browser says which conversation it has open: what fills the chat has ended by then.
_OPEN = "() => window.parallaxConversation.shown()"
_LOADED = "() => window.parallaxConversation.loaded()"
_FILLED = "() => window.parallaxConversation.filled()"
# The filters of a conversation that was opened are those of its last answer. Where none was, what the reader has chosen
# meanwhile stays.
_TAKE = "(only) => only ? window.parallaxFilters.take(only) : window.parallaxFilters.refresh()"
_REFRESH = "() => window.parallaxFilters.refresh()"
# In the place of what is in the box: the question that was pressed below an answer.
_NEXT = "(_, b) => [window.parallaxNext.question(), b, window.parallaxConversation.sent()]"

_PANEL = """<div id="veil"></div>
<section class="panel" role="complementary" aria-label="{region}">
<h2>{sources}</h2><p class="empty">{empty}</p></section>"""
_BLIND = f'<label><input type="checkbox"> <span>{words.BLIND}</span></label><p class="meta">{words.BLIND_HINT}</p>'
_EDITING = f'<p role="status"></p><button type="button">{words.EDIT["cancel"]}</button>'


@dataclass(frozen=True, slots=True)
class AskTab:
    """The components that change when the page is opened or the index updated."""

    asking: Asking
    chat: gr.Chatbot
    question: gr.Textbox
    answering: gr.Markdown
    held: gr.Textbox  # the id of the conversation that the browser has open
    only: gr.Textbox  # the filter of its last answer


def questions_and_answers(
    assistant: Assistant, keeping: Keeping, filters: Filters, watching: Watching, *, has_door: bool = False
) -> AskTab:
    """Lay out the tab and connect it; where readers had to log in, with a way to log out."""
    asking, desk = Asking(assistant, keeping, filters), Desk(assistant)
    examples, who = _corpus(assistant)
    with gr.Row(elem_id="work", equal_height=False):
        with gr.Column(elem_id="side", scale=0, min_width=248):
            new = gr.Button(words.NEW, elem_id="new", size="sm")
            filters_view(filters)
            watched_view(watching)
            history_view(keeping)
            feedback_view(Feedback(keeping.history))
            gr.HTML(elem_id="blind", html_template=_BLIND, apply_default_css=False)  # the page's script does it
            if has_door:
                gr.HTML(f'<a href="/logout">{words.LOG_OUT}</a>', elem_id="log-out", apply_default_css=False)
        table_view(assistant, filters)
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
            gr.HTML(elem_id="editing", html_template=_EDITING, apply_default_css=False)
            question = gr.Textbox(
                elem_id="box",
                label=words.BOX,
                show_label=False,
                placeholder=words.BOX_HINT,
                submit_btn=True,
                stop_btn=False,
                max_lines=6,
            )
            answering = gr.Markdown(who, elem_id="answering")
            as_typed = gr.Button(words.AS_TYPED, elem_id="as-typed")  # the page's script presses this and the next four
            ask_next = gr.Button(words.NEXT["heading"], elem_id="ask-next")
            anew = gr.Button(words.LIFT_ALL, elem_id="anew")
            reopen = gr.Button(words.HISTORY["heading"], elem_id="reopen")
            leave = gr.Button(words.PANEL["stop"], elem_id="leave")
            held = gr.Textbox(BARE, visible=False)  # what the browser says beside a question
            only = gr.Textbox(visible=False)
        _panel(desk, Corrector(assistant))
        next_questions(assistant)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    shared: dict[str, Any] = {**quiet, "outputs": [chat, question]}
    many: dict[str, Any] = {**shared, "concurrency_limit": None, "concurrency_id": "ask"}
    asked: list[Any] = [
        question.submit(asking.ask, [question, chat, held], js=_SUBMIT, **many),
        chat.example_select(asking_example(asking), [chat, held], js=_SEND[1], **many),
        chat.retry(asking.again, [chat, held], js=_SEND[1], **many),
        as_typed.click(asking.as_typed, [chat, held], js=_SEND[1], **many),
        anew.click(asking.again, [chat, held], js=_SEND[1], **many),
        ask_next.click(asking.ask, [question, chat, held], js=_NEXT, **many),
    ]
    gr.on([question.stop, leave.click], asking.stop, None, None, **quiet)
    chat.undo(undoing(keeping), [chat, held], js=_UNDO, **shared)
    for event in asked:
        _told(event)
    tab = AskTab(asking, chat, question, answering, held, only)
    _show(tab, reopen.click, _OPEN)
    _show(tab, new.click, _OPEN)
    return tab


def connect(page: gr.Blocks, tab: AskTab) -> None:
    """What happens on the tab when the page is opened: its conversation is shown again, with its filters."""
    _show(tab, page.load, _LOADED, first=True)


def _show(tab: AskTab, when: Callable[..., Any], js: str, *, first: bool = False) -> None:
    """Show a conversation that is kept, with its filters, or the beginning of one.

    Args:
        when: registers a listener, as `page.load` does.
        js: has the browser say which.
        first: the page has only been opened: what a reader may be writing by now stays as it is.
    """

    async def show(id: object, request: gr.Request) -> tuple[Any, str, Any]:
        restored = await tab.asking.restore(id, request)
        if restored is None or (first and not restored[0]):
            return gr.skip(), "", gr.skip()
        turns, only = restored
        return turns, only if turns else "", gr.skip() if first else box(busy=False)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
    shown = when(show, [tab.held], [tab.chat, tab.only, tab.question], js=js, **quiet)
    _told(shown)
    shown.then(None, [tab.only], None, js=_TAKE)


def _told(event: Any) -> None:
    """Tell the browser when something has filled the chat, or failed to: a listener for any end hears of no failure."""
    event.success(None, None, None, js=_FILLED)
    event.failure(None, None, None, js=_FILLED)


def refresh(tab: AskTab, assistant: Assistant, when: Callable[..., Any]) -> None:
    """Show the corpus as it is then: examples, who answers, and what of the filters still exists.

    Args:
        when: registers a listener, as `page.load` does.
    """
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    when(lambda: _fresh(assistant), None, [tab.chat, tab.answering], **quiet).then(None, None, None, js=_REFRESH)


def _fresh(assistant: Assistant) -> tuple[Any, Any]:
    try:
        examples, answering = _corpus(assistant)
    except (AssistantError, CorpusError):
        return gr.skip(), gr.skip()  # the next question and the Library tab say what is wrong
    return gr.Chatbot(examples=examples), answering


def _corpus(assistant: Assistant) -> tuple[Any, str]:
    return [{"text": question} for question in assistant.corpus.examples()], escape(assistant.answering)


def asking_example(asking: Asking) -> Callable[..., AsyncIterator[tuple[Any, Any]]]:
    """A click on an example asks it."""

    async def ask(
        turns: Turns, sent: object, data: gr.SelectData, request: gr.Request
    ) -> AsyncIterator[tuple[Any, Any]]:
        text = data.value.get("text") if isinstance(data.value, dict) else None
        async for update in asking.ask(text, turns, sent, request):
            yield update

    return ask


def _panel(desk: Desk, corrector: Corrector) -> None:
    parts = ("panel.js", "text.js", "correct.js", "preview.js", "chat.js", "edit.js")
    gr.HTML(
        elem_id="reading",
        html_template=_PANEL.format(**words.PANEL),
        js_on_load=script(*parts, given=words.PANEL | {"editing": words.EDIT}),
        server_functions=[*desk.functions(), *corrector.functions()],
        apply_default_css=False,
    )


# ── Conversations ────────────────────────────────────────────────────────────────────────────────────────────────────


def undoing(keeping: Keeping) -> Callable[..., tuple[Any, Any]]:
    """The last question goes back into the box, and its answer is kept no longer."""

    def undo(turns: Turns | None, conversation: object) -> tuple[Any, Any]:
        turns = turns or []
        asked = questions(turns)
        if not asked:
            return gr.skip(), gr.skip()
        left = before(turns, len(asked) - 1)
        keeping.drop(conversation, answered(turns[len(left) :]))
        return left, gr.Textbox(value=asked[-1])

    return undo
