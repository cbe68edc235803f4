"""A document in, who speaks where in it out: every stretch that is not its author's own words.

    paragraphs ─► segments (post, block quote, comments, ...) ─► sentences ─► attributions ─► speakers ─► voices

Segment rules come first, since what is pasted has no verb beside it. Inside a pasted text the same rules run again, one
level deeper. Rules alone, no model: the same text always has the same voices.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from index import introductions
from index.lexicon import CALLING
from index.marks import Quote, quotes
from index.segments import Form, Segment, segments
from index.sentences import sentence_spans
from index.speakers import NOBODY, VAGUE, Cast, Speaker
from index.speech import Attribution, attributions
from index.terms import fold
from index.types import Document, Voice, VoiceKind, Voices

FINGERPRINT = "voices 1"  # changes when the same document would get other voices

_SURE = 0.5  # confidence from which on a name is shown
_FIRST_PERSON, _HE, _THEY = frozenset(("i", "we")), frozenset(("he", "she")), frozenset(("they", "it"))
_AUTHOR = Speaker(None, 1.0)  # who quotes himself
_AUTHORING = frozenset(("wrote", "writes", "write", "writing", "read", "reads", "reading"))
_GUESS = 0.4  # confidence in a quote that stands alone being by whoever spoke last
# An author who says "I" no more often than that in a text of so many sentences does not speak of himself.
_RARELY, _LONG = 2, 20
_GLOSS = re.compile(r"\s\((?:[^()\s]+\s+){3,}[^()]*\)?")  # in a point of a list: the author's, not the speaker's
_NAMING = re.compile(
    r"\b(?:called|titled|entitled|headlined|named|dubbed|headlines?|book|novel|film|song|essay|slogan|chapter|series"
    r"|play|show|motto)"
    r"(?: like| as)?[,:]? $",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]")
_ALONE = 0.75  # confidence in the subject of a sentence that names nobody else
_REACH = 500  # characters back within which somebody else could be meant by "he"
_NEAR = 45  # characters from the beginning of a sentence within which its subject stands
_FRAGMENT = 4  # words from which on a quote without a cue may be somebody's words


def find(document: Document) -> Voices:
    """The stretches of a document that are not its author's own words."""
    text = document.text
    reading = _Reading(text, Cast(text))
    reading.read(segments(text), ())
    return Voices(tuple(_nested(reading.found)))


@dataclass
class _Memory:
    """Who has been speaking, while paragraphs are read one after the other."""

    speaker: Speaker = NOBODY  # the last who was given words
    subject: Speaker = NOBODY  # the last person who spoke or of whom a sentence tells: whom "he" means
    told: int = -1  # where the last sentence ends that is about `subject`
    heard: int = -1  # where the last attribution stands
    open: bool = False  # a quote runs on into the next paragraph
    chain: tuple[str, ...] = field(default=())


