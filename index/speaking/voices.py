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

from index.loading.sentences import sentence_spans
from index.speaking import introductions, unmarked
from index.speaking.lexicon import CALLING, any_of, word_set
from index.speaking.marks import Quote, quotes
from index.speaking.memory import AUTHOR, Memory
from index.speaking.segments import Form, Segment, segments
from index.speaking.speakers import NOBODY, Cast, Speaker
from index.speaking.speech import Attribution, attributions
from index.types import Document, Span, Voice, VoiceKind, Voices

FINGERPRINT = "voices 1"  # changes when the same document would get other voices

# Confidences in a speaker, by where his name stands; set by hand on the development texts.
_SHOWN = 0.5  # from here on a name is shown
_BESIDE_HANDLE, _ABOVE_COMMENT, _BEFORE_COLON = 0.95, 0.9, 0.9
_FRAMED, _TOLD_OF = 0.7, 0.6  # of speech without marks: who is about to speak, of whom the text was telling

_GLOSS = re.compile(r"\s\((?:[^()\s]+\s+){3,}[^()]*\)?")  # in a point of a list: the author's, not the speaker's
# Before a quote that is a name: "a book called “...”".
_NAMING = re.compile(
    r"\b"
    + any_of(
        *"book called chapter dubbed entitled essay film headlined headlines? motto named novel play series show "
        "slogan song titled".split()
    )
    + r"(?: like| as)?[,:]? $",
    re.IGNORECASE,
)
_TITLING = CALLING | word_set("write writes wrote writing read reads reading")  # "he wrote “Empire of the Fund”"
_NAMED_WITHIN = 30  # characters before a quote
_WORD = re.compile(r"[\w’'\-]+")
_SPEECH_ENDS = frozenset(".!?…;—")
# A quote with none of these words may be a term.
_OF_SENTENCES = word_set(
    "is are was were be have has had do does did will would can could should must i we you he she they it that's it's "
    "don't won't going want need get make take go know think never let"
)
_FEWEST_WORDS, _FEWEST_BESIDE = 4, 2  # of a quote that may be somebody's; and of one beside a cue, with a stop
_SURELY_WORDS, _SURELY_WITH_COMMA = 9, 5  # a longer quote is; and one with a comma at its end
_BEHIND = 2  # characters, a mark and a stop, by which a quote may end behind the words that it is among


def find(document: Document) -> Voices:
    """The stretches of a document that are not its author's own words."""
    text = document.text
    found: list[Voice] = []
    _Reading(text, Cast(text), found, impersonal=unmarked.is_impersonal(text)).read(segments(text))
    return Voices(tuple(_nested(found)))


@dataclass
class _Paragraph:
    """What is known in the middle of a paragraph."""

    start: int
    last: Speaker  # who was given words in it last
    framed: Speaker | None = None  # whom the sentence before leads up to
    waiting: list[Quote] = field(default_factory=list)  # quotes for which no speaker is known yet


