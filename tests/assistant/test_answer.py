"""The whole way of a question over the sample corpus, with the real embedder."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from assistant import (
    Answer,
    Assistant,
    BadFilter,
    BadQuestion,
    Found,
    Mode,
    Outcome,
    State,
    UnknownDocument,
    UnknownPerspective,
    Verified,
)
from assistant.answering.digest import Digester, Window, _promising
from index import Document

TRADE = "By how much did trade on the Old Quay fall after the bridge was closed to cars?"


@pytest.fixture(scope="module")
def trade(sample: Assistant) -> Answer:
    return sample.ask(TRADE)


def test_every_quote_is_exactly_the_slice_of_its_document(sample: Assistant, trade: Answer) -> None:
    assert trade.citations
    for citation in trade.citations:
        text = sample.corpus.document(citation.document.id)[0].text
        assert citation.quote == text[citation.start : citation.end]


def test_an_answer_shows_the_figures_of_both_camps(trade: Answer) -> None:
    quotes = "\n".join(citation.quote for citation in trade.citations)

    assert re.search(r"14|ourteen", quotes)
    assert re.search(r"\b3\b|three per cent", quotes)


def test_every_citation_carries_its_label_with_provenance(trade: Answer) -> None:
    shown = {(label.perspective.id, str(label.provenance)) for entry in trade.citations for label in entry.labels}

    assert {("traders", "curated"), ("administration", "curated")} <= shown


def test_a_document_that_labels_itself_is_shown_as_self_declared(sample: Assistant) -> None:
    labels = sample.corpus.document("the-fourteen-and-the-three.md")[1].labels

    assert [(label.perspective.id, str(label.provenance)) for label in labels] == [("local-press", "self-declared")]


def test_a_digest_has_at_most_eight_citations_for_a_fact_and_keeps_to_its_words(sample: Assistant) -> None:
    answer = sample.ask("How long did the ambulance wait at the bollards?")

    assert len(answer.citations) <= 8
    assert sum(len(citation.quote.split()) for citation in answer.citations) <= 340


def test_a_question_that_compares_gets_more_citations_than_a_fact(sample: Assistant) -> None:
    assert len(sample.ask("What do the sources say about the bollards?").citations) > 8


def test_citations_never_overlap_one_another(trade: Answer) -> None:
    spans = sorted((entry.document.id, entry.start, entry.end) for entry in trade.citations)

    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(spans))


def test_the_altered_copy_does_not_repeat_the_article(sample: Assistant) -> None:
    answer = sample.ask("How did the council vote on the bridge?")
    quotes = [entry.quote for entry in answer.citations if entry.document.id.startswith("council-vote")]

    assert quotes
    assert len(quotes) == len(set(quotes))


def test_a_name_is_found_in_every_spelling_and_the_spellings_are_shown(sample: Assistant) -> None:
    answer = sample.ask("What did Wojcieszkova do?")
    text = "\n".join(entry.quote for entry in answer.citations)

    assert [set(names) for names in answer.spellings] == [{"Wojcieszkova", "Wojcieskova", "Woycieszkova"}]
    assert sum(spelling in text for spelling in ("Wojcieszkova", "Wojcieskova", "Woycieszkova")) >= 2


def test_other_spellings_are_taken_back_on_demand(sample: Assistant) -> None:
    *_, literal = sample.stream("What did Wojcieszkova do?", as_typed=True)
    assert isinstance(literal, Answer)
    assert literal.spellings == ()
    assert {entry.quote for entry in literal.citations} != {
        entry.quote for entry in sample.ask("What did Wojcieszkova do?").citations
    }


def test_an_unanswerable_question_is_a_result_with_its_rule_and_the_nearest_passages(sample: Assistant) -> None:
    answer = sample.ask("What did Angela Merkel say about the bridge?")

    assert answer.outcome is Outcome.NOT_IN_CORPUS
    assert answer.reason is not None
    assert answer.reason.code == "unknown_name"
    assert answer.citations == ()
    assert answer.nearest


def test_the_json_is_the_schema(trade: Answer) -> None:
    data = json.loads(json.dumps(trade.to_dict()))

    assert {"schema", "id", "question", "query", "mode", "outcome", "reason", "premise", "claims"} <= data.keys()
    assert {"citations", "perspectives", "coverage", "removed", "nearest", "model", "prompts"} <= data.keys()
    assert {"generation", "labels", "seconds"} <= data.keys()
    assert (data["schema"], data["mode"], data["outcome"]) == (1, "digest", "answered")
    assert data["coverage"] == {
        "searched": len(data["perspectives"]),
        "relevant": sum(line["state"] in ("cited", "relevant") for line in data["perspectives"]),
        "cited": len({side["id"] for entry in data["citations"] for side in entry["perspectives"]}),
        "shares": data["coverage"]["shares"],
        "balance": data["coverage"]["balance"],
    }
    for number, citation in enumerate(data["citations"], 1):
        assert citation["number"] == number
        assert citation["voice"]["kind"] in ("author", "direct", "indirect", "embedded")
        assert citation["voice"]["provenance"] == "rule"
        assert len(citation["before"]) <= 32
    assert all(claim["citations"] for claim in data["claims"])


def test_in_a_digest_each_claim_is_its_quote(trade: Answer) -> None:
    assert trade.mode is Mode.DIGEST
    assert all(claim.text == trade.citation(claim.citations[0]).quote for claim in trade.claims)


def test_the_stream_finds_then_verifies_then_answers(sample: Assistant) -> None:
    events = list(sample.stream(TRADE))

    assert isinstance(events[0], Found)
    assert all(isinstance(event, Verified) for event in events[1:-1])
    assert isinstance(events[-1], Answer)
    assert len(events) == len(events[-1].claims) + 2


def test_a_filter_by_perspective_keeps_the_others_out(sample: Assistant) -> None:
    answer = sample.ask(TRADE, perspectives=("residents",))

    assert {label.perspective.id for entry in answer.citations for label in entry.labels} == {"residents"}


def test_a_filter_by_date_keeps_other_dates_out(sample: Assistant) -> None:
    hits = sample.search("the bridge", since="2025-10")

    assert hits
    assert all((sample.corpus.document(hit.passage.document.id)[1].published or "") >= "2025-10" for hit in hits)


def test_a_filter_that_nothing_passes_is_a_result_not_an_error(sample: Assistant) -> None:
    assert sample.ask(TRADE, until="1999").outcome is Outcome.NOT_IN_CORPUS


@pytest.mark.parametrize(
    ("only", "error"),
    [
        ({"documents": ("no-such-file.txt",)}, UnknownDocument),
        ({"perspectives": ("tarders",)}, UnknownPerspective),
        ({"since": "yesterday"}, BadFilter),
        ({"until": "2025-13"}, BadFilter),
    ],
    ids=["document", "perspective", "since", "until"],
)
def test_a_filter_for_what_is_not_there_is_an_error_and_not_silence(
    sample: Assistant, only: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        sample.ask(TRADE, **only)
    with pytest.raises(error):
        sample.search(TRADE, **only)


def test_a_search_returns_hits_with_their_document(sample: Assistant) -> None:
    hits = sample.search(TRADE, k=3)

    assert len(hits) == 3
    assert all(hit.passage.text == hit.passage.document.text[hit.passage.start : hit.passage.end] for hit in hits)


def test_a_perspective_that_is_not_cited_shows_its_closest_passage(sample: Assistant) -> None:
    answer = sample.ask(TRADE, citations=1)
    uncited = [line for line in answer.perspectives if line.state is not State.CITED]

    assert len(uncited) == len(answer.perspectives) - 1
    assert all(line.closest is not None and line.closest.quote for line in uncited)


def test_a_follow_up_is_searched_with_the_names_before_it(sample: Assistant) -> None:
    answer = sample.ask("And what did he say about it?", ["Who is Corvin Dask?"])

    assert answer.query == "And what did he say about it? (Corvin Dask)"
    assert answer.question == "And what did he say about it?"


def test_an_empty_question_is_refused(sample: Assistant) -> None:
    with pytest.raises(BadQuestion):
        sample.ask("  ")


def test_an_unknown_document_is_named_in_the_error(sample: Assistant) -> None:
    with pytest.raises(UnknownDocument, match=r"nothing\.txt"):
        sample.corpus.document("nothing.txt")


def test_the_same_question_gets_the_same_answer(sample: Assistant) -> None:
    first, second = sample.ask(TRADE), sample.ask(TRADE)

    assert first.citations == second.citations
    assert first.claims == second.claims


def test_the_examples_can_be_answered(sample: Assistant) -> None:
    assert len(sample.corpus.examples()) >= 3
    assert all(sample.ask(question).outcome is Outcome.ANSWERED for question in sample.corpus.examples())


def test_only_what_was_searched_has_anything_to_say_or_not(sample: Assistant) -> None:
    found, *_, answer = sample.stream(TRADE, perspectives=["administration"])

    assert isinstance(found, Found)
    assert isinstance(answer, Answer)
    assert [line.id for line in answer.perspectives] == ["administration"]
    assert answer.to_dict()["coverage"]["searched"] == found.perspectives == 1


def test_many_threads_ask_at_once_also_when_little_is_remembered(
    sample: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Digester, "_REMEMBERED", 20)
    questions = [f"{TRADE} {number}" for number in range(24)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(sample.without_model().ask, questions))

    assert all(answer.citations for answer in answers)


def test_a_crowd_of_documents_silences_none() -> None:
    texts = [("crowd", f"{at}") for at in range(400)] + [("lonely", "0")]
    windows = [Window(Document(id, name, ""), at, at + 1, 0.5, 1 - at / 1000) for at, (id, name) in enumerate(texts)]

    assert _promising(windows)[-1] == 400
