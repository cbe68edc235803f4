"""Whether questions go on from an answer is not known while too many look for theirs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

from ui.links import table_link
from ui.next_questions import NextQuestions

ASKED = {"address": table_link("What does the ferry cost?"), "cited": []}


class Held:
    """Looks until it is told to go on."""

    def __init__(self) -> None:
        self.looking = threading.Semaphore(0)
        self.go = threading.Event()

    def next_questions(self, *given: Any, **only: Any) -> list[Any]:
        self.looking.release()
        assert self.go.wait(20)
        return [SimpleNamespace(question="And the bridge?")]


def test_who_comes_while_two_look_is_to_ask_again() -> None:
    held: Any = Held()
    onward = NextQuestions(held)
    with ThreadPoolExecutor(2) as pool:
        looking = [pool.submit(onward.after, ASKED) for _ in range(2)]
        for _ in looking:
            assert held.looking.acquire(timeout=20)
        assert onward.after(ASKED) is None
        assert onward.after({"address": "#p/x"}) == []
        held.go.set()
        assert [one.result() for one in looking] == [["And the bridge?"]] * 2
    assert onward.after(ASKED) == ["And the bridge?"]
