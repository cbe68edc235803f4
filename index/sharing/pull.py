"""A URL and a store in, the state that is published there made the store's current one: a replica."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from index import passage_table, scan
from index.embed import Embedder
from index.errors import CorpusError, PlaceUnusable, StoreDamaged, StoreFormat, StoreUnwritable, WrongEmbedder
from index.generation import FORMAT, Generation, Manifest, Store
from index.library import Library
from index.sharing import replica
from index.sharing.blocks import mapped
from index.sharing.listing import (
    LABELS,
    LIBRARY,
    LONGEST_POINTER,
    MATRIX,
    POINTER,
    Listing,
    Pointer,
    block_path,
    read_listing,
    read_pointer,
)
from index.sharing.remote import Remote
from index.sharing.transport import AGAIN, Blocks, Copied, Gone, Progress, copied, each, listing_of
from index.vectors import read_matrix

_TRIES = 3  # when the state that is being read is removed meanwhile
_COLLECTION = 2400  # bytes a passage that Chroma takes on the disk
_ROOM = 1 << 26  # bytes that stay free on the disk


def pull(
    url: str, store: Store, *, embedder: Embedder | None = None, progress: Progress = lambda done, of: None
) -> Copied:
    """Bring a replica to the state that is published at a place; makes the replica where there is none.

    Args:
        embedder: that questions will be embedded by.

    Raises:
        WrongEmbedder: what is published was made with another one.
        PlaceUnusable: nothing is published there, or it cannot be reached or must not be taken; the replica answers as
            before.
        IsReplica, StoreBusy, StoreUnwritable, VectorsUnavailable: the store cannot be changed, or not now.
    """
    begun = time.monotonic()
    remote = Remote(url)
    _published(remote)  # before a folder is made for nothing
    with _disk_errors(store), store.writing():
        base = _base(store, remote)
        try:
            for _ in range(_TRIES):
                with suppress(Gone):
                    return _pulled(remote, store, base, embedder, progress, begun)
            raise PlaceUnusable(remote.shown, "does not hold all of what it says is published", AGAIN)
        finally:
            if base is not None:
                base.close()
                store.sweep()  # the one before goes now


def _base(store: Store, remote: Remote) -> Generation | None:
    """The state that a replica has, which most of the next one is made from."""
    name = store.current()
    if name is None:
        return None
    try:
        base = store.open()
    except (StoreDamaged, StoreFormat) as error:
        with suppress(StoreDamaged, StoreFormat, FileNotFoundError):
            if store.manifest(name).origin:
                return None  # of a damaged replica nothing is used
        raise error
    if not base.is_replica:
        base.close()
        problem = f"cannot be pulled into {store.folder}, which holds an index made from {base.corpus}"
        raise PlaceUnusable(remote.shown, problem, "Name another folder with --store")
    return base


def _pulled(
    remote: Remote,
    store: Store,
    base: Generation | None,
    embedder: Embedder | None,
    progress: Progress,
    begun: float,
) -> Copied:
    listing = listing_of(remote, _published(remote))
    known = _kept(base) if base is not None else None
    if base is not None and known == listing and base.manifest.origin == remote.shown:
        shutil.rmtree(store.folder / "incoming", ignore_errors=True)  # of a run that was killed at its very end
        return copied(remote, listing, base.name, False, (), begun)
    if listing.index != FORMAT:
        problem = f"holds an index of format {listing.index}, and this version of Parallax reads format {FORMAT}"
        raise PlaceUnusable(remote.shown, problem, "Use the same version on both sides")
    if embedder is not None and embedder.fingerprint != listing.embedder:
        raise WrongEmbedder(remote.shown, listing.embedder_name, embedder.name)
    _require_room(remote, store, listing)
    incoming = store.folder / "incoming"
    incoming.mkdir(exist_ok=True)
    here, same = Blocks(), set[str]()
    if base is not None and known is not None:
        same = {name for name, blocks in listing.files.items() if blocks == known.files[name]}
        for name, blocks in known.files.items():
            here.add(mapped(base.folder / name), blocks)
    parts = dict(listing.parts)
    wanted = dict(part for name, blocks in listing.files.items() if name not in same for part in blocks)
    missing = [sha256 for sha256 in wanted if here.sound(sha256) is None]
    fetched = [sha256 for sha256 in missing if _arrived(incoming, sha256) is None]
    each(remote, fetched, lambda sha256: _fetch(remote, incoming, sha256, parts[sha256]), parts, progress)
    with store.building() as folder:
        for name, blocks in listing.files.items():
            if base is not None and name in same:
                replica.shared(base.folder / name, folder / name)
            else:
                _assemble(folder / name, blocks, here, incoming)
        if problem := replica.problem(folder, listing):
            raise PlaceUnusable(remote.shown, f"holds an index that cannot be used: {problem}", AGAIN)
        replica.KeptLabels(folder / LABELS).read()
        (folder / "listing.json").write_bytes(listing.model_dump_json().encode())
        manifest = _manifest(listing, store, remote.shown, folder, base)
        store.publish(folder, manifest)
    shutil.rmtree(incoming, ignore_errors=True)
    return copied(remote, listing, manifest.name, True, [parts[sha256] for sha256 in fetched], begun)


def _published(remote: Remote) -> Pointer:
    data = remote.read(POINTER, LONGEST_POINTER)
    if data is None:
        raise PlaceUnusable(remote.shown, "holds no published index", "Put one there with: parallax publish")
    return read_pointer(remote.shown, data)


def _manifest(listing: Listing, store: Store, origin: str, folder: Path, base: Generation | None) -> Manifest:
    collection = listing.collection if store.namespace else None  # who names a server reads the vectors there
    dead = 0 if collection else replica.fill(folder, listing.dimensions, base)
    scan.write(folder / scan.FILE, read_matrix(folder / MATRIX, listing.dimensions))
    with closing(Library(folder / LIBRARY)) as library:
        passage_table.write(folder / passage_table.FILE, library.passage_table)
    return Manifest(
        format=FORMAT,
        name=store.next_name(),
        corpus=f"replica/{_plain(listing.corpus)}",
        embedder=listing.embedder,
        embedder_name=listing.embedder_name,
        dimensions=listing.dimensions,
        passages=listing.passages,
        documents=listing.documents,
        dead=dead,
        built=listing.built,
        collection=collection,
        origin=origin,
        published=listing.published,
    )


def _kept(base: Generation) -> Listing | None:
    """The listing that a replica was made from."""
    with suppress(OSError, PlaceUnusable):
        return read_listing(base.name, "listing.json", (base.folder / "listing.json").read_bytes())
    return None


def _require_room(remote: Remote, store: Store, listing: Listing) -> None:
    size = sum(size for _, size in listing.parts)
    needed = 2 * size + _COLLECTION * listing.passages + _ROOM  # what is fetched lies beside what is made of it
    free = shutil.disk_usage(store.folder).free
    if needed > free:
        problem = f"holds an index that needs {needed / 1e9:,.1f} GB here, and {free / 1e9:,.1f} GB are free"
        raise PlaceUnusable(remote.shown, problem, "Free some space, or name another disk with --store")


def _fetch(remote: Remote, incoming: Path, sha256: str, size: int) -> None:
    data = remote.read(block_path(sha256), size)
    if data is None:
        raise Gone
    if len(data) != size or hashlib.sha256(data).hexdigest() != sha256:
        remedy = "Remove that file there and publish again with: parallax publish"
        raise PlaceUnusable(remote.shown, f"holds something else in {block_path(sha256)} than was published", remedy)
    beside = incoming / f"{sha256}.part"
    beside.write_bytes(data)
    os.replace(beside, incoming / sha256)


def _arrived(incoming: Path, sha256: str) -> bytes | None:
    """A block that was fetched, also by a run that was interrupted."""
    try:
        data = (incoming / sha256).read_bytes()
    except FileNotFoundError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def _assemble(file: Path, parts: Iterable[tuple[str, int]], here: Blocks, incoming: Path) -> None:
    with file.open("wb") as made:
        for sha256, _ in parts:
            data = here.sound(sha256) or _arrived(incoming, sha256)
            if data is None:
                raise Gone
            made.write(data)


def _plain(name: str) -> str:
    """A name from outside as the name of a folder."""
    name = re.sub(r"[^\w .()-]", "_", name).strip(" .")
    return name or "corpus"


@contextmanager
def _disk_errors(store: Store) -> Iterator[None]:
    try:
        yield
    except CorpusError:
        raise
    except (OSError, sqlite3.Error) as error:
        said = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise StoreUnwritable(store.folder, said) from error
