"""Documents prepared and embedded by the workers of a Ray cluster, streamed in order to the one writer.

    paths, in batches ─► Ray Data: tasks that load, split, find voices and embed ─► batches, in order

Load, split, voices and embedding are one stage: as stages of their own they would send every text from machine to
machine. A stage of tasks and not of actors: a worker that has died is no actor's place left empty, tasks run wherever
a core is free, and a worker keeps the model from one task to the next all the same. A worker that dies costs its batch,
which Ray gives to another one; a batch that ends several is looked at here, file by file, in processes of its own.

Files are read where the worker runs, so all machines must have the folder under the same path. The one file that
imports Ray.
"""

from __future__ import annotations

import logging
import os
import pickle
import re
import secrets
import socket
import sys
import tempfile
import warnings
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from index.cache import key_of
from index.embed import Embedder, LocalEmbedder, cores
from index.engines.engines import Job
from index.engines.pool import in_processes
from index.engines.prepare import Prepared, chunker_for, embedding_text, prepare
from index.errors import CorpusError, EngineUnavailable
from index.loading.chunk import Chunker

INSTALL = 'Install it with: pip install "ray[data]>=2.60,<2.64"'
UNSEEN = (
    "The Ray worker that was to read this file does not see it. "
    "Put the folder where every machine of the cluster has it under the same path"
)
_TOKEN = (
    "Set RAY_AUTH_MODE to token, and RAY_AUTH_TOKEN to what `ray get-auth-token` prints there, or leave out --engine"
)
_ADDRESS = re.compile(r"auto|(?:ray://)?[^\s/]+:[0-9]{1,5}")
_DOCUMENTS, _BYTES = 16, 4_000_000  # of a batch, at most; a larger file is a batch of its own
_STORE = 256_000_000  # bytes of memory in which a Ray of our own hands batches on
_AGAIN = 1  # times that a batch is given to another worker

_Answer = tuple[Prepared | CorpusError, bool]  # what came of a file, and whether the worker sees the file


class OnRay:
    """A Ray cluster, or a Ray of our own on this machine."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        """Set up.

        Args:
            address: of a cluster that this machine belongs to, or "auto"; without it, one is started here, and ended.
            workers: of the one that is started here; as many as there are cores, if not given.

        Raises:
            EngineUnavailable: Ray is not installed, or that is no address.
        """
        if address is not None and not _ADDRESS.fullmatch(address):
            raise EngineUnavailable(f"{address!r} is no address of a Ray", "Give auto, or HOST:PORT")
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is told to anybody
        if address is None:
            # Read when Ray is imported. Despite its name it says on any system whether a Ray belongs to a cluster; one
            # that does not listens at 127.0.0.1 alone.
            os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
            if "RAY_AUTH_MODE" not in os.environ:
                # Only who has the token may have it do something. Given none, Ray leaves one in the home folder, and
                # from then on every cluster that is started on this machine wants it.
                os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        try:
            import ray.data
            import ray.exceptions
        except ImportError as error:
            raise EngineUnavailable("Ray is not installed", INSTALL) from error
        self._ray: Any = ray
        self._address, self._workers = address, workers or cores()

    @property
    def address(self) -> str:
        """Where others reach the Ray that is connected."""
        return self._ray.get_runtime_context().gcs_address

    def prepared(self, job: Job) -> Generator[Prepared]:
        """Every file of a job, in its order, with the vectors that are not kept.

        Raises:
            EngineUnavailable: there is no Ray, or it breaks off.
            CorpusError: as a worker met it.
        """
        if not job.sizes:
            return
        with self.connected():
            workers = max(1, int(self._ray.cluster_resources().get("CPU", 1)))
            todo = deque(_batches(job.sizes, max(1, min(_DOCUMENTS, len(job.sizes) // (4 * workers)))))
            kept = self._ray.put(job.cached())
            errors = self._ray.exceptions
            while todo:
                try:
                    for answers in self._stream(job, todo, kept):
                        todo.popleft()
                        yield from _read(job, answers)
                except (errors.WorkerCrashedError, errors.OutOfMemoryError):
                    # The first that is missing may be the one that ends workers; nothing but its own process ends here.
                    batch = todo.popleft()
                    yield from in_processes(replace(job, sizes={path: job.sizes[path] for path in batch}), 1)
                except errors.RayError as error:
                    said = str(error).strip().splitlines() or ["no reason given"]
                    problem = f"Ray broke off ({type(error).__name__}: {said[-1]})"
                    raise EngineUnavailable(problem, "Run the same command again, or leave out --engine") from error

    def _stream(self, job: Job, batches: Sequence[list[str]], kept: Any) -> Iterator[list[_Answer]]:
        data = self._ray.data
        context = data.DataContext.get_current().copy()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        with data.DataContext.current(context), warnings.catch_warnings():
            # Ray 2.64 takes no number of tries any more; without one, a batch that ends every worker is tried for ever.
            warnings.simplefilter("ignore", DeprecationWarning)
            done = data.from_items(
                [{"paths": batch} for batch in batches], override_num_blocks=len(batches)
            ).map_batches(
                _prepare,
                fn_kwargs={"task": pickle.dumps((job.corpus, job.embedder)), "kept": kept},
                batch_size=None,
                batch_format="pyarrow",
                num_cpus=1,
                max_retries=_AGAIN,
            )
        for table in done.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
            yield from map(pickle.loads, table.column("answers").to_pylist())

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Ray, for the length of a block: for several jobs one start.

        Raises:
            EngineUnavailable: there is none at the address, or none can be started.
        """
        if self._ray.is_initialized():
            yield
            return
        with ExitStack() as stack:
            quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
            try:
                if self._address is not None:
                    _require_listener(self._address)
                    self._ray.init(address=self._address, **quiet)
                else:
                    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="parallax-ray-"))
                    with _python_path():
                        self._ray.init(
                            address="local",
                            num_cpus=self._workers,
                            object_store_memory=_STORE,
                            include_dashboard=False,
                            _node_ip_address="127.0.0.1",
                            _temp_dir=folder,
                            **quiet,
                        )
            except (RuntimeError, ValueError, OverflowError, OSError, self._ray.exceptions.RayError) as error:
                where = f"at {self._address} " if self._address else ""
                if _wants_token(error):
                    raise EngineUnavailable(f"Ray {where}lets nobody in without its token", _TOKEN) from error
                said = " ".join(str(error).split())[:200]
                raise EngineUnavailable(
                    f"Ray {where}cannot be used ({said})", "Check that it runs, or leave out --engine"
                ) from error
            stack.callback(self._ray.shutdown)
            logging.getLogger("ray.data").setLevel(logging.ERROR)
            yield


