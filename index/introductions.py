"""A paragraph that announces somebody's text in, who that is and which paragraphs are his out.

"The New York Times reported today:", "Here is his letter, in full.", "She made it clear that:" stand before texts
without any mark. A block by a newspaper or a letter runs on until its author comes back; one person's words are the
next paragraph; points under "that:" are reported, and what follows each is the author's gloss.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.segments import Form, Segment
from index.speakers import NOBODY, Cast, Speaker
from index.types import VoiceKind

_LAST_SENTENCE = re.compile(r"(?:.*[.!?…][”\"’)]*\s+(?=[A-Z“\"‘«]))?(?P<last>.+)$", re.DOTALL)
_ANNOUNCED = re.compile(
    r"\b(?:here (?:it is|they are|goes)|in full|as it stands|(?:I|we) (?:copy|quote|reproduce|reprint|paste"
    r"|print) (?:it|them|this|all of it)"
    r"|verbatim|word for word|an? (?:excerpt|extract)s?(?: follows)?|the text follows|(?:reads?|read|runs|ran|goes"
    r"|went) as follows"
    r"|the key bit is short|deserves more room)\b[^.:]*[.:]\s*$",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|wr(?:ite|ites|ote|iting)|report(?:s|ed|ing)?|post(?:s|ed)?|tweet(?:s|ed)?|respon(?:d|ds"
    r"|ded|se)|explain(?:s|ed|ing)?"
    r"|tells?|told|declar(?:e|es|ed)|stat(?:e|es|ed)|reads?|runs|quot(?:e|es|ed|ing)|cit(?:e|es|ed|ing)|list(?:s|ed)?"
    r"|repl(?:y|ies|ied)|asks?|asked"
    r"|add(?:s|ed|ing)?|continu(?:e|es|ed)|conclud(?:e|es|ed)|not(?:es|ed|ing)|beg(?:in|ins|an)|describ(?:e|es|ed)"
    r"|warn(?:s|ed|ing)?|argu(?:e|es|ed)"
    r"|demand(?:s|ed)?|passed on|shar(?:e|es|ed|ing)|answer(?:s|ed)?|put(?:s)? it|observ(?:e|es|ed)|announc(?:e|es"
    r"|ed)|recall(?:s|ed)?|lays? out|laid out"
    r"|made (?:it )?clear|according to|in the words of|from|by|via|outlined|spelled out|summ(?:ed|ing|arised"
    r"|arized) (?:it )?up|runs? through)\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"\b(?:report(?:s|ed)?|articles?|piece|editorials?|columns?|essay|letters?|statement|communiqu[eé]|transcript"
    r"|speech|remarks|interview|excerpts?"
    r"|passages?|memo|press release|texts?|despatch|dispatch|story|account|bulletin|newsletter|manifesto|declaration"
    r"|op-ed|review|testimony|summary"
    r"|readout|read-out|petition|pamphlet|leaflet|broadcast|e-?mail)\b",
    re.IGNORECASE,
)
_POSSESSED = re.compile(
    r"(?P<owner>[A-Z][\w.\-]*(?: [A-Z][\w.\-]*){0,3})[’']s? (?:\w+ ){0,2}(?:list|post|letter|statement|article|piece"
    r"|report|editorial|column|essay|"
    r"comments?|summary|speech|account|reply|response|answer|words|version|message|remarks|thread|tweet|take|note"
    r"|points|demands|conditions|terms)\b"
)
_QUOTING = re.compile(r"\b(?:quoting|citing|to quote)(?: from)? " + _POSSESSED.pattern.replace("\\b", "", 0))
_OWN = re.compile(
    r"\b(?:[Mm]y|[Oo]ur) (?:own )?(?:\w+ )?(?:comments?|reply|response|answer|view|take|points?|argument|guess"
    r"|question|list|theory|words|reading|post|column)\b"
    r"|\bI (?:then |also |once |recently |already )?(?:wrote|said|argued|noted|commented|replied|answered|asked|put"
    r"|ask|say|would|propose|suggest|repeat|quote myself)\b"
    r"|\b(?:I’ll|I'll) quote myself\b|\bI (?:\w+ )?quote myself\b",
)
_FIRST_PERSON = re.compile(r"(?<![\w’'])(?:I|I’m|I’ve|I’d|I’ll|I'm|I've|I'd|I'll|my|me|myself)(?![\w])")
_WE = re.compile(r"(?<![\w’'])(?:I|we|our|us|my|We|Our|My)(?![\w])")
_RETURN = re.compile(
    r"^\W*(?:well|so|that is|that’s|that's|notice|note|exactly|again|there you have it|in other words|and there"
    r"|end quote|all good|what [a-z ]{3,30} (?:misses|forgets|means|strikes)"
    r"|he’s right|he's right|she’s right|she's right|not bad|indeed|hmm|ha|now|which is|but back|anyway|back to|i)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"^\s*[“\"„«‘']")
_THIRD = re.compile(r"^\W*(?:He|She|They|It|His|Her|Their)\b")
# Whoever "he" is, it is not the author: "In a speech last July, he said:".
_SAYS = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Tt]hey) (?:\w+ ){0,2}(?:said|says|wrote|writes|replied|added|explained)\b[^:]{0,40}:\s*$"
)
_NEAR = 90  # characters between the word that announces and the colon
_EARLIER = 0.6  # confidence in a speaker whom the sentence with the colon does not name
_MOST = 60  # paragraphs of one pasted text


@dataclass(frozen=True, slots=True)
class Introduced:
    """What a paragraph announces."""

    speaker: Speaker
    parts: tuple[Segment, ...]  # that are his; none where the next one shows by itself that it is somebody's
    kind: VoiceKind = VoiceKind.EMBEDDED

    @property
    def count(self) -> int:
        """How many paragraphs that are."""
        return len(self.parts)


def introduced(text: str, parts: Sequence[Segment], at: int, cast: Cast) -> Introduced | None:
    """What the paragraph at an index announces; None where it announces nothing."""
    part = parts[at]
    paragraph = text[part.start : part.end].rstrip("*_ \t")
    colon = paragraph.endswith((":", ":-", ":—"))
    announced = bool(_ANNOUNCED.search(paragraph))
    following = parts[at + 1 :]
    if not (colon or announced) or not following or following[0].form in (Form.RESIDUE, Form.COMMENT, Form.HEADING):
        return None
    match = _LAST_SENTENCE.match(paragraph)
    assert match
    last = (part.start + match.start("last"), part.end)
    sentence = text[slice(*last)]
    if _OWN.search(sentence):
        return None
    speaker = _speaker(text, part, last, cast)
    next_text = text[following[0].start : following[0].end]
    if following[0].form in (Form.POST, Form.BLOCK, Form.TURN) or _MARKED.match(next_text):
        return Introduced(speaker, ())
    said = (
        announced
        or bool(_QUOTING.search(paragraph))
        or any(len(sentence) - match.end() < _NEAR for cue in (_SAYING, _WRITTEN) for match in cue.finditer(sentence))
    )
    near = speaker.confidence > _EARLIER  # named in the sentence with the colon
    if not ((said and near) or announced or _SAYS.search(sentence)) and not (
        speaker.person and _WE.search(next_text) and following[0].form is Form.BODY
    ):
        return None
    if speaker is NOBODY and not (announced or _SAYS.search(sentence)):
        return None
    if re.search(r"\bthat:\s*$", sentence) or following[0].form is Form.ITEM:
        items = _items(text, following)
        return Introduced(speaker, items, VoiceKind.INDIRECT)
    if _long(sentence, speaker, announced):
        return Introduced(speaker, _block(text, following, speaker))
    return Introduced(speaker, (following[0],))


def _speaker(text: str, part: Segment, last: tuple[int, int], cast: Cast) -> Speaker:
    """Whose text it is: the subject of the last verb of saying, an owner, or the one name that stands there."""
    sentence = text[slice(*last)]
    owner = _POSSESSED.search(sentence) or _QUOTING.search(text, part.start, part.end)
    if owner:
        return Speaker(cast.known(owner["owner"]), 0.75, True)
    names = [
        m
        for m in cast.between(*last)
        if not m.owner
        and not re.search(
            r"\b(?:to|about|against|on|from|in|of|at|for) (?:\w+\.? )?$", text[max(0, m.start - 14) : m.start]
        )
    ]
    cue = None
    for match in _SAYING.finditer(sentence):
        cue = match
    before = [m for m in names if cue is None or m.end <= last[0] + cue.start()]
    after = [m for m in names if cue is not None and m.start >= last[0] + cue.end()]
    if (
        cue is not None
        and cue.group().lower() in ("from", "by", "via", "according to", "in the words of", "quoting", "citing")
        and after
    ):
        return Speaker(after[0].name, 0.75, after[0].person)
    pool = before or names
    persons = list({m.name: m for m in pool if m.person}.values())
    if len(persons) == 1 or (persons and before):
        return Speaker(persons[0].name, 0.8, True)
    if persons:
        return Speaker(persons[0].name, 0.45, True)
    if pool and cue is not None:
        return Speaker(_institution(text, pool[0].start, pool[0].end, pool[0].name), 0.75)
    earlier = text[part.start : last[0]]
    sentences = [match.start() for match in re.finditer(r"(?<=[.!?…])\s+", earlier)]
    for count in (1, 2):  # the sentence before, then the two before
        begin = part.start + (sentences[-count - 1] if len(sentences) > count else 0)
        people = list({m.name: m for m in cast.between(begin, last[0]) if m.person and not m.owner}.values())
        if len(people) == 1:
            return Speaker(people[0].name, _EARLIER, True)
    return NOBODY


def _institution(text: str, start: int, end: int, name: str) -> str:
    """An outlet with its article: The New York Times."""
    return (
        f"The {name}"
        if re.search(r"\bThe $", text[max(0, start - 4) : start]) and not name.startswith("The ")
        else name
    )


def _long(sentence: str, speaker: Speaker, announced: bool) -> bool:
    """Whether a whole text follows and not one paragraph."""
    return announced or (not speaker.person and bool(_WRITTEN.search(sentence) or _SAYING.search(sentence)))


def _items(text: str, following: Sequence[Segment]) -> tuple[Segment, ...]:
    """The points of a list: those with bullets; else the lines before the next empty one."""
    if following[0].form is Form.ITEM:
        taken: list[Segment] = []
        for part in following:
            if part.form is not Form.ITEM:
                break
            taken.append(part)
        return tuple(taken)
    taken = [following[0]]
    for part in following[1:12]:
        between = text[taken[-1].end : part.start]
        if between.count("\n") > 1 or part.form is not Form.BODY:
            break
        if not text[part.start : part.end].rstrip().endswith(":"):
            taken.append(part)
            continue
        break
    return tuple(taken)


def _block(text: str, following: Sequence[Segment], speaker: Speaker) -> tuple[Segment, ...]:
    """The paragraphs of a pasted text, until its author's words return."""
    own = bool(_FIRST_PERSON.search(_unquoted(text[following[0].start : following[0].end])))
    words = (speaker.name or "").split()
    named = [word for word in (words if speaker.person else words[-1:]) if len(word) > 2]
    about = re.compile(rf"\b(?:{'|'.join(map(re.escape, named))})\b") if named else None
    taken = [following[0]]
    first = text[following[0].start : following[0].end].strip()
    letter = len(first.split()) <= 6 and first.endswith(",")
    for at, part in enumerate(following[1:_MOST], 1):
        said = text[part.start : part.end]
        plain = _unquoted(said)
        if part.form not in (Form.BODY, Form.ITEM) and not (part.form is Form.HEADING and letter):
            break
        if part.form is Form.HEADING:
            taken.append(replace(part, form=Form.BODY))  # a signature
            break
        if (_RETURN.match(said) and not own) or said.rstrip().endswith(":"):
            break
        if _FIRST_PERSON.search(plain) and not (own or letter):
            break
        if (own or letter) and _THIRD.match(said) and at > 1 and not _WE.search(plain):
            break
        if about and about.search(plain) and not letter:
            break
        own |= bool(_FIRST_PERSON.search(plain)) and letter
        taken.append(part)
    return tuple(taken)


def _unquoted(words: str) -> str:
    return re.sub(r"[“\"][^“”\"]*[”\"]", " ", words)
