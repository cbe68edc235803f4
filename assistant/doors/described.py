"""What the routes answer, as their description (`/openapi.json`) says it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Responses = dict[int | str, dict[str, Any]]


class Error(BaseModel):
    """Why a request was not answered."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(description="To act on.", examples=["unknown_perspective"])
    message: str = Field(description="A sentence for a person.")


class Failure(BaseModel):
    """The one shape of every failure."""

    model_config = ConfigDict(extra="forbid")

    error: Error


_SAID = {
    400: "The request cannot be read.",
    401: "There is no token, or an unknown one.",
    403: "The token is not for this, or a page of another site asks.",
    404: "There is no such document, or nothing at this address.",
    405: "This address does not know that method.",
    408: "The rest of the request did not come.",
    409: "The index is being updated; `Retry-After` says when to try again.",
    411: "The request does not say how long it is.",
    413: "The request is too long.",
    415: "What was sent is of another kind.",
    421: "The service is asked under a name that is not this machine's own.",
    422: "What is asked for cannot be done; the sentence says why.",
    429: "Too many requests in a short time; `Retry-After` says when to try again.",
    500: "A bug.",
    503: "Too many questions at once, or the corpus cannot be used now; see `Retry-After`.",
    504: "It took too long.",
    507: "The disk is full.",
}


def problems(*statuses: int) -> Responses:
    """How requests fail: with these statuses, and with those with which every one may; without any, with all."""
    listed = sorted({*statuses, 403, 405, 421, 500}) if statuses else sorted(_SAID)
    return {status: {"model": Failure, "description": _SAID[status]} for status in listed}


def answer() -> Responses:
    """An answer, whole or as events."""
    events = {
        "schema": {"type": "string"},
        "example": 'event: found\ndata: {"query": "..."}\n\nevent: answer\ndata: {"schema": 1}\n\n',
    }
    return _made("The answer.", _object("schema", "id", "question", "mode", "outcome", "claims", "citations"), events)


def found() -> Responses:
    """What a search found."""
    passage = _object("document", "start", "end", "quote", "score", "perspectives", "voices")
    listed = {"type": "array", "items": passage}
    return _made("The passages.", {"type": "object", "required": ["hits"], "properties": {"hits": listed}})


def state() -> Responses:
    """What is indexed."""
    return _made(
        "The state of the corpus.", _object("generation", "passages", "documents", "perspectives", "answering")
    )


def listing() -> Responses:
    """Documents."""
    return _made("The documents.", _object("generation", "total", "documents"))


def window() -> Responses:
    """A stretch of a document."""
    return _made("The stretch.", _object("document", "start", "end", "text", "characters", "voices", "next"))


def verified() -> Responses:
    """What became of the quotes of an answer."""
    return _made("What was found.", _object("holds", "differences", "documents", "quotes"))


def added() -> Responses:
    """What became of files that were sent."""
    schema = _object("files", "update")
    return _made("What becomes of each file; nothing is indexed for it.", schema) | {
        202: {"description": "Files were added; `/v1/update` tells how far the index has followed."}
        | {"content": {"application/json": {"schema": schema}}}
    }


def update() -> Responses:
    """How far the index has followed."""
    return _made("The state of the update.", _object("state", "progress", "report", "error", "generation"))


def kept(kinds: Iterable[str]) -> dict[str, Any]:
    """The body of a request that is an answer, as it was kept."""
    content = {kind: {"schema": {"type": "object"} if kind.endswith("json") else {"type": "string"}} for kind in kinds}
    return {"requestBody": {"required": True, "content": content}}


def _object(*required: str) -> dict[str, Any]:
    return {"type": "object", "required": list(required)}


def _made(says: str, schema: dict[str, Any], events: dict[str, Any] | None = None) -> Responses:
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    return {200: {"description": says, "content": content | ({"text/event-stream": events} if events else {})}}
