"""A voice in, who speaks in words out: a table."""

from __future__ import annotations

import pytest

from assistant.badge import badge_of, who
from index import Voice, VoiceKind

DIRECT, INDIRECT, EMBEDDED, COMMENT = VoiceKind.DIRECT, VoiceKind.INDIRECT, VoiceKind.EMBEDDED, VoiceKind.COMMENT


@pytest.mark.parametrize(
    ("kind", "speaker", "chain", "badge"),
    [
        (VoiceKind.AUTHOR, None, (), "the author"),
        (DIRECT, "Emmanuel Macron", (), "Emmanuel Macron, quoted in The Ogre"),
        (EMBEDDED, "The New York Times", (), "The New York Times, quoted in The Ogre"),
        (INDIRECT, "Emmanuel Macron", (), "Emmanuel Macron, as reported in The Ogre"),
        (DIRECT, "Geroman", ("Politico", "Geroman"), "Geroman, in Politico, quoted in The Ogre"),
        (DIRECT, "Geroman", ("Politico",), "Geroman, in Politico, quoted in The Ogre"),
        (INDIRECT, "C", ("A", "B", "C"), "C, in B, in A, as reported in The Ogre"),
        (COMMENT, None, (), "reader comment under The Ogre"),
        (COMMENT, "Bob", (), "reader comment under The Ogre"),
        (COMMENT, "Kissinger", ("a reader", "Kissinger"), "Kissinger, quoted in a reader comment under The Ogre"),
        (DIRECT, None, (), "voice unclear: somebody quoted in The Ogre"),
        (INDIRECT, None, (), "voice unclear: somebody quoted in The Ogre"),
        (EMBEDDED, None, ("Geroman",), "voice unclear: somebody quoted by Geroman, in The Ogre"),
        (VoiceKind.UNCLEAR, None, (), "voice unclear"),
    ],
)
def test_a_badge_names_the_innermost_speaker_and_how_the_words_came_here(
    kind: VoiceKind, speaker: str | None, chain: tuple[str, ...], badge: str
) -> None:
    assert badge_of(Voice(0, 9, kind, speaker, chain), "The Ogre") == badge


def test_without_a_title_a_badge_still_says_who() -> None:
    assert who(Voice(0, 9, INDIRECT, "Emmanuel Macron")) == "Emmanuel Macron, as reported"
    assert who(Voice(0, 9, COMMENT)) == "reader comment"


def test_a_name_is_one_line_and_has_an_end() -> None:
    badge = badge_of(Voice(0, 9, DIRECT, "A\n\n  B" + "x" * 500), "T\nitle" * 100)
    assert badge.startswith("A Bxxx")
    assert "\n" not in badge
    assert len(badge) < 200
