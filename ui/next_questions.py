"""The questions below the last answer: what it answered and cites in, questions that the corpus answers as well out.

Anybody can call this with anything: every argument is checked, and what is wrong has no question that goes on from it.
"""

from __future__ import annotations

import threading

import gradio as gr

from assistant import Assistant, AssistantError, Check, Proof, check
from index import CorpusError
from ui import words
from ui.links import read_link, read_table_link
from ui.scripts import script

_CITED = 60  # passages of one answer
_AT_ONCE = 2  # searches: whoever reads an answer is not to slow down whoever waits for one


class NextQuestions:
    """Looks for questions that go on from the answers of one assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    def after(self, asked: object) -> list[str] | None:
        """What to ask next, given `{"address", "cited"}`: what was asked, as the address of its table, and citations.

        None where too many look for it at once: whoever asks again later may find some.
        """
        address, cited = (asked.get("address"), asked.get("cited")) if isinstance(asked, dict) else (None, None)
        found = read_table_link(address)
        if found is None or not isinstance(cited, list):
            return []
        if not self._room.acquire(blocking=False):
            return None
        question, only = found
        try:
            proofs = [proof for link in cited[:_CITED] if (proof := self._standing(link))]
            made = self._assistant.next_questions(question, proofs, **only.to_dict())
        except (AssistantError, CorpusError):
            return []
        finally:
            self._room.release()
        return [entry.question for entry in made]

    def _standing(self, link: object) -> Proof | None:
        """What a link claims, if it stands in the index."""
        proof = read_link(link)
        if proof is None:
            return None
        try:
            document, _ = self._assistant.corpus.document(proof.document)
        except (AssistantError, CorpusError):
            return None
        return proof if check(proof, document).check is Check.EXACT else None


def next_questions(assistant: Assistant) -> None:
    """Connect the page's script, which draws them below the last answer."""
    onward = NextQuestions(assistant)

    def after(
        asked: object,
    ) -> list[str] | None:  # Gradio writes on it, which a method does not allow
        return onward.after(asked)

    gr.HTML(
        elem_id="next-questions",
        js_on_load=script("next_questions.js", given=words.NEXT),
        server_functions=[after],
        apply_default_css=False,
    )
