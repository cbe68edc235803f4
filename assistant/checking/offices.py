"""Text in, who holds which office in it out: "Czech Prime Minister Petr Fiala", "Petr Fiala, Czech prime minister".

Only offices that one person holds at a time, of a country, a city or a body named right before: two presidents are no
difference, two French presidents are one. Whoever held it before, or stands in for somebody, is left out, and so is
all that has another form: what is found is sure, and much is not found. English words; pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from index.terms import STOPWORDS, fold

_PLACES = "New York|Los Angeles|London|Paris|Berlin|Moscow|Kyiv|Kiev|Brussels|Rome|Madrid|Vienna|Warsaw|Washington"
_OF = (
    r"(?<!North )(?<!South )(?<!East )(?<!West )(?<!Central )"
    r"(?P<of>(?:[A-Z]\.){2,}|[A-Z]{2,5}|[A-ZÀ-Þ][a-zà-ÿ]+(?:[’']s|s[’'])"
    rf"|[A-ZÀ-Þ][a-zà-ÿ]*(?:an|ish|ese|i|ench|utch|eek|zech|iss)|{_PLACES})"
)
_OFFICE = (
    r"(?P<office>[Pp]rime [Mm]inister|[Pp]resident|[Pp]remier|[Cc]hancellor|[Kk]ing|[Qq]ueen|[Mm]ayor|[Dd]irector"
    r"|[Ss]ecretary[ -][Gg]eneral|[Ss]ecretary of [Ss]tate"
    r"|(?:[Ff]oreign|[Dd]efen[cs]e|[Ff]inance|[Ii]nterior|[Jj]ustice|[Tt]reasury) (?:[Mm]inister|[Ss]ecretary))"
)
_PART = r"[A-ZÀ-Þ][A-Za-zÀ-ÿ’'\-]*[A-Za-zÀ-ÿ]"
_NAME = rf"(?P<name>(?:{_PART}|[A-Z]\.)(?: [A-Z]\.)?(?: (?:de |van |von |bin |al |el )?{_PART}){{1,2}})"
_FORMS = (
    re.compile(rf"(?<![\w’'.-]){_OF} {_OFFICE} {_NAME}"),
    re.compile(rf"(?<![\w’'.-]){_NAME}, (?:the )?{_OF} {_OFFICE}(?=[,.;:])"),
)
_NOT_NOW = re.compile(
    r"\b(?:former|ex|then|late|acting|deputy|vice|assistant|outgoing|incoming|next|future|first|interim|elect|candidate)\b",
    re.IGNORECASE,
)
_NO_PLACE = frozenset("republican democrat democratic martin asian".split()) | (STOPWORDS - {"us"})
_NO_NAME = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december sen rep gov gen mr mrs ms dr""".split()
)
_NEAR = 2  # letters by which two spellings of one name may differ


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in an office, as the text has it."""

    office: str  # as it is compared
    shown: str  # as it stands there
    name: str  # as it stands there

    def is_another(self, other: Holder) -> bool:
        """Whether the two share no part of their names, in any spelling."""
        return not any(_alike(one, two) for one in _words(self.name) for two in _words(other.name))


def holders(text: str) -> tuple[Holder, ...]:
    """Who holds an office, as the text says it; each once."""
    text = " ".join(text.split())
    found: dict[tuple[str, str], Holder] = {}
    for form in _FORMS:
        for match in form.finditer(text):
            of, name = match["of"], re.sub(r"[’']s?\b.*$", "", match["name"])
            place = fold(re.sub(r"[’']s?$", "", of)).replace(".", "")
            around = text[max(0, match.start() - 12) : match.end() + 10]
            words = _words(name)
            if _NOT_NOW.search(around) or place in _NO_PLACE or len(words) < 2 or not _NO_NAME.isdisjoint(words):
                continue
            office = f"{place} {fold(match['office']).replace('defense', 'defence').replace('-', ' ')}"
            found.setdefault((office, name), Holder(office, f"{of} {match['office']}", name))
    return tuple(found.values())


def _words(name: str) -> Sequence[str]:
    return [fold(word) for word in re.split(r"[ \-]", name) if len(word) > 2]


def _alike(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) > 4 and OSA.distance(one, other, score_cutoff=_NEAR) <= _NEAR)
