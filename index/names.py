"""A corpus's proper names in, the spellings that mean the same name out.

Writers spell a foreign name as they hear it: one president stands in the same folder as Zelensky, Zelenskiy,
Zelenskyy, Zalensky and Zalenksy. Spellings are joined when their transliteration is the same, or when a rare one
is a typing error away from a frequent one. The table is found in the corpus and shown to the reader.

Pure functions. Joining too little costs a mention; joining too much mixes two people, so doubt keeps names apart.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping

from rapidfuzz.distance import OSA

from index.terms import STOPWORDS, fold

Spellings = Mapping[str, tuple[str, ...]]  # folded spelling -> every spelling of that name, the most frequent first

_CAPITALISED = re.compile(r"(?<!^)(?<!\n)(?<![.!?:…\"“”‘«»(\[\-—–\n] )(?<![\w’'.\-])([A-ZÀ-ÖØ-ÞĀ-Ž][\w’'\-]*[\w])")
_LOWER_WORD = re.compile(r"(?<![\w’'\-])([a-zß-öø-ÿ][\w’'\-]*)")
_SHORTEST = (
    7  # letters; below that, one letter more or less is often another name (Baker and Backer, Carol and Carroll)
)
_RARE = 0.5  # a typing error is at most this often as frequent as the name it stands for

# Spellings further apart than a rule may join, in use for the same place or person in English-language news.
_KNOWN = (
    ("kyiv", "kiev", "kyjiw", "kiew"),
    ("kharkiv", "kharkov"),
    ("odesa", "odessa"),
    ("lviv", "lvov"),
    ("dnipro", "dnepr", "dnieper"),
    ("luhansk", "lugansk"),
    ("zaporizhzhia", "zaporizhia", "zaporozhye", "zaporizhzhya", "zaporozhzhia"),
    ("mykolaiv", "nikolaev"),
    ("gaddafi", "qaddafi", "gadhafi", "kadhafi", "qadhafi"),
    ("mohammed", "muhammad", "mohammad", "mohamed", "muhammed"),
    ("hezbollah", "hizbollah", "hizbullah"),
    ("beijing", "peking"),
    ("mumbai", "bombay"),
    ("kolkata", "calcutta"),
    ("yangon", "rangoon"),
    ("türkiye", "turkey"),
    ("soleimani", "suleimani", "sulaimani", "soleymani"),
)


def find(text: str) -> Counter[str]:
    """The capitalised words of a text that do not begin a sentence, with how often they occur there.

    Words that the same text also writes in lower case are left out: they are headings or emphasis.
    """
    lower = set(_LOWER_WORD.findall(text))
    found: Counter[str] = Counter()
    for match in _CAPITALISED.finditer(text):
        name = re.sub(r"[’']s?$", "", match.group(1))
        if len(name) > 2 and name.lower() not in lower and not name.isupper() and fold(name) not in STOPWORDS:
            found[name] += 1
    return found


def spellings(counts: Mapping[str, int], known: Container[str]) -> dict[str, tuple[str, ...]]:
    """Group the names of a whole corpus, given how often each occurs.

    A spelling that is a well-known word of its own (in `known`, folded) is nobody's variant: Ministry is not a slip
    for Minister, nor Francis for Frances. In which order the names were found makes no difference.
    """
    totals: Counter[str] = Counter()
    written: dict[str, list[str]] = {}
    for name in sorted(counts):
        folded = fold(name)
        totals[folded] += counts[name]
        written.setdefault(folded, []).append(name)

    group = {name: name for name in totals}

    def root(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    pairs = (*_same_sound(totals), *_typing_errors(totals))
    for first, second in (*(pair for pair in pairs if not (pair[0] in known and pair[1] in known)), *_known(totals)):
        group[root(second)] = root(first)

    members: dict[str, list[str]] = defaultdict(list)
    for name in totals:
        members[root(name)].append(name)
    table: dict[str, tuple[str, ...]] = {}
    for names in members.values():
        if len(names) > 1:
            names.sort(key=lambda name: (-totals[name], name))
            shown = tuple(max(written[name], key=lambda way: counts[way]) for name in names)
            table |= dict.fromkeys(names, shown)
    return table


def _same_sound(totals: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    """Pairs whose transliteration is the same: Zelenskiy and Zelenskyy, Abdallah and Abdullah is not (vowels)."""
    sounding: dict[str, list[str]] = defaultdict(list)
    for name in totals:
        if len(name) >= _SHORTEST:
            sounding[_sound(name)].append(name)
    for names in sounding.values():
        yield from ((names[0], other) for other in names[1:])


def _sound(name: str) -> str:
    """How a name sounds, whichever way it was brought into the Latin alphabet."""
    for pattern, sound in (
        (r"(iy|yy|yi|ij|ii|ey|ei|y|i)$", "i"),
        (r"yy|iy|ij|ii|yi", "i"),
        (r"y", "i"),
        (r"w", "v"),
        (r"kh", "h"),
        (r"ph|ff", "f"),
        (r"tz|ts", "z"),
        (r"q|ck", "k"),
        (r"sch|sh|sz", "s"),
        (r"j", "i"),
        (r"(.)\1", r"\1"),
    ):
        name = re.sub(pattern, sound, name)
    return name


def _typing_errors(totals: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    """Pairs of a frequent name and a rarer one with the same consonants, one slip away: Zalenksy for Zalensky."""
    blocks: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in totals:
        if len(name) > _SHORTEST and name.isalpha():
            blocks[(name[0], *sorted(re.sub(r"[aeiouy]|(.)(?=\1)", "", name)))].append(name)
    for names in blocks.values():
        names.sort(key=lambda name: (-totals[name], name))
        for at, rare in enumerate(names):
            for frequent in names[:at]:
                if totals[rare] <= _RARE * totals[frequent] and _is_slip(rare, frequent):
                    yield frequent, rare
                    break


def _is_slip(rare: str, frequent: str) -> bool:
    return OSA.distance(rare, frequent, score_cutoff=2) <= 2 and not _inflected(rare, frequent)


def _inflected(first: str, second: str) -> bool:
    """Austria and Austrian, Putin and Putina: one word with another ending is not a slip."""
    shorter, longer = sorted((first, second), key=len)
    return longer.startswith(shorter[:-1]) and longer[len(shorter) - 1 :] not in (shorter[-1:],)


def _known(totals: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    for names in _KNOWN:
        present = [name for name in (fold(name) for name in names) if name in totals]
        yield from ((present[0], other) for other in present[1:])
