"""Values of the assistant in, messages and addresses out: tables, no screen."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from assistant import (
    Answer,
    Assumption,
    Check,
    Citation,
    Claim,
    Found,
    Mode,
    Outcome,
    Reason,
    Removed,
    Standing,
    State,
    Verified,
    Writing,
    check,
)
from index import Document, Label, Perspective, Provenance, Source, Voice, VoiceKind
from ui import render, words
from ui.links import link_to, read_link
from ui.palette import Palette
from ui.quotes import escape
from ui.sentences import Grown

FERRY = Perspective("ferry", "Ferry friends")
BRIDGE = Perspective("bridge", "Bridge builders")
PALETTE = Palette.of([FERRY, BRIDGE])
TEXT = "First page. The ferry must stay.\r\nSecond page: <b>it is old</b> & $loved$.\n"


def cite(number: int = 1, start: int = 12, end: int = 32, **changes: object) -> Citation:
    document = Document("a b/ü.pdf", TEXT, "0" * 64, pages=(0, 34))
    label = Label(FERRY, Provenance.CURATED, "Ada Quill", "2026-01-02")
    source = Source("The ferry", "Gazette", None, "2025-03", (label,))
    values: dict[str, object] = {"document": document, "source": source, "start": start, "end": end, "score": 0.5}
    values["voice"] = Voice(start, end, VoiceKind.AUTHOR)
    values["voice"] = Voice(start, end, VoiceKind.AUTHOR)
    return Citation(number=number, **(values | changes))  # type: ignore[arg-type]


def answer(*citations: Citation, **changes: object) -> Answer:
    values: dict[str, object] = {
        "id": "x",
        "question": "What of the ferry?",
        "query": "What of the ferry?",
        "mode": Mode.DIGEST,
        "outcome": Outcome.ANSWERED,
        "claims": tuple(Claim(entry.quote, (entry.number,)) for entry in citations),
        "citations": citations,
        "perspectives": (Standing("ferry", "Ferry friends", State.CITED, None),),
        "generation": "g",
        "labels": "l",
        "seconds": {"answer": 0.0512},
    }
    return Answer(**(values | changes))  # type: ignore[arg-type]


def plain(message: str, hidden: str = "anon") -> str:
    """What a reader sees; with `hidden="lab"`, one who reads blind."""
    seen = re.sub(rf'<(span|button) class="(?:reveal )?{hidden}">.*?</\1>', "", message)
    seen = re.sub(r'<div class="lab"><div class="bar">.*?</p></div>', "", seen) if hidden == "lab" else seen
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", seen)))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "![a[b]c](http://evil.example/x.png)",
        "${alert(1)} {{x}} `x` $$x$$ \\(x\\)",
        '" onclick="x" \'',
        "line\r\n\r\n    code\n# heading\n- list\n\ttab",
        "www.evil.example https://evil.example",
    ],
)
def test_escaped_text_holds_no_mark_that_anybody_could_interpret(text: str) -> None:
    escaped = escape(text)
    assert not set(re.sub(r"&#\d+;", "", escaped)) & set("<>\"'`$[](){}!*_~#\\|:/.\n\r\t")
    assert html.unescape(escaped) == text


def test_control_characters_become_a_visible_sign() -> None:
    assert escape("a\0b\x1b\x85c") == "a�b��c"


def test_a_message_is_one_line() -> None:
    message = render.answer(answer(cite(1), cite(2, 34, len(TEXT))), PALETTE)
    assert "\n" not in message


def test_a_chip_begins_with_its_number_and_names_sign_and_perspective() -> None:
    message = render.answer(answer(cite(7)), PALETTE)
    (chip,) = re.findall(r'<a href="(#p/[^"]+)" class="cite p-0" title="([^"]+)">(.*?)</a>', message)
    assert read_link(chip[0]) == cite().proof
    assert html.unescape(chip[1]) == "the author · The ferry · Gazette · 2025-03 · page 1"
    assert plain(chip[2]) == "7 ◆ Ferry friends "


def test_a_digest_shows_the_exact_quote_its_source_and_its_label() -> None:
    message = render.answer(answer(cite()), PALETTE)
    (quote,) = re.findall("<blockquote>(.*?)</blockquote>", message)
    assert html.unescape(quote) == TEXT[12:32]
    shown = plain(message)
    assert "Passages that bear on your question. No text was generated." in shown
    assert "◆ Ferry friends 1 passage · label given by Ada Quill, 2026-01-02" in shown
    assert "The ferry the author · Gazette · 2025-03 · page 1" in shown
    assert "searched 1 perspective · 1 of 1 quote exact · 0.05" in shown


def test_labels_that_were_given_differently_are_told_for_each_passage() -> None:
    guessed = Source("Other", None, None, None, (Label(FERRY, Provenance.INFERRED),))
    shown = plain(render.answer(answer(cite(1), cite(2, source=guessed)), PALETTE))
    assert "◆ Ferry friends 2 passages" in shown
    assert "label given by Ada Quill, 2026-01-02" in shown
    assert "Other the author · page 1 · label guessed by a machine, not confirmed" in shown


def test_passages_without_a_label_are_called_so_and_have_no_colour() -> None:
    message = render.answer(answer(cite(source=Source("T", None, None, None))), PALETTE)
    assert "○ Unlabelled source 1 passage · nobody has said where this source stands" in plain(message)
    assert 'class="cite p-x"' in message


def test_a_passage_says_who_speaks_in_it() -> None:
    voice = Voice(12, 32, VoiceKind.DIRECT, "Captain Holm", ("The Post", "Captain Holm"))
    message = render.answer(answer(cite(voice=voice)), PALETTE)
    assert "Captain Holm, in The Post, quoted in The ferry · Gazette" in plain(message)
    (title,) = re.findall(r'class="cite p-0" title="([^"]+)"', message)
    assert html.unescape(title).startswith("Captain Holm, in The Post, quoted in The ferry · ")


def test_a_voice_without_a_name_is_called_unclear() -> None:
    shown = plain(render.answer(answer(cite(voice=Voice(12, 32, VoiceKind.DIRECT))), PALETTE))
    assert "voice unclear: somebody quoted in The ferry" in shown


def test_the_sentence_of_a_model_names_who_speaks_in_its_chips_and_its_quotes() -> None:
    quoted = cite(voice=Voice(12, 32, VoiceKind.INDIRECT, "Captain Holm"))
    message = render.answer(written(quoted, cite(2, 34, 50)), PALETTE)
    chips = [plain(text).strip() for text in re.findall(r'class="cite [^>]*>(.*?)</a>', message)]
    assert chips == ["1 ◆ Ferry friends · Captain Holm, as reported", "2 ◆ Ferry friends"]
    shown = plain(message)
    assert "1 The ferry Captain Holm, as reported in The ferry · 2025-03" in shown
    assert "2 The ferry the author · 2025-03" in shown


COMMENT = Voice(12, 32, VoiceKind.COMMENT, "Bob")


def test_a_reader_comment_stands_under_a_heading_of_its_own_and_under_no_perspective() -> None:
    message = render.answer(answer(cite(1), cite(2, voice=COMMENT)), PALETTE)
    assert [plain(h2).split(" 1 ")[0] for h2 in re.findall("<h2>(.*?)</h2>", message)] == [
        " ◆ Ferry friends",
        "Reader comments",
    ]
    shown = plain(message)
    assert "2 Reader comment The ferry reader comment under The ferry · Gazette" in shown
    assert "◆ Ferry friends 1 2 " not in shown
    assert shown.count("label given by") == 1
    assert "nobody has said" not in shown
    assert 'class="item p-x"' in message


def test_a_reader_comment_counts_for_no_perspective() -> None:
    message = render.answer(answer(cite(1), cite(2, voice=COMMENT)), PALETTE)
    (bar,) = re.findall('<div class="bar">(.*?)</div>', message)
    assert re.findall('class="(p-[^"]+)" style="flex-grow:(\\d+)', bar) == [("p-0", "1")]


def test_the_bar_shows_the_share_of_cited_words_and_says_it_in_figures() -> None:
    two = Source("Other", None, None, None, (Label(BRIDGE, Provenance.CURATED),))
    lines = (Standing("ferry", "Ferry friends", State.CITED, None), Standing("bridge", "Bridge", State.CITED, None))
    lines += (Standing("moon", "Moon people", State.TOUCHES, None),)
    message = render.answer(answer(cite(1, 12, 16), cite(2, 34, 50, source=two), perspectives=lines), PALETTE)
    (bar,) = re.findall('<div class="bar">(.*?)</div>', message)
    assert re.findall('class="(p-[^"]+)" style="flex-grow:([\\d.]+)', bar) == [("p-1", "0.75"), ("p-0", "0.25")]
    shown = plain(message)
    assert "2 of 3 perspectives cited; balance .81 (1 would be as many cited words from each of them)" in shown
    assert "Of the cited words: ● Bridge builders 75 % ◆ Ferry friends 25 %" in shown
    assert "2 of 3 perspectives cited; balance .81" in plain(message, "lab")
    assert "Bridge builders" not in plain(message, "lab")


def test_where_one_perspective_was_searched_nothing_is_said_of_balance() -> None:
    shown = plain(render.answer(answer(cite(1)), PALETTE))
    assert "perspectives cited" not in shown
    assert "balance" not in shown


def test_where_one_of_several_is_cited_there_is_no_balance_to_explain() -> None:
    lines = (Standing("ferry", "Ferry", State.CITED, None), Standing("moon", "Moon", State.SILENT, None))
    shown = plain(render.answer(answer(cite(1), perspectives=lines), PALETTE))
    assert "1 of 2 perspectives cited" in shown
    assert words.BALANCE_MEANS not in shown


def test_every_state_has_its_words() -> None:
    assert set(words.SAID) == set(State)


def test_a_hint_says_who_speaks_where_that_is_not_the_author() -> None:
    near = cite(0, voice=Voice(12, 32, VoiceKind.DIRECT, "Captain Holm"))
    lines = (Standing("ferry", "Ferry friends", State.RELEVANT, near),)
    shown = plain(render.answer(answer(cite(1, 34, 50), perspectives=lines), PALETTE))
    assert "The ferry must stay. (Captain Holm, quoted)" in shown


def test_a_speakers_name_is_text_and_nothing_else() -> None:
    voice = Voice(12, 32, VoiceKind.DIRECT, HOSTILE, (HOSTILE, HOSTILE))
    near = Standing("ferry", "Ferry friends", State.RELEVANT, cite(0, voice=voice))
    for message in (
        render.answer(answer(cite(voice=voice), perspectives=(near,)), PALETTE),
        render.answer(written(cite(voice=voice)), PALETTE),
    ):
        assert "<img" not in message
        assert "<script" not in message


def test_the_query_and_the_spellings_searched_are_shown_when_they_differ() -> None:
    shown = plain(
        render.answer(
            answer(cite(), query="What of the ferry Zelensky?", spellings=(("Zelensky", "Zelenskiy", "Zelenskyy"),)),
            PALETTE,
        )
    )
    assert "searched as: What of the ferry Zelensky?" in shown
    assert "also searched: Zelenskiy, Zelenskyy" in shown
    assert "searched as" not in plain(render.answer(answer(cite()), PALETTE))


def test_other_spellings_can_be_taken_back_as_well() -> None:
    spelt = render.answer(answer(cite(), spellings=(("Zelensky", "Zelenskiy"),)), PALETTE)
    rewritten = render.answer(answer(cite(), query="Another?", spellings=(("Zelensky", "Zelenskiy"),)), PALETTE)
    assert spelt.count('class="as-typed"') == rewritten.count('class="as-typed"') == 1
    assert 'class="as-typed"' not in render.answer(answer(cite()), PALETTE)


def test_a_silent_side_is_not_said_to_have_no_passage_beside_one_that_claims_it_without_a_word_of_it() -> None:
    silent = (Standing("ferry", "Ferry friends", State.SILENT, None),)
    assert "(beside what calls itself so)" not in plain(render.answer(answer(cite(), perspectives=silent), PALETTE))
    claims = Source("The ferry", None, None, None, (Label(FERRY, Provenance.SELF_DECLARED, None, None),))
    shown = plain(render.answer(answer(cite(source=claims), perspectives=silent), PALETTE))
    assert "No passage found from ● Ferry friends (beside what calls itself so)." in shown.replace("◆", "●")


def test_what_is_not_in_the_corpus_shows_the_reason_and_the_nearest_passages() -> None:
    unanswered = answer(
        outcome=Outcome.NOT_IN_CORPUS, reason=Reason("unknown_name", "No document mentions Oz."), nearest=(cite(),)
    )
    message = render.answer(unanswered, PALETTE)
    assert "No passage was found that answers this question. No document mentions Oz." in plain(message)
    assert "The nearest passages" in message
    assert message.count('class="cite') == 1
    assert "No text was generated" not in message


def test_perspectives_that_were_not_cited_are_told_apart() -> None:
    message = render.answer(
        answer(
            cite(),
            perspectives=(
                Standing("ferry", "Ferry friends", State.CITED, cite()),
                Standing("bridge", "Bridge builders", State.RELEVANT, cite(0, 34, 50)),
                Standing("moon", "Moon people", State.SILENT, None),
                Standing("sun", "Sun people", State.TOUCHES, cite(0, 34, 50)),
            ),
        ),
        PALETTE,
    )
    shown = plain(message)
    assert "● Bridge builders has something on this that is not cited: Second page" in shown
    assert "No passage found from ○ Moon people" in shown
    touches = "○ Sun people cited, though its passages only touch the question"
    assert shown.count(f"{touches} ; closest passage: Second page") == 2  # in the trail as well
    assert message.count('class="cite') == 1


@pytest.mark.parametrize("state", [State.CITED, State.TOUCHES])
def test_what_is_cited_is_not_shown_again_as_the_closest_passage(state: State) -> None:
    near = cite(0, 8, 20)  # a part of it at least
    message = render.answer(answer(cite(1, 12, 32), perspectives=(Standing("sun", "Sun", state, near),)), PALETTE)
    assert words.CLOSEST not in message
    assert message.count('class="near') == 0
    beyond = Standing("sun", "Sun", state, cite(0, 34, 50))
    assert words.CLOSEST in render.answer(answer(cite(1, 12, 32), perspectives=(beyond,)), PALETTE)


FOUND = Found("What of the ferry?", (), 3)
HOSTILE = '<img src=x onerror=hit()> ![a](http://evil.example) ${hit()} </div><div class="answer-end">'


def written(*citations: Citation, **changes: object) -> Answer:
    claims = tuple(Claim(f"Sentence {entry.number}.", (entry.number,)) for entry in citations)
    return answer(*citations, **({"mode": Mode.GENERATED, "model": "scripted", "claims": claims} | changes))


def partial(*verified: Verified, found: Found = FOUND, model: str | None = "scripted") -> str:
    return render.partial("What of the ferry?", Grown(found, verified), PALETTE, model)


def verified(entry: Citation, text: str = "It stays.", *, premise: bool = False) -> Verified:
    return Verified(Claim(text, (entry.number,)), (entry,), premise=premise)


def test_a_written_answer_names_its_model_and_shows_sentences_with_chips() -> None:
    shown = plain(
        render.answer(written(cite(1), cite(2, 34, 50), claims=(Claim("The ferry stays <b>.", (1, 2)),)), PALETTE)
    )
    assert "Written by scripted from the passages cited; every sentence was checked against them." in shown
    assert "The ferry stays <b>. 1 ◆ Ferry friends 2 ◆ Ferry friends" in shown
    assert "No text was generated" not in shown


def test_the_spellings_searched_stand_there_from_the_start() -> None:
    found = Found("What of Zelensky?", (), 3, (("Zelensky", "Zelenskiy"),))
    assert "also searched: Zelenskiy" in plain(partial(verified(cite()), found=found))


def test_the_exact_quotes_stand_closed_under_their_sentence() -> None:
    claims = (Claim("Both.", (1, 2)), Claim("One.", (2,)))
    message = render.answer(written(cite(1), cite(2, 34, 50), claims=claims), PALETTE)
    first, second = re.findall(r"<details class=\"quotes\">(.*?)</details>", message)
    assert "Quotes (2)" in plain(first)
    assert "Quotes (1)" in plain(second)
    assert [html.unescape(quote) for quote in re.findall("<blockquote>(.*?)</blockquote>", first)] == [
        TEXT[12:32],
        TEXT[34:50],
    ]
    assert "1 The ferry the author · 2025-03 · word for word" in plain(first)


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ("exact", "· word for word $"),
        ("normalised", "word for word, but for quotation marks, dashes or spaces $"),
        ("repaired", "word for word, but for a slip of the pen $"),
    ],
)
def test_a_quote_says_how_the_model_had_copied_it(match: str, words: str) -> None:
    (quotes,) = re.findall(
        r"<details class=\"quotes\">.*?</details>", render.answer(written(cite(match=match)), PALETTE)
    )
    assert re.search(words, plain(quotes))


def test_a_sentence_that_a_model_copied_is_still_a_sentence_of_the_model() -> None:
    copied = written(cite(), claims=(Claim(TEXT[12:32], (1,)),))
    message = render.answer(copied, PALETTE)
    assert '<div class="claim">' in message
    assert 'class="side' not in message


def test_the_sentence_about_the_question_comes_first_and_is_marked() -> None:
    message = render.answer(written(cite(1), cite(2, 34, 50), premise=Claim("There are two.", (2,))), PALETTE)
    shown = plain(message)
    assert "About the question itself: There are two. 2 ◆ Ferry friends" in shown
    assert shown.index("There are two.") < shown.index("Sentence 1.")


def test_a_reason_comes_last_and_so_stands_below_the_sentences() -> None:
    shown = plain(render.answer(written(cite(), reason=Reason("partly_answered", "No <i>fare</i>.")), PALETTE))
    assert shown.index("Written by") < shown.index("Sentence 1.") < shown.index("No <i>fare</i>.")


def test_a_model_that_failed_is_said_before_the_digest() -> None:
    failed = answer(cite(), model="scripted", reason=Reason("model_unavailable", "The model could not be reached."))
    message = render.answer(failed, PALETTE)
    shown = plain(message)
    assert 'class="claim"' not in message
    assert shown.index("could not be reached") < shown.index("No text was generated") < shown.index("ferry must stay")
    assert "Written by" not in shown


def test_an_answer_without_a_sentence_says_of_none_that_it_was_written() -> None:
    empty = written(reason=Reason("stopped", "You stopped."))
    assert "Written by" not in render.answer(empty, PALETTE)


def test_a_model_that_found_no_answer_is_shown_with_the_nearest_passages() -> None:
    reason = Reason("not_answered", "The model at here read 9 passages.")
    message = render.answer(written(outcome=Outcome.NOT_IN_CORPUS, reason=reason, nearest=(cite(),)), PALETTE)
    shown = plain(message)
    assert "No passage was found that answers this question. The model at here read 9 passages." in shown
    assert "The nearest passages" in shown
    assert "Written by" not in shown


@pytest.mark.parametrize(
    ("sentences", "removed", "trail"),
    [
        (7, 1, "1 of 1 quote exact · 7 sentences checked, 1 removed · 0.05"),
        (1, 0, "1 of 1 quote exact · 1 sentence checked · 0.05"),
        (0, 0, "1 of 1 quote exact · 0.05"),
    ],
)
def test_the_trail_counts_the_sentences_checked_and_removed(sentences: int, removed: int, trail: str) -> None:
    taken = Writing(1, 9, 9, sentences, 0, 1, 1, 0)
    gone = (Removed("Sentence 2 of the reply", ("it has no quote",)),) * removed
    assert trail in plain(render.answer(written(cite(), writing=taken, removed=gone), PALETTE))


def test_removed_sentences_are_listed_with_their_reasons() -> None:
    gone = (Removed("Sentence 2 of the reply", ("it has no quote", "it is too long")),)
    shown = plain(render.answer(written(cite(), removed=gone), PALETTE))
    assert "1 sentence removed for want of proof Sentence 2 of the reply it has no quote, it is too long" in shown


@pytest.mark.parametrize("place", ["model", "premise", "claims", "reason", "removed", "query"])
def test_nothing_that_a_model_or_an_endpoint_is_called_or_says_can_be_markup(place: str) -> None:
    values: dict[str, object] = {
        "model": HOSTILE,
        "premise": Claim(HOSTILE, (1,)),
        "claims": (Claim(HOSTILE, (1,)),),
        "reason": Reason("model_unavailable", HOSTILE),
        "removed": (Removed(HOSTILE, (HOSTILE,)),),
        "query": HOSTILE,
    }
    message = render.answer(written(cite(), **{place: values[place]}), PALETTE)
    assert "<img" not in message
    assert "evil.example" not in message
    assert message.count('class="answer-end"') == 1
    assert HOSTILE in html.unescape(message)


def test_while_a_model_writes_the_page_says_so_and_shows_what_is_verified() -> None:
    nothing, one, two = (
        partial(),
        partial(verified(cite(1), "It stays.")),
        partial(verified(cite(1), "It stays."), verified(cite(2, 34, 50), "It is old.")),
    )
    for message in (nothing, one, two):
        assert "Being written by scripted." in plain(message)
        assert message.count("busy") == 1
        assert "answer-end" not in message
    assert "3 perspectives · 0 passages looked at · 0 sentences verified" in plain(nothing)
    assert "Written by" not in nothing
    assert "It stays. 1 ◆ Ferry friends Quotes (1)" in plain(one)
    assert "It is old." not in plain(one)
    assert "It is old. 2 ◆ Ferry friends" in plain(two)


@pytest.mark.parametrize("late", [False, True])
def test_the_sentence_about_the_question_stands_first_unless_it_came_after_others(late: bool) -> None:
    found = replace(ASSUMED, assumed=None, citations=(2,))
    premise = replace(verified(cite(2), "There are two.", premise=True), assumption=found)
    came = (verified(cite(1)), premise) if late else (premise, verified(cite(1)))
    given = written(cite(1), cite(2), claims=(came[0 if late else 1].claim,), premise=premise.claim, assumption=found)
    for message in (partial(*came), render.answer(given, PALETTE, grown=Grown(FOUND, came))):
        shown = plain(message)
        assert (shown.index("It stays.") < shown.index("About the question itself: There are two.")) is late
        assert shown.index("There are two.") < shown.index(found.text)  # which the model's sentence alone brought
        assert shown.count("There are two.") == shown.count(found.text) == 1
    again = plain(render.answer(given, PALETTE))  # from the history, where nothing moves
    assert again.index("There are two.") < again.index("It stays.")


def test_what_the_rules_found_stays_above_a_sentence_about_the_question_that_came_late() -> None:
    known = Grown(replace(FOUND, assumption=ASSUMED, against=(cite(2),)), (verified(cite(1)),))
    more = replace(ASSUMED, text="Your question takes for granted that it stays; more say so.")
    grown = Grown(known.found, (*known.verified, replace(verified(cite(2), "Two.", premise=True), assumption=more)))
    given = written(cite(1), cite(2), premise=Claim("Two.", (2,)), assumption=more)
    before = render.partial("q", known, PALETTE, "m")
    (top,) = re.findall(r'<div class="claim premise assumed">.*?</div>', before)
    assert top in render.partial("q", grown, PALETTE, "m")
    assert top in render.answer(given, PALETTE, grown=grown)
    assert "more say so" in render.answer(given, PALETTE)


def test_what_is_shown_of_a_sentence_never_changes_while_the_answer_grows() -> None:
    first, second = cite(1), cite(2, 34, 50)
    growing = partial(verified(first, "Sentence 1."))
    (sentence,) = re.findall(r'<div class="claim">.*?</details></div>', growing)
    assert sentence in partial(verified(first, "Sentence 1."), verified(second, "Sentence 2."))
    assert sentence in render.answer(written(first, second), PALETTE)
    assert sentence in render.stopped(growing)


def test_the_name_of_a_model_that_writes_is_no_markup() -> None:
    message = partial(verified(cite(), HOSTILE), model=HOSTILE)
    assert "<img" not in message
    assert "answer-end" not in message
    assert "evil.example" not in render.stopped(message)
    assert render.stopped(message).count('class="answer-end"') == 1


def test_without_a_model_nothing_is_said_of_writing() -> None:
    message = partial(model=None)
    assert "written by" not in message.lower()
    assert "sentences verified" not in message
    assert "3 perspectives · 0 passages looked at" in plain(message)


def test_a_stopped_answer_keeps_what_was_verified_and_says_that_it_was_stopped() -> None:
    message = render.stopped(partial(verified(cite(1)), verified(cite(2, 34, 50), "It is old.")))
    shown = plain(message)
    assert "It is old. 2 ◆ Ferry friends" in shown
    assert shown.index("It is old.") < shown.index("You stopped this answer. What stands above was verified by then.")
    assert "busy" not in message
    assert "Being written" not in message
    assert render.is_finished(message)


@pytest.mark.parametrize("message", ["", render.searching(), "<script>hit()</script>", '<a class="cite ">'])
def test_an_answer_that_is_stopped_before_anything_was_verified_says_so(message: str) -> None:
    stopped = render.stopped(message)
    assert stopped.startswith('<div class="answer"><p class="why">You stopped this answer. Nothing was verified')
    assert render.is_finished(stopped)


def test_a_digest_that_is_stopped_is_no_longer_busy() -> None:
    stopped = render.stopped(partial(model=None))
    assert "busy" not in stopped
    assert "searched 3 perspectives" in plain(stopped)


def test_a_question_that_was_searched_otherwise_can_be_taken_back_from_the_first_moment() -> None:
    other = Found("What of the ferry of Marrowby?", (), 3)
    finished = render.answer(written(cite(), query=other.query), PALETTE)
    for message in (finished, partial(found=other), render.stopped(partial(found=other))):
        assert "searched as: What of the ferry of Marrowby? search as I typed it" in plain(message)
        assert message.count('<button class="as-typed">') == 1
    for message in (render.answer(written(cite()), PALETTE), partial()):
        assert "as-typed" not in message


def test_every_finished_message_ends_and_no_unfinished_one_does() -> None:
    for message in (render.answer(answer(cite()), PALETTE), render.problem("x"), render.stopped("")):
        assert message.count('class="answer-end"') == 1
    for message in (render.searching(), partial(model=None), partial(verified(cite()))):
        assert "answer-end" not in message


@pytest.mark.parametrize(
    "name", ["a.txt", "für & wider/brücke #1.txt", "100%/a?b.md", "日本 🛥️.pdf", "\udcff.txt", "../.."]
)
def test_an_address_leads_back_to_its_place(name: str) -> None:
    document = Document(name, TEXT, "0" * 64)
    entry = cite(document=document)
    link = link_to(entry)
    assert re.fullmatch(r"#p/[A-Za-z0-9._~%-]+/12-32/[0-9a-f]{64}(/[A-Za-z0-9_-]*){3}", link)
    assert read_link(link) == entry.proof
    assert check(entry.proof, document).check is Check.EXACT


@pytest.mark.parametrize(
    "text", ["", "/", "\udc80 / \0 \u202e “a” %2F #p/ ?\n\t", "х" * 30_000], ids=["empty", "/", "odd", "long"]
)
def test_an_address_holds_any_words(text: str) -> None:
    document = Document("a", text + TEXT + text, "0" * 64)
    entry = cite(document=document, start=len(text), end=len(text) + 9)
    whole = cite(document=document, start=0, end=len(document.text))
    assert read_link(link_to(entry)) == entry.proof
    assert read_link(link_to(whole)) == whole.proof


@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        ["#p/a/0-1/0123456789abcdef"],
        "",
        f"#p/a/1-0/{'0' * 64}//YQ/",
        f"#p/a/0-1/{'0' * 63}x//YQ/",
        f"#p/a/b/0-1/{'0' * 64}//YQ/",
        f"#p/a/0-1/{'0' * 64}//YQ/YQ/YQ",
        f"#p/%FF/0-1/{'0' * 64}//YQ/",
        f"#p/a/0-1/{'0' * 64}//Y/",
        f"#p/a/0-1/{'0' * 64}//YQ==/",
        f"#p/a/0-1/{'0' * 64}//Y%51/",
        f"#p/a/0-1/{'0' * 64}//ww/",
    ],
)
def test_what_is_no_address_is_none(address: object) -> None:
    assert read_link(address) is None


@pytest.mark.parametrize("mode", [Mode.DIGEST, Mode.GENERATED])
def test_a_quote_that_no_longer_stands_is_said_to_and_shown_nowhere(mode: Mode) -> None:
    stale = cite(check=Check.FAILED)
    claims = (Claim("It must stay, they say.", (1,)),)
    beside = (Standing("ferry", "Ferry friends", State.RELEVANT, stale),)
    message = render.answer(answer(stale, mode=mode, model="m", claims=claims, perspectives=beside), PALETTE)
    assert "blockquote" not in message
    assert TEXT[12:32] not in plain(message)
    assert "This quote no longer stands in its document" in plain(message)
    assert "0 of 1 quote exact" in plain(message)


def test_a_quote_whose_document_has_changed_is_shown_with_a_word_of_it() -> None:
    message = render.answer(answer(cite(1), cite(2, check=Check.MOVED)), PALETTE)
    assert message.count("<blockquote>") == 2
    assert (
        plain(message).count("The document has changed since this was taken from it; these words still stand there.")
        == 1
    )
    assert "1 of 2 quotes exact" in plain(message)


def test_a_passage_that_no_longer_stands_is_no_nearest_passage() -> None:
    message = render.answer(answer(outcome=Outcome.NOT_IN_CORPUS, nearest=(cite(check=Check.FAILED),)), PALETTE)
    assert "blockquote" not in message
    assert TEXT[12:32] not in plain(message)


def test_colours_repeat_with_other_signs_and_ids_never_reach_a_class() -> None:
    many = [Perspective(f"p{number}", str(number)) for number in range(20)]
    palette = Palette.of(many)
    pairs = {(palette.style(entry.id), palette.glyph(entry.id)) for entry in many}
    assert len(pairs) == 20
    assert palette.style('x" onclick="y') == "p-x"


# ── Read blind ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_reads_blind_is_shown_no_label_and_can_count_the_passages() -> None:
    comment = cite(3, voice=COMMENT)
    standings = (
        Standing("ferry", "Ferry friends", State.CITED, cite()),
        Standing("bridge", "Bridge builders", State.RELEVANT, cite(0, 34, 50)),
        Standing("moon", "Moon people", State.SILENT, None),
    )
    message = render.answer(answer(cite(1), cite(2, 34, 50), comment, perspectives=standings), PALETTE)
    seen = plain(message, hidden="lab")
    for told in ("Ferry friends", "Bridge builders", "Moon people", "Ada Quill", "◆", "●"):
        assert told not in seen
    assert "Group 1 2 passages" in seen
    assert "Reader comments" in seen
    chips = re.findall(r'class="cite [^>]*>(.*?)</a>', message)
    assert [plain(chip, hidden="lab").strip() for chip in chips] == ["1", "2", "3 Reader comment"]
    assert "one side has something on this that is not cited: Second page" in seen
    assert "Show where these sources stand" in seen


def test_a_label_that_a_model_names_in_its_sentence_is_hidden_with_the_others() -> None:
    entry = cite()
    said = written(entry, claims=(Claim("The ferry friends (Ferry friends) want Ferry friendship.", (1,)),))
    message = render.answer(said, PALETTE)
    assert "The [label hidden] ( [label hidden] ) want Ferry friendship." in plain(message, hidden="lab")
    assert "The ferry friends ( Ferry friends ) want Ferry friendship." in plain(message)


def test_a_passage_that_says_itself_where_its_label_is_from_does_not_when_read_blind() -> None:
    guessed = Source("Other", None, None, None, (Label(FERRY, Provenance.INFERRED),))
    seen = plain(render.answer(answer(cite(1), cite(2, source=guessed)), PALETTE), hidden="lab")
    assert "guessed" not in seen
    assert "Ada Quill" not in seen


ASSUMED = Assumption("Your question takes for granted that it stays.", "it stays", "Does it stay?", ("ferry",), 2, (2,))


def test_what_a_question_takes_for_granted_stands_first_with_its_passages_and_the_open_question() -> None:
    message = render.answer(answer(cite(1), cite(2, 34, 50), assumption=ASSUMED), PALETTE)
    box = re.search(r'<div class="claim premise assumed">(.*?)</div>', message)
    assert box
    assert box.start() < message.index("blockquote")
    assert re.findall(r'class="cite [^>]*>(\d)', html.unescape(box[1])) == ["2"]
    offered, back = (
        '<button class="neutral">Does it stay?</button>',
        f'<button class="as-typed">{words.AS_TYPED}</button>',
    )
    assert html.unescape(box[1]).endswith(f"{words.NEUTRAL_SEARCHED} {offered} {back}</p>")
    assert "assumed" not in render.answer(answer(cite(1)), PALETTE)


def test_an_open_question_that_was_not_searched_as_well_is_only_offered() -> None:
    message = render.answer(answer(cite(1), assumption=replace(ASSUMED, assumed=None, citations=(1,))), PALETTE)
    assert f"{words.NEUTRAL} <button" in message
    assert "as-typed" not in message


def test_it_stands_there_while_the_answer_is_being_written() -> None:
    found = Found("q", (), 2, (), ASSUMED, (cite(2, 34, 50),))
    assert '<div class="claim premise assumed">' in render.partial("q", Grown(found), PALETTE, "m")
    assert '<div class="claim premise assumed">' in render.partial("q", Grown(found), PALETTE)


def test_it_is_text_whatever_it_holds() -> None:
    hostile = Assumption("<img src=x>", None, "<script>a()</script>?", (), 2, (1,))
    message = render.answer(answer(cite(1), assumption=hostile), PALETTE)
    assert "<script" not in message
    assert "<img" not in message
