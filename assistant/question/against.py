"""Something taken for granted and a sentence in, the words of the sentence that speak against it out.

Five word rules, each meant to be right rather than to find everything: the same verb with the opposite polarity; a verb
that means the opposite; a denial of it; another number for the same thing; another name for who did it. None of them
knows what is true: they find passages for the reader to judge. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.checking.grounds import may_name
from assistant.checking.negation import cut_off, negates
from assistant.checking.numerals import numbers
from assistant.question.assume import Assumed
from assistant.question.opposites import alike, hint, is_past, is_verb, key, opposed
from index.terms import STOPWORDS, fold, stem, words

_REST = 0.5  # share of the other words that a sentence must hold, with the one before it
_REST_HERE = 0.3  # share of them that it must hold itself
_REST_STRICT = 0.75  # the same where polarity alone tells, of numbers, names and what was not done; all set by hand
_SHORT = 120  # characters before a sentence, for the verb that it leaves out
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_BORDER = re.compile(r"[,;:()—–]|\b(?:and|but|while|although|though|because|that|who|which|when|as|so|or)\b", re.I)
# What is only thought of, wished or asked speaks against nothing.
_HEDGED = re.compile(
    r"\b(?:if|whether|unless|lest|would|could|should|might|(?-i:may)|must|until|were to|ought|cannot|can['’]?t|can|let"
    r"|to)\b|n['’]t have\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"^\W*(?:these|this|they|it|he|she|both|such|those)\b|\b(?:they|it|he|she|these|those)\b(?:\W+\w+){0,3}\W*$", re.I
)
_WE = re.compile(r"\b(?:[Ww]e|I)\b")
_THESE = re.compile(r"^\W*(?:these|this|those|such|both|they)\b", re.IGNORECASE)
_ELLIPSIS = re.compile(
    r"\b(?:have|has|had|did|do|does|is|are|was|were)(?: not|n['’]t)\b(?=\s*(?:[.;,:!)]|$))", re.IGNORECASE
)  # "footfall had recovered, but takings had not"
_WILL = re.compile(r"\b(?:will|won['’]t)\b|['’]ll\b", re.IGNORECASE)
_INFINITIVE = re.compile(r"^ to (?P<verb>[a-z]+)\b")
_QUOTES = str.maketrans(dict.fromkeys('“”"„«»', " "))
_DOUBTED = re.compile(r"\b(?:if|whether|unless|would|could|should|might|(?-i:may)|must|ought)\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|be|being)(?:n['’]t)?\b(?:\W+\w+){0,2}\W*$", re.I)
_NOTHING = re.compile(r"^\W+(?:no|none|nothing|nobody|neither|little)\b", re.I)
_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied)|disput(?:e[sd]?|ing)|rejects? the (?:claim|idea|accusation|charge|suggestion)"
    r"|rejected the (?:claim|idea|accusation|charge|suggestion))\b",
    re.IGNORECASE,
)
_FALSE = re.compile(
    r"\b(?:(?:not|nor is it|isn['’]t) true that|untrue that|false that|a (?:myth|lie) that"
    r"|no (?:evidence|proof|sign) (?:that|of)"
    r"|there (?:is|was|were|has been|are) no(?: such)?|no such)\b",
    re.IGNORECASE,
)
_SAID_OF_US = re.compile(
    r"\b(?:it (?:is|was|has been) (?:often |also )?(?:said|put about|claimed|alleged|rumoured|written)"
    r"|(?:some|they|people) (?:have )?(?:say|said|claim|claimed|write|written)"
    r"|(?:I am|we are|I was|we were) told|it is a (?:fable|myth|lie|fairy tale)) that (?=(?:we|I)\b)",
    re.IGNORECASE,
)  # whoever tells what others say of him does not mean it himself
_AUXILIARY = frozenset(key(word) for word in "be have do".split())
# Of these there is one who did it.
_ONE = frozenset(
    key(word) for word in "lead chair head start write invent found cause author order cancel begin".split()
)
_FIGURE = re.compile(
    r"(?P<value>\d+(?:[.,]\d+)*|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six"
    r"|seven|eight|nine))?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen)(?P<joint>-| ?)(?P<unit>%|per cent|percent|[a-z]+)(?P<nouns>(?: [a-z]+){0,2})",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)$",
    re.IGNORECASE,
)


class How(StrEnum):
    """Which rule found it."""

    POLARITY = "polarity"
    OPPOSITE = "opposite"
    DENIAL = "denial"  # by somebody of whom the sentence tells
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Against:
    """Where a sentence speaks against something: the words in it that do."""

    how: How
    start: int  # in the sentence
    end: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is taken for granted, ready to be looked for."""

    assumed: Assumed
    subject: tuple[frozenset[str], ...]  # the stems of each of its words, in every spelling
    head: frozenset[str]  # those of the word without which it is another subject
    rest: tuple[frozenset[str], ...]
    names: tuple[frozenset[str], ...]  # of the rest
    same: frozenset[str]  # keys of the verbs that mean it
    other: frozenset[str]  # and of those that mean the opposite
    cues: frozenset[str]  # both
    hint: re.Pattern[str]  # a text that it does not match holds no such verb


