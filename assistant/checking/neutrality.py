"""A sentence in, the words with which it takes a side out: verbs that endorse or doubt what somebody says, and opinions
that it gives to nobody. What stands between quotation marks is somebody's, and is left out before.

The lists are compact, ours and of English. They follow Wikipedia's words to watch: "said", "wrote", "according to" are
neutral; "noted" and "revealed" endorse, "claimed" doubts, "admitted" and "denied" hint at guilt. A word that is often a
plain fact is asked for its company: "denied that", not "denied entry". Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.checking.attribution import gives_to_source, untitled
from assistant.checking.quotes import without_quotations
from assistant.checking.saying import attributed
from assistant.checking.shown import Located, Problem, Shown
from assistant.writing.parse import Proposal
from index import terms

# ── Verbs of report ──────────────────────────────────────────────────────────────────────────────────────────────────

_CLAUSE = r" (?:that|how|there|he|she|it|they|not|his|her|its|their|the|a|an|being|having|(?-i:[A-ZÀ-Þ])[\w’'\-]+)\b| “"
_STOP = r"(?=[,:.]|$)"
_CHARGE = r"(?:charge|accusation|allegation|claim|report|involvement|responsibility|wrongdoing|guilt)"
_NOT_CLAIMED = r"(?! (?:\w+ ){0,3}(?:lives|life|victims?)\b| (?:the )?(?:victory|credit|responsibility|asylum|title))"
_NOT_ADMITTED = (
    r"(?! (?:\w+ ){0,4}into\b"
    r"| to (?:\w+['’]s? |\w+\. |\w+ )*?(?:hospital|clinic|ward|union|club|court|school|university|bar)\b)"
)
# A verb, in the forms in which it reports, with what must follow it; "" where nothing else is meant by it.
_LOADED = {
    # as true
    r"not(?:e|es|ed|ing)": r" (?:that|how)\b",
    r"noted": rf"{_STOP}| “| (?:the|a|an|its|his|her|their)\b",
    r"noting": "",
    r"reveal(?:s|ed|ing)?": "",
    r"point(?:s|ed|ing)? (?:\w+ )?out": "",
    r"acknowledg(?:e|es|ed|ing)": "",
    r"recogni[sz](?:e|es|ed|ing)": r"(?:,? \w+ly,?)? that\b",
    r"expos(?:e|es|ed|ing)": r" (?:that|how|the|a|an|his|her|its|their)\b",
    r"remind(?:s|ed|ing)?": r" (?:\w+ ){1,3}that\b",
    r"debunk(?:s|ed|ing)?|refut(?:e|es|ed|ing)": "",
    # as untrue
    r"claim(?:s|ed|ing)?": rf"{_NOT_CLAIMED}(?:{_CLAUSE}| to (?:be|have)\b|{_STOP})",
    r"alleg(?:e|es|ed|ing|edly)|purport(?:s|ed|edly)?|supposedly|so-called|pretend(?:s|ed|ing)?": "",
    r"insist(?:s|ed|ing)?": rf"(?! on\b| upon\b)(?:{_CLAUSE}|{_STOP})",
    r"(?:boast|brag|gloat|rant|whin)(?:s|es|ed|ged|ing|ging)?": r"(?: that\b|,|:)",
    # as guilty
    r"admit(?:s|ted|ting)?": rf"{_NOT_ADMITTED}(?:{_CLAUSE}| to\b| (?:guilt|defeat|mistakes)\b|{_STOP})",
    r"den(?:y|ies|ied|ying)": rf" (?:that|it|there|\w+ing)\b| (?:\w+ )?(?:\w+ )?{_CHARGE}s?\b|{_STOP}",
    r"conced(?:e|es|ed|ing)": r" (?:that|the point)\b|(?=[,:])",
    r"confess(?:es|ed|ing)?": "",
}
_REPORTS = re.compile(
    "|".join(rf"(?<![\w’'\-])(?:{verb})(?![\w’'\-])(?:{after})" for verb, after in _LOADED.items()), re.IGNORECASE
)
# In front of it these make a noun or an adjective of it: "its claims", "a noted author", "was admitted".
_NO_REPORT = re.compile(
    r"(?:\b(?:the|a|an|these|those|its|his|her|their|our|any|of|such|some|many|no|against|about|over|reject\w*|dismiss\w*"
    r"|disput\w*|mak\w+|made)|\w[’']s?)(?: (?:\w+(?:al|ive|ic|ed|ous|less|ing|ary)|false|old|new|main|first))? $",
    re.IGNORECASE,
)
_ANYWHERE = re.compile(r"alleg|purport|suppos|so-called|reveal|point|confess|debunk|refut|pretend", re.IGNORECASE)
_BEING = re.compile(r"\b(?:is|are|was|were|be|been|being)(?: \w+ly| not| also)? $", re.IGNORECASE)

# ── Opinions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _any_of(words: str) -> str:
    """A pattern for any of these; a star stands for any ending, an underscore for a space."""
    return "|".join(word.replace("*", r"\w*").replace("_", " ") for word in words.split())


_BE = r"(?:is|are|was|were|be|been|being|isn['’]t|aren['’]t|seems?|remains?|proves?)(?: not| \w+ly)*"
# What ought to be done.
_DUTY = (
    r"should(?:n['’]t)?|must(?:n['’]t)?|ought|had better|(?<!will )(?<!would )(?<!may )(?<!['’]ll )needs? to"
    r"|(?:is|was|['’]s|high) time (?:that|for|to)|no choice but|deserv(?:e|es|ed)|(?:can|must) ?not be allowed"
)
# What something is worth; words that have next to no other use.
_WORTH = _any_of(
    """absurd* abominabl* admirabl* appalling* arrogan* awful* barbaric brave bravely brilliant* catastrophic
    contemptible courageous* coward* craven crazy cruel* cynical* decent indecent deluded delusional deplorable
    despicable disastrous* disgrace* disgusting dishonest* dishonourable dishonorable doomed dreadful evil excellent
    farce farcical foolish* futile glorious heroic hideous hopeless horrible horrific humiliating hypocrit*
    hypocrisy idiotic idiocy immoral indefensible inexcusable inhuman* insane insanity intolerable irresponsible
    laughable ludicrous lunacy madness malicious misguided monstrous naive naïve obscene outrageous pathetic
    pointless preposterous reckless* reprehensible ridiculous scandalous senseless sham shame* short-sighted
    shortsighted sinister spineless splendid stupid* terrible tragic travesty treacher* unacceptable unconscionable
    unfair unforgivable unjust unjustifi* unreasonable unwise useless vicious vile warmonger* wicked wise wisely
    wonderful worthless betrayal betrayals blunder blunders capitulation debacle fiasco folly appeasement tyrant
    tyrants tyranny thug thugs crook crooks"""
)
# Words that are a plain fact elsewhere: "the ferry disaster".
_WORTH_AFTER_BE = (
    rf"{_BE} (?:(?:a|an|the|more|very|too|quite|simply) )?(?:\w+ )?(?:disaster|catastrophe|tragedy|success|failure"
    r"|mistake|triumph|lie|fraud|scandal|joke|trap|good|bad|justified|legitimate|illegitimate|dangerous)\b"
)
# How sure something is.
_CERTAIN = """clearly obviously evidently plainly undoubtedly unquestionably undeniably indisputably surely of_course
    no_doubt needless_to_say the_truth_is the_fact_is the_fact_remains it_is_clear_that it_is_obvious_that"""
_CERTAINTY = _any_of(_CERTAIN) + r"|(?<!almost )(?<!all but )certainly"
# Who is right: a correction may say it of the question.
_VERDICT = (
    rf"in (?:fact|truth|reality)|it is (?:not )?true that|{_BE} (?:right|wrong|correct|incorrect|mistaken|false|untrue"
    r"|true|misleading|convincing|unconvincing|credible|baseless|unfounded|to blame|at fault)\b(?!-| now)"
)
# What is the writer's own comment, wherever it stands before whoever is quoted.
_COMMENT = _any_of(
    """unfortunately fortunately sadly regrettably luckily unluckily thankfully mercifully hopefully alas rightly
    wrongly justly deservedly shamefully ironically tellingly alarmingly shockingly disturbingly worryingly
    astonishingly predictably wisely bravely absurdly conveniently correctly aptly falsely truthfully surprisingly
    unsurprisingly"""
)
_OPINIONS = re.compile(rf"\b(?:{_DUTY}|{_WORTH}|{_WORTH_AFTER_BE}|{_CERTAINTY}|{_VERDICT})(?![\w’'])", re.IGNORECASE)
_BUT_VERDICTS = re.compile(rf"\b(?:{_DUTY}|{_WORTH}|{_WORTH_AFTER_BE}|{_CERTAINTY})(?![\w’'])", re.IGNORECASE)
_COMMENTS = re.compile(rf"\b(?:{_COMMENT})\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[a-z0-9”)]{2}[.!?]) +(?=[A-Z“])|; +")


def loaded(proposal: Proposal, located: Sequence[Located]) -> Iterator[Problem]:
    """V9: verbs that endorse, doubt or hint at guilt stand only between quotation marks."""
    text = without_quotations(untitled(proposal.text, located))
    if found := list(dict.fromkeys(_reports(text))):
        detail = f"loaded: {', '.join(found)}; write “said”, “wrote” or “according to”"
        yield Problem("loaded", "it uses a word that endorses or doubts what somebody says", detail)


def one_sided(proposal: Proposal, located: Sequence[Located], shown: Shown) -> Iterator[Problem]:
    """Words that only one side uses for a thing stand between quotation marks, but for the question's own."""
    asked = {terms.stem(word) for word in terms.words(shown.question)}
    text = without_quotations(untitled(proposal.text, located))
    found = [term for term in shown.one_sided(text) if not asked.issuperset(map(terms.stem, terms.words(term)))]
    if found:
        listed = ", ".join(dict.fromkeys(found))
        detail = f"only one side says: {listed}; put these words between quotation marks or use plain ones"
        yield Problem("one_sided", "it uses words of its own that only one side uses for the thing", detail)


