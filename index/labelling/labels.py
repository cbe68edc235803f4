"""Labels files in, the card of any document out: its perspectives, who gave them, its title and date.

`sources.toml` may lie in any folder of the corpus and speaks for what is below it. The first rank that says something
wins: exact path, SHA-256 of the content, glob in the nearest folder, pattern of the file name, the document's own
front matter, suggestion, default. A catalogue is a labels file kept apart from the documents; it matches by SHA-256
alone. `sources.suggested.toml`, at the top of the corpus, holds what a machine suggested: each entry for one text,
known by its SHA-256, and always "inferred", whatever the file says.

Read at question time and never stored in a generation, so that a new label shows in the next answer.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, Protocol

from index.errors import BadLabels
from index.labelling import regions, tables
from index.labelling.regions import Region
from index.types import NO_LABEL, UNLABELLED, Label, Perspective, Provenance, Source

FILE_NAME = "sources.toml"
SUGGESTED = "sources.suggested.toml"
CATALOGUES = Path(__file__).parents[1] / "catalogues"
_SUGGESTED_KEYS = {
    *("match", "sha256", "perspective", "perspectives", "provenance", "quotes", "by", "on"),
    *("margin", "runner_up"),  # for whoever reads the file
}
_WILD = re.compile(r"[*?[]")


class Described(Protocol):
    """What a document says of itself: a `Document`, or its line in the library's list."""

    @property
    def id(self) -> str:
        """Its path relative to the corpus."""
        ...

    @property
    def sha256(self) -> str:
        """Of the file's bytes."""
        ...

    @property
    def title(self) -> str | None:
        """None where it has none."""
        ...

    @property
    def outlet(self) -> str | None:
        """Who published it."""
        ...

    @property
    def kind(self) -> str | None:
        """Essay, newsletter, ...."""
        ...

    @property
    def published(self) -> str | None:
        """ISO, as precise as known."""
        ...

    @property
    def declared(self) -> str | None:
        """The perspective it claims for itself."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One [[source]] of a labels file."""

    place: str  # for error sentences: "sources.toml, source 3 (essays/*.md)"
    folder: str  # the folder whose documents it speaks for; "" is the corpus itself
    match: str | None
    sha256: str | None
    fields: Mapping[str, str | None]  # title, outlet, kind, published
    labels: tuple[Label, ...]  # empty where the entry gives none
    regions: tuple[Region, ...] = ()  # in which somebody else speaks than the rules find

    @property
    def path(self) -> str | None:
        """The one document that `match` names, where it is no glob: its path relative to the corpus."""
        return None if self.match is None or _WILD.search(self.match) else self.folder + self.match

    def covers(self, document: str) -> bool:
        """Whether `match`, as a glob, names this document."""
        if self.match is None:
            return False
        inside = document[len(self.folder) :] if self.folder else document
        return document.startswith(self.folder) and _glob(self.match).match(inside) is not None


@dataclass(frozen=True)
class _File:
    name: str
    folder: str
    perspectives: Mapping[str, Perspective]
    entries: tuple[Entry, ...]
    pattern: re.Pattern[str] | None
    default: tuple[Label, ...]
    trust_front_matter: bool

    @cached_property
    def by_path(self) -> dict[str, list[Entry]]:
        """Its entries by what may be an exact path: also a glob may be the name of a file."""
        return _by(self.entries, lambda entry: entry.folder + entry.match if entry.match is not None else None)

    @cached_property
    def by_sha256(self) -> dict[str, list[Entry]]:
        """Its entries by the content that they name."""
        return _by(self.entries, lambda entry: entry.sha256)

    @cached_property
    def globs(self) -> list[Entry]:
        """Its entries that may name many documents."""
        return [entry for entry in self.entries if entry.match is not None and entry.path is None]


