"""Hostile words in every place of a corpus, and in the question, through every way out of the program.

Nothing of them becomes markup, JSON stays JSON, events stay events, and no terminal is steered.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from starlette.testclient import TestClient

from assistant import Assistant
from assistant.commands import show
from assistant.doors.http import application
from assistant.doors.limits import Limits
from index import Reader, Store
from tests import looping
from tests.browser.attacks import ATTACKS
from tests.command import forked
from tests.doors.protocol import client_at, said
from tests.harden import scene
from tests.harden.options import Options
from tests.harden.row import Row, Tally
from tests.hostile import QUESTION, everywhere, index
from tests.serving import Serving
from ui.asking import Asking
from ui.filters import Filters
from ui.history import Keeping
from ui.links import link_to
from ui.passage import Desk
from ui.sent import BARE

_TERMINAL = (
    "\x1b]0;title\x07\x1b[2J\x1b[31mred",
    "\x9b31m\x9d0;title\x9c",
    "safe\rover\x08\x08\x08written",
    "\u202etxt.exe\u202c\u2066x\u2069",
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
)
_BREAKING = (
    'data: {"x":1}\n\nevent: answer\ndata: {"id":"forged"}\n\n',
    "</entry></feed><entry>]]>&lol;<?xml version='1.0'?>",
    '"},{"id":"forged"}]}\u2028\u2029',
    "=cmd|' /C calc'!A0,\"x\"\n@SUM(1)\t+1",
    "| a | b |\n|---|---|\n# heading\n- item\n```\n~~~",
    "{{7*7}} ${7*7} %(x)s {0.__class__}",
    "\ufeff\u200b\u00ad\U000e0041\U000e0042",
)
WORDS = (*_TERMINAL, *_BREAKING, *ATTACKS)
_ACTING = {
    "script",
    "style",
    "img",
    "iframe",
    "svg",
    "video",
    "audio",
    "object",
    "embed",
    "meta",
    "link",
    "base",
    "form",
}
_ACTING |= {"math", "input", "textarea", "select", "think", "template", "body", "head", "html", "title"}
# What pages of ours have of these: the exported page, and the buttons of an answer.
_FRAME = {"html", "head", "body", "meta", "title", "style"}
_LEADING = {"href", "src", "srcset", "action", "poster", "data", "formaction"}
_SHARE = re.compile(r"flex-grow:[\d.]+")  # of the bar that shows balance


def run(options: Options, *, commands: bool = True) -> Row:
    """Each attack through each way out.

    Args:
        commands: also through the command line, which takes some thirty processes an attack.
    """
    tally = Tally()
    for number, words in enumerate(WORDS[: options.attacks]):
        folder = options.work / str(number)
        folder.mkdir()
        store = index(folder, everywhere(words), scene.embedder())
        tally.done["attacks"] += 1
        if commands:
            command_line(store, words, folder, tally)
        with Assistant(Reader(Store(store), scene.embedder())) as assistant:
            python(assistant, words, tally)
            page(assistant, words, tally)
            http(assistant, words, tally)
            mcp(assistant, words, tally)
        shutil.rmtree(folder)
    ways = "command line, exports, Atom, " * commands
    return tally.row("hostile", f"ways out: {ways}Python, page, HTTP, events, MCP")


def python(assistant: Assistant, words: str, tally: Tally) -> None:
    """Data, and text for a terminal."""
    answer = assistant.ask(QUESTION)
    tally.expect(answer.citations, f"{words!r}: nothing is cited")
    data = json.loads(json.dumps(answer.to_dict(), allow_nan=False))
    for entry in data["citations"]:
        text = assistant.corpus.document(entry["document"])[0].text
        tally.expect(text[entry["start"] : entry["end"]] == entry["quote"], f"{words!r}: a quote is not its slice")
    plain(show.answer(answer), "an answer for a terminal", words, tally)
    tally.done["ways tried"] += 1


def command_line(store: Path, words: str, home: Path, tally: Tally) -> None:
    """What every command prints, and every file that it writes."""

    def said(*arguments: object, allowed: tuple[int, ...] = (0, 1)) -> str:
        done = forked(*arguments, home=home)
        where = " ".join(str(one)[:30] for one in arguments[:2])
        tally.expect(done.status in allowed, f"{words!r}: {where} ended with {done.status}: {done.err[-300:]}")
        for text in (done.out, done.err):
            plain(text, where, words, tally)
        tally.quiet(done.err, where)
        tally.done["ways tried"] += 1
        return done.out

    at = ("--store", store)
    corpus = store.parent / "corpus"
    question = " ".join(f"{QUESTION} {words}".replace("\0", " ").split(" "))
    for arguments in (
        ("ask", QUESTION, *at),
        ("ask", QUESTION, "--after", question, *at),
        ("table", QUESTION, *at),
        ("table", QUESTION, "--markdown", *at),
        ("table", QUESTION, "--csv", *at),
        ("table", QUESTION, "--form", "agree", "--by", "voices", *at),
        ("status", *at),
        ("voices", corpus),
        ("terms", *at),
        ("labels", "check", *at),
        ("watch", "add", QUESTION, *at),
        ("index", corpus, *at),
        ("doctor", *at),
    ):
        said(*arguments)
    said("ask", question, *at, allowed=(0, 2))
    said("watch", "add", question, *at, allowed=(0, 2))
    said("ask", QUESTION, "--perspective", words.replace("\0", ""), *at, allowed=(2,))
    said("ask", QUESTION, "--document", words.replace("\0", ""), *at, allowed=(2,))
    for arguments in (("table", QUESTION, "--json", *at), ("status", "--json", *at), ("terms", "--json", *at)):
        _json(said(*arguments), words, tally)
    answer = said("ask", QUESTION, "--json", *at)
    _json(answer, words, tally)
    (home / "answer.json").write_text(answer, "utf-8")
    for ending in ("html", "md", "json"):
        said("export", home / "answer.json", "--to", home / f"told.{ending}", *at, allowed=(0,))
        told = (home / f"told.{ending}").read_text("utf-8")
        plain(told, f"export to {ending}", words, tally)
        _EXPORTS[ending](told, words, tally)
        said("verify", home / f"told.{ending}", allowed=(0,))
    (corpus / "keepers.txt").write_text(f"The tide mill of Sallowmere is gone. {words}\n", "utf-8", "replace")
    said("index", corpus, *at)
    said("watch", "list", "--atom", home / "feed.xml", *at)
    _feed((home / "feed.xml").read_bytes(), words, tally)


def page(assistant: Assistant, words: str, tally: Tally) -> None:
    """What the page's handlers give back, as a browser would read it."""
    filters = Filters(assistant)
    asking = Asking(assistant, Keeping(assistant, filters, None, ""), filters)
    for question in (QUESTION, f"{QUESTION} {words}"):
        turns = looping.run(_last(asking.ask(question, [], BARE)))
        for turn in turns:
            markup(turn["content"], "a message of the page", words, tally)
            tally.expect(
                "\n" not in turn["content"] or turn["role"] == "user", f"{words!r}: a message of several lines"
            )
    desk = Desk(assistant)
    for entry in assistant.ask(QUESTION).citations:
        for shown in (desk.passage(link_to(entry)), desk.peek(link_to(entry)), desk.cards([link_to(entry)])):
            json.loads(json.dumps(shown, allow_nan=False))  # its script writes it with textContent
    tally.done["ways tried"] += 1


