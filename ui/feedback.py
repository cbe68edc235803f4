"""What readers say of answers: whether they were useful, and why. Kept beside the answer, and sent nowhere.

Anybody can call this with anything: every argument is checked, and what is wrong gets a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant import Fault, History, HistoryUnusable, Judgement
from ui import words
from ui.scripts import script

_ANSWER = re.compile(r"[0-9a-f]{12}")
_MOST = 500  # characters of a reader's own words

Data = dict[str, Any]


class Feedback:
    """Takes what readers say of answers; without a history nothing can be said."""

    def __init__(self, history: History | None) -> None:
        self._history = history

    def judgements(self, asked: object) -> Data:
        """What was said of the answers of `{"conversation"}`, by their ids."""
        conversation = asked.get("conversation") if isinstance(asked, dict) else None
        if self._history is None or not isinstance(conversation, str):
            return {"judgements": {}}
        try:
            found = self._history.judgements(conversation)
        except HistoryUnusable as error:
            return {"judgements": {}, "note": str(error)}
        return {"judgements": {id: _data(said) for id, said in found.items()}}

    def judge(self, asked: object) -> Data:
        """Say what `{"conversation", "answer", "useful", "fault", "words"}` says; without `useful` it is taken back."""
        given = asked if isinstance(asked, dict) else {}
        conversation, answer, useful, fault = (given.get(n) for n in ("conversation", "answer", "useful", "fault"))
        own = given.get("words")
        if self._history is None:
            return {"note": words.NO_HISTORY}
        if not isinstance(conversation, str) or not isinstance(answer, str) or not _ANSWER.fullmatch(answer):
            return {"note": words.NOT_UNDERSTOOD}
        if not (useful is None or isinstance(useful, bool)) or not (fault is None or _is_fault(fault)):
            return {"note": words.NOT_UNDERSTOOD}
        if not (own is None or isinstance(own, str)):
            return {"note": words.NOT_UNDERSTOOD}
        if own and len(own) > _MOST:
            return {"note": words.SAID_TOO_MUCH.format(most=_MOST)}
        said = None
        if useful is not None:
            said = Judgement(useful, None if useful or fault is None else Fault(fault), " ".join((own or "").split()))
        try:
            self._history.judge(conversation, answer, said)
        except HistoryUnusable as error:
            return {"note": str(error)}
        except ValueError:
            return {"note": words.NOT_KEPT}
        return {"note": "", "judgement": said and _data(said)}

    def functions(self) -> list[Callable[[Any], Any]]:
        """What the script may call, as plain functions: Gradio writes on them, which methods do not allow."""

        def judgements(asked: object) -> Data:
            return self.judgements(asked)

        def judge(asked: object) -> Data:
            return self.judge(asked)

        return [judgements, judge]


def feedback_view(feedback: Feedback) -> None:
    """Lay out what asks for a reason; it is opened by the buttons below an answer."""
    given = words.FEEDBACK | {"most": _MOST, "faults": {str(fault): words.FAULTS[fault] for fault in Fault}}
    gr.HTML(
        elem_id="feedback",
        html_template="<div></div>",
        js_on_load=script("feedback.js", given=given),
        server_functions=feedback.functions(),
        apply_default_css=False,
    )


def _is_fault(fault: object) -> bool:
    return isinstance(fault, str) and fault in set(Fault)


def _data(said: Judgement) -> Data:
    return {"useful": said.useful, "fault": said.fault and str(said.fault), "words": said.words}
