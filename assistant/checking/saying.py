"""A sentence in, to whom it gives words or a view out: "Kallas said", "according to the article", "in Macron's view".

A grammar of few words, for sentences as models write them: a verb of saying or thinking with somebody before or behind
it, or a phrase that names a holder. What stands between quotation marks is taken out before: those are others' words.
English only. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody to whom a sentence gives words."""

    words: tuple[str, ...]  # the name, as written; or the one noun that stands in its place
    named: bool


def _forms(verbs: str) -> frozenset[str]:
    """Every form of verbs; of irregular ones all are listed: say/says/said/saying."""
    made: set[str] = set()
    for verb in verbs.split():
        if "/" in verb:
            made.update(verb.split("/"))
        elif verb.endswith("e"):
            made.update((verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"))
        elif re.search(r"[^aeiou]y$", verb):
            made.update((verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"))
        else:
            es = "es" if re.search(r"(?:s|x|ch|sh)$", verb) else "s"
            made.update((verb, f"{verb}{es}", f"{verb}ed", f"{verb}ing"))
    return frozenset(made)


_SAYING = _forms(
    """say/says/said/saying write/writes/wrote/written/writing tell/tells/told/telling stated/stating add argue warn
    declare announce report reply answer respond explain stress emphasise emphasize underline maintain assert contend
    suggest tweet posted/posting propose promise pledge vow threaten predict estimate forecast/forecasts/forecasting
    conclude recall remark comment observe note reveal claim admit/admits/admitted/admitting deny concede insist allege
    confess acknowledge call describe label/labels/labelled/labeled dub/dubs/dubbed denounce condemn criticise criticize
    accuse blame praise demand urge ask request recommend advise complain object protest quote cite mention repeat
    reiterate testify list name caution counter speak/speaks/spoke/spoken/speaking compare liken portray depict
    characterise characterize summarise summarize point/points/pointed"""
)
_THINKING = _forms(
    """think/thinks/thought/thinking believe see/sees/saw/seen/seeing consider regard viewed/viewing hope fear expect
    want doubt feel/feels/felt judge deem suspect assume agree/agrees/agreed disagree/disagrees/disagreed differ
    contradict dispute find/finds/found deplore lament regret mock deride ridicule"""
)
# Of these it is clear who acts, and not whose the words behind them are: "Poland rejects the shameful plan".
_ACTING = _forms(
    """oppose reject support favour favor advocate dismiss treat interpret back endorse accept refuse decline offer
    welcome order instruct"""
)
_HOLDING = frozenset(
    "view views opinion word words eyes account judgment judgement reading assessment telling estimate version".split()
)
# Phrases that give a view to somebody without a verb.
_PHRASE = re.compile(
    rf"\baccording to\b|\bin (?:the|his|her|its|their|[\w’'\-]+[’']s?)(?: own)? (?:{'|'.join(_HOLDING)})\b"
    r"|\bputs? it\b|\bholds? that\b|\bfrom the (?:point of view|perspective|standpoint) of\b|\bquot(?:ed|ing|es?)\b"
    r"|\bfor (?:(?-i:[A-Z])[\w’'\-]+|the (?:author|writer|article)),? ",
    re.IGNORECASE,
)
_NOUNS = frozenset("argument view position thesis opinion verdict point answer message conclusion warning".split())

_TOKEN = re.compile(r"[^\W_]+(?:[’'.\-–][^\W_]+)*[’']?|[^\w\s]")
_DETERMINERS = frozenset(
    "the a an this that these those its his her their our no any every each some such one two both".split()
)
_DUTIES = frozenset("should must ought let could can might needs need".split())
_INTENDING = re.compile(r"(?:declin|refus|fail|wish|want|like|continu|began|begin|go)")
_BEING = frozenset("is are was were be been being".split())
_BETWEEN = frozenset(
    """has had have is are was were also then later once again already now never not did does do would will may all each
    himself herself itself themselves still even long first often""".split()
)
_PREPOSITIONS = frozenset("of in for from at with to on against by about over near between".split())
_PARTICLES = frozenset("of for de da del der di van von al el bin ben la le the".split())
_NO_HEAD = frozenset("he she it they we i you who which that this there and or but as what so not to if when".split())
_STOPS = frozenset(".;:!?")
_LONGEST_ASIDE = 16  # words between two commas


def attributed(text: str, *, acts: bool = False) -> list[int]:
    """Where a text gives words or a view to anybody: offsets, in order.

    Args:
        acts: whether what somebody does with words counts: "Poland rejects the plan".
    """
    sentence = _Sentence(text)
    verbs = (sentence.starts[at] for at in sentence.verbs(_SAYING | _THINKING | (_ACTING if acts else frozenset())))
    nouns = (sentence.starts[at] for at in sentence.nouns())
    return sorted({*verbs, *nouns, *(match.start() for match in _PHRASE.finditer(text))})


def credits(text: str) -> list[Credit]:
    """To whom a text gives words: by name, or by the noun in its place. Pronouns are nobody."""
    sentence = _Sentence(text)
    found: list[Credit] = []
    for at in sentence.verbs(_SAYING):
        found += sentence.sayers(at)
    for at in sentence.holders():
        found += sentence.forward(at)
    return list(dict.fromkeys(found))


class _Sentence:
    def __init__(self, text: str) -> None:
        matches = [*_TOKEN.finditer(text)]
        self.words = [match.group() for match in matches]
        self.starts = [match.start() for match in matches]
        self.lower = [word.lower().replace("’", "'") for word in self.words]

    def verbs(self, among: frozenset[str]) -> Iterator[int]:
        """The verbs among these that have somebody as their subject."""
        for at, word in enumerate(self.lower):
            if word in among and not self._is_noun(at) and (not self._is_passive(at) or self._has_agent(at)):
                yield at

    def nouns(self) -> Iterator[int]:
        """ "The author's argument is", "his view that": what somebody holds."""
        for at, word in enumerate(self.lower[:-1]):
            owned = self._before(at).endswith(("'s", "s'")) or self._before(at) in ("his", "her", "its", "their")
            if word in _NOUNS and owned and self.lower[at + 1] in ("is", "was", "that"):
                yield at

    def sayers(self, verb: int) -> list[Credit]:
        """Who stands before a verb, with an aside between them or without; or behind it, where nobody does."""
        if self._is_passive(verb):
            by = next((at for at in range(verb, len(self.words)) if self.lower[at] == "by"), None)
            return self.forward(by + 1) if by else []
        at = verb - 1
        while at >= 0 and (self.lower[at] in _BETWEEN or (self.lower[at].endswith("ly") and self.words[at].islower())):
            at -= 1
        if at == verb - 1 and (at < 0 or not self.words[at][0].isalnum()) and (behind := self._inverted(verb + 1)):
            return behind
        if at >= 0 and self.words[at] == ",":
            opening = self._before_aside(at)
            named = self._backward(at - 1)
            # "Its chairman, Tom O'Hara, told": the aside is the name.
            if named and named[0].named and len(named[0].words) == at - opening - 2:
                return named
            at = opening
        return self._backward(at)

    def holders(self) -> Iterator[int]:
        """Where the name begins in "according to X", "in the view of X", "in X's view", "for X, it is"."""
        for at, word in enumerate(self.lower):
            led = word in _HOLDING and self._after(at) == "of" and "in" in self.lower[max(0, at - 3) : at]
            if led or (word == "according" and self._after(at) == "to"):
                yield at + 2
            elif word == "for" and self._opens(at) and at + 1 < len(self.words) and self.words[at + 1][0].isupper():
                yield at + 1
            elif word in _HOLDING and self._before(at).endswith(("'s", "s'")):
                first = at - 1
                while first > 0 and self.words[first - 1][0].isupper() and self.lower[first - 1] != "in":
                    first -= 1
                yield first

    def forward(self, at: int, *, beyond_comma: bool = False) -> list[Credit]:
        """The name that begins here or a few words on, as in "the engineer Ada Quill"; else the noun.

        Args:
            beyond_comma: whether it may stand behind one, as in "its leader, Piotr Zawadzki".
        """
        end = at
        while end < min(len(self.words), at + 6) and (
            self.words[end][0].isalnum() or (beyond_comma and at < end and self.words[end] == ",")
        ):
            if self.words[end][0].isupper() and self.lower[end] not in _DETERMINERS:
                return [Credit(tuple(self._name_from(end)), named=True)]
            if end > at and self.lower[end] in _PREPOSITIONS | {"who", "that", "quoted"}:
                break
            end += 1
        head = self.words[end - 1] if end > at else ""
        return [Credit((head,), named=False)] if head and head.lower() not in _NO_HEAD else []

    def _opens(self, at: int) -> bool:
        return at == 0 or not self.words[at - 1][0].isalnum()

    def _is_noun(self, at: int) -> bool:
        """Whether it is no verb that says what was said: "the call", "its demands", "Europe should say no"."""
        before = self._before(at)
        if before in ("not", "never") and at > 1:
            before = self.lower[at - 2]
        if before == "to":
            return not _INTENDING.match(self.lower[at - 2] if at > 1 else "")
        return before in _DETERMINERS - {"one", "both", "that"} or before in _DUTIES or before.endswith(("'s", "s'"))

    def _is_passive(self, at: int) -> bool:
        if self.lower[at].endswith("ing"):
            return False
        while at > 0 and (self.lower[at - 1] in _BETWEEN - _BEING or self.lower[at - 1].endswith("ly")):
            at -= 1
        return self._before(at) in _BEING

    def _has_agent(self, at: int) -> bool:
        rest = self.lower[at + 1 :]
        stop = next((place for place, word in enumerate(rest) if word in _STOPS), len(rest))
        return bool({"by", "in"} & {*rest[:stop]}) or rest[:2] == ["as", "saying"]

    def _inverted(self, at: int) -> list[Credit]:
        """Who stands behind a verb: "says the glaciologist Lea Brunner"."""
        found = self.forward(at, beyond_comma=True)
        if not found or not found[0].named:
            return []
        end = next(place for place in range(at, len(self.words)) if self.words[place].startswith(found[0].words[0]))
        while end < len(self.words) and self.words[end] not in ",.;:—–" and self.lower[end] not in _PREPOSITIONS:
            end += 1
        # "Said Macron must go" says it of him.
        return found if self.words[end - 1] in found[0].words else []

    def _before_aside(self, comma: int) -> int:
        """The last word before ", its captain," which ends at this comma."""
        for at in range(comma - 1, max(-1, comma - _LONGEST_ASIDE), -1):
            if self.words[at] == ",":
                return at - 1
            if self.words[at] in _STOPS:
                break
        return -1

    def _backward(self, at: int) -> list[Credit]:
        """Those whose names end here, one or several; else the noun."""
        if at < 0 or not self.words[at][0].isalnum():
            return []
        if not self.words[at][0].isupper():
            return [] if self.lower[at] in _NO_HEAD else [Credit((self.words[at],), named=False)]
        first = self._name_to(at)
        credit = Credit(tuple(self.words[first : at + 1]), named=True)
        before = self._before(first)
        if before in _PREPOSITIONS or (before in _DETERMINERS and self._before(first - 1) in _PREPOSITIONS):
            return []  # "the minister of Hungary said"
        if before in ("and", "or", ",") and first > 1:
            earlier = self._backward(first - (3 if before != "," and self.words[first - 2] == "," else 2))
            return [*(entry for entry in earlier if entry.named), credit]
        return [credit]

    def _name_to(self, at: int) -> int:
        """Where the name begins that ends here."""
        while at > 0:
            step = 1
            while step < 3 and at - step > 0 and self.lower[at - step] in _PARTICLES:
                step += 1
            earlier = self.words[at - step] if at >= step else ""
            if not earlier[:1].isupper() or earlier.endswith(("’s", "'s")) or earlier.lower() in _PARTICLES:
                break
            at -= step
        return at

    def _name_from(self, at: int) -> Sequence[str]:
        """The words of the name that begins here."""
        end = at + 1
        while end < len(self.words):
            step = 0
            while step < 2 and end + step < len(self.words) and self.lower[end + step] in _PARTICLES:
                step += 1
            if end + step >= len(self.words) or not self.words[end + step][0].isupper():
                break
            if self.words[end - 1].endswith(("’s", "'s")):
                break
            end += step + 1
        return [re.sub(r"[’']s?$", "", word) for word in self.words[at:end]]

    def _before(self, at: int) -> str:
        return self.lower[at - 1] if at > 0 else ""

    def _after(self, at: int) -> str:
        return self.lower[at + 1] if at + 1 < len(self.lower) else ""
