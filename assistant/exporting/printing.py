"""The data of a bundle in, the lines of a JSON, HTML or Markdown file out; and the data out of such a file again.

Everything that came from documents, labels, readers or models is text: nothing of it can act in any of the three.

    JSON      the data, one value a line; characters that nobody sees, or that a screen would obey, are spelt out
    HTML      a page without scripts that asks for nothing, with the data in it
    Markdown  the same as a text, with the data in a code block
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from assistant.exporting.seal import Frame, Line
from assistant.exporting.sheet import Data, Kind, Part, parts

Lines = list[Line]

# What a terminal or a browser obeys: control characters, and those that turn the direction of what follows.
OBEYED = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# In data also what nobody sees, and what HTML reads as markup.
_SPELT = re.compile(
    "[<>&\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that an answer can be exported to."""

    lines: Callable[[Data], Lines]
    data: Callable[[Sequence[str]], str]  # the JSON in the lines of a file
    frame: Frame
    mark: str  # how one of its first lines begins


# ── Data ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def data_lines(data: Data) -> Lines:
    """The data as JSON that can stand in any file, a line a value, each with its place."""
    return list(_value(data, (), "", "", ""))


def _value(value: Any, path: tuple[str | int, ...], indent: str, name: str, comma: str) -> Iterator[Line]:
    place = _place(path)
    if isinstance(value, Mapping | list) and value:
        pairs = list(value.items() if isinstance(value, Mapping) else enumerate(value))
        opening, closing = "{}" if isinstance(value, Mapping) else "[]"
        yield Line(place, f"{indent}{name}{opening}")
        for key, inner in pairs:
            inner_name = f"{_scalar(key)}: " if isinstance(key, str) else ""
            yield from _value(inner, (*path, key), indent + " ", inner_name, "," if key != pairs[-1][0] else "")
        yield Line(place, f"{indent}{closing}{comma}")
    else:
        yield Line(place, f"{indent}{name}{_scalar(value)}{comma}")


def _scalar(value: Any) -> str:
    return _SPELT.sub(_spelt, json.dumps(value, ensure_ascii=False, allow_nan=False))


def _spelt(found: re.Match[str]) -> str:
    return re.sub("....", r"\\u\g<0>", found[0].encode("utf-16-be", "surrogatepass").hex())


def _place(path: tuple[str | int, ...]) -> str:
    """A path in words: "citation 3, quote". Names may come from outside, so few characters are let through."""
    names: list[str] = []
    for name in path[1:] if path[:1] == ("answer",) and len(path) > 1 else path:
        if isinstance(name, int):
            names[-1] = f"{names[-1].removesuffix('s')} {name + 1}"
        else:
            names.append(re.sub(r"[^A-Za-z0-9_-]", "_", name)[:40])
    return ", ".join(names) or "the data"


def _json(data: Data) -> Lines:
    *body, _ = data_lines(data)
    return [*body[:-1], Line(body[-1].place, f"{body[-1].text},")]


_JSON_LAST = " },"  # of the data
_JSON_FRAME = Frame((' "seal": [',), '  "', '",', (" ]", "}"), last='"')


def _json_data(lines: Sequence[str]) -> str:
    end = _index(lines, _JSON_FRAME.opening[0])
    if end == len(lines) and _JSON_LAST in lines:  # the line that opens the seal was changed
        end -= lines[::-1].index(_JSON_LAST)
    body = list(lines[:end])
    return "\n".join([*body[:-1], body[-1].removesuffix(",") if body else "", "}"])


def _index(lines: Sequence[str], line: str, start: int = 0) -> int:
    try:
        return lines.index(line, start)
    except ValueError:
        return len(lines)


def _between(lines: Sequence[str], first: str, last: str) -> str:
    start = _index(lines, first) + 1
    return "\n".join(lines[start : _index(lines, last, start)])


def _shown(text: str) -> str:
    """Text in which what a screen would obey is spelt out."""
    return OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


