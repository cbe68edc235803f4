"""A file that `export` wrote in, what of it still holds out: without our index, and alone or beside the documents.

    file ─► what was changed in it ─► is it drawn from its data? ─► every quote held against the documents of a folder

What a file says of itself is guarded against accident and careless editing, not against a forger, who can seal it anew.
Against him there are the sources: with a folder, every quote is looked for in its document's own file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.errors import BadFile
from assistant.exporting import proof, seal, shape
from assistant.exporting.exported import (
    FORMAT,
    MOST_BYTES,
    Quote,
    claim_of,
    content,
    drawn,
    format_of,
    quoted,
    recorded,
)
from assistant.exporting.printing import Format
from index.errors import BadDocument
from index.loading.load import find, load
from index.types import Document

_SAME, _CHANGED, _GONE = "same", "changed", "gone"


@dataclass(frozen=True, slots=True)
class Source:
    """A document of a bundle, and what became of its file."""

    document: str
    state: str  # same | changed | gone
    text: str  # one sentence; empty where it is the same


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found out about a bundle."""

    file: Path
    differences: tuple[str, ...]  # between the file and what was written, a sentence each
    sources: tuple[Source, ...]  # where a folder was given
    quotes: tuple[Quote, ...]  # the citations first
    against: str | None  # the folder; without one, what the quotes were held against on export

    @property
    def holds(self) -> bool:
        """Whether the file is as it was written, every document as it was cited, and every quote exact."""
        same = all(source.state == _SAME for source in self.sources)
        return not self.differences and same and all(quote.exact for quote in self.quotes)

    @property
    def cited(self) -> tuple[Quote, ...]:
        """The quotes that the answer rests on; where it has none, those that it shows."""
        return tuple(quote for quote in self.quotes if quote.place.startswith("citation ")) or self.quotes

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "file": str(self.file),
            "holds": self.holds,
            "against": self.against,
            "differences": list(self.differences),
            "documents": [asdict(source) for source in self.sources],
            "quotes": [quote.to_dict() for quote in self.quotes],
        }


def verify(file: str | Path, against: str | Path | None = None) -> Verification:
    """Say what was changed in an exported answer, and which of its quotes stand in the documents of a folder.

    Args:
        against: a folder of documents, which are read from their files. Without it, what was found on export stands.

    Raises:
        BadFile: this is no exported answer, or too little of one.
        UnusableFolder: the folder cannot be read.
    """
    file = Path(file)
    format_of(file)  # refused before it is read
    return verify_content(content(file), file, against)


def verify_content(written: bytes, file: Path, against: str | Path | None = None) -> Verification:
    """The same for the content of a file; its name tells the format, and stands in what is said of it."""
    format = format_of(file)
    found = _text(written, file)
    differences = tuple(examine(found, format, file))
    try:
        data = shape.bundle(format.data(found.split("\n")))
    except shape.WrongShape:
        return Verification(file, differences, (), (), None)  # what was changed is what made them unreadable
    entries = list(quoted(data["answer"]))
    if against is None:
        quotes = tuple(recorded(place, entry) for place, entry in entries)
        return Verification(file, differences, (), quotes, data["checked"]["against"])
    folder = _Folder(Path(against))
    cited = dict.fromkeys((entry["document"], entry["sha256"], entry["text_sha256"]) for _, entry in entries)
    sources = tuple(folder.source(*hashes) for hashes in cited)
    quotes = tuple(folder.held(place, claim_of(entry)) for place, entry in entries)
    return Verification(file, differences, sources, quotes, str(against))


def examine(found: str, format: Format, file: Path) -> list[str]:
    """What was changed in the text of an exported answer, a sentence each; errors as in `verify`."""

    def written(lines: Sequence[str]) -> list[seal.Line]:
        return drawn(shape.bundle(format.data(lines)), format, file)

    try:
        if changed := seal.differences(found, format.frame, written):
            return [f"{_capital(one.place)} was changed (line {one.line})." for one in changed]
        lines = found.split("\n")
        made_in = shape.bundle(format.data(lines))["format"]
        if made_in != FORMAT:
            problem = f"It was exported in format {made_in}, and this version of Parallax reads format {FORMAT}"
            raise BadFile(file, problem, "Use the version that exported it")
        apart = seal.apart(lines, [*written(lines), seal.END])
        shown = [one for one in apart if not seal.is_of_seal(one)] or apart
        return [f"{_capital(one.place)} does not say what the data of the file say (line {one.line})." for one in shown]
    except shape.WrongShape as error:
        problem = f"It is no exported answer, or too little is left of one ({error})"
        raise BadFile(file, problem, "Give a file that parallax export wrote") from error


class _Folder:
    """The documents of a folder, each read when it is first asked for, and none from outside of it."""

    def __init__(self, folder: Path) -> None:
        self._paths = {path.relative_to(folder).as_posix(): path for path in find(folder)}
        self._problems: dict[str, str] = {}
        self.document = lru_cache(maxsize=None)(self._read)

    def held(self, place: str, claim: proof.Proof) -> Quote:
        """A quote, held against its document."""
        return Quote(place, claim, proof.check(claim, self.document(claim.document)))

    def source(self, id: str, sha256: str, text_sha256: str) -> Source:
        """What became of the file of a document that had these hashes."""
        document = self.document(id)
        if document is None:
            return Source(id, _GONE, self._problems.get(id, f"{id}: There is no such document in the folder."))
        same = document.text_sha256 == text_sha256
        if document.sha256 == sha256:
            odd = f"{id}: The file is the one cited, but this version of Parallax takes another text from it."
            return Source(id, _SAME, "") if same else Source(id, _CHANGED, odd)
        text = "; its text is the same" if same else ""
        return Source(id, _CHANGED, f"{id}: The bytes of the file are not those that were cited{text}.")

    def _read(self, id: str) -> Document | None:
        if id not in self._paths:
            return None
        try:
            return load(self._paths[id], id)
        except BadDocument as error:
            self._problems[id] = str(error)
            return None


def _text(data: bytes, file: Path) -> str:
    """All that a file holds; bytes that are no UTF-8 stay apart from every character."""
    if len(data) > MOST_BYTES:
        raise BadFile(file, f"It is larger than {MOST_BYTES // 1_000_000} MB", "Give a file that parallax export wrote")
    return data.decode("utf-8", "surrogateescape")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