def wanted(assumed: Assumed, spellings: Callable[[str], Sequence[str]]) -> Wanted:
    """Prepare what is taken for granted.

    Args:
        spellings: the ways in which the corpus writes a folded word.
    """
    verb = key(assumed.verb)
    head = re.split(r"\s(?:of|on|in|at|by|for|from|with|to)\s", assumed.subject)[0]

    def terms(text: str) -> tuple[frozenset[str], ...]:
        found: dict[str, frozenset[str]] = {}
        for word in words(text):
            if _counts(word) and key(word) != verb and not word.isdigit() and word not in ("cent", "percent"):
                found.setdefault(stem(word), frozenset(stem(way) for way in spellings(fold(word))))
        return tuple(found.values())

    # When it was tells little, and by whom something was done less than to what.
    rest = re.split(rf"\b(?:during|before|after|since|within{'|by' if assumed.passive else ''})\b", assumed.rest)[0]
    last = next(iter(reversed(terms(head))), frozenset[str]())
    names = terms(" ".join(_names(rest)))
    same, other = alike(assumed.verb), opposed(assumed.verb)
    cues = same | other
    return Wanted(assumed, terms(assumed.subject), last, terms(rest), names, same, other, cues, hint(cues))


def against(looked_for: Wanted, sentence: str, before: str = "", speaker: Callable[[], str] = str) -> Against | None:
    """Where a sentence speaks against something.

    Args:
        before: the sentences just before it, for what "these" and "it" mean.
        speaker: who says it, for what "we" means.
    """
    if not looked_for.hint.search(sentence) and not _ELLIPSIS.search(sentence):
        return None
    if sentence.rstrip(" ”\"'’)").endswith("?") or not looked_for.head:
        return None
    sentence = sentence.translate(_QUOTES)
    there = _stems(sentence)
    if _WE.search(sentence):
        there |= _stems(speaker())
    around = there | _stems(before)
    for match in _WORD.finditer(sentence):
        found = key(match.group().split("'")[0].split("’")[0])
        if found in looked_for.cues:
            rule = _by_verb(looked_for, sentence, match, found, there, around)
            if rule:
                return rule
    return (
        _left_out(looked_for, sentence, there, before)
        or _said_of_us(looked_for, sentence, there)
        or _denied(looked_for, sentence, there)
        or _other_name(looked_for, sentence, there)
    )


# ── The verb ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _by_verb(
    looked_for: Wanted, sentence: str, verb: re.Match[str], found: str, there: set[str], around: set[str]
) -> Against | None:
    start = _clause_start(sentence, verb.start())
    front = sentence[start : verb.start()]
    if found in looked_for.other and _is_attribute(looked_for, sentence, verb):
        return Against(How.OPPOSITE, verb.start(), verb.end())
    if _HEDGED.search(front) or _DENIES.search(front) or re.search(r"\bdeny(?:ing)?\b", front, re.I):
        return None
    if _WILL.search(front) and not _WILL.search(looked_for.assumed.text):
        return None  # what will be is no matter of what was
    to = _INFINITIVE.match(sentence[verb.end() :])
    if to and is_verb(to["verb"]) and not any(stem(to["verb"]) in ways for ways in looked_for.rest):
        return None  # "does not want to pay" is not about wanting peace
    wish = re.match(r"to (?P<verb>[a-z]+)\b", looked_for.assumed.rest)
    if (
        wish
        and is_verb(wish["verb"])
        and not any(key(word) in alike(wish["verb"]) for word in words(sentence[verb.end() :]))
    ):
        return None
    no = _NOTHING.search(sentence[verb.end() :])
    negated = (cut_off(sentence, verb.start(), verb.end()) or negates(front)) != bool(no)
    assumed = looked_for.assumed
    opposite = found in looked_for.other
    if negated == (assumed.negated != opposite):
        return None
    if opposite and negated:
        return None  # "did not reject" is no "accepted"
    if opposite and looked_for.assumed.once:
        return None
    if assumed.ended and re.search(r"\b(?:since|no longer|any ?more|now|today)\b", sentence, re.IGNORECASE):
        return None
    passive = bool(_PASSIVE.search(front)) and is_past(verb.group())
    named = _names(sentence[:start])[-1:]
    these, we = bool(_THESE.match(front)), bool(_WE.search(front))
    back = bool(_BACK.search(front)) or these or we or not _content(front)
    if back and named and not we and stem(named[0]) not in looked_for.head:
        back = False  # "it" is somebody named just before
    if not _same_subject(looked_for, front, passive=passive, there=there, around=around, back=back):
        return None
    least = _REST_STRICT if assumed.negated or (not looked_for.rest and not opposite) else _REST
    if _share(looked_for.rest, around) < least:
        return None
    near = around if these else there
    if looked_for.rest and _share(looked_for.rest, near) < _REST_HERE:
        return None
    if looked_for.names and not any(ways & near for ways in looked_for.names):
        return None
    if not looked_for.rest and back and not these and not we:
        return None
    where = start + len(front) - len(front.lstrip()), verb.end() + (no.end() if no else 0)
    return Against(How.OPPOSITE if opposite else How.POLARITY, *where)


