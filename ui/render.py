"""Answers in, the chat's messages out. Pure functions: no screen, no assistant, no clock.

A message is one HTML block on one line, so that Markdown has nothing to interpret in it. Nothing in it moves what
stands above it while an answer grows.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from assistant import (
    Answer,
    Citation,
    Mode,
    Outcome,
    Removed,
    Reopened,
    Standing,
    State,
    echo_lines,
    proven,
)
from index import Provenance
from ui import words
from ui.links import table_link
from ui.narrowed import Narrowed, offer_all, searched_only
from ui.palette import Palette
from ui.quotes import blindable, escape, groups, hint, item
from ui.sentences import Grown, Sentences, assumed, by
from ui.words import count

_OPEN, _CLOSE = '<div class="answer">', "</div>"
# Shown where conversations are kept; the page's script does it.
_SAVE = (
    '<p class="save">'
    + words.SAVE
    + "".join(f' <button class="save-{ending}">{name}</button>' for ending, name in words.FORMATS.items())
    + "</p>"
)
_THUMBS = (
    f'<p class="thumbs">{words.WAS_USEFUL} <button class="yes">{words.YES}</button> '
    f'<button class="no">{words.NO}</button> <span class="judged"></span></p>'
)
_WATCH = f'<p class="watch"><button class="watch-this">{words.WATCH_THIS}</button></p>'
# Seen once other labels hold than those that the answer shows: it was given with them, and is left as it is.
_OF_BEFORE = (
    f'<p class="of-before">{words.OF_BEFORE} <button class="with-labels-of-now">{words.WITH_LABELS_OF_NOW}</button></p>'
)
_ANSWER_ID = re.compile(r"[0-9a-f]{12}")
_BUSY = re.compile(r'<p class="small (?:by )?busy">[^<]*</p>')
_WRITING = re.compile(by("MODEL", busy=True).replace(".", r"\.").replace("MODEL", "([^<]*)"))

# ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def question(text: str) -> str:
    """What the reader asked, shown as typed."""
    return escape(text)


def searching() -> str:
    """Before anything is known."""
    return _message(f'<p class="small busy">{words.SEARCHING}</p>')


def problem(sentence: str, only: Sequence[Narrowed] = ()) -> str:
    """A failure in the place of an answer: one clear sentence.

    Args:
        only: what alone was to be searched.
    """
    body = f'{searched_only(only)}<p class="notice bad">{words.PROBLEM}</p><p>{escape(sentence)}</p>{offer_all(only)}'
    return _message(f"{body}{_end()}")


def stopped(message: str) -> str:
    """The reader pressed Stop: what a message showed by then, and the word that it ends there."""
    shown = message.removeprefix(_OPEN).removesuffix(_CLOSE) if message.startswith(_OPEN) else ""
    verified = 'class="cite ' in shown
    if verified:  # the line stays, and with it the place of what stands below
        shown = _WRITING.sub(lambda writing: by(html.unescape(writing[1])), shown)
    shown = _BUSY.sub("", shown).replace('"trail busy"', '"trail"')
    said = words.STOPPED if verified else words.STOPPED_EMPTY
    return _message(f'{shown}<p class="why">{said}</p>{_end()}')


def is_finished(message: str) -> bool:
    """Whether a message is a whole answer."""
    return 'class="answer-end"' in message


def partial(asked: str, grown: Grown, palette: Palette, model: str | None = None, only: Sequence[Narrowed] = ()) -> str:
    """As much of an answer as there is so far.

    Args:
        model: that is writing it; None for a digest.
        only: what alone is searched.
    """
    found, verified, premise = grown.found, grown.verified, grown.premise
    citations = {entry.number: entry for entry in found.against}
    citations |= {entry.number: entry for event in verified for entry in event.citations}
    facts = [count(found.perspectives, "perspective"), count(len(found.hits), "passage")]
    trail = words.TRAIL_FOUND.format(perspectives=facts[0], found=facts[1])
    narrowed, searched = searched_only(only), _searched(asked.strip(), found.query, found.spellings)
    if model is None:
        assumption = assumed(found.assumption, citations, palette)
        return _message(f'{narrowed}<p class="trail busy">{trail}</p>{searched}{assumption}')
    trail += words.TRAIL_VERIFIED.format(sentences=count(len(verified), "sentence"))
    claims = [event.claim for event in verified if not event.premise]
    assumption = (premise and premise.assumption) or found.assumption
    written = Sentences(claims, premise and premise.claim, assumption, citations, grown)
    return _message(f'{narrowed}<p class="trail">{trail}</p>{searched}{written.render(palette, by(model, busy=True))}')


def answer(answer: Answer, palette: Palette, only: Sequence[Narrowed] = (), grown: Grown | None = None) -> str:
    """A finished answer.

    Args:
        only: what alone was searched, in words.
        grown: how it came, where a reader saw it come.
    """
    citations = {entry.number: entry for entry in answer.citations}
    link = table_link(answer.query, answer.only)
    parts = [
        searched_only(only),
        _trail(answer, palette),
        _OF_BEFORE,
        _searched(answer.question, answer.query, answer.spellings),
        _said(answer, citations, palette, grown),
    ]
    if answer.outcome is Outcome.NOT_IN_CORPUS:
        parts += [offer_all(only), _nearest(answer.nearest, palette)]
    else:
        parts += [_balance(answer, palette), _echoes(answer), _beside(answer, palette)]
        views = f'<a class="to-table" href="{link}">{words.TO_TABLE}</a>'
        views += f' <a class="to-table to-agree" href="{link}">{words.TO_AGREE}</a>'
        parts.append(f'<p class="views">{views}</p>')
    parts.append(removed(answer.removed, "sentence", "sentences"))
    # What was answered, for the page's script, which looks for questions that go on from it.
    parts.append(f'{_THUMBS}{_SAVE}{_WATCH}<div class="onward {link[1:]}"></div>')
    return _message("".join(parts) + f'<button class="reveal anon">{words.REVEAL}</button>' + _end(answer.id))


def saved(message: str, asked: str, given: Reopened) -> str:
    """The message of an answer that was saved: when it was given, and what became of its quotes since.

    Args:
        asked: ISO time, UTC.
    """
    when = words.SAVED.format(when=escape(asked.replace("T", " ").removesuffix("Z")))
    total = len(given.quotes)
    checked = words.SAVED_CHECKED.format(proven=proven(given.answer.exact, total)) if total else ""
    rows = "".join(
        f"<li>{words.CHECK_NAMES[entry.check]} · {escape(str(doubt))}</li>"
        for entry, doubt in zip(given.answer.citations, given.quotes, strict=True)
        if not doubt.exact
    )
    doubts = f'<ul class="doubts">{rows}</ul>' if rows else ""
    return message.replace(_OPEN, f'{_OPEN}<p class="small saved">{when}{checked}</p>{doubts}', 1)


def _message(body: str) -> str:
    return f"{_OPEN}{body}{_CLOSE}"


def _end(id: str = "") -> str:
    # The sanitiser drops data-*: the page's script turns this class into data-testid="answer-end". The second class
    # says which answer it is, so that it can be exported and another one can take its place.
    kept = f" id-{id}" if _ANSWER_ID.fullmatch(id) else ""
    return f'<div class="answer-end"><span class="sr{kept}">{words.END}</span></div>'


# ── Above the sentences ──────────────────────────────────────────────────────────────────────────────────────────────


def _trail(answer: Answer, palette: Palette) -> str:
    facts = [
        words.TRAIL_SEARCHED.format(perspectives=count(len(answer.perspectives), "perspective")),
        proven(answer.exact, len(answer.citations)) if answer.citations else words.TRAIL_NOTHING,
        *_checked(answer),
        words.TRAIL_SECONDS.format(seconds=f"{answer.seconds.get('answer', 0.0):.2f}"),
    ]
    rows = "".join(f"<li>{standing_line(standing, answer.citations, palette)}</li>" for standing in answer.perspectives)
    return f'<details class="trail"><summary>{" · ".join(facts)}</summary><ul>{rows}</ul></details>'


def _checked(answer: Answer) -> list[str]:
    """How many sentences a model wrote, and what became of them."""
    if answer.writing is None or not answer.writing.sentences:
        return []
    checked = words.TRAIL_CHECKED.format(sentences=count(answer.writing.sentences, "sentence"))
    return [checked + words.TRAIL_REMOVED.format(count=len(answer.removed)) if answer.removed else checked]


def standing_line(standing: Standing, cited: Sequence[Citation], palette: Palette) -> str:
    """What a perspective has to say on a question, and its nearest passage where that is not cited."""
    closest = standing.beyond(cited)
    near = f"; {words.CLOSEST} {hint(closest, palette)}" if closest else ""
    return f'{_side(standing, palette)} <span class="state">{words.SAID[standing.state]}</span>{near}'


def _searched(asked: str, query: str, spellings: Sequence[Sequence[str]] = ()) -> str:
    lines = [f"{words.QUERY} <b>{escape(query)}</b>"] if query != asked else []
    for names in spellings:
        others = [name for name in names if name.casefold() not in query.casefold()]
        if others:
            lines.append(f"{words.SPELLINGS} {escape(', '.join(others))}")
    if not lines:
        return ""
    # The page's script shows the button on the last answer only, and presses a hidden one of Gradio's for it.
    lines[0] += f' <button class="as-typed">{words.AS_TYPED}</button>'
    return f'<p class="searched">{"<br>".join(lines)}</p>'


# ── Sentences ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _said(answer: Answer, citations: Mapping[int, Citation], palette: Palette, grown: Grown | None) -> str:
    """What the answer says, and why it is not what was asked for: below what is read by then, above what is not."""
    reason = escape(answer.reason.text) if answer.reason else ""
    assumption = assumed(answer.assumption, citations, palette)
    if answer.outcome is Outcome.NOT_IN_CORPUS:
        return f'{assumption}<p class="notice">{words.NOT_IN_CORPUS}</p>' + (f"<p>{reason}</p>" if reason else "")
    why = f'<p class="why">{reason}</p>' if reason else ""
    if answer.mode is Mode.GENERATED:
        lead = by(answer.model or "?") if answer.citations else ""
        written = Sentences(answer.claims, answer.premise, answer.assumption, citations, grown)
        return written.render(palette, lead) + why
    # The sources' own sentences, grouped by perspective.
    quotes = groups([citations[claim.citations[0]] for claim in answer.claims], palette)
    return f'{assumption}{why}<p class="notice">{words.DIGEST}</p>{quotes}'


# ── Below the sentences ──────────────────────────────────────────────────────────────────────────────────────────────


def _nearest(entries: Sequence[Citation], palette: Palette) -> str:
    if not entries:
        return f"<p>{words.NO_NEAREST}</p>"
    items = "".join(item(entry, palette, own=True) for entry in entries)
    return f'<div class="side p-x"><h2>{words.NEAREST}</h2>{items}</div>'


def _balance(answer: Answer, palette: Palette) -> str:
    """How many perspectives are cited, and what share of the cited words each has: a bar, and the same in figures.

    Reader comments count for none.
    """
    means = f' <span class="meta">{words.BALANCE_MEANS}</span>' if answer.balance is not None else ""
    line = f'<p class="even">{answer.coverage_line}{means}</p>' if answer.coverage_line else ""
    shares = answer.shares
    if not shares:
        return ""
    labels = {side.id: side.label for entry in answer.citations for side in entry.source.sides}
    bar = "".join(
        f'<span class="{palette.style(id)}" style="flex-grow:{round(shares[id], 4)}"></span>' for id in shares
    )
    key = " ".join(
        f'<span class="who {palette.style(id)}">{escape(f"{palette.glyph(id)} {labels[id]}")} '
        f"{words.SHARE.format(share=round(100 * share))}</span>"
        for id, share in shares.items()
    )
    said = f'<p class="key"><span class="meta">{words.SHARES}</span> {key}</p>'
    return f'<div class="balance">{line}<div class="lab"><div class="bar">{bar}</div>{said}</div></div>'


def _echoes(answer: Answer) -> str:
    """How many origins the cited articles have, where that is fewer, and what stands in several of them."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in echo_lines(answer))
    return f'<div class="beside echoes">{lines}</div>' if lines else ""


