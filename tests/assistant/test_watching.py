"""A watched folder: when the index follows it, and when it does not. Looks are taken by the test, so nothing is timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant
from assistant.care.watching import Now, Watcher
from index import Reader, Store
from index.errors import StoreUnwritable
from index.update import Progress, Report, update


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    corpus = write(tmp_path / "corpus", dockers="The crane must be mended, the dockers write.\n")
    update(corpus, Store(tmp_path / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(tmp_path / "store"), WordEmbedder()))
    yield assistant
    assistant.close()


@pytest.fixture
def watcher(assistant: Assistant) -> Watcher:
    watcher = Watcher(lambda: assistant.corpus.folder, assistant.corpus.update)
    assert [watcher.look().now for _ in range(3)] == [Now.SETTLING, Now.WATCHING, Now.WATCHING]
    return watcher


def known(assistant: Assistant) -> set[str]:
    return {listed.entry.id for listed in assistant.corpus.status().documents}


def test_the_index_follows_once_files_are_left_alone(assistant: Assistant, watcher: Watcher) -> None:
    file = assistant.corpus.folder / "owners.txt"
    file.write_text("The crane costs")
    assert watcher.look().now is Now.SETTLING
    file.write_text("The crane costs more than it ever earned, the owners write.\n")
    assert watcher.look().now is Now.SETTLING  # it was still being written
    assert known(assistant) == {"dockers.txt"}
    assert watcher.look().now is Now.WATCHING
    assert known(assistant) == {"dockers.txt", "owners.txt"}
    last = watcher.state.last
    assert last
    assert str(last.plan).startswith("+1 ~0 -0")
    assert watcher.look().last is last  # nothing is done twice

    file.unlink()
    watcher.look()
    watcher.look()
    assert known(assistant) == {"dockers.txt"}


def test_a_file_that_could_not_be_read_is_followed_when_it_changes(assistant: Assistant, watcher: Watcher) -> None:
    file = assistant.corpus.folder / "late.txt"
    file.write_bytes(b"")
    watcher.look()
    watcher.look()
    last = watcher.state.last
    assert last
    assert [name for name, _ in last.failed] == ["late.txt"]
    file.write_text("The late train leaves at eleven, the board writes.\n")
    watcher.look()
    watcher.look()
    (late,) = (listed for listed in assistant.corpus.status().documents if listed.entry.id == "late.txt")
    assert (late.entry.state, late.now) == ("indexed", "current")


def test_it_waits_while_another_update_runs(assistant: Assistant, watcher: Watcher) -> None:
    write(assistant.corpus.folder, owners="The crane costs more, the owners write.\n")
    watcher.look()
    with assistant.corpus.reader.store.writing():
        assert watcher.look().now is Now.WAITING
        assert watcher.look().now is Now.WAITING
    assert watcher.look().now is Now.WATCHING
    assert known(assistant) == {"dockers.txt", "owners.txt"}


def test_a_folder_that_lost_every_file_is_not_followed(assistant: Assistant, watcher: Watcher) -> None:
    file = assistant.corpus.folder / "dockers.txt"
    content = file.read_bytes()
    file.unlink()
    assert [watcher.look().now for _ in range(4)] == [Now.EMPTY] * 4
    assert known(assistant) == {"dockers.txt"}
    file.write_bytes(content)  # it is mounted again
    assert [watcher.look().now for _ in range(2)] == [Now.SETTLING, Now.WATCHING]


def test_a_folder_that_is_gone_is_a_sentence(assistant: Assistant, watcher: Watcher) -> None:
    folder = assistant.corpus.folder
    folder.rename(folder.with_name("elsewhere"))
    state = watcher.look()
    assert state.now is Now.FAILED
    assert "There is no such folder" in state.problem
    assert known(assistant) == {"dockers.txt"}


def test_what_failed_is_shown_and_tried_again_later_or_after_a_change(assistant: Assistant, tmp_path: Path) -> None:
    tries: list[int] = []

    def full(_: Callable[[Progress], None]) -> Report:
        tries.append(1)
        raise StoreUnwritable(tmp_path, "No space left on device")

    watcher = Watcher(lambda: assistant.corpus.folder, full)
    states = [watcher.look() for _ in range(10)]
    assert [state.now for state in states] == [Now.SETTLING] + [Now.FAILED] * 9
    assert "No space left" in states[-1].problem
    assert len(tries) == 1
    write(assistant.corpus.folder, owners="The crane costs more, the owners write.\n")
    assert [watcher.look().now for _ in range(2)] == [Now.SETTLING, Now.FAILED]
    assert len(tries) == 2
    for _ in range(12):
        watcher.look()
    assert len(tries) == 3


def test_the_thread_looks_until_it_is_stopped(assistant: Assistant) -> None:
    watcher = assistant.corpus.watch(pause=0.01)
    assert assistant.corpus.watch() is watcher  # one is enough
    write(assistant.corpus.folder, owners="The crane costs more, the owners write.\n")
    while "owners.txt" not in known(assistant):
        pass
    watcher.stop()
