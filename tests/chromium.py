"""The Chromium that the page is looked at with.

Debian's headless shell is asked first: the same engine without the windows around it, at half the processor time a visit
(LOG.md).
"""

from __future__ import annotations

import os
import shutil

MISSING = "Chromium is not installed. Install it, or name another one in the environment variable CHROMIUM."
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def chromium() -> str | None:
    """Where it is; None where there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
