"""An answer that somebody kept in, whether its quotes still stand in the documents out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant.corpus import Corpus
from assistant.doors.problems import Problem, Refused
from assistant.exporting.bundle import bundled
from assistant.exporting.verification import verify_content

_FILES = {"application/json": "answer.json", "text/html": "answer.html", "text/markdown": "answer.md"}
KINDS = tuple(_FILES)
_OTHER_KIND = Problem(415, "other_kind", f"Send an answer or an exported one as one of {', '.join(KINDS)}.")
_AGAINST = "the corpus"  # its folder is nobody's business


def checked(corpus: Corpus, content: bytes, kind: str) -> dict[str, Any]:
    """What became of each quote of an answer, or of a file that `parallax export` wrote.

    Args:
        kind: the media type that the content is said to have.

    Raises:
        BadFile: it is no answer and no exported one.
        CorpusError: the documents cannot be read.
        Refused: it is of another kind.
    """
    name = _FILES.get(kind.partition(";")[0].strip().lower())
    if name is None:
        raise Refused(_OTHER_KIND)
    answer = _answer(content) if name == "answer.json" else None
    if answer is not None:
        _, quotes = bundled(answer, _AGAINST, corpus.current)
        holds = all(quote.exact for quote in quotes)
        found: dict[str, Any] = {"holds": holds, "differences": [], "documents": []}
        found["quotes"] = [quote.to_dict() for quote in quotes]
    else:
        found = verify_content(content, Path(name), corpus.folder).to_dict()
    return {name: found[name] for name in ("holds", "differences", "documents", "quotes")} | {"against": _AGAINST}


def _answer(content: bytes) -> dict[str, Any] | None:
    """The answer itself, where that was sent and not an exported one."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return None  # what is wrong with it is told where it is read as a file
    return data if isinstance(data, dict) and "bundle" not in data else None
