"""What can go wrong with a question, as sentences for the reader.

AssistantError
├── BadQuestion   there is nothing to search for, or far too much
├── BadSettings   parallax.toml cannot be followed
└── UnknownDocument  a document is asked for that the index does not hold
"""

from __future__ import annotations


class AssistantError(Exception):
    """A failure that the reader can do something about; its text is the sentence shown."""


class BadQuestion(AssistantError):
    """The question cannot be searched."""


class BadSettings(AssistantError):
    """The settings file cannot be followed."""

    def __init__(self, file: object, problem: str, remedy: str) -> None:
        super().__init__(f"{file}: {problem}. {remedy}")


class UnknownDocument(AssistantError):
    """The index holds no document of this name."""

    def __init__(self, document: str) -> None:
        super().__init__(f"The index holds no document {document!r}. List them with: parallax status")
