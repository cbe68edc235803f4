"""A URL in, a place out that files are written to and read from: a folder, or object storage (fsspec).

What is read there is untrusted: no file is read further than its reader allows, and in a folder nothing but plain
files. What the URL says of a user is never repeated.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.errors import PlaceUnusable

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_CHAIN = re.compile(r"[a-z][a-z0-9+.-]*(://[^:]*)?::", re.IGNORECASE)  # "simplecache::s3://bucket"
_PACKAGES = {"s3": "s3", "s3a": "s3"}  # protocols that an extra of ours brings
_TRY = "See that it can be reached and that you may use it, then try again"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file there, as a list of them tells it."""

    size: int
    changed: float  # by the clock of that place, in seconds


class Remote:
    """One place; paths are relative to it and made by this program. Safe to use from several threads."""

    def __init__(self, url: str) -> None:
        """Ask nothing yet.

        Raises:
            PlaceUnusable: nothing of this kind can be reached.
        """
        self.shown = shown(url)
        if not _SCHEME.sub("", url).strip():
            raise PlaceUnusable("This address", "is empty", "Give a folder, or an address as s3://bucket/path")
        self._secrets = _secrets(url)
        if _CHAIN.match(url):
            raise PlaceUnusable("This address", "is several in one", "Give one")
        scheme = _SCHEME.match(url)
        self._protocol = scheme[1].lower() if scheme else "file"
        self._folder = _folder(url) if self._protocol in ("file", "local") else None
        self._files: Any = None
        self._root = ""
        if self._folder is None:
            self._files, self._root = self._connected(url)

    @property
    def folder(self) -> Path | None:
        """The folder that it is, where it is one."""
        return self._folder

    @property
    def is_near(self) -> bool:
        """Whether it is a folder, which many requests at once would not make faster."""
        return self._folder is not None

    def read(self, path: str, limit: int) -> bytes | None:
        """The content of a file; None where there is none.

        Raises:
            PlaceUnusable: it cannot be read, or holds more bytes than this.
        """
        try:
            with self._failures(missing=True):
                data = self._read(path, limit + 1)
        except FileNotFoundError:
            return None
        if len(data) > limit:
            raise PlaceUnusable(self.shown, f"holds more in {path} than belongs there", "Nothing was taken from it")
        return data

    def write(self, path: str, data: bytes) -> None:
        """Write a file, all of it or nothing.

        Raises:
            PlaceUnusable: it cannot be written.
        """
        with self._failures():
            if self._folder is not None:
                _write(self._folder / path, data)
            else:
                self._files.pipe_file(f"{self._root}/{path}", data)

    def files(self, under: str) -> dict[str, Seen]:
        """All files below a folder of the place, by path; errors as in `read`."""
        with self._failures():
            if self._folder is not None:
                return dict(_walk(self._folder, self._folder / under))
            self._files.invalidate_cache()
            found = self._files.find(f"{self._root}/{under}", detail=True)
            start = len(self._files._strip_protocol(self._root)) + 1
            return {
                path[start:]: Seen(int(info["size"] or 0), _time(info))
                for path, info in found.items()
                if info["type"] == "file"
            }

    def remove(self, path: str) -> None:
        """Remove a file, if it is there; errors as in `write`."""
        try:
            with self._failures(missing=True):
                if self._folder is not None:
                    (self._folder / path).unlink()
                else:
                    self._files.rm_file(f"{self._root}/{path}")
        except FileNotFoundError:
            pass

    def _read(self, path: str, limit: int) -> bytes:
        if self._folder is not None:
            return _read_plain(self._folder / path, limit)
        return self._files.cat_file(f"{self._root}/{path}", start=0, end=limit)

    def _connected(self, url: str) -> tuple[Any, str]:
        import fsspec

        try:
            with self._failures():  # some connect at once
                files, root = fsspec.core.url_to_fs(url)
        except ImportError as error:
            extra = _PACKAGES.get(self._protocol)
            name = f"parallax-reader[{extra}]" if extra else str(error.name or self._protocol)
            raise PlaceUnusable(
                self.shown, "needs a package that is not installed", f'Install it with: pip install "{name}"'
            ) from error
        return files, str(root).rstrip("/")

    @contextmanager
    def _failures(self, *, missing: bool = False) -> Iterator[None]:
        """What goes wrong there as a sentence; but for a file that is not there, where it may be missing."""
        try:
            yield
        except FileNotFoundError as error:
            if missing:
                raise
            raise PlaceUnusable(self.shown, "is not there", "Make it, or check the address") from error
        except _errors() as error:
            raise PlaceUnusable(self.shown, f"cannot be used ({self._said(error)})", _TRY) from error

    def _said(self, error: Exception) -> str:
        said = (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
        said = said.splitlines()[0][:200]
        for secret in self._secrets:
            said = said.replace(secret, "…")
        return said


def shown(url: str) -> str:
    """An address as it may be shown: without name, password and whatever follows a question mark."""
    if not _SCHEME.match(url):
        return url
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "this address"
    return f"{parts.scheme}://{host}{parts.path}"


def _secrets(url: str) -> tuple[str, ...]:
    """What of a URL must not be repeated, the longest first."""
    if not _SCHEME.match(url):
        return ()
    rest = url.partition("://")[2]
    user, at, _ = rest.partition("/")[0].rpartition("@")
    parts = (user, *user.split(":"), rest.partition("?")[2]) if at else (rest.partition("?")[2],)
    return tuple(sorted({part for part in parts if part}, key=len, reverse=True))


def _folder(url: str) -> Path:
    return Path(_SCHEME.sub("", url)).expanduser().absolute()


def _errors() -> tuple[type[Exception], ...]:
    """What the libraries below raise where a place fails; botocore's own are no OSErrors."""
    found: tuple[type[Exception], ...] = (OSError, ValueError, TimeoutError)
    if "botocore" in sys.modules:
        from botocore.exceptions import BotoCoreError, ClientError

        found += (BotoCoreError, ClientError)
    return found


def _read_plain(file: Path, limit: int) -> bytes:
    # Opening a pipe waits for its writer; reading a device may have no end.
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as opened:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{file.name} is not a file")
        return opened.read(limit)


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)


def _walk(root: Path, folder: Path) -> Iterator[tuple[str, Seen]]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            try:
                status = path.lstat()
            except FileNotFoundError:
                continue  # somebody else removed it
            if stat.S_ISREG(status.st_mode):
                yield path.relative_to(root).as_posix(), Seen(status.st_size, status.st_mtime)


def _time(info: dict[str, Any]) -> float:
    """When a file was written, in the names that the file systems of fsspec use for it."""
    time: Any = next((info[name] for name in ("LastModified", "mtime", "created") if info.get(name) is not None), 0.0)
    return float(time.timestamp() if hasattr(time, "timestamp") else time)
