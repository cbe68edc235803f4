"""Copies that share what they can. Run: python -m pytest tests/index/test_copies.py"""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from index import copies
from index.copies import copy_file, copy_folder, copy_start


@pytest.fixture
def original(tmp_path: Path) -> Path:
    file = tmp_path / "original"
    file.write_bytes(b"harbour" * 10_000)
    return file


def test_a_copy_has_the_bytes_of_its_original_whether_the_disk_can_clone_or_not(original: Path, tmp_path: Path) -> None:
    copy_file(original, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == original.read_bytes()


def test_what_is_written_into_a_copy_is_not_in_its_original(original: Path, tmp_path: Path) -> None:
    copy_file(original, tmp_path / "copy")
    with (tmp_path / "copy").open("r+b") as file:
        file.write(b"changed")
    assert original.read_bytes() == b"harbour" * 10_000


@pytest.mark.parametrize("refusal", [errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY])
def test_where_the_disk_cannot_clone_every_byte_is_copied(
    refusal: int, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(refusal, "no clones here")

    monkeypatch.setattr(copies.fcntl, "ioctl", refused)
    assert copy_file(original, tmp_path / "copy") is False
    assert (tmp_path / "copy").read_bytes() == original.read_bytes()


def test_where_the_disk_clones_no_byte_is_copied(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, str, str]] = []

    def cloned(new: int, request: int, old: int) -> int:
        asked.append(
            (request, Path(f"/proc/self/fd/{old}").readlink().name, Path(f"/proc/self/fd/{new}").readlink().name)
        )
        return 0

    monkeypatch.setattr(copies.fcntl, "ioctl", cloned)
    assert copy_file(original, tmp_path / "copy") is True
    assert asked == [(0x40049409, "original", "copy")]
    assert (tmp_path / "copy").read_bytes() == b""  # the file system would have filled it


@pytest.mark.parametrize("length", [0, 1, 69_999, 70_000])
def test_the_start_of_a_file_can_be_copied_alone(
    length: int, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "_PIECE", 4_096)
    copy_start(original, tmp_path / "start", length)
    assert (tmp_path / "start").read_bytes() == original.read_bytes()[:length]


def test_a_folder_is_copied_with_what_lies_below_it_and_may_be_written_to(original: Path, tmp_path: Path) -> None:
    below = tmp_path / "folder" / "below"
    below.mkdir(parents=True)
    copy_file(original, below / "file")
    (below / "file").chmod(0o400)
    copy_folder(tmp_path / "folder", tmp_path / "copied")
    assert (tmp_path / "copied" / "below" / "file").read_bytes() == original.read_bytes()
    assert (tmp_path / "copied" / "below" / "file").stat().st_mode & 0o200


def test_a_copy_of_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        copy_file(tmp_path / "nothing", tmp_path / "copy")


def test_clones_are_asked_for_by_the_number_that_linux_gives_them() -> None:
    assert copies._FICLONE == (1 << 30) | (4 << 16) | (0x94 << 8) | 9  # _IOW(0x94, 9, int)
