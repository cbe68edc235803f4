"""An answer's data in, the quotes in them and the whole file that they make out: what `export` and `verify` share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BadFile
from assistant.exporting import seal
from assistant.exporting.printing import FORMATS, Format
from assistant.exporting.proof import Check, Finding, Proof, Verdict

FORMAT = 1  # of the data and of how they are drawn; counted up when either changes
MOST_BYTES = 50_000_000
UNCHECKED = "unchecked"  # no document was there to hold a quote against


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote of a bundle, and what became of it."""

    place: str  # "citation 3"
    claim: Proof
    verdict: Verdict | None  # None: it was held against nothing

    @property
    def exact(self) -> bool:
        """Whether it stands as it was cited."""
        return self.verdict is not None and self.verdict.check is Check.EXACT

    def __str__(self) -> str:
        document = self.claim.document
        unchecked = f"This quote could not be held against {document}: there is no index."
        return f"{self.place}: {self.verdict.sentence(document) if self.verdict else unchecked}"

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        verdict = self.verdict
        return {
            "place": self.place,
            "document": self.claim.document,
            "check": str(verdict.check) if verdict else UNCHECKED,
            "start": verdict.start if verdict else None,
            "end": verdict.end if verdict else None,
            "text": str(self),
        }


def quoted(answer: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every stretch of a document that an answer shows, with its place; the citations first."""
    for name, entries in (("citation", answer["citations"]), ("nearest", answer["nearest"])):
        for number, entry in enumerate(entries, 1):
            yield f"{name} {number}", entry
    for number, line in enumerate(answer["perspectives"], 1):
        if line["closest"]:
            yield f"perspective {number}, closest", line["closest"]


def claim_of(entry: Mapping[str, Any]) -> Proof:
    """What an entry claims of its document."""
    fields = {name: entry[name] for name in ("document", "text_sha256", "start", "end", "before", "after")}
    return Proof(**fields, quote=entry["quote"] if entry["quote"] is not None else entry["claimed"])


def recorded(place: str, entry: Mapping[str, Any]) -> Quote:
    """What came of a quote on export."""
    now = entry.get("now") or {"start": None, "end": None}
    finding = entry.get("finding")
    return Quote(place, claim_of(entry), Verdict(Finding(finding), now["start"], now["end"]) if finding else None)


def drawn(bundle: Mapping[str, Any], format: Format, file: Path) -> list[seal.Line]:
    """The whole file.

    Raises:
        BadFile: the data hold what cannot be written.
    """
    try:
        return seal.sealed(format.lines(bundle), format.frame)
    except (ValueError, RecursionError) as error:
        raise BadFile(file, "The answer holds a number without end, or too many layers", "Ask again") from error


def format_of(file: Path) -> Format:
    """The format that the name of a file stands for.

    Raises:
        BadFile: it stands for none.
    """
    if format := FORMATS.get(file.suffix.lower()):
        return format
    ending = f"Its ending is {file.suffix}" if file.suffix else "It has no ending"
    raise BadFile(file, ending, f"Use one of {' '.join(FORMATS)}")


def content(file: Path) -> bytes:
    """The bytes of a file; of one that is too large, one more than are read.

    Raises:
        BadFile: it cannot be read.
    """
    try:
        if file.exists() and not file.is_file():
            raise BadFile(file, "It is not a file with content", "Give one that is")
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadFile(file, f"It cannot be read ({reason})", "Check the path") from error
