"""Text in, its negations out: a word rule, as sentences that mean the opposite differ by little else. Pure functions.

"Putin wants a deal" and "Putin wants no deal" share every name and number. English is covered; of other languages the
words that negate a clause.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_STRONG = frozenset(
    """not no never none nobody nothing neither nor nowhere without cannot hardly barely scarcely
    nicht kein keine keinen keiner keines nie niemals niemand nichts weder ohne
    pas jamais aucun aucune personne rien sans
    nunca ningún ninguna nadie nada sin tampoco
    não nunca nenhum nenhuma ninguém sem
    non mai nessun nessuno nessuna niente senza
    niet geen nooit niemand niets zonder
    nie żaden bez не нет ни никогда никто ничего без немає ніхто нічого ніколи""".split()
)
# What says no without a negation: a claim may use one for a source's "not".
_SOFT = re.compile(
    r"\b(refus\w*|reject\w*|den(?:y|ies|ied|ying|ials?)|lack\w*|fail\w*|oppos\w*|rul\w+ out|declin\w*|unable|unlikely"
    r"|impossib\w*|absen\w*|dismiss\w*|disput\w*|exclud\w*|against|avoid\w*|prevent\w*|block\w*|stop\w*|ceas\w*"
    r"|abandon\w*|withh\w+ld\w*|instead|rather than|far from|too (?:weak|late|small|little|few)"
    r"|un(?!i|der|til|less|to\b|cle)\w{4,}|(?:im|in|ir|dis)(?=possib|capab|abilit|relev|agree|believ|approv)\w+)\b",
    re.IGNORECASE,
)
# Words that negate nothing: "not only", "no doubt", "no fewer than".
_IDIOMS = re.compile(
    r"\bnot (?:only|just|merely|simply|least)\b|\bno (?:doubt|fewer|less|more|later|sooner|matter|wonder)\b"
    r"|\bnothing less\b|\bnothing but\b|\bwhether or not\b|\bif not\b|\bnot to mention\b|\bnone ?theless\b"
    r"|\bnever ?theless\b|\bno\. ?(?=\d)|\bNo \d",
    re.IGNORECASE,
)


def negators(text: str) -> int:
    """How many words of a text negate."""
    return sum(_is_strong(match.group()) for match in _WORD.finditer(_IDIOMS.sub(" ", text)))


def negates(text: str) -> bool:
    """Whether anything in a text is negated by a word that does nothing else."""
    return negators(text) > 0


def says_no(text: str) -> bool:
    """Whether a text negates in any way, also by a verb: refuses, lacks, rules out."""
    return negates(text) or bool(_SOFT.search(_IDIOMS.sub(" ", text)))


def cut_off(text: str, start: int, end: int) -> bool:
    """Whether the negation of what a stretch says stands just in front of it: "did not | agree to the deal"."""
    before = re.split(r"[.!?;:,\n\r\u2013\u2014()\"“”]", text[max(0, start - 60) : start])[-1]
    near = [match.group() for match in _WORD.finditer(_IDIOMS.sub(" ", before))][-3:]
    return any(_is_strong(word) for word in near)


def _is_strong(word: str) -> bool:
    folded = word.lower().replace("’", "'")
    return folded in _STRONG or folded.endswith("n't")
