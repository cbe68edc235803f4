"""The command line with a model that writes: in a process of its own, over the sample corpus."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.command import parallax, started
from tests.scripted_model import Fail, Say, claim, holding, judged, model_server

QUESTION = "By how much did trade on the Old Quay fall after the bridge was closed to cars?"
QUOTE = "The Pellgate Traders’ Guild says that trade fell by 14 per cent after the bridge was closed to cars"
FELL = "trade fell by 14 per cent after the bridge was closed to cars"  # of it, the Guild's own words
GOOD = "The Pellgate Traders’ Guild says that trade fell by 14 per cent."


def reply(request: dict[str, Any], **options: Any) -> Say:
    number = holding(request, QUOTE)
    bad = claim("SENTINEL\x1b[2J trade rose.", (number, "SENTINEL words that nobody wrote"))
    return Say(judged() + claim(GOOD, (number, QUOTE)) + bad, **options)


def test_a_written_answer_shows_each_sentence_with_its_quotes_and_what_was_removed(
    sample_store: Path, tmp_path: Path
) -> None:
    with model_server(reply) as server:
        result = parallax("ask", QUESTION, "--store", sample_store, home=tmp_path, OPENAI_BASE_URL=server.url)

    assert f"{GOOD} [1]\n  [1] “{FELL}”\n" in result.stdout
    assert "Local press [self-declared]" in result.stdout
    assert "Removed: Sentence 2 of the reply: it holds markup" in result.stdout
    assert "its quote does not stand in the passage named" in result.stdout
    assert "Written by scripted; every sentence was checked" in result.stdout
    assert "SENTINEL" not in result.stdout + result.stderr


def test_a_sentence_that_the_model_copied_is_shown_too(sample_store: Path, tmp_path: Path) -> None:
    def copied(request: dict[str, Any]) -> Say:
        number = holding(request, QUOTE)
        return Say(judged() + claim(QUOTE, (number, QUOTE)) + claim(GOOD, (number, QUOTE)))

    with model_server(copied) as server:
        result = parallax("ask", QUESTION, "--store", sample_store, home=tmp_path, OPENAI_BASE_URL=server.url)

    assert result.stdout.startswith(f"{QUOTE} [1]\n")
    assert f"{GOOD} [1]" in result.stdout


def test_the_host_that_passages_go_to_is_said_before_they_go(sample_store: Path, tmp_path: Path) -> None:
    with model_server(reply) as server:
        options = {"OPENAI_BASE_URL": server.url, "PARALLAX_MODEL": "scripted"}
        result = parallax("ask", QUESTION, "--store", sample_store, "--json", home=tmp_path, **options)

    assert "Answers are written by scripted" in result.stderr
    assert f"sent to 127.0.0.1:{server.server_port}, on this machine" in result.stderr
    answer = json.loads(result.stdout)
    assert (answer["mode"], answer["model"]) == ("generated", "scripted")
    assert [entry["text"] for entry in answer["claims"]] == [GOOD]


def test_a_model_that_is_down_leaves_the_digest_with_the_reason_first(sample_store: Path, tmp_path: Path) -> None:
    with model_server(Fail(401)) as server:
        result = parallax("ask", QUESTION, "--store", sample_store, home=tmp_path, OPENAI_BASE_URL=server.url)

    assert result.stdout.startswith(f"The model at 127.0.0.1:{server.server_port} refused the key. Set OPENAI_API_KEY")
    assert "No text was generated." in result.stdout
    assert FELL in result.stdout
    assert "SENTINEL" not in result.stdout + result.stderr


def test_interrupting_leaves_the_sentences_verified_by_then(sample_store: Path, tmp_path: Path) -> None:
    with model_server(lambda request: reply(request, hold=threading.Event())) as server:
        process = started("ask", QUESTION, "--store", sample_store, home=tmp_path, OPENAI_BASE_URL=server.url)
        assert process.stdout is not None
        first = process.stdout.readline()  # it comes while the model goes on
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=20)

    assert first == f"{GOOD} [1]\n"
    assert "You stopped this answer. What was verified by then is shown." in rest
    assert process.returncode == 130
    assert "SENTINEL" not in rest + err


def test_a_follow_up_is_rewritten_or_searched_as_typed(sample_store: Path, tmp_path: Path) -> None:
    rewritten = "What did the Pellgate Traders’ Guild say about bicycles?"
    asked = ("ask", "And what did they say about bicycles?", "--after", "What did the Pellgate Traders’ Guild say?")
    with model_server(Say(rewritten), Say(judged("no"))) as server:
        options = {"OPENAI_BASE_URL": server.url}
        shown = parallax(*asked, "--store", sample_store, home=tmp_path, **options).stdout
        typed = parallax(*asked, "--as-typed", "--store", sample_store, home=tmp_path, **options).stdout

    assert f"Searched as: {rewritten}" in shown
    assert "found no answer in them" in shown
    assert "Searched as" not in typed


def test_an_evaluation_of_written_answers_has_the_digest_beside_it(sample_store: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    evidence = [{"file": "the-fourteen-and-the-three.md", "quote": QUOTE}]
    question = {"id": "a", "kind": "single_factual", "question": QUESTION, "files": [evidence[0]["file"]]}
    questions.write_text(json.dumps(question | {"evidence": evidence, "accept": [["14 per cent"]]}))
    with model_server(reply) as server:
        result = parallax(
            *("eval", questions, "--store", sample_store, "--jobs", 2, "--json"),
            home=tmp_path,
            OPENAI_BASE_URL=server.url,
        )

    rows = json.loads(result.stdout)
    assert list(rows)[:2] == ["parallax", "digest"]
    assert {"BM25", "dense"} < set(rows)
    ours = {name: figure["value"] for name, figure in rows["parallax"].items()}
    assert ours["written answers"] == ours["evidence found (micro)"] == ours["answer accuracy"] == 1
    assert ours["quotes verbatim as written"] == ours["sentences removed"] == 0.5
    assert ours["tokens in"] == 2_000  # two calls: the answer, and the repair
    assert "written answers" not in rows["digest"]


@pytest.mark.parametrize(
    ("step", "options", "expected"),
    [
        (Say('{"ready": true}'), {}, "holds a reply to a schema"),
        (Say("ready!"), {}, "takes a schema and does not keep to it"),
        (Say('{"ready": true}'), {"refuses": ["response_format"]}, "takes no schema, so JSON Lines are asked for"),
        (Say('{"ready": true}'), {"refuses": ["temperature"]}, "refuses temperature"),
        (Say('{"ready": true}', whole=True), {}, "does not stream"),
        (Say('{"ready": true}'), {"models": [{"id": "m", "max_model_len": 32_768}]}, "reads 32,768 tokens"),
        (Fail(401), {}, "refused the key"),
    ],
    ids=["good", "prose", "no-schema", "no-temperature", "no-stream", "context", "key"],
)
def test_doctor_makes_one_small_call_and_says_what_the_endpoint_can_do(
    step: Any, options: dict[str, Any], expected: str, sample_store: Path, tmp_path: Path
) -> None:
    bad = isinstance(step, Fail)
    with model_server(step, **options) as server:
        result = parallax(
            *("doctor", "--store", sample_store), home=tmp_path, code=int(bad), OPENAI_BASE_URL=server.url
        )

    line = next(line for line in result.stdout.splitlines() if "model that writes" in line)
    assert expected in line
    assert line.startswith("MISSING" if bad else "ok")
    assert all("PASSAGE" not in json.dumps(request) for request in server.requests)


def test_a_key_alone_sends_nothing_and_is_said(sample_store: Path, tmp_path: Path) -> None:
    answered = parallax("ask", QUESTION, "--store", sample_store, "--json", home=tmp_path, OPENAI_API_KEY="sk-none")
    found = parallax("doctor", "--store", sample_store, home=tmp_path, OPENAI_API_KEY="sk-none")

    assert json.loads(answered.stdout)["mode"] == "digest"
    assert "name a model in PARALLAX_MODEL" in found.stdout
