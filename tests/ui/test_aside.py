"""Removed files listed, put back and deleted for good; also by callers who mean no good, and by command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant
from index import LocalEmbedder, Reader, Store
from index.update import update
from tests.command import parallax
from ui import words
from ui.removed import Aside

HOSTILE = "<img src=x onerror=alert(1)> ${alert(2)}.txt"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    corpus = write(
        tmp_path / "corpus",
        dockers="The crane must be mended before winter, the dockers write.\n",
        essays__owners="The crane costs more than it ever earned, the owners write.\n",
    )
    (corpus / HOSTILE).write_bytes((corpus / "dockers.txt").read_bytes())
    update(corpus, Store(tmp_path / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(tmp_path / "store"), WordEmbedder()))
    yield assistant
    assistant.close()


def test_what_was_deleted_is_listed_put_back_and_indexed_again(assistant: Assistant) -> None:
    aside = Aside(assistant)
    assert aside.listing()["rows"] == []
    assistant.corpus.remove("essays/owners.txt")
    assistant.corpus.update()
    (row,) = aside.listing()["rows"]
    assert (row["path"], row["size"]) == ("essays/owners.txt", "60 bytes")
    assert aside.listing()["files"] == "Deleted here and kept aside: 1 file"

    assert aside.put_back("essays/owners.txt")["rows"] == []
    assert str(assistant.corpus.update().plan).startswith("+1 ")
    assert "earned" in assistant.corpus.document("essays/owners.txt")[0].text


def test_nothing_is_written_over_or_moved_while_the_index_is_updated(assistant: Assistant) -> None:
    aside = Aside(assistant)
    assistant.corpus.remove("dockers.txt")
    with assistant.corpus.reader.store.writing():
        assert "updating the index" in aside.put_back("dockers.txt")["problem"]
    (assistant.corpus.folder / "dockers.txt").write_text("Another one.\n")
    said = aside.put_back("dockers.txt")
    assert "there is a file of this name in the corpus again" in said["problem"]
    assert len(said["rows"]) == 1
    assert (assistant.corpus.folder / "dockers.txt").read_text() == "Another one.\n"


def test_before_a_file_is_destroyed_it_is_told_what_is_lost(assistant: Assistant) -> None:
    aside = Aside(assistant)
    for id in ("dockers.txt", "essays/owners.txt"):
        assistant.corpus.remove(id)
    assert aside.loss("dockers.txt")["says"][1] == words.LOSS_HELD.format(held=HOSTILE)
    assert aside.loss("essays/owners.txt")["says"][1] == words.LOSS_ALL
    assert len(aside.listing()["rows"]) == 2  # asking destroys nothing
    assert [row["path"] for row in aside.delete("essays/owners.txt")["rows"]] == ["dockers.txt"]
    assert (assistant.corpus.folder / HOSTILE).exists()


@pytest.mark.parametrize(
    "path",
    [
        *(None, 7, [], {"path": "dockers.txt"}, "", "..", "../../dockers.txt", "/etc/passwd", "dockers.txt\0"),
        *("x" * 9_000, "\ud800.txt", "\udce9.txt", "essays", "missing.txt", "CON"),
    ],
)
def test_what_is_no_removed_file_gets_a_sentence_and_changes_nothing(assistant: Assistant, path: object) -> None:
    aside, folder = Aside(assistant), assistant.corpus.folder
    assistant.corpus.remove("essays/owners.txt")
    before = sorted(folder.rglob("*"))
    for does in (aside.put_back, aside.loss, aside.delete):
        assert 0 < len(does(path)["problem"].encode()) < 400
    assert sorted(folder.rglob("*")) == before


def test_the_commands_list_put_back_and_delete(tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus", ferry="The ferry stays.\n", bridge="A bridge comes.\n")
    update(corpus, Store(corpus / ".parallax"), LocalEmbedder())
    with Assistant.open(corpus) as assistant:
        for id in ("ferry.txt", "bridge.txt"):
            assistant.corpus.remove(id)
    given = ("--store", corpus)
    listed = json.loads(parallax("removed", "list", *given, "--json", home=tmp_path).stdout)
    assert {(file["path"], file["size"]) for file in listed} == {("ferry.txt", 17), ("bridge.txt", 16)}
    assert "is back in the corpus" in parallax("removed", "put-back", "ferry.txt", *given, home=tmp_path).stdout
    assert (corpus / "ferry.txt").read_text() == "The ferry stays.\n"
    told = parallax("removed", "put-back", "ferry.txt", *given, home=tmp_path, code=2)
    assert "this file is not there any more" in told.stderr

    asked = parallax("removed", "delete", "bridge.txt", *given, home=tmp_path, code=1)  # nobody is there to say yes
    assert "what it says is lost" in asked.stderr
    assert "bridge.txt" in parallax("removed", "list", *given, home=tmp_path).stdout
    parallax("removed", "delete", "bridge.txt", "--yes", *given, home=tmp_path)
    assert parallax("removed", "list", *given, home=tmp_path).stdout == "No file is kept aside.\n"
