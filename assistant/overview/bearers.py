"""Names under which people are quoted in, whom each name stands for out, over all documents.

Spellings of one name are one. A surname alone stands for the only one who is quoted under it in full; where there are
two of them, it stays a name of its own. Words without a name ("the supplier") stand for somebody else in each document,
and so for nobody here. Pure functions.
"""

from __future__ import annotations

from collections.abc import Mapping

from index.names import Spellings
from index.speaking.whom import name_words
from index.terms import fold, words

_Key = tuple[str, ...]


def bearers(counts: Mapping[str, int], spellings: Spellings) -> dict[str, str]:
    """For every name that tells somebody, the form in which most give it in full.

    Args:
        counts: names, with how often each is quoted.
        spellings: of the names of the corpus, by their folded form.
    """
    keys = {name: _key(name, spellings) for name in counts if _is_name(name)}
    full: dict[str, set[_Key]] = {}
    for key in keys.values():
        if len(key) > 1:
            full.setdefault(key[-1], set()).add(key)
    for name, key in keys.items():
        if len(key) == 1 and len(bearing := full.get(key[0], set())) == 1:
            keys[name] = next(iter(bearing))
    forms: dict[_Key, list[str]] = {}
    for name, key in keys.items():
        forms.setdefault(key, []).append(name)
    best = {
        key: min(names, key=lambda name: (len(name_words(name)) != len(key), -counts[name], name))
        for key, names in forms.items()
    }
    return {name: best[key] for name, key in keys.items()}


def _is_name(name: str) -> bool:
    """Whether any of its words but those that tell nobody is written like a name."""
    return any(word[0].isupper() and name_words(word) for word in words(name))


def _key(name: str, spellings: Spellings) -> _Key:
    return tuple(min(map(fold, spellings.get(word, (word,)))) for word in name_words(name))
