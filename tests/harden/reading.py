"""Asks an index, and reads every document of it as the page does; prints what was done and what was wrong. Not a test."""

from __future__ import annotations

import json
import sys
from collections import Counter

from assistant import Assistant, AssistantError
from index import CorpusError
from ui import render
from ui.links import link_to
from ui.palette import Palette
from ui.passage import Desk

_QUESTIONS = ("What do the sources say about the web?", "Who said what?", "What is 2025?")


def main(store: str) -> None:
    """Ask some questions, about each document too, and open every passage that is cited."""
    done: Counter[str] = Counter()
    with Assistant.open(store) as assistant:
        desk = Desk(assistant)
        palette = Palette.of(assistant.corpus.perspectives())
        listed = assistant.corpus.status().documents
        titles = [f"What does the text “{line.source.title[:200]}” say?" for line in listed]
        for question in (*_QUESTIONS, *titles[::12]):
            try:
                answer = assistant.ask(question)
            except (AssistantError, CorpusError) as error:
                _tell("refused", str(error))
                continue
            done["questions"] += 1
            render.answer(answer, palette)
            for entry in (*answer.citations, *answer.nearest):
                document, _ = assistant.corpus.document(entry.document.id)
                if document.text[entry.start : entry.end] != entry.quote:
                    _tell("wrong", f"a quote of {entry.document.id!r} is not its slice")
                shown = desk.passage(link_to(entry)) if entry.number < 3 else {"quote": entry.quote}
                if shown.get("quote") != entry.quote:
                    _tell("wrong", f"a citation of {entry.document.id!r} does not open: {shown.get('note')}")
                done["quotes held against their documents"] += 1
        for line in listed:
            if line.entry.state == "indexed":
                _read(assistant, desk, line.entry.id)
                done["documents read"] += 1
    for what, count in done.items():
        _tell(what, count)


def _read(assistant: Assistant, desk: Desk, id: str) -> None:
    """All of one document, window by window, as whoever scrolls gets it."""
    document, _, voices = assistant.corpus.read(id)
    pieces = list(voices.pieces(0, len(document.text))) if voices and document.text else []
    if pieces and (pieces[0].start, pieces[-1].end) != (0, len(document.text)):
        _tell("wrong", f"the voices of {id!r} do not cover it")
    at, read = 0, []
    while at < len(document.text):
        window = desk.more({"document": id, "hash": document.text_sha256, "at": at, "back": False, "links": []})
        if not window["text"]:
            _tell("wrong", f"{id!r} cannot be read from {at} on")
            return
        read.append(window["text"])
        at = window["to"]
    if "".join(read) != document.text:
        _tell("wrong", f"{id!r} is not what was indexed, window by window")


def _tell(what: str, told: object) -> None:
    sys.stdout.write(json.dumps([what, told]) + "\n")
