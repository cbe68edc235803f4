"""Two answers to one question in, what changed between them out: in citations, states and voices, never in wording.

    before, what became of its passages, after ─► changes, each a sentence with the passages that it is about

An answer is told to have changed only where it did: the order of passages, the words of a model, and what a search
happened to leave out are none. Pure functions: no index, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from assistant.badge import badge, who
from assistant.exporting.proof import Check, Verdict
from assistant.tables.differences import differences
from assistant.tables.table import Difference
from assistant.types import Answer, Citation, Outcome, Standing, State
from index.terms import stems
from index.types import Document

_MOST = 4  # passages shown with one change


class Kind(StrEnum):
    """What changed."""

    POSSIBLE = "answer_possible"
    NOT_POSSIBLE = "answer_not_possible"
    SPEAKS = "perspective_speaks"  # it was silent, or not in the corpus
    SILENT = "perspective_silent"
    CITED = "perspective_cited"
    SPEAKER = "speaker_cited"
    SOURCE = "source_cited"  # its text is new in the corpus
    DISPUTES = "voice_disputes"  # what the question takes for granted
    DIFFERS = "values_differ"  # numbers, dates or names
    EDITED = "quote_source_changed"
    MOVED = "quote_moved"
    RENAMED = "quote_source_renamed"
    GONE = "quote_gone"
    LABEL = "label_changed"
    VOICE = "voice_changed"
    NOT_ASKED = "not_asked"  # the question cannot be asked as it was: what it is narrowed to is no longer there


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise than it was."""

    kind: Kind
    text: str  # a sentence for the reader, in words of code; names in it come from documents and labels
    passages: tuple[Citation, ...] = ()  # what it is about, as it is now
    was: Citation | None = None  # the passage as it was cited, where that is no longer so
    labels: tuple[str, ...] = ()  # of perspectives that the sentence names

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "kind": str(self.kind),
            "text": self.text,
            "passages": [entry.to_dict() for entry in self.passages],
            "was": self.was and self.was.to_dict(),
            "labels": list(self.labels),
        }


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a passage that was cited."""

    was: Citation
    verdict: Verdict
    now: Citation | None  # the same words at their place of now, under the label and in the voice of now; None: nowhere


States = Mapping[str, str]  # of perspectives by id: the last that was told for certain


def states(answer: Answer, before: States | None = None) -> dict[str, str]:
    """What each perspective was last known to have to say; of one that cannot be told now, what was known before."""
    known = before or {}
    return {
        line.id: str(line.state) if line.state is not State.UNCLEAR else known.get(line.id, "")
        for line in answer.perspectives
    }


def between(
    before: Answer, known: States, fates: Sequence[Fate], after: Answer, is_new: Callable[[Document], bool]
) -> tuple[Change, ...]:
    """What changed from one answer to a later one.

    Args:
        known: the states of the perspectives before.
        fates: of the citations of the answer before.
        is_new: whether a text was not in the corpus then.

    Returns:
        What concerns the answer first, then who speaks in it, then what became of what it cited.
    """
    made: list[Change] = []
    told: set[int] = set()  # numbers of citations that a change speaks of
    if before.outcome is not after.outcome:
        made.append(_outcome(after))
        told |= {entry.number for entry in after.citations}
    else:
        made += _spoken(before, known, after, told)
        made += _cited(before, after, told)
    made += _disputes(before, after, told)
    made += _speakers(before, after, told)
    made += _sources(before, after, told, is_new)
    made += _differing(before, after)
    for fate in fates:
        made += _fate(fate, after)
    return _joined(made)


def _joined(made: Sequence[Change]) -> tuple[Change, ...]:
    """What is said in the same words of several passages, said once."""
    found: dict[tuple[Kind, str], Change] = {}
    for change in made:
        first = found.get((change.kind, change.text))
        more = tuple(entry for entry in change.passages if first and entry not in first.passages)
        joined = replace(first, passages=(*first.passages, *more)[:_MOST]) if first else change
        found[change.kind, change.text] = joined
    return tuple(found.values())


def _outcome(after: Answer) -> Change:
    if after.outcome is Outcome.ANSWERED:
        return Change(Kind.POSSIBLE, "The corpus answers this question now.", after.citations[:_MOST])
    why = f" {after.reason.text}" if after.reason else ""
    return Change(Kind.NOT_POSSIBLE, f"The corpus no longer answers this question.{why}")


# ── Who speaks ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _spoken(before: Answer, known: States, after: Answer, told: set[int]) -> Iterable[Change]:
    """Perspectives that broke their silence, or fell silent."""
    for line in after.perspectives:
        was = known.get(line.id)
        if line.state is State.SILENT and was and was != State.SILENT:
            text = f"{line.label} had something on this, and no passage of it is found any more."
            yield Change(Kind.SILENT, text, labels=(line.label,))
        elif line.state not in (State.SILENT, State.UNCLEAR) and was in (None, State.SILENT):
            entries = _of(line, after)
            told |= {entry.number for entry in entries}
            closest = (line.closest,) if line.closest and line.closest.stands else ()
            then = "was silent on this" if was else "was not in the corpus"
            text = f"{line.label} {then}, and has something on it now."
            yield Change(Kind.SPEAKS, text, (entries or closest)[:_MOST], labels=(line.label,))
    there = {line.id for line in after.perspectives}
    labels = {line.id: line.label for line in before.perspectives}
    for id, label in labels.items():
        if id not in there and known.get(id, State.SILENT) != State.SILENT:
            text = f"{label} had something on this, and no document that was searched stands for it any more."
            yield Change(Kind.SILENT, text, labels=(label,))


def _cited(before: Answer, after: Answer, told: set[int]) -> Iterable[Change]:
    """Perspectives that are cited and were not, though they had something on the question."""
    were = {id for entry in before.citations for id in entry.side}
    for line in after.perspectives:
        entries = _of(line, after)
        if line.state is State.CITED and line.id not in were and not {entry.number for entry in entries} & told:
            told |= {entry.number for entry in entries}
            text = f"{line.label} is cited now, and was not before."
            yield Change(Kind.CITED, text, entries[:_MOST], labels=(line.label,))


def _of(line: Standing, answer: Answer) -> tuple[Citation, ...]:
    return tuple(entry for entry in answer.citations if line.id in entry.side)


def _disputes(before: Answer, after: Answer, told: set[int]) -> Iterable[Change]:
    """Passages that speak against what the question takes for granted, and did not."""
    known = {_words(entry) for entry in _against(before)}
    for entry in _against(after):
        if _words(entry) not in known:
            told.add(entry.number)
            text = f"Against what the question takes for granted speaks, since then: {badge(entry)}."
            yield Change(Kind.DISPUTES, text, (entry,))


def _against(answer: Answer) -> list[Citation]:
    numbers = answer.assumption.citations if answer.assumption else ()
    return [entry for entry in answer.citations if entry.number in numbers]


def _speakers(before: Answer, after: Answer, told: set[int]) -> Iterable[Change]:
    """People who are cited and were not."""
    were = {_speaker(entry) for entry in before.citations}
    found: dict[str, list[Citation]] = {}
    for entry in _bearing(after):
        speaker = _speaker(entry)
        if speaker and speaker not in were and entry.number not in told:
            found.setdefault(speaker, []).append(entry)
    for entries in found.values():
        told |= {entry.number for entry in entries}
        text = f"Cited now, and not before: {badge(entries[0])}."
        yield Change(Kind.SPEAKER, text, tuple(entries[:_MOST]))


def _bearing(answer: Answer) -> list[Citation]:
    """The citations that are more than the best that a side has which only touches the question."""
    answering = {line.id for line in answer.perspectives if line.state is State.CITED}
    return [entry for entry in answer.citations if not entry.side or answering.intersection(entry.side)]


def _speaker(entry: Citation) -> str | None:
    return entry.voice.speaker.casefold() if entry.voice.speaker else None


def _sources(before: Answer, after: Answer, told: set[int], is_new: Callable[[Document], bool]) -> Iterable[Change]:
    """Documents that are cited, were not, and are new."""
    were = {entry.document.id for entry in before.citations}
    found: dict[str, list[Citation]] = {}
    for entry in _bearing(after):
        id = entry.document.id
        if id not in were and entry.number not in told and is_new(entry.document):
            found.setdefault(id, []).append(entry)
    for id, entries in found.items():
        text = f"New in the corpus, and cited: {entries[0].source.title} ({id})."
        yield Change(Kind.SOURCE, text, tuple(entries[:_MOST]))


# ── What they say ────────────────────────────────────────────────────────────────────────────────────────────────────


def _differing(before: Answer, after: Answer) -> Iterable[Change]:
    """Numbers, dates and names that differ between the sides, and did not."""
    asked = frozenset(stems(after.query))
    known = [(entry.kind, set(entry.values)) for entry in _differences(before, asked)]
    for found in _differences(after, asked):
        if any(kind == found.kind and set(found.values) <= values for kind, values in known):
            continue
        holding = tuple(entry for entry in _ordered(after) if _holds(entry, found))
        text = str(found)
        yield Change(Kind.DIFFERS, f"{text[:1].upper()}{text[1:]}. Before, they did not.", holding[:_MOST])


def _differences(answer: Answer, asked: frozenset[str]) -> tuple[Difference, ...]:
    quotes = [(_column(entry), entry.quote) for entry in _ordered(answer)]
    return differences(quotes, asked)


def _ordered(answer: Answer) -> list[Citation]:
    """The citations that stand and count for a side, in an order that does not hang on their ranks."""
    stand = (entry for entry in answer.citations if entry.quote.strip() and not entry.is_comment)
    return sorted(stand, key=lambda entry: (entry.document.id, entry.start, entry.end))


def _column(entry: Citation) -> str:
    """Whom a quote counts for: its sides, or its document where nobody has said which these are."""
    labelled = [label.perspective.id for label in entry.labels if label.provenance != "unknown"]
    return " / ".join(labelled) or entry.document.id


def _holds(entry: Citation, found: Difference) -> bool:
    return any(column == _column(entry) and value in entry.quote for column, value in found.values)


# ── What became of what was cited ────────────────────────────────────────────────────────────────────────────────────


def _fate(fate: Fate, after: Answer) -> Iterable[Change]:
    was, verdict, now = fate.was, fate.verdict, fate.now
    passages = (now,) if now else ()
    id = was.document.id
    if verdict.check is Check.FAILED:
        instead = _instead(was, after)
        text = verdict.sentence(id)
        if values := _replaced(was, instead):
            text = f"{text} {values}"
        yield Change(Kind.GONE, text, instead[:_MOST], was)
    elif now and now.document.id != id:
        yield Change(Kind.RENAMED, f"{id} is called {now.document.id} now; this quote stands in it.", passages, was)
    elif verdict.check is not Check.EXACT:
        kind = Kind.MOVED if verdict.check is Check.MOVED else Kind.EDITED
        yield Change(kind, verdict.sentence(id), passages, was)
    if now is None:
        return
    if _labels(was) != _labels(now):
        then, since = _named(was, now), _named(now, was)
        text = f"{now.document.id} stood under {then}, and stands under {since} now."
        yield Change(Kind.LABEL, text, passages, was, labels=tuple(dict.fromkeys((then, since))))
    if _voice(was) != _voice(now):
        text = f"{now.document.id}: who speaks in this passage was “{who(was.voice)}”, and is “{who(now.voice)}” now."
        yield Change(Kind.VOICE, text, passages, was)


def _instead(was: Citation, after: Answer) -> tuple[Citation, ...]:
    """What is cited of the same document now."""
    return tuple(entry for entry in after.citations if entry.document.id == was.document.id)


def _replaced(was: Citation, instead: Sequence[Citation]) -> str:
    """Where what is cited now has another number of the same thing."""
    quotes = [("then", was.quote), *(("now", entry.quote) for entry in instead)]
    parts: list[str] = []
    for found in differences(quotes):
        then, now = ([value for column, value in found.values if column == name] for name in ("then", "now"))
        parts.append(f"{found.unit}: {', '.join(dict.fromkeys(then))} then, {', '.join(dict.fromkeys(now))} now")
    return f"What is cited of it now has other values: {'; '.join(parts)}." if parts else ""


def _labels(entry: Citation) -> frozenset[tuple[str, str]]:
    return frozenset((label.perspective.id, str(label.provenance)) for label in entry.labels)


def _named(entry: Citation, beside: Citation) -> str:
    """The perspectives of a passage, with how these were given where nothing else tells them apart."""
    sides = [[label.perspective.id for label in one.labels] for one in (entry, beside)]
    alike = sides[0] == sides[1]
    return " / ".join(
        f"{label.perspective.label} ({label.provenance})" if alike else label.perspective.label
        for label in entry.labels
    )


def _voice(entry: Citation) -> tuple[str, str | None, tuple[str, ...]]:
    return str(entry.voice.kind), entry.voice.speaker, entry.voice.chain


def _words(entry: Citation) -> tuple[str, str]:
    return entry.document.id, " ".join(entry.quote.split())