def _beside(answer: Answer, palette: Palette) -> str:
    """The perspectives that were not cited: those with something on the question, those that come near, the silent."""
    lines = [
        f"<p>{_side(standing, palette)} {words.NOT_CITED} {hint(standing.closest, palette)}</p>"
        for standing in answer.perspectives
        if standing.state is State.RELEVANT and standing.closest
    ]
    lines += [
        f"<p>{standing_line(standing, answer.citations, palette)}</p>"
        for standing in answer.perspectives
        if standing.state not in (State.CITED, State.RELEVANT, State.SILENT)
    ]
    claimed = {
        label.perspective.id
        for entry in answer.citations
        for label in entry.labels
        if label.provenance is Provenance.SELF_DECLARED
    }
    silent = [
        f"{_side(standing, palette)}{words.SAVE_WHO_CLAIMS_IT if standing.id in claimed else ''}"
        for standing in answer.perspectives
        if standing.state is State.SILENT
    ]
    if silent:
        lines.append(f"<p>{words.SILENT} {', '.join(silent)}.</p>")
    return f'<div class="beside">{"".join(lines)}</div>' if lines else ""


def _side(standing: Standing, palette: Palette) -> str:
    name = blindable(f"{palette.glyph(standing.id)} {standing.label}", words.A_SIDE)
    return f'<span class="who {palette.style(standing.id)}">{name}</span>'


def removed(entries: Sequence[Removed], one: str, many: str) -> str:
    """What was removed for want of proof, to be opened: which it was, and why."""
    if not entries:
        return ""
    rows = "".join(
        f"<li>{escape(entry.text)} <span class='state'>{escape(', '.join(entry.reasons))}</span></li>"
        for entry in entries
    )
    summary = words.REMOVED.format(count=count(len(entries), one, many))
    return f'<details class="trail"><summary>{summary}</summary><ul>{rows}</ul></details>'
