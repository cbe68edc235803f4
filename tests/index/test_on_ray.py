"""Documents prepared by the workers of a real Ray: one for all tests. Run: python -m pytest tests/index/test_on_ray.py"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fakes import FragileEmbedder, WordEmbedder, contents, write
from test_engines import HARBOUR, everything, of_all_kinds

from index import Store
from index.engines.engines import DEADLY, Here, Job
from index.engines.on_ray import UNSEEN, OnRay
from index.errors import EmbedderUnavailable, EngineUnavailable
from index.update import update
from tests.command import parallax

LIMIT = 120  # seconds that a run over a Ray may take, whatever is killed meanwhile


@pytest.fixture(scope="module")
def ray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnRay]:
    """A Ray of our own with two workers, open for all tests; the tests' files are found as here."""
    engine = OnRay(workers=2)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
            with engine.connected():
                yield engine
    except EngineUnavailable as error:
        pytest.skip(f"Ray does not start on this machine: {error}")


def test_workers_make_the_very_same_index(ray: OnRay, corpus: Path, store: Store, tmp_path: Path) -> None:
    of_all_kinds(corpus)
    alone = Store(tmp_path / "alone")
    by_one = update(corpus, alone, WordEmbedder(), engine=Here())
    words = WordEmbedder()
    by_workers = update(corpus, store, words, engine=ray)
    assert words.texts == []  # the workers have computed all vectors
    assert everything(store) == everything(alone)
    for field in ("plan", "passages", "embedded", "failed", "duplicates", "warnings"):
        assert getattr(by_workers, field) == getattr(by_one, field), field


def test_only_what_is_not_kept_is_embedded(ray: OnRay, corpus: Path, store: Store, tmp_path: Path) -> None:
    write(corpus, a=HARBOUR)
    update(corpus, store, WordEmbedder(), engine=Here())
    log = tmp_path / "log"
    write(corpus, b="A new one.")
    report = update(corpus, store, WordEmbedder(log=log), engine=ray, rebuild=True)
    assert (report.embedded, len(log.read_text().splitlines())) == (1, 1)


def test_what_stops_a_worker_for_good_stops_the_run_with_its_sentence(
    ray: OnRay, corpus: Path, store: Store, tmp_path: Path
) -> None:
    write(corpus, a=HARBOUR, d="Some text is unweighable.")
    with pytest.raises(EmbedderUnavailable, match=r"^The weights are gone\. Get them back$"):
        update(corpus, store, FragileEmbedder(tmp_path / "counted"), engine=ray)
    assert store.current() is None


def test_a_file_that_no_worker_sees_has_failed_and_says_so(
    ray: OnRay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "here", a=HARBOUR)
    monkeypatch.chdir(tmp_path)  # the workers stand elsewhere
    job = Job(Path("here"), {"a.txt": 9, "gone.txt": 9}, WordEmbedder(), frozenset)
    found = {prepared.path: prepared.problem for prepared in ray.prepared(job)}
    assert found["a.txt"] == UNSEEN
    assert str(found["gone.txt"]).startswith("The file is no longer there")


def test_a_token_of_its_own_guards_it_and_none_is_left_in_the_home_folder(ray: OnRay) -> None:
    from ray._private.authentication.authentication_token_setup import AuthenticationMode, get_authentication_mode

    assert get_authentication_mode() == AuthenticationMode.TOKEN
    assert len(os.environ["RAY_AUTH_TOKEN"]) == 64
    assert not (Path.home() / ".ray" / "auth_token").exists()


def test_nothing_of_it_listens_beyond_this_machine(ray: OnRay) -> None:
    listening = {address for file in ("tcp", "tcp6") for address in _listening(Path("/proc/net", file))}
    assert listening
    assert {address for address in listening if not _is_loopback(address)} == set()


# Those that cost workers, and so seconds, come last


def test_a_worker_that_is_killed_costs_its_batch_and_nothing_else(
    ray: OnRay, corpus: Path, store: Store, tmp_path: Path
) -> None:
    of_all_kinds(corpus)
    alone = Store(tmp_path / "alone")
    update(corpus, alone, WordEmbedder(), engine=Here())
    seen = tmp_path / "workers"
    seen.mkdir()
    slow = WordEmbedder(delay=0.1, log=tmp_path / "log", workers=seen)
    killed: list[int] = []

    def kill() -> None:
        until = time.monotonic() + LIMIT
        while time.monotonic() < until and not killed:
            for file in seen.iterdir():
                killed.append(int(file.name))
                os.kill(killed[0], signal.SIGKILL)
                return
            time.sleep(0.02)

    killer = threading.Thread(target=kill)
    killer.start()
    begun = time.monotonic()
    report = update(corpus, store, slow, engine=ray)
    killer.join()
    assert time.monotonic() - begun < LIMIT
    assert killed
    assert everything(store) == everything(alone)
    assert [path for path, _ in report.failed] == ["binary.txt", "empty.txt"]
    texts = (tmp_path / "log").read_text().splitlines()
    batch = 40 * 2  # passages of essays/long.txt, by far the longest
    assert len(texts) - len(set(texts)) <= batch


