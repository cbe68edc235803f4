"""The commands of watched questions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.terminal import (
    SOME_FAILED,
    ChromaOption,
    DocumentOption,
    JsonOption,
    PerspectiveOption,
    SinceOption,
    SpeakerOption,
    StoreOption,
    UntilOption,
    put,
    put_plain,
    say,
    to_json,
)

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.watching.watched import WatchedQuestion, WatchedQuestions

app = typer.Typer(no_args_is_help=True, help="Questions that are asked again after each update: what changed since.")

_AtomOption = Annotated[Path | None, typer.Option("--atom", metavar="FILE", help="Write what changed as an Atom feed.")]


@app.command()
def add(
    question: Annotated[str, typer.Argument(help="What you want to be told of.")],
    store: StoreOption = None,
    perspective: PerspectiveOption = None,
    document: DocumentOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    speaker: SpeakerOption = None,
    as_json: JsonOption = False,
    chroma: ChromaOption = None,
) -> None:
    """Watch a question. It is asked at once, without a model; later answers are compared with this one."""
    from assistant.assistant import Assistant
    from index.filter import Filter

    only = Filter(tuple(perspective or ()), tuple(document or ()), since, until, tuple(speaker or ()))
    with Assistant.open(store) as assistant:
        added = _watched(assistant.reader.store.folder).add(assistant, question, only)
    if as_json:
        put(to_json(added.to_dict()))
    else:
        put_plain(f"{added.id} is watched: {added.question}")


@app.command("list")
def list_watched(store: StoreOption = None, as_json: JsonOption = False, atom: _AtomOption = None) -> None:
    """List the watched questions, and what changed in each."""
    from assistant.watching import told

    folder = _folder(store)
    questions = _watched(folder).questions()
    if atom:
        _write(atom, folder, questions)
    put(to_json([one.to_dict() for one in questions]) if as_json else told.listed(questions))


@app.command()
def remove(
    id: Annotated[str, typer.Argument(help="As `parallax watch list` prints it.")], store: StoreOption = None
) -> None:
    """Watch a question no longer."""
    _watched(_folder(store)).remove(id)
    put_plain(f"{id} is watched no longer.")


@app.command()
def check(
    store: StoreOption = None, as_json: JsonOption = False, atom: _AtomOption = None, chroma: ChromaOption = None
) -> None:
    """Ask every watched question again if documents or labels are others since, and print what changed.

    That is done by itself after `parallax index`, and while `parallax chat` runs.
    """
    from assistant.assistant import Assistant
    from assistant.watching import told

    with Assistant.open(store) as assistant:
        folder = assistant.reader.store.folder
        watched = _watched(folder)
        found = watched.check(assistant, within=float("inf"))
    questions = watched.questions()
    if atom:
        _write(atom, folder, questions)
    if as_json:
        put(to_json(found.to_dict()))
    else:
        put(told.checked(found, questions))
        for id, problem in found.failed:
            say(f"{id}: {problem}")
    if found.failed:
        sys.exit(SOME_FAILED)


def after_update(store: Path) -> None:
    """Ask the watched questions of an index again that was just updated, and say how many changed.

    Nothing that goes wrong with them makes the update one that failed.
    """
    from assistant.assistant import Assistant
    from assistant.errors import AssistantError
    from assistant.watching.watched import FILE_NAME
    from index.errors import CorpusError

    if not (store / FILE_NAME).exists():
        return
    try:
        with Assistant.open(store) as assistant:
            found = _watched(store).check(assistant)
    except (AssistantError, CorpusError) as error:
        say(str(error))
        return
    if found.news:
        changed = len({news.question for news in found.news})
        say(f"{changed} of the watched questions changed. List them with: parallax watch list --store {store}")


def following(assistant: Assistant) -> WatchedQuestions | None:
    """The watched questions of an index, which are asked again from now on whenever it changes.

    None where they cannot be watched, which is said and keeps nothing else from working.
    """
    from assistant.errors import WatchUnusable
    from assistant.watching.rounds import Rounds

    try:
        watched = _watched(assistant.reader.store.folder)
    except WatchUnusable as error:
        say(str(error))
        return None
    Rounds(assistant, watched).start()
    return watched


def _watched(folder: Path) -> WatchedQuestions:
    from assistant.watching.watched import FILE_NAME, WatchedQuestions

    return WatchedQuestions(folder / FILE_NAME)


def _folder(store: Path | None) -> Path:
    from assistant import wiring

    return wiring.find_store(store, wiring.read_settings())


def _write(file: Path, folder: Path, questions: tuple[WatchedQuestion, ...]) -> None:
    from assistant.watching import feed
    from index.generation import STORE_NAME

    corpus = folder.resolve().parent.name if folder.name == STORE_NAME else folder.name
    feed.write(file, feed.atom(_watched(folder).feed_id, corpus, questions))
