"""A size in, the folder of articles and the store of its index out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from index.generation import Store
from tests.bench import sets
from tests.bench.options import Options
from tests.bench.scale.varied import Varied
from tests.bench.sets import Article

ORIGINALS = 3_000
_LABELS = sets.LABELS + "[patterns]\nfilename = '^(?P<published>\\d{4}-\\d\\d-\\d\\d)-'\n"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a corpus is."""

    articles: int | None
    passages: int | None = None  # where they are counted instead

    @classmethod
    def read(cls, text: str) -> Size:
        """As the command takes it: 3000, or 1000000p.

        Raises:
            ValueError: it is no size.
        """
        count = int(text.removesuffix("p"))
        if count < 1:
            raise ValueError(text)
        return cls(None, count) if text.endswith("p") else cls(count)

    def __str__(self) -> str:
        return str(self.articles) if self.articles is not None else f"{self.passages}p"


class Corpora:
    """The corpora of all sizes, made from one set of articles."""

    def __init__(self, data: Path, work: Path) -> None:
        """Make nothing yet.

        Raises:
            Skipped: the set is not there.
        """
        self.options = Options(data, work, None)
        self.articles = Varied(sets.news(self.options, ORIGINALS))

    def folder(self, size: Size) -> Path:
        """Where the corpus of a size lies, in `corpus`, and its index, in `store`."""
        return self.options.work / f"scale-{size}"

    def store(self, size: Size) -> Store:
        return Store(self.folder(size) / "store")

    @cached_property
    def originals(self) -> Size:
        """The size that has every article which is not varied, and no other."""
        return Size(len(self.articles.originals))

    def is_real(self, size: Size) -> bool:
        """Whether all of it is embedded for real."""
        return size.articles is not None and size.articles <= len(self.articles.originals)

    def write(self, size: Size) -> Path:
        """Make the folder hold the articles of a size counted in articles."""
        assert size.articles is not None
        corpus = self.folder(size) / "corpus"
        for number in range(size.articles):
            put(corpus, self.articles.article(number))
        label(corpus)
        return corpus

    def questions(self, count: int) -> list[str]:
        """Titles of real articles."""
        return [article.title for article in self._spread(count)]

    def _spread(self, count: int) -> Iterator[Article]:
        originals = self.articles.originals
        yield from originals[:: max(1, len(originals) // count)][:count]


def put(corpus: Path, article: Article) -> Path:
    """Write an article into its file."""
    file = corpus / article.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(article.content.encode("utf-8", "surrogatepass"))
    return file


def label(corpus: Path) -> None:
    """Give the three folders their sides, and each file the date in its name."""
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "sources.toml").write_text(_LABELS, "utf-8")
