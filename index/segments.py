"""A text in, its paragraphs out, each with what its form says of it: body, post, block quote, comment, residue.

These rules look at form alone: a handle and a date, a ">" before a line, a heading "Comments", what a browser leaves
behind. They run first, since a pasted text has no verb of saying beside it. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

Span = tuple[int, int]


class Form(StrEnum):
    """What a paragraph is, by its form."""

    BODY = "body"
    HEADING = "heading"
    ITEM = "item"  # of a list with bullets or numbers
    POST = "post"  # with a handle, and often a date
    BLOCK = "block"  # set off as a quotation by ">" before its lines
    TURN = "turn"  # of a transcript: "Q: ...", "SMITH: ...", "– You are late"
    COMMENT = "comment"
    RESIDUE = "residue"


@dataclass(frozen=True, slots=True)
class Segment:
    """A paragraph, or the part of it that has the form."""

    form: Form
    start: int
    end: int
    speaker: str | None = None  # as the form names him: beside a handle, above a comment, before a colon


_LINE = re.compile(r"[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]*\S[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]*")
_GAP = re.compile(r"\n[ \t\r]*\n[ \t\r]*\n[ \t\r]*\n")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DATE = (
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}\.? {_MONTH}(?:,? \d{{4}})?|\d{{4}}-\d\d-\d\d"
    r"|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2} ?(?:s|m|h|d|w|hrs?|mins?)(?=\W|$)|\d+ (?:second|minute|hour|day|week|month"
    r"|year)s? ago"
    r"|(?:yesterday|today))"
)
_TIME = r"(?:(?:,| at| -| ·|)? ?\d{1,2}[:.]\d\d ?(?:[ap]\.?m\.?|AM|PM)?)"
_HANDLE = r"@\w{2,30}\b"
_HEAD = re.compile(
    rf"^[\s>*_\-–—•·\ufffc]*(?P<name>[^@\n:\"=<]{{0,60}}?)[\s\-–—\ufffc(]*(?P<handle>{_HANDLE})\)?[\s·•|,:\-–—\ufffc]*"
    rf"(?P<date>{_DATE}{_TIME}?)?[\s·•|,:\-–—\ufffc]*"
)
_TAIL = re.compile(
    rf"[\s\-–—]*(?:[—–-]{{1,3}}|\s)[ \ufffc]*(?P<name>[A-Z][\w.’'\-]*(?: (?:[A-Z][\w.’'\-]*|of|the|de|at|for)){{0,5}})?"
    rf"[ \ufffc(]*(?P<handle>{_HANDLE})\)?[\s·•|,\-–—]*(?P<date>{_DATE}{_TIME}?)?\s*$"
)
_COMMENTS = re.compile(
    r"^[\s#*_=\-]*(?:\d+ )?(?:reader |readers[’'] )?(?:comments?|responses?|reactions?|replies|discussion|letters?"
    r"|thoughts?"
    r"|join the (?:discussion|conversation)|leave a (?:comment|reply)|what readers (?:say|said)|from the comments)"
    r"(?: (?:on|to|from) [^.!?]{0,80})?(?: ?\(\d+\)| ?\d+)?[\s#*_:=\-]*$",
    re.IGNORECASE,
)
_COMMENT_HEAD = re.compile(
    rf"^[\s*_>\-–—#•]*(?P<name>[^\s:,.!?@][^:!?\n]{{0,40}}?)(?:,? (?:says|said|wrote|writes|replied|commented)(?::"
    rf"| on\b)|[,·|\-–—:(\s]+(?=(?:on |at )?{_DATE})|[,·|\-–—:\s]+(?=\d{{1,2}}[:.]\d\d\b))"
    rf"[\s,·|\-–—:(]*(?P<date>(?:on |at )?{_DATE})?{_TIME}?\)?[\s,·|\-–—:*_]*"
)
_DATE_ALONE = re.compile(rf"^[\s*_(\-–—]*(?:on |at )?{_DATE}{_TIME}?[\s*_)\-–—.]*$", re.IGNORECASE)
_REACTION = re.compile(
    r"^\W*(?:(?:reply|like|likes|share|report|upvote|downvote|permalink|flag)(?:\W+|\s*\(?\d*\)?))+\W*$", re.IGNORECASE
)
_RESIDUE = re.compile(
    r"^[\s*_\-–—•|#\[]*(?:open tabs|related(?: (?:articles?|posts?|stories|links?|coverage|reading))?|most (?:read"
    r"|popular)|trending"
    r"|recommended(?: for you)?|you (?:may|might) also (?:like|enjoy)|read (?:more|next)|more (?:from|in"
    r"|on) [\w ]{2,40}|see also"
    r"|also on [\w ]{2,30}|share this(?: (?:post|article|story))?|share(?: on)?(?: (?:facebook|twitter|x|email"
    r"|linkedin|reddit))?"
    r"|click (?:here )?to (?:share|email|print|subscribe)\b.*|subscribe(?: (?:now|here|to)\b.*)?|sign up\b.{0,80}"
    r"|advertisement|sponsored(?: content)?"
    r"|filed under|tags?|posted (?:in|by|on)|categories|print(?: this)?|email(?: this)?|tweet(?: this)?"
    r"|follow us\b.{0,60}|copyright\b.{0,60}"
    r"|©.{0,80}|all rights reserved\b.{0,40}|skip to (?:content|main)|cookie\b.{0,60}|privacy policy|terms of (?:use"
    r"|service)|back to top"
    r"|photo(?: credit)?:.{0,80}|image(?: credit)?:.{0,80}|loading\.*|menu|home|previous (?:post|article)"
    r"|next (?:post|article)|continue reading\b.*"
    r"|get (?:the|our) [\w ]{2,40}newsletter\b.*|support (?:our|independent) journalism\b.*|listen to this article"
    r"|\d+ min(?:ute)? read|watch:.{0,80}"
    r"|(?:facebook|twitter|linkedin|whatsapp|reddit|pinterest|telegram)(?:[\s|·,]+(?:facebook|twitter|linkedin"
    r"|whatsapp|reddit|pinterest|telegram|email|print))*)"
    r"[\s*_\]:»›→.|]*$",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"^[\s*_\-–—•|#\[]*(?:open tabs|related\b[\w ]*|most (?:read|popular)|trending|recommended\b[\w ]*|you (?:may"
    r"|might) also[\w ]*|see also|read (?:more|next)|more (?:from|in|on)\b[\w ]*)[\s*_\]:»›→|]*$",
    re.IGNORECASE,
)
_TAB = re.compile(
    r"^\W*(?:reddit|youtube|facebook|twitter|wikipedia|substack|medium|bbc|google|read more|related"
    r"|see also):\s*(?P<title>\S.{3,200})$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[-*•‣▪◦·–—]|\(?\d{1,2}[.)]|\(?[a-hA-H][.)])\s+(?=\S)")
_TURN = re.compile(
    r"^\s*[*_]{0,2}(?P<name>Q|A|[A-Z][\w.’'\-]*(?: (?:[A-Z][\w.’'\-]*|of|the|de|van|von)){0,4}"
    r"|[A-Z][A-Z .’'\-]{1,30})[*_]{0,2}:[*_]{0,2}\s+(?=\S)"
)
_CAPITALS = re.compile(
    r"(?:(?<=[\s–—])|^|(?<=\n))(?P<name>[A-Z][A-Z.’'\-]{1,20}[A-Z](?: [A-Z][A-Z.’'\-]+){0,3}):\s+(?=\S)"
)
_SIGNED = re.compile(r"^\s*[—–-]{1,2}\s?(?P<name>(?:a reader\b|[A-ZÀ-ÖØ-ÞĀ-Ž])[^.!?:;@]{1,60})\.?\s*$")
_NO_SPEAKER = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september "
    "october november december note notes update correction example source sources photo result results time place "
    "date "
    "height age weight price total location warning summary question answer ps today yesterday morning evening".split()
)
_DASHED = re.compile(r"^\s*[–—]\s?(?=[A-Z¿¡“\"'‘])")
_HEADING = re.compile(r"^\s*#{1,6}\s|^\s*\*\*[^*]+\*\*\s*$")
_SPEECH = re.compile(
    r"\b(?:I|you|we|they|he|she|it|is|are|was|were|do|did|does|don[’']t|yes|no|what|why|how|who|by|not|that|my|your)\b",
    re.IGNORECASE,
)
_CLOSE = frozenset('.!?…”"’»)')


def segments(text: str) -> tuple[Segment, ...]:
    """The paragraphs of a text in order; a line is a paragraph."""
    made = [_segment(text, match.start(), match.end()) for match in _LINE.finditer(text)]
    made = list(_listed(text, made))
    made = list(_transcripts(text, _turns(text, made)))
    made = _headed(text, made)
    made = list(_tails(text, made))
    return tuple(_comments(text, made))


def _segment(text: str, start: int, end: int) -> Segment:
    line = text[start:end]
    if _RESIDUE.match(line):
        return Segment(Form.RESIDUE, start, end)
    if line.lstrip().startswith(">"):
        begin = start + len(line) - len(line.lstrip(" \t>"))
        return Segment(Form.BLOCK, min(begin, end), end)
    head = _HEAD.match(line)
    if (
        head
        and (head["date"] or re.search(r"\w", head["name"]) or head.end() == len(line))
        and _names(head["name"], dated=bool(head["date"]))
    ):
        return Segment(Form.POST, start + head.end(), end, _named(head))
    if _HEADING.match(line) or _is_heading(line):
        return Segment(Form.HEADING, start, end)
    item = _ITEM.match(line)
    if item:
        return Segment(Form.ITEM, start + item.end(), end)
    return Segment(Form.BODY, start, end)


def _headed(text: str, made: list[Segment]) -> list[Segment]:
    """Posts whose name, handle and date stand on a line of their own: the line below is the post."""
    for at in range(len(made) - 1):
        head, below = made[at], made[at + 1]
        alone = head.form is Form.POST and head.start >= head.end
        if alone and below.form is Form.BODY and text[head.end : below.start].count("\n") <= 1:
            made[at + 1] = replace(below, form=Form.POST, speaker=head.speaker)
    return made


def _names(before: str, *, dated: bool) -> bool:
    """Whether what stands before a handle is a name and no sentence."""
    small = [word for word in before.strip(" -–—\ufffc.").split() if word[0].islower()]
    if not dated and small and not re.search(r"(?:^|\s)[-–—|·]+(?:\s|$)", before):
        return False  # "I wrote to @lena": a sentence
    words = before.strip(" -–—\ufffc.").split()
    return (
        len(words) <= 9
        and not re.search(r"[a-z]{3,}[.!?,] ", before)
        and not (len(words) > 3 and sum(w[0].islower() for w in words) > 3 and " - " not in f" {before} ")
    )


def _named(match: re.Match[str]) -> str:
    name = (match["name"] or "").replace("\ufffc", "").strip(" \t-–—()*_>•·,")
    return re.split(r"\s+[-–—]+\s+", name)[0].strip() or match["handle"]


def _is_heading(line: str) -> bool:
    line = line.strip()
    return len(line) < 70 and line[-1] not in _CLOSE | {":", ",", ";"} and len(line.split()) < 10 and line[0].isalnum()


def _listed(text: str, made: Sequence[Segment]) -> Iterator[Segment]:
    """Titles under "Related:", "Open tabs:" are residue with it."""
    listing = False
    for segment in made:
        line = text[segment.start : segment.end].strip()
        if segment.form is Form.RESIDUE:
            listing = bool(_LISTING.match(line))
            yield segment
        elif _TAB.match(line) or (listing and len(line.split()) <= 18 and line[-1:] not in ".!…"):
            yield Segment(Form.RESIDUE, segment.start, segment.end)
        else:
            listing = False
            yield segment


def _turns(text: str, made: list[Segment]) -> list[Segment]:
    """Lines that begin with who speaks, where more than one of a neighbourhood does."""
    matches = {
        at: match
        for at, segment in enumerate(made)
        if segment.form in (Form.BODY, Form.ITEM, Form.HEADING)
        and (match := _TURN.match(text[_line(text, segment.start) : segment.end]))
    }
    dashed = {
        at
        for at, segment in enumerate(made)
        if segment.form in (Form.BODY, Form.ITEM, Form.HEADING)
        and _DASHED.match(text[_line(text, segment.start) : segment.end])
    }
    for at, match in matches.items():
        if match["name"].casefold().split()[0] in _NO_SPEAKER and match["name"] not in ("Q", "A"):
            continue
        names = {matches[other]["name"] for other in (at - 2, at - 1, at + 1, at + 2) if other in matches}
        spoken = _is_spoken(text[_line(text, made[at].start) + match.end() : made[at].end])
        if names and spoken and (len(names | {match["name"]}) > 1 or match["name"] in ("Q", "A")):
            start = _line(text, made[at].start)
            who = match["name"].strip()
            made[at] = Segment(Form.TURN, start + match.end(), made[at].end, None if who in ("Q", "A") else who)
    for at in sorted(dashed):
        start = _line(text, made[at].start)
        # A dash opens speech in some languages, and a list in others: speech begins like a sentence and ends like one.
        if (at - 1 in dashed or at + 1 in dashed) and _is_spoken(text[made[at].start : made[at].end]):
            made[at] = Segment(Form.TURN, made[at].start, made[at].end)
    return made


def _transcripts(text: str, made: Sequence[Segment]) -> Iterator[Segment]:
    """Paragraphs in which speakers in capitals take turns: "HENRY: Why? – PRUITT: I did not."."""
    for segment in made:
        turns = list(_CAPITALS.finditer(text, segment.start, segment.end)) if segment.form is Form.BODY else []
        if len(turns) < 2 or turns[0].start() - segment.start > 200:
            yield segment
            continue
        if text[segment.start : turns[0].start()].strip():
            yield Segment(Form.BODY, segment.start, turns[0].start())
        for turn, following in zip(turns, [*turns[1:], None], strict=True):
            end = following.start() if following else segment.end
            words = text[turn.end() : end].rstrip(" \t–—-")
            yield Segment(Form.TURN, turn.end(), turn.end() + len(words), turn["name"])


def _is_spoken(words: str) -> bool:
    """Whether words could be somebody's speech: a sentence with a pronoun or a small word, and not a list of names."""
    return words[:1].isupper() and words.rstrip()[-1:] in _CLOSE and bool(_SPEECH.search(words))


