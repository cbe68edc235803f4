"""A claim table told as agreement, dispute and gap: each row under the heading that it bears out, every word escaped."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from test_table_markup import BRIDGE, HOSTILE, PALETTE, SILENT, cell, cite, made, plain

from assistant import By, Column, Difference, Part, Row, RowType, Same, Stance, Standing, State, TableMode
from assistant.tables.agreement import to_markdown, to_text
from ui.agreement import agreement

BOTH = (cell("ferry", cite(1)), cell("bridge", cite(2, side=BRIDGE)))
TRIPS = Same("trips", (("ferry", "3"), ("bridge", "3")))
CARS = Difference("cars", (("ferry", "30"), ("bridge", "3")))
GAP = Standing("council", "Town council", State.SILENT, cite(0, 49, 69, side=BRIDGE))


@pytest.mark.parametrize(
    ("row", "part"),
    [
        (Row("q", BOTH), Part.OPEN),
        (Row("q", (cell("ferry", cite()), SILENT)), Part.ALONE),
        (Row("q", BOTH, same=(TRIPS,)), Part.AGREE),
        (Row("q", BOTH, (CARS,)), Part.DISPUTE),
        (Row("q", BOTH, (CARS,), same=(TRIPS,)), Part.DISPUTE),
        (Row("q", BOTH, (), RowType.AGREEMENT), Part.AGREE),
        (Row("q", BOTH, (CARS,), RowType.AGREEMENT), Part.DISPUTE),
        (Row("q", BOTH, (), RowType.VALUE), Part.DISPUTE),
    ],
)
def test_a_row_stands_under_what_it_bears_out(row: Row, part: Part) -> None:
    assert row.part is part
    assert made(row).to_dict()["rows"][0]["part"] == str(part)


def section(markup: str, style: str) -> str:
    found = re.search(rf'<section class="part is-{style}">(.*?)</section>', markup, re.DOTALL)
    return plain(found[1]) if found else ""


def test_both_sides_face_each_other_with_what_differs_marked() -> None:
    markup = agreement(made(Row("q", BOTH, (CARS,)), Row("w", BOTH, same=(TRIPS,))), PALETTE)
    dispute, agree = section(markup, "dispute"), section(markup, "agree")
    assert "These passages use different numbers beside “cars”: 30, 3" in dispute
    assert "These passages use the same number beside “trips”: 3" in agree
    assert dispute.index("Ferry friends") < dispute.index("Bridge builders")
    assert re.findall(r'<div class="face (p-\d)">', markup) == ["p-0", "p-1"] * 2
    assert "<strong>3</strong>" in markup
    assert section(markup, "open") == ""


def test_without_a_model_nothing_is_claimed_that_code_did_not_compare() -> None:
    markup = agreement(made(Row("q", BOTH)), PALETTE)
    assert "None was found." in section(markup, "agree")
    assert "None was found." in section(markup, "dispute")
    assert "Nobody has judged whether they agree." in section(markup, "open")
    assert "model" not in plain(markup)
    assert "what a model reads so" in plain(agreement(made(Row("q", BOTH), mode=TableMode.GENERATED), PALETTE))


def test_what_is_missing_are_silent_sides_and_points_of_one() -> None:
    alone = Row("w", (cell("ferry", cite(3)), SILENT))
    missing = section(agreement(made(Row("q", BOTH), alone, perspectives=(GAP,)), PALETTE), "missing")
    assert re.search(r"Town council\s+no passage found\s*; closest passage:", missing)
    assert "Only here: w" in missing
    assert re.search(r"No passage found from\s+● Bridge builders\s*\.", missing)
    cited = (replace(GAP, state=State.CITED),)
    assert "Every side is cited" in section(agreement(made(Row("q", BOTH), perspectives=cited), PALETTE), "missing")


def test_a_side_that_is_cited_on_some_point_is_not_missing() -> None:
    cited = replace(GAP, id="bridge", label="Bridge builders", state=State.RELEVANT)
    given = made(Row("q", BOTH, (CARS,)), perspectives=(cited, GAP))
    missing = section(agreement(given, PALETTE), "missing")
    assert "Town council" in missing
    assert "Bridge builders" not in missing
    assert "Bridge builders:" not in to_text(given).partition("What is missing")[2]


def test_under_agreement_stand_the_sides_that_give_the_number_and_the_others_are_named() -> None:
    sides = (*BOTH, cell("press", cite(7)))
    columns = (Column("ferry", "Ferry friends"), Column("bridge", "Bridge builders"), Column("press", "Local press"))
    markup = agreement(made(Row("q", sides, same=(TRIPS,)), columns=columns), PALETTE)
    assert len(re.findall('class="face ', markup)) == 2
    assert re.search(r"Also on this:\s+\S* ?Local press\s+7", section(markup, "agree"))
    text = to_text(made(Row("q", sides, same=(TRIPS,)), columns=columns))
    assert "also on this: Local press [7]" in text
    assert (
        len(
            re.findall(
                'class="face ', agreement(made(Row("q", sides, (), RowType.AGREEMENT), columns=columns), PALETTE)
            )
        )
        == 3
    )


def test_who_reads_blind_is_shown_no_label() -> None:
    shown = plain(agreement(made(Row("q", BOTH), perspectives=(GAP,)), PALETTE), "lab")
    for told in ("Ferry friends", "Bridge builders", "Town council", "◆", "●"):
        assert told not in shown


def test_hostile_words_are_text_wherever_they_stand() -> None:
    row = Row(HOSTILE, BOTH, (Difference(HOSTILE, ((HOSTILE, HOSTILE),)),), RowType.FACT, HOSTILE, HOSTILE)
    same = Row(HOSTILE, BOTH, same=(Same(HOSTILE, ((HOSTILE, HOSTILE),)),))
    columns = (Column("ferry", HOSTILE, (HOSTILE,)), Column("bridge", HOSTILE))
    gap = replace(GAP, label=HOSTILE, id=HOSTILE)
    given = made(row, same, Row(HOSTILE, (BOTH[0], SILENT)), columns=columns, question=HOSTILE, perspectives=(gap,))
    for by in By:
        assert not re.search(r"<img|<script|\"answer-end|\$\{|!\[", agreement(replace(given, by=by), PALETTE))
    assert not re.search(r"(?<!\\)[<\[$]", to_markdown(given))


def test_a_side_that_only_reports_says_so() -> None:
    reports = (BOTH[0], cell("bridge", cite(2, side=BRIDGE), stance=Stance.REPORTS))
    assert "only reports somebody else" in section(agreement(made(Row("q", reports)), PALETTE), "open")


def test_text_and_markdown_tell_the_same_parts() -> None:
    given = made(Row("q", BOTH, (CARS,)), Row("w", (cell("ferry", cite(3)), SILENT)), perspectives=(GAP,))
    text, markdown = to_text(given), to_markdown(given)
    for heading in ("Where the sources agree", "Where they dispute", "What is missing"):
        assert f"\n{heading}\n" in text
        assert f"\n## {heading}\n" in markdown
    assert "On no point was agreement found" in text
    assert "These passages use different numbers beside “cars”: 30, 3." in text
    assert "Town council: no passage found" in text
    assert "nobody has judged" not in text
