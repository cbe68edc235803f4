"""A cue in a sentence in, the first token of the words that it introduces out.

    told | CNN on Monday | that the war was over       a clause, behind "that" or bare
    called | it | a betrayal                           a judgement
    praised | “the courage of these men”               a thing spoken of, if words of it are quoted

What a verb may introduce depends on its list in `index.speaking.lexicon`. Pure functions.
"""

from __future__ import annotations

from index.speaking.clause import Opening, Sentence, after_adverbials, begins_clause, clause_end
from index.speaking.lexicon import (
    ACTS,
    ALSO_NOUNS,
    ASKING,
    CALLING,
    CLAUSE_PRONOUNS,
    CUES,
    DASHES,
    DEMONSTRATIVES,
    DETERMINERS,
    FINDING,
    FINITE,
    FORMAL,
    OBJECTS,
    PLAIN,
    PREPOSITIONS,
    PRONOUNS,
    TELLING,
    TIME,
    VOWING,
    WH,
    WISHING,
    word_set,
)

Content = tuple[int, Opening]  # the first token of the words, and with what they begin

_MORE_THAN_A_WORD = 8  # characters of a quote, marks included, that is no single word in doubt
# How far a rule looks, in tokens; set by hand on the development texts.
_TO_WITHIN = 9  # "urged the two parties to"
_THAT_WITHIN = 13  # "said in a letter to Congress that"
_OF_WITHIN = 8  # "accused the government of"
_AS_WITHIN = 10  # "described the plan as"
_CLAIMED_WITHIN = 7  # "“...,” Mr. Riecke says"

_ASKING = ASKING | TELLING
_STATING = PLAIN | FORMAL
_BEFORE_BARE = PLAIN | TELLING | FINDING
_SAID = word_set("said says say")
_TOLD = word_set("told tells tell")
_BEFORE_SPEECH = word_set("said says wrote replied asked added")  # "He said, Come in."
_WISHED = OBJECTS | word_set("on for")
_NO_THING_CALLED = word_set("to in off up a an out")  # "called off", "called in", "a report called a"
_NO_THING = TIME | (PREPOSITIONS - word_set("as"))
_NO_ASIDE = FINITE | PRONOUNS | (CUES - ALSO_NOUNS) | DASHES | word_set("; : - (")
_ASIDES = PREPOSITIONS | TIME | word_set(",")
_SUBJECTS = CLAUSE_PRONOUNS - DEMONSTRATIVES  # "this" may be a determiner
_VERBS = FINITE | CUES
_BEFORE_THING = PREPOSITIONS | word_set("up")  # "spoke | about the war", "summed up | the war"
_NOT_CLAIMED = PREPOSITIONS | word_set("and but as that which who")
_CLAIMING = PLAIN | word_set("told")
_CLAIMING_AT_ONCE = word_set("said says wrote")  # "“...,” said Mr. Riecke"


def content(sentence: Sentence, verb: str, at: int, *, clear: bool = False) -> Content | None:
    """Where the words begin that a cue before a token introduces; None where it introduces none.

    Args:
        verb: the cue, in lower case.
        at: the token after the cue.
        clear: the cue is one like "made it clear", behind which a clause stands.
    """
    if at >= len(sentence):
        return None
    if sentence[at].quote:
        return at, Opening.QUOTE
    if verb in VOWING and sentence[at].lower == "to" and at + 1 < len(sentence):
        return at, Opening.CLAUSE
    after = after_adverbials(sentence, at, verb)
    low = sentence.lower(after)
    quote = after + (low in (":", ","))
    if sentence.is_quote(quote):
        return None if low != ":" and _is_claimed(sentence, quote) else (quote, Opening.QUOTE)
    if low == ":" and after + 1 < len(sentence):
        return after + 1, Opening.SPEECH
    if low == "that":
        return after + 1, Opening.CLAUSE
    if clear:
        return (after, Opening.CLAUSE) if begins_clause(sentence, after, strict=False) else None
    if low == "," and verb in _BEFORE_SPEECH and after + 1 < len(sentence):
        speech = sentence[after + 1].is_capital and begins_clause(sentence, after + 1, strict=True)
        return (after + 1, Opening.SPEECH) if speech else None
    if low in WH and _asks(verb, low):
        return after, Opening.CLAUSE
    first = _wish(sentence, at, after) if verb in WISHING else None
    if first is None:
        first = _judgement(sentence, verb, at) if verb in CALLING else _unsignalled(sentence, verb, at, after)
    return None if first is None else (first, Opening.CLAUSE)


