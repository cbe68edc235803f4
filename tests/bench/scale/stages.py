"""A corpus of one size in, figures out, stage by stage; what was measured before is not measured again."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.indexing import weight
from tests.bench.scale.corpora import Corpora, Size, put
from tests.bench.table import percentile
from tests.bench.worker import Worker

Figures = dict[str, float]
_WARM = "What is said about the weather?"
_SINCE, _UNTIL = "2015-01", "2016-06"  # a seventh of the articles
FILTERS: dict[str, dict[str, Any]] = {
    "alone": {},
    "perspective": {"perspectives": ["left"]},
    "date": {"since": _SINCE, "until": _UNTIL},
    "several": {"perspectives": ["left", "right"], "since": _SINCE, "until": _UNTIL, "speakers": ["author"]},
}
_RECALLED = (10, 100)  # neighbours that a quick search should find; a question takes a hundred


class Measuring:
    """All stages of one size."""

    def __init__(
        self, corpora: Corpora, size: Size, *, questions: int, openings: int, chroma: bool, embeddings: Path | None
    ) -> None:
        """Begin where it was left off.

        Args:
            openings: of a reader, of which the median counts.
            chroma: an index whose passages are counted gets one in Chroma, too; without it there is no update.
            embeddings: what the real ones are read from instead of being computed: a cache.sqlite.
        """
        self._corpora, self._size, self._questions, self._openings = corpora, size, questions, openings
        self._chroma, self._embeddings = chroma or size.passages is None, embeddings
        self._folder = corpora.folder(size)
        self._store = corpora.store(size).folder
        self._file = self._folder / "figures.json"
        self.figures: Figures = json.loads(self._file.read_text()) if self._file.exists() else {}

    def run(self) -> Figures:
        """Whatever is not there yet, and the questions again."""
        if "build_s" not in self.figures:
            self._keep(self._build())
        self._keep(self._read())
        if "update_s" not in self.figures and self.figures["chroma"]:
            self._keep(self._update())
        return self.figures

    def _keep(self, figures: Figures) -> None:
        """Note them, and say them at once: the next stage may take hours."""
        self.figures |= figures | {"taken": float(date.today().strftime("%Y%m%d"))}
        self._file.write_text(json.dumps(self.figures, indent=1) + "\n", "utf-8")
        said = ", ".join(f"{name} {value:,.4g}" for name, value in figures.items())
        print(f"{self._size}: {said}", file=sys.stderr, flush=True)

    def _build(self) -> Figures:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._size.articles is not None:
            self._corpora.write(self._size)
        if self._embeddings is not None and self._corpora.is_real(self._size):
            self._store.mkdir(exist_ok=True)
            shutil.copyfile(self._embeddings, self._store / "cache.sqlite")
        with self._worker() as worker:
            data, work = self._corpora.options.data, self._corpora.options.work
            done = worker.ask("build", data=str(data), work=str(work), size=str(self._size), chroma=self._chroma)
        store = self._corpora.store(self._size)
        name = store.current()
        assert name is not None
        generation, manifest = self._store / "generations" / name, store.manifest(name)
        return {
            "passages": manifest.passages,
            "articles": manifest.documents,
            "real": float(self._corpora.is_real(self._size)),
            "chroma": float(self._chroma),
            "build_s": done["seconds"],
            "build_embedded": done["embedded"],
            "build_peak_mb": done["peak_mb"] - done["aside_mb"],
            "store_mb": weight(self._store) / 1e6,
            "library_mb": weight(generation, "library.sqlite") / 1e6,
            "vectors_mb": (weight(generation) - weight(generation, "library.sqlite")) / 1e6,
        }

    def _read(self) -> Figures:
        """A reading process: opened, asked alone and with filters."""
        asked = self._corpora.questions(self._questions + self._questions // 4)
        asked, answered = asked[: self._questions], asked[self._questions :]
        openings: list[float] = []
        for number in range(self._openings):
            with self._worker() as worker:
                opened = worker.ask("open_store", store=str(self._store), question=_WARM)
                openings.append(worker.since_start())
                if number < self._openings - 1:
                    continue
                found: Figures = {
                    "open_s": median(openings),
                    "opened_s": opened["answered"],  # without starting Python, with all that is imported
                    "open_mb": opened["rss_mb"],
                }
                for name, only in FILTERS.items():
                    worker.ask("search", questions=[_WARM], only=only)
                    done = worker.ask("search", questions=asked, only=only)
                    found |= _percentiles(name, done["seconds"]) | _percentiles(f"{name}_processor", done["processor"])
                    found["read_mb"], found["read_files_mb"] = done["rss_mb"], done["files_mb"]
                done = worker.ask("answer", questions=answered)
                found |= _percentiles("answer", done["seconds"]) | _percentiles("answer_processor", done["processor"])
                for k in _RECALLED:
                    shares = worker.ask("recall", questions=asked, k=k, chroma=bool(self.figures["real"]))
                    found |= {f"{name}_recall_{k}": shares[name] for name in ("scan", "chroma") if name in shares}
                return found
        raise AssertionError("nothing was opened")

    def _update(self) -> Figures:
        """One article in two hundred is edited, and as many are added."""
        corpus, count = self._folder / "corpus", int(self.figures["articles"])
        changed = max(1, count // 200)
        for number in range(changed):
            put(corpus, self._corpora.articles.article(number * 200 % count, edition=1))
            put(corpus, self._corpora.articles.article(count + number))
        with self._worker() as worker:
            done = worker.ask("update", corpus=str(corpus), store=str(self._store))
        return {
            "update_s": done["seconds"],
            "update_embedding_s": done["embedding"],
            "update_rest_s": max(0.0, done["seconds"] - done["embedding"]),
            "update_passages": done["embedded"],
            "update_peak_mb": done["peak_mb"],
        }

    def _worker(self) -> Worker:
        return Worker(sys.executable, "scale.worker", Path(self._folder) / "worker.log")


def _percentiles(name: str, seconds: list[float]) -> Figures:
    return {f"{name}_p{share}_ms": percentile(seconds, share) * 1000 for share in (50, 95)}
