"""What is said of each state of a perspective: in files that are kept, and on the page and the command line.

Files that were written earlier are drawn again when they are verified: their words of a state stay.
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

# Beside an answer whose quotes a reader sees.
SAID = STATES | {State.TOUCHES: "cited, though its passages only touch the question"}
