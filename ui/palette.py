"""Perspectives in, a colour and a sign for each out: a perspective is never told by its colour alone.

A class name on the page is one of nine fixed ones, never an id out of a labels file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index import Label, Perspective, Provenance

_GLYPHS = "◆●▲■★▼✚⬟"
_UNLABELLED = "unlabelled"


@dataclass(frozen=True, slots=True)
class Palette:
    """The perspectives of a corpus, in the order in which colours were given out."""

    ids: tuple[str, ...]

    @classmethod
    def of(cls, perspectives: Iterable[Perspective]) -> Palette:
        """Colours in the order of the perspectives."""
        return cls(tuple(perspective.id for perspective in perspectives if perspective.id != _UNLABELLED))

    def style(self, id: str) -> str:
        """The class that gives a perspective its colour; grey for one that has none."""
        return f"p-{self.ids.index(id) % len(_GLYPHS)}" if id in self.ids else "p-x"

    def glyph(self, id: str) -> str:
        """The sign of a perspective. The ninth takes the first colour with the second sign, and so on."""
        if id not in self.ids:
            return "○"
        at = self.ids.index(id)
        return _GLYPHS[(at + at // len(_GLYPHS)) % len(_GLYPHS)]

    def of_label(self, label: Label) -> str:
        """The class for a label; grey where a document merely claims it, since that puts it on no side."""
        return self.style("" if label.provenance is Provenance.SELF_DECLARED else label.perspective.id)

    def name(self, labels: Sequence[Label]) -> str:
        """Sign and name of every perspective that a source was given; what it merely claims has the sign of none."""
        signs = ("" if label.provenance is Provenance.SELF_DECLARED else label.perspective.id for label in labels)
        return " / ".join(
            f"{self.glyph(id)} {label.perspective.label}" for id, label in zip(signs, labels, strict=True)
        )
