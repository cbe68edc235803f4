"""What an update shares with the generation before, on a disk that clones. Run: pytest tests/index/test_cloning.py

The disk is a file with Btrfs on it, mounted for one test; where that cannot be had, the tests say so and are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fakes import WordEmbedder, contents, opened, write

from index import Store, copies
from index.copies import copy_file, copy_start
from index.update import update

SIZE = 160 << 20  # bytes; of the file only what is written takes room


def run(*command: str | Path) -> bool:
    """Whether a command is there and did its work."""
    with suppress(FileNotFoundError):
        return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0
    return False


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk that can clone."""
    image, folder = tmp_path / "image", tmp_path / "disk"
    folder.mkdir()
    image.touch()
    os.truncate(image, SIZE)
    if shutil.which("mkfs.btrfs") is None:
        pytest.skip("No disk that clones can be made here: btrfs-progs is not installed.")
    assert run("mkfs.btrfs", "-q", image)
    if not run("mount", "-o", "loop", image, folder):
        pytest.skip("No disk that clones can be mounted here, which takes the rights of root and a kernel with Btrfs.")
    try:
        yield folder
    finally:
        assert run("umount", "-l", folder)


def used(disk: Path) -> int:
    """The bytes of a disk that are in use, once all that was written has reached it."""
    assert run("sync", "-f", disk)
    room = os.statvfs(disk)
    return (room.f_blocks - room.f_bfree) * room.f_frsize


def grown(disk: Path, corpus: Path, store: Store) -> int:
    """By how many bytes an update makes use of the disk while somebody reads the generation before."""
    with opened(store):
        before = used(disk)
        update(corpus, store, WordEmbedder(dimensions=1024))
        return used(disk) - before


def test_a_copy_shares_its_blocks_until_one_of_the_two_is_written(disk: Path) -> None:
    original, copy, start = disk / "original", disk / "copy", disk / "start"
    original.write_bytes(b"harbour" * 1_000_000)
    before = used(disk)
    assert copy_file(original, copy) is True
    copy_start(original, start, 5_000_001)
    assert used(disk) - before < 1_000_000
    with copy.open("r+b") as file:
        file.write(b"changed")
    with start.open("ab") as file:
        file.write(b"and more")
    assert original.read_bytes() == b"harbour" * 1_000_000
    assert copy.read_bytes() == b"changed" + b"harbour" * 999_999
    assert start.read_bytes() == (b"harbour" * 1_000_000)[:5_000_001] + b"and more"


def test_an_update_takes_room_for_what_changed_only(disk: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(disk / "store")
    texts = ("".join(f"Line {number} {line} is said. " * 30 for line in range(12)) for number in range(30))
    write(corpus, **{f"d{number}": text for number, text in enumerate(texts)})
    update(corpus, store, WordEmbedder(dimensions=1024))
    whole = sum(path.stat().st_size for path in store.folder.glob("generations/*/**/*") if path.is_file())
    write(corpus, e="The harbour is closed.", d1=(corpus / "d1.txt").read_text().replace("Line 1 7 is", "Line 1 7 was"))
    shared = grown(disk, corpus, store)
    monkeypatch.setattr(copies, "_cloned", lambda *_: False)
    write(corpus, f="The harbour is open again.", e="The harbour is not closed.")
    copied = grown(disk, corpus, store)
    assert shared < 0.35 * whole < 0.8 * whole < copied
    assert len({id for id, *_ in contents(store)}) == 32
