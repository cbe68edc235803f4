"""Several corpora side by side: their names, their addresses, and those that cannot be opened."""

from __future__ import annotations

import json
import re
import signal
import socket
from itertools import permutations
from pathlib import Path
from urllib.request import urlopen

import pytest
from fakes import write

from assistant import wiring
from assistant.corpora import names, slugs
from assistant.settings import Settings
from index import CorpusError, LocalEmbedder, Store
from index.update import update
from tests.command import parallax, started


@pytest.mark.parametrize(
    ("folders", "called", "addressed"),
    [
        (["/a/harbour", "/a/council"], ["harbour", "council"], ["harbour", "council"]),
        (["/x/tram/articles", "/x/dam/articles"], ["tram/articles", "dam/articles"], ["tram-articles", "dam-articles"]),
        (["/p/a/articles", "/q/a/articles", "/notes"], ["p/a/articles", "q/a/articles", "notes"], None),
        (["/articles", "/a/articles"], ["articles", "a/articles"], ["articles", "a-articles"]),
        (["/Größe 2025", "/x"], ["Größe 2025", "x"], ["groe-2025", "x"]),
        (["/a/\u202enotes", "/a/n"], ["\ufffdnotes", "n"], ["notes", "n"]),
    ],
)
def test_corpora_are_told_apart_by_as_much_of_their_paths_as_it_takes(
    folders: list[str], called: list[str], addressed: list[str] | None
) -> None:
    paths = [Path(folder) for folder in folders]
    assert names(paths) == called
    if addressed:
        assert slugs(paths) == addressed


@pytest.mark.parametrize(
    "folders", [["/文書", "/資料"], ["/a b", "/a-b"], ["/a/" + "x" * 200, "/b/" + "x" * 200], ["/<img src=x>", "/.."]]
)
def test_an_address_is_one_word_and_no_two_are_alike(folders: list[str]) -> None:
    found = slugs([Path(folder) for folder in folders])
    assert len({*found}) == len(folders)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word) for word in found)


def test_addresses_do_not_depend_on_the_order_in_which_corpora_are_named() -> None:
    folders = [Path("/x/tram/articles"), Path("/x/dam/articles"), Path("/文書"), Path("/資料")]
    found = [dict(zip(order, slugs(order), strict=True)) for order in permutations(folders)]
    assert all(one == found[0] for one in found)


@pytest.fixture
def stores(tmp_path: Path) -> list[Path]:
    """Two that can be opened, and one whose library is damaged."""
    made: list[Path] = []
    for name in ("harbour", "council", "torn"):
        corpus = write(tmp_path / name, notes=f"The {name} of Marrowby is open in summer, the board writes.\n")
        update(corpus, Store(corpus / ".parallax"), LocalEmbedder())
        made.append(corpus)
    (library,) = (made[2] / ".parallax" / "generations").glob("*/library.sqlite")
    library.write_bytes(b"SQLite format 3\0" + bytes(2_000))
    return made


def test_one_that_is_damaged_keeps_no_other_from_being_opened(stores: list[Path]) -> None:
    found = wiring.corpora([stores[2], *stores[:2], stores[0] / ".parallax"], Settings())
    assert [one.slug for one in found.opened] == ["harbour", "council"]
    assert [one.name for one in found.unopened] == ["torn"]
    assert "is damaged: the library of g000001 cannot be read. Build it anew" in found.unopened[0].reason
    harbour, council = (one.assistant for one in found.opened)
    assert "harbour" in harbour.ask("When is the harbour of Marrowby open?").claims[0].text
    assert "council" in council.ask("When is the council of Marrowby open?").claims[0].text
    assert harbour.corpus.size == 1
    for one in found.opened:
        one.assistant.close()


def test_the_embedder_is_loaded_once_for_all(stores: list[Path]) -> None:
    found = wiring.corpora(stores, Settings())
    assert len({id(one.assistant.reader.embedder) for one in found.opened}) == 1
    for one in found.opened:
        one.assistant.close()


def test_two_indexes_of_one_folder_are_two_corpora(stores: list[Path], tmp_path: Path) -> None:
    update(stores[0], Store(tmp_path / "elsewhere"), LocalEmbedder())
    found = wiring.corpora([stores[0], tmp_path / "elsewhere"], Settings())
    assert [one.slug for one in found.opened] == ["harbour", "elsewhere"]
    for one in found.opened:
        one.assistant.close()


def test_where_none_can_be_opened_the_first_says_why(stores: list[Path], tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"There is no index in .*nowhere"):
        wiring.corpora([tmp_path / "nowhere", stores[2]], Settings())


def test_the_status_of_several_is_told_one_after_the_other(stores: list[Path], tmp_path: Path) -> None:
    given = [part for store in stores for part in ("--store", store)]
    told = parallax("status", *given, "--json", home=tmp_path, code=1)
    assert [Path(json.loads(line)["corpus"]).name for line in told.stdout.splitlines()] == ["harbour", "council"]
    assert "torn/.parallax is damaged" in told.stderr


@pytest.mark.parametrize("arguments", [("a", "b", "--store", "c"), ("a", "--store", "b", "--store", "c")])
def test_folders_and_indexes_are_not_mixed(arguments: tuple[str, ...], tmp_path: Path) -> None:
    told = parallax("chat", *arguments, home=tmp_path, code=2)
    assert "or several indexes with --store" in re.sub(r"[│\s]+", " ", told.stderr)


def test_folders_are_indexed_and_opened_whatever_cannot_be_read_in_them(tmp_path: Path) -> None:
    for name in ("harbour", "council"):
        write(tmp_path / name, notes=f"The {name} of Marrowby is open in summer, the board writes.\n")
    (tmp_path / "harbour" / "torn.pdf").write_bytes(b"%PDF-1.7 this is no PDF")
    running = started("chat", "harbour", "council", "nowhere", "--port", 0, home=tmp_path)
    try:
        assert running.stdout
        address = next(found for line in running.stdout if (found := re.match(r"Parallax is at (\S+)", line)))[1]
        found = [urlopen(f"{address}/corpus/{word}/").status for word in ("harbour", "council")]
    finally:
        running.send_signal(signal.SIGINT)
        told = running.communicate(timeout=60)[1]
    assert found == [200, 200]
    assert "failed: torn.pdf" in told
    assert "nowhere is not open: There is no index in" in told


def test_a_port_that_is_taken_ends_the_command_with_a_sentence_and_its_own_status(tmp_path: Path) -> None:
    write(tmp_path / "harbour", notes="The harbour of Marrowby is open in summer, the board writes.\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = parallax("chat", "harbour", "--port", port, home=tmp_path, code=2, fresh=True)
    assert f"Port {port} on 127.0.0.1 is taken" in told.stderr
