"""Passages in, what they name and nobody has told yet out: things, names, and who can be asked for by name.

Pure functions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.question.nouns import ARTICLES, BEFORE, NAME, PLAIN, WORD, Nouns, is_adjective, is_plural, is_small
from index.names import find
from index.speaking.lexicon import CUES
from index.terms import fold, stem, stems

_PHRASE = (2, 3)  # content words of a thing that passages name
_NAME_WORDS = 5  # a longer one is no name
_PARTICLES = frozenset("of the de da van von der bin al el la le".split())


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that passages name."""

    text: str  # as a question writes it, with its article: "the peace plan"
    stems: frozenset[str]
    passages: frozenset[int]  # numbers of those that name it


def things(texts: Sequence[str], known: Iterable[str]) -> list[Thing]:
    """The things that several passages name and that are not known yet, what most of them name first.

    Args:
        known: texts whose words are known: the question, and what was answered.
    """
    heard = {word for text in known for word in stems(text)}
    written: dict[tuple[str, ...], Counter[str]] = {}
    held: dict[tuple[str, ...], set[int]] = {}
    for number, text in enumerate(texts):
        for words, article in _named(text):
            key = tuple(map(stem, words))
            if heard.issuperset(key):
                continue
            written.setdefault(key, Counter())[" ".join([article, *words]).strip()] += 1
            held.setdefault(key, set()).add(number)
    found = [
        Thing(written[key].most_common(1)[0][0], frozenset(key), frozenset(numbers))
        for key, numbers in held.items()
        if len(numbers) > 1
    ]
    found.sort(key=lambda thing: (-len(thing.passages), thing.text))
    nouns = Nouns(texts)
    found = [thing for thing in found if not _has_verb(thing.text.split(), nouns)]
    return [thing for at, thing in enumerate(found) if not any(thing.stems <= other.stems for other in found[:at])]


def _has_verb(words: Sequence[str], nouns: Nouns) -> bool:
    """Whether a phrase may be a subject with its verb: "the plan keeps", where "the plan" stands elsewhere."""
    return is_plural(words[-1]) and not nouns.stand(words[-1:], between=0) and nouns.stand(words[-2:-1], between=0)


def names(texts: Sequence[str], known: Iterable[str]) -> list[Thing]:
    """The names in several passages that are not known yet, those in most of them first."""
    heard = {word for text in known for word in stems(text)}
    written: dict[str, Counter[str]] = {}
    held: dict[str, set[int]] = {}
    everybody: set[str] = set()
    for number, text in enumerate(texts):
        for match in NAME.finditer(text):
            name = re.sub(r"[’']s?$", "", match["name"])
            if PLAIN.isdisjoint(map(fold, name.split())):
                everybody.add(name)
            known_yet = not stems(name) or not heard.isdisjoint(stems(name))
            if not known_yet and len(name.split()) <= _NAME_WORDS and PLAIN.isdisjoint(map(fold, name.split())):
                held.setdefault(name, set()).add(number)
                written.setdefault(name, Counter())[
                    f"the {name}" if text.endswith("the ", 0, match.start()) else name
                ] += 1
    found = [
        Thing(written[name].most_common(1)[0][0], frozenset(stems(name)), frozenset(at))
        for name, at in held.items()
        if len(at) > 1 and not any(is_adjective(name, other) for other in everybody)
    ]
    return sorted(found, key=lambda thing: (-len(thing.passages), thing.text))


def is_plain_name(name: str, texts: Sequence[str]) -> bool:
    """Whether a name is one person's or one body's, so that "What does ... say" is English.

    What begins a sentence only may be any word with a capital, one that ends in s may be many people, and "the" is no
    part of a name that somebody is asked for by.
    """
    words = name.split()
    if not 1 <= len(words) <= 4 or not all(word[:1].isupper() or fold(word) in _PARTICLES for word in words):
        return False
    if is_small(words[0]) or fold(words[0]) in PLAIN or Nouns(texts).have_article(name, 0.5 if len(words) > 1 else 0.0):
        return False
    return len(words) > 1 or (not is_plural(name) and any(name in find(text) for text in texts))


def _named(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The phrases of two or three small content words between a small word and the end of the phrase."""
    found = [*WORD.finditer(text)]
    least, most = _PHRASE
    opened: str | None = None
    run: list[str] = []
    for at, match in enumerate(found):
        word = fold(match.group())
        if is_small(match.group()):
            opened, run = (word if word in BEFORE else None), []
            continue
        run.append(match.group())
        after = found[at + 1] if at + 1 < len(found) else None
        gap = text[match.end() : after.start()] if after else "."
        ends = bool(gap.strip()) or "\n" in gap
        if (ends or (after is not None and is_small(after.group()))) and opened is not None:
            if least <= len(run) <= most and _names_a_thing(run):
                yield tuple(run), opened if opened in ARTICLES else ""
            opened, run = None, []
        elif ends:
            opened, run = None, []


def _names_a_thing(words: Sequence[str]) -> bool:
    folded = [fold(word) for word in words]
    head = folded[-1]
    return (
        all(word.islower() for word in words)
        and not PLAIN.intersection(folded)
        and not CUES.intersection(folded)
        and all(len(word) > 2 for word in words)
        and not any("’" in word or "'" in word for word in words)
        and not head.endswith(("ed", "ly", "ing"))
        and not any(word.endswith("ly") for word in folded)
    )
