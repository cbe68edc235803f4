"""What the commands share: the options that most of them have, how they end, and how they print."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

StoreOption = Annotated[
    Path | None, typer.Option("--store", help="Folder of the index. Default: the one that was indexed last.")
]
StoresOption = Annotated[
    list[Path] | None,
    typer.Option("--store", help="Folder of an index; repeat it for several. Default: the one that was indexed last."),
]


def _use_chroma(url: str | None) -> None:
    """The option says for this run what the environment says for all: it is read with the settings."""
    if url:
        os.environ["PARALLAX_CHROMA"] = url


ChromaOption = Annotated[
    str | None,
    typer.Option(
        "--chroma",
        metavar="URL",
        callback=_use_chroma,
        help="A Chroma server that has the vectors. Default: as parallax.toml says; else they lie in the index.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]

# What alone is searched.
PerspectiveOption = Annotated[
    list[str] | None, typer.Option(help="Search only this perspective (its id). May be repeated.")
]
DocumentOption = Annotated[list[str] | None, typer.Option(help="Search only this document. May be repeated.")]
SinceOption = Annotated[str | None, typer.Option(help="Search only what was published from this date on.")]
UntilOption = Annotated[str | None, typer.Option(help="Search only what was published until this date.")]
SpeakerOption = Annotated[
    list[str] | None, typer.Option(help='Cite only words of this person; "author" for the authors. May be repeated.')
]

DONE, SOME_FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130  # exit status

_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def put(line: str) -> None:
    """Print a line of output."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()  # a sentence that was verified is there to be read, also through a pipe


def put_plain(line: str) -> None:
    """Print a line that holds names out of documents."""
    from assistant.commands.show import plain

    put(plain(line))


def to_json(data: object) -> str:
    """As JSON that no terminal obeys: what steers one is written as an escape."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(data, ensure_ascii=False))


def say(line: str) -> None:
    """Print a line that is no output, on standard error."""
    from assistant.commands.show import plain

    sys.stderr.write(plain(line) + "\n")
