"""Answers about the news in, what the questions offered after them bring out, when each is asked as a reader would.

Asked are titles of articles. Beside the questions that are offered: the title of another article, which the corpus
answers as well.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from statistics import mean

from assistant import Answer, Assistant, Outcome
from assistant.exporting.proof import Proof
from index import Hit
from index.embed import LocalEmbedder
from index.reader import Reader
from tests.bench import sets, stores
from tests.bench.options import Options
from tests.bench.table import Row, percentile

_WARM = "What is said about the weather?"
_SLOW = 10.0  # seconds: longer than looking takes anywhere, so that what is offered does not depend on the machine
_NEAR = 100  # passages that count as being about a question


def run(options: Options) -> Sequence[Row]:
    """How many are offered, how long that takes, and what they are worth."""
    asked = sets.titles(options, max(4, options.questions // 4))  # each is answered, and up to three more after it
    with Assistant(Reader(stores.news(options), LocalEmbedder())) as assistant:
        assistant.next_questions(_WARM, _proofs(assistant.ask(_WARM)))
        answers = [assistant.ask(question) for question in asked]
        seconds: list[float] = []
        for answer in answers:
            begun = time.perf_counter()
            assistant.next_questions(answer.query, _proofs(answer))
            seconds.append(time.perf_counter() - begun)
        offered = [
            [entry.question for entry in assistant.next_questions(answer.query, _proofs(answer), seconds=_SLOW)]
            for answer in answers
        ]
        near = [assistant.search(answer.query, _NEAR) for answer in answers]
        others = [[asked[(number + len(asked) // 2) % len(asked)]] for number in range(len(asked))]
        ours = _Worth(assistant, answers, near, offered)
        theirs = _Worth(assistant, answers, near, others)
    where = f"after {len(asked)} answers about {options.news:,} articles"
    against = "the title of another article"
    return [
        Row(f"looking for next questions, p50, {where}", percentile(seconds, 50) * 1000, "ms"),
        Row("the same, p95", percentile(seconds, 95) * 1000, "ms"),
        Row("next questions offered", mean(map(len, offered)), "of 3"),
        Row("answers after which none is", 100 * mean(not entry for entry in offered), "%"),
        Row("next questions that the corpus answers", ours.answered, "%", theirs.answered, against, target="≥ 99"),
        Row("their citations near the question before", ours.near, "%", theirs.near, against),
        Row("their answers that cite what was not cited yet", ours.new, "%", theirs.new, against),
        Row("their answers that cite another perspective", ours.sides, "%", theirs.sides, against),
    ]


class _Worth:
    """What the answers to questions bring that follow others, in percent."""

    def __init__(
        self,
        assistant: Assistant,
        answers: Sequence[Answer],
        near: Sequence[Sequence[Hit]],
        questions: Sequence[Sequence[str]],
    ) -> None:
        answered: list[bool] = []
        new: list[bool] = []
        sides: list[bool] = []
        about: list[bool] = []
        for before, hits, following in zip(answers, near, questions, strict=True):
            for question in following:
                after = assistant.ask(question)
                answered.append(after.outcome is not Outcome.NOT_IN_CORPUS and bool(after.citations))
                new.append(bool(_places(after) - _places(before)))
                sides.append(bool(_sides(after) - _sides(before)))
                about += [_is_near(*place, hits) for place in _places(after)]
        self.answered, self.new, self.sides, self.near = (
            100 * mean(values) if values else 0.0 for values in (answered, new, sides, about)
        )


def _proofs(answer: Answer) -> list[Proof]:
    return [entry.proof for entry in answer.citations]


def _places(answer: Answer) -> set[tuple[str, int]]:
    return {(entry.document.id, entry.start) for entry in answer.citations}


def _sides(answer: Answer) -> set[str]:
    return {id for entry in answer.citations for id in entry.side}


def _is_near(document: str, start: int, hits: Sequence[Hit]) -> bool:
    return any(hit.passage.document.id == document and hit.passage.start <= start < hit.passage.end for hit in hits)
