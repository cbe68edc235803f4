"""What a question takes for granted, what speaks against it, and how an answer says so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from assistant import Answer, Assistant, Found, Mode, Outcome
from assistant.commands.show import answer as shown
from assistant.question.against import against, figures, other_number, wanted
from assistant.question.assume import assumed
from assistant.question.premise import known
from assistant.types import Claim
from assistant.writing.llm import Model
from assistant.writing.writer import Writer
from index import Reader, Store
from index.update import update
from tests.fakes import WordEmbedder
from tests.scripted_model import ModelServer, Say, claim, holding, judged, model_server

# ── Questions ────────────────────────────────────────────────────────────────────────────────────────────────────────

LOADED = [
    ("Why did the mayor abandon the ferry?", "the mayor abandoned the ferry", "Did the mayor abandon the ferry?"),
    ("Why didn't Orla Quist sign the deed?", "Orla Quist did not sign the deed", "Did Orla Quist sign the deed?"),
    ("Why does Quist want a wall?", "Quist wants a wall", "Does Quist want a wall?"),
    ("Why will the town close the mill?", "the town will close the mill", "Will the town close the mill?"),
    ("Why was the invitation sent late?", "the invitation was sent late", "Was the invitation sent late?"),
    ("Why is the bridge unsafe?", "the bridge is unsafe", "Is the bridge unsafe?"),
    ("When did Quist stop beating drums?", "Quist beat drums", "Did Quist ever beat drums?"),
    ("Which gifts did Quist accept?", "Quist accepted some gifts", "Did Quist accept any gifts?"),
    ("How many tolls did the town lift?", "the town lifted some tolls", "Did the town lift any tolls?"),
    ("What made the council sell the mill?", "the council sold the mill", "Did the council sell the mill?"),
    (
        "What changed after the council accepted the offer?",
        "the council accepted the offer",
        "Do the sources say that the council accepted the offer?",
    ),
    ("How come the town closed the mill?", "the town closed the mill", "Do the sources say that the town closed the mill?"),
    (
        "Isn't it true that the wardens were warned?",
        "the wardens were warned",
        "Do the sources say that the wardens were warned?",
    ),
    (
        "Who pays for Quist's betrayal of Orrenmouth?",
        "there was a betrayal of Orrenmouth by Quist",
        "Do the sources say that there was a betrayal of Orrenmouth by Quist?",
    ),
    ("Who ordered the illegal closure?", "the closure is illegal", "Is the closure illegal?"),
]  # fmt: skip
NEUTRAL = [
    "Did the mayor abandon the ferry?",
    "Is the bridge unsafe?",
    "What do the sources say about the ferry?",
    "Who or what is to blame for the ambulance being held up?",
    "What did Quist say about the ferry?",
    "How does Quist describe the ferry?",
    "How did Quist react to the offer?",
    "How does Quist regard the mayor?",
    "Who closed the mill?",
    "The ferry",
    "Should the town close the mill?",
    "",
]


@pytest.mark.parametrize(("question", "text", "neutral"), LOADED)
def test_what_a_question_takes_for_granted_and_the_one_that_does_not(question: str, text: str, neutral: str) -> None:
    assert [(entry.text, entry.neutral) for entry in assumed(question)][-1:] == [(text, neutral)]


@pytest.mark.parametrize("question", NEUTRAL)
def test_a_question_that_asks_whether_takes_nothing_for_granted(question: str) -> None:
    assert assumed(question) == ()


@pytest.mark.parametrize("entry", LOADED)
def test_a_neutral_question_is_neutral(entry: tuple[str, str, str]) -> None:
    assert [taken for taken in assumed(entry[2]) if taken.loaded] == []


HOSTILE = [
    "Why did " * 60,
    "Why did the mayor " * 20,
    "Which " + "a " * 180 + "did",
    "Why did \x1b[2J the mayor leave?",
    "((((" * 90,
]


@pytest.mark.parametrize("question", HOSTILE)
def test_questions_that_are_no_questions_are_read_in_no_time(question: str) -> None:
    begun = time.perf_counter()
    assumed(question)
    assert time.perf_counter() - begun < 0.05


# ── Sentences ────────────────────────────────────────────────────────────────────────────────────────────────────────

AGAINST = [
    ("Why did the mayor abandon the ferry?", "The mayor did not abandon the ferry.", ""),
    ("Why did the mayor abandon the ferry?", "In June the mayor never abandoned the ferry at all.", ""),
    ("Why did the council accept the offer?", "The council rejected the offer within a day.", ""),
    ("Why did the council accept the offer?", "They were dismissed out of hand.", "The offers went to the council."),
    ("Why did the council accept the offer?", "It is not true that the council accepted the offer.", ""),
    ("Why did the mayor sell the mill?", "Anna Brandt denied that the mayor had sold the mill.", ""),
    ("Why were the wardens warned?", "No wardens were warned.", ""),
    ("Why were the wardens warned?", "We were told that the wardens had been warned; the wardens were not.", ""),
    ("Why is the bridge unsafe?", "The bridge is not unsafe.", ""),
    ("Why is the bridge unsafe?", "Engineers agree that the bridge is safe.", ""),
    ("Why did the rebellion succeed?", "Everybody remembers the failed rebellion.", ""),
    ("Why did Anna Brandt chair the council?", "A council chaired by Orla Quist met at noon.", ""),
    ("Why didn't the mayor sell the mill?", "In March the mayor sold the mill.", ""),
]  # fmt: skip
NOT_AGAINST = [
    ("Why did the mayor abandon the ferry?", "The mayor abandoned the ferry.", ""),
    ("Why did the mayor abandon the ferry?", "The council did not abandon the ferry.", ""),  # somebody else
    ("Why did the mayor abandon the ferry?", "The mayor did not abandon the mill.", ""),  # something else
    ("Why did the mayor abandon the ferry?", "If the mayor had not abandoned the ferry, we should sail.", ""),
    ("Why did the mayor abandon the ferry?", "The mayor should not abandon the ferry.", ""),
    ("Why did the mayor abandon the ferry?", "Did the mayor not abandon the ferry?", ""),
    ("Why did the mayor abandon the ferry?", "The mayor not only abandoned the ferry.", ""),
    ("Why did the council accept the offer?", "The council did not reject the offer.", ""),
    ("Why did the mayor sell the mill?", "The mayor does not deny that he sold the mill.", ""),
    ("Why did Quist attack Brandt?", "Brandt did not attack Quist.", ""),  # the other way round
    ("Why does Quist want to end the feud?", "Quist does not want to pay for the feud.", ""),
    ("When did the posts rise?", "The posts sank at last.", ""),  # at another time
    ("Why did Anna Brandt chair the council?", "A council chaired by Anna Brandt met.", ""),
    ("Why didn't the mayor sell the mill?", "The mayor did not sell the mill.", ""),
]  # fmt: skip


def _against(question: str, sentence: str, before: str) -> bool:
    return any(against(wanted(taken, lambda word: (word,)), sentence, before) for taken in assumed(question))


@pytest.mark.parametrize(("question", "sentence", "before"), AGAINST)
def test_a_sentence_speaks_against_it(question: str, sentence: str, before: str) -> None:
    assert _against(question, sentence, before)


@pytest.mark.parametrize(("question", "sentence", "before"), NOT_AGAINST)
def test_a_sentence_that_only_looks_so_does_not(question: str, sentence: str, before: str) -> None:
    assert not _against(question, sentence, before)


@pytest.mark.parametrize(
    ("question", "sentence", "found"),
    [
        ("Why did tolls rise by 20 per cent?", "Tolls rose by 4 % in May.", "4 %"),
        ("Why did tolls rise by 20 per cent?", "Tolls rose by twenty per cent in May.", None),
        ("Why did tolls rise by 20 per cent?", "Rents rose by 4 % in May.", None),
        ("Why did the 30-point plan fail?", "Few read the 12-point plan.", "12-point plan"),
        ("Why did the 30-point plan fail?", "Few read the 12-page letter.", None),
        ("Why did the ferry wait 20 minutes?", "The ferry waited 3 minutes.", "3 minutes"),
        ("Why did the ferry wait 20 minutes?", "The ferry waited on 3 May.", None),
    ],
)
def test_another_number_for_the_same_thing(question: str, sentence: str, found: str | None) -> None:
    taken = assumed(question)[0]
    asserted = figures(f"{taken.subject} {taken.rest}")
    rule = other_number(wanted(taken, lambda word: (word,)), asserted[0], sentence)
    assert (rule and sentence[rule.start : rule.end].strip()) == found


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

TEXTS = {
    "guild.txt": "The ferry of Haldane\n\nThe council accepted the offer of the Northern Line in April. Haldane got a ferry.",
    "wharf.txt": "A ferry refused\n\nThe council rejected the offer of the Northern Line in April. Nobody in Haldane sails now.",
    "tidings.txt": "The vote\n\nForty people came to the hall in Haldane. “The council never accepted the offer of the Northern "
    "Line,” said Anna Brandt, the clerk. The ferry stays in the harbour of Haldane for now.",
}  # fmt: skip
LABELS = """version = 1
[perspectives.guild]
label = "Guild"
[perspectives.wharf]
label = "Wharf <b>"
[perspectives.press]
label = "Press"
"""
SOURCE = '[[source]]\nmatch = "{file}"\nperspective = "{side}"\nprovenance = "curated"\nby = "tests"\n'
QUESTION = "Why did the council accept the offer of the Northern Line?"
TWIN = "Did the council accept the offer of the Northern Line?"


@pytest.fixture(scope="module")
def haldane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("haldane")
    corpus = folder / "corpus"
    corpus.mkdir()
    for file, text in TEXTS.items():
        (corpus / file).write_text(text, "utf-8")
    sides = zip(TEXTS, ("guild", "wharf", "press"), strict=True)
    labels = LABELS + "".join(SOURCE.format(file=file, side=side) for file, side in sides)
    (corpus / "sources.toml").write_text(labels, "utf-8")
    embedder = WordEmbedder()
    update(corpus, Store(folder / "store"), embedder)
    with Assistant(Reader(Store(folder / "store"), embedder)) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def loaded(haldane: Assistant) -> Answer:
    return haldane.ask(QUESTION)


def test_who_rejects_it_is_counted_by_whose_own_words_do(loaded: Answer) -> None:
    assert loaded.assumption is not None
    assert loaded.assumption.rejected == ("wharf",)  # the clerk is quoted: her words are not the paper's
    assert loaded.assumption.text == (
        "Your question takes for granted that the council accepted the offer of the Northern Line; "
        "1 of 3 perspectives has a passage that speaks against it, and so do words of Anna Brandt."
    )
    assert loaded.assumption.neutral == TWIN


def test_its_passages_are_the_first_citations_and_exact(loaded: Answer) -> None:
    assert loaded.assumption is not None
    assert loaded.assumption.citations == (1, 2)
    quotes = {loaded.citation(number).quote for number in loaded.assumption.citations}
    assert any("rejected the offer" in quote for quote in quotes)
    assert any("never accepted" in quote for quote in quotes)
    assert loaded.exact == len(loaded.citations)


def test_both_sides_of_the_neutral_question_are_cited(loaded: Answer) -> None:
    assert {id for entry in loaded.citations for id in entry.side} >= {"guild", "wharf", "press"}


def test_the_twin_and_a_right_premise_are_quiet(haldane: Assistant) -> None:
    for question in (TWIN, "Why did Haldane get a ferry?", "When did people come to the hall in Haldane?"):
        assert haldane.ask(question).assumption is None


def test_a_question_that_asks_whether_embeds_nothing_more(haldane: Assistant) -> None:
    embedder = haldane.reader.embedder
    assert isinstance(embedder, WordEmbedder)
    haldane.ask(TWIN)
    before = len(embedder.texts)
    haldane.ask(TWIN)
    assert embedder.texts[before:] == [TWIN]


def test_as_typed_no_other_question_is_searched_beside_it(haldane: Assistant) -> None:
    embedder = haldane.reader.embedder
    assert isinstance(embedder, WordEmbedder)
    before = len(embedder.texts)
    *_, answer = haldane.stream(QUESTION, as_typed=True)
    assert isinstance(answer, Answer)
    assert answer.assumption is None
    assert embedder.texts[before:] == [QUESTION]


def test_a_filter_holds_for_what_speaks_against_it(haldane: Assistant) -> None:
    answer = haldane.ask(QUESTION, perspectives=["guild"])
    assert answer.assumption is None
    assert {entry.document.id for entry in answer.citations} <= {"guild.txt"}


def test_the_schema_and_the_terminal_show_it_first(loaded: Answer) -> None:
    assert loaded.assumption is not None
    data = loaded.to_dict()["assumption"]
    assert (data["neutral"], data["rejected"], data["searched"]) == (TWIN, ("wharf",), 3)
    assert shown(loaded).startswith(f"{loaded.assumption.text} [1][2]\nThe question that leaves it open: {TWIN}\n")


def test_it_is_known_when_the_search_is_done(haldane: Assistant) -> None:
    found = next(event for event in haldane.stream(QUESTION) if isinstance(event, Found))
    assert found.assumption is not None
    assert [entry.number for entry in found.against] == [1, 2]


def test_a_sentence_of_a_model_about_the_question_is_counted_by_its_passages(loaded: Answer) -> None:
    premise = Claim("The council rejected it.", (1,))
    author = loaded.citation(1).side
    counted = known(None, premise, loaded.citations, QUESTION, 3)
    assert counted is not None
    assert counted.rejected == (author if loaded.citation(1).voice.kind == "author" else ())
    assert counted.neutral == TWIN
    assert known(None, None, loaded.citations, QUESTION, 3) is None
    assert loaded.mode is Mode.DIGEST


def _written(haldane: Assistant, server: ModelServer) -> Assistant:
    return Assistant(haldane.reader, Writer(Model("scripted", server.url)))


def _premise(request: dict[str, Any]) -> str:
    quote = "The council rejected the offer of the Northern Line in April."
    return judged(premise={"quotes": [{"passage": holding(request, quote), "quote": quote}], "text": PREMISE})


PREMISE = "According to “A ferry refused”, the council rejected the offer of the Northern Line in April."


def test_with_a_model_its_passages_come_first_and_the_model_s_after_them(haldane: Assistant) -> None:
    quote = "Forty people came to the hall in Haldane."

    def script(request: dict[str, Any]) -> Say:
        text = "According to “The vote”, forty people came to the hall in Haldane."
        return Say(judged() + claim(text, (holding(request, quote), quote)))

    with model_server(script) as server:
        answer = _written(haldane, server).ask(QUESTION)
    assert answer.mode is Mode.GENERATED
    assert answer.assumption is not None
    assert answer.assumption.citations == (1, 2)
    assert [entry.citations for entry in answer.claims] == [(3,)]
    assert [entry.number for entry in answer.citations] == [1, 2, 3]


def test_a_model_s_own_premise_is_counted_with_them(haldane: Assistant) -> None:
    with model_server(lambda request: Say(_premise(request))) as server:
        answer = _written(haldane, server).ask(QUESTION)
    assert answer.premise is not None
    assert answer.assumption is not None
    assert answer.assumption.rejected == ("wharf",)
    assert set(answer.premise.citations) <= set(answer.assumption.citations)


def test_a_model_s_premise_alone_is_counted_too(haldane: Assistant) -> None:
    with model_server(lambda request: Say(_premise(request))) as server:
        answer = _written(haldane, server).ask(TWIN)
    assert answer.assumption is not None
    assert (answer.assumption.rejected, answer.assumption.neutral) == (("wharf",), None)
    assert "1 of 3 perspectives" in answer.assumption.text


def test_a_model_that_declines_does_not_hide_it(haldane: Assistant) -> None:
    with model_server(lambda request: Say(judged("no"))) as server:
        answer = _written(haldane, server).ask(QUESTION)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.assumption is not None
    assert shown(answer).startswith(answer.assumption.text)
    assert "rejected the offer" in shown(answer)


# ── The sample ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Why was the Guild consulted before the trial began?", "We were not."),
        ("What happened after takings recovered by June?", "takings had not"),
        ("Why did the ambulance wait 20 minutes at the bollards?", "four minutes"),
        ("Why did bicycle crossings fall during the trial?", "rose from 1,900"),
        ("Why did Breathe Dunnerwyke blame Corvin Dask for the ambulance?", "We do not even blame Mr Dask."),
    ],
)
def test_loaded_questions_about_the_sample(sample: Assistant, question: str, words: str) -> None:
    answer = sample.ask(question)
    assert answer.assumption is not None
    assert any(words in answer.citation(number).quote for number in answer.assumption.citations)


@pytest.mark.parametrize(
    "question",
    [
        "Was the Guild consulted before the trial began?",
        "Why did the council close the bridge to cars?",
        "Why did trade on the Old Quay fall?",
        "When did the posts rise under the bus?",
        "Why did Imre Falsund vote for the closure?",
        "Why was the ambulance held up on 12 June?",
        "What changed after the bridge was closed?",
        "Why do the residents doubt the traders' figures?",
        "By how much did trade on the Old Quay fall after the bridge was closed to cars?",
        "When were the traders told about the bridge trial?",
    ],
)
def test_neutral_questions_about_the_sample(sample: Assistant, question: str) -> None:
    assert sample.ask(question).assumption is None


def test_a_table_has_what_speaks_against_the_question_too(haldane: Assistant, loaded: Answer) -> None:
    assert loaded.assumption is not None
    row = haldane.table(QUESTION).rows[0]
    shown = {entry.quote for cell in row.cells for entry in cell.citations}
    assert {loaded.citation(number).quote for number in loaded.assumption.citations} <= shown
