"""A model's endpoint, in every state it can be in, and what comes of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import pytest

from assistant.errors import ContextExceeded, ModelUnavailable
from assistant.writing.llm import Model, Reply
from tests.scripted_model import DRIP, HANG, RESET, Fail, ModelServer, Raw, Say, Step, model_server

SSE = b'data: {"id": "x", "created": 1, "model": "m", "object": "chat.completion.chunk", "choices": %s}\n\n'


def asked(server: ModelServer, silence: float = 30.0, **more: object) -> Reply:
    return reply(Model("scripted", server.url, silence=silence), **more)


def reply(model: Model, stop: threading.Event | None = None, schema: dict[str, object] | None = None) -> Reply:
    return model.reply("system", "user", most=100, stop=stop or threading.Event(), schema=schema)


def test_a_reply_arrives_piece_by_piece_with_what_it_took() -> None:
    with model_server(Say("Hello, this is a reply.", usage=(12, 7))) as server:
        given = asked(server)
        pieces = list(given)

    assert "".join(pieces) == "Hello, this is a reply."
    assert len(pieces) > 1
    assert (given.usage.tokens_in, given.usage.tokens_out, given.usage.counted) == (12, 7, True)


def test_tokens_that_nobody_counted_are_estimated() -> None:
    with model_server(Say("x" * 400, usage=None)) as server:
        given = asked(server)
        list(given)

    assert given.usage.tokens_out == 100
    assert not given.usage.counted


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (Fail(401), "refused the key"),
        (Fail(403), "refused the key"),
        (Fail(404), "knows no model of this name"),
        (Fail(429), "its limit is reached"),
        (Fail(400), "failed with status 400"),
        (Fail(500), "failed with status 500"),
        (Fail(405), "has no chat at this address"),
        (Fail(503, "SENTINEL"), "failed with status 503"),
        (Say("half a SENTINEL", finish=None), "broke off in the middle"),
        (Say("half a SENTINEL", cut=True), "broke off in the middle"),
        (Say("SENTINEL" * 10_000, piece=5_000), "did not come to an end"),
        (RESET, "could not be reached"),
        (Raw(b"<html>SENTINEL</html>", "text/html"), "no reply of a model"),
        (Raw(b"data: SENTINEL\n\n"), "no reply of a model"),
        (Raw(b"\xff\xfe\x00SENTINEL\n\n"), "no reply of a model"),
        (Raw(b""), "no reply of a model"),
        (Raw(SSE % b'"SENTINEL"'), "broke off in the middle"),
        (Raw(SSE % b'[{"index": 0, "delta": "SENTINEL", "finish_reason": null}]'), "broke off in the middle"),
        (Raw(b'data: {"error": {"message": "SENTINEL"}}\n\n'), "no reply of a model"),
        (Raw(b'{"SENTINEL": 1}', "application/json"), "broke off in the middle"),
    ],
    ids=lambda value: str(value)[:60] if not isinstance(value, str) else "",
)
def test_what_is_no_whole_reply_is_an_error_in_our_words(
    step: Step, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with model_server(step) as server, pytest.raises(ModelUnavailable, match=sentence) as raised:
        list(asked(server))

    assert f"The model at 127.0.0.1:{server.server_port} " in str(raised.value)
    assert "SENTINEL" not in str(raised.value) + caplog.text


def test_an_endpoint_that_is_not_there_could_not_be_reached() -> None:
    with model_server(Say("")) as server:
        port = server.server_port

    with pytest.raises(ModelUnavailable, match=r"could not be reached\. Check that it runs"):
        list(reply(Model("m", f"http://127.0.0.1:{port}/v1")))


@pytest.mark.parametrize("step", [HANG, DRIP, Say("word", delay=5)], ids=["hangs", "only-comments", "slow"])
def test_silence_is_ended_by_the_time_set(step: Step) -> None:
    with model_server(step) as server, pytest.raises(ModelUnavailable, match=r"no sign of life for 0\.3 seconds"):
        list(asked(server, silence=0.3))


def test_a_model_that_is_slow_and_alive_is_waited_for() -> None:
    with model_server(Say("slow but sure", piece=1, delay=0.05)) as server:
        assert "".join(asked(server, silence=0.4)) == "slow but sure"


def test_a_limit_is_waited_out_as_long_as_the_endpoint_asks() -> None:
    busy = Fail(429, headers={"retry-after-ms": "300"})
    with model_server(busy, Say("now")) as server:
        begun = time.monotonic()
        assert "".join(asked(server)) == "now"
        waited = time.monotonic() - begun

    assert len(server.requests) == 2
    assert waited >= 0.3


@pytest.mark.parametrize(
    ("refused", "kept"),
    [
        ("temperature", {"max_tokens", "stream_options", "response_format"}),
        ("stream_options", {"max_tokens", "temperature", "response_format"}),
        ("response_format", {"max_tokens", "temperature", "stream_options"}),
        ("max_tokens", {"max_completion_tokens", "temperature", "stream_options", "response_format"}),
    ],
)
def test_a_parameter_that_is_refused_is_left_out_and_remembered(refused: str, kept: set[str]) -> None:
    with model_server(Say("fine"), refuses=[refused]) as server:
        model = Model("scripted", server.url)
        assert "".join(reply(model, schema={"type": "object"})) == "fine"
        assert "".join(reply(model, schema={"type": "object"})) == "fine"

    assert len(server.requests) == 3
    assert set(server.requests[-1]) == {"model", "messages", "stream", *kept}


def test_everything_optional_may_be_refused() -> None:
    names = ("temperature", "stream_options", "response_format", "max_tokens", "max_completion_tokens")
    with model_server(Say("bare"), refuses=names) as server:
        assert "".join(asked(server, schema={"type": "object"})) == "bare"

    assert set(server.answered[0]) == {"model", "messages", "stream"}


def test_a_refusal_that_names_nothing_costs_one_option_after_the_other() -> None:
    steps: list[Step | Callable[[dict[str, object]], Step]] = [
        lambda request: Fail(400) if "response_format" in request else Say("fine")
    ]
    with model_server(*steps) as server:
        assert "".join(asked(server, schema={"type": "object"})) == "fine"

    assert "temperature" in server.requests[-1]


def test_an_endpoint_that_does_not_stream_is_asked_again_without_and_remembered() -> None:
    with model_server(Say("all at once", whole=True)) as server:
        model = Model("scripted", server.url)
        assert list(reply(model)) == ["all at once"]
        assert list(reply(model)) == ["all at once"]

    assert [request.get("stream", False) for request in server.requests] == [True, False, False]


def test_a_request_too_long_says_how_many_tokens_can_be_read() -> None:
    with model_server(Say("x"), context=2_048) as server, pytest.raises(ContextExceeded) as raised:
        list(Model("m", server.url).reply("s" * 9_000, "u", most=100, stop=threading.Event()))

    assert raised.value.tokens == 2_048


@pytest.mark.parametrize(
    ("listed", "context"),
    [
        ({"id": "scripted", "max_model_len": 16_384}, 16_384),
        ({"id": "scripted", "context_length": 4_096}, 4_096),
        ({"id": "scripted", "meta": {"n_ctx": 2_048}}, 2_048),
        ({"id": "scripted", "context_length": "many"}, 8_192),
        ({"id": "another", "max_model_len": 16_384}, 8_192),
        ({"id": "scripted"}, 8_192),
    ],
    ids=["vllm", "router", "llama.cpp", "no-number", "another", "silent"],
)
def test_the_context_is_what_the_endpoint_tells_or_a_careful_guess(listed: dict[str, object], context: int) -> None:
    with model_server(Say("x"), models=[listed]) as server:
        assert Model("scripted", server.url).context == context


def test_a_context_that_was_set_is_not_asked_for_and_one_that_was_learned_holds() -> None:
    model = Model("m", "http://127.0.0.1:9/v1", context=32_000)
    assert model.context == 32_000
    model.learn(4_096)
    model.learn(8_192)
    assert model.context == 4_096


def test_without_a_name_the_first_model_listed_is_asked() -> None:
    with model_server(Say("x"), models=[{"id": "first"}, {"id": "second"}]) as server:
        list(reply(Model(None, server.url)))

    assert server.answered[0]["model"] == "first"


def test_an_endpoint_without_models_says_what_to_set() -> None:
    with model_server(Say("x"), models=[]) as server, pytest.raises(ModelUnavailable, match="Set PARALLAX_MODEL"):
        list(reply(Model(None, server.url)))


@pytest.mark.parametrize(("key", "sent"), [("sk-1", "Bearer sk-1"), (None, "Bearer none")])
def test_a_key_is_sent_where_there_is_one_and_none_is_needed(key: str | None, sent: str) -> None:
    with model_server(Say("x")) as server:
        list(reply(Model("m", server.url, key=key)))

    assert server.keys == [sent]


@pytest.mark.parametrize("step", [HANG, DRIP, Say("word ", hold=threading.Event())], ids=["hangs", "drips", "speaks"])
def test_stop_ends_a_reply_at_once_and_hangs_up(step: Step) -> None:
    stop = threading.Event()
    with model_server(step) as server:
        threading.Timer(0.3, stop.set).start()
        begun = time.monotonic()
        assert "".join(asked(server, stop=stop)) in ("", "word ")
        took = time.monotonic() - begun

    assert took < 5  # the script would go on for thirty seconds


def test_an_endpoint_learns_that_the_reader_has_stopped() -> None:
    stop = threading.Event()
    with model_server(Say("word " * 2_000, delay=0.01)) as server:
        for piece in asked(server, stop=stop):
            assert piece
            stop.set()
        assert server.hung_up.wait(5)


@pytest.mark.parametrize(
    ("finish", "sentence"),
    [("length", "reached its greatest length"), ("content_filter", "withheld a part of its reply")],
)
def test_a_reply_that_ends_for_another_reason_is_no_whole_reply(finish: str, sentence: str) -> None:
    with model_server(Say("as far as", finish=finish)) as server:
        pieces: list[str] = []
        with pytest.raises(ModelUnavailable, match=sentence):
            pieces.extend(asked(server))

    assert pieces == ["as far as"]  # what came before is not lost


def test_a_request_that_is_refused_for_what_it_says_costs_the_next_one_nothing() -> None:
    refused = {"error": {"message": "This content violates our policy."}}
    steps = [*[Fail(400, refused)] * 7, Say("fine")]
    with model_server(*steps) as server:
        model = Model("scripted", server.url)
        with pytest.raises(ModelUnavailable, match="failed with status 400"):
            list(reply(model, schema={"type": "object"}))
        assert "".join(reply(model, schema={"type": "object"})) == "fine"

    assert {"response_format", "temperature", "max_tokens", "stream"} <= set(server.requests[-1])


def test_an_endpoint_that_refuses_to_stream_is_asked_without() -> None:
    with model_server(Say("all at once"), refuses=["stream"]) as server:
        assert "".join(asked(server)) == "all at once"

    assert "stream" not in server.requests[-1]


@pytest.mark.parametrize(
    ("said", "context"),
    [
        ("maximum context length is 16384 tokens, you asked for 17000 (12904 in the messages, 4096 to write)", 16_384),
        ("the request exceeds the available context size (4,096)", 4_096),
        ("prompt is too long: 9000 tokens > 8192 maximum", 8_192),
        ("too many tokens", None),
    ],
)
def test_the_context_is_the_figure_beside_the_word(said: str, context: int | None) -> None:
    with model_server(Fail(400, {"error": {"message": said}})) as server, pytest.raises(ContextExceeded) as raised:
        list(asked(server))

    assert raised.value.tokens == context


def test_a_stop_before_the_call_sends_nothing() -> None:
    stop = threading.Event()
    stop.set()
    with model_server(Say("x")) as server:
        assert list(asked(server, stop=stop)) == []

    assert server.requests == []


def test_a_stop_while_an_endpoint_asks_for_patience_sends_nothing_more() -> None:
    stop = threading.Event()
    with model_server(Fail(429, headers={"retry-after-ms": "800"}), Say("x")) as server:
        threading.Timer(0.3, stop.set).start()
        assert list(asked(server, stop=stop)) == []
        time.sleep(0.8)

    assert len(server.requests) == 1


def test_an_address_is_shown_without_the_password_in_it() -> None:
    assert Model("m", "http://alice:s3cret@127.0.0.1:8080/v1").host == "127.0.0.1:8080"


def test_a_reply_nested_without_end_is_no_reply() -> None:
    deep = b'data: {"choices": ' + b"[" * 100_000 + b"\n\n"
    with model_server(Raw(deep)) as server, pytest.raises(ModelUnavailable, match="no reply of a model"):
        list(asked(server))
