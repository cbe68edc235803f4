"""Echoes: which citations go back to one origin, and what is said of it. Over a corpus of our own writing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Assistant, Citation, Echo, echo_lines
from assistant.commands import show
from assistant.types import origins
from index import Document, LocalEmbedder, Reader, Source, Store, Voice, VoiceKind
from index.update import update
from tests.fakes import write
from ui import render
from ui.palette import Palette

QUESTION = "What do the sources say about the tide mill of Sallowmere?"
SAID = (
    "The tide mill of Sallowmere will grind its last sack before the autumn floods unless somebody repairs the rotten"
    " sluice this summer"
)
FILES = {
    "keeper": f"Mill at the end\n\nThe keeper walked us round. “{SAID},” said Edda Marrow. The tide mill of Sallowmere"
    " is loved by its neighbours, who bring it bread on Sundays.",
    "board": "Board is calm\n\nThe river board met on Monday about the tide mill of Sallowmere and counted its sacks."
    f" Edda Marrow told the board: “{SAID}.” The board laughed and went home.",
    "letter": f"A letter\n\nSir, I heard Edda Marrow say it herself: “{SAID}.” Why does the tide mill of Sallowmere"
    " get no money?",
    "other": "Another view\n\nThe tide mill of Sallowmere floods the meadows every March, and the farmers are tired of"
    " it. Their hay rots.",
}


def index(folder: Path, files: dict[str, str]) -> Path:
    update(write(folder / "corpus", **files), Store(folder / "store"), LocalEmbedder())
    return folder / "store"


def asked(folder: Path, files: dict[str, str], question: str = QUESTION) -> Answer:
    with Assistant(Reader(Store(index(folder, files)), LocalEmbedder())) as assistant:
        return assistant.ask(question)


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    return asked(tmp_path_factory.mktemp("echo"), FILES)


def test_the_same_words_of_somebody_are_one_origin_however_many_print_them(answer: Answer) -> None:
    (echo,) = answer.echoes

    assert (echo.kind, echo.by) == ("words", "Edda Marrow")
    assert echo.documents == ("board.txt", "keeper.txt", "letter.txt")
    assert echo.quote == SAID
    cited = {answer.citation(number).document.id for number in echo.citations}
    assert cited
    assert cited <= {"board.txt", "keeper.txt", "letter.txt"}
    assert all(SAID[:40] in answer.citation(number).quote for number in echo.citations)


def test_the_words_are_found_in_documents_that_are_not_cited(tmp_path: Path) -> None:
    with Assistant(Reader(Store(index(tmp_path, FILES)), LocalEmbedder())) as assistant:
        one = assistant.ask(QUESTION, documents=["keeper.txt"])

    (echo,) = one.echoes
    assert echo.documents == ("board.txt", "keeper.txt", "letter.txt")
    assert any(line.endswith("stand in 2 more documents: board.txt, letter.txt.") for line in echo_lines(one))


def test_an_exact_copy_is_one_more_article_and_no_more_origins(tmp_path: Path, answer: Answer) -> None:
    before = answer.to_dict()["origins"]
    for name in ("keeper", "other"):
        after = asked(tmp_path / name, FILES | {f"copy-of-{name}": FILES[name]}).to_dict()["origins"]
        assert after == {"articles": before["articles"] + 1, "origins": before["origins"]}, name


def test_near_copies_are_one_origin_and_show_where_they_differ(tmp_path: Path) -> None:
    text = (
        "Council votes\n\nThe council of Sallowmere met on Thursday night in the old corn hall and argued until the"
        " candles were short. It gave the tide mill of Sallowmere 600 crowns for a new sluice. The mayor said that it"
        " was late and that everybody should go home by the lower road. Nobody did, for the eel supper was waiting"
        " next door, and the singers had come from as far as Hask Lock to be heard by all of them."
    )
    answer = asked(
        tmp_path,
        {"one": text, "two": text.replace("600", "800"), "other": FILES["other"]},
        "How many crowns did the council give the tide mill of Sallowmere for a new sluice?",
    )

    echo = next(echo for echo in answer.echoes if echo.kind == "copy")
    assert echo.documents == ("one.txt", "two.txt")
    (variant,) = {(variant.document, variant.quote) for variant in echo.variants if "crowns" in variant.quote}
    cited = {answer.citation(number).document.id for number in echo.citations}
    other = {"one.txt": "800", "two.txt": "600"}[cited.pop()] if len(cited) == 1 else "00"
    assert other in variant[1]
    assert answer.to_dict()["origins"]["articles"] == 1 + answer.to_dict()["origins"]["origins"]
    assert any("differ here" in line and "600" in line and "800" in line for line in echo_lines(answer))


def test_a_document_that_quotes_its_own_earlier_words_is_no_echo(tmp_path: Path) -> None:
    files = {"keeper": f"{FILES['keeper']}\n\nAs we wrote above: “{SAID}.”", "other": FILES["other"]}

    assert asked(tmp_path, files).echoes == ()


def test_an_answer_says_it_in_plain_sentences_in_terminal_and_page(tmp_path: Path) -> None:
    with Assistant(Reader(Store(index(tmp_path, FILES)), LocalEmbedder())) as assistant:
        sides = "".join(f'[perspectives.{id}]\n[[source]]\nmatch = "{id}.txt"\nperspective = "{id}"\n' for id in FILES)
        (tmp_path / "corpus" / "sources.toml").write_text(sides)
        hers = assistant.ask(QUESTION, speakers=["Edda Marrow"])

    assert [entry.document.id for entry in hers.citations] != ["letter.txt"]  # each side says it for itself
    assert hers.to_dict()["origins"] == {"articles": 3, "origins": 1}
    said = "3 articles, 1 origin: the same words of Edda Marrow in"
    page = re.sub(r"&#(\d+);", lambda entity: chr(int(entity[1])), render.answer(hers, Palette(())))
    for shown in (show.answer(hers), page):
        assert "3 articles, 1 origin." in shown
        assert said in shown


def test_names_and_words_of_documents_do_nothing_on_the_page(answer: Answer) -> None:
    evil = "<img src=x onerror=alert(1)>.txt"
    echo = Echo("words", (1,), (answer.citation(1).document.id, evil), by="<b>Nobody</b>\x1b[31m", quote="<i>")
    hostile = replace(answer, echoes=(echo,))

    page = render.answer(hostile, Palette(()))
    assert "<img" not in page
    assert "<b>Nobody" not in page
    assert "\x1b" not in show.answer(hostile)


def cited(number: int, document: str, *, comment: bool = False) -> Citation:
    voice = Voice(0, 1, VoiceKind.COMMENT if comment else VoiceKind.AUTHOR)
    return Citation(number, Document(document, "text", "00"), Source("", None, None, None), 0, 1, 0.5, voice=voice)


def words(documents: str, *numbers: int) -> Echo:
    return Echo("words", numbers, tuple(documents))


@pytest.mark.parametrize(
    ("documents", "echoes", "expected"),
    [
        ("", [], (0, 0)),
        ("abc", [], (3, 3)),
        ("aab", [], (2, 2)),  # two citations of one text
        ("abc", [words("abc", 1, 2, 3)], (3, 1)),
        ("a", [words("abc", 1)], (3, 1)),  # two that are not cited have the words too
        ("abc", [words("ab", 1, 2)], (3, 2)),
        ("aab", [words("ab", 2, 3)], (2, 1)),  # b says only what a has as well, who has more
        ("ab", [words("ad", 1), words("bd", 2)], (3, 2)),  # a round-up joins nobody
        ("ab", [Echo("copy", (1, 2), ("a", "b", "c"))], (3, 1)),
        ("ab", [Echo("copy", (1,), ("a", "c")), words("ab", 1, 2)], (3, 1)),
        ("abab", [words("ab", 1, 2), words("ab", 3, 4)], (2, 1)),
    ],
)
def test_origins_are_counted(documents: str, echoes: list[Echo], expected: tuple[int, int]) -> None:
    assert origins([cited(number, id) for number, id in enumerate(documents, 1)], echoes) == expected


def test_reader_comments_do_not_count() -> None:
    assert origins([cited(1, "a"), cited(2, "b", comment=True)], []) == (1, 1)


@given(
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=8),
    st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=2), max_size=3),
    st.sampled_from("abcdef"),
)
def test_a_copy_of_any_article_changes_no_number_of_origins(
    ids: list[str], groups: list[set[str]], copied: str
) -> None:
    citations = [cited(number, id) for number, id in enumerate(ids, 1)]
    free = dict(enumerate(ids, 1))
    echoes: list[Echo] = []
    for group in groups:
        numbers = tuple(number for number, id in free.items() if id in group)
        free = {number: id for number, id in free.items() if number not in numbers}
        echoes += [Echo("words", numbers, tuple(sorted(group)))] if numbers else []
    articles, before = origins(citations, echoes)
    if copied not in ids:
        return
    numbers = tuple(number for number, id in enumerate(ids, 1) if id == copied)
    after = origins(citations, [*echoes, Echo("copy", numbers, (copied, f"{copied}2"))])

    assert after == (articles + 1, before)
    assert 1 <= before <= articles
