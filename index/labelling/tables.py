"""Tables of a labels file in, what stands in them out, checked. Whatever is not as it should be is a `BadLabels`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from index.errors import BadLabels

_LONGEST = 1000  # characters


@lru_cache(maxsize=4)
def read(content: bytes) -> Mapping[str, Any]:
    """What a file says. Nobody may change it: whoever asks for the same content again is given the same tables.

    A label that is changed asks three times for 5,000 entries, which would take a third of a second each.

    Raises:
        UnicodeDecodeError, TOMLDecodeError: it is no TOML.
    """
    return tomllib.loads(content.decode("utf-8-sig"))


def nested(name: str, data: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The table under a key; empty where there is none."""
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise BadLabels(name, f"{key} is not a table", f"Write it as [{key}]")
    return found


def listed(name: str, data: Mapping[str, Any], key: str, header: str) -> list[dict[str, Any]]:
    """The list of tables under a key; empty where there is none.

    Args:
        header: with which each of them begins.
    """
    found = data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadLabels(name, f"{key} is not a list of tables", f"Begin each entry with {header}")
    return found


def text(name: str, table: Mapping[str, Any], key: str) -> str | None:
    """A short text on one line; None where there is none."""
    value = table.get(key)
    if value is None:
        return None
    line = " ".join(str(value).split())  # TOML dates too; a label is one line
    if not isinstance(value, (dict, list)) and len(line) <= _LONGEST:
        return line
    raise BadLabels(name, f"{key} is not a short text", f'Write {key} = "..."')


def texts(name: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of short texts, each as it was written; empty where there is none."""
    found = table.get(key, [])
    if isinstance(found, list) and all(isinstance(one, str) and one.strip() and len(one) <= _LONGEST for one in found):
        return tuple(found)
    raise BadLabels(name, f"{key} is not a list of short texts", f'Write {key} = ["...", "..."]')


def no_strangers(name: str, place: str, table: Mapping[str, Any], known: set[str]) -> None:
    """Refuse a key that means nothing: it may be a misspelt one, which would be ignored without a word."""
    for key in table:
        if key not in known:
            raise BadLabels(name, f"{place} has {key!r}, which means nothing here", f"Use: {', '.join(sorted(known))}")
