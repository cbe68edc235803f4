"""Texts whose voices were marked by hand in, how well our rules find them out, beside two plainer sets of rules.

Gold is JSON Lines in one of two forms. Ours: `file, start_char, end_char, speaker, type, marked, ambiguous`, one line a
voice, innermost wins; beside it may stand a file of stretches that are the author's (`voice_negatives...jsonl` or
`negatives.jsonl`). PolNeAR's (Newell et al., LREC 2018): `article, speaker, cue, spans.content`, one line an
attribution, beside a file `articles.jsonl` with the texts. What two careful readers could mark differently is
optional: it neither helps nor hurts. In PolNeAR that is every attitude ("wants", "voted against"): no voice to us.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evaluation.questions import BadQuestions
from index.errors import BadDocument
from index.loading.load import load
from index.speaking import voices
from index.terms import fold
from index.types import Document, Voice, VoiceKind, Voices

Ratios = dict[str, list[tuple[float, float]]]  # of each metric, as (what was reached, out of)

_FOUND = 0.5  # share of a voice that has to be found for it to count as found
_LETTERS = 0.75  # of the characters of a text; the others are not counted
# Words of a speaker's name that name nobody (README of the development set).
_NOBODY = frozenset(
    "the of as by an a reported unnamed summarised channel unknown mr mrs ms dr sen rep gov he she they it who i we "
    "his her their which that you".split()
)
# Cues of speech; PolNeAR marks the other cues ("wants", "supported", "is expected") as attributions too.
_SPEECH = re.compile(
    r"\b(sa(y|ys|id|ying)|t(ell|ells|old|elling)|according|wr(ite|ites|ote|itten|iting)|add(s|ed|ing)?|ask(s|ed|ing)?|"
    r"not(e|es|ed|ing)|report(s|ed|ing|edly)?|announc\w+|declar\w+|claim\w*|argu(e|es|ed|ing)|tweet\w*|repl(y|ies|ied|ying)|"
    r"stat(e|es|ed|ing)|conclud\w+|continu\w+|explain\w*|insist\w*|suggest\w*|warn\w*|confirm\w*|recall\w*|respond\w*|"
    r"acknowledg\w+|admit\w*|den(y|ies|ied|ying)|promis\w+|pledg\w+|vow\w*|predict\w*|urg(e|es|ed|ing)|accus\w+|"
    r"call(s|ed|ing)?|describ\w+|complain\w*|conced\w+|assert\w*|alleg\w+|contend\w*|maintain\w*|observ\w+|remark\w*|"
    r"stress\w*|emphasi[sz]\w+|estimat\w+|caution\w*|comment\w*|quot\w+|testif\w+|sp(eak|eaks|oke|oken|eaking)|rea(d|ds|ding)|"
    r"put it|reveal\w*|indicat\w+|mention\w*|joke\w*|quip\w*|shout\w*|yell\w*|chant\w*|reiterat\w+|repeat\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A voice as somebody marked it."""

    spans: tuple[tuple[int, int], ...]  # more than one where an attribution stands between its parts
    speaker: str
    kind: str  # direct | mixed | indirect | embedded_text | reader_comment
    optional: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A document with its voices, and with stretches that look like another voice and are the author's."""

    document: Document
    voices: tuple[Marked, ...]
    authors: tuple[tuple[int, int], ...] = ()


def read(gold: Path, folder: Path | None = None) -> list[Text]:
    """The marked texts of a file.

    Args:
        folder: of the documents that the file names; without it, the file's own.

    Raises:
        BadQuestions: the file cannot be read, or a mark is not in its document.
    """
    folder = folder or gold.parent
    try:
        lines = _lines(gold)
        if lines and "article" in lines[0]:
            return _polnear(lines, gold.with_name("articles.jsonl"))
        names = (gold.name.replace("voices", "voice_negatives"), "negatives.jsonl")
        beside = [path for name in names if (path := gold.with_name(name)) != gold and path.exists()]
        others = [
            json.loads(line) for path in beside[:1] for line in path.read_text("utf-8").splitlines() if line.strip()
        ]
        return _ours(lines, others, folder)
    except (OSError, BadDocument, KeyError, TypeError, ValueError) as error:
        why = f"{error} is missing in a line" if isinstance(error, KeyError) else str(error)
        remedy = "Give a JSON Lines file of voices, and with --documents the folder of its texts"
        raise BadQuestions(f"{gold} cannot be read as marked voices ({why}). {remedy}.") from error


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def _ours(lines: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]], folder: Path) -> list[Text]:
    texts: list[Text] = []
    for file in dict.fromkeys(line["file"] for line in lines):
        document = load(folder / file, file)
        marked = [
            Marked(
                ((line["start_char"], line["end_char"]),),
                line["speaker"] or "",
                line["type"],
                bool(line.get("ambiguous")),
            )
            for line in lines
            if line["file"] == file
        ]
        authors = [(line["start_char"], line["end_char"]) for line in others if line["file"] == file]
        for line in lines:
            if line["file"] == file and document.text[line["start_char"] : line["end_char"]] != line["text"]:
                raise ValueError(f"a mark at {line['start_char']} is not in {file}")
        texts.append(Text(document, tuple(marked), tuple(authors)))
    return texts


