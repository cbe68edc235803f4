"""What a person says of sources in, labels files changed out: their comments, their order and all else in them kept.

    under the lock ─► the files as they are ─► the change ─► can all that be followed? ─► each file replaced in one step

Only a file that can be parsed is ever replaced, and only if nobody has written it meanwhile. What is written is read
again first: it must say exactly what it said before and the change, and every document must still have one card.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Comment, Table, Whitespace

from index.errors import BadLabels
from index.labelling import label_text, label_writing, regions, tables
from index.labelling.label_text import Change
from index.labelling.label_writing import Written
from index.labelling.labels import FILE_NAME, SUGGESTED, Described, LabelFiles, Labels
from index.labelling.regions import AUTHOR
from index.types import UNLABELLED, Perspective, Provenance, Span, VoiceKind

_LONGEST_NAME, _LONGEST_TEXT = 80, 500  # characters of a perspective's name, and of its description
_LONGEST_ID = 40
_SHOWN = 40  # characters of a stretch that a message repeats
_MOST = 12  # perspectives of one document
_TRIES = 5  # to find a file as it was when its change was worked out
# These turn the text that stands beside them around, or hide in it.
_DIRECTING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
T = TypeVar("T")
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says of where one document stands."""

    document: Described
    perspectives: tuple[Perspective, ...]  # empty: that it has none
    quotes: tuple[str, ...] | None = None  # that justify it; None: those that stand there, if they still speak for it


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a person says of who speaks in a stretch of a document."""

    document: Described
    text: str
    stretch: Span
    speaker: str | None  # None: its author, or nobody knows who where the kind is UNCLEAR
    kind: VoiceKind = VoiceKind.DIRECT  # of a voice that is not the author's
    chain: tuple[str, ...] | None = None  # through whom the words came into the document; None: as around them


class LabelEditor:
    """Changes the labels files of one corpus."""

    def __init__(self, corpus: Path, documents: Sequence[Described]) -> None:
        """Set up, with every document of the corpus: after a change each of them must still have one card."""
        self._corpus = corpus
        self._documents = documents
        self._files = LabelFiles(corpus, (document.id for document in documents))

    def give(self, given: Sequence[Given], by: str | None, on: str) -> Written:
        """Say where documents stand, each in an entry with its exact path.

        Args:
            by: who says so.
            on: ISO date.

        Raises:
            BadLabels: a file cannot be followed as it is, or could not be with this change. Nothing is written then.
            UnusableFolder: the corpus cannot be written.
        """
        by = one_line("who gives it", by or "", _LONGEST_NAME) or None

        def change(texts: _Texts) -> None:
            for one in given:
                _give(texts, one, by, on)

        return self._change(change)[1]

    def hear(self, spoken: Spoken, by: str | None, on: str) -> Written:
        """Say who speaks in a stretch of a document, as a `[[source.voice]]` under its exact path.

        Raises:
            BadLabels, UnusableFolder: as in `give`; or the stretch cannot be told by its words.
        """
        by = one_line("who corrects it", by or "", _LONGEST_NAME) or None
        speaker = one_line("the speaker", spoken.speaker or "", _LONGEST_NAME) or None
        unclear = spoken.kind is VoiceKind.UNCLEAR
        said: dict[str, Any] = dict(_place(spoken)) | ({} if unclear else {"speaker": speaker or AUTHOR})
        if speaker or unclear:
            kind = VoiceKind.DIRECT if unclear else spoken.kind
            said |= {"kind": str(kind), **({} if spoken.chain is None else {"chain": list(spoken.chain)})}
        said |= {**({"by": by} if by else {}), "on": on}
        return self._change(lambda texts: _hear(texts, spoken, said))[1]

    def confirm(self, documents: Sequence[Described], by: str | None, on: str) -> tuple[str, ...]:
        """Make suggestions a person's labels: they move from the file of suggestions to the labels file.

        Returns:
            The paths of the documents that have one which decides; all others are left as they are.

        Raises:
            BadLabels, UnusableFolder: as in `give`.
        """
        by = one_line("who confirms it", by or "", _LONGEST_NAME) or None

        def change(texts: _Texts) -> tuple[str, ...]:
            confirmed = [document for document in documents if _decides(texts.labels, document)]
            for document in confirmed:
                labels = texts.labels.resolve(document).labels
                sides = tuple(label.perspective for label in labels)
                _give(texts, Given(document, sides, labels[0].quotes), by, on)
            texts.drop(confirmed)
            return tuple(document.id for document in confirmed)

        return self._change(change)[0]

    def describe(self, id: str | None, label: str, description: str) -> Perspective:
        """Name a perspective and say what it means, wherever it is defined; without an id, a new one.

        Raises:
            BadLabels, UnusableFolder: as in `give`; and the name cannot be used.
        """
        label = one_line("the name of a perspective", label, _LONGEST_NAME)
        description = one_line("the description of a perspective", description, _LONGEST_TEXT)
        if not label:
            raise BadLabels(FILE_NAME, "a perspective needs a name", "Give it one")

        def change(texts: _Texts) -> Perspective:
            known = texts.labels.perspectives
            if any(perspective.label == label for other, perspective in known.items() if other != id):
                raise BadLabels(FILE_NAME, f"another perspective is called “{label}”", "Choose another name")
            perspective = Perspective(id or _new_id(label, known), label, description)
            for name in [name for name in texts.names if perspective.id in texts.own(name)] or [FILE_NAME]:
                texts.define(name, perspective)
            return perspective

        return self._change(change)[0]

    def take_back(self, written: Written) -> None:
        """Put back what stood in the labels files before a change.

        Raises:
            BadLabels, UnusableFolder: as in `give`; or somebody has changed the files since.
        """
        with label_writing.locked(self._corpus):
            files = {name: label_writing.within(self._corpus, name) for name in written.after}
            if any(label_writing.content(file) != written.after[name] for name, file in files.items()):
                raise BadLabels(FILE_NAME, "it was changed since; nothing was taken back", "Change it anew")
            contents = {**self._files.contents(), **written.before}
            self._follow({name: text for name, text in contents.items() if text is not None})
            for name, file in files.items():
                label_writing.replace(file, written.before[name])

    def _follow(self, contents: Mapping[str, bytes]) -> None:
        """Every document must have one card in labels files of these contents."""
        labels = self._files.with_contents(contents)
        for document in self._documents:
            labels.resolve(document)

    def _change(self, change: Callable[[_Texts], T]) -> tuple[T, Written]:
        """The one way in which a labels file is changed."""
        with label_writing.locked(self._corpus):
            for _ in range(_TRIES):
                texts = _Texts(self._files.contents(), self._files.with_contents)
                done = change(texts)
                changed = texts.changed()
                self._follow(texts.before | changed)
                files = {name: label_writing.within(self._corpus, name) for name in changed}
                # Whoever writes by hand knows no lock.
                if all(label_writing.content(file) == texts.before.get(name) for name, file in files.items()):
                    for name, file in files.items():
                        label_writing.replace(file, changed[name])
                    return done, Written({name: texts.before.get(name) for name in changed}, changed)
        raise BadLabels(self._corpus, "somebody else keeps changing its labels; nothing was written", "Try again")


def write_suggestions(corpus: Path, content: bytes) -> Path:
    """Put a new file of suggestions in the place of the one before. Returns it.

    Raises:
        BadLabels: it is a link that leads out of the corpus.
        UnusableFolder: the corpus cannot be written. What stood there before stands there still.
    """
    with label_writing.locked(corpus):
        label_writing.replace(label_writing.within(corpus, SUGGESTED), content)
    return corpus / SUGGESTED


def _decides(labels: Labels, document: Described) -> bool:
    """Whether a document's label is the one that was suggested for its text as it is."""
    suggestion = labels.suggestion(document)
    return suggestion is not None and bool(suggestion.labels) and labels.resolve(document).labels == suggestion.labels


