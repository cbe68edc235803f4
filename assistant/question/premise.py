"""A question and what was found for it in, what it takes for granted and the passages against that out.

    question ─► what it takes for granted (assume) ─► sentences that speak against it (against) ─► cut to one voice

Quiet where no passage speaks against anything: nearly every question takes something for granted, and mostly rightly.
It never says that what is taken for granted is false.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.answering.digest import Window
from assistant.checking import cuts
from assistant.question.against import Against, Figure, How, Wanted, against, figures, other_number, wanted
from assistant.question.assume import Assumed, assumed
from assistant.types import Assumption, Citation, Claim
from index.balance import diversify
from index.filter import Filter
from index.library import Library
from index.retrieve import Candidates, Retriever
from index.types import Document, VoiceKind

_MOST = 4  # passages shown
_HEAD = 200  # characters of a document, in which its author names himself
_BEFORE = 4  # sentences that "these" may mean


@dataclass(frozen=True, slots=True)
class Disputed:
    """Something that is taken for granted, and the stretches that speak against it, best first."""

    assumed: Assumed
    windows: tuple[Window, ...]
    reported: frozenset[tuple[str, int]]  # those, by document and start, that only tell of somebody's denial
    found: Candidates  # for the question and for the neutral one


def find(
    question: str, found: Candidates, retriever: Retriever, library: Library, only: Filter = Filter()
) -> Disputed | None:
    """The first thing that a question takes for granted and a passage speaks against; None where there is none.

    The passages found for the neutral question are read as well: for a question that only asks when or which, once
    those found for the question itself speak against it.
    """
    for taken in assumed(question):
        looked_for = wanted(taken, lambda word: library.spellings.get(word, (word,)))
        if not (_pieces(looked_for, found, retriever, library) if not taken.loaded else _may_hold(found, looked_for)):
            continue
        both = _joined(found, retriever.candidates(taken.neutral, only))
        if pieces := _pieces(looked_for, both, retriever, library):
            windows = _chosen([window for window, _ in pieces], retriever)
            reported = frozenset(
                (window.document.id, window.start) for window, rule in pieces if rule.how is How.DENIAL
            )
            return Disputed(taken, windows, reported, both)
    return None


def assumption(disputed: Disputed, citations: Sequence[Citation], searched: int) -> Assumption:
    """What the reader is told.

    Args:
        citations: of its windows, in their order.
        searched: how many perspectives were.
    """
    own = [entry for entry in citations if _own(entry, disputed)]
    rejected = tuple(dict.fromkeys(id for entry in own for id in entry.side))
    others = list(dict.fromkeys(_speaker(entry) for entry in citations if entry not in own))
    taken = disputed.assumed
    text = _sentence(f"that {taken.text}", len(rejected), searched, others)
    return Assumption(text, taken.text, taken.neutral, rejected, searched, tuple(entry.number for entry in citations))


def known(
    given: Assumption | None, premise: Claim | None, citations: Sequence[Citation], question: str, searched: int
) -> Assumption | None:
    """What the rules found, with the passages of a model's sentence about the question: code counts whose they are.

    Args:
        given: what the rules found.
        citations: of the answer; without any there is nothing to say.
        searched: how many perspectives were.
    """
    if premise is None or not citations:
        return given if citations else None
    numbers = tuple(dict.fromkeys([*(given.citations if given else ()), *premise.citations]))
    cited = [entry for entry in citations if entry.number in premise.citations]
    mine = [id for entry in cited if entry.voice.kind is VoiceKind.AUTHOR for id in entry.side]
    rejected = tuple(dict.fromkeys([*(given.rejected if given else ()), *mine]))
    others = list(dict.fromkeys(_speaker(entry) for entry in cited if entry.voice.kind is not VoiceKind.AUTHOR))
    if given:
        text = _sentence(f"that {given.assumed}", len(rejected), searched, others)
        return replace(given, text=text, rejected=rejected, citations=numbers)
    taken = next(iter(assumed(question)), None)
    text = _sentence("something", len(rejected), searched, others)
    return Assumption(text, None, taken.neutral if taken else None, rejected, searched, numbers)


def _sentence(taken: str, rejected: int, searched: int, others: Sequence[str]) -> str:
    have = "has" if rejected == 1 else "have"
    told = [f"{rejected} of {searched} perspectives {have} a passage that speaks against it"] if rejected else []
    if others:
        told.append(f"{'so do ' if told else ''}words of {_list(others)}{'' if told else ' speak against it'}")
    return f"Your question takes for granted {taken}; {', and '.join(told) or 'a passage speaks against it'}."


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _speaker(entry: Citation) -> str:
    """Whose words speak against it, where they are not the author's."""
    if entry.voice.kind is VoiceKind.AUTHOR:
        return "somebody who is reported to deny it"
    return entry.voice.speaker or "somebody who is quoted"


