"""Comparative questions with known evidence in, the figures of our claim tables out.

Beside the digest and plain BM25 with as many citations; where a model proposes rows, beside the table without one. A
quote of a table hits a piece of evidence as a citation does, see `evaluate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from assistant.assistant import Assistant
from assistant.evaluation.evaluate import Span, baseline, gold_of, scores
from assistant.evaluation.questions import BadQuestions, Question
from assistant.tables.table import RowType, Stance, Table, TableMode
from assistant.types import Citation

Ratios = dict[str, list[tuple[float, float]]]


def evaluate(
    assistant: Assistant, questions: Sequence[Question], citations: int | None = None, jobs: int = 1
) -> dict[str, Ratios]:
    """Make a table for every question that needs several sources; one row of figures a system, ours first.

    Args:
        citations: of the digest and of BM25; by default as many as the table has, the longer one where there are two.
        jobs: questions asked at once: worth it where a model on another machine proposes rows.

    Raises:
        BadQuestions: no question needs several sources.
    """
    asked = [question for question in questions if question.answerable and len(question.files) > 1]
    if not asked:
        raise BadQuestions("No question of this file needs several sources, and a table sets sources side by side.")
    gold = [gold_of(assistant, question) for question in asked]
    rows: dict[str, Ratios] = {}
    counts = [citations or 1] * len(asked)
    systems = {"table": assistant}
    if assistant.writer:
        systems["table without a model"] = assistant.without_model()
    for name, system in systems.items():
        tables = _tables(system, asked, jobs)
        shown = [_spans(table.citations) for table in tables]
        rows[name] = _scored(asked, gold, shown) | _own(asked, tables)
        counts = [citations or max(count, len(spans)) for count, spans in zip(counts, shown, strict=True)]
    plain = assistant.without_model()
    digests = [plain.ask(q.question, citations=count).citations for q, count in zip(asked, counts, strict=True)]
    rows["digest"] = _scored(asked, gold, [_spans(entries) for entries in digests])
    found = [baseline(plain, q.question, count, 0.0) for q, count in zip(asked, counts, strict=True)]
    rows["BM25"] = _scored(asked, gold, found)
    return rows


def _tables(assistant: Assistant, questions: Sequence[Question], jobs: int) -> list[Table]:
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda question: assistant.table(question.question), questions))


def _spans(citations: Sequence[Citation]) -> list[Span]:
    return [Span(entry.document.id, entry.start, entry.end, entry.quote) for entry in citations]


def _scored(questions: Sequence[Question], gold: Sequence[Sequence[Span]], shown: Sequence[Sequence[Span]]) -> Ratios:
    texts = ["\n".join(span.text for span in spans) for spans in shown]
    found = scores(questions, gold, shown, texts)
    found["quotes shown"] = [(float(len(spans)), 1.0) for spans in shown]
    found["required sources quoted"] = [
        (float(len({span.file for span in spans} & set(question.files))), float(len(question.files)))
        for question, spans in zip(questions, shown, strict=True)
    ]
    return found


def _own(questions: Sequence[Question], tables: Sequence[Table]) -> Ratios:
    """What only a table can be scored for."""
    found: Ratios = {}

    def note(metric: str, reached: float, of: float = 1.0) -> None:
        found.setdefault(metric, []).append((float(reached), float(of)))

    for question, table in zip(questions, tables, strict=True):
        cells = [cell for row in table.rows for cell in row.cells]
        for entry in table.citations:
            note("quotes equal their slice", entry.quote == entry.document.text[entry.start : entry.end])
        first = {entry.document.id for cell in table.rows[0].cells for entry in cell.citations}
        note("required sources in the first row", len(first & set(question.files)), len(question.files))
        note("rows", len(table.rows))
        note("cells with a quote", sum(cell.stance is not Stance.SILENT for cell in cells), len(cells))
        note("rows with a difference marked", sum(bool(row.differences) for row in table.rows), len(table.rows))
        if table.model is None:
            continue
        proposed = [row for row in table.rows if row.statement is not None]
        note("tables proposed", table.mode is TableMode.GENERATED)
        note("rows proposed", len(proposed))
        note("rows with a type", sum(row.type is not RowType.NOT_JUDGED for row in proposed), len(proposed))
        note("removed, a table", len(table.removed))
    return found
