"""Answers in, the chat's messages out. Pure functions: no screen, no assistant, no clock.

A message is one HTML block on one line, so that Markdown has nothing to interpret in it. Whatever comes from documents,
labels or readers goes through `escape`; class names are fixed words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from assistant import Answer, Citation, Claim, Found, Mode, Outcome, Standing, State, Verified
from index import Label, VoiceKind
from ui import words
from ui.links import link_to
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


# ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def question(text: str) -> str:
    """What the reader asked, shown as typed."""
    return escape(text)


def searching() -> str:
    """Before anything is known."""
    return _message(f'<p class="trail busy">{words.SEARCHING}</p>')


def problem(sentence: str) -> str:
    """A failure in the place of an answer: one clear sentence."""
    return _message(f'<p class="notice bad">{words.PROBLEM}</p><p>{escape(sentence)}</p>{_end()}')


def stopped() -> str:
    """The reader pressed Stop."""
    return _message(f'<p class="notice">{words.STOPPED}</p>{_end()}')


def partial(found: Found, verified: Sequence[Verified], palette: Palette) -> str:
    """As much of an answer as there is so far."""
    citations = {entry.number: entry for event in verified for entry in event.citations}
    trail = words.TRAIL_FOUND.format(
        perspectives=count(found.perspectives, "perspective"), found=count(len(found.hits), "passage")
    )
    claims = [event.claim for event in verified]
    body = _claims(claims, citations, palette) if claims else ""
    return _message(f'<p class="trail busy">{trail}</p>{body}')


def answer(answer: Answer, palette: Palette) -> str:
    """A finished answer."""
    citations = {entry.number: entry for entry in answer.citations}
    parts = [_trail(answer, palette), _searched(answer), _heading(answer)]
    if answer.premise:
        parts.append(f"<p><b>{words.PREMISE}</b> {_claim(answer.premise, citations, palette)}</p>")
    parts.append(_claims(answer.claims, citations, palette))
    if answer.outcome is Outcome.NOT_IN_CORPUS:
        parts.append(_nearest(answer.nearest, palette))
    parts += [_balance(answer, palette), _beside(answer.perspectives, palette), _removed(answer)]
    shown = (*answer.citations, *answer.nearest)
    if shown and not any(entry.voice for entry in shown):
        parts.append(f'<p class="small">{words.VOICES_UNKNOWN}</p>')
    return _message("".join(parts) + _end())


def _message(body: str) -> str:
    return f'<div class="answer">{body}</div>'


def _end() -> str:
    # The sanitiser drops data-*: the page's script turns this class into data-testid="answer-end".
    return f'<div class="answer-end"><span class="sr">{words.END}</span></div>'


# ── Above the passages ───────────────────────────────────────────────────────────────────────────────────────────────


def _trail(answer: Answer, palette: Palette) -> str:
    summary = words.TRAIL.format(
        perspectives=count(len(answer.perspectives), "perspective"),
        cited=f"{count(len(answer.citations), 'passage')} cited",
        seconds=f"{answer.seconds.get('answer', 0.0):.2f}",
    )
    rows = "".join(f"<li>{_standing(standing, palette)}</li>" for standing in answer.perspectives)
    return f'<details class="trail"><summary>{summary}</summary><ul>{rows}</ul></details>'


def _standing(standing: Standing, palette: Palette) -> str:
    near = f" {words.CLOSEST} {_hint(standing.closest, palette)}" if standing.closest else ""
    return f'{_side(standing, palette)} <span class="state">{words.STATES[standing.state]}</span>{near}'


def _searched(answer: Answer) -> str:
    lines: list[str] = []
    if answer.query != answer.question:
        lines.append(f"{words.QUERY} <b>{escape(answer.query)}</b>")
    for names in answer.spellings:
        asked = answer.query.casefold()
        others = [name for name in names if name.casefold() not in asked]
        if others:
            lines.append(f"{words.SPELLINGS} {escape(', '.join(others))}")
    return f'<p class="searched">{"<br>".join(lines)}</p>' if lines else ""


def _heading(answer: Answer) -> str:
    reason = f"<p>{escape(answer.reason.text)}</p>" if answer.reason else ""
    if answer.outcome is Outcome.NOT_IN_CORPUS:
        return f'<p class="notice">{words.NOT_IN_CORPUS}</p>{reason}'
    if answer.mode is Mode.GENERATED:
        return f'<p class="small">{words.GENERATED.format(model=escape(answer.model or "?"))}</p>{reason}'
    return f'{reason}<p class="notice">{words.DIGEST}</p>'


# ── Passages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _claims(claims: Sequence[Claim], citations: dict[int, Citation], palette: Palette) -> str:
    """Sentences of a model as paragraphs; a digest's, which are the quotes themselves, grouped by perspective."""
    if not all(_is_quote(claim, citations) for claim in claims):
        return "".join(f"<p>{_claim(claim, citations, palette)}</p>" for claim in claims)
    return _groups([citations[claim.citations[0]] for claim in claims], palette)


def _is_quote(claim: Claim, citations: dict[int, Citation]) -> bool:
    return len(claim.citations) == 1 and citations[claim.citations[0]].quote == claim.text


def _claim(claim: Claim, citations: dict[int, Citation], palette: Palette) -> str:
    chips = " ".join(_chip(citations[number], palette) for number in claim.citations)
    return f"{escape(claim.text)} {chips}"


