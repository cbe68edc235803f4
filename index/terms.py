"""Text in, the words that searching compares out: folded, stemmed, without function words.

The same folding as SQLite's `porter unicode61`, so that a word counted here is a word found there.
Pure functions.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache

import snowballstemmer

from index import minilm

_WORD = re.compile(r"[^\W_]+")
_stemmer = snowballstemmer.stemmer("porter")
_one_at_a_time = threading.Lock()  # it keeps the word it works on in itself
# SQLite's Porter stemmer follows two rules that its author added later: technology is technolog, possibly is possibl.
_LATER_RULES = re.compile(r"(.*[aeiouy][^aeiou].*)(?:(log)|bl)(?:y|ies|i)")

# English function words, and the words with which people ask. A question keeps its other words.
STOPWORDS = frozenset(
    """a about above after again against all also although am an and any are as at be because been before being below
    between both but by can could d did do does doing don down during each either else ever few for from further get
    got had has have having he hence her here hers herself him himself his how however i if in into is isn it its
    itself just let ll like m many may me might mine more most much must my myself neither no nor not now of off on
    once one only onto or other others ought our ours ourselves out over own per quite rather re s same shall she
    should since so some such t than that the their theirs them themselves then there these they this those through
    thus to too toward towards under until up upon us ve very was we were what whatever when where whether which while
    who whoever whom whose why will with within without would yes yet you your yours yourself
    say says said tell tells told ask asks asked describe describes described according article articles author
    authors source sources text texts document documents""".split()
)


def fold(word: str) -> str:
    """Lower case, without accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The form in which the index keeps a word."""
    folded = fold(word)
    if len(folded) < 3:
        return folded
    later = _LATER_RULES.fullmatch(folded)
    with _one_at_a_time:
        return _stemmer.stemWord(later[1] + (later[2] or "ble") if later else folded)


def words(text: str) -> list[str]:
    """The words of a text as written, in order."""
    return _WORD.findall(text)


def stems(text: str) -> list[str]:
    """The stemmed content words of a text, in order."""
    return [found for word in words(text) if (found := _content(word))]


@lru_cache(maxsize=200_000)
def _content(word: str) -> str:
    """The stem of a content word; nothing for a function word."""
    return "" if fold(word) in STOPWORDS else stem(word)


@cache
def well_known() -> frozenset[str]:
    """The words that the embedding model knows whole: some twenty thousand frequent English words and names."""
    vocabulary = (minilm.weights_folder() / "vocab.txt").read_text("utf-8").split()
    return frozenset(word for word in vocabulary if word.isalpha())
