"""A sentence in, its tokens out, and where a clause begins and ends among them.

Every function takes a sentence and the number of a token in it, and looks from there to the left or to the right.
What stands between quotation marks is one token: whatever was said in it is not part of the sentence's grammar.
Pure functions.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Sequence
from enum import StrEnum
from typing import NamedTuple

from index.speaking.lexicon import (
    BREAKING,
    CALLING,
    CLAUSE_PRONOUNS,
    DASHES,
    DETERMINERS,
    FINITE,
    FIRST_PERSON,
    FORMAL,
    NEGATIONS,
    NO_PARTICIPLES,
    OBJECTS,
    PLAIN,
    PREPOSITIONS,
    STOPS,
    TELLING,
    TIME,
    word_set,
)
from index.speaking.marks import Quote
from index.types import Span

_TOKEN = re.compile(
    r"[^\W_]{2,}+(?= )"  # most words; what follows would find them too, and takes twice as long
    r"|(?:[A-Za-z]\.){2,}"  # U.S.
    r"|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Prof|St|Jr|Sr|Rev|Hon|Capt|Cmdr|Adm|No|vs)\."
    r"|[^\W_]+(?:[’'\-&/][^\W_]+|\.(?=\d)\d+|,(?=\d{3})\d+)*[’']?(?=\W|$|_)"  # don’t, well-known, 1.5, 10,000, critics’
    r"|\.\.\.|[^\w\s]|_"
)
_PAST = re.compile(r"[a-z]{2,}(?:ed|ies)")  # and the plurals in -ies, which are few

# How far a rule looks, in tokens; set by hand on the development texts.
_LONGEST_PHRASE = 12  # of an adverbial, or of the one who is told
_LONGEST_ASIDE = 12  # between two commas
_LONGEST_SUBJECT = 16  # of a reported clause, up to its verb
_LONGEST_AS = 10  # "as X said"
_REPORT_WITHIN = 6  # ", and X said"
_SHORTEST_PARTICIPLE = 6  # letters: "saying", no "bring"

_NO_CLAUSE = PREPOSITIONS | word_set("and so or but")  # no clause begins with them
_NO_STRICT_CLAUSE = BREAKING | word_set("yes no hello goodbye")
_CLAUSE_ENDS = word_set("; : — ,")
_FRAMES = PREPOSITIONS | BREAKING | TIME | word_set("when because if and but so as asked yet meanwhile still now")
_PAUSES = DASHES | word_set(", -")
_NOT_TOLD = word_set("to how what why whether") | CLAUSE_PRONOUNS | PREPOSITIONS | TIME  # end the phrase of who is told
_AFTER_PHRASE = (CLAUSE_PRONOUNS - word_set("it this these those")) | word_set("whether")  # end an adverbial
_TIME_WITH_ANOTHER = word_set("this last there here may")  # tell the time only beside another such word: "this week"
_AS_VERBS = (PLAIN | FORMAL) - word_set("read begin began")
_NEW_REPORT = PLAIN - word_set("report claim note")
_OPEN_MARKS = word_set("( : ’ ' $ -")  # stops that do not end a frame: "he said ("


class Token(NamedTuple):
    """A word, a stop, or a whole quote: a tuple, since one is made for every word of a text."""

    start: int
    end: int
    text: str
    lower: str
    quote: Quote | None = None

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number."""
        return self.quote is None and self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.quote is None and self.text[0].isupper()


class Sentence(tuple[Token, ...]):
    """The tokens of a sentence in order, without the stops at its end."""

    __slots__ = ()

    def lower(self, at: int) -> str:
        """A token in lower case; nothing before the first and behind the last."""
        return self[at].lower if 0 <= at < len(self) else ""

    def is_quote(self, at: int) -> bool:
        """Whether there is a token of this number, and it is a quote."""
        return 0 <= at < len(self) and self[at].quote is not None

    def find(self, word: str, first: int, until: int) -> int | None:
        """The first token, from one up to another, that is a word or a stop."""
        return next((at for at in range(first, min(until, len(self))) if self[at].lower == word), None)

    def has(self, wanted: Container[str], first: int, until: int) -> bool:
        """Whether one of some words stands among the tokens from one up to another."""
        return any(token.lower in wanted for token in self[first:until])

    def token_at(self, offset: int) -> int:
        """The first token that begins at a place of the text or behind it."""
        return bisect_left(self, offset, key=lambda token: token.start)

    def span(self, first: int, until: int) -> Span:
        """Where the tokens from one up to another stand in the text."""
        return self[first].start, self[until - 1].end


class Opening(StrEnum):
    """With what the words begin that somebody is said to have said."""

    QUOTE = "quote"
    CLAUSE = "clause"
    SPEECH = "speech"  # a sentence given as it was said, without marks, behind a colon or a comma


