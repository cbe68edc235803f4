"""A claim table in, the same told as agreement, dispute and gap out, as markup: one computation, another view.

The quotes of a point stand beside one another, a box a side. Whatever comes from documents, labels, speakers, models or
readers goes through `escape`; class names are fixed words. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import By, Part, Row, Table, TableMode, borne_by, missing, rows_of
from ui import words
from ui.narrowed import Narrowed
from ui.palette import Palette
from ui.render import removed, standing_line
from ui.table import above, cell_of, column_head, judged, number_of, style_of, title_of
from ui.words import count


def agreement(made: Table, palette: Palette, only: Sequence[Narrowed] = ()) -> str:
    """Where the sources agree, where they dispute, what nobody has judged, and what is missing.

    Args:
        only: what alone was searched.
    """
    if not made.columns:
        return f"{above(made, only)}<p>{words.NO_NEAREST}</p>"
    parts = "".join(_part(part, made, palette) for part in (Part.AGREE, Part.DISPUTE, Part.OPEN))
    gone = removed(made.removed, words.TABLE_CELL, words.TABLE_CELLS)
    over = f'<div class="parts" role="region" tabindex="0" aria-label="{words.TO_AGREE}">'
    return f"{above(made, only)}{over}{parts}{_missing(made, palette)}{gone}</div>"


def _part(part: Part, made: Table, palette: Palette) -> str:
    rows = rows_of(made, part)
    if not rows and part not in words.PARTS_NONE:
        return ""
    model = words.PARTS_MODEL if made.mode is TableMode.GENERATED else ""
    means = words.PARTS_MEAN[part].format(model=model)
    none = f"<p>{words.PARTS_NONE[part]}</p>" if not rows else ""
    points = "".join(_facing(row, made, palette) for row in rows)
    return _section(part.name.lower(), words.PARTS[part], len(rows), means, none + points)


def _section(style: str, heading: str, many: int, means: str, body: str) -> str:
    counted = f' <span class="many">{count(many, "point")}</span>' if many else ""
    return f'<section class="part is-{style}"><h3>{heading}{counted}</h3><p class="meta">{means}</p>{body}</section>'


def _facing(row: Row, made: Table, palette: Palette, lead: str = "") -> str:
    """A point: those on whom its heading rests, each with its quotes, who else has something on it, and who has not."""
    bearing = borne_by(row)
    sides: list[str] = []
    also: list[str] = []
    silent: list[str] = []
    for number, (column, cell) in enumerate(zip(made.columns, row.cells, strict=True), 1):
        head = column_head(column, made.by, palette, number)
        style = style_of(column, made.by, palette)
        if cell.column in bearing:
            body = cell_of(cell, row, made.by, palette)
            sides.append(f'<div class="face {style}"><p class="head">{head}</p>{body}</div>')
        elif cell.citations:
            links = " ".join(number_of(entry, palette) for entry in cell.citations)
            also.append(f'<span class="{style}">{head}</span> {links}')
        else:
            silent.append(f'<span class="{style}">{head}</span>')
    title = f"{lead} {title_of(row, row is made.rows[0], made)}".strip()
    gap = f'<p class="meta gap">{words.NOT_FROM} {", ".join(silent)}.</p>' if silent else ""
    gap = (f'<p class="meta gap">{words.ALSO_ON} {", ".join(also)}</p>' if also else "") + gap
    faces = f'<div class="facing">{"".join(sides)}</div>'
    return f'<div class="pt"><h4>{title}</h4><p class="judged">{judged(row)}</p>{faces}{gap}</div>'


def _missing(made: Table, palette: Palette) -> str:
    """The sides that say nothing, or nothing near, and the points that one side makes alone."""
    lines = "".join(f"<li>{standing_line(standing, made.citations, palette)}</li>" for standing in missing(made))
    listed = f"<ul>{lines}</ul>" if lines and made.by is By.PERSPECTIVES else ""
    rows = rows_of(made, Part.ALONE)
    alone = "".join(_facing(row, made, palette, words.ALONE) for row in rows)
    none = "" if listed or alone else f"<p>{words.MISSING_NONE}</p>"
    return _section("missing", words.MISSING, len(rows), words.MISSING_MEANS, listed + alone + none)
