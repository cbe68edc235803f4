"""A failure in, what another program is told of it out: a status, a code to act on, and one sentence.

Sentences for the owner of a corpus name folders of this machine. Those stay here, in the log; whoever asks is told what
kind of failure it is.
"""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from assistant.errors import (
    AssistantError,
    BadFile,
    BadFilter,
    BadQuestion,
    UnknownDocument,
    UnknownPerspective,
    UnknownSpeaker,
)
from index.errors import (
    BadDocument,
    BadLabels,
    CorpusError,
    EmbedderUnavailable,
    StoreBusy,
    StoreUnwritable,
    UnusableFolder,
    VectorsUnavailable,
)

_LOG = logging.getLogger(__name__)

# Their own sentences are for whoever asked.
_ASKED_WRONG: dict[type[Exception], int] = {
    **dict.fromkeys((BadQuestion, BadFilter, UnknownPerspective, UnknownSpeaker, BadFile, BadDocument), 422),
    UnknownDocument: 404,
}
_OF_THE_OWNER: dict[type[Exception], tuple[int, str]] = {
    StoreBusy: (409, "The index is being updated. Try again when that is done."),
    StoreUnwritable: (507, "The index could not be written; it answers as before. Its owner should look at the disk."),
    BadLabels: (503, "A labels file cannot be followed. Its owner is told why by: parallax labels check"),
    UnusableFolder: (503, "The folder of documents cannot be used. Its owner should look at it."),
    VectorsUnavailable: (503, "The server that holds the vectors cannot be asked. Try again later."),
    EmbedderUnavailable: (
        503,
        "The question cannot be embedded. The owner of the corpus is told why by: parallax doctor",
    ),
}
_UNUSABLE = (503, "The corpus cannot be used now. Its owner is told why by: parallax doctor")
# What is said in other words than pydantic's, which are about Python.
_INSTEAD = {
    "model_attributes_type": "An object in JSON is wanted",
    "value_error": "A file with a name is wanted",  # nothing else that is asked has a rule of its own
}
_LATER = 5.0  # seconds after which it is worth trying again


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is not answered."""

    status: int
    code: str
    message: str  # one sentence or two
    retry_after: float | None = None  # seconds

    def to_dict(self) -> dict[str, Any]:
        """The one shape of every failure."""
        return {"error": {"code": self.code, "message": self.message}}

    @property
    def response(self) -> Response:
        """As HTTP has it."""
        headers = {} if self.retry_after is None else {"retry-after": str(max(1, math.ceil(self.retry_after)))}
        if self.status == 401:
            headers["www-authenticate"] = "Bearer"
        return Json(self.to_dict(), self.status, headers)


class Json(Response):
    """JSON in ASCII alone, so that no character of any document steers a terminal or breaks an encoding."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes of a value."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


class Refused(Exception):
    """A request that a door turns away; its problem is what is answered."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


BUG = Problem(500, "bug", "Something went wrong inside Parallax. The terminal in which it runs says what.")


def problem_of(error: AssistantError | CorpusError) -> Problem:
    """What is told of a failure of ours; what names this machine goes to the log alone."""
    kind, code = type(error), _code(type(error).__name__)
    if isinstance(error, UnknownDocument):  # whoever asks here has no command line
        named = f"The index holds no document {error.document!r}. Name it by its path, as citations and passages do."
        return Problem(_ASKED_WRONG[kind], code, named)
    if kind in _ASKED_WRONG:
        return Problem(_ASKED_WRONG[kind], code, str(error))
    _LOG.warning("%s", error)
    status, message = _OF_THE_OWNER.get(kind, _UNUSABLE)
    return Problem(status, code, message, _LATER if status in (409, 503) else None)


def misunderstood(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """What is told of a request of another shape: the first thing that is wrong, without repeating what was sent.

    Args:
        errors: as pydantic lists them.
    """
    first = errors[0]
    place = ".".join(str(part) for part in first["loc"] if part != "body")[:200]
    says = _INSTEAD.get(first["type"], first["msg"])
    return Problem(422, "not_understood", f"{place or 'The body'}: {says}.")


def _code(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
