"""Questions with known evidence in, the figures of our answers out, beside baselines of the same budget.

A citation hits a piece of evidence when they overlap by half of the shorter one. The baselines choose from the same
two-sentence windows, with as many citations and words, by BM25 alone and by meaning alone. Where a model writes the
answers, our own digest is a further baseline.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from assistant.answering import digest
from assistant.assistant import Assistant
from assistant.badge import badge
from assistant.evaluation import evaluate_silence, evaluate_voices
from assistant.evaluation.questions import BadQuestions, Question
from assistant.types import Answer, Mode, Outcome
from index.types import Voice, VoiceKind, Voices

_RESAMPLES = 2_000
_ALPHA = 0.5  # of alpha-nDCG: what a second proof of the same source is still worth


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document that was shown."""

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over questions with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    questions: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.2f}, {self.high:.2f}]"


def evaluate(
    assistant: Assistant,
    questions: Sequence[Question],
    citations: int | None = None,
    jobs: int = 1,
    marked: Sequence[evaluate_voices.Text] = (),
) -> dict[str, dict[str, Figure]]:
    """Ask every question, and score the answers: one row of figures a system, ours first.

    Args:
        citations: of a digest and of the baselines; by default as many as an answer has.
        jobs: questions asked at once: worth it where a model on another machine writes.
        marked: documents of the corpus in which somebody marked who speaks.
    """
    gold = [gold_of(assistant, question) for question in questions]
    rows: dict[str, dict[str, list[tuple[float, float]]]] = {}
    counts = [citations or 8] * len(questions)
    silence: dict[str, dict[str, evaluate_silence.Ratios]] = {}
    systems = {"parallax": assistant}
    if assistant.writer:
        systems["digest"] = assistant.without_model()
    for name, system in systems.items():
        answers = _answers(system, questions, citations, jobs)
        shown = [[Span(c.document.id, c.start, c.end, c.quote) for c in answer.citations] for answer in answers]
        rows[name] = scores(questions, gold, shown, [_text(answer) for answer in answers])
        rows[name] |= _own_scores(questions, answers) | _written_scores(questions, answers)
        silence[name] = evaluate_silence.scores(system, questions, answers)
        rows[name] |= silence[name].pop("", {})
        if marked:
            spoken = _cited(gold, answers)
            rows[name] |= evaluate_voices.cited_scores(spoken, marked)
            for plainer, find in _VOICES.items():
                guessed = [replace(entry, voice=find(entry, marked)) for entry in spoken]
                rows.setdefault(plainer, {}).update(evaluate_voices.cited_scores(guessed, marked))
        counts = [max(count, len(spans)) for count, spans in zip(counts, shown, strict=True)]
    for name, dense_weight in (("BM25", 0.0), ("dense", 1.0)):
        shown = [
            baseline(assistant, question.question, count, dense_weight)
            for question, count in zip(questions, counts, strict=True)
        ]
        rows[name] = scores(questions, gold, shown, ["\n".join(span.text for span in spans) for spans in shown])
    for name, row in silence["parallax"].items():
        rows.setdefault(name, {}).update(row)
    return figures(rows)


def _cited(gold: Sequence[Sequence[Span]], answers: Sequence[Answer]) -> list[evaluate_voices.Cited]:
    """The citations that hit evidence, each with the evidence that it hits."""
    return [
        evaluate_voices.Cited(entry.voice, piece.file, piece.start, piece.end)
        for evidence, answer in zip(gold, answers, strict=True)
        for entry in answer.citations
        for piece in evidence
        if hit(Span(entry.document.id, entry.start, entry.end, entry.quote), piece)
    ]


def _always_the_author(entry: evaluate_voices.Cited, marked: Sequence[evaluate_voices.Text]) -> Voice:
    return Voice(entry.start, entry.end, VoiceKind.AUTHOR)


def _by_marks(entry: evaluate_voices.Cited, marked: Sequence[evaluate_voices.Text]) -> Voice:
    document = next((text.document for text in marked if text.document.id == entry.file), None)
    found = evaluate_voices.marks_only(document) if document else Voices()
    return found.of(entry.start, entry.end)


_VOICES = {"always the author": _always_the_author, "quotation marks": _by_marks}


