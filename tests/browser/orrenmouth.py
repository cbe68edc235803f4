"""Questions about the sample corpus in, what a model might write about them out: for pictures."""

from __future__ import annotations

import threading
from typing import Any

from tests.browser.quoting import is_repair, is_rewriting, quoted
from tests.scripted_model import Say, claim, judged

TRADE = "What did the closure of the bridge do to trade on the Old Quay?"
PREMISE = "Why did trade on the Old Quay fall by 14 per cent?"
PARTLY = "What did the closure do to trade on the Old Quay, and what to house prices?"
FOLLOW_UP = "And what does the planning office say about it?"
SLOWLY = "What did the trial do to trade on the Old Quay?"

GUILD = (
    "Between March and August takings on the Old Quay fell by 14 per cent against the same months of the year before."
)
OFFICE = "Card payments on the Old Quay fell by 3 % between March and August against the year before."
ASKED = "The 14 comes from a questionnaire. Of 208 members 61 replied"
COUNTED = "The 3 comes from card payments, more than half of which run through the market hall"
REPORT = "Footfall on the Old Quay had recovered by June, but takings had not; from these figures nobody can say"
BOTH = "The Pellgate Traders’ Guild says that trade fell by 14 per cent after the bridge was closed to cars. The planning office says 3."


def reply(hold: threading.Event, request: dict[str, Any]) -> Say:
    """What the model says; to the question that it answers slowly, it says no more until it is let go on."""
    if is_repair(request):
        return Say(judged())
    if is_rewriting(request):
        return Say("What does the planning office say about trade on the Old Quay?")

    def said(text: str, *quotes: str, kind: str = "report") -> str:
        return claim(text, *(quoted(request, quote) for quote in quotes), kind=kind)

    question = request["messages"][1]["content"].rpartition("QUESTION: ")[2].strip()
    guild = "The Guild says that takings on the Old Quay fell by 14 per cent between March and August."
    office = said("The planning office counts a fall of 3 % in card payments for the same months.", OFFICE)
    if "planning office" in question:
        return Say(judged() + office)
    two = said(guild, GUILD) + office
    if question == SLOWLY:
        return Say(judged() + two, hold=hold)
    if question == PARTLY:
        return Say(judged("partly", ["what to house prices"]) + two)
    differ = "The figures count different things: the 14 comes from a questionnaire that 61 of 208 members answered, the 3 from card payments."
    four = two + said(differ, ASKED, COUNTED, kind="comparison")
    four += said("Footfall had recovered by June, but takings had not; nobody can say what is to blame.", REPORT)
    if question == PREMISE:
        number, quote = quoted(request, BOTH)
        text = "The 14 per cent are the Guild’s figure; the planning office says 3."
        return Say(judged(premise={"text": text, "quotes": [{"passage": number, "quote": quote}]}) + four)
    return Say(judged() + four + claim("Nine hundred jobs were lost.", (1, "nine hundred jobs were lost")))
