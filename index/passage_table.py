"""The passage table of a generation: in a file beside the matrix, so that a reader maps it instead of asking SQLite.

    passages.i64: a checksum, then the keys of all passages, their documents, their starts, their ends; each 8 bytes

The library stays the truth of it. What is here is noticed where it is damaged, and done without where it is not there:
an older version did not write it.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np

FILE = "passages.i64"


def write(file: Path, table: np.ndarray) -> None:
    """Write a passage table as `Library.passage_table` has it."""
    columns = np.ascontiguousarray(table.T, np.int64)
    with file.open("wb") as target:
        target.write(np.int64(zlib.crc32(columns.data)).tobytes())
        target.write(columns.tobytes())


def read(file: Path, count: int) -> np.ndarray | None:
    """The table, mapped into memory; None where there is no file.

    Args:
        count: how many passages it has to hold.

    Raises:
        ValueError: it holds others, or not what was written.
    """
    if not file.exists():
        return None
    # As plain arrays: a part of a mapped one takes fifty times as long to be made as a part of these.
    cells = np.memmap(file, np.int64, "r").view(np.ndarray)
    if zlib.crc32(cells[1:].data) != cells[0]:
        raise ValueError(f"{file} is damaged")
    return cells[1:].reshape(4, count).T
