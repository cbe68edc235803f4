"""The files that were taken out of a corpus: listed, put back, or deleted for good."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from index.loading.removal import Removed, destroy, put_back, removed, removed_file
from index.plan import stamp
from index.reader import Reader


@dataclass(frozen=True, slots=True)
class Loss:
    """What deleting a removed file for good will do, before it is done."""

    file: Removed
    held: str | None  # a document of the corpus with the same bytes


class RemovedFiles:
    """The removed files of one corpus. Safe to use from several threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def files(self) -> tuple[Removed, ...]:
        """All of them, the latest first."""
        with self._reader.pinned() as (generation, _):
            return removed(generation.corpus)

    def put_back(self, path: str) -> str:
        """Move a file back into the corpus; the next update indexes it. Returns its path there.

        Raises:
            UnusableFolder: there is no such file, its place in the corpus is taken, or cannot be written.
            StoreBusy: the index is being updated.
        """
        with self._reader.pinned() as (generation, _), self._reader.store.writing():
            return put_back(generation.own_corpus, path)

    def loss(self, path: str) -> Loss:
        """What `delete` would do.

        Raises:
            UnusableFolder: there is no such file.
        """
        with self._reader.pinned() as (generation, _):
            place, file = removed_file(generation.own_corpus, path)
            try:
                with place.open("rb") as opened:
                    sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
            except OSError:
                sha256 = ""  # a link that leads nowhere: nothing has its bytes
            entries = generation.library.entries
            # What has changed on the disk since does not hold these bytes any more.
            same = (entry for entry in entries if entry.sha256 == sha256 and entry.stamp)
            held = (entry.id for entry in same if entry.stamp == stamp(generation.corpus / entry.id))
            return Loss(file, next(held, None))

    def delete(self, path: str) -> None:
        """Delete a file for good.

        Raises:
            UnusableFolder: there is no such file, or it cannot be deleted.
        """
        with self._reader.pinned() as (generation, _):
            destroy(generation.own_corpus, path)
