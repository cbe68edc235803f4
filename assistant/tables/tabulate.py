"""A question as it was searched in, its claim table out: the best exact quotes a point and column.

windows ─► pieces of one voice ─► the question's own row ─► points that several columns share ─► rows
                                                        └─► rows that a model proposed, checked ─┘

What a model brings are rows that passed every check; the question's own row, and who is silent, are always code's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answering.digest import Digester, Window, citation
from assistant.badge import COMMENT
from assistant.question import abstain
from assistant.search import Search
from assistant.tables.differences import differences, same_numbers
from assistant.tables.points import EACH, TOUCHES, Point, Said, likeness, named, points
from assistant.tables.row_checks import CheckedRow
from assistant.tables.table import By, Cell, Column, Row, RowType, Stance, Table, TableMode
from assistant.types import Citation, Reason, Removed
from index.embed import Embedder
from index.retrieve import FLOOR_COSINE, FLOOR_COVERAGE, coverage
from index.terms import stems
from index.types import VoiceKind

_DIGEST = 12  # citations of the digest that a table holds all of, as one has where a question compares
_POOL = 48  # windows that are looked at ...
_EACH = 6  # ... and of each side, so many at least
_ON_POINT = 0.6  # cosine to a model's row from which on a column that it left out is quoted by code; set by hand
_MOST_VOICES = 8  # columns, where these are speakers


@dataclass(frozen=True, slots=True)
class _Pool:
    """The stretches that may stand in the table, best first, with their vectors."""

    entries: tuple[Citation, ...]  # with the number 0
    said: tuple[Said, ...]
    vectors: np.ndarray
    relevant: tuple[bool, ...]  # above the floor that a perspective is given a place for
    best: int  # how many of the first are those of the digest


@dataclass(frozen=True, slots=True)
class Proposed:
    """What came of asking a model for rows."""

    rows: tuple[CheckedRow, ...] = ()
    removed: tuple[Removed, ...] = ()
    reason: Reason | None = None  # why there are none


def tabulate(
    search: Search,
    digester: Digester,
    embedder: Embedder,
    question: str,
    by: By,
    generation: str,
    propose: Callable[[Sequence[Column]], Proposed] | None = None,
) -> Table:
    """The table of a question.

    Args:
        propose: asks a model for rows, where one is to be asked.
    """
    rule = abstain.reason(search.found.query, search.windows, narrowed=bool(search.wanted))
    pool = _pool(search, digester, embedder, by)
    columns = _columns(search, pool, by)
    ids = [column.id for column in columns]
    members = () if rule else _best(pool, ids)
    asked = frozenset(stems(search.found.query.text))
    chosen = [Point(question, members)]
    proposed = propose(columns) if propose and pool.entries and not rule else Proposed()
    if not rule and not proposed.rows:
        near = likeness(pool.vectors, pool.said)
        fit = [entry for entry in pool.said if pool.relevant[entry.at] or entry.at < pool.best]
        at = [entry.at for entry in fit]
        used = [place for place, entry in enumerate(fit) if entry.at in members]
        wanted = [place for place, entry in enumerate(fit) if entry.at < pool.best and entry.at not in members]
        made = points(fit, near[np.ix_(at, at)], asked, used, wanted) if fit else []
        chosen += _filled(made, pool, near, ids, members)
    rows = _rows(search, pool, ids, chosen, asked)
    rows += _checked_rows(pool, ids, proposed.rows, asked, embedder, rows)
    cited = {_place(entry): entry for row in rows for cell in row.cells for entry in cell.citations}
    return Table(
        question,
        by,
        _with_provenances(columns, rows, by),
        tuple(rows),
        generation,
        search.retriever.labels,
        rule or proposed.reason,
        TableMode.GENERATED if proposed.rows else TableMode.EXTRACTIVE,
        removed=proposed.removed,
        perspectives=search.standings(tuple(cited.values())) if by is By.PERSPECTIVES else (),
    )


def _checked_rows(
    pool: _Pool,
    ids: Sequence[str],
    proposed: Sequence[CheckedRow],
    asked: frozenset[str],
    embedder: Embedder,
    before: Sequence[Row],
) -> list[Row]:
    """The rows of a model, with the quotes numbered on; a column without a cell has its closest stretch."""
    places = {_place(entry): entry for row in before for cell in row.cells for entry in cell.citations}
    made: list[Row] = []
    for row in proposed:
        quotes = [cell.citation.quote for cell in row.cells]
        centre = embedder.embed(quotes).mean(axis=0)
        centre = centre / max(float(np.linalg.norm(centre)), 1e-9)
        cells: list[Cell] = []
        for id in ids:
            mine = [cell for cell in row.cells if id in cell.columns]
            entries: list[Citation] = []
            for cell in mine:
                number = len(places) + 1
                entries.append(places.setdefault(_place(cell.citation), replace(cell.citation, number=number)))
            if entries:
                cells.append(Cell(id, _joined([cell.stance for cell in mine]), tuple(entries)))
                continue
            near = _closest(pool, id, centre)
            if near and near.score >= _ON_POINT:
                entry = places.setdefault(_place(near), replace(near, number=len(places) + 1))
                cells.append(Cell(id, _stance([entry], id), (entry,)))
            else:
                cells.append(Cell(id, Stance.SILENT, (), near))
        point = named(quotes, asked) or row.statement
        made.append(_row(point, cells, asked, row.type, row.statement, row.note))
    return made


def _joined(stances: Sequence[Stance]) -> Stance:
    """The stance of a cell: that of its own words; where these do not agree, nobody has judged it."""
    own = {stance for stance in stances if stance is not Stance.REPORTS}
    return Stance.REPORTS if not own else own.pop() if len(own) == 1 else Stance.QUOTED


def _place(entry: Citation) -> tuple[str, int, int]:
    return entry.document.id, entry.start, entry.end


def _pool(search: Search, digester: Digester, embedder: Embedder, by: By) -> _Pool:
    kept: list[Window] = []
    counts: dict[str, int] = {}
    for place, window in enumerate(search.windows):
        sides = search.retriever.perspectives_of(window.document.id)
        if place < _POOL or any(counts.get(side, 0) < _EACH for side in sides):
            kept.append(window)
            counts |= {side: counts.get(side, 0) + 1 for side in sides}
    cut = digester.cut(
        kept, search.found, search.library, search.retriever, comments=search.comments, wanted=search.wanted
    )
    entries: list[Citation] = []
    scores: list[float] = []

    def take(piece: Window) -> None:
        entry = search.checked(citation(0, piece, search.retriever))
        if entry.stands and columns_of(entry, by) and not any(_overlap(entry, other) for other in entries):
            entries.append(entry)
            scores.append(piece.score)

    for piece in search.digest(_DIGEST):
        take(piece)
    best = len(entries)
    for piece in (piece for pieces in cut for piece in pieces):
        take(piece)
    said = tuple(
        Said(at, entry.document.id, entry.quote, columns_of(entry, by), score)
        for at, (entry, score) in enumerate(zip(entries, scores, strict=True))
    )
    vectors = embedder.embed([entry.quote for entry in entries]) if entries else np.zeros((0, 1), np.float32)
    relevant = tuple(
        entry.score >= FLOOR_COSINE and coverage(search.found.query, entry.quote) >= FLOOR_COVERAGE for entry in entries
    )
    return _Pool(tuple(entries), said, vectors, relevant, best)


def columns_of(entry: Citation, by: By) -> tuple[str, ...]:
    """The columns in which a citation stands: its document's perspectives, or its speaker. An unclear voice has none.

    What a reader wrote stands under no perspective.
    """
    if by is By.PERSPECTIVES:
        return entry.side
    if entry.is_comment:
        return (f"comments:{entry.document.id}",)
    if entry.voice.kind is VoiceKind.AUTHOR:
        return (f"author:{entry.document.id}",)
    return (f"speaker:{entry.voice.speaker}",) if entry.voice.speaker else ()


def _columns(search: Search, pool: _Pool, by: By) -> list[Column]:
    """Those with the best stretch first, never by label."""
    best: dict[str, float] = {}
    labels: dict[str, str] = {}
    for said, entry in zip(pool.said, pool.entries, strict=True):
        for id in said.columns:
            best[id] = max(best.get(id, -1.0), entry.score if pool.relevant[said.at] else entry.score - 1)
            labels[id] = _voice_label(entry)
    order = sorted(best, key=lambda id: -best[id])
    if by is By.VOICES:
        return [Column(id, labels[id]) for id in order[:_MOST_VOICES]]
    known = {perspective.id: perspective.label for perspective in search.found.perspectives}
    return [
        Column(id, known[id]) for id in (*(id for id in order if id in known), *(i for i in known if i not in best))
    ]


def _voice_label(entry: Citation) -> str:
    title = " ".join(entry.source.title.split())
    if entry.is_comment:
        return f"{COMMENT} under {title}"
    return entry.voice.speaker or f"Author of {title}"


def _best(pool: _Pool, ids: Sequence[str]) -> tuple[int, ...]:
    """Of each column the first two that the digest has, else the best relevant stretch."""
    found: dict[str, list[int]] = {id: [] for id in ids}
    order = sorted(pool.said, key=lambda entry: (entry.at >= pool.best, -entry.relevance))
    for said in order:
        for id in (id for id in said.columns if id in found):
            first = not found[id] and (pool.relevant[said.at] or said.at < pool.best)
            if first or (said.at < pool.best and len(found[id]) < EACH):
                found[id].append(said.at)
    return tuple(dict.fromkeys(at for members in found.values() for at in members))


def _filled(
    made: Sequence[Point], pool: _Pool, near: np.ndarray, ids: Sequence[str], used: Sequence[int]
) -> list[Point]:
    """With what a column that is silent on a point has as near to it, however far that is from the question."""
    taken = {*used, *(at for point in made for at in point.members)}
    filled: list[Point] = []
    for point in made:
        members = [*point.members]
        for id in ids:
            if any(id in pool.said[at].columns for at in members):
                continue
            free = [said.at for said in pool.said if id in said.columns and said.at not in taken]
            best = max(free, key=lambda at: near[point.members[0], at], default=None)
            if best is not None and near[point.members[0], best] >= TOUCHES:
                members.append(best)
                taken.add(best)
        filled.append(replace(point, members=tuple(members)))
    return filled


def _rows(search: Search, pool: _Pool, ids: Sequence[str], chosen: Sequence[Point], asked: frozenset[str]) -> list[Row]:
    """The rows, with citations numbered as they are read."""
    numbers: dict[int, int] = {}
    rows: list[Row] = []
    for first, point in ((at == 0, point) for at, point in enumerate(chosen)):
        centre = search.found.vector if first or not point.members else pool.vectors[point.members[0]]
        cells: list[Cell] = []
        for id in ids:
            mine = [at for at in point.members if id in pool.said[at].columns][:EACH]
            entries = tuple(replace(pool.entries[at], number=numbers.setdefault(at, len(numbers) + 1)) for at in mine)
            if entries:
                cells.append(Cell(id, _stance(entries, id), entries))
            else:
                cells.append(Cell(id, Stance.SILENT, (), _closest(pool, id, centre)))
        if first or any(cell.citations for cell in cells):
            rows.append(_row(point.name, cells, asked))
    return rows


def _row(
    point: str,
    cells: Sequence[Cell],
    asked: frozenset[str],
    type: RowType = RowType.NOT_JUDGED,
    statement: str | None = None,
    note: str = "",
) -> Row:
    """A row, with what its quotes differ in and have alike; what stands in two columns agrees with nobody."""
    quotes = [(cell.column, entry.quote) for cell in cells for entry in cell.citations]
    shared = Counter(_place(entry) for cell in cells for entry in cell.citations)
    apart = [(cell.column, e.quote) for cell in cells for e in cell.citations if shared[_place(e)] == 1]
    return Row(point, tuple(cells), differences(quotes, asked), type, statement, note, same_numbers(apart, asked))


def _stance(entries: Sequence[Citation], column: str) -> Stance:
    """Whoever only quotes somebody does not say so himself; a speaker's column holds his own words."""
    own = any(e.voice.kind is VoiceKind.AUTHOR or speaks_itself(e, column) for e in entries)
    return Stance.QUOTED if own else Stance.REPORTS


def speaks_itself(entry: Citation, column: str) -> bool:
    """Whether a column is that of the speaker of a citation."""
    return column in columns_of(entry, By.VOICES)


def _closest(pool: _Pool, column: str, centre: np.ndarray) -> Citation | None:
    """What of a column comes nearest to a point, with how near it comes."""
    mine = [entry.at for entry in pool.said if column in entry.columns]
    if not mine:
        return None
    cosines = pool.vectors[mine] @ centre
    best = int(np.argmax(cosines))
    return replace(pool.entries[mine[best]], score=float(cosines[best]))


def _with_provenances(columns: Sequence[Column], rows: Sequence[Row], by: By) -> tuple[Column, ...]:
    """With how each perspective came to its sources in this table."""
    if by is By.VOICES:
        return tuple(columns)
    shown = [entry for row in rows for cell in row.cells for entry in (*cell.citations, cell.closest) if entry]
    given = {(label.perspective.id, str(label.provenance)): None for entry in shown for label in entry.labels}
    return tuple(replace(c, provenances=tuple(by for id, by in given if id == c.id)) for c in columns)


def _overlap(one: Citation, other: Citation) -> bool:
    return one.document.id == other.document.id and min(one.end, other.end) > max(one.start, other.start)
