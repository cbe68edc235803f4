"""A sentence in, what somebody is said to have said in it out: whose words, by which cue, from where to where.

    words and quotes ─► cues (said, according to, ...) ─► before, around or after the cue ─► attributions

The rules know the grammar of English reports: "X said that ...", "..., said X", "according to X, ...", "adding
that ...", "X put it plainly: ...". Verbs of mind (believes, wants, fears) are no cues: they say what a writer thinks
that somebody thinks. `subjects.py` finds who says it, `content.py` where the words begin, `clause.py` where
they end. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.speaking.clause import (
    Opening,
    Sentence,
    after_adverbials,
    as_cue,
    begins_clause,
    ends,
    is_clause,
    is_unsaid,
    read,
    reported,
)
from index.speaking.content import content
from index.speaking.lexicon import (
    BREAKING,
    CUES,
    DASHES,
    FINDING,
    FINITE,
    FORMAL,
    FRAMING,
    INVERTING,
    INVERTING_UNMARKED,
    LEADING,
    NOUNS,
    PLAIN,
    STOPS,
    SUBORDINATING,
    TELLING,
    word_set,
)
from index.speaking.marks import Quote
from index.speaking.subjects import inverted, main_subject, owner, source, subject
from index.types import Span

_WITHIN_SENTENCE = 60  # characters of a quote, up to which it may be the end of a sentence that begins before it
_LONGEST_FRAME = 12  # words before a colon and a quote that need no sign of saying
_LONGEST_APPOSITION = 16  # tokens between two commas

_POINTING = word_set("point points pointed pointing")
_MAKING = word_set("make makes made making")
_BEFORE_CLEAR = word_set("it that very abundantly quite perfectly absolutely plain")
_CLEAR = word_set("clear plain known explicit")
_PUTTING = word_set("put puts")
_WORD = re.compile(r"[^\W_]+")
# With these words a cue begins; a sentence without one of the others, and without a colon, gives nobody words.
_STARTS = CUES | NOUNS | _POINTING | _MAKING | word_set("according as in")
_SIGNS = CUES | NOUNS | _POINTING | _CLEAR | _PUTTING | word_set("according")

_BEHIND = INVERTING | TELLING | FINDING  # may stand behind what was said
_STATING = PLAIN | FORMAL
_CLAUSE_MARKS = DASHES | word_set(",")
_NOT_FOLLOWING = BREAKING | word_set("who whose which and a an the as after when in during")
_ASIDE_ENDS = word_set(", — ;")
_GOVERNING = SUBORDINATING | word_set("that but and")  # "that, according to Smith, ..."
_APPOSITIONS = word_set("a an the director president professor")
_RELATIVES = word_set("who whose which")
_SPOKEN_FRAME = re.compile(r"\b(?:put it|said|says|wrote|writes|adds|added)\b")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words that a sentence gives to somebody."""

    spans: tuple[Span, ...]  # of the words; more than one where the attribution stands between them
    subject: Span | None  # who is said to have said them; None where the sentence does not say
    cue: Span
    quotes: tuple[Quote, ...]  # among the words
    direct: bool  # whether the words are given as they were said: in marks, or after a colon


def attributions(text: str, start: int, end: int, quotes: Sequence[Quote]) -> list[Attribution]:
    """What the sentence `text[start:end]` gives to somebody, in order of the cues, what stands behind a colon last.

    An attribution without spans tells who speaks where the words stand in another sentence: "he said." after a quote.

    Args:
        quotes: those that begin in the sentence, in order.
    """
    if ":" not in text[start:end] and _SIGNS.isdisjoint(_WORD.findall(text[start:end].lower())):
        return []
    return _Reading(read(text, start, end, quotes)).attributions()


