"""Questions with known evidence and answers to them in, how well silence is reported out, beside plain baselines.

A perspective is silent on a question where none of its documents holds evidence for it; one that may be cited and need
not be is left out. Only the state "silent" says so: whoever touches a question, or of whom it could not be told, was
not called silent. A wrong "silent" counts twice, since it makes a side look as if it had nothing to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from assistant.assistant import Assistant
from assistant.evaluation.questions import Question
from assistant.types import Answer, State
from index import query
from index.generation import Generation
from index.retrieve import Retriever

Ratios = dict[str, list[tuple[float, float]]]

_WRONG = 2.0  # what a wrong "silent" weighs
_HALF = 0.5  # BM25 calls silent whoever has no passage of half of the best score
_PASSAGES = 10_000  # that BM25 scores


def scores(assistant: Assistant, questions: Sequence[Question], answers: Sequence[Answer]) -> dict[str, Ratios]:
    """Figures of silence: ours under "", then a row for each baseline; unanswerable questions have none."""
    rows: dict[str, Ratios] = {}
    with assistant.reader.pinned() as (generation, retriever):
        for question, answer in zip(questions, answers, strict=True):
            if not question.answerable or not question.files:
                continue
            judged = silent_by_evidence(question, retriever, [line.id for line in answer.perspectives])
            states = {line.id: line.state for line in answer.perspectives}
            cited = {id for entry in answer.citations for id in entry.side}
            said = {
                "": {id for id, state in states.items() if state is State.SILENT},
                "BM25": states.keys() - _matching(question, generation, retriever),
                "not cited": states.keys() - cited,
                "all silent": set(states),
                "nobody silent": set[str](),
            }
            for name, silent in said.items():
                _note(rows.setdefault(name, {}), question, judged, silent)
            unsure = [(float(states[id] is State.UNCLEAR), 1.0) for id in judged]
            rows[""].setdefault("could not tell", []).extend(unsure)
    return rows


def silent_by_evidence(question: Question, retriever: Retriever, perspectives: Sequence[str]) -> dict[str, bool]:
    """For each perspective whether it is silent on a question; without those that need not be cited and may be."""
    documents = {id: set(retriever.perspectives_of(id)) for id in retriever.keys}
    required = {side for file in question.files for side in documents.get(file, ())}
    optional = {side for file in question.optional_files for side in documents.get(file, ())}
    return {id: id not in required for id in perspectives if id in required or id not in optional}


def _note(row: Ratios, question: Question, judged: Mapping[str, bool], said: Set[str]) -> None:
    right = sum(silent and id in said for id, silent in judged.items())
    wrong = sum(not silent and id in said for id, silent in judged.items())
    missed = sum(silent and id not in said for id, silent in judged.items())
    # F1 is 2 TP / (2 TP + FP + FN): a ratio of sums, so it can be resampled like a mean.
    f1 = 2.0 * right, 2.0 * right + _WRONG * wrong + missed
    row.setdefault("silence F1 (all questions)", []).append(f1)
    if len(question.files) > 1:
        row.setdefault("silence F1", []).append(f1)
        row.setdefault("silence precision", []).append((float(right), float(right + wrong)))
        row.setdefault("silence recall", []).append((float(right), float(right + missed)))


def _matching(question: Question, generation: Generation, retriever: Retriever) -> set[str]:
    """The perspectives with a passage that matches the question's words at least half as well as the best one."""
    asked = query.read(question.question, generation.library)
    found = generation.library.match([term.spellings for term in asked.searched], _PASSAGES)
    best = max((score for _, score in found), default=0.0)
    documents = {retriever.passage(key).document.id for key, score in found if score >= _HALF * best}
    return {side for document in documents for side in retriever.perspectives_of(document)}
