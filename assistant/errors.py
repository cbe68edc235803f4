"""What can go wrong with a question, as sentences for the reader.

AssistantError
├── BadQuestion   there is nothing to search for, or far too much
├── BadSettings   parallax.toml cannot be followed
├── BadFilter     what to search in is not written as a filter can be
├── UnknownPerspective  a perspective is asked for that no document has
├── UnknownDocument  a document is asked for that the index does not hold
├── BadFile          a file cannot be exported to, or is no answer and no bundle
├── DoorUnusable     nothing can be served to other programs, or nobody can be let in
├── HistoryUnusable  the file of earlier conversations is damaged, read-only or of a newer version
├── WatchUnusable    the file of watched questions is
├── TooManyWatched   as many questions are watched as can be
├── NotWatched       a watched question is named that there is not
└── ModelUnavailable the model that writes gave no whole reply
    └── ContextExceeded  because the request was longer than it can read
"""

from __future__ import annotations

from collections.abc import Sequence


class AssistantError(Exception):
    """A failure that the reader can do something about; its text is the sentence shown."""


class BadQuestion(AssistantError):
    """The question cannot be searched."""


class BadSettings(AssistantError):
    """The settings file cannot be followed."""

    def __init__(self, file: object, problem: str, remedy: str) -> None:
        super().__init__(f"{file}: {problem}. {remedy}")


class BadFilter(AssistantError):
    """A date is no date."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{name} {value!r} is no date. Write it as 2025, 2025-12 or 2025-12-23.")


class UnknownPerspective(AssistantError):
    """No document of the index has this perspective."""

    def __init__(self, id: str, known: Sequence[str]) -> None:
        super().__init__(f"No document has the perspective {id!r}. There are: {', '.join(known)}")


class UnknownDocument(AssistantError):
    """The index holds no document of this name."""

    def __init__(self, document: str) -> None:
        self.document = document
        super().__init__(f"The index holds no document {document!r}. List them with: parallax status")


class UnknownSpeaker(AssistantError):
    """Nobody of this name speaks in the corpus."""

    _SHOWN = 12  # names

    def __init__(self, name: str, known: Sequence[str]) -> None:
        shown = ", ".join(known[: self._SHOWN]) + (", and others" if len(known) > self._SHOWN else "")
        super().__init__(
            f"Nobody called {name!r} speaks in these documents. There are: {shown or 'their authors alone'}"
        )


class BadFile(AssistantError):
    """A file that was named for an answer cannot be used for it."""

    def __init__(self, file: object, problem: str, remedy: str) -> None:
        super().__init__(f"{file}: {problem}. {remedy}")


class HistoryUnusable(AssistantError):
    """Earlier conversations can neither be shown nor kept; everything else works."""

    def __init__(self, file: object, problem: str, remedy: str) -> None:
        super().__init__(f"Conversations are not kept: {file}: {problem}. {remedy}, or choose --no-history.")


class WatchUnusable(AssistantError):
    """Watched questions can neither be listed nor asked again; everything else works."""

    def __init__(self, file: object, problem: str, remedy: str) -> None:
        super().__init__(f"Questions cannot be watched: {file}: {problem}. {remedy}.")


class TooManyWatched(AssistantError):
    """No further question can be watched."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} questions are watched, and no more can be. Remove one first.")


class NotWatched(AssistantError):
    """No question of this name is watched."""

    def __init__(self, id: str) -> None:
        super().__init__(f"No watched question is called {id!r}. List them with: parallax watch list")


class DoorUnusable(AssistantError):
    """Other programs cannot be served, or let in."""

    def __init__(self, what: object, problem: str, remedy: str) -> None:
        super().__init__(f"{what}: {problem}. {remedy}.")


class ModelUnavailable(AssistantError):
    """No whole reply came from the model. The text holds no word of what its endpoint sent."""

    def __init__(self, host: str, problem: str, remedy: str = "") -> None:
        super().__init__(f"The model at {host} {problem}." + (f" {remedy}." if remedy else ""))


class ContextExceeded(ModelUnavailable):
    """The request is longer than the model can read."""

    def __init__(self, host: str, tokens: int | None) -> None:
        self.tokens = tokens  # that it can read, where its endpoint said so
        super().__init__(host, "cannot read so long a request", "Set model_context in parallax.toml")