def test_a_file_that_ends_whoever_reads_it_has_failed_and_stops_nothing(
    ray: OnRay, corpus: Path, store: Store, tmp_path: Path
) -> None:
    write(corpus, a=HARBOUR, d="There was poison in the well.", z="The last one.")
    report = update(corpus, store, FragileEmbedder(tmp_path / "counted"), engine=ray)
    assert report.failed == (("d.txt", DEADLY),)
    assert {id for id, *_ in contents(store)} == {"a.txt", "z.txt"}


# The command


def test_the_command_has_a_cluster_read_that_runs_already(ray: OnRay, corpus: Path, tmp_path: Path) -> None:
    write(corpus, a=HARBOUR)
    (corpus / "empty.txt").touch()
    address = ray.address
    done = parallax("index", corpus, "--engine", "ray", "--address", address, home=tmp_path, code=1, fresh=True)
    *told, failed = done.stderr.splitlines()
    assert failed == "failed: empty.txt: The file is empty. Put text into it, or take it out of the folder"
    assert all(" documents, " in line for line in told)  # how far it is, and nothing of Ray's
    assert done.stdout.startswith("+2 ~0 -0, 0 unchanged; ")


@pytest.mark.parametrize("token", [None, "ab" * 32], ids=["none", "another"])
def test_a_cluster_that_wants_a_token_is_a_sentence(
    token: str | None, ray: OnRay, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus, a=HARBOUR)
    monkeypatch.setenv("RAY_NUM_REDIS_GET_RETRIES", "1")  # seconds in which it tries again
    monkeypatch.delenv("RAY_AUTH_TOKEN")
    if token is None:
        monkeypatch.delenv("RAY_AUTH_MODE")
    else:
        monkeypatch.setenv("RAY_AUTH_TOKEN", token)
    done = parallax("index", corpus, "--engine", "ray", "--address", ray.address, home=tmp_path, code=2, fresh=True)
    # Ray's own lines about each try come before.
    assert done.stderr.endswith(
        f"\nRay at {ray.address} lets nobody in without its token. Set RAY_AUTH_MODE to token, and RAY_AUTH_TOKEN to what "
        "`ray get-auth-token` prints there, or leave out --engine\n"
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--engine", "spark"], "Give --engine local, or --engine ray."),
        (["--address", "auto"], "Give --address only with --engine ray."),
    ],
    ids=["engine", "address"],
)
def test_an_engine_that_is_not_there_is_refused(
    options: list[str], sentence: str, corpus: Path, tmp_path: Path
) -> None:
    done = parallax("index", corpus, *options, home=tmp_path, code=2)
    assert sentence in done.stderr


def test_without_ray_the_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EngineUnavailable, match=r"^Ray is not installed\. Install it with: pip install \"ray\[data\]"):
        OnRay()


@pytest.mark.parametrize("address", ["nonsense", "host:", ":6379", "host:123456", "host:٣", ""])
def test_what_is_no_address_is_told_how_to_write_one(address: str) -> None:
    with pytest.raises(EngineUnavailable, match=r"is no address of a Ray\. Give auto, or HOST:PORT$"):
        OnRay(address)


def test_an_address_without_a_ray_is_a_sentence(corpus: Path, tmp_path: Path) -> None:
    write(corpus, a=HARBOUR)
    done = parallax("index", corpus, "--engine", "ray", "--address", "127.0.0.1:1", home=tmp_path, code=2, fresh=True)
    assert done.stderr.startswith("Ray at 127.0.0.1:1 cannot be used (")
    assert len(done.stderr.splitlines()) == 1
    assert not (corpus / ".parallax" / "CURRENT").exists()


def _listening(table: Path) -> Iterator[str]:
    """The addresses, in hexadecimal, at which processes that this one started listen."""
    ours = {handle for process in _descendants(os.getpid()) for handle in _handles(process)}
    for line in table.read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in ours:
            yield fields[1].rpartition(":")[0]


def _descendants(process: int) -> Iterator[int]:
    for file in Path("/proc", str(process), "task").glob("*/children"):
        for child in map(int, file.read_text().split()):
            yield child
            yield from _descendants(child)


def _handles(process: int) -> Iterator[str]:
    with suppress(OSError):  # it has ended meanwhile
        for handle in Path("/proc", str(process), "fd").iterdir():
            with suppress(OSError):
                yield str(handle.readlink())


def _is_loopback(address: str) -> bool:
    return address in ("0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F")
