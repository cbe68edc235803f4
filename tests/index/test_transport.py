"""Copies of an index by way of a place. Run: python -m pytest tests/index/test_transport.py"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant
from index import Reader, Store
from index.errors import BadLabels, IsReplica, PlaceUnusable, StoreBusy, StoreUnwritable, WrongEmbedder
from index.generation import held
from index.sharing import publish as publishing
from index.sharing.blocks import LARGEST, Block, even, moving
from index.sharing.publish import publish
from index.sharing.pull import pull
from index.sharing.remote import Remote, shown
from index.update import update

QUESTION = "What do the dockers say of the crane?"
LABELS = """
[perspectives.dock]
label = "Dock"
[perspectives.owner]
label = "Owners"
[[source]]
match = "dockers/*.txt"
perspective = "dock"
by = "AB"
on = "2026-11-22"
"""
TEXTS = {
    f"{who}__{what}{number}": f"The {what} of Tarnby is mended in year{number}, the {who} write. "
    + " ".join(f"Nobody asked the gulls of quay{at} about the {what} and year{number}." for at in range(20))
    for what in ("crane", "harbour", "lantern")
    for who in ("dockers", "owners")
    for number in range(8)
}


@pytest.fixture
def made(corpus: Path, store: Store) -> Store:
    write(corpus, **TEXTS)
    (corpus / "sources.toml").write_text(LABELS)
    update(corpus, store, WordEmbedder())
    return store


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket of a server that speaks S3, on this machine."""
    server = pytest.importorskip("moto.server", reason="moto is not installed")
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    running = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        import s3fs

        s3fs.S3FileSystem(skip_instance_cache=True).mkdir("copies")
        yield "s3://copies"
    running.stop()


