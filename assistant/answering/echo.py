"""Citations in, which of them go back to one origin out: near-identical texts, or the same words of somebody.

Beside them the crowds: many documents that say one thing, each in other words.

Searched in the whole corpus, not among what was found alone: a sentence that one document is cited for may stand word
for word in five. It counts and never weighs: no answer is written, cut or ordered by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rapidfuzz import fuzz

from assistant.types import Citation, Echo, Variant
from index import origins
from index.library import Library
from index.retrieve import Retriever
from index.types import Span, VoiceKind

_COMPARED = 4  # near-copies of one document in which the words cited are looked for
_ALIKE = 60  # similarity in percent from which on a near-copy has other words in the same place
_APART = (VoiceKind.COMMENT, VoiceKind.RESIDUE)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A citation and the same words elsewhere."""

    citation: Citation
    here: Span  # in its own document
    elsewhere: dict[str, Span]


def find(
    citations: Sequence[Citation],
    library: Library,
    retriever: Retriever,
    crowds: Mapping[str, int] = MappingProxyType({}),
) -> tuple[Echo, ...]:
    """The echoes among some citations, copies first; what readers wrote has none.

    Args:
        crowds: by its path, the number of the crowd that a document is in.
    """
    counted = [entry for entry in citations if entry.stands and not entry.is_comment]
    return (
        *_copies(counted, library, retriever),
        *_repeated(counted, library, retriever),
        *_reworded(counted, crowds),
    )


def _reworded(counted: Sequence[Citation], crowds: Mapping[str, int]) -> Iterator[Echo]:
    """The crowds that are cited. Whether each is one origin nobody knows, so they count as what they are: articles."""
    for number in sorted(set(crowds.values())):
        documents = tuple(sorted(id for id, crowd in crowds.items() if crowd == number))
        if cited := tuple(entry.number for entry in counted if entry.document.id in documents):
            yield Echo("reworded", cited, documents)


def _copies(counted: Sequence[Citation], library: Library, retriever: Retriever) -> Iterator[Echo]:
    groups: dict[tuple[str, ...], list[Citation]] = {}
    for entry in counted:
        if len(copies := library.copies[entry.document.id]) > 1:
            groups.setdefault(copies, []).append(entry)
    for copies, entries in groups.items():
        variants = (variant for entry in entries for variant in _variants(entry, copies, library, retriever))
        yield Echo("copy", tuple(entry.number for entry in entries), copies, variants=tuple(variants))


def _variants(entry: Citation, copies: Sequence[str], library: Library, retriever: Retriever) -> Iterator[Variant]:
    """What near-copies have where a document is cited, if they do not have the same words."""
    words = _folded(entry.quote)
    others = [id for id in copies if id in retriever.keys and id != entry.document.id]  # an exact copy is not searched
    for id in others[:_COMPARED]:
        text = library.document(retriever.keys[id]).text
        place = fuzz.partial_ratio_alignment(entry.quote, text, score_cutoff=_ALIKE)
        if place is None:
            continue
        start, end = _whole_words(text, place.dest_start, place.dest_end)
        if _folded(text[start:end]) != words and f" {' '.join(words)} " not in f" {' '.join(_folded(text))} ":
            yield Variant(entry.number, id, start, end, text[start:end])


def _repeated(counted: Sequence[Citation], library: Library, retriever: Retriever) -> Iterator[Echo]:
    heard = [found for entry in counted if (found := _heard(entry, library, retriever))]
    while heard:
        together = _one_origin(heard)
        heard = [found for found in heard if found not in together]
        cited = {found.citation.document.id for found in together}
        documents = cited.union(*(found.elsewhere for found in together))
        speakers = {found.citation.voice.speaker for found in together}
        first = together[0]
        yield Echo(
            "words",
            tuple(found.citation.number for found in together),
            tuple(sorted(twin for id in documents for twin in library.twins[id])),
            by=speakers.pop() if len(speakers) == 1 else None,
            quote=first.citation.document.text[slice(*first.here)],
        )


def _heard(entry: Citation, library: Library, retriever: Retriever) -> _Heard | None:
    own = {retriever.keys[id] for id in library.copies[entry.document.id] if id in retriever.keys}
    found = origins.elsewhere(entry.quote, library, own)
    elsewhere: dict[str, Span] = {}
    for shared in found:
        id = library.document(shared.document).id
        if retriever.voices(id).of(*shared.there).kind not in _APART:
            elsewhere[id] = shared.there
    if not elsewhere:
        return None
    start, end = max((shared.here for shared in found), key=lambda here: here[1] - here[0])
    return _Heard(entry, (entry.start + start, entry.start + end), elsewhere)


def _one_origin(heard: Sequence[_Heard]) -> list[_Heard]:
    """The first of these, and all that share words with it or with one that does."""
    together = [heard[0]]
    for found in together:  # grows while it is read
        together += [other for other in heard if other not in together and _same_words(found, other)]
    return sorted(together, key=lambda found: found.citation.number)


def _same_words(one: _Heard, other: _Heard) -> bool:
    """Whether most of the words that one shares with the other's document are what that is cited for."""
    there = one.elsewhere.get(other.citation.document.id)
    if there is None:
        return False
    common = min(there[1], other.citation.end) - max(there[0], other.citation.start)
    return 2 * common > there[1] - there[0]


def _folded(text: str) -> list[str]:
    return [word.folded for word in origins.read(text)]


def _whole_words(text: str, start: int, end: int) -> Span:
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end