def _polnear(lines: Sequence[Mapping[str, Any]], articles: Path) -> list[Text]:
    stored = _lines(articles)
    of: dict[str, list[Marked]] = {}
    for line in lines:
        if line.get("first_annotator", True):
            kind = line["type_heuristic"]
            attitude = (
                kind == "indirect" and not _SPEECH.search(line["cue"] or "") and (line["cue"] or "").strip() != ":"
            )
            spans = tuple((start, end) for start, end in line["spans"]["content"])
            # A pronoun is left out: whom it means was added to the set by a program, and often wrongly.
            speaker = line["speaker"] or ""
            of.setdefault(line["article"], []).append(Marked(spans, speaker, kind, attitude))
    return [
        Text(Document(entry["id"], entry["text"], "", title=entry.get("title")), tuple(of.get(entry["id"], ())))
        for entry in stored
    ]


def marks_only(document: Document) -> Voices:
    """The first baseline: what stands between quotation marks, if it has more than three words."""
    pattern = re.compile(r"“[^“”\n]*[”\n]|\"[^\"\n]*\"|''[^\n]*?''|«[^«»\n]*»")
    spans = [match.span() for match in pattern.finditer(document.text) if len(match.group().split()) > 3]
    return Voices(tuple(Voice(start, end, VoiceKind.DIRECT, marked=True) for start, end in spans))


def marks_and_verbs(document: Document) -> Voices:
    """The second baseline: marks, and the rest of the sentence after, or before, a verb of saying."""
    verb = (
        r"(?:said|says|told (?:\w+ ){1,3}|wrote|added|argued|claimed|warned|announced|reported|explained|according to)"
    )
    after = re.compile(rf"\b{verb}(?: that)? (?=\w)([^\n“”\"]+?)(?=[.!?](?:\s|$)|\n|[“\"])")
    before = re.compile(rf"(?:(?<=^)|(?<=\n)|(?<=[.!?] ))([^\n.!?“”\"]+), (?:[\w.’' ]{{2,40}}) {verb}")
    spans = [(voice.start, voice.end) for voice in marks_only(document).spans]
    for pattern in (after, before):
        for match in pattern.finditer(document.text):
            if not any(start < match.end(1) and end > match.start(1) for start, end in spans):
                spans.append(match.span(1))
    return Voices(tuple(Voice(start, end, VoiceKind.DIRECT) for start, end in sorted(spans)))


SYSTEMS: dict[str, Callable[[Document], Voices]] = {
    "parallax": voices.find,
    "marks": marks_only,
    "marks and verbs": marks_and_verbs,
}


def scores(texts: Sequence[Text], find: Callable[[Document], Voices]) -> Ratios:
    """The metrics of a set of rules, as ratios that can be resampled."""
    found: Ratios = {}

    def note(metric: str, reached: float, of: float) -> None:
        if of:
            found.setdefault(metric, []).append((float(reached), float(of)))

    for text in texts:
        spans = find(text.document)
        gold, optional, said = _layers(text, spans)
        _note_characters(note, text.document.text, gold & ~optional, optional, said)
        for marked in text.voices:
            if not marked.optional:
                _note_voice(note, marked, spans, said)
        for start, end in text.authors:
            note("author's stretches taken for a voice", float(said[start:end].mean() >= _FOUND), 1)
    return found