class _Reading:
    """One way through a sentence, from cue to cue."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.found: list[Attribution] = []
        self.subjects: list[Span] = []  # of what was found
        self.taken = 0  # tokens before this one are spoken for

    def attributions(self) -> list[Attribution]:
        at = 0
        while at < len(self.sentence):
            made = self._attribution(at) if self.sentence[at].lower in _STARTS else None
            at += 1
            if made:
                self._keep(made)
                # Cues inside of what was said belong to it: "he said that she had told him".
                behind = [end for start, end in made.spans if start > made.cue[0]]
                at = max(at, self.sentence.token_at(behind[-1])) if behind else at
        colon = self._colon()
        return [*self.found, colon] if colon else self.found

    def _attribution(self, at: int) -> Attribution | None:
        """What the word at a place gives to somebody, if it is a cue."""
        lower = self.sentence.lower
        word = lower(at)
        if word in CUES:
            # "Messages labelled “secret” by the office were sent, according to an aide": all of it is the aide's.
            return None if word not in _STATING and self._is_sourced(at) else self._verb(at, at + 1)
        if word in NOUNS and lower(at + 1) == "that":
            return self._noun(at)
        if word == "according" and lower(at + 1) == "to":
            return self._according(at, at + 2)
        if word == "in" and [lower(at + i) for i in (1, 2, 3)] == ["the", "words", "of"]:
            return self._according(at, at + 4)
        if word == "as":
            return self._as(at)
        if word in _POINTING and lower(at + 1) == "out":
            return self._verb(at, at + 2, clear=True)
        if word in _MAKING and (after := self._after_clear(at + 1)):
            return self._verb(at, after, clear=True)
        return None

    def _is_sourced(self, at: int) -> bool:
        """Whether "according to" stands behind a token, and nothing but its source behind that."""
        end = len(self.sentence)
        tail = self.sentence.find("according", at, end)
        return tail is not None and not self.sentence.has(FINITE, tail, end)

    def _keep(self, made: Attribution) -> None:
        self.found.append(made)
        if made.subject:
            self.subjects.append(made.subject)
        ends = [self.sentence.token_at(end) for _, end in made.spans]
        self.taken = max(self.taken, self.sentence.token_at(made.cue[1]), *ends)

    def _made(self, spans: Sequence[Span], subject: Span | None, cue: int, *, direct: bool = False) -> Attribution:
        quotes = [
            token.quote
            for token in self.sentence
            if token.quote and any(start <= token.start and token.end <= end for start, end in spans)
        ]
        bare = bool(quotes) and all(
            any(quote.opened <= start and end <= quote.closed for quote in quotes) for start, end in spans
        )
        cue_span = self.sentence.span(cue, cue + 1)
        return Attribution(tuple(spans), subject, cue_span, tuple(quotes), direct or bare)

    # Verbs

    def _verb(self, at: int, after: int, *, clear: bool = False) -> Attribution | None:
        """Words beside a verb: "X said that ...", "..., said X", "..., X said", "... X said, ...".

        Args:
            after: the token after the verb and what belongs to it.
            clear: it is no verb of saying by itself: "pointed out", "made it clear".
        """
        sentence, verb = self.sentence, self.sentence[at].lower
        who = inverted(sentence, at, after) if self._may_invert(at) else None
        sayer = subject(sentence, at, self.subjects)
        if sayer is None and who is None:
            return None  # a noun, or an infinitive
        if sayer and is_unsaid(sentence, at, sayer.first):
            return None
        if who and (spans := self._preceding(at)) is not None:
            return self._made(spans + self._behind_inversion(at, who[1]), sentence.span(*who), at)
        phrase, first = (sayer.span, sayer.first) if sayer else (None, 0)
        before = self._before(at, first, after) if sayer and not verb.endswith("ing") else None
        found = content(sentence, verb, after, clear=clear)
        if found:
            begins, opening = found
            if before and not self._only_quotes(before) and not is_clause(sentence, self.taken, first):
                before = None  # "In a letter, Smith said, ...": a frame, and no words of Smith's
            relative = sayer is not None and sentence[first].lower == "who"
            spans = [*(before or ()), *reported(sentence, begins, opening, relative=relative)]
            if spans:
                return self._made(spans, phrase, at, direct=opening is Opening.SPEECH)
        if before is None or not self._may_stand_behind(verb, before):
            return None
        return self._made(before + self._following(after_adverbials(sentence, after, verb)), phrase, at)

    def _may_invert(self, at: int) -> bool:
        verb = self.sentence[at].lower
        marked = self.sentence.is_quote(at - 1) or self.sentence.is_quote(at - 2)
        return verb in _POINTING or verb in (INVERTING if marked else INVERTING_UNMARKED)

    def _may_stand_behind(self, verb: str, words: Sequence[Span]) -> bool:
        """Whether a verb may stand behind what was said: "..., Smith said"; "he began" only behind a quote."""
        return verb in _POINTING or (verb in _BEHIND and (verb not in LEADING or self._only_quotes(words)))

    def _behind_inversion(self, at: int, rest: int) -> list[Span]:
        """What goes on after "..., said X": a quote; or a clause that the attribution cuts in two."""
        sentence = self.sentence
        spans = self._following_quote(rest)
        if sentence.lower(rest) == "," and sentence.lower(at - 2) in FINITE:
            spans += reported(sentence, rest + 1, Opening.CLAUSE)  # "Europe is, writes Thomas Fazi, | a risk"
        return spans

    # What was said before a cue

    def _before(self, at: int, first: int, after: int) -> list[Span] | None:
        """The words before "X said", if that stands behind a quote, or behind a comma and nothing else follows."""
        sentence = self.sentence
        if sentence.is_quote(first - 1):
            return self._preceding(first)
        if first != 0 and not (first > 1 and sentence[first - 1].lower in _CLAUSE_MARKS):
            return None
        last = ends(sentence, after_adverbials(sentence, after, sentence[at].lower))
        # None: "he said." after a quote that is a sentence of its own.
        return self._preceding(first) if last or sentence.is_quote(first - 2) else None

    def _preceding(self, until: int, *, whole: bool = False) -> list[Span] | None:
        """From what is not spoken for yet to a token; nothing at the beginning, None where all is spoken for.

        Args:
            whole: also what stands behind a quote: nothing there says who speaks.
        """
        sentence, first = self.sentence, self.taken
        if until == 0:
            return []
        said = [i for i in range(first, until) if sentence[i].is_word or sentence[i].quote]
        if not said:
            return None
        first, last = said[0], said[-1]
        if whole:
            return [sentence.span(first, last + 1)]
        quote = next((i for i in range(last, first - 1, -1) if sentence[i].quote), None)
        if quote is not None and not sentence.has(FINITE, quote, last + 1):
            last = quote  # what stands between the quote and the cue says who speaks
        if sentence[last].quote:
            first = self._without_frame(first, last)
        return [sentence.span(first, last + 1)]

    def _without_frame(self, first: int, last: int) -> int:
        """Where the words begin that end with a quote: at the quote, if the words before it only lead up to it."""
        sentence, start = self.sentence, last
        while start > first:
            between = sentence[start - 1].lower == "," and start - 2 >= first and sentence.is_quote(start - 2)
            if not (between or sentence.is_quote(start - 1)):
                break
            start -= 1
        if start == first:
            return first
        quote, before = sentence[start].quote, sentence[start - 1].lower
        goes_on = quote is not None and (
            quote.end - quote.start < _WITHIN_SENTENCE or sentence[start].text[1:2].islower()
        )
        return start if before in (":", "—", "–") or (before == "," and not goes_on) else first

    def _only_quotes(self, spans: Sequence[Span]) -> bool:
        return {(token.start, token.end) for token in self.sentence if token.quote}.issuperset(spans)

    # What goes on after a cue

    def _following(self, at: int) -> list[Span]:
        """What goes on after "X said," in the middle of a sentence."""
        sentence, first = self.sentence, at + 1
        if sentence.lower(at) not in _CLAUSE_MARKS or first >= len(sentence):
            return []
        if sentence[first].quote:
            return reported(sentence, first, Opening.QUOTE)
        low = sentence[first].lower
        if low == "that":
            return reported(sentence, first + 1, Opening.CLAUSE)
        if low.endswith("ing") or low in _NOT_FOLLOWING:
            return []
        goes_on = low in FINITE or begins_clause(sentence, first, strict=False)
        return reported(sentence, first, Opening.CLAUSE) if goes_on else []

    def _following_quote(self, at: int) -> list[Span]:
        """The next quote after a token, where no other cue claims it."""
        for i in range(at, len(self.sentence)):
            low = self.sentence[i].lower
            if self.sentence[i].quote:
                return reported(self.sentence, i, Opening.QUOTE)
            if low in CUES or (low in STOPS and not self.sentence.is_quote(i + 1)):
                return []
        return []

    # Cues that are no verbs

    def _according(self, at: int, first: int) -> Attribution | None:
        """Words beside a source: "According to X, ...", "..., according to X", "in the words of X, ...".

        Args:
            first: the first token of X.
        """
        sentence = self.sentence
        if first >= len(sentence):
            return None
        comma = next((i for i in range(first, len(sentence)) if sentence[i].lower in _ASIDE_ENDS), len(sentence))
        who = source(sentence, first, comma)
        opens = at - self.taken <= 1 or not any(token.is_word or token.quote for token in sentence[self.taken : at])
        if opens and comma < len(sentence):
            spans = reported(sentence, self._after_apposition(comma) + 1)
            return self._made(spans, who, at) if spans else None
        between = sentence.lower(at - 1) == "," and sentence.lower(comma) == "," and comma + 1 < len(sentence)
        if between and sentence.lower(at - 2) in _GOVERNING:
            return self._made(reported(sentence, comma + 1, Opening.CLAUSE), who, at)
        spans = self._preceding(at, whole=True)
        if not spans:
            return None
        if between and (sentence[comma + 1].lower in FINITE or not is_clause(sentence, self.taken, at)):
            spans += reported(sentence, comma + 1)
        return self._made(spans, who, at)

    def _after_apposition(self, comma: int) -> int:
        """The comma after an apposition that begins at this one; this one where none does."""
        sentence, opening = self.sentence, self.sentence.lower(comma + 1)
        if opening not in _APPOSITIONS and opening not in _RELATIVES:
            return comma
        other = sentence.find(",", comma + 1, comma + _LONGEST_APPOSITION)
        if other is None or (opening in _APPOSITIONS and sentence.has(FINITE, comma + 1, other)):
            return comma
        return other

    def _as(self, at: int) -> Attribution | None:
        """Words beside a clause with "as": "As X said, ...", "..., as X put it"."""
        sentence, cue = self.sentence, as_cue(self.sentence, at)
        if cue is None or (at > 0 and sentence[at - 1].is_word):
            return None
        sayer = subject(sentence, cue, self.subjects)
        phrase, verb = sayer.span if sayer else None, sentence[cue].lower
        end = after_adverbials(sentence, cue + 1 + (verb in _PUTTING), verb)
        goes_on = end + 1 < len(sentence)
        if at <= 1 and goes_on and sentence[end].lower in (",", ":"):
            return self._made(reported(sentence, end + 1), phrase, cue)
        goes_on = goes_on and sentence[end].lower == ","
        if goes_on and is_clause(sentence, self.taken, at):
            self.taken = end + 1  # the clause before it is the writer's
            return self._made(reported(sentence, end + 1), phrase, cue)
        spans = self._preceding(at)
        if not spans or not (end >= len(sentence) or sentence[end].lower == ","):
            return None
        if goes_on and not sentence[end + 1].quote:
            spans += reported(sentence, end + 1, Opening.CLAUSE)
        return self._made(spans, phrase, cue)

    def _noun(self, at: int) -> Attribution | None:
        """Words under somebody's noun: "X’s claim that ..."."""
        who, spans = owner(self.sentence, at), reported(self.sentence, at + 2, Opening.CLAUSE)
        return self._made(spans, who, at) if who and spans else None

    def _after_clear(self, at: int) -> int:
        """The token after "clear" in "made | it clear" and the like; 0 where it is not there."""
        while self.sentence.lower(at) in _BEFORE_CLEAR:
            at += 1
        return at + 1 if self.sentence.lower(at) in _CLEAR else 0

    def _colon(self) -> Attribution | None:
        """Words behind a frame and a colon: "Keir Starmer put it plainly: ...", "The message was clear: ..."."""
        sentence = self.sentence
        colon = sentence.find(":", 1, len(sentence) - 1)
        if colon is None or any(made.spans and made.spans[-1][1] > sentence[colon].end for made in self.found):
            return None
        after = sentence[colon + 1]
        frame = " ".join(token.text for token in sentence[:colon] if token.quote is None)
        framed = FRAMING.search(frame) or sentence.has(_STATING, 0, colon)
        if after.quote:
            if not framed and len(re.findall(r"\w+", frame)) > _LONGEST_FRAME:
                return None
        elif not (framed and after.is_capital and _SPOKEN_FRAME.search(frame)):
            return None
        who = main_subject(sentence, colon, self.subjects)
        spans = reported(sentence, colon + 1, None if after.quote else Opening.SPEECH)
        return self._made(spans, who, colon, direct=True)
