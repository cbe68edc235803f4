"""A question and the ones before it in, the question as it is searched out.

A follow-up leans on what was asked before ("And what does he want?"). Without a model it is searched together with the
names of the earlier question; a model's own wording is taken only if it holds no word that the reader did not use and
that is no name cited. The reader sees what was searched. Pure functions; passages are never looked at, so a document
cannot steer what is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.checking.checks import markup
from assistant.checking.negation import negators
from assistant.checking.numerals import numbers
from assistant.checking.quotes import visible
from assistant.errors import BadQuestion
from assistant.types import Answer, Turn
from index.terms import STOPWORDS, fold, stems

_LONGEST = 400  # characters of a rewritten question
_NAME_LENGTH, _NAME_WORDS, _MOST_NAMES = 40, 4, 24  # of the names cited; words with a capital are counted
MAX_CHARACTERS = 2_000  # a question; a page pasted by mistake is refused, not searched

_LEANS = re.compile(
    r"\b(he|him|his|she|her|hers|they|them|their|theirs|it|its|this|that|these|those|there|then|former|latter"
    r"|same|other|others|another|else|instead|next|afterwards)\b"
    r"|^\s*(?:(?:and|but|so|or|what about|how about|why not)\b|why\W*$)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"„«‘]([^“”\"„«»‘’]{3,80})[”\"“»’]")
_NAME = re.compile(
    r"\b[A-ZÀ-ÖØ-Þ][\w’'\-]*(?:\s+(?:of\s+|the\s+|de\s+|von\s+|van\s+)?[A-ZÀ-ÖØ-Þ][\w’'\-]*)*|\b\w*\d[\w\-]*"
)
_ASKING = {
    *("Who", "What", "When", "Where", "Why", "Which", "How", "Whose", "Whom", "Is", "Are", "Was", "Were", "Do", "Does"),
    *("Did", "Has", "Have", "Had", "Can", "Could", "Will", "Would", "Should", "May", "Might", "And", "But", "So", "Or"),
    *("In", "On", "At", "By", "For", "From", "To", "The", "A", "An", "According", "Tell", "Describe", "I", "If", "As"),
}


def checked(question: str) -> str:
    """The question without the white space around it.

    Raises:
        BadQuestion: it is empty, or too long to be one.
    """
    question = _clean(question)
    if not question:
        raise BadQuestion("There is no question. Type what you want to know about these documents.")
    if len(question) > MAX_CHARACTERS:
        raise BadQuestion(
            f"This question has {len(question):,} characters, and at most {MAX_CHARACTERS:,} can be searched. "
            "Ask in a sentence or two."
        )
    return question


def _clean(question: str) -> str:
    # Half a surrogate pair, which a broken client can send, is no character that could be searched.
    return question.replace("\0", " ").encode("utf-8", "replace").decode("utf-8").strip()


def leans(question: str, turns: Sequence[Turn]) -> bool:
    """Whether a question means something that was said before it."""
    return bool(turns) and bool(_LEANS.search(question))


def rewritten(question: str, turns: Sequence[Turn]) -> str:
    """The question as it is searched: unchanged, or with the names of the question before it that it leans on."""
    searched = ""
    for turn in (*turns, Turn(question)):
        known = {name.casefold() for name in names(turn.question)}
        carried = [name for name in names(searched) if name.casefold() not in known]
        more = carried and leans(turn.question, turns)
        searched = f"{turn.question} ({', '.join(carried)})" if more else turn.question
    return searched


def accepted(candidate: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether a model's wording of a follow-up may be searched, and shown.

    It keeps every name, number and negation of the question, and every word of it was the reader's or is a name cited.
    """
    if not candidate or len(candidate) > _LONGEST or any(True for _ in markup(candidate, "")):
        return False
    said = " \n ".join((question, *(turn.question for turn in turns), *(name for turn in turns for name in turn.names)))
    kept = all(_holds(candidate, name) for name in names(question))
    own = numbers(question) <= numbers(candidate) <= numbers(said) and negators(question) == negators(candidate)
    return kept and own and set(stems(candidate)) <= set(stems(said))


def turn(given: str | Turn | Answer) -> Turn:
    """An earlier question, however it was handed over."""
    if isinstance(given, Answer):
        said = ((citation.voice.speaker or "", citation.quote) for citation in given.citations)
        return Turn(given.query, cited_names(text for pair in said for text in pair))
    asked = given if isinstance(given, Turn) else Turn(given)
    return Turn(_clean(asked.question)[:MAX_CHARACTERS], asked.names)


def cited_names(quotes: Iterable[str]) -> tuple[str, ...]:
    """The names in what was cited, each once and without their sentences: no instruction fits into them."""
    found = (name for quote in quotes for name in names(visible(quote)))
    kept = (name for name in found if _is_short_name(name) and fold(name) not in STOPWORDS)
    return tuple(dict.fromkeys(kept))[:_MOST_NAMES]


def _is_short_name(text: str) -> bool:
    """Whether a text is a name and no sentence, as a phrase between quotation marks may be."""
    capitals = sum(word[0].isupper() for word in text.split())
    fits = len(text) <= _NAME_LENGTH and capitals <= _NAME_WORDS
    return fits and text[:1].isupper() and bool(_NAME.fullmatch(text))


def _holds(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def names(question: str) -> list[str]:
    """The names, numbers and quoted words of a question, in order, each once."""
    found: list[str] = [match.group(1) for match in _QUOTED.finditer(question)]
    for match in _NAME.finditer(question):
        words = match.group().split()
        while words and words[0] in _ASKING:
            words = words[1:]
        if words:
            found.append(re.sub(r"[’']s$", "", " ".join(words)))
    inside = [name for name in found if not any(name != other and name in other for other in found)]
    return list(dict.fromkeys(inside))
