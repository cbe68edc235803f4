"""Answers that a model writes, over the sample corpus with the real embedder and a scripted model."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant import Answer, Assistant, Event, Found, Mode, Outcome, Turn, Verified
from assistant.commands import show
from assistant.writing.llm import Model
from assistant.writing.writer import Writer
from tests.scripted_model import (
    DRIP,
    HANG,
    RESET,
    Fail,
    ModelServer,
    Raw,
    Say,
    Step,
    claim,
    holding,
    judged,
    model_server,
    passages,
)
from ui import render
from ui.palette import Palette
from ui.sentences import Grown

TRADE = "By how much did trade on the Old Quay fall after the bridge was closed to cars?"
FOURTEEN = "The Pellgate Traders’ Guild says that trade fell by 14 per cent after the bridge was closed to cars"
THREE = "Both are right about what they counted, and neither counted the trade of the Old Quay"
FELL = "trade fell by 14 per cent after the bridge was closed to cars"  # of it, the Guild's own words
GOOD = "The Pellgate Traders’ Guild says that trade fell by 14 per cent."
BOTH = "Both are right about what they counted, according to The fourteen and the three, and neither counted the trade."

Script = Callable[[dict[str, Any]], Step]


@pytest.fixture
def written(sample: Assistant) -> Callable[..., Assistant]:
    """The sample corpus with a model behind this server."""

    def assistant(server: ModelServer, **options: Any) -> Assistant:
        return Assistant(sample.reader, Writer(Model("scripted", server.url, **options)))

    return assistant


def says(*lines: Callable[[dict[str, Any]], str] | str, **options: Any) -> Script:
    """A reply of these lines; a function makes its line from the request."""
    return lambda request: Say("".join(line if isinstance(line, str) else line(request) for line in lines), **options)


def good(request: dict[str, Any]) -> str:
    return claim(GOOD, (holding(request, FOURTEEN), FOURTEEN))


def both(request: dict[str, Any]) -> str:
    return claim(BOTH, (holding(request, THREE), THREE), kind="comparison")


def everywhere(answer: Answer, events: list[Event]) -> str:
    """All that a reader can see of an answer, on every way out."""
    palette = Palette.of([])
    verified = [event for event in events if isinstance(event, Verified)]
    found = next(event for event in events if isinstance(event, Found))
    return "\n".join(
        (
            json.dumps(answer.to_dict(), ensure_ascii=False),
            show.answer(answer),
            render.answer(answer, palette),
            render.partial(answer.question, Grown(found, tuple(verified)), palette, "scripted"),
            repr(events),
        )
    )


def asked(assistant: Assistant, question: str = TRADE, *rest: Any, **only: Any) -> tuple[Answer, list[Event]]:
    events = list(assistant.stream(question, *rest, **only))
    answer = events[-1]
    assert isinstance(answer, Answer)
    return answer, events


def test_a_written_answer_holds_the_model_s_sentences_and_the_sources_own_words(
    written: Callable[..., Assistant],
) -> None:
    with model_server(says(judged(), good, both)) as server:
        answer, _ = asked(written(server))

    assert (answer.mode, answer.outcome, answer.reason) == (Mode.GENERATED, Outcome.ANSWERED, None)
    assert [entry.text for entry in answer.claims] == [GOOD, BOTH]
    assert [entry.quote for entry in answer.citations] == [FELL, THREE]
    assert [entry.citations for entry in answer.claims] == [(1,), (2,)]
    assert (answer.model, answer.removed) == ("scripted", ())


def test_sentences_come_one_by_one_while_the_model_still_writes(written: Callable[..., Assistant]) -> None:
    hold = threading.Event()
    with model_server(says(judged(), good, hold=hold)) as server:
        events = written(server).stream(TRADE)
        assert isinstance(next(events), Found)
        first = next(events)
        hold.set()
        rest = list(events)

    assert isinstance(first, Verified)
    assert first.claim.text == GOOD
    assert isinstance(rest[-1], Answer)


def test_the_answer_records_the_prompts_that_were_sent_and_what_it_took(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged(), good, usage=(900, 80))) as server:
        answer, _ = asked(written(server))

    assert set(answer.prompts) == {"answer", "form-object", "question"}
    assert answer.writing is not None
    assert (answer.writing.calls, answer.writing.tokens_in, answer.writing.tokens_out) == (1, 900, 80)
    assert (answer.writing.sentences, answer.writing.quotes, answer.writing.exact) == (1, 1, 1)


def test_an_endpoint_without_schemas_is_asked_for_lines(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged(), good), refuses=["response_format"]) as server:
        assistant = written(server)
        asked(assistant)
        answer, _ = asked(assistant)

    assert "form-lines" in answer.prompts
    assert "JSON Lines" in server.texts()[0]


def test_the_same_quote_is_one_citation(written: Callable[..., Assistant]) -> None:
    with model_server(
        says(
            judged(),
            good,
            lambda r: claim("By 14 per cent trade fell, the Guild says.", (holding(r, FOURTEEN), FOURTEEN)),
        )
    ) as server:
        answer, _ = asked(written(server))

    assert [entry.citations for entry in answer.claims] == [(1,), (1,)]


# ── What the model says of the question ──────────────────────────────────────────────────────────────────────────────


def test_a_premise_that_is_contradicted_comes_first_and_with_its_proof(written: Callable[..., Assistant]) -> None:
    def premise(request: dict[str, Any]) -> str:
        return judged(premise=json.loads(claim(BOTH, (holding(request, THREE), THREE))))

    with model_server(says(premise, good)) as server:
        answer, events = asked(written(server))

    assert answer.premise is not None
    assert answer.premise.text == BOTH
    assert answer.citation(answer.premise.citations[0]).quote == THREE
    assert [event.premise for event in events if isinstance(event, Verified)] == [True, False]
    assert [entry.text for entry in answer.claims] == [GOOD]


def test_a_model_that_finds_no_answer_is_not_in_the_corpus_with_the_nearest_passages(
    written: Callable[..., Assistant],
) -> None:
    with model_server(Say(judged("no"))) as server:
        answer, _ = asked(written(server))

    assert (answer.outcome, answer.claims) == (Outcome.NOT_IN_CORPUS, ())
    assert answer.reason is not None
    assert answer.reason.code == "not_answered"
    assert answer.nearest


def test_a_closing_remark_is_no_answer_and_no_failure(written: Callable[..., Assistant]) -> None:
    with model_server(Say(judged("no") + "SENTINEL Let me know if you need more.")) as server:
        answer, events = asked(written(server))

    assert answer.outcome is Outcome.NOT_IN_CORPUS
    assert [(entry.text, entry.reasons) for entry in answer.removed] == [
        ("A part of the reply", ("it is not in the form asked for",))
    ]
    assert "SENTINEL" not in everywhere(answer, events)


def test_what_stays_without_an_answer_is_said_in_the_reader_s_own_words(written: Callable[..., Assistant]) -> None:
    with model_server(
        says(judged("partly", ["on the OLD Quay", "words that SENTINEL never stood there"]), good)
    ) as server:
        answer, events = asked(written(server))

    assert answer.reason is not None
    assert answer.reason.code == "partly_answered"
    assert "“on the Old Quay”" in answer.reason.text
    assert "SENTINEL" not in everywhere(answer, events)


def test_a_name_that_no_document_holds_is_said_without_asking_the_model(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged(), good)) as server:
        answer, _ = asked(written(server), "What did Zaphod Beeblebrox say about the bridge?")

    assert answer.reason is not None
    assert answer.reason.code == "unknown_name"
    assert server.requests == []
    assert answer.model is None


# ── Repair ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def bad(request: dict[str, Any]) -> str:
    return claim("SENTINEL trade fell by 41 per cent.", (holding(request, FOURTEEN), FOURTEEN))


def mended(request: dict[str, Any]) -> str:
    return claim("Trade fell by 14 per cent, says the Guild.", (holding(request, FOURTEEN), FOURTEEN), mends=2)


def test_what_failed_is_asked_for_once_more_and_only_that(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged(), both, bad), says(mended)) as server:
        answer, _ = asked(written(server))

    assert [entry.text for entry in answer.claims] == [BOTH, "Trade fell by 14 per cent, says the Guild."]
    assert answer.removed == ()
    assert answer.writing is not None
    assert (answer.writing.calls, answer.writing.repaired) == (2, 1)
    asked_for = server.texts()[1]
    assert "SENTINEL trade fell" in asked_for
    assert "41" in asked_for
    assert BOTH not in asked_for
    assert set(passages(server.answered[1])) == {holding(server.answered[0], FOURTEEN)}


def test_what_fails_again_is_removed_and_counted_with_its_reason(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged(), both, bad), says(bad)) as server:
        answer, events = asked(written(server))

    assert [entry.text for entry in answer.claims] == [BOTH]
    assert [(entry.text, entry.reasons) for entry in answer.removed] == [
        (
            "Sentence 2 of the reply",
            (
                "it states a number that its quotes do not hold",
                "it states a name that its quotes do not hold",
                "it does not say whose words it gives",
            ),
        )
    ]
    assert len(server.requests) == 2
    assert "SENTINEL" not in everywhere(answer, events)


@pytest.mark.parametrize("step", [Say(""), Fail(500), Say("", finish=None), HANG], ids=["empty", "500", "cut", "hang"])
def test_a_repair_that_brings_nothing_leaves_the_answer_as_it_is(written: Callable[..., Assistant], step: Step) -> None:
    with model_server(says(judged(), both, bad), step) as server:
        answer, _ = asked(written(server, silence=1.0))

    assert [entry.text for entry in answer.claims] == [BOTH]
    assert answer.reason is None
    assert len(answer.removed) == 1


def test_a_repair_is_cut_to_the_context(written: Callable[..., Assistant]) -> None:
    broken = [lambda request: claim(f"SENTINEL {'x' * 500}", *[(1, "SENTINEL words that nobody wrote " * 9)] * 4)] * 25
    with model_server(says(judged(), both, *broken), says(judged())) as server:
        answer, _ = asked(written(server, context=4_096))

    assert [entry.text for entry in answer.claims] == [BOTH]
    assert sum(map(len, server.texts(1))) / 3.5 + 1_024 <= 4_096


def test_a_repair_without_a_number_never_becomes_the_premise(written: Callable[..., Assistant]) -> None:
    premise = judged(premise=json.loads(claim("SENTINEL was never there.", (1, "SENTINEL words that nobody wrote"))))
    with model_server(says(premise, bad), says(good)) as server:
        answer, _ = asked(written(server))

    assert answer.premise is None
    assert [entry.text for entry in answer.claims] == [GOOD]
    assert [entry.text for entry in answer.removed] == ["The sentence about the question itself"]


def test_the_repair_asks_for_lines_alone(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged(), both, bad), says(judged())) as server:
        asked(written(server))

    assert "one JSON object and nothing else" in server.texts(0)[0]
    assert "one JSON object and nothing else" not in server.texts(1)[0]


def test_a_sentence_that_names_the_wrong_passage_is_told_the_right_one_and_shown_it(
    written: Callable[..., Assistant],
) -> None:
    def swapped(request: dict[str, Any]) -> str:
        right = holding(request, FOURTEEN)
        return claim(GOOD, (next(number for number in passages(request) if number != right), FOURTEEN))

    with model_server(says(judged(), swapped), says(judged())) as server:
        asked(written(server))

    right = holding(server.answered[0], FOURTEEN)
    assert f"It stands in passage {right}." in server.texts()[1]
    assert right in passages(server.answered[1])


def test_a_model_that_says_the_same_again_and_again_is_heard_once(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged(), *[good] * 500)) as server:
        answer, _ = asked(written(server))

    assert [entry.text for entry in answer.claims] == [GOOD]
    assert {entry.reasons for entry in answer.removed} == {("it says again what was said",)}
    assert len(answer.removed) < 40
    assert len(server.requests) == 1


# ── Failure ──────────────────────────────────────────────────────────────────────────────────────────────────────────

NO = [
    "I'm sorry, SENTINEL, but I cannot help with that.",
    "Es tut mir leid, SENTINEL, dabei kann ich nicht helfen.",
    "Je suis désolé, SENTINEL, je ne peux pas vous aider.",
    "抱歉，SENTINEL，我无法回答这个问题。",
    "Извините, SENTINEL, я не могу помочь.",
]

BEFORE = [
    pytest.param(Fail(401), {}, "model_unavailable", "refused the key", id="key"),
    pytest.param(Fail(429), {}, "model_unavailable", "limit is reached", id="limit"),
    pytest.param(Fail(500), {}, "model_unavailable", "failed with status 500", id="500"),
    pytest.param(RESET, {}, "model_unavailable", "could not be reached", id="reset"),
    pytest.param(HANG, {"silence": 0.4}, "model_unavailable", "no sign of life", id="hang"),
    pytest.param(DRIP, {"silence": 0.4}, "model_unavailable", "no sign of life", id="drip"),
    pytest.param(Say(""), {}, "model_unavailable", "gave an empty reply", id="empty"),
    pytest.param(Say(" \n\n "), {}, "model_unavailable", "gave an empty reply", id="blank"),
    pytest.param(Say("SENTINEL", finish=None), {}, "model_unavailable", "broke off", id="cut"),
    pytest.param(Say("SENTINEL", cut=True), {}, "model_unavailable", "broke off", id="broken-off"),
    pytest.param(Say("SENTINEL " * 9_000, piece=4_000), {}, "model_unavailable", "come to an end", id="endless"),
    pytest.param(Raw(b"data: SENTINEL\n\n"), {}, "model_unavailable", "no reply of a model", id="garbage"),
    pytest.param(Raw(b"<p>SENTINEL", "text/html"), {}, "model_unavailable", "no reply of a model", id="html"),
    *[
        pytest.param(Say(text), {}, "no_claim_left", "did not answer in the form asked for", id="refusal")
        for text in NO
    ],
    pytest.param(
        Say('{"SENTINEL": [1, {"text": 7}]}'), {}, "no_claim_left", "did not answer in the form asked for", id="shape"
    ),
    pytest.param(Say('["SENTINEL", 3]'), {}, "no_claim_left", "did not answer in the form asked for", id="array"),
    pytest.param(Say(judged()), {}, "no_claim_left", "wrote nothing that could be checked", id="nothing"),
    pytest.param(
        Say(judged() + claim("SENTINEL wins.", (1, "SENTINEL words that nobody wrote"))),
        {},
        "no_claim_left",
        "wrote one sentence",
        id="invented",
    ),
    pytest.param(
        Say(judged("no") + claim("SENTINEL wins.", (0, "a b c d"), (999, "a b c d"))), {}, "no_claim_left", "", id="ids"
    ),
    pytest.param(Say(json.dumps({"claims": "SENTINEL", "answered": "SENTINEL"})), {}, "no_claim_left", "", id="types"),
]


@pytest.mark.parametrize(("step", "options", "code", "sentence"), BEFORE)
def test_a_model_that_fails_leaves_the_digest_with_the_reason_and_nothing_of_its_own(
    written: Callable[..., Assistant],
    sample: Assistant,
    caplog: pytest.LogCaptureFixture,
    step: Step,
    options: dict[str, Any],
    code: str,
    sentence: str,
) -> None:
    caplog.set_level(logging.INFO)
    with model_server(step) as server:
        answer, events = asked(written(server, **options))

    digest = sample.ask(TRADE)
    assert (answer.mode, answer.outcome) == (Mode.DIGEST, Outcome.ANSWERED)
    assert [entry.text for entry in answer.claims] == [entry.text for entry in digest.claims]
    assert answer.reason is not None
    assert answer.reason.code == code
    assert sentence in answer.reason.text
    assert "SENTINEL" not in everywhere(answer, events) + caplog.text


def test_a_model_that_is_not_there_leaves_the_digest_also_where_a_rule_doubts_it(sample: Assistant) -> None:
    assistant = Assistant(sample.reader, Writer(Model("scripted", "http://127.0.0.1:9/v1")))

    answer, _ = asked(assistant, "How did the district court rule on the appeal against volcanic eruptions?")

    assert (answer.mode, answer.outcome) == (Mode.DIGEST, Outcome.ANSWERED)
    assert answer.reason is not None
    assert answer.reason.code == "model_unavailable"


@pytest.mark.parametrize("end", [{"finish": None}, {"cut": True}], ids=["no-finish", "broken-off"])
def test_what_was_verified_before_the_model_broke_off_stands(
    written: Callable[..., Assistant], end: dict[str, Any]
) -> None:
    with model_server(says(judged(), good, '{"quotes": [{"passage": 1, "quote": "SENTINEL', **end)) as server:
        answer, events = asked(written(server))

    assert [entry.text for entry in answer.claims] == [GOOD]
    assert answer.mode is Mode.GENERATED
    assert answer.reason is not None
    assert answer.reason.code == "model_unavailable"
    assert "verified before that is shown" in answer.reason.text
    assert "SENTINEL" not in everywhere(answer, events)


def test_a_broken_line_costs_one_sentence(written: Callable[..., Assistant]) -> None:
    with model_server(
        says(judged(), '{"quotes": [{"passage": 1, "quote": "SENTINEL}\n', good), says(judged())
    ) as server:
        answer, _ = asked(written(server))

    assert [entry.text for entry in answer.claims] == [GOOD]
    assert [entry.reasons for entry in answer.removed] == [("it is not in the form asked for",)]


# ── Stop ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def stopping(events: Iterator[Event], stop: threading.Event) -> Iterator[Event]:
    for event in events:
        yield event
        if isinstance(event, Verified):
            stop.set()


def test_stop_leaves_a_correct_shorter_answer(written: Callable[..., Assistant]) -> None:
    stop, hold = threading.Event(), threading.Event()
    with model_server(says(judged(), good, '{"quotes": [{"pass', hold=hold)) as server:
        *_, answer = stopping(written(server).stream(TRADE, stop=stop), stop)

    assert isinstance(answer, Answer)
    assert [entry.text for entry in answer.claims] == [GOOD]
    assert (answer.mode, answer.outcome) == (Mode.GENERATED, Outcome.ANSWERED)
    assert answer.reason is not None
    assert answer.reason.code == "stopped"
    assert answer.removed == ()


def test_stop_before_the_first_sentence_leaves_none(written: Callable[..., Assistant]) -> None:
    stop = threading.Event()
    with model_server(HANG) as server:
        threading.Timer(0.5, stop.set).start()
        answer, _ = asked(written(server), stop=stop)

    assert answer.claims == ()
    assert answer.reason is not None
    assert answer.reason.code == "stopped"


# ── Small contexts, follow-ups ───────────────────────────────────────────────────────────────────────────────────────


def test_a_request_that_is_too_long_is_cut_and_asked_again(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged(), good), context=3_600) as server:
        answer, _ = asked(written(server))

    assert [entry.text for entry in answer.claims] == [GOOD]
    assert len(server.requests) > len(server.answered)


def test_a_model_that_can_read_next_to_nothing_is_unavailable(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged(), good)) as server:
        answer, _ = asked(written(server, context=1_200))

    assert answer.reason is not None
    assert "leaves no room for passages" in answer.reason.text
    assert server.answered == []


EARLIER = Turn("What did the Pellgate Traders’ Guild say about trade?", ("Bertil Aumont",))


def test_a_follow_up_is_searched_in_the_model_s_words_where_they_are_the_reader_s(
    written: Callable[..., Assistant],
) -> None:
    better = "What did Bertil Aumont of the Pellgate Traders’ Guild say about bicycles?"
    with model_server(Say(better), says(judged("no"))) as server:
        answer, _ = asked(written(server), "And what did he say about bicycles?", [EARLIER])

    assert answer.query == better
    assert answer.question == "And what did he say about bicycles?"
    assert "Bertil Aumont" in server.texts(0)[1]
    assert "PASSAGE" not in server.texts(0)[1]
    assert f"QUESTION: {better}" in server.texts(1)[1]
    assert set(answer.prompts) >= {"rewrite", "conversation"}


@pytest.mark.parametrize(
    "rewritten",
    [
        "What did SENTINEL say about bicycles?",
        "What did he say about 7 bicycles?",
        "What did he say about <b>bicycles</b>?",
        "What did he not say about bicycles?",
        "",
    ],
    ids=["name", "number", "markup", "negation", "empty"],
)
def test_a_rewrite_that_brings_in_anything_else_is_not_searched(
    written: Callable[..., Assistant], rewritten: str
) -> None:
    with model_server(Say(rewritten), says(judged("no"))) as server:
        answer, events = asked(written(server), "And what did he say about bicycles?", [EARLIER])

    assert answer.query == "And what did he say about bicycles? (Pellgate Traders’ Guild)"
    assert "SENTINEL" not in everywhere(answer, events)


def test_a_train_of_thought_before_a_rewrite_is_left_out(written: Callable[..., Assistant]) -> None:
    better = "What did Bertil Aumont say about bicycles?"
    with model_server(Say(f"<think>he is Aumont</think>\n{better}"), says(judged("no"))) as server:
        answer, _ = asked(written(server), "And what did he say about bicycles?", [EARLIER])

    assert answer.query == better


def test_a_conversation_of_any_length_and_damage_is_followed(written: Callable[..., Assistant]) -> None:
    with model_server(Say(""), says(judged("no"))) as server:
        answer, _ = asked(written(server), "And he?", ["And\ud800 they?"] * 1_200)

    assert answer.query == "And he?"


def test_a_reply_cut_short_says_so_and_keeps_what_was_verified(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged(), good, finish="length")) as server:
        answer, _ = asked(written(server))

    assert [entry.text for entry in answer.claims] == [GOOD]
    assert answer.reason is not None
    assert "reached its greatest length" in answer.reason.text


def test_sentences_beside_a_no_are_shown_as_a_part(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged("no"), good)) as server:
        answer, _ = asked(written(server))

    assert [entry.text for entry in answer.claims] == [GOOD]
    assert answer.reason is not None
    assert answer.reason.code == "partly_answered"


def test_a_follow_up_may_be_searched_as_typed(written: Callable[..., Assistant]) -> None:
    with model_server(says(judged("no"))) as server:
        answer, _ = asked(written(server), "And what did he say about bicycles?", [EARLIER], as_typed=True)

    assert answer.query == answer.question
    assert len(server.requests) == 1


def test_a_model_that_fails_at_the_rewrite_is_not_asked_again(written: Callable[..., Assistant]) -> None:
    with model_server(Fail(401)) as server:
        answer, _ = asked(written(server), "And what did he say about bicycles?", [EARLIER])

    assert len(server.requests) == 1
    assert answer.mode is Mode.DIGEST
    assert answer.reason is not None
    assert answer.reason.code == "model_unavailable"
