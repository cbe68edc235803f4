"""A file of tokens: who is let in by it, to what, and what is told of one that is no good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ferry import ASKED, Made

from assistant.doors.tokens import Scope, Tokens, take_back, write
from assistant.errors import DoorUnusable

READ, ADD, METRICS = Scope.READ, Scope.ADD, Scope.METRICS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tokens"


def shown(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_a_token_is_known_by_its_hash_alone(file: Path) -> None:
    bot, other = write(file, "news-bot", [READ, ADD]), write(file, "graphs", [METRICS])
    tokens = Tokens(file)
    bearer = tokens.bearer(bot)
    assert bearer is not None
    assert (bearer.name, bearer.scopes) == ("news-bot", {READ, ADD})
    assert bot not in file.read_text()
    assert bot[4:] not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert bot != other
    for wrong in ("", "plx_", bot[:-1], bot.swapcase(), bot + "x", "\ud800", "news-bot"):
        assert tokens.bearer(wrong) is None


def test_the_file_is_read_again_and_a_token_that_is_taken_back_is_no_good(file: Path) -> None:
    first = write(file, "bot", [READ])
    kept = write(file, "other", [READ])
    file.write_text(f"# those of the newsroom\n\n{file.read_text()}")
    tokens = Tokens(file)
    second = write(file, "bot", [READ])
    assert tokens.bearer(first) is None
    assert tokens.bearer(second) is not None
    assert file.read_text().startswith("# those of the newsroom\n")
    take_back(file, "bot")
    assert tokens.bearer(second) is None
    assert tokens.bearer(kept) is not None
    with pytest.raises(DoorUnusable, match="nobody called 'bot'"):
        take_back(file, "bot")


def test_while_the_file_is_no_good_those_it_let_in_stay(file: Path) -> None:
    token = write(file, "bot", [READ])
    tokens = Tokens(file)
    file.unlink()
    assert tokens.bearer(token) is not None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("bot", "line 2 is none"),
        ("bot:all:sha256$" + "0" * 64, "line 2 is none"),
        ("bot:read:sha256$" + "0" * 63, "line 2 is none"),
        ("kept:read:sha256$" + "0" * 64, "names kept once more"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(file: Path, line: str, says: str) -> None:
    write(file, "kept", [READ])
    before = file.read_text() + line + "\n"
    file.write_text(before)
    with pytest.raises(DoorUnusable, match=says):
        Tokens(file)
    with pytest.raises(DoorUnusable, match=says):
        write(file, "another", [READ])
    assert file.read_text() == before


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_file_that_others_can_read_is_refused(file: Path, mode: int) -> None:
    write(file, "bot", [READ])
    file.chmod(mode)
    with pytest.raises(DoorUnusable, match="chmod 600"):
        Tokens(file)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "#a", ".a", "a\n", "ä", "x" * 65])
def test_some_names_cannot_be(file: Path, name: str) -> None:
    with pytest.raises(DoorUnusable, match="cannot be the name"):
        write(file, name, [READ])
    assert not file.exists()


def test_a_file_that_is_missing_or_empty_lets_nobody_in(file: Path) -> None:
    with pytest.raises(DoorUnusable, match="parallax token NAME --tokens"):
        Tokens(file)
    file.touch(0o600)
    with pytest.raises(DoorUnusable, match="names nobody"):
        Tokens(file)


def test_each_route_needs_a_token_with_its_scope(made: Made, file: Path) -> None:
    read, add, figures = (write(file, name, [scope]) for name, scope in (("r", READ), ("a", ADD), ("m", METRICS)))
    client = made(tokens=Tokens(file), only_local=False)
    for path in ("/healthz", "/openapi.json"):
        assert client.get(path).status_code == 200, path
    reads = [("POST", "/v1/ask"), ("POST", "/v1/search"), ("GET", "/v1/status"), ("GET", "/v1/documents")]
    for method, path in [*reads, ("POST", "/v1/documents"), ("GET", "/metrics"), ("GET", "/v1/nothing")]:
        got = client.request(method, path, json=ASKED)
        assert (got.status_code, got.json()["error"]["code"]) == (401, "no_token"), path
        assert got.headers["www-authenticate"] == "Bearer"
        got = client.request(method, path, json=ASKED, headers=shown("plx_wrong"))
        assert (got.status_code, got.json()["error"]["code"]) == (401, "unknown_token"), path
    for method, path in reads:
        body = {"json": ASKED} if method == "POST" else {}
        assert client.request(method, path, headers=shown(read), **body).status_code == 200, path
        for token in (add, figures):
            got = client.request(method, path, headers=shown(token), **body)
            assert (got.status_code, got.json()["error"]["code"]) == (403, "scope_missing"), path
    assert client.get("/metrics", headers=shown(figures)).status_code == 200
    assert client.get("/metrics", headers=shown(read)).status_code == 403
    assert client.get("/v1/update", headers=shown(read)).status_code == 200
    assert client.get("/v1/update", headers=shown(add)).status_code == 200  # what came of what was added
    got = client.get("/v1/update", headers=shown(figures))
    assert (got.status_code, "read or add" in got.json()["error"]["message"]) == (403, True)
    for method, path in (("POST", "/v1/documents"), ("DELETE", "/v1/documents/ferry.txt"), ("POST", "/v1/documents/")):
        assert client.request(method, path, headers=shown(read)).status_code == 403, path


def test_a_token_is_taken_from_its_header_alone(made: Made, file: Path) -> None:
    token = write(file, "r", [READ])
    client = made(tokens=Tokens(file), only_local=False)
    assert client.get("/v1/status", params={"token": token, "access_token": token}).status_code == 401
    assert client.get("/v1/status", headers={"authorization": token}).status_code == 401
    assert client.get("/v1/status", headers={"authorization": f"Basic {token}"}).status_code == 401
    assert client.get("/v1/status", headers={"authorization": f"bearer  {token} "}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::2]"])
def test_a_name_of_another_host_is_refused(made: Made, host: str) -> None:
    got = made().get("/v1/status", headers={"host": host})
    assert (got.status_code, got.json()["error"]["code"]) == (421, "wrong_host")


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1.evil.example", "null", "file://"])
def test_a_page_of_another_site_is_refused(made: Made, origin: str) -> None:
    client = made()
    for method, path in (("POST", "/v1/documents"), ("POST", "/v1/ask"), ("GET", "/v1/status")):
        got = client.request(method, path, headers={"origin": origin})
        assert (got.status_code, got.json()["error"]["code"]) == (403, "wrong_origin"), path
    assert client.get("/v1/status", headers={"origin": "http://localhost:3000"}).status_code == 200


def test_of_two_writers_neither_loses_a_token(file: Path) -> None:
    names = [f"reader{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as writers:
        given = list(writers.map(lambda name: write(file, name, [Scope.READ]), names))
    assert len(set(given)) == len(names)
    told = file.read_text().splitlines()
    assert sorted(line.partition(":")[0] for line in told) == sorted(names)
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(f".{file.name}")] == []
