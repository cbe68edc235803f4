"""Values of the assistant in, messages and addresses out: tables, no screen."""

from __future__ import annotations

import html
import re

import pytest

from assistant import Answer, Citation, Claim, Found, Mode, Outcome, Reason, Removed, Standing, State, Verified
from index import Document, Label, Perspective, Provenance, Source, Voice, VoiceKind
from ui import render
from ui.links import Link, link_to, read_link
from ui.palette import Palette

FERRY = Perspective("ferry", "Ferry friends")
BRIDGE = Perspective("bridge", "Bridge builders")
PALETTE = Palette.of([FERRY, BRIDGE])
TEXT = "First page. The ferry must stay.\r\nSecond page: <b>it is old</b> & $loved$.\n"


def cite(number: int = 1, start: int = 12, end: int = 32, **changes: object) -> Citation:
    document = Document("a b/ü.pdf", TEXT, "0" * 64, pages=(0, 34))
    label = Label(FERRY, Provenance.CURATED, "Ada Quill", "2026-01-02")
    source = Source("The ferry", "Gazette", None, "2025-03", (label,))
    values: dict[str, object] = {"document": document, "source": source, "start": start, "end": end, "score": 0.5}
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


def plain(message: str) -> str:
    """What a reader sees."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", message)))


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
    escaped = render.escape(text)
    assert not set(re.sub(r"&#\d+;", "", escaped)) & set("<>\"'`$[](){}!*_~#\\|:/.\n\r\t")
    assert html.unescape(escaped) == text


def test_control_characters_become_a_visible_sign() -> None:
    assert render.escape("a\0b\x1b\x85c") == "a�b��c"


def test_a_message_is_one_line() -> None:
    message = render.answer(answer(cite(1), cite(2, 34, len(TEXT))), PALETTE)
    assert "\n" not in message


def test_a_chip_begins_with_its_number_and_names_sign_and_perspective() -> None:
    message = render.answer(answer(cite(7)), PALETTE)
    (chip,) = re.findall(r'<a href="(#p/[^"]+)" class="cite p-0" title="([^"]+)">(.*?)</a>', message)
    assert read_link(chip[0]) == link_to(cite())
    assert html.unescape(chip[1]) == "The ferry · Gazette · 2025-03 · page 1"
    assert html.unescape(chip[2]) == "7 ◆ Ferry friends"


def test_a_digest_shows_the_exact_quote_its_source_and_its_label() -> None:
    message = render.answer(answer(cite()), PALETTE)
    (quote,) = re.findall("<blockquote>(.*?)</blockquote>", message)
    assert html.unescape(quote) == TEXT[12:32]
    shown = plain(message)
    assert "Passages that bear on your question. No text was generated." in shown
    assert "◆ Ferry friends 1 passage · label given by Ada Quill, 2026-01-02" in shown
    assert "The ferry Gazette · 2025-03 · page 1" in shown
    assert "a passage may quote somebody other than its author" in shown
    assert "searched 1 perspective · 1 passage cited · 0.05" in shown


def test_labels_that_were_given_differently_are_told_for_each_passage() -> None:
    guessed = Source("Other", None, None, None, (Label(FERRY, Provenance.INFERRED),))
    shown = plain(render.answer(answer(cite(1), cite(2, source=guessed)), PALETTE))
    assert "◆ Ferry friends 2 passages" in shown
    assert "label given by Ada Quill, 2026-01-02" in shown
    assert "Other page 1 · label guessed by a machine, not confirmed" in shown


def test_passages_without_a_label_are_called_so_and_have_no_colour() -> None:
    message = render.answer(answer(cite(source=Source("T", None, None, None))), PALETTE)
    assert "○ Unlabelled source 1 passage · nobody has said where this source stands" in plain(message)
    assert 'class="cite p-x"' in message


def test_a_voice_is_named_when_it_is_known() -> None:
    voice = Voice(12, 32, VoiceKind.DIRECT, "Captain Holm")
    shown = plain(render.answer(answer(cite(voice=voice)), PALETTE))
    assert "Captain Holm speaks, quoted" in shown
    assert "not worked out yet" not in shown


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
            ),
        ),
        PALETTE,
    )
    shown = plain(message)
    assert "● Bridge builders has something on this that is not cited: Second page" in shown
    assert "No passage found from ○ Moon people" in shown
    assert message.count('class="cite') == 1


def test_a_generated_answer_shows_claims_with_chips_and_what_was_removed() -> None:
    generated = answer(
        cite(1),
        cite(2, 34, 50),
        mode=Mode.GENERATED,
        model="m",
        claims=(Claim("The ferry stays <b>.", (1, 2)),),
        removed=(Removed("It sank.", ("quote not found",)),),
    )
    message = render.answer(generated, PALETTE)
    assert "The ferry stays <b>. 1 ◆ Ferry friends 2 ◆ Ferry friends" in plain(message)
    assert "1 sentence removed for want of proof It sank. quote not found" in plain(message)
    assert "Written by m" in plain(message)


def test_every_finished_message_ends_and_no_unfinished_one_does() -> None:
    found = Found("q", (), 3)
    for message in (render.answer(answer(cite()), PALETTE), render.problem("x"), render.stopped()):
        assert message.count('class="answer-end"') == 1
    for message in (render.searching(), render.partial(found, [Verified(Claim("c", (1,)), (cite(),))], PALETTE)):
        assert "answer-end" not in message


@pytest.mark.parametrize(
    "name", ["a.txt", "für & wider/brücke #1.txt", "100%/a?b.md", "日本 🛥️.pdf", "\udcff.txt", "../.."]
)
def test_an_address_leads_back_to_its_place(name: str) -> None:
    document = Document(name, TEXT, "0" * 64)
    link = link_to(cite(document=document))
    assert re.fullmatch(r"#p/[A-Za-z0-9._~%-]+/12-32/[0-9a-f]{16}", str(link))
    assert read_link(str(link)) == link
    assert link.same_text(document)
    assert link.same_quote(document)


def test_an_address_notices_that_its_document_has_changed() -> None:
    link = link_to(cite())
    later = Document("a b/ü.pdf", TEXT + "More.", "1" * 64)
    assert not link.same_text(later)
    assert link.same_quote(later)
    assert not link.same_quote(Document("a b/ü.pdf", "x" + TEXT, "1" * 64))


@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        ["#p/a/0-1/0123456789abcdef"],
        "",
        "#p/a/1-0/0123456789abcdef",
        "#p/a/0-1/xyz",
        "#p/a/b/0-1/0123456789abcdef",
    ],
)
def test_what_is_no_address_is_none(address: object) -> None:
    assert read_link(address) is None


def test_colours_repeat_with_other_signs_and_ids_never_reach_a_class() -> None:
    many = [Perspective(f"p{number}", str(number)) for number in range(20)]
    palette = Palette.of(many)
    pairs = {(palette.style(entry.id), palette.glyph(entry.id)) for entry in many}
    assert len(pairs) == 20
    assert palette.style('x" onclick="y') == "p-x"
    assert Link("a", 0, 1, "0" * 16).document == "a"
