"""Sentences with sound quotes in, what is wrong with the sentences themselves out: a table for each rule."""

from __future__ import annotations

import pytest

from assistant.checking.checks import markup
from assistant.checking.shown import Problem
from tests.proposals import STAYS, codes, shown

# V6: numbers and names


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The ferry carries 1200 people a day.", (1, "Some 1,200 people take the boat")),
        ("The bridge costs 40m.", (1, "bridge, which costs $40 million")),
        ("The bridge would carry 3,000 cars.", (2, "It would carry three thousand cars an hour")),
        (
            "The 19th century saw the last deaths in the strait.",
            (1, "has drowned in the strait since the nineteenth century"),
        ),
        ("In March 2025, the Harbour Gazette wrote that the ferry must stay.", STAYS),
        ("On 14 March the ferry was to stay.", STAYS),
        ("One source says the ferry must stay.", STAYS),
    ],
)
def test_a_number_stands_in_a_quote_or_in_the_head_of_its_source(text: str, quote: tuple[int, str]) -> None:
    assert "number" not in codes(text, quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The ferry carries 1,300 people a day.", (1, "Some 1,200 people take the boat")),
        ("The bridge costs 40bn.", (1, "bridge, which costs $40 million")),
        ("The ferry carries 3,000 people.", (1, "Some 1,200 people take the boat")),
        ("On 15 March the ferry was to stay.", STAYS),
        ("In 2024 the ferry was to stay.", STAYS),
        ("Two sources say the ferry must stay.", STAYS),
        ("O'Hara says the ferry must stay for 77 people.", STAYS),
    ],
    ids=["changed", "scale", "of-another-passage", "day", "year", "sources", "only-in-the-question"],
)
def test_a_number_that_stands_elsewhere_or_nowhere_is_not_proven(text: str, quote: tuple[int, str]) -> None:
    assert codes(text, quote, given=shown(question="Do 77 people take the ferry?")) == ["number"]


def test_the_date_of_a_source_may_be_written_as_it_is_listed() -> None:
    assert codes("Tom O'Hara said on 2025-03-14 that the ferry must stay.", STAYS) == []


def test_a_title_that_denies_is_no_denial_and_is_taken_out_once() -> None:
    said = (1, "The ferry must stay, says Tom O'Hara, its captain. He did not agree to the bridge")
    given = shown(title="He did not agree")

    assert codes('"He did not agree" says that the ferry must stay.', STAYS, given=given) == []
    assert codes('According to "He did not agree", he did not agree to the bridge.', said, given=given) == []
    assert codes("He did not agree to the bridge.", said, given=given) == []
    assert codes("The ferry must not stay, says Tom O'Hara.", STAYS, given=shown(title="must not")) == ["negation"]
    assert codes('According to "He did not agree", he did agree to the bridge.', said, given=given) == ["negation"]


def test_a_correction_may_repeat_the_number_of_the_question() -> None:
    given = shown(question="Do 77 people take the ferry?")

    assert (
        codes(
            "Not 77 people take the ferry, nobody drowned.",
            (1, "Nobody has drowned in the strait"),
            given=given,
            kind="correction",
        )
        == []
    )


def test_a_correction_that_denies_nothing_may_not() -> None:
    given = shown(question="Do 77 people take the ferry?")

    assert codes("O'Hara says the ferry must stay for 77 people.", STAYS, given=given, kind="correction") == ["number"]


@pytest.mark.parametrize(
    "text",
    [
        "According to O’Hara, the ferry must stay.",
        "O'Hara’s ferry must stay, the Gazette says.",
        "Captain Tom O'Hara says the ferry must stay, islanders say.",
        "Pellgate's ferry must stay, says O'Hara.",
        "Boats must stay, says Tom O'Hara.",
    ],
    ids=["apostrophe", "genitive-and-outlet", "title", "question", "first-word"],
)
def test_a_name_stands_in_a_quote_a_head_or_the_question(text: str) -> None:
    assert codes(text, STAYS, given=shown(question="Must Pellgate's ferry stay?")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Quill says the ferry will stay.",
        "The ferry will stay, says Tim O'Hara.",
        "The ferry will stay in Pellgate.",
        "The ferry will stay, says O'Hara of the SDP.",
        "The ferry will stay, say the Germans.",
    ],
    ids=["other-speaker", "first-name", "other-passage", "party", "people"],
)
def test_a_name_that_stands_elsewhere_or_nowhere_is_not_proven(text: str) -> None:
    assert codes(text, STAYS) == ["name"]


