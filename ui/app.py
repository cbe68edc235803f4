"""Assistants in, their page on this machine out. The only place that knows the web server.

`build` lays the page out, `build_all` those of several corpora, `serve` runs them until it is interrupted.
"""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from gradio.themes import Base, Soft
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import Assistant, AssistantError, History, Unopened, WatchedQuestions
from assistant.doors.listening import Server
from assistant.doors.listening import is_open_to_others as is_open_to_others
from index import CorpusError
from ui import ask, glance, labels, library, plotting, words
from ui.corpora import Place, Switch
from ui.door import Credentials, Door
from ui.edge import Edge, Page
from ui.filters import Filters
from ui.history import Keeping
from ui.scripts import read
from ui.uploads import Uploads
from ui.users import Users
from ui.watched import Watching

_UPLOAD_MB = 50
_LOCAL = {"127.0.0.1", "localhost", "[::1]"}
# Gradio needs inline scripts and eval, so this keeps data from leaving rather than scripts from running.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# Whoever reads blind is shown no label while the page is being built either. The rest is in chat.js.
_BLIND = 'document.documentElement.classList.toggle("blind", parallaxKept.get("parallax-blind") === "1");'
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class PageError(Exception):
    """The page cannot be served; its text is the sentence shown."""


def serve(
    places: Sequence[Place],
    host: str = "127.0.0.1",
    port: int = 7860,
    ready: Callable[[str], None] = lambda url: None,
    credentials: Credentials | Users | None = None,
    unopened: Sequence[Unopened] = (),
) -> None:
    """Serve the page until the program is interrupted.

    Args:
        places, credentials, unopened: as in `build_all`.
        ready: called with the address as soon as the page answers.

    Raises:
        PageError: the port is taken, or the host is not one of this machine.
    """
    listening = _listen(host, port)
    _, app = build_all(places, unopened, only_local=host in _LOCAL, credentials=credentials)
    url = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    try:
        Server(config, lambda: ready(url)).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # how this program is meant to end
    finally:
        listening.close()


def build(
    assistant: Assistant,
    *,
    only_local: bool = False,
    credentials: Credentials | Users | None = None,
    history: History | None = None,
    why_not: str = words.NO_HISTORY,
    watched: WatchedQuestions | None = None,
) -> tuple[gr.Blocks, FastAPI]:
    """The page over one corpus, at the root, and the application that serves it; the rest as in `build_all`.

    Args:
        history: where conversations are kept; without one they are gone when the page is closed, and `why_not` is the
            sentence that says so.
        watched: the questions that are watched; without it none can be.
    """
    place = Place(assistant, history, why_not, watched=watched)
    (page,), app = build_all([place], only_local=only_local, credentials=credentials)
    return page, app


def build_all(
    places: Sequence[Place],
    unopened: Sequence[Unopened] = (),
    *,
    only_local: bool = False,
    credentials: Credentials | Users | None = None,
) -> tuple[list[gr.Blocks], FastAPI]:
    """A page for each of these corpora, and the one application that serves them all.

    Args:
        places: either one without a slug, or as many as there are, each with its own.
        unopened: what else was asked for, to be listed beside them.
        only_local: refuse requests under another name than this machine's own, so that no website can have its name
            point here and read the corpora.
        credentials: who is let in; without them, everybody who can reach the page.

    Raises:
        AssistantError, CorpusError: none of the corpora can be shown; the sentence is that of the last.
    """
    # Gradio would keep uploads in a folder that all programs and users of the machine share.
    uploads = tempfile.TemporaryDirectory(prefix="parallax-page-", ignore_cleanup_errors=True)
    os.environ["GRADIO_TEMP_DIR"] = uploads.name

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        uploads.cleanup()  # here, since a process that is told to stop by SIGTERM comes to nothing after this

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    plotting.add_route(app)  # before the pages, which answer everything below them
    switch = Switch(places, unopened) if places[0].slug else None
    pages: dict[str, gr.Blocks] = {}
    for place in places:
        try:
            page = _page(place, switch, has_door=credentials is not None)
        except (AssistantError, CorpusError) as error:
            if switch is None or not switch.shut(place, error):
                raise
            continue
        _mount(app, page, place.path)
        pages[place.path] = page
    if switch:
        switch.add_routes(app)
    app.state.uploads = uploads  # removed with the application, where that never runs
    app.add_middleware(Uploads, folder=Path(uploads.name))
    app.add_middleware(Edge, pages=pages)
    if credentials:
        app.add_middleware(Door, credentials=credentials, pages=[*pages])
    app.add_middleware(_Guard, only_local=only_local)  # added last, it stands in front of the door
    return [*pages.values()], app


