"""A document's names in, who "Mr. Rubio" or "the minister" is out: one name a person, the fullest that the text has.

A name stands only where the text gives it to the speaker: in the phrase beside the cue, or as the one person that a
pronoun can mean. Elsewhere the speaker stays unclear: a wrong name is worse than none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from index.speaking.lexicon import any_of, word_set
from index.terms import STOPWORDS, fold
from index.types import Span

# ── Words of names ───────────────────────────────────────────────────────────────────────────────────────────────────

# They stand before a name and are no part of it.
_TITLES = word_set(
    "acting adm admiral adviser advisor ambassador analyst anchor archbishop attorney author ayatollah bishop brother "
    "candidate capt captain cardinal chair chairman chairwoman chancellor chief coach col colonel columnist "
    "commissioner comrade congressional congressman congresswoman conservative correspondent dame defence defense "
    "democrat democratic deputy detective director doctor dr economist editor emir envoy eu ex father finance foreign "
    "former fr gen general gop gov governor historian hon host imam independent interior judge justice king labour "
    "lady lawmaker leader liberal lieutenant lord lt major majority mayor mep minister minority miss mp mr mrs ms msp "
    "national nominee officer pastor pope premier president presidential prime prince princess prof professor queen "
    "rabbi rep reporter representative republican retired rev secretary security sen senator senior sergeant sgt "
    "sheikh sheriff sir sister speaker special spokesman spokesperson spokeswoman state strategist then tory trooper "
    "u.s un us vice whip"
)
_MALE_TITLES = word_set("mr sir lord king congressman spokesman chairman")
_FEMALE_TITLES = word_set("mrs ms miss lady dame queen congresswoman spokeswoman chairwoman")
_HE = word_set("he him his")
_PARTICLES = word_set("de da di del der den van von bin ibn al el la le du dos ben abu ter")
# A name with one of these words is no person's.
_INSTITUTION = word_set(
    "abc act administration agency agreement airport alliance amendment america army association authority avenue "
    "award bay bbc board bridge bureau campaign cbs center centre channel china chronicle church city club cnn "
    "coalition college commission committee company conference congress constitution convention corp council county "
    "court cup daily dam deal debate department desert diego dispatch election energy europe examiner force forces "
    "foundation francisco fund gazette group guardian hall herald hospital hotel house inc inquirer institute islands "
    "journal kingdom kremlin league ledger library magazine mail ministry mongolia monitor mountains museum nations "
    "nato navy nbc network news npr observer ocean office organisation organization pac park parliament party "
    "pentagon plan politico politics poll port post press prize project radio record region register report republic "
    "reserve reuters review revolution rights river road russia school sea senate service show society square stadium "
    "standard states street study summit sun survey team telegraph television theater theatre times tower treasury "
    "treaty tribune trust ukraine union university valley war watch weekly"
)
# A name that begins with one of these is a place's or a body's, unless a title stands before it.
_PLACE_FIRST = word_set(
    "african amazon american apple asian black blue british capitol central conservative democratic early east "
    "eastern european every facebook federal fox google great green inner international labour las late latin liberal "
    "los lower middle national new north northern outer public real red republican saint san santa saudi social south "
    "southern super supreme tory twitter united upper wall west western white"
)
# Governments are called by their capitals and countries, and speak as often as people do: "Moscow said".
_PLACES = word_set(
    "amazon america analysts ankara apple australia beijing berlin bloomberg brazil britain brussels canada china "
    "critics cuba delhi egypt england europe experts facebook france germany google he i india iran iraq israel it "
    "italy japan jerusalem kiev korea kyiv london madrid many mexico microsoft moscow officials others pakistan paris "
    "people poland politico reports reuters rome russia scotland she some sources spain syria tehran that they this "
    "tokyo turkey twitter ukraine venezuela vienna vietnam voters warsaw washington we who you"
)
# With a capital they only begin a sentence, or name a day.
_NO_NAME = STOPWORDS | word_set(
    "although april asked august back because besides christmas december despite easter english even february first "
    "friday furthermore god good great hence however indeed instead january july june last let like look make many "
    "march meanwhile monday moreover nevertheless next nonetheless november october ok okay one perhaps right "
    "saturday see september several since speaking still sunday sure take thank thanks thanksgiving think though "
    "three thursday thus today tomorrow tuesday two unlike wednesday well yesterday yet"
)
_NATIONS = frozenset("American British Chinese French German Iranian Israeli Russian Ukrainian".split())
_DEMONYM = re.compile(r"(?:ish|ian|ese|ean|can|ench|utch|reek|aeli|aqi|ani|wiss|erman|Arab)s?$")
# Descriptions that mean one person without saying which.
VAGUE = word_set(
    "activist ambassador analyst attorney author billionaire boss boy brother businessman candidate chairman "
    "chancellor chief colleague congressman congresswoman conservative contender daughter democrat doctor driver "
    "economist envoy expert farmer father founder friend frontrunner general girl governor historian host husband "
    "judge lady lawmaker lawyer leader liberal magnate man mayor minister mogul mother nominee nurse officer official "
    "opponent owner person president professor reporter republican rival runner scholar secretary senator sister son "
    "source speaker spokesman spokesperson spokeswoman star student teacher veteran victim wife witness woman writer"
)
_DEFINITE = ("the ", "this ", "that ", "his ", "her ", "my ", "our ", "its ", "their ")

_CAPITAL = "[A-ZÀ-ÖØ-ÞĀ-Ž]"
_WORD = any_of(
    r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Prof|St|Rev|Hon|Capt|Adm)\.",
    r"(?:[A-Z]\.)+",
    rf"{_CAPITAL}(?:[\w’'\-]*\w)?",
)
_PARTICLE = any_of(*sorted(_PARTICLES))
_NAME = re.compile(
    rf"(?={_CAPITAL})(?<![\w’'])"  # the first says nothing new, and is quick
    rf"{_WORD}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0])*{_WORD}|- (?=[A-Z]){_WORD})*"
)
_PART = re.compile(r"[^ \u00a0]+(?:- [^ \u00a0]+)?")  # of a name; a line break may have parted it: "Jean- Luc"
_LOWER_WORD = re.compile(r"(?<![\w’'])[a-zß-öø-ÿ]\w*")
_GENDERED = re.compile(rf"\b{any_of(*sorted(_MALE_TITLES | _FEMALE_TITLES))}\b", re.IGNORECASE)
_NO_LETTER = re.compile(r"\W")
_POSSESSIVE = re.compile(r"[’']s?$")
_THE = re.compile(r"\b[Tt]he $")
# One word with a capital that does what people do, or near enough: "Rubio said".
_SAID = any_of(
    *"said says told wrote writes added argued asked claimed continued explained insisted noted remarked replied "
    "tweeted warned".split()
)
_HEARD = re.compile(rf"\b(?:([A-Z][\w’'\-]+) {_SAID}\b|{_SAID} ([A-Z][\w’'\-]+)(?=[.,;]))")
_BORDER = re.compile(r",| of | for | from | at | in | and | who | whose | with | near ")
_BOTH = re.compile(r"[^,]+ and [^,]+$")
_GOVERNED = re.compile(r"\b(?:of|for|from|at|in|with|near|to|by|on|about|against|behind) (?:the )?$")
_APPOSED = re.compile(r"(?:,|\bnamed|\bcalled) $")

_LONGEST_NAME = 5  # words of a person's name
_LONGEST_DESCRIPTION = 9  # words of a phrase that is shown as a speaker
_SHORTEST_SLIP, _LONG_SURNAME = 6, 8  # letters of a surname in which one letter may be a slip of the pen, or two
_TITLED = 14  # characters before a name within which its title stands
_SURE_OF_TITLE = 3  # how many pronouns a title outweighs

# Confidences in a speaker, by how he is named; set by hand on the development texts.
_FULL_NAME, _SURNAME, _TWO, _BODY, _DESCRIBED = 0.95, 0.85, 0.75, 0.75, 0.6


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text."""

    start: int
    end: int
    name: str  # in full
    person: bool
    owner: bool  # "Smith’s": something of his is meant


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and how sure that is."""

    name: str | None
    confidence: float
    person: bool = False

    def no_surer_than(self, confidence: float) -> Speaker:
        """The same, at most so sure."""
        return replace(self, confidence=min(self.confidence, confidence))


NOBODY = Speaker(None, 0.0)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it stands in the text."""

    start: int
    end: int
    words: Sequence[str]  # without titles and nationalities before them
    titled: bool  # whether there were any
    owner: bool
    full: bool  # of a person, and more than one word