def _own(entry: Citation, disputed: Disputed) -> bool:
    """Whether the document's author speaks against it, and does not only tell of somebody who does."""
    return entry.voice.kind is VoiceKind.AUTHOR and (entry.document.id, entry.start) not in disputed.reported


# ── The passages ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _joined(found: Candidates, more: Candidates) -> Candidates:
    known = {hit.passage.id for hit in found.hits}
    return replace(found, hits=(*found.hits, *(hit for hit in more.hits if hit.passage.id not in known)))


def _may_hold(found: Candidates, looked_for: Wanted) -> bool:
    return any(looked_for.hint.search(hit.passage.text) for hit in found.hits)


def _pieces(
    looked_for: Wanted, found: Candidates, retriever: Retriever, library: Library
) -> list[tuple[Window, Against]]:
    sentences = list(_sentences(found, retriever, library))
    rules: list[tuple[Window, Against]] = []
    for window, before in sentences:
        if rule := against(looked_for, window.text, before, partial(_we, window, retriever)):
            rules.append((window, rule))
    rules += _numbers(looked_for, [window for window, _ in sentences])
    pieces = ((_piece(window, rule, retriever), rule) for window, rule in rules)
    return [(piece, rule) for piece, rule in pieces if piece is not None]


def _numbers(looked_for: Wanted, sentences: Sequence[Window]) -> list[tuple[Window, Against]]:
    """Sentences with another number, where no sentence at all has the one that is taken for granted."""
    found: list[tuple[Window, Against]] = []
    for asserted in figures(f"{looked_for.assumed.subject} {looked_for.assumed.rest}"):
        if not any(_states(asserted, window.text) for window in sentences):
            rules = ((window, other_number(looked_for, asserted, window.text)) for window in sentences)
            found += [(window, rule) for window, rule in rules if rule]
    return found


def _we(window: Window, retriever: Retriever) -> str:
    """Whom "we" means in a sentence, as far as is known."""
    source = retriever.sources(window.document.id)
    speaker = cuts.voice_of(retriever.voices(window.document.id), window.start, window.end).speaker
    return speaker or f"{source.outlet or ''} {window.document.text[:_HEAD]}"


def _states(asserted: Figure, text: str) -> bool:
    return any((it.value, it.unit) == (asserted.value, asserted.unit) for it in figures(text))


def _sentences(found: Candidates, retriever: Retriever, library: Library) -> Iterator[tuple[Window, str]]:
    """Every sentence of the passages found, once, with those before it."""
    seen: set[tuple[str, int]] = set()
    for hit in found.hits:
        document: Document = hit.passage.document
        spans = library.sentences(retriever.keys[document.id])
        first = bisect_left(spans, hit.passage.start, key=lambda span: span[1] - 1)
        beyond = bisect_left(spans, hit.passage.end, key=lambda span: span[0])
        for at in range(first, beyond):
            start, end = spans[at]
            if (document.id, start) not in seen:
                seen.add((document.id, start))
                before = document.text[spans[max(0, at - _BEFORE)][0] : start]
                yield Window(document, start, end, hit.score, hit.rank), before


def _piece(window: Window, rule: Against, retriever: Retriever) -> Window | None:
    """The part of a sentence that may be cited and holds the words that speak against it, all by one voice."""
    voices = retriever.voices(window.document.id)
    start, end = window.start + rule.start, window.start + rule.end
    sentence = (window.start, window.end)
    spans = cuts.pieces(window.document.text, voices, *sentence, [sentence], None)
    whole = next(((first, last) for first, last in spans if first <= start and end <= last), None)
    return replace(window, start=whole[0], end=whole[1]) if whole else None


def _chosen(windows: Sequence[Window], retriever: Retriever) -> tuple[Window, ...]:
    """Some, of as many perspectives as there are."""
    groups = [retriever.perspectives_of(window.document.id) for window in windows]
    scores = [window.cosine for window in windows]
    order = diversify(scores, groups, _MOST, lambda _: 0.5, lambda *_: True)
    return tuple(windows[at] for at in order)
