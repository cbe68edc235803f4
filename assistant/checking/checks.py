"""A sentence that a model proposes and the evidence it was shown in, the exact places of its quotes and what is wrong
with it out. A claim exists only where nothing is wrong.

One small function a rule, each with a code of its own. Nothing is mended here: a sentence passes as the model wrote it,
is asked for once more, or is removed. Pure functions: no model, no index, no screen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checking import attribution, grounds, neutrality, portions
from assistant.checking.negation import cut_off, negates, says_no
from assistant.checking.numerals import numbers
from assistant.checking.quotes import Place, find, normal, visible, word_count
from assistant.checking.shown import Located, Problem, Shown
from assistant.writing import blocks
from assistant.writing.evidence import Evidence
from assistant.writing.parse import Proposal
from index.terms import stem

MOST_QUOTES = 6  # a sentence
SHORTEST_QUOTE, LONGEST_QUOTE = 4, 40  # words
LONGEST_CLAIM = 60  # words
_LONGEST_TEXT = 600  # characters
_SUPPORTED = 0.5  # share of a claim's content words that its passages or the question hold (LOG.md)

# What may stand in a sentence. Everything with which HTML, Markdown or a terminal begins something is left out.
_SIGNS = frozenset(" .,;:!?'\"’‘“”„«»‹›()-–—‐‑−…%‰&/+×°§$½¼¾²³₂№「」『』《》（）")
_LINK = re.compile(
    r"//|\bwww\.|\b[a-z][a-z0-9+.-]*:(?=\S)|\b[\w-]+\.(?:com|org|net|io|info|biz|ru|de|eu|uk|us|ai|app|dev|example|xyz)\b"
    r"|&(?:#|[a-z]+;)",
    re.IGNORECASE,
)
_PLAIN = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Po", "Sc"})
_BESIDE = 24  # characters beside a quote in which the rest of a number may stand
_ISO = re.compile(r"(?<!\d)\d{4}-\d{2}(?:-\d{2})?(?!\d)")


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a proposal."""

    proposal: Proposal
    quotes: tuple[Located, ...]  # those that were found
    problems: tuple[Problem, ...]


def check(proposal: Proposal, shown: Shown) -> Checked:
    """Hold one proposal against the evidence."""
    problems = [*length(proposal), *markup(proposal.text, shown.boundary), *cites(proposal)]
    located: list[Located] = []
    for quoted in proposal.quotes[:MOST_QUOTES]:  # more are a problem already, and save nothing
        found, wrong = locate(quoted.passage, quoted.quote, shown)
        located += found
        problems += wrong
    if not problems:
        # Of a sentence without a sound proof there is nothing more to say.
        unproven = [*names(proposal, located, shown)]
        problems += [*figures(proposal, located, shown), *unproven, *negation(proposal, located)]
        problems += [*wording(proposal, located, shown), *attribution.marked(proposal, located, shown)]
        said = attribution.speakers(proposal, located, shown)
        problems += (wrong for wrong in said if not (unproven and wrong.code == "wrong_speaker"))  # it is the same name
        problems += [*neutrality.loaded(proposal, located), *neutrality.opinions(proposal, located, shown)]
        problems += neutrality.one_sided(proposal, located, shown)
    return Checked(proposal, tuple(located), tuple(dict.fromkeys(problems)))


def length(proposal: Proposal) -> Iterator[Problem]:
    """V1: it is one sentence or two, not a page."""
    words = len(proposal.text.split())
    if not any(letter.isalnum() for letter in proposal.text):
        yield Problem("empty", "it has no words")
    elif words > LONGEST_CLAIM or len(proposal.text) > _LONGEST_TEXT:
        yield Problem("too_long", "it is too long", f"it has {words} words, at most {LONGEST_CLAIM} are allowed")


