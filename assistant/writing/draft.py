"""The sentences that a model proposes in, one by one; what of them was verified, and what was not, out.

A draft is one answer while it is being written. What stands in it as a claim has passed every check; of the rest it
keeps what a repair needs, and tells the reader in our own words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.checking import checks
from assistant.checking.checks import Checked
from assistant.checking.grounds import Spellings
from assistant.checking.shown import Located, Shown
from assistant.types import Citation, Claim, Removed, Verified, Writing
from assistant.writing import evidence
from assistant.writing.evidence import Evidence
from assistant.writing.parse import PREMISE, Item, Judgement, Proposal, Unreadable

_MOST_SENTENCES = 30  # read of one reply; a model that writes more goes round in circles
_FORM = "it is not in the form asked for"
_REPEATED = "it says again what was said"


class Draft:
    """An answer while it is being written."""

    def __init__(
        self,
        question: str,
        spellings: Spellings,
        prompts: Mapping[str, str] | None = None,
        checked: Callable[[Citation], Citation] = lambda entry: entry,
        citations: Sequence[Citation] = (),
        one_sided: Callable[[str], Sequence[str]] = lambda _: (),
    ) -> None:
        """Begin.

        Args:
            question: as it was searched; that is what the model is asked.
            prompts: the fingerprints of those that were sent already.
            checked: holds a citation against its document as that is now.
            citations: that the answer has already, numbered from 1.
            one_sided: finds the words of a text that only one side of the corpus uses for a thing.
        """
        self.question = question
        self._checked = checked
        self.shown = Shown(question, (), "", spellings, one_sided)
        self.premise: Claim | None = None
        self.claims: list[Claim] = []
        self.citations: list[Citation] = list(citations)
        self.judgement: Judgement | None = None
        self.failed: dict[int, Checked | Unreadable] = {}
        self.prompts = dict(prompts or {})
        self._repeated: list[int] = []
        self._counts: Counter[str] = Counter()  # the fields of Writing
        self._said: set[str] = set()

    def show(self, passages: tuple[Evidence, ...]) -> None:
        """Note what the model is shown: that is all it may cite."""
        self.shown = replace(self.shown, evidence=passages, boundary=evidence.boundary(passages))

    @property
    def stands(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.claims or self.premise)

    @property
    def declined(self) -> bool:
        """Whether the model judged that the passages do not answer the question, and wrote no sentence for all that."""
        wrote = self.claims or self.unproven
        return self.judgement is not None and self.judgement.answered == "no" and not wrote

    @property
    def unproven(self) -> int:
        """How many sentences were in the form asked for, and failed their checks."""
        return sum(isinstance(entry, Checked) for entry in self.failed.values())

    @property
    def falls_short(self) -> bool:
        """Whether the model said that what it wrote answers only a part of the question."""
        return self.judgement is not None and self.judgement.answered != "yes" and bool(self.claims)

    @property
    def full(self) -> bool:
        """Whether the model has written more than an answer has."""
        return self._counts["sentences"] >= _MOST_SENTENCES

    @property
    def writing(self) -> Writing | None:
        """What it took so far; None where no model was asked."""
        names = Writing.__dataclass_fields__
        return Writing(**{name: self._counts[name] for name in names}) if self._counts["calls"] else None

    @property
    def removed(self) -> tuple[Removed, ...]:
        """What is not shown, in our words and in the order of the reply."""
        lines = {number: _removed(number, entry) for number, entry in self.failed.items()}
        lines |= {number: Removed(_which(number), (_REPEATED,)) for number in self._repeated}
        return tuple(lines[number] for number in sorted(lines))

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts of the question that stay without an answer, in the reader's own words."""
        parts = self.judgement.missing if self.judgement else ()
        places = (re.search(rf"(?<!\w){re.escape(part.strip())}(?!\w)", self.question, re.I) for part in parts)
        return tuple(place.group() for place in places if place and place.group())

    def called(self, tokens_in: int, tokens_out: int) -> None:
        """Count a call."""
        self._counts.update(calls=1, tokens_in=tokens_in, tokens_out=tokens_out)

    def take(self, item: Item) -> Verified | None:
        """Check what the reply brings; what passes is part of the answer from now on."""
        if isinstance(item, Judgement):
            self.judgement = item
            return None
        self._counts["sentences"] += 1
        if isinstance(item, Unreadable):
            self.failed[item.number] = item
            return None
        checked = checks.check(item, self.shown)
        self._counts["quotes"] += len(item.quotes)
        # One quote of the model's may be several citations.
        self._counts.update({id(located.given): located.given.match for located in checked.quotes}.values())
        if _folded(item.text) in self._said or (item.kind == PREMISE and self.premise):
            self._repeated.append(item.number)
        elif checked.problems:
            self.failed[item.number] = checked
        else:
            return self._add(checked)
        return None

    def mend(self, item: Item) -> Verified | None:
        """Check what the repair brings, in the place of what had failed. Nothing else may come in with it."""
        if not isinstance(item, Proposal):
            return None
        # A sentence that does not say what it mends stands for the first that failed; for the premise it never does.
        number = item.mends if item.mends in self.failed else min(filter(None, self.failed), default=None)
        if number is None:
            return None
        item = replace(item, number=number, kind=PREMISE if number == 0 else item.kind)
        checked = checks.check(item, self.shown)
        if checked.problems or _folded(item.text) in self._said:
            return None
        del self.failed[number]
        self._counts["repaired"] += 1
        return self._add(checked)

    def _add(self, checked: Checked) -> Verified:
        citations = tuple(dict.fromkeys(self._cite(located) for located in checked.quotes))
        claim = Claim(checked.proposal.text, tuple(entry.number for entry in citations))
        self._said.add(_folded(claim.text))
        if checked.proposal.kind == PREMISE:
            self.premise = claim
            self.failed.pop(0, None)  # an earlier try at it
            return Verified(claim, citations, premise=True)
        self.claims.append(claim)
        return Verified(claim, citations)

    def _cite(self, located: Located) -> Citation:
        entry, place = located.evidence, located.place
        for known in self.citations:
            if (known.document.id, known.start, known.end) == (entry.document.id, place.start, place.end):
                return known
        number = len(self.citations) + 1
        citation = Citation(
            number,
            entry.document,
            entry.source,
            place.start,
            place.end,
            entry.score,
            match=place.match,
            voice=located.voice,
        )
        citation = self._checked(citation)
        self.citations.append(citation)
        return citation


def _removed(number: int, entry: Checked | Unreadable) -> Removed:
    if isinstance(entry, Unreadable):
        return Removed("A part of the reply", (_FORM,))
    return Removed(_which(number), tuple(dict.fromkeys(problem.text for problem in entry.problems)))


def _which(number: int) -> str:
    return f"Sentence {number} of the reply" if number else "The sentence about the question itself"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