class Labels:
    """The labels files of one corpus, as they stand now."""

    def __init__(
        self,
        files: Iterable[tuple[str, str, bytes]],
        catalogues: Iterable[tuple[str, bytes]] = (),
        suggested: bytes | None = None,
    ) -> None:
        """Parse files given as (name, folder of the corpus with a closing "/" or "", content).

        Args:
            suggested: the content of the file of suggestions, where there is one.

        Raises:
            BadLabels: a file cannot be followed.
        """
        files, catalogues = list(files), list(catalogues)
        digest = hashlib.sha256()
        for *head, content in (*files, *catalogues, *([(SUGGESTED, suggested)] if suggested is not None else [])):
            digest.update("\0".join(head).encode("utf-8", "surrogatepass") + b"\0" + content + b"\0")
        self.fingerprint = digest.hexdigest()[:12]
        # The perspectives of the folder above hold below it as well, so the files are read from the top down.
        self._files: list[_File] = []
        for name, folder, content in sorted(files, key=lambda file: file[1]):
            above = [file.perspectives for file in self._files if folder.startswith(file.folder)]
            known = {id: perspective for part in above for id, perspective in part.items()}
            self._files.append(_parse(name, folder, content, known))
        # A perspective of a catalogue bears the name that the owner of the corpus gives it.
        own = self._files[0].perspectives if self._files and not self._files[0].folder else {}
        self._catalogues = [_parse(name, "", content, {}, own) for name, content in catalogues]
        self.suggestions = _suggestions(suggested, self.perspectives) if suggested is not None else ()
        self._suggestions_of = _by(self.suggestions, lambda entry: entry.sha256)

    @cached_property
    def perspectives(self) -> dict[str, Perspective]:
        """Every perspective that a labels file of the corpus defines, by id."""
        return {id: perspective for file in self._files for id, perspective in file.perspectives.items()}

    @property
    def entries(self) -> Iterator[Entry]:
        """Every entry of the corpus's own files."""
        for file in self._files:
            yield from file.entries

    @cached_property
    def named(self) -> frozenset[str]:
        """Every path that an entry may mean by itself."""
        return frozenset(path for file in self._files for path in file.by_path)

    @cached_property
    def contents(self) -> frozenset[str]:
        """The SHA-256 of every content that an entry, a catalogue or a suggestion names."""
        files = (*self._files, *self._catalogues)
        return frozenset(sha256 for file in files for sha256 in file.by_sha256).union(self._suggestions_of)

    @property
    def globs(self) -> list[Entry]:
        """The entries that may name many documents."""
        return [entry for file in self._files for entry in file.globs]

    @property
    def patterns(self) -> list[re.Pattern[str]]:
        """What the names of files are searched for."""
        return [file.pattern for file in self._files if file.pattern]

    def suggestion(self, document: Described) -> Entry | None:
        """What a machine suggests for this text. Copies may have got several: that of its own path comes first."""
        found = self._suggestions_of.get(document.sha256, ())
        return min(found, key=lambda entry: entry.match != document.id, default=None)

    def resolve(self, document: Described) -> Source:
        """The card of a document.

        Raises:
            BadLabels: two entries of one rank give it different labels.
        """
        ranks = list(self._ranks(document))
        labels = next((found for rank in ranks if (found := _agreed(document.id, rank))), (NO_LABEL,))
        own = {
            "title": document.title,
            "outlet": document.outlet,
            "kind": document.kind,
            "published": document.published,
        }
        said = [entry.fields for rank in ranks for entry in rank]
        fields = {name: next((f[name] for f in said if f.get(name)), None) or own[name] for name in own}
        title = fields.pop("title") or PurePosixPath(document.id).name
        return Source(title=title, labels=labels, **fields)

    def regions(self, document: Described) -> tuple[Region, ...]:
        """Who speaks where in a document, where its owner corrects the rules."""
        ranks = ([region for entry in rank for region in entry.regions] for rank in self._ranks(document))
        return tuple(next((found for found in ranks if found), ()))

    def check(self, documents: Sequence[Described]) -> list[dict[str, str]]:
        """What the owner should know, as `kind` and `text`: stale entries, changed files, contradictions, no label."""
        found: list[dict[str, str]] = []
        by_path = {document.id: document for document in documents}
        by_sha256: dict[str, list[str]] = {}
        for document in documents:
            by_sha256.setdefault(document.sha256, []).append(document.id)
        for entry in self.entries:
            if entry.path is not None:
                named = [entry.path] if entry.path in by_path else []
            else:
                named = [id for id in by_path if entry.covers(id)]
            same = by_sha256.get(entry.sha256 or "", [])
            if entry.match and not named and not same:
                found.append({"kind": "no document", "text": f"{entry.place} fits no document of the index"})
            elif entry.match and entry.sha256 and named and not same:
                found.append(
                    {"kind": "changed", "text": f"{named[0]} is not the file that {entry.place} was written for"}
                )
            elif not entry.match and not same:
                found.append({"kind": "no document", "text": f"{entry.place} fits no document of the index"})
        for entry in self.suggestions:
            if entry.sha256 not in by_sha256:
                found.append({"kind": "suggestion", "text": f"{entry.place} fits no text of the index any more"})
            elif not entry.labels:
                found.append({"kind": "suggestion", "text": f"{entry.place} names a perspective that is not defined"})
        for document in documents:
            try:
                if self.resolve(document).labels == (NO_LABEL,):
                    found.append({"kind": "no label", "text": f"{document.id} has no perspective"})
            except BadLabels as error:
                found.append({"kind": "contradiction", "text": str(error)})
        return found

    def _ranks(self, document: Described) -> Iterator[list[Entry]]:
        """What is said about a document, one list a rank, the first rank first."""
        near = [file for file in reversed(self._files) if document.id.startswith(file.folder)]
        yield [entry for file in near for entry in file.by_path.get(document.id, ())]
        yield [entry for file in near for entry in file.by_sha256.get(document.sha256, ())]
        yield [entry for file in self._catalogues for entry in file.by_sha256.get(document.sha256, ())]
        for file in near:
            yield [entry for entry in file.globs if entry.covers(document.id)]
        for file in near:
            yield list(_from_name(file, document.id))
        if document.declared:
            yield [self._self_declared(document, near)]
        if suggested := self.suggestion(document):
            yield [suggested]
        for file in near:
            yield [Entry(f"{file.name}, defaults", file.folder, None, None, {}, file.default)]

    def _self_declared(self, document: Described, near: list[_File]) -> Entry:
        declared = document.declared or ""
        known = {id: perspective for file in reversed(near) for id, perspective in file.perspectives.items()}
        perspective = known.get(declared) or Perspective(declared[:80], declared[:80], "Named by the document itself.")
        trusted = any(file.trust_front_matter for file in near)
        provenance = Provenance.CURATED if trusted else Provenance.SELF_DECLARED
        return Entry(f"front matter of {document.id}", "", None, None, {}, (Label(perspective, provenance),))


