"""The page as it is measured, and a page of Gradio's default settings over the same assistant."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.bench.worker import serve

CITE = '<a class="cite">1</a>'  # how the default page shows that a claim is there: as ours does
_SEARCH, _CLAIM = 0.3, 0.1  # seconds that a scripted answer takes for its search, and for each claim


def load(store: str, question: str, *, scripted: bool, defaults: bool) -> dict[str, Any]:
    """Serve a page, on a port of its own.

    Args:
        scripted: answers come from a script that waits and does not work, so that only the page is measured.
        defaults: a plain chat with all of Gradio's default settings instead of our page.
    """
    from fastapi import FastAPI

    from assistant import Assistant
    from assistant.writing.llm import Model
    from assistant.writing.writer import Writer
    from ui.app import build

    assistant = Assistant.open(store)
    events = tuple(assistant.stream(question))
    if scripted:
        # Claims are shown one by one where a model writes them; this one is never asked.
        assistant.writer = Writer(Model("scripted", "http://127.0.0.1:9/v1"))
        assistant.stream = lambda *_, **__: _script(events)  # type: ignore[method-assign]
    app: FastAPI = _plain(assistant) if defaults else build(assistant)[1]
    return {"url": _run(app)}


def _script(events: tuple[Any, ...]) -> Iterator[Any]:
    """A digest told claim by claim, as what a model writes is."""
    from assistant import Found, Mode, Verified

    for event in events:
        time.sleep(_SEARCH if isinstance(event, Found) else _CLAIM)
        yield replace(event, mode=Mode.GENERATED) if isinstance(event, Verified) else event


def _plain(assistant: Any) -> Any:
    import gradio as gr
    from fastapi import FastAPI

    from assistant import Answer, Verified

    def ask(question: str, _: object) -> Iterator[str]:
        text = ""
        for event in assistant.stream(question):
            if isinstance(event, Verified):
                text += f"{event.claim.text} {CITE}\n\n"
            elif isinstance(event, Answer):
                text += "That is all."
            yield text

    return gr.mount_gradio_app(FastAPI(), gr.ChatInterface(ask), path="/")


def _run(app: Any) -> str:
    from tests.serving import Serving

    return Serving(app).url


if __name__ == "__main__":
    serve({"load": load})
