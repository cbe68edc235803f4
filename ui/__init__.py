"""The page: a client of `assistant` that shows values and decides nothing.

Gradio reads these switches when it is imported, so they are set before any module of this package can import it.
"""

from __future__ import annotations

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
