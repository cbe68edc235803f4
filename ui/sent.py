"""What a browser sends with a question in, checked, as one value out: where it is kept, and what alone is searched."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from index import EVERYTHING, Filter
from ui.links import read_filter

BARE = '{"only": "#f"}'  # of a question that is kept nowhere and searched in everything
_LONGEST = 10_000_000  # characters


@dataclass(frozen=True, slots=True)
class Sent:
    """All that comes with a question but its words."""

    conversation: str | None = None  # in which the answer is kept
    only: Filter = EVERYTHING
    at: int | None = None  # the question of the conversation, from 0, that is meant; None means the last one
    branches: str | None = None  # the conversation which goes on here otherwise, and there stays as it was


def read_sent(text: object) -> Sent | None:
    """What a browser sent; None when that is nothing which the page's script would send."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        return None
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    only, at = read_filter(data.get("only")), data.get("at")
    conversation, branches = data.get("conversation"), data.get("branches")
    if only is None or not (at is None or (type(at) is int and at >= 0)):
        return None
    if not all(id is None or isinstance(id, str) for id in (conversation, branches)):
        return None
    return Sent(conversation, only, at, branches)