def read(text: str, start: int, end: int, quotes: Sequence[Quote]) -> Sentence:
    """The sentence `text[start:end]`; quotes that begin in it are tokens of it."""
    tokens: list[Token] = []
    for quote in (*quotes, None):
        until = max(start, min(quote.opened, end)) if quote else end
        tokens += [
            Token(match.start(), match.end(), word := match.group(), word.lower())
            for match in _TOKEN.finditer(text, start, until)
        ]
        if quote:
            first = text[quote.start : quote.start + 1]
            tokens.append(Token(quote.opened, quote.closed, f"“{first}”", "“”", quote))
            start = quote.closed
    while tokens and tokens[-1].lower in STOPS:
        tokens.pop()
    return Sentence(tokens)


# ── Where a clause begins ────────────────────────────────────────────────────────────────────────────────────────────


def begins_clause(sentence: Sentence, at: int, *, strict: bool) -> bool:
    """Whether a clause with a verb of its own begins at a token: "said | the war was over".

    Args:
        strict: a noun phrase alone is not enough: "announced | a plan" says nothing.
    """
    if at >= len(sentence) or not sentence[at].is_word:
        return False
    token = sentence[at]
    if token.lower in CLAUSE_PRONOUNS:
        return token.lower != "that"
    if token.lower in _NO_CLAUSE or (strict and token.lower in _NO_STRICT_CLAUSE):
        return False
    for i in range(at + 1, min(at + _LONGEST_SUBJECT, len(sentence))):
        low = sentence[i].lower
        if low in FINITE:
            return True
        if low in _CLAUSE_ENDS or (strict and low in ("and", "or")):
            break
        is_past = _PAST.fullmatch(low) and not sentence[i].is_capital
        if is_past and sentence.lower(i - 1) not in DETERMINERS:
            return True
    return not strict and (token.lower in DETERMINERS or token.is_capital)


def is_clause(sentence: Sentence, first: int, until: int) -> bool:
    """Whether tokens, from one up to another, are a clause of their own and no frame like "In a letter,"."""
    first = next((i for i in range(first, until) if sentence[i].is_word or sentence[i].quote), until)
    opening = sentence.lower(first)
    if first == until or opening in _FRAMES or opening.endswith("ly"):
        return False
    return sentence.has(FINITE, first, until)


# ── Between a cue and its words ──────────────────────────────────────────────────────────────────────────────────────


def after_adverbials(sentence: Sentence, at: int, verb: str) -> int:
    """The token after all that may stand between a cue and its words: "told | CNN on Monday in Ohio | that"."""
    if verb in TELLING:
        at = _after_listener(sentence, at)
    while at < len(sentence):
        token = sentence[at]
        if _is_adverb(sentence, at):
            at += 1
        elif token.lower in PREPOSITIONS and at + 1 < len(sentence) and not sentence[at + 1].quote:
            end = _after_preposition(sentence, at)
            if sentence.lower(end) in FINITE:
                return at  # it was the subject of a clause after all
            at = end
        elif token.lower == "," and (closed := _after_aside(sentence, at)):
            at = closed
        else:
            return at
    return at


def _after_listener(sentence: Sentence, at: int) -> int:
    """The token after the one who is told: "told | reporters at the White House | on Monday"."""
    if sentence.lower(at) in OBJECTS:
        return at + 1
    if at >= len(sentence) or not sentence[at].is_word or sentence[at].lower in ("that", "of"):
        return at
    end = at + 1
    while end < len(sentence) and end - at < _LONGEST_PHRASE and sentence[end].is_word:
        token, before = sentence[end], sentence[end - 1]
        if token.lower in _NOT_TOLD or (token.lower in DETERMINERS and before.lower not in ("of", "at", "all")):
            break
        a_name_begins = token.is_capital and not before.is_capital  # "told reporters | Smith was ill"
        if a_name_begins and before.lower not in DETERMINERS and before.lower not in ("of", "and"):
            break
        end += 1
    return end


def _is_adverb(sentence: Sentence, at: int) -> bool:
    token = sentence[at]
    if token.lower in TIME:
        return token.lower not in _TIME_WITH_ANOTHER or sentence.lower(at + 1) in TIME
    return token.lower.endswith("ly") and len(token.lower) > 4 and token.is_word


def _after_preposition(sentence: Sentence, at: int) -> int:
    """The token after a phrase that a preposition opens: "said | in a letter to Congress | that"."""
    end = at + 1
    while end < len(sentence) and end - at < _LONGEST_PHRASE and sentence[end].is_word:
        low, before = sentence[end].lower, sentence[end - 1].lower
        if low in _AFTER_PHRASE:
            break
        if end > at + 1 and low in FINITE:
            break
        if end > at + 1 and low in DETERMINERS and before not in PREPOSITIONS and before not in DETERMINERS:
            break
        end += 1
    return end


def _after_aside(sentence: Sentence, at: int) -> int:
    """The "that" behind an aside which begins with this comma: "said, as before, | that"; 0 where there is none."""
    comma = sentence.find(",", at + 1, at + _LONGEST_ASIDE)
    return comma + 1 if comma and sentence.lower(comma + 1) == "that" else 0


