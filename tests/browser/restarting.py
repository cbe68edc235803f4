"""A page that keeps conversations, and can be ended and started again at the same address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page

from assistant import Assistant, History
from index import LocalEmbedder, Store
from index.update import update
from tests.serving import Serving
from ui.app import build


class Server:
    """The page over one corpus, which can be ended and started again at the same address."""

    def __init__(self, folder: Path, why_not: str | None = None) -> None:
        self.folder, self._why_not = folder, why_not
        self._port = 0
        self.start()

    def start(self) -> None:
        self._assistant = Assistant.open(self.folder / "store")
        given: dict[str, Any] = {"history": History(self.folder / "store" / "history.sqlite")}
        _, app = build(self._assistant, only_local=True, **({"why_not": self._why_not} if self._why_not else given))
        self._serving = Serving(app, self._port)
        self._port = self._serving.port

    def stop(self) -> None:
        self._serving.stop()
        self._assistant.close()

    @property
    def url(self) -> str:
        return self._serving.url

    def call(self, name: str, given: object) -> Any:
        """Call a function of the page as a stranger would."""
        components = json.load(urlopen(f"{self.url}/config"))["components"]
        having = [one for one in components if name in (one["props"].get("server_fns") or ())]
        # Of several, the list of conversations is meant.
        id = next((one["id"] for one in having if one["props"].get("elem_id") == "history"), having[0]["id"])
        body = {"data": given, "fn_name": name, "component_id": id, "session_hash": "x"}
        request = Request(f"{self.url}/gradio_api/component_server", json.dumps(body).encode())
        request.add_header("content-type", "application/json")
        return json.load(urlopen(request))


def indexed(folder: Path, files: Mapping[str, str | bytes]) -> Server:
    """Index files and serve them."""
    for name, content in files.items():
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    update(folder / "corpus", Store(folder / "store"), LocalEmbedder())
    return Server(folder)


def settle(page: Page) -> None:
    """Wait until no answer is under way."""
    page.locator('#box [data-testid="submit-button"]').wait_for()


def again(page: Page) -> None:
    settle(page)
    page.reload()
    page.locator("#box textarea").wait_for()
