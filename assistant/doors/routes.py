"""The routes of the HTTP service. Each one translates: it calls the assistant and hands on what that returns."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Path, Query, Request, Security, UploadFile
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.security import HTTPBearer
from starlette.responses import Response

from assistant.assistant import Assistant
from assistant.doors import adding, checking, described, reading
from assistant.doors.desk import Desk
from assistant.doors.problems import Json, Problem, Refused
from assistant.doors.requests import Asked, Searched
from assistant.doors.streaming import sent

_SIGN = 10.0  # seconds between two signs of life in a stream
_EVENTS = "text/event-stream"
_NOT_WARM = Problem(503, "warming_up", "The index is being loaded. Try again in some seconds.", 2.0)

_Document = Annotated[str, Path(description="The path of the document in the corpus.")]


def routes(desk: Desk) -> APIRouter:
    """All of them, over one assistant."""
    router = APIRouter()
    # The gate looks at tokens before any body is read; this only has the description say so.
    token = HTTPBearer(auto_error=False, description="A token that `parallax token` wrote.")
    v1 = APIRouter(
        prefix="/v1", dependencies=[Security(token), Depends(_known_parameters)], responses=described.problems()
    )
    assistant = desk.assistant

    @v1.post("/ask", tags=["questions"], summary="Answer a question", responses=described.answer())
    async def ask(asked: Asked, request: Request) -> Response:
        """Answer a question with claims that cite exact passages; as `parallax ask --json`.

        With `Accept: text/event-stream`, step by step: `found`, then each checked sentence as `verified`, then the
        whole `answer`; or `error`. Hanging up stops the answer.
        """
        if _EVENTS not in request.headers.get("accept", "").lower():
            return Json((await desk.answer(asked, request.is_disconnected)).to_dict())
        answering = desk.steps(asked, _SIGN)
        try:
            first = await anext(answering)  # a question that cannot be answered is refused before anything is sent
        except BaseException:
            await answering.aclose()
            raise
        return StreamingResponse(
            sent(answering, first, desk.metrics.note), media_type=_EVENTS, headers={"cache-control": "no-store"}
        )

    @v1.post("/search", tags=["questions"], summary="Find passages", responses=described.found())
    async def search(asked: Searched) -> Response:
        """Find the passages that bear most on a question, best first, with cosine similarities."""
        return Json({"hits": await desk.done(lambda: reading.hits(assistant, asked.hits(assistant)))})

    @v1.post(
        "/verify",
        tags=["questions"],
        summary="Check an answer that was kept",
        responses=described.verified(),
        openapi_extra=described.kept(checking.KINDS),
    )
    async def verify(request: Request) -> Response:
        """Look for every quote of an answer in the documents as they are now; as `parallax verify --against`.

        Send an answer as `/v1/ask` gave it, or the content of a file that `parallax export` wrote: of that, every place
        that was changed is named too.
        """
        content, kind = await request.body(), request.headers.get("content-type", "")
        return Json(await desk.done(lambda: checking.checked(assistant.corpus, content, kind)))

    @v1.get("/status", tags=["corpus"], summary="What is indexed", responses=described.state())
    async def status() -> Response:
        """Say what is indexed, how much of it, which perspectives there are, and who writes the answers."""
        return Json(await desk.done(lambda: reading.state(assistant)))

    @v1.get("/documents", tags=["corpus"], summary="List the documents", responses=described.listing())
    async def documents(
        offset: Annotated[int, Query(ge=0, le=10_000_000, description="How many to leave out.")] = 0,
        limit: Annotated[int, Query(ge=1, le=1_000, description="How many to list.")] = 100,
    ) -> Response:
        """List documents with their state in the index and on the disk, in order of path."""
        return Json(await desk.done(lambda: reading.listing(assistant.corpus.status(), offset, limit)))

    @v1.get("/documents/{document:path}/text", tags=["corpus"], summary="Read a document", responses=described.window())
    async def text(
        document: _Document,
        start: Annotated[int, Query(ge=0, le=1_000_000_000, description="The first character.")] = 0,
        end: Annotated[
            int | None,
            Query(
                ge=0, le=1_000_000_000, description=f"Behind the last one; at most {reading.MOST:,} are read at once."
            ),
        ] = None,
    ) -> Response:
        """Read a stretch of a document's text, unchanged: a citation by its `start` and `end`, or more."""
        return Json(await desk.done(lambda: reading.window(assistant.corpus, document, start, end)))

    @v1.post("/documents", tags=["corpus"], summary="Add documents", responses=described.added())
    async def add(
        files: Annotated[list[UploadFile], File(description="One file or several.")],
        dry_run: Annotated[bool, Query(description="Only say what each file would become.")] = False,
        replace: Annotated[
            bool, Query(description="Take the place of a file of the same name, which is kept aside.")
        ] = False,
    ) -> Response:
        """Copy files into the corpus and index them in the background; questions are answered as before meanwhile.

        What becomes of each: `new`, `beside` (another file has its name: it gets a number), `replaces`, `same` (the
        corpus holds these bytes already), or `refused`, with the problem.
        """
        sent_in = [adding.Sent(file.filename or "", file.file) for file in files]
        became, is_new = await desk.done(
            lambda: adding.add(assistant.corpus, sent_in, replace=replace, dry_run=dry_run)
        )
        if is_new:
            desk.updates.begin()
        return Json({"files": became, "update": desk.updates.to_dict()}, 202 if is_new else 200)

    @v1.get("/update", tags=["corpus"], summary="How far the index has followed", responses=described.update())
    async def update() -> Response:
        """Say how far the update is that added documents began, and what came of it.

        Each process tells of its own updates; `generation` is the state of the index for all of them.
        """
        return Json(desk.updates.to_dict())

    @router.get("/healthz", tags=["service"], summary="Whether the service runs", responses=described.problems(500))
    async def healthz() -> dict[str, str]:
        """Answer as long as the process does."""
        return {"status": "ok"}

    @router.get(
        "/readyz", tags=["service"], summary="Whether questions can be answered", responses=described.problems(503)
    )
    async def readyz() -> Response:
        """Answer with 200 once the index is loaded and can be read."""
        if not desk.is_warm:
            raise Refused(_NOT_WARM)
        await desk.done(lambda: _touch(assistant))
        return Json({"status": "ready"})

    @router.get(
        "/metrics",
        tags=["service"],
        summary="Figures for Prometheus",
        response_class=PlainTextResponse,
        dependencies=[Security(token)],
        responses=described.problems(401, 403),
    )
    async def metrics() -> Response:
        """Counts and times by route and outcome, and the state of the index. No word of a question is in them."""
        return Response(await desk.done(desk.metrics.text), media_type="text/plain; version=0.0.4; charset=utf-8")

    router.include_router(v1)
    return router


def _touch(assistant: Assistant) -> Any:
    with assistant.reader.pinned() as (generation, _):
        if generation.manifest.collection:
            return generation.vectors.count()  # on a server, which may be gone
        return generation.name


def _known_parameters(request: Request) -> None:
    """Refuse what a route does not know: with a slip in `dry_run`, documents would be added after all."""
    known = {parameter.alias for parameter in request.scope["route"].dependant.query_params}
    unknown = next((name for name in request.query_params if name not in known), None)
    if unknown is not None:
        listed = f"There are: {', '.join(sorted(known))}" if known else "There are none"
        raise Refused(Problem(422, "unknown_parameter", f"There is no parameter {unknown[:100]!r}. {listed}."))
