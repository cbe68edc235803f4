"""Readers on the page and as many on HTTP, all at once, over the real servers.

No error, no answer but that of a quiet run, and when all have left no more memory or open files than the work needs.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.chatting import Served
from tests.command import forked, started
from tests.harden import scene
from tests.harden.options import Options
from tests.harden.row import Row, Tally

_PATIENCE = 120  # seconds of one request
_SETTLED = 3.0  # seconds after which what readers left behind should be gone
_GROWN = 1.25  # times what a process had under load already: more is a leak
_FILES = 64 + 24  # open files more than before: each thread that answers keeps a connection to the library
_FORMS = ("What do the sources say about the {} of {}?", "How much does the {} of {} cost?")
_ASKED = [form.format(thing, place) for form in _FORMS for thing in scene.THINGS[:2] for place in scene.PLACES]
Ask = Callable[[str], Awaitable["Heard"]]


@dataclass(frozen=True)
class Heard:
    """What a reader got, and after how many seconds."""

    answer: Any
    first: float
    whole: float


@dataclass
class _Server:
    """One of the two, as a process."""

    name: str
    served: Served
    pid: int
    firsts: list[float] = field(default_factory=list)

    @property
    def memory(self) -> float:
        """In MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024

    @property
    def files(self) -> int:
        """How many it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))


def run(options: Options) -> Row:
    """All of them for so many seconds."""
    tally = Tally()
    corpus = scene.write(options.work / "corpus", scene.texts(0))
    done = forked("index", corpus, home=options.work)
    assert done.status == 0, done.err
    with ExitStack() as stack:
        at = ("--port", "0", "--store", corpus / ".parallax")
        servers = [
            _begun(stack, options.work, "page", "chat", *at),
            _begun(stack, options.work, "http", "serve", *at, "--per-minute", "10000000"),
        ]
        note = asyncio.run(_loaded(servers, options, tally))
        for server in servers:
            tally.quiet(server.served.said, f"the server of {server.name}")
            server.served.end()
    return tally.row("load", note)


def _begun(stack: ExitStack, home: Path, name: str, *arguments: object) -> _Server:
    process = started(*arguments, home=home)
    stack.callback(process.wait)
    stack.callback(process.kill)
    return _Server(name, Served(process), process.pid)


async def _loaded(servers: list[_Server], options: Options, tally: Tally) -> str:
    page, http = servers
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    base = page.served.url, http.served.url.removesuffix("/v1")
    clients = [httpx.AsyncClient(base_url=url, timeout=_PATIENCE, limits=limits, trust_env=False) for url in base]
    try:
        ways: dict[str, Callable[[], Awaitable[Ask]]] = {
            "page": lambda: _page(clients[0]),
            "http": lambda: _http(clients[1]),
        }
        expected = {name: await _quiet(way) for name, way in ways.items()}
        before = [(server.memory, server.files) for server in servers]
        over = time.monotonic() + options.loaded
        under = asyncio.create_task(_measured(servers, options.loaded / 4))
        readers = [
            _reader(server, ways[server.name], expected[server.name], number, over, tally)
            for number in range(options.readers)
            for server in servers
        ]
        await asyncio.gather(*readers)
        early = await under
        for client in clients:
            await client.aclose()
        await asyncio.sleep(_SETTLED)
        return "; ".join(_told(*each, tally) for each in zip(servers, before, early, strict=True))
    finally:
        for client in clients:
            await client.aclose()


async def _quiet(way: Callable[[], Awaitable[Ask]]) -> dict[str, Any]:
    """Every answer as one reader alone gets it."""
    ask = await way()
    return {question: (await ask(question)).answer for question in _ASKED}


async def _measured(servers: list[_Server], after: float) -> list[tuple[float, int]]:
    await asyncio.sleep(after)
    return [(server.memory, server.files) for server in servers]


async def _reader(
    server: _Server,
    way: Callable[[], Awaitable[Ask]],
    expected: dict[str, Any],
    number: int,
    over: float,
    tally: Tally,
) -> None:
    """One reader, who asks one question after the other."""
    try:
        ask = await way()
        while time.monotonic() < over:
            question = _ASKED[number % len(_ASKED)]
            number += 7
            heard = await ask(question)
            if isinstance(heard.answer, _Later):
                tally.done[f"{server.name}: told to come later"] += 1
                tally.heard(heard.answer.sentence, server.name)
                await asyncio.sleep(1)
                continue
            tally.done[f"answers over {server.name}"] += 1
            tally.expect(heard.answer == expected[question], f"{server.name}: {question}: another answer than before")
            server.firsts.append(heard.first)
    except (httpx.HTTPError, RuntimeError, ValueError, KeyError) as error:
        tally.err(f"{server.name}: a reader failed: {type(error).__name__}: {str(error)[:300]}")


def _told(server: _Server, before: tuple[float, int], early: tuple[float, int], tally: Tally) -> str:
    """What it took, in words; what is not given back is wrong."""
    memory, files = server.memory, server.files
    tally.expect(
        memory < max(early[0], before[0]) * _GROWN + 50, f"{server.name}: {early[0]:.0f} MB became {memory:.0f}"
    )
    tally.expect(files <= before[1] + _FILES, f"{server.name}: {before[1]} open files became {files}")
    p50, p95 = (float(np.percentile(server.firsts or [0.0], share)) for share in (50, 95))
    return (
        f"{server.name}: first claim p50 {p50:.2f} s p95 {p95:.2f} s, {before[0]:.0f} MB before and "
        f"{early[0]:.0f} to {memory:.0f} MB, {before[1]} to {files} files"
    )


# ── The page, in the protocol that its own script speaks ─────────────────────────────────────────────────────────────


async def _page(client: httpx.AsyncClient) -> Ask:
    """Open the page; asks it."""
    config = (await client.get("/config")).raise_for_status().json()
    values = {entry["id"]: entry["props"].get("value") for entry in config["components"]}
    calls = [entry for entry in config["dependencies"] if entry["backend_fn"]]
    session = uuid.uuid4().hex
    for call in calls:
        if any(event == "load" for _, event in call["targets"]):
            await _called(client, call, [values.get(id) for id in call["inputs"]], session)
    asking = next(call for call in calls if call["api_name"] == "ask")
    more = [values.get(id) for id in asking["inputs"][1:]]

    async def ask(question: str) -> Heard:
        return await _called(client, asking, [question, *more], session)

    return ask


async def _called(client: httpx.AsyncClient, call: dict[str, Any], data: list[Any], session: str) -> Heard:
    begun, first = time.perf_counter(), 0.0
    asked = {"data": data, "fn_index": call["id"], "session_hash": session}
    (await client.post("/gradio_api/queue/join", json=asked)).raise_for_status()
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as lines:
        async for line in lines.aiter_lines():
            if not first and 'class=\\"cite' in line:
                first = time.perf_counter() - begun
            if line.startswith("data:") and (said := json.loads(line[5:])).get("msg") == "process_completed":
                if not said["success"]:
                    raise RuntimeError(f"no answer came: {line[:300]}")
                whole = time.perf_counter() - begun
                return Heard(_same(said["output"].get("data")), first or whole, whole)
    raise RuntimeError("the stream of an answer ended before the answer")


def _same(data: Any) -> str:
    """What the chat shows, without the name that each answer has of its own and the seconds that it took."""
    return re.sub(r"\bid-[0-9a-f]{12}\b|[\d.]+\u00a0s\b", "", json.dumps(data, ensure_ascii=False))


# ── HTTP, by claim ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Later:
    """The service has too much to do."""

    sentence: str


async def _http(client: httpx.AsyncClient) -> Ask:
    async def ask(question: str) -> Heard:
        begun, first, name = time.perf_counter(), 0.0, ""
        accept = {"accept": "text/event-stream"}
        async with client.stream("POST", "/v1/ask", json={"question": question}, headers=accept) as lines:
            if lines.status_code == 503:
                return Heard(_Later(json.loads(await lines.aread())["error"]["message"]), 0.0, 0.0)
            lines.raise_for_status()
            async for line in lines.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                    if name == "verified" and not first:
                        first = time.perf_counter() - begun
                if line.startswith("data: ") and name in ("answer", "error"):
                    told = json.loads(line.removeprefix("data: "))
                    if name == "error":
                        raise RuntimeError(f"an error in the place of an answer: {told}")
                    whole = time.perf_counter() - begun
                    return Heard(scene.comparable(told), first or whole, whole)
        raise RuntimeError("the stream of an answer ended before the answer")

    return ask
