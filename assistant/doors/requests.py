"""What another program asks, checked: the one shape of a question with its filters, for every door."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from assistant.assistant import Assistant
from assistant.doors import reading
from assistant.question.rewrite import MAX_CHARACTERS
from assistant.types import Event
from index.types import Hit

_MOST = 200  # values of one filter

_Value = Annotated[str, Field(min_length=1, max_length=4_000)]
_Values = Annotated[list[_Value], Field(max_length=_MOST)]
_Date = Annotated[str, Field(max_length=10, examples=["2025", "2025-12", "2025-12-23"])]
_Question = Annotated[str, Field(max_length=MAX_CHARACTERS)]


class Narrowed(BaseModel):
    """What alone is searched. Everything left out means all of it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    perspectives: _Values = Field([], description="Search only these perspectives, by id.")
    documents: _Values = Field([], description="Search only these documents, by their path in the corpus.")
    speakers: _Values = Field(
        [], description='Cite only words of these people, by name or a part of it; "author" for the authors\' own.'
    )
    since: _Date | None = Field(None, description="Search only what was published from this date on.")
    until: _Date | None = Field(None, description="Search only what was published until this date.")

    @property
    def only(self) -> dict[str, Any]:
        """The filters by name, as `Assistant` takes them."""
        return {name: getattr(self, name) for name in Narrowed.model_fields}


class Asked(Narrowed):
    """A question to be answered."""

    question: _Question = Field(
        description="What you want to know of the documents.", examples=["By how much did trade fall?"]
    )
    history: Annotated[list[_Question], Field(max_length=50)] = Field(
        [], description="The questions asked before this one in the same conversation, the oldest first."
    )
    citations: Annotated[int, Field(ge=1, le=40)] | None = Field(
        None, description="At most so many passages, where no model writes; by default 8, or 12 in a comparison."
    )
    as_typed: bool = Field(False, description="Search the question in its own words alone.")

    def stream(self, assistant: Assistant, stop: threading.Event | None = None) -> Iterator[Event]:
        """The answer, step by step; events and errors as in `Assistant.stream`."""
        return assistant.stream(
            self.question, self.history, **self.only, citations=self.citations, as_typed=self.as_typed, stop=stop
        )


class Searched(Narrowed):
    """What passages are to be found for."""

    question: _Question = Field(description="A question, or some words.", examples=["bollards on the bridge"])
    k: Annotated[int, Field(ge=1, le=100)] = Field(10, description="How many passages.")

    def hits(self, assistant: Assistant) -> tuple[Hit, ...]:
        """The passages; errors as in `Assistant.search`."""
        return assistant.search(self.question, self.k, **self.only)


class Stretch(BaseModel):
    """A stretch of a document: a citation by its `start` and `end`, or more around it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    document: _Value = Field(description="The document, by its path in the corpus, as citations and passages name it.")
    start: Annotated[int, Field(ge=0, le=1_000_000_000)] = Field(0, description="The first character.")
    end: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = Field(
        None,
        description=f"Behind the last one; without it, {reading.WINDOW:,} characters are read. At once, at most "
        f"{reading.MOST:,} are: `next` is where to go on.",
    )

    def window(self, assistant: Assistant) -> dict[str, Any]:
        """The stretch, as `reading.window` has it, and errors as there."""
        return reading.window(assistant.corpus, self.document, self.start, self.end)


class Nothing(BaseModel):
    """What takes no words to ask."""

    model_config = ConfigDict(extra="forbid")
