"""A word in, its plain form, the words that mean the same and those that mean the opposite out.

English verbs and a few adjectives, put together by hand: so few that each pair holds wherever it
stands. Pure functions.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from index.terms import fold, stem, well_known

# Plain form, past, participle where it differs.
_IRREGULAR = """
bear/bore/borne beat/beat/beaten bend/bent bind/bound blow/blew/blown cast/cast cost/cost eat/ate/eaten feed/fed
fly/flew/flown freeze/froze/frozen hang/hung lay/laid mistake/mistook/mistaken ride/rode/ridden ring/rang/rung
shake/shook/shaken shoot/shot show/showed/shown sing/sang/sung sit/sat sleep/slept slide/slid stick/stuck strive/strove
sweep/swept swim/swam/swum swing/swung tear/tore/torn undergo/underwent/undergone undo/undid/undone uphold/upheld
wake/woke/woken wear/wore/worn
be/was/were/been become/became begin/began/begun break/broke/broken bring/brought build/built buy/bought catch/caught
choose/chose/chosen come/came cut/cut deal/dealt do/did/done draw/drew/drawn drive/drove/driven fall/fell/fallen
feel/felt fight/fought find/found flee/fled forbid/forbade/forbidden forget/forgot/forgotten get/got/gotten
give/gave/given go/went/gone grow/grew/grown have/had hear/heard hide/hid/hidden hit/hit hold/held hurt/hurt keep/kept
know/knew/known lead/led leave/left lend/lent let/let lose/lost make/made mean/meant meet/met
overthrow/overthrew/overthrown pay/paid put/put quit/quit rise/rose/risen run/ran say/said see/saw/seen
seek/sought sell/sold send/sent set/set
shrink/shrank/shrunk shut/shut sink/sank/sunk speak/spoke/spoken spend/spent split/split spread/spread stand/stood
steal/stole/stolen strike/struck swear/swore/sworn take/took/taken teach/taught tell/told think/thought
throw/threw/thrown understand/understood win/won withdraw/withdrew/withdrawn write/wrote/written
""".split()
_PARTS = [entry.split("/") for entry in _IRREGULAR]
_PLAIN = {form: parts[0] for parts in _PARTS for form in parts}
_PAST = {parts[0]: parts[1] for parts in _PARTS}
# Forms that are more often something else.
_PLAIN |= {"left": "leave", "found": "find"}
_UNCHANGED = frozenset("cut hit hurt put shut".split())  # the past is the plain form, and mostly a verb
# What means much the same | what means the opposite.
_PAIRS = """
accept agree approve adopt endorse embrace sign ratify | reject refuse decline dismiss rebuff spurn veto
support back defend | abandon betray desert
rise increase grow climb recover improve | fall drop decline decrease shrink sink worsen
win prevail succeed | lose fail
open reopen | close shut
include invite involve | exclude sideline omit
inform tell notify |
lift remove | keep maintain extend retain
allow permit | forbid ban prohibit
confirm prove | disprove refute debunk
admit acknowledge concede | deny
keep honour respect observe | break violate breach
raise increase | cut reduce lower
conceal hide | publish disclose reveal
stop halt cease | continue persist
harm damage hurt | benefit
want seek desire |
attack invade |
withdraw retreat | stay
legal lawful | illegal unlawful
genuine real authentic | fake sham bogus
safe harmless | unsafe dangerous
reliable | unreliable
independent impartial | dependent biased
provoked | unprovoked
secret | public
successful | disastrous
achieve accomplish |
die | survive
collapse burst | hold withstand
hit | miss
""".strip().splitlines()
_NAMING = {
    "abandonment": "abandon", "betrayal": "betray",
    "cancellation": "cancel", "capitulation": "capitulate", "collapse": "collapse",
    "defeat": "defeat", "destruction": "destroy", "failure": "fail", "rejection": "reject", "refusal": "refuse",
    "surrender": "surrender", "theft": "steal", "withdrawal": "withdraw",
}  # fmt: skip
DEEDS = tuple(_NAMING)
ADJECTIVES = frozenset(
    "legal lawful illegal unlawful genuine fake sham bogus safe unsafe dangerous harmless reliable unreliable"
    " independent impartial biased unprovoked secret successful disastrous".split()
)


@lru_cache(maxsize=50_000)
def key(word: str) -> str:
    """What the forms of a word have in common: told and tells, betrayal and betrayed."""
    folded = fold(word)
    folded = _NAMING.get(folded, folded)
    return stem(_PLAIN.get(folded, folded))


def plain(word: str) -> str:
    """The plain form of a verb, as far as it is irregular; else the word."""
    return _PLAIN.get(fold(word), word)


def past(verb: str) -> str | None:
    """The past of a plain form; None where it is not sure."""
    if verb in _PAST:
        return _PAST[verb]
    return next((form for form in _ed(verb) if form in well_known()), None)


@lru_cache(maxsize=50_000)
def is_verb(word: str) -> bool:
    """Whether this may be the plain form of a verb: one that is irregular, or has a form in -ed that is in use."""
    if not word.isascii() or not word.isalpha() or not word.islower() or len(word) < 2:
        return False
    return word in _PAST or any(form in well_known() for form in _ed(word))


@lru_cache(maxsize=50_000)
def is_past(word: str) -> bool:
    """Whether this may be the past or the participle of a verb."""
    if not word.islower():
        return False
    if (word in _PLAIN and _PLAIN[word] != word) or word in _UNCHANGED:
        return True
    return word.endswith("ed") and len(word) > 4 and not word.endswith("eed")


def _ed(verb: str) -> tuple[str, ...]:
    if verb.endswith("e"):
        return (verb + "d",)
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return (verb[:-1] + "ied",)
    both = (verb + "ed", verb + verb[-1] + "ed")
    return both[::-1] if verb.endswith("l") else both  # cancelled, failed


@cache
def _sides() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    made: list[tuple[frozenset[str], frozenset[str]]] = []
    for line in _PAIRS:
        one, other = (frozenset(key(word) for word in side.split()) for side in line.split("|"))
        made += [(one, other), (other, one)]
    return tuple(made)


@lru_cache(maxsize=10_000)
def alike(word: str) -> frozenset[str]:
    """The keys of the words that mean much the same, its own among them."""
    own = key(word)
    return frozenset({own}).union(*(same for same, _ in _sides() if own in same))


@lru_cache(maxsize=10_000)
def opposed(word: str) -> frozenset[str]:
    """The keys of the words that mean the opposite."""
    own = key(word)
    return frozenset().union(*(other for same, other in _sides() if own in same)) - alike(word)


def hint(keys: frozenset[str]) -> re.Pattern[str]:
    """What every text with a word of one of these keys matches, and some others do: quicker than looking for keys."""
    special = [form for form in (*_PLAIN, *_NAMING) if key(form) in keys]
    begun = [found.removesuffix("i") for found in keys]
    return re.compile("|".join(map(re.escape, sorted({*special, *begun}))) or "(?!)", re.IGNORECASE)
