"""Sentences whose quotes are sound in, whether they name who speaks out: a table for each rule."""

from __future__ import annotations

import pytest

from assistant.checking.checks import check
from assistant.checking.shown import Shown
from assistant.writing.evidence import Evidence
from assistant.writing.parse import Proposal, Quoted
from index import Source
from tests.voices import document

DELTA = (
    "The reservoir holds nine cubic kilometres of water. Water minister Haile Desta told parliament that {Haile Desta|"
    "it would be filled in three rainy seasons}. Cairo has asked for ten. “{Nadia Farouk|We will not beg for a river},” "
    "said Nadia Farouk, who grows rice near Damietta. {?|They told us to sign or leave}, one of those present recalls. "
    "The dam is a wound that will not heal. Emmanuel Macron must go to Cairo, said {Kaja Kallas|he could mend it in a day}."
)
CITY = (
    "{+The New York Times|The council has closed the bridge for good. {Jaroslaw Walesa|It is worse than the old "
    "betrayal was}, said Jaroslaw Walesa, the son of Lech Walesa. The party “{European leaders|wants the cars back on "
    "it}”, European leaders say.} {#|My village lost its school bus to pay for this.} He called it “{Li Wen|an insult to "
    "a friendly nation}”, as Ambassador Li Wen did before. {the company|Its demand is weak this year}, the company said; "
    "the carmaker Velora left. “{Kyiv Zelenskyy|No peace without us is a peace}”, he said."
)  # fmt: skip
HOLDS = "The reservoir holds nine cubic kilometres of water"
FILLED = "it would be filled in three rainy seasons"
BEG = "We will not beg for a river"
SIGN = "They told us to sign or leave"
WOUND = "The dam is a wound that will not heal"
MEND = "he could mend it in a day"
CLOSED = "The council has closed the bridge for good"
WORSE = "It is worse than the old betrayal was"
CARS = "wants the cars back on it"
BUS = "My village lost its school bus to pay for this"
INSULT = "an insult to a friendly nation"
WEAK = "Its demand is weak this year"
PEACE = "No peace without us is a peace"


def shown() -> Shown:
    entries: list[Evidence] = []
    for number, (marked, author, title) in enumerate(
        ((DELTA, "Ines Albrecht", "A week in the delta"), (CITY, None, "Macron and the bridge of Walesa")), 1
    ):
        text, voices = document(marked, author, f"{number}.txt")
        source = Source(title, "Harbour Gazette" if author else None, None, "2025-03-14")
        entries.append(Evidence(number, text, source, 0, len(text.text), 0.8, voices))
    question = "What do Emmanuel Macron, Kaja Kallas, Lech Walesa, Desta and Farouk say about the river?"
    return Shown(question, tuple(entries), spellings={"zelensky": ("Zelenskyy", "Zelensky")})


SHOWN = shown()
CODES = {"speaker", "unclear", "comment", "wrong_speaker", "marked"}


def codes(text: str, *quotes: str) -> list[str]:
    cited = [(1 if quote in SHOWN.evidence[0].text else 2, quote) for quote in quotes]
    proposal = Proposal(1, "report", text, tuple(Quoted(*quote) for quote in cited))
    return [problem.code for problem in check(proposal, SHOWN).problems if problem.code in CODES]


