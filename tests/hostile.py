"""A small invented corpus, the ways to plant something in it, and what of a request stands outside of the boundaries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant
from assistant.writing.llm import Model
from assistant.writing.writer import Writer
from index import Reader, Store
from index.embed import Embedder
from index.update import update
from tests.scripted_model import Say, Step, judged, model_server

Files = Mapping[str, str | bytes]

QUESTION = "What do the sources say about the tide mill of Sallowmere?"
LABELS = """
version = 1
[perspectives.keepers]
label = "Mill keepers"
[perspectives.breakers]
label = "Mill breakers"
[perspectives.board]
label = "River board"
[[source]]
match = "keepers.txt"
title = "{title}"
outlet = "{outlet}"
published = "2025-03-04"
perspective = "keepers"
[[source]]
match = "breakers.txt"
published = "{published}"
perspective = "breakers"
[[source]]
match = "board.html"
published = "2025-04"
perspective = "board"
"""
KEEPERS = (
    "The mill must stay\n\n"
    "The tide mill of Sallowmere grinds nine hundred sacks of barley a year.\n"
    "The keepers say the tide mill feeds forty families of Sallowmere.\n"
)
BREAKERS = (
    "The mill must go\n\n"
    "The tide mill of Sallowmere grinds three hundred sacks of barley a year.\n"
    "The breakers say the tide mill floods the meadows of Sallowmere.\n"
)
BOARD = """<!DOCTYPE html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>The tide mill of Sallowmere grinds six hundred sacks of barley a year.</p>{more}
<p>The board says the tide mill of Sallowmere is measured in spring.</p></article></body></html>
"""
DIARY = "The tide mill of Sallowmere was loud all night, and nobody in the lane could sleep.\n"


def clean(**replaced: str | bytes) -> dict[str, str | bytes]:
    """The corpus; other files, or others in the place of these, by name with "__" for the dot."""
    files: dict[str, str | bytes] = {
        "sources.toml": labels(),
        "keepers.txt": KEEPERS,
        "breakers.txt": BREAKERS,
        "board.html": BOARD.format(title="Minutes of the river board", more=""),
        "diary.md": f"# A diary\n\n{DIARY}",
    }
    return files | {name.replace("__", "."): content for name, content in replaced.items()}


def labels(title: str = "The mill must stay", outlet: str = "Harbour Gazette", published: str = "2025-05") -> str:
    return LABELS.format(title=escaped(title), outlet=escaped(outlet), published=escaped(published))


def escaped(text: str) -> str:
    """As the inside of a string in TOML or YAML, on one line of at most 290 characters."""
    return json.dumps(" ".join(text.split())[:290], ensure_ascii=False)[1:-1]


def front_matter(**facts: str) -> str:
    """A Markdown file that says these things of itself."""
    said = "".join(f'{name}: "{escaped(fact)}"\n' for name, fact in facts.items())
    return f"---\n{said}---\n{DIARY}"


def named(text: str) -> str:
    """As the name of a file."""
    return re.sub(r"[\0/\n]", " ", text).strip(" .")[:80] + ".txt"


# Where whoever wrote a document, or named its file, can put words.
PLACES: dict[str, Callable[[str], dict[str, str | bytes]]] = {
    "beginning": lambda text: clean(breakers__txt=f"{text}\n\n{BREAKERS}"),
    "middle": lambda text: clean(breakers__txt=BREAKERS.replace("\nThe breakers", f"\n{text}\nThe breakers")),
    "end": lambda text: clean(breakers__txt=f"{BREAKERS}{text}"),
    "paragraph of a page": lambda text: clean(board__html=BOARD.format(title="Minutes", more=f"<p>{html(text)}</p>")),
    "first line": lambda text: clean(breakers__txt=f"{' '.join(text.split())[:110]}\n\n{BREAKERS}"),
    "heading": lambda text: clean(diary__md=f"# {' '.join(text.split())[:290]}\n\n{DIARY}"),
    "title of a page": lambda text: clean(board__html=BOARD.format(title=html(text)[:290], more="")),
    "title in front matter": lambda text: clean(diary__md=front_matter(title=text)),
    "outlet in front matter": lambda text: clean(diary__md=front_matter(outlet=text)),
    "title in the labels": lambda text: clean(sources__toml=labels(title=text)),
    "outlet in the labels": lambda text: clean(sources__toml=labels(outlet=text)),
    "name of a file": lambda text: clean() | {named(text): DIARY},
    "speaker behind a quote": lambda text: clean(
        breakers__txt=f"{BREAKERS}“The tide mill of Sallowmere floods us all,” said {' '.join(text.split())}.\n"
    ),
    "speaker of a report": lambda text: clean(
        breakers__txt=f"{BREAKERS}{' '.join(text.split())} said that the tide mill of Sallowmere floods us all.\n"
    ),
    "writer of a post": lambda text: clean(
        breakers__txt=f"{BREAKERS}\n{' '.join(text.split())} @breaker Dec 22 The tide mill of Sallowmere floods us.\n"
    ),
}
# Where the words are for us alone: neither label nor date are the document's to give.
UNSHOWN: dict[str, Callable[[str], dict[str, str | bytes]]] = {
    "perspective in front matter": lambda text: clean(diary__md=front_matter(perspective=text)),
    "date in front matter": lambda text: clean(diary__md=front_matter(date=text)),
    "author in front matter": lambda text: clean(diary__md=front_matter(author=text)),
    "date in the labels": lambda text: clean(sources__toml=labels(published=text)),
    "date in the name of a file": lambda text: (
        clean(sources__toml=f"{labels()}\n[patterns]\nfilename = '^(?P<published>.+)_'\n")
        | {f"{named(text)[:-4]}_.md": f"# Title\n\n{DIARY}"}
    ),
}


def everywhere(text: str) -> dict[str, str | bytes]:
    """The same words in all places at once."""
    return {
        "sources.toml": labels(text, text, text),
        "keepers.txt": KEEPERS.replace("\nThe keepers", f"\n{text}\nThe keepers"),
        "breakers.txt": f"{text}\n\n{BREAKERS}\n{text}",
        "board.html": BOARD.format(title=html(text), more=f"<p>{html(text)}</p>"),
        "diary.md": front_matter(title=text, outlet=text, perspective=text, date=text, author=text),
        named(text): DIARY,
    }


def html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def index(folder: Path, files: Files, embedder: Embedder) -> Path:
    """Write a corpus and index it; returns the store."""
    for name, content in files.items():
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    update(folder / "corpus", Store(folder / "store"), embedder)
    return folder / "store"


@dataclass(frozen=True)
class Asked:
    """An answer, and what the model was sent for it."""

    answer: Answer
    requests: Sequence[dict[str, Any]]  # those that it answered

    @property
    def system(self) -> str:
        return self.requests[0]["messages"][0]["content"]

    @property
    def user(self) -> str:
        return self.requests[0]["messages"][1]["content"]

    @property
    def boundary(self) -> str:
        found = re.search(r"<<(\w+)`", self.system)
        assert found
        return found.group(1)

    @property
    def rules(self) -> str:
        """The system message without its boundary."""
        return self.system.replace(self.boundary, "B")

    @property
    def frame(self) -> str:
        """The user message without what stands between the boundaries."""
        return re.sub(f"<<{self.boundary}\\b.*?\\b{self.boundary}>>", "<<>>", self.user, flags=re.DOTALL)

    @property
    def inside(self) -> str:
        """What stands between the boundaries, white space single."""
        found = re.findall(f"<<{self.boundary}\\b(.*?)\\b{self.boundary}>>", self.user, flags=re.DOTALL)
        return " ".join(" ".join(found).split())


def ask(
    store: Path,
    embedder: Embedder,
    *replies: str | Step | Callable[[dict[str, Any]], Step],
    question: str = QUESTION,
    context: int | None = None,
    server_context: int | None = None,
    history: Sequence[Any] = (),
) -> Asked:
    """Ask a question of a model that replies so; by default, that nothing answers it."""
    script = [Say(reply, piece=500) if isinstance(reply, str) else reply for reply in replies or [judged("no")]]
    with (
        model_server(*script, context=server_context) as server,
        Assistant(Reader(Store(store), embedder), Writer(Model("scripted", server.url, context=context))) as assistant,
    ):
        answer = assistant.ask(question, history)
        return Asked(answer, tuple(server.answered))


_LABEL = (
    r'("(Mill keepers|Mill breakers|River board)" \(curated\)|not labelled|named by the document itself, not confirmed)'
)
_SOURCE = rf"SOURCE \d+ · perspective: {_LABEL}( / {_LABEL})* · (published: \d{{4}}(-\d\d){{0,2}}|date not known)"
_TITLE = r"title: <<>>( · outlet: <<>>)?"
_SPEAKER = r"(the author|unclear|a reader, in a comment|<<>>)( · quoting: <<>>)?"
_PASSAGE = rf"PASSAGE \d+ \(of source \d+\) · speaker: {_SPEAKER}\n<<>>"
# What code writes, and nothing else.
FRAME = re.compile(rf"({_SOURCE}\n{_TITLE}\n\n({_PASSAGE}\n\n)+)+QUESTION: {re.escape(QUESTION)}\n")
