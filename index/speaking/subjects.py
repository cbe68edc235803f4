"""A verb of saying in a sentence in, who says it out: the phrase before it, behind it, or of the clause around it.

    The minister, who fled, | has often | said        the phrase before, past what belongs to the verb
    “No,” | said | Maria Keller, who ...              behind the verb
    Smith criticised the plan, | saying               the subject of the clause around

Functions take the sentence, the token of the verb, and where they need it the subjects of earlier cues in the same
sentence. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.speaking.clause import Sentence, after_adverbials, ends
from index.speaking.lexicon import (
    ADVERBS,
    ALSO_NOUNS,
    ARTICLES,
    AUXILIARIES,
    BASE,
    BEING,
    BREAKING,
    CALLING,
    CLAUSE_PRONOUNS,
    CUES,
    DASHES,
    DETERMINERS,
    FINITE,
    FORMAL,
    HINTING,
    PLAIN,
    PLURALS,
    PREPOSITIONS,
    PRONOUNS,
    SINGULAR,
    SOURCES,
    SUBORDINATING,
    TIME,
    WISHING,
    word_set,
)
from index.types import Span

_CONTRACTED = re.compile(r"(he|she|they|we|i|you|it|who)[’'](?:s|re|m|ve|d|ll)$")

# How far a rule looks, in tokens; set by hand on the development texts.
_LONGEST_PHRASE = 16  # of a subject before its verb
_LONGEST_NAME = 14  # of a subject behind its verb, and of a source
_PLURAL_WITHIN = 9  # "the heads of the two agencies say"

_STATING = PLAIN | FORMAL
_JOINING = word_set("who that which whose")
_TIME_PHRASE = TIME | word_set("time that the")
_BEFORE_TIME = word_set("on at in by during late early")
_BEFORE_INFINITIVE = word_set("used on likes liked continued")  # "he used to say", "went on to say"
_BEFORE_PARTICIPLE = word_set("by and while before after")  # "before adding that"
_NO_WRITER = PREPOSITIONS | DETERMINERS  # "articles claiming that", but no "of claiming that"
_NO_SUBJECT = SUBORDINATING | PREPOSITIONS  # "when asked whether": it does not say by whom
_NO_KNOWER = word_set("it which nothing everything")  # "nothing suggests that"
_BETWEEN_VERBS = DASHES | word_set("and or but , - ) ;")
_PHRASE_BORDERS = FINITE | PRONOUNS | SUBORDINATING | word_set("that but or")
_IN_NAMES = word_set("’ ' & -")  # stops that do not end a phrase: "the head of Marks & Spencer"
_BEFORE_PREPOSITION = PREPOSITIONS | CUES | word_set("and but that")
_OPENING = PREPOSITIONS | SUBORDINATING | BREAKING | TIME | word_set("asked pressed")
_CONNECTIVES = word_set("and but so then now yet or still even both")
_AFTER_SUBJECT = FINITE | AUXILIARIES | _JOINING
_APPOSED = word_set(", ( ) - &")
_INVERTED_AFTER = DASHES | word_set(", so then")
_INVERTED_PRONOUNS = PRONOUNS - word_set("i it you who")
_TITLES = word_set("former president senior")  # begin a name without a capital
_NO_NAME = (TIME | PREPOSITIONS | CLAUSE_PRONOUNS) - DETERMINERS
_AFTER_NAME = FINITE | PRONOUNS | word_set("that on in at during to")
_BEHIND_NAME = PREPOSITIONS | TIME | word_set("who")
_LOWER_IN_NAMES = word_set("of de and van von")
_IN_SOURCES = _IN_NAMES | word_set(".")
_AFTER_SOURCE = word_set("who which that released published obtained in on during")
_OWNING = word_set("his her their its")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who does what a verb says."""

    span: Span | None  # None where the sentence does not say
    first: int  # the first token of the phrase, and of what belongs to the verb


# ── Before the verb ──────────────────────────────────────────────────────────────────────────────────────────────────