def http(assistant: Assistant, words: str, tally: Tally) -> None:
    """What the service sends: JSON, and events."""
    limits = Limits(per_minute=10**6, burst=10**6)
    with TestClient(application(assistant, limits=limits), base_url="http://127.0.0.1") as client:
        got = [
            client.post("/v1/ask", json={"question": QUESTION}),
            client.post("/v1/ask", json={"question": f"{QUESTION} {words}"}),
            client.post("/v1/ask", json={"question": QUESTION, "perspectives": [words]}),
            client.post("/v1/search", json={"question": QUESTION}),
            client.get("/v1/status"),
            client.get("/v1/documents"),
            client.get(f"/v1/documents/{quote('x' + words, safe='')}/text"),
        ]
        for one in got:
            tally.expect(one.status_code < 500, f"{words!r}: {one.request.url} answers {one.status_code}")
            kind = one.headers["content-type"]
            tally.expect(kind.startswith("application/json"), f"{words!r}: {one.request.url} is {kind}")
            tally.expect(one.headers.get("x-content-type-options") == "nosniff", f"{words!r}: no nosniff")
            _json(one.text, words, tally)
        sent = client.post("/v1/ask", json={"question": QUESTION}, headers={"accept": "text/event-stream"}).text
        _events(sent, words, tally)
    tally.done["ways tried"] += len(got) + 1