@pytest.mark.parametrize(("spellings", "expected"), [({}, ["name"]), ({"quil": ("Quill",)}, [])])
def test_the_spellings_of_the_corpus_are_one_name(spellings: dict[str, tuple[str, ...]], expected: list[str]) -> None:
    given = shown(spellings=spellings)

    assert (
        codes(
            "Ada Quil wrote that a bridge would be faster.",
            (2, "A bridge would be faster, wrote the engineer Ada Quill"),
            given=given,
        )
        == expected
    )


def test_a_demonym_stands_for_its_country() -> None:
    assert (
        codes("Germany built one like it in half a year.", (2, "The Germans have built one like it in half a year"))
        == []
    )


# V7: negation


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The captain does not agree to the bridge.", (1, "He did not agree to the bridge")),
        ("The captain refused to agree to the bridge.", (1, "He did not agree to the bridge")),
        ("It is not only legal to swim across, it is never illegal.", (1, "It is not illegal to swim across")),
        ("No one has drowned in the strait.", (1, "Nobody has drowned in the strait")),
        ("O'Hara says the ferry must stay, and not only for pupils.", STAYS),
        ("O'Hara says there is no doubt that the ferry must stay.", STAYS),
    ],
)
def test_a_sentence_denies_what_its_quote_denies(text: str, quote: tuple[int, str]) -> None:
    assert codes(text, quote) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The captain agrees to the bridge.", (1, "He did not agree to the bridge")),
        ("O'Hara says the ferry must not stay.", STAYS),
        ("People have drowned in the strait.", (1, "Nobody has drowned in the strait")),
        ("The council hasn’t approved the plan.", (2, "The council has approved the plan")),
    ],
)
def test_a_sentence_denies_nothing_else_and_leaves_no_denial_out(text: str, quote: tuple[int, str]) -> None:
    assert codes(text, quote) == ["negation"]


# V11: plain words


@pytest.mark.parametrize(
    "text",
    [
        "It cost €5m – or $6m, £7m, ₴8m – at −5 °C & rising: 50% (½) of it…",
        "“Stay!” said ‘Tom’, «vite», „schnell“; isn’t it?",
        "At 9:30 the U.S. left; see §5 of Co. No. 3.",
        "Zoë’s naïve café, the Łódź–Kraków line",
        "Он сказал: «нет».",
        "他说：“渡船必须留下。”",
        "قال: لا، شكراً؟",
        "उसने कहा।",
        "IT-компания и Ту-154",
    ],
    ids="signs marks colons accents russian chinese arabic hindi two-scripts-joined".split(),
)
def test_plain_words_of_any_language_pass(text: str) -> None:
    assert list(markup(text, "3f9a")) == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "see https://x.example",
            "see //x",
            "see www.x",
            "see evil.com now",
            "javascript:alert",
            "mailto:a",
            "data:text/html",
        ),
        *(
            "ｗｗｗ．x",
            "[text](x)",
            "an ![image]",
            "**bold**",
            "_soft_",
            "# head",
            "`code`",
            "a | b",
            "~no~",
            "> quote",
        ),
        *(
            "<b>bold</b>",
            "a < b",
            "&lt;b",
            "&#60;b",
            "&amp; more",
            "a\\nb",
            "{x}",
            "^1",
            "x = y",
            "a@b",
            "＜b＞",
            "＃head",
        ),
        *(
            "[1]",
            "【1】",
            "ends 3f9a>>",
            "3f9a",
            "a\u202eb",
            "a\u2066b",
            "a\u200bb",
            "a\u00adb",
            "a\ufe0fb",
            "a\u034fb",
        ),
        *("a\u3164b", "a\x1b[31m", "a\nb", "a\tb", "well 👍", "\U000e0041", "a\ud800", "a\ufffc", "\ue000", "→ here"),
    ],
)
def test_links_markup_and_what_cannot_be_seen_do_not_pass(text: str) -> None:
    assert [problem.code for problem in markup(text, "3f9a")] == ["markup"]


@pytest.mark.parametrize(
    "text", ["Рutin", "the fеrry", "Αthens", "ᎪBC"], ids=["cyrillic", "inside", "greek", "cherokee"]
)
def test_letters_of_two_scripts_in_one_word_do_not_pass(text: str) -> None:
    assert [problem.code for problem in markup(text, "")] == ["mixed_scripts"]


def test_a_problem_tells_the_reader_nothing_that_the_model_wrote() -> None:
    [problem] = markup("evil.com Ω😀", "")

    assert problem == Problem("markup", "it holds markup, a link or invisible characters", "not allowed: \\U0001f600")


# Wording


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ferry must stay, its captain says.", []),
        ("The captain says that the ferry should stay.", []),
        ("The price of gold keeps climbing.", ["wording"]),
        ("A secret society controls our weather.", ["wording"]),
    ],
)
def test_a_true_quote_beside_words_about_something_else_proves_nothing(text: str, expected: list[str]) -> None:
    assert codes(text, STAYS) == expected
