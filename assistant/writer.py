"""A question and a way to choose passages in, sentences that were checked out, one by one as a model writes them.

    passages ─► prompt ─► model ─► sentence by sentence: check ─► shown, or kept for one call that repairs

What a model wrote leaves this file as a claim that passed every check, or not at all.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant import checks, evidence, rewrite
from assistant.checks import Checked, Problem, Shown
from assistant.coverage import Spellings
from assistant.errors import ContextExceeded, ModelUnavailable
from assistant.evidence import Evidence
from assistant.llm import Model
from assistant.quotes import visible
from assistant.reply import ANSWERED, KINDS, PREMISE, Item, Judgement, Proposal, Scanner, Unreadable
from assistant.types import Citation, Claim, Removed, Turn, Verified, Writing
from prompts import load

_MOST_SENTENCES = 30  # read of one reply; a model that writes more goes round in circles
_REPLY = 4_096  # tokens of a reply, at most ...
_SHARE = 4  # ... and at most one part in so many of what the model can read and write
_MOST_EVIDENCE = 7_000  # tokens of passages; more brings no more of the evidence (LOG.md)
_LEAST_EVIDENCE = 400
_QUESTION = 200  # tokens of a rewritten question

_REWRITE, _CONVERSATION = "rewrite", "conversation"  # prompts

_FORM = Problem("form", "it is not in the form asked for", "not in the form asked for: write it as one line of JSON")
_REPEATED = Problem("repeated", "it says again what was said")


class Draft:
    """An answer while it is being written: what was verified so far, and what failed."""

    def __init__(self, question: str, spellings: Spellings, prompts: Mapping[str, str] = {}) -> None:
        """Begin.

        Args:
            question: as it was searched; that is what the model is asked.
            prompts: the fingerprints of those that were sent already.
        """
        self.question = question
        self.shown = Shown(question, (), "", spellings)
        self.premise: Claim | None = None
        self.claims: list[Claim] = []
        self.citations: list[Citation] = []
        self.judgement: Judgement | None = None
        self.failed: dict[int, Checked | Unreadable] = {}
        self.prompts = dict(prompts)
        self._repeated: list[int] = []
        self._counts = Writing(0, 0, 0, 0, 0, 0, 0, 0)
        self._said: set[str] = set()

    def show(self, passages: tuple[Evidence, ...]) -> None:
        """Note what the model is shown: that is all it may cite."""
        self.shown = Shown(self.question, passages, evidence.boundary(passages), self.shown.spellings)

    @property
    def stands(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.claims or self.premise)

    @property
    def declined(self) -> bool:
        """Whether the model judged that the passages do not answer the question, and wrote no sentence for all that."""
        wrote = self.claims or any(isinstance(entry, Checked) for entry in self.failed.values())
        return self.judgement is not None and self.judgement.answered == "no" and not wrote

    @property
    def full(self) -> bool:
        """Whether the model has written more than an answer has."""
        return self._counts.sentences >= _MOST_SENTENCES

    @property
    def writing(self) -> Writing:
        """What it took so far."""
        return self._counts

    @property
    def removed(self) -> tuple[Removed, ...]:
        """What is not shown, in our words and in the order of the reply."""
        lines = {number: self._removed(number, entry) for number, entry in self.failed.items()}
        lines |= {number: Removed(_which(number), (_REPEATED.text,)) for number in self._repeated}
        return tuple(lines[number] for number in sorted(lines))

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts of the question that stay without an answer, in the reader's own words."""
        parts = self.judgement.missing if self.judgement else ()
        places = ((self.question.casefold().find(part.strip().casefold()), len(part.strip())) for part in parts)
        return tuple(self.question[at : at + size] for at, size in places if at >= 0 and size > 1)

    def called(self, tokens_in: int, tokens_out: int) -> None:
        """Count a call."""
        now = self._counts
        self._counts = replace(
            now, calls=now.calls + 1, tokens_in=now.tokens_in + tokens_in, tokens_out=now.tokens_out + tokens_out
        )

    def take(self, item: Item) -> Verified | None:
        """Check what the reply brings; what passes is part of the answer from now on."""
        if isinstance(item, Judgement):
            self.judgement = item
            return None
        self._counts = replace(self._counts, sentences=self._counts.sentences + 1)
        if isinstance(item, Unreadable):
            self.failed[item.number] = item
            return None
        checked = checks.check(item, self.shown)
        self._count_quotes(checked)
        if _folded(item.text) in self._said or (item.kind == PREMISE and self.premise):
            self._repeated.append(item.number)
            return None
        if checked.problems:
            self.failed[item.number] = checked
            return None
        return self._add(checked)

    def mend(self, item: Item) -> Verified | None:
        """Check what the repair brings, in the place of what had failed."""
        number = getattr(item, "mends", None)
        number = number if number in self.failed else next(iter(self.failed), None)
        if not isinstance(item, Proposal) or number is None:
            return None
        item = replace(item, number=number, kind=PREMISE if number == 0 else item.kind)
        checked = checks.check(item, self.shown)
        if checked.problems or _folded(item.text) in self._said:
            return None
        del self.failed[number]
        self._counts = replace(self._counts, repaired=self._counts.repaired + 1)
        return self._add(checked)

    def _add(self, checked: Checked) -> Verified:
        citations = tuple(dict.fromkeys(self._cite(located) for located in checked.quotes))
        claim = Claim(checked.proposal.text, tuple(entry.number for entry in citations))
        self._said.add(_folded(claim.text))
        if checked.proposal.kind == PREMISE:
            self.premise = claim
            return Verified(claim, citations, premise=True)
        self.claims.append(claim)
        return Verified(claim, citations)

    def _cite(self, located: checks.Located) -> Citation:
        entry, place = located.evidence, located.place
        for known in self.citations:
            if (known.document.id, known.start, known.end) == (entry.document.id, place.start, place.end):
                return known
        citation = Citation(
            number=len(self.citations) + 1,
            document=entry.document,
            source=entry.source,
            start=place.start,
            end=place.end,
            score=entry.score,
            match=place.match,
        )
        self.citations.append(citation)
        return citation

    def _count_quotes(self, checked: Checked) -> None:
        matches = [located.place.match for located in checked.quotes]
        now = self._counts
        self._counts = replace(
            now,
            quotes=now.quotes + len(checked.proposal.quotes),
            exact=now.exact + matches.count("exact"),
            normalised=now.normalised + matches.count("normalised"),
        )

    def _removed(self, number: int, entry: Checked | Unreadable) -> Removed:
        if isinstance(entry, Unreadable):
            return Removed("A part of the reply", (_FORM.text,))
        return Removed(_which(number), tuple(dict.fromkeys(problem.text for problem in entry.problems)))


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
        if stop.is_set() or not (broken := _mendable(draft)):
            return
        for item in self._repair(draft, broken, stop):
            if verified := draft.mend(item):
                yield verified

    @property
    def rewrite_prompts(self) -> dict[str, str]:
        """The fingerprints of the prompts with which a follow-up is rewritten."""
        return {name: load(name).fingerprint for name in (_REWRITE, _CONVERSATION)}

    def rewrite(self, question: str, turns: Sequence[Turn], stop: threading.Event) -> str | None:
        """A follow-up as a question that stands alone; None where the model's is not to be trusted.

        Raises:
            ModelUnavailable: no whole reply came.
        """
        earlier = "\n".join(f"- {turn.question}" for turn in turns)
        names = json.dumps(list(dict.fromkeys(name for turn in turns for name in turn.names)), ensure_ascii=False)
        user = load(_CONVERSATION).fill(earlier=earlier, names=names, question=question)
        pieces = self.model.reply(load(_REWRITE).text, user, most=_QUESTION, stop=stop)
        candidate = "".join(pieces).strip()
        return candidate if rewrite.accepted(candidate, question, turns) else None

    def _answer(
        self, draft: Draft, choose: Callable[[int], tuple[Evidence, ...]], stop: threading.Event
    ) -> Iterator[Item]:
        for _ in range(3):
            draft.show(choose(self._budget(draft)))
            try:
                yield from self._read(draft, self._system(draft), self._question(draft), stop, schema=True)
                return
            except ContextExceeded as error:
                known = self.model.context
                self.model.learn(error.tokens if error.tokens and error.tokens < known else known * 3 // 4)
        raise ContextExceeded(self.model.host, None)

    def _repair(self, draft: Draft, broken: Sequence[Checked | Unreadable], stop: threading.Event) -> Iterator[Item]:
        """One call for what failed, with the passages that it speaks of and nothing else."""
        numbers = sorted({number for entry in broken for number in _passages(entry, draft.shown)})
        passages = [entry for number in numbers if (entry := draft.shown.passage(number))]
        prompt = load("repair")
        draft.prompts[prompt.name] = prompt.fingerprint
        user = prompt.fill(
            passages=evidence.render(passages, draft.shown.boundary),
            question=draft.question,
            failed="\n".join(_failed(entry) for entry in broken),
        )
        yield from self._read(draft, self._system(draft), user, stop, schema=False)

    def _read(self, draft: Draft, system: str, user: str, stop: threading.Event, *, schema: bool) -> Iterator[Item]:
        most = min(_REPLY, self.model.context // _SHARE)
        reply = self.model.reply(system, user, most=most, stop=stop, schema=SCHEMA if schema else None)
        scanner = Scanner()
        said = False
        try:
            for piece in reply:
                said = said or bool(piece.strip())
                yield from scanner.feed(piece)
            if not said and not stop.is_set():
                raise ModelUnavailable(self.model.host, "gave an empty reply", "Try again")
            if not stop.is_set():
                yield from scanner.end()
        finally:
            reply.close()
            draft.called(reply.usage.tokens_in, reply.usage.tokens_out)

    def _system(self, draft: Draft) -> str:
        prompt, form = load("answer"), load("form-object" if self.model.structures else "form-lines")
        draft.prompts |= {prompt.name: prompt.fingerprint, form.name: form.fingerprint}
        return prompt.fill(boundary=draft.shown.boundary, form=form.text)

    def _question(self, draft: Draft) -> str:
        prompt = load("question")
        draft.prompts[prompt.name] = prompt.fingerprint
        passages = evidence.render(draft.shown.evidence, draft.shown.boundary)
        return prompt.fill(passages=passages, question=draft.question)

    def _budget(self, draft: Draft) -> int:
        """The tokens left for passages.

        Raises:
            ModelUnavailable: there are too few.
        """
        context = self.model.context
        fixed = evidence.tokens(self._system(draft)) + evidence.tokens(draft.question) + context // _SHARE
        if context - fixed < _LEAST_EVIDENCE:
            problem = f"can read {context} tokens, which leaves no room for passages"
            raise ModelUnavailable(self.model.host, problem, "Choose one that reads 4,096 or more")
        return min(context - fixed, _MOST_EVIDENCE)


_QUOTES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"passage": {"type": "integer"}, "quote": {"type": "string"}},
        "required": ["passage", "quote"],
        "additionalProperties": False,
    },
}
_SENTENCE = {
    "type": "object",
    "properties": {"quotes": _QUOTES, "text": {"type": "string"}},
    "required": ["quotes", "text"],
    "additionalProperties": False,
}
# Quotes stand before the sentence that they carry: a model fills a schema in its order.
SCHEMA = {
    "type": "object",
    "properties": {
        "premise": {"anyOf": [{"type": "null"}, _SENTENCE]},
        "answered": {"type": "string", "enum": list(ANSWERED)},
        "missing": {"type": "array", "items": {"type": "string"}},
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "quotes": _QUOTES,
                    "text": {"type": "string"},
                    "kind": {"type": "string", "enum": list(KINDS)},
                },
                "required": ["quotes", "text", "kind"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["premise", "answered", "missing", "claims"],
    "additionalProperties": False,
}


def _mendable(draft: Draft) -> list[Checked | Unreadable]:
    """What failed and speaks of passages that were shown."""
    return [entry for _, entry in sorted(draft.failed.items()) if _passages(entry, draft.shown)]


def _passages(entry: Checked | Unreadable, shown: Shown) -> set[int]:
    if isinstance(entry, Unreadable):
        return {number for number in entry.passages if shown.passage(number)}
    named = {quoted.passage for quoted in entry.proposal.quotes if quoted.passage is not None}
    meant = {number for problem in entry.problems for number in problem.passages}
    return {number for number in named | meant if shown.passage(number)}


def _failed(entry: Checked | Unreadable) -> str:
    if isinstance(entry, Unreadable):
        line = {"sentence": entry.number, "text": visible(entry.text), "wrong": [_FORM.detail]}
    else:
        proposal = entry.proposal
        quotes = [{"passage": quoted.passage, "quote": visible(quoted.quote)} for quoted in proposal.quotes]
        wrong = [visible(problem.detail or problem.text) for problem in entry.problems]
        line = {"sentence": proposal.number, "quotes": quotes, "text": visible(proposal.text), "wrong": wrong}
    return json.dumps(line, ensure_ascii=False)


def _which(number: int) -> str:
    return f"Sentence {number} of the reply" if number else "The sentence about the question itself"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