def _page(place: Place, switch: Switch | None, *, has_door: bool) -> gr.Blocks:
    """Everything that is shown of one corpus; where there are others, with the way to them."""
    assistant, filters = place.assistant, Filters(place.assistant)
    keeping = Keeping(assistant, filters, place.history, place.why_not)
    title = words.TITLE.format(corpus=place.name) if switch else words.NAME
    with Page(title=title, analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)) as page:
        gr.HTML(f'<h1 id="brand">{words.NAME}</h1>', apply_default_css=False)
        control = switch.view(place) if switch else None
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(words.ASK_TAB, id="ask"):
                asking = ask.questions_and_answers(
                    assistant, keeping, filters, Watching(assistant, filters, place.watched), has_door=has_door
                )
            with gr.Tab(words.SIDES_TAB, id="sides") as sides:
                board = labels.perspectives(assistant)
            with gr.Tab(words.GLANCE_TAB, id="glance-tab"):
                glance.overview(assistant)
            with gr.Tab(words.LIBRARY_TAB, id="library") as tab:
                shelf = library.documents(assistant)
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        ask.connect(page, asking)
        sides.select(board.refresh, None, [board.output], **quiet)
        tab.select(shelf.refresh, shelf.inputs, shelf.outputs, **quiet)
        for changed in (page.load, board.changed, *(updated.then for updated in shelf.updated)):
            ask.refresh(asking, assistant, changed)
        if control:
            shown, corpora = control
            page.load(corpora, None, [shown], **quiet)
            for updated in shelf.updated:
                updated.then(corpora, None, [shown], **quiet)
    page.max_threads = 128  # Gradio's 40 would cap the readers served at once
    page.queue()
    return page


def _mount(app: FastAPI, page: gr.Blocks, path: str) -> None:
    gr.mount_gradio_app(
        app,
        page,
        path=path,
        show_error=False,
        run_history=False,
        enable_monitoring=False,
        pwa=False,
        ssr_mode=False,
        mcp_server=False,
        footer_links=[],
        max_file_size=_UPLOAD_MB * 1_000_000,
        theme=_theme(),
        head=f"<style>{read('page.css', 'glance.css')}</style>"
        f"<script>{read('stream.js')}</script>"
        f"<script>{read('kept.js')}{_BLIND}</script><script>{read('conversations.js')}</script>",
    )
    # Mounted pages are never marked as launched, and Gradio then copies whatever file of this machine a request names
    # to where uploads are.
    page.has_launched = True


def _theme() -> Base:
    fonts: dict[str, Any] = {"font": ["system-ui", "sans-serif"], "font_mono": ["ui-monospace", "monospace"]}
    return Soft(primary_hue="indigo", neutral_hue="slate", **fonts).set(
        block_title_text_color="*neutral_700",
        block_title_background_fill="transparent",
        block_info_text_color="*neutral_600",
        body_text_color_subdued="*neutral_600",
        button_secondary_background_fill_hover_dark="*neutral_700",
    )


class _Guard:
    """Adds the headers that Gradio does not send, and refuses strange host names."""

    def __init__(self, app: ASGIApp, only_local: bool) -> None:
        self._app, self._only_local = app, only_local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        if scope["type"] == "http" and self._only_local and not _is_local(scope):
            body = words.WRONG_HOST.encode()
            await guarded({"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]})
            await guarded({"type": "http.response.body", "body": body})
            return
        await self._app(scope, receive, guarded)


def _is_local(scope: Scope) -> bool:
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    name = host[: host.rindex("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return name.lower() in _LOCAL


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PageError(words.PORT_TAKEN.format(host=host, port=port, other=port + 1)) from error
        raise PageError(words.HOST_UNUSABLE.format(host=host, problem=error.strerror or error)) from error
