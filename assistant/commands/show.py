"""Answers, lists and figures in, text for a terminal out. Pure functions.

Everything that comes from a document, a file name or a label passes through `plain`: a terminal obeys control
characters, and a document must not be able to move the cursor or set the title of a window.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from textwrap import indent
from typing import TYPE_CHECKING, Any

from assistant.answering.echoed import echo_lines
from assistant.badge import COMMENTS, badge
from assistant.exporting.proof import Check, proven
from assistant.states import SAID
from assistant.types import Answer, Assumption, Citation, Claim, Mode, Outcome, State, Verified
from index.types import Label, Provenance

if TYPE_CHECKING:  # what is shown needs neither the index nor the model that it came from
    from assistant.corpus import Listed, Status
    from assistant.evaluation.evaluate import Figure
    from assistant.exporting.verification import Verification
    from assistant.keeping.judgement import Judged
    from assistant.labelling.framing import Term
    from assistant.labelling.spoken import Spoken
    from assistant.question.next_questions import Next

NOTHING_FOUND = "No passage was found that answers this."
_BEGINNING = 60  # characters of a voice in a list
_DOUBTS = {
    Check.EXACT: "",
    Check.MOVED: "The file has changed since it was indexed; these words still stand in it.",
    Check.CHANGED: "The file has changed since it was indexed; these words still stand in it.",
    Check.FAILED: "This quote no longer stands in {document}: the file has changed since it was indexed, or is gone.",
}


def plain(text: str) -> str:
    """Text without what a terminal would obey: control and direction characters become visible."""
    return "".join(
        letter if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs") else f"\\x{ord(letter):02x}"
        for letter in text.replace("\r\n", "\n").replace("\t", " ")
    )


def answer(given: Answer) -> str:
    """An answer with its citations, grouped as its sentences are."""
    lines: list[str] = []
    why = [given.reason.text, ""] if given.reason else []
    if given.outcome is Outcome.NOT_IN_CORPUS:
        lines += [NOTHING_FOUND, *why, "The nearest passages:", ""]
        for citation in given.nearest:
            lines += _citation(citation)
    elif given.mode is Mode.DIGEST:
        lines += [*_assumed(given.assumption), ""] if given.assumption else []
        lines += [*why, "Passages that bear on your question. No text was generated.", ""]
        lines += _digest(given)
    else:
        shown: set[int] = set()
        lines += [assumption(given.assumption, given.citations, shown)] if given.assumption else []
        premise = [_verified(given, given.premise, premise=True)] if given.premise else []
        verified = [*premise, *(_verified(given, claim) for claim in given.claims)]
        lines += [sentence(entry, shown) for entry in verified]
    return plain("\n".join([*lines, foot(given)]))


def assumption(given: Assumption | None, citations: Sequence[Citation], shown: set[int]) -> str:
    """What a question takes for granted, with the quotes that speak against it; nothing where there is nothing.

    Args:
        citations: of the answer, as far as it goes.
        shown: the numbers of quotes that stand above; those shown here are added.
    """
    if given is None:
        return ""
    lines = _assumed(given)
    for citation in (entry for entry in citations if entry.number in given.citations):
        shown.add(citation.number)
        lines += [*_citation(citation)[:-1], f"      {_heading(citation)}"]
    return plain("\n".join([*lines, ""]))


def _assumed(given: Assumption) -> list[str]:
    numbers = "".join(f"[{number}]" for number in given.citations)
    neutral = [f"The question that leaves it open: {given.neutral}"] if given.neutral else []
    return [f"{given.text} {numbers}", *neutral]


def sentence(verified: Verified, shown: set[int]) -> str:
    """A sentence that a model wrote, with the quotes that prove it.

    Args:
        shown: the numbers of quotes that stand above already; those shown here are added.
    """
    about = "About the question itself: " if verified.premise else ""
    numbers = "".join(f"[{number}]" for number in verified.claim.citations)
    lines = [f"{about}{verified.claim.text} {numbers}"]
    for citation in verified.citations:
        if citation.number not in shown:
            shown.add(citation.number)
            lines += [*_citation(citation)[:-1], f"      {_heading(citation)}"]
    return plain("\n".join([*lines, ""]))


def next_questions(found: Sequence[Next]) -> str:
    """Questions that go on from an answer."""
    return plain("\n".join(["", "You may go on to ask:", *(f"  {entry.question}" for entry in found)]))


def foot(given: Answer) -> str:
    """What stands below an answer: how it was searched, what was removed and why, who is silent."""
    lines = [f"{proven(given.exact, len(given.citations))}."] if given.citations else []
    if given.mode is Mode.GENERATED and given.outcome is Outcome.ANSWERED:
        lines += [given.reason.text] if given.reason else []
        if given.claims or given.premise:
            lines += [f"Written by {given.model}; every sentence was checked against the passages cited."]
    lines += echo_lines(given)
    lines += [f"Removed: {entry.text}: {'; '.join(entry.reasons)}." for entry in given.removed]
    if given.query != given.question:
        lines += [f"Searched as: {given.query}"]
    for spellings in given.spellings:
        lines += [f"Searched in every spelling: {', '.join(spellings)}"]
    if given.outcome is Outcome.ANSWERED:
        lines += [f"{line}."] if (line := given.coverage_line) else []
        apart = (line for line in given.perspectives if line.state is not State.CITED)
        lines += [f"{line.label}: {SAID[line.state]}" for line in apart]
    return plain("\n".join(lines))


def _digest(given: Answer) -> list[str]:
    lines: list[str] = []
    group: tuple[bool, tuple[Label, ...]] | None = None
    for claim in given.claims:
        for number in claim.citations:
            citation = given.citation(number)
            if (citation.is_comment, citation.labels) != group:
                group = citation.is_comment, citation.labels
                lines += [_heading(citation)]
            lines += _citation(citation)
    return lines


def _verified(given: Answer, claim: Claim, *, premise: bool = False) -> Verified:
    return Verified(claim, tuple(given.citation(number) for number in claim.citations), premise)


def _citation(citation: Citation) -> list[str]:
    source = citation.source
    page = citation.document.page(citation.start)
    place = ", ".join(
        part
        for part in (
            source.title,
            source.outlet,
            source.published,
            f"page {page}" if page else None,
            citation.document.id,
        )
        if part
    )
    doubt = _DOUBTS[citation.check].format(document=citation.document.id)
    # No line of a quote is to pass for one of ours.
    quote = indent("\n".join(citation.quote.splitlines()), " " * 6).removeprefix(" " * 6)
    return [
        f"  [{citation.number}] “{quote}”" if citation.stands else f"  [{citation.number}] {doubt}",
        *([f"      {doubt}"] if doubt and citation.stands else []),
        f"      {badge(citation)}",
        f"      {place}, characters {citation.start}–{citation.end}",
        "",
    ]


def _heading(citation: Citation) -> str:
    """Under what a citation stands: its perspectives, each with its provenance; a reader comment under none."""
    return COMMENTS if citation.is_comment else _labels(citation.labels)


def _labels(labels: Sequence[Label]) -> str:
    return " / ".join(
        label.perspective.label
        if label.provenance is Provenance.UNKNOWN
        else f"{label.perspective.label} [{label.provenance}]"
        for label in labels
    )


def verification(found: Verification) -> str:
    """What was found out about an exported answer: a sentence for everything that is not as it was."""
    lines = [*found.differences] or [f"{found.file}: as it was written."]
    lines += [source.text for source in found.sources if source.text]
    lines += [_capital(str(quote)) for quote in found.quotes if not quote.exact]
    against = found.against or "nothing"
    if found.cited:
        exact = proven(sum(quote.exact for quote in found.cited), len(found.cited))
        looked = (
            f"in {against}" if found.sources else f"when it was exported, in {against}; --against FOLDER looks again"
        )
        lines.append(f"{exact} {looked}.")
    return plain("\n".join(lines))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def status(state: Status) -> str:
    """One line a document, under what the index as a whole is."""
    head = [
        f"{len(state.documents)} documents, {state.passages} passages, built {state.built} as {state.generation}",
        f"replica of {state.origin}, published {state.published}" if state.origin else f"corpus {state.corpus}",
        f"index  {state.store}",
        f"embeddings by {state.embedder}",
        "",
    ]
    rows = [
        (
            line.entry.id,
            line.entry.state if line.now == "current" else f"{line.entry.state}, {line.now} on disk",
            _labels(line.source.labels),
            line.source.published or "",
            line.entry.language or "",
            str(line.entry.passages),
            line.entry.problem or " ".join(line.entry.warnings),
        )
        for line in state.documents
    ]
    return plain("\n".join([*head, *table(("document", "state", "perspective", "date", "lang", "passages", ""), rows)]))


def status_dict(state: Status) -> dict[str, Any]:
    """The same for machines."""
    near = near_duplicates(state)
    return {
        "corpus": str(state.corpus),
        "replica": {"of": state.origin, "published": state.published} if state.origin else None,
        "store": str(state.store),
        "generation": state.generation,
        "embedder": state.embedder,
        "passages": state.passages,
        "built": state.built,
        "documents": [document_dict(line, near) for line in state.documents],
    }


def document_dict(line: Listed, near: Mapping[int, Sequence[str]]) -> dict[str, Any]:
    """A document for machines, beside those that are much like it."""
    entry, source = line.entry, line.source
    alike = near[entry.cluster] if entry.cluster is not None else ()
    return {
        "document": entry.id,
        "state": entry.state,
        "now": line.now,
        "problem": entry.problem,
        "warnings": list(entry.warnings),
        "sha256": entry.sha256,
        "title": source.title,
        "published": source.published,
        "language": entry.language,
        "passages": entry.passages,
        "near_duplicates": [other for other in alike if other != entry.id],
        "perspectives": [
            {"id": label.perspective.id, "label": label.perspective.label, "provenance": str(label.provenance)}
            for label in source.labels
        ],
    }


def near_duplicates(state: Status) -> dict[int, list[str]]:
    """The documents of each cluster of texts that are much alike."""
    found: dict[int, list[str]] = {}
    for line in state.documents:
        if line.entry.cluster is not None:
            found.setdefault(line.entry.cluster, []).append(line.entry.id)
    return found


def findings(found: Sequence[Mapping[str, str]]) -> str:
    """What a check of the labels found, one line each."""
    return (
        plain("\n".join(f"{line['kind']}: {line['text']}" for line in found)) if found else "The labels are in order."
    )


def terms(found: Sequence[Term]) -> str:
    """A term a paragraph: whose it is, how often, what others write, and where it stands."""
    lines: list[str] = []
    for term in found:
        others = ", ".join(f"“{words}” {count}" for words, count in term.others)
        lines += [f"“{term.text}”: {term.side.label}, {len(term.uses)} times in {_documents(term.documents)}"]
        lines += [f"  others write: {others}"]
        lines += [f"  {use.document}, characters {use.start}–{use.end}" for use in term.uses]
    return plain("\n".join(lines or ["No words were found that only one side uses for a thing."]))


def feedback(found: Sequence[Judged]) -> str:
    """How many answers readers found useful, what they found wrong with others, and what they wrote."""
    if not found:
        return "Nothing was said of any answer."
    useful = sum(one.judgement.useful for one in found)
    lines = [f"{len(found)} judged: {useful} useful, {len(found) - useful} not"]
    faults = Counter(str(one.judgement.fault) for one in found if one.judgement.fault)
    lines += [f"  {count} {fault.replace('_', ' ')}" for fault, count in faults.most_common()]
    for one in found:
        if one.judgement.words:
            sign = "+" if one.judgement.useful else "-"
            lines += [f"{sign} {one.data['question']}", f"  {one.judgement.words}"]
    return plain("\n".join(lines))


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count} documents"


def spoken(documents: Iterable[Spoken]) -> str:
    """A line a voice: where it stands, who speaks and with which words it begins."""
    rows = [
        (
            row["document"],
            str(first) if first == last else f"{first}-{last}",
            row["kind"],
            " < ".join(reversed(row["chain"])) or row["speaker"] or "",
            _beginning(row["text"]),
        )
        for document in documents
        for row, (first, last) in zip(document.rows(), document.lines(), strict=True)
    ]
    return plain("\n".join(table(("document", "lines", "kind", "speaker", "first words"), rows)))


def _beginning(text: str) -> str:
    start = " ".join(text[: 2 * _BEGINNING].split())
    return start if len(start) <= _BEGINNING else f"{start[:_BEGINNING].rsplit(' ', 1)[0]} …"


def figures(rows: Mapping[str, Mapping[str, Figure]]) -> str:
    """A table of figures: a line a metric, a column a system."""
    metrics = list(dict.fromkeys(metric for row in rows.values() for metric in row))
    body = [(metric, *(str(row.get(metric, "")) for row in rows.values()), _count(metric, rows)) for metric in metrics]
    return "\n".join(table(("metric, with 95 % interval", *rows, "questions"), body))


def _count(metric: str, rows: Mapping[str, Mapping[str, Figure]]) -> str:
    return str(next(row[metric].questions for row in rows.values() if metric in row))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with columns as wide as their widest cell."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]
