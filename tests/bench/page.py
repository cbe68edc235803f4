"""The page under many readers, and in one reader's browser, beside a page of Gradio's default settings.

Readers speak the protocol that the page's script speaks. Under "no work" every answer comes from a script that waits
and does not compute, so what is added is the page's own; under "with work" all readers' searches share the machine.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from dataclasses import dataclass
from statistics import median
from typing import Any

import httpx

from tests.bench import sets, stores
from tests.bench.options import Options, Skipped
from tests.bench.table import Row, percentile
from tests.bench.worker import Worker
from tests.chromium import FLAGS, MISSING, chromium

_READERS = 50
_CITED = 'class=\\"cite'  # a claim with its citation, as it stands in a message
_DEFAULTS = "Gradio's defaults"
_PATIENCE = 120  # seconds
_PAGES = 5  # times that the page is opened

_CLICKS = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const mark = () => document.querySelector('[data-testid="passage"] mark');
  const times = [];
  for (const chip of document.querySelectorAll('#chat a.cite')) {
    for (let tries = 0; mark() && tries < 300; tries++) {
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}));
      await frame();
    }
    const begun = performance.now();
    chip.click();
    while (!mark()?.getClientRects().length) await frame();
    await frame();
    times.push(performance.now() - begun);
  }
  return times;
}"""
_USABLE = "() => { const box = document.querySelector('textarea'); return box && !box.disabled && box.getClientRects().length ? performance.now() : 0 }"


@dataclass(frozen=True, slots=True)
class _Reader:
    """What one reader waited for, in seconds."""

    first: float  # from sending the question to the first claim
    whole: float


def run(options: Options) -> list[Row]:
    """First claim and whole answer of one reader and of fifty at once; a click; the page itself."""
    news = stores.news(options)
    questions = sets.titles(options, _READERS + 1)
    rows = _load(options, str(news.folder), questions, scripted=True)
    rows += _load(options, str(news.folder), questions, scripted=False)
    try:
        return rows + _browser(options, str(news.folder), questions)
    except Skipped as reason:
        print(f"page: the browser's part is skipped, {reason}")
        return rows


def _load(options: Options, store: str, questions: list[str], *, scripted: bool) -> list[Row]:
    work = "no work" if scripted else "with work"
    ours, theirs = (_measured(options, store, questions, scripted, defaults) for defaults in (False, True))
    rows = []
    for name, of in (("first claim", "first"), ("whole answer", "whole")):
        alone = median(getattr(reader, of) for reader in ours[0])
        for share in (50, 95):
            many, baseline = ([getattr(r, of) for r in readers] for readers in (ours[1], theirs[1]))
            value, other = percentile(many, share), percentile(baseline, share)
            rows.append(Row(f"{name}, {_READERS} readers at once, {work}, p{share}", value, "s", other, _DEFAULTS))
        held = "≤ 2" if scripted and of == "first" else ""
        rows.append(Row(f"{name}, {work}: p95 of {_READERS} over one reader's", value / alone, "times", target=held))
        rows.append(
            Row(f"{name}, one reader, {work}", alone, "s", median(getattr(r, of) for r in theirs[0]), _DEFAULTS)
        )
    return rows


def _measured(
    options: Options, store: str, questions: list[str], scripted: bool, defaults: bool
) -> tuple[list[_Reader], list[_Reader]]:
    """One reader again and again, then all at once, again and again."""
    with Worker(sys.executable, "page_worker", options.work / "page_worker.log") as worker:
        url = worker.ask("load", store=store, question=questions[0], scripted=scripted, defaults=defaults)["url"]
        asyncio.run(_ask(url, questions[:1]))
        alone = [asyncio.run(_ask(url, [question]))[0] for question in questions[1:6]]
        rounds = 1 if defaults else options.rounds  # the defaults keep the last reader waiting for half a minute
        return alone, [reader for _ in range(rounds) for reader in asyncio.run(_ask(url, questions[1:]))]


async def _ask(url: str, questions: list[str]) -> list[_Reader]:
    """Every question by a reader of its own, all of them at once, once all have the page open."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=_PATIENCE, limits=limits, trust_env=False) as client:
        config = (await client.get("/config")).json()
        values = {entry["id"]: entry["props"].get("value") for entry in config["components"]}
        calls = [entry for entry in config["dependencies"] if entry["backend_fn"]]
        opening = [call for call in calls if any(event == "load" for _, event in call["targets"])]
        asking = next(call for call in calls if call["api_name"] == "ask")
        sessions = [uuid.uuid4().hex for _ in questions]
        for session in sessions:
            for call in opening:
                await _call(client, call, [values.get(id) for id in call["inputs"]], session)
        more = [values.get(id) for id in asking["inputs"][1:]]
        asked = zip(questions, sessions, strict=True)
        return list(await asyncio.gather(*(_call(client, asking, [text, *more], session) for text, session in asked)))


async def _call(client: httpx.AsyncClient, call: dict[str, Any], data: list[Any], session: str) -> _Reader:
    begun, first = time.perf_counter(), 0.0
    asked = {"data": data, "fn_index": call["id"], "session_hash": session}
    (await client.post("/gradio_api/queue/join", json=asked)).raise_for_status()
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as lines:
        async for line in lines.aiter_lines():
            if not first and _CITED in line:
                first = time.perf_counter() - begun
            if line.startswith("data:") and (said := json.loads(line[5:])).get("msg") == "process_completed":
                if not said["success"]:
                    raise RuntimeError(f"No answer came: {line[:300]}")
                whole = time.perf_counter() - begun
                return _Reader(first or whole, whole)  # an answer without claims says so at its end
    raise RuntimeError("The stream of an answer ended before the answer.")


def _browser(options: Options, store: str, questions: list[str]) -> list[Row]:
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        raise Skipped(MISSING)
    clicks: list[float] = []
    usable: dict[bool, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for defaults in (False, True):
            with Worker(sys.executable, "page_worker", options.work / "page_worker.log") as worker:
                asked = {"question": questions[0], "scripted": False, "defaults": defaults}
                url = worker.ask("load", store=store, **asked)["url"]
                usable[defaults] = [_opened(browser, url) for _ in range(_PAGES)]
                if not defaults:
                    clicks = _clicked(browser, url, questions[: options.rounds * 2])
        browser.close()
    first = Row("page usable, first visit of a browser", usable[False][0], "s", usable[True][0], _DEFAULTS)
    later = [median(usable[of][1:]) for of in (False, True)]
    return [
        first,
        Row("page usable, empty cache", later[0], "s", later[1], _DEFAULTS, target="≤ 1.5"),
        Row("click to highlighted passage, p50", percentile(clicks, 50), "ms"),
        Row(
            "click to highlighted passage, p95",
            percentile(clicks, 95),
            "ms",
            target="≤ 100",
            note=f"{len(clicks)} clicks",
        ),
    ]


def _opened(browser: Any, url: str) -> float:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(url, wait_until="commit")
    seconds = page.wait_for_function(_USABLE, polling=20).json_value() / 1000
    context.close()
    return seconds


def _clicked(browser: Any, url: str, questions: list[str]) -> list[float]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(url)
    times: list[float] = []
    for question in questions:
        page.get_by_role("button", name="New question").first.click()
        page.locator("#box textarea").fill(question)
        page.locator("#box textarea").press("Enter")
        page.get_by_test_id("answer-end").wait_for()
        times += page.evaluate(_CLICKS)
    page.close()
    return times