def ends(sentence: Sentence, at: int) -> bool:
    """Whether the sentence ends before a token, or a stop stands there."""
    if at >= len(sentence):
        return True
    token = sentence[at]
    return not token.is_word and token.quote is None and token.lower not in _OPEN_MARKS


# ── Where a clause ends ──────────────────────────────────────────────────────────────────────────────────────────────


def reported(sentence: Sentence, at: int, opening: Opening | None = None, *, relative: bool = False) -> list[Span]:
    """From the first token of what was said to its end: one span, or none where nothing follows.

    Args:
        opening: a quote or a clause, as the token shows by itself, if not given.
        relative: the cue stands in a relative clause: "Smith, who says | that it rains, | left".
    """
    if at >= len(sentence):
        return []
    if opening is Opening.QUOTE or (opening is None and sentence[at].quote):
        # “Partners in Europe and others,” but in the end, “ultimately ...” is one report.
        goes_on = at + 1 < len(sentence) and (sentence[at + 1].is_word or sentence[at + 1].lower == ",")
        stop = clause_end(sentence, at) if goes_on and sentence.lower(at - 1) != ":" else at + 1
    else:
        stop = clause_end(sentence, at)
        comma = sentence.find(",", at, stop) if relative else None
        stop = stop if comma is None else comma
    return [sentence.span(at, stop)] if stop > at else []


def clause_end(sentence: Sentence, at: int) -> int:
    """The token after the last of a reported clause."""
    for i in range(at, len(sentence)):
        low = sentence[i].lower
        if low == ";" or (low in _PAUSES and _ends_report(sentence, i)):
            return i
        if low == "while" and i > at and _names_reporter(sentence, i + 1):
            return i
    return len(sentence)


def _ends_report(sentence: Sentence, at: int) -> bool:
    """Whether the reporter speaks again after a comma or a dash."""
    following = sentence.lower(at + 1)
    if sentence[at].lower == ",":
        if following in BREAKING:
            return True
        # Of 50 such clauses in the development set 42 were the reporter's: ", adding that", ", throwing a wrench".
        if following.endswith("ing") and len(following) >= _SHORTEST_PARTICIPLE and following not in NO_PARTICIPLES:
            return True
    if following == "according" or (following == "even" and sentence.lower(at + 2) == "though"):
        return True
    if following == "as":
        return as_cue(sentence, at + 1) is not None
    if following in ("and", "but", "while") and _is_new_report(sentence, at + 2):
        return True
    return following in ("and", "but", "so") and sentence.lower(at + 2) in FIRST_PERSON


def _names_reporter(sentence: Sentence, at: int) -> bool:
    """Whether a report begins with a name, which needs no comma: "said it was safe while | Brandt warned that"."""
    return at < len(sentence) and sentence[at].is_capital and _is_new_report(sentence, at)


def _is_new_report(sentence: Sentence, at: int) -> bool:
    """Whether another report begins at a token: "..., and | Smith said", "..., and | said"."""
    for token in sentence[at : at + _REPORT_WITHIN]:
        if token.lower in _NEW_REPORT:
            return True
        if not token.is_word:
            return False
    return False


def as_cue(sentence: Sentence, at: int) -> int | None:
    """The cue of "as X said" or "as X put it" that begins at a token."""
    for i in range(at + 2, min(at + _LONGEST_AS, len(sentence))):
        token = sentence[i]
        if token.quote or token.lower in (",", ";", ":"):
            return None
        if token.lower in _AS_VERBS and ends(sentence, after_adverbials(sentence, i + 1, token.lower)):
            return i
        if token.lower in ("put", "puts") and sentence.lower(i + 1) == "it":
            return i
    return None


# ── Whether it was said ──────────────────────────────────────────────────────────────────────────────────────────────


def is_unsaid(sentence: Sentence, at: int, first: int) -> bool:
    """Whether nobody says it: "he did not say that", "refuses to concede that", "if he had said".

    Args:
        at: the verb.
        first: the first token of its subject.
    """
    verb = sentence[at].lower
    between = [token.lower for token in sentence[first:at]]
    if any(word in NEGATIONS or word.endswith(("n’t", "n't")) for word in between):
        return True
    if verb in CALLING and sentence.lower(first - 1) == "what":
        return True  # "what he calls the ..."
    if verb.startswith("call") and sentence.lower(at - 2) in ("a", "an", "something", "the"):
        noun = sentence[at - 1]
        if noun.is_word and not noun.is_capital:
            return True  # "a report called ..."
    clause = max((i for i in range(first) if sentence[i].lower == ","), default=-1) + 1
    return (
        sentence.lower(clause) == "if"
        or sentence.lower(first - 1) in ("if", "unless", "whether")
        or sentence.lower(first) in ("nobody", "nothing", "none", "no", "unless", "suppose")
    )
