"""The commands `serve`, `token` and `mcp`: the corpus for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.terminal import ChromaOption, StoreOption, put, say


def serve(
    store: StoreOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on; others than this machine's own need --tokens.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 7861,
    tokens: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Let in only who shows a token of this file, which parallax token writes."),
    ] = None,
    per_minute: Annotated[int, typer.Option(min=1, help="Requests a minute of one token, or of one address.")] = 600,
    at_once: Annotated[int, typer.Option(min=1, max=256, help="Requests worked on at once; others wait.")] = 16,
    chroma: ChromaOption = None,
) -> None:
    """Answer other programs over HTTP; /openapi.json says how to ask. Assistants find the tools of MCP at /mcp."""
    from assistant.assistant import Assistant
    from assistant.doors import http
    from assistant.doors.limits import Limits
    from assistant.doors.tokens import Tokens

    known = Tokens(tokens) if tokens else None
    with Assistant.open(store) as assistant:
        say(assistant.answering)
        http.serve(
            assistant,
            host,
            port,
            tokens=known,
            limits=Limits(per_minute=per_minute, at_once=at_once),
            ready=lambda url: put(f"Parallax answers programs at {url}/v1 and over MCP at {url}/mcp (Ctrl+C ends it)"),
        )


def token(
    name: Annotated[str, typer.Argument(help="Whose token it is.")],
    tokens: Annotated[
        Path, typer.Option(metavar="FILE", help="The file of tokens; it is made where there is none.")
    ] = Path("tokens"),
    scope: Annotated[
        list[str] | None, typer.Option(help="read, add or metrics. May be repeated. Default: read.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the token of this name back.")] = False,
) -> None:
    """Write a token for parallax serve: it is printed this once, and the file keeps only its hash."""
    from assistant.doors.tokens import Scope, take_back, write

    if remove:
        take_back(tokens, name)
        say(f"The token of {name} is let in no more.")
        return
    known = {str(one): one for one in Scope}
    if unknown := [one for one in scope or () if one not in known]:
        raise typer.BadParameter(f"There is no scope {unknown[0]}. Give --scope read, add or metrics.")
    given = list(dict.fromkeys(known[one] for one in scope or ["read"]))
    put(write(tokens, name, given))
    say(f"This is shown once. parallax serve --tokens {tokens} lets it in to {', '.join(given)}.")


def mcp(store: StoreOption = None, chroma: ChromaOption = None) -> None:
    """Be a tool of an assistant that speaks MCP: it starts this command, and asks over its input and output.

    Over HTTP, parallax serve answers such assistants, at /mcp.
    """
    from assistant.assistant import Assistant
    from assistant.doors import mcp as door

    with Assistant.open(store) as assistant:
        say(assistant.answering)
        if sys.stdin.isatty():
            say("Another program has to ask here, in the words of MCP. Ctrl+C ends this.")
        door.serve(assistant)
