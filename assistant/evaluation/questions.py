"""A file of questions with known evidence in, the questions out: for evaluation, and as examples beside a corpus.

A question is a line of JSON: `id kind question files optional_files evidence accept near_miss`; `evidence` holds
verbatim stretches (`file`, `quote`), `accept` groups of strings of which each must be met.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import AssistantError


class BadQuestions(AssistantError):
    """The questions file cannot be used."""


class Proof(BaseModel):
    """A verbatim stretch of a file."""

    file: str
    quote: str


class Question(BaseModel):
    """One question, with what an answer to it must show."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    question: str
    files: tuple[str, ...] = ()
    optional_files: tuple[str, ...] = ()
    evidence: tuple[Proof, ...] = ()
    accept: tuple[tuple[str, ...], ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the corpus holds an answer."""
        return self.kind != "unanswerable"


def read(file: Path) -> list[Question]:
    """The questions of a JSON Lines file.

    Raises:
        BadQuestions: a line is not a question.
    """
    questions: list[Question] = []
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestions(f"{file} cannot be read ({error}). Give a JSON Lines file of questions.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                questions.append(Question.model_validate_json(line))
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"])
                raise BadQuestions(f"{file}, line {number}: {place} {first['msg']}. Mend this line.") from error
    if not questions:
        raise BadQuestions(f"{file} holds no questions. Write one JSON object a line.")
    return questions
