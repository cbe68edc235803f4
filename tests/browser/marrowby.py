"""A small corpus about one invented dispute, with two sides and a document that nobody labelled."""

from __future__ import annotations

LABELS = """
version = 1
[perspectives.ferry]
label = "Ferry friends"
description = "Want the ferry to stay."
[perspectives.bridge]
label = "Bridge builders"
[[source]]
match = "ferry.txt"
title = "The ferry must stay"
outlet = "Harbour Gazette"
published = "2025-03-04"
perspective = "ferry"
provenance = "curated"
by = "Ada Quill"
on = "2026-01-02"
[[source]]
match = "für & wider/brücke #1.txt"
title = "A bridge at last"
published = "2025-04"
perspective = "bridge"
provenance = "curated"
by = "Ada Quill"
on = "2026-01-02"
"""

FERRY = (
    "The ferry of Marrowby has crossed the sound since 1871. Captain Holm says the ferry carries nine hundred people a day.\r\n"
    "\r\nA ticket for the ferry costs two crowns.  The council wants to end the ferry in June. We say: the ferry must stay.\n\n"
    "\tNobody asked the people of Marrowby about the ferry 🛥️ — nobody.\n"
)
BRIDGE = (
    "The bridge of Marrowby will cost ninety million crowns. The bridge will be open in winter, when the ferry cannot sail.\n\n"
    "Holm, who owns the ferry, is against the bridge. The engineers say that the bridge will last a hundred years.\n"
)
NOTES = "Minutes of the harbour board. The ferry lost forty thousand crowns last year. The bridge was not discussed.\n"
LONG = "# The chronicle of Marrowby\n\n" + "".join(
    f"In the year {1500 + number} the harbour master wrote down the weather, and it was grey.\n\n"
    for number in range(400)
)
LONG += "In 1901 a comet was seen over the lighthouse of Marrowby. The lighthouse keeper drew the comet.\n\n" + LONG

FILES = {
    "sources.toml": LABELS,
    "ferry.txt": FERRY.encode(),
    "für & wider/brücke #1.txt": BRIDGE.encode(),
    "notes.txt": NOTES,
    "chronicle.md": LONG,
}