class Cast:
    """The people and institutions of one document; `mentions` are its names in the order of the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lower = frozenset(_LOWER_WORD.findall(text))
        names = [name for match in _NAME.finditer(text) for name in self._names(match.start(), match.group())]
        self._full: dict[str, list[str]] = defaultdict(list)  # full names of people, by surname
        for full in dict.fromkeys(" ".join(name.words) for name in names if name.full):
            self._full[fold(full.split()[-1])].append(full)
        self._slips: dict[str, Sequence[str]] = {}  # the same by surnames that are written otherwise elsewhere
        self._heard = frozenset(fold(word) for pair in _HEARD.findall(text) for word in pair if word) - _PLACES
        self.mentions = [mention for name in names if (mention := self._mention(name))]
        self._starts = [mention.start for mention in self.mentions]
        self._ends = [mention.end for mention in self.mentions]
        self._males: Counter[str] = Counter()  # how often a title or a pronoun says so
        self._females: Counter[str] = Counter()
        for mention in self.mentions:
            if mention.person:
                self._learn_gender(mention)

    # Names

    def _names(self, start: int, found: str) -> Iterator[_Name]:
        """The names in a row of capitalised words: words that only begin a sentence part them."""
        run: list[str] = []
        first = last = start
        for match in _PART.finditer(found):
            word = match.group().replace("- ", "-")
            bare = word.removesuffix("’s").removesuffix("'s")
            named = self._is_name(bare, first=not run, sentence=match.start() == 0)
            if named:
                first, last = first if run else start + match.start(), start + match.end()
                run.append(bare)
            owner = named and bare != word  # "Germany’s Merkel" is two names
            if run and (owner or not named):
                yield self._name(first, last, run, owner)
                run = []
        if run:
            yield self._name(first, last, run, owner=False)

    def _is_name(self, word: str, *, first: bool, sentence: bool) -> bool:
        if _is_common(word):
            return False
        if word in _PARTICLES:
            return not first
        return not (sentence and word.lower() in self._lower and _key(word) not in _TITLES)

    def _name(self, start: int, end: int, run: Sequence[str], owner: bool) -> _Name:
        bare = _bare(run)
        titled = len(bare) < len(run)
        return _Name(start, end, bare, titled, owner, len(bare) > 1 and self._is_person(start, bare, titled))

    def _is_person(self, start: int, bare: Sequence[str], titled: bool) -> bool:
        """Whether a name of several words is a person's: no institution's, place's or nation's."""
        folded = [_key(word) for word in bare]
        if len(bare) > _LONGEST_NAME or folded[-1] in _TITLES or not _INSTITUTION.isdisjoint(folded):
            return False
        if not titled and (folded[0] in _PLACE_FIRST or bare[-1] in _NATIONS or self._has_article(start)):
            return False
        if any(len(word) > 2 and word.isupper() and "." not in word for word in bare):
            return False
        return not any(letter.isdigit() for word in bare for letter in word)

    def _has_article(self, start: int) -> bool:
        """Whether "the" stands before a name, as it does before no person's."""
        return _THE.search(self._text, max(0, start - 5), start) is not None

    def _mention(self, name: _Name) -> Mention | None:
        """What a name means here: a whole one itself, a surname the person whose full name the text has."""
        if len(name.words) > 1:
            return Mention(name.start, name.end, self._without_initial(name.words), name.full, name.owner)
        written = name.words[0]
        word = _key(written)
        if word in _TITLES:
            return None
        article = self._has_article(name.start)
        known = self._full.get(word) or self._alike(word)
        if len(known) > 1 and not name.titled:  # Maria Keller or Karl Keller: it does not say which
            return Mention(name.start, name.end, written, True, name.owner)
        if known and not article:
            return Mention(name.start, name.end, self._nearest(known, name.start), True, name.owner)
        person = (name.titled or word in self._heard) and not article and word not in _INSTITUTION
        acronym = len(written) > 1 and written.isupper()
        person = person and not acronym and not _DEMONYM.search(written)
        return Mention(name.start, name.end, written, person, name.owner)

    def _without_initial(self, words: Sequence[str]) -> str:
        """A name without its middle initial, where the text also writes it so."""
        short = f"{words[0]} {words[-1]}"
        return short if short in self._full.get(fold(words[-1]), ()) else " ".join(words)

    def _alike(self, word: str) -> Sequence[str]:
        """Full names whose surname is a slip of the pen away."""
        if len(word) < _SHORTEST_SLIP or word in self._lower:
            return ()
        if word not in self._slips:
            slips = 1 if len(word) < _LONG_SURNAME else 2
            near = (
                names
                for other, names in self._full.items()
                if other[0] == word[0] and OSA.distance(other, word, score_cutoff=slips) <= slips
            )
            self._slips[word] = next(near, ())
        return self._slips[word]

    def _nearest(self, names: Sequence[str], at: int) -> str:
        """Of people who share a surname the one whose full name stands last before a place."""
        return names[0] if len(names) == 1 else max(names, key=lambda name: self._text.rfind(name, 0, at))

    def known(self, name: str) -> str:
        """A name in full, where the text has it in full, and once."""
        words = name.split()
        full = self._full.get(_key(_bare(words)[-1]), ()) if words else ()
        return full[0] if len(full) == 1 else name

    def between(self, start: int, end: int) -> Sequence[Mention]:
        """The names in a stretch, in order."""
        return self.mentions[bisect_right(self._ends, start) : bisect_left(self._starts, end)]

    # Men and women

    def _learn_gender(self, mention: Mention) -> None:
        titles = _GENDERED.findall(self._text[max(0, mention.start - _TITLED) : mention.end])
        if not _MALE_TITLES.isdisjoint(map(fold, titles)):
            self._males[mention.name] += _SURE_OF_TITLE
        if not _FEMALE_TITLES.isdisjoint(map(fold, titles)):
            self._females[mention.name] += _SURE_OF_TITLE

    def may_be(self, name: str, pronoun: str) -> bool:
        """Whether "he" or "she" may mean somebody, as far as titles and other pronouns tell."""
        male = fold(pronoun) in _HE
        own, other = (self._males, self._females) if male else (self._females, self._males)
        return own[name] >= other[name]

    def note(self, name: str, pronoun: str) -> None:
        """Remember a pronoun that meant somebody."""
        (self._males if fold(pronoun) in _HE else self._females)[name] += 1

    # Speakers

    def speaker(self, phrase: Span) -> Speaker:
        """Who a noun phrase means; pronouns are for the reader of the sentences before."""
        text = self._text[phrase[0] : phrase[1]]
        own = [mention for mention in self.between(*phrase) if not (mention.owner and mention.end < phrase[1] - 1)]
        people = [mention for mention in own if mention.person]
        if len(people) == 2 and _BOTH.match(text):  # "Ann Lee and Karl Keller"
            first, second = people
            if first.start == phrase[0] and second.end >= phrase[1]:
                return Speaker(f"{first.name} and {second.name}", _TWO)
        person = _head(people, text, phrase[0])
        if person:
            return Speaker(person.name, _FULL_NAME if " " in person.name else _SURNAME, True)
        words = text.split(",")[0].split()
        if not words:
            return NOBODY
        while len(words) > 1 and words[-1].endswith("ly"):  # "the White House repeatedly"
            words.pop()
        last = _POSSESSIVE.sub("", words[-1])
        governed = own and _GOVERNED.search(text, 0, own[-1].start - phrase[0])
        if own and not governed and own[-1].name.endswith(last):
            return Speaker(own[-1].name, _BODY)
        vague = fold(text).startswith(_DEFINITE) and fold(_NO_LETTER.sub("", words[-1])) in VAGUE
        if vague or not any(word.isalpha() and len(word) > 2 for word in words):
            return NOBODY
        return Speaker(_POSSESSIVE.sub("", " ".join(words[:_LONGEST_DESCRIPTION])), _DESCRIBED)


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    """A word as the lists and the surnames have it."""
    return fold(word).strip(".")


@lru_cache(maxsize=20_000)
def _is_common(word: str) -> bool:
    """Whether a word is no name although it has a capital: "However", "I’m"."""
    return _key(word).replace("’", "'").partition("'")[0] in _NO_NAME


def _bare(words: Sequence[str]) -> tuple[str, ...]:
    """A name without titles and nationalities before it: "Massachusetts Sen. | Elizabeth Warren"."""
    titles = (at for at in range(len(words) - 2, -1, -1) if _key(words[at]) in _TITLES)
    first = next(titles, -1) + 1
    while len(words) - first > 2 and _DEMONYM.search(words[first]):
        first += 1
    return tuple(words[first:])


def _head(people: Sequence[Mention], text: str, start: int) -> Mention | None:
    """Of the people in a phrase the one that it is about: "Trump adviser Ann Lee of New Hope" is about Ann Lee."""
    border = _BORDER.search(text) if people else None
    before = [person for person in people if border is None or person.start - start < border.start()]
    if before:
        return before[-1]
    apposed = (person for person in people if _APPOSED.search(text, 0, person.start - start))
    both = people[0] if border is not None and border.group() == " and " else None  # "the Senator and Ann Lee"
    return next(apposed, both)
