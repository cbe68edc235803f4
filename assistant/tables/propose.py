"""The columns of a claim table and a model in, the rows that it proposes and that passed every check out.

A model that fails, or of which nothing can be proven, is a reason beside no rows: then the table is made without one.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from assistant.errors import ModelUnavailable
from assistant.search import Search
from assistant.tables import row_checks, row_reply
from assistant.tables.table import By, Column
from assistant.tables.tabulate import Proposed, columns_of, speaks_itself
from assistant.types import Removed
from assistant.writing import reasons
from assistant.writing.draft import Draft
from assistant.writing.writer import Writer


def propose_rows(
    writer: Writer, draft: Draft, search: Search, columns: Sequence[Column], by: By, stop: threading.Event
) -> Proposed:
    """Ask for the rows of a table, and keep what passes."""
    try:
        reply = writer.propose(draft, [column.label for column in columns], search.evidence, stop)
    except ModelUnavailable as error:
        return Proposed(reason=reasons.unavailable(error, stands=False))
    if stop.is_set():
        return Proposed(reason=reasons.table_stopped())
    proposed, broken = row_reply.read(reply)
    removed = [Removed("A part of the reply", (row_checks.FORM,))] * broken
    kept: list[row_checks.CheckedRow] = []
    for row in proposed:
        checked, gone = row_checks.check(
            row,
            draft.shown,
            [column.id for column in columns],
            lambda entry: columns_of(entry, by),
            speaks_itself,
            search.checked,
        )
        removed += gone
        if checked and any(checked.statement.casefold() == other.statement.casefold() for other in kept):
            removed.append(Removed(f"Row {row.number}", ("it says again what was said",)))
        elif checked:
            kept.append(checked)
    reason = None if kept else reasons.no_row_left(writer.model, len(proposed), broken)
    return Proposed(tuple(kept), tuple(removed), reason)
