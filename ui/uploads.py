"""An upload in, on to Gradio where there is room for it; else a sentence, as soon as that is known.

What is uploaded waits in a folder of its own until the reader has it added, or for an hour. Whoever can reach the page
can upload, so what waits is counted over all readers: what has come, not what somebody says will come.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.formparsers import MultiPartException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.loading.incoming import KEPT_FREE_MB, MAX_TOTAL_MB
from ui import words

_MB = 1_000_000
_AROUND = 1 * _MB  # bytes of a request that are no file
_WAITING = 1_000 * _MB  # bytes of all that waits to be added
_FILES = 2_000  # of all that wait; one upload that begins below it can bring a thousand, as Gradio has it
_SILENT = 30.0  # seconds in which nothing of an upload comes


class _Refused(MultiPartException):
    """An upload that is not read to its end; of this kind since Gradio then deletes what it has written of it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What lies in a folder."""

    files: int = 0
    size: int = 0  # bytes


class Uploads:
    """Stands in front of Gradio's upload route, of every page."""

    def __init__(
        self,
        app: ASGIApp,
        folder: Path,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        silent: float = _SILENT,
    ) -> None:
        self._app, self._folder, self._free, self._silent = app, folder, free, silent
        self._coming = 0  # bytes that have come of the uploads that are being read
        self._waiting = _Waiting()  # as it was when an upload last began or ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].rstrip("/").endswith("/gradio_api/upload"):
            await self._app(scope, receive, send)
            return
        try:
            await self._let_in(_length(scope))
        except _Refused as refused:
            await PlainTextResponse(refused.message, refused.status)(scope, receive, send)
            return
        await self._read(scope, receive, send)

    async def _let_in(self, length: int) -> None:
        """Raises where there is no room for an upload of this length."""
        if length < 0:
            raise _Refused(411, words.UPLOAD_UNSAID)
        if length > MAX_TOTAL_MB * _MB + _AROUND:
            raise _Refused(413, words.UPLOAD_TOO_LARGE.format(megabytes=MAX_TOTAL_MB))
        self._waiting = await asyncio.to_thread(_waiting, self._folder)
        if self._waiting.files >= _FILES:
            raise _Refused(507, words.UPLOAD_MANY.format(files=f"{_FILES:,}"))
        self._require_room(length)

    def _require_room(self, length: int) -> None:
        if self._coming + self._waiting.size + length > _WAITING:
            raise _Refused(507, words.UPLOAD_WAITING.format(megabytes=_WAITING // _MB))
        if self._free(self._folder) - length < KEPT_FREE_MB * _MB:
            raise _Refused(507, words.UPLOAD_FULL.format(megabytes=KEPT_FREE_MB))

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an upload on as it comes, and answer what ends before its end."""
        came, is_whole = 0, False
        broken: _Refused | None = None

        async def part() -> Message:
            nonlocal came, is_whole, broken
            if is_whole:  # what is waited for then is that the browser goes away
                return await receive()
            try:
                message = await self._part(receive)
                came += len(message["body"])
                self._coming += len(message["body"])
                self._require_room(0)
            except _Refused as error:
                broken = error
                raise
            is_whole = not message.get("more_body")
            return message

        async def answer(message: Message) -> None:
            if broken and message["type"] == "http.response.start":
                headers = [*message["headers"], (b"connection", b"close")]
                message = {**message, "status": broken.status, "headers": headers}
            await send(message)

        try:
            await self._app(scope, part, answer)
        finally:
            self._waiting = await asyncio.to_thread(_waiting, self._folder)
            self._coming -= came  # after that, so that nothing goes uncounted between the two

    async def _part(self, receive: Receive) -> Message:
        """What comes next of a body."""
        try:
            message = await asyncio.wait_for(receive(), self._silent)
        except TimeoutError as error:
            raise _Refused(408, words.UPLOAD_SILENT) from error
        if message["type"] == "http.disconnect":
            raise _Refused(400, words.UPLOAD_BROKEN_OFF)
        return {"body": b"", **message}


def _length(scope: Scope) -> int:
    """How many bytes a request says that it brings; -1 where it does not say so."""
    said = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(said[0]) if said and said[0].isdigit() else -1


def _waiting(folder: Path) -> _Waiting:
    """All files below a folder."""
    files, size = 0, 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                size += Path(place, name).lstat().st_size
                files += 1
            except OSError:
                continue  # taken away meanwhile
    return _Waiting(files, size)
