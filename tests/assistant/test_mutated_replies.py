"""Replies that were damaged in any way in, never a character of theirs that was not verified out."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from assistant import Found, Removed, Verified
from assistant.checking.numerals import numbers
from assistant.types import Claim
from assistant.writing.evidence import Evidence
from assistant.writing.parse import Scanner
from assistant.writing.writer import Draft
from index import Document, Source
from tests.scripted_model import claim, judged
from ui import render
from ui.palette import Palette
from ui.sentences import Grown

MARK = "Qzx7"  # a name with a number in it, which no passage holds
FIRST = "Captain Holm said on Monday that the ferry of Marrowby carries nine hundred people a day in both directions."
SECOND = "The council wants to end the ferry in June 2026, the Harbour Gazette wrote, because it lost 40,000 crowns."
DOCUMENTS = [
    Document("a.txt", FIRST, "0" * 64, title="The ferry"),
    Document("b.txt", SECOND, "1" * 64, title="The end"),
]
EVIDENCE = tuple(
    Evidence(number, document, Source(document.title or "", None, None, "2026"), 0, len(document.text), 0.5)
    for number, document in enumerate(DOCUMENTS, 1)
)
QUESTION = "What will become of the ferry of Marrowby?"
HOLM = "Captain Holm said on Monday that the ferry of Marrowby carries nine hundred people a day"
COUNCIL = "The council wants to end the ferry in June 2026"
GAZETTE = "the Harbour Gazette wrote, because it lost 40,000 crowns"
PREMISE = json.loads(claim("Captain Holm said that the ferry carries people.", (1, HOLM)))
GOOD = (
    judged("partly", ["become of"], PREMISE)
    + claim("The ferry carries nine hundred people a day, said Captain Holm.", (1, HOLM))
    + claim("The council wants to end the ferry in June 2026.", (2, COUNCIL))
    + claim("It lost 40,000 crowns, the Harbour Gazette wrote.", (2, GAZETTE))
)
PLACES = st.integers(0, len(GOOD))


def read(reply: str) -> Draft:
    draft = Draft(QUESTION, {})
    draft.show(EVIDENCE)
    scanner = Scanner()
    for item in (*scanner.feed(reply), *scanner.end()):
        draft.take(item)
    return draft


def shown(draft: Draft) -> str:
    """All that leaves a draft."""
    claims = [*draft.claims, *([draft.premise] if draft.premise else [])]
    events = [Verified(entry, tuple(draft.citations[number - 1] for number in entry.citations)) for entry in claims]
    message = render.partial(QUESTION, Grown(Found(QUESTION, (), 2), tuple(events)), Palette.of([]), "m")
    return "\n".join((message, repr(draft.removed), repr(draft.missing), *(event.claim.text for event in events)))


def test_the_reply_that_is_damaged_below_is_good() -> None:
    draft = read(GOOD)

    assert len(draft.claims) == 3
    assert draft.premise is not None
    assert draft.removed == ()


@given(st.lists(PLACES, min_size=1, max_size=4))
def test_what_is_put_into_a_reply_anywhere_is_shown_nowhere(places: list[int]) -> None:
    reply = GOOD
    for place in sorted(places, reverse=True):
        reply = reply[:place] + MARK + reply[place:]

    assert MARK not in shown(read(reply))


@given(
    PLACES,
    PLACES,
    PLACES,
    st.sampled_from(["", '"', "{", "}", "\\", "\n", "[", "]", "<think>", "\0", "\u202e", "\ud800"]),
)
def test_a_reply_cut_moved_or_broken_brings_in_no_number_and_no_quote_of_its_own(
    start: int, end: int, target: int, sign: str
) -> None:
    start, end = min(start, end), max(start, end)
    moved = GOOD[:start] + sign + GOOD[end:]
    target = min(target, len(moved))
    draft = read(moved[:target] + GOOD[start:end] + moved[target:])

    for entry in draft.claims:
        quotes = [draft.citations[number - 1] for number in entry.citations]
        assert quotes
        assert all(quote.quote in quote.document.text for quote in quotes)
        heads = [quote.source.published or "" for quote in quotes]
        assert numbers(entry.text) <= numbers(" ".join((*(quote.quote for quote in quotes), *heads)))
    assert all(type(entry) is Claim for entry in draft.claims)
    assert all(type(entry) is Removed for entry in draft.removed)


@given(st.text(max_size=300))
def test_any_text_at_all_is_a_reply_of_which_nothing_is_shown(text: str) -> None:
    draft = read(text)

    assert draft.claims == []
    assert draft.premise is None