def subject(sentence: Sentence, at: int, earlier: Sequence[Span]) -> Subject | None:
    """Who does what the verb at a token says; None where that is a noun, or a verb that nobody does."""
    contracted = _CONTRACTED.match(sentence.lower(at - 1))
    if contracted:
        start = sentence[at - 1].start
        return Subject((start, start + len(contracted[1])), at - 1)
    left = at - 1
    while left >= 0 and _belongs_to_verb(sentence, left):
        left -= 1
    helpers = [token.lower for token in sentence[left + 1 : at]]
    auxiliary, passive = not AUXILIARIES.isdisjoint(helpers), not BEING.isdisjoint(helpers)
    participle = sentence[at].lower.endswith("ing")
    left = _before_time(sentence, left)
    if left < 0:
        return Subject(None, 0) if participle or auxiliary else None
    if sentence[left].lower == "to":
        return _of_infinitive(sentence, at, left, earlier)
    if passive and not participle:
        return _of_passive(sentence, at, left)
    if participle and not auxiliary:
        return _of_participle(sentence, at, left, earlier)
    if not auxiliary and not _agrees(sentence, left, sentence[at].lower):
        return None
    return _of_finite(sentence, at, left, earlier)


def _belongs_to_verb(sentence: Sentence, at: int) -> bool:
    token = sentence[at]
    return token.lower in ADVERBS or token.lower in AUXILIARIES or (token.is_word and token.lower.endswith("ly"))


def _before_time(sentence: Sentence, left: int) -> int:
    """The token before "last week", "on Tuesday" or "at the time" that ends at a token: "Smith | on Tuesday | said"."""
    at = left
    while at > 0 and sentence[at].lower in _TIME_PHRASE:
        at -= 1
    if at == left or sentence[left].lower in ("the", "that"):
        return left
    if sentence[at].lower in _BEFORE_TIME:
        at -= 1
    return at if at >= 0 and (sentence[at].is_word or sentence[at].lower == ",") else left


def _of_infinitive(sentence: Sentence, at: int, to: int, earlier: Sequence[Span]) -> Subject | None:
    """Of an infinitive: "he used | to say"; any other counts before "that" alone, where who says it can know."""
    main = main_subject(sentence, to, earlier)
    if sentence.lower(to - 1) in _BEFORE_INFINITIVE:
        return Subject(main, to - 1)
    if sentence.lower(at + 1) != "that" or (main and not _is_source(sentence, main)):
        return None
    return Subject(main, to)


def _of_passive(sentence: Sentence, at: int, left: int) -> Subject | None:
    """Of a passive: "it was said that", by somebody; "he was accused of" is about him, and no words of his."""
    verb = sentence[at].lower
    if verb in CALLING or verb in WISHING or not verb.endswith(("d", "t", "n")):
        return None
    return Subject(None, left + 1)


def _of_participle(sentence: Sentence, at: int, left: int, earlier: Sequence[Span]) -> Subject | None:
    """Of a participle: the main subject, as in "Smith left, | saying that"; else "articles | claiming that"."""
    token = sentence[left]
    if not token.is_word or token.lower in _BEFORE_PARTICIPLE:
        main = main_subject(sentence, left, earlier)
        if sentence[at].lower in HINTING and main and not _is_source(sentence, main):
            return None
        return Subject(main, left + 1)
    if sentence.lower(at + 1) == "that" and token.lower not in _NO_WRITER:
        return Subject(noun_phrase(sentence, left), left + 1)
    return None


def _of_finite(sentence: Sentence, at: int, left: int, earlier: Sequence[Span]) -> Subject | None:
    """Of any other form: "Smith | said", "he | said", "a minister who | said", "Smith resigned and | said"."""
    token, verb = sentence[left], sentence[at].lower
    if token.lower in ARTICLES or token.lower in _NO_SUBJECT:
        return None  # "the claim", "his reports", "when asked"
    if token.lower in _NO_KNOWER and verb in HINTING:
        return None
    if token.lower == "who" or (token.lower in ("that", "which") and verb in _STATING):
        return Subject(noun_phrase(sentence, left - 1 - (sentence.lower(left - 1) == ",")), left)
    if token.lower == "which":
        return None
    if token.lower in PRONOUNS:
        return Subject((token.start, token.end), left)
    if token.lower in _BETWEEN_VERBS:
        return None if verb.endswith("ing") else _of_second_verb(sentence, left, earlier)
    if token.quote:
        return Subject(None, left + 1)
    phrase = noun_phrase(sentence, left)
    if phrase is None or (verb in HINTING and not _is_source(sentence, phrase)):
        return None
    return Subject(phrase, sentence.token_at(phrase[0]))


