"""The command line: arguments in, text or JSON out. The edge at which errors become sentences and exit codes.

Exit status: 0 done, 1 some documents failed or an exported answer is not as it was, 2 unusable input, 130 interrupted.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.commands import labels as cli_labels
from assistant.commands import removed as cli_removed
from assistant.commands import serve as cli_serve
from assistant.commands import transport as cli_transport
from assistant.commands import watch as cli_watch
from assistant.commands.terminal import (
    DONE,
    INTERRUPTED,
    SOME_FAILED,
    UNUSABLE,
    ChromaOption,
    DocumentOption,
    JsonOption,
    PerspectiveOption,
    SinceOption,
    SpeakerOption,
    StoreOption,
    StoresOption,
    UntilOption,
    put,
    put_plain,
    say,
    to_json,
)
from assistant.errors import AssistantError
from index.errors import CorpusError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.corpora import Corpora
    from index.engines.engines import Engine

_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Ask a folder of articles that contradict one another; every citation shows its passage and its side.",
)
_app.add_typer(cli_labels.app, name="labels")
_app.add_typer(cli_removed.app, name="removed")
_app.command()(cli_serve.serve)
_app.command()(cli_serve.token)
_app.command()(cli_serve.mcp)
_app.add_typer(cli_watch.app, name="watch")
_app.command()(cli_transport.publish)
_app.command()(cli_transport.pull)


def main() -> None:
    """Run the command that the arguments name."""
    # What is printed may come from any document: characters that this terminal cannot show must not end the program.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        _app()
    except (CorpusError, AssistantError) as error:
        say(str(error))
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        say("Interrupted. What was indexed before answers as before; run the same command again to go on.")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has left: nothing more to say to it
        sys.exit(DONE)


@_app.command()
def index(
    folder: Annotated[Path, typer.Argument(help="The folder of documents.")],
    store: StoreOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be done.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Begin anew instead of bringing it up to date.")] = False,
    engine: Annotated[
        str, typer.Option(help="Who reads and embeds the documents: local, this machine; or ray, a Ray cluster.")
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option(help='Of the cluster that this machine belongs to, or "auto". Default: a Ray of its own, here.'),
    ] = None,
    as_json: JsonOption = False,
    chroma: ChromaOption = None,
) -> None:
    """Build the index of a folder, or bring it up to date."""
    from assistant import wiring

    if engine not in ("local", "ray"):
        raise typer.BadParameter("Give --engine local, or --engine ray.")
    if address is not None and engine != "ray":
        raise typer.BadParameter("Give --address only with --engine ray.")
    prepares = wiring.engine(engine, address)
    failed = _index(folder, store, prepares, dry_run=dry_run, rebuild=rebuild, as_json=as_json)
    if not dry_run:
        cli_watch.after_update(wiring.store_for(folder, store, wiring.read_settings()))
    if failed:
        sys.exit(SOME_FAILED)


def _index(
    folder: Path,
    store: Path | None,
    engine: Engine | None = None,
    *,
    dry_run: bool = False,
    rebuild: bool = False,
    as_json: bool = False,
) -> int:
    """How many documents could not be read; what was done is printed."""
    from assistant import wiring
    from assistant.commands.progress import Bar
    from index.update import dry_run as planned
    from index.update import update

    settings = wiring.read_settings()
    place = wiring.store_for(folder, store, settings)
    target, embedder = wiring.store_at(place, settings), wiring.embedder(settings)
    if embedder.host:
        say(f"The texts of the documents are sent to {embedder.host} to be embedded.")
    if target.namespace:
        say(f"The vectors are kept on the Chroma server {target.namespace.server.address}.")
    if dry_run:
        plan = planned(folder.resolve(), target, embedder)
        put(json.dumps(_plan_dict(plan)) if as_json else str(plan))
        return 0
    with Bar(sys.stderr) as bar:
        engine = engine or wiring.engine()
        report = update(folder, target, embedder, rebuild=rebuild, engine=engine, progress=bar.show)
    wiring.remember(place, say)
    if as_json:
        put(json.dumps(_report_dict(report, place)))
    else:
        for path, warning in report.warnings:
            say(f"warning: {path}: {warning}")
        for path, original in report.duplicates:
            say(f"duplicate: {path} has the same text as {original}; it is searched once")
        for path, reason in report.failed:
            say(f"failed: {path}: {reason}")
        put(f"{report.plan}; {report.passages} passages, {report.embedded} embedded, {report.seconds:.1f} s; {place}")
    return len(report.failed)


@_app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    store: StoreOption = None,
    perspective: PerspectiveOption = None,
    document: DocumentOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    speaker: SpeakerOption = None,
    citations: Annotated[int | None, typer.Option(min=1, max=40, help="At most so many passages in a digest.")] = None,
    after: Annotated[
        list[str] | None, typer.Option(help="A question asked before this one, the oldest first. May be repeated.")
    ] = None,
    as_typed: Annotated[
        bool,
        typer.Option(
            "--as-typed",
            help="Search the words alone, as they are: a follow-up as it stands, names in no other spelling.",
        ),
    ] = False,
    as_json: JsonOption = False,
    chroma: ChromaOption = None,
) -> None:
    """Answer one question. Ctrl+C ends an answer that is being written; what was verified by then stands."""
    from assistant.assistant import Assistant
    from assistant.commands import show
    from assistant.types import Found, Mode, Verified

    only: dict[str, Any] = {"since": since, "until": until, "speakers": tuple(speaker or ())}
    only |= {"perspectives": tuple(perspective or ()), "documents": tuple(document or ())}
    with Assistant.open(store) as assistant, _stopping(assistant) as stop:
        _say_where(assistant)
        events = assistant.stream(
            question,
            tuple(after or ()),
            **only,
            citations=citations,
            as_typed=as_typed,
            stop=stop,
        )
        shown: set[int] = set()  # the numbers of the quotes that were printed
        answer: Any = None
        found: Any = None
        for event in events:
            if isinstance(event, Found):
                found = event
            if isinstance(event, Verified) and event.mode is Mode.GENERATED and not as_json:
                if found.assumption and not shown:
                    put(show.assumption(found.assumption, found.against, shown))
                put(show.sentence(event, shown))
            answer = event
        if as_json:
            put(to_json(answer.to_dict()))
        else:
            put(show.foot(answer) if answer.mode is Mode.GENERATED and shown else show.answer(answer))
        if not as_json and not stop.is_set():
            cited = [entry.proof for entry in answer.citations or answer.nearest]
            if onward := assistant.next_questions(answer.query, cited, **only):
                put(show.next_questions(onward))
        if stop.is_set():
            sys.exit(INTERRUPTED)


@_app.command()
def table(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    store: StoreOption = None,
    by: Annotated[str, typer.Option(help="What the columns are: perspectives, or voices.")] = "perspectives",
    perspective: PerspectiveOption = None,
    document: DocumentOption = None,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, one line a cell.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    form: Annotated[
        str, typer.Option(help="table, or agree: where the sources agree, where they dispute, and what is missing.")
    ] = "table",
    no_model: Annotated[bool, typer.Option("--no-model", help="Ask no model, also where one is set.")] = False,
    chroma: ChromaOption = None,
) -> None:
    """Set the sides of a question beside one another, point by point, in their own words.

    Where a model is set it proposes the points, and every cell is checked. Ctrl+C goes on without it.
    """
    from assistant.assistant import Assistant
    from assistant.tables import agreement, table_forms

    if form not in ("table", "agree"):
        raise typer.BadParameter("Give --form table, or --form agree.")
    if by not in ("perspectives", "voices"):
        raise typer.BadParameter("Give --by perspectives, or --by voices.")
    if as_json + as_csv + as_markdown > 1:
        raise typer.BadParameter("Give one of --json, --csv and --markdown.")
    with Assistant.open(store) as opened:
        assistant = opened.without_model() if no_model else opened
        with _stopping(assistant) as stop:
            _say_where(assistant)
            made = assistant.table(question, by=by, perspectives=perspective or (), documents=document or (), stop=stop)
    if as_json:
        put(to_json(made.to_dict()))
    elif as_csv:
        put(table_forms.to_csv(made).rstrip("\r\n"))
    else:
        forms = agreement if form == "agree" else table_forms
        put(forms.to_markdown(made) if as_markdown else forms.to_text(made))


@_app.command()
def chat(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FOLDER", help="Folders to index first; several stand side by side."),
    ] = None,
    store: StoresOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 7860,
    watch: Annotated[
        bool, typer.Option("--watch", help="Index what changes in the folders, some seconds later.")
    ] = False,
    auth: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Let in only who gives this name and the password of PARALLAX_PASSWORD; without it, you are asked.",
        ),
    ] = None,
    auth_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Let in only who is named in this file, which parallax user writes."),
    ] = None,
    keep: Annotated[bool, typer.Option("--history/--no-history", help="Keep conversations beside the index.")] = True,
    follow: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Open a replica of what is published there, and keep it current."),
    ] = None,
    every: Annotated[float, typer.Option(min=1, help="Seconds between two looks at what --follow names.")] = 60,
    chroma: ChromaOption = None,
) -> None:
    """Open the chat in a browser."""
    from importlib import import_module
    from threading import Thread

    credentials = _credentials(auth, auth_file)
    if follow is not None:
        if folders or watch or len(store or ()) > 1:
            raise typer.BadParameter("With --follow, give no folder, no --watch, and one --store at most.")
        store = [cli_transport.followed(follow, store[0] if store else None)]
    opened = _opened(folders or [], store or [])
    # The page is a client of this package and not known to it, but somebody has to start it.
    page = import_module("ui.app")
    if credentials is None and page.is_open_to_others(host):
        say(page.words.OPEN_TO_ALL.format(host=host))
    for one in opened.unopened:
        say(f"{one.name} is not open: {one.reason}")
    assistants = [one.assistant for one in opened.opened]

    def ready(url: str) -> None:
        put(f"Parallax is at {url} (Ctrl+C ends it)")
        # No daemon: a program that ends while a model is being loaded is aborted by its libraries, so it waits.
        Thread(target=_warm, args=(assistants,), name="warming", daemon=False).start()

    if watch:
        for assistant in assistants:
            assistant.corpus.watch()
    if follow is not None:
        replica = assistants[0].reader.store.folder
        assistants[0].corpus.follow(lambda: cli_transport.fetch(follow, replica, quietly=True), every, say)
    say(assistants[0].answering)
    places = [
        page.Place(
            one.assistant,
            name=one.name,
            slug=one.slug,
            watched=cli_watch.following(one.assistant),
            **_history(one.assistant.reader.store.folder, keep=keep),
        )
        for one in opened.opened
    ]
    try:
        page.serve(
            places,
            host,
            port,
            ready,
            credentials=credentials,
            unopened=opened.unopened,
        )
    except page.PageError as error:
        say(str(error))
        sys.exit(UNUSABLE)


def _warm(assistants: Sequence[Assistant]) -> None:
    """Load what a first question needs; where that fails, each question says so again."""
    for assistant in assistants:
        try:
            assistant.warm()
        except (AssistantError, CorpusError) as error:
            say(str(error))


def _opened(folders: list[Path], stores: list[Path]) -> Corpora:
    """The corpora that are asked for; the folders are indexed first. A single one has no name and no word."""
    from assistant import wiring
    from assistant.assistant import Assistant
    from assistant.corpora import Corpora, Opened

    if folders and stores and len(folders) + len(stores) > 2:
        raise typer.BadParameter("Give several folders, or several indexes with --store, not both.")
    if len(folders) < 2 and len(stores) < 2:
        store = stores[0] if stores else None
        for folder in folders:
            _index(folder, store)
        return Corpora((Opened("", "", Assistant.open(store)),))
    for folder in folders:
        try:
            _index(folder, wiring.store_in(folder))
        except CorpusError as error:
            say(str(error))  # what was indexed of it before can be asked, and the others can
    return wiring.corpora([wiring.store_in(folder) for folder in folders] or stores)


@_app.command()
def user(
    name: Annotated[str, typer.Argument(help="The name to log in with.")],
    file: Annotated[Path | None, typer.Argument(help="The file to write it to, for parallax chat --auth-file.")] = None,
) -> None:
    """Let somebody log in, or give them another password: asks for it and writes a line to FILE, or prints it."""
    from importlib import import_module

    users = import_module("ui.users")
    password = os.environ.get("PARALLAX_PASSWORD") or _password()
    try:
        if file is None:
            put(users.line(name, password))
        else:
            users.write(file, name, password)
            say(f"{name} can log in with that password. parallax chat --auth-file {file}")
    except users.UsersError as error:
        say(str(error))
        sys.exit(UNUSABLE)


def _credentials(auth: str | None, file: Path | None) -> Any:
    """Who is let in, as the page wants it; None for everybody."""
    from importlib import import_module

    if auth is not None and file is not None:
        raise typer.BadParameter("Give one of --auth and --auth-file.")
    if auth is not None:
        password = os.environ.get("PARALLAX_PASSWORD") or _password()
        return import_module("ui.door").Credentials(auth, password)
    if file is None:
        return None
    users = import_module("ui.users")
    try:
        return users.Users(file)
    except users.UsersError as error:
        say(str(error))
        sys.exit(UNUSABLE)


def _password() -> str:
    """A password that is typed twice and not shown; where nobody can type one, there is nothing to go on with."""
    if not sys.stdin.isatty():
        say("This needs a password: set PARALLAX_PASSWORD, or start it in a terminal and type one.")
        sys.exit(UNUSABLE)
    return typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)


def _history(store: Path, *, keep: bool) -> dict[str, Any]:
    """Where conversations are kept, as the page wants it; or why they are not."""
    from assistant import wiring
    from assistant.errors import HistoryUnusable
    from assistant.keeping.history import FILE_NAME, History

    if not keep or not wiring.read_settings().history:
        return {}
    try:
        return {"history": History(store / FILE_NAME)}
    except HistoryUnusable as error:
        say(str(error))
        return {"why_not": str(error)}


@_app.command()
def feedback(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Count what readers said of answers on the page, or print all of it; it is kept beside the index alone."""
    from assistant import wiring
    from assistant.commands import show
    from assistant.keeping.history import FILE_NAME, History
    from index import IndexMissing

    folder = wiring.find_store(store, wiring.read_settings())
    if not folder.is_dir():
        raise IndexMissing(folder)
    file = folder / FILE_NAME
    found = History(file).judged() if file.exists() else []
    put(to_json([one.to_dict() for one in found]) if as_json else show.feedback(found))


