"""Values of the checks: what a model was shown, a quote found in it, and what is wrong with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assistant.checking import grounds
from assistant.checking.quotes import Place, visible
from assistant.writing.evidence import Evidence
from index.terms import fold, stem
from index.types import Voice

_WORD = re.compile(r"[^\W_]+(?:[-’'.,]?[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a sentence is not shown."""

    code: str
    text: str  # for the reader; no word of the model's
    detail: str = ""  # for the model, which may need its own words to mend it; shown to nobody
    passages: tuple[int, ...] = ()  # that the model needs to see again, beside those that it cited


@dataclass(frozen=True, slots=True)
class Located:
    """A quote, found; it is the words of one speaker."""

    evidence: Evidence
    place: Place  # in the document
    given: Place  # of what the model copied: the same, or more, with words around that tell who speaks
    voice: Voice

    @property
    def text(self) -> str:
        """Exactly the slice."""
        return self.evidence.document.text[self.place.start : self.place.end]

    @property
    def words(self) -> str:
        """The slice as it is read: an invisible letter inside of a number makes it no other number."""
        return visible(self.text)

    @property
    def context(self) -> str:
        """All that the model copied, as it is read."""
        return visible(self.evidence.document.text[self.given.start : self.given.end])


@dataclass(frozen=True)
class Shown:
    """What a model was shown for one question: that is all it may write about."""

    question: str
    evidence: tuple[Evidence, ...]
    boundary: str = ""
    spellings: grounds.Spellings = field(default_factory=dict[str, tuple[str, ...]])
    one_sided: Callable[[str], Sequence[str]] = lambda _: ()  # the words of a text that only one side uses for a thing

    def passage(self, number: int) -> Evidence | None:
        """The passage with this number; None for one that was not shown."""
        return self.evidence[number - 1] if 1 <= number <= len(self.evidence) else None

    @cached_property
    def lower_case(self) -> frozenset[str]:
        """The words that the passages write in lower case, with their stems."""
        found = (match.group() for entry in self.evidence for match in _WORD.finditer(entry.text))
        lower = {word for word in found if word.islower()}
        return frozenset({fold(word) for word in lower} | {stem(word) for word in lower})

    @cached_property
    def names(self) -> frozenset[str]:
        """The words that the passages and the question write with a capital only."""
        texts = (self.question, *(entry.text for entry in self.evidence))
        found = {fold(match.group()) for text in texts for match in _WORD.finditer(text) if match.group()[0].isupper()}
        return frozenset(found - self.lower_case)
