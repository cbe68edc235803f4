"""A store and a URL in, the store's current state and its labels copied to there."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime

import numpy as np

from index.errors import PlaceUnusable, StoreBusy, StoreUnwritable
from index.generation import FORMAT, Generation, Store, held
from index.sharing import replica
from index.sharing.blocks import even, mapped, moving
from index.sharing.listing import (
    LABELS,
    LIBRARY,
    LONGEST_LISTING,
    LONGEST_POINTER,
    MATRIX,
    POINTER,
    Listing,
    Pointer,
    block_path,
    read_listing,
    read_pointer,
)
from index.sharing.remote import Remote, Seen
from index.sharing.transport import AT_ONCE, Blocks, Copied, Gone, Progress, copied, each, listing_of

KEEP = 3  # states that stay readable for whoever began with them
GRACE = 3600.0  # seconds for which a block that belongs to no state stays: another run may be sending for one
_STATE = re.compile(r"states/([0-9]{8})-[0-9a-f]{8}\.json")
_BLOCK = re.compile(r"blocks/[0-9a-f]{2}/[0-9a-f]{64}")
_HALF = re.compile(r"(CURRENT|states/.+|blocks/.+)\.[0-9a-f]{8}\.part")  # what a run that was killed was writing


def publish(store: Store, url: str, *, progress: Progress = lambda done, of: None) -> Copied:
    """Copy the current state of a store, and the labels beside its documents, to a place.

    Raises:
        PlaceUnusable: it cannot be reached or written; what was published there before is as it was.
        StoreBusy, StoreUnwritable: another process publishes from this store, or its lock cannot be made.
        IndexMissing, StoreFormat, StoreDamaged, BadLabels: there is nothing to publish.
    """
    begun = time.monotonic()
    remote = Remote(url)
    with closing(store.open()) as generation, _publishing(store):
        _require_elsewhere(remote, store, generation)
        files, listing = _listed(generation)
        before = _before(remote)
        if before is not None and before[1] == listing.model_copy(update={"published": before[1].published}):
            return copied(remote, before[1], generation.name, False, (), begun)
        there = remote.files("blocks")
        parts = dict(listing.parts)
        missing = [sha256 for sha256, size in parts.items() if _size(there, block_path(sha256)) != size]
        each(remote, missing, lambda sha256: remote.write(block_path(sha256), files.read(sha256)), parts, progress)
        _point(remote, listing)
        _clean(remote)
        return copied(remote, listing, generation.name, True, [parts[sha256] for sha256 in missing], begun)


def _require_elsewhere(remote: Remote, store: Store, generation: Generation) -> None:
    """Keep the copy out of what it is made from: that folder is what every other command is given."""
    if remote.folder is None:
        return
    place, own = remote.folder.resolve(), store.folder.resolve()
    if place == generation.corpus or place == own or own in place.parents:
        raise PlaceUnusable(remote.shown, "is what the copy is made from", "Name the folder that the copy is to go to")


def _listed(generation: Generation) -> tuple[Blocks, Listing]:
    files, cut = Blocks(), {}
    labels = replica.labels_of(generation)
    labels.read()  # followers could not follow what cannot be followed here
    packed = np.frombuffer(replica.packed(labels.contents()), np.uint8)
    library, matrix = (mapped(generation.folder / name) for name in (LIBRARY, MATRIX))
    for name, data, blocks in ((LIBRARY, library, even), (MATRIX, matrix, moving), (LABELS, packed, moving)):
        cut[name] = tuple((block.sha256, block.size) for block in blocks(data))
        files.add(data, cut[name])
    manifest = generation.manifest
    return files, Listing(
        format=1,
        index=FORMAT,
        corpus=generation.corpus.name[:80],
        generation=manifest.name,
        embedder=manifest.embedder,
        embedder_name=manifest.embedder_name,
        dimensions=manifest.dimensions,
        passages=manifest.passages,
        documents=manifest.documents,
        built=manifest.built,
        published=_now(),
        collection=manifest.collection,
        library=cut[LIBRARY],
        matrix=cut[MATRIX],
        labels=cut[LABELS],
    )


def _before(remote: Remote) -> tuple[Pointer, Listing] | None:
    """What is published there; None where nothing is that can be followed."""
    data = remote.read(POINTER, LONGEST_POINTER)
    if data is None:
        return None
    with suppress(PlaceUnusable, Gone):
        pointer = read_pointer(remote.shown, data)
        return pointer, listing_of(remote, pointer)
    return None


def _point(remote: Remote, listing: Listing) -> None:
    data = listing.model_dump_json().encode()
    if len(data) > LONGEST_LISTING:
        raise PlaceUnusable(remote.shown, "cannot take so large an index", "Publish parts of the corpus apart")
    sha256 = hashlib.sha256(data).hexdigest()
    numbers = [int(found[1]) for path in remote.files("states") if (found := _STATE.fullmatch(path))]
    name = f"{max(numbers, default=0) + 1:08}-{sha256[:8]}"
    pointer = Pointer(format=1, state=name, sha256=sha256, size=len(data))
    remote.write(pointer.path, data)
    remote.write(POINTER, pointer.model_dump_json().encode())


def _clean(remote: Remote) -> None:
    """Remove states but for the last few and the latest hour's, then blocks of none, and what was left half written.

    A later run does what is left.
    """
    there = remote.files("")
    now = there[POINTER].changed if POINTER in there else 0.0  # by the same clock as the rest
    states = sorted((path for path in there if _STATE.fullmatch(path)), reverse=True)
    old = [path for path in states[KEEP:] if now - there[path].changed > GRACE]
    kept: set[str] = set()
    for path in states:
        if path not in old:
            data = remote.read(path, LONGEST_LISTING)
            if data is None:
                return  # somebody else cleans
            kept.update(block_path(sha256) for sha256, _ in read_listing(remote.shown, path, data).parts)
    for path in old:
        remote.remove(path)
    of_none = (path for path in there if (_BLOCK.fullmatch(path) and path not in kept) or _HALF.fullmatch(path))
    unused = [path for path in of_none if now - there[path].changed > GRACE]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(remote.remove, unused))


@contextmanager
def _publishing(store: Store) -> Iterator[None]:
    """One at a time: what one removes, another may count on."""
    with ExitStack() as stack:
        try:
            stack.enter_context(held(store.folder / "publishing"))
        except BlockingIOError:
            raise StoreBusy(store.folder) from None
        except OSError as error:  # the disk of the store is full, or read-only
            raise StoreUnwritable(store.folder, error.strerror or str(error)) from error
        yield


def _size(there: dict[str, Seen], path: str) -> int | None:
    return there[path].size if path in there else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