def cites(proposal: Proposal) -> Iterator[Problem]:
    """V2: it has a quote, and not a heap of them."""
    if not proposal.quotes:
        yield Problem("no_quote", "it has no quote")
    elif len(proposal.quotes) > MOST_QUOTES:
        yield Problem("too_many_quotes", "it has too many quotes", f"at most {MOST_QUOTES} are allowed")


def markup(text: str, boundary: str) -> Iterator[Problem]:
    """V11: it is plain words: no link, no markup, no sign of ours, nothing invisible, no letters in disguise."""
    strange = {letter for letter in text if not _plain(letter)}
    strange |= set(text) - set(visible(text))
    if strange or _LINK.search(unicodedata.normalize("NFKC", text)) or (boundary and boundary in text):
        listed = " ".join(sorted(ascii(letter)[1:-1] for letter in strange)) or "a link or a boundary"
        yield Problem("markup", "it holds markup, a link or invisible characters", f"not allowed: {listed}")
    if any(_mixed(part) for part in re.findall(r"[^\W\d_]+", text)):
        yield Problem("mixed_scripts", "it mixes the letters of two scripts in one word")


def locate(passage: int | None, quote: str, shown: Shown) -> tuple[list[Located], list[Problem]]:
    """V3 to V5: the passage was shown, and the quote stands in it, of a fair length, cut at the border of every voice.

    It leaves nothing behind that turns its sense: no negation, no part of a number.
    """
    entry = shown.passage(passage) if passage is not None else None
    if entry is None:
        return [], [Problem("unknown_passage", "it cites a passage that was not shown", f"there is no {passage}")]
    place = find(quote, entry.text)
    if place is None:
        advice, passages = _elsewhere(quote, entry, shown)
        detail = f"not in passage {passage}: {quote!r}. {advice}"
        return [], [Problem("quote_not_found", "its quote does not stand in the passage named", detail, passages)]
    text = entry.document.text
    given = Place(entry.start + place.start, entry.start + place.end, place.match)
    cut = [Located(entry, part, given, voice) for part, voice in portions.cut(text, entry.voices, given)]
    located = cut or [Located(entry, given, given, blocks.AUTHOR)]
    size = word_count(text[given.start : given.end])
    if not SHORTEST_QUOTE <= size <= LONGEST_QUOTE:
        detail = f"{quote!r} has {size} words; {SHORTEST_QUOTE} to {LONGEST_QUOTE} are allowed"
        return located, [Problem("quote_length", "its quote is too short or too long to prove anything", detail)]
    if not cut:
        detail = f"{quote!r} runs over several speakers: quote four words or more of one of them"
        return located, [Problem("two_speakers", "its quote runs over two speakers", detail)]
    if cut_off(text, given.start, given.end):
        detail = f"a negation stands just before {quote!r}: begin the quote with it"
        return located, [Problem("negation_cut", "its quote leaves a negation behind", detail)]
    if _cuts_a_number(text, given):
        detail = f"{quote!r} holds only a part of a number: quote all of it"
        return located, [Problem("number_cut", "its quote leaves a part of a number behind", detail)]
    return located, []


def figures(proposal: Proposal, located: Sequence[Located], shown: Shown) -> Iterator[Problem]:
    """V6: every number stands in a quote or in the head of a source cited; one of the question proves nothing.

    Only a correction may repeat the question's numbers, to deny them.
    """
    question = shown.question if proposal.corrects and says_no(proposal.text) else ""
    cited = len({entry.evidence.document.id for entry in located})
    # A date may be written as it stands above the passage; its month as a number would cover any other three.
    dates = {entry.evidence.source.published for entry in located}
    text = _ISO.sub(lambda date: " " if date.group() in dates else date.group(), proposal.text)
    missing = grounds.uncovered_numbers(text, [entry.context for entry in located], _heads(located), cited, question)
    if missing:
        listed = ", ".join(f"{value:f}" for value in missing)
        yield Problem("number", "it states a number that its quotes do not hold", f"in no quote: {listed}")


