"""Questions with whatever a browser, or somebody else, sends beside them; past the server, over a small corpus."""

from __future__ import annotations

import asyncio
import html
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fakes import WordEmbedder, write

from assistant import Assistant, History
from index import Filter, Reader, Store
from index.update import update
from tests import looping
from ui import words
from ui.app import build
from ui.asking import Asking
from ui.feedback import Feedback
from ui.filters import Filters
from ui.history import Keeping
from ui.links import filter_link

QUESTION = "Who says that the crane must be mended?"
ID = "ab" * 16


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("asking")
    corpus = write(
        folder / "corpus",
        dockers="The crane must be mended before winter, the dockers write.\n",
        owners="The crane was never broken, the owners say, and must not be mended.\n",
    )
    update(corpus, Store(folder / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(folder / "store"), WordEmbedder()))
    yield assistant
    assistant.close()


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.sqlite")


@pytest.fixture
def asking(assistant: Assistant, history: History) -> Asking:
    filters = Filters(assistant)
    return Asking(assistant, Keeping(assistant, filters, history), filters)


def chat(updates: Any) -> list[str]:
    """What every message of the chat says at the end; nothing where the chat was left alone."""

    async def last() -> Any:
        return [update async for update in updates][-1][0]

    said = looping.run(last())
    return [turn["content"] for turn in said] if isinstance(said, list) else []


def turns(*said: str) -> list[dict[str, Any]]:
    return [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(said)]


def sent(only: Filter | str = "#f", **more: object) -> str:
    return json.dumps({"only": only if isinstance(only, str) else filter_link(only), **more})


@pytest.mark.parametrize(
    "beside",
    [
        None,
        7,
        "",
        "{",
        "[" * 100_000,
        "7",
        sent("#f/x.YQ"),
        sent(at=-1),
        sent(at=True),
        sent(at="0"),
        sent(conversation=7),
        sent(branches=[]),
        sent("#f" + "/d.YQ" * 201),
    ],
    ids=lambda beside: repr(beside)[:40],
)
def test_what_no_page_sends_beside_a_question_gets_a_sentence_and_no_answer(asking: Asking, beside: object) -> None:
    before = turns("Who?", "Nobody.")
    for updates in (
        asking.ask(QUESTION, before, beside),
        asking.again(before, beside),
        asking.as_typed(before, beside),
    ):
        *first, last = chat(updates)
        assert first == ["Who?", "Nobody."]
        assert words.NOT_UNDERSTOOD.split(",")[0] in last
        assert "#p/" not in last


@pytest.mark.parametrize("question", [None, 7, [], "", "  \n"])
def test_what_is_no_question_leaves_the_chat_alone(asking: Asking, question: object) -> None:
    assert chat(asking.ask(question, None, sent())) == []
    assert chat(asking.again([], sent())) == []


def test_an_answer_is_kept_with_what_alone_was_searched(asking: Asking, history: History) -> None:
    only = Filter(documents=("dockers.txt",))
    *_, last = chat(asking.ask(QUESTION, [], sent(only, conversation=ID)))
    assert "Searched only:" in last
    assert "owners.txt" not in last
    (kept,) = history.answers(ID)
    assert kept.answer["only"] == only.to_dict()


def test_the_last_question_is_answered_anew_in_its_place_and_an_earlier_one_below(asking: Asking) -> None:
    before = turns(QUESTION, "One.", "Who owns it", "Two.")
    for at in (None, 1, 10**30):
        assert chat(asking.again(before, sent(at=at)))[:3] == [QUESTION, "One.", "Who owns it"]
    below = chat(asking.again(before, sent(at=0)))
    assert below[:4] == [QUESTION, "One.", "Who owns it", "Two."]
    assert len(below) == 6
    assert html.unescape(below[4]) == QUESTION


@pytest.mark.parametrize(
    ("only", "says"),
    [
        (Filter(("nobody",)), "No document has the perspective"),
        (Filter(documents=("gone.txt",)), "The index holds no document"),
        (Filter(speakers=("Zeno",)), "Nobody called"),
        (Filter(since="20x"), "Published from"),
    ],
)
def test_a_filter_for_what_is_not_there_is_told_and_can_be_lifted(asking: Asking, only: Filter, says: str) -> None:
    *_, last = chat(asking.ask(QUESTION, [], sent(only)))
    assert says in last
    assert last.count('class="lift one"') == 1
    assert words.OFFER_ALL in last


def test_a_question_asked_otherwise_takes_its_place_in_a_conversation_of_its_own(
    asking: Asking, history: History
) -> None:
    other = "cd" * 16
    first = chat(asking.ask(QUESTION, [], sent(conversation=ID)))
    before = turns(html.unescape(first[0]), first[1])
    second = chat(asking.ask("Who owns it", before, sent(conversation=ID)))
    before = turns(html.unescape(second[0]), second[1], html.unescape(second[2]), second[3])
    after = chat(asking.ask("Who mends it", before, sent(conversation=other, at=1, branches=ID)))
    assert [html.unescape(text) for text in after[::2]] == [QUESTION, "Who mends it"]
    assert [kept.answer["question"] for kept in history.answers(ID)] == [QUESTION, "Who owns it"]
    assert [kept.answer["question"] for kept in history.answers(other)] == [QUESTION, "Who mends it"]
    assert [one.title for one in history.conversations([ID, other])] == ["Who mends it", QUESTION]


