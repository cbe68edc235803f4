"""The data of a bundle in, what a reader of it sees out: headings, sentences and quotes, as plain text in their order.

A pure function of the data, so that anybody can draw the page again and see that it says what its data say. Knows no
HTML and no Markdown. A quote that does not stand in its document has a sentence in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.answering.shares import figure
from assistant.badge import COMMENTS
from assistant.exporting.proof import Finding, Verdict, proven
from assistant.states import STATES
from assistant.types import State

Data = Mapping[str, Any]

_MATCHES = {
    "exact": "",
    "normalised": "the model had copied it with other quotation marks, dashes or spaces",
    "repaired": "the model had copied it with a slip of the pen",
}
_UNCHECKED = "This quote could not be held against {document} when this was written: there was no index of it."
_NOT_CHECKED = (
    "There was no index when this was written: no quote could be held against its document, and none is shown."
)
_EXACT = "Exact means: found, letter for letter, in a document whose text is the one cited. It does not mean: true."
_VERIFY = (
    "parallax verify FILE finds what was changed in this file. With --against FOLDER it looks for every quote in the "
    "documents of that folder, without any index."
)


class Kind(StrEnum):
    """What a part is."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    CLAIM = "claim"  # a sentence of the answer, with the numbers of its quotes
    QUOTE = "quote"
    MISSING = "missing"  # a sentence in the place of a quote
    FACTS = "facts"  # in small print


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of what is seen."""

    kind: Kind
    place: str  # what of the answer it shows
    text: str
    numbers: tuple[int, ...] = ()  # of the quotes of a claim; of a quote itself


def parts(data: Data) -> Iterator[Part]:
    """The page, from top to bottom."""
    answer, checked = data["answer"], data["checked"]
    yield Part(Kind.TITLE, "question", answer["question"])
    yield Part(Kind.FACTS, "how it was made", " · ".join(_facts(answer, checked)))
    if checked["against"] is None:
        yield Part(Kind.TEXT, "checks", _NOT_CHECKED)
    if answer["outcome"] == "not_in_corpus":
        yield Part(Kind.TEXT, "outcome", "No passage was found that answers this question.")
    if answer["reason"]:
        yield Part(Kind.TEXT, "reason", answer["reason"]["text"])
    if assumption := answer.get("assumption"):
        yield Part(Kind.CLAIM, "assumption", assumption["text"], tuple(assumption["citations"]))
        if assumption["neutral"]:
            text = f"The question that leaves it open: {assumption['neutral']}"
            yield Part(Kind.FACTS, "assumption, neutral question", text)
    if answer["mode"] == "generated":
        yield from _claims(answer)
        yield from _quotes("Quotes", "citation", answer["citations"])
    else:
        yield from _digest(answer)
    yield from _quotes("The nearest passages", "nearest", answer["nearest"])
    yield from _perspectives(answer)
    yield from _removed(answer)
    yield from _search(answer)
    yield from _documents(answer)
    yield from _check(data)


def shows(quoted: Data) -> bool:
    """Whether the words of a citation may be shown as a quote."""
    return quoted["check"] in ("exact", "moved", "changed") and quoted["quote"] is not None


def _facts(answer: Data, checked: Data) -> Iterator[str]:
    if answer["mode"] == "generated":
        yield f"Written by {answer['model']}, checked sentence by sentence against the passages cited"
    else:
        yield "Passages that bear on the question; no text was generated"
    if answer["citations"]:
        yield proven(checked["exact"], checked["quotes"])
    coverage = answer["coverage"]
    yield f"{coverage['searched']} perspectives searched, {coverage['relevant']} relevant, {coverage['cited']} cited"
    if coverage.get("balance") is not None:  # answers of earlier versions have none
        yield f"balance {figure(coverage['balance'])}"


def _claims(answer: Data) -> Iterator[Part]:
    if premise := answer["premise"]:
        text = f"About the question itself: {premise['text']}"
        yield Part(Kind.CLAIM, "premise", text, tuple(premise["citations"]))
    for number, claim in enumerate(answer["claims"], 1):
        yield Part(Kind.CLAIM, f"claim {number}", claim["text"], tuple(claim["citations"]))


def _digest(answer: Data) -> Iterator[Part]:
    """The quotes under the names of their perspectives, in the order of the answer."""
    above = ""
    for number in (number for claim in answer["claims"] for number in claim["citations"]):
        entry = answer["citations"][number - 1]
        side = COMMENTS if _is_comment(entry) else " / ".join(label["label"] for label in entry["perspectives"])
        if side != above:
            yield Part(Kind.HEADING, f"citation {number}, perspectives", side)
        above = side
        yield from _cited(entry, f"citation {number}", (number,))


def _quotes(heading: str, name: str, entries: Sequence[Data]) -> Iterator[Part]:
    if entries:
        yield Part(Kind.HEADING, name, heading)
    for number, entry in enumerate(entries, 1):
        yield from _cited(entry, f"{name} {number}", (number,) if name == "citation" else ())


def _cited(entry: Data, place: str, numbers: tuple[int, ...]) -> Iterator[Part]:
    """A quote, and below it who speaks, on which side its source is, and where it stands."""
    yield from _quote(entry, place, numbers)
    badge = entry.get("badge") or ""
    facts = [
        badge,
        "" if _is_comment(entry) else " / ".join(map(_label, entry["perspectives"])),
        "" if entry["title"] in badge else entry["title"],
        entry["published"],
        f"page {entry['page']}" if entry["page"] else "",
        f"{entry['document']}, characters {entry['start']}–{entry['end']}",
        _MATCHES.get(entry["match"], entry["match"]),
    ]
    yield Part(Kind.FACTS, f"{place}, source", " · ".join(fact for fact in facts if fact))


def _is_comment(entry: Data) -> bool:
    """What a reader wrote under a text is not on the side of that text."""
    return entry["voice"]["kind"] == "comment"


def _quote(entry: Data, place: str, numbers: tuple[int, ...] = ()) -> Iterator[Part]:
    """The words, if they may be shown, and what became of them, if they are not as they were."""
    note = _note(entry)
    if shows(entry):
        yield Part(Kind.QUOTE, f"{place}, quote", entry["quote"], numbers)
        if note:
            yield Part(Kind.FACTS, f"{place}, check", note)
    else:
        yield Part(Kind.MISSING, f"{place}, quote", note, numbers)


def _note(entry: Data) -> str:
    if entry.get("finding") is None:
        return _UNCHECKED.format(document=entry["document"])
    now = entry.get("now") or {"start": None, "end": None}
    finding = Finding(entry["finding"])
    return "" if finding is Finding.SAME else Verdict(finding, now["start"], now["end"]).sentence(entry["document"])


def _label(label: Data) -> str:
    given = ", ".join(part for part in (label["provenance"], label["by"], label["on"]) if part)
    return label["label"] if label["provenance"] == "unknown" else f"{label['label']} ({given})"


def _perspectives(answer: Data) -> Iterator[Part]:
    if answer["perspectives"]:
        yield Part(Kind.HEADING, "perspectives", "Perspectives searched")
    for number, line in enumerate(answer["perspectives"], 1):
        yield Part(Kind.TEXT, f"perspective {number}", f"{line['label']}: {STATES[State(line['state'])]}")
        if line["state"] == "relevant" and line["closest"]:
            near = line["closest"]
            yield from _quote(near, f"perspective {number}, closest")
            place = f"{near['document']}, characters {near['start']}–{near['end']}, similarity {near['score']}"
            facts = " · ".join(part for part in (near.get("badge"), place) if part)
            yield Part(Kind.FACTS, f"perspective {number}, closest, source", facts)


def _removed(answer: Data) -> Iterator[Part]:
    if answer["removed"]:
        yield Part(Kind.HEADING, "removed", "Removed for want of proof")
    for number, entry in enumerate(answer["removed"], 1):
        yield Part(Kind.TEXT, f"removed {number}", f"{entry['text']}: {'; '.join(entry['reasons'])}")


def _search(answer: Data) -> Iterator[Part]:
    yield Part(Kind.HEADING, "search", "How it was searched")
    yield Part(Kind.FACTS, "query", f"Searched as: {answer['query']}")
    if only := answer.get("only"):
        yield Part(Kind.FACTS, "filters", f"Searched only: {'; '.join(_filters(only, answer['perspectives']))}")
    for names in answer["spellings"]:
        yield Part(Kind.FACTS, "spellings", f"In every spelling: {', '.join(names)}")
    made = [f"index {answer['generation']}", f"labels {answer['labels']}"]
    made += [f"prompt {name} {fingerprint}" for name, fingerprint in answer["prompts"].items()]
    yield Part(Kind.FACTS, "fingerprints", " · ".join(made))


def _filters(only: Data, perspectives: Sequence[Data]) -> Iterator[str]:
    """What alone was searched, each part in words."""
    labels = {line["id"]: line["label"] for line in perspectives}
    sides = [labels.get(id, id) for id in only["perspectives"]]
    for name, chosen in (("perspective", sides), ("document", only["documents"]), ("words of", only["speakers"])):
        if chosen:
            yield f"{name} {' or '.join(chosen)}"
    for name in ("since", "until"):
        if only[name]:
            yield f"published {name} {only[name]}"


def _documents(answer: Data) -> Iterator[Part]:
    cited = {entry["document"]: entry["sha256"] for entry in (*answer["citations"], *answer["nearest"])}
    if cited:
        yield Part(Kind.HEADING, "documents", "Documents, with the SHA-256 of their files")
    for document, sha256 in cited.items():
        yield Part(Kind.FACTS, "documents", f"{document} · {sha256}")


def _check(data: Data) -> Iterator[Part]:
    made, checked = data["made"], data["checked"]
    yield Part(Kind.HEADING, "checks", "To check it")
    against = checked["against"] or "nothing"
    yield Part(Kind.FACTS, "made", f"Exported by {made['program']} on {made['on']}; quotes held against {against}.")
    yield Part(Kind.FACTS, "checks", _EXACT)
    yield Part(Kind.FACTS, "checks", _VERIFY)