NAMED = [
    # the author's facts need no name
    ("The reservoir holds nine cubic kilometres of water.", HOLDS),
    ("According to the article, the reservoir holds nine cubic kilometres of water.", HOLDS),
    ("Albrecht writes that the reservoir holds nine cubic kilometres.", HOLDS),
    ("The Harbour Gazette reports that the reservoir holds nine cubic kilometres.", HOLDS),
    ("“A week in the delta” says that the reservoir holds nine cubic kilometres.", HOLDS),
    # by surname, in full, with a title, by a role beside the name
    ("Desta told parliament that it would be filled in three rainy seasons.", FILLED),
    ("Haile Desta said it would be filled in three rainy seasons.", FILLED),
    ("Minister Desta says that it is filled in three rainy seasons.", FILLED),
    ("According to the water minister, it would be filled in three rainy seasons.", FILLED),
    ("It would be filled in three rainy seasons, DÉSTA said.", FILLED),
    ("The words of Nadia Farouk are that they will not beg for a river, as she said.", BEG),
    ("A rice grower, Farouk, says they will not beg for a river.", BEG),
    # nobody knows who
    ("A person quoted in the text says they were told to sign or leave.", SIGN),
    ("One of those present recalls that they were told to sign or leave.", SIGN),
    ("They were reportedly told to sign or leave.", SIGN),
    ("Somebody who is not named says they were told to sign or leave.", SIGN),
    # a text in a text, and who is quoted there
    ("The New York Times reports that the council has closed the bridge.", CLOSED),
    ("The Times writes that the council has closed the bridge.", CLOSED),
    ("According to the NYT, the council has closed the bridge for good.", CLOSED),
    ("Jaroslaw Walesa said it is worse than the old betrayal.", WORSE),
    ("Walesa, quoted by The New York Times, said it is worse than the old betrayal.", WORSE),
    ("European leaders say that the party wants the cars back.", CARS),
    ("Europe's leaders say that the party wants the cars back.", CARS),
    # a reader
    ("A reader writes that a village lost its school bus to pay for this.", BUS),
    ("One comment says that a village lost its school bus to pay for this.", BUS),
    # names as others write them
    ("Ambassador Li called it an insult to a friendly nation.", INSULT),
    ("Mr Li called it an insult to a friendly nation.", INSULT),
    ("The carmaker says its demand is weak this year.", WEAK),
    ("Zelensky said that no peace without them is a peace.", PEACE),
    # more than one
    ("Desta speaks of three rainy seasons, while Farouk says they will not beg for a river.", FILLED, BEG),
    ("In the view of Desta it takes three rainy seasons to be filled, the article says.", FILLED, HOLDS),
]  # fmt: skip
UNNAMED = [
    ("speaker", "It would be filled in three rainy seasons.", FILLED),
    ("speaker", "The author says it would be filled in three rainy seasons.", FILLED),
    ("speaker", "According to the Harbour Gazette, it would be filled in three rainy seasons.", FILLED),
    ("speaker", "It will be filled in three rainy seasons, it is said.", FILLED),
    ("speaker", "Desta's reservoir would be filled in three rainy seasons.", FILLED),
    ("speaker", "They will not beg for a river, a person said.", BEG),
    ("speaker", "The New York Times says it is worse than the old betrayal.", WORSE),
    ("speaker", "Lech Walesa said it is worse than the old betrayal.", WORSE),
    ("speaker", "The council has closed the bridge for good, the author says.", CLOSED),
    ("speaker", "The party wants the cars back on it.", CARS),
    ("speaker", "Desta says so, and they will not beg for a river.", FILLED, BEG),
    ("unclear", "They were told to sign or leave.", SIGN),
    ("unclear", "The author says they were told to sign or leave.", SIGN),
    ("unclear", "According to the Harbour Gazette, they were told to sign or leave.", SIGN),
    ("unclear", "Albrecht writes that they were told to sign or leave.", SIGN),
    ("comment", "A village lost its school bus to pay for this.", BUS),
    ("comment", "The author says that a village lost its school bus.", BUS),
    ("comment", "A villager says the village lost its school bus.", BUS),
]  # fmt: skip
WRONG = [
    ("Macron said that he could mend it in a day.", MEND),
    ("According to Macron, he could mend it in a day, Kallas heard.", MEND),
    ("Emmanuel Macron told Kallas that he could mend it in a day.", MEND),
    ("In Macron's view he could mend it in a day, as Kallas knows.", MEND),
    ("Kallas said that the reservoir would be filled in three rainy seasons.", FILLED),
    ("Farouk said it would be filled in three rainy seasons, as Desta knows.", FILLED),
    ("Macron says that the reservoir holds nine cubic kilometres.", HOLDS),
    ("Desta says that the reservoir holds nine cubic kilometres of water.", HOLDS),
    ("Macron says the council has closed the bridge, as The New York Times reports.", CLOSED),
    ("Lech Walesa said it is worse than the old betrayal.", WORSE),
    ("Macron and Desta said it would be filled in three rainy seasons.", FILLED),
    ("It would be filled in three rainy seasons, said Macron, and Desta agreed.", FILLED),
    ("A reader and Macron say that a village lost its school bus.", BUS),
    ("Macron called the reservoir a hold of nine cubic kilometres.", HOLDS),
    ("Kaja Kallas wrote, as the article says, that they were told to sign or leave.", SIGN),
]


@pytest.mark.parametrize("case", NAMED, ids=[case[0] for case in NAMED])
def test_who_speaks_is_named(case: tuple[str, ...]) -> None:
    assert codes(*case) == []


@pytest.mark.parametrize("case", UNNAMED, ids=[f"{case[0]}: {case[1]}" for case in UNNAMED])
def test_who_speaks_is_missing(case: tuple[str, ...]) -> None:
    code, *sentence = case

    assert code in codes(*sentence)


@pytest.mark.parametrize("case", WRONG, ids=[case[0] for case in WRONG])
def test_words_are_given_to_somebody_else(case: tuple[str, ...]) -> None:
    assert "wrong_speaker" in codes(*case)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Farouk says: “We will not beg”.", []),
        ("Farouk says: 'We will not beg'.", []),
        ("Farouk says: “we will … beg”.", []),
        ("Farouk's words in “A week in the delta” are about a river, she says.", []),
        ("Farouk says of the “river” that they will not beg.", []),
        ("Farouk says they will not “beg for a river”.", []),
        ("Farouk says they will not beg for the farmers' river.", []),
        ("Farouk says: “We will beg”.", ["marked"]),
        ("Farouk says they will not beg for a “sacred” river.", ["marked"]),
        ("Farouk says they will not beg for a ‘sacred’ river.", ["marked"]),
        ("Farouk says they will not beg for a \"sacred\" river.", ["marked"]),
        ("Farouk says they will not beg for a «sacred» river.", ["marked"]),
        ("Farouk says “the reservoir holds” a river.", ["marked"]),
        ("Farouk says: “We will … swim”.", ["marked"]),
    ],
)  # fmt: skip
def test_words_in_quotation_marks_stand_in_the_quotes(text: str, expected: list[str]) -> None:
    assert codes(text, BEG) == expected


def test_a_speaker_that_code_found_needs_no_quote_of_the_name() -> None:
    proposal = Proposal(
        1, "report", "Haile Desta said it would be filled in three rainy seasons.", (Quoted(1, FILLED),)
    )

    assert check(proposal, SHOWN).problems == ()


def test_the_model_is_told_who_speaks_and_the_reader_is_told_no_word_of_it() -> None:
    [problem] = check(
        Proposal(1, "report", "It is filled in three rainy seasons.", (Quoted(1, FILLED),)), SHOWN
    ).problems

    assert '"Haile Desta"' in problem.detail
    assert problem.text == "it does not say whose words it gives"
