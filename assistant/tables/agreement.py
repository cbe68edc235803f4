"""A claim table in, the same told as agreement, dispute and gap out: as Markdown and as text for a terminal.

Code claims only what it can bear out. Where nobody has judged what the sides of a row have with one another, that is
what its heading says. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.badge import badge
from assistant.commands.show import plain
from assistant.states import SAID
from assistant.tables.table import Cell, Part, Row, RowType, Stance, Table
from assistant.tables.table_forms import above, below, head, inline, removed
from assistant.types import Citation, Standing, State

HEADINGS = {
    Part.AGREE: "Where the sources agree",
    Part.DISPUTE: "Where they dispute",
    Part.OPEN: "Several have something on this; nobody has judged whether they agree",
    Part.ALONE: "What only one of them has",
}
NOTHING = {
    Part.AGREE: "On no point was agreement found: no number that several sides give alike, and no model's reading.",
    Part.DISPUTE: "On no point was a dispute found: no differing numbers, dates or names, and no model's reading.",
}
MISSING = "What is missing"
NOT_MISSING = "Every perspective is cited, and no point was found on which only one of them has something."


def rows_of(table: Table, part: Part) -> tuple[Row, ...]:
    """The rows that stand under a heading, in the order of the table."""
    return tuple(row for row in table.rows if row.part is part and any(cell.citations for cell in row.cells))


def borne_by(row: Row) -> frozenset[str]:
    """Ids of the columns on which the heading of a row rests: where code found a number alike, those that give it."""
    if row.part is Part.AGREE and row.type is not RowType.AGREEMENT:
        return frozenset(column for entry in row.same for column, _ in entry.values)
    return frozenset(cell.column for cell in row.cells if cell.citations)


def missing(table: Table) -> tuple[Standing, ...]:
    """The perspectives that are neither cited in the answer nor in any row."""
    cited = {cell.column for row in table.rows for cell in row.cells if cell.citations}
    return tuple(entry for entry in table.perspectives if entry.state is not State.CITED and entry.id not in cited)


def to_text(table: Table) -> str:
    """For a terminal."""
    return plain("\n".join([table.question, *above(table), *_lines(table)]))


def to_markdown(table: Table) -> str:
    """With headings, quotes as blocks, and behind each where it stands."""
    lines = [f"**{inline(table.question)}**", "", *(part for line in above(table) for part in (inline(line), ""))]
    for line in _lines(table):
        text = line.strip()
        if not line.startswith(" "):
            lines += [f"## {inline(text)}" if text in (*HEADINGS.values(), MISSING) else inline(text), ""]
        elif line.startswith("      "):
            lines += [f"> {inline(text)}", ""]
        elif line.startswith("    "):
            lines += [f"- {inline(text)}", ""]
        else:
            lines += [f"### {inline(text)}", ""]
    return "\n".join([*lines, ""])


def _lines(table: Table) -> Iterator[str]:
    """Headings at the margin, points two in, sides four in, quotes six in."""
    for part in (Part.AGREE, Part.DISPUTE, Part.OPEN):
        rows = rows_of(table, part)
        if rows or part in NOTHING:
            yield from ("", HEADINGS[part])
        if not rows and part in NOTHING:
            yield NOTHING[part]
        for row in rows:
            yield from _row(table, row)
    yield from ("", MISSING)
    gaps = missing(table)
    alone = rows_of(table, Part.ALONE)
    if not gaps and not alone:
        yield NOT_MISSING
    for standing in gaps:
        yield f"    {standing.label}: {SAID[standing.state]}"
        near = standing.beyond(table.citations)
        if near and near.stands:
            yield f"      closest: {_quote(near)}"
    for row in alone:
        yield from _row(table, row)
    if table.removed:
        yield from ("", "Removed:", *(f"    {line}" for line in removed(table)))


def _row(table: Table, row: Row) -> Iterator[str]:
    title = "The question itself" if row is table.rows[0] else row.title
    yield f"  {HEADINGS[Part.ALONE]}: {title}" if row.part is Part.ALONE else f"  {title}"
    yield from (f"    {line}" for line in below(row))
    bearing = borne_by(row)
    for column, cell in zip(table.columns, row.cells, strict=True):
        if column.id in bearing:
            yield f"    {head(column)}: {cell.stance}"
            yield from (f"      [{entry.number}] {_quote(entry)}" for entry in cell.citations)
    also = [
        f"{head(column)} {''.join(f'[{entry.number}]' for entry in cell.citations)}"
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell.citations and column.id not in bearing
    ]
    if also:
        yield f"    also on this: {', '.join(also)}"
    silent = [head(column) for column, cell in zip(table.columns, row.cells, strict=True) if _is_silent(cell)]
    if silent:
        yield f"    no passage found: {', '.join(silent)}"


def _is_silent(cell: Cell) -> bool:
    return cell.stance is Stance.SILENT


def _quote(entry: Citation) -> str:
    place = f"{entry.document.id}, characters {entry.start}–{entry.end}"
    facts = (badge(entry), entry.source.title, entry.source.published, place)
    quote = " ".join(entry.quote.split())
    return f"“{quote}” ({' · '.join(fact for fact in facts if fact)})"
