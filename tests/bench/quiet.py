"""How much of the machine other processes used while something was measured. Above .15 of a core figures are noisy.

It matters for ratios too: torch's threads wait for one another, so a busy machine slows it far more than it slows us.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

LIMIT = 0.15  # cores


class Others:
    """A clock that runs while other processes do."""

    def __init__(self) -> None:
        self._begun, self._all, self._own = time.monotonic(), _all(), _own()

    def cores(self) -> float | None:
        """Cores that others used on average since the start; None where the system does not tell.

        Our own processes have to have ended: until then what they used counts as used by others.
        """
        now = _all()
        if now is None or self._all is None:
            return None
        used = now - self._all - (_own() - self._own)
        return max(0.0, used / (time.monotonic() - self._begun))


def _own() -> float:
    return sum(os.times()[:4])  # this process and its children that have ended, user and system


def _all() -> float | None:
    """Seconds that all cores together have worked: user, nice, system, interrupts, and what the host took away."""
    try:
        line = Path("/proc/stat").read_text().split("\n", 1)[0]
    except FileNotFoundError:
        return None
    user, nice, system, _idle, _waiting, hard, soft, stolen, *_ = map(int, line.split()[1:])
    return (user + nice + system + hard + soft + stolen) / os.sysconf("SC_CLK_TCK")
