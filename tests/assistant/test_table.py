"""The claim table: exact quotes in the column of their own document, numbers marked beside the same noun, safe forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant import Assistant
from assistant.cli import _app
from assistant.tables.differences import differences
from assistant.tables.points import Said, likeness, points
from assistant.tables.table import Stance, Table
from assistant.tables.table_forms import to_csv, to_markdown, to_text
from index import Reader, Store, VoiceKind
from index.terms import stems
from tests.fakes import WordEmbedder
from tests.hostile import BREAKERS, QUESTION, clean, index
from tests.hostile import labels as mill_labels

TRADE = "What did the closure of the bridge do to trade on the Old Quay?"


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Table:
    embedder = WordEmbedder()
    formula = "=HYPERLINK(1) | <b>\x1b[2J\u202e\u2066\n"
    more = f"{BREAKERS}\n{formula}The tide mill of Sallowmere grinds barley | <img src=x> for three hundred people.\n"
    files = clean(sources__toml=mill_labels(title="=1+1|x"), breakers__txt=more)
    store = index(tmp_path_factory.mktemp("mill"), files, embedder)
    with Assistant(Reader(Store(store), embedder)) as assistant:
        return assistant.table(QUESTION)


@pytest.mark.parametrize("by", ["perspectives", "voices"])
def test_every_quote_is_its_slice_and_stands_in_a_column_of_its_document(sample: Assistant, by: str) -> None:
    table = sample.table(TRADE, by=by)
    cells = [cell for row in table.rows for cell in row.cells]
    assert any(cell.citation for cell in cells)
    for cell in cells:
        assert (cell.citation is None) == (cell.stance is Stance.SILENT)
        for entry in filter(None, (*cell.citations, cell.closest)):
            assert entry.quote == sample.corpus.document(entry.document.id)[0].text[entry.start : entry.end]
            if by == "perspectives":
                assert cell.column in [side.id for side in entry.source.sides]
            else:
                assert cell.column in (f"author:{entry.document.id}", f"speaker:{entry.voice.speaker}")


def test_a_side_that_quotes_somebody_reports_only(sample: Assistant) -> None:
    cells = [cell for row in sample.table(TRADE).rows for cell in row.cells if cell.citation]
    for cell in cells:
        own = any(entry.voice.kind is VoiceKind.AUTHOR for entry in cell.citations)
        assert cell.stance is (Stance.QUOTED if own else Stance.REPORTS)
    assert {cell.stance for cell in cells} == {Stance.QUOTED, Stance.REPORTS}


def test_the_first_row_is_the_question_and_a_passage_stands_in_one_row_only(sample: Assistant) -> None:
    table = sample.table(TRADE)
    assert table.rows[0].point == TRADE
    assert len(table.rows) > 1
    used = [entry.number for row in table.rows for cell in row.cells for entry in cell.citations]
    assert used == list(range(1, len(used) + 1))


@pytest.mark.parametrize("question", [TRADE, "What do the sources say about the bollards?"])
def test_whatever_a_digest_shows_stands_in_the_table(sample: Assistant, question: str) -> None:
    quotes = [(entry.document.id, entry.quote) for entry in sample.table(question).citations]
    for entry in sample.ask(question, citations=12).citations:
        assert (entry.document.id, entry.quote) in quotes


def test_no_cell_has_more_than_two_quotes(sample: Assistant) -> None:
    cells = [cell for row in sample.table(TRADE).rows for cell in row.cells]
    assert max(len(cell.citations) for cell in cells) == 2


def test_a_question_that_nothing_answers_gets_no_quotes_and_a_reason(sample: Assistant) -> None:
    table = sample.table("Who won the football cup of Timbuktu?")
    assert table.reason
    assert {cell.stance for row in table.rows for cell in row.cells} == {Stance.SILENT}
    assert table.citations == ()


def test_a_table_is_the_same_each_time(sample: Assistant) -> None:
    assert sample.table(TRADE).to_dict() == sample.table(TRADE).to_dict()


@pytest.mark.parametrize(
    ("quotes", "marked"),
    [
        ([("a", "a 28-point plan"), ("b", "the plan has 27 points"), ("c", "twenty points")], ["28, 27, twenty"]),
        ([("a", "nine hundred sacks a year"), ("b", "300 sacks of barley")], ["nine hundred, 300"]),
        ([("a", "28 points"), ("b", "twenty-eight points")], []),
        ([("a", "28 points"), ("a", "27 points")], []),
        ([("a", "28 points"), ("b", "27 ships")], []),
        ([("a", "Takings fell by 14 per cent"), ("b", "card payments fell by 3 %")], ["14, 3"]),
        ([("a", "Rents rose by 14 per cent"), ("b", "card payments fell by 3 %")], []),
        ([("a", "a three-part plan"), ("b", "the 20-point plan")], []),
        ([("a", "on 10 October they met"), ("b", "on 12 October they met")], []),
        ([("a", "$40 million for the bridge"), ("b", "the bridge takes $90 million")], ["40 million, 90 million"]),
    ],
)
def test_numbers_differ_only_beside_the_same_noun(quotes: list[tuple[str, str]], marked: list[str]) -> None:
    assert [str(entry).rpartition(": ")[2] for entry in differences(quotes)] == marked


def test_the_words_of_the_question_do_not_make_two_shares_alike() -> None:
    quotes = [("a", "The ferry fell by 14 per cent"), ("b", "The ferry rose by 3 per cent")]
    assert differences(quotes)
    assert not differences(quotes, frozenset(stems("the ferry")))


def test_a_point_needs_two_columns_and_two_documents() -> None:
    texts = ("The mill floods the meadows", "The mill floods meadows every spring", "Barley is dear")
    said = [Said(at, f"{at}.txt", text, (f"side {at}",), 1.0) for at, text in enumerate(texts)]
    vectors = WordEmbedder().embed(texts)
    found = points(said, likeness(vectors, said), frozenset())
    assert [entry.members for entry in found] == [(0, 1)]
    assert "meadows" in found[0].name
    one = [Said(at, "one.txt", text, (f"side {at}",), 1.0) for at, text in enumerate(texts)]
    assert points(one, likeness(vectors, one), frozenset()) == []


def test_what_must_stand_in_the_table_joins_a_point_of_its_own_or_is_one() -> None:
    texts = (
        "The mill floods the meadows",
        "The mill floods meadows every spring",
        "Barley is dear",
        "The mill floods all the meadows",
        "Each mill floods meadows",
    )
    columns = ("a", "b", "a", "a", "a")
    said = [Said(at, f"{at}.txt", text, (columns[at],), 1.0 - at / 10) for at, text in enumerate(texts)]
    near = likeness(WordEmbedder().embed(texts), said)
    found = points(said, near, frozenset(), wanted=(2, 3, 4))
    assert [sorted(entry.members) for entry in found] == [[0, 1, 3], [2], [4]]
    assert found[1].name == "Barley · dear"


def test_a_spreadsheet_finds_no_formula_in_a_table(mill: Table) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(mill))))
    assert len(rows) == 1 + sum(max(1, len(cell.citations)) for row in mill.rows for cell in row.cells)
    assert any(cell.startswith("'=") for row in rows for cell in row)
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_no_cell_of_a_markdown_table_makes_another_or_markup(mill: Table) -> None:
    lines = [line for line in to_markdown(mill).splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in lines} == {2 + len(mill.columns)}
    assert "<img" not in to_markdown(mill).replace("\\<", "")


@pytest.mark.parametrize("form", [to_text, to_csv, to_markdown], ids=["text", "csv", "markdown"])
def test_a_terminal_obeys_nothing_in_a_table(mill: Table, form: Callable[[Table], str]) -> None:
    assert not set("\x1b\u202e\u2066") & set(form(mill))


def test_every_side_that_has_something_on_the_question_stands_in_the_first_row(mill: Table) -> None:
    cells = {cell.column: cell for cell in mill.rows[0].cells}
    assert all(cells[side].citation for side in ("keepers", "breakers", "board", "unlabelled"))


def test_different_numbers_of_sacks_are_marked_and_not_judged(mill: Table) -> None:
    marks = [entry for row in mill.rows for entry in row.differences if entry.unit == "sacks"]
    assert marks
    assert {number for entry in marks for _, number in entry.values} >= {"three hundred", "six hundred"}
    assert "these passages use different numbers beside “sacks”" in str(marks[0])


def test_as_json_a_cell_names_its_citation(mill: Table) -> None:
    data = json.loads(json.dumps(mill.to_dict()))
    numbers = {entry["number"] for entry in data["citations"]}
    assert {number for row in data["rows"] for cell in row["cells"] for number in cell["citations"]} == numbers


def test_the_command_prints_every_form_and_refuses_other_columns(
    sample_store: Path,
) -> None:
    def run(*options: str) -> Result:
        return CliRunner().invoke(_app, ["table", TRADE, "--store", str(sample_store), *options])

    assert json.loads(run("--json").stdout)["rows"]
    assert run("--csv").stdout.startswith("point,statement,type,column")
    assert run("--markdown").stdout.count("|---") > 2
    assert run("--by", "sides").exit_code == 2
    assert run("--csv", "--json").exit_code == 2
