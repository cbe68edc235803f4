"""The progress of an index run in, one line on a terminal out."""

from __future__ import annotations

from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from index.update import Progress


class Bar:
    """Shows how far a run is: a line that renews itself on a terminal, a line every few seconds in a log."""

    _EVERY = 10.0  # seconds between two lines in a log

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False)
        self._live = Live(Text("reading the folder …"), console=self._console, transient=True, refresh_per_second=8)
        self._said = 0.0

    def __enter__(self) -> Bar:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def show(self, progress: Progress) -> None:
        """Show this state."""
        left = "" if progress.seconds_left is None else f", {_duration(progress.seconds_left)} left"
        line = (
            f"{progress.documents} of {progress.of_documents} documents, {progress.passages} passages, "
            f"{progress.rate:.0f} a second{left}"
        )
        if self._console.is_terminal:
            self._live.update(Text(line))
            return
        now = self._console.get_time()
        if now - self._said >= self._EVERY:
            self._said = now
            self._console.print(Text(line))


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