def _asks(verb: str, question: str) -> bool:
    """Whether a verb introduces a question: "asked why", "would not say whether", but not "said what he thinks"."""
    return verb in _ASKING or (verb in _STATING and question in ("whether", "if"))


def _wish(sentence: Sentence, at: int, after: int) -> int | None:
    """The "to" behind one who is to do something: "urged | them | to leave"."""
    if after > at and sentence.lower(after) == "to" and after + 1 < len(sentence):
        return after
    if sentence[at].lower in _WISHED or _begins_name(sentence, at):
        to = sentence.find("to", at, at + _TO_WITHIN)
        if to is not None and all(token.is_word for token in sentence[at:to]):
            return to
    return None


def _begins_name(sentence: Sentence, at: int) -> bool:
    return sentence[at].is_word and (sentence[at].is_capital or sentence[at].lower in DETERMINERS)


def _judgement(sentence: Sentence, verb: str, at: int) -> int | None:
    """Where a judgement begins: "called it | a betrayal", "accused | them of lying", "described | it as a farce"."""
    low = sentence[at].lower
    if verb.startswith("call") and low in ("for", "on", "upon"):  # "called for | an end", "called on | them to act"
        return at + 1 if low == "for" or sentence.find("to", at, at + _TO_WITHIN) else None
    if low in _NO_THING or (verb.startswith("call") and low in _NO_THING_CALLED):
        return None
    if low in OBJECTS:
        following = sentence.lower(at + 1)
        if following == "as":
            return at + 2
        named = at + 1 < len(sentence) and sentence[at + 1].is_capital
        return at + 1 if named or following in DETERMINERS or sentence.is_quote(at + 1) else None
    if verb.startswith(("accus", "blam")):
        return at if sentence.has(("of", "for"), at + 1, at + _OF_WITHIN) else None
    judged = sentence.has(("as",), at, at + _AS_WITHIN) or any(token.quote for token in sentence[at:])
    return at if judged else None


def _unsignalled(sentence: Sentence, verb: str, at: int, after: int) -> int | None:
    """Where words begin without a sign that they do: "said | the war was over"."""
    if verb.startswith("add") and sentence.lower(after) not in CLAUSE_PRONOUNS:
        return None  # "added a line", "addressed the crowd"
    if verb in _BEFORE_BARE and begins_clause(sentence, after, strict=verb not in _SAID):
        return after
    that = sentence.find("that", at, at + _THAT_WITHIN)
    if that is not None and that + 1 < len(sentence) and verb not in FINDING and _is_aside(sentence, at, that):
        return that + 1
    if verb in FORMAL and sentence.lower(after) in _SUBJECTS and sentence.lower(after + 1) in _VERBS:
        return after
    if verb in _TOLD and after > at and begins_clause(sentence, after, strict=False):
        return after
    return _thing(sentence, at) if verb in ACTS else None


def _is_aside(sentence: Sentence, at: int, until: int) -> bool:
    """Whether only a phrase stands between a cue and its "that": to whom, where, when."""
    if sentence[at].lower not in _ASIDES and sentence[at - 1].lower not in TELLING:
        return False
    return not any(token.quote or token.lower in _NO_ASIDE for token in sentence[at:until])


def _thing(sentence: Sentence, at: int) -> int | None:
    """Where a thing begins that was spoken of, if some of it is quoted: "praised | “the courage of these men”"."""
    first = at + (sentence[at].lower in _BEFORE_THING)
    first += sentence.lower(first) == "that"
    if first >= len(sentence) or not (sentence[first].is_word or sentence[first].quote):
        return None
    for i in range(first, clause_end(sentence, first)):
        token = sentence[i]
        if token.lower == "," and sentence[at - 1].lower.endswith("ing"):
            return None  # "Speaking to CNN, he called it “...”"
        if token.quote and token.end - token.start > _MORE_THAN_A_WORD and not _is_claimed(sentence, i):
            return first
        if token.lower in PLAIN:
            return None
    return None


def _is_claimed(sentence: Sentence, quote: int) -> bool:
    """Whether another attribution follows a quote at once: "..., “...,” Mr. Riecke says"."""
    for i in range(quote + 1, min(quote + _CLAIMED_WITHIN, len(sentence))):
        low = sentence[i].lower
        if not sentence[i].is_word or low in _NOT_CLAIMED:
            return False
        if low in _CLAIMING:
            return i > quote + 1 or low in _CLAIMING_AT_ONCE
    return False