def _batches(sizes: Mapping[str, int], most: int) -> Iterator[list[str]]:
    batch: list[str] = []
    held = 0
    for path, size in sizes.items():
        if batch and (len(batch) >= most or held + size > _BYTES):
            yield batch
            batch, held = [], 0
        batch.append(path)
        held += size
    yield batch


def _read(job: Job, answers: Sequence[_Answer]) -> Iterator[Prepared]:
    for answer, seen in answers:
        if isinstance(answer, CorpusError):
            raise answer
        hidden = answer.document is None and not seen and (job.corpus / answer.path).exists()
        yield replace(answer, problem=UNSEEN) if hidden else answer


def _require_listener(address: str) -> None:
    """Look whether anybody is there; Ray itself would look for minutes, and tell each try."""
    if address != "auto":
        host, _, port = address.rpartition("/")[2].rpartition(":")
        socket.create_connection((host, int(port)), timeout=5).close()


def _wants_token(error: BaseException | None) -> bool:
    """Whether that is what Ray says, which it does deep in a chain of exceptions, in the text of one."""
    while error is not None:
        if "AuthenticationError" in f"{type(error).__name__} {error}":
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def _python_path() -> Iterator[None]:
    """Workers of our own find the packages where this process does."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(str(Path(folder).absolute()) for folder in sys.path)
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


# ── In a worker ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _prepare(table: Any, task: bytes, kept: Any) -> Any:
    """Batches of paths in, what came of them out, packed."""
    import pyarrow

    packed = [pickle.dumps([*_answers(paths, task, kept)]) for paths in table.column("paths").to_pylist()]
    return pyarrow.table({"answers": pyarrow.array(packed, pyarrow.large_binary())})


def _answers(paths: Sequence[str], task: bytes, kept: Any) -> Iterator[_Answer]:
    corpus, embedder, chunker = _tools(task)
    try:
        for path in paths:
            yield _embedded(prepare(corpus, path, chunker), embedder, _keys(kept)), (corpus / path).exists()
    except CorpusError as error:
        yield error, True


@lru_cache(maxsize=1)
def _tools(task: bytes) -> tuple[Path, Embedder, Chunker]:
    """What a worker needs for a corpus, loaded once."""
    corpus, embedder = pickle.loads(task)
    if isinstance(embedder, LocalEmbedder):
        embedder = LocalEmbedder(threads=1)  # the other cores have workers of their own
    return corpus, embedder, chunker_for(embedder)


@lru_cache(maxsize=1)
def _keys(kept: Any) -> frozenset[bytes]:
    import ray

    return ray.get(kept)


def _embedded(prepared: Prepared, embedder: Embedder, kept: frozenset[bytes]) -> Prepared:
    """With the vectors of the passages that nobody has yet."""
    if prepared.document is None:
        return prepared
    title, text = prepared.document.title, prepared.document.text
    texts = [embedding_text(title, text[start:end]) for start, end in prepared.passages]
    missing = [text for text in dict.fromkeys(texts) if key_of(embedder, text) not in kept]
    vectors = dict(zip(missing, embedder.embed(missing), strict=True)) if missing else {}
    return replace(prepared, vectors=tuple(vectors.get(text) for text in texts))