def _layers(text: Text, found: Voices) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For every character: whether it was marked as a voice, whether it may be one, and whether we found one."""
    size = len(text.document.text)
    gold, optional, said = (np.zeros(size, bool) for _ in range(3))
    for marked in text.voices:
        for start, end in marked.spans:
            (optional if marked.optional else gold)[start:end] = True
    optional &= ~gold
    for voice in found.spans:
        if voice.kind is not VoiceKind.RESIDUE:
            said[voice.start : voice.end] = voice.kind is not VoiceKind.AUTHOR
    letters = np.fromiter((letter.isalnum() for letter in text.document.text), bool, size)
    # Marks, spaces and full stops are counted to a voice by one reader and not by the next.
    return gold & letters, optional | ~letters, said & letters


def _note_characters(
    note: Callable[[str, float, float], None], text: str, gold: np.ndarray, optional: np.ndarray, said: np.ndarray
) -> None:
    counted = ~optional
    hit, extra, missed = gold & said & counted, ~gold & said & counted, gold & ~said & counted
    note("characters, F1", 2 * hit.sum(), 2 * hit.sum() + extra.sum() + missed.sum())
    note("characters, precision", hit.sum(), hit.sum() + extra.sum())
    note("characters, recall", hit.sum(), hit.sum() + missed.sum())
    for paragraph in re.finditer(r"[^\n]+", text):
        part = slice(*paragraph.span())
        of = 2 * hit[part].sum() + extra[part].sum() + missed[part].sum()
        # A paragraph in which there is no voice, and none was found, is right.
        note("paragraphs, F1 (macro)", 2 * hit[part].sum() / of if of else 1.0, 1)


def _note_voice(note: Callable[[str, float, float], None], marked: Marked, found: Voices, said: np.ndarray) -> None:
    size = sum(end - start for start, end in marked.spans)
    share = sum(said[start:end].sum() for start, end in marked.spans) / max(size, 1)
    hit = share >= _FOUND * _LETTERS
    note(f"recall, {marked.kind}", float(hit), 1)
    if not hit or not names(marked.speaker):
        return
    start, end = max(marked.spans, key=lambda span: span[1] - span[0])
    voice = found.of(start, end)
    right = bool(voice.speaker) and same_person(voice.speaker or "", marked.speaker)
    note("speaker right", float(right), 1)
    note("speaker named", float(bool(voice.speaker)), 1)
    note("wrong person", float(bool(voice.speaker) and not right), 1)
    if voice.speaker:
        note("speaker right where named", float(right), 1)


def names(speaker: str) -> frozenset[str]:
    """The words by which a speaker is known."""
    return frozenset(fold(word) for word in re.findall(r"[^\W_]+", speaker)) - _NOBODY


def same_person(first: str, second: str) -> bool:
    """Whether two names share a word that names somebody."""
    return bool(names(first) & names(second))


def evaluate(gold: Path, folder: Path | None = None) -> dict[str, Ratios]:
    """Every system on the marked texts of a file, ours first."""
    texts = read(gold, folder)
    return {name: scores(texts, find) for name, find in SYSTEMS.items()}


# ── Citations ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation that hits known evidence: whom it shows as the speaker, and where that evidence stands."""

    voice: Voice
    file: str
    start: int  # of the evidence
    end: int


def cited_scores(cited: Sequence[Cited], texts: Sequence[Text]) -> Ratios:
    """How often the right speaker is shown beside evidence that was cited, in the texts that are marked."""
    found: Ratios = {}
    marked = {text.document.id: text for text in texts}
    for entry in cited:
        if entry.file not in marked:
            continue
        speaks = _innermost(marked[entry.file].voices, entry.start, entry.end)
        right, named = _shown_right(entry.voice, speaks)
        found.setdefault("voice right on cited evidence", []).append((float(right), 1.0))
        found.setdefault("wrong person shown", []).append((float(named and not right), 1.0))
        if speaks is not None:
            found.setdefault("voice right where not the author's", []).append((float(right), 1.0))
            shown = named and entry.voice.kind is not VoiceKind.AUTHOR
            found.setdefault("name shown where not the author's", []).append((float(shown), 1.0))
    return found


def _innermost(voices: Sequence[Marked], start: int, end: int) -> Marked | None:
    """The smallest voice that covers half of a stretch; None for the author."""
    covering = [
        (last - first, marked)
        for marked in voices
        for first, last in marked.spans
        if 2 * (min(end, last) - max(start, first)) >= end - start
    ]
    return min(covering, key=lambda pair: pair[0])[1] if covering else None


def _shown_right(voice: Voice, speaks: Marked | None) -> tuple[bool, bool]:
    """Whether a badge is right, and whether it names anybody, the author included."""
    if voice.kind is VoiceKind.AUTHOR:
        return speaks is None, True
    if voice.kind is VoiceKind.COMMENT:
        return speaks is not None and speaks.kind == "reader_comment", True
    if not voice.speaker:
        return False, False
    return speaks is not None and same_person(voice.speaker, speaks.speaker), True