def _is_attribute(looked_for: Wanted, sentence: str, verb: re.Match[str]) -> bool:
    """Whether it stands before the subject: "the failed rebellion"."""
    behind = _stems(" ".join(sentence[verb.end() :].split()[:2]))
    alone = not looked_for.rest and not looked_for.assumed.negated
    return alone and verb.group().endswith("ed") and bool(looked_for.head & behind)


def _same_subject(
    looked_for: Wanted, front: str, *, passive: bool, there: set[str], around: set[str], back: bool
) -> bool:
    """Whether a clause is about the one who is said to have done it, or in the passive about what it was done to."""
    acting = looked_for.subject if passive == looked_for.assumed.passive else looked_for.rest
    if not acting or not looked_for.head & (around if back else there):
        return False
    if back:
        return True
    mine = _stems(front)
    if not any(ways & mine for ways in acting):
        return False
    strange = {fold(name) for name in _names(front)}
    return not strange or any(
        ways & {stem(name) for name in strange} for ways in (*looked_for.subject, *looked_for.rest)
    )


def _left_out(looked_for: Wanted, sentence: str, there: set[str], before: str) -> Against | None:
    """The verb with "not" alone: "footfall had recovered, but takings had not", "We were consulted. We were not." """
    if looked_for.assumed.negated or _share(looked_for.rest, there) < _REST:
        return None
    for match in _ELLIPSIS.finditer(sentence):
        start = _clause_start(sentence, match.start())
        front = sentence[start : match.start()]
        mine = _stems(front) | (there if _WE.search(front) else set())
        if not looked_for.head & mine or _HEDGED.search(front):
            continue
        said = sentence[:start] or before[-_SHORT:]
        verbs = [word for word in _WORD.finditer(said) if is_past(word.group()) and key(word.group()) not in _AUXILIARY]
        if not verbs or key(verbs[-1].group()) not in looked_for.same:
            continue  # another verb is left out
        if not cut_off(said, verbs[-1].start(), verbs[-1].end()):
            return Against(How.POLARITY, start, match.end())
    return None


def _clause_start(sentence: str, at: int) -> int:
    return max((match.end() for match in _BORDER.finditer(sentence, 0, at)), default=0)


# ── Denials, numbers, names ──────────────────────────────────────────────────────────────────────────────────────────


def _denied(looked_for: Wanted, sentence: str, there: set[str]) -> Against | None:
    if looked_for.assumed.negated:
        return None
    for pattern, how in ((_FALSE, How.POLARITY), (_DENIES, How.DENIAL)):
        for cue in pattern.finditer(sentence):
            front = sentence[_clause_start(sentence, cue.start()) : cue.start()]
            behind = re.split(r"[;.]", sentence[cue.end() :])[0]
            verbs = [match for match in _WORD.finditer(behind) if key(match.group()) in looked_for.same]
            if not verbs or _HEDGED.search(front) or negates(front) or negates(behind[: verbs[0].start()]):
                continue
            if len(words(behind[: verbs[0].start()])) > 8:
                continue
            whole = (*looked_for.subject, *looked_for.rest)
            if _share(whole, there) >= _REST_STRICT and looked_for.head & there:
                return Against(how, cue.start(), cue.end() + verbs[0].end())
    return None


