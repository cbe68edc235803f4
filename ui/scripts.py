"""Names of script files and the words they say in, one script for a component of the page out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path


def script(*names: str, given: Mapping[str, object]) -> str:
    """One function's worth of script: what all scripts share, then these files, which share its scope.

    Args:
        given: what the script knows as `words`.
    """
    return read("dom.js", *names).replace("/*WORDS*/ {}", json.dumps(given))


def read(*names: str) -> str:
    """The text of files that lie beside this one, one after another."""
    return "".join(Path(__file__).with_name(name).read_text("utf-8") for name in names)
