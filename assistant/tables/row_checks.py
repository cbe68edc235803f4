"""A row that a model proposes and the evidence it was shown in, what of it may be shown out, and why the rest is not.

A cell passes by the checks of answers: its quote stands in its passage, within one voice; and its column is that of the
quote's document or speaker as code knows it. What a model says of a quote counts only as far as no rule of words is
against it: where none bears it out either, the quote stays and is not judged. Nothing is mended. Pure functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.checking import attribution, checks, neutrality
from assistant.checking.negation import negates, says_no
from assistant.checking.shown import Located, Problem, Shown
from assistant.tables.differences import differences
from assistant.tables.points import EACH
from assistant.tables.row_reply import ProposedCell, ProposedRow
from assistant.tables.table import RowType, Stance
from assistant.types import Citation, Removed
from assistant.writing.parse import Proposal
from index.types import UNLABELLED, VoiceKind

LONGEST_POINT = 30  # words
TYPES = {str(type): type for type in RowType if type is not RowType.NOT_JUDGED}
FORM = "it is not in the form asked for"
_UNJUDGED = "A type was proposed that the cells of this row do not bear out."


@dataclass(frozen=True, slots=True)
class CheckedCell:
    """A quote that passed, with how its column stands to the point."""

    columns: tuple[str, ...]
    stance: Stance
    citation: Citation  # with the number 0


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row of which two columns or more are left."""

    statement: str
    type: RowType
    note: str
    cells: tuple[CheckedCell, ...]


def check(
    row: ProposedRow,
    shown: Shown,
    columns: Sequence[str],
    columns_of: Callable[[Citation], tuple[str, ...]],
    speaks_itself: Callable[[Citation, str], bool],
    held: Callable[[Citation], Citation],
) -> tuple[CheckedRow | None, list[Removed]]:
    """Hold one row against the evidence.

    Args:
        columns: their ids, in the order of the numbers that the model was given.
        columns_of: the columns in which a citation stands.
        speaks_itself: whether what a citation holds are the own words of a column.
        held: holds a citation against its document as that is now.
    """
    removed: list[Removed] = []
    cells: list[CheckedCell] = []
    located: list[Located] = []
    for place, proposed in enumerate(row.cells, 1):
        found, problems = _cell(row.point, proposed, shown, columns, columns_of, speaks_itself, held)
        if found and any(_same(found[0].citation, other.citation) for other in cells):
            found, problems = None, [Problem("repeated", "it says again what was said")]
        if found and sum(found[0].columns == other.columns for other in cells) >= EACH:
            found, problems = None, [Problem("too_many_quotes", "it has too many quotes")]
        if found:
            cells.append(found[0])
            located.append(found[1])
        else:
            removed.append(_removed(f"Cell {place} of row {row.number}", problems))
    if len({cell.columns for cell in cells}) < 2:
        few = Problem("few_columns", "fewer than two columns are left of it")
        return None, [*removed, _removed(f"Row {row.number}", [few])]
    if problems := list(dict.fromkeys(_point(row, located, shown))):
        return None, [*removed, _removed(f"Row {row.number}", problems)]
    type = TYPES.get(row.type, RowType.NOT_JUDGED)
    kept = type if _bears_out(type, cells) else RowType.NOT_JUDGED
    return CheckedRow(row.point, kept, "" if kept is type else _UNJUDGED, tuple(cells)), removed


def _cell(
    point: str,
    proposed: ProposedCell,
    shown: Shown,
    columns: Sequence[str],
    columns_of: Callable[[Citation], tuple[str, ...]],
    speaks_itself: Callable[[Citation, str], bool],
    held: Callable[[Citation], Citation],
) -> tuple[tuple[CheckedCell, Located] | None, list[Problem]]:
    found, problems = checks.locate(proposed.passage, proposed.quote, shown)
    if problems:
        return None, problems
    if len(found) != 1:
        return None, [Problem("two_speakers", "its quote runs over two speakers")]
    entry, place = found[0].evidence, found[0].place
    citation = held(
        Citation(
            0, entry.document, entry.source, place.start, place.end, entry.score, place.match, voice=found[0].voice
        )
    )
    mine = tuple(id for id in columns_of(citation) if id in columns)
    named = columns[proposed.column - 1] if proposed.column and 1 <= proposed.column <= len(columns) else None
    if not citation.stands:
        return None, [Problem("changed", "its quote no longer stands in its document")]
    if named is None or named not in mine:
        return None, [Problem("wrong_column", "its quote does not belong to the column named")]
    own = citation.voice.kind is VoiceKind.AUTHOR or speaks_itself(citation, named)
    stance = _stance(point, proposed.stance, found[0].context) if own else Stance.REPORTS
    if stance is None:
        return None, [Problem("negation", "its quote says the opposite of the stance named")]
    return (CheckedCell(mine, stance, citation), found[0]), []


def _stance(point: str, proposed: str, quote: str) -> Stance | None:
    """How a column's own words stand to a point; None where the rules of negation are against what was proposed."""
    if proposed == "asserts":
        against = (negates(quote) and not says_no(point)) or (negates(point) and not says_no(quote))
        return None if against else Stance.ASSERTS
    if proposed == "denies":
        if negates(quote) and negates(point):
            return None
        return Stance.DENIES if says_no(quote) or negates(point) else Stance.QUOTED
    return Stance.QUOTED


def _point(row: ProposedRow, located: Sequence[Located], shown: Shown) -> Iterator[Problem]:
    """What is wrong with the words for a point: the rules for the words of a sentence, whoever says it left out."""
    if len(row.point.split()) > LONGEST_POINT:
        yield Problem("too_long", "it is too long")
    sentence = Proposal(row.number, "report", row.point, ())
    yield from checks.length(sentence)
    yield from checks.markup(row.point, shown.boundary)
    yield from checks.figures(sentence, located, shown)
    yield from checks.names(sentence, located, shown)
    yield from checks.wording(sentence, located, shown)
    yield from attribution.marked(sentence, located, shown)
    yield from neutrality.loaded(sentence, located)
    yield from neutrality.opinions(sentence, located, shown)
    yield from neutrality.one_sided(sentence, located, shown)


def _bears_out(type: RowType, cells: Sequence[CheckedCell]) -> bool:
    """Whether the cells are such as a row of this type has."""
    if type is RowType.NOT_JUDGED:
        return True
    assert_it = {cell.columns for cell in cells if cell.stance is Stance.ASSERTS}
    deny_it = {cell.columns for cell in cells if cell.stance is Stance.DENIES}
    if type is RowType.AGREEMENT:  # whoever has no label is on no side
        sides = [set(cell.citation.side) - {UNLABELLED.id} for cell in cells if cell.stance is Stance.ASSERTS]
        apart = any(one and other and one.isdisjoint(other) for one, other in combinations(sides, 2))
        return apart and not deny_it
    opposed = any(one != other for one in assert_it for other in deny_it)
    return opposed or bool(differences([(" ".join(cell.columns), cell.citation.quote) for cell in cells]))


def _same(one: Citation, other: Citation) -> bool:
    return (one.document.id, one.start, one.end) == (other.document.id, other.start, other.end)


def _removed(what: str, problems: Sequence[Problem]) -> Removed:
    return Removed(what, tuple(dict.fromkeys(problem.text for problem in problems)))