def _of_second_verb(sentence: Sentence, left: int, earlier: Sequence[Span]) -> Subject:
    """Of a second verb, or behind a comma: "Smith resigned and | said", "the chairman, Kelly Armstrong, | said"."""
    apposed = sentence[left].lower == ","
    main = main_subject(sentence, left, earlier, apposed=apposed)
    # A subject with an apposition stands right before the verb, and none of it is what was said.
    return Subject(main, sentence.token_at(main[0]) if main and apposed else left + 1)


def _agrees(sentence: Sentence, left: int, verb: str) -> bool:
    """Whether a form can be the verb of what stands before it: "critics claim", "Smith claims", no "the report claims".

    Forms in -ed and -ing and irregular ones agree with everybody.
    """
    before = sentence[left]
    if not before.is_word:
        return True
    if verb in SINGULAR:
        doubtful = verb in ALSO_NOUNS and not before.is_capital and before.lower not in PRONOUNS
        return not before.lower.endswith(("’s", "'s")) and not (doubtful and before.lower.endswith("s"))
    if verb in BASE:
        return any(_is_plural(sentence, i) for i in range(left, max(-1, left - _PLURAL_WITHIN), -1))
    return True


def _is_plural(sentence: Sentence, at: int) -> bool:
    word = sentence[at].lower
    if word in PLURALS or word == "and":
        return True
    return sentence[at].is_word and word.endswith("s") and not word.endswith(("’s", "'s", "ss", "us", "is"))


def _is_source(sentence: Sentence, phrase: Span) -> bool:
    """Whether a phrase names one who can know: a person, an institution, a survey; not "this" or "the mood"."""
    inside = sentence[sentence.token_at(phrase[0]) : sentence.token_at(phrase[1])]
    last = inside[-1]
    return (
        last.is_capital
        or last.lower in ("he", "she", "they", "who")
        or last.lower.endswith("ers")
        or SOURCES.search(" ".join(token.text for token in inside)) is not None
    )


# ── Phrases ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def noun_phrase(sentence: Sentence, last: int) -> Span | None:
    """The noun phrase that ends at a token: back to a determiner, a stop, a verb or the beginning."""
    if last < 0 or not sentence[last].is_word:
        return None
    first = last
    while first > 0 and last - first < _LONGEST_PHRASE:
        if sentence[first - 1].lower in ("who", "which", "whose") and first > 1:
            # "A minister who fled says": it is the minister.
            return noun_phrase(sentence, first - 2 - (sentence.lower(first - 2) == ","))
        if _begins_phrase(sentence, first):
            break
        first -= 1
    return sentence.span(first, last + 1)


def _begins_phrase(sentence: Sentence, first: int) -> bool:
    """Whether the token before one is not in the same phrase."""
    before = sentence[first - 1]
    if before.lower in _PHRASE_BORDERS or not (before.is_word or before.lower in _IN_NAMES):
        return True
    if before.lower == "and":
        return not (first > 1 and sentence[first - 2].is_capital and sentence[first].is_capital)
    if before.lower.endswith("ed") and not before.is_capital and sentence[first].lower in DETERMINERS:
        return True  # "the office issued | a report that": it is the report
    if before.lower in PREPOSITIONS:
        return first == 1 or not sentence[first - 2].is_word or sentence[first - 2].lower in _BEFORE_PREPOSITION
    return False


def main_subject(sentence: Sentence, before: int, earlier: Sequence[Span], *, apposed: bool = False) -> Span | None:
    """The subject of the clause before a token: of the cue before, or the phrase with which the sentence begins.

    Args:
        earlier: the subjects of the cues before, in order.
        apposed: a name may follow it between commas: "the party chairman, Kelly Armstrong, | said".
    """
    for span in reversed(earlier):
        if span[0] < sentence[before].start:
            return span
    first = _after_opening(sentence, before)
    if first is None:
        return None
    last = first
    while last < before and _goes_on(sentence, first, last, apposed=apposed):
        last += 1
    return sentence.span(first, last) if last > first and sentence[first].is_word else None


