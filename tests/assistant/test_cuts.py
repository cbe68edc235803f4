"""A stretch and the voices of its document in, what may be cited of it out: tables, no index."""

from __future__ import annotations

import re

import pytest

from assistant.checking.cuts import apart, comments_asked_for, left_out, pieces, voice_of
from index import Voice, VoiceKind, Voices
from index.loading.chunk import sentences

KELLER, READER = "Maria Keller", "a reader"
ALL = re.compile("")


def marked(text: str, *spoken: tuple[str, VoiceKind, str | None]) -> Voices:
    """The voices of a text: each of these words, spoken by somebody."""
    spans = [Voice(text.index(words), text.index(words) + len(words), kind, name) for words, kind, name in spoken]
    return Voices(tuple(sorted(spans, key=lambda span: (span.start, -span.end))))


def cut(text: str, *spoken: tuple[str, VoiceKind, str | None], comments: re.Pattern[str] | None = None) -> list[str]:
    spans = pieces(text, marked(text, *spoken), 0, len(text), sentences(text), comments)
    return [text[start:end] for start, end in spans]


def direct(words: str, name: str | None = KELLER) -> tuple[str, VoiceKind, str | None]:
    return words, VoiceKind.DIRECT, name


DAM = "We will rebuild the dam before the next winter comes"
VALLEY = "The valley has waited for this for more than ten years."


def test_what_one_voice_speaks_is_left_as_it_is() -> None:
    assert cut(VALLEY) == [VALLEY]
    assert cut(DAM, direct(DAM)) == [DAM]
    assert cut("Too short.") == ["Too short."]


def test_a_stretch_is_cut_at_the_border_of_a_voice() -> None:
    assert cut(f"{VALLEY} “{DAM}.”", direct(DAM)) == [VALLEY, DAM]


@pytest.mark.parametrize(
    "frame",
    [
        "Maria Keller said",
        "Maria Keller told the reporters of the valley on Tuesday",
        "At noon, speaking in the old town hall, she said",
        "This from the woman who sold us all of it",
    ],
)
def test_a_frame_beside_its_quote_is_left_out(frame: str) -> None:
    assert cut(f"“{DAM},” {frame}.", direct(DAM)) == [DAM]
    assert cut(f"{frame}, “{DAM}.”", direct(DAM)) == [DAM]


def test_what_follows_a_quote_with_a_verb_of_saying_is_left_out_however_long_it_is() -> None:
    rest = "said the owner, whose name I may print here as long as I leave out that of his wife, his dog and his boat"
    assert cut(f"“{DAM},” {rest}.", direct(DAM)) == [DAM]


def test_a_line_that_only_leads_to_a_quote_is_left_out() -> None:
    lead = "And this is what the minister of works had to say to the valley about all of it today:"
    assert cut(f"{VALLEY} {lead} “{DAM}”", direct(DAM)) == [VALLEY, DAM]


def test_a_few_words_of_another_stay_in_the_sentence_that_quotes_them() -> None:
    text = "The plan, which Keller called “a sad joke” in May, would have cost the valley all of its forests."
    assert cut(text, direct("a sad joke")) == [text]


def test_a_few_words_in_a_line_of_their_own_do_not_pass_for_the_authors() -> None:
    assert cut(f"{VALLEY}\nNo, we shall never do", direct("No, we shall never do")) == [VALLEY]
    assert cut(f"No, we shall never do\n{VALLEY}", direct("No, we shall never do")) == [VALLEY]


def test_a_sentence_that_begins_or_ends_with_a_few_words_of_another_stays_whole() -> None:
    text = "“A sad joke”, as Keller has it, would have cost the valley all of its forests and most of its meadows."
    assert cut(text, direct("A sad joke")) == [text]
    text = "It would have cost the valley all of its forests and most of its meadows and was called “a sad joke”"
    assert cut(text, direct("a sad joke")) == [text]


def test_two_comments_side_by_side_are_two() -> None:
    one, other = "You have all been lied to by these people. ", "And I do not believe a word of this either."
    spoken = (one, VoiceKind.COMMENT, None), (other, VoiceKind.COMMENT, None)
    assert cut(f"{one}{other}", *spoken, comments=ALL) == [one.rstrip(), other]


def test_where_few_words_of_others_make_up_most_of_a_stretch_they_do_not_pass_for_the_authors() -> None:
    text = "“Never, not in my whole life,” she said."
    assert cut(text, direct("Never, not in my whole life,")) == ["Never, not in my whole life,"]
    assert cut("“No, we shall never,” she said.", direct("No, we shall never,")) == ["No, we shall never,"]


def test_the_authors_own_part_of_a_sentence_stays_where_it_is_most_of_it() -> None:
    own = "The council met for nine hours, heard forty farmers and sent all of them home with nothing in their hands"
    assert cut(f"{own}, since “{DAM}”.", direct(DAM)) == [f"{own}, since", DAM]
    assert cut(f"“{DAM}”, and so {own}.", direct(DAM)) == [DAM, f"and so {own}."]


def test_words_of_one_person_reported_and_quoted_are_not_cut_apart() -> None:
    said = "it was “hard to understand, and harder to bear for us all” that nobody had come"
    voices = (said, VoiceKind.INDIRECT, KELLER), direct("hard to understand, and harder to bear for us all")
    assert cut(f"Keller said {said}.", *voices) == [said]


