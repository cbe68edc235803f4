"""A sentence and its quotes in, what is wrong with what it says of their speakers out.

A sentence names whose words it gives: the innermost speaker, as the rules found him. What an author states as a fact
needs no more than the citation, which names the source; that an opinion is given to its holder is held by
`neutrality.py`. Names are compared as the corpus spells them. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.checking import grounds
from assistant.checking.quotes import normal, quotations, without_quotations, word_count
from assistant.checking.saying import Credit, attributed, credits
from assistant.checking.shown import Located, Problem, Shown
from assistant.writing import blocks
from assistant.writing.parse import Proposal
from index.terms import STOPWORDS, fold, stem
from index.types import VoiceKind

_UNNAMED = re.compile(
    r"\b(?:quot(?:es?|ed|ing|ation)|unnamed|unidentified|anonymous\w*|unknown|somebody|someone|some(?:one)? else"
    r"|a (?:person|speaker|voice|participant|witness|source)|reported(?:ly)?|cit(?:es?|ed|ing)"
    r"|not (?:named|identified|clear who)|unclear who|(?:is|are) said to)\b",
    re.IGNORECASE,
)
_READER = re.compile(r"\b(?:readers?|commenters?|commenting|comments?)\b", re.IGNORECASE)
_OF_SOURCE = re.compile(
    r"\b(?:authors?|writers?|articles?|essays?|texts?|piece|sources?|blog(?:ger)?|newsletter|newspaper|column(?:ist)?"
    r"|reporters?|(?:the|this|one|a) report|journalist|analysis|documents?|editorial|commentary)\b",
    re.IGNORECASE,
)
_NAME = 60  # characters of a speaker's name
_PRONOUN = re.compile(r"\b(?:he|she|they)\b", re.IGNORECASE)
# What stands before a name and is no part of it.
_TITLES = frozenset(
    """mr mrs ms miss dr sir lord lady dame prof professor president vice prime minister foreign defence defense
    interior finance deputy secretary state chancellor premier governor senator sen rep congressman congresswoman mayor
    general gen col colonel captain admiral judge justice chief king queen prince princess pope cardinal bishop
    ambassador envoy special former ex acting chairman chairwoman chair director leader speaker spokesman spokeswoman
    spokesperson us uk eu un russian american ukrainian french german british chinese""".split()
)
_NOT_OF_NAME = frozenset("of the for de da del der van von al el bin and a an in at".split())
# Words beside a name that say what somebody is: "its captain", "the glaciologist".
_ROLE = re.compile(
    r"(?:\w{2,}(?:er|or|ist|ian|man|woman|person)|president|chief|head|envoy|secretary|general|admiral|captain|chair"
    r"|judge|king|queen|pope|analyst|diplomat|official|pilot|expert|coach|deputy|mp|delegate|candidate|agent|architect"
    r"|student|resident|agency|ministry|institute|company|union|party|bank|group|service|newspaper|magazine)",
    re.IGNORECASE,
)
_NO_ROLE = frozenset(
    "after other another over under never ever whether either neither rather later earlier however for or".split()
)
_WORD = re.compile(r"[^\W_]+(?:[’'.\-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…][”\"’')\]]*\s|\n")


def marked(proposal: Proposal, located: Sequence[Located], shown: Shown) -> Iterator[Problem]:
    """V4: what it puts between quotation marks stands in its quotes, or is a title, or a word of the question."""
    heads = (fact for entry in located for fact in (entry.evidence.source.title, *_facts(entry)))
    texts = [_plain(text) for text in (*(entry.context for entry in located), *heads, shown.question)]
    for words in quotations(proposal.text):
        parts = [_plain(part).strip(" .,;:!?") for part in re.split(r"…|\.\.\.", words)]
        if any(part and not any(part in text for text in texts) for part in parts):
            detail = f"not in its quotes: {words!r}; take away the quotation marks or copy the words"
            yield Problem("marked", "it puts words in quotation marks that its quotes do not hold", detail)
            return


def speakers(proposal: Proposal, located: Sequence[Located], shown: Shown) -> Iterator[Problem]:
    """V8: it names the innermost speaker of each of its quotes, and nobody in his place."""
    text = grounds.spelt(without_quotations(untitled(proposal.text, located)))
    for entry in located:
        yield from _names(entry, text, shown)
    for credit in credits(text):
        if credit.named and (words := _name(credit, text, shown)) and not _may_speak(words, located, shown):
            detail = f"these are not the words of {' '.join(words)}: name who says them in the passage"
            yield Problem("wrong_speaker", "it gives words to somebody who does not say them", detail)


def untitled(text: str, located: Sequence[Located]) -> str:
    """A text with "the article" in the place of the titles of its sources: a name in a title says nothing."""
    plain = normal(text)[0]
    for title in {normal(entry.evidence.source.title)[0].strip() for entry in located}:
        plain = re.sub(rf"([\"']){re.escape(title)}[.,]?\1", "the article", plain)
        if word_count(title) > 2:  # a shorter one may be said without being meant
            plain = plain.replace(title, "the article")
    return plain


def gives_to_source(proposal: Proposal, located: Sequence[Located], shown: Shown) -> bool:
    """Whether what only authors say is given to them, or to whom their own sentence gives it."""
    text = without_quotations(untitled(proposal.text, located))
    if any(entry.voice.kind is not VoiceKind.AUTHOR for entry in located) or _OF_SOURCE.search(text):
        return True
    if any(_mentioned(text, name, shown) for entry in located for name in _facts(entry)):
        return True
    return bool(_credited(text) & {fold(word) for entry in located for word in _words(_sentence(entry))})


def _names(entry: Located, text: str, shown: Shown) -> Iterator[Problem]:
    """What is missing of the speaker of one quote."""
    voice = entry.voice
    if voice.kind is VoiceKind.AUTHOR:
        return
    if voice.kind is VoiceKind.COMMENT:
        if not _READER.search(text):
            detail = f"{_short(entry)} was written by a reader in a comment: say so"
            yield Problem("comment", "it does not say that a reader wrote this in a comment", detail)
    elif voice.kind is VoiceKind.UNCLEAR or voice.speaker is None:
        if not _says_unclear(entry, text):
            detail = f"who says {_short(entry)} is not clear: write that somebody who is quoted says it"
            yield Problem("unclear", "it states as a fact, or as the author's words, what somebody else says", detail)
    elif not attributed(text, acts=True) or not _names_speaker(entry, voice.speaker, text, shown):
        speaker = blocks.one_line(voice.speaker, _NAME)
        detail = f"{_short(entry)} is what {speaker} says: name this speaker, with a verb of saying"
        yield Problem("speaker", "it does not say whose words it gives", detail)


def _says_unclear(entry: Located, text: str) -> bool:
    """Whether words without a known speaker are given to a person unnamed, or to one whom the passage gives them to."""
    if _UNNAMED.search(text):
        return True
    around = {fold(word) for word in _words(_sentence(entry))}
    own = {fold(word) for name in _facts(entry) for word in _words(name)}
    return bool((_credited(text) & around) - own)


def _names_speaker(entry: Located, speaker: str, text: str, shown: Shown) -> bool:
    if _mentioned(text, speaker, shown) or _has_role(entry.evidence.document.text, speaker, text):
        return True
    if any(_is(_words(name), speaker, shown) for name in _facts(entry)):
        return bool(_OF_SOURCE.search(text))
    # "The company" has a name somewhere, and other words for it: any of them that the passage has will do.
    described = all(word.islower() or fold(word) in _NOT_OF_NAME for word in _words(speaker))
    return described and bool(_credited(text) & {fold(word) for word in _words(entry.evidence.text)})


def _credited(text: str) -> set[str]:
    """The words with which a text names those it gives words to, without those for a source itself."""
    words = {fold(word) for credit in credits(text) for word in credit.words if not _OF_SOURCE.fullmatch(word)}
    return words - _NOT_OF_NAME


def _mentioned(text: str, name: str, shown: Shown) -> bool:
    """Whether a text names somebody: by the surname, by two words of a longer name, or by its initials."""
    words = _words(text)
    parts = _parts_of(grounds.spelt(name))
    if not parts:
        return False
    folded = [fold(_bare(word)) for word in words]
    if _initials(name) in {word.replace(".", "") for word in words}:
        return True
    for at, word in enumerate(folded):
        if grounds.same_name(word, parts[-1], shown.spellings) or stem(word) == stem(parts[-1]):
            before = _given(words, at)
            if before is None or len(parts) < 2 or any(part[0] == fold(before)[0] for part in parts[:-1]):
                return True
        elif word in parts and at and folded[at - 1] in _TITLES:
            return True  # "Ambassador Li" for Li Wen
    there = [part for part in dict.fromkeys(parts) if any(grounds.same_name(w, part, shown.spellings) for w in folded)]
    return len(there) >= 2 and len(parts) > 2


def _given(words: Sequence[str], at: int) -> str | None:
    """The given name before a surname; None where there is none."""
    before = words[at - 1] if at else ""
    folded = fold(before)
    if not before[:1].isupper() or folded in _TITLES or not grounds.may_name(before, folded, first=at == 1):
        return None
    return None if before.endswith(("'s", "’s", "s'", "s’")) else before


def _has_role(document: str, speaker: str, text: str) -> bool:
    """Whether a text has, in the place of a name, what the document calls somebody beside it: "its captain"."""
    claimed = {fold(word) for word in _words(text)}
    surname = (_parts_of(speaker) or [""])[-1]
    for match in re.finditer(rf"(?<!\w){re.escape(surname)}(?!\w)", document, re.IGNORECASE) if surname else ():
        before = re.split(r"[,.;:!?\n“”\"()]", document[max(0, match.start() - 70) : match.start()])[-1]
        behind = re.match(r",\s+((?:[\w’'\-]+\s*){1,7})", document[match.end() : match.end() + 90])
        beside = [*_words(before)[-5:], *(_words(behind.group(1)) if behind else ())]
        roles = {fold(word) for word in beside if _ROLE.fullmatch(word) and fold(word) not in _NO_ROLE}
        if claimed & (roles - STOPWORDS - {*_words(fold(speaker))}):
            return True
    return False


def _name(credit: Credit, text: str, shown: Shown) -> list[str]:
    """The words of a credit that name somebody; none where its capital is that of the sentence."""
    words = [*credit.words]
    while words:
        folded = fold(words[0])
        first = bool(re.match(rf"\W*{re.escape(words[0])}", text)) or f". {words[0]}" in text
        if (
            folded in _TITLES | _NOT_OF_NAME
            or not grounds.may_name(words[0], folded, first=first)
            or (first and len(words) == 1 and (folded in shown.lower_case or stem(folded) in shown.lower_case))
        ):
            del words[0]
        else:
            break
    return [] if words and _OF_SOURCE.fullmatch(words[-1]) else words


def _may_speak(words: Sequence[str], located: Sequence[Located], shown: Shown) -> bool:
    """Whether somebody says any of the quotes, carries it, or is said to say it in so many words."""
    for entry in located:
        voice = entry.voice
        names = [name for name in (voice.speaker, *voice.chain, *_facts(entry)) if name]
        if any(_is(words, name, shown) for name in names):
            return True
        # Rules miss speakers; one who stands beside a verb of saying, in the sentence quoted, may be the one.
        unsure = voice.kind in (VoiceKind.AUTHOR, VoiceKind.UNCLEAR) or voice.speaker is None
        said = _sentence(entry) if unsure else entry.words
        if any(_is(words, " ".join(credit.words), shown) for credit in credits(said)):
            return True
        if unsure and _PRONOUN.search(said) and attributed(said) and _mentioned(said, " ".join(words), shown):
            return True
    return False


def _is(words: Sequence[str], name: str, shown: Shown) -> bool:
    """Whether two names are of one person: the same surname, and no other given name."""
    one, other = _parts_of(" ".join(words)), _parts_of(grounds.spelt(name))
    if not one or not other:
        return False
    if _initials(name) == words[-1].replace(".", ""):
        return True
    if not any(grounds.same_name(one[-1], part, shown.spellings) for part in other):
        return False
    if len(one) > 1 and len(other) > 1 and grounds.same_name(one[-1], other[-1], shown.spellings):
        return any(first[0] == second[0] for first in one[:-1] for second in other[:-1])
    return True


def _facts(entry: Located) -> list[str]:
    """Who a source is: author and outlet."""
    document, source = entry.evidence.document, entry.evidence.source
    return [fact for fact in (document.author, source.outlet) if fact]


def _sentence(entry: Located) -> str:
    """The sentences that a quote touches."""
    text, place = entry.evidence.document.text, entry.given
    earlier = [match.end() for match in _SENTENCE_END.finditer(text, max(0, place.start - 400), place.start)]
    later = _SENTENCE_END.search(text, max(place.start, place.end - 1), place.end + 400)
    start = earlier[-1] if earlier else max(0, place.start - 400)
    return text[start : later.end() if later else place.end + 400]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _bare(word: str) -> str:
    return re.sub(r"[’']s?$", "", word)


def _parts_of(name: str) -> list[str]:
    """The words of a name that tell it from others, folded."""
    words = [fold(_bare(word)) for word in _words(name)]
    own = [word for word in words if word not in _TITLES and word not in _NOT_OF_NAME]
    return own or [word for word in words if word not in _NOT_OF_NAME]


def _initials(name: str) -> str:
    """NYT for The New York Times; nothing for a name of one word."""
    letters = "".join(word[0] for word in _words(name) if word[:1].isupper() and fold(word) not in _NOT_OF_NAME)
    return letters if len(letters) > 1 else ""


def _plain(text: str) -> str:
    return normal(text)[0].casefold().strip()


def _short(entry: Located) -> str:
    return repr(entry.words[:80])