@_app.command()
def status(store: StoresOption = None, as_json: JsonOption = False) -> None:
    """List every document with its state. Of several indexes, one after the other; as JSON, each on its line."""
    from assistant.assistant import Assistant
    from assistant.commands import show

    stores, failed = list(store or [None]), 0
    for number, one in enumerate(stores):
        try:
            with Assistant.open(one) as assistant:
                state = assistant.corpus.status()
        except CorpusError as error:
            if len(stores) == 1:
                raise
            failed += 1
            say(str(error))
            continue
        if number and not as_json:
            put("")
        put(to_json(show.status_dict(state)) if as_json else show.status(state))
    if failed:
        sys.exit(UNUSABLE if failed == len(stores) else SOME_FAILED)


@_app.command()
def text(
    document: Annotated[str, typer.Argument(help="Its path within the corpus.")], store: StoreOption = None
) -> None:
    """Print a document's text, unchanged."""
    from assistant.assistant import Assistant

    with Assistant.open(store) as assistant:
        sys.stdout.buffer.write(assistant.corpus.document(document)[0].text.encode("utf-8", "surrogatepass"))


@_app.command()
def voices(
    folder: Annotated[Path, typer.Argument(help="The folder of documents.")],
    as_json: JsonOption = False,
) -> None:
    """List who speaks where in the documents of a folder. No index is needed."""
    from assistant.commands import show
    from assistant.labelling import spoken
    from index.errors import BadDocument

    failed: list[BadDocument] = []
    read: list[spoken.Spoken] = []
    for document in spoken.read(folder, failed.append):
        for problem in document.problems:
            say(problem)
        if as_json:
            for row in document.rows():
                put(to_json(row))
        else:
            read.append(document)
    if read:
        put(show.spoken(read))
    for error in failed:
        say(f"failed: {error}")
    if failed:
        sys.exit(SOME_FAILED)


