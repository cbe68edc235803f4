"""What a search was narrowed to in, the line of an answer that says so out. Pure functions.

Each part of it can be taken away, and so can all of them: then the page's script has the question asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ui import words
from ui.quotes import blindable, escape


@dataclass(frozen=True, slots=True)
class Narrowed:
    """One thing that a search is narrowed to, or all of its perspectives."""

    part: str  # of the address of a filter; more than one of them where it stands for several
    text: str  # in words

    @property
    def markup(self) -> str:
        """In words; who reads blind is told no label."""
        return blindable(self.text, words.SOME_SIDES) if self.part.startswith("p.") else escape(self.text)


def searched_only(narrowed: Sequence[Narrowed]) -> str:
    """What alone was searched; nothing where that is everything."""
    if not narrowed:
        return ""
    parts = " ".join(_lift(entry) for entry in narrowed)
    everything = f' <a href="#f" role="button" class="lift all">{words.LIFT_ALL}</a>' if len(narrowed) > 1 else ""
    return f'<p class="only">{words.SEARCHED_ONLY} {parts}{everything}</p>'


def offer_all(narrowed: Sequence[Narrowed]) -> str:
    """The way out where what alone was searched holds no answer."""
    return f'<p><a href="#f" role="button" class="lift offer">{words.OFFER_ALL}</a></p>' if narrowed else ""


def listed(narrowed: Sequence[Narrowed]) -> str:
    """What alone was searched, where it cannot be changed."""
    parts = ", ".join(f'<span class="title">{entry.markup}</span>' for entry in narrowed)
    return f'<p class="meta">{words.SEARCHED_ONLY} {parts}</p>' if narrowed else ""


def _lift(entry: Narrowed) -> str:
    return (
        f'<a href="#f/{entry.part}" role="button" class="lift one"><span class="sr">{words.LIFT} </span>'
        f"{entry.markup}</a>"
    )
