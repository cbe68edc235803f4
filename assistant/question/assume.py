"""A question in, what it takes for granted out, in its own words, with the question that takes it for granted no more.

"Why did NATO accept the treaties?" takes for granted that NATO accepted them; "Did NATO accept the treaties?" does not.
Rules of English, after the triggers of presupposition (Levinson, "Pragmatics", 1983, chapter 4): questions for a reason
or a circumstance, clauses of time and concession, factive verbs, changes of state, nouns and adjectives that accuse.
What is not understood is not taken for anything. Pure functions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.question.opposites import ADJECTIVES, DEEDS, is_past, is_verb, past, plain
from index.terms import STOPWORDS


@dataclass(frozen=True, slots=True)
class Assumed:
    """Something that a question takes for granted."""

    text: str  # a clause: "NATO accepted the treaties"
    neutral: str  # the question that leaves it open
    subject: str
    verb: str  # or the adjective that it hangs on
    rest: str
    negated: bool = False
    passive: bool = False  # something is done to the subject
    loaded: bool = True  # it is what the question is about; one that asks when, which or how takes it along
    once: bool = False  # it happened at some time or place, and the opposite may have at another
    ended: bool = False  # it is said to be over, so that nobody who does it now speaks against it


_LONGEST = 400  # characters; a longer question is taken for granted nothing from
_BE = r"is|are|was|were"
_HAVE = r"has|have|had"
_ASKED = re.compile(
    rf"^(?:and |but |so )?(?P<wh>why|for what reasons?|when|where|how|what (?:made|makes)(?= )"
    rf"|(?:by )?how (?:much|many)(?: [\w’'-]+){{0,2}}?"
    rf"|(?:in |on |at |by |to |for |from |under |with )?(?:which|what)(?: [\w’'%-]+){{0,4}}?)"
    rf"(?:(?<=what made)|(?<=what makes)| (?P<aux>did|do|does|will|{_BE}|{_HAVE})(?P<nt>n['’]t)?) (?P<body>.+)$",
    re.IGNORECASE,
)
_COME = re.compile(r"^how come (?:that )?(?P<body>.+)$", re.IGNORECASE)
_CLAUSE = re.compile(
    r"(?:\b(?:after|once|since|now that|given that|considering that|even though|although|though|despite the fact that"
    r"|because|(?:is|was) it (?:not )?(?:true|clear|obvious|a fact) that)|n['’]t it (?:true|clear|obvious|a fact) that"
    r"|\b(?:agree that|(?:reali[sz]|admit|admitt|acknowledg|ignor|regrett?|forg[eo]t|forgott)\w* (?:the fact )?that))"
    r" (?P<body>[^,;?]+)",
    re.IGNORECASE,
)
_TAG = re.compile(r",\s*(?:right|(?:is|are|was|were|did|does|do|has|have)n['’]t (?:it|he|she|they|we))\s*$", re.I)
_SAYING = frozenset(
    "say think mean describe call happen claim argue write suggest report explain respond react feel believe view see"
    " differ compare relate matter ask propose recommend demand define judge assess characterise do".split()
)
_VAGUE = frozenset("be have do get go come seem become remain".split())
_ADVERB = re.compile(
    r"(?:never|ever|not|still|again|so|also|finally|even|really|actually|already|suddenly|once|always|simply|then)$"
)
_NOTHING = re.compile(r"(?:nothing|nobody|none|no(?: one)?)\b", re.IGNORECASE)
_REGRETTED = re.compile(
    r"^(?:(?:why|when|how) )?(?:did|do|does|has|have|is|are|will) (?P<who>(?:the )?[\w’'-]+(?: [\w’'-]+){0,4}?)"
    r" (?P<fact>(?:regrett?|reali[sz]|admit|admitt|acknowledg|forg[eo]t|forgott)\w* (?:the fact )?that)"
    r" (?:he|she|it|they) ",
    re.IGNORECASE,
)  # whom "it" means there
_REGARDING = frozenset("regard see view treat consider judge rate".split())
_SMALL = frozenset("the a an this that these those his her its their our your my some any no every each".split())
_GLUE = frozenset(
    "of in on at for from by with to and or between against into over under about as near than not n't".split()
)
_PRONOUNS = frozenset("he she they it we i you there".split())
_ACCUSED = re.compile(
    rf"\b(?P<who>(?:the )?(?:[A-Z][\w-]+ ?)+)['’]s? (?:\w+ )?(?P<deed>{'|'.join(DEEDS)})"
    r"(?: of (?P<what>(?:the )?[\w-]+(?: [A-Z][\w-]+)*))?\b"
)
_CHANGES = re.compile(r"^(stop|cease|quit|start|begin|keep|continue|resume)$")
_MODIFIED = re.compile(
    rf"\b(?:the|these|those|this|that) (?P<how>{'|'.join(sorted(ADJECTIVES))}) (?P<what>[\w-]+(?: [\w-]+)?)", re.I
)


def assumed(question: str) -> tuple[Assumed, ...]:
    """What a question takes for granted, in the order of how sure that is; nothing for one that asks whether."""
    question = " ".join(question.replace("\u00a0", " ").split()).strip(" ?!.…")
    if len(question) > _LONGEST or not question.isprintable():
        return ()
    question = _TAG.sub("", question)
    first = _asked(question)
    if first and re.match(r"how\b", question, re.IGNORECASE) and first.verb in _REGARDING:
        first = None  # "How does he regard it?" asks just that
    if first and not re.match(r"(?:and |but |so )?(?:why|how come|for what|what ma[dk]e)", question, re.IGNORECASE):
        circumstance = bool(re.match(r"(?:and |but |so )?(?:when|where|how)\b", question, re.IGNORECASE))
        first = replace(first, loaded=False, once=circumstance)
    found = [
        first,
        *_clauses(_REGRETTED.sub(r"\g<fact> \g<who> ", question)),
        *_accusations(question),
        *_modified(question),
    ]
    found = [entry for entry in found if entry and plain(entry.verb) not in _VAGUE]
    unique: dict[tuple[str, str], Assumed] = {}
    for entry in found:
        unique.setdefault((entry.subject, entry.verb), entry)
    return tuple(unique.values())


# ── Questions for a reason, a circumstance or a thing ────────────────────────────────────────────────────────────────


def _asked(question: str) -> Assumed | None:
    if come := _COME.match(question):
        return _clause(come["body"])
    match = _ASKED.match(question)
    if match is None:
        return None
    wh, aux, body = match["wh"].lower(), (match["aux"] or "").lower(), match["body"]
    # A clause of time or reason at its end is another thing taken for granted.
    body = re.split(r"[,;]|\s(?:after|once|even though|although|because|since)\s", body)[0].strip()
    if wh.startswith("what ma"):
        aux = "did" if not aux else ""
    if not aux:
        return None
    negated = bool(match["nt"])
    thing = _thing(match["wh"])
    if aux in ("did", "do", "does", "will"):
        return _done(body, aux, thing, negated)
    return _been(body, aux, negated) if not thing else None


def _thing(wh: str) -> str:
    """What "which concessions" asks for: "concessions"; "" of "why"."""
    match = re.fullmatch(r"(?:by )?(?:which|what|how many|how much) (.+)", wh, re.IGNORECASE)
    return match.group(1) if match and not wh.lower().startswith("what ma") else ""


def _done(body: str, aux: str, thing: str, negated: bool) -> Assumed | None:
    words = body.split()
    at = _verb_at(words)
    if at is None:
        return None
    before = [word for word in words[:at] if not _ADVERB.match(word)]
    negated |= any(word in ("not", "never") for word in words[:at])
    subject, verb, rest = " ".join(before), words[at], " ".join(words[at + 1 :])
    if _NOTHING.match(rest):
        return None  # who ate nothing is not said to have eaten
    changed = re.match(r"(\w{3,}ing)\b(.*)", rest) if _CHANGES.match(verb) else None
    if changed:  # who stopped doing it did it
        inner = _from_ing(changed.group(1))
        if inner is None:
            return None
        rest = changed.group(2).strip()
        clause = f"{subject} {past(inner) or f'did {inner}'} {rest}".strip()
        ended = verb in ("stop", "cease", "quit")
        return Assumed(clause, f"Did {subject} ever {inner} {rest}".strip() + "?", subject, inner, rest, ended=ended)
    if verb in _SAYING:
        return None
    rest_shown = f"any {thing} {rest}".strip() if thing else rest
    rest = f"{thing} {rest}".strip()
    if negated:
        clause = f"{subject} {aux} not {verb} {rest}".strip()
        return Assumed(
            clause, f"{aux.capitalize()} {subject} {verb} {rest}?".replace("  ", " "), subject, verb, rest, True
        )
    stated = {"did": past(verb) or f"did {verb}", "do": verb, "does": _third(verb)}.get(aux, f"{aux} {verb}")
    clause = " ".join(f"{subject} {stated} {f'some {thing} ' if thing else ''}{rest.removeprefix(thing)}".split())
    neutral = " ".join(f"{aux.capitalize()} {subject} {verb} {rest_shown}".split()) + "?"
    return Assumed(clause, neutral, subject, verb, rest)


def _been(body: str, aux: str, negated: bool) -> Assumed | None:
    words = body.split()
    at = next(
        (
            at
            for at, word in enumerate(words)
            if at and (is_past(word) or word in ADJECTIVES or _is_ing(word)) and words[at - 1].lower() not in _SMALL
        ),
        None,
    )
    if at is None:
        return None
    negated |= "not" in words[:at] or "never" in words[:at]
    subject = " ".join(word for word in words[:at] if word != "being" and not _ADVERB.match(word))
    verb, rest = words[at], " ".join(words[at + 1 :])
    if not _is_subject(subject) or plain(verb) in _SAYING:
        return None
    no = " not" if negated else ""
    passive = aux not in ("has", "have", "had") and is_past(verb)
    clause = f"{subject} {aux}{no} {verb} {rest}".strip()
    return Assumed(
        clause, f"{aux.capitalize()} {subject} {verb} {rest}".strip() + "?", subject, verb, rest, negated, passive
    )


def _verb_at(words: list[str]) -> int | None:
    """Where the verb stands behind "did": after a name or a pronoun the first word that may be one, else the last one
    of the first run of such words, as "trade" and "fall" in "did trade fall"."""
    if not words:
        return None
    opens = words[0].lower() in _SMALL
    candidates = [at for at, word in enumerate(words) if at and is_verb(word) and _may_follow(words[at - 1])]
    if not opens and words[0][:1].isupper():
        return candidates[0] if candidates else None
    if words[0].lower() in _PRONOUNS:
        return 1 if len(words) > 1 and is_verb(words[1]) else None
    if is_verb(words[0]) and not opens and not candidates:
        return None
    if not candidates:
        return None
    at = candidates[0]
    while at + 1 in candidates:
        at += 1
    return at


def _may_follow(word: str) -> bool:
    return word.lower() not in _SMALL and word.lower() not in _GLUE - {"not"} and not word.endswith(("'s", "’s"))


def _is_subject(text: str) -> bool:
    words = [word for word in re.findall(r"\w+", text) if word.lower() not in STOPWORDS]
    return bool(words) and len(text.split()) <= 9


def _is_ing(word: str) -> bool:
    return word.islower() and word.endswith("ing") and word not in ("being", "during") and _from_ing(word) is not None


def _from_ing(word: str) -> str | None:
    root = word[:-3]
    forms = (root, root + "e", root[:-1] if root[-1:] == root[-2:-1] else root)
    return next((form for form in forms if is_verb(form)), None)


def _third(verb: str) -> str:
    if verb in ("have", "do", "go"):
        return {"have": "has", "do": "does", "go": "goes"}[verb]
    if verb.endswith(("s", "x", "ch", "sh", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


# ── Clauses, deeds and judgements inside of a question ───────────────────────────────────────────────────────────────


def _clauses(question: str) -> list[Assumed]:
    return [found for match in _CLAUSE.finditer(question) if (found := _clause(match["body"]))]


def _clause(body: str) -> Assumed | None:
    """A clause with its verb in the past, or with "is" and "has"."""
    words = re.split(r"\s(?:but|while|when|because)\s", body)[0].split()
    for at, word in enumerate(words):
        low = word.lower()
        if not at or not _may_follow(words[at - 1]):
            continue
        subject, after = " ".join(words[:at]), words[at + 1 :]
        if not _is_subject(subject):
            continue
        negated = low.endswith(("n't", "n’t")) or bool(after and after[0].lower() in ("not", "never"))
        after = after[1:] if after and after[0].lower() in ("not", "never") else after
        if re.fullmatch(rf"(?:{_BE}|{_HAVE}|did|does|do|been)(?:n['’]t)?", low):
            if not after:
                return None
            verb, rest = after[0], " ".join(after[1:])
            if not (is_past(verb) or is_verb(verb) or verb.lower() in ADJECTIVES):
                return None
            passive = bool(re.match(rf"(?:{_BE})", low)) and is_past(verb)
        elif is_past(word):
            verb, rest, passive = word, " ".join(after), False
        else:
            continue
        if plain(verb) in _SAYING:
            return None
        clause = " ".join(words)
        return Assumed(clause, f"Do the sources say that {clause}?", subject, verb, rest, negated, passive)
    return None


def _accusations(question: str) -> list[Assumed]:
    found: list[Assumed] = []
    for match in _ACCUSED.finditer(question):
        who, deed, what = match["who"].strip(), match["deed"], match["what"] or ""
        said = f"{deed} of {what}" if what else deed
        clause = f"there was a {said} by {who}"
        if deed[0] in "aeiou":
            clause = clause.replace("a ", "an ", 1) if clause.startswith("a ") else clause.replace(" a ", " an ", 1)
        found.append(Assumed(clause, f"Do the sources say that {clause}?", who, deed, what, once=not what))
    return found


def _modified(question: str) -> list[Assumed]:
    found: list[Assumed] = []
    for match in _MODIFIED.finditer(question):
        how, words = match["how"].lower(), match["what"].split()
        if len(words) == 2 and (words[1].lower() in STOPWORDS or is_past(words[1])):
            words = words[:1]
        what = " ".join(words)
        verb = "are" if what.endswith("s") else "is"
        clause = f"the {what} {verb} {how}"
        found.append(Assumed(clause, f"{verb.capitalize()} the {what} {how}?", f"the {what}", how, ""))
    return found
