"""Which state of a store is current, who may read and who may write. Run: python -m pytest tests/index/test_generation.py"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import WordEmbedder, contents, opened, write

from index import Store
from index.errors import CorpusError, IndexMissing, StoreBusy, StoreDamaged, StoreFormat
from index.update import update

ROOT = Path(__file__).parents[2]
HOLD = """
import fcntl, os, sys
lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_EX if sys.argv[2] == "writer" else fcntl.LOCK_SH)
print("held", flush=True)
sys.stdin.read()
"""


def hold(lock: Path, role: str) -> subprocess.Popen[str]:
    """Another process that holds a lock until its input is closed."""
    command = [sys.executable, "-c", HOLD, str(lock), role]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def names(store: Store) -> list[str]:
    return sorted(path.name for path in (store.folder / "generations").iterdir())


@pytest.fixture
def built(corpus: Path, store: Store) -> Store:
    write(corpus, a="The harbour is closed.")
    update(corpus, store, WordEmbedder())
    return store


def test_a_store_without_an_index_says_how_to_build_one(store: Store) -> None:
    with pytest.raises(IndexMissing, match=r"There is no index in .*store\. Build one with: parallax index FOLDER"):
        store.open()
    assert not store.folder.exists()


def test_a_published_generation_holds_these_files_and_no_others(built: Store) -> None:
    (name,) = names(built)
    folder = built.folder / "generations" / name
    assert {path.name for path in folder.iterdir()} == {
        "library.sqlite",
        "chroma",
        "matrix.f32",
        "signs.u64",
        "passages.i64",
        "manifest.json",
        "lock",
    }
    assert {path.name for path in built.folder.iterdir()} == {"CURRENT", "lock", "cache.sqlite", "generations"}


def test_reading_writes_no_file_of_the_generation(built: Store) -> None:
    folder = built.folder / "generations"
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}
    with opened(built) as generation:
        generation.vectors.nearest(generation.matrix[0], 1)
        generation.library.match([["harbour"]], 1)
    after = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}
    assert after == before


def test_a_reader_leaves_nothing_behind(built: Store) -> None:
    with opened(built) as generation:
        generation.vectors.count()
        assert len(list((built.folder / "readers").iterdir())) == 1
    assert list((built.folder / "readers").iterdir()) == []


def test_the_next_writer_sweeps_away_what_a_killed_reader_left_and_not_what_a_living_one_uses(built: Store) -> None:
    left = built.folder / "readers" / "left"
    left.mkdir(parents=True)
    (left / "lock").touch()
    half = built.folder / "readers" / "half"
    half.mkdir()
    with opened(built) as generation:
        generation.vectors.count()
        with built.writing():
            pass
        assert not left.exists()
        assert not half.exists()
        assert len(list((built.folder / "readers").iterdir())) == 1


# Damage


def damaged(store: Store, change: Callable[[dict[str, object]], object]) -> Store:
    (name,) = names(store)
    file = store.folder / "generations" / name / "manifest.json"
    manifest = json.loads(file.read_text())
    changed = change(manifest)
    file.write_text(changed if isinstance(changed, str) else json.dumps(changed))
    return store


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        pytest.param(
            lambda m: {**m, "format": 0},
            StoreFormat,
            "has format 0, this version of Parallax reads format 2",
            id="older",
        ),
        pytest.param(lambda m: {**m, "format": 99}, StoreFormat, "has format 99", id="newer"),
        pytest.param(lambda m: {"name": "g1"}, StoreFormat, "has format None", id="without a format"),
        pytest.param(
            lambda m: {k: v for k, v in m.items() if k != "dimensions"},
            StoreDamaged,
            "the manifest of g000001 cannot be read",
            id="a field is missing",
        ),
        pytest.param(lambda m: "{", StoreDamaged, "the manifest of g000001 cannot be read", id="cut off"),
        pytest.param(lambda m: "[]", StoreDamaged, "the manifest of g000001 cannot be read", id="a list"),
        pytest.param(lambda m: "", StoreDamaged, "the manifest of g000001 cannot be read", id="empty"),
    ],
)
def test_a_store_that_cannot_be_read_is_refused_with_a_remedy_that_works(
    built: Store, corpus: Path, change: Callable[[dict[str, object]], object], error: type[CorpusError], said: str
) -> None:
    damaged(built, change)
    before = contents_of_files(built)
    for refused in (built.open, lambda: update(corpus, built, WordEmbedder())):
        with pytest.raises(error) as caught:
            refused()
        assert said in str(caught.value)
        assert "parallax index FOLDER --rebuild" in str(caught.value)
    assert contents_of_files(built) == before
    update(corpus, built, WordEmbedder(), rebuild=True)
    assert len(contents(built)) == 1
    assert len(names(built)) == 1


def contents_of_files(store: Store) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (store.folder / "generations").rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "pointer", [b"g000007\n", b"", b"nonsense", b"\xff\xfe"], ids=["missing", "empty", "nonsense", "no text"]
)
def test_a_pointer_to_nowhere_is_damage_that_a_rebuild_mends(built: Store, corpus: Path, pointer: bytes) -> None:
    (built.folder / "CURRENT").write_bytes(pointer)
    with pytest.raises(StoreDamaged, match="--rebuild"):
        built.open()
    update(corpus, built, WordEmbedder(), rebuild=True)
    assert len(contents(built)) == 1


def test_a_generation_without_a_manifest_is_damaged(built: Store) -> None:
    (built.folder / "generations" / "g000001" / "manifest.json").unlink()
    with pytest.raises(StoreDamaged, match="CURRENT names g000001, which is not there"):
        built.open()


@pytest.mark.parametrize("change", [lambda data: data[:-4], lambda data: data * 2, lambda data: b""])
@pytest.mark.parametrize("name", ["matrix.f32", "signs.u64"])
def test_vectors_of_another_length_are_refused_with_a_remedy_that_works(
    name: str, change: Callable[[bytes], bytes], built: Store, corpus: Path
) -> None:
    file = built.folder / "generations" / "g000001" / name
    file.write_bytes(change(file.read_bytes()))
    for refused in (built.open, lambda: update(corpus, built, WordEmbedder())):
        with pytest.raises(StoreDamaged, match=rf"{name} of g000001 is not as long as it has to be\. .*--rebuild$"):
            refused()
    update(corpus, built, WordEmbedder(), rebuild=True)
    assert len(contents(built)) == 1
    assert names(built) == ["g000002"]


def test_an_index_without_its_matrix_is_damaged_and_one_without_signs_is_not(built: Store) -> None:
    folder = built.folder / "generations" / "g000001"
    (folder / "signs.u64").unlink()
    assert len(contents(built)) == 1
    (folder / "matrix.f32").unlink()
    with pytest.raises(StoreDamaged, match=r"matrix\.f32 of g000001"):
        built.open()


def test_a_refused_store_stays_free_for_the_next_writer(built: Store, corpus: Path) -> None:
    damaged(built, lambda manifest: {**manifest, "format": 0})
    with pytest.raises(StoreFormat):
        built.open()
    update(corpus, built, WordEmbedder(), rebuild=True)
    assert names(built) == ["g000002"]


# Locks


def test_a_second_writing_process_is_refused_and_the_first_is_not_disturbed(built: Store, corpus: Path) -> None:
    process = hold(built.folder / "lock", "writer")
    with pytest.raises(StoreBusy, match=r"Another process is updating the index in .* Wait until it has finished"):
        update(corpus, built, WordEmbedder())
    process.communicate()
    update(corpus, built, WordEmbedder())


def test_the_lock_of_a_killed_writer_is_free(built: Store, corpus: Path) -> None:
    process = hold(built.folder / "lock", "writer")
    process.kill()
    process.communicate()
    update(corpus, built, WordEmbedder())


def test_readers_do_not_wait_for_a_writer(built: Store) -> None:
    process = hold(built.folder / "lock", "writer")
    assert len(contents(built)) == 1
    process.communicate()


def test_a_generation_that_another_process_reads_is_kept_until_it_is_done(built: Store, corpus: Path) -> None:
    process = hold(built.folder / "generations" / "g000001" / "lock", "reader")
    write(corpus, b="The bridge is open.")
    update(corpus, built, WordEmbedder())
    assert names(built) == ["g000001", "g000002"]
    process.communicate()
    with built.writing():
        pass
    assert names(built) == ["g000002"]


def test_a_generation_that_nobody_reads_goes_with_the_update_that_follows_it(built: Store, corpus: Path) -> None:
    write(corpus, b="The bridge is open.")
    update(corpus, built, WordEmbedder())
    assert names(built) == ["g000002"]


def test_an_open_generation_answers_as_before_while_others_are_published(built: Store, corpus: Path) -> None:
    with opened(built) as generation:
        write(corpus, a="The bridge is open.")
        update(corpus, built, WordEmbedder())
        write(corpus, a="The tunnel is flooded.")
        update(corpus, built, WordEmbedder())
        assert generation.library.document(generation.library.entries[0].key).text == "The harbour is closed."
        assert generation.vectors.nearest(generation.matrix[0], 1)[0][1] == pytest.approx(1, abs=1e-3)
    assert contents(built)[0][3] == "The tunnel is flooded."


def test_what_a_dead_writer_left_is_swept_away(built: Store, corpus: Path) -> None:
    for left in ("building", "g000002"):
        (built.folder / "generations" / left).mkdir()
        (built.folder / "generations" / left / "library.sqlite").write_bytes(b"half")
    (built.folder / "CURRENT.new").write_text("g0000")
    write(corpus, b="The bridge is open.")
    update(corpus, built, WordEmbedder())
    assert len(names(built)) == 1
    assert len(contents(built)) == 2


def test_files_that_are_not_ours_stop_nothing(built: Store, corpus: Path) -> None:
    (built.folder / "generations" / ".DS_Store").touch()
    write(corpus, b="The bridge is open.")
    update(corpus, built, WordEmbedder())
    assert len(contents(built)) == 2


def test_a_store_on_a_read_only_place_answers(built: Store, open_folder: Path) -> None:
    store = open_folder / "store"
    shutil.copytree(built.folder, store)
    for path in (store, *store.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    command = [sys.executable, "-c", READ_ONLY, str(store)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    for path in (store, *store.rglob("*")):
        path.chmod(0o755)
    assert (done.stdout.splitlines()[-1:], done.returncode) == (["1"], 0), done.stderr


READ_ONLY = """
import os, sys
from pathlib import Path
from index import Store

def ask():
    generation = Store(Path(sys.argv[1])).open()
    print(len(generation.vectors.nearest(generation.matrix[0], 1)))
    generation.close()

if os.geteuid() == 0:
    ask()  # once as root, so that everything is imported: the interpreter may lie where nobody else may read
    os.setgid(65534)
    os.setuid(65534)
ask()
"""
