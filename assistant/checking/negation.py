"""Text in, its negations out: a word rule, as sentences that mean the opposite differ by little else. Pure functions.

"Putin wants a deal" and "Putin wants no deal" share every name and number. English is covered; of other languages the
words that negate a clause.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"\b(?!non-)[^\W\d_]+(?:['’][^\W\d_]+)?", re.IGNORECASE)
_STRONG = frozenset(
    """not no never none nobody nothing neither nor nowhere without cannot
    hardly barely scarcely rarely seldom""".split()
)
_FOREIGN = frozenset(
    """nicht kein keine keinen keiner keines nie niemals niemand nichts weder ohne
    pas jamais aucun aucune personne rien sans
    nunca ningún ninguna nadie nada sin tampoco
    não nunca nenhum nenhuma ninguém sem
    non mai nessun nessuno nessuna niente senza
    niet geen nooit niemand niets zonder
    nie żaden bez не нет ни никогда никто ничего без немає ніхто нічого ніколи""".split()
)
# "Sin", "mai" and "non" are words of English too, as in Chiang Mai and non-binding.
_ENGLISH = re.compile(r"\b(?:the|and|that|with|for|from|by|its|their|they)\b", re.IGNORECASE)
_ASIDE = re.compile(r",[^,.;:\"“”]{1,30},\s*$")  # "did not, he said, | agree"
# What says no without a negation: a claim may use one for a source's "not".
_SOFT = re.compile(
    r"\b(refus\w*|reject\w*|den(?:y|ies|ied|ying|ials?)|lack\w*|fail\w*|oppos\w*|rul\w+ out|declin\w*|unable|unlikely"
    r"|impossib\w*|absen\w*|dismiss\w*|disput\w*|exclud\w*|against|avoid\w*|prevent\w*|block\w*|stop\w*|ceas\w*"
    r"|abandon\w*|withh\w+ld\w*|instead|rather than|far from|too (?:weak|late|small|little|few)|yet to|short of"
    r"|free (?:of|from)|bann?(?:ed|ing|s)?|forb[ai]d\w*|prohibit\w*|cancel\w*|scrap(?:s|ped|ping)?|halt\w*|veto\w*"
    r"|overturn\w*|revok\w*|quash\w*|barred|(?<!\ba )few(?:er)?|non"
    r"|un(?!i|an|der|til|less|to\b|cle|veil|cover|fold)\w{4,}|unansw\w+"
    r"|(?:im|in|ir|dis|il)(?=possib|capab|abilit|relev|agree|believ|approv|legal|legitim|logic|valid|complet|suffic"
    r"|adequa|accura|secur|regular)\w+)\b",
    re.IGNORECASE,
)
# Words that negate nothing: "not only", "no doubt", "no fewer than".
_IDIOMS = re.compile(
    r"(?:\bnot|\b\w+n['’]t) (?:only|just|merely|simply|least)\b|\bnot-for-profit\b|\bnot to mention\b"
    r"|(?:\bnot|\w+n['’]t|\bnever) (?:to |be )?(?:forget|forgotten|overlook(?:ed)?)\b"
    r"|\b(?:no|not) (?:fewer|less|more|later|sooner|earlier) than\b"
    r"|\bno (?:doubt|matter|wonder|stranger|secret|small|mean)\b"
    r"|\bnothing (?:less|but)\b|\bwhether or not\b|\bif not\b|\b(?:none|never) ?the ?less\b"
    r"|\b(?:is|are|was|were) not (?:named|identified)\b|\bnone other\b|\bsecond to none\b"
    r"|\b(?:hardly|barely|scarcely) (?=\d|a |half )|\bno\. ?(?=\d)|\bno (?=\d)",
    re.IGNORECASE,
)


def negators(text: str) -> int:
    """How many words of a text negate."""
    foreign = not _ENGLISH.search(text)
    return sum(_is_strong(match.group(), foreign) for match in _WORD.finditer(_IDIOMS.sub(" ", text)))


def negates(text: str) -> bool:
    """Whether anything in a text is negated by a word that does nothing else."""
    return negators(text) > 0


def says_no(text: str) -> bool:
    """Whether a text negates in any way, also by a verb or a prefix: refuses, lacks, rules out, illegal."""
    return negates(text) or bool(_SOFT.search(_IDIOMS.sub(" ", text)))


def cut_off(text: str, start: int, end: int) -> bool:
    """Whether the negation of what a stretch says stands just in front of it: "did not | agree to the deal"."""
    before = _ASIDE.sub(" ", text[max(0, start - 60) : start])
    before = re.split(r"[.!?;:,\n\r\u2013\u2014()\"“”]", before)[-1]
    near = [match.group() for match in _WORD.finditer(_IDIOMS.sub(" ", before))][-3:]
    foreign = not _ENGLISH.search(text[max(0, start - 60) : end])
    return any(_is_strong(word, foreign) for word in near)


def _is_strong(word: str, foreign: bool) -> bool:
    folded = word.lower().replace("’", "'")
    return folded in _STRONG or folded.endswith("n't") or (foreign and folded in _FOREIGN)
