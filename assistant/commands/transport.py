"""The commands that copy an index to a place and from there: publish, pull, and what chat does to follow one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.commands.terminal import ChromaOption, JsonOption, StoreOption, put, put_plain, say
from index.errors import CorpusError, WrongEmbedder

_Url = Annotated[
    str, typer.Argument(metavar="URL", help="A folder, or what fsspec reaches: file://, s3://bucket/path and so on.")
]


def publish(
    url: _Url,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the index and its labels to a folder or to object storage, for others to pull; only what changed is sent."""
    from assistant import wiring
    from index.sharing.publish import publish as send

    settings = wiring.read_settings()
    done = send(wiring.store_at(wiring.find_store(store, settings), settings), url, progress=_Line("sent"))
    _tell(done, "sent" if done.changed else "", as_json)


def pull(
    url: _Url,
    store: Annotated[
        Path | None, typer.Option("--store", help="Folder for the replica. Default: one of this user's, by the URL.")
    ] = None,
    as_json: JsonOption = False,
    chroma: ChromaOption = None,
) -> None:
    """Make a replica of an index that was published, or bring it up to date; only what changed is fetched."""
    from assistant import wiring

    place = _place(url, store)
    done = fetch(url, place)
    wiring.remember(place, say)
    _tell(done, f"fetched; {place}" if done.changed else f"; {place}", as_json)


def fetch(url: str, place: Path, *, quietly: bool = False) -> Any:
    """Bring the replica in a folder up to date; errors as in `index.sharing.pull.pull`."""
    from assistant import wiring
    from index.sharing.pull import pull as take

    settings = wiring.read_settings()
    progress = (lambda done, of: None) if quietly else _Line("fetched")
    return take(url, wiring.store_at(place, settings), embedder=wiring.embedder(settings), progress=progress)


def followed(url: str, given: Path | None) -> Path:
    """The replica to open for somebody who follows a place: brought up to date, where the place can be reached.

    Raises:
        CorpusError: it cannot, and there is no replica of it.
    """
    from assistant import wiring
    from index.generation import Store

    place = _place(url, given)
    try:
        fetch(url, place)
    except CorpusError as error:
        if Store(place).current() is None or isinstance(error, WrongEmbedder):
            raise
        say(f"{error} The replica answers as it was.")
    wiring.remember(place, say)
    return place


def _place(url: str, given: Path | None) -> Path:
    """Where the replica of a place goes; of a corpus with an index of its own that is named, the index."""
    from assistant import wiring

    return wiring.find_store(given, wiring.read_settings()) if given else wiring.replica_of(url)


class _Line:
    """How many bytes are done: a line that renews itself on a terminal."""

    def __init__(self, verb: str) -> None:
        self._verb = verb

    def __call__(self, done: int, of: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{self._verb} {size(done)} of {size(of)}" + ("\n" if done == of else ""))


def size(count: int) -> str:
    """A number of bytes, for people."""
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count:,} bytes"


def _tell(done: Any, what: str, as_json: bool) -> None:
    from dataclasses import asdict

    if as_json:
        put(json.dumps(asdict(done)))
    elif done.changed:
        put_plain(f"{done.place}: {size(done.sent)} of {size(done.bytes)} {what}, {done.seconds:.1f} s")
    else:
        put_plain(f"{done.place}: nothing has changed since {done.published}{what}")
