"""A name as somebody writes it in, whether it means a speaker out: "Ryabkov" means Sergey Ryabkov.

Pure functions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.terms import fold, words

AUTHOR = "author"  # stands for the author of each document
# Words of a name that tell nobody from anybody.
_NOBODY = frozenset("the of as by an a and mr mrs ms dr sir sen rep gov president".split())


def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name that tell whom it means, in order."""
    return tuple(folded for word in words(name) if (folded := fold(word)) not in _NOBODY)


def means(wanted: Sequence[Collection[str]], speaker: str) -> bool:
    """Whether a name may mean a speaker: every word of it is one of his.

    Args:
        wanted: the words of the name, each in every spelling of it.
    """
    his = set(name_words(speaker))
    return bool(wanted) and all(any(fold(spelling) in his for spelling in spellings) for spellings in wanted)
