"""Where a Chroma server is, and what one store has on it. Knows nothing of Chroma itself.

Which server is asked is for the settings alone to say. A store that came from elsewhere cannot name one: questions, and
a key, would go there.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

FILE = "collections"  # in a store; holds the word that its collections begin with, on whatever server
TENANT, DATABASE = "default_tenant", "default_database"


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """A Chroma server, or Chroma Cloud."""

    url: str  # http://host:port, or https://
    tenant: str = TENANT
    database: str = DATABASE
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # keys among them

    @property
    def host(self) -> str:
        """The machine."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port; that of the scheme where none is given."""
        return urlsplit(self.url).port or (443 if self.ssl else 80)

    @property
    def ssl(self) -> bool:
        """Whether it is spoken to over TLS."""
        return urlsplit(self.url).scheme == "https"

    @property
    def is_here(self) -> bool:
        """Whether that is this machine."""
        return self.host in ("localhost", "127.0.0.1", "::1")

    @property
    def address(self) -> str:
        """The address as it may be shown: without name and password."""
        return f"{urlsplit(self.url).scheme}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Namespace:
    """What a store has on a server: collections whose names begin with this prefix, and no others."""

    server: ChromaServer
    prefix: str

    def new_name(self, generation: str) -> str:
        """The name of a collection that has not been yet, also where one of this generation was left half written."""
        return f"{self.prefix}-{generation}-{secrets.token_hex(4)}"


def namespace(store: Path, server: ChromaServer) -> Namespace:
    """What a store has, or will have, on a server.

    A copy of a store begins with a prefix of its own: what the original has on the server is not its to remove. It
    reads what it was copied with, by the full names that its generations know.
    """
    try:
        prefix, place = (store / FILE).read_text("utf-8", "replace").split()
        if place == _place(store, store / FILE):
            return Namespace(server, prefix)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        pass
    return Namespace(server, f"parallax-{secrets.token_hex(8)}")


def remember(store: Path, kept: Namespace) -> None:
    """Keep what the collections of a store begin with, before there is one: all at once, and only where it is not kept.

    Were it lost, nobody would ever remove them from the server.
    """
    if namespace(store, kept.server) == kept:
        return
    new = store / f"{FILE}.new"
    new.touch()
    new.write_text(f"{kept.prefix} {_place(store, new)}\n", "utf-8")
    os.replace(new, store / FILE)


def _place(store: Path, file: Path) -> str:
    """This very file in this very folder, and no copy of either."""
    told = f"{file.stat().st_ino} {store.resolve()}"
    return sha256(told.encode("utf-8", "surrogateescape")).hexdigest()