@pytest.fixture(params=["folder", "file://", "memory://", "s3://"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place of each kind."""
    match request.param:
        case "folder":
            return str(tmp_path / "place")
        case "file://":
            return f"file://{tmp_path}/place"
        case "memory://":
            return f"memory://{uuid4().hex}"
    return f"{request.getfixturevalue('bucket')}/{uuid4().hex}"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "place"


@pytest.fixture
def copy(tmp_path: Path) -> Store:
    return Store(tmp_path / "copy")


def answer(store: Store, question: str = QUESTION) -> dict[str, Any]:
    with Assistant(Reader(store, WordEmbedder())) as assistant:
        found = assistant.ask(question).to_dict()
    return {name: value for name, value in found.items() if name not in ("id", "seconds", "generation")}


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def older(folder: Path, hours: float = 2) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - hours * 3600,) * 2)


def test_the_same_answers_before_publishing_and_after_pulling(made: Store, copy: Store, url: str) -> None:
    sent = publish(made, url)
    fetched = pull(url, copy)
    assert answer(copy) == answer(made)
    assert answer(copy)["citations"]
    assert {side["label"] for citation in answer(copy)["citations"] for side in citation["perspectives"]} >= {"Dock"}
    assert sent.bytes == sent.sent == fetched.sent
    with closing(made.open()) as there, closing(copy.open()) as here:
        assert there.library.passage_table.tolist() == here.library.passage_table.tolist()
        assert there.matrix.tobytes() == here.matrix.tobytes()
        found, wanted = ([score for _, score in one.vectors.nearest(there.matrix[3], 9)] for one in (here, there))
        assert found == pytest.approx(wanted, abs=1e-6)


def test_what_is_there_is_not_sent_again_and_what_is_here_is_not_fetched(
    made: Store, copy: Store, corpus: Path, url: str
) -> None:
    whole = publish(made, url).sent
    pull(url, copy)
    assert (publish(made, url).changed, publish(made, url).sent) == (False, 0)
    assert (pull(url, copy).changed, pull(url, copy).sent) == (False, 0)
    write(corpus, dockers__crane3="The crane of Tarnby fell in year3, the dockers write.")
    update(corpus, made, WordEmbedder())
    sent = publish(made, url)
    assert sent.changed
    assert 0 < sent.sent < whole
    assert pull(url, copy).sent == sent.sent
    assert answer(copy) == answer(made)
    assert "fell in year3" in json.dumps(answer(copy, "Did the crane of Tarnby fall in year3?"))


def test_labels_travel_and_nothing_else_when_they_alone_changed(
    made: Store, copy: Store, corpus: Path, url: str
) -> None:
    publish(made, url)
    pull(url, copy)
    with closing(copy.open()) as generation:
        before = (generation.folder / "library.sqlite").stat().st_ino
    (corpus / "sources.toml").write_text(LABELS.replace('"Dock"', '"Dock workers"'))
    assert publish(made, url).sent < 1000
    with Assistant(Reader(copy, WordEmbedder())) as assistant:
        pull(url, copy)
        sides = {side.label for side in assistant.corpus.perspectives()}
    assert "Dock workers" in sides
    assert answer(copy) == answer(made)
    with closing(copy.open()) as generation:
        assert (generation.folder / "library.sqlite").stat().st_ino == before


@pytest.mark.parametrize("after", [0, 3, 7])
def test_a_publish_that_broke_off_sends_only_the_rest(
    made: Store, place: Path, copy: Store, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Remote.write
    written: list[str] = []

    def breaks_off(self: Remote, path: str, data: bytes) -> None:
        if len(written) >= after:
            raise OSError("the line is cut")
        written.append(path)
        write(self, path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Remote, "write", breaks_off)
        with pytest.raises(OSError, match="the line is cut"):
            publish(made, str(place))
    assert not (place / "CURRENT").exists()
    there = sum(len(content) for content in files(place).values())
    rest = publish(made, str(place))
    assert rest.sent == rest.bytes - there
    pull(str(place), copy)
    assert answer(copy) == answer(made)


def test_a_pull_that_broke_off_fetches_only_the_rest_and_answers_meanwhile(
    made: Store, place: Path, copy: Store, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(made, str(place))
    pull(str(place), copy)
    before = answer(copy)
    for number in range(8):
        write(corpus, **{f"owners__crane{number}": f"The crane of Tarnby fell in year{number}, says everybody. " * 40})
    update(corpus, made, WordEmbedder())
    publish(made, str(place))
    read = Remote.read
    blocks: list[str] = []

    def breaks_off(self: Remote, path: str, limit: int) -> bytes | None:
        if path.startswith("blocks/"):
            if len(blocks) == 2:
                raise PlaceUnusable("there", "is cut off", "Wait")
            blocks.append(path)
        return read(self, path, limit)

    with monkeypatch.context() as patch:
        patch.setattr(Remote, "read", breaks_off)
        with pytest.raises(PlaceUnusable, match="cut off"):
            pull(str(place), copy)
    assert answer(copy) == before
    arrived = sum(path.stat().st_size for path in (copy.folder / "incoming").iterdir())
    assert arrived
    needed = pull(str(place), Store(copy.folder.with_name("another"))).bytes
    rest = pull(str(place), copy)
    assert 0 < rest.sent < needed - arrived
    assert answer(copy) == answer(made) != before
    assert not (copy.folder / "incoming").exists()


RUN = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from index import Store
from index.sharing.publish import publish
from index.sharing.pull import pull
print("ready", flush=True)
sys.stdin.readline()
what, store, place = sys.argv[1:]
publish(Store(__import__("pathlib").Path(store)), place) if what == "publish" else pull(place, Store(__import__("pathlib").Path(store)))
"""


def killed(what: str, store: Store, place: Path, after: float) -> bool:
    """Begin a copy in a process of its own and kill it after so many seconds; whether it was still running."""
    root = Path(__file__).parents[2]
    code = RUN.format(root=str(root), tests=str(root / "tests"))
    with subprocess.Popen(
        [sys.executable, "-c", code, what, store.folder, place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("\n")
        process.stdin.flush()
        time.sleep(after)
        process.kill()
        return process.wait() == -signal.SIGKILL


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_both_sides_answering_and_the_next_run_goes_on(
    made: Store, place: Path, copy: Store, corpus: Path
) -> None:
    seed, ends = random.Random(7), 0
    publish(made, str(place))
    pull(str(place), copy)
    for number in range(6):
        old = answer(copy)
        write(corpus, **{f"dockers__crane{number}": f"The crane fell in year{number}, all say. " * 30})
        update(corpus, made, WordEmbedder())
        ends += killed("publish", made, place, seed.uniform(0, 0.15))
        fresh = Store(copy.folder.with_name(f"fresh{number}"))
        pull(str(place), fresh)
        assert answer(fresh) in (old, answer(made))
        publish(made, str(place))
        ends += killed("pull", copy, place, seed.uniform(0, 0.6))
        assert answer(copy) in (old, answer(made))
        pull(str(place), copy)
        assert answer(copy) == answer(made)
    assert ends >= 3


def test_old_states_are_removed_and_the_last_ones_stay_readable(
    made: Store, place: Path, copy: Store, corpus: Path
) -> None:
    for number in range(publishing.KEEP + 2):
        write(corpus, **{f"dockers__crane{number}": f"The crane fell in year{number}, all say. " * 30})
        update(corpus, made, WordEmbedder())
        publish(made, str(place))
    assert len(list((place / "states").iterdir())) == publishing.KEEP + 2  # the latest hour's stay
    older(place)
    (place / "CURRENT").touch()
    write(corpus, dockers__crane7="The crane fell at last, all say.")
    update(corpus, made, WordEmbedder())
    publish(made, str(place))
    states = sorted((place / "states").iterdir())
    assert len(states) == publishing.KEEP
    used = {
        part[0]
        for state in states
        for name in ("library", "matrix", "labels")
        for part in json.loads(state.read_text())[name]
    }
    assert {path.name for path in (place / "blocks").rglob("*") if path.is_file()} == used
    pull(str(place), copy)
    assert answer(copy) == answer(made)


def test_a_state_that_is_removed_while_it_is_read_is_not_missed(
    made: Store, place: Path, copy: Store, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(made, str(place))
    pointer = (place / "CURRENT").read_bytes()
    write(corpus, dockers__crane7="The crane fell at last, all say.")
    update(corpus, made, WordEmbedder())
    publish(made, str(place))
    first = json.loads(pointer)["state"]
    (place / "states" / f"{first}.json").unlink()
    read, asked = Remote.read, []

    def late(self: Remote, path: str, limit: int) -> bytes | None:
        if path == "CURRENT" and len(asked) < 2:
            asked.append(path)
            return pointer
        return read(self, path, limit)

    monkeypatch.setattr(Remote, "read", late)
    pull(str(place), copy)
    assert answer(copy) == answer(made)


# What comes from a place is untrusted


def republished(place: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """What somebody could publish there: another listing, under a pointer that fits it."""
    pointer = json.loads((place / "CURRENT").read_text())
    listing = json.loads((place / "states" / f"{pointer['state']}.json").read_text())
    change(listing)
    data = json.dumps(listing).encode()
    pointer |= {"sha256": sha256(data).hexdigest(), "size": len(data)}
    (place / "states" / f"{pointer['state']}.json").write_bytes(data)
    (place / "CURRENT").write_text(json.dumps(pointer))


def file_of(place: Path, data: bytes) -> list[list[Any]]:
    """A file of a listing with these bytes, whose blocks are put there."""
    parts = []
    for at in range(0, len(data), LARGEST):
        block = data[at : at + LARGEST]
        name = sha256(block).hexdigest()
        target = place / "blocks" / name[:2] / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(block)
        parts.append([name, len(block)])
    return parts


def refused(place: Path, copy: Store, why: str) -> None:
    """It is refused in one sentence or two, and the replica answers as before, if there is one."""
    before = copy.current()
    with pytest.raises(PlaceUnusable, match=why) as told:
        pull(str(place), copy)
    assert "\n" not in str(told.value)
    assert copy.current() == before
    there = copy.folder / "generations"
    assert [path.name for path in there.glob("*")] == ([before] if before else [])


@pytest.fixture
def published(made: Store, place: Path, copy: Store) -> Path:
    publish(made, str(place))
    return place


def test_a_block_that_was_changed_is_refused(published: Path, copy: Store) -> None:
    block = next(path for path in (published / "blocks").rglob("*") if path.is_file())
    block.write_bytes(block.read_bytes()[:-1] + b"\0")
    refused(published, copy, f"something else in blocks/../{block.name} than was published")
    block.write_bytes(b"")
    refused(published, copy, "something else")


@pytest.mark.parametrize("kind", ["pipe", "device", "link to a device", "folder", "large"])
def test_what_is_no_block_is_not_read(published: Path, copy: Store, kind: str) -> None:
    block = next(path for path in (published / "blocks").rglob("*") if path.is_file())
    size = block.stat().st_size
    block.unlink()
    if kind == "pipe":
        os.mkfifo(block)
    elif kind == "folder":
        block.mkdir()
    elif kind == "large":
        block.write_bytes(b"x" * (size + 1))
    else:
        block.symlink_to("/dev/zero")
    refused(published, copy, "cannot be used|than belongs there")


def test_a_listing_or_a_pointer_that_was_changed_is_refused(published: Path, copy: Store) -> None:
    pointer = (published / "CURRENT").read_text()
    (listing,) = (published / "states").iterdir()
    whole = listing.read_bytes()
    listing.write_bytes(whole.replace(b"crane", b"crime").replace(b'"format":1', b'"format": 1', 1)[: len(whole)])
    refused(published, copy, "something else in states/")
    for wrong in ("", "[]", "g000001", "x" * 9000, pointer.replace('"state":"', '"state":"../../'), "{" * 4000):
        (published / "CURRENT").write_text(wrong)
        refused(published, copy, "cannot follow|than belongs there")
    (published / "CURRENT").unlink()
    refused(published, copy, "holds no published index")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("library.sqlite", [["0" * 64, 5]]),
        ("../../evil", [["0" * 64, 5]]),
        ("library", [["../../../etc/passwd", 5]]),
        ("library", [["0" * 64, LARGEST + 1]]),
        ("library", [["0" * 64, -1]]),
        ("library", [["0" * 64, 1e400]]),
        ("passages", -1),
        ("passages", 1 << 60),
        ("dimensions", 0),
        ("collection", "somebody-elses"),
        ("corpus", "x" * 1000),
        ("format", 2),
    ],
)
def test_a_listing_says_nothing_that_is_no_part_of_one(published: Path, copy: Store, name: str, value: object) -> None:
    republished(published, lambda listing: listing.update({name: value}))
    refused(published, copy, "cannot follow")


@pytest.mark.parametrize("name", ["/", "../../home", "a/b", "..", "CON", "x\x00y", "\u202egnp", ""])
def test_the_name_of_a_corpus_is_no_path(published: Path, copy: Store, name: str) -> None:
    republished(published, lambda listing: listing.update(corpus=name))
    pull(str(published), copy)
    with closing(copy.open()) as generation:
        assert generation.corpus.parent == copy.folder / "replica"
        assert not generation.corpus.exists()
        assert generation.corpus.name.isprintable()


def test_more_than_the_disk_holds_is_refused_before_anything_is_fetched(published: Path, copy: Store) -> None:
    def many_times(listing: dict[str, Any]) -> None:
        listing["library"] = [[listing["library"][0][0], LARGEST]] * 500_000  # one block, said to be 131 GB of them
        listing["library"] *= 1 + shutil.disk_usage(published).free // (LARGEST * 500_000)

    republished(published, many_times)
    refused(published, copy, "GB are free. Free some space|cannot follow")
    assert not (copy.folder / "incoming").exists()


def library_with(published: Path, made: Store, *statements: str) -> None:
    """Publish the library after somebody has done this to it."""
    with closing(made.open()) as generation:
        changed = published / "changed.sqlite"
        shutil.copyfile(generation.folder / "library.sqlite", changed)
    with closing(sqlite3.connect(changed)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    republished(published, lambda listing: listing.update(library=file_of(published, changed.read_bytes())))


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (["CREATE TRIGGER t AFTER INSERT ON documents BEGIN DELETE FROM texts; END"], "other tables"),
        (["ALTER TABLE texts RENAME TO t", "CREATE VIEW texts AS SELECT * FROM t"], "other tables"),
        (["DROP TABLE voices"], "other tables"),
        (["UPDATE documents SET id = '../../etc/x' WHERE key = 1"], "leads out"),
        (["UPDATE documents SET id = '/etc/x' WHERE key = 1"], "leads out"),
        (["UPDATE passages SET document = 999 WHERE key = 1"], "passages of no text"),
        (["UPDATE passages SET start = 'x' WHERE key = 1"], "passages of no text"),
        (["DELETE FROM passages WHERE key = 1"], "not as many passages"),
        (["UPDATE documents SET meta = '[]' WHERE key = 1"], "cannot be read"),
    ],
)
def test_a_library_that_is_not_as_ours_is_refused(
    published: Path, made: Store, copy: Store, statements: list[str], why: str
) -> None:
    library_with(published, made, *statements)
    refused(published, copy, why)


def test_files_that_do_not_fit_one_another_are_refused(published: Path, copy: Store) -> None:
    republished(published, lambda listing: listing.update(matrix=listing["matrix"][:-1]))
    refused(published, copy, "not as many vectors as passages")
    with closing(sqlite3.connect(":memory:")) as nothing:
        nothing.execute("CREATE TABLE x (y)")
        data = nothing.serialize()
    publish(Store(published.parent / "store"), str(published))
    republished(published, lambda listing: listing.update(library=file_of(published, data)))
    refused(published, copy, "other tables")
    publish(Store(published.parent / "store"), str(published))
    republished(published, lambda listing: listing.update(library=file_of(published, b"no database" * 99)))
    refused(published, copy, "cannot be read")


@pytest.mark.parametrize("labels", [b"[]", b'{"../../x": "y"}', b'{"sources.toml": 3}', b"\xff", b"[" * 100_000])
def test_labels_that_are_none_are_refused(published: Path, copy: Store, labels: bytes) -> None:
    republished(published, lambda listing: listing.update(labels=file_of(published, labels)))
    refused(published, copy, "its labels cannot be read")


def test_labels_that_cannot_be_followed_are_neither_published_nor_taken(
    made: Store, corpus: Path, published: Path, copy: Store
) -> None:
    pull(str(published), copy)
    before = answer(copy)
    (corpus / "sources.toml").write_text("[[source")
    with pytest.raises(BadLabels):
        publish(made, str(published))
    republished(published, lambda listing: listing.update(labels=file_of(published, b'{"sources.toml": "[[source"}')))
    with pytest.raises(BadLabels):
        pull(str(published), copy)
    assert answer(copy) == before


def test_what_a_killed_run_left_half_written_is_removed_once_it_is_old(
    made: Store, place: Path, copy: Store, corpus: Path
) -> None:
    publish(made, str(place))
    old = [place / name for name in ("CURRENT.0a1b2c3d.part", f"blocks/ab/{'ab' * 32}.0a1b2c3d.part")]
    for path in (*old, strange := place / "somebody.part"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    older(place)
    (young := place / "CURRENT.99999999.part").write_bytes(b"somebody else is at it")
    write(corpus, dockers__crane0="The crane fell in June, the dockers write.")
    update(corpus, made, WordEmbedder())
    publish(made, str(place))
    assert [path.exists() for path in (*old, strange, young)] == [False, False, True, True]


def test_what_a_pull_fetched_is_removed_where_it_was_killed_at_its_very_end(published: Path, copy: Store) -> None:
    pull(str(published), copy)
    incoming = copy.folder / "incoming"
    incoming.mkdir()
    (incoming / "a-block").touch()
    assert not pull(str(published), copy).changed
    assert not incoming.exists()


def test_a_store_that_cannot_be_locked_is_told_in_a_sentence(made: Store, place: Path, tmp_path: Path) -> None:
    (made.folder / "publishing").mkdir()  # as a disk that is full or read-only, for whom nothing is forbidden
    with pytest.raises(StoreUnwritable, match=r"could not be written \(Is a directory\)"):
        publish(made, str(place))
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnwritable, match="could not be written"), Store(tmp_path / "file" / "store").writing():
        pass


# Who may do what


def test_a_replica_is_not_changed_where_it_is_read(published: Path, copy: Store, corpus: Path, tmp_path: Path) -> None:
    pull(str(published), copy)
    (tmp_path / "new.txt").write_text("The swan of Tarnby was seen in June.")
    with pytest.raises(IsReplica, match=f"is a replica of {published}"):
        update(corpus, copy, WordEmbedder())
    with pytest.raises(IsReplica):
        update(corpus, copy, WordEmbedder(), rebuild=True)
    with Assistant(Reader(copy, WordEmbedder())) as assistant:
        kept = assistant.corpus
        for change in (
            lambda: kept.relabel("dockers/crane1.txt", ["owner"]),
            lambda: kept.hear("dockers/crane1.txt", 0, 40, "Maria"),
            lambda: kept.describe("dock", "Docks"),
            kept.confirm,
            lambda: kept.remove("dockers/crane1.txt"),
            lambda: kept.add([tmp_path / "new.txt"]),
            lambda: kept.examine([tmp_path / "new.txt"]),
            lambda: kept.removed.put_back("dockers/crane1.txt"),
            lambda: kept.removed.delete("dockers/crane1.txt"),
            kept.plan,
            kept.update,
            kept.watch,
        ):
            with pytest.raises(IsReplica):
                change()
        status = kept.status()
        assert (status.origin, {line.now for line in status.documents}) == (str(published), {"current"})
        assert kept.unindexed() == ()
        assert kept.removed.files() == ()
        assert kept.current("dockers/crane1.txt") == kept.document("dockers/crane1.txt")[0]


def test_no_file_of_this_machine_is_read_for_a_replica(published: Path, copy: Store) -> None:
    pull(str(published), copy)
    with closing(copy.open()) as generation:
        secret = generation.corpus / "dockers/crane1.txt"
    secret.parent.mkdir(parents=True)
    secret.write_text("A secret of this machine.")
    with Assistant(Reader(copy, WordEmbedder())) as assistant:
        found = assistant.corpus.current("dockers/crane1.txt")
    assert found is not None
    assert "secret" not in found.text


def test_nothing_is_pulled_over_an_index_that_was_made_here(published: Path, made: Store) -> None:
    before = made.current()
    with pytest.raises(PlaceUnusable, match=r"holds an index made from .*corpus\. Name another folder with --store"):
        pull(str(published), made)
    assert made.current() == before


def test_an_index_of_another_embedder_is_not_taken(published: Path, copy: Store) -> None:
    pull(str(published), copy)
    with pytest.raises(WrongEmbedder, match="was built with the embedding model words, and others is set now"):
        pull(str(published), Store(copy.folder / "x"), embedder=WordEmbedder("others"))
    assert not pull(str(published), copy, embedder=WordEmbedder()).changed


def test_one_publishes_and_one_pulls_at_a_time(published: Path, made: Store, copy: Store) -> None:
    with held(made.folder / "publishing"), pytest.raises(StoreBusy):
        publish(made, str(published))
    with copy.writing(), pytest.raises(StoreBusy):
        pull(str(published), copy)


def test_a_replica_whose_files_went_bad_is_made_anew(published: Path, copy: Store, made: Store, corpus: Path) -> None:
    pull(str(published), copy)
    with closing(copy.open()) as generation:
        library = generation.folder / "library.sqlite"
    library.write_bytes(library.read_bytes()[:5000])
    write(corpus, dockers__crane7="The crane fell at last, all say.")
    update(corpus, made, WordEmbedder())
    publish(made, str(published))
    pull(str(published), copy)
    assert answer(copy) == answer(made)


def test_what_was_deleted_leaves_no_vector(published: Path, copy: Store, made: Store, corpus: Path) -> None:
    pull(str(published), copy)
    (corpus / "dockers/crane1.txt").unlink()
    update(corpus, made, WordEmbedder())
    publish(made, str(published))
    pull(str(published), copy)
    with closing(copy.open()) as generation:
        assert generation.manifest.dead == 0
        assert generation.vectors.count() == generation.manifest.passages


def test_an_index_that_was_built_anew_is_followed(published: Path, copy: Store, made: Store, corpus: Path) -> None:
    pull(str(published), copy)
    write(corpus, dockers__aa="The first of all is another one now. " * 50)
    update(corpus, made, WordEmbedder(), rebuild=True)
    publish(made, str(published))
    pull(str(published), copy)
    assert answer(copy) == answer(made)
    with closing(copy.open()) as generation:
        for row in (0, 7, len(generation.matrix) - 1):
            key = int(generation.library.passage_table[row, 0])
            stored = generation.vectors.vector(key)
            assert stored is not None
            assert stored == pytest.approx(generation.matrix[row], abs=1e-6)


# Addresses


def test_what_an_address_says_of_a_user_is_never_repeated(made: Store, tmp_path: Path) -> None:
    url = "ftp://maria:SENTINEL@127.0.0.1:9/path?token=TOKEN"
    assert shown(url) == "ftp://127.0.0.1:9/path"
    with pytest.raises(PlaceUnusable) as told:
        publish(made, url)
    assert "SENTINEL" not in str(told.value)
    assert "maria" not in str(told.value)
    assert "TOKEN" not in str(told.value)
    assert str(told.value).startswith("ftp://127.0.0.1:9/path cannot be used (")


@pytest.mark.parametrize("url", ["nothing://here", "simplecache::s3://copies/x", "s3://"])
def test_an_address_of_nothing_is_told_in_a_sentence(made: Store, url: str, bucket: str) -> None:
    with pytest.raises(PlaceUnusable) as told:
        publish(made, url)
    assert "\n" not in str(told.value)


def test_a_bucket_that_is_not_there_is_told_in_a_sentence(made: Store, copy: Store, bucket: str) -> None:
    for work in (lambda: publish(made, "s3://missing/x"), lambda: pull("s3://missing/x", copy)):
        with pytest.raises(PlaceUnusable, match=r"s3://missing/x (is not there|holds no published index)"):
            work()


# Blocks


def test_blocks_are_all_of_a_file_and_stay_where_the_rest_moves() -> None:
    numbers = random.Random(3)
    data = bytes(numbers.randrange(256) for _ in range(1_500_000))
    for cut in (even, moving):
        found = list(cut(_array(data)))
        assert b"".join(data[block.start : block.start + block.size] for block in found) == data
        assert all(block.size <= LARGEST for block in found)
        assert all(sha256(data[one.start : one.start + one.size]).hexdigest() == one.sha256 for one in found)
    shorter = data[:300_000] + data[300_777:]
    before, after = ({block.sha256 for block in moving(_array(text))} for text in (data, shorter))
    assert len(after - before) <= 2
    zeros = list(moving(_array(bytes(1_000_000))))
    assert sum(block.size for block in zeros) == 1_000_000
    assert list(moving(_array(b""))) == list(even(_array(b""))) == []
    assert list(moving(_array(b"x"))) == [Block(sha256(b"x").hexdigest(), 0, 1)]


def _array(data: bytes) -> Any:
    import numpy as np

    return np.frombuffer(data, np.uint8)
