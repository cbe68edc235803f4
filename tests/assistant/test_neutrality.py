"""Sentences in, the words with which they take a side out: a table for each rule, and the fair sentences beside."""

from __future__ import annotations

import pytest

from assistant.checking.neutrality import loaded, opinions
from assistant.checking.quotes import Place
from assistant.checking.shown import Located, Shown
from assistant.writing.parse import Proposal, Quoted
from index import Voice, VoiceKind
from tests.proposals import FERRY, shown

AUTHOR, TOM = Voice(0, 0, VoiceKind.AUTHOR), Voice(0, 0, VoiceKind.DIRECT, "Tom O'Hara")


def proposed(text: str, kind: str = "report") -> Proposal:
    return Proposal(1, kind, text, (Quoted(1, "The ferry must stay"),))


def opinion(text: str, voice: Voice = AUTHOR, kind: str = "report", given: Shown | None = None) -> bool:
    given = given or shown(FERRY)
    place = Place(25, 60, "exact")
    return bool([*opinions(proposed(text, kind), [Located(given.evidence[0], place, place, voice)], given)])


# V9: verbs of report

LOADED = [
    "Macron noted that the ferry must stay.",
    "As Macron noted, the ferry must stay.",
    "The report notes that fares rose.",
    "The captain noted the decline of the fares.",
    "He wrote of fares, noting a decline.",
    "The minister revealed that fares rose.",
    "Macron pointed out that fares rose.",
    "The captain claims the ferry is safe.",
    "The minister claimed that fares fell.",
    "The ministry claims to have shot it down.",
    "Macron claimed, without a source, that it sank.",
    "The captain admitted that it sank.",
    "He admitted to having sunk it.",
    "The captain denied that it sank.",
    "The captain denies having sunk it.",
    "He denied any involvement.",
    "Kallas insisted that fares rose.",
    "The captain conceded that fares rose.",
    "The captain confessed to it.",
    "Macron alleged a fraud.",
    "The ferry allegedly sank.",
    "Putin has long recognized that fares rose.",
    "The article exposes how fares rose.",
    "He acknowledged the decline.",
    "The author debunks the idea.",
    "He reminds his readers that fares rose.",
    "The so-called ferry sank.",
    "It was claimed that the ferry sank.",
    "The captain boasts that it is fast.",
]
PLAIN = [
    "Macron said that the ferry must stay.",
    "The captain wrote, argued and warned that fares rise.",
    "The guards denied entry to 41 lorries.",
    "He was denied access to the ferry.",
    "A noted author takes the ferry.",
    "The strait is noted for its fish.",
    "The bank notes are old.",
    "The company took note of the ruling.",
    "The flood claimed nineteen lives.",
    "The team claimed victory.",
    "The group claimed responsibility.",
    "Its claims are disputed.",
    "The territorial claims of the town are old.",
    "The court rejected claims that the ferry is unsafe.",
    "Nine passengers were admitted to hospital.",
    "The town was admitted to the union in 1960.",
    "The college admits 200 students a year.",
    "Nine passengers were admitted, and one died.",
    "He admitted the boy into the cabin.",
    "Workers were exposed to chromium.",
    "Moscow insists on neutrality.",
    "The captain conceded defeat.",
    "The team conceded a goal.",
    "The inspectors recognised the painting by a tear.",
    "The state recognised Crimea.",
    "The point of the ferry is speed.",
    "The captain called it “a so-called ferry”.",
    "Macron said that he “noted that” it sank.",
    "The minister's statement was 'we admit that it sank', he said.",
]


@pytest.mark.parametrize("text", LOADED)
def test_a_loaded_word_does_not_pass(text: str) -> None:
    assert [problem.code for problem in loaded(proposed(text), ())] == ["loaded"]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_word_and_a_quoted_one_pass(text: str) -> None:
    assert [*loaded(proposed(text), ())] == []


def test_a_loaded_word_in_a_title_is_the_title_s() -> None:
    given = shown(FERRY, title="What the captain claimed that day")
    located = [Located(given.evidence[0], Place(25, 60, "exact"), Place(25, 60, "exact"), AUTHOR)]

    assert [*loaded(proposed("According to What the captain claimed that day, it sank."), located)] == []
    assert [*loaded(proposed("The captain claimed that it sank."), located)]


# V12: opinions

OWN = [
    "The ferry must stay.",
    "The town should keep the ferry.",
    "The council ought to act.",
    "The council needs to act.",
    "It is high time for a bridge.",
    "The town had no choice but to act.",
    "The captain deserves better.",
    "The plan is a betrayal of the pupils.",
    "The plan of the council is disastrous.",
    "The cowardly council approved the plan.",
    "The bridge is a mistake.",
    "Clearly, the ferry is faster.",
    "The bridge is of course faster.",
    "The truth is that the ferry is slow.",
    "The captain is right.",
    "Unfortunately, the council approved the plan.",
    "Luckily, nobody has drowned.",
    "O'Hara rightly said that the ferry is fast.",
    "Sadly, O'Hara said that the ferry is slow.",
    "The plan is seen as a betrayal.",
    "The ferry is good; O'Hara said so.",
    "Europe should say no.",
]
GIVEN = [
    "O'Hara says that the ferry must stay.",
    "The ferry must stay, O'Hara says.",
    "According to O'Hara, the ferry must stay.",
    "In the view of O'Hara, the town should keep the ferry.",
    "For O'Hara, the plan is a betrayal.",
    "O'Hara called the plan a betrayal of the pupils.",
    "The author thinks that the council ought to act.",
    "The article describes the council as cowardly.",
    "The plan is described as disastrous in the article.",
    "The Harbour Gazette writes that the plan is a mistake.",
    "Both sources say that the ferry must stay.",
    "The sources disagree on whether the ferry must stay.",
    "Unfortunately, the plan was approved, O'Hara said.",
    "O'Hara said that unfortunately the plan was approved.",
    "“The ferry must stay” are the words.",
    "“The cowardly council” is how it begins.",
]
FACTS = [
    "The ferry costs $40 million.",
    "Nobody has drowned since the nineteenth century.",
    "The council has approved the plan by nine votes to two.",
    "The captain was convicted of fraud.",
    "The ferry disaster of 1912 killed nine.",
    "The bridge will need to be painted.",
    "Half of the time the boat is full.",
    "The captain had to leave.",
    "It is not illegal to swim across.",
    "The party is right-wing.",
    "The plan is a mile long.",
    "A good 1,200 people take the boat.",
]


@pytest.mark.parametrize("text", OWN)
def test_an_opinion_that_is_given_to_nobody_does_not_pass(text: str) -> None:
    assert opinion(text)


@pytest.mark.parametrize("text", [*GIVEN, *FACTS])
def test_an_opinion_of_somebody_and_a_fact_pass(text: str) -> None:
    assert not opinion(text)


def test_what_only_the_author_thinks_is_not_given_to_others() -> None:
    assert opinion("Critics say that the plan is a betrayal.")
    assert not opinion("The author says that the plan is a betrayal.")


def test_a_correction_may_say_that_the_question_is_wrong_and_no_more() -> None:
    assert not opinion("In fact nine voted for it, and the number is wrong.", kind="correction")
    assert opinion("In fact nine voted for it, and the number is wrong.")
    assert opinion("In fact nine voted for the shameful plan.", kind="correction")


def test_the_opinion_of_a_speaker_needs_a_verb_of_saying() -> None:
    assert opinion("The ferry of O'Hara must stay.", TOM)
    assert not opinion("The ferry must stay, O'Hara said.", TOM)