# ── HTML ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1e293b; --soft: #475569; --line: #cbd5e1; --mark: #fdf6d0; }
@media (prefers-color-scheme: dark) {
:root { --paper: #0b1220; --ink: #e8edf5; --soft: #a9b6c8; --line: #33425a; --mark: #2e2a12; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.55 Charter, Georgia, serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1.2rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.05rem; margin: 2.2rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
h1, h2, p, blockquote { overflow-wrap: anywhere; unicode-bidi: plaintext; }
.quote { display: grid; grid-template-columns: 1.7rem minmax(0, 1fr); align-items: baseline; margin-top: 1.3rem; }
blockquote { margin: 0 0 .2rem; padding: .5rem .9rem; background: var(--mark); border-left: 3px solid var(--line); }
blockquote { white-space: pre-wrap; }
.facts { color: var(--soft); font: 13.5px/1.5 system-ui, sans-serif; margin: .2rem 0; }
.missing { margin: 0 0 .2rem; padding: .5rem .9rem; border-left: 3px dashed var(--soft); color: var(--soft); }
.number { font: 600 13.5px system-ui, sans-serif; color: var(--soft); }
details { margin-top: 2rem; }
pre { font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
""".strip().split("\n")
_STYLE_HASH = b64encode(sha256("\n".join(["", *_STYLE, ""]).encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
_TAGS = {
    Kind.TITLE: ("<h1>", "</h1>"),
    Kind.HEADING: ("<h2>", "</h2>"),
    Kind.TEXT: ("<p>", "</p>"),
    Kind.CLAIM: ("<p>", "</p>"),
    Kind.QUOTE: ("<blockquote>", "</blockquote>"),
    Kind.MISSING: ('<p class="missing">', "</p>"),
    Kind.FACTS: ('<p class="facts">', "</p>"),
}
_HTML_MARK = '<meta name="generator" content="parallax answer'
_HTML_DATA = ('<pre id="data">', "</pre>")
_HTML_FRAME = Frame(
    ("<details>", "<summary>Seal of this file</summary>", "<pre>"),
    "",
    "",
    ("</pre>", "</details>", "</main>", "</body>", "</html>"),
)


def _html(data: Data) -> Lines:
    head = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f'{_HTML_MARK}, format {data["format"]}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{_html_text(data['answer']['question'])}</title>",
        "<style>",
        *_STYLE,
        "</style>",
        "</head>",
        "<body>",
        "<main>",
    ]
    return [
        *(Line("the head of the page", text) for text in head),
        *(Line(f"the page, {part.place}", _html_part(part)) for part in parts(data)),
        *(Line("the page", text) for text in ("<details>", "<summary>Data of this file</summary>", _HTML_DATA[0])),
        *data_lines(data),
        *(Line("the page", text) for text in (_HTML_DATA[1], "</details>")),
    ]


def _html_part(part: Part) -> str:
    opening, closing = _TAGS[part.kind]
    text = _html_text(part.text)
    if part.kind is Kind.CLAIM:
        links = " ".join(f'<a class="number" href="#quote-{number}">{number}</a>' for number in part.numbers)
        return f"{opening}{text} {links}{closing}"
    if part.numbers:
        number = f'<span class="number" id="quote-{part.numbers[0]}">{part.numbers[0]}</span>'
        return f'<div class="quote">{number} {opening}{text}{closing}</div>'
    return f"{opening}{text}{closing}"


def _html_text(text: str) -> str:
    return html.escape(_shown(text)).replace("\n", "&#10;").replace("\r", "&#13;")


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&^@])")
_BEGINNINGS = re.compile(r"(\d{1,9}(?=[.)])|(?=[-+=:%]))")  # of a line, that would make it a list, a heading, a block
_ADDRESS = re.compile(r"(?i)(\b(?:https?|ftp|mailto|xmpp|data|javascript|file))(:)|(\bwww)(\.)")
_MD_MARK = "<!-- parallax answer"
_MD_DATA = ("```json", "```")
_MD_FRAME = Frame(("", "## Seal of this file", "", "```text"), "", "", ("```",))


def _markdown(data: Data) -> Lines:
    return [
        Line("the head of the page", f"{_MD_MARK}, format {data['format']} -->"),
        *(Line(f"the page, {part.place}", text) for part in parts(data) for text in ("", *_markdown_part(part))),
        *(Line("the page", text) for text in ("", "## Data of this file", "", _MD_DATA[0])),
        *data_lines(data),
        Line("the page", _MD_DATA[1]),
    ]


def _markdown_part(part: Part) -> Iterator[str]:
    paragraph = " ".join(markdown_text(" ".join(part.text.split())).split("\n"))
    numbers = "".join(rf"\[{number}\]" for number in part.numbers)
    match part.kind:
        case Kind.TITLE:
            yield f"# {paragraph}"
        case Kind.HEADING:
            yield f"## {paragraph}"
        case Kind.QUOTE:
            yield from (numbers, "") if numbers else ()
            yield from (f"> {markdown_text(line)}".rstrip() for line in re.split(r"\r\n|\r|\n", part.text))
        case Kind.MISSING:
            yield f"{numbers} {paragraph}".strip()
        case _:
            yield f"{paragraph} {numbers}".strip()


def markdown_text(text: str) -> str:
    """One line of text in which no renderer finds anything but letters."""
    escaped = _ADDRESS.sub(r"\1\3\\\2\4", _MARKUP.sub(r"\\\1", _shown(text).strip(" \t")))
    return _BEGINNINGS.sub(r"\1\\", escaped, count=1) if _BEGINNINGS.match(escaped) else escaped


FORMATS = {
    ".json": Format(_json, _json_data, _JSON_FRAME, ' "bundle": "parallax answer"'),
    ".html": Format(_html, lambda lines: _between(lines, *_HTML_DATA), _HTML_FRAME, _HTML_MARK),
    ".md": Format(_markdown, lambda lines: _between(lines, *_MD_DATA), _MD_FRAME, _MD_MARK),
}
