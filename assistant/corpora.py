"""Several corpora side by side: what each of them is called, and the word for it in addresses.

    tram/articles, dam/articles, harbour   ─►   "tram/articles", "dam/articles", "harbour"
                                           ─►   tram-articles,   dam-articles,   harbour

Both depend on the folders alone and not on their order, so that a link to a passage still leads there after a restart.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from assistant.assistant import Assistant

_SLUG = 40  # characters of a name that an address repeats
_SHOWN = 80  # characters of a name


@dataclass(frozen=True, slots=True)
class Opened:
    """A corpus that can be asked."""

    name: str
    slug: str
    assistant: Assistant


@dataclass(frozen=True, slots=True)
class Unopened:
    """A corpus that cannot be asked, and why not, as a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpora:
    """Corpora in the order in which they were asked for; at least one of them is open."""

    opened: tuple[Opened, ...]
    unopened: tuple[Unopened, ...] = ()


def names(folders: Sequence[Path]) -> list[str]:
    """What different folders are called: by their last name, and by more of their paths where that is not enough."""
    parts = [folder.parts[1:] or (folder.anchor,) for folder in folders]
    found = ["/".join(part[-1:]) for part in parts]
    for length in range(2, max((len(part) for part in parts), default=0) + 1):
        often = Counter(found)
        found = ["/".join(part[-length:]) if often[name] > 1 else name for part, name in zip(parts, found, strict=True)]
    return [_printable(name) for name in found]


def slugs(folders: Sequence[Path]) -> list[str]:
    """A word for each of different folders that can stand in an address: letters, digits and hyphens."""
    words = [_slug(name) for name in names(folders)]
    often = Counter(words)
    hashes = [sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:6] for folder in folders]
    return [
        word if word and often[word] == 1 else f"{word}-{hash}".strip("-")
        for word, hash in zip(words, hashes, strict=True)
    ]


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[-_SLUG:].strip("-")


def _printable(name: str) -> str:
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in name)
    return shown if len(shown) <= _SHOWN else f"…{shown[-_SHOWN:]}"