def mcp(assistant: Assistant, words: str, tally: Tally) -> None:
    """What the tools for other people's assistants answer: data, and a text that a terminal may show."""
    serving = Serving(application(assistant, limits=Limits(per_minute=10**6, burst=10**6)))
    try:
        with client_at(f"{serving.url}/mcp") as caller:
            for tool, asked in (
                ("ask", {"question": QUESTION}),
                ("ask", {"question": f"{QUESTION} {words}"}),
                ("search", {"question": QUESTION}),
                ("perspectives", {}),
                ("read", {"document": f"x{words}"}),
            ):
                result = caller.call(tool, **asked)
                plain(said(result), f"the tool {tool}", words, tally)
                json.dumps(result.structured_content, allow_nan=False)
                if result.is_error:
                    tally.heard(said(result), f"{words!r}: the tool {tool}")
                tally.done["ways tried"] += 1
    finally:
        serving.stop()


async def _last(updates: Any) -> Any:
    last: Any = None
    async for turns, _ in updates:
        last = turns
    return last


def plain(text: str, where: str, words: str, tally: Tally) -> None:
    """Nothing that steers a terminal, and nothing that turns the direction of a line."""
    bad = {letter for letter in text if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t"}
    bad |= set(re.findall("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text))
    if where.startswith("table"):
        bad.discard("\r")  # as lines of CSV end
    tally.expect(not bad, f"{words!r}: {where} holds {sorted(bad)!r}")


class _Tags(HTMLParser):
    """The elements of some HTML that do something, or lead somewhere else."""

    def __init__(self, allowed: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.acting: list[str] = []
        self._allowed = allowed

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTING - self._allowed:
            self.acting.append(f"<{tag}>")
        for name, value in attrs:
            leads = name in _LEADING and not (value or "").startswith(("#p/", "#t/", "#f"))
            drawn = name == "style" and not _SHARE.fullmatch(value or "") and tag not in self._allowed
            if name.startswith("on") or leads or drawn:
                self.acting.append(f"<{tag} {name}={value!r}>")


def markup(text: str, where: str, words: str, tally: Tally, allowed: frozenset[str] = frozenset()) -> None:
    """No element that does anything, no address that leads away."""
    tags = _Tags(set(allowed))
    tags.feed(text)
    tags.close()
    tally.expect(not tags.acting, f"{words!r}: {where} holds {tags.acting[:3]}")


def _html(text: str, words: str, tally: Tally) -> None:
    markup(text, "the exported page", words, tally, frozenset(_FRAME))
    for tag in ("<style", "<meta", "<title", "<body"):
        tally.expect(text.count(tag) == (5 if tag == "<meta" else 1), f"{words!r}: the exported page has {tag} again")


def markdown(text: str, words: str, tally: Tally) -> None:
    outside = re.sub(r"(?ms)^(`{3,}|~{3,}).*?^\1", "", text)
    for what, begun in (("markup", "<(?!!--)[a-zA-Z/]"), ("a link", r"\]\(")):
        found = re.search(rf"(?<!\\)(?:\\\\)*{begun}", outside)  # behind one backslash, or three, it is only shown
        tally.expect(not found, f"{words!r}: the exported Markdown holds {what}")


def _json(text: str, words: str, tally: Tally) -> None:
    try:
        json.loads(text)
    except ValueError as error:
        tally.err(f"{words!r}: no JSON ({error}): {text[:200]!r}")


_EXPORTS: dict[str, Callable[[str, str, Tally], None]] = {"html": _html, "md": markdown, "json": _json}


def _events(text: str, words: str, tally: Tally) -> None:
    """Each event is one name and one line of data, and the last one alone is the answer."""
    names = []
    for block in text.split("\n\n")[:-1]:
        if block.startswith(":"):
            continue
        name, _, data = block.partition("\n")
        names.append(name.removeprefix("event: "))
        tally.expect(
            data.startswith("data: ") and "\n" not in data, f"{words!r}: an event of other lines: {block[:100]!r}"
        )
        _json(data.removeprefix("data: "), words, tally)
    good = names[:1] == ["found"] and names[-1:] == ["answer"] and set(names[1:-1]) <= {"verified"}
    tally.expect(good, f"{words!r}: the events are {names}")


def _feed(data: bytes, words: str, tally: Tally) -> None:
    """Well-formed, with elements of ours alone, and nothing in it that acts."""
    try:
        feed = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        tally.err(f"{words!r}: the feed is not well-formed ({error})")
        return
    known = {
        "feed",
        "id",
        "title",
        "updated",
        "author",
        "name",
        "entry",
        "content",
        "div",
        "ul",
        "li",
        "p",
        "blockquote",
    }
    found = {element.tag.rpartition("}")[2] for element in feed.iter()}
    tally.expect(found <= known, f"{words!r}: the feed holds {found - known}")
    tally.expect(len(feed.findall("{*}entry")) > 0, f"{words!r}: the feed tells nothing")
    plain(data.decode("utf-8"), "the feed", words, tally)
    tally.done["ways tried"] += 1