def _place(spoken: Spoken) -> dict[str, str]:
    said = regions.words_for(spoken.stretch, spoken.text)
    if said is None:
        problem = f"these words stand in {spoken.document.id} more than once, so that they do not tell the place"
        raise BadLabels(FILE_NAME, problem, "Choose more words around them, or whole lines")
    return said


def _hear(texts: _Texts, spoken: Spoken, said: Mapping[str, Any]) -> None:
    document = spoken.document
    name, places = _entries_of(texts, document)
    known = {(region.place, regions.place_of(region, spoken.text)) for region in texts.labels.regions(document)}
    placed = [span for _, span in known]
    mine = regions.place_of(regions.read(name, "", {"voice": [dict(said)]})[0], spoken.text)
    for at in places:
        for number, region in enumerate(regions.read(name, "", texts.entry(name, at))):
            place = regions.place_of(region, spoken.text)
            known = {(other, span) for other, span in known if span != place}
            if place is not None and place == mine:
                texts.set_voice(name, at, number, said)
                return
    for span in placed:
        if span and mine and regions.cross(span, mine):
            first = " ".join(spoken.text[slice(*span)].split())[:_SHOWN]
            problem = f"these words run over the end of others that were corrected before (“{first}…”)"
            raise BadLabels(FILE_NAME, problem, "Choose words that lie inside of those, around them, or beside them")
    if known:
        # Only the nearest entries that correct voices are followed: a new one would put those out of force.
        problem = f"the voices of {document.id} are corrected in an entry that does not name it by its path"
        raise BadLabels(FILE_NAME, problem, "Correct it there by hand")
    if places:
        texts.set_voice(name, places[-1], None, said)
    else:
        texts.add(name, {"match": document.id.removeprefix(_folder(name)), "voice": [dict(said)]})


