"""The passages of an index before and after an update in, which of them stand in which row of its matrix out.

Rows are in the order of the passages' keys. Since passages that come take the keys of those that went, most rows stay
where they are, and on a disk that clones only the others are written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a matrix come from. All ascend; behind the first kept one that moves, nothing new stands."""

    kept: np.ndarray  # rows of the one before
    places: np.ndarray  # where each of these stands now
    new: np.ndarray  # all other rows, which are filled by what came

    @classmethod
    def after(cls, before: np.ndarray, kept: np.ndarray, now: np.ndarray) -> Rows:
        """The rows after an update.

        Args:
            before: the keys of the passages before it.
            kept: the rows of those that stay.
            now: the keys of all that are there after it.
        """
        places = np.searchsorted(now, before[kept])
        return cls(kept, places, np.setdiff1d(np.arange(len(now)), places, assume_unique=True))

    @classmethod
    def first(cls, count: int) -> Rows:
        """So many rows where none was before."""
        none = np.empty(0, np.int64)
        return cls(none, none, np.arange(count))

    @property
    def staying(self) -> int:
        """How many of the kept ones, from the first on, stay where they are."""
        return int(np.count_nonzero(self.kept == self.places))