def opinions(proposal: Proposal, located: Sequence[Located], shown: Shown) -> Iterator[Problem]:
    """V12: it has no opinion of its own: whose it is stands beside it, with a verb of saying or "according to"."""
    text = without_quotations(untitled(proposal.text, located))
    words = _BUT_VERDICTS if proposal.corrects else _OPINIONS
    judging: list[str] = []
    own: list[str] = []
    for sentence in _SENTENCES.split(text):
        found = [match.group() for match in words.finditer(sentence)]
        judging += found
        own += [*_comments(sentence), *(found if not attributed(sentence) else ())]
    if own or (judging and not gives_to_source(proposal, located, shown)):
        detail = f"whose opinion is it: {', '.join(own or judging)}? Name who says so, or use no such word of your own"
        yield Problem("opinion", "it states an opinion and does not say whose it is", detail)


def _reports(text: str) -> Iterator[str]:
    for match in _REPORTS.finditer(text):
        before, found = text[: match.start()], match.group().strip(" “")
        passive = _BEING.search(before) and not found.endswith(" that")  # "was admitted", not "it was admitted that"
        if _ANYWHERE.match(found) or not (passive or _NO_REPORT.search(before)):
            yield found


def _comments(sentence: str) -> Iterator[str]:
    """Words with which a sentence comments on what it says, outside of what it gives to anybody."""
    given = attributed(sentence)
    for match in _COMMENTS.finditer(sentence):
        if not given or (match.start() < given[0] and not _ends_with(sentence, given[0], match.end())):
            yield match.group()


def _ends_with(sentence: str, given: int, comment: int) -> bool:
    """Whether whose words they are stands behind them: "…, Kallas told reporters", with the comment among the words."""
    return len(sentence[comment : max(comment, sentence.rfind(",", 0, given))].split()) > 1