def _line(text: str, at: int) -> int:
    """Where the line begins that holds a place."""
    return max(text.rfind(end, 0, at) for end in "\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029") + 1


def _tails(text: str, made: Sequence[Segment]) -> Iterator[Segment]:
    """Posts with name and handle below them, as pages embed them: the words before are the post."""
    waiting: list[Segment] = []
    for at, segment in enumerate(made):
        line = text[segment.start : segment.end]
        signed = _SIGNED.match(text[_line(text, segment.start) : segment.end])
        listed = at + 1 < len(made) and _ITEM.match(text[_line(text, made[at + 1].start) : made[at + 1].end])
        if (
            signed
            and not listed
            and waiting
            and waiting[-1].form is Form.BODY
            and text[waiting[-1].end : segment.start].count("\n") == 1
        ):
            name = re.split(r",| \(", signed["name"])[0].strip()
            waiting[-1] = replace(waiting[-1], form=Form.POST, speaker=name)
            yield from waiting
            waiting = []
            continue
        tail = _TAIL.search(line) if "@" in line else None
        if segment.form is Form.POST and segment.end - segment.start > 1 and not (tail and tail["date"]):
            tail = None
        if tail and (tail["date"] or tail["name"] or re.match(r"[\s\-–—]*[-–—]{2,}", tail.group())):
            who = _named(tail)
            if tail.start() > 20:
                own = segment.form is Form.POST and segment.speaker
                yield from waiting
                yield Segment(Form.POST, segment.start, segment.start + tail.start(), own or who)
            else:
                if waiting and waiting[-1].form is Form.BODY:
                    waiting[-1] = replace(waiting[-1], form=Form.POST, speaker=who)
                yield from waiting
            waiting = []
            continue
        yield from waiting
        waiting = [segment]
    yield from waiting


