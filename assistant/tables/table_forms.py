"""A claim table in, the same as CSV, as Markdown and as text for a terminal out. Pure functions.

Words of documents, labels and speakers are text in all three: no spreadsheet, renderer or terminal obeys them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from assistant.badge import badge
from assistant.commands.show import plain
from assistant.exporting.printing import OBEYED, markdown_text
from assistant.tables.table import Cell, Column, Row, RowType, Table, TableMode
from assistant.types import Citation

HEAD = (
    *("point", "statement", "type", "column", "label from", "stance", "quote", "voice", "title", "published"),
    *("document", "start", "end", "differences", "note"),
)
# With which a spreadsheet begins a formula, also in their wide forms and behind white space.
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠|]")


def to_csv(table: Table) -> str:
    """One line a quote, and one a cell without any; an apostrophe stands before what could be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in table.rows:
        marks = "; ".join(str(entry) for entry in row.differences)
        for column, cell in zip(table.columns, row.cells, strict=True):
            head = (row.point, row.statement or "", str(row.type), column.label, ", ".join(column.provenances))
            for facts in map(_facts, cell.citations or (None,)):
                line = (*head, str(cell.stance), *facts, marks, row.note)
                writer.writerow([_guarded(text) for text in line])
    return out.getvalue()


def _facts(entry: Citation | None) -> tuple[str, ...]:
    if entry is None:
        return ("",) * 7
    shown = (entry.quote, badge(entry), entry.source.title, entry.source.published or "")
    return (*shown, entry.document.id, str(entry.start), str(entry.end))


def _guarded(text: str) -> str:
    text = OBEYED.sub("", text.replace("\r", ""))
    return f"'{text}" if _FORMULA.match(text) else text


def to_markdown(table: Table) -> str:
    """A table whose quotes are numbered, and below it where each stands."""
    lines = [f"**{inline(table.question)}**", ""]
    for line in above(table):
        lines += [inline(line), ""]
    heads = ["Point", *(inline(head(column)) for column in table.columns)]
    lines += [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for row in table.rows:
        marks = "".join(f"<br>{inline(line)}" for line in below(row))
        cells = (_markdown_cell(cell) for cell in row.cells)
        lines.append(f"| {' | '.join([inline(row.title) + marks, *cells])} |")
    lines.append("")
    for entry in table.citations:
        place = f"{entry.document.id}, characters {entry.start}–{entry.end}"
        facts = [badge(entry), entry.source.title, entry.source.published, place]
        lines.append(f"{entry.number}. {inline(' · '.join(fact for fact in facts if fact))}")
    lines += ["", "Removed:", "", *(f"- {inline(line)}" for line in removed(table))] if table.removed else []
    return "\n".join([*lines, ""])


def _markdown_cell(cell: Cell) -> str:
    quotes = (f"“{inline(entry.quote)}” \\[{entry.number}\\]" for entry in cell.citations)
    return ": ".join(filter(None, (str(cell.stance), "<br>".join(quotes))))


def inline(text: str) -> str:
    """A line of text for Markdown."""
    return markdown_text(" ".join(text.split()))


def to_text(table: Table) -> str:
    """For a terminal: under each point the columns one below the other."""
    return plain("\n".join(_text(table)))


def _text(table: Table) -> Iterator[str]:
    yield table.question
    yield from above(table)
    for number, row in enumerate(table.rows):
        yield ""
        yield f"{number + 1}. {row.title if number else 'The question itself'}"
        yield from (f"   {line}" for line in below(row))
        for column, cell in zip(table.columns, row.cells, strict=True):
            yield f"   {head(column)}: {cell.stance}"
            for entry in cell.citations:
                yield f"     [{entry.number}] “{entry.quote}”"
                place = f"{entry.document.id}, characters {entry.start}–{entry.end}"
                facts = (badge(entry), entry.source.title, entry.source.published, place)
                yield f"     {' · '.join(fact for fact in facts if fact)}"
            if near := cell.closest:
                yield f"     closest, {near.score:.2f}: “{' '.join(near.quote.split())[:90]}”"
    if table.removed:
        yield from ("", "Removed:", *(f"   {line}" for line in removed(table)))


def above(table: Table) -> Iterator[str]:
    """Why the table is as it is."""
    if table.reason:
        yield table.reason.text
    if table.mode is TableMode.GENERATED:
        yield (
            f"The rows below the question were proposed by {table.model}. Every quote stands in its document, and every"
            " cell was checked; what kind of dispute a row is, is the model's reading."
        )


def below(row: Row) -> Iterator[str]:
    """What is said of a row beside its cells."""
    if row.type is not RowType.NOT_JUDGED:
        yield f"{_capital(str(row.type))}."
    if row.note:
        yield row.note
    yield from (f"{_capital(str(entry))}." for entry in (*row.differences, *row.same))


def removed(table: Table) -> Iterator[str]:
    """What failed its checks, and why."""
    return (f"{entry.text}: {'; '.join(entry.reasons)}." for entry in table.removed)


def head(column: Column) -> str:
    """What a column is called, and how it came to its sources."""
    return f"{column.label} [{', '.join(column.provenances)}]" if column.provenances else column.label


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
