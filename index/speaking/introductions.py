"""A paragraph that announces somebody's text in, who that is and which paragraphs are his out.

"The New York Times reported today:", "Here is his letter, in full.", "She made it clear that:" stand before texts
without any mark. A block by a newspaper or a letter runs on until its author comes back; one person's words are the
next paragraph; points under "that:" are reported, and what follows each is the author's gloss.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from index.speaking.lexicon import any_of, forms
from index.speaking.segments import Form, Segment
from index.speaking.speakers import NOBODY, Cast, Mention, Speaker
from index.types import Span, VoiceKind

# ── What announces a text ────────────────────────────────────────────────────────────────────────────────────────────

_LAST_SENTENCE = re.compile(r"(?:.*[.!?…][”\"’)]*\s+(?=[A-Z“\"‘«]))?(?P<last>.+)$", re.DOTALL)
# At the end of a paragraph, also without a colon: "Here is his letter, in full."
_ANNOUNCING = re.compile(
    r"\b"
    + any_of(
        r"here (?:it is|they are|goes)",
        r"in full",
        r"as it stands",
        r"(?:I|we) (?:copy|quote|reproduce|reprint|paste|print) (?:it|them|this|all of it)",
        r"verbatim",
        r"word for word",
        r"an? (?:excerpt|extract)s?(?: follows)?",
        r"the text follows",
        r"(?:reads?|runs|ran|goes|went) as follows",
        r"the key bit is short",
        r"deserves more room",
    )
    + r"\b[^.:]*[.:]\s*$",
    re.IGNORECASE,
)
_ORIGINS = ("from", "by", "via", "according to", "in the words of")  # before the one whose text it is
# Before a colon: "Smith explains:", "The letter runs:", "From the Times:".
_SAYING = re.compile(
    r"\b"
    + any_of(
        *forms("say/says/said/saying write/writes/wrote/writing notes/noted/noting"),
        *forms("add cite explain quote report share warn"),
        *forms(
            "begin/begins/began tell/tells/told read/reads runs outlined announce answer argue ask conclude continue "
            "declare demand describe list observe post recall reply respond response state tweet",
            participles=False,
        ),
        *_ORIGINS,
        r"puts? it",
        r"lays? out|laid out|spelled out|passed on",
        r"made (?:it )?clear",
        r"summ(?:ed|ing|arised|arized) (?:it )?up",
        r"runs? through",
    )
    + r"\b",
    re.IGNORECASE,
)
# What people write: "an editorial in the Times:".
_WRITTEN = re.compile(
    r"\b"
    + any_of(
        *"account articles? broadcast bulletin columns? communiqu[eé] declaration d[ei]spatch e-?mail editorials? "
        "essay excerpts? interview leaflet letters? manifesto memo newsletter op-ed pamphlet passages? petition piece "
        "read-?out remarks reports? reported review speech statement story summary testimony texts? "
        "transcript".split(),
        "press release",
    )
    + r"\b",
    re.IGNORECASE,
)
_POSSESSED = re.compile(
    r"(?P<owner>[A-Z][\w.\-]*(?: [A-Z][\w.\-]*){0,3})[’']s? (?:\w+ ){0,2}"
    + any_of(
        *"account answer article column comments? conditions demands editorial essay letter list message note piece "
        "points post remarks reply report response speech statement summary take terms thread tweet version "
        "words".split()
    )
    + r"\b"
)
_QUOTING = re.compile(r"\b(?:quoting|citing|to quote)(?: from)? " + _POSSESSED.pattern)
# The author announces words of his own.
_OWN = re.compile(
    r"\b(?:[Mm]y|[Oo]ur) (?:own )?(?:\w+ )?"
    + any_of(
        *"answer argument column comments? guess list points? post question reading reply response take theory view "
        "words".split()
    )
    + r"\b|\bI (?:then |also |once |recently |already )?"
    + any_of(
        *"answered argued ask asked commented noted propose put repeat replied said say suggest would wrote".split()
    )
    + r"\b|\b(?:I’ll|I'll|I|I \w+) quote myself\b"
)
# Whoever "he" is, it is not the author: "In a speech last July, he said:".
_HE_SAID = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Tt]hey) (?:\w+ ){0,2}(?:said|says|wrote|writes|replied|added|explained)\b[^:]{0,40}:\s*$"
)
_THAT = re.compile(r"\bthat:\s*$")
_GOVERNED = re.compile(r"\b(?:to|about|against|on|from|in|of|at|for) (?:\w+\.? )?$")  # "to Smith", "of Sen. Smith"
_THE = re.compile(r"\bThe $")
_SENTENCE_BREAK = re.compile(r"(?<=[.!?…])\s+")

# ── Where it ends ────────────────────────────────────────────────────────────────────────────────────────────────────

_FIRST_PERSON = re.compile(r"(?<![\w’'])(?:I|my|me|myself)(?!\w)")
_WE = re.compile(r"(?<![\w’'])(?:I|we|our|us|my|We|Our|My)(?!\w)")
_THIRD_PERSON = re.compile(r"\W*(?:He|She|They|It|His|Her|Their)\b")
_MARKED = re.compile(r"\s*[“\"„«‘']")
_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]")
# With such words the author comes back after a text that he has pasted.
_RETURN = re.compile(
    r"\W*"
    + any_of(
        *"again anyway exactly ha hmm i indeed note notice now so well".split(),
        *("all good", "and there", "back to", "but back", "end quote", "in other words", "not bad", "that is"),
        *("there you have it", "which is", r"that[’']s", r"s?he[’']s right"),
        r"what [a-z ]{3,30} (?:misses|forgets|means|strikes)",
    )
    + r"\b",
    re.IGNORECASE,
)
_NEAR = 90  # characters between the word that announces and the colon
_MOST = 60  # paragraphs of one pasted text
_MOST_POINTS = 12  # lines of a list without bullets
_LONGEST_SALUTATION = 6  # words: "Dear Sir,"
_GOVERNING = 14  # characters before a name within which a preposition and a title stand

# Confidences in a speaker, by where he is named; set by hand on the development texts.
_SUBJECT, _OWNER, _OF_SEVERAL = 0.8, 0.75, 0.45
_EARLIER = 0.6  # in the sentences before the one with the colon


@dataclass(frozen=True, slots=True)
class Introduced:
    """What a paragraph announces."""

    speaker: Speaker
    parts: tuple[Segment, ...]  # that are his; none where the next one shows by itself that it is somebody's
    kind: VoiceKind = VoiceKind.EMBEDDED


def introduced(text: str, parts: Sequence[Segment], at: int, cast: Cast) -> Introduced | None:
    """What the paragraph at an index announces; None where it announces nothing."""
    part = parts[at]
    paragraph = text[part.start : part.end].rstrip("*_ \t")
    announced = _is_announced(paragraph)
    if not (announced or paragraph.endswith((":", ":-", ":—"))) or at + 1 == len(parts):
        return None
    following = parts[at + 1 :]
    if following[0].form in (Form.RESIDUE, Form.COMMENT, Form.HEADING):
        return None
    match = _LAST_SENTENCE.match(paragraph)
    assert match
    last = (part.start + match.start("last"), part.end)
    sentence = text[slice(*last)]
    if _OWN.search(sentence):
        return None
    speaker = _speaker(text, part.start, last, cast)
    words = text[following[0].start : following[0].end]
    if following[0].form in (Form.POST, Form.BLOCK, Form.TURN) or _MARKED.match(words):
        return Introduced(speaker, ())
    named = speaker.confidence > _EARLIER and (_is_near_colon(sentence) or _QUOTING.search(paragraph))
    answers = speaker.person and following[0].form is Form.BODY and _WE.search(words)
    if not (announced or named or answers or _HE_SAID.search(sentence)):
        return None
    if following[0].form is Form.ITEM or _THAT.search(sentence):
        return Introduced(speaker, _points(text, following), VoiceKind.INDIRECT)
    if announced or (not speaker.person and (_WRITTEN.search(sentence) or _SAYING.search(sentence))):
        return Introduced(speaker, _block(text, following, speaker))
    return Introduced(speaker, (following[0],))


def _is_announced(paragraph: str) -> bool:
    """Whether a paragraph ends with words like "in full."; they stand behind its last stop but one."""
    end = len(paragraph.rstrip()) - 1
    if paragraph[end : end + 1] not in (".", ":"):
        return False
    last = max(paragraph.rfind(stop, 0, end) for stop in ".:") + 1
    return _ANNOUNCING.search(paragraph, last) is not None


def _is_near_colon(sentence: str) -> bool:
    """Whether a word for saying or writing stands near the end of a sentence."""
    cues = (match for pattern in (_SAYING, _WRITTEN) for match in pattern.finditer(sentence))
    return any(len(sentence) - cue.end() < _NEAR for cue in cues)


# ── Who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _speaker(text: str, start: int, last: Span, cast: Cast) -> Speaker:
    """Whose text it is: an owner, the subject of the last verb of saying, or the one name that stands there.

    Args:
        start: of the paragraph.
        last: its last sentence.
    """
    sentence = text[slice(*last)]
    owner = _POSSESSED.search(sentence) or _QUOTING.search(text, start, last[1])
    if owner:
        return Speaker(cast.known(owner["owner"]), _OWNER, True)
    names = [mention for mention in cast.between(*last) if not (mention.owner or _is_governed(text, mention))]
    cues = list(_SAYING.finditer(sentence))
    cue = cues[-1] if cues else None
    after = [mention for mention in names if cue and mention.start >= last[0] + cue.end()]
    if cue and after and cue.group().lower() in (*_ORIGINS, "quoting", "citing"):
        return Speaker(after[0].name, _OWNER, after[0].person)
    before = [mention for mention in names if cue is None or mention.end <= last[0] + cue.start()]
    named = before or names
    people = _people(named)
    if people:
        return Speaker(people[0], _SUBJECT if before or len(people) == 1 else _OF_SEVERAL, True)
    if named and cue:
        return Speaker(_with_article(text, named[0]), _OWNER)
    return _named_before(text, start, last[0], cast)


def _named_before(text: str, start: int, end: int, cast: Cast) -> Speaker:
    """The one person in the sentence before the last, or in the two before."""
    breaks = [start + match.start() for match in _SENTENCE_BREAK.finditer(text[start:end])]
    for count in (1, 2):
        begin = breaks[-count - 1] if len(breaks) > count else start
        people = _people(mention for mention in cast.between(begin, end) if not mention.owner)
        if len(people) == 1:
            return Speaker(people[0], _EARLIER, True)
    return NOBODY


def _people(mentions: Iterable[Mention]) -> list[str]:
    """The names of people, each once."""
    return list(dict.fromkeys(mention.name for mention in mentions if mention.person))


def _with_article(text: str, mention: Mention) -> str:
    """An outlet with its article: The New York Times."""
    article = not mention.name.startswith("The ") and _THE.search(text, max(0, mention.start - 5), mention.start)
    return f"The {mention.name}" if article else mention.name


def _is_governed(text: str, mention: Mention) -> bool:
    """Whether a preposition stands before a name: nobody is the subject behind one."""
    return _GOVERNED.search(text, max(0, mention.start - _GOVERNING), mention.start) is not None


# ── Which paragraphs ─────────────────────────────────────────────────────────────────────────────────────────────────


def _points(text: str, following: Sequence[Segment]) -> tuple[Segment, ...]:
    """The points of a list: those with bullets; else the lines before the next empty one."""
    if following[0].form is Form.ITEM:
        return tuple(takewhile(lambda part: part.form is Form.ITEM, following))
    taken = [following[0]]
    for part in following[1:_MOST_POINTS]:
        gap = text.count("\n", taken[-1].end, part.start) > 1
        if gap or part.form is not Form.BODY or text[part.start : part.end].rstrip().endswith(":"):
            break
        taken.append(part)
    return tuple(taken)


def _block(text: str, following: Sequence[Segment], speaker: Speaker) -> tuple[Segment, ...]:
    """The paragraphs of a pasted text, until its author's words return."""
    first = text[following[0].start : following[0].end]
    letter = len(first.split()) <= _LONGEST_SALUTATION and first.rstrip().endswith(",")
    own = _FIRST_PERSON.search(_unquoted(first)) is not None  # whether the speaker says "I"
    named = _naming(speaker)
    taken = [following[0]]
    for part in following[1:_MOST]:
        said = text[part.start : part.end]
        plain = _unquoted(said)
        if part.form is Form.HEADING and letter:
            taken.append(replace(part, form=Form.BODY))  # a signature
            break
        if part.form not in (Form.BODY, Form.ITEM) or said.rstrip().endswith(":"):
            break
        says_i = _FIRST_PERSON.search(plain) is not None
        if not own and (_RETURN.match(said) or (says_i and not letter)):
            break
        tells_of_speaker = _THIRD_PERSON.match(said) and len(taken) > 1 and not _WE.search(plain)
        if (own or letter) and tells_of_speaker:
            break
        if named and named.search(plain) and not letter:
            break
        own = own or says_i
        taken.append(part)
    return tuple(taken)


def _naming(speaker: Speaker) -> re.Pattern[str] | None:
    """What names the speaker, by any part of a person's name or by the last of another: nobody does so himself."""
    words = (speaker.name or "").split()
    names = [re.escape(word) for word in (words if speaker.person else words[-1:]) if len(word) > 2]
    return re.compile(rf"\b{any_of(*names)}\b") if names else None


def _unquoted(words: str) -> str:
    return _QUOTED.sub(" ", words)
