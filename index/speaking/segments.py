"""A text in, its paragraphs out, each with what its form says of it: body, post, block quote, comment, residue.

These rules look at form alone: a handle and a date, a ">" before a line, a heading "Comments", what a browser leaves
behind. They run first, since a pasted text has no verb of saying beside it. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise, zip_longest

from index.speaking.lexicon import any_of, word_set
from index.speaking.residue import heads_titles, is_residue, is_tab, may_be_title


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


# ── Lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_LINE = re.compile(r"[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]*\S[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]*")
_LINE_ENDS = "\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029"
_GAP = re.compile(r"\n[ \t\r]*\n[ \t\r]*\n[ \t\r]*\n")  # three empty lines or more

_HEADING = re.compile(r"\s*#{1,6}\s|\s*\*\*[^*]+\*\*\s*$")
_ITEM = re.compile(r"\s*(?:[-*•‣▪◦·–—]|\(?\d{1,2}[.)]|\(?[a-hA-H][.)])\s+(?=\S)")
_LONGEST_HEADING = 70  # characters; and words
_WORDS_OF_HEADING = 10
_FULL_STOPS = frozenset('.!?…”"’»)')
_GO_ON = frozenset(":,;")

# ── Posts: "Ann Lee @annlee · Mar 3, 2020" ───────────────────────────────────────────────────────────────────────────

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DATE = any_of(
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?",
    rf"\d{{1,2}}\.? {_MONTH}(?:,? \d{{4}})?",
    r"\d{4}-\d\d-\d\d",
    r"\d{1,2}/\d{1,2}/\d{2,4}",
    r"\d{1,2} ?(?:s|m|h|d|w|hrs?|mins?)(?=\W|$)",
    r"\d+ (?:second|minute|hour|day|week|month|year)s? ago",
    r"yesterday|today",
)
_TIME = r"(?:(?:,| at| -| ·|)? ?\d{1,2}[:.]\d\d ?(?:[ap]\.?m\.?|AM|PM)?)"
_HANDLE = r"@\w{2,30}\b"
_POST_HEAD = re.compile(
    rf"[\s>*_\-–—•·\ufffc]*(?P<name>[^@\n:\"=<]{{0,60}}?)[\s\-–—\ufffc(]*(?P<handle>{_HANDLE})\)?[\s·•|,:\-–—\ufffc]*"
    rf"(?P<date>{_DATE}{_TIME}?)?[\s·•|,:\-–—\ufffc]*"
)
_POST_TAIL = re.compile(
    r"[\s\-–—]*(?:[—–-]{1,3}|\s)[ \ufffc]*"
    r"(?P<name>[A-Z][\w.’'\-]*(?: (?:[A-Z][\w.’'\-]*|of|the|de|at|for)){0,5})?"
    rf"[ \ufffc(]*(?P<handle>{_HANDLE})\)?[\s·•|,\-–—]*(?P<date>{_DATE}{_TIME}?)?\s*$"
)
_WORD_CHARACTER = re.compile(r"\w")
_SENTENCE_END = re.compile(r"[a-z]{3,}[.!?,] ")  # what stands before a handle is a sentence, and no name
_LONE_DASH = re.compile(r"(?:^|\s)[-–—|·]+(?:\s|$)")
_SPACED_DASH = re.compile(r"\s+[-–—]+\s+")
_DASHES = re.compile(r"[\s\-–—]*[-–—]{2,}")
# "— Ann Lee, author"
_SIGNED = re.compile(r"\s*[—–-]{1,2}\s?(?P<name>(?:a reader\b|[A-ZÀ-ÖØ-ÞĀ-Ž])[^.!?:;@]{1,60})\.?\s*$")
_AFTER_NAME = re.compile(r",| \(")
_LONGEST_NAME = 9  # words before a handle
_LOWER_IN_NAME = 3  # words without a capital in a longer name
_SHORTEST_POST = 20  # characters; less before a handle is no post of its own

# ── Transcripts ──────────────────────────────────────────────────────────────────────────────────────────────────────

_TURN = re.compile(
    r"\s*[*_]{0,2}(?P<name>Q|A|[A-Z][\w.’'\-]*(?: (?:[A-Z][\w.’'\-]*|of|the|de|van|von)){0,4}|[A-Z][A-Z .’'\-]{1,30})"
    r"[*_]{0,2}:[*_]{0,2}\s+(?=\S)"
)
_CAPITALS = re.compile(
    r"(?:(?<=[\s–—])|^|(?<=\n))(?P<name>[A-Z][A-Z.’'\-]{1,20}[A-Z](?: [A-Z][A-Z.’'\-]+){0,3}):\s+(?=\S)"
)
_DASHED = re.compile(r"\s*[–—]\s?(?=[A-Z¿¡“\"'‘])")
_SPEECH = re.compile(
    r"\b(?:I|you|we|they|he|she|it|is|are|was|were|do|did|does|don[’']t|yes|no|what|why|how|who|by|not|that|my|your)\b",
    re.IGNORECASE,
)
# "Note: ...", "Monday: ..."
_NO_SPEAKER = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december today yesterday morning evening age answer correction date example height "
    "location note notes photo place price ps question result results source sources summary time total update warning "
    "weight"
)
_QUESTION_AND_ANSWER = ("Q", "A")
_MAY_BE_TURNS = (Form.BODY, Form.ITEM, Form.HEADING)
_FIRST_TURN_WITHIN = 200  # characters of the beginning of a paragraph

# ── Comments ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_COMMENTS = re.compile(
    r"[\s#*_=\-]*(?:\d+ )?(?:reader |readers[’'] )?"
    + any_of(
        r"comments?",
        r"responses?",
        r"reactions?",
        r"replies",
        r"discussion",
        r"letters?",
        r"thoughts?",
        r"join the (?:discussion|conversation)",
        r"leave a (?:comment|reply)",
        r"what readers (?:say|said)",
        r"from the comments",
    )
    + r"(?: (?:on|to|from) [^.!?]{0,80})?(?: ?\(\d+\)| ?\d+)?[\s#*_:=\-]*$",
    re.IGNORECASE,
)
_SAYING = any_of("says", "said", "wrote", "writes", "replied", "commented")
_COMMENT_HEAD = re.compile(
    r"[\s*_>\-–—#•]*(?P<name>[^\s:,.!?@][^:!?\n]{0,40}?)"
    + any_of(
        rf",? {_SAYING}(?::| on\b)",
        rf"[,·|\-–—:(\s]+(?=(?:on |at )?{_DATE})",
        r"[,·|\-–—:\s]+(?=\d{1,2}[:.]\d\d\b)",
    )
    + rf"[\s,·|\-–—:(]*(?P<date>(?:on |at )?{_DATE})?{_TIME}?\)?[\s,·|\-–—:*_]*"
)
_DATE_ALONE = re.compile(rf"[\s*_(\-–—]*(?:on |at )?{_DATE}{_TIME}?[\s*_)\-–—.]*$", re.IGNORECASE)
_REACTION = re.compile(
    r"\W*(?:(?:reply|like|likes|share|report|upvote|downvote|permalink|flag)(?:\W+|\s*\(?\d*\)?))+\W*$", re.IGNORECASE
)
_SAYS = re.compile(rf"\b{_SAYING}\b")
# A name before a date has none of these.
_SMALL = word_set(
    "the of in on as to a an at by for and or from with since until before after during between that was is were had "
    "this it"
)
_PARAGRAPHS = 5  # of a comment, its head included, on the average
_SENTENCE = re.compile(r"[a-z][.!?]\s")
_ORNAMENTS = " *_-–—#•"  # around a name
_LONGEST_COMMENTER = 6  # words of a name
_LONGEST_COMMENTS_LINE = 90  # characters of a heading
# Comments stand in the last part of a text: a heading says so early, other signs later.
_HEADING_BEHIND, _OTHERS_BEHIND = 0.3, 0.4
_LONGEST_COMMENT = 500  # characters, on average, where nothing but a gap stands before them


def segments(text: str) -> tuple[Segment, ...]:
    """The paragraphs of a text in order; a line is a paragraph."""
    made = [_segment(text, match.start(), match.end()) for match in _LINE.finditer(text)]
    made = list(_listed(text, made))
    made = list(_transcripts(text, _dashed_turns(text, _named_turns(text, made))))
    made = list(_signed_posts(text, _headed_posts(text, made)))
    return tuple(_comments(text, made))


def _segment(text: str, start: int, end: int) -> Segment:
    """What a line is by itself."""
    line = text[start:end]
    if is_residue(line):
        return Segment(Form.RESIDUE, start, end)
    if line.lstrip().startswith(">"):
        return Segment(Form.BLOCK, start + len(line) - len(line.lstrip(" \t>")), end)
    head = _POST_HEAD.match(line) if "@" in line else None
    if head and _is_post_head(head):
        return Segment(Form.POST, start + head.end(), end, _post_author(head))
    if _HEADING.match(line) or _is_heading(line.strip()):
        return Segment(Form.HEADING, start, end)
    item = _ITEM.match(line)
    return Segment(Form.ITEM, start + item.end(), end) if item else Segment(Form.BODY, start, end)


def _line_start(text: str, at: int) -> int:
    """Where the line begins that holds a place."""
    if text[at - 1 : at] in _LINE_ENDS:  # as for most: it begins with its line
        return at
    start = text.rfind("\n", 0, at) + 1
    return max(start, *(text.rfind(end, start, at) + 1 for end in _LINE_ENDS))


def _is_heading(line: str) -> bool:
    return (
        line[0].isalnum()
        and line[-1] not in _FULL_STOPS
        and line[-1] not in _GO_ON
        and len(line) < _LONGEST_HEADING
        and len(line.split()) < _WORDS_OF_HEADING
    )


def _listed(text: str, made: Sequence[Segment]) -> Iterator[Segment]:
    """Titles under "Related:", "Open tabs:" are residue with it."""
    listing = False
    for segment in made:
        line = text[segment.start : segment.end].strip()
        if segment.form is Form.RESIDUE:
            listing = heads_titles(line)
            yield segment
        elif is_tab(line) or (listing and may_be_title(line)):
            yield Segment(Form.RESIDUE, segment.start, segment.end)
        else:
            listing = False
            yield segment


# ── Transcripts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _named_turns(text: str, made: Sequence[Segment]) -> list[Segment]:
    """Lines that begin with who speaks, where another one near by begins with somebody too."""
    matches = {
        at: match
        for at, segment in enumerate(made)
        if segment.form in _MAY_BE_TURNS and (match := _TURN.match(text, _line_start(text, segment.start), segment.end))
    }
    turned = list(made)
    for at, match in matches.items():
        who = match["name"]
        if who not in _QUESTION_AND_ANSWER and who.casefold().split()[0] in _NO_SPEAKER:
            continue
        others = {matches[other]["name"] for other in (at - 2, at - 1, at + 1, at + 2) if other in matches}
        takes_turns = others and (len(others | {who}) > 1 or who in _QUESTION_AND_ANSWER)
        if takes_turns and _is_spoken(text[match.end() : made[at].end]):
            speaker = None if who.strip() in _QUESTION_AND_ANSWER else who.strip()
            turned[at] = Segment(Form.TURN, match.end(), made[at].end, speaker)
    return turned


def _dashed_turns(text: str, made: Sequence[Segment]) -> list[Segment]:
    """Lines that begin with a dash, as speech does in some languages and a list in others.

    Speech begins like a sentence and ends like one.
    """
    dashed = {
        at
        for at, segment in enumerate(made)
        if segment.form in _MAY_BE_TURNS and _DASHED.match(text, _line_start(text, segment.start), segment.end)
    }
    return [
        Segment(Form.TURN, segment.start, segment.end)
        if at in dashed and not dashed.isdisjoint((at - 1, at + 1)) and _is_spoken(text[segment.start : segment.end])
        else segment
        for at, segment in enumerate(made)
    ]


def _transcripts(text: str, made: Sequence[Segment]) -> Iterator[Segment]:
    """Paragraphs in which speakers in capitals take turns: "HENRY: Why? – PRUITT: I did not."."""
    for segment in made:
        may_be = segment.form is Form.BODY and ":" in text[segment.start : segment.end]
        turns = list(_CAPITALS.finditer(text, segment.start, segment.end)) if may_be else []
        if len(turns) < 2 or turns[0].start() - segment.start > _FIRST_TURN_WITHIN:
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
    return words[:1].isupper() and words.rstrip()[-1:] in _FULL_STOPS and _SPEECH.search(words) is not None


# ── Posts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_post_head(head: re.Match[str]) -> bool:
    """Whether a handle at the beginning of a line heads a post: with a name or a date, or nothing behind it."""
    alone = head.end() == len(head.string)
    if not (head["date"] or alone or _WORD_CHARACTER.search(head["name"])):
        return False
    words = head["name"].strip(" -–—\ufffc.").split()
    if len(words) > _LONGEST_NAME or _SENTENCE_END.search(head["name"]):
        return False
    lower = sum(word[0].islower() for word in words)
    if lower and not head["date"] and not _LONE_DASH.search(head["name"]):
        return False  # "I wrote to @lena": a sentence
    return lower <= _LOWER_IN_NAME or " - " in f" {head['name']} "  # "the paper of record - Ann Lee @annlee"


def _post_author(match: re.Match[str]) -> str:
    name = (match["name"] or "").replace("\ufffc", "").strip(" \t-–—()*_>•·,")
    return _SPACED_DASH.split(name)[0].strip() or match["handle"]


def _headed_posts(text: str, made: Sequence[Segment]) -> list[Segment]:
    """What stands right below a handle alone in its line is its post."""
    posts = list(made)
    for at, (head, below) in enumerate(pairwise(made), 1):
        alone = head.form is Form.POST and head.start >= head.end
        if alone and below.form is Form.BODY and text.count("\n", head.end, below.start) <= 1:
            posts[at] = replace(below, form=Form.POST, speaker=head.speaker)
    return posts


def _signed_posts(text: str, made: Sequence[Segment]) -> Iterator[Segment]:
    """Posts with name and handle behind or below them, as pages embed them: the words before are the post."""
    before: Segment | None = None
    for segment, following in zip_longest(made, made[1:]):
        tail = _post_tail(text, segment)
        # "– Ann Lee" above "– Karl Keller" is the beginning of a list.
        listed = following and _ITEM.match(text, _line_start(text, following.start), following.end)
        signature = None if listed else _signature(text, segment, before)
        if signature is None and tail and tail.start() <= _SHORTEST_POST:
            signature = _post_author(tail)
        if before:
            signed = signature is not None and before.form is Form.BODY
            yield replace(before, form=Form.POST, speaker=signature) if signed else before
        before = None
        if signature is None and tail:
            own = segment.speaker if segment.form is Form.POST else None
            yield Segment(Form.POST, segment.start, segment.start + tail.start(), own or _post_author(tail))
        elif signature is None:
            before = segment
    if before:
        yield before


def _post_tail(text: str, segment: Segment) -> re.Match[str] | None:
    """Name, handle and date at the end of a line; a post that has them at its beginning needs a date as well."""
    line = text[segment.start : segment.end]
    tail = _POST_TAIL.search(line) if "@" in line else None
    if tail is None or (segment.form is Form.POST and len(line) > 1 and not tail["date"]):
        return None
    return tail if tail["date"] or tail["name"] or _DASHES.match(tail.group()) else None


def _signature(text: str, segment: Segment, before: Segment | None) -> str | None:
    """Who signed the paragraph right above with a line of his own: "— Ann Lee, author"."""
    if before is None or before.form is not Form.BODY or text.count("\n", before.end, segment.start) != 1:
        return None
    signed = _SIGNED.match(text, _line_start(text, segment.start), segment.end)
    return _AFTER_NAME.split(signed["name"])[0].strip() if signed else None


# ── Comments ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _comments(text: str, made: Sequence[Segment]) -> Iterator[Segment]:
    """What readers wrote below a text: under a heading, behind a gap, or under names with dates."""
    first = _first_comment(text, made)
    yield from made[:first]
    name: str | None = None
    for segment in made[first:]:
        start = _line_start(text, segment.start)
        line = text[start : segment.end]
        head = _comment_head(line)
        if _COMMENTS.match(line) or _REACTION.match(line) or _DATE_ALONE.match(line):
            yield Segment(Form.RESIDUE, start, segment.end)
        elif head:
            name = head["name"].strip(_ORNAMENTS)
            if head.end() < len(line):
                yield Segment(Form.COMMENT, start + head.end(), segment.end, name)
            else:
                yield Segment(Form.RESIDUE, start, segment.end)
        elif segment.form is Form.POST and segment.speaker and segment.start >= segment.end:
            name = segment.speaker  # a handle alone in its line
        else:
            posted = segment.form is Form.POST and not line.startswith("@")  # "@annlee No!" is for her, not by her
            yield Segment(Form.COMMENT, start, segment.end, segment.speaker if posted else name)


def _comment_head(line: str) -> re.Match[str] | None:
    """The name at the beginning of a comment: "Ellen in Duluth says:", "Odile, 4 June"; no "The night of 4 June"."""
    head = _COMMENT_HEAD.match(line)
    name = head["name"].strip(_ORNAMENTS) if head else ""
    words = name.casefold().split()
    if not head or not 0 < len(words) <= _LONGEST_COMMENTER or name[0].isdigit() or _SENTENCE.search(name):
        return None
    small = not _SMALL.isdisjoint(word.strip(",.") for word in words)
    return None if small and not _SAYS.search(head.group()) else head


def _first_comment(text: str, made: Sequence[Segment]) -> int:
    """The index of the first comment; behind the last segment where there is none."""
    heads: list[int] = []
    for at, segment in enumerate(made):
        if segment.start < _HEADING_BEHIND * len(text):
            continue
        line = text[_line_start(text, segment.start) : segment.end]
        if _COMMENTS.match(line) and at + 1 < len(made) and len(line) < _LONGEST_COMMENTS_LINE:
            return at
        head = _comment_head(line) if segment.start > _OTHERS_BEHIND * len(text) else None
        if head and head["date"] and "@" not in head["name"]:  # that is a post within the text
            heads.append(at)
    if len(heads) > 1 and len(made) - heads[0] <= _PARAGRAPHS * len(heads):
        return heads[0]
    return _after_gap(text, made)


def _after_gap(text: str, made: Sequence[Segment]) -> int:
    """The first of the short paragraphs behind the one gap of a text; behind the last where there are none."""
    gaps = [match.end() for match in _GAP.finditer(text)]
    if len(gaps) != 1 or gaps[0] <= _OTHERS_BEHIND * len(text):
        return len(made)
    first = next((at for at, segment in enumerate(made) if _line_start(text, segment.start) >= gaps[0] - 1), len(made))
    rest = made[first:]
    if len(rest) < 2 or rest[0].form is Form.HEADING:
        return len(made)
    average = sum(segment.end - segment.start for segment in rest) / len(rest)
    return first if average < _LONGEST_COMMENT else len(made)