def _give(texts: _Texts, given: Given, by: str | None, on: str) -> None:
    document = given.document
    if len(given.perspectives) > _MOST:
        raise BadLabels(FILE_NAME, f"{document.id} would have more than {_MOST} perspectives", "Choose fewer")
    name, places = _entries_of(texts, document)
    for side in given.perspectives:
        if not texts.holds(name, side.id):
            texts.define(name, side)
    ids = [side.id for side in given.perspectives] or [UNLABELLED.id]
    said: dict[str, Any] = {"perspective": ids[0]} if len(ids) == 1 else {"perspectives": ids}
    said |= {"provenance": str(Provenance.CURATED), **({"by": by} if by else {}), "on": on}
    if not places:
        head = {"match": document.id.removeprefix(_folder(name)), "sha256": document.sha256}
        quotes = {"quotes": list(given.quotes)} if given.quotes else {}
        texts.add(name, head | said | quotes)
    for at in places:
        texts.set(name, at, said, given.quotes, document.sha256)


def _entries_of(texts: _Texts, document: Described) -> tuple[str, list[int]]:
    """The file in which a document has its entries or gets one, and the places of those with its exact path."""
    if any("\ud800" <= letter <= "\udfff" for letter in document.id):
        problem = "the name of a document is damaged, so that it cannot be written into a labels file"
        raise BadLabels(FILE_NAME, problem, "Rename the document, then update the index")
    near = [name for name in texts.names if document.id.startswith(_folder(name))]
    places = [(name, at) for name in near for at in texts.entries(name, document.id)]
    if len({name for name, _ in places}) > 1:
        both = " and ".join(dict.fromkeys(name for name, _ in places))
        raise BadLabels(both, f"both have an entry for {document.id}", "Remove one of them")
    return (places[0][0] if places else near[-1] if near else FILE_NAME), [at for _, at in places]


