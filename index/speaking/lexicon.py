"""The words that rules about English reports go by: verbs of saying and what follows them, and the small words around.

All lists are in lower case, hold every form, and were put together by hand. What may follow a verb is what the lists of
verbs differ in, so a verb stands in every list whose example it fits.
"""

from __future__ import annotations

import re

Words = frozenset[str]


def word_set(text: str) -> Words:
    """The words of a list; those with an apostrophe in both spellings, ’ and '."""
    return frozenset((text + " " + text.replace("’", "'")).split())


def forms(verbs: str, *, participles: bool = True) -> Words:
    """Every form of the verbs of a list: "add" is add, adds, added, adding; an irregular one lists them itself, by "/".

    Args:
        participles: the form in -ing too, where the list has not spelt the forms out.
    """
    made: set[str] = set()
    for verb in verbs.split():
        if "/" in verb:
            made.update(verb.split("/"))
            continue
        if verb.endswith("e"):
            others = (verb + "s", verb + "d")
        elif re.search(r"[^aeiou]y$", verb):
            others = (verb[:-1] + "ies", verb[:-1] + "ied")
        elif verb.endswith(("s", "x", "ch", "sh")):
            others = (verb + "es", verb + "ed")
        else:
            others = (verb + "s", verb + "ed")
        made.update((verb, *others))
        if participles:
            made.add(verb.removesuffix("e") + "ing")
    return frozenset(made)


def any_of(*patterns: str) -> str:
    """A pattern that matches where one of several does, the first that fits."""
    return f"(?:{'|'.join(patterns)})"


# ── Verbs that report ────────────────────────────────────────────────────────────────────────────────────────────────

# A clause may follow without "that": "she said the war was over".
PLAIN = forms(
    "say/says/said/saying/sayin write/writes/wrote/writing swear/swears/swore/swearing admit/admits/admitted/admitting "
    "reckon/reckoned acknowledge add allege announce argue assert boast claim concede conclude confirm contend declare "
    "deny emphasise emphasize estimate explain insist joke maintain note pledge predict promise recall reply report "
    "stress suggest testify tweet vow warn"
)
# A person comes first: "told reporters that".
TELLING = forms("tell/tells/told/telling convince/convinces advise assure caution inform notify promise remind warn")
# Only "that", a quote or a colon follows: "he remarked that".
FORMAL = forms(
    "begin/began/begins comment/comments/commented/commenting foresee/foresees/foresaw quip/quips/quipped/quipping "
    "read/reads affirm agree answer attest beg blog caution certify chant complain conclude continue counter crow "
    "decree demand disagree elaborate envisage exclaim fume gush hint hypothesise hypothesize imply indicate inquire "
    "interject lament mention moan murmur muse mutter object observe opine plead posit post proclaim profess pronounce "
    "propose protest recommend reiterate remark repeat respond retort reveal scoff shout signal snap sneer speculate "
    "specify state stipulate summarise summarize theorize thunder urge whisper yell"
)
# A study or a court does it: "the survey found that".
FINDING = forms("find/finds/found/finding show/shows/showed/showing rule/ruled/ruling determine learn")
# A question follows: "asked whether".
ASKING = forms("question/questioned/questioning ask inquire")
# A person and "to" follow: "urged them to".
ORDERING = forms("tell/tells/told order/ordered/orders advise ask beg exhort implore instruct request urge warn")
# "to" follows at once, or after a person: "vowed to", "promised them to".
VOWING = forms("offer/offered swear/swears/swore demand pledge promise propose threaten vow")
WISHING = ORDERING | VOWING
# A person or a thing and a judgement follow: "called it a betrayal", "accused them of lying".
CALLING = forms(
    "compare/compared decry/decries/decried dub/dubs/dubbed/dubbing label/labels/labeled/labelled/labeling "
    "slam/slams/slammed/slamming accuse blame blast brand call characterise characterize condemn criticise criticize "
    "deem denounce deride describe dismiss hail liken mock praise"
)
# A thing follows that was said or spoken of: "praised his courage", "spoke about the war".
ACTS = forms(
    "refer/refers/referred/referring speak/speaks/spoke/speaking sum/sums/summed/summing acknowledge address announce "
    "apologise apologize applaud ask bemoan boast chide cite commend complain condemn confirm criticise criticize "
    "defend demand denounce deny deride describe detail discuss dismiss emphasise emphasize endorse explain express "
    "highlight invoke joke lament mention mock note object oppose outline praise predict promise pronounce propose "
    "question rebuke recall recommend recount reject repeat respond reveal stress support talk thank tout underscore "
    "urge warn welcome"
)
CUES = PLAIN | TELLING | FORMAL | FINDING | ASKING | WISHING | CALLING | ACTS

