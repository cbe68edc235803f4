"""A file of names and hashed passwords in, whether somebody is let in out.

    ines:scrypt$16384$8$1$<salt>$<hash>        one a line, as `parallax user` writes it; # begins a comment

The file is read again when it has changed. Knows nothing of the web, and keeps no password.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.doors import own_file
from ui import words

_KIND = "scrypt$16384$8$1"  # 16 MB and some 50 ms a try
_NAME = re.compile(r"[^\s:#\x00-\x1f\x7f](?:[^:\x00-\x1f\x7f]{0,98}[^\s:\x00-\x1f\x7f])?")
_LINE = re.compile(rf"({_NAME.pattern}):{re.escape(_KIND)}\$([A-Za-z0-9+/]{{22}}==)\$([A-Za-z0-9+/]{{86}}==)")


class UsersError(Exception):
    """Nobody can be let in by a file; its text is the sentence that says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A salted hash, from which no password can be told."""

    salt: bytes
    hash: bytes

    @classmethod
    def of(cls, password: str) -> Secret:
        """The hash of a password, with a new salt."""
        salt = secrets.token_bytes(16)
        return cls(salt, _hashed(password, salt))

    def fits(self, password: str) -> bool:
        """Whether it is the hash of this password."""
        return hmac.compare_digest(_hashed(password, self.salt), self.hash)


class Users:
    """Those whom a file lets in."""

    def __init__(self, file: Path) -> None:
        """Read the file.

        Raises:
            UsersError: it cannot be read, or others may read it, or a line of it is none.
        """
        self._file = file
        self._nobody = Secret.of(secrets.token_hex())  # so that an unknown name takes as long as a wrong password
        self._seen, self._users = _read(file)

    def fit(self, user: str, password: str) -> bool:
        """Whether both are right, as the file says now.

        Raises:
            UsersError: as when it was read first.
        """
        if _stamp(self._file) != self._seen:
            self._seen, self._users = _read(self._file)
        fits = self._users.get(user, self._nobody).fits(password)
        return fits and user in self._users

    def seal(self, user: str) -> bytes | None:
        """What a session of this user rests on: another one after a change of password, None for who is not let in."""
        with suppress(UsersError):  # while the file is no good, whoever was let in stays
            if _stamp(self._file) != self._seen:
                self._seen, self._users = _read(self._file)
        found = self._users.get(user)
        return found.hash if found else None


def line(name: str, password: str) -> str:
    """The line of a file that lets somebody in.

    Raises:
        UsersError: it cannot be a name.
    """
    if not _NAME.fullmatch(name):
        raise UsersError(words.USERS_NAME)
    secret = Secret.of(password)
    return f"{name}:{_KIND}${b64encode(secret.salt).decode()}${b64encode(secret.hash).decode()}"


def write(file: Path, name: str, password: str) -> None:
    """Add somebody to a file, or give them another password; only its owner can read the file.

    Raises:
        UsersError: it cannot be a name, or the file cannot be read or written.
    """
    new = line(name, password)
    try:
        with own_file.in_turn(file):
            lines: list[str] = []
            if file.exists():
                _read(file, may_be_empty=True)  # of one with a bad line nothing is written over
                lines = [one for one in file.read_text("utf-8").splitlines() if _name(one) != name]
            own_file.replace(file, "\n".join([*lines, new]) + "\n")
    except OSError as error:
        raise UsersError(words.USERS_UNWRITABLE.format(file=file, problem=error.strerror)) from error


def _name(line: str) -> str:
    """Whom a line lets in, as `_read` finds it."""
    return line.strip().partition(":")[0]


def _hashed(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(errors="replace"), salt=salt, n=2**14, r=8, p=1)


def _stamp(file: Path) -> own_file.Stamp:
    with _sentences(file):
        return own_file.stamp(file)


@contextmanager
def _sentences(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsersError(words.USERS_UNREADABLE.format(file=file, problem=error.strerror)) from error
    except own_file.OpenToOthers as error:
        raise UsersError(words.USERS_OPEN.format(file=file)) from error
    except own_file.TooLong as error:
        raise UsersError(words.USERS_TOO_LONG.format(file=file)) from error


def _read(file: Path, *, may_be_empty: bool = False) -> tuple[own_file.Stamp, dict[str, Secret]]:
    with _sentences(file):
        stamp, lines = own_file.lines(file)
    users: dict[str, Secret] = {}
    places: dict[str, int] = {}
    for number, text in lines:
        found = _LINE.fullmatch(text)
        if found is None:
            raise UsersError(words.USERS_LINE.format(file=file, number=number))
        name, salt, hash = found.groups()
        if name in users:
            raise UsersError(words.USERS_TWICE.format(file=file, number=number, name=name, other=places[name]))
        users[name], places[name] = Secret(b64decode(salt), b64decode(hash)), number
    if not users and not may_be_empty:
        raise UsersError(words.USERS_NOBODY.format(file=file))
    return stamp, users
