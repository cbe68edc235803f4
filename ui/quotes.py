"""Citations in, the links and quotes of a message out. Pure functions.

Whatever comes from documents, labels, models or readers goes through `escape`; class names are fixed words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from assistant import COMMENT, COMMENTS, Citation, Justification, badge_of, who
from index import Label, VoiceKind
from ui import words
from ui.links import address, link_to
from ui.palette import Palette
from ui.words import count

_PLAIN = 90  # characters of a passage that is only hinted at
_TEXT = frozenset(" ") | {chr(code) for code in range(128) if chr(code).isalnum()}


def escape(text: str) -> str:
    """Text that neither Markdown nor HTML can read as anything but itself: all ASCII punctuation as entities."""
    kept = (character if character in _TEXT or ord(character) > 159 else _entity(character) for character in text)
    return "".join(kept)


def _entity(character: str) -> str:
    # HTML has no way to write NUL and the other control characters.
    return f"&#{ord(character)};" if character.isprintable() or character in "\t\n\r" else "�"


def groups(entries: Iterable[Citation], palette: Palette) -> str:
    """Passages under the names of their perspectives, and there, where it is the same for all, how these were given.

    What readers wrote stands under no perspective.
    """
    parts: list[str] = []
    for number, (_, group) in enumerate(groupby(entries, key=_heading), 1):
        passages = list(group)
        first = passages[0]
        sources = {_provenance(entry) for entry in passages if not first.is_comment}
        shared = f'<span class="lab"> · {escape(next(iter(sources)))}</span>' if len(sources) == 1 else ""
        named = blindable(palette.name(first.labels), words.GROUP.format(number=number))
        heading = escape(COMMENTS) if first.is_comment else named
        items = "".join(item(entry, palette, own=not shared) for entry in passages)
        parts.append(
            f'<div class="side {_style(first, palette)}"><h2>{heading} '
            f'<span class="many">{count(len(passages), "passage")}{shared}</span></h2>{items}</div>'
        )
    return "".join(parts)


def _heading(entry: Citation) -> tuple[bool, tuple[str, ...]]:
    """What passages have in common that stand under one heading."""
    return entry.is_comment, tuple(label.perspective.id for label in entry.labels)


def blindable(label: str, instead: str = "") -> str:
    """Something that tells a label, and what stands in its place while the reader wants to know none."""
    return f'<span class="lab">{escape(label)}</span>' + (
        f'<span class="anon">{escape(instead)}</span>' if instead else ""
    )


def prose(text: str, entries: Iterable[Citation]) -> str:
    """A sentence that a model wrote. It knows the labels of these passages, and may name them."""
    names = {label.perspective.label for entry in entries for label in entry.labels}
    if not names:
        return escape(text)
    named = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    parts = re.split(rf"(?<!\w)({named})(?!\w)", text, flags=re.IGNORECASE)
    return "".join(blindable(part, words.HIDDEN) if at % 2 else escape(part) for at, part in enumerate(parts))


def item(entry: Citation, palette: Palette, *, own: bool) -> str:
    """A passage. With `own` it says itself where its label came from."""
    facts = (entry.source.outlet, entry.source.published, _page(entry))
    meta = " · ".join([_voice(entry), *(f"<span>{escape(fact)}</span>" for fact in facts if fact)])
    meta += f' <span class="lab">· {escape(_provenance(entry))}</span>' if own and not entry.is_comment else ""
    style = _style(entry, palette)
    return (
        f'<div class="item {style}">{_quote(entry)}'
        f'<p class="from">{chip(entry, palette)} '
        f'<span class="title">{escape(entry.source.title)}</span> <span class="meta">{meta}</span></p></div>'
    )


def _provenance(entry: Citation) -> str:
    return ", ".join(provenance(label) for label in entry.labels)


def proofs(entries: Sequence[Citation], palette: Palette) -> str:
    """The exact words that a sentence rests on, to be opened; each with how the model had copied it."""
    rows = "".join(
        f'<li class="{_style(entry, palette)}">{_quote(entry)}<p class="from">{_origin(entry)}</p></li>'
        for entry in entries
    )
    return (
        f'<details class="quotes"><summary>{words.QUOTES.format(count=len(entries))}</summary><ul>{rows}</ul></details>'
    )


def _quote(entry: Citation) -> str:
    """The words, and whether they still stand in their document; where they do not, that alone."""
    doubt = escape(words.CHECKS[entry.check])
    if not entry.stands:
        return f'<p class="why">{doubt}</p>'
    return f"<blockquote>{escape(entry.quote)}</blockquote>" + (f'<p class="why">{doubt}</p>' if doubt else "")


def _origin(entry: Citation) -> str:
    facts = (entry.source.published, words.MATCHES[entry.match])
    meta = " · ".join([_voice(entry), *(f"<span>{escape(fact)}</span>" for fact in facts if fact)])
    return f'{entry.number} <span class="title">{escape(entry.source.title)}</span> <span class="meta">{meta}</span>'


def chip(entry: Citation, palette: Palette, *, speaker: bool = False) -> str:
    """A link to a passage that is cited: its number, and the sign and name of its side.

    Args:
        speaker: whether it names who speaks, where that is not the author.
    """
    side = escape(COMMENT) if entry.is_comment else blindable(palette.name(entry.labels))
    named = speaker and not entry.is_comment and entry.voice.kind is not VoiceKind.AUTHOR
    name = f"{entry.number} {side}" + (escape(f" · {who(entry.voice)}") if named else "")
    title = escape(where(entry))
    return f'<a href="{link_to(entry)}" class="cite {_style(entry, palette)}" title="{title}">{name}</a>'


def hint(entry: Citation, palette: Palette) -> str:
    """A link to a passage that is not cited: its first words, and who speaks where that is not the author."""
    style = _style(entry, palette)
    start = " ".join(entry.quote.split()) if entry.stands else entry.source.title
    start = start if len(start) <= _PLAIN else f"{start[:_PLAIN].rsplit(' ', 1)[0]}…"
    start = start if entry.voice.kind is VoiceKind.AUTHOR else f"{start} ({who(entry.voice)})"
    return f'<a href="{link_to(entry)}" class="near {style}" title="{escape(where(entry))}">{escape(start)}</a>'


def where(entry: Citation) -> str:
    """Who speaks in a passage and where it stands, in a line."""
    facts = (voice(entry), entry.source.title, entry.source.outlet, entry.source.published, _page(entry))
    return " · ".join(fact for fact in facts if fact)


def _page(entry: Citation) -> str | None:
    page = entry.document.page(entry.start)
    return words.PAGE.format(page=page) if page else None


def provenance(label: Label) -> str:
    """How a label came to be, in words."""
    sentence = words.PROVENANCES[label.provenance].format(by=label.by or words.SOMEBODY)
    return f"{sentence}, {label.on}" if label.on else sentence


def evidence(given: Justification) -> dict[str, str | bool | None]:
    """Words that a label rests on, as data: where they stand, with a link to it; or that they do not."""
    stands = given.span is not None
    place = words.LINE.format(line=given.line) if stands else words.NOT_THERE
    link = address(given.proof) if given.proof else None
    return {"quote": given.quote, "place": place, "stands": stands, "link": link}


def voice(entry: Citation) -> str:
    """Who speaks in a passage, in words."""
    return badge_of(entry.voice, entry.source.title)


def _voice(entry: Citation) -> str:
    return f'<span class="voice">{escape(voice(entry))}</span>'


def _style(entry: Citation, palette: Palette) -> str:
    return palette.of_label(entry.labels[0])
