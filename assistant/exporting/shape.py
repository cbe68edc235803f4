"""Data from outside in, the same data out if they have the shape of an answer or of a bundle; else what is wrong.

What is not named here is let through: an answer may say more than its readers know of.
"""

from __future__ import annotations

import json
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.exporting.proof import Finding

_Count = Field(ge=0)


class WrongShape(ValueError):
    """The data are not what they should be; the text says where, as the end of a sentence."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True)


class _Span(_Part):
    start: int = _Count
    end: int = _Count


class _Label(_Part):
    id: str
    label: str
    provenance: str
    by: str | None
    on: str | None


class _Voice(_Part):
    kind: Literal["author", "direct", "indirect", "embedded", "comment", "unclear"]
    speaker: str | None
    chain: list[str]


class _Quoted(_Part):
    """A stretch of a document. In a bundle, words that may not be shown as a quote are `claimed` and not `quote`."""

    document: str
    sha256: str
    text_sha256: str
    start: int = _Count
    end: int = _Count
    quote: str | None
    claimed: str | None = None
    before: str
    after: str
    score: float
    badge: str | None = None
    check: Literal["exact", "moved", "changed", "failed", "unchecked"]
    finding: str | None = None
    now: _Span | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.quote is None) == (self.claimed is None):
            raise ValueError("there is no quote, or two")
        if self.finding is not None and self.finding not in set(Finding):
            raise ValueError(f"no check ends with {self.finding!r}")
        return self


class _Cited(_Quoted):
    number: int
    title: str
    published: str | None
    page: int | None
    match: str
    perspectives: list[_Label] = Field(min_length=1)
    voice: _Voice


class _Claim(_Part):
    text: str
    citations: list[int]


class _Assumption(_Part):
    text: str
    neutral: str | None
    citations: list[int]


class _Only(_Part):
    perspectives: list[str]
    documents: list[str]
    since: str | None
    until: str | None
    speakers: list[str]


class _Standing(_Part):
    id: str
    label: str
    state: Literal["cited", "relevant", "touches", "unclear", "silent"]
    closest: _Quoted | None


class _Coverage(_Part):
    searched: int
    relevant: int
    cited: int
    balance: float | None = None


class _Reason(_Part):
    code: str
    text: str


class _Removed(_Part):
    text: str
    reasons: list[str]


class _Answer(_Part):
    schema_: Literal[1] = Field(alias="schema")
    id: str
    question: str
    query: str
    spellings: list[list[str]]
    only: _Only | None = None
    mode: Literal["generated", "digest"]
    outcome: Literal["answered", "not_in_corpus"]
    reason: _Reason | None
    premise: _Claim | None
    assumption: _Assumption | None = None
    claims: list[_Claim]
    citations: list[_Cited]
    perspectives: list[_Standing]
    coverage: _Coverage
    removed: list[_Removed]
    nearest: list[_Cited]
    model: str | None
    prompts: dict[str, str]
    generation: str
    labels: str

    @model_validator(mode="after")
    def _numbered(self) -> Self:
        if [entry.number for entry in self.citations] != list(range(1, len(self.citations) + 1)):
            raise ValueError("the citations are not numbered from 1")
        claims = [*self.claims, *filter(None, (self.premise, self.assumption))]
        for number in (number for claim in claims for number in claim.citations):
            if not 1 <= number <= len(self.citations):
                raise ValueError(f"a claim cites {number}, and there is no such citation")
        return self


class _Made(_Part):
    on: str
    program: str
    voices: str


class _Checked(_Part):
    against: str | None
    exact: int
    quotes: int


class _Bundle(_Part):
    bundle: Literal["parallax answer"]
    format: int
    made: _Made
    checked: _Checked
    answer: _Answer


def answer(text: str) -> dict[str, Any]:
    """The answer that a text of JSON holds.

    Raises:
        WrongShape: it holds none.
    """
    return fitting(_json(text), _Answer)


def bundle(text: str) -> dict[str, Any]:
    """The data of the bundle that a text of JSON holds; errors as in `answer`."""
    return fitting(_json(text), _Bundle)


def fitting(data: dict[str, Any], shape: type[BaseModel] = _Answer) -> dict[str, Any]:
    """The data, unchanged; errors as in `answer`."""
    try:
        shape.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ", ".join(str(part) for part in first["loc"]) or "the whole"
        raise WrongShape(f"{place}: {first['msg'].removeprefix('Value error, ')}") from error
    return data


def _json(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise WrongShape(f"it is not JSON ({str(error) or 'nested too deeply'})") from error
    if not isinstance(data, dict):
        raise WrongShape("it is not one object")
    return data


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is no number")
