"""The commands publish and pull, as their users run them. Run: python -m pytest tests/assistant/test_cli_transport.py"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import write

from assistant.care.following import Follower
from index.errors import PlaceUnusable, StoreBusy
from index.sharing.transport import Copied
from tests.chatting import chat
from tests.command import WITHIN, parallax

QUESTION = "Is the crane of Tarnby mended?"


@pytest.fixture
def indexed(tmp_path: Path) -> Path:
    write(
        tmp_path / "corpus",
        crane="The crane of Tarnby is mended in March, the dockers write of it. Nobody asked the gulls.\n",
        harbour="The harbour of Tarnby is closed until May, say the owners of the boats.\n",
    )
    parallax("index", "corpus", home=tmp_path)
    return tmp_path


def test_an_index_is_published_pulled_asked_and_followed_by_commands(indexed: Path) -> None:
    asked = json.loads(parallax("ask", QUESTION, "--json", home=indexed).stdout)
    told = parallax("publish", "place", home=indexed)
    assert "of" in told.stdout
    assert " sent, " in told.stdout
    assert "nothing has changed" in parallax("publish", "place", home=indexed).stdout
    copied = json.loads(parallax("pull", "place", "--json", home=indexed).stdout)
    assert copied["changed"]
    assert copied["sent"] == copied["bytes"]
    there = json.loads(parallax("ask", QUESTION, "--json", home=indexed).stdout)
    for answer in (asked, there):
        for name in ("id", "seconds"):
            del answer[name]
    assert there == asked
    status = parallax("status", home=indexed).stdout
    assert "replica of place, published 20" in status
    assert "on disk" not in status
    assert json.loads(parallax("status", "--json", home=indexed).stdout)["replica"]["of"] == "place"
    refused = parallax("labels", "confirm", "--all", home=indexed, code=2)
    assert "is a replica of place. Change documents and labels where it was made" in refused.stderr


def test_what_cannot_be_done_is_told_in_a_line(indexed: Path) -> None:
    for arguments, why in (
        (("pull", "nowhere"), "holds no published index. Put one there with: parallax publish."),
        (("pull", "corpus", "--store", "corpus"), "holds no published index"),
        (("publish", "place", "--store", "nowhere"), "There is no index in nowhere"),
        (("publish", ""), "This address is empty. Give a folder"),
        (("pull", "file://"), "This address is empty. Give a folder"),
        (("publish", "corpus"), "corpus is what the copy is made from. Name the folder that the copy is to go to."),
        (("publish", "corpus/.parallax/copy"), "is what the copy is made from"),
        (("publish", "nothing://u:SENTINEL@x/y"), "nothing://x/y cannot be used"),
        (("chat", "--follow", "nowhere"), "holds no published index"),
    ):
        told = parallax(*arguments, home=indexed, code=2)
        assert why in told.stderr
        assert told.stderr.count("\n") == 1
        assert "SENTINEL" not in told.stderr
    assert not (indexed / "replicas").exists()
    parallax("publish", "place", home=indexed)
    told = parallax("pull", "place", "--store", "corpus", home=indexed, code=2)
    assert "corpus/.parallax, which holds an index made from" in told.stderr
    assert {path.name for path in (indexed / "corpus").iterdir()} == {".parallax", "crane.txt", "harbour.txt"}
    assert "With --follow" in parallax("chat", "corpus", "--follow", "place", home=indexed, code=2).stderr


def copied() -> Copied:
    return Copied("there", "g000001", "", False, 0, 0, 0, 0.0)


def test_a_follower_keeps_the_replica_when_a_look_fails_and_says_why() -> None:
    steps: list[object] = [None, PlaceUnusable("There", "cannot be used", "Wait"), StoreBusy("x"), None]

    def pull() -> Copied:
        step = steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return copied()

    told: list[str] = []
    follower = Follower(pull, tell=told.append)
    first = follower.look()
    assert (bool(first.looked), first.problem) == (True, "")
    failed = follower.look()
    assert (failed.looked, failed.problem) == (first.looked, "There cannot be used. Wait.")
    assert follower.look() == failed  # another process looks for all of them
    assert follower.look().problem == ""
    assert told == [
        "There cannot be used. Wait. The replica answers as it was.",
        "The replica is kept current again.",
    ]


def test_a_page_that_follows_says_once_that_it_cannot(indexed: Path) -> None:
    parallax("publish", "place", home=indexed)
    with chat("--follow", "place", "--every", "1", home=indexed) as page:
        (indexed / "place").rename(indexed / "elsewhere")
        wait_for(lambda: "The replica answers as it was." in page.said)
        (indexed / "elsewhere").rename(indexed / "place")
        wait_for(lambda: "The replica is kept current again." in page.said)
        assert page.said.count("place holds no published index.") == 1


def wait_for(happens: Callable[[], bool]) -> None:
    until = time.monotonic() + WITHIN
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_follower_looks_again_and_again_until_it_is_stopped() -> None:
    twice = threading.Semaphore(0)

    def pull() -> Copied:
        twice.release()
        return copied()

    follower = Follower(pull, 0.01)
    follower.start()
    assert twice.acquire(timeout=20)
    assert twice.acquire(timeout=20)
    follower.stop()