def _goes_on(sentence: Sentence, first: int, at: int, *, apposed: bool) -> bool:
    """Whether a token belongs to the subject that begins at the first one."""
    token = sentence[at]
    if apposed and token.lower in _APPOSED:
        return True
    if not token.is_word or token.lower in _AFTER_SUBJECT or (not apposed and token.lower in PREPOSITIONS):
        return False
    if at == first or token.is_capital:
        return True
    return token.lower not in CUES and (apposed or not token.lower.endswith(("ed", "es")))


def _after_opening(sentence: Sentence, before: int) -> int | None:
    """The first token after "Meanwhile,", "In a letter," or "Speaking in Ohio,"."""
    first = 0
    while first < before:
        low = sentence[first].lower
        if not sentence[first].is_word or low in _CONNECTIVES:
            first += 1
        elif low in _OPENING or low.endswith("ing") or (low.endswith("ly") and sentence.lower(first + 1) not in FINITE):
            comma = sentence.find(",", first, before)
            if comma is None:
                return None
            first = comma + 1
        else:
            return first
    return None


# ── Behind the verb ──────────────────────────────────────────────────────────────────────────────────────────────────


def inverted(sentence: Sentence, at: int, first: int) -> tuple[int, int] | None:
    """Who speaks in "..., said | Maria Keller |, who ...": the first token of the phrase and the one after it.

    Args:
        at: the verb.
        first: the token after the verb and what belongs to it: "..., pointed out | Maria Keller".
    """
    behind_quote = sentence.is_quote(at - 1)
    if at > 0 and not behind_quote and sentence[at - 1].lower not in _INVERTED_AFTER:
        return None
    if first >= len(sentence) or not sentence[first].is_word:
        return None
    if sentence[first].lower in _INVERTED_PRONOUNS:
        alone = ends(sentence, after_adverbials(sentence, first + 1, "said"))
        return (first, first + 1) if alone else None
    if sentence[first].lower in _NO_NAME or not (behind_quote or _may_begin_name(sentence, first)):
        return None
    last = first
    while last < len(sentence) and last - first < _LONGEST_NAME and sentence[last].is_word:
        if sentence[last].lower in _AFTER_NAME or (sentence[last].lower in TIME and not sentence[last].is_capital):
            break
        last += 1
    if last == first or (last == first + 1 and sentence[first].lower in DETERMINERS):
        return None
    return (first, last) if behind_quote or _is_name(sentence, first, last) else None


def _may_begin_name(sentence: Sentence, at: int) -> bool:
    token = sentence[at]
    return token.is_capital or token.lower in DETERMINERS or token.lower in _TITLES


def _is_name(sentence: Sentence, first: int, last: int) -> bool:
    """Whether a phrase behind a verb is a name and no clause: "said Trump continued" is one."""
    for i in range(first + 1, last):
        plain = not sentence[i].is_capital and sentence[i].lower not in _LOWER_IN_NAMES
        if plain and sentence[i - 1].is_capital:
            return False
    return last == len(sentence) or not sentence[last].is_word or sentence[last].lower in _BEHIND_NAME


# ── Without a verb ───────────────────────────────────────────────────────────────────────────────────────────────────


def source(sentence: Sentence, first: int, until: int) -> Span | None:
    """Who is named behind "according to", without what was done with it: "a report | released on Monday by ..."."""
    last = first
    while last < until and last - first < _LONGEST_NAME:
        token = sentence[last]
        if not (token.is_word or token.lower in _IN_SOURCES) or (last > first and token.lower in _AFTER_SOURCE):
            break
        last += 1
    return sentence.span(first, last) if last > first else None


def owner(sentence: Sentence, at: int) -> Span | None:
    """Whose the noun at a token is: "Maria Keller’s | claim", "her | claim"; None where nobody owns it."""
    last = at - 1
    if not sentence.lower(last).endswith(("’s", "'s", "s’")) and sentence.lower(last) not in _OWNING:
        return None
    first = last
    while first > 0 and sentence[first - 1].is_capital and sentence[first].is_capital:
        first -= 1
    return sentence.span(first, at)
