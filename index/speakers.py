"""A document's names in, who "he", "Mr. Rubio" or "the minister" is out: one name a person, the fullest of the text.

A name stands only where the text gives it to the speaker: in the phrase beside the cue, or as the one person that a
pronoun can mean. Elsewhere the speaker stays unclear: a wrong name is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from index.terms import STOPWORDS, fold

Span = tuple[int, int]

# Words that stand before a name and are no part of it.
_TITLES = frozenset(
    "mr mrs ms miss dr sen rep gov gen col lt sgt prof rev hon capt adm sir lord lady dame president vice senator "
    "representative congressman congresswoman governor general colonel major captain admiral professor doctor judge "
    "justice chief minister prime foreign defense defence interior finance secretary chancellor ambassador envoy mayor "
    "king queen prince princess pope cardinal bishop archbishop father sister brother speaker leader chairman "
    "chairwoman "
    "chair director spokesman spokeswoman spokesperson deputy former then ex attorney lawmaker republican democrat "
    "democratic state premier commissioner detective officer sheriff trooper lieutenant sergeant coach host anchor "
    "columnist author analyst economist historian reporter correspondent editor candidate nominee strategist us u.s un "
    "eu fr special senior retired acting national security adviser advisor imam rabbi pastor ayatollah sheikh emir "
    "comrade "
    "congressional presidential majority minority whip independent conservative liberal mp msp mep tory labour "
    "gop".split()
)
_DEMONYM = re.compile(r"(?:ish|ian|ese|ean|can|ench|utch|reek|aeli|aqi|ani|wiss|erman|Arab)s?$")
_PARTICLES = "de|da|di|del|der|den|van|von|bin|ibn|al|el|la|le|du|dos|ben|abu|ter"
_WORD = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Prof|St|Rev|Hon|Capt|Adm)\.|(?:[A-Z]\.)+"
    r"|[A-ZÀ-ÖØ-ÞĀ-Ž](?:[\w’'\-]*\w)?)"
)
_NAME = re.compile(rf"(?<![\w’']){_WORD}(?:[ \u00a0](?:(?:{_PARTICLES})[ \u00a0])*{_WORD}|- (?=[A-Z]){_WORD})*")
_POSSESSIVE = re.compile(r"[’']s?$")
# A name with one of these words is no person's.
_INSTITUTION = frozenset(
    "times post journal herald house party university institute department ministry agency council commission "
    "committee "
    "court group center centre association union news congress senate parliament board bureau company corp "
    "inc foundation office service army navy force forces administration campaign team press reuters bbc cnn "
    "nbc abc cbs npr politico guardian telegraph tribune nato report poll survey study plan deal treaty agreement "
    "network television radio coalition alliance league fund states kingdom republic nations city county islands ocean "
    "river valley america europe russia china ukraine kremlin pentagon treasury reserve club society project "
    "trust authority street avenue road square hall airport hospital school college church museum library park stadium "
    "theater theatre hotel tower bridge dam port bay sea mountains desert war revolution election convention debate "
    "conference summit constitution amendment pac channel show magazine daily weekly gazette review chronicle ledger "
    "inquirer observer examiner dispatch watch sun mail standard monitor record register award prize league cup act "
    "rights politics organization organisation energy bureau region valley mongolia diego francisco".split()
)
_PLACE_FIRST = frozenset(
    "new north south east west united saudi white wall capitol supreme national american british super great central "
    "middle eastern western northern southern social facebook twitter google amazon apple fox black blue red green "
    "public international european african asian latin federal upper inner lower outer real los las san santa saint "
    "every "
    "democratic republican conservative liberal labour tory early late".split()
)
_NO_NAME = STOPWORDS | frozenset(
    "however instead meanwhile still yet moreover furthermore besides nevertheless nonetheless thus hence indeed "
    "perhaps "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december today yesterday tomorrow asked speaking even back first last next one two three many "
    "several like unlike despite although though because since let look take make see think thank thanks good great "
    "well okay ok sure right god christmas easter thanksgiving english".split()
)
_MALE = frozenset(
    "he him his himself mr sir lord king father son husband brother spokesman congressman chairman businessman".split()
)
_FEMALE = frozenset(
    "she her hers herself mrs ms miss lady dame queen mother daughter wife sister spokeswoman congresswoman "
    "chairwoman businesswoman".split()
)
# Descriptions that mean one person without saying which.
VAGUE = frozenset(
    "president senator governor minister chancellor leader man woman candidate nominee official spokesman spokeswoman "
    "spokesperson author writer reporter analyst professor general lawmaker congressman congresswoman judge lawyer "
    "attorney mayor chief chairman envoy ambassador secretary speaker businessman billionaire republican democrat "
    "economist expert scholar historian activist victim witness officer driver farmer teacher student doctor nurse boy "
    "girl source person colleague friend host mogul magnate frontrunner runner rival opponent star contender "
    "conservative liberal veteran lady husband wife father mother son daughter brother sister boss owner "
    "founder".split()
)
_SAID = (
    r"(?:said|says|told|wrote|writes|added|argued|tweeted|asked|replied|continued|noted|insisted|explained|remarked"
    r"|warned|claimed)"
)
_HEARD = re.compile(rf"\b([A-Z][\w’'\-]+) {_SAID}\b|\b{_SAID} ([A-Z][\w’'\-]+)(?=[.,;])")
# Governments are called by their capitals and countries.
_PLACES = frozenset(
    "washington london paris moscow beijing brussels berlin tehran kyiv kiev ankara tokyo delhi jerusalem rome madrid "
    "vienna "
    "warsaw israel iran iraq syria turkey germany france britain england scotland china russia ukraine america canada "
    "australia india japan pakistan egypt europe poland italy spain mexico brazil korea vietnam cuba venezuela reuters "
    "twitter facebook google amazon apple microsoft politico bloomberg he she they it i we you that who this sources "
    "critics "
    "officials people others some many experts analysts voters reports".split()
)
_BOTH = re.compile(r"^[^,]+ and [^,]+$")
_BEHIND = re.compile(r"\b(?:of|for|from|at|in|with|near|to|by|on|about|against|behind) (?:the )?$")
_DEFINITE = ("the ", "this ", "that ", "his ", "her ", "my ", "our ", "its ", "their ")
_LONGEST = 9  # words of a description


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


class Cast:
    """The people and institutions of one document."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lower = frozenset(re.findall(r"(?<![\w’'])[a-zß-öø-ÿ]\w*", text))
        self._full: dict[str, list[str]] = defaultdict(list)  # by surname
        self._gender: dict[str, Counter[str]] = defaultdict(Counter)
        raw = [run for match in _NAME.finditer(text) for run in self._runs(match.start(), match.group())]
        counted: Counter[str] = Counter()
        for start, _, words in raw:
            bare = self._bare(words)
            if len(bare) > 1 and self._is_person(start, words, bare):
                counted[" ".join(bare)] += 1
        for name in counted:
            self._full[fold(name.split()[-1])].append(name)
        self._heard = frozenset(fold(word) for pair in _HEARD.findall(text) for word in pair if word) - _PLACES
        self.mentions = [mention for run in raw if (mention := self._mention(*run))]
        self._learn_genders()

    # Names

    def _runs(self, start: int, found: str) -> Iterator[tuple[int, int, list[str]]]:
        """The names in a row of capitalised words: words that only begin a sentence part them."""
        run: list[tuple[int, int, str]] = []
        for match in re.finditer(r"[^ \u00a0]+(?:- [^ \u00a0]+)?", found):
            word = match.group().replace("- ", "-")
            bare = _POSSESSIVE.sub("", word)
            if self._is_name(bare, first=not run, sentence=match.start() == 0):
                run.append((start + match.start(), start + match.end(), bare))
                if bare != word:  # "Germany’s Merkel": two names
                    yield run[0][0], run[-1][1], [part[2] for part in run]
                    run = []
            elif run:
                yield run[0][0], run[-1][1], [part[2] for part in run]
                run = []
        if run:
            yield run[0][0], run[-1][1], [part[2] for part in run]

    def _is_name(self, word: str, *, first: bool, sentence: bool) -> bool:
        folded = fold(word).strip(".")
        if not word or folded in _NO_NAME or re.split(r"[’']", folded)[0] in _NO_NAME:
            return False
        if re.fullmatch(_PARTICLES, word):
            return not first
        return not (sentence and word.lower() in self._lower and folded not in _TITLES)

    def _bare(self, words: Sequence[str]) -> list[str]:
        """A name without titles and nationalities before it."""
        titles = [i for i, word in enumerate(words[:-1]) if fold(word).strip(".") in _TITLES]
        at = titles[-1] + 1 if titles else 0  # "Massachusetts Sen. Elizabeth Warren"
        while at < len(words) - 1 and (
            fold(words[at]).strip(".") in _TITLES or (_DEMONYM.search(words[at]) and len(words) - at > 2)
        ):
            at += 1
        return list(words[at:])

    def _is_person(self, start: int, words: Sequence[str], bare: Sequence[str]) -> bool:
        folded = [fold(word).strip(".") for word in bare]
        titled = len(bare) < len(words)
        if len(bare) > 5 or any(word in _INSTITUTION for word in folded) or folded[-1] in _TITLES:
            return False
        if not titled and (
            folded[0] in _PLACE_FIRST or re.search(r"\b[Tt]he $", self._text[max(0, start - 5) : start])
        ):
            return False
        if any(len(word) > 2 and word.isupper() and "." not in word for word in bare) or (
            _DEMONYM.search(bare[-1]) and not titled and bare[-1] in self._adjectives
        ):
            return False
        return not any(any(letter.isdigit() for letter in word) for word in bare)

    @property
    def _adjectives(self) -> frozenset[str]:
        return frozenset(
            ("American", "Russian", "Ukrainian", "German", "French", "British", "Chinese", "Iranian", "Israeli")
        )

    def _mention(self, start: int, end: int, words: list[str]) -> Mention | None:
        bare = self._bare(words)
        titled = len(bare) < len(words)
        owner = bool(_POSSESSIVE.search(self._text[start:end]))
        name = " ".join(bare)
        if len(bare) > 1:
            return Mention(start, end, self._canonical(name), self._is_person(start, words, bare), owner)
        word = fold(bare[0]).strip(".")
        if word in _TITLES:
            return None
        known = self._full.get(word) or ([] if titled else self._alike(word)) or (self._alike(word) if titled else [])
        if len(known) > 1 and not titled:  # Maria Keller or Karl Keller: it does not say which
            return Mention(start, end, name, True, owner)
        if known and not re.search(r"\b[Tt]he $", self._text[max(0, start - 4) : start]):
            return Mention(start, end, self._nearest(known, start), True, owner)
        person = (titled or word in self._heard) and word not in _INSTITUTION and not _DEMONYM.search(bare[0])
        person &= not re.search(r"\b[Tt]he $", self._text[max(0, start - 4) : start]) and not (
            bare[0].isupper() and len(bare[0]) > 1
        )
        return Mention(start, end, name, person, owner)

    def _canonical(self, name: str) -> str:
        """The name without its middle initial, where the text also writes it so."""
        words = name.split()
        short = f"{words[0]} {words[-1]}"
        return short if len(words) > 2 and short in self._full.get(fold(words[-1]), ()) else name

    def _alike(self, word: str) -> list[str]:
        """Names whose surname is a slip of the pen away."""
        if len(word) < 6 or word in self._lower:
            return []
        slips = 1 if len(word) < 8 else 2
        for other, names in self._full.items():
            if (
                other[0] == word[0]
                and abs(len(other) - len(word)) <= 2
                and OSA.distance(other, word, score_cutoff=slips) <= slips
            ):
                return names
        return []

    def _nearest(self, names: Sequence[str], at: int) -> str:
        """Of people who share a surname the one whose full name stands last before a place."""
        return names[0] if len(names) == 1 else max(names, key=lambda name: self._text.rfind(name, 0, at))

    def known(self, name: str) -> str:
        """A name in full, where the text has it in full."""
        words = [word for word in re.split(r"\s+", name.strip()) if word]
        bare = self._bare(words) if words else []
        full = self._full.get(fold(bare[-1]).strip("."), []) if bare else []
        return full[0] if len(full) == 1 else name

    def between(self, start: int, end: int) -> list[Mention]:
        """The names in a stretch, in order."""
        return [mention for mention in self.mentions if mention.start < end and mention.end > start]

    # Men and women

    def _learn_genders(self) -> None:
        for mention in self.mentions:
            if mention.person:
                before = self._text[max(0, mention.start - 14) : mention.end]
                words = {fold(word) for word in re.findall(r"[^\W\d_]+", before)}
                if words & {"mr", "sir", "lord", "king", "congressman", "spokesman", "chairman"}:
                    self._gender[mention.name]["m"] += 3
                if words & {"mrs", "ms", "miss", "lady", "dame", "queen", "congresswoman", "spokeswoman", "chairwoman"}:
                    self._gender[mention.name]["f"] += 3

    def may_be(self, name: str, pronoun: str) -> bool:
        """Whether "he" or "she" may mean somebody, as far as titles and other pronouns tell."""
        counts = self._gender.get(name)
        if not counts:
            return True
        male = fold(pronoun) in _MALE
        return counts["m" if male else "f"] >= counts["f" if male else "m"]

    def note(self, name: str, pronoun: str) -> None:
        """A pronoun that meant somebody."""
        self._gender[name]["m" if fold(pronoun) in _MALE else "f"] += 1

    # Speakers

    def _head(self, persons: Sequence[Mention], text: str, start: int) -> Mention | None:
        """Of the people in a phrase the one that it is about: "Trump adviser Ann Lee of New Hope" is about Ann Lee."""
        border = re.search(r",| of | for | from | at | in | and | who | whose | with | near ", text)
        before = [m for m in persons if border is None or m.start - start < border.start()]
        if before:
            return before[-1]
        apposed = (m for m in persons if re.search(r"(?:,|\bnamed|\bcalled) $", text[: m.start - start]))
        return next(apposed, persons[0] if border is not None and border.group() == " and " else None)

    def speaker(self, phrase: Span) -> Speaker:
        """Who a noun phrase means; pronouns are for the reader of the sentences before."""
        text = self._text[phrase[0] : phrase[1]]
        own = [m for m in self.between(*phrase) if not (m.owner and m.end < phrase[1] - 1)]
        persons = [mention for mention in own if mention.person]
        both = _BOTH.search(text)
        if both and len(persons) == 2 and persons[0].start == phrase[0] and persons[1].end >= phrase[1]:
            return Speaker(f"{persons[0].name} and {persons[1].name}", 0.75)
        if persons:
            chosen = self._head(persons, text, phrase[0])
            if chosen and ((chosen.owner and chosen.end >= phrase[1] - 1) or not chosen.owner):
                return Speaker(chosen.name, 0.95 if " " in chosen.name else 0.85, True)
        words = text.split(",")[0].split()
        if not words:
            return NOBODY
        while len(words) > 1 and words[-1].endswith("ly"):
            words.pop()
        behind = _BEHIND.search(text[: own[-1].start - phrase[0]]) if own else None
        if own and words and not behind and own[-1].name.endswith(_POSSESSIVE.sub("", words[-1])):
            return Speaker(own[-1].name, 0.75)
        head = fold(re.sub(r"\W", "", words[-1]))
        if (fold(text).startswith(_DEFINITE) and head in VAGUE) or not any(
            word.isalpha() and len(word) > 2 for word in words
        ):
            return NOBODY
        return Speaker(_POSSESSIVE.sub("", " ".join(words[:_LONGEST])), 0.6)
