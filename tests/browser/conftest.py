"""A corpus written by the test in, its page in a real Chromium out.

Whatever a test does, at its end the page must have logged no error and asked no other machine for anything.
Run with: pytest tests/browser
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from reading import Served

from assistant import Assistant, History, WatchedQuestions
from index import LocalEmbedder, Store
from index.update import update
from tests.chromium import FLAGS, MISSING, chromium
from tests.scripted_model import ModelServer, Say, judged, model_server
from tests.serving import Serving
from ui.app import build
from ui.door import Credentials

_REFUSES = ("/login", "/gradio_api/upload", "/gradio_api/upload_progress")
WAIT = 60_000  # milliseconds; generous, since the machine may be busy

expect.set_options(timeout=WAIT)

Files = Mapping[str, str | bytes]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Files], Served]]:
    """Index files and serve them. The servers live as long as the test module."""
    endings: list[Callable[[], None]] = []

    def serve(
        files: Files,
        wrap: Callable[[Assistant], Assistant] = lambda assistant: assistant,
        *,
        keeps: bool = False,
        watches: bool = False,
        credentials: Credentials | None = None,
    ) -> Served:
        folder = tmp_path_factory.mktemp("page")
        corpus = folder / "corpus"
        for name, content in files.items():
            path = corpus / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        store = Store(folder / "store")
        update(corpus, store, LocalEmbedder())
        assistant = Assistant.open(store.folder)
        history = History(store.folder / "history.sqlite") if keeps else None
        watched = WatchedQuestions(store.folder / "watched.sqlite") if watches else None
        kept = {"history": history, "watched": watched, "credentials": credentials}
        serving = Serving(build(wrap(assistant), only_local=True, **kept)[1])
        endings.extend((assistant.close, serving.stop))
        return Served(corpus, assistant, serving.url)

    yield serve
    while endings:
        endings.pop()()


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    """A model that says what a test has it say."""
    with model_server(Say(judged())) as server:
        yield server


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page; at the end of the test it must have been quiet and kept to this machine."""
    troubles: list[str] = []
    pages: list[Page] = []

    def visit(
        url: str, *, width: int = 1440, height: int = 900, dark: bool = False, touch: bool = False, **more: Any
    ) -> Page:
        scheme = "dark" if dark else "light"
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=scheme, has_touch=touch, **more)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("console", lambda message: troubles.append(message.text) if _is_trouble(message) else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", lambda dialog: (troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: troubles.append(request.url) if _leaves(request.url) else None)
        page.goto(url)
        page.locator("#box textarea, #user").first.wait_for()  # the page, or the log-in
        pages.append(page)
        return page

    yield visit
    for page in pages:
        page.context.close()
    assert troubles == []


def _is_trouble(message: ConsoleMessage) -> bool:
    """Whether a page logs an error; that a log-in or an upload was refused is none.

    Of a stream that is refused, Gradio logs "Response" as well; the browser itself names its address.
    """
    path = urlsplit(message.location["url"]).path
    return message.type == "error" and path not in _REFUSES and message.text != "Response"


def _leaves(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1"
