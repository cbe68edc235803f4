"""A line in, whether a browser or a page left it in the text out: menus, buttons, tabs that were open beside it.

Pure functions.
"""

from __future__ import annotations

import re

from index.speaking.lexicon import any_of

_NETWORK = any_of("facebook", "twitter", "linkedin", "whatsapp", "reddit", "pinterest", "telegram")
_ORNAMENT = r"[\s*_\-–—•|#\[]*"  # before a line of residue
# Titles of other pages stand below, which are residue too.
_ABOVE_TITLES = any_of(
    r"open tabs",
    r"related(?: (?:articles?|posts?|stories|links?|coverage|reading))?",
    r"most (?:read|popular)",
    r"trending",
    r"recommended(?: for you)?",
    r"you (?:may|might) also (?:like|enjoy)",
    r"read (?:more|next)",
    r"more (?:from|in|on) [\w ]{2,40}",
    r"see also",
)
_RESIDUE = re.compile(
    _ORNAMENT
    + any_of(
        _ABOVE_TITLES,
        r"also on [\w ]{2,30}",
        r"share this(?: (?:post|article|story))?",
        r"share(?: on)?(?: (?:facebook|twitter|x|email|linkedin|reddit))?",
        r"click (?:here )?to (?:share|email|print|subscribe)\b.*",
        r"subscribe(?: (?:now|here|to)\b.*)?",
        r"sign up\b.{0,80}",
        r"advertisement",
        r"sponsored(?: content)?",
        r"filed under",
        r"tags?",
        r"posted (?:in|by|on)",
        r"categories",
        r"print(?: this)?",
        r"email(?: this)?",
        r"tweet(?: this)?",
        r"follow us\b.{0,60}",
        r"copyright\b.{0,60}",
        r"©.{0,80}",
        r"all rights reserved\b.{0,40}",
        r"skip to (?:content|main)",
        r"cookie\b.{0,60}",
        r"privacy policy",
        r"terms of (?:use|service)",
        r"back to top",
        r"photo(?: credit)?:.{0,80}",
        r"image(?: credit)?:.{0,80}",
        r"loading\.*",
        r"menu",
        r"home",
        r"previous (?:post|article)",
        r"next (?:post|article)",
        r"continue reading\b.*",
        r"get (?:the|our) [\w ]{2,40}newsletter\b.*",
        r"support (?:our|independent) journalism\b.*",
        r"listen to this article",
        r"\d+ min(?:ute)? read",
        r"watch:.{0,80}",
        rf"{_NETWORK}(?:[\s|·,]+(?:{_NETWORK}|email|print))*",
    )
    + r"[\s*_\]:»›→.|]*$",
    re.IGNORECASE,
)
_LISTING = re.compile(_ORNAMENT + _ABOVE_TITLES + r"[\s*_\]:»›→|]*$", re.IGNORECASE)
_TAB = re.compile(
    r"\W*(?:reddit|youtube|facebook|twitter|wikipedia|substack|medium|bbc|google|read more|related|see also):"
    r"\s*\S.{3,200}$",
    re.IGNORECASE,
)
_LONGEST_TITLE = 18  # words


def is_residue(line: str) -> bool:
    """Whether a line is nobody's words."""
    return _RESIDUE.match(line) is not None


def heads_titles(line: str) -> bool:
    """Whether titles of other pages stand below a line."""
    return _LISTING.match(line) is not None


def is_tab(line: str) -> bool:
    """Whether a line is the title of a page that was open beside: "Reddit: Why ..."."""
    return _TAB.match(line) is not None


def may_be_title(line: str) -> bool:
    """Whether a line could be a title in a list of titles."""
    return len(line.split()) <= _LONGEST_TITLE and line[-1:] not in ".!…"
