"""A question and the passages found for it in, the words of it that name what it is about out: "the peace plan".

Pure functions; see `nouns.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.question.nouns import PLAIN, WORD, Nouns, is_plural, is_small
from index.speaking.lexicon import CUES
from index.terms import fold

_LINKS = frozenset({"of", "in", "between", "for"})
_ASKED_OF = frozenset({"which", "what"})
# Behind them stand a subject and its verb: "did the ambulance wait".
_MODALS = frozenset("can could may might must shall should will would".split())
_AUXILIARIES = _MODALS | {"do", "does", "did"}
# What follows is any one, a verb, or something that was named before.
_NO_TOPIC = frozenset("a an to this that these those its their his her our my your how no any some".split()) | _MODALS
_OWNER = ("’s", "'s", "’", "'")
_NONE = CUES | PLAIN  # verbs of saying, and what tells when or which
_LONGEST = 7  # words of a topic
_MOST = 4  # of these with a content


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    joined: bool  # to the word before, by white space alone

    @property
    def small(self) -> bool:
        return is_small(self.text)

    @property
    def folded(self) -> str:
        return fold(self.text)

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def topics(question: str, texts: Sequence[str]) -> list[str]:
    """The words of a question that name a thing, as the passages write it too, the longest first."""
    words, nouns = _words(question), Nouns(texts)
    taken: set[int] = set()
    found: dict[str, tuple[int, bool]] = {}
    for first, beyond in _stretches(words):
        if taken.isdisjoint(range(first, beyond)) and _names_a_thing(words, first, beyond, nouns):
            taken.update(range(first, beyond))
            stretch = words[first:beyond]
            content = [word for word in stretch if not word.small]
            text = " ".join(question[stretch[0].start : stretch[-1].end].split())
            named = _with_article(text, stretch, _opening(words, first), nouns)
            found[named] = len(content), any(word.capital for word in content)
    return sorted(found, key=lambda text: found[text], reverse=True)


def _words(question: str) -> list[_Word]:
    made: list[_Word] = []
    end = 0
    for match in WORD.finditer(question):
        made.append(_Word(match.group(), match.start(), match.end(), not question[end : match.start()].strip()))
        end = match.end()
    return made


def _stretches(words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """Words without a mark between them that begin and end with a content word, the longest first."""
    for length in range(min(len(words), _LONGEST), 0, -1):
        for first in range(len(words) - length + 1):
            stretch = words[first : first + length]
            if stretch[0].small or stretch[-1].small or not all(word.joined for word in stretch[1:]):
                continue
            inner = all(not word.small or _links(before, word, stretch) for before, word in pairwise(stretch))
            if inner and sum(not word.small for word in stretch) <= _MOST:
                yield first, first + length


def _links(before: _Word, word: _Word, stretch: Sequence[_Word]) -> bool:
    """Whether a small word holds a phrase together: "of the"."""
    if word.folded == "the":
        return before.folded in _LINKS
    return word.folded in _LINKS or (word.folded == "and" and any(one.folded == "between" for one in stretch))


def _opening(words: Sequence[_Word], first: int) -> str | None:
    """The small word before a stretch; None where another one stands there, empty at the beginning of a phrase."""
    if not first or not words[first].joined:
        return ""
    return words[first - 1].folded if words[first - 1].small else None


def _names_a_thing(words: Sequence[_Word], first: int, beyond: int, nouns: Nouns) -> bool:
    stretch = words[first:beyond]
    said, head = [word.text for word in stretch], stretch[-1]
    follows = words[beyond] if beyond < len(words) and words[beyond].joined else None
    if any(_is_verb(one, other) for one, other in pairwise(stretch)) or head.text.endswith(_OWNER):
        return False
    if all(word.capital for word in stretch):
        before = words[first - 1] if first and words[first].joined else None
        part = any(word and word.capital and not word.small for word in (before, follows))
        alone = len(stretch) == 1 and (nouns.is_adjective(head.text) or head.folded in PLAIN)
        return not part and not alone and nouns.are_written(said)
    opening = _opening(words, first)
    owned = stretch[0].capital and said[0].endswith(_OWNER)
    if (
        (opening is None and not owned)
        or opening in _NO_TOPIC
        or not {stretch[0].folded, head.folded}.isdisjoint(_NONE)
    ):
        return False
    if head.text.islower() and head.text.endswith(("ly", "ing", "ed")):
        return False
    if _waits_for_verb(words[:first]):
        return nouns.stand(said)  # what follows may be the verb
    if follows and not follows.small:
        return False
    content = [word.text for word in stretch if not word.small]
    if head.capital:
        return nouns.are_written(content[-1:])
    rest = said[1:] if owned else content[-1:]
    return nouns.stand(said) or (len(content) > 1 and nouns.stand(rest, between=0))


def _waits_for_verb(before: Sequence[_Word]) -> bool:
    """Whether the verb of a question is still to come: "did the ambulance ..."; that of saying ends it."""
    for word in reversed(before):
        if word.folded in {"say", "about"}:
            return False
        if word.folded in _AUXILIARIES:
            return True
    return False


def _is_verb(one: _Word, other: _Word) -> bool:
    """Whether one of two words that stand together is likely a verb: "drives Trump's", "Macron assembled"."""
    before_name = one.text.islower() and other.capital and not one.small
    return before_name or (other.text.islower() and other.text.endswith("ed") and not one.small)


def _with_article(text: str, stretch: Sequence[_Word], opening: str | None, nouns: Nouns) -> str:
    beyond = next((at for at, word in enumerate(stretch) if word.folded in _LINKS), len(stretch))
    one = not is_plural(stretch[beyond - 1].text)
    if opening == "the" or (opening in _ASKED_OF and one) or (stretch[0].capital and nouns.have_article(text)):
        return f"the {text}"
    return text
