"""A question and a way to choose passages in, sentences that were checked out, one by one as a model writes them.

    passages ─► prompt ─► model ─► sentence by sentence: check ─► shown, or kept for one call that repairs

What a model wrote leaves this file as a claim that passed every check, or not at all.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Iterator, Sequence

from assistant.checking.checks import Checked
from assistant.checking.quotes import visible
from assistant.checking.shown import Shown
from assistant.errors import ContextExceeded, ModelUnavailable
from assistant.question import rewrite
from assistant.tables.row_checks import TYPES
from assistant.types import Turn, Verified
from assistant.writing import blocks, evidence
from assistant.writing.draft import Draft
from assistant.writing.evidence import Evidence, tokens
from assistant.writing.llm import Model
from assistant.writing.parse import SCHEMA, Item, Scanner, Unreadable, without_thoughts
from prompts import Prompt, load

_REPLY = 4_096  # tokens of a reply, at most ...
_SHARE = 4  # ... and at most one part in so many of what the model can read and write
_MOST_EVIDENCE = 7_000  # tokens of passages; more brings no more of the evidence (LOG.md)
_LEAST_EVIDENCE = 400
_REWRITTEN = 200  # tokens of a question
_EARLIER = 4  # questions that a follow-up may lean on
_FAILED = 600  # characters of a sentence or quote that the model is reminded of

_COLUMN = 60  # characters of a column's name

_REWRITE, _CONVERSATION = "rewrite", "conversation"  # prompts
_TABLE, _TABLE_QUESTION = "table", "table-question"


class Writer:
    """Has answers written by one model."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def write(
        self, draft: Draft, choose: Callable[[int], tuple[Evidence, ...]], stop: threading.Event
    ) -> Iterator[Verified]:
        """Write an answer into the draft, and hand out each sentence as soon as it has passed its checks.

        Args:
            choose: the passages to show, for a number of tokens.
            stop: when it is set, what there is by then stands.

        Raises:
            ModelUnavailable: no whole reply came; what was verified before stands in the draft.
        """
        for item in self._answer(draft, choose, stop):
            if verified := draft.take(item):
                yield verified
            if draft.full:
                break
        if stop.is_set():
            return
        try:
            for item in self._repair(draft, stop):
                if verified := draft.mend(item):
                    yield verified
        except ModelUnavailable:
            pass  # the reply itself was whole: what failed in it stays removed, and is counted

    def propose(
        self, draft: Draft, columns: Sequence[str], choose: Callable[[int], tuple[Evidence, ...]], stop: threading.Event
    ) -> str:
        """The reply of the model to a request for the rows of a claim table: not to be shown.

        Args:
            draft: notes what the model is shown, and the prompts.
            columns: their names, in the order of their numbers.

        Raises:
            ModelUnavailable: no whole reply came.
        """
        prompt, form = load(_TABLE), load(_TABLE_QUESTION)
        names = [blocks.one_line(name, _COLUMN) for name in columns]
        for _ in range(3):
            draft.show(choose(self._budget(prompt, form, " ".join([draft.question, *names]))))
            mark = draft.shown.boundary
            user = form.fill(
                passages=evidence.render(draft.shown.evidence, mark),
                columns="\n".join(f"COLUMN {at} · <<{mark} {name} {mark}>>" for at, name in enumerate(names, 1)),
                question=draft.question,
            )
            draft.prompts |= _fingerprints(prompt, form)
            types = ", ".join(f'"{name}"' for name in TYPES)
            reply = self.model.reply(prompt.fill(boundary=mark, types=types), user, most=self._most, stop=stop)
            try:
                said = "".join(reply)
            except ContextExceeded as error:
                known = self.model.context
                self.model.learn(error.tokens if error.tokens and error.tokens < known else known * 3 // 4)
                continue
            finally:
                reply.close()
            if not said.strip() and not stop.is_set():
                raise ModelUnavailable(self.model.host, "gave an empty reply", "Try again")
            return said
        raise ContextExceeded(self.model.host, None)

    @property
    def rewrite_prompts(self) -> dict[str, str]:
        """The fingerprints of the prompts with which a follow-up is rewritten."""
        return _fingerprints(load(_REWRITE), load(_CONVERSATION))

    def rewrite(self, question: str, turns: Sequence[Turn], stop: threading.Event) -> str | None:
        """A follow-up as a question that stands alone; None where the model's is not to be trusted.

        Raises:
            ModelUnavailable: no whole reply came.
        """
        turns = turns[-_EARLIER:]
        earlier = "\n".join(f"- {turn.question}" for turn in turns)
        names = json.dumps(list(dict.fromkeys(name for turn in turns for name in turn.names)), ensure_ascii=False)
        user = load(_CONVERSATION).fill(earlier=earlier, names=names, question=question)
        pieces = self.model.reply(load(_REWRITE).text, user, most=_REWRITTEN, stop=stop)
        candidate = without_thoughts("".join(pieces)).strip()
        return candidate if rewrite.accepted(candidate, question, turns) else None

    def _answer(
        self, draft: Draft, choose: Callable[[int], tuple[Evidence, ...]], stop: threading.Event
    ) -> Iterator[Item]:
        prompt, question = load("answer"), load("question")
        for _ in range(3):
            form = load("form-object" if self.model.structures else "form-lines")
            draft.show(choose(self._budget(prompt, form, draft.question)))
            system = prompt.fill(boundary=draft.shown.boundary, form=form.text)
            passages = evidence.render(draft.shown.evidence, draft.shown.boundary)
            user = question.fill(passages=passages, question=draft.question)
            draft.prompts |= _fingerprints(prompt, form, question)
            try:
                said = yield from self._read(draft, system, user, stop, schema=True)
            except ContextExceeded as error:
                known = self.model.context
                self.model.learn(error.tokens if error.tokens and error.tokens < known else known * 3 // 4)
                continue
            if not said and not stop.is_set():
                raise ModelUnavailable(self.model.host, "gave an empty reply", "Try again")
            return
        raise ContextExceeded(self.model.host, None)

    def _repair(self, draft: Draft, stop: threading.Event) -> Iterator[Item]:
        """One call for what failed, as much of it as fits, with the passages that it speaks of and nothing else."""
        prompt, answer, form = load("repair"), load("answer"), load("form-lines")
        system = answer.fill(boundary=draft.shown.boundary, form=form.text)
        room = self.model.context - tokens(system) - self._most
        broken: list[Checked | Unreadable] = []
        user = ""
        for _, entry in sorted(draft.failed.items()):
            numbers = sorted({number for one in (*broken, entry) for number in _passages(one, draft.shown)})
            passages = [found for number in numbers if (found := draft.shown.passage(number))]
            longer = prompt.fill(
                passages=evidence.render(passages, draft.shown.boundary),
                question=draft.question,
                failed="\n".join(_reminder(one) for one in (*broken, entry)),
            )
            if _passages(entry, draft.shown) and tokens(longer) <= room:
                broken.append(entry)
                user = longer
        if broken:
            draft.prompts |= _fingerprints(prompt, answer, form)
            yield from self._read(draft, system, user, stop, schema=False)

    def _read(
        self, draft: Draft, system: str, user: str, stop: threading.Event, *, schema: bool
    ) -> Generator[Item, None, bool]:
        """Ask, and hand out what the reply brings. Returns whether it brought any word."""
        reply = self.model.reply(system, user, most=self._most, stop=stop, schema=SCHEMA if schema else None)
        scanner = Scanner()
        said = False
        try:
            for piece in reply:
                said = said or bool(piece.strip())
                yield from scanner.feed(piece)
            if not stop.is_set():
                yield from scanner.end()
        finally:
            reply.close()
            if reply.begun:
                draft.called(reply.usage.tokens_in, reply.usage.tokens_out)
        return said

    @property
    def _most(self) -> int:
        """The tokens that a reply may have."""
        return min(_REPLY, self.model.context // _SHARE)

    def _budget(self, prompt: Prompt, form: Prompt, question: str) -> int:
        """The tokens left for passages.

        Raises:
            ModelUnavailable: there are too few.
        """
        context = self.model.context
        left = context - self._most - sum(tokens(text) for text in (prompt.text, form.text, question))
        if left < _LEAST_EVIDENCE:
            problem = f"can read {context} tokens, which leaves no room for passages"
            raise ModelUnavailable(self.model.host, problem, "Choose one that reads 4,096 or more")
        return min(left, _MOST_EVIDENCE)


def _passages(entry: Checked | Unreadable, shown: Shown) -> set[int]:
    """The passages that something that failed speaks of."""
    if isinstance(entry, Unreadable):
        return {number for number in entry.passages if shown.passage(number)}
    named = {quoted.passage for quoted in entry.proposal.quotes if quoted.passage is not None}
    meant = {number for problem in entry.problems for number in problem.passages}
    return {number for number in named | meant if shown.passage(number)}


def _reminder(entry: Checked | Unreadable) -> str:
    """What the model wrote, and what is wrong with it: for the model alone."""
    line: dict[str, object]
    if isinstance(entry, Unreadable):
        line = {"sentence": entry.number, "text": _short(entry.text), "wrong": ["write it as one line of JSON"]}
    else:
        quotes = [{"passage": quoted.passage, "quote": _short(quoted.quote)} for quoted in entry.proposal.quotes]
        wrong = [_short(problem.detail or problem.text) for problem in entry.problems]
        line = {"sentence": entry.proposal.number, "quotes": quotes, "text": _short(entry.proposal.text)}
        line["wrong"] = wrong
    return json.dumps(line, ensure_ascii=False)


def _short(text: str) -> str:
    return visible(text)[:_FAILED]


def _fingerprints(*prompts: Prompt) -> dict[str, str]:
    return {prompt.name: prompt.fingerprint for prompt in prompts}