class _Reading:
    def __init__(self, text: str, cast: Cast) -> None:
        self.text, self.cast = text, cast
        self.found: list[Voice] = []
        plain = _QUOTED.sub(" ", text)
        self.impersonal = len(_FIRST.findall(plain)) <= _RARELY and plain.count(". ") >= _LONG

    def read(self, parts: Sequence[Segment], chain: tuple[str, ...]) -> None:
        """Find the voices in what one writer wrote, or pasted."""
        memory = _Memory(chain=chain)
        at = 0
        while at < len(parts):
            part = parts[at]
            if part.form is Form.RESIDUE:
                self.found.append(Voice(part.start, part.end, VoiceKind.RESIDUE))
            elif part.form is Form.COMMENT:
                self._embed([part], Speaker(part.speaker, 0.9), chain, VoiceKind.COMMENT)
            elif part.form is Form.POST:
                self._embed([part], Speaker(part.speaker, 0.95), chain)
            elif part.form is Form.BLOCK:
                block = list(takewhile(lambda other: other.form is Form.BLOCK, parts[at:]))
                self._embed(block, memory.speaker, chain)
                at += len(block) - 1
            elif part.form is Form.TURN:
                self._embed([part], self._named(part.speaker), chain, VoiceKind.DIRECT)
            else:
                self._paragraph(part.start, part.end, memory)
                introduced = introductions.introduced(self.text, parts, at, self.cast)
                if introduced:
                    if introduced.parts:
                        self._embed(introduced.parts, introduced.speaker, chain, introduced.kind)
                        at += introduced.count
                    else:
                        memory.speaker = introduced.speaker  # of the quote, block or list that comes next
            at += 1

    def _embed(
        self, parts: Sequence[Segment], speaker: Speaker, chain: tuple[str, ...], kind: VoiceKind = VoiceKind.EMBEDDED
    ) -> None:
        """A pasted text, with the voices inside of it."""
        start, end = parts[0].start, parts[-1].end
        if not self.text[start:end].strip():
            return
        carrier = speaker.name if speaker.confidence >= _SURE else None
        if kind is VoiceKind.INDIRECT:
            for part in parts:
                first, until = sentence_spans(self.text, part.start, part.end, quotes(self.text, part.start, part.end))[
                    0
                ]
                gloss = _GLOSS.search(self.text, first, until)
                until = gloss.start() if gloss else until
                self._add(*_trimmed(self.text, first, until), kind, speaker, chain, marked=False)
            return
        self._add(start, end, kind, speaker, chain, marked=False)
        inside = (*chain, carrier or ("a reader" if kind is VoiceKind.COMMENT else "somebody quoted"))
        self.read([replace(part, form=Form.BODY) for part in parts], inside)

    def _named(self, name: str | None) -> Speaker:
        """A speaker as a transcript names him, in full where the text has that."""
        return Speaker(self.cast.known(name), 0.9, True) if name else NOBODY

    def _paragraph(self, start: int, end: int, memory: _Memory) -> None:
        marked = quotes(self.text, start, end)
        continued = memory.open and bool(marked) and not self.text[start : marked[0].opened].strip()
        memory.open = bool(marked) and not marked[-1].complete
        last: Speaker = memory.speaker if continued else NOBODY
        framed: Speaker | None = None  # whom the sentence before leads up to
        waiting: list[Quote] = []  # quotes for which no speaker is known yet
        for first, until in sentence_spans(self.text, start, end, marked):
            inside = [quote for quote in marked if first <= quote.opened < until]
            made = attributions(self.text, first, until, inside)
            given: set[Quote] = set()
            for attribution in made:
                speaker, author = self._who(attribution, memory, first)
                if author:
                    given.update(attribution.quotes)
                    if not attribution.spans:
                        waiting = []
                    last = _AUTHOR
                    continue
                if attribution.spans:
                    self._note(attribution, speaker, memory.chain)
                    given.update(attribution.quotes)
                elif waiting:
                    self._quoted(waiting, speaker, memory.chain)
                    waiting = []
                last = memory.speaker = speaker
                memory.heard = attribution.cue[0]
                if speaker.person or (attribution.subject and _is_definite(self.text[slice(*attribution.subject)])):
                    memory.subject = speaker
            free = [quote for quote in inside if quote not in given]
            if last is _AUTHOR:
                continue
            if made and last is not NOBODY:
                spoken = [quote for quote in free if self._spoken(quote, beside=True)]
                self._quoted(spoken, last, memory.chain)
                waiting = []
            elif free:
                spoken = [quote for quote in free if self._spoken(quote, beside=last is not NOBODY)]
                if last is not NOBODY:
                    self._quoted(spoken, last, memory.chain)
                else:
                    waiting += spoken
            if not made:
                spoken_of = memory.subject.no_surer_than(0.6) if memory.subject.person else NOBODY
                if self.impersonal and not memory.chain and _FIRST.search(self.text, first, until):
                    framed = framed or spoken_of  # the author never says "I", and somebody does here
                announced = bool(framed and _ANNOUNCED.search(self.text, start, first))
                if not inside and framed and (announced or _SPOKEN.search(self.text, first, until)):
                    self._add(
                        *_trimmed(self.text, first, until, stops=""),
                        VoiceKind.DIRECT,
                        framed,
                        memory.chain,
                        marked=False,
                    )
                    continue  # what stands in the middle of a speech frames it further
                self._remember(first, until, inside, memory)
            framed = self._framed(first, until, made, memory)
        if waiting:
            memory.speaker = self._before(start, memory)
            self._quoted(waiting, memory.speaker, memory.chain)

    def _framed(self, start: int, end: int, made: Sequence[Attribution], memory: _Memory) -> Speaker | None:
        """Who is about to speak without marks: "Macron put it in biological terms.", "She shook her head."."""
        if made or not _FRAMED.search(self.text, start, end) or _FIRST.search(self.text, start, end):
            return None
        return memory.subject.no_surer_than(0.7) if memory.subject.person else NOBODY

    def _before(self, start: int, memory: _Memory) -> Speaker:
        """Who speaks in quotes without an attribution: whom the sentence just before is about, or nobody surely."""
        if memory.told >= 0 and not self.text[memory.told : start].strip():
            return memory.subject.no_surer_than(0.6)
        return memory.speaker.no_surer_than(_GUESS)

    def _note(self, attribution: Attribution, speaker: Speaker, chain: tuple[str, ...]) -> None:
        cue = self.text[slice(*attribution.cue)].lower()
        titled = any(_is_title(self.text[quote.start : quote.end]) for quote in attribution.quotes)
        if titled and (cue in CALLING or cue in _AUTHORING):
            return  # a name that is given to something, or a book that somebody wrote
        for begin, end in attribution.spans:
            whole = next((quote for quote in attribution.quotes if quote.opened <= begin and end <= quote.closed), None)
            if whole:
                self._quoted([whole], speaker, chain)
                continue
            kind = VoiceKind.DIRECT if attribution.direct else VoiceKind.INDIRECT
            begin, end = _trimmed(self.text, begin, end)
            self._add(begin, end, kind, speaker, chain, marked=False)
            self._quoted([q for q in attribution.quotes if begin <= q.opened and q.closed <= end + 2], speaker, chain)

    def _quoted(self, marked: Sequence[Quote], speaker: Speaker, chain: tuple[str, ...]) -> None:
        for quote in marked:
            start, end = quote.start, quote.end
            self._add(start, end, VoiceKind.DIRECT, speaker, chain, marked=True)

    def _add(
        self, start: int, end: int, kind: VoiceKind, speaker: Speaker, chain: tuple[str, ...], *, marked: bool
    ) -> None:
        name = speaker.name if speaker.confidence >= _SURE else None
        if end > start:
            self.found.append(
                Voice(
                    start,
                    end,
                    kind,
                    name,
                    (*chain, name) if name and chain else chain,
                    marked,
                    "rule",
                    round(speaker.confidence, 2),
                )
            )

    def _spoken(self, quote: Quote, *, beside: bool) -> bool:
        """Whether a quote is somebody's words: not a title, a term or an ironic word."""
        inside = self.text[quote.start : quote.end]
        words = re.findall(r"[\w’'\-]+", inside)
        whole = inside.rstrip()[-1:] in ".,!?…;—"
        if len(words) < (2 if beside and whole else _FRAGMENT):
            return False
        if _NAMING.search(self.text, max(0, quote.opened - 30), quote.opened):
            return False
        if (inside.rstrip()[-1:] in ".!?…;—" and not beside) or len(words) > (
            5 if inside.rstrip().endswith(",") else 9
        ):
            return True
        if _is_title(inside):
            return False
        return beside or any(word.lower() in _VERBS for word in words)

    def _who(self, attribution: Attribution, memory: _Memory, sentence: int) -> tuple[Speaker, bool]:
        """Who says it, and whether that is the one who writes."""
        if attribution.subject is None:
            return NOBODY, False
        start, end = attribution.subject
        phrase = self.text[start:end]
        low = phrase.lower()
        if low.split()[0] in _FIRST_PERSON | _HE | _THEY | {"you"}:
            low = low.split()[0]
        if low in _FIRST_PERSON or low in ("you", "one"):
            return NOBODY, True
        if low in _HE:
            return self._pronoun(low, attribution, memory, sentence), False
        if low in _THEY or low in ("who", "this", "that"):
            return NOBODY if memory.speaker.person else memory.speaker.no_surer_than(0.45), False
        return self.cast.speaker((start, end)), False

    def _pronoun(self, pronoun: str, attribution: Attribution, memory: _Memory, sentence: int) -> Speaker:
        """The person that "he" or "she" means: one named before it in the sentence, else the last who spoke or "
        "acted."""
        assert attribution.subject
        at = attribution.subject[0]
        said = [span for span in attribution.spans if span[0] < at]
        before = [
            mention
            for mention in self.cast.between(sentence, min([at, *(start for start, _ in said)]))
            if mention.person and not mention.owner
        ]
        candidates = [memory.subject, memory.speaker]
        if (
            before
            and before[0].start - sentence < _NEAR
            and not (memory.subject is memory.speaker and memory.heard >= sentence)
        ):
            candidates.insert(0, Speaker(before[0].name, 0.75 if len({m.name for m in before}) == 1 else 0.55, True))
        for candidate in candidates:
            if candidate is NOBODY:
                return NOBODY  # somebody without a name was the last
            if candidate.person and candidate.name and self.cast.may_be(candidate.name, pronoun):
                self.cast.note(candidate.name, pronoun)
                near = [
                    mention
                    for mention in self.cast.between(at - _REACH, at)
                    if mention.person and self.cast.may_be(mention.name, pronoun)
                ]
                others = any(mention.name != candidate.name for mention in near)
                latest = bool(near) and near[-1].name == candidate.name
                alone = (
                    not others
                    or (latest and memory.subject.name == memory.speaker.name == candidate.name)
                    or (
                        candidate is memory.subject
                        and candidate.confidence >= _ALONE
                        and sentence - memory.told < _REACH / 2
                    )
                )
                return candidate.no_surer_than(0.75 if alone else _GUESS)
        return NOBODY

    def _remember(self, start: int, end: int, inside: Sequence[Quote], memory: _Memory) -> None:
        """Whom a sentence without attribution tells of: the first person named in it outside of quotes."""
        named = [
            mention
            for mention in self.cast.between(start, end)
            if mention.person and not any(quote.opened <= mention.start < quote.closed for quote in inside)
        ]
        people = [mention for mention in named if not mention.owner] or named
        if people and people[0].start - start < _NEAR:
            memory.subject = Speaker(people[0].name, 0.75 if len({m.name for m in people}) == 1 else 0.6, True)
            memory.told = end if len({m.name for m in people}) == 1 else -1
        elif _is_definite(self.text[start:end]):
            memory.subject = NOBODY