class LabelFiles:
    """Where the labels of a corpus lie; reads them again when one of them has changed."""

    def __init__(self, corpus: Path, documents: Iterable[str], catalogues: Path = CATALOGUES) -> None:
        folders = {PurePosixPath(folder) for folder in {id.rpartition("/")[0] for id in documents}}
        parents = folders.union(*(folder.parents for folder in folders))
        self._files = [
            (corpus / folder / FILE_NAME, "" if str(folder) == "." else f"{folder}/")
            for folder in sorted({PurePosixPath("."), *parents})
        ]
        self._catalogues = tuple((file.name, file.read_bytes()) for file in sorted(catalogues.glob("*.toml")))
        self._suggested = corpus / SUGGESTED
        self._stamps: list[tuple[int, ...] | None] = []
        self._labels: Labels | None = None

    def read(self) -> Labels:
        """The labels as the files stand now.

        Raises:
            BadLabels: a file cannot be read or followed.
        """
        stamps = [_stamp(self._suggested), *(_stamp(file) for file, _ in self._files)]
        if self._labels is None or stamps != self._stamps:
            self._labels, self._stamps = self.with_contents(self.contents()), stamps
        return self._labels

    def contents(self) -> dict[str, bytes]:
        """The files that there are, by name, suggestions included."""
        files = [(SUGGESTED, self._suggested), *((f"{folder}{FILE_NAME}", file) for file, folder in self._files)]
        return {name: _content(file) for name, file in files if _stamp(file) is not None}

    def with_contents(self, contents: Mapping[str, bytes]) -> Labels:
        """The labels as they would be if the files were these.

        Raises:
            BadLabels: one of them cannot be followed.
        """
        files = [(name, name[: -len(FILE_NAME)], content) for name, content in contents.items() if name != SUGGESTED]
        return Labels(files, self._catalogues, contents.get(SUGGESTED))