def _groups(entries: Iterable[Citation], palette: Palette) -> str:
    """Passages under the names of their perspectives, and there, where it is the same for all, how these were given."""
    parts: list[str] = []
    for labels, group in groupby(entries, key=lambda entry: tuple(label.perspective for label in entry.labels)):
        passages = list(group)
        sources = {_provenance(entry) for entry in passages}
        shared = f" · {escape(next(iter(sources)))}" if len(sources) == 1 else ""
        heading = escape(palette.name(passages[0].labels))
        items = "".join(_item(entry, palette, own=not shared) for entry in passages)
        parts.append(
            f'<div class="side {palette.style(labels[0].id)}"><h2>{heading} '
            f'<span class="many">{count(len(passages), "passage")}{shared}</span></h2>{items}</div>'
        )
    return "".join(parts)


def _item(entry: Citation, palette: Palette, *, own: bool) -> str:
    """A passage. With `own` it says itself where its label came from."""
    own_label = _provenance(entry) if own else None
    speaker = voice(entry) if entry.voice else None
    facts = (entry.source.outlet, entry.source.published, _page(entry), own_label, speaker)
    meta = " · ".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
    style = palette.style(entry.labels[0].perspective.id)
    return (
        f'<div class="item {style}"><blockquote>{escape(entry.quote)}</blockquote>'
        f'<p class="from">{_chip(entry, palette)} '
        f'<span class="title">{escape(entry.source.title)}</span> <span class="meta">{meta}</span></p></div>'
    )


def _provenance(entry: Citation) -> str:
    return ", ".join(provenance(label) for label in entry.labels)


def _chip(entry: Citation, palette: Palette) -> str:
    style = palette.style(entry.labels[0].perspective.id)
    name = f"{entry.number} {palette.name(entry.labels)}"
    return f'<a href="{link_to(entry)}" class="cite {style}" title="{escape(_where(entry))}">{escape(name)}</a>'


def _hint(entry: Citation, palette: Palette) -> str:
    """A link to a passage that is not cited: its first words."""
    style = palette.style(entry.labels[0].perspective.id)
    start = " ".join(entry.quote.split())
    start = start if len(start) <= _PLAIN else f"{start[:_PLAIN].rsplit(' ', 1)[0]}…"
    return f'<a href="{link_to(entry)}" class="near {style}" title="{escape(_where(entry))}">{escape(start)}</a>'


def _where(entry: Citation) -> str:
    facts = (entry.source.title, entry.source.outlet, entry.source.published, _page(entry))
    return " · ".join(fact for fact in facts if fact)


def _page(entry: Citation) -> str | None:
    page = entry.document.page(entry.start)
    return words.PAGE.format(page=page) if page else None


def provenance(label: Label) -> str:
    """How a label came to be, in words."""
    sentence = words.PROVENANCES[label.provenance].format(by=label.by or words.SOMEBODY)
    return f"{sentence}, {label.on}" if label.on else sentence


def voice(entry: Citation) -> str:
    """Who speaks in a passage, in words."""
    if entry.voice is None:
        return words.VOICE_UNCLEAR
    kind = entry.voice.kind if entry.voice.speaker or entry.voice.kind is not VoiceKind.DIRECT else VoiceKind.UNCLEAR
    return words.VOICES[kind].format(speaker=entry.voice.speaker or words.SPEAKER_UNKNOWN)


# ── Below the passages ───────────────────────────────────────────────────────────────────────────────────────────────


def _nearest(entries: Sequence[Citation], palette: Palette) -> str:
    if not entries:
        return f"<p>{words.NO_NEAREST}</p>"
    items = "".join(_item(entry, palette, own=True) for entry in entries)
    return f'<div class="side p-x"><h2>{words.NEAREST}</h2>{items}</div>'


def _balance(answer: Answer, palette: Palette) -> str:
    """How many passages each perspective has, as a bar and in figures."""
    counts: dict[str, int] = {}
    labels: dict[str, str] = {}
    for entry in answer.citations:
        for label in entry.labels:
            counts[label.perspective.id] = counts.get(label.perspective.id, 0) + 1
            labels[label.perspective.id] = label.perspective.label
    if not counts:
        return ""
    bar = "".join(f'<span class="{palette.style(id)}" style="flex-grow:{many}"></span>' for id, many in counts.items())
    key = " ".join(
        f'<span class="who {palette.style(id)}">{escape(f"{palette.glyph(id)} {labels[id]}")} {many}</span>'
        for id, many in counts.items()
    )
    return f'<div class="balance" title="{words.BALANCE}"><div class="bar">{bar}</div><p>{key}</p></div>'


def _beside(standings: Sequence[Standing], palette: Palette) -> str:
    """What was not cited: relevant passages of other perspectives, and silence."""
    lines = [
        f"<p>{_side(standing, palette)} {words.NOT_CITED} {_hint(standing.closest, palette)}</p>"
        for standing in standings
        if standing.state is State.RELEVANT and standing.closest
    ]
    silent = [_side(standing, palette) for standing in standings if standing.state is State.SILENT]
    if silent:
        lines.append(f"<p>{words.SILENT} {', '.join(silent)}.</p>")
    return f'<div class="beside">{"".join(lines)}</div>' if lines else ""


def _side(standing: Standing, palette: Palette) -> str:
    name = escape(f"{palette.glyph(standing.id)} {standing.label}")
    return f'<span class="who {palette.style(standing.id)}">{name}</span>'


def _removed(answer: Answer) -> str:
    if not answer.removed:
        return ""
    rows = "".join(
        f"<li>{escape(entry.text)} <span class='state'>{escape(', '.join(entry.reasons))}</span></li>"
        for entry in answer.removed
    )
    summary = words.REMOVED.format(sentences=count(len(answer.removed), "sentence"))
    return f'<details class="trail"><summary>{summary}</summary><ul>{rows}</ul></details>'