@pytest.mark.parametrize(
    "asked",
    [
        None,
        [],
        {},
        {"conversation": 7, "answer": "a" * 12, "useful": True},
        {"conversation": ID, "answer": "x", "useful": True},
        {"conversation": ID, "answer": "a" * 12, "useful": "yes"},
        {"conversation": ID, "answer": "a" * 12, "useful": False, "fault": "colour"},
        {"conversation": ID, "answer": "a" * 12, "useful": False, "fault": []},
        {"conversation": ID, "answer": "a" * 12, "useful": True, "words": 7},
        {"conversation": ID, "answer": "a" * 12, "useful": True, "words": "x" * 501},
        {"conversation": ID, "answer": "a" * 12, "useful": True},
    ],
)
def test_what_is_no_judgement_of_a_known_answer_gets_a_sentence(history: History, asked: Any) -> None:
    said = Feedback(history).judge(asked)
    assert said.keys() == {"note"}
    assert said["note"]
    assert history.judged() == []


def test_a_reader_says_what_is_wrong_and_takes_it_back(asking: Asking, history: History) -> None:
    chat(asking.ask(QUESTION, [], sent(conversation=ID)))
    feedback, about = Feedback(history), {"conversation": ID, "answer": history.answers(ID)[0].answer["id"]}
    wrong = {"useful": False, "fault": "one_sided", "words": " Only\n one <b>side</b>. "}
    assert feedback.judge(about | wrong)["note"] == ""
    assert feedback.judgements(about)["judgements"][about["answer"]] == {
        "useful": False,
        "fault": "one_sided",
        "words": "Only one <b>side</b>.",
    }
    assert feedback.judge(about | {"useful": True, "fault": "one_sided"})["judgement"]["fault"] is None
    assert feedback.judge(about | {"useful": None})["judgement"] is None
    assert feedback.judgements(about) == {"judgements": {}}
    assert Feedback(None).judgements(about) == {"judgements": {}}
    assert Feedback(None).judge(about)["note"] == words.NO_HISTORY


def test_a_digest_is_shown_as_a_whole_with_what_is_said_above_its_quotes(asking: Asking) -> None:
    async def told() -> list[str]:
        return [chat[-1]["content"] async for chat, _ in asking.ask(QUESTION, [], sent()) if isinstance(chat, list)]

    said = [message for message in looping.run(told()) if "blockquote" in message]
    assert said
    assert all(words.DIGEST in message for message in said)


@pytest.mark.parametrize(("presses", "ended"), [("mine", True), ("another", False)])
def test_stop_ends_the_answer_of_whoever_presses_it_and_no_other(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, presses: str, ended: bool
) -> None:
    begun, go = threading.Event(), threading.Event()
    pressed: list[str] = []
    stream = Assistant.stream

    def slow(self: Assistant, *given: Any, stop: threading.Event, **more: Any) -> Iterator[Any]:
        begun.set()
        while not (stop.is_set() or go.wait(0.01)):
            pass
        yield from stream(self, *given, stop=stop, **more)

    monkeypatch.setattr(Assistant, "stream", slow)

    async def last() -> str:
        said = ""
        async for chat, _ in asking.ask(QUESTION, [], sent(), gr.Request(session_hash="mine")):
            said = chat[-1]["content"] if isinstance(chat, list) else said
            if begun.is_set() and not pressed:
                pressed.append(presses)
                asking.stop(gr.Request(session_hash=presses))
                threading.Timer(1.0, go.set).start()
        return said

    said = looping.run(last())
    assert (words.STOPPED_EMPTY in said) is ended
    assert ("blockquote" in said) is not ended


def test_a_conversation_that_is_opened_late_does_not_end_the_answer_asked_for_meanwhile(asking: Asking) -> None:
    mine = gr.Request(session_hash="mine")

    async def late() -> tuple[object, str]:
        updates = asking.ask(QUESTION, [], sent(), mine)
        await anext(updates)
        restored = await asking.restore(ID, mine)
        return restored, [update async for update in updates][-1][0][-1]["content"]

    restored, said = looping.run(late())
    assert restored is None
    assert "blockquote" in said
    assert words.STOPPED_EMPTY not in said


@pytest.mark.parametrize("instead", ["stop", "question"])
def test_a_conversation_is_not_shown_again_to_who_went_elsewhere_meanwhile(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, instead: str
) -> None:
    begun, go = threading.Event(), threading.Event()
    mine = gr.Request(session_hash="mine")

    def slow(self: Keeping, conversation: object) -> Any:
        begun.set()
        assert go.wait(10)

    monkeypatch.setattr(Keeping, "restore", slow)

    async def leave() -> tuple[Any, str]:
        restoring = asyncio.ensure_future(asking.restore(ID, mine))
        assert await asyncio.to_thread(begun.wait, 10)
        asking.stop(gr.Request(session_hash="another"))
        said = ""
        if instead == "stop":
            asking.stop(mine)
        else:
            said = [update async for update in asking.ask(QUESTION, [], sent(), mine)][-1][0][-1]["content"]
        try:
            return await asyncio.wait_for(restoring, 5), said
        finally:
            go.set()

    restored, said = looping.run(leave())
    assert restored is None
    assert instead == "stop" or "blockquote" in said


def test_nothing_on_the_page_is_cancelled_by_gradio(assistant: Assistant) -> None:
    """It closes the stream on which the last words of what it cancels are; ours end by themselves."""
    events = build(assistant)[0].config["dependencies"]
    assert len(events) > 10
    assert [event["id"] for event in events if event["cancels"]] == []
