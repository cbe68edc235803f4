"""A claim table in, its markup out: a real table, whose every quote is a link to its passage. Pure functions.

Whatever comes from documents, labels, speakers, models or readers goes through `escape`; class names are fixed words.
Each cell also names its column, for narrow screens on which a row is drawn as cards: there the roles are said again,
since a browser forgets that of a table whose parts are drawn as blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant import By, Cell, Citation, Column, Difference, Row, Same, Stance, Table, TableMode
from ui import words
from ui.links import link_to
from ui.narrowed import Narrowed, listed
from ui.palette import Palette
from ui.quotes import blindable, escape, hint, prose, voice, where
from ui.render import removed

_AROUND = 24  # characters behind a number in which the word that it goes with is looked for
_SHARES = ("%", "per cent", "percent", "percentage")


def table(made: Table, palette: Palette, only: Sequence[Narrowed] = ()) -> str:
    """A heading, what the table rests on, the table, and what was removed.

    Args:
        only: what alone was searched.
    """
    heads = [column_head(column, made.by, palette, number) for number, column in enumerate(made.columns, 1)]
    corner = f'<th scope="col" role="columnheader" class="corner">{words.TABLE_POINT}</th>'
    columns = "".join(
        f'<th scope="col" role="columnheader" class="{style_of(column, made.by, palette)}">{head}{given(column)}</th>'
        for column, head in zip(made.columns, heads, strict=True)
    )
    rows = "".join(_row(row, at == 0, made, heads, palette) for at, row in enumerate(made.rows))
    caption = words.TABLE_CAPTIONS[made.by]
    body = (
        f'<div class="over" role="region" tabindex="0" aria-label="{caption}">'
        f'<table role="table"><caption class="sr">{caption}</caption>'
        f'<thead role="rowgroup"><tr role="row">{corner}{columns}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table></div>'
    )
    found = body if made.columns else f"<p>{words.NO_NEAREST}</p>"
    return f"{above(made, only)}{found}{removed(made.removed, words.TABLE_CELL, words.TABLE_CELLS)}"


def above(made: Table, only: Sequence[Narrowed] = ()) -> str:
    """The question, why the table is as it is, what it rests on, and what alone was searched."""
    reason = f'<p class="why">{escape(made.reason.text)}</p>' if made.reason else ""
    model = escape(made.model or "?")
    basis = words.TABLE_GENERATED.format(model=model) if made.mode is TableMode.GENERATED else words.TABLE_EXTRACTIVE
    return f'<h2 tabindex="-1">{escape(made.question)}</h2>{reason}<p class="meta basis">{basis}</p>{listed(only)}'


# ── Columns ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def column_head(column: Column, by: By, palette: Palette, number: int) -> str:
    """What a column is called; read blind, a perspective has a number only."""
    if by is By.VOICES:
        return f'<span class="who">{escape(column.label)}</span>'
    named = f"{palette.glyph(column.id)} {column.label}"
    return f'<span class="who">{blindable(named, words.GROUP.format(number=number))}</span>'


def given(column: Column) -> str:
    """How the perspective came to its sources."""
    means = ", ".join(words.GIVEN.get(entry, entry) for entry in column.provenances)
    return f'<span class="meta lab">{escape(means)}</span>' if means else ""


def style_of(column: Column, by: By, palette: Palette) -> str:
    """The class of a column."""
    return palette.style(column.id) if by is By.PERSPECTIVES else "p-x"


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _row(row: Row, first: bool, made: Table, heads: Sequence[str], palette: Palette) -> str:
    cells = "".join(
        f'<td role="cell" class="{style_of(column, made.by, palette)} is-{cell.stance.name.lower()}">'
        f'<p class="narrow">{head}</p>{cell_of(cell, row, made.by, palette)}</td>'
        for column, cell, head in zip(made.columns, row.cells, heads, strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{_point(row, first, made)}</th>{cells}</tr>'


def _point(row: Row, first: bool, made: Table) -> str:
    """What a row is about, what its sides have with one another, and what differs between their words."""
    return f'<span class="point">{title_of(row, first, made)}</span>{judged(row)}'


def title_of(row: Row, first: bool, made: Table) -> str:
    """What a row is about."""
    return words.TABLE_QUESTION if first else prose(row.title, made.citations)


def judged(row: Row) -> str:
    """What is said of a row beside its quotes: what kind it is, as a model reads it, and what code compared."""
    kind = words.ROW_TYPES[row.type]
    lines = [f'<span class="kind">{kind}</span>'] if kind else []
    lines += [f'<span class="meta">{escape(row.note)}</span>'] if row.note else []
    lines += [f'<span class="differ">≠ {escape(_capital(str(entry)))}</span>' for entry in row.differences]
    lines += [f'<span class="alike">= {escape(_capital(str(entry)))}</span>' for entry in row.same]
    return "".join(lines)


def cell_of(cell: Cell, row: Row, by: By, palette: Palette) -> str:
    """How a column stands to a point, and its quotes; where it has none, what comes nearest."""
    stance = (
        f'<p class="stance"><span aria-hidden="true">{words.SIGNS[cell.stance]}</span> {words.STANCES[cell.stance]}</p>'
    )
    if cell.stance is Stance.SILENT:
        near = f'<p class="from">{words.CLOSEST} {hint(cell.closest, palette)}</p>' if cell.closest else ""
        return stance + near
    marks = [
        (entry, value) for entry in (*row.differences, *row.same) for id, value in entry.values if id == cell.column
    ]
    return stance + "".join(_quoted(entry, marks, by, palette) for entry in cell.citations)


def number_of(entry: Citation, palette: Palette) -> str:
    """A citation as a link that shows its number alone."""
    style = palette.of_label(entry.labels[0])
    return f'<a href="{link_to(entry)}" class="cite {style}" title="{escape(where(entry))}">{entry.number}</a>'


def _quoted(entry: Citation, marks: Iterable[tuple[Difference | Same, str]], by: By, palette: Palette) -> str:
    """An exact quote as one link to its passage, and under it who speaks and where it stands."""
    style = palette.of_label(entry.labels[0])
    doubt = escape(words.CHECKS[entry.check])
    said = _marked(entry.quote, marks) if entry.stands else doubt
    side = f'<span class="lab"> · <span class="who {style}">{escape(palette.name(entry.labels))}</span></span>'
    said_by, source = voice(entry), entry.source
    title = "" if source.title in said_by else source.title
    facts = [f'<span class="voice">{escape(said_by)}</span>']
    facts += [f"<span>{escape(fact)}</span>" for fact in (title, source.outlet, source.published) if fact]
    side = side if by is By.VOICES and not entry.is_comment else ""
    return (
        f'<a href="{link_to(entry)}" class="cite {style}" title="{escape(where(entry))}">'
        f'<b>{entry.number}</b> <span class="words">{said}</span></a>'
        f'<p class="from meta">{" · ".join(facts)}{side}</p>'
        + (f'<p class="from meta">{doubt}</p>' if doubt and entry.stands else "")
    )


def _marked(quote: str, marks: Iterable[tuple[Difference | Same, str]]) -> str:
    """The words of a quote, with what differs from the other columns marked in them."""
    spans = sorted({span for entry, value in marks for span in _standing(quote, entry.unit, value)})
    parts: list[str] = []
    done = 0
    for start, end in spans:
        if start >= done:
            parts.append(f"{escape(quote[done:start])}<strong>{escape(quote[start:end])}</strong>")
            done = end
    return "".join([*parts, escape(quote[done:])])


def _standing(quote: str, unit: str, value: str) -> list[tuple[int, int]]:
    """Where a value stands in a quote: nearest to the word that it goes with, or else in the first place."""
    found = [match.span() for match in re.finditer(rf"(?<![\w.,]){re.escape(value)}(?![.,]?\w)", quote)]
    near = {span: _distance(quote, *span, _SHARES if unit in _SHARES else (unit,)) for span in found}
    nearest = min(near.values(), default=_AROUND)
    return [span for span in found if near[span] == nearest] if nearest < _AROUND else found[:1]


def _distance(quote: str, start: int, end: int, units: Iterable[str]) -> int:
    """How many characters lie between a number and what it is of."""
    if any(quote[:start].rstrip().endswith(unit) for unit in units):
        return 0
    return min((at - end for unit in units if (at := quote.find(unit, end, end + _AROUND)) >= 0), default=_AROUND)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
