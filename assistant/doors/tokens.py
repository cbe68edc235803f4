"""A file of tokens in, what whoever shows one may do out.

    news-bot:read,add:sha256$<hash>        one a line, as `parallax token` writes it; # begins a comment

A token is 256 random bits, so a plain hash of it tells nothing and is quick to look up. The file is read again when it
has changed, and keeps no token itself.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.doors import own_file
from assistant.errors import DoorUnusable

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_LINE = re.compile(rf"({_NAME.pattern}):([a-z,]+):sha256\$([0-9a-f]{{64}})")
_WRITE_IT = "Write one with: parallax token NAME --tokens {file}"


class Scope(StrEnum):
    """What a token is good for."""

    READ = "read"  # ask, search, read, verify
    ADD = "add"  # add documents
    METRICS = "metrics"  # figures of the service, and nothing of the corpus


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever showed a token."""

    name: str
    scopes: frozenset[Scope]


class Tokens:
    """Those whom a file lets in. Safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        """Read the file.

        Raises:
            DoorUnusable: it cannot be read, or others may read it, or a line of it is none.
        """
        self._file = file
        self._seen, self._bearers = _read(file)

    def bearer(self, token: str) -> Bearer | None:
        """Whose token this is, as the file says now; None for nobody's.

        While the file is no good, those whom it let in before stay.
        """
        with suppress(DoorUnusable):
            if _stamp(self._file) != self._seen:
                self._seen, self._bearers = _read(self._file)
        return self._bearers.get(_hash(token))


def write(file: Path, name: str, scopes: Iterable[Scope]) -> str:
    """Let somebody in, or give them another token; returns it. Only its owner can read the file.

    Raises:
        DoorUnusable: it cannot be a name, or the file cannot be read or written.
    """
    if not _NAME.fullmatch(name):
        problem = f"{name!r} cannot be the name of a token"
        raise DoorUnusable(file, problem, "Take up to 64 letters, digits and . _ @ - and begin with a letter or digit")
    token = f"plx_{secrets.token_urlsafe(32)}"
    given = ",".join(scope for scope in Scope if scope in set(scopes))
    _change(file, name, f"{name}:{given}:sha256${_hash(token)}")
    return token


def take_back(file: Path, name: str) -> None:
    """Let somebody in no more; errors as in `write`, and where the file names nobody of this name."""
    _, bearers = _read(file)
    if name not in {bearer.name for bearer in bearers.values()}:
        raise DoorUnusable(file, f"it names nobody called {name!r}", "Look at the names in it")
    _change(file, name, None)


def _change(file: Path, name: str, line: str | None) -> None:
    """Put another line, or none, in the place of somebody's: all at once, or not at all."""
    try:
        with own_file.in_turn(file):
            lines: list[str] = []
            if os.path.lexists(file):
                _read(file, may_be_empty=True)  # of one with a bad line nothing is written over
                lines = [one for one in file.read_text("utf-8").splitlines() if not one.strip().startswith(f"{name}:")]
            own_file.replace(file, "".join(f"{one}\n" for one in [*lines, *([line] if line else [])]))
    except OSError as error:
        raise DoorUnusable(file, f"it cannot be written ({error.strerror})", "Choose another place") from error


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _stamp(file: Path) -> own_file.Stamp:
    with _sentences(file):
        return own_file.stamp(file)


@contextmanager
def _sentences(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DoorUnusable(file, f"it cannot be read ({error.strerror})", _WRITE_IT.format(file=file)) from error
    except own_file.OpenToOthers as error:
        remedy = f"Change that with: chmod 600 {file}"
        raise DoorUnusable(file, "others than its owner can read it", remedy) from error
    except own_file.TooLong as error:
        raise DoorUnusable(file, "it is too long to be a file of tokens", _WRITE_IT.format(file="FILE")) from error


def _read(file: Path, *, may_be_empty: bool = False) -> tuple[own_file.Stamp, dict[str, Bearer]]:
    with _sentences(file):
        stamp, lines = own_file.lines(file)
    bearers: dict[str, Bearer] = {}
    for number, text in lines:
        found = _LINE.fullmatch(text)
        scopes = set(found[2].split(",")) if found else set[str]()
        if found is None or not scopes <= set(Scope):
            raise DoorUnusable(
                file, f"line {number} is none that parallax token wrote", "Take it out, or write it anew"
            )
        if found[1] in {bearer.name for bearer in bearers.values()}:
            raise DoorUnusable(file, f"line {number} names {found[1]} once more", "Take one of them out")
        bearers[found[3]] = Bearer(found[1], frozenset(map(Scope, scopes)))
    if not bearers and not may_be_empty:
        raise DoorUnusable(file, "it names nobody", _WRITE_IT.format(file=file))
    return stamp, bearers