def _comments(text: str, made: Sequence[Segment]) -> Iterator[Segment]:
    """What readers wrote below a text: under a heading, behind a gap, or under names with dates."""
    first = _first_comment(text, made)
    yield from made[:first]
    name: str | None = None
    for segment in made[first:]:
        start = _line(text, segment.start)
        line = text[start : segment.end]
        if _COMMENTS.match(line) or _REACTION.match(line) or _DATE_ALONE.match(line):
            yield Segment(Form.RESIDUE, start, segment.end)
            continue
        head = _COMMENT_HEAD.match(line)
        if head and _is_name(head["name"]):
            name = head["name"].strip(" *_-–—#•")
            if head.end() < len(line):
                yield Segment(Form.COMMENT, start + head.end(), segment.end, name)
            else:
                yield Segment(Form.RESIDUE, start, segment.end)
            continue
        if segment.form is Form.POST and segment.speaker and segment.start >= segment.end:
            name = segment.speaker
            continue
        own = segment.speaker if segment.form is Form.POST and not line.startswith("@") else name
        yield Segment(Form.COMMENT, start, segment.end, own)


def _is_name(words: str) -> bool:
    words = words.strip(" *_-–—#•")
    return 0 < len(words.split()) <= 6 and not words[0].isdigit() and not re.search(r"[a-z][.!?]\s", words)


def _first_comment(text: str, made: Sequence[Segment]) -> int:
    """The index of the first comment; behind the last segment where there is none."""
    for at, segment in enumerate(made):
        if segment.start < 0.3 * len(text):
            continue
        line = text[_line(text, segment.start) : segment.end]
        if _COMMENTS.match(line) and at + 1 < len(made) and len(line) < 90:
            return at
    heads = [
        at
        for at, segment in enumerate(made)
        if segment.start > 0.4 * len(text)
        and (head := _COMMENT_HEAD.match(text[_line(text, segment.start) : segment.end]))
        and head["date"]
        and _is_name(head["name"])
    ]
    if len(heads) > 1:
        return heads[0]
    gaps = [match.end() for match in _GAP.finditer(text) if match.end() > 0.4 * len(text)]
    if gaps and len(_GAP.findall(text)) == 1:
        at = next((at for at, segment in enumerate(made) if _line(text, segment.start) >= gaps[0] - 1), len(made))
        rest = made[at:]
        if (
            len(rest) > 1
            and sum(s.end - s.start for s in rest) / len(rest) < 500
            and not any(s.form is Form.HEADING for s in rest[:1])
        ):
            return at
    return len(made)
