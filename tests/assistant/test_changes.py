"""What is told to have changed between two answers, and what is none: tables of small answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.exporting.proof import Finding, Verdict
from assistant.types import Answer, Assumption, Citation, Claim, Mode, Outcome, Reason, Standing, State
from assistant.watching.changes import Change, Fate, Kind, between, states
from index.types import Document, Label, Perspective, Provenance, Source, Voice, VoiceKind

FERRY, BRIDGE = Perspective("ferry", "Ferry friends"), Perspective("bridge", "Bridge builders")


def cited(
    number: int,
    side: Perspective,
    quote: str,
    document: str = "",
    speaker: str | None = None,
    provenance: Provenance = Provenance.CURATED,
) -> Citation:
    text = f"{quote} And the harbour was quiet.\n"
    kind = VoiceKind.DIRECT if speaker else VoiceKind.AUTHOR
    chain = (speaker,) if speaker else ()
    id = document or f"{side.id}.txt"
    source = Source(f"Title of {id}", None, None, None, (Label(side, provenance, "AB", None),))
    voice = Voice(0, len(quote), kind, speaker, chain)
    return Citation(number, Document(id, text, "0" * 64), source, 0, len(quote), 0.5, voice=voice)


FORTY = cited(1, FERRY, "The ferry carries 40 cars every day.")
TWELVE = cited(2, BRIDGE, "The ferry carries 12 cars every day.")
HOLM = cited(3, FERRY, "The ferry carries everybody who waits.", speaker="Holm")


def answer(*citations: Citation, outcome: Outcome = Outcome.ANSWERED, **known: State) -> Answer:
    """With the states of the two sides; by default, each is cited where a citation counts for it."""
    sides = {id for entry in citations for id in entry.side}
    lines = tuple(
        Standing(one.id, one.label, known.get(one.id, State.CITED if one.id in sides else State.RELEVANT), None)
        for one in (FERRY, BRIDGE)
    )
    numbered = tuple(replace(entry, number=number) for number, entry in enumerate(citations, 1))
    claims = tuple(Claim(entry.quote, (entry.number,)) for entry in numbered)
    return Answer("0" * 12, "Who waits?", "Who waits?", Mode.DIGEST, outcome, claims, numbered, lines, "g", "labels")


def same(entry: Citation) -> Fate:
    return Fate(entry, Verdict(Finding.SAME, entry.start, entry.end), entry)


def told(before: Answer, after: Answer, *fates: Fate, new: tuple[str, ...] = ()) -> tuple[Change, ...]:
    given = fates or tuple(same(entry) for entry in before.citations)
    return between(before, states(before), given, after, lambda document: document.id in new)


def kinds(changes: tuple[Change, ...]) -> list[Kind]:
    return [change.kind for change in changes]


def test_the_same_answer_in_another_order_and_other_words_has_not_changed() -> None:
    before = answer(FORTY, TWELVE, HOLM)
    after = replace(answer(HOLM, TWELVE, FORTY), id="1" * 12, mode=Mode.GENERATED, model="m", generation="h")
    after = replace(after, claims=(Claim("In other words.", (1, 2, 3)),))
    assert told(before, after) == ()


def test_a_passage_that_is_no_longer_cited_and_still_stands_is_no_change() -> None:
    assert told(answer(FORTY, TWELVE, HOLM), answer(FORTY, HOLM, bridge=State.RELEVANT)) == ()


def test_another_document_of_a_side_that_was_cited_is_told_where_its_text_is_new() -> None:
    other = cited(4, FERRY, "People wait in the rain.", "ferry-2.txt")
    assert told(answer(FORTY), answer(FORTY, other)) == ()
    (change,) = told(answer(FORTY), answer(FORTY, other), new=("ferry-2.txt",))
    assert (change.kind, [entry.document.id for entry in change.passages]) == (Kind.SOURCE, ["ferry-2.txt"])


@pytest.mark.parametrize(
    ("then", "now", "kind"),
    [
        (State.SILENT, State.RELEVANT, Kind.SPEAKS),
        (State.SILENT, State.TOUCHES, Kind.SPEAKS),
        (State.RELEVANT, State.SILENT, Kind.SILENT),
        (State.CITED, State.SILENT, Kind.SILENT),
        (State.RELEVANT, State.TOUCHES, None),
        (State.SILENT, State.UNCLEAR, None),
        (State.UNCLEAR, State.SILENT, None),
        (State.UNCLEAR, State.RELEVANT, None),
        (State.SILENT, State.SILENT, None),
    ],
)
def test_a_perspective_breaks_its_silence_or_falls_silent(then: State, now: State, kind: Kind | None) -> None:
    found = told(answer(FORTY, bridge=then), answer(FORTY, bridge=now))
    assert kinds(found) == ([kind] if kind else [])
    assert all("Bridge builders" in change.text for change in found)


def test_what_could_not_be_told_for_a_while_is_compared_with_what_was_known_before() -> None:
    first, unclear = answer(FORTY, bridge=State.SILENT), answer(FORTY, bridge=State.UNCLEAR)
    last = answer(FORTY, bridge=State.RELEVANT)
    known = states(unclear, states(first))
    assert known["bridge"] == State.SILENT
    assert kinds(between(unclear, known, (), last, lambda _: False)) == [Kind.SPEAKS]


def test_what_a_side_is_cited_for_that_only_touches_the_question_is_no_change() -> None:
    rist = cited(2, BRIDGE, "The bridge was painted.", speaker="Rist")
    after = answer(FORTY, rist, bridge=State.TOUCHES)
    assert told(answer(FORTY, bridge=State.RELEVANT), after, new=("bridge.txt",)) == ()


def test_a_perspective_that_left_the_corpus_or_came_into_it_is_told() -> None:
    both = answer(FORTY, bridge=State.RELEVANT)
    one = replace(both, perspectives=both.perspectives[:1])
    assert kinds(told(both, one)) == [Kind.SILENT]
    (came,) = told(one, both)
    assert came.kind is Kind.SPEAKS
    assert "was not in the corpus" in came.text


def test_a_side_that_is_cited_now_is_told_once_with_its_passages() -> None:
    waiting = cited(2, BRIDGE, "Nobody waits for a bridge.", speaker="Rist")
    (change,) = told(answer(FORTY, bridge=State.RELEVANT), answer(FORTY, waiting), new=("bridge.txt",))
    assert (change.kind, change.labels) == (Kind.CITED, ("Bridge builders",))
    assert [entry.quote for entry in change.passages] == ["Nobody waits for a bridge."]


def test_somebody_who_is_cited_now_is_told_with_who_passed_the_words_on() -> None:
    (change,) = told(answer(FORTY), answer(FORTY, HOLM), new=("ferry.txt",))
    assert change.kind is Kind.SPEAKER
    assert change.text == "Cited now, and not before: Holm, quoted in Title of ferry.txt."


def test_an_answer_that_became_possible_is_told_alone_and_so_is_one_that_is_not_any_more() -> None:
    no = replace(
        answer(outcome=Outcome.NOT_IN_CORPUS, ferry=State.SILENT, bridge=State.SILENT),
        reason=Reason("below_floor", "Nothing comes near."),
    )
    yes = answer(FORTY, HOLM)
    assert kinds(told(no, yes, new=("ferry.txt",))) == [Kind.POSSIBLE]
    (change,) = told(yes, no)
    assert (change.kind, change.text.endswith("Nothing comes near.")) == (Kind.NOT_POSSIBLE, True)


def test_numbers_that_differ_between_the_sides_now_are_told_whatever_the_order() -> None:
    before = answer(FORTY, bridge=State.CITED)
    (change,) = [c for c in told(before, answer(FORTY, TWELVE)) if c.kind is Kind.DIFFERS]
    assert "12, 40" in change.text
    assert {entry.quote for entry in change.passages} == {FORTY.quote, TWELVE.quote}
    assert kinds(told(answer(FORTY, TWELVE), answer(TWELVE, FORTY))) == []


def test_a_voice_that_speaks_against_what_the_question_takes_for_granted_is_told_once() -> None:
    taken = Assumption("It assumes.", "x", None, (), 2, (2,))
    after = replace(answer(FORTY, HOLM), assumption=taken)
    (change,) = told(answer(FORTY), after)
    assert (change.kind, change.passages[0].quote) == (Kind.DISPUTES, HOLM.quote)
    assert told(after, after) == ()


@pytest.mark.parametrize(
    ("finding", "kind"),
    [
        (Finding.SAME, None),
        (Finding.SHIFTED, Kind.MOVED),
        (Finding.ELSEWHERE, Kind.EDITED),
        (Finding.BESIDE, Kind.EDITED),
        (Finding.SEVERAL, Kind.EDITED),
        (Finding.ABSENT, Kind.GONE),
        (Finding.GONE, Kind.GONE),
    ],
)
def test_what_became_of_a_quote_is_told(finding: Finding, kind: Kind | None) -> None:
    before = answer(FORTY)
    now = FORTY if finding not in (Finding.ABSENT, Finding.GONE, Finding.SEVERAL) else None
    found = told(before, before, Fate(FORTY, Verdict(finding, 0, 9), now))
    assert kinds(found) == ([kind] if kind else [])
    assert all("ferry.txt" in change.text and change.was is FORTY for change in found)


def test_a_number_that_took_the_place_of_another_one_in_its_document_is_told() -> None:
    thirty = cited(1, FERRY, "The ferry carries 30 cars every day.")
    found = told(answer(FORTY), answer(thirty), Fate(FORTY, Verdict(Finding.ABSENT), None))
    assert kinds(found) == [Kind.GONE]
    assert "cars: 40 then, 30 now" in found[0].text
    assert found[0].passages[0].quote == thirty.quote


def test_a_document_under_another_name_is_renamed_and_not_gone() -> None:
    moved = replace(FORTY, document=replace(FORTY.document, id="boats.txt"))
    found = told(answer(FORTY), answer(moved), Fate(FORTY, Verdict(Finding.SAME, 0, FORTY.end), moved))
    assert kinds(found) == [Kind.RENAMED]
    assert found[0].text == "ferry.txt is called boats.txt now; this quote stands in it."


def test_another_label_of_a_cited_passage_is_told_and_who_gave_it_is_none() -> None:
    bridge = cited(1, BRIDGE, FORTY.quote, "ferry.txt")
    found = told(answer(FORTY), answer(FORTY), Fate(FORTY, Verdict(Finding.SAME, 0, FORTY.end), bridge))
    assert [(c.kind, c.text) for c in found] == [
        (Kind.LABEL, "ferry.txt stood under Ferry friends, and stands under Bridge builders now.")
    ]
    by = replace(FORTY, source=replace(FORTY.source, labels=(Label(FERRY, Provenance.CURATED, "CD", "2026-11-28"),)))
    assert told(answer(FORTY), answer(FORTY), Fate(FORTY, Verdict(Finding.SAME, 0, FORTY.end), by)) == ()


def test_a_guess_that_somebody_confirmed_is_told_as_that() -> None:
    guess = cited(1, FERRY, FORTY.quote, provenance=Provenance.INFERRED)
    (change,) = told(answer(guess), answer(FORTY), Fate(guess, Verdict(Finding.SAME, 0, FORTY.end), FORTY))
    assert "Ferry friends (inferred), and stands under Ferry friends (curated) now" in change.text


def test_another_voice_of_a_cited_passage_is_told() -> None:
    heard = cited(1, FERRY, FORTY.quote, speaker="Holm")
    (change,) = told(answer(FORTY), answer(FORTY), Fate(FORTY, Verdict(Finding.SAME, 0, FORTY.end), heard))
    assert change.kind is Kind.VOICE
    assert "was “the author”, and is “Holm, quoted” now" in change.text


def test_what_is_said_of_several_passages_in_the_same_words_is_said_once() -> None:
    other = replace(FORTY, start=4, end=9)
    renamed = [replace(entry, document=replace(entry.document, id="b.txt")) for entry in (FORTY, other)]
    fates = [
        Fate(was, Verdict(Finding.SAME, now.start, now.end), now)
        for was, now in zip((FORTY, other), renamed, strict=True)
    ]
    (change,) = told(answer(FORTY, other), answer(FORTY, other), *fates)
    assert len(change.passages) == 2
