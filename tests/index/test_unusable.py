"""What cannot be indexed, each with one clear sentence and nothing lost. Run: python -m pytest tests/index/test_unusable.py

Files that cannot be read are in tests/index/test_load.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordEmbedder, contents, opened, write
from test_crash import driver, text

from index import Reader, Store
from index.errors import EmbedderUnavailable, StoreUnwritable, UnusableFolder
from index.library import FAILED, INDEXED
from index.loading.load import find
from index.update import update


def refusal(corpus: Path, store: Store) -> str:
    with pytest.raises(UnusableFolder) as caught:
        update(corpus, store, WordEmbedder())
    return str(caught.value)


def states(store: Store) -> dict[str, str]:
    with opened(store) as generation:
        return {entry.id: entry.state for entry in generation.library.entries}


@pytest.mark.parametrize("inside", [False, True], ids=["store elsewhere", "store in the folder"])
def test_a_missing_folder_is_refused_and_not_made(tmp_path: Path, inside: bool) -> None:
    folder = tmp_path / "nowhere"
    store = Store(folder / ".parallax" if inside else tmp_path / "store")
    assert refusal(folder, store) == f"{folder}: There is no such folder. Check the path"
    assert not folder.exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    store = Store(tmp_path / "store")
    assert "This is a file, not a folder. Give the folder that holds it" in refusal(tmp_path / "a.txt", store)


def test_an_empty_folder_says_which_files_can_be_read(corpus: Path, store: Store) -> None:
    (corpus / "picture.png").touch()
    sentence = refusal(corpus, store)
    assert "there is nothing to index in this folder" in sentence
    assert ".docx .htm .html .md .pdf .txt" in sentence


def test_a_folder_that_became_unreachable_does_not_empty_the_index(corpus: Path, store: Store, tmp_path: Path) -> None:
    write(corpus, a="The harbour is closed.")
    update(corpus, store, WordEmbedder())
    before = contents(store)
    corpus.rename(tmp_path / "away")
    refusal(corpus, store)
    assert contents(store) == before


def test_a_folder_that_may_not_be_listed_is_refused(corpus: Path, store: Store) -> None:
    if os.geteuid() == 0:
        pytest.skip("Permissions do not bind root; tests/index/test_load.py tries it as another user.")
    write(corpus, a="The harbour is closed.", closed__b="The bridge is open.")
    (corpus / "closed").chmod(0)
    sentence = refusal(corpus, store)
    (corpus / "closed").chmod(0o755)
    assert "This folder cannot be listed" in sentence


def test_a_folder_with_nothing_but_unreadable_documents_lists_each_with_its_reason(corpus: Path, store: Store) -> None:
    (corpus / "empty.txt").touch()
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (corpus / "binary.txt").write_bytes(bytes(range(256)) * 40)
    report = update(corpus, store, WordEmbedder())
    assert [path for path, _ in report.failed] == ["binary.txt", "broken.pdf", "empty.txt"]
    assert all(reason.count(". ") >= 1 for _, reason in report.failed)
    assert report.passages == 0
    assert set(states(store).values()) == {FAILED}


def test_a_file_that_vanishes_during_the_run_is_listed_and_stops_nothing(
    corpus: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus, a=text("harbour"), b=text("bridge"), z="The last one.")
    monkeypatch.setattr("index.build.BATCH", 2)
    report = update(corpus, store, WordEmbedder(on_batch=lambda _: (corpus / "z.txt").unlink(missing_ok=True)))
    ((path, reason),) = report.failed
    assert path == "z.txt"
    assert reason.startswith("The file is no longer there")
    assert states(store) == {"a.txt": INDEXED, "b.txt": INDEXED, "z.txt": FAILED}
    assert [entry.id for entry in update(corpus, store, WordEmbedder()).plan.deleted] == ["z.txt"]
    assert states(store) == {"a.txt": INDEXED, "b.txt": INDEXED}


def test_a_file_that_is_edited_during_the_run_is_read_again_by_the_next(
    corpus: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus, a=text("harbour"), b=text("bridge"))
    monkeypatch.setattr("index.build.BATCH", 2)
    update(corpus, store, WordEmbedder(on_batch=lambda call: write(corpus, a="Edited.") if call == 2 else None))
    assert [entry.id for entry in update(corpus, store, WordEmbedder()).plan.edited] == ["a.txt"]
    assert {passage for id, *_, passage, _ in contents(store) if id == "a.txt"} == {"Edited."}


def test_symlink_loops_are_not_followed(corpus: Path, store: Store) -> None:
    write(corpus, in__a="The harbour is closed.")
    (corpus / "in" / "loop").symlink_to(corpus, target_is_directory=True)
    (corpus / "self").symlink_to(corpus / "self")
    (corpus / "round.txt").symlink_to(corpus / "round.txt")
    report = update(corpus, store, WordEmbedder())
    assert states(store) == {"in/a.txt": INDEXED, "round.txt": FAILED}
    assert report.failed[0][0] == "round.txt"


def test_the_store_within_a_corpus_is_not_read(corpus: Path) -> None:
    write(corpus, a="The harbour is closed.")
    inside = Store(corpus / ".parallax")
    update(corpus, inside, WordEmbedder())
    (corpus / ".parallax" / "note.txt").write_text("Not a document.")
    assert [path.name for path in find(corpus)] == ["a.txt"]
    assert not update(corpus, inside, WordEmbedder()).plan.changes


def test_an_embedder_that_is_down_changes_nothing(corpus: Path, store: Store) -> None:
    write(corpus, a="The harbour is closed.")
    down = EmbedderUnavailable("The endpoint is down", "Wait")
    with pytest.raises(EmbedderUnavailable):
        update(corpus, store, WordEmbedder(failures={1: down}))
    assert store.current() is None
    update(corpus, store, WordEmbedder())
    assert len(contents(store)) == 1


# Disk full


def question(store: Store) -> list[str]:
    reader = Reader(store, WordEmbedder())
    with reader.pinned() as (_, retriever):
        found = [hit.passage.document.id for hit in retriever.search("Is the harbour closed?", k=5)]
    reader.close()
    return found


def test_a_disk_that_is_full_at_any_file_is_one_sentence_and_the_old_index_answers(
    corpus: Path, store: Store, tmp_path: Path
) -> None:
    write(corpus, small="The harbour is closed.")
    update(corpus, store, WordEmbedder())
    before = contents(store)
    write(corpus, **{f"large{number}": text(f"subject{number}", 400) for number in range(3)})
    refused = 0
    with driver() as updates:
        for kilobytes in (1, 8, 30, 60, 100, 170, 190, 230, 300, 400):
            updates.start(corpus=corpus, store=store.folder, log=tmp_path / "log", file_limit=kilobytes * 1024, batch=8)
            code, said = updates.outcome()
            assert code == 0, said
            if said == "done":
                break
            refused += 1
            assert said.startswith(f"StoreUnwritable: The index in {store.folder} could not be written (")
            assert "Nothing was lost, and it answers as before. Free some space" in said
            assert contents(store) == before
            assert question(store) == ["small.txt"]
    assert refused > 4
    update(corpus, store, WordEmbedder())
    assert len({id for id, *_ in contents(store)}) == 4


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("No small disk can be mounted here, which takes the rights of root.")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_one_sentence_and_the_old_index_answers(corpus: Path, tiny_disk: Path) -> None:
    store = Store(tiny_disk / "store")
    write(corpus, small="The harbour is closed.")
    update(corpus, store, WordEmbedder(dimensions=8))
    before = contents(store)
    write(corpus, **{f"large{number}": text(f"subject{number}", 800) for number in range(6)})
    with pytest.raises(StoreUnwritable, match=r"could not be written .*Nothing was lost"):
        update(corpus, store, WordEmbedder(dimensions=8))
    with pytest.raises(OSError, match="No space"):
        (tiny_disk / "filler").write_bytes(bytes(600_000))
    assert contents(store) == before
    reader = Reader(store, WordEmbedder(dimensions=8))
    with reader.pinned() as (_, retriever):
        assert retriever.search("Is the harbour closed?")[0].passage.document.id == "small.txt"
    reader.close()
