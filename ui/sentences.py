"""What a model wrote in, as HTML out: a sentence that is shown stays where it is, whatever comes after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant import Assumption, Citation, Claim, Found, Verified
from ui import words
from ui.palette import Palette
from ui.quotes import chip, escape, proofs, prose


@dataclass(frozen=True, slots=True)
class Grown:
    """What is known of an answer so far, in the order in which it came."""

    found: Found
    verified: tuple[Verified, ...] = ()

    @property
    def premise(self) -> Verified | None:
        """The sentence about the question itself."""
        return next((event for event in self.verified if event.premise), None)

    @property
    def late(self) -> bool:
        """Whether that sentence came after others, where it would move them if it went above them."""
        return self.premise is not None and not self.verified[0].premise


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a model wrote, and what is said of the question beside it."""

    claims: Sequence[Claim]
    premise: Claim | None
    assumption: Assumption | None  # with what the sentence about the question adds
    citations: Mapping[int, Citation]
    grown: Grown | None = None  # how it came, where a reader saw it come

    def render(self, palette: Palette, lead: str) -> str:
        """All of it, the question first, unless the sentence about that came late: that goes below the others.

        Args:
            lead: who wrote it.
        """
        above, added = self.assumption, ""
        if above and above.assumed is None:  # only the model found it: it is told with the model's own sentence
            above, added = None, self._assumed(self.assumption, palette)
        premise = _claim(self.premise, self.citations, palette, premise=True) + added if self.premise else ""
        claims = "".join(_claim(claim, self.citations, palette) for claim in self.claims)
        if self.grown and self.grown.late:
            return self._assumed(self.grown.found.assumption, palette) + lead + claims + premise
        return self._assumed(above, palette) + lead + premise + claims

    def _assumed(self, given: Assumption | None, palette: Palette) -> str:
        return assumed(given, self.citations, palette)


def assumed(given: Assumption | None, citations: Mapping[int, Citation], palette: Palette) -> str:
    """What the question takes for granted, the passages that speak against it, and the question that leaves it open."""
    if given is None:
        return ""
    cited = [entry for entry in citations.values() if entry.number in given.citations]
    chips = " ".join(chip(entry, palette, speaker=True) for entry in cited)
    # The page's script puts the question into the box.
    ask = f'<button class="neutral">{escape(given.neutral)}</button>' if given.neutral else ""
    searched = given.assumed is not None  # by the rules; what only a model's sentence is about was not
    lead = words.NEUTRAL_SEARCHED if searched else words.NEUTRAL
    back = f' <button class="as-typed">{words.AS_TYPED}</button>' if searched else ""
    open = f"<p>{lead} {ask}{back}</p>" if ask else ""
    return f'<div class="claim premise assumed"><p>{escape(given.text)} {chips}</p>{open}</div>'


def by(model: str, *, busy: bool = False) -> str:
    """Who writes, or wrote: two lines of about one length, so that neither moves what stands below it."""
    said = (words.WRITING if busy else words.GENERATED).format(model=escape(model))
    return f'<p class="small by{" busy" if busy else ""}">{said}</p>'


def _claim(claim: Claim, citations: Mapping[int, Citation], palette: Palette, *, premise: bool = False) -> str:
    cited = [citations[number] for number in claim.citations]
    chips = " ".join(chip(entry, palette, speaker=True) for entry in cited)
    lead, style = (f"<b>{words.PREMISE}</b> ", "claim premise") if premise else ("", "claim")
    said = prose(claim.text, citations.values())
    return f'<div class="{style}"><p>{lead}{said} {chips}</p>{proofs(cited, palette)}</div>'
