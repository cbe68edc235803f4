"""The corpus behind an assistant: its documents, perspectives and state, and the ways to change them.

What the Library tab and the commands `status`, `text` and `labels` show. Knows no question.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.care import cards
from assistant.care.cards import Cards
from assistant.care.corrections import Corrections, today
from assistant.care.following import EVERY, Follower
from assistant.care.removed import RemovedFiles
from assistant.care.watching import PAUSE, Watcher
from assistant.errors import UnknownDocument
from assistant.labelling import suggest
from assistant.writing.llm import Model
from index.current import current, has_changed
from index.errors import BadLabels, UnusableFolder
from index.generation import Generation
from index.labelling.label_edit import LabelEditor
from index.labelling.labels import FILE_NAME
from index.library import DUPLICATE, INDEXED, Entry
from index.loading.incoming import Becomes, Incoming, examine, put
from index.loading.load import find
from index.loading.removal import destination, remove
from index.plan import Plan, stamp, storable
from index.reader import Reader
from index.sharing.transport import Copied
from index.types import UNLABELLED, Document, Perspective, Source, Span, VoiceKind, Voices
from index.update import Progress, Report, dry_run, update

_EXAMPLES = 4
_QUESTIONS = "questions.jsonl"  # may lie beside the documents


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of the corpus, as the library has it and as the disk has it now."""

    entry: Entry
    source: Source
    now: str  # current | changed | gone | new; of a replica, which has no files to look at, current


@dataclass(frozen=True, slots=True)
class Removal:
    """What taking a document out of the corpus will do, before it is done."""

    entry: Entry
    to: PurePosixPath  # where its file goes, relative to the corpus
    heir: str | None  # the document with the same text that will be searched in its place


@dataclass(frozen=True, slots=True)
class Status:
    """What is indexed, where, and with what."""

    corpus: Path
    store: Path
    generation: str
    embedder: str
    host: str | None  # where texts are sent to be embedded; None when they stay on this machine
    passages: int
    built: str
    documents: tuple[Listed, ...]
    origin: str | None = None  # of a replica: where it was copied from
    published: str | None = None  # and when that was put there, as ISO time, UTC


