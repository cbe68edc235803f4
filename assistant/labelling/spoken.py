"""A folder in, who speaks where in each of its documents out. Reads the files themselves: no store, no index.

What `parallax voices` prints. The labels files of the folder have their say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import BadDocument, UnusableFolder
from index.labelling.labels import LabelFiles
from index.labelling.regions import corrected, lines_of, problems
from index.loading.load import SUFFIXES, find, load
from index.speaking import voices
from index.types import Document, Voice, VoiceKind, Voices


@dataclass(frozen=True, slots=True)
class Spoken:
    """A document and who speaks where in it."""

    document: Document
    voices: Voices
    problems: tuple[str, ...]  # with what its owner says of them

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row a voice, in the order of the text, a carrier before whom it carries."""
        for span in self.voices.spans:
            yield {
                "document": self.document.id,
                "start": span.start,
                "end": span.end,
                "kind": str(_kind(span)),
                "speaker": span.speaker,
                "chain": list(span.chain),
                "marked": span.marked,
                "confidence": span.confidence,
                "text": self.document.text[span.start : span.end],
            }

    def lines(self) -> list[tuple[int, int]]:
        """The first and the last line of each row, as a labels file counts them."""
        return lines_of([(span.start, span.end) for span in self.voices.spans], self.document.text)


def read(folder: Path, failed: Callable[[BadDocument], object]) -> Iterator[Spoken]:
    """Every document of a folder, in order of path.

    Args:
        failed: told of each document that cannot be read; the rest are read all the same.

    Raises:
        UnusableFolder: it cannot be read, or holds nothing to read.
        BadLabels: a labels file cannot be followed.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in find(folder)}
    if not paths:
        kinds = " ".join(sorted(SUFFIXES))
        raise UnusableFolder(folder, "there is nothing to read in this folder", f"Put some documents in ({kinds})")
    labels = LabelFiles(folder, paths).read()
    for id, path in paths.items():
        try:
            document = load(path, id)
        except BadDocument as error:
            failed(error)
            continue
        said = labels.regions(document)
        found = corrected(voices.find(document), said, document.text)
        yield Spoken(document, found, tuple(problems(said, id, document.text)))


def _kind(voice: Voice) -> VoiceKind:
    # What a browser left is of nobody; to others it is a pasted text without a writer.
    return VoiceKind.EMBEDDED if voice.kind is VoiceKind.RESIDUE else voice.kind
