"""Passages in, crowds out: many documents that say one thing, each in other words.

Copies are known by their words (`duplicates.py`); a view that is worded anew for each of thirty names is not. But its
passages lie nearer to one another than those of sources that merely speak of the same thing: linked one to the next
from .80 on, thirty rewordings make one chain of 25 to 30 documents, while among the candidates of 60 questions to 3,000
news articles no chain had more than 5, and on the debates none more than 7 (LOG.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FEWEST = 8  # documents
_LINKED = 0.80  # cosine from which on two passages of different documents are a link
_JOINS = 0.72  # to some passage of a crowd that there is already


def crowds(documents: Sequence[str], vectors: np.ndarray) -> tuple[frozenset[str], ...]:
    """The crowds among some passages, as sets of documents.

    Args:
        documents: the path of the document of each passage.
        vectors: of the passages, one a row, of length 1.
    """
    if len(set(documents)) < FEWEST:
        return ()
    # Not `@`, which wakes a thread for each core: where others use the cores, it waits 20 ms for what takes one .2 ms.
    near = np.einsum("ij,kj->ik", vectors, vectors)
    found: list[frozenset[str]] = []
    for chain in _chains(documents, near >= _LINKED):
        if len(chain) >= FEWEST:
            rows = [at for at, document in enumerate(documents) if document in chain]
            joining = np.flatnonzero(near[:, rows].max(axis=1) >= _JOINS)
            found.append(chain | {documents[at] for at in joining.tolist()})
    return tuple(found)


def _chains(documents: Sequence[str], linked: np.ndarray) -> list[frozenset[str]]:
    """The documents that are linked with one another, directly or by way of others."""
    chains = {document: {document} for document in documents}
    for one, other in np.argwhere(np.triu(linked, 1)).tolist():
        mine, theirs = chains[documents[one]], chains[documents[other]]
        if mine is not theirs:
            mine |= theirs
            chains |= dict.fromkeys(theirs, mine)
    return [frozenset(chain) for chain in {id(chain): chain for chain in chains.values()}.values()]
