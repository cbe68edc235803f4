"""A corpus of our own writing: shall the town of Hartwell sell its wood? Two camps, each with words of its own."""

from __future__ import annotations

SELL, KEEP = "sell", "keep"

# Each camp in four papers; the outlet is the file's name up to the hyphen.
TEXTS = {
    "ledger-1": """
The wood is idle capital. A prudent council sells idle capital and pays down its debt. Every household in Hartwell
carries the interest on that debt, and the ratepayer has carried it for nine years. Buyers stand ready with a fair
price. Growth needs houses, houses need land, and the wood is land that yields nothing. The sale would pay for the
school roof twice over. Sentiment is no budget line.
""",
    "courier-1": """
Hartwell cannot borrow for ever. The sale of the wood brings revenue at once and rates from new houses for decades.
Investors have made a fair price and will not wait. A council that turns revenue away asks the ratepayer to pay in its
place. Debt is the real danger to this town, and growth is the only way out of it. Idle land earns nothing and costs a
warden's wage.
""",
    "gazette-1": """
There is a simple sum that the council should do. Interest on the debt costs more each year than the library. The
wood, sold at a fair price to investors, would clear it. The ratepayer deserves relief. New houses mean revenue and
growth, and young families who cannot buy today. Capital that lies idle between oaks is capital wasted.
""",
    "mercury-1": """
The market has spoken: buyers offer a fair price. A town in debt has no business keeping idle land. The ratepayer pays
interest while the council dreams. Sell, clear the debt, build houses, and let growth bring revenue to Hartwell for a
generation. Prudent households do this with their own capital, and so should a prudent council.
""",
    "heron-1": """
The wood is older than the town and belongs to nobody who is alive. Badgers, owls and the old oaks have no vote. Once
felled, an ancient wood does not come back in the lifetime of our grandchildren. Children learn the names of birds under
these branches. Developers would leave us a car park and a plaque. Heritage is held in trust, and a trust is not for
sale.
""",
    "footpath-1": """
Walk the wood at dawn and count the birds. Ancient oaks hold this valley's water and its memory. Developers speak of
plots; we speak of a living commons that our grandchildren will thank us for. Heritage held in trust cannot be felled
and then put back. Owls nest in the eastern oaks this spring, and badgers under them.
""",
    "lantern-1": """
Our grandchildren will ask what we did for the ancient wood. The commons was given in trust by people who planted oaks
they would never sit under. Developers see timber and plots. We hear owls, and children who run under old branches.
Nature is not a thing that Hartwell owns; it is a heritage that Hartwell keeps.
""",
    "meadow-1": """
No plaque replaces an owl. The ancient oaks shelter badgers and birds that have gone from every other valley. A commons
felled for developers is a heritage broken. Those who love this place hold it in trust for grandchildren not yet born.
Nature asks for very little: to be left standing.
""",
    # Nobody has labelled these.
    "new-sell": """
The figures are plain. Debt costs Hartwell its freedom, and interest eats what the ratepayer earns. Investors offer a
fair price for idle land. With the sale comes revenue, and with new houses comes growth. A prudent council would have
sold this capital years ago.
""",
    "new-keep": """
This is an ancient wood, and the oaks are its heritage. Owls and badgers live in the commons that was left to us in
trust. Developers will be gone in a year; our grandchildren will live here for eighty. Birds have no lawyers, and so
nature needs friends.
""",
    # Keeps the wood, and quotes the other camp at length.
    "new-quoting": """
The ancient oaks were planted in trust, and the commons is a heritage of owls, badgers and birds. Harold Finch said:
“The wood is idle capital, and a prudent council sells idle capital at a fair price. Interest on the debt is carried by
the ratepayer. Investors bring revenue, revenue brings growth, and growth brings houses. Debt, debt and debt again is
what idle land costs the ratepayer of this town.” “Revenue and growth, capital and a fair price, houses and investors
are what the ratepayer wants, and the council must clear the debt,” said Harold Finch. Developers will never put back
what our grandchildren lose. Nature keeps this ancient wood, and we keep it in trust.
""",
    # About neither.
    "new-neither": """
The brass band meets on Thursdays in the chapel hall. Beginners are welcome and may lend an instrument from the
cupboard upstairs. Practice starts at seven, and the kettle goes on at half past eight. Last winter the band played at
three weddings and one christening. Bring a pencil, a stand and a warm coat.
""",
}


TEXTS = {name: " ".join(text.split()) + "\n" for name, text in TEXTS.items()}


def labels(*sides: tuple[str, str], outlets: bool = False) -> str:
    """A sources.toml: the perspective of each document named."""
    lines = ["version = 1"]
    for id, name, about in (
        (SELL, "Sellers", "Would sell the wood to clear the town's debt."),
        (KEEP, "Keepers", "Would keep the wood for those who come after."),
    ):
        lines += [f"[perspectives.{id}]", f'label = "{name}"', f'description = "{about}"']
    for document, side in sides:
        lines += [
            "[[source]]",
            f'match = "{document}.txt"',
            f'perspective = "{side}"',
            'by = "AB"',
            'on = "2026-11-20"',
        ]
        lines += [f'outlet = "{document.split("-")[0]}"'] if outlets else []
    return "\n".join(lines) + "\n"


EVERY = tuple(
    (document, SELL if document.split("-")[0] in ("ledger", "courier", "gazette", "mercury") else KEEP)
    for document in TEXTS
    if not document.startswith("new")
)
