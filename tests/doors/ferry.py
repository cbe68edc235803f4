"""Three short articles with two sides, and a question about them."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

TEXTS = {
    "ferry": "The ferry must stay\n\nThe ferry of Marrowby has crossed the sound since 1871. “The ferry pays its way,” "
    "says Ada Quill. The bridge over the sound would cost ninety million crowns.\n",
    "essays__bridge": "A bridge at last\n\nThe bridge over the sound costs ninety million crowns. Nobody can say what "
    "the ferry of Marrowby costs in a winter.\n",
    "diary": "A diary\n\nThe sound was grey all day and the ferry of Marrowby was late.\n",
}
LABELS = """
[perspectives.ferry]
label = "Ferry friends"
[perspectives.bridge]
label = "Bridge builders"
[[source]]
match = "ferry.txt"
perspective = "ferry"
published = "2025-03"
[[source]]
match = "essays/bridge.txt"
perspective = "bridge"
"""
ASKED = {"question": "What does the bridge over the sound cost?"}
Made = Callable[..., TestClient]
