"""An index published to a folder and pulled from there: the first time, and after one article in a hundred was edited."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from index.generation import Store
from index.sharing.publish import publish
from index.sharing.pull import pull
from index.sharing.transport import Copied
from tests.bench import sets, stores
from tests.bench.options import Options
from tests.bench.table import Row
from tests.bench.updating import with_a_sentence


def run(options: Options) -> list[Row]:
    """At the size of the news index."""
    articles = sets.news(options, options.news)
    cache = stores.news(options).cache_file
    with tempfile.TemporaryDirectory(dir=options.work) as scratch:
        corpus, store = Path(scratch, "corpus"), Store(Path(scratch, "store"))
        place, copy = str(Path(scratch, "place")), Store(Path(scratch, "copy"))
        sets.write_news(corpus, articles)
        store.folder.mkdir()
        shutil.copyfile(cache, store.cache_file)  # so that building it costs no embedding
        stores.refresh(corpus, store)
        rows = _rows("the first time", publish(store, place), pull(place, copy))
        for number, article in enumerate(articles[::100]):
            (corpus / article.path).write_text(with_a_sentence(article, number), "utf-8")
        stores.refresh(corpus, store)
        return rows + _rows("1 % edited", publish(store, place), pull(place, copy))


def _rows(when: str, sent: Copied, fetched: Copied) -> list[Row]:
    return [
        row
        for name, done in ((f"publish, {when}", sent), (f"pull, {when}", fetched))
        for row in (
            Row(f"{name}, of {done.bytes / 1e6:.0f} MB", done.sent / 1e6, "MB"),
            Row(f"{name}, files", done.files, ""),
            Row(name, done.seconds, "s"),
        )
    ]