class _Reading:
    """What one writer wrote, or pasted, from its beginning to its end."""

    def __init__(
        self, text: str, cast: Cast, found: list[Voice], chain: tuple[str, ...] = (), *, impersonal: bool = False
    ) -> None:
        self.text, self.cast, self.found = text, cast, found
        self.chain = chain  # from the document's author to this writer; empty where that is himself
        self.impersonal = impersonal  # whether "I" is somebody else
        self.memory = Memory(text, cast)
        self.quote_open = False  # a quote runs on into the next paragraph

    def read(self, parts: Sequence[Segment]) -> None:
        """Find the voices."""
        at = 0
        while at < len(parts):
            at += self._segment(parts, at)

    # Paragraphs

    def _segment(self, parts: Sequence[Segment], at: int) -> int:
        """Read the paragraph at an index with what belongs to it; say how many these are."""
        part = parts[at]
        if part.form is Form.RESIDUE:
            self.found.append(Voice(part.start, part.end, VoiceKind.RESIDUE))
        elif part.form is Form.COMMENT:
            self._embed([part], Speaker(part.speaker, _ABOVE_COMMENT), VoiceKind.COMMENT)
        elif part.form is Form.POST:
            self._embed([part], Speaker(part.speaker, _BESIDE_HANDLE))
        elif part.form is Form.BLOCK:
            block = list(takewhile(lambda other: other.form is Form.BLOCK, parts[at:]))
            self._embed(block, self.memory.speaker)
            return len(block)
        elif part.form is Form.TURN:
            speaker = Speaker(self.cast.known(part.speaker), _BEFORE_COLON, True) if part.speaker else NOBODY
            self._embed([part], speaker, VoiceKind.DIRECT)
        else:
            self._paragraph(part.start, part.end)
            return 1 + self._introduced(parts, at)
        return 1

    def _introduced(self, parts: Sequence[Segment], at: int) -> int:
        """Read what the paragraph at an index announces; say how many paragraphs that are."""
        introduced = introductions.introduced(self.text, parts, at, self.cast)
        if introduced is None:
            return 0
        if not introduced.parts:
            self.memory.speaker = introduced.speaker  # of the quote, block or list that comes next
        elif introduced.kind is VoiceKind.INDIRECT:
            self._points(introduced.parts, introduced.speaker)
        else:
            self._embed(introduced.parts, introduced.speaker, introduced.kind)
        return len(introduced.parts)

    def _embed(self, parts: Sequence[Segment], speaker: Speaker, kind: VoiceKind = VoiceKind.EMBEDDED) -> None:
        """A pasted text, with the voices inside of it."""
        start, end = parts[0].start, parts[-1].end
        if self.text[start:end].strip():
            self._add((start, end), kind, speaker)
            carrier = _shown(speaker) or ("a reader" if kind is VoiceKind.COMMENT else "somebody quoted")
            inside = _Reading(self.text, self.cast, self.found, (*self.chain, carrier))
            inside.read([replace(part, form=Form.BODY) for part in parts])

    def _points(self, parts: Sequence[Segment], speaker: Speaker) -> None:
        """The points of a list that reports: of each the first sentence, up to the author's gloss in brackets."""
        for part in parts:
            marked = quotes(self.text, part.start, part.end)
            start, end = sentence_spans(self.text, part.start, part.end, marked)[0]
            gloss = _GLOSS.search(self.text, start, end)
            self._add(_trimmed(self.text, start, gloss.start() if gloss else end), VoiceKind.INDIRECT, speaker)

    def _paragraph(self, start: int, end: int) -> None:
        marked = quotes(self.text, start, end)
        continued = self.quote_open and marked and not self.text[start : marked[0].opened].strip()
        self.quote_open = bool(marked) and not marked[-1].complete
        paragraph = _Paragraph(start, self.memory.speaker if continued else NOBODY)
        for first, until in sentence_spans(self.text, start, end, marked):
            inside = [quote for quote in marked if first <= quote.opened < until]
            self._sentence(first, until, inside, paragraph)
        if paragraph.waiting:
            self.memory.speaker = self.memory.speaker_at(start)
            self._quote(paragraph.waiting, self.memory.speaker)

    # Sentences

    def _sentence(self, start: int, end: int, inside: Sequence[Quote], paragraph: _Paragraph) -> None:
        made = attributions(self.text, start, end, inside)
        for attribution in made:
            self._attribute(attribution, start, paragraph)
        if paragraph.last is AUTHOR:
            return
        given = {quote for attribution in made for quote in attribution.quotes}
        self._free_quotes([quote for quote in inside if quote not in given], paragraph, beside=bool(made))
        if made:
            paragraph.framed = None
            return
        if self._unmarked(start, end, inside, paragraph):
            return  # and what stands in the middle of a speech frames it further
        self.memory.tell(start, end, inside)
        paragraph.framed = self._about_to_speak(start, end)

    def _attribute(self, attribution: Attribution, sentence: int, paragraph: _Paragraph) -> None:
        """Give somebody the words of an attribution, or those that wait for one."""
        speaker = self.memory.who(attribution, sentence)
        if speaker is AUTHOR:
            if not attribution.spans:
                paragraph.waiting = []
        else:
            if attribution.spans:
                self._say(attribution, speaker)
            else:
                self._quote(paragraph.waiting, speaker)
                paragraph.waiting = []
            self.memory.hear(attribution, speaker)
        paragraph.last = speaker

    def _free_quotes(self, free: Sequence[Quote], paragraph: _Paragraph, *, beside: bool) -> None:
        """Quotes that no cue of their sentence claims: the last speaker's, or to wait for one.

        Args:
            beside: there is a cue in the sentence.
        """
        known = paragraph.last is not NOBODY
        spoken = [quote for quote in free if self._is_spoken(quote, beside=known)]
        if known:
            self._quote(spoken, paragraph.last)
            paragraph.waiting = [] if beside else paragraph.waiting
        else:
            paragraph.waiting += spoken

    def _unmarked(self, start: int, end: int, inside: Sequence[Quote], paragraph: _Paragraph) -> bool:
        """Give a sentence without marks to whom the one before leads up to; say whether it is his."""
        if self.impersonal and paragraph.framed is None and unmarked.says_i(self.text, start, end):
            paragraph.framed = self._told_of(_TOLD_OF)  # the author never says "I", and somebody does here
        if paragraph.framed is None or inside:
            return False
        announced = unmarked.is_announced(self.text, paragraph.start, start)
        if not announced and not unmarked.is_speech(self.text, start, end):
            return False
        self._add(_trimmed(self.text, start, end, stops=""), VoiceKind.DIRECT, paragraph.framed)
        return True

    def _about_to_speak(self, start: int, end: int) -> Speaker | None:
        """Who is about to speak without marks: "Macron put it in biological terms.", "She shook her head."."""
        return self._told_of(_FRAMED) if unmarked.is_frame(self.text, start, end) else None

    def _told_of(self, confidence: float) -> Speaker:
        subject = self.memory.subject
        return subject.no_surer_than(confidence) if subject.person else NOBODY

    def _is_spoken(self, quote: Quote, *, beside: bool) -> bool:
        """Whether a quote is somebody's words: not a title, a term or an ironic word.

        Args:
            beside: it stands in a sentence with a cue.
        """
        inside = self.text[quote.start : quote.end].rstrip()
        count, last = len(_WORD.findall(inside)), inside[-1:]
        if count < (_FEWEST_BESIDE if beside and (last == "," or last in _SPEECH_ENDS) else _FEWEST_WORDS):
            return False
        if _NAMING.search(self.text, max(0, quote.opened - _NAMED_WITHIN), quote.opened):
            return False
        if (last in _SPEECH_ENDS and not beside) or count > (_SURELY_WITH_COMMA if last == "," else _SURELY_WORDS):
            return True
        if _is_title(inside):
            return False
        return beside or not _OF_SENTENCES.isdisjoint(word.lower() for word in _WORD.findall(inside))

    # Voices

    def _say(self, attribution: Attribution, speaker: Speaker) -> None:
        """Give somebody what a sentence says to be his words, and the quotes among them."""
        cue = self.text[slice(*attribution.cue)].lower()
        if cue in _TITLING and any(_is_title(self.text[quote.start : quote.end]) for quote in attribution.quotes):
            return  # a name that is given to something, or a book that somebody wrote
        for start, end in attribution.spans:
            whole = [quote for quote in attribution.quotes if quote.opened <= start and end <= quote.closed]
            if not whole:
                kind = VoiceKind.DIRECT if attribution.direct else VoiceKind.INDIRECT
                start, end = _trimmed(self.text, start, end)
                self._add((start, end), kind, speaker)
            among = (q for q in attribution.quotes if start <= q.opened and q.closed <= end + _BEHIND)
            self._quote(whole[:1] or list(among), speaker)

    def _quote(self, marked: Sequence[Quote], speaker: Speaker) -> None:
        for quote in marked:
            self._add((quote.start, quote.end), VoiceKind.DIRECT, speaker, marked=True)

    def _add(self, span: Span, kind: VoiceKind, speaker: Speaker, *, marked: bool = False) -> None:
        if span[1] > span[0]:
            name = _shown(speaker)
            chain = (*self.chain, name) if name and self.chain else self.chain
            self.found.append(Voice(*span, kind, name, chain, marked, confidence=round(speaker.confidence, 2)))