def _answers(assistant: Assistant, questions: Sequence[Question], citations: int | None, jobs: int) -> list[Answer]:
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda question: assistant.ask(question.question, citations=citations), questions))


def _text(answer: Answer) -> str:
    """What a reader reads: the sentences, and the quotes that prove them with the name of whoever speaks."""
    premise = [answer.premise.text] if answer.premise else []
    quotes = (f"{entry.quote} ({badge(entry)})" for entry in answer.citations)
    return "\n".join([*premise, *(claim.text for claim in answer.claims), *quotes])


def to_json(rows: dict[str, dict[str, Figure]]) -> str:
    """The figures as JSON."""
    plain = {
        name: {
            metric: {"value": figure.value, "low": figure.low, "high": figure.high, "questions": figure.questions}
            for metric, figure in row.items()
        }
        for name, row in rows.items()
    }
    return json.dumps(plain, indent=1)


def scores(
    questions: Sequence[Question],
    gold: Sequence[Sequence[Span]],
    shown: Sequence[Sequence[Span]],
    texts: Sequence[str],
) -> dict[str, list[tuple[float, float]]]:
    """For each metric the questions that it is about, as (what was reached, out of)."""
    scores: dict[str, list[tuple[float, float]]] = {}

    def note(metric: str, reached: float, of: float = 1.0) -> None:
        scores.setdefault(metric, []).append((float(reached), of))

    for question, evidence, spans, text in zip(questions, gold, shown, texts, strict=True):
        if not question.answerable or not evidence:
            continue
        hits = [any(hit(span, piece) for span in spans) for piece in evidence]
        note("evidence found (micro)", sum(hits), len(hits))
        note("evidence found (macro)", sum(hits) / len(hits))
        proven = {piece.file for piece, hit in zip(evidence, hits, strict=True) if hit} & set(question.files)
        if len(question.files) > 1:
            note("required sources evidenced", len(proven) / len(question.files))
            note("all required sources", proven == set(question.files))
            note("alpha-nDCG@10", _alpha_ndcg(spans, evidence))
            note("balance", _balance(spans, question.files))
        if spans:
            note("citation precision (gold)", sum(any(hit(s, piece) for piece in evidence) for s in spans), len(spans))
        if question.accept:
            read = text.casefold()
            note("answer accuracy", all(any(way.casefold() in read for way in group) for group in question.accept))
        note("words shown", sum(len(span.text.split()) for span in spans))
    return scores


def _own_scores(questions: Sequence[Question], answers: Sequence[Answer]) -> dict[str, list[tuple[float, float]]]:
    """What only a system that abstains and reports silence can be scored for."""
    scores: dict[str, list[tuple[float, float]]] = {}
    for question, answer in zip(questions, answers, strict=True):
        abstained = answer.outcome is Outcome.NOT_IN_CORPUS
        right = abstained != question.answerable
        # F1 is 2 TP / (2 TP + FP + FN): a ratio of sums, so it can be resampled like a mean.
        good = 2.0 * (abstained and right)
        scores.setdefault("abstention F1", []).append((good, good + (not right)))
        if question.answerable:
            scores.setdefault("false alarms", []).append((float(abstained), 1.0))
        else:
            scores.setdefault("unanswerable recognised", []).append((float(abstained), 1.0))
        loaded = "loaded question recognised" if question.kind == "false_premise" else "taken for loaded without need"
        scores.setdefault(loaded, []).append((float(answer.assumption is not None), 1.0))
        for citation in (*answer.citations, *answer.nearest):
            same = citation.quote == citation.document.text[citation.start : citation.end]
            scores.setdefault("quotes equal their slice", []).append((float(same), 1.0))
    return scores


