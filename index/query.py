"""A question in, what is searched for out: its content words, each with every spelling that the corpus uses.

Reads the library's word frequencies and spelling table; knows no vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.library import Library
from index.terms import STOPWORDS, fold, stem, words

# A word in more passages than this makes FTS5 slow (181 ms for one very common word at 200,000 passages). Not a share
# of the corpus: leaving out what stands in 5 % of 5,400 passages cost 5 points of nDCG@10.
_COMMON = 3_000
# Where all words are that common, the rarest is searched up to here: what stands in more passages tells none from the
# others, and ranking a million of them takes a second.
_COMMONEST = 30_000
_MOST = 48  # words of one question that are searched


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question."""

    word: str  # as the reader wrote it
    spellings: tuple[str, ...]  # as the corpus writes it; the word itself where there is only one way
    passages: int  # that hold it in any spelling

    @property
    def stems(self) -> frozenset[str]:
        """The forms under which the index keeps it."""
        return frozenset(stem(spelling) for spelling in self.spellings)

    @property
    def is_name(self) -> bool:
        """Written with a capital, or as an abbreviation."""
        return self.word[0].isupper()


@dataclass(frozen=True, slots=True)
class Query:
    """A question, taken apart."""

    text: str
    terms: tuple[Term, ...]

    @property
    def searched(self) -> tuple[Term, ...]:
        """The words worth searching for: the rare ones, or the rarest."""
        rare = tuple(term for term in self.terms if term.passages <= _COMMON)
        rarest = min(self.terms, key=lambda term: term.passages, default=None)
        return rare or ((rarest,) if rarest is not None and rarest.passages <= _COMMONEST else ())

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The names that were searched in more than one spelling."""
        return tuple(term.spellings for term in self.terms if len(term.spellings) > 1)


def read(question: str, library: Library, *, literal: bool = False) -> Query:
    """Take a question apart.

    Args:
        literal: its words as they are, and no other spelling of a name.
    """
    terms: dict[str, Term] = {}
    for word in words(question):
        folded = fold(word)
        if folded in STOPWORDS or stem(word) in terms or len(terms) == _MOST:
            continue
        spellings = (word,) if literal else library.spellings.get(folded, (word,))
        passages = sum(library.frequency(form) for form in {stem(spelling) for spelling in spellings})
        terms[stem(word)] = Term(word, spellings, passages)
    return Query(question, tuple(terms.values()))
