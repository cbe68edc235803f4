"""What is said of each state of a perspective: on the page, on the command line and in files that are kept.

Files that were written earlier are drawn again when they are verified: the words of a state stay.
"""

from __future__ import annotations

from assistant.types import State

STATES = {
    State.CITED: "cited",
    State.RELEVANT: "has something on this that is not cited",
    State.TOUCHES: "touches the question",
    State.UNCLEAR: "could not tell whether it answers",
    State.SILENT: "no passage found",
}