class Corpus:
    """One indexed folder. Safe to use from several threads; moves over to new generations by itself."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.removed = RemovedFiles(reader)
        self.watcher: Watcher | None = None  # where the folder is watched
        self.follower: Follower | None = None  # of a replica that is kept current
        self._corrections = Corrections(reader)

    def perspectives(self) -> tuple[Perspective, ...]:
        """The perspectives for which there are documents."""
        with self.reader.pinned() as (_, retriever):
            return retriever.perspectives

    def document(self, id: str) -> tuple[Document, Source]:
        """A document as it was indexed, and its card.

        Raises:
            UnknownDocument: the index holds none of this name.
        """
        document, source, _ = self.read(id)
        return document, source

    def read(self, id: str) -> tuple[Document, Source, Voices]:
        """A document as it was indexed, its card, and who speaks where in it.

        Raises:
            UnknownDocument: the index holds none of this name.
        """
        with self.reader.pinned() as (generation, retriever):
            if id not in retriever.keys:
                raise UnknownDocument(id)
            document = generation.library.document(retriever.keys[id])
            return document, retriever.sources(id), retriever.voices(id)

    def beginning(self, id: str) -> Span:
        """Where the first sentence of a document stands, as it was indexed.

        Raises:
            UnknownDocument: the index holds none of this name.
        """
        with self.reader.pinned() as (generation, retriever):
            if id not in retriever.keys:
                raise UnknownDocument(id)
            return generation.library.sentences(retriever.keys[id])[0]

    def current(self, id: str) -> Document | None:
        """A document as its file is now; None where it is not indexed, is gone, or can no longer be read."""
        with self.reader.pinned() as (generation, _):
            return current(generation, id)

    @property
    def size(self) -> int:
        """How many documents the index lists.

        Raises:
            CorpusError: index or labels cannot be used any more.
        """
        with self.reader.pinned() as (generation, _):
            return len(generation.library.entries)

    def status(self) -> Status:
        """Every document with its state in the index and on the disk."""
        with self.reader.pinned() as (generation, retriever):
            manifest = generation.manifest
            corpus = generation.corpus
            listed = [
                Listed(entry, retriever.labels_of(entry), "current" if generation.is_replica else _now(corpus, entry))
                for entry in generation.library.entries
            ]
            return Status(
                corpus=corpus,
                store=self.reader.store.folder,
                generation=generation.name,
                embedder=manifest.embedder_name,
                host=self.reader.embedder.host,
                passages=manifest.passages,
                built=manifest.built,
                documents=tuple(listed),
                origin=manifest.origin,
                published=manifest.published,
            )

    def check_labels(self) -> list[dict[str, str]]:
        """What the owner of the labels should know: entries that fit nothing, changed files, unlabelled documents.

        Raises:
            BadLabels: a labels file cannot be followed at all.
        """
        with self.reader.pinned() as (generation, retriever):
            return [*retriever.check_labels(generation.library.entries), *cards.problems(generation, retriever)]

    def cards(self) -> Cards:
        """Every perspective with its documents and what justifies their labels, and the documents without a label.

        Raises:
            BadLabels: a labels file cannot be followed.
        """
        with self.reader.pinned() as (generation, retriever):
            return cards.cards(generation, retriever)

    def sides(self) -> tuple[Perspective, ...]:
        """Every perspective that a document may be given, also those for which there is none yet."""
        return self._corrections.sides()

    def alike(self, document: str) -> tuple[str, ...]:
        """The other documents of a document's outlet that stand where it does.

        Raises:
            UnknownDocument: the index holds none of this name.
            BadLabels: a labels file cannot be followed.
        """
        return self._corrections.alike(document)

    def relabel(self, document: str, perspectives: Sequence[str], by: str | None = None, *, alike: bool = False) -> str:
        """Say for which perspectives a document stands, by their ids; for none, if there are none.

        Only `sources.toml` is written. Nothing is embedded, and the next answer follows it.

        Args:
            alike: say the same of the other documents of its outlet that stood where it does.

        Returns:
            A key with which this can be taken back.

        Raises:
            UnknownDocument: the index holds none of this name.
            BadLabels: there is no such perspective, or a labels file cannot be followed or changed.
            UnusableFolder: the corpus cannot be written.
        """
        return self._corrections.relabel(document, perspectives, by, alike=alike)

    def hear(
        self,
        document: str,
        start: int,
        end: int,
        speaker: str | None,
        by: str | None = None,
        kind: VoiceKind | None = None,
    ) -> str:
        """Say who speaks in a stretch of a document as it was indexed; its author, where no speaker is named.

        Only `sources.toml` is written. Nothing is embedded, and the next answer follows it.

        Args:
            kind: whether the words are the speaker's own (direct) or reported (indirect); None as it was heard before.
                Unclear, without a speaker: that nobody knows who speaks.

        Returns:
            A key with which this can be taken back.

        Raises:
            UnknownDocument: the index holds none of this name.
            BadLabels: the stretch cannot be told by its words, runs over the end of one that was corrected before, or a
                labels file cannot be followed or changed.
            UnusableFolder: the corpus cannot be written.
        """
        return self._corrections.hear(document, start, end, speaker, by, kind)

    def take_back(self, key: str) -> None:
        """Put the labels files back as they stood before a change, given by its key, if nobody changed them since.

        Raises:
            BadLabels: it was changed since, or so long ago, or by another process, that nothing is known of it.
            UnusableFolder: the corpus cannot be written.
        """
        self._corrections.take_back(key)

    def describe(self, id: str | None, label: str, description: str = "") -> Perspective:
        """Give a perspective another name and description; without an id, make a new one.

        Raises:
            BadLabels: there is none of this id, the name cannot be used, or a labels file cannot be changed.
            UnusableFolder: the corpus cannot be written.
        """
        with self.reader.pinned() as (generation, retriever):
            known = {*retriever.defined, *(side.id for side in retriever.perspectives if side != UNLABELLED)}
            if id is not None and id not in known:
                raise BadLabels(FILE_NAME, f"there is no perspective {id!r}", "Leave the id out to make a new one")
            return LabelEditor(generation.own_corpus, generation.library.entries).describe(id, label, description)

    def confirm(self, documents: Sequence[str] | None = None, by: str | None = None) -> tuple[str, ...]:
        """Make suggested labels a person's: of these documents, or of all. They move to `sources.toml`.

        Returns:
            The documents that had one.

        Raises:
            UnknownDocument: the index holds none of this name.
            BadLabels: a labels file cannot be followed or changed.
            UnusableFolder: the corpus cannot be written.
        """
        with self.reader.pinned() as (generation, retriever):
            for document in documents or ():
                if document not in retriever.keys:
                    raise UnknownDocument(document)
            entries = generation.library.entries
            chosen = [entry for entry in entries if documents is None or entry.id in documents]
            return LabelEditor(generation.own_corpus, entries).confirm(chosen, by, today())

    def suggest_labels(
        self, margin: float | None = None, model: Model | None = None, stop: threading.Event | None = None
    ) -> suggest.Report:
        """A perspective, or unknown, for each document that nobody has labelled; arguments as in `suggest.suggest`.

        Raises:
            BadLabels: a labels file cannot be followed.
        """
        with self.reader.pinned() as (generation, retriever):
            return suggest.suggest(generation, retriever, margin, model=model, stop=stop)

    def examples(self) -> tuple[str, ...]:
        """Questions that this corpus can answer, to begin with."""
        with self.reader.pinned() as (generation, _):
            return _examples(generation)

    def plan(self) -> Plan:
        """What `update` would do now."""
        self.reader.store.require_own()
        return dry_run(self.folder, self.reader.store, self.reader.embedder)

    def update(self, progress: Callable[[Progress], None] = lambda _: None) -> Report:
        """Bring the index up to the state of the folder. Questions are answered from the old state meanwhile."""
        return update(self.folder, self.reader.store, self.reader.embedder, progress=progress)

    def watch(self, pause: float = PAUSE) -> Watcher:
        """Bring the index up to date some seconds after files change, from now on.

        Raises:
            IsReplica: there are no files.
        """
        self.reader.store.require_own()
        if self.watcher is None:
            self.watcher = Watcher(lambda: self.folder, self.update, pause)
            self.watcher.start()
        return self.watcher

    def follow(
        self, pull: Callable[[], Copied], every: float = EVERY, tell: Callable[[str], object] = lambda _: None
    ) -> Follower:
        """Keep a replica current, from now on; arguments as in `Follower`."""
        if self.follower is None:
            self.follower = Follower(pull, every, tell)
            self.follower.start()
        return self.follower

    def unindexed(self) -> tuple[str, ...]:
        """Files of the folder that the index does not know yet.

        Raises:
            UnusableFolder: the folder cannot be read.
        """
        with self.reader.pinned() as (generation, _):
            if generation.is_replica:
                return ()
            known = {entry.id for entry in generation.library.entries}
            found = (storable(path.relative_to(generation.corpus).as_posix()) for path in find(generation.corpus))
            return tuple(id for id in found if id not in known)

    def removal(self, document: str) -> Removal:
        """What `remove` would do.

        Raises:
            UnknownDocument: the index holds none of this name.
            UnusableFolder: its file is not there, or not in the corpus.
        """
        with self.reader.pinned() as (generation, _):
            entries = generation.library.entries
            entry = next((entry for entry in entries if entry.id == document), None)
            if entry is None:
                raise UnknownDocument(document[:200])
            same = (
                other.id for other in entries if other.state == DUPLICATE and other.text_sha256 == entry.text_sha256
            )
            heir = next(same, None) if entry.state == INDEXED else None
            return Removal(entry, destination(generation.own_corpus, document), heir)

    def remove(self, document: str) -> PurePosixPath:
        """Move the file of a document out of the corpus; the next update takes it out of the index.

        Returns:
            Where the file lies now, relative to the corpus. Nothing is destroyed.

        Raises:
            UnknownDocument: the index holds none of this name.
            UnusableFolder: its file is not there, not in the corpus, or cannot be moved.
            StoreBusy: the index is being updated.
        """
        self.removal(document)
        with self.reader.store.writing():
            return remove(self.folder, document)

    def examine(self, files: Sequence[Path], *, replace: bool = False) -> tuple[Incoming, ...]:
        """What these files would become if they were added; see `index.loading.incoming`. Nothing is written."""
        with self.reader.pinned() as (generation, _):
            return examine(generation.own_corpus, files, generation.library.entries, replace=replace)

    def add(self, files: Sequence[Path], *, replace: bool = False) -> tuple[Incoming, ...]:
        """Copy files into the corpus, those that can be; the next update indexes them.

        Args:
            replace: a file of the same name is moved to the removed ones; else the new one goes beside it.

        Returns:
            What became of each.

        Raises:
            StoreBusy: the index is being updated.
        """
        with self.reader.store.writing():
            return tuple(self._put(incoming) for incoming in self.examine(files, replace=replace))

    def _put(self, incoming: Incoming) -> Incoming:
        """What became of one: what cannot be copied keeps its sentence, and the rest goes on."""
        if incoming.is_added:
            try:
                put(self.folder, incoming)
            except UnusableFolder as error:
                return Incoming(incoming.file, incoming.name, Becomes.REFUSED, problem=str(error))
        return incoming

    @property
    def folder(self) -> Path:
        """Where the documents are; of a replica a folder of that name, which is not there."""
        with self.reader.pinned() as (generation, _):
            return generation.corpus


def _now(corpus: Path, entry: Entry) -> str:
    now = stamp(corpus / entry.id)
    if not now:
        return "gone"
    return "current" if now == entry.stamp or not has_changed(corpus / entry.id, now, entry) else "changed"


def _examples(generation: Generation) -> tuple[str, ...]:
    """From a questions file beside the documents, those that compare first; else about the names that most share."""
    from assistant.evaluation import questions

    try:
        written = questions.read(generation.corpus / _QUESTIONS)
        written.sort(key=lambda question: question.kind != "comparative")
        return tuple(question.question for question in written if question.answerable)[:_EXAMPLES]
    except questions.BadQuestions:
        pass  # there is none, or none that can be used: the examples are a courtesy
    documents: dict[str, int] = {}
    for counts in generation.library.names():
        for name in counts:
            documents[name] = documents.get(name, 0) + 1
    shared = sorted((name for name, count in documents.items() if count > 1), key=lambda name: (-documents[name], name))
    return tuple(f"What do the sources say about {name}?" for name in shared[:_EXAMPLES])
