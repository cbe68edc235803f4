"""A question in, an answer out whose every sentence cites an exact passage. The main path of the program.

    question + earlier ones ─► rewrite ─► retrieve ─► digest ─► answer

One code path: `ask` reads `stream` to its end. What is shown was checked; what fails is an exception until the edge.
"""

from __future__ import annotations

import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import abstain, rewrite
from assistant.digest import Digester, choose, citation, cite
from assistant.errors import BadFilter, UnknownDocument, UnknownPerspective
from assistant.silence import standings
from assistant.types import Answer, Event, Found, Mode, Outcome, Verified
from index.errors import BadDocument, UnusableFolder
from index.generation import Generation
from index.library import Entry
from index.load import SUFFIXES
from index.plan import Plan, stamp
from index.reader import Reader
from index.retrieve import Filter, Retriever
from index.types import Document, Hit, Perspective, Source
from index.update import Progress, Report, dry_run, update

_NEAREST = 5  # passages shown when the corpus does not answer
_EXAMPLES = 4
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_QUESTIONS = "questions.jsonl"  # may lie beside the documents


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of the corpus, as the library has it and as the disk has it now."""

    entry: Entry
    source: Source
    now: str  # current | changed | gone | new


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


class Assistant:
    """Answers questions about one corpus. Safe to use from several threads; moves over to new generations by itself."""

    def __init__(self, reader: Reader, *, citations: int = 8, citations_comparing: int = 12) -> None:
        self.reader = reader
        self.digester = Digester(reader.embedder)
        self._citations = citations
        self._citations_comparing = citations_comparing

    @classmethod
    def open(cls, store: str | Path | None = None) -> Assistant:
        """Open an index; without a folder given, the one that was indexed last.

        Raises:
            CorpusError: there is none, or it cannot be used; the text says what to do.
        """
        from assistant import wiring

        return wiring.assistant(Path(store) if store is not None else None)

    def close(self) -> None:
        """Let go of the index."""
        self.reader.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self) -> None:
        """Load the model and the index now, so that the first question does not have to wait for them."""
        with self.reader.pinned() as (_, retriever):
            retriever.candidates("warming up")

    # Questions

    def ask(self, question: str, history: Sequence[str] = (), **only: Any) -> Answer:
        """Answer a question; arguments and errors as in `stream`."""
        *_, answer = self.stream(question, history, **only)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        perspectives: Sequence[str] = (),
        documents: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
        citations: int | None = None,
    ) -> Iterator[Event]:
        """Answer a question step by step: `Found`, then each `Verified` sentence, then the whole `Answer`.

        Args:
            history: the reader's earlier questions in this conversation, the oldest first.
            perspectives, documents: search only these, by id and by path; empty means all.
            since, until: search only what was published then, as ISO dates, as precise as wanted.
            citations: at most so many; by default 8, and 12 where a question asks what the sources say.

        Raises:
            BadQuestion: the question is empty or far too long.
            UnknownPerspective, UnknownDocument, BadFilter: what to search in does not exist.
            CorpusError: labels or index cannot be used.
        """
        begun = time.perf_counter()
        question = rewrite.checked(question)
        searched = rewrite.rewritten(question, history)
        only = Filter(tuple(perspectives), tuple(documents), since, until)
        with self.reader.pinned() as (generation, retriever):
            _require(only, retriever)
            found = retriever.candidates(searched, only)
            windows = self.digester.windows(found, generation.library, retriever.keys)
            seconds = {"search": time.perf_counter() - begun}
            yield Found(searched, found.hits[: self._citations], len(retriever.perspectives))

            reason = abstain.reason(found.query, windows, narrowed=bool(only))
            comparing = abstain.compares(searched)
            count = citations or (self._citations_comparing if comparing else self._citations)
            groups = [retriever.perspectives_of(window.document.id) for window in windows]
            chosen = [] if reason else choose(windows, groups, count, comparing=comparing)
            claims, cited = cite(chosen, retriever)
            for claim in claims:
                yield Verified(claim, tuple(cited[number - 1] for number in claim.citations))
            nearest = choose(windows, groups, _NEAREST, comparing=False) if reason else []
            yield Answer(
                id=uuid.uuid4().hex[:12],
                question=question,
                query=searched,
                mode=Mode.DIGEST,
                outcome=Outcome.NOT_IN_CORPUS if reason else Outcome.ANSWERED,
                claims=tuple(claims),
                citations=tuple(cited),
                perspectives=tuple(standings(found.query, windows, cited, retriever)),
                generation=generation.name,
                labels=retriever.labels,
                spellings=found.query.spellings,
                reason=reason,
                nearest=tuple(citation(number, window, retriever) for number, window in enumerate(nearest, 1)),
                seconds=seconds | {"answer": time.perf_counter() - begun},
            )

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        perspectives: Sequence[str] = (),
        documents: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
    ) -> tuple[Hit, ...]:
        """The k passages that bear most on a question, best first; arguments and errors as in `stream`."""
        only = Filter(tuple(perspectives), tuple(documents), since, until)
        with self.reader.pinned() as (_, retriever):
            _require(only, retriever)
            return retriever.search(rewrite.checked(question), k, only)

    # The corpus

    @property
    def answering(self) -> str:
        """Who writes the answers and what leaves this machine, in one sentence."""
        host = self.reader.embedder.host
        sent = f"Questions and passages are sent to {host} to be embedded." if host else "Nothing leaves this machine."
        return f"No model is set: answers are digests, the sources' own sentences. {sent}"

    def perspectives(self) -> tuple[Perspective, ...]:
        """The perspectives for which there are documents."""
        with self.reader.pinned() as (_, retriever):
            return retriever.perspectives

    def document(self, id: str) -> tuple[Document, Source]:
        """A document as it was indexed, and its card.

        Raises:
            UnknownDocument: the index holds none of this name.
        """
        with self.reader.pinned() as (generation, retriever):
            if id not in retriever.keys:
                raise UnknownDocument(id)
            return generation.library.document(retriever.keys[id]), retriever.sources(id)

    def status(self) -> Status:
        """Every document with its state in the index and on the disk."""
        with self.reader.pinned() as (generation, retriever):
            manifest = generation.manifest
            corpus = generation.corpus
            listed = [
                Listed(entry, retriever.labels_of(entry), _now(corpus, entry)) for entry in generation.library.entries
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
            )

    def check_labels(self) -> list[dict[str, str]]:
        """What the owner of the labels should know: entries that fit nothing, changed files, unlabelled documents.

        Raises:
            BadLabels: a labels file cannot be followed at all.
        """
        with self.reader.pinned() as (generation, retriever):
            return retriever.check_labels(generation.library.entries)

    def examples(self) -> tuple[str, ...]:
        """Questions that this corpus can answer, to begin with."""
        with self.reader.pinned() as (generation, _):
            return _examples(generation)

    def plan(self) -> Plan:
        """What `update` would do now."""
        return dry_run(self._corpus(), self.reader.store, self.reader.embedder)

    def update(self, progress: Callable[[Progress], None] = lambda _: None) -> Report:
        """Bring the index up to the state of the folder. Questions are answered from the old state meanwhile."""
        return update(self._corpus(), self.reader.store, self.reader.embedder, progress=progress)

    def add(self, files: Sequence[Path]) -> tuple[str, ...]:
        """Copy files into the corpus, under a new name where one is taken. Returns their paths within it.

        Raises:
            BadDocument: a file is of a kind that cannot be read.
            UnusableFolder: the corpus cannot be written.
        """
        corpus = self._corpus()
        for file in files:
            if file.suffix.lower() not in SUFFIXES:
                kinds = " ".join(sorted(SUFFIXES))
                raise BadDocument(
                    file.name, f"Files of the kind {file.suffix or 'without an ending'} cannot be read", f"Use: {kinds}"
                )
        added: list[str] = []
        for file in files:
            target = _free(corpus / file.name.lstrip("."))
            try:
                shutil.copyfile(file, target)
            except OSError as error:
                raise UnusableFolder(
                    corpus, f"{file.name} could not be copied into it ({error.strerror})", "Check it"
                ) from error
            added.append(target.name)
        return tuple(added)

    def _corpus(self) -> Path:
        with self.reader.pinned() as (generation, _):
            return generation.corpus


def _require(only: Filter, retriever: Retriever) -> None:
    """Refuse a filter that names what is not there: its empty result would look like silence of the sources."""
    known = [perspective.id for perspective in retriever.perspectives]
    for id in only.perspectives:
        if id not in known:
            raise UnknownPerspective(id, known)
    for document in only.documents:
        if document not in retriever.keys:
            raise UnknownDocument(document)
    for name, value in (("since", only.since), ("until", only.until)):
        if value and not _DATE.fullmatch(value):
            raise BadFilter(name, value)


def _now(corpus: Path, entry: Entry) -> str:
    now = stamp(corpus / entry.id)
    if not now:
        return "gone"
    return "current" if now == entry.stamp else "changed"


def _free(target: Path) -> Path:
    number, path = 1, target
    while path.exists():
        number += 1
        path = target.with_stem(f"{target.stem} ({number})")
    return path


def _examples(generation: Generation) -> tuple[str, ...]:
    """From a questions file beside the documents, those that compare first; else about the names that most share."""
    from assistant import evaluate

    try:
        written = evaluate.read(generation.corpus / _QUESTIONS)
        written.sort(key=lambda question: question.kind != "comparative")
        return tuple(question.question for question in written if question.answerable)[:_EXAMPLES]
    except evaluate.BadQuestions:
        pass  # there is none, or none that can be used: the examples are a courtesy
    documents: dict[str, int] = {}
    for counts in generation.library.names():
        for name in counts:
            documents[name] = documents.get(name, 0) + 1
    shared = sorted((name for name, count in documents.items() if count > 1), key=lambda name: (-documents[name], name))
    return tuple(f"What do the sources say about {name}?" for name in shared[:_EXAMPLES])
