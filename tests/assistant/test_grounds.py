"""Claims and what covers them in, what nothing covers out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.checking.grounds import dated, support, uncovered_names, uncovered_numbers

SPELLINGS = {"zelensky": ("Zelensky", "Zelenskyy"), "zelenskyy": ("Zelensky", "Zelenskyy")}


def numbers(claim: str, quote: str, head: str = "", cited: int = 1, question: str = "") -> list[Decimal]:
    return uncovered_numbers(claim, [quote], [head], cited, question)


def names(claim: str, *known: str, lower: str = "", corpus: str = "") -> list[str]:
    return uncovered_names(claim, known, SPELLINGS, set(lower.split()).__contains__, set(corpus.split()).__contains__)


@pytest.mark.parametrize(
    ("claim", "quote", "head"),
    [
        ("It rose by 5 per cent.", "a rise of five percent", ""),
        ("Twelve came.", "a dozen of them came", ""),
        ("It cost $1.8bn.", "a cost of 1.8 billion dollars", ""),
        ("It won 1 of 9.", "one of the nine", ""),
        ("The two sides agree.", "both sides agree", ""),
        ("In March 2025, the author called it dead.", "it is dead", "2025 March 14"),
        ("In 2025, the author foresaw an end in 2026.", "it will end in 2026", "2025 March 14"),
        ("The 28-point plan is dead.", "it is dead", "The 28-point plan"),
    ],
    ids=["words", "dozen", "scale", "one", "both", "published", "published-and-foreseen", "title"],
)
def test_a_number_is_covered_by_a_quote_or_by_the_head_of_its_source(claim: str, quote: str, head: str) -> None:
    assert numbers(claim, quote, head) == []


@pytest.mark.parametrize(
    ("claim", "quote", "missing"),
    [
        ("It rose by 6 per cent.", "a rise of five percent", "6"),
        ("It cost $18bn.", "a cost of 1.8 billion dollars", "18000000000"),
        ("A million came.", "half a million came", "1000000"),
        ("The third round began.", "the second round began", "3"),
        ("A hundred came.", "hundreds came", "100"),
        ("It will end in 2025.", "it will end in 2026", "2025"),
        ("It has tripled.", "it has doubled", "3"),
    ],
    ids=["changed", "scale", "half", "ordinal", "vague", "year-of-publication", "multiple"],
)
def test_a_number_that_stands_nowhere_is_not_covered(claim: str, quote: str, missing: str) -> None:
    assert numbers(claim, quote, "2025 March 14") == [Decimal(missing)]


@pytest.mark.parametrize(("cited", "missing"), [(2, []), (1, [Decimal(2)])])
def test_a_claim_may_count_the_sources_that_it_cites_and_no_more(cited: int, missing: list[Decimal]) -> None:
    assert numbers("Two sources call it dead.", "it is dead", cited=cited) == missing


def test_a_number_of_the_question_counts_only_where_it_is_handed_over() -> None:
    assert numbers("It was not 300.", "it was 200", question="Were 300 killed?") == []


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2025-12-03", "2025 December 3"),
        ("2025-12", "2025 December"),
        ("2025", "2025"),
        ("2025-13", "2025-13"),
        (None, ""),
    ],
)
def test_a_date_has_its_month_as_a_word(published: str | None, expected: str) -> None:
    assert dated(published) == expected


@pytest.mark.parametrize(
    ("claim", "known"),
    [
        ("It was Macron.", "said Macron’s office"),
        ("It was Macron’s plan.", "Macron said"),
        ("It was O’Hara.", "said O'Hara"),
        ("It was Zelenskyy.", "said Zelensky"),
        ("It was Orbán.", "said Orban"),
        ("The German plan.", "from Germany"),
        ("The Iranians left.", "from Iran"),
        ("A Dutchwoman from the Netherlands.", "Dutchwoman, Dutch"),
        ("The French left.", "from France"),
        ("The US left.", "the U.S. and others"),
        ("The U.S. left.", "the United States"),
        ("The American left.", "the USA"),
        ("The UN left.", "the United Nations"),
        ("The EU left.", "the European Union"),
        ("The European Union left.", "the EU"),
        ("On 3 December it fell.", "on Dec 3"),
        ("It fell in May.", "fell in May"),
        ("The West agrees.", "Western leaders"),
        ("Pro-Russian groups.", "pro-Russian"),
        ("The NATO-led force.", "led by Nato"),
        ("Thousands came.", "thousands"),
        ("Twelve came.", "12"),
        ("Nobody came.", "not one"),
        ("It lost Donetsk.", "forced to recognizeDonetsk as lost"),
        ("McDonald left.", "McDonald"),
        ("Economists disagree.", "they disagree"),
        ("He is Prime Minister.", "he leads the cabinet"),
        ("According to The Herald, it fell.", "The Herald"),
        ("“Peace Now” is the cry.", "the cry is peace now"),
    ],
)
def test_a_name_is_covered_in_any_of_its_forms(claim: str, known: str) -> None:
    assert names(claim, known) == []


@pytest.mark.parametrize(
    ("claim", "known", "missing"),
    [
        ("It was Merz.", "said Macron", "Merz"),
        ("Merz said so.", "said Macron", "Merz"),
        ("They came from North Korea.", "from South Korea", "North"),
        ("The United Nations left.", "the United States", "UN"),
        ("The US left.", "the United Kingdom", "US"),
        ("The US left.", "he told us", "US"),
        ("The WHO left.", "who left", "WHO"),
        ("It fell in May.", "it may fall in June", "May"),
        ("It fell in March.", "a march in June", "March"),
        ("It fell on Monday.", "on Tuesday", "Monday"),
        ("The Chinese left.", "the Japanese", "Chinese"),
        ("It was Martin.", "said Marti", "Martin"),
        ("It was Austria.", "in Australia", "Austria"),
        ("It was Tony Banks.", "said Tony", "Banks"),
        ("The Ukraine-Russia talks.", "the talks with Russia", "Ukraine"),
    ],
)
def test_another_name_is_not_covered(claim: str, known: str, missing: str) -> None:
    assert names(claim, known) == [missing]


@pytest.mark.parametrize(("lower", "missing"), [("", ["Dredgers"]), ("dredgers", [])])
def test_the_first_word_is_no_name_where_the_passages_write_it_small(lower: str, missing: list[str]) -> None:
    assert names("Dredgers came.", "ships came", lower=lower) == missing


@pytest.mark.parametrize(("corpus", "missing"), [("", []), ("merz", ["Merz"])])
def test_in_german_only_what_the_corpus_knows_as_a_name_is_one(corpus: str, missing: list[str]) -> None:
    assert names("Der Plan von Merz ist nicht die Lösung.", "er ist tot", corpus=corpus) == missing


@pytest.mark.parametrize(
    ("claim", "quote", "expected"),
    [
        ("The ferries stay.", "the ferry is staying", 1.0),
        ("Bees eat honey.", "the ferry must stay", 0.0),
        ("The ferry sinks.", "the ferry must stay", 0.5),
        ("It is what it is.", "the ferry must stay", 1.0),
        ("The ferry carried twelve.", "12 were carried by ferry", 1.0),
        ("渡船留下", "渡船必须留下来", 1.0),
    ],
    ids=["stems", "none", "half", "function-words", "numbers-aside", "no-spaces"],
)
def test_support_is_the_share_of_words_that_the_passages_hold(claim: str, quote: str, expected: float) -> None:
    assert support(claim, [quote], []) == expected
