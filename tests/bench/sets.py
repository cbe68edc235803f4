"""The development sets in, files and questions out. File names are running numbers: an id may give away the answer."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.bench.options import Options

LABELS = """version = 1
[perspectives.left]
label = "Left"
[perspectives.center]
label = "Centre"
[perspectives.right]
label = "Right"
""" + "".join(
    f'[[source]]\nmatch = "{side}/*"\nperspectives = ["{side}"]\nby = "the news set"\non = "2026-11-01"\n'
    for side in ("left", "center", "right")
)


@dataclass(frozen=True, slots=True)
class Article:
    """A news article."""

    path: str  # within the corpus: the folder is the side, the name a running number
    title: str
    text: str
    outlet: str = ""

    @property
    def content(self) -> str:
        """What stands in its file."""
        return f"{self.title}\n\n{self.text}\n"


@dataclass(frozen=True, slots=True)
class Judged:
    """A set of questions with judgements."""

    documents: tuple[tuple[str, str], ...]  # title, text; shuffled, since the order of some sets groups what belongs
    questions: tuple[str, ...]
    relevant: tuple[dict[int, float], ...]  # one a question: number of the document -> grade


@lru_cache(maxsize=2)
def _read(file: Path) -> tuple[dict[str, Any], ...]:
    with file.open(encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


def news(options: Options, count: int) -> list[Article]:
    """The first so many articles; the set has 3,000, in no order."""
    chosen = _read(options.folder("news") / "articles.jsonl")[:count]
    return [
        Article(
            f"{line['label']}/{number:06}.txt", " ".join(line["title"].split()), line["text"], line["meta"]["source"]
        )
        for number, line in enumerate(chosen)
    ]


def write_news(corpus: Path, articles: Sequence[Article]) -> None:
    """Make a folder hold exactly these articles, with labels. A file that is right already is not touched."""
    for article in articles:
        _write(corpus / article.path, article.content)
    wanted = {article.path for article in articles}
    for file in corpus.rglob("*.txt"):
        if file.relative_to(corpus).as_posix() not in wanted:
            file.unlink()
    write_labels(corpus)


def write_labels(corpus: Path) -> None:
    """Give the three folders their sides."""
    _write(corpus / "sources.toml", LABELS)


def titles(options: Options, count: int) -> list[str]:
    """Titles of articles, spread evenly over the set, as questions."""
    articles = news(options, 3_000)
    return [article.title for article in articles[:: max(1, len(articles) // count)][:count]]


def judged(options: Options, name: str) -> Judged:
    """A set of questions with judgements, or the beginning of one with the documents that are judged in it."""
    folder = options.folder(name)
    texts = {line["id"]: line["text"] for line in _read(folder / "queries.jsonl")}
    grades: dict[str, dict[str, float]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        question, document, grade = line.split("\t")
        if float(grade) > 0:
            grades.setdefault(question, {})[document] = float(grade)
    asked = [id for id in texts if id in grades][: options.judged and max(10, options.judged // 10)]
    documents = list(_read(folder / "corpus.jsonl"))
    random.Random(0).shuffle(documents)
    if options.judged is not None:
        needed = {document for id in asked for document in grades[id]}
        rest = [line for line in documents if line["id"] not in needed]
        documents = [line for line in documents if line["id"] in needed] + rest[: options.judged]
    numbers = {line["id"]: number for number, line in enumerate(documents)}
    return Judged(
        tuple((" ".join(line["title"].split()), line["text"]) for line in documents),
        tuple(texts[id] for id in asked),
        tuple({numbers[document]: grade for document, grade in grades[id].items()} for id in asked),
    )


def sides(options: Options) -> list[str]:
    """Where each document of the whole set of debates stands towards its own claim, by its number."""
    documents = list(_read(options.folder("debates") / "corpus.jsonl"))
    random.Random(0).shuffle(documents)
    return [str(line["meta"]["stance"]) for line in documents]


def write_judged(corpus: Path, documents: Sequence[tuple[str, str]]) -> None:
    """One file a document, its title in the front matter, its name a running number."""
    for number, (title, text) in enumerate(documents):
        _write(corpus / f"{number:06}.md", f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n{text}\n")


def _write(file: Path, content: str) -> None:
    data = content.encode("utf-8", "surrogatepass")
    if not file.exists() or file.read_bytes() != data:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