def names(proposal: Proposal, located: Sequence[Located], shown: Shown) -> Iterator[Problem]:
    """V6: every name stands in a quote, in the head of a source cited, or in the question, in any spelling.

    Or it is that of a speaker: who speaks is found by code.
    """
    known = [*(entry.context for entry in located), *_heads(located), *_speakers(located), shown.question]
    missing = grounds.uncovered_names(
        proposal.text,
        known,
        shown.spellings,
        lambda word: word in shown.lower_case or stem(word) in shown.lower_case,
        shown.names.__contains__,
    )
    if missing:
        yield Problem("name", "it states a name that its quotes do not hold", f"in no quote: {', '.join(missing)}")


def negation(proposal: Proposal, located: Sequence[Located]) -> Iterator[Problem]:
    """V7: it says no where its quotes do, and only there."""
    quotes = [entry.context for entry in located]
    text = _without_titles(proposal.text, located)
    if negates(text) and not any(says_no(quote) for quote in quotes):
        yield Problem("negation", "it denies what its quotes do not deny", "the text negates, and no quote does")
    elif all(negates(quote) for quote in quotes) and not says_no(text):
        yield Problem("negation", "it leaves out the negation of its quotes", "the quotes negate, the text does not")


def wording(proposal: Proposal, located: Sequence[Located], shown: Shown) -> Iterator[Problem]:
    """It speaks of what its passages speak of: a true quote beside other words proves nothing."""
    around = [shown.question, *_heads(located), *(entry.evidence.text for entry in located)]
    if grounds.support(proposal.text, [entry.context for entry in located], around) < _SUPPORTED:
        yield Problem("wording", "its words are not those of its passages", "keep to the words of the passages")


def _heads(located: Sequence[Located]) -> list[str]:
    """What stands above a passage: where and when it was published, and by whom.

    Not its label: no claim may lean on that.
    """
    heads: list[str] = []
    for entry in located:
        document, source = entry.evidence.document, entry.evidence.source
        facts = (source.title, source.outlet, document.author, source.kind, grounds.dated(source.published))
        heads += [fact for fact in facts if fact]
    return heads


def _speakers(located: Sequence[Located]) -> list[str]:
    """Who says the quotes, and through whom they came."""
    return [name for entry in located for name in (entry.voice.speaker, *entry.voice.chain) if name]


def _without_titles(text: str, located: Sequence[Located]) -> str:
    """A text without the titles in it: "Putin does not want a deal" denies nothing where it is the name of a source.

    Only between quotation marks: the same words may be what a passage says.
    """
    plain = normal(text)[0]
    for title in {entry.evidence.source.title for entry in located}:
        plain = re.sub(rf"([\"']){re.escape(normal(title)[0].strip())}[.,]?\1", " ", plain)
    return plain


def _elsewhere(quote: str, named: Evidence, shown: Shown) -> tuple[str, tuple[int, ...]]:
    """For the model: where a quote does stand, or how it was put together."""
    for entry in shown.evidence:
        if entry is not named and find(quote, entry.text):
            return f"It stands in passage {entry.number}.", (entry.number,)
    if "..." in normal(quote)[0]:
        return "Leave nothing out: give each stretch as a quote of its own.", ()
    return "Copy it letter by letter.", ()


def _cuts_a_number(text: str, place: Place) -> bool:
    """Whether a number at the border of a quote is another one with what stands beside it: 40 | million."""
    around = text[max(0, place.start - _BESIDE) : place.end + _BESIDE]
    return not numbers(text[place.start : place.end]) <= numbers(around)


def _plain(letter: str) -> bool:
    if letter in _SIGNS:
        return True
    if letter.isascii():
        return letter.isalnum()
    # Of other scripts also the punctuation and the currencies, unless one is a sign left out above in another width.
    ours = (part for part in unicodedata.normalize("NFKC", letter) if part.isascii())
    return unicodedata.category(letter) in _PLAIN and all(map(_plain, ours))


def _mixed(word: str) -> bool:
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
    return len(scripts & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}) > 1
