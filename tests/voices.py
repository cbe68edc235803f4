"""A text with marks in it in, the text and its voices out: how a test says who speaks where.

`{Ada Quill|words}` are hers, in marks or reported; `{?|words}` somebody's who is not named, `{#|words}` a reader's in a
comment, `{+Ada Quill|words}` a text of hers that is pasted, `{-|words}` residue. One may stand inside of another.
"""

from __future__ import annotations

import re
from typing import Any

from index import Document, Voice, VoiceKind, Voices

_KINDS = {"#": VoiceKind.COMMENT, "+": VoiceKind.EMBEDDED, "-": VoiceKind.RESIDUE}
_OPENING = re.compile(r"\{([#+\-?]?)([^|{}]*)\|")


def spoken(marked: str) -> tuple[str, Voices]:
    """The text without its marks, and who speaks in it."""
    text = ""
    spans: list[Any] = []
    open_: list[tuple[int, VoiceKind, str]] = []
    while marked:
        if found := _OPENING.match(marked):
            sign, name = found.groups()
            direct = text[-1:] in ("“", '"')
            kind = _KINDS.get(sign) or (VoiceKind.DIRECT if direct or sign == "?" else VoiceKind.INDIRECT)
            chain = tuple(outer for _, _, outer in open_ if outer and outer != name)
            open_.append((len(text), kind, name))
            spans.append((len(text), kind, name or None, (*chain, name) if name else chain))
            marked = marked[found.end() :]
        elif marked[0] == "}":
            start, kind, name = open_.pop()
            at = next(at for at, span in enumerate(spans) if isinstance(span, tuple) and span[:2] == (start, kind))
            spans[at] = Voice(start, len(text), *spans[at][1:])
            marked = marked[1:]
        else:
            text, marked = text + marked[0], marked[1:]
    return text, Voices(tuple(spans))


def document(marked: str, author: str | None = None, name: str = "a.txt") -> tuple[Document, Voices]:
    """The same as a document."""
    text, voices = spoken(marked)
    return Document(name, text, "", author=author), voices
