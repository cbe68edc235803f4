"""A voice in, who speaks out, in words: the badge of a citation, the same on every way out of the program.

What it returns holds names and titles out of documents: whoever shows it escapes it. Pure functions.
"""

from __future__ import annotations

from assistant.types import Citation
from index.types import Voice, VoiceKind

COMMENT, COMMENTS = "Reader comment", "Reader comments"  # the chip and the heading of what stands under no perspective
_AUTHOR = "the author"
_UNCLEAR = "voice unclear"
_SOMEBODY = f"{_UNCLEAR}: somebody"
_LONGEST = 80  # characters of a name, or of a title


def badge(citation: Citation) -> str:
    """Who speaks in a citation: "Emmanuel Macron, quoted in The Ogre at the Gates"."""
    return badge_of(citation.voice, citation.source.title)


def badge_of(voice: Voice, title: str) -> str:
    """Who speaks in a stretch of the document with this title."""
    if voice.kind is VoiceKind.COMMENT:
        return f"{who(voice)} under {_line(title)}"
    return who(voice) if voice.kind in (VoiceKind.AUTHOR, VoiceKind.UNCLEAR) else f"{who(voice)} in {_line(title)}"


def who(voice: Voice) -> str:
    """The same without the title: "Geroman, in Politico, quoted"."""
    match voice.kind:
        case VoiceKind.AUTHOR:
            return _AUTHOR
        case VoiceKind.UNCLEAR:
            return _UNCLEAR
        case VoiceKind.COMMENT if voice.carriers and voice.speaker:
            return f"{_line(voice.speaker)}, quoted in a reader comment"
        case VoiceKind.COMMENT:
            return COMMENT.lower()
    if not voice.speaker:
        # Who carries somebody unnamed is known for certain, and says more than nothing.
        by = f" by {_nested(voice.carriers)}," if voice.carriers else ""
        return f"{_SOMEBODY} quoted{by}"
    how = "as reported" if voice.kind is VoiceKind.INDIRECT else "quoted"
    return f"{_nested((*voice.carriers, voice.speaker))}, {how}"


def _nested(names: tuple[str, ...]) -> str:
    """The innermost first."""
    return ", in ".join(_line(name) for name in reversed(names))


def _line(name: str) -> str:
    """A name on one line, and not without end."""
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST].rstrip()}…"