def _is_definite(words: str) -> bool:
    """Whether words begin with a description of one person: "the senator", whoever that is."""
    match = re.match(r"(?:The|This|That|the|this|that) (?:[\w’'.\-]+ ){0,4}?(\w+)", words)
    return bool(match) and any(fold(word) in VAGUE for word in words.split()[1:6])


def _is_title(words: str) -> bool:
    """Whether words are written like a title or a name: "Empire of the Fund"."""
    content = [word for word in re.findall(r"[\w’'\-]+", words) if len(word) > 3]
    return len(words.split()) > 1 and bool(content) and all(word[0].isupper() for word in content)


_VERBS = frozenset(
    "is are was were be have has had will would can could do does did i we you he she they it that's it's don't won't "
    "going want need get make take go know think should must never let".split()
)


_ANNOUNCED = re.compile(
    r"\b(?:framed|put (?:it|the matter|this)|summed (?:it )?up|(?:did not|didn[’']t) mince|pulled no punches"
    r"|spelled (?:it )?out|was blunt)\b[^.!?]*[.!?]\s*$"
)
_FIRST = re.compile(r"(?<![\w’'])(?:I|my|me)(?![\w])")
_FRAMED = re.compile(
    r"\b(?:framed|put (?:it|the matter|this)|sums? (?:it )?up|summed (?:it )?up|was (?:blunt|clear|harsher?|harder"
    r"|categorical|less polite|more direct)"
    r"|(?:did not|didn[’']t) mince|pulled no punches|spelled (?:it )?out|s(?:ees|aw) it (?:otherwise|differently)"
    r"|had (?:an|his|her|their) (?:own )?answer"
    r"|shook (?:his|her) head|shrugged|nodded|smiled|laughed|sighed|thought about it|waved|paused|hesitated|stopped"
    r"|corrected me|interrupted|exploded|went further"
    r"|caught on tape|on the (?:phone|telephone|radio|record)|received me|spoke (?:in|at|to|for)|made no bones)\b"
)
# Speech in the present, of one who says "I", "we" or "you".
_SPOKEN = re.compile(
    r"(?<![\w’'])(?:I|We|we|You|you)(?:[’'](?:m|ve|ll|re|d)| (?:am|are|have|do|don[’']t|will|would|blame|know|think"
    r"|want|say|tell|see|can|can[’']t|never|need|must|only|just|like|"
    r"love|believe|regard|may|feel|go|live|work|did not|share|ask))\b|\b(?:My|Our) \w+ (?:is|are|does|do|has|have)\b"
)


def _trimmed(text: str, start: int, end: int, stops: str = ".,;:—–-") -> tuple[int, int]:
    while end > start and (text[end - 1].isspace() or text[end - 1] in stops):
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _nested(voices: list[Voice]) -> list[Voice]:
    """By start, outer before inner; what crosses another is cut at its border."""
    kept: list[Voice] = []
    for voice in sorted(voices, key=lambda v: (v.start, -v.end)):
        crossing = next((k for k in reversed(kept) if k.start < voice.start < k.end < voice.end), None)
        if crossing:
            voice = replace(voice, start=crossing.end)
        if voice.end > voice.start and not any(k.start == voice.start and k.end == voice.end for k in kept[-3:]):
            kept.append(voice)
    return sorted(kept, key=lambda v: (v.start, -v.end))