TOLD = "You can see it from the road and you can hear it at night"


@pytest.mark.parametrize("tag", [",” said Maria Keller. “", ",” Maria Keller told the paper on Tuesday, adding: “"])
def test_what_one_person_says_on_both_sides_of_a_tag_is_one_piece(tag: str) -> None:
    assert cut(f"“{DAM}{tag}{TOLD}.”", direct(DAM), direct(TOLD)) == [f"{DAM}{tag}{TOLD}"]


@pytest.mark.parametrize(
    ("tag", "other"),
    [
        pytest.param(",” said Maria Keller. “", "Piet Loman", id="somebody else goes on"),
        pytest.param(",” said Maria Keller. “", None, id="nobody knows who goes on"),
        pytest.param(".” The valley has waited for ten years now. “", KELLER, id="no verb of saying"),
        pytest.param(
            ",” said Maria Keller, who has sat in the town hall of the valley for all of the last nine years. “",
            KELLER,
            id="the author tells more than who speaks",
        ),
    ],
)
def test_what_stands_between_two_quotes_is_left_out_where_it_is_more_than_a_tag(tag: str, other: str | None) -> None:
    pieces = cut(f"“{DAM}{tag}{TOLD}.”", direct(DAM), direct(TOLD, other))
    assert pieces[0] == DAM
    assert pieces[-1] == TOLD


def test_a_few_words_of_another_with_a_verb_of_saying_are_no_tag_of_the_authors() -> None:
    said = "We said no and we meant every word"
    before, after = (
        "The mayor asked once more and she replied at once:",
        "Nobody in the hall had believed her until then.",
    )
    assert cut(f"{VALLEY} {before} “{said}.” {after}", direct(said)) == [VALLEY, said, after]


def test_a_quote_within_a_pasted_text_is_cut_out_of_it() -> None:
    article = f"The Herald has seen the plan and likes none of it. “{DAM}” is all that it says of the dam."
    assert cut(article, (article, VoiceKind.EMBEDDED, "The Herald"), direct(DAM)) == [
        "The Herald has seen the plan and likes none of it.",
        DAM,
    ]


def test_residue_is_never_cited() -> None:
    share = "Share this on every network that you like"
    assert cut(f"{VALLEY}\n{share}", (share, VoiceKind.RESIDUE, None), comments=ALL) == [VALLEY]
    assert cut(share, (share, VoiceKind.RESIDUE, None), comments=ALL) == []


def test_a_comment_is_cited_only_where_the_question_asks_for_it() -> None:
    rant = "You have all been lied to by these people"
    assert cut(f"{VALLEY}\n{rant}", (rant, VoiceKind.COMMENT, None)) == [VALLEY]
    assert cut(f"{VALLEY}\n{rant}", (rant, VoiceKind.COMMENT, None), comments=ALL) == [VALLEY, rant]
    assert cut(rant, (rant, VoiceKind.COMMENT, None)) == []


def test_whoever_is_quoted_in_a_comment_speaks_in_a_comment() -> None:
    text = f"I say that “{DAM}” is a lie"
    voices = marked(text, (text, VoiceKind.COMMENT, None), direct(DAM))
    start = text.index(DAM)
    voice = voice_of(voices, start, start + len(DAM))
    assert (voice.kind, voice.speaker, voice.carriers) == (VoiceKind.COMMENT, KELLER, (READER,))


def test_a_sentence_belongs_to_the_comments_when_half_of_it_does() -> None:
    text = f"{VALLEY}\nYou have all been lied to by these people.\nShare this on every network that you like.\n"
    spoken = marked(
        text,
        ("You have all been lied to", VoiceKind.COMMENT, None),
        ("Share this on every network", VoiceKind.RESIDUE, None),
    )
    found = apart(spoken, sentences(text))
    assert found == {1: VoiceKind.COMMENT, 2: VoiceKind.RESIDUE}
    assert left_out(text, sentences(text), found, None) == {1, 2}
    assert left_out(text, sentences(text), found, ALL) == {2}
    assert left_out(text, sentences(text), found, re.compile("lied to")) == {2}
    assert left_out(text, sentences(text), found, re.compile("nobody")) == {1, 2}


@pytest.mark.parametrize(
    "question",
    [
        "What do readers think of the dam?",
        "What do the comments say about the dam?",
        "What do commenters say?",
        "Which comment mentions Kissinger?",
        "Is there a reader who likes the dam?",
    ],
)
def test_a_question_about_readers_asks_for_every_comment(question: str) -> None:
    wanted = comments_asked_for(question)
    assert wanted is not None
    assert wanted.search("anything")


@pytest.mark.parametrize(
    "question",
    [
        "What does Keller say about the dam?",
        "How did the valley react to Keller’s comments on the dam?",
        "What were the comments made by the minister?",
        "Did the minister comment on the dam?",
        "Who called it “a joke”?",
        "",
    ],
)
def test_other_questions_ask_for_none(question: str) -> None:
    assert comments_asked_for(question) is None


def test_a_question_that_quotes_asks_for_the_comment_in_which_these_words_stand() -> None:
    wanted = comments_asked_for('Who wrote "you have all been lied to"?')
    assert wanted is not None
    assert wanted.search("People: You have all -  been lied\nto, I say")
    assert not wanted.search("anything else")
