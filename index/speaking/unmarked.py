"""A sentence in, whether it leads up to speech without quotation marks, or could be such speech, out.

    Macron put it in biological terms. | We do not have enough young people.

Many writers leave the marks out where somebody speaks at length. Only a sentence that says that somebody is about to
speak, and "I", "we" or "you" in the present after it, tell. Pure functions.
"""

from __future__ import annotations

import re

from index.speaking.lexicon import any_of

_FIRST_PERSON = re.compile(r"(?<![\w’'])(?:I|my|me)(?!\w)")
_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]")
_PUTTING = (
    r"framed",
    r"put (?:it|the matter|this)",
    r"summed (?:it )?up",
    r"(?:did not|didn[’']t) mince",
    r"pulled no punches",
    r"spelled (?:it )?out",
)
_FRAME = re.compile(
    r"\b"
    + any_of(
        *_PUTTING,
        r"sums? (?:it )?up",
        r"was (?:blunt|clear|harsher?|harder|categorical|less polite|more direct)",
        r"s(?:ees|aw) it (?:otherwise|differently)",
        r"had (?:an|his|her|their) (?:own )?answer",
        r"shook (?:his|her) head",
        *"shrugged nodded smiled laughed sighed waved paused hesitated stopped interrupted exploded".split(),
        r"thought about it",
        r"corrected me",
        r"went further",
        r"caught on tape",
        r"on the (?:phone|telephone|radio|record)",
        r"received me",
        r"spoke (?:in|at|to|for)",
        r"made no bones",
    )
    + r"\b"
)
# The same at the end of what was read so far, for speech without "I".
_ANNOUNCEMENT = re.compile(r"\b" + any_of(*_PUTTING, r"was blunt") + r"\b[^.!?]*[.!?]\s*$")
_SPEECH = re.compile(
    r"(?<![\w’'])(?:I|We|we|You|you)"
    + any_of(
        r"[’'](?:m|ve|ll|re|d)",
        " "
        + any_of(
            r"don[’']t|can[’']t|did not",
            *"am are ask believe blame can do feel go have just know like live love may must need never only regard "
            "say see share tell think want will work would".split(),
        ),
    )
    + r"\b|\b(?:My|Our) \w+ (?:is|are|does|do|has|have)\b"
)
# An author who says "I" no more often than that in a text of so many sentences does not speak of himself.
_RARELY, _LONG = 2, 20


def is_impersonal(text: str) -> bool:
    """Whether the author of a text hardly ever says "I", so that whoever does is somebody else."""
    own = _QUOTED.sub(" ", text)
    return own.count(". ") >= _LONG and len(_FIRST_PERSON.findall(own)) <= _RARELY


def says_i(text: str, start: int, end: int) -> bool:
    """Whether somebody speaks of himself in a sentence."""
    return _FIRST_PERSON.search(text, start, end) is not None


def is_frame(text: str, start: int, end: int) -> bool:
    """Whether a sentence leads up to speech: "She shook her head."."""
    return _FRAME.search(text, start, end) is not None and not says_i(text, start, end)


def is_announced(text: str, start: int, end: int) -> bool:
    """Whether a stretch of text ends with words that need speech behind them: "He put it plainly."."""
    return _ANNOUNCEMENT.search(text, start, end) is not None


def is_speech(text: str, start: int, end: int) -> bool:
    """Whether a sentence sounds like speech: "We do not have enough"."""
    return _SPEECH.search(text, start, end) is not None
