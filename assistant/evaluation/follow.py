"""A corpus and questions with known evidence in, whether answers follow the documents out: asked of changed copies.

Three tests, after Wallat et al. ("Correctness is not faithfulness", 2024): a fact is changed, and the answer has to
change with it; the evidence is taken out, and the answer may not be told any more; two labels are exchanged, and
nothing of an answer may change but the label. Copies hold the texts as they were indexed, in a store of their own.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.assistant import Assistant
from assistant.evaluation.evaluate_voices import Ratios
from assistant.evaluation.questions import Question
from assistant.types import Answer, Claim, Mode, Outcome
from index.generation import STORE_NAME, Store
from index.loading.chunk import sentences
from index.reader import Reader
from index.types import Document, Source
from index.update import update

# Names that stand in no newspaper, for a fact that is a name.
_NAMES = ("Brandvold", "Oduya", "Tressler", "Marchetto", "Kielholz")
_NUMBERS = {
    "one": "four",
    "two": "seven",
    "three": "eight",
    "four": "nine",
    "five": "nine",
    "six": "eleven",
    "seven": "three",
    "eight": "two",
    "nine": "four",
    "ten": "six",
    "eleven": "five",
    "twelve": "seven",
    "twenty": "sixty",
    "thirty": "seventy",
    "dozen": "score",
    "half": "third",
    "third": "quarter",
    "hundred": "million",
}
_NUMBER_WORD = re.compile(rf"\b({'|'.join(_NUMBERS)})(?=\b|-)", re.IGNORECASE)


def evaluate(assistant: Assistant, questions: Sequence[Question], jobs: int = 1) -> dict[str, Ratios]:
    """The three tests, for answers as this assistant gives them and for digests."""
    systems = (
        {"parallax": assistant}
        if assistant.writer is None
        else {
            "parallax": assistant,
            "digest": assistant.without_model(),
        }
    )
    return {name: _tested(system, questions, jobs) for name, system in systems.items()}


def _tested(assistant: Assistant, questions: Sequence[Question], jobs: int) -> Ratios:
    found: Ratios = {"follows a changed fact": [], "evidence removed: no longer told": []}
    found |= {"evidence removed: says that it is not there": [], "labels swapped: claims changed": []}
    with _Shadow.of(assistant) as shadow:
        asked = [question for question in questions if question.evidence]
        before = shadow.answers(asked, jobs)
        for question, answer in zip(asked, before, strict=True):
            if (change := _change(question, shadow.texts)) and _tells(answer, change.file, change.old, change.place):
                after = shadow.asked(question, change.texts(shadow.texts))
                follows = _tells(after, change.file, change.new) and not _tells(
                    after, change.file, change.old, change.place
                )
                found["follows a changed fact"].append((float(follows), 1.0))
            if question.accept and _told(answer, question):
                after = shadow.asked(question, _without(question, shadow.texts))
                absent = after.outcome is Outcome.NOT_IN_CORPUS
                found["evidence removed: no longer told"].append((float(absent or not _told(after, question)), 1.0))
                found["evidence removed: says that it is not there"].append((float(absent), 1.0))
        shadow.swap_labels()
        for answer, after in zip(before, shadow.answers(asked, jobs), strict=True):
            found["labels swapped: claims changed"].append((float(_claims(answer) != _claims(after)), 1.0))
    return {metric: values for metric, values in found.items() if values}


class _Shadow:
    """A copy of a corpus whose texts and labels can be changed, with an assistant over it."""

    def __init__(self, folder: Path, texts: dict[str, str], sources: dict[str, Source], like: Assistant) -> None:
        self.texts = texts
        self._folder, self._sources = folder, sources
        self._embedder = like.reader.embedder
        self._labelled(sources)
        for id, text in texts.items():
            self._write(id, text)
        self._store = Store(folder / STORE_NAME)
        update(folder, self._store, self._embedder)
        self._assistant = like.over(Reader(self._store, self._embedder))

    @classmethod
    @contextmanager
    def of(cls, assistant: Assistant) -> Iterator[_Shadow]:
        """A copy of this assistant's corpus, for the length of a block."""
        texts: dict[str, str] = {}
        sources: dict[str, Source] = {}
        with assistant.reader.pinned() as (generation, retriever):
            for id, key in retriever.keys.items():
                document: Document = generation.library.document(key)
                name = _name(id)
                texts[name], sources[name] = document.text, retriever.sources(id)
        with tempfile.TemporaryDirectory(prefix="parallax-") as folder:
            shadow = cls(Path(folder), texts, sources, assistant)
            try:
                yield shadow
            finally:
                shadow.close()

    def close(self) -> None:
        """Let go of the index."""
        self._assistant.reader.close()

    def answers(self, questions: Sequence[Question], jobs: int) -> list[Answer]:
        """What the copy answers as it stands."""
        with ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(lambda question: self._assistant.ask(question.question), questions))

    def asked(self, question: Question, texts: Mapping[str, str]) -> Answer:
        """What the copy answers while it holds these texts."""
        changed = {id: text for id, text in texts.items() if text != self.texts[id]}
        for id, text in changed.items():
            self._write(id, text)
        update(self._folder, self._store, self._embedder)
        answer = self._assistant.ask(question.question)
        for id in changed:
            self._write(id, self.texts[id])
        update(self._folder, self._store, self._embedder)
        return answer

    def swap_labels(self) -> None:
        """Give the first two perspectives each other's name; of one alone there is nothing to swap."""
        known = list(dict.fromkeys(source.labels[0].perspective.id for source in self._sources.values()))
        self._labelled(self._sources, dict(zip(known[:2], reversed(known[:2]), strict=True)))

    def _labelled(self, sources: Mapping[str, Source], swapped: Mapping[str, str] | None = None) -> None:
        perspectives = {label.perspective.id: label.perspective for s in sources.values() for label in s.labels}
        lines = ["version = 1"]
        for perspective in perspectives.values():
            lines += [f"[perspectives.{_toml(perspective.id)}]", f"label = {_toml(perspective.label)}"]
        for id, source in sources.items():
            given = [(swapped or {}).get(label.perspective.id, label.perspective.id) for label in source.labels]
            fields: dict[str, Any] = {"match": id, "title": source.title, "outlet": source.outlet, "kind": source.kind}
            fields |= {"published": source.published, "perspective": given[0] if len(given) == 1 else given}
            fields |= {"provenance": "curated"}
            lines += ["[[source]]", *(f"{name} = {_toml(value)}" for name, value in fields.items() if value)]
        (self._folder / "sources.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def _write(self, id: str, text: str) -> None:
        file = self._folder / id
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "surrogatepass"))


