"""Replies in every way in which models send them in, the sentences in them out."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.writing.parse import Item, Judgement, Proposal, Quoted, Scanner, Unreadable
from tests.scripted_model import claim, judged

ONE, TWO = claim("One.", (1, "the first")), claim("Two.", (2, "the second"))
FIRST = Proposal(1, "report", "One.", (Quoted(1, "the first"),))
SECOND = Proposal(2, "report", "Two.", (Quoted(2, "the second"),))
PREMISE = '{"quotes": [{"passage": 1, "quote": "the first"}], "text": "No."}'


def scan(*pieces: str) -> list[Item]:
    scanner = Scanner()
    return [*(item for piece in pieces for item in scanner.feed(piece)), *scanner.end()]


def kinds(reply: str) -> list[str]:
    """What came out, in short: the text of a sentence, "?" for what is none."""
    return [item.text if isinstance(item, Proposal) else "?" for item in scan(reply) if not isinstance(item, Judgement)]


@pytest.mark.parametrize(
    "reply",
    [
        ONE + TWO,
        ONE.strip() + TWO.strip(),
        (ONE + TWO).replace("\n", "\r\n"),
        f"\ufeff\n\n{ONE}\n\n{TWO}\n",
        json.dumps(json.loads(ONE), indent=2) + json.dumps(json.loads(TWO), indent=4),
        f"[{ONE},{TWO}]",
        f"[{ONE},{TWO},]",
        '{"claims": [' + ONE + "," + TWO + "]}",
        '{"reply": {"claims": [' + ONE + "," + TWO + ']}, "missing": []}',
        f"```json\n{ONE}{TWO}```",
        f"```jsonl\n{ONE}{TWO}```\n",
        f"```\n{ONE}{TWO}\n```",
        f"data: {ONE}\ndata: {TWO}\ndata: [DONE]\n",
        f"<think>First {ONE} then</think>\n{ONE}{TWO}",
        f'\n <thinking>\nHm, {{"text": </thinking>{ONE}{TWO}',
        f"{ONE.strip()}}}\n{TWO}",
        f"{ONE},\n{TWO},\n",
        f'{ONE}{{}}\n{TWO}{{"premise": null}}',
        ONE.replace('{"quotes"', '{"id": {"a": [1]}, "sure": 0.9, "quotes"') + TWO,
        ONE.replace('"quotes"', '"quote"') + TWO,
        ONE.replace("[", "").replace("]", "") + TWO,
        ONE.replace(": 1", ': "1"') + TWO.replace(": 2", ': "[2]"'),
        ONE.replace(": 1", ': "passage 1"') + TWO.replace(": 2", ': " P2"'),
        ONE.replace("One.", " One.\\n") + TWO,
        ONE.replace('"One."', '"\n  One.\n"') + TWO,
        ONE.replace("report", "opinion") + TWO.replace('"report"', "null"),
    ],
    ids="lines run-together crlf blanks pretty array trailing-comma wrapper wrapper-inside fence fence-jsonl fence-bare "
    "data-prefix think thinking extra-brace commas empty-objects unknown-keys quote-key single-quote strings-of-digits "
    "words-and-digits escaped-break raw-break unknown-kind".split(),
)
def test_two_sentences_are_found_however_they_are_sent(reply: str) -> None:
    assert [item for item in scan(reply) if item != Judgement("yes")] == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Here are the sentences:\n" + ONE + TWO, ["One.", "Two.", "?"]),
        (ONE + TWO + "I hope that this helps!", ["One.", "Two.", "?"]),
        (ONE.replace("},", "}", 1).replace("]", "") + TWO, ["?", "Two."]),
        (ONE.rstrip("}\n") + "\n" + TWO, ["?", "Two."]),
        (ONE.replace("One.", 'He said "no" to it.') + TWO, ["?", "Two."]),
        (ONE.replace("One.", 'He said "no to it.') + TWO, ["?", "Two."]),
        (ONE.replace('"One."', '"One.') + TWO, ["?", "Two."]),
        (ONE + TWO[:-12], ["One.", "?"]),
        (ONE + TWO[:12], ["One.", "?"]),
        (ONE.replace('"One."', "1") + TWO, ["?", "Two."]),
        (ONE.replace('"One."', "null") + TWO, ["?", "Two."]),
        (ONE.replace('[{"passage": 1, "quote": "the first"}]', '["the first"]') + TWO, ["?", "Two."]),
        ('{"note": "nothing else"}' + TWO, ["?", "Two."]),
        ("<think>I shall say " + ONE + TWO, []),
        ("<think", ["?"]),
        ("", []),
        (" \n\t", []),
        ("[]", []),
        ("{}", []),
        ("null", ["?"]),
        ('{"claims": []}', []),
        ("```json\n```", []),
    ],
    ids="preface closing missing-bracket missing-brace quotes-in-text one-quote-in-text open-string cut-late cut-early "
    "number-as-text null-as-text strings-as-quotes other-object thoughts-without-end half-a-tag empty white-space "
    "empty-array empty-object null no-claims empty-fence".split(),
)
def test_what_is_no_sentence_is_counted_and_the_rest_is_kept(reply: str, expected: list[str]) -> None:
    assert kinds(reply) == expected


def test_thoughts_whose_beginning_was_not_sent_are_not_counted() -> None:
    assert scan(f"I think so.</think>\n{ONE}") == [FIRST]


def test_the_end_of_the_thoughts_may_come_in_two_pieces() -> None:
    assert scan("<think>I think so.</thi", f"nk>{ONE}") == [FIRST]


def test_an_object_of_twenty_thousand_characters_is_no_sentence() -> None:
    assert kinds('{"text": "' + "x" * 20_000 + '"}' + ONE) == ["?", "One.", "?"]


def test_of_a_reply_without_an_end_what_was_whole_is_kept() -> None:
    assert kinds('{"claims": [' + ONE + " " * 200_000 + '], "answered": "no"}' + TWO) == ["One.", "Two.", "?"]


CANNOT = """I cannot answer that.|Das kann ich nicht beantworten.|Je ne peux pas répondre.|No puedo responder.
Non posso rispondere.|Não posso responder.|Ik kan dat niet beantwoorden.|Jag kan inte svara.|Jeg kan ikke svare.
En voi vastata.|Nie mogę odpowiedzieć.|Nemohu odpovědět.|Nemôžem odpovedať.|Nem tudok válaszolni.|Nu pot răspunde.
Не могу ответить.|Не можу відповісти.|Не мога да отговоря.|Δεν μπορώ να απαντήσω.|Cevap veremem.|لا أستطيع الإجابة.
نمی‌توانم پاسخ دهم.|אינני יכול לענות.|मैं उत्तर नहीं दे सकता।|আমি উত্তর দিতে পারি না।|我无法回答。|答えられません。|대답할 수 없습니다.
ฉันตอบไม่ได้|Tôi không thể trả lời.|Saya tidak bisa menjawab.|Siwezi kujibu.""".replace("\n", "|").split("|")


@pytest.mark.parametrize("refusal", CANNOT)
def test_a_refusal_in_any_language_is_no_sentence(refusal: str) -> None:
    assert scan(refusal) == [Unreadable(1, refusal)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3", 3),
        ('"3"', 3),
        ('"[3]"', 3),
        ("true", None),
        ("false", None),
        ("null", None),
        ("3.0", None),
        ("[3]", None),
        ('"three"', None),
        ('"-3"', None),
        ("-3", -3),
        ("0", 0),
        ('"2, 3"', None),
    ],
)
def test_the_number_of_a_passage_is_a_whole_number_or_none(value: str, expected: int | None) -> None:
    [item] = scan('{"quotes": [{"passage": ' + value + ', "quote": "q"}], "text": "T."}')

    assert isinstance(item, Proposal)
    assert item.quotes == (Quoted(expected, "q"),)


@pytest.mark.parametrize("entry", ['{"passage": 1}', '{"passage": 1, "quote": null}', '{"passage": 1, "quote": ""}'])
def test_a_quote_without_words_is_empty(entry: str) -> None:
    [item] = scan('{"quotes": [' + entry + '], "text": "T."}')

    assert item == Proposal(1, "report", "T.", (Quoted(1, ""),))


@pytest.mark.parametrize("quotes", ["", '"quotes": [], ', '"quotes": null, '])
def test_a_sentence_without_quotes_has_none(quotes: str) -> None:
    assert scan("{" + quotes + '"text": "T."}') == [Proposal(1, "report", "T.", ())]


def test_a_repaired_sentence_says_which_one_it_mends() -> None:
    assert scan('{"mends": "4", "quotes": [], "text": "T."}') == [Proposal(1, "report", "T.", (), mends=4)]


def test_half_a_surrogate_pair_does_not_get_through() -> None:
    assert scan(r'{"quotes": [{"passage": 1, "quote": "a\ud800"}], "text": "T\udfff."}') == [
        Proposal(1, "report", "T?.", (Quoted(1, "a?"),))
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (judged(), Judgement("yes")),
        (judged("partly", ["the price"]), Judgement("partly", ("the price",))),
        ('{"answered": "NO"}', Judgement("no")),
        ('{"answered": false}', Judgement("no")),
        ('{"answered": true, "missing": null}', Judgement("yes")),
        ('{"answered": "perhaps", "missing": "the price"}', Judgement("yes", ("the price",))),
        ('{"answered": 3, "missing": [3, "the price"]}', Judgement("yes", ("the price",))),
    ],
)
def test_the_judgement_is_one_of_three_words_with_the_parts_that_are_missing(line: str, expected: Judgement) -> None:
    assert scan(line) == [expected]


@pytest.mark.parametrize(
    "reply",
    [
        f'{{"premise": {PREMISE}, "answered": "no"}}\n{ONE}',
        f'{{"answered": "no", "premise":\n {PREMISE}}}\n{ONE}',
        f'{{"premise": {PREMISE}, "answered": "no", "claims": [{ONE}]}}',
        f'{{"claims": [{ONE}], "premise": {PREMISE}, "answered": "no"}}',
    ],
    ids=["line", "pretty", "object", "last"],
)
def test_the_premise_is_number_zero_and_not_counted(reply: str) -> None:
    premise = Proposal(0, "premise", "No.", (Quoted(1, "the first"),))

    assert sorted(scan(reply), key=str) == sorted([premise, FIRST, Judgement("no")], key=str)


@pytest.mark.parametrize(
    "premise", ["null", "{}", '{"quotes": [], "text": ""}', '{"quotes": null, "text": null}', '"None."']
)
def test_an_empty_premise_is_none(premise: str) -> None:
    assert scan(f'{{"premise": {premise}, "answered": "yes"}}\n{ONE}') == [Judgement("yes"), FIRST]


def test_a_sentence_is_handed_out_as_soon_as_it_closes() -> None:
    scanner = Scanner()

    assert list(scanner.feed('{"claims": [' + ONE.strip())) == [FIRST]


def test_a_broken_part_says_of_which_passages_it_speaks() -> None:
    assert scan('{"quotes": [{"passage": 7, "quote": "a"b"}, {"passage": "9", "quote": ""}], "text": "T."}') == [
        Unreadable(
            1, '{"quotes": [{"passage": 7, "quote": "a"b"}, {"passage": "9", "quote": ""}], "text": "T."}', (7, 9)
        )
    ]


@pytest.mark.parametrize("cut", range(len(judged() + ONE)))
def test_a_reply_cut_anywhere_brings_what_was_whole_and_at_most_one_part(cut: int) -> None:
    whole = judged() + ONE
    items = scan((whole + TWO)[: cut + 1])

    assert [item for item in items if not isinstance(item, Unreadable)] == [
        *([Judgement("yes")] if cut >= len(judged()) - 2 else []),
        *([FIRST] if cut >= len(whole) - 2 else []),
    ]
    assert sum(isinstance(item, Unreadable) for item in items) <= 1


REPLIES = st.lists(
    st.sampled_from([ONE, TWO, judged(), PREMISE, "{", "}", "[", "]", '"', "\\", "\n", ",", ":", "data: ", "```json\n"])
    | st.sampled_from(["<think>", "</think>", '{"claims": [', '"premise": ', '"text":', " ", "word", "é", '{"text": "'])
    | st.text(max_size=5)
).map("".join)


@given(REPLIES, st.lists(st.integers(0, 400)))
def test_the_same_comes_out_however_a_reply_is_cut_into_pieces(reply: str, cuts: list[int]) -> None:
    borders = sorted({0, len(reply), *(cut for cut in cuts if cut < len(reply))})

    assert scan(*(reply[start:end] for start, end in pairwise(borders))) == scan(reply) == scan(*reply)


@given(REPLIES)
def test_sentences_are_numbered_in_order(reply: str) -> None:
    numbers = [item.number for item in scan(reply) if not isinstance(item, Judgement) and item.number]

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "reply",
    [
        "{" * 50000,
        '"' * 50000,
        '{"' + "\n{" * 50000,
        "{" * 25000 + "}" * 25000,
        '{"a":' * 9000 + "1" + "}" * 9000,
        '{"text":' * 6000 + "1" + "}" * 6000,
        "[" * 50000,
        '{"claims": [' + ONE + "," + "{" * 50000,
        " " * 50000,
        "<think>" + "x" * 50000,
        '{"claims": [' + ONE + ',"' + "{" * 50000,
        '{"' + "\\" * 50000,
    ],
    ids="objects quotes lines closed nested texts arrays wrapper blanks thoughts string escapes".split(),
)
def test_a_reply_that_is_noise_brings_no_sentence_of_its_own(reply: str) -> None:
    # Fed letter by letter: a scanner that looks back over the whole reply each time takes minutes for these.
    assert {type(item) for item in scan(*reply)} - {Unreadable} <= {Proposal}


@pytest.mark.parametrize(
    "line",
    [
        '{"quotes": [{"passage": 3, "text": "a b c d"}], "text": "S.", "kind": "report"}',
        '{"passage": 3, "quote": "a b c d", "text": "S."}',
        '{"text": "S.", "quotes": {"passage": 3, "quote": "a b c d"}}',
    ],
    ids=["text", "flat", "single"],
)
def test_a_quote_is_read_however_it_is_laid_out(line: str) -> None:
    scanner = Scanner()
    (item,) = (*scanner.feed(line), *scanner.end())

    assert isinstance(item, Proposal)
    assert (item.text, item.quotes) == ("S.", (Quoted(3, "a b c d"),))


@pytest.mark.parametrize(
    "line",
    [
        '{"quotes": [{"passage": 3, "quote": "a b c d"}], "sentence": "S."}',
        '{"premise": "The question is wrong about this.", "answered": "yes"}',
    ],
    ids=["other-key", "premise-in-words"],
)
def test_what_cannot_be_read_is_counted(line: str) -> None:
    scanner = Scanner()

    assert any(isinstance(item, Unreadable) for item in (*scanner.feed(line), *scanner.end()))