def _stamp(file: Path) -> tuple[int, ...] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino  # two changes may fall into one tick of the clock


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadLabels(file, f"it cannot be read ({error.strerror})", "Make it readable, or remove it") from error


def _by(entries: Iterable[Entry], key: Callable[[Entry], str | None]) -> dict[str, list[Entry]]:
    """Entries by a key, in order; those without one are left out."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if (value := key(entry)) is not None:
            found.setdefault(value, []).append(entry)
    return found


def _loaded(name: str, content: bytes, remedy: str = "Mend that line") -> Mapping[str, Any]:
    try:
        data = tables.read(content)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadLabels(name, f"it is not valid TOML ({error})", remedy) from error
    if data.get("version", 1) != 1:
        raise BadLabels(name, f"it has version {data['version']!r}", "This Parallax reads version 1")
    return data


def _suggestions(content: bytes, perspectives: Mapping[str, Perspective]) -> tuple[Entry, ...]:
    """The entries of the file of suggestions.

    One whose perspectives are no longer defined gives no label: the owner may take back a perspective without having to
    clear up after a machine. A file that cannot be followed is an error as with any labels file: passing it over would
    take labels away without a word.
    """
    data = _loaded(SUGGESTED, content, "Mend that line, or delete the file and run: parallax labels suggest")
    tables.no_strangers(SUGGESTED, "the file", data, {"version", "source"})
    entries: list[Entry] = []
    for number, source in enumerate(tables.listed(SUGGESTED, data, "source", "[[source]]"), 1):
        match, sha256 = tables.text(SUGGESTED, source, "match"), tables.text(SUGGESTED, source, "sha256")
        place = f"source {number} ({match or sha256})"
        tables.no_strangers(SUGGESTED, place, source, _SUGGESTED_KEYS)
        if not sha256:
            raise BadLabels(SUGGESTED, f"source {number} names no text", 'Give it sha256 = "...", or remove it')
        inferred = {**source, "provenance": str(Provenance.INFERRED)}
        known = [id for id in _ids(SUGGESTED, place, source) if id in perspectives]
        labels = _labels(SUGGESTED, place, {**inferred, "perspectives": known}, perspectives)
        entries.append(Entry(f"{SUGGESTED}, {place}", "", match, sha256.lower(), {}, labels))
    return tuple(entries)


def _parse(
    name: str,
    folder: str,
    content: bytes,
    above: Mapping[str, Perspective],
    instead: Mapping[str, Perspective] = MappingProxyType({}),
) -> _File:
    """A labels file.

    Args:
        above: perspectives that hold in it; it may define them anew.
        instead: perspectives that hold in it, whatever it says of them.
    """
    data = _loaded(name, content)
    tables.no_strangers(name, "the file", data, {"version", "perspectives", "source", "defaults", "patterns"})
    defaults, patterns = tables.nested(name, data, "defaults"), tables.nested(name, data, "patterns")
    tables.no_strangers(name, "[defaults]", defaults, {"perspective", "perspectives", "trust_front_matter"})
    tables.no_strangers(name, "[patterns]", patterns, {"filename"})
    perspectives = dict(above)
    for id, table in tables.nested(name, data, "perspectives").items():
        if not isinstance(table, dict):
            raise BadLabels(name, f"[perspectives.{id}] is not a table", 'Write label = "..." under it')
        label, description = (tables.text(name, table, key) for key in ("label", "description"))
        perspectives[id] = instead.get(id) or Perspective(id, label or id, description or "")
    sources = tables.listed(name, data, "source", "[[source]]")
    entries = (_entry(name, folder, number, source, perspectives) for number, source in enumerate(sources, 1))
    return _File(
        name=name,
        folder=folder,
        perspectives=perspectives,
        entries=tuple(entries),
        pattern=_pattern(name, patterns.get("filename")),
        default=_labels(name, "defaults", defaults, perspectives),
        trust_front_matter=defaults.get("trust_front_matter") is True,
    )


def _entry(
    name: str, folder: str, number: int, source: Mapping[str, Any], perspectives: Mapping[str, Perspective]
) -> Entry:
    match, sha256 = tables.text(name, source, "match"), tables.text(name, source, "sha256")
    place = f"source {number} ({match or sha256})"
    known = {"match", "sha256", "title", "outlet", "kind", "published", "perspective", "perspectives", "quotes"}
    tables.no_strangers(name, place, source, known | {"provenance", "by", "on", "voice", "author", "description"})
    if not match and not sha256:
        raise BadLabels(name, f"source {number} names no document", 'Give it match = "path" or sha256 = "..."')
    return Entry(
        place=f"{name}, {place}",
        folder=folder,
        match=match.removeprefix("./") if match else None,
        sha256=sha256.lower() if sha256 else None,
        fields={key: tables.text(name, source, key) for key in ("title", "outlet", "kind", "published")},
        labels=_labels(name, place, source, perspectives),
        regions=regions.read(name, place, source),
    )


def _labels(
    name: str, place: str, source: Mapping[str, Any], perspectives: Mapping[str, Perspective]
) -> tuple[Label, ...]:
    given = _ids(name, place, source)
    try:
        provenance = Provenance(source.get("provenance", Provenance.CURATED))
    except ValueError:
        names = ", ".join(Provenance)
        raise BadLabels(name, f"{place} has the provenance {source['provenance']!r}", f"Use one of: {names}") from None
    quotes = tables.texts(name, source, "quotes")
    labels: list[Label] = []
    for id in given:
        if id == UNLABELLED.id:
            continue
        if id not in perspectives:
            remedy = f"Add [perspectives.{id}] with a label, or use one of: {', '.join(perspectives) or '(none yet)'}"
            raise BadLabels(name, f"{place} names the perspective {id!r}, which is not defined", remedy)
        by, on = (tables.text(name, source, key) for key in ("by", "on"))
        labels.append(Label(perspectives[id], provenance, by, on, quotes))
    # Whoever says that a source has no perspective has said something.
    return tuple(labels) or ((NO_LABEL,) if given else ())


def _ids(name: str, place: str, source: Mapping[str, Any]) -> list[str]:
    """The perspectives that a table names."""
    given = source.get("perspectives", [source["perspective"]] if "perspective" in source else [])
    if not isinstance(given, list) or not all(isinstance(id, str) for id in given):
        raise BadLabels(name, f"the perspective of {place} is not text", 'Write perspective = "id"')
    return list(dict.fromkeys(given))


def _agreed(document: str, rank: list[Entry]) -> tuple[Label, ...]:
    """The labels that the entries of one rank give; they must not contradict one another."""
    giving = [entry for entry in rank if entry.labels]
    for other in giving[1:]:
        if {label.perspective for label in other.labels} != {label.perspective for label in giving[0].labels}:
            problem = f"{document} gets different labels from {giving[0].place} and from {other.place}"
            raise BadLabels(FILE_NAME, problem, "Remove one, or give the document an entry with its exact path")
    return giving[0].labels if giving else ()


def _from_name(file: _File, document: str) -> Iterator[Entry]:
    found = file.pattern and file.pattern.search(PurePosixPath(document).name)
    if not found:
        return
    groups = found.groupdict()
    perspective = file.perspectives.get(groups.pop("perspective", None) or "")
    labels = (Label(perspective, Provenance.CURATED),) if perspective else ()
    yield Entry(f"{file.name}, pattern of the file name", file.folder, None, None, groups, labels)


def _pattern(name: str, pattern: object) -> re.Pattern[str] | None:
    if pattern is None:
        return None
    try:
        return re.compile(str(pattern))
    except re.error as error:
        raise BadLabels(
            name, f"the pattern of the file name is not valid ({error})", "Mend [patterns] filename"
        ) from error


@lru_cache(maxsize=1000)
def _glob(pattern: str) -> re.Pattern[str]:
    """As in a shell: * stays within a folder, ** reaches below it."""
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|\[!?[^\]]+\]|.", pattern, re.DOTALL)
    classes = (token.replace("[!", "[^", 1) if len(token) > 2 and token[0] == "[" else None for token in tokens)
    return re.compile(
        "".join(parts.get(token) or kind or re.escape(token) for token, kind in zip(tokens, classes, strict=True))
        + r"\Z"
    )
