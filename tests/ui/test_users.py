"""A file of users: who is let in by it, and what is told of one that is no good."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.door import Door
from ui.users import Users, UsersError, line, write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "users"
    write(file, "ines", "quay ✓ bridge")
    write(file, "jan", "another one")
    return file


def written(file: Path, text: str) -> Path:
    """The file with another text, and a time of change that no earlier one has."""
    later = file.stat().st_mtime_ns + 1_000_000_000
    file.write_text(text)
    os.utime(file, ns=(later, later))
    return file


def test_who_stands_in_the_file_is_let_in_with_their_own_password(file: Path) -> None:
    users = Users(file)
    assert users.fit("ines", "quay ✓ bridge")
    assert users.fit("jan", "another one")
    assert not users.fit("jan", "quay ✓ bridge")
    assert not users.fit("Ines", "quay ✓ bridge")
    assert not users.fit("nobody", "another one")
    assert not users.fit("", "")


def test_the_file_holds_no_password_and_is_for_its_owner_alone(file: Path) -> None:
    assert "quay" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert line("ines", "a") != line("ines", "a")  # each with its own salt


def test_another_password_takes_the_place_of_the_first_and_nothing_else_is_touched(file: Path) -> None:
    written(file, f"# those of the quay\n\n{file.read_text()}")
    users = Users(file)
    write(file, "ines", "a new one")
    assert file.read_text().startswith("# those of the quay\n\njan:")
    assert users.fit("ines", "a new one")
    assert not users.fit("ines", "quay ✓ bridge")
    assert users.fit("jan", "another one")


def test_a_line_that_is_indented_is_replaced_as_well(file: Path) -> None:
    written(file, "".join(f"  {one}\n" for one in file.read_text().splitlines()))
    write(file, "ines", "a new one")
    users = Users(file)
    assert users.fit("ines", "a new one")
    assert users.fit("jan", "another one")


def test_of_many_who_write_at_once_nobody_is_lost(file: Path) -> None:
    names = [f"reader {number}" for number in range(8)]
    writers = [threading.Thread(target=write, args=(file, name, name)) for name in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    users = Users(file)
    assert [name for name in ("ines", *names) if users.seal(name) is None] == []


def test_a_file_that_cannot_be_written_is_told_and_stays_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = file.read_text()
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsersError, match=r"cannot be written \(No space left"):
        write(file, "kim", "x")
    assert [path.read_text() for path in file.parent.iterdir()] == [before]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_that_others_can_read_or_write_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(UsersError, match="chmod 600"):
        Users(file)


@pytest.mark.parametrize(
    "bad",
    [
        "ines",
        "jan:secret",
        ":scrypt$16384$8$1$AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 86 + "==",
        "eve:scrypt$2$8$1$AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 86 + "==",
        "eve:scrypt$16384$8$1$AA==$" + "A" * 86 + "==",
        "eve:bcrypt$x",
        "\x00\x01",
    ],
)
def test_a_line_that_is_none_is_told_by_its_number(file: Path, bad: str) -> None:
    written(file, f"# a comment\n{file.read_text()}{bad}\n")
    with pytest.raises(UsersError, match="line 4: this is no line that parallax user wrote"):
        Users(file)
    with pytest.raises(UsersError, match="line 4"):
        write(file, "kim", "x")
    assert "kim" not in file.read_text()


def test_a_name_that_stands_there_twice_is_told_with_both_lines(file: Path) -> None:
    written(file, file.read_text() + line("ines", "once more") + "\n")
    with pytest.raises(UsersError, match="line 3: ines stands in line 1 already"):
        Users(file)


def test_a_file_that_is_not_there_or_names_nobody_or_is_endless_is_told(tmp_path: Path, file: Path) -> None:
    with pytest.raises(UsersError, match=r"cannot be read \(No such file"):
        Users(tmp_path / "none")
    with pytest.raises(UsersError, match="names nobody"):
        Users(written(file, "# nobody\n"))
    with pytest.raises(UsersError, match="too long"):
        Users(written(file, "#" * 1_000_001))


@pytest.mark.parametrize("name", ["", " ines", "in:es", "#ines", "x" * 101, "ines\n", "\x1b[31m"])
def test_what_cannot_be_a_name_is_refused(file: Path, name: str) -> None:
    before = file.read_text()
    with pytest.raises(UsersError, match="A name has at most"):
        write(file, name, "x")
    assert file.read_text() == before


def client(file: Path) -> TestClient:
    inside = Starlette(routes=[Route("/{path:path}", lambda _: PlainTextResponse("inside"))])
    return TestClient(Door(inside, Users(file)), follow_redirects=False)


def test_who_is_taken_out_of_the_file_or_gets_another_password_is_logged_out(file: Path) -> None:
    ines, jan = (client := client_of(file, "ines", "quay ✓ bridge")), client_of(file, "jan", "another one")
    assert ines.get("/x").text == "inside"
    write(file, "jan", "another one, changed")
    assert jan.get("/x").status_code == 401
    assert client.get("/x").text == "inside"
    written(file, "\n".join(one for one in file.read_text().splitlines() if one.startswith("jan:")))
    assert ines.get("/x").status_code == 401


def client_of(file: Path, user: str, password: str) -> TestClient:
    found = client(file)
    assert found.post("/login", data={"user": user, "password": password}).status_code == 303
    return found


def test_while_the_file_is_no_good_nobody_is_let_in_and_whoever_is_in_stays(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ines = client_of(file, "ines", "quay ✓ bridge")
    written(file, "garbage\n")
    got = ines.post("/login", data={"user": "jan", "password": "another one"})
    assert got.status_code == 503
    assert "Nobody can log in at the moment." in got.text
    assert "line 1: this is no line" in caplog.text
    assert ines.get("/x").text == "inside"