def _said_of_us(looked_for: Wanted, sentence: str, there: set[str]) -> Against | None:
    """ "It is put about that we want the dam pulled down", where the flood committee is said to want it."""
    if looked_for.assumed.negated or _share(looked_for.rest, there) < _REST:
        return None
    for cue in _SAID_OF_US.finditer(sentence):
        clause = re.split(r"[,;]", sentence[cue.end() :])[0]
        verb = next((match for match in _WORD.finditer(clause) if key(match.group()) in looked_for.same), None)
        if verb and looked_for.head & there and not negates(clause[: verb.start()]):
            return Against(How.POLARITY, cue.start(), cue.end() + verb.end())
    return None


def _other_name(looked_for: Wanted, sentence: str, there: set[str]) -> Against | None:
    """ "A council chaired by Trump" where somebody else is said to chair it."""
    assumed = looked_for.assumed
    names = _names(assumed.subject)
    verb = key(assumed.verb)
    if verb not in _ONE or not names or assumed.passive or assumed.negated or not looked_for.rest:
        return None
    if any(ways & there for ways in looked_for.subject) or _share(looked_for.rest, there) < 1:
        return None
    for match in _WORD.finditer(sentence):
        if key(match.group()) != verb:
            continue
        front = sentence[_clause_start(sentence, match.start()) : match.start()]
        by = re.match(
            r"(?:\W+\w+){0,2}?\W+by (?:[a-z]+ ){0,2}(?P<who>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)", sentence[match.end() :]
        )
        if by and not _HEDGED.search(front) and not negates(front):
            return Against(How.NAME, match.start(), by.end())
    return None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts."""

    value: str
    unit: str
    nouns: frozenset[str]  # what has so many, in "28-point plan"
    joint: bool  # by a hyphen
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """The numbers of a text with what they count: "28-point plan", "14 per cent", "nine minutes"; no dates."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        unit = match["unit"].lower()
        value = numbers(match["value"])
        if len(value) != 1 or _MONTH.match(unit) or unit in STOPWORDS:
            continue
        unit = (
            "%"
            if unit in ("per cent", "percent", "%") or (unit == "per" and text[match.end() :].startswith(" cent"))
            else stem(unit)
        )
        joint = match["joint"] == "-"
        nouns = frozenset(stem(word) for word in match["nouns"].split() if fold(word) not in STOPWORDS)
        end = match.end() if joint else match.end("unit")
        found.append(
            Figure(str(next(iter(value)).normalize()), unit, nouns if joint else frozenset(), joint, match.start(), end)
        )
    return found


def other_number(looked_for: Wanted, asserted: Figure, sentence: str) -> Against | None:
    """Another number for the same thing: "Takings fell by 3 per cent", "the 28-point plan"."""
    mine = figures(sentence)
    alike = [it for it in mine if it.unit == asserted.unit and it.joint == asserted.joint]
    if asserted.joint:
        alike = [it for it in alike if it.nouns & asserted.nouns]
    if not alike or any(figure.value == asserted.value for figure in alike) or _DOUBTED.search(sentence):
        return None
    if asserted.joint:  # "the 28-point plan": that there is such a thing is taken for granted, whatever it does
        return Against(How.NUMBER, alike[0].start, alike[0].end)
    there = _stems(sentence)
    verb = any(key(word) in looked_for.same for word in words(sentence))
    whole = (*looked_for.subject, *looked_for.rest)
    if not verb or _share(whole, there) < _REST_STRICT or not looked_for.head & there:
        return None
    return Against(How.NUMBER, alike[0].start, alike[0].end)


# ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text)}


def _counts(word: str) -> bool:
    """Whether a word has a content of its own: US has, us has none."""
    return fold(word) not in STOPWORDS or (word.isupper() and len(word) > 1)


def _content(text: str) -> list[str]:
    return [word for word in words(text) if _counts(word) and len(word) > 1 and not word.endswith("ly")]


def _share(terms: Sequence[frozenset[str]], there: set[str]) -> float:
    return sum(bool(ways & there) for ways in terms) / len(terms) if terms else 1.0


def _names(text: str) -> list[str]:
    return [
        match.group().split("'")[0].split("’")[0]
        for match in _WORD.finditer(text)
        if may_name(match.group(), fold(match.group()), first=match.start() == 0) and not _MONTH.match(match.group())
    ]
