"""A claim table in, the same as CSV, as Markdown and as text for a terminal out. Pure functions.

Words of documents, labels and speakers are text in all three: no spreadsheet, renderer or terminal obeys them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from assistant.badge import badge
from assistant.printing import markdown_text
from assistant.show import plain
from assistant.table import Cell, Column, Table

HEAD = (
    *("point", "type", "column", "label from", "stance", "quote", "voice", "title", "published"),
    *("document", "start", "end", "differences"),
)
_JUDGED = "not judged"
# With which a spreadsheet begins a formula, also in their wide forms and behind white space.
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠|]")


def to_csv(table: Table) -> str:
    """One line a cell. A text that a spreadsheet would take for a formula has an apostrophe in front of it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in table.rows:
        marks = "; ".join(str(entry) for entry in row.differences)
        for column, cell in zip(table.columns, row.cells, strict=True):
            entry = cell.citation
            facts = (
                *((entry.quote, badge(entry), entry.source.title, entry.source.published or "") if entry else [""] * 4),
                *((entry.document.id, str(entry.start), str(entry.end)) if entry else [""] * 3),
            )
            head = (row.point, _JUDGED, column.label, ", ".join(column.provenances), str(cell.stance))
            writer.writerow([_guarded(text) for text in (*head, *facts, marks)])
    return out.getvalue()


def _guarded(text: str) -> str:
    text = text.replace("\0", "")
    return f"'{text}" if _FORMULA.match(text) else text


def to_markdown(table: Table) -> str:
    """A table whose quotes are numbered, and below it where each stands."""
    lines = [f"**{_inline(table.question)}**", ""]
    lines += [_inline(table.reason.text), ""] if table.reason else []
    heads = ["Point", *(_inline(_head(column)) for column in table.columns)]
    lines += [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for row in table.rows:
        marks = "".join(f"<br>{_inline(_capital(str(entry)))}" for entry in row.differences)
        cells = (_markdown_cell(cell) for cell in row.cells)
        lines.append(f"| {' | '.join([_inline(row.point) + marks, *cells])} |")
    lines.append("")
    for entry in table.citations:
        place = f"{entry.document.id}, characters {entry.start}–{entry.end}"
        facts = [badge(entry), entry.source.title, entry.source.published, place]
        lines.append(f"{entry.number}. {_inline(' · '.join(fact for fact in facts if fact))}")
    return "\n".join([*lines, ""])


def _markdown_cell(cell: Cell) -> str:
    if cell.citation:
        return f"{cell.stance}: “{_inline(cell.citation.quote)}” \\[{cell.citation.number}\\]"
    return str(cell.stance)


def _inline(text: str) -> str:
    return markdown_text(" ".join(text.split()))


def to_text(table: Table) -> str:
    """For a terminal: under each point the columns one below the other."""
    return plain("\n".join(_text(table)))


def _text(table: Table) -> Iterator[str]:
    yield table.question
    if table.reason:
        yield table.reason.text
    for number, row in enumerate(table.rows):
        yield ""
        yield f"{number + 1}. {row.point if number else 'The question itself'}"
        yield from (f"   {_capital(str(entry))}." for entry in row.differences)
        for column, cell in zip(table.columns, row.cells, strict=True):
            yield f"   {_head(column)}: {cell.stance}"
            if entry := cell.citation:
                yield f"     [{entry.number}] “{entry.quote}”"
                place = f"{entry.document.id}, characters {entry.start}–{entry.end}"
                facts = (badge(entry), entry.source.title, entry.source.published, place)
                yield f"     {' · '.join(fact for fact in facts if fact)}"
            elif near := cell.closest:
                yield f"     closest, {near.score:.2f}: “{' '.join(near.quote.split())[:90]}”"


def _head(column: Column) -> str:
    return f"{column.label} [{', '.join(column.provenances)}]" if column.provenances else column.label


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
