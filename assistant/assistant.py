"""A question in, an answer out whose every sentence cites an exact passage. The main path of the program.

    question + earlier ones ─► rewrite ─► search ─► write and check ─► answer
                                                └─► digest ─────────┘   no model, or nothing of it stands

One code path: `ask` reads `stream` to its end. What is shown was checked; what fails is an exception until the edge,
save a model that fails, which is caught here: the digest, or the sentences verified by then, are the answer. (One that
fails at the repair alone has answered already; what it was to mend stays removed, in `writer.py`.)
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.answering import echo
from assistant.answering.digest import Digester, cite
from assistant.corpus import Corpus
from assistant.errors import ContextExceeded, ModelUnavailable
from assistant.exporting.proof import Proof
from assistant.labelling.framing import Framing, Term
from assistant.overview.glance import Glance
from assistant.question import abstain, premise, rewrite
from assistant.question.next_questions import SECONDS, Next, NextQuestions
from assistant.search import Search, require
from assistant.tables.propose import propose_rows
from assistant.tables.table import By, Table
from assistant.tables.tabulate import tabulate
from assistant.types import Answer, Citation, Claim, Event, Found, Mode, Outcome, Reason, Turn, Verified
from assistant.writing import reasons
from assistant.writing.draft import Draft
from assistant.writing.writer import Writer
from index.filter import Filter
from index.reader import Reader
from index.types import Hit

_EARLIER = 8  # questions of a conversation that a follow-up may lean on


@dataclass(frozen=True, slots=True)
class _Body:
    """What an answer consists of, whoever wrote it."""

    mode: Mode
    outcome: Outcome = Outcome.ANSWERED
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    premise: Claim | None = None
    nearest: tuple[Citation, ...] = ()
    reason: Reason | None = None


class Assistant:
    """Answers questions about one corpus. Safe to use from several threads; moves over to new generations by itself."""

    def __init__(
        self, reader: Reader, writer: Writer | None = None, *, citations: int = 8, citations_comparing: int = 12
    ) -> None:
        """Set up.

        Args:
            writer: has answers written by a model; without one, answers are digests.
            citations: of a digest, at most; `citations_comparing` where a question asks what the sources say.
        """
        self.reader = reader
        self.corpus = Corpus(reader)
        self.glance = Glance(reader)
        self.digester = Digester(reader.embedder)
        self.writer = writer
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
        """Let go of the index; what watches its folder, or follows a place, ends first."""
        if self.corpus.watcher:
            self.corpus.watcher.stop()
        if self.corpus.follower:
            self.corpus.follower.stop()
        self.glance.close()
        self.reader.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self) -> None:
        """Load the model and the index now, so that the first question does not have to wait for them."""
        with self.reader.pinned() as (_, retriever):
            retriever.candidates("warming up")
        if self.writer:
            self.writer.model.warm()

    def without_model(self) -> Assistant:
        """The same, over the same index, whose answers are digests."""
        return Assistant(self.reader, citations=self._citations, citations_comparing=self._citations_comparing)

    def over(self, reader: Reader) -> Assistant:
        """The same, over another index."""
        return Assistant(reader, self.writer, citations=self._citations, citations_comparing=self._citations_comparing)

    @property
    def answering(self) -> str:
        """Who writes the answers and what leaves this machine, in one sentence or two."""
        namespace = self.reader.store.namespace
        vectors = namespace.server.host if namespace and not namespace.server.is_here else None
        return reasons.answering(self.writer and self.writer.model, self.reader.embedder.host, vectors)

    def ask(self, question: str, history: Sequence[str | Turn | Answer] = (), **only: Any) -> Answer:
        """Answer a question; arguments and errors as in `stream`."""
        *_, answer = self.stream(question, history, **only)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[str | Turn | Answer] = (),
        *,
        perspectives: Sequence[str] = (),
        documents: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
        speakers: Sequence[str] = (),
        citations: int | None = None,
        as_typed: bool = False,
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Answer a question step by step: `Found`, then each `Verified` sentence, then the whole `Answer`.

        Args:
            history: the reader's earlier questions in this conversation, the oldest first, or the answers to them:
                these bring the names that were cited.
            perspectives, documents: search only these, by id and by path; empty means all.
            since, until: search only what was published then, as ISO dates, as precise as wanted.
            speakers: cite only words of these, by name or a part of it; "author" stands for the authors' own words.
            citations: of a digest, at most so many; by default 8, and 12 where a question asks what the sources say.
            as_typed: search the reader's own words alone: a follow-up as it stands, names in no other spelling, and no
                question beside it that leaves open what it takes for granted.
            stop: when it is set, the answer ends with the sentences verified by then.

        Raises:
            BadQuestion: the question is empty or far too long.
            UnknownPerspective, UnknownDocument, UnknownSpeaker, BadFilter: what to search in does not exist.
            CorpusError: labels or index cannot be used.
        """
        begun = time.perf_counter()
        stop = stop or threading.Event()
        question = rewrite.checked(question)
        only = Filter(tuple(perspectives), tuple(documents), since, until, tuple(speakers))
        turns = () if as_typed else tuple(rewrite.turn(given) for given in history[-_EARLIER:])
        with self.reader.pinned() as (generation, retriever):
            require(only, retriever)
            query, prompts, failure = self._rewritten(question, turns, stop)
            found = retriever.candidates(query, only, literal=as_typed)
            disputed = None if as_typed else premise.find(query, found, retriever, generation.library, only)
            found = disputed.found if disputed else found  # the question that leaves it open is answered too
            search = Search(found, self.digester, generation, retriever, only, disputed)
            seconds = {"search": time.perf_counter() - begun}
            asked, searched = search.found.query, len(search.found.perspectives)
            yield Found(query, search.found.hits, searched, asked.spellings, search.assumption, search.against)

            framing = Framing(generation.library, retriever)
            known = generation.library.spellings
            draft = Draft(query, known, prompts, search.checked, search.against, framing.one_sided)
            body: _Body | Reason | None = failure
            if self.writer and search.found.hits and not failure and not abstain.unknown_names(search.found.query):
                body = yield from self._written(self.writer, draft, search, stop)
            if not isinstance(body, _Body):
                narrowed = bool(only or search.wanted or search.assumption)
                rule = reasons.filtered_out(only) if only and not searched else None
                rule = rule or abstain.reason(search.found.query, search.windows, narrowed=narrowed)
                body = yield from self._digested(search, rule, body, citations)
            yield Answer(
                id=uuid.uuid4().hex[:12],
                question=question,
                query=query,
                mode=body.mode,
                outcome=body.outcome,
                claims=body.claims,
                citations=body.citations,
                perspectives=search.standings(body.citations),
                generation=generation.name,
                labels=retriever.labels,
                spellings=search.found.query.spellings,
                only=only,
                reason=body.reason,
                premise=body.premise,
                assumption=search.known(body.premise, body.citations),
                removed=draft.removed,
                nearest=body.nearest,
                model=self.writer.model.shown_name if self.writer and draft.prompts else None,
                prompts=draft.prompts,
                writing=draft.writing,
                echoes=echo.find(body.citations, generation.library, retriever, search.crowds),
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
        speakers: Sequence[str] = (),
    ) -> tuple[Hit, ...]:
        """The k passages that bear most on a question, best first; arguments and errors as in `stream`."""
        only = Filter(tuple(perspectives), tuple(documents), since, until, tuple(speakers))
        with self.reader.pinned() as (_, retriever):
            require(only, retriever)
            return retriever.search(rewrite.checked(question), k, only)

    def terms(self, about: str | None = None) -> tuple[Term, ...]:
        """Words that only one side uses for a thing, the surest first; errors as in `stream`.

        Args:
            about: a question: only terms in the passages found for it. Without one, every passage is read.
        """
        with self.reader.pinned() as (generation, retriever):
            framing = Framing(generation.library, retriever)
            if about is None:
                return framing.everywhere()
            found = retriever.candidates(rewrite.checked(about))
            return framing.found(hit.passage for hit in found.hits)

    def table(
        self,
        question: str,
        history: Sequence[str | Turn | Answer] = (),
        *,
        by: str = By.PERSPECTIVES,
        perspectives: Sequence[str] = (),
        documents: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
        speakers: Sequence[str] = (),
        stop: threading.Event | None = None,
    ) -> Table:
        """What the perspectives, or the speakers, have on a question, point by point; the rest as in `stream`.

        Args:
            by: "perspectives" or "voices": what the columns are.
            stop: when it is set, no model's rows are waited for.
        """
        columns = By(by)
        stop = stop or threading.Event()
        question = rewrite.checked(question)
        only = Filter(tuple(perspectives), tuple(documents), since, until, tuple(speakers))
        query = rewrite.rewritten(question, tuple(rewrite.turn(given) for given in history[-_EARLIER:]))
        with self.reader.pinned() as (generation, retriever):
            require(only, retriever)
            search = Search(retriever.candidates(query, only), self.digester, generation, retriever, only)
            framing = Framing(generation.library, retriever)
            draft = Draft(query, generation.library.spellings, None, search.checked, (), framing.one_sided)
            writer = self.writer if not abstain.unknown_names(search.found.query) else None
            propose = (lambda given: propose_rows(writer, draft, search, given, columns, stop)) if writer else None
            made = tabulate(search, self.digester, self.reader.embedder, query, columns, generation.name, propose)
            asked = writer.model.shown_name if writer and draft.prompts else None
            return replace(made, model=asked, prompts=draft.prompts)

    def next_questions(
        self,
        question: str,
        cited: Sequence[Proof] = (),
        *,
        seconds: float = SECONDS,
        perspectives: Sequence[str] = (),
        documents: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
        speakers: Sequence[str] = (),
    ) -> tuple[Next, ...]:
        """Up to three questions that go on from one that was answered, each of which the corpus answers as well.

        Args:
            question: as it was searched: `answer.query`.
            cited: what its answer cites: `[entry.proof for entry in answer.citations]`.
            seconds: that this may take; none is asked that was not tried. The rest, and errors, as in `stream`.
        """
        only = Filter(tuple(perspectives), tuple(documents), since, until, tuple(speakers))
        question = rewrite.checked(question)
        with self.reader.pinned() as (generation, retriever):
            require(only, retriever)

            def search(asked: str) -> Search:
                return Search(retriever.candidates(asked, only), self.digester, generation, retriever, only)

            return NextQuestions(search, generation, retriever, self._count).after(question, cited, seconds)

    def _count(self, search: Search) -> int:
        """How many passages a digest cites at most."""
        return self._citations_comparing if search.comparing else self._citations

    def _rewritten(
        self, question: str, turns: Sequence[Turn], stop: threading.Event
    ) -> tuple[str, dict[str, str], Reason | None]:
        """The question as it is searched, the prompts sent for it, and why the model could not be asked, if so."""
        plain = rewrite.rewritten(question, turns)
        if not (self.writer and rewrite.leans(question, turns)):
            return plain, {}, None
        prompts = self.writer.rewrite_prompts
        try:
            return self.writer.rewrite(question, turns, stop) or plain, prompts, None
        except ContextExceeded:
            return plain, prompts, None  # the answer itself may fit
        except ModelUnavailable as error:
            return plain, prompts, reasons.unavailable(error, stands=False)

    def _written(
        self, writer: Writer, draft: Draft, search: Search, stop: threading.Event
    ) -> Generator[Event, None, _Body | Reason]:
        """What the model wrote and could be verified; else why a digest has to take its place."""
        reason: Reason | None = None
        try:
            for event in writer.write(draft, search.evidence, stop):
                yield replace(event, assumption=search.known(event.claim, draft.citations)) if event.premise else event
        except ModelUnavailable as error:
            reason = reasons.unavailable(error, stands=draft.stands)
        if stop.is_set():
            reason = reasons.stopped(stands=draft.stands)
        elif reason is None and draft.falls_short:
            reason = reasons.partly_answered(draft.missing)
        if draft.stands or stop.is_set():
            return _Body(
                Mode.GENERATED,
                claims=tuple(draft.claims),
                citations=tuple(draft.citations),
                premise=draft.premise,
                reason=reason,
            )
        if draft.declined and reason is None:
            reason = reasons.not_answered(writer.model, len(draft.shown.evidence))
            if search.against:
                return _Body(Mode.GENERATED, citations=search.against, reason=reason)
            return _Body(Mode.GENERATED, Outcome.NOT_IN_CORPUS, nearest=search.nearest(), reason=reason)
        return reason or reasons.no_claim_left(writer.model, draft.unproven, len(draft.removed))

    def _digested(
        self, search: Search, rule: Reason | None, failure: Reason | None, citations: int | None
    ) -> Generator[Event, None, _Body]:
        """The best exact sentences; where a rule says that the corpus does not answer, the nearest passages.

        A model that failed is no such rule: then the sentences are shown, if there are any, with both reasons.
        """
        if rule and not (failure and search.windows):
            return _Body(Mode.DIGEST, Outcome.NOT_IN_CORPUS, nearest=search.nearest(), reason=rule)
        count = citations or self._count(search)
        claims, found = cite(search.digest(count), search.retriever)
        cited = [search.checked(entry) for entry in found]
        for claim in claims:
            yield Verified(claim, tuple(cited[number - 1] for number in claim.citations), mode=Mode.DIGEST)
        reason = reasons.with_rule(failure, rule) if failure and rule else failure
        return _Body(Mode.DIGEST, claims=tuple(claims), citations=tuple(cited), reason=reason)
