"""Several corpora in, the control that goes from one to another out; for one corpus there is none.

    /corpus/<its word>/#p/...   a page of its own for each corpus, so that links and conversations belong to it

Whatever of them cannot be opened is listed with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant import Assistant, AssistantError, History, Unopened, WatchedQuestions
from index import CorpusError
from ui import words
from ui.scripts import script

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; }}
p, li {{ overflow-wrap: anywhere; }} li {{ margin: .5rem 0; }}
</style></head><body><main><h1>{title}</h1><p>{says}</p><ul>{items}</ul></main></body>
</html>"""

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A corpus, and where the page shows it."""

    assistant: Assistant
    history: History | None = None
    why_not: str = words.NO_HISTORY
    name: str = ""
    slug: str = ""  # of the only one empty: it stands at the root
    watched: WatchedQuestions | None = None

    @property
    def path(self) -> str:
        """Where it is mounted."""
        return f"/corpus/{self.slug}" if self.slug else "/"


class Switch:
    """Tells what corpora there are."""

    def __init__(self, places: Sequence[Place], unopened: Sequence[Unopened]) -> None:
        self._places, self._unopened = [*places], [*unopened]

    def shut(self, place: Place, problem: Exception) -> bool:
        """List a corpus as one that cannot be asked; whether another one is left."""
        self._places.remove(place)
        self._unopened.append(Unopened(place.name, str(problem)))
        return bool(self._places)

    def listing(self, here: Place) -> Data:
        """Every corpus with its size, or the reason why it cannot be asked; as seen from one of them."""
        lines = [self._line(place) | {"here": place is here} for place in self._places]
        closed: list[Data] = [{"name": one.name, "problem": one.reason} for one in self._unopened]
        return {"corpora": [*lines, *closed]}

    def _line(self, place: Place) -> Data:
        line: Data = {"name": place.name, "href": f"{place.path}/"}
        try:
            return line | {"size": words.count(place.assistant.corpus.size, "document")}
        except (AssistantError, CorpusError) as error:
            return line | {"problem": str(error)}

    def view(self, here: Place) -> tuple[gr.HTML, Callable[[], Data]]:
        """Lay the control out, for the page of one corpus; returns it with what fills it."""
        control = gr.HTML(
            self.listing(here),
            elem_id="corpora",
            html_template="<div></div>",
            js_on_load=script("corpora.js", given=words.CORPORA),
            apply_default_css=False,
        )
        return control, lambda: self.listing(here)

    def add_routes(self, app: Starlette) -> None:
        """The root leads to the first corpus, and an address under which there is none to a list of those there are."""

        def root(_: Request) -> Response:
            return RedirectResponse(f"{self._places[0].path}/", 307)

        def icon(_: Request) -> Response:
            return RedirectResponse(f"{self._places[0].path}/favicon.ico", 307)

        def unknown(request: Request) -> Response:
            path = request.url.path
            if path in {place.path for place in self._places}:
                return RedirectResponse(f"{path}/", 307)
            opened = (f'<li><a href="{place.path}/">{escape(place.name)}</a></li>' for place in self._places)
            closed = (f"<li>{escape(one.name)}: {escape(one.reason)}</li>" for one in self._unopened)
            said = {"title": words.NAME, "says": words.NO_SUCH_CORPUS, "items": "".join((*opened, *closed))}
            return HTMLResponse(_PAGE.format(**said), 404)

        app.add_route("/", root, methods=["GET"])
        app.add_route("/favicon.ico", icon, methods=["GET"])
        app.add_route("/corpus/{rest:path}", unknown, methods=["GET"])