class _Texts:
    """The labels files of a corpus by name, as they are, and what is to be changed in them."""

    def __init__(self, before: Mapping[str, bytes], parsed: Callable[[Mapping[str, bytes]], Labels]) -> None:
        self.before = dict(before)
        self.labels = parsed(self.before)  # first of all: what cannot be followed is never changed
        self._data = {name: tables.read(content) for name, content in self.before.items()}
        self._changes: dict[str, list[Change]] = {}
        self._new_sides: dict[str, dict[str, dict[str, str]]] = {}
        self._new_entries: dict[str, list[dict[str, Any]]] = {}
        self._places = {
            name: _places([source.get("match") for source in data.get("source", [])])
            for name, data in self._data.items()
        }

    @property
    def names(self) -> list[str]:
        """The owner's files, from the top of the corpus down."""
        return sorted((name for name in self.before if name != SUGGESTED), key=_folder)

    def entries(self, name: str, document: str) -> list[int]:
        """The places of the entries that name this document by its exact path."""
        return self._places[name].get(document.removeprefix(_folder(name)), [])

    def own(self, name: str) -> Mapping[str, object]:
        """The perspectives that a file itself defines."""
        return self._data.get(name, {}).get("perspectives", {}) | self._new_sides.get(name, {})

    def holds(self, name: str, id: str) -> bool:
        """Whether a perspective is known in a file: it, or one in a folder above, defines it."""
        above = [other for other in self.names if _folder(name).startswith(_folder(other))]
        return any(id in self.own(other) for other in (*above, name))

    def define(self, name: str, perspective: Perspective) -> None:
        """Define a perspective in a file, or define it anew."""
        said = {"label": perspective.label, "description": perspective.description}
        if perspective.id not in self.own(name):
            self._new_sides.setdefault(name, {})[perspective.id] = {key: text for key, text in said.items() if text}
            return

        def change(data: Any, _: int | None) -> None:
            table = data["perspectives"][perspective.id]
            _put(table, {key: text for key, text in said.items() if text or key in table})

        self._changes.setdefault(name, []).append(Change(None, change))

    def add(self, name: str, entry: dict[str, Any]) -> None:
        """Add an entry to a file."""
        self._new_entries.setdefault(name, []).append(entry)

    def set(self, name: str, at: int, said: Mapping[str, Any], quotes: Sequence[str] | None, sha256: str) -> None:
        """Say in an entry where its document stands."""
        before = self._data[name]["source"][at]
        said = dict(said)
        gone = {"perspective", "perspectives", "by"} - set(said)
        if quotes is not None:
            said["quotes"] = list(quotes)
        elif set(_ids(before)) != set(_ids(said)):
            gone.add("quotes")  # they spoke for another perspective
        if "sha256" in before:
            said["sha256"] = sha256  # whoever says so knows the text as it is

        def change(data: Any, at: int | None) -> None:
            table = data["source"][at]
            for key in gone & set(table):
                del table[key]
            _put(table, said)

        self._changes.setdefault(name, []).append(Change(at, change))

    def entry(self, name: str, at: int) -> Mapping[str, Any]:
        """An entry of a file, as it is."""
        return self._data[name]["source"][at]

    def set_voice(self, name: str, at: int, number: int | None, said: Mapping[str, Any]) -> None:
        """Say in an entry who speaks in a stretch: in the voice of this number, or in one of its own."""

        def change(data: Any, at: int | None) -> None:
            entry = data["source"][at]
            voices = entry.get("voice", [])
            if isinstance(entry, Table):
                if "voice" not in entry:
                    entry["voice"] = voices = tomlkit.aot()
                if number is None:
                    table = tomlkit.table()
                    table.update(said)
                    voices.append(table)
                else:
                    _put_anew(voices[number], said)
                return
            copied = [dict(voice) for voice in voices]
            if number is None:
                copied.append(dict(said))
            else:
                _put_anew(copied[number], said)
            entry["voice"] = copied

        self._changes.setdefault(name, []).append(Change(at, change))

    def drop(self, documents: Sequence[Described]) -> None:
        """Remove the suggestions that these documents have got."""
        places = {id(entry): at for at, entry in enumerate(self.labels.suggestions)}
        entries = (self.labels.suggestion(document) for document in documents)
        gone = sorted({places[id(entry)] for entry in entries if entry})

        def change(data: Any, at: int | None) -> None:
            del data["source"][at]
            if not len(data["source"]):
                del data["source"]

        # From the last on, so that each place is still what it was when its turn comes.
        if gone:
            self._changes.setdefault(SUGGESTED, []).extend(Change(at, change) for at in reversed(gone))

    def changed(self) -> dict[str, bytes]:
        """The new contents, by name: the suggestions come after the files into which they move."""
        names = {*self._changes, *self._new_sides, *self._new_entries}
        made = {name: self._changed(name) for name in sorted(names, key=lambda name: (name == SUGGESTED, name))}
        return {name: content for name, content in made.items() if content != self.before.get(name)}

    def _changed(self, name: str) -> bytes:
        before = self.before.get(name, b"version = 1\n")
        text = before.decode("utf-8-sig")
        wanted = _copied(tables.read(before))
        changes = self._changes.get(name, ())
        added: dict[str, Any] = {"perspectives": self._new_sides.get(name), "source": self._new_entries.get(name)}
        added = {key: value for key, value in added.items() if value}
        try:
            for change in changes:
                change.make(wanted, change.entry)
        except (TypeError, LookupError):
            raise _unchangeable(name) from None
        wanted = _joined(wanted, added)
        for way in (label_text.in_parts, label_text.throughout) if changes else (_as_it_is,):
            with suppress(TOMLKitError, ValueError, TypeError, LookupError):
                made = way(text, changes)
                if added:  # at the end, where it cannot come between a comment and what that is about
                    gap = "" if not made.strip() else "\n" if made.endswith("\n") else "\n\n"
                    made = f"{made}{gap}{tomlkit.dumps(added)}"
                if b"\r\n" in before:
                    made = re.sub(r"(?<!\r)\n", "\r\n", made)
                content = made.encode("utf-8-sig" if before.startswith(b"\xef\xbb\xbf") else "utf-8")
                if tables.read(content) == wanted:
                    return content
        raise _unchangeable(name)


