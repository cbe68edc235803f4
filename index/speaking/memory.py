"""The sentences of a text in their order in, whom "he", "she" or "they" means in the next one out.

A reader takes "he" for the person of whom he has just been told: who spoke last, or with whom a sentence began. Where
somebody else could be meant, the confidence sinks below what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.speaking.lexicon import word_set
from index.speaking.marks import Quote
from index.speaking.speakers import NOBODY, VAGUE, Cast, Mention, Speaker
from index.speaking.speech import Attribution
from index.terms import fold

AUTHOR = Speaker(None, 1.0)  # who quotes himself

_SELF, _HE, _THEY = word_set("i we you"), word_set("he she"), word_set("they it")
_DEFINITE = re.compile(r"(?:The|This|That|the|this|that) (?:[\w’'.\-]+ ){0,4}?\w")
_LONGEST_DESCRIPTION = 5  # words after "the"

_NEAR = 45  # characters from the beginning of a sentence within which its subject stands
_REACH = 500  # characters back within which somebody else could be meant by "he"

# Confidences; set by hand on the development texts. A name is shown from 0.5 on.
_ALONE = 0.75  # nobody else could be meant
_FIRST_OF_SENTENCE = 0.55  # the first of several in the sentence of the pronoun
_FIRST_OF_LAST = 0.6  # the first of several in a sentence before, or who was told of before a quote
_BODY = 0.45  # "they" or "it", after a body spoke
_GUESS = 0.4  # whoever spoke last, or one of several


@dataclass
class Memory:
    """Who has been speaking, and of whom the text has been telling, up to a place."""

    text: str
    cast: Cast
    speaker: Speaker = NOBODY  # the last who was given words
    subject: Speaker = NOBODY  # the last person who spoke or of whom a sentence tells
    told: int = -1  # where the last sentence ends that is about `subject` alone
    heard: int = -1  # where the last cue stands

    def who(self, attribution: Attribution, sentence: int) -> Speaker:
        """Who says what a sentence that begins at a place gives to somebody; AUTHOR if the writer himself."""
        if attribution.subject is None:
            return NOBODY
        phrase = self.text[slice(*attribution.subject)].lower()
        first = phrase.split()[0]
        if first in _SELF or phrase == "one":
            return AUTHOR
        if first in _HE:
            at = attribution.subject[0]
            return self._meant_by(first, at, sentence, min([at, *(start for start, _ in attribution.spans)]))
        if first in _THEY or phrase in ("who", "this", "that"):
            return NOBODY if self.speaker.person else self.speaker.no_surer_than(_BODY)
        return self.cast.speaker(attribution.subject)

    def hear(self, attribution: Attribution, speaker: Speaker) -> None:
        """Remember who was given words."""
        self.speaker, self.heard = speaker, attribution.cue[0]
        described = attribution.subject and _is_definite(self.text[slice(*attribution.subject)])
        if speaker.person or described:
            self.subject = speaker

    def tell(self, start: int, end: int, quotes: Sequence[Quote]) -> None:
        """Remember of whom a sentence without a cue tells: the first person named in it outside of its quotes."""
        named = [
            mention
            for mention in self.cast.between(start, end)
            if mention.person and not any(quote.opened <= mention.start < quote.closed for quote in quotes)
        ]
        people = [mention for mention in named if not mention.owner] or named
        if people and people[0].start - start < _NEAR:
            alone = _is_one(people)
            self.subject = Speaker(people[0].name, _ALONE if alone else _FIRST_OF_LAST, True)
            self.told = end if alone else -1
        elif _is_definite(self.text[start:end]):
            self.subject = NOBODY

    def speaker_at(self, start: int) -> Speaker:
        """Who speaks in quotes without a cue: whom the sentence just before is about, or the last speaker, unsurely."""
        if self.told >= 0 and not self.text[self.told : start].strip():
            return self.subject.no_surer_than(_FIRST_OF_LAST)
        return self.speaker.no_surer_than(_GUESS)

    def _meant_by(self, pronoun: str, at: int, sentence: int, said: int) -> Speaker:
        """The person that "he" or "she" means: one named before it in the sentence, else the last who spoke or acted.

        Args:
            at: where the pronoun stands.
            sentence: where its sentence begins.
            said: where what was said begins, if that is before the pronoun; nobody in it is meant.
        """
        candidates = [self.subject, self.speaker]
        people = [m for m in self.cast.between(sentence, said) if m.person and not m.owner]
        spoke_in_sentence = self.subject is self.speaker and self.heard >= sentence
        if people and people[0].start - sentence < _NEAR and not spoke_in_sentence:
            candidates.insert(0, Speaker(people[0].name, _ALONE if _is_one(people) else _FIRST_OF_SENTENCE, True))
        for candidate in candidates:
            if candidate is NOBODY:
                return NOBODY  # somebody without a name was the last
            if candidate.person and candidate.name and self.cast.may_be(candidate.name, pronoun):
                self.cast.note(candidate.name, pronoun)
                alone = self._is_alone(candidate, pronoun, at, sentence)
                return candidate.no_surer_than(_ALONE if alone else _GUESS)
        return NOBODY

    def _is_alone(self, candidate: Speaker, pronoun: str, at: int, sentence: int) -> bool:
        """Whether a pronoun can mean nobody else: nobody is near, or the text has kept to this one."""
        told_of = candidate is self.subject and candidate.confidence >= _ALONE
        if told_of and sentence - self.told < _REACH / 2:
            return True
        people = (mention.name for mention in self.cast.between(at - _REACH, at) if mention.person)
        near = [name for name in people if self.cast.may_be(name, pronoun)]
        kept_to = self.subject.name == self.speaker.name == candidate.name and near[-1:] == [candidate.name]
        return kept_to or all(name == candidate.name for name in near)


def _is_one(people: Sequence[Mention]) -> bool:
    return len({mention.name for mention in people}) == 1


def _is_definite(words: str) -> bool:
    """Whether words begin with a description of one person: "the senator", whoever that is."""
    if not _DEFINITE.match(words):
        return False
    return any(fold(word) in VAGUE for word in words.split()[1 : 1 + _LONGEST_DESCRIPTION])
