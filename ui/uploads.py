"""An upload in, on to Gradio where there is room for it; else a sentence, before any of it is read.

What is uploaded waits in a folder of its own until the reader has it added, or for an hour. Whoever can reach the page
can upload, so what waits is counted over all readers.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from index.incoming import KEPT_FREE_MB, MAX_TOTAL_MB
from ui import words

_MB = 1_000_000
_AROUND = 1 * _MB  # bytes of a request that are no file
_WAITING = 1_000 * _MB  # bytes of all that waits to be added


class Uploads:
    """Stands in front of Gradio's upload route, of every page."""

    def __init__(
        self, app: ASGIApp, folder: Path, free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free
    ) -> None:
        self._app, self._folder, self._free = app, folder, free
        self._coming = 0  # bytes of the uploads that are being read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].rstrip("/").endswith("/gradio_api/upload"):
            await self._app(scope, receive, send)
            return
        length = _length(scope)
        if refused := self._refused(length):
            status, problem = refused
            await PlainTextResponse(problem, status)(scope, receive, send)
            return
        self._coming += length
        try:
            await self._app(scope, receive, send)
        finally:
            self._coming -= length

    def _refused(self, length: int) -> tuple[int, str] | None:
        """The status and the sentence for an upload of this length, where it is not let through."""
        if length < 0:
            return 411, words.UPLOAD_UNSAID
        if length > MAX_TOTAL_MB * _MB + _AROUND:
            return 413, words.UPLOAD_TOO_LARGE.format(megabytes=MAX_TOTAL_MB)
        if self._coming + _size(self._folder) + length > _WAITING:
            return 507, words.UPLOAD_WAITING.format(megabytes=_WAITING // _MB)
        if self._free(self._folder) - self._coming - length < KEPT_FREE_MB * _MB:
            return 507, words.UPLOAD_FULL.format(megabytes=KEPT_FREE_MB)
        return None


def _length(scope: Scope) -> int:
    """How many bytes a request says that it brings; -1 where it does not say so."""
    said = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(said[0]) if said and said[0].isdigit() else -1


def _size(folder: Path) -> int:
    """The bytes of all files below a folder."""
    found = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                found += Path(place, name).lstat().st_size
            except OSError:
                continue  # taken away meanwhile
    return found
