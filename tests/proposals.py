"""Two passages, and sentences about them as a model proposes them."""

from __future__ import annotations

from assistant.checking.checks import check
from assistant.checking.shown import Shown
from assistant.writing.evidence import Evidence
from assistant.writing.parse import Proposal, Quoted
from index import Document, Label, Perspective, Provenance, Source

FERRY = (
    "The ferry must stay, says Tom O'Hara, its captain. He did not agree to the bridge, which costs $40 million. "
    "Some 1,200 people take the boat each day – most of them pupils. It is not illegal to swim across. Nobody has "
    "drowned in the strait since the nineteenth century."
)
BRIDGE = (
    "A bridge would be faster, wrote the engineer Ada Quill in Pellgate. It would carry three thousand cars an hour. "
    "The Germans have built one like it in half a year. The council has approved the plan."
)


def shown(*texts: str, question: str = "What of the ferry?", title: str = "A week at sea", **options: object) -> Shown:
    entries: list[Evidence] = []
    for number, text in enumerate(texts or (FERRY, BRIDGE), 1):
        # What stands outside of a passage is not shown: nothing may be quoted from there.
        document = Document(f"{number}.txt", f"Hidden words stand here. {text} Hidden words stand there.", "")
        label = Label(Perspective("islander", "Islanders"), Provenance.CURATED)
        source = Source(title, "The Harbour Gazette", "report", "2025-03-14", (label,))
        entries.append(Evidence(number, document, source, 25, 25 + len(text), 0.8))
    return Shown(question, tuple(entries), **options)  # type: ignore[arg-type]


def proposal(text: str, *quotes: tuple[int | None, str], kind: str = "report") -> Proposal:
    return Proposal(1, kind, text, tuple(Quoted(passage, quote) for passage, quote in quotes))


def codes(text: str, *quotes: tuple[int | None, str], given: Shown | None = None, kind: str = "report") -> list[str]:
    return [problem.code for problem in check(proposal(text, *quotes, kind=kind), given or shown()).problems]


STAYS = (1, "The ferry must stay, says Tom O'Hara")
