"""Claim tables whose rows a model proposes, over the sample corpus with the real embedder and a scripted model."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.evaluation.evaluate import figures
from assistant.evaluation.evaluate_table import evaluate
from assistant.evaluation.questions import BadQuestions, Proof, Question
from assistant.tables.row_reply import read
from assistant.tables.table import RowType, Stance, Table, TableMode
from assistant.tables.table_forms import to_csv, to_markdown, to_text
from assistant.writing.llm import Model
from assistant.writing.writer import Writer
from tests.command import parallax
from tests.scripted_model import HANG, RESET, Fail, Raw, Say, Step, holding, model_server

TRADE = "By how much did trade on the Old Quay fall after the bridge was closed to cars?"
POINT = "Takings on the Old Quay fell by 14 per cent."
TRADERS, RESIDENTS, PRESS = "Quay traders", "Residents’ campaign", "Unlabelled source"
FELL = "Between March and August takings on the Old Quay fell by 14 per cent against the same months of the year before"
NEITHER = "Both are right about what they counted, and neither counted the trade of the Old Quay"
SAYS = "The Traders’ Guild says that trade has fallen by 14 per cent"
SENTINEL = "SENTINEL"

Cells = list[tuple[str, str, str]]
GOOD: Cells = [(TRADERS, "asserts", FELL), (PRESS, "denies", NEITHER)]


def column(request: dict[str, Any], label: str) -> int:
    user = request["messages"][1]["content"]
    return int(re.search(rf'^COLUMN (\d+) · <<[0-9a-f]+ "{re.escape(label)}"', user, re.MULTILINE)[1])  # type: ignore[index]


def row(request: dict[str, Any], point: str, cells: Cells, type: str = "dispute of fact", **more: Any) -> str:
    made = [
        {"column": column(request, label), "stance": stance, "passage": holding(request, quote), "quote": quote} | more
        for label, stance, quote in cells
    ]
    return json.dumps({"point": point, "type": type, "cells": made}, ensure_ascii=False) + "\n"


def replies(point: str = POINT, cells: Cells = GOOD, type: str = "dispute of fact", **more: Any) -> Callable[..., Step]:
    return lambda request: Say(row(request, point, cells, type, **more))


@contextmanager
def asked(sample: Assistant, *script: Any, by: str = "perspectives", **options: Any) -> Iterator[Table]:
    with model_server(*script) as server:
        yield Assistant(sample.reader, Writer(Model("scripted", server.url, **options))).table(TRADE, by=by)


def table(sample: Assistant, *script: Any, by: str = "perspectives", **options: Any) -> Table:
    with asked(sample, *script, by=by, **options) as made:
        return made


def stances(made: Table) -> dict[str, Stance]:
    return {at.label: cell.stance for at, cell in zip(made.columns, made.rows[1].cells, strict=True)}


def test_a_good_row_stands_behind_the_question_with_its_quotes_as_slices(sample: Assistant) -> None:
    made = table(sample, replies())
    assert (made.mode, made.reason, made.removed) == (TableMode.GENERATED, None, ())
    assert made.model
    assert set(made.prompts) == {"table", "table-question"}
    assert [entry.statement for entry in made.rows] == [None, POINT]
    assert made.rows[1].type is RowType.FACT
    assert stances(made)[TRADERS] is Stance.ASSERTS
    assert stances(made)[PRESS] is Stance.DENIES
    for entry in made.citations:
        assert entry.quote == sample.corpus.document(entry.document.id)[0].text[entry.start : entry.end]
    assert [entry.number for entry in made.citations] == list(range(1, len(made.citations) + 1))


def test_the_question_and_who_is_silent_are_of_code(sample: Assistant) -> None:
    made = table(sample, replies())
    assert made.rows[0] == sample.table(TRADE).rows[0]
    for cell in made.rows[1].cells:
        assert (cell.citation is None) == (cell.stance is Stance.SILENT)
        assert (cell.closest is not None) == (cell.stance is Stance.SILENT)


def test_a_column_that_quotes_somebody_only_reports(sample: Assistant) -> None:
    made = table(sample, replies(cells=[*GOOD, (RESIDENTS, "asserts", SAYS)]))
    assert stances(made)[RESIDENTS] is Stance.REPORTS


def test_in_its_own_column_a_speaker_says_so_himself(sample: Assistant) -> None:
    def script(request: dict[str, Any]) -> Step:
        heads = re.findall(r'^COLUMN \d+ · <<[0-9a-f]+ "(.*)" [0-9a-f]+>>', request["messages"][1]["content"], re.M)
        author = next(head for head in heads if head.startswith("Author of Fourteen"))
        other = next(head for head in heads if head.startswith("Author of The fourteen"))
        return Say(row(request, POINT, [(author, "asserts", FELL), (other, "denies", NEITHER)]))

    made = table(sample, script, by="voices")
    assert made.mode is TableMode.GENERATED
    assert {Stance.ASSERTS, Stance.DENIES} <= {cell.stance for cell in made.rows[1].cells}


@pytest.mark.parametrize(
    ("cells", "more", "reason"),
    [
        pytest.param([GOOD[0], (PRESS, "denies", NEITHER)], {"quote": "nobody ever wrote these words"}, "stand in the passage", id="wrong quote"),
        pytest.param([GOOD[0], (RESIDENTS, "denies", NEITHER)], {}, "does not belong to the column", id="wrong column"),
        pytest.param([GOOD[0], (PRESS, "asserts", NEITHER)], {}, "opposite of the stance", id="opposite stance"),
        pytest.param(GOOD, {"column": 99}, "does not belong to the column", id="no such column"),
        pytest.param(GOOD, {"passage": 999}, "a passage that was not shown", id="no such passage"),
    ],
)  # fmt: skip
def test_a_cell_that_fails_is_removed_and_with_it_a_row_without_two_columns(
    sample: Assistant, cells: Cells, more: dict[str, Any], reason: str
) -> None:
    made = table(sample, replies(cells=cells, **more))
    assert made.mode is TableMode.EXTRACTIVE
    assert made.reason
    assert made.reason.code == "no_claim_left"
    reasons = [text for entry in made.removed for text in entry.reasons]
    assert any(reason in text for text in reasons)
    assert "fewer than two columns are left of it" in reasons
    assert made.rows == sample.table(TRADE).rows
    assert made.model


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        ("Takings on the Old Quay fell by 19 per cent.", "a number that its quotes do not hold"),
        ("Takings on the Old Quay fell by 14 per cent, says Zebedee.", "a name that its quotes do not hold"),
        ("Takings on the Old Quay <b>fell</b> by 14 per cent.", "markup, a link"),
        ("Takings on the Old Quay fell, see www.example.com", "markup, a link"),
        ("Takings on the Old Quay shamefully fell by 14 per cent.", "an opinion"),
        ("Takings on the Old Quay admittedly fell, the Guild claimed that.", "endorses or doubts"),
        (" ".join(["Takings on the Old Quay fell by 14 per cent."] * 5), "too long"),
        ("", "has no words"),
        ("Elephants sing loudly under purple moons forever.", "not those of its passages"),
    ],
)
def test_a_point_in_other_than_plain_proven_words_takes_its_row_along(
    sample: Assistant, point: str, reason: str
) -> None:
    made = table(sample, replies(point))
    assert made.mode is TableMode.EXTRACTIVE
    assert any(reason in text for entry in made.removed for text in entry.reasons)
    shown = (to_text(made), to_markdown(made), to_csv(made), json.dumps(made.to_dict(), ensure_ascii=False))
    assert not point or not any(point in text for text in shown)


@pytest.mark.parametrize(
    ("type", "cells", "kept"),
    [
        ("dispute of fact", GOOD, RowType.FACT),
        ("dispute of responsibility", GOOD, RowType.RESPONSIBILITY),
        ("agreement from opposed sides", GOOD, RowType.NOT_JUDGED),
        ("dispute of fact", [GOOD[0], (RESIDENTS, "reports", SAYS)], RowType.NOT_JUDGED),
        ("war of words", GOOD, RowType.NOT_JUDGED),
    ],
)
def test_a_type_that_its_cells_do_not_bear_out_falls_and_the_row_says_so(
    sample: Assistant, type: str, cells: Cells, kept: RowType
) -> None:
    made = table(sample, replies(type=type, cells=cells))
    assert made.rows[1].type is kept
    known = type in {str(entry) for entry in RowType}
    assert bool(made.rows[1].note) == (known and kept is RowType.NOT_JUDGED)


def test_one_good_row_of_three_stands_and_the_others_are_counted(sample: Assistant) -> None:
    def script(request: dict[str, Any]) -> Step:
        bad = row(request, "Takings fell by 99 per cent.", GOOD)
        return Say("Here you are:\n```json\n" + bad + row(request, POINT, GOOD) + row(request, POINT, GOOD) + "```")

    made = table(sample, script)
    assert [entry.statement for entry in made.rows[1:]] == [POINT]
    assert [entry.text for entry in made.removed] == ["Row 1", "Row 3"]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Fail(500), "model_unavailable"),
        (RESET, "model_unavailable"),
        (HANG, "model_unavailable"),
        (Raw(b"<html>garbage"), "model_unavailable"),
        (Say('{"point": "Takings fell', cut=True), "model_unavailable"),
        (Say('{"point": "Takings fell', finish="length"), "model_unavailable"),
        (Say(""), "model_unavailable"),
        (Say(f"I cannot do that. {SENTINEL}"), "no_claim_left"),
        (Say('{"point": 3, "cells": "SENTINEL"}'), "no_claim_left"),
        (Say("[" * 5000), "no_claim_left"),
    ],
    ids=["500", "reset", "hang", "garbage", "cut", "too long", "empty", "prose", "wrong form", "brackets"],
)
def test_a_model_that_fails_leaves_the_table_without_one_and_the_reason(
    sample: Assistant, step: Step, code: str
) -> None:
    made = table(sample, step, silence=2)
    assert made.mode is TableMode.EXTRACTIVE
    assert made.reason
    assert made.reason.code == code
    assert made.rows == sample.table(TRADE).rows
    assert SENTINEL not in json.dumps(made.to_dict())


def test_a_question_that_nothing_answers_is_not_sent(sample: Assistant) -> None:
    with model_server(Say("x")) as server:
        made = Assistant(sample.reader, Writer(Model("scripted", server.url))).table("Who is Zorgon Blatt of Timbuktu?")
        assert server.requests == []
    assert made.model is None


def test_the_forms_say_who_proposed_the_rows_and_what_was_removed(sample: Assistant) -> None:
    made = table(sample, replies(cells=[*GOOD, (RESIDENTS, "asserts", NEITHER)]))
    for text in (to_text(made), to_markdown(made)):
        assert "proposed by" in text
        assert "Dispute of fact" in text
        assert "Cell 3 of row 1" in text
    assert POINT in to_csv(made)
    data = made.to_dict()
    assert (data["mode"], data["rows"][1]["statement"], data["rows"][1]["type"]) == (
        "generated",
        POINT,
        "dispute of fact",
    )
    assert len(data["removed"]) == 1


def test_the_command_names_the_host_and_asks_no_model_where_none_is_wanted(sample_store: Path, tmp_path: Path) -> None:
    with model_server(replies()) as server:
        options = ("table", TRADE, "--store", sample_store, "--json")
        made = parallax(*options, home=tmp_path, OPENAI_BASE_URL=server.url)
        assert f"sent to 127.0.0.1:{server.server_port}, on this machine" in made.stderr
        assert json.loads(made.stdout)["mode"] == "generated"
        asked = len(server.requests)
        plain = parallax(*options, "--no-model", home=tmp_path, OPENAI_BASE_URL=server.url)
        assert "sent to" not in plain.stderr
        assert json.loads(plain.stdout)["mode"] == "extractive"
        assert len(server.requests) == asked


def test_tables_are_measured_beside_the_digest_and_words_alone(sample: Assistant) -> None:
    evidence = (
        Proof(file="traders-guild-fourteen-per-cent.txt", quote=FELL),
        Proof(file="the-fourteen-and-the-three.md", quote=NEITHER),
    )
    question = Question(
        id="t", kind="comparative", question=TRADE, files=tuple(piece.file for piece in evidence), evidence=evidence
    )
    with model_server(replies(cells=[*GOOD, (RESIDENTS, "asserts", NEITHER)])) as server:
        rows = figures(evaluate(Assistant(sample.reader, Writer(Model("scripted", server.url))), [question]))
    assert list(rows) == ["table", "table without a model", "digest", "BM25"]
    assert rows["table"]["evidence found (micro)"].value == 1
    assert rows["table"]["tables proposed"].value == 1
    assert rows["table"]["removed, a table"].value == 1
    assert rows["table"]["quotes equal their slice"].value == 1
    assert "removed, a table" not in rows["table without a model"]
    assert rows["digest"]["quotes shown"].value <= rows["table without a model"]["quotes shown"].value


def test_questions_about_one_source_make_no_table(sample: Assistant) -> None:
    with pytest.raises(BadQuestions, match="needs several sources"):
        evaluate(sample, [Question(id="t", kind="single_factual", question=TRADE, files=("a.txt",))])


def test_rows_are_read_wherever_they_stand() -> None:
    cell = {"column": "2", "stance": "asserts", "passage": 1, "quote": "four words of it"}
    line = json.dumps({"point": "A", "type": "x", "cells": [cell, 3]})
    rows, broken = read(f'{{"rows": [{line}, {line}]}} {{"point": "A"}} {{"other": 1}}')
    assert [(entry.number, len(entry.cells), entry.cells[0].column) for entry in rows] == [(1, 1, 2), (2, 1, 2)]
    assert broken == 1
