"""The commands of the files that were deleted in the Library."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.terminal import JsonOption, StoreOption, put, put_plain, say, to_json

app = typer.Typer(no_args_is_help=True, help="The files that were deleted in the Library, which keeps them aside.")


@app.command("list")
def list_removed(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List them, the latest first."""
    from dataclasses import asdict

    from assistant.assistant import Assistant
    from assistant.commands.show import table

    with Assistant.open(store) as assistant:
        files = assistant.corpus.removed.files()
    if as_json:
        put(to_json([asdict(file) for file in files]))
    else:
        rows = [(file.path, file.on, f"{file.size:,}") for file in files]
        put_plain("\n".join(table(("file", "removed", "bytes"), rows)) if rows else "No file is kept aside.")


@app.command("put-back")
def put_back(
    file: Annotated[str, typer.Argument(help="Its path, as `parallax removed list` prints it.")],
    store: StoreOption = None,
) -> None:
    """Move one back into the corpus. No file there is written over."""
    from assistant.assistant import Assistant

    with Assistant.open(store) as assistant:
        assistant.corpus.removed.put_back(file)
        put_plain(f"{file} is back in the corpus. Index it with: parallax index {assistant.corpus.folder}")


@app.command("delete")
def delete_removed(
    file: Annotated[str, typer.Argument(help="Its path, as `parallax removed list` prints it.")],
    store: StoreOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete one for good."""
    from assistant.assistant import Assistant

    with Assistant.open(store) as assistant:
        loss = assistant.corpus.removed.loss(file)
        say(
            f"The corpus holds the same in {loss.held}; that stays."
            if loss.held
            else "The corpus holds no copy of it: what it says is lost."
        )
        if not yes and not typer.confirm(f"Delete {file} for good?", err=True):
            return
        assistant.corpus.removed.delete(file)
        put_plain(f"{file} is deleted.")