def _shown(speaker: Speaker) -> str | None:
    return speaker.name if speaker.confidence >= _SHOWN else None


def _is_title(quoted: str) -> bool:
    """Whether words are written like a title or a name: "Empire of the Fund"."""
    content = [word for word in _WORD.findall(quoted) if len(word) > 3]
    return len(quoted.split()) > 1 and bool(content) and all(word[0].isupper() for word in content)


def _trimmed(text: str, start: int, end: int, stops: str = ".,;:—–-") -> Span:
    while end > start and (text[end - 1].isspace() or text[end - 1] in stops):
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _nested(voices: list[Voice]) -> list[Voice]:
    """By start, outer before inner; what crosses another is cut at its border."""
    kept: list[Voice] = []
    around: list[Voice] = []  # of those, what ends behind the start of the next
    for voice in sorted(voices, key=lambda voice: (voice.start, -voice.end)):
        around = [outer for outer in around if outer.end > voice.start]
        crossing = next(
            (outer for outer in reversed(around) if outer.start < voice.start and outer.end < voice.end), None
        )
        if crossing:
            voice = replace(voice, start=crossing.end)
        if not any((outer.start, outer.end) == (voice.start, voice.end) for outer in around):
            kept.append(voice)
            around.append(voice)
    return sorted(kept, key=lambda voice: (voice.start, -voice.end))
