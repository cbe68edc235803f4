"""The plotting library's script in, a route that sends it out. No page loads it before a picture is to be drawn."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from fastapi import FastAPI, Request, Response

_PACKAGE = distribution("plotly")
ADDRESS = f"/plotly-{_PACKAGE.version}.min.js"  # another version, another address: what a browser kept stays right
_FOREVER = "public, max-age=31536000, immutable"


def add_route(app: FastAPI) -> None:
    """Have an application send the script at `ADDRESS`."""

    def script(request: Request) -> Response:
        headers = {"cache-control": _FOREVER, "vary": "accept-encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(_packed(), media_type="text/javascript", headers=headers | {"content-encoding": "gzip"})
        return Response(_file().read_bytes(), media_type="text/javascript", headers=headers)

    app.get(ADDRESS)(script)


@cache
def _packed() -> bytes:
    return gzip.compress(_file().read_bytes(), 6)


def _file() -> Path:
    # Found without importing the package, whose Python side nobody needs.
    return Path(str(_PACKAGE.locate_file("plotly/package_data/plotly.min.js")))