@_app.command()
def terms(
    about: Annotated[str | None, typer.Option(help="A question: only words in the passages found for it.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
    chroma: ChromaOption = None,
) -> None:
    """List the words that only one side uses for a thing, how often, and what others write instead."""
    from assistant.assistant import Assistant
    from assistant.commands import show

    with Assistant.open(store) as assistant:
        found = assistant.terms(about)
    rows = [term.to_dict() for term in found]
    put(to_json(rows) if as_json else show.terms(found))


@_app.command()
def export(
    answer: Annotated[str, typer.Argument(help="What parallax ask --json printed, as a file; - is standard input.")],
    to: Annotated[Path, typer.Option("--to", help="The file to write: .html, .md or .json.")],
    store: StoreOption = None,
) -> None:
    """Write an answer to one file that can be checked without the index. Every quote is looked for again first."""
    from assistant.exporting import bundle
    from assistant.exporting.proof import proven

    written = bundle.export(bundle.read_answer(answer, sys.stdin.buffer), to, store)
    for quote in written.doubts:
        say(str(quote))
    against = f" in {written.against}" if written.against else ", since there is no index; none is shown"
    put_plain(f"{written.file}: {proven(written.exact, written.citations)}{against}")


@_app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A file that parallax export wrote.")],
    against: Annotated[Path | None, typer.Option("--against", help="A folder to look for every quote in.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what was changed in an exported answer, and which of its quotes stand in the documents of a folder."""
    from assistant.commands import show
    from assistant.exporting import verification as check

    found = check.verify(file, against)
    put(to_json(found.to_dict()) if as_json else show.verification(found))
    if not found.holds:
        sys.exit(SOME_FAILED)


@_app.command("eval")
def evaluate(
    what: Annotated[
        list[str],
        typer.Argument(
            help='A JSON Lines file of questions with their evidence, "table" and such a file, or "voices" and one of'
            " voices."
        ),
    ],
    store: StoreOption = None,
    citations: Annotated[int | None, typer.Option(min=1, max=40, help="Citations an answer, for every system.")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Questions asked at once.")] = 1,
    voices: Annotated[
        Path | None, typer.Option(help="A JSON Lines file of who speaks in the corpus: scores the names beside quotes.")
    ] = None,
    documents: Annotated[
        Path | None, typer.Option(help="The folder of the texts that a file of voices names. Default: its own.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Ask copies of the corpus in which facts and labels were changed.")
    ] = False,
    as_json: JsonOption = False,
    chroma: ChromaOption = None,
) -> None:
    """Measure answers, or claim tables, to questions whose evidence is known, or voices, beside plainer systems."""
    from assistant.assistant import Assistant
    from assistant.commands import show
    from assistant.evaluation import evaluate, evaluate_table, evaluate_voices
    from assistant.evaluation import follow as shadows
    from assistant.evaluation.questions import read

    if what[0] == "voices" and len(what) == 2:
        rows = evaluate.figures(evaluate_voices.evaluate(Path(what[1]), documents))
    elif what[0] == "table" and len(what) == 2:
        asked = read(Path(what[1]))
        with Assistant.open(store) as assistant:
            _say_where(assistant)
            rows = evaluate.figures(evaluate_table.evaluate(assistant, asked, citations, jobs))
    elif len(what) == 1:
        asked = read(Path(what[0]))
        with Assistant.open(store) as assistant:
            _say_where(assistant)
            if follow:
                rows = evaluate.figures(shadows.evaluate(assistant, asked, jobs))
            else:
                root = documents or assistant.corpus.folder
                marked = evaluate_voices.read(voices, root) if voices else ()
                rows = evaluate.evaluate(assistant, asked, citations, jobs, marked)
    else:
        raise typer.BadParameter('Give a file of questions, "table" and such a file, or "voices" and a file of voices.')
    put(evaluate.to_json(rows) if as_json else show.figures(rows))


@_app.command()
def doctor(store: StoreOption = None, as_json: JsonOption = False, chroma: ChromaOption = None) -> None:
    """Say what is installed, which model and index are in use, and what to do about what is missing."""
    from assistant.commands import doctor as examine

    findings = examine.examine(store)
    if as_json:
        put(json.dumps([finding.to_dict() for finding in findings]))
    else:
        for finding in findings:
            put(str(finding))
    if not all(finding.good for finding in findings):
        sys.exit(SOME_FAILED)


@contextmanager
def _stopping(assistant: Any) -> Iterator[threading.Event]:
    """For the length of a block the first Ctrl+C ends the answer being written, and the second the program."""
    stop = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def interrupted(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    if assistant.writer:
        signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _say_where(assistant: Any) -> None:
    """Before passages go to a model: which model, and where it is."""
    if assistant.writer:
        say(assistant.answering)


def _plan_dict(plan: Any) -> dict[str, Any]:
    return {
        "new": list(plan.new),
        "edited": [entry.id for entry in plan.edited],
        "renamed": [{"from": entry.id, "to": path} for entry, path in plan.renamed],
        "deleted": [entry.id for entry in plan.deleted],
        "retried": [entry.id for entry in plan.retried],
        "unchanged": len(plan.unchanged),
    }


def _report_dict(report: Any, store: Path) -> dict[str, Any]:
    return {
        "store": str(store),
        "generation": report.generation,
        "plan": _plan_dict(report.plan),
        "passages": report.passages,
        "embedded": report.embedded,
        "failed": [{"document": path, "reason": reason} for path, reason in report.failed],
        "duplicates": [{"document": path, "of": original} for path, original in report.duplicates],
        "warnings": [{"document": path, "warning": warning} for path, warning in report.warnings],
        "seconds": round(report.seconds, 3),
    }
