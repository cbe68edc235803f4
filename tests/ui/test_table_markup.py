"""Claim tables in, their markup out; addresses of tables in, data for the page out. Tables, and one small corpus."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fakes import WordEmbedder
from hostile import BREAKERS, QUESTION, clean, index

from assistant import (
    Assistant,
    By,
    Cell,
    Check,
    Citation,
    Column,
    Difference,
    Reason,
    Removed,
    Row,
    RowType,
    Stance,
    Table,
    TableMode,
)
from index import Document, Filter, Label, Perspective, Provenance, Reader, Source, Store, Voice, VoiceKind
from ui import words
from ui.filters import Filters
from ui.links import filter_link, parts, read_filter, read_link, read_table_link, table_link
from ui.palette import Palette
from ui.table import table
from ui.table_view import _AT_ONCE, Tables

FERRY, BRIDGE = Perspective("ferry", "Ferry friends"), Perspective("bridge", "Bridge builders")
PALETTE = Palette.of([FERRY, BRIDGE])
TEXT = "The ferry took 3 trips on 3 March, and 30 cars.\r\nAsh said: “It sank.”\n"
HOSTILE = '<img src=x onerror=hit()> ![a](http://evil.example) ${hit()} </td></table><div class="answer-end">'


def cite(number: int = 1, start: int = 0, end: int = 47, side: Perspective = FERRY, **changes: object) -> Citation:
    label = Label(side, Provenance.CURATED, "Ada Quill", "2026-01-02")
    values: dict[str, object] = {
        "document": Document("a b/ü.txt", TEXT, "0" * 64),
        "source": Source("The ferry", "Gazette", None, "2025-03", (label,)),
        "start": start,
        "end": end,
        "score": 0.5,
        "voice": Voice(start, end, VoiceKind.AUTHOR),
    }
    return Citation(number=number, **(values | changes))  # type: ignore[arg-type]


def cell(
    column: str = "ferry", *citations: Citation, stance: Stance = Stance.QUOTED, near: Citation | None = None
) -> Cell:
    return Cell(column, stance, citations, near)


SILENT = cell("bridge", stance=Stance.SILENT)


def made(*rows: Row, by: By = By.PERSPECTIVES, **changes: object) -> Table:
    columns = (Column("ferry", "Ferry friends", ("curated",)), Column("bridge", "Bridge builders", ("inferred",)))
    values: dict[str, object] = {"question": "What of the ferry?", "by": by, "columns": columns, "rows": rows}
    return Table(**(values | {"generation": "g", "labels": "l"} | changes))  # type: ignore[arg-type]


def plain(markup: str, hidden: str = "anon") -> str:
    """What is read; with `hidden="lab"`, by one who reads blind."""
    seen = re.sub(rf'<span class="[^"]*\b{hidden}\b[^"]*">.*?</span>', "", markup)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", seen)))


def drawn(*cells: Cell, **row: Any) -> str:
    return table(made(Row("q", (cell("ferry", cite()), SILENT)), Row(row.pop("point", "trips"), cells, **row)), PALETTE)


def second(markup: str) -> str:
    return markup.split("<tr ")[3]


def test_it_is_a_real_table_in_a_named_region_that_the_keyboard_reaches() -> None:
    markup = drawn(cell("ferry", cite()), SILENT)
    assert markup.count("<table ") == markup.count("<caption ") == 1
    assert re.search(
        r'<div class="over" role="region" tabindex="0" aria-label="What the perspectives have [^"]+">', markup
    )
    heads = re.findall(r'<th scope="col" role="columnheader" class="[^"]+">(.*?)</th>', markup)
    assert [plain(head).strip() for head in heads] == [
        "Point",
        "◆ Ferry friends labelled by a person",
        "● Bridge builders guessed by a machine, not confirmed",
    ]
    rows = re.findall(r'<th scope="row" role="rowheader">(.*?)</th>', markup)
    assert [plain(row).strip() for row in rows] == ["The question itself", "trips"]
    assert markup.count('<td role="cell"') == 4


def test_a_quote_is_a_link_that_begins_with_its_number_and_leads_to_its_place() -> None:
    (link,) = re.findall(
        r'<a href="([^"]+)" class="cite p-0" title="([^"]+)">(.*?)</a>', second(drawn(cell("ferry", cite(7)), SILENT))
    )
    assert read_link(link[0]) == cite().proof
    assert html.unescape(link[1]) == "the author · The ferry · Gazette · 2025-03"
    text = html.unescape(re.sub("<[^>]+>", "", link[2]))
    assert text == f"7 {TEXT[:47]}"


def test_a_cell_may_hold_two_quotes() -> None:
    row = second(drawn(cell("ferry", cite(1), cite(2, 49, 68)), SILENT))
    assert re.findall(r"<b>(\d)</b>", row) == ["1", "2"]


def test_under_a_quote_stands_who_speaks_and_where_it_is_from() -> None:
    ash = cite(2, 60, 68, voice=Voice(60, 68, VoiceKind.DIRECT, "Ash"))
    shown = plain(second(drawn(cell("ferry", cite(), ash), SILENT)))
    assert "the author · The ferry · Gazette · 2025-03" in shown
    assert "Ash, quoted in The ferry · Gazette · 2025-03" in shown


@pytest.mark.parametrize("stance", list(Stance))
def test_every_stance_is_said_in_words_beside_its_sign(stance: Stance) -> None:
    quotes = () if stance is Stance.SILENT else (cite(),)
    row = second(drawn(cell("ferry", *quotes, stance=stance), SILENT))
    assert f'<span aria-hidden="true">{words.SIGNS[stance]}</span> {words.STANCES[stance]}</p>' in row
    assert len(set(words.SIGNS.values())) == len(set(words.STANCES.values())) == len(Stance)


def test_a_silent_cell_says_no_passage_found_and_shows_the_closest_one() -> None:
    near = cell("bridge", stance=Stance.SILENT, near=cite(0, side=BRIDGE))
    row = second(drawn(cell("ferry", cite()), near))
    assert "∅ no passage found closest passage: The ferry took 3 trips" in plain(row)
    assert row.count('class="near p-1"') == 1
    assert "says nothing" not in plain(row)
    assert "closest passage" not in plain(second(drawn(cell("ferry", cite()), SILENT)))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (RowType.NOT_JUDGED, "trips"),
        (RowType.FACT, "trips Dispute of fact"),
        (RowType.VALUE, "trips Dispute of value"),
        (RowType.WORDING, "trips Dispute of wording"),
        (RowType.RESPONSIBILITY, "trips Dispute of responsibility"),
        (RowType.AGREEMENT, "trips Agreement from opposed sides"),
    ],
)
def test_the_type_of_a_row_is_said_in_words(kind: RowType, said: str) -> None:
    (_, head) = re.findall(r'role="rowheader">(.*?)</th>', drawn(cell("ferry", cite()), SILENT, type=kind))
    assert plain(head).strip() == said


def test_every_type_has_its_words() -> None:
    assert set(words.ROW_TYPES) == set(RowType)
    assert set(words.STANCES) == set(words.SIGNS) == set(Stance)
    assert set(words.GIVEN) == set(Provenance)


def test_the_statement_of_a_model_heads_its_row_with_the_note_on_it() -> None:
    shown = plain(drawn(cell("ferry", cite()), SILENT, statement="Ferry friends count trips.", note="No dispute: <i>"))
    assert "Ferry friends count trips. No dispute: <i>" in shown
    blind = plain(drawn(cell("ferry", cite()), SILENT, statement="Ferry friends count trips."), "lab")
    assert "[label hidden] count trips." in blind


@pytest.mark.parametrize(
    ("unit", "value", "marked"),
    [
        ("trips", "3", ["The ferry took |3| trips on 3 March, and 30 cars."]),  # not the 3 of the date
        ("March", "3", ["The ferry took 3 trips on |3| March, and 30 cars."]),
        ("boats", "3", ["The ferry took |3| trips on 3 March, and 30 cars."]),
        ("cars", "30", ["The ferry took 3 trips on 3 March, and |30| cars."]),
        ("cars", "0", ["The ferry took 3 trips on 3 March, and 30 cars."]),
    ],
)
def test_what_differs_is_marked_in_the_quotes_of_its_column_and_said_beside_the_point(
    unit: str, value: str, marked: list[str]
) -> None:
    entry = Difference(unit, (("ferry", value), ("bridge", "9")))
    markup = drawn(cell("ferry", cite()), cell("bridge", cite(2, side=BRIDGE)), differences=(entry,))
    mine, theirs = re.findall(r'class="words">(.*?)</span>', second(markup))
    assert html.unescape(re.sub("</?strong>", "|", mine)) == marked[0]
    assert "<strong>" not in theirs
    assert f"≠ These passages use different numbers beside “{unit}”: {value}, 9" in plain(markup)


def test_columns_of_speakers_have_no_colour_and_each_quote_names_its_side() -> None:
    speakers = (Column("speaker:Ash", "Ash"), Column("author:x", "Author of <b>"))
    row = Row("q", (cell("speaker:Ash", cite()), cell("author:x", stance=Stance.SILENT)))
    markup = table(made(row, by=By.VOICES, columns=speakers), PALETTE)
    assert "What the speakers have on this question" in markup
    assert re.findall(r'role="columnheader" class="([^"]+)"', markup) == ["corner", "p-x", "p-x"]
    assert "2025-03 · ◆ Ferry friends" in plain(markup)
    assert "Author of <b>" in plain(markup)
    assert "Ferry friends" not in plain(markup, "lab")


def test_who_reads_blind_is_shown_no_label() -> None:
    markup = drawn(cell("ferry", cite()), cell("bridge", stance=Stance.SILENT, near=cite(0, side=BRIDGE)))
    shown = plain(markup, "lab")
    for told in ("Ferry friends", "Bridge builders", "◆", "●", "labelled", "guessed"):
        assert told not in shown
    assert "Group 1" in shown
    assert "Group 2" in shown


def test_what_was_removed_is_counted_with_its_reasons() -> None:
    gone = (Removed("cell 2 of row 3", ("the quote was not found",)), Removed("row 4", ("no side asserts <i>",)))
    shown = plain(table(made(Row("q", (cell("ferry", cite()), SILENT)), removed=gone), PALETTE))
    assert "2 cells or rows removed for want of proof" in shown
    assert "cell 2 of row 3 the quote was not found" in shown
    assert "removed" not in plain(table(made(), PALETTE))


def test_the_table_says_who_put_it_together() -> None:
    row = Row("q", (cell("ferry", cite()), SILENT))
    assert "Nobody has judged who is right" in plain(table(made(row), PALETTE))
    shown = plain(table(made(row, mode=TableMode.GENERATED, model="<m>", reason=Reason("x", "Because <b>.")), PALETTE))
    assert "proposed by <m>" in shown
    assert "Nobody has judged" not in shown
    assert "Because <b>." in shown


def test_a_table_without_columns_says_that_no_passage_comes_near() -> None:
    markup = table(made(Row("q", ()), columns=()), PALETTE)
    assert "No passage comes near it." in plain(markup)
    assert "<table" not in markup


@pytest.mark.parametrize(("check", "said"), [(Check.CHANGED, True), (Check.FAILED, False)])
def test_a_quote_whose_document_changed_says_so(check: Check, said: bool) -> None:
    row = second(drawn(cell("ferry", cite(check=check)), SILENT))
    assert ("The ferry took 3 trips" in plain(row)) is said
    assert words.CHECKS[check].split(",")[0] in plain(row)


def test_hostile_words_are_text_wherever_they_stand() -> None:
    side = Perspective(HOSTILE, HOSTILE)
    source = Source(HOSTILE, HOSTILE, None, HOSTILE, (Label(side, Provenance.CURATED, HOSTILE, HOSTILE),))
    document = Document(HOSTILE, HOSTILE, "0" * 64)
    voice = Voice(0, len(HOSTILE), VoiceKind.DIRECT, HOSTILE, (HOSTILE, HOSTILE))
    bad = cite(1, 0, len(HOSTILE), document=document, source=source, voice=voice)
    columns = (Column(HOSTILE, HOSTILE, (HOSTILE,)), Column("b", HOSTILE))
    cells = (cell(HOSTILE, bad), cell("b", stance=Stance.SILENT, near=bad))
    row = Row(HOSTILE, cells, (Difference(HOSTILE, ((HOSTILE, HOSTILE),)),), RowType.FACT, HOSTILE, HOSTILE)
    for by in By:
        markup = table(
            made(row, row, by=by, columns=columns, question=HOSTILE, model=HOSTILE, mode=TableMode.GENERATED,
                 reason=Reason("x", HOSTILE), removed=(Removed(HOSTILE, (HOSTILE,)),)),
            Palette.of([side]),
        )  # fmt: skip
        assert not re.search(r"<img|<script|\"answer-end|\$\{|!\[", markup)
        assert markup.count("</table>") == 1
        classes = {name for names in re.findall('class="([^"]*)"', markup) for name in names.split()}
        assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)?", name) for name in classes)


# ── The address, and the handler ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "only"),
    [
        ("What of it?", Filter()),
        ("ü / # ? %2F\n", Filter(("a", "b c/d"), ("für/x #1.txt",), "2024", "2025-01-02", ("Ada Quill", "author"))),
        ("<img src=x>", Filter(speakers=('"><script>',))),
        ("lone \udc80", Filter(until="\udc80")),
    ],
)
def test_the_address_of_a_table_holds_its_question_and_filters_and_nothing_that_could_be_read_as_code(
    question: str, only: Filter
) -> None:
    address = table_link(question, only)
    assert re.fullmatch(r"#t/[A-Za-z0-9/._-]+", address)
    assert read_table_link(address) == (question, only)
    assert read_filter(filter_link(only)) == only


def test_an_address_of_an_earlier_version_names_its_perspectives() -> None:
    assert read_table_link("#t/" + "/".join(part.split(".")[-1] for part in parts(Filter(("x", "a", "b"))))) == (
        "x",
        Filter(("a", "b")),
    )


@pytest.mark.parametrize(
    "address",
    [None, 7, "", "#f/", "#f//", "#f/x.YQ", "#f/p.", "#f/p.a", "#f/p._w", "#f/p.YQ ", "#t/YQ", "#f" + "/d.YQ" * 201],
)
def test_what_is_no_address_of_a_filter_is_none(address: object) -> None:
    assert read_filter(address) is None


@pytest.mark.parametrize(
    "address", [None, 7, "", "#t", "#t/", "#t//", "#t/a", "#t/_w", "#p/eA", "#t/eA ", "#t/eA/é", "#t/" + "e" * 30_001]
)
def test_what_is_no_address_of_a_table_is_none(address: object) -> None:
    assert read_table_link(address) is None


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    embedder = WordEmbedder()
    more = (
        f"{BREAKERS}\n=HYPERLINK(1) The tide mill of Sallowmere grinds barley | <img src=x> for three hundred people.\n"
    )
    store = index(tmp_path_factory.mktemp("mill"), clean(breakers__txt=more), embedder)
    assistant = Assistant(Reader(Store(store), embedder))
    return Tables(assistant, Filters(assistant))


def test_the_handler_gives_the_table_and_its_files(tables: Tables) -> None:
    data = tables.table({"address": table_link(QUESTION), "by": "perspectives"})
    assert "Mill keepers" in plain(data["table"]["html"])
    assert data["table"]["html"].count("<table ") == 1
    assert "<img" not in data["table"]["html"]
    files = data["table"]["files"]
    assert files.keys() == data["agree"]["files"].keys() == {"csv", "md", "json"}
    assert files["csv"].startswith("point,")
    assert "| Point |" in files["md"]
    assert '"by": "perspectives"' in files["json"]
    assert "## Where the sources agree" in data["agree"]["files"]["md"]
    assert "Where they dispute" in plain(data["agree"]["html"])


def test_the_handler_keeps_to_the_filters_of_the_answer(tables: Tables) -> None:
    data = tables.table({"address": table_link(QUESTION, Filter(("keepers",))), "by": "perspectives"})
    assert re.findall(r'role="columnheader" class="([^"]+)"', data["table"]["html"])[1:] == ["p-2"]
    assert "Mill breakers" not in data["table"]["html"]
    assert "Searched only:" in plain(data["table"]["html"])


def test_the_handler_names_a_date_that_is_none(tables: Tables) -> None:
    data = tables.table({"address": table_link(QUESTION, Filter(since="20x")), "by": "voices"})
    assert data == {"note": "Published from '20x' is no date. Write it as 2025, 2025-12 or 2025-12-23."}


def test_the_columns_can_be_the_speakers(tables: Tables) -> None:
    data = tables.table({"address": table_link(QUESTION), "by": "voices"})
    assert "Author of" in plain(data["table"]["html"])


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        (None, words.BAD_TABLE),
        ([], words.BAD_TABLE),
        ({}, words.BAD_TABLE),
        ({"address": table_link("x"), "by": "colours"}, words.BAD_TABLE),
        ({"address": table_link("x"), "by": ["perspectives"]}, words.BAD_TABLE),
        ({"address": "#t/%%", "by": "voices"}, words.BAD_TABLE),
        ({"address": table_link("x", Filter(("nobody",))), "by": "voices"}, "nobody"),
        ({"address": table_link("x " * 8_000), "by": "voices"}, "at most 2,000"),
        ({"address": table_link("  "), "by": "voices"}, "question"),
    ],
)
def test_what_is_no_request_gets_a_sentence(tables: Tables, asked: object, note: str) -> None:
    data: Mapping[str, Any] = tables.table(asked)
    assert data.keys() == {"note"}
    assert note in data["note"]


def test_no_more_tables_are_made_at_once_than_there_is_room_for(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"address": table_link(QUESTION), "by": "perspectives"}
    going_on, may_end = threading.Semaphore(0), threading.Event()
    made = tables._assistant.table

    def slow(*arguments: Any, **named: Any) -> Any:
        going_on.release()
        may_end.wait(30)
        return made(*arguments, **named)

    monkeypatch.setattr(tables._assistant, "table", slow)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = [pool.submit(tables.table, asked) for _ in range(_AT_ONCE)]
        for _ in waiting:
            assert going_on.acquire(timeout=30)
        assert tables.table(asked) == {"note": words.TABLES_BUSY}
        may_end.set()
        assert all("table" in entry.result() for entry in waiting)
    assert "table" in tables.table(asked)