# They agree with one, or with more than one: "she claims", "they claim".
SINGULAR = frozenset(word for word in CUES if word.endswith("s") and not word.endswith("ss") and word[:-1] in CUES)
BASE = frozenset(word for word in CUES if not CUES.isdisjoint((word + "s", word + "es", word[:-1] + "ies")))
# Verbs that may stand before their subject: "“No,” said Smith".
INVERTING = PLAIN | FORMAL | ASKING | word_set("tell tells telling")
# Of these, the ones that do so where no marks are: "..., writes Thomas Fazi".
INVERTING_UNMARKED = word_set(
    "said says wrote writes argued argues warned warns claimed claims insisted insists explained explains reported "
    "reports added adds noted notes admitted admits asked asks concluded concludes suggests suggested observed "
    "observes"
)
# These do not stand behind words without marks: "they disagree", "he began".
LEADING = forms(
    "begin/begins/began read/reads agree answer comment continue deny disagree object post promise propose protest "
    "recommend respond swear"
)
# What one who cannot know does as well: "this suggests that".
HINTING = FINDING | forms("mean/means/meant confirm explain imply indicate prove reveal signal suggest")
# Words that are nouns more often than verbs: "the report claims", "the claims".
ALSO_NOUNS = word_set(
    "answer answers beg blame blast boast boasts brand call calls chant chants claim claims comment comments counter "
    "crow demand demands dismiss estimate estimates find finds fume hint hints joke jokes label lament laments mock "
    "note notes object objects offer offers order orders pledge pledges post posts praise promise promises protest "
    "protests question questions quip read reads remark remarks replies reply report reports request requests rule "
    "rules shout shouts show shows signal signals state states threats tweet tweets urge urges vow vows warning"
)
# Nouns with words of somebody under them: "her claim that".
NOUNS = word_set(
    "accusation admission advice allegation announcement answer argument assertion boast claim comment complaint "
    "conclusion confession contention declaration finding insistence message observation pledge prediction promise "
    "question quip remark reply response rhetoric statement suggestion testimony verdict vow warning words"
)

# ── Verbs that say whether it is said ────────────────────────────────────────────────────────────────────────────────

BEING = word_set("is are was were be been being")
AUXILIARIES = BEING | word_set(
    "has have had having do does did can could may might must should will would ’s hasn’t haven’t hadn’t doesn’t don’t "
    "didn’t wouldn’t"
)
# A clause has one of them, or a verb in -ed; kept short, since many forms are nouns too.
FINITE = (AUXILIARIES - word_set("being having ’s")) | word_set(
    "shall cannot isn’t aren’t wasn’t weren’t won’t can’t couldn’t shouldn’t need needs became become remain remains "
    "make makes made gave went came took lost won left held kept"
)
NEGATIONS = word_set("not never nor neither hardly without cannot refuse refuses refused refusing declines declined")

# ── Pronouns and determiners ─────────────────────────────────────────────────────────────────────────────────────────

PRONOUNS = word_set("he she they it i we you who")
OBJECTS = word_set("him her them it me us you himself herself themselves itself one")
# A clause begins with them.
CLAUSE_PRONOUNS = word_set(
    "he she they it i we you there this that these those nobody everyone everybody anyone someone something nothing "
    "everything he’s she’s they’re it’s i’m we’re you’re i’ve we’ve they’ve i’ll he’ll they’ll we’ll it’ll i’d he’d "
    "she’d they’d we’d it’d there’s that’s"
)
DEMONSTRATIVES = word_set("this that these those")
ARTICLES = word_set("the a an his her their its our my your no every each any")
DETERMINERS = ARTICLES | word_set(
    "this that these those some all both many most several few one two three four five six seven eight nine ten another"
)
PLURALS = word_set("they we i you who people men women police some many others critics most both all several few")
# "I" and what may hang on it.
FIRST_PERSON = word_set("i i’d i’m i’ve i’ll")

# ── Small words ──────────────────────────────────────────────────────────────────────────────────────────────────────

STOPS = word_set(". ! ? …")
DASHES = word_set("— –")
WH = word_set("whether if how why what when where who which")
PREPOSITIONS = word_set(
    "in on at during after before from to of about via through by with for outside inside over following between "
    "against amid as upon under near alongside around until since within without"
)
# A clause that they open hangs on another: "when asked".
SUBORDINATING = word_set(
    "when while if as after before once because than where since until though although whether how why what"
)
# What they open is the writer's: "he said it works, although nobody has seen it".
BREAKING = word_set("although though despite whereas notwithstanding while")
ADVERBS = word_set(
    "also later then once recently now still even just never often repeatedly reportedly further again always already "
    "earlier soon simply merely only rather instead not n't long ever first himself herself themselves itself both all "
    "too perhaps maybe yet"
)
# When it was said.
TIME = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december yesterday today tomorrow morning afternoon evening night week weekend month "
    "year last this next recently early earlier late later ago afterward afterwards then once again too also now "
    "instead repeatedly often soon shortly bluntly flatly aloud here there online publicly privately"
)
# They end in -ing and are no participles.
NO_PARTICIPLES = word_set(
    "including nothing something anything everything during morning evening according spring string being"
)

# ── Who can know, and what frames a quote ────────────────────────────────────────────────────────────────────────────

# Beginnings of words for people, bodies and papers that find or show something: "the audit found".
SOURCES = re.compile(
    r"\b"
    + any_of(
        *"agency analys audit author bank bill bureau cent(?:er|re) census commission committee court critics data "
        "decree department document draft e-?mail economist estimate expert figure filing finding fund inquiry "
        "institute intelligence investigat judge jury law leaders letter memo ministry observers office official panel "
        "paper plan polic poll prosecutor prospectus record report research review scientist source statement "
        "statistic stud survey tribunal university".split()
    ),
    re.IGNORECASE,
)
# What stands before a colon or a quote that gives somebody's words: "her message was blunt: ...".
FRAMING = re.compile(
    r"\b"
    + any_of(
        r"put (?:it|this)",
        r"had this",
        r"sum\w* (?:it )?up",
        r"reads?",
        *"answer argument blunt caption clear headline letter line mantra message motto note phrase plain point post "
        "question quote rang reply response slogan statement text tweet verdict warning words".split(),
    )
    + r"\b",
    re.IGNORECASE,
)
