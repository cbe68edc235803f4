"""A claim and what covers it in, the numbers, names and wording that nothing covers out.

"Covered" means: stands in the claim's quotes, in the heads of their sources, or, for names, in the question. So a claim
may not bring in anything from a model's memory that could be checked by looking. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from assistant.checking.numerals import WORDS, mentioned, numbers
from assistant.checking.quotes import UNSPACED
from index.terms import STOPWORDS, fold, stems, words

Spellings = Mapping[str, tuple[str, ...]]

_MONTHS = """January February March April May June July August September October November December""".split()
_YEARS = (1800, 2100)
_GLUED = re.compile(r"([a-zà-öø-ÿ])([A-Z])")  # "recognizeDonetsk": the source has lost a space
_NAME = re.compile(r"[^\W\d_][\w'\-]*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[\"“”‘«(]\s*)$")
_COUNTED = re.compile(
    r"\b(\w+)(?:[ -]\w+)? (?:sources?|articles?|authors?|documents?|texts?|passages?|accounts?|pieces|writers?|essays?"
    r"|perspectives?|sides?|camps?)\b",
    re.IGNORECASE,
)
# Capitals that name nobody: with which sentences begin, and which English writes large in any case.
_ORDINARY = WORDS | frozenset(
    """according critics supporters officials sources articles authors source author article essay text texts document
    documents both several some many most others other another however meanwhile while although though whereas by in
    on at for from to with under after before during since until the a an this that these those it its he she they his
    her their we our i all each every not only also even still yet but and or so as if
    when where what who how why which because then there here such same similar similarly likewise instead rather
    reported reportedly asked quoted writing written president minister prime foreign secretary chancellor king queen
    prince general senator governor mayor mr mrs ms dr sir lord lady professor captain pope writer reader readers
    comment comments passage passages reporter journalist newspaper blog blogger newsletter report reports analysis
    plans plan among against between within without despite unlike like over about more less fewer early late later
    today yesterday tomorrow nobody nothing never nowhere nor hardly barely scarcely rarely
    judge justice chief deputy coach ambassador envoy spokesman spokeswoman spokesperson commissioner
    almost nearly around roughly up down together overall initially eventually
    finally recently currently now just once through throughout amid across along alongside beyond
    besides behind near next last additionally moreover furthermore nevertheless nonetheless therefore thus hence
    consequently conversely specifically notably importantly allegedly apparently citing noting arguing speaking
    responding referring describing calling saying""".split()
)
# Of these only the first of a sentence: later on they are somebody's name.
_OPENING = frozenset(
    """people men women children parents pupils students teachers
    workers employees employers unions union voters citizens residents locals families patients doctors nurses
    experts analysts economists researchers scientists engineers historians observers commentators lawyers judges
    prosecutors investigators police authorities lawmakers legislators politicians ministers leaders diplomats
    negotiators soldiers troops fighters rebels protesters demonstrators activists campaigners opponents proponents
    advocates witnesses victims survivors refugees migrants farmers investors companies businesses firms banks
    insurers consumers customers passengers commuters fans players members journalists reporters governments
    government prices costs rents wages sales exports imports profits inflation unemployment growth
    emissions temperatures attacks strikes talks negotiations""".split()
)
# Names that no ending leads to: of months, and of countries with what belongs to them.
_KIN = (
    *(f"{month} {month[:3]}".lower() for month in _MONTHS), "september sept",
    "france french frenchman", "poland polish poles pole", "spain spanish spaniards", "china chinese",
    "netherlands dutch holland", "denmark danish danes", "sweden swedish swedes", "finland finnish finns",
    "turkey turkish turks turkiye", "britain british uk", "england english", "greece greek greeks",
    "ireland irish", "scotland scottish", "wales welsh", "switzerland swiss", "norway norwegian norwegians",
    "us usa america american americans", "eu europe european europeans", "germany german germans",
    "ukraine ukrainian ukrainians", "russia russian russians", "philippines filipino filipinos",
    "portugal portuguese", "iceland icelandic", "peru peruvian", "cyprus cypriot", "iraq iraqi iraqis",
    "israel israeli israelis", "pakistan pakistani pakistanis", "czechia czech czechs", "slovakia slovak slovaks",
    "croatia croatian croats", "belgium belgian belgians", "lebanon lebanese", "argentina argentine argentinian",
    "thailand thai thais", "afghanistan afghan afghans", "kazakhstan kazakh", "hungary hungarian magyar",
    "north northern", "south southern", "east eastern", "west western",
)  # fmt: skip
_KINDRED: dict[str, set[int]] = {}
for _at, _words in enumerate(_KIN):
    for _word in _words.split():
        _KINDRED.setdefault(_word, set()).add(_at)
# Names of several words that have an abbreviation, so that United Nations is not taken for half of United States.
_ABBREVIATED = {
    "united states of america": "US", "united states": "US", "united nations": "UN", "united kingdom": "UK",
    "great britain": "UK", "european union": "EU", "north atlantic treaty organization": "NATO",
    "north atlantic treaty organisation": "NATO", "north atlantic alliance": "NATO",
}  # fmt: skip
_IN_FULL = re.compile(rf"\b(?:{'|'.join(_ABBREVIATED)})\b", re.IGNORECASE)
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_ENDINGS = frozenset({"", "s", "n", "ns", "an", "ans", "ian", "ians", "ese", "i", "is", "ish", "ist", "ists", "ism"})
# Words that are names only with a capital: "us" is not the US, and "may" no month.
_CAPITAL_ONLY = frozenset({month.lower() for month in _MONTHS})
_GERMAN = frozenset("der die das und ist nicht ein eine den dem von mit für auf dass hat sich im zu wird".split())


def uncovered_numbers(
    claim: str, quotes: Sequence[str], heads: Sequence[str], cited: int, question: str
) -> list[Decimal]:
    """The numbers of a claim that neither a quote nor the head of a source has.

    Args:
        cited: of how many documents the claim cites a passage: it may count them ("two sources").
        question: one that repeats a number of the question may be passed here; "" where it may not.
    """
    claimed, known = numbers(claim), mentioned(" \n ".join((*quotes, question)))
    years = {value for value in numbers(" \n ".join(quotes)) if _YEARS[0] <= value < _YEARS[1]}
    if not years or years & claimed:
        # Else the year in which a source was published would stand for the one of which it speaks.
        known |= mentioned(" \n ".join(heads))
    counted = {value for match in _COUNTED.finditer(claim) for value in numbers(match.group(1)) if value <= cited}
    return sorted(claimed - known - counted)


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
    ways = (way for text in known for way in (text, _GLUED.sub(r"\1 \2", text)))
    there = {word for text in ways for word in _names(spelt(text))}
    folded_there = {fold(word) for word in there}
    capital = {fold(word) for word in there if not word.islower()}
    claim = spelt(claim)
    german = _looks_german(claim)
    missing: list[str] = []
    for match in _NAME.finditer(claim):
        start = bool(_SENTENCE_START.search(claim[: match.start()]))
        for word in _bare(match.group()).split("-"):
            folded = fold(word)
            first = start and match.group().startswith(word)
            if not may_name(word, folded, first=first) or (german and not is_name(folded)):
                continue
            if first and not word.isupper() and in_lower_case(folded):
                continue
            known_as = capital if word.isupper() or folded in _CAPITAL_ONLY else folded_there
            if not any(same_name(folded, other, spellings) for other in known_as) and word not in missing:
                missing.append(word)
    return missing


def support(claim: str, quotes: Sequence[str], around: Sequence[str]) -> float:
    """The share of a claim's content words, by stem and without numbers, that its quotes or the text around them hold.

    1 if it has none.
    """
    wanted = set(_terms(claim))
    there = {term for text in (*quotes, *around) for term in _terms(text)}
    return len(wanted & there) / len(wanted) if wanted else 1.0


def _terms(text: str) -> list[str]:
    spaced = UNSPACED.sub(r" \g<0> ", spelt(text))
    return stems(" ".join(word for word in words(spaced) if not word.isdigit() and fold(word) not in WORDS))


def _names(text: str) -> set[str]:
    """The words of a text that could be a name or a part of one."""
    whole = {_bare(word) for word in _NAME.findall(text)}
    return whole | {part for word in whole for part in re.split("[-']", word)}


def spelt(text: str) -> str:
    """With apostrophes of one kind and abbreviations in their short form."""
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text.replace("’", "'").replace("‑", "-"))
    return _IN_FULL.sub(lambda match: _ABBREVIATED[match.group().lower()], text)


def may_name(word: str, folded: str, *, first: bool) -> bool:
    """Whether a word with a capital could be somebody's name.

    Args:
        first: whether it is the first word of its sentence.
    """
    if not word[:1].isupper() or len(word) < 2:
        return False
    if word.isupper() or (folded == "may" and not first):
        return True
    return folded not in _ORDINARY and folded not in STOPWORDS and not (first and folded in _OPENING)


def same_name(one: str, other: str, spellings: Spellings) -> bool:
    """Whether two folded words are one name, in another spelling or with another ending."""
    if one == other:
        return True
    if other in {fold(way) for way in spellings.get(one, ())}:
        return True
    if _KINDRED.get(one, set()) & _KINDRED.get(other, set()):
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 4:
        return False
    root = shorter[:-1] if shorter[-1] in "aeoy" and len(shorter) > 4 else shorter
    ending = longer.removeprefix(shorter)
    if ending in ("n", "ns"):  # Kenya and Kenyan; Marti and Martin are two people
        return shorter[-1] == "a"
    return ending in _ENDINGS or longer.removeprefix(root) in _ENDINGS


def _bare(word: str) -> str:
    """Without the genitive and the marks around."""
    return re.sub(r"'s?$", "", word.strip("'-"))


def _looks_german(text: str) -> bool:
    found = {fold(word) for word in _NAME.findall(text)}
    return len(found & _GERMAN) >= 2 and not found & {"the", "of", "and", "to", "is"}
