"""A question in, whose words it asks for out: "What does Ryabkov say about NATO?".

Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from index.speaking.whom import AUTHOR
from index.types import Voice, VoiceKind, Voices

_NAME = r"(?P<name>[A-ZÀ-ÖØ-Þ][\w’'.-]*(?: (?:(?:de|da|van|von|der|bin|al|el|la|le|of|the) )*[A-ZÀ-ÖØ-Þ][\w’'.-]*)*)"
_SAYS = (
    r"(?:say|said|saying|state|stated|write|wrote|claim|claimed|argue|argued|tell|told|demand|call"
    r"|describe|explain|warn|propose)"
)
_ASKS = (
    re.compile(rf"\b(?i:do|does|did|has|have|is|was|would) {_NAME} (?:\w+ )?{_SAYS}\b"),
    re.compile(rf"\b(?i:according to|in the (?:words|view|opinion) of) {_NAME}"),
    re.compile(
        rf"{_NAME}(?:[’']s|[’']) (?:own )?(?:words|position|view|views|opinion|argument|arguments|statements?"
        rf"|comments?|account|claims?|demands|terms|reaction)\b"
    ),
)
# Before a name that begins no name: "What Does Putin say".
_QUESTION_WORDS = frozenset(
    "what how why when where who which does did do has have is was would could should and but".split()
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose words are looked for."""

    speakers: frozenset[str] = frozenset()  # as the corpus names them
    authors: bool = False  # the authors' own words
    only: bool = False  # nobody else's may be cited; else these come first

    def __bool__(self) -> bool:
        return self.only or bool(self.speakers) or self.authors

    def is_by(self, voice: Voice) -> bool:
        """Whether somebody who is wanted speaks."""
        return voice.speaker in self.speakers if voice.speaker else self.authors and voice.kind is VoiceKind.AUTHOR

    def speaks(self, voices: Voices, start: int, end: int) -> bool:
        """Whether somebody who is wanted says some of a stretch."""
        return any(self.is_by(piece) for piece in voices.pieces(start, end))


def asked(question: str, known: Callable[[str], tuple[str, ...]]) -> Wanted:
    """Whose words a question asks for.

    Args:
        known: the speakers of the corpus whom a name may mean.
    """
    found: set[str] = set()
    for pattern in _ASKS:
        for match in pattern.finditer(question):
            words = [word for word in match["name"].split() if word.casefold() not in _QUESTION_WORDS]
            if words:
                found.update(known(" ".join(words)))
    return Wanted(frozenset(found))


def of(question: str, filtered: tuple[str, ...], known: Callable[[str], tuple[str, ...]]) -> Wanted:
    """Whose words are looked for: those that a filter names, else those that the question asks for."""
    if not filtered:
        return asked(question, known)
    authors = any(name.casefold() == AUTHOR for name in filtered)
    return Wanted(frozenset(one for name in filtered for one in known(name)), authors, only=True)
