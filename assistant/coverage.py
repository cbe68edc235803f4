"""A claim and what covers it in, the numbers, names and wording that nothing covers out.

"Covered" means: stands in the claim's quotes, in the heads of their sources, or, for names, in the question. So a claim
may not bring in anything from a model's memory that could be checked by looking. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from assistant.numerals import numbers
from index.terms import STOPWORDS, fold, stems

Spellings = Mapping[str, tuple[str, ...]]

_MONTHS = """January February March April May June July August September October November December""".split()
_NAME = re.compile(r"[^\W\d_][\w’'\-]*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[\"“”‘«(]\s*)$")
_COUNTED = re.compile(
    r"\b(\w+)(?:[ -]\w+)? (?:sources?|articles?|authors?|documents?|texts?|passages?|accounts?|pieces|writers?|essays?"
    r"|perspectives?|sides?|camps?)\b",
    re.IGNORECASE,
)
# Capitals that name nobody: with which sentences begin, and which English writes large in any case.
_ORDINARY = frozenset(
    """according critics supporters officials sources articles authors source article author essay text texts document
    documents both several some many most others other another however meanwhile while although though whereas by in
    on at for from to with under after before during since until the a an this that these those it its he she they his
    her their we our i one two three all each every no not none neither only also even still yet but and or so as if
    when where what who how why which because then there here such same similar similarly likewise instead rather
    reported reportedly asked quoted writing written president minister prime foreign secretary chancellor king queen
    prince general senator governor mayor mr mrs ms dr sir lord lady professor captain pope writer reader readers
    comment comments passage passages reporter journalist newspaper blog blogger newsletter report reports analysis
    plans plan among against between within without despite unlike like over about more less fewer early late later
    today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday western eastern northern southern
    west east north south""".split()
)
# Names of countries and of what belongs to them that no ending leads to.
_KIN = (
    "france french frenchman", "poland polish poles pole", "spain spanish spaniards", "china chinese",
    "netherlands dutch holland", "denmark danish danes", "sweden swedish swedes", "finland finnish finns",
    "turkey turkish turks türkiye", "britain british uk u.k england english", "greece greek greeks",
    "ireland irish", "scotland scottish", "wales welsh", "switzerland swiss", "norway norwegian norwegians",
    "us u.s usa america american americans united states washington", "eu e.u european europe europeans",
    "un u.n united nations", "germany german germans", "ukraine ukrainian ukrainians", "russia russian russians",
    "philippines filipino filipinos", "portugal portuguese", "iceland icelandic", "peru peruvian", "cyprus cypriot",
    "iraq iraqi iraqis", "israel israeli israelis", "pakistan pakistani pakistanis", "nato north atlantic alliance",
)  # fmt: skip
_KINDRED: dict[str, set[int]] = {}
for _at, _words in enumerate(_KIN):
    for _word in _words.split():
        _KINDRED.setdefault(_word, set()).add(_at)
_ENDINGS = frozenset({"", "s", "n", "ns", "an", "ans", "ian", "ians", "ese", "i", "is", "ish", "ist", "ists", "ism"})
_GERMAN = frozenset("der die das und ist nicht ein eine den dem von mit für auf dass hat sich im zu wird".split())


def uncovered_numbers(
    claim: str, quotes: Sequence[str], heads: Sequence[str], cited: int, question: str
) -> list[Decimal]:
    """The numbers of a claim that neither a quote nor the head of a source has.

    Args:
        cited: of how many documents the claim cites a passage: it may count them ("two sources").
        question: one that repeats a number of the question may be passed here; "" where it may not.
    """
    known = numbers(" \n ".join((*quotes, *heads, question)))
    counted = {value for match in _COUNTED.finditer(claim) for value in numbers(match.group(1)) if value <= cited}
    return sorted(numbers(claim) - known - counted)


def dated(published: str | None) -> str:
    """An ISO date with its month as a word as well: "2025-12" is December 2025."""
    if not published or len(published) < 7 or not published[5:7].isdigit() or not 1 <= int(published[5:7]) <= 12:
        return published or ""
    day = f" {int(published[8:10])}" if published[8:10].isdigit() else ""
    return f"{published[:4]} {_MONTHS[int(published[5:7]) - 1]}{day}"


def uncovered_names(
    claim: str,
    known: Iterable[str],
    spellings: Spellings,
    in_lower_case: Callable[[str], bool],
    is_name: Callable[[str], bool],
) -> list[str]:
    """The names of a claim of which nothing that covers it holds a spelling.

    Args:
        known: the texts that cover it.
        spellings: the ways in which the corpus writes a name, by its folded form.
        in_lower_case: whether the passages shown write this word, folded, in lower case too: then it is no name
            where it begins a sentence.
        is_name: whether the corpus knows this word, folded, as a name: asked where every noun has a capital.
    """
    there = {fold(_bare(word)) for text in known for word in _NAME.findall(text)}
    there |= {part for word in there for part in re.split(r"[-’']", word)}
    german = _looks_german(claim)
    missing: list[str] = []
    for match in _NAME.finditer(claim):
        for word in re.split("-", _bare(match.group())):
            folded = fold(word)
            if not word[:1].isupper() or len(word) < 2 or folded in _ORDINARY or folded in STOPWORDS:
                continue
            if german and not is_name(folded):
                continue
            first = bool(_SENTENCE_START.search(claim[: match.start()])) and match.group().startswith(word)
            if first and not word.isupper() and in_lower_case(folded):
                continue
            if not any(_same_name(folded, other, spellings) for other in there) and word not in missing:
                missing.append(word)
    return missing


def support(claim: str, quotes: Sequence[str], around: Sequence[str]) -> float:
    """The share of a claim's content words that its quotes or the text around them hold, by stem; 1 if it has none."""
    wanted = set(stems(claim))
    there = {stem for text in (*quotes, *around) for stem in stems(text)}
    return len(wanted & there) / len(wanted) if wanted else 1.0


def _same_name(one: str, other: str, spellings: Spellings) -> bool:
    if one == other:
        return True
    if other in {fold(way) for way in spellings.get(one, ())}:
        return True
    if _KINDRED.get(one, set()) & _KINDRED.get(other, set()):
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 4:
        return False
    stem = shorter[:-1] if shorter[-1] in "aeoy" else shorter
    return (longer.startswith(shorter) and longer[len(shorter) :] in _ENDINGS) or (
        len(stem) >= 4 and longer.startswith(stem) and longer[len(stem) :] in _ENDINGS
    )


def _bare(word: str) -> str:
    """Without the genitive and the marks around."""
    return re.sub(r"[’']s?$", "", word.strip("’'-"))


def _looks_german(text: str) -> bool:
    found = {fold(word) for word in _NAME.findall(text)}
    return len(found & _GERMAN) >= 2 and not found & {"the", "of", "and", "to", "is"}
