"""A path within a corpus in, its document as it is now out: as it was indexed, or read anew where the file has changed.

So a quote can be held against what its file says today, at the price of one look at the file system.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from index.errors import BadDocument
from index.generation import Generation
from index.library import INDEXED, Entry
from index.loading.load import load
from index.plan import stamp
from index.types import Document


def current(generation: Generation, id: str) -> Document | None:
    """The document as it is now; None where it is not indexed, is gone, or can no longer be read.

    Where the corpus as a whole is out of reach, as with a copy of its index alone, there is no other text than the one
    that was indexed.
    """
    entry, corpus = generation.library.entry_of(id), generation.corpus
    if entry is None or entry.state != INDEXED:
        return None
    if generation.is_replica or not corpus.is_dir():
        return generation.library.document(entry.key)
    path = corpus / id
    now = stamp(path)
    if not now:
        return None
    if now == entry.stamp or _sha256(path, now) == entry.sha256:
        return generation.library.document(entry.key)
    return _read(corpus, id, now)


def has_changed(path: Path, now: str, entry: Entry) -> bool:
    """Whether a file of which the file system says this now holds other bytes than those that were indexed."""
    return _sha256(path, now) != entry.sha256


@lru_cache(maxsize=4_096)
def _sha256(path: Path, stamp: str) -> str:
    """The hash of a file as long as the file system says this of it."""
    if not path.is_file():
        return ""  # a pipe would keep its reader waiting
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@lru_cache(maxsize=16)
def _read(corpus: Path, id: str, stamp: str) -> Document | None:
    """A file as long as the file system says this of it."""
    # A file may have become a link that leads out of the corpus, where nothing is to be read.
    if not Path(os.path.realpath(corpus / id)).is_relative_to(os.path.realpath(corpus)):
        return None
    try:
        return load(corpus / id, id)
    except BadDocument:
        return None