class _Change:
    """One fact, changed in one document."""

    def __init__(self, file: str, place: str, old: str, new: str) -> None:
        self.file, self.place, self.old, self.new = file, place, old, new

    def texts(self, texts: Mapping[str, str]) -> dict[str, str]:
        """The texts with the fact changed, wherever its document states it in these words."""
        changed = self.place.replace(self.old, self.new)
        return {**texts, self.file: texts[self.file].replace(self.place, changed)}


def _change(question: Question, texts: Mapping[str, str]) -> _Change | None:
    """What may be changed in a question's evidence: a number or a name that is its answer."""
    for piece in question.evidence:
        file = _name(piece.file)
        for old in (way for group in question.accept for way in group if way in piece.quote):
            new = _other(old)
            if new and file in texts and piece.quote in texts[file]:
                return _Change(file, piece.quote, old, new)
    return None


def _other(fact: str) -> str | None:
    """Another fact of the same kind; None where it is neither a number nor a name."""
    if any(letter.isdigit() for letter in fact):
        century = re.match(r"(?:19|20)(?=\d\d$)", fact)
        kept = century.end() if century else 0
        return fact[:kept] + "".join(str((int(c) + 3) % 9 + 1) if c.isdigit() else c for c in fact[kept:])
    if _NUMBER_WORD.search(fact):
        return _NUMBER_WORD.sub(lambda match: _NUMBERS[match.group().lower()], fact)
    if fact[:1].isupper() and " " not in fact:
        return _NAMES[len(fact) % len(_NAMES)]
    return None


def _tells(answer: Answer, file: str, fact: str, place: str = "") -> bool:
    """Whether a sentence that cites this document holds a fact, in the words of a place where one is given."""
    for claim in _sentences_of(answer):
        cited = [answer.citation(number) for number in claim.citations]
        mine = [entry for entry in cited if _name(entry.document.id) == file]
        if place:
            mine = [entry for entry in mine if _overlaps(entry.quote, place)]
        words = [entry.quote for entry in mine]
        if mine and answer.mode is Mode.GENERATED:
            words.append(claim.text)
        if any(fact.casefold() in text.casefold() for text in words):
            return True
    return False


def _overlaps(quote: str, place: str) -> bool:
    """Whether a quote and a place share four words in a row: enough to be the same stretch."""
    words = place.split()
    runs = [" ".join(words[at : at + 4]) for at in range(max(1, len(words) - 3))]
    return any(run in " ".join(quote.split()) for run in runs)


def _without(question: Question, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts without the sentences that are the evidence, or that hold the whole answer."""
    cut = dict(texts)
    for id, text in texts.items():
        places = [text.find(piece.quote) for piece in question.evidence if _name(piece.file) == id]
        spans = [(at, at + len(piece.quote)) for at, piece in zip(places, question.evidence, strict=False) if at >= 0]
        gone = [
            (start, end)
            for start, end in sentences(text)
            if any(start < last and end > first for first, last in spans) or _holds(text[start:end], question)
        ]
        for start, end in reversed(gone):
            text = text[:start] + text[end:]
        cut[id] = text
    return cut


def _holds(words: str, question: Question) -> bool:
    low = words.casefold()
    return bool(question.accept) and all(any(way.casefold() in low for way in group) for group in question.accept)


def _told(answer: Answer, question: Question) -> bool:
    """Whether an answer gives what was asked for, in one sentence or quote."""
    proofs = [piece.quote for piece in question.evidence]
    if not _holds(" ".join(proofs), question):  # the answer is a name that stands beside the evidence
        return any(_overlaps(entry.quote, proof) for entry in answer.citations for proof in proofs)
    written = [claim.text for claim in _sentences_of(answer)] if answer.mode is Mode.GENERATED else []
    return any(_holds(words, question) for words in (*written, *(entry.quote for entry in answer.citations)))


def _sentences_of(answer: Answer) -> Iterator[Claim]:
    yield from (claim for claim in (answer.premise, *answer.claims) if claim)


def _claims(answer: Answer) -> set[tuple[str, ...]]:
    """What an answer says and on what ground, whatever its order."""
    said: set[tuple[str, ...]] = set()
    for claim in _sentences_of(answer):
        cited = [answer.citation(number) for number in claim.citations]
        said.add((claim.text, *(f"{entry.document.id} {entry.start} {entry.end}" for entry in cited)))
    return said


def _name(id: str) -> str:
    """The file of a copied text: its own name, where that is one of a text."""
    return id if PurePosixPath(id).suffix.lower() in (".txt", ".md") else f"{id}.txt"


def _toml(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=True)
