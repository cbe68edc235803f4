"""The words sent to models, one Markdown file each. A prompt's version is the fingerprint of its text.

Holes are written `$name`. Knows no model and no document: who fills a hole answers for what goes into it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template


class PromptError(Exception):
    """A prompt is filled wrongly: ours to mend, and shown to no reader."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text of a prompt, with its holes."""

    name: str
    text: str

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits, another one for every other text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def fill(self, **values: str) -> str:
        """The text with every hole filled.

        Raises:
            PromptError: a value is missing, or none of the holes wants it.
        """
        template = Template(self.text)
        holes = set(template.get_identifiers())
        if holes != values.keys():
            raise PromptError(f"{self.name}: the holes are {sorted(holes)}, and filled are {sorted(values)}")
        return template.substitute(values)


@cache
def load(name: str) -> Prompt:
    """The prompt of this name."""
    return Prompt(name, files("prompts").joinpath(f"{name}.md").read_text("utf-8").strip() + "\n")