def _written_scores(questions: Sequence[Question], answers: Sequence[Answer]) -> dict[str, list[tuple[float, float]]]:
    """What only a model's sentences can be scored for, as it wrote them and before anything was removed."""
    scores: dict[str, list[tuple[float, float]]] = {}

    def note(metric: str, reached: float, of: float = 1.0) -> None:
        scores.setdefault(metric, []).append((float(reached), of))

    for question, answer in zip(questions, answers, strict=True):
        if (writing := answer.writing) is None:
            continue
        note("model failed", answer.reason is not None and answer.reason.code == "model_unavailable")
        note("written answers", answer.mode is Mode.GENERATED)
        note("quotes verbatim as written", writing.exact, writing.quotes)
        note("quotes verbatim but for marks", writing.exact + writing.normalised, writing.quotes)
        note("sentences removed", len(answer.removed), writing.sentences)
        note("sentences repaired", writing.repaired, writing.sentences)
        false = question.kind == "false_premise"
        note("premise corrected" if false else "premise disputed without need", answer.premise is not None)
        note("tokens in", writing.tokens_in)
        note("tokens out", writing.tokens_out)
    return scores


def gold_of(assistant: Assistant, question: Question) -> list[Span]:
    """The evidence of a question, as it stands in the corpus."""
    spans: list[Span] = []
    for piece in question.evidence:
        text = assistant.corpus.document(piece.file)[0].text
        start = text.find(piece.quote)
        if start < 0:
            raise BadQuestions(f"Question {question.id}: this evidence is not in {piece.file}: {piece.quote!r}.")
        spans.append(Span(piece.file, start, start + len(piece.quote), piece.quote))
    return spans


def hit(first: Span, second: Span) -> bool:
    """Whether two stretches overlap by half of the shorter one."""
    shared = min(first.end, second.end) - max(first.start, second.start)
    return first.file == second.file and shared >= 0.5 * min(first.end - first.start, second.end - second.start)


def _alpha_ndcg(spans: Sequence[Span], evidence: Sequence[Span]) -> float:
    """Clarke et al. 2008, at rank 10, with the sources as subtopics; the ideal takes one proof of each in turn."""

    def gain(order: Sequence[Sequence[str]]) -> float:
        seen: dict[str, int] = {}
        total = 0.0
        for rank, files in enumerate(order[:10]):
            for file in files:
                total += (1 - _ALPHA) ** seen.get(file, 0) / math.log2(rank + 2)
                seen[file] = seen.get(file, 0) + 1
        return total

    got = [sorted({piece.file for piece in evidence if hit(span, piece)}) for span in spans]
    proofs: dict[str, int] = {}
    for piece in evidence:
        proofs[piece.file] = proofs.get(piece.file, 0) + 1
    ideal = sorted((turn, file) for file, count in proofs.items() for turn in range(count))
    best = gain([[file] for _, file in ideal])
    return min(1.0, gain(got) / best) if best else 0.0


def _balance(spans: Sequence[Span], files: Sequence[str]) -> float:
    """The entropy of the words shown over the required sources, 1 when each has the same share."""
    words = [sum(len(span.text.split()) for span in spans if span.file == file) for file in files]
    shares = [count / sum(words) for count in words if count] if sum(words) else []
    return -sum(share * math.log(share) for share in shares) / math.log(len(files))


def baseline(assistant: Assistant, question: str, count: int, dense_weight: float) -> list[Span]:
    """The best windows, by words and by meaning weighed so, within the budget of as many citations."""
    with assistant.reader.pinned() as (generation, retriever):
        found = retriever.candidates(question, dense_weight=dense_weight, feedback=0.0)
        windows = assistant.digester.windows(found, generation.library, retriever, dense_weight=dense_weight)
        chosen = digest.choose(windows, [("",)] * len(windows), count, comparing=False)
        return [Span(window.document.id, window.start, window.end, window.text) for window in chosen]


def figures(rows: Mapping[str, Mapping[str, Sequence[tuple[float, float]]]]) -> dict[str, dict[str, Figure]]:
    """Ratios as figures with their intervals."""
    return {name: {metric: _figure(values) for metric, values in row.items()} for name, row in rows.items()}


def _figure(values: Sequence[tuple[float, float]]) -> Figure:
    reached, of = np.array(values, float).T
    draws = np.random.default_rng(0).integers(0, len(values), (_RESAMPLES, len(values)))
    totals = of[draws].sum(axis=1)
    means = np.divide(reached[draws].sum(axis=1), totals, out=np.zeros(_RESAMPLES), where=totals > 0)
    low, high = np.percentile(means, [2.5, 97.5])
    return Figure(float(reached.sum() / of.sum()) if of.sum() else 0.0, float(low), float(high), len(values))
