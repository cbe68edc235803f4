"""The commands of labels."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Annotated

import typer

from assistant.commands.terminal import UNUSABLE, JsonOption, StoreOption, put, put_plain, say, to_json

app = typer.Typer(no_args_is_help=True, help="The labels of the sources: which side each of them stands on.")


@app.command("check")
def check_labels(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Say what is wrong with the labels files, and which documents have no label."""
    from assistant.assistant import Assistant
    from assistant.commands import show

    with Assistant.open(store) as assistant:
        findings = assistant.corpus.check_labels()
    put(to_json(findings) if as_json else show.findings(findings))


@app.command("suggest")
def suggest_labels(
    store: StoreOption = None,
    margin: Annotated[
        float | None, typer.Option(min=0, help="Suggest from this margin on. Default: what this corpus needs.")
    ] = None,
    model: Annotated[bool, typer.Option("--model", help="Also ask the model, which can only object.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Suggest perspectives for documents without a label, from those that have one; writes sources.suggested.toml."""
    from datetime import date

    from assistant.assistant import Assistant
    from assistant.labelling import suggested

    with Assistant.open(store) as assistant:
        second = assistant.writer.model if model and assistant.writer else None
        if model:
            say(suggested.asking(second))
        assistant.reader.store.require_own()
        report = assistant.corpus.suggest_labels(margin, second)
        put(to_json(report.to_dict()) if as_json else suggested.lines(report))
        if file := suggested.write(assistant.corpus.folder, report.suggestions, date.today().isoformat()):
            say(f"Written to {file}. They read “inferred” until you confirm them.")


@app.command("confirm")
def confirm_labels(
    document: Annotated[str | None, typer.Argument(help="Its path within the corpus.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Confirm every suggestion.")] = False,
    by: Annotated[str | None, typer.Option(help="Who confirms. Default: the name of this user.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a suggested label your own: it moves from sources.suggested.toml to sources.toml, with name and date."""
    import getpass

    from assistant.assistant import Assistant

    if (document is None) is not everything:
        raise typer.BadParameter("Name one document, or give --all.")
    if by is None:
        with suppress(OSError, KeyError, ImportError):  # a user without a name stays one
            by = getpass.getuser()
    with Assistant.open(store) as assistant:
        confirmed = assistant.corpus.confirm(None if document is None else [document], by)
    if as_json:
        put(to_json({"confirmed": list(confirmed)}))
    elif confirmed:
        for name in confirmed:
            put_plain(f"confirmed: {name}")
    elif document is None:
        put("There is no suggestion to confirm. parallax labels suggest makes some.")
    else:
        say(f"{document} has no suggested label that decides: parallax status shows what it has.")
    if document is not None and not confirmed:
        sys.exit(UNUSABLE)