def _unchangeable(name: str) -> BadLabels:
    problem = "it is written in a way that cannot be changed here without losing something; nothing was written"
    return BadLabels(name, problem, "Change it by hand")


def _as_it_is(text: str, _: Sequence[Change]) -> str:
    return text


def one_line(what: str, text: str, longest: int) -> str:
    """A text as it may stand in a labels file: one line, without characters that do not show.

    Raises:
        BadLabels: it holds such characters, or is too long.
    """
    line = " ".join(text.split())
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for letter in line) or _DIRECTING.search(line):
        raise BadLabels(FILE_NAME, f"{what} holds characters that cannot be shown", "Type it instead of copying it")
    if len(line) > longest:
        raise BadLabels(FILE_NAME, f"{what} is longer than {longest} characters", "Shorten it")
    return line


def _put(table: MutableMapping[str, Any], values: Mapping[str, Any]) -> None:
    """Set values in a table; new keys stand below its last one, above the comment of what follows."""
    tail: list[Any] = []
    if isinstance(table, Table):
        body = table.value.body
        while body and isinstance(body[-1][1], Comment | Whitespace):
            tail.insert(0, body.pop()[1])
    for key, value in values.items():
        if table.get(key) != value:
            table[key] = value
    if isinstance(table, Table):
        for item in tail:
            table.add(item)


def _put_anew(table: MutableMapping[str, Any], said: Mapping[str, Any]) -> None:
    """Say in a table of a voice who speaks there; where it is stays as it was written."""
    place = {"lines", "quote", "until"}
    for key in {*table} - {*said} - place:
        del table[key]
    _put(table, {key: value for key, value in said.items() if key not in place})


def _ids(table: Mapping[str, Any]) -> list[str]:
    return table.get("perspectives", [table["perspective"]] if "perspective" in table else [])


def _places(matches: Sequence[object]) -> dict[str, list[int]]:
    """Where in a list each of its texts stands."""
    found: dict[str, list[int]] = {}
    for at, match in enumerate(matches):
        found.setdefault(str(match or "").removeprefix("./"), []).append(at)
    return found


def _copied(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same, so that its entries and its perspectives can be changed."""
    copied = dict(data)
    if "source" in copied:
        copied["source"] = [dict(entry) for entry in copied["source"]]
    if "perspectives" in copied:
        copied["perspectives"] = {id: dict(table) for id, table in copied["perspectives"].items()}
    return copied


def _joined(data: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says once these tables stand at its end."""
    joined = dict(data)
    if sides := added.get("perspectives"):
        joined["perspectives"] = {**data.get("perspectives", {}), **sides}
    if entries := added.get("source"):
        joined["source"] = [*data.get("source", []), *entries]
    return joined


def _new_id(label: str, known: Mapping[str, object]) -> str:
    """An id for a new perspective, made from its name."""
    ascii_only = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    base = _NOT_IN_ID.sub("-", ascii_only).strip("-")[:_LONGEST_ID] or "perspective"
    names = [base, *(f"{base}-{number}" for number in range(2, len(known) + 3))]
    return next(name for name in names if name not in known and name != UNLABELLED.id)


def _folder(name: str) -> str:
    return name[: -len(FILE_NAME)] if name != SUGGESTED else ""
