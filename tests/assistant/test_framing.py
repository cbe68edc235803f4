"""Words that only one side uses for a thing: found, listed, and kept out of a model's sentences unless quoted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.checking.neutrality import one_sided
from assistant.commands import show
from assistant.labelling.framing import CERTAIN, Framing, Term
from assistant.writing.llm import Model
from assistant.writing.parse import Proposal, Quoted
from assistant.writing.writer import Writer
from index import LocalEmbedder, Reader, Store
from index.update import update
from tests.proposals import shown
from tests.scripted_model import Say, claim, holding, judged, model_server

# Two sides write about one barge plan. Only the mill's friends call it the surrender plan; that the others know the
# words is seen where they quote them, and a reader's comment is nobody's.
_KEEPERS = (
    "The council met about the surrender plan on Monday. The mill stood still and the barley waited.",
    "We read every page of the surrender plan. It takes the water from the mill of Sallowmere.",
    "Nobody has asked the miller about the surrender plan, and the old mill cannot speak for itself.",
    "Of all the follies of this council the surrender plan is the dearest. The mill will not outlive it.",
)
_BREAKERS = (
    "The barge plan was printed on Tuesday. It makes the river at Sallowmere deep enough for barges.",
    "In the barge plan there are three locks. The plan, which the board paid for, is a good one.",
    "According to the plan, the barges come in May. The harbour of Sallowmere needs them.",
    "The board has paid for the plan, and the harbour is glad of it. The keepers wrote of “the surrender plan” again.",
    "Edda Marrow said the surrender plan would flood the mill. The barge plan does nothing of the kind.",
    "For the plan there were nine votes, against the plan there were two, and the barges were counted.",
    "The plan, at last, was signed. In the plan the river is four metres deep and the barges are long.",
    "With the plan, the harbour gets its barges. Without it the river silts up by the end of the year.",
)
_LABELS = """version = 1
[perspectives.keepers]
label = "Friends of the mill"
[perspectives.breakers]
label = "Harbour users"
[[source]]
match = "keepers*"
perspective = "keepers"
[[source]]
match = "breakers*"
perspective = "breakers"
"""
QUESTION = "What is planned for the river at Sallowmere?"


def index(folder: Path, keepers: tuple[str, ...] = _KEEPERS, breakers: tuple[str, ...] = _BREAKERS) -> Path:
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "sources.toml").write_text(_LABELS, "utf-8")
    for side, texts in (("keepers", keepers), ("breakers", breakers)):
        for number, text in enumerate(texts):
            (corpus / f"{side}{number}.txt").write_text(f"{text}\n", "utf-8")
    update(corpus, Store(folder / "store"), LocalEmbedder())
    return folder / "store"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index(tmp_path_factory.mktemp("framing"))


@pytest.fixture(scope="module")
def assistant(store: Path) -> Iterator[Assistant]:
    with Assistant(Reader(Store(store), LocalEmbedder())) as opened:
        yield opened


def listed(store: Path) -> dict[str, Term]:
    with Assistant(Reader(Store(store), LocalEmbedder())) as opened:
        return {term.text: term for term in opened.terms()}


def test_a_term_says_whose_it_is_how_often_and_what_others_write(assistant: Assistant) -> None:
    (term,) = assistant.terms()

    assert (term.text, term.side.id, len(term.uses), term.documents) == ("surrender plan", "keepers", 4, 4)
    assert dict(term.others)["plan"] >= 4
    assert dict(term.others)["barge plan"] == 3
    assert term.chance <= CERTAIN
    for use in term.uses:
        assert assistant.corpus.document(use.document)[0].text[use.start : use.end] == use.quote == "surrender plan"


def test_terms_about_a_question_are_those_of_the_passages_found(assistant: Assistant) -> None:
    assert [term.text for term in assistant.terms(QUESTION)] == ["surrender plan"]


def test_a_term_that_an_author_of_another_side_writes_as_well_is_nobodys(tmp_path: Path) -> None:
    other = "Even the harbour master speaks of the surrender plan. The barges come all the same."

    assert "surrender plan" not in listed(index(tmp_path, breakers=(*_BREAKERS, other)))


def test_a_term_of_one_document_among_several_is_its_own(tmp_path: Path) -> None:
    alone = tuple(text if number == 0 else text.replace("surrender", "barge") for number, text in enumerate(_KEEPERS))
    twice = (f"{alone[0]} Down with the surrender plan.", *alone[1:])

    assert listed(index(tmp_path, keepers=twice)) == {}


def test_a_copy_makes_no_term_of_what_one_document_says(tmp_path: Path) -> None:
    once = (_KEEPERS[0], _KEEPERS[0] + " ", *(text.replace("surrender", "barge") for text in _KEEPERS[1:]))

    assert listed(index(tmp_path, keepers=once)) == {}


def test_a_document_that_names_its_own_side_is_on_none(tmp_path: Path) -> None:
    index(tmp_path)
    corpus = tmp_path / "corpus"
    (corpus / "sources.toml").write_text(_LABELS.replace('match = "keepers*"', 'match = "nobody*"'), "utf-8")
    for number, text in enumerate(_KEEPERS):
        (corpus / f"keepers{number}.txt").unlink()
        (corpus / f"k{number}.md").write_text(f"---\nperspective: keepers\n---\n{text}\n", "utf-8")
    update(corpus, Store(tmp_path / "store"), LocalEmbedder())

    assert listed(tmp_path / "store") == {}


def test_terms_are_printed_as_text_that_a_terminal_does_not_obey(assistant: Assistant) -> None:
    (term,) = assistant.terms()
    printed = show.terms([term])

    assert "“surrender plan”: Friends of the mill, 4 times in 4 documents" in printed
    assert "“barge plan” 3" in printed
    assert json.loads(json.dumps(term.to_dict()))["passages"][0]["quote"] == "surrender plan"
    assert show.terms([]) == "No words were found that only one side uses for a thing."


# In a model's sentences


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("The keepers write that the surrender plan is dear.", True),
        ("The keepers write of a Surrender Plan.", True),
        ("The keepers write that the “surrender plan” is dear.", False),
        ("The keepers write that the plan is dear.", False),
        ("The board has paid for the barge plan.", False),
        ("The mill of Sallowmere stood still on Monday.", False),
    ],
)
def test_a_term_of_one_side_stands_between_quotation_marks_only(assistant: Assistant, text: str, fails: bool) -> None:
    with assistant.reader.pinned() as (generation, retriever):
        given = shown(one_sided=Framing(generation.library, retriever).one_sided)
        found = [*one_sided(Proposal(1, "report", text, (Quoted(1, "The ferry"),)), [], given)]

    assert [problem.code for problem in found] == ["one_sided"] * fails
    assert all("surrender" not in problem.text for problem in found)  # for the reader: no word of the model's


def test_the_questions_own_words_may_stand_anywhere(assistant: Assistant) -> None:
    with assistant.reader.pinned() as (generation, retriever):
        framing = Framing(generation.library, retriever)
        given = shown(question="What do they say of the surrender plan?", one_sided=framing.one_sided)

        assert not [*one_sided(Proposal(1, "report", "They dislike the surrender plan.", ()), [], given)]


def test_a_sentence_with_a_term_is_asked_for_again_and_removed_if_it_comes_back(store: Path) -> None:
    quote = "We read every page of the surrender plan"

    def said(text: str) -> Callable[[dict[str, Any]], Say]:
        return lambda request: Say(judged() + claim(text, (holding(request, quote), quote)))

    bad = "The authors write that they read every page of the surrender plan."
    good = "The authors write that they read every page of the “surrender plan”."
    for second, claims in ((good, [good]), (bad, [])):
        with model_server(said(bad), said(second)) as server:
            reader = Reader(Store(store), LocalEmbedder())
            with Assistant(reader, Writer(Model("scripted", server.url))) as assistant:
                answer = assistant.ask(QUESTION)
        shown_claims = [entry.text for entry in answer.claims] if answer.mode == "generated" else []
        assert shown_claims == claims
        if not claims:
            assert any("only one side" in reason for entry in answer.removed for reason in entry.reasons)


def test_sentences_of_the_sample_hold_no_term(sample: Assistant) -> None:
    """How often a fair sentence would be removed: never, of what digests over the sample cite."""
    questions = ["What does the Guild say about trade?", "What do the sources say about the vote on the bridge?"]
    with sample.reader.pinned() as (generation, retriever):
        framing = Framing(generation.library, retriever)
        quotes = [entry.quote for question in questions for entry in sample.ask(question).citations]
        assert len(quotes) > 10
        assert [quote for quote in quotes if framing.one_sided(quote)] == []
