"""An answer that was kept in, what is said of its quotes once the index is newer than it."""

from __future__ import annotations

import html
import re
from pathlib import Path

from fakes import WordEmbedder, write

from assistant import Assistant, History
from index import Reader, Store
from index.update import update
from ui.filters import Filters
from ui.history import Keeping

WORDS = "The crane must be mended before winter, the dockers write."


def test_a_kept_answer_never_says_that_a_file_changed_since_an_index_that_is_newer(tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus", dockers=f"{WORDS}\n")
    update(corpus, Store(tmp_path / "store"), WordEmbedder())
    with Assistant(Reader(Store(tmp_path / "store"), WordEmbedder())) as assistant:
        keeping = Keeping(assistant, Filters(assistant), History(tmp_path / "history.sqlite"))
        keeping.keep("a" * 32, assistant.ask("Must the crane be mended before winter?"), None)
        (file,) = corpus.iterdir()
        file.write_text(f"A line that came later.\n\n{WORDS}\n")
        update(corpus, Store(tmp_path / "store"), WordEmbedder())
        said = " ".join(html.unescape(str(turn["content"])) for turn in keeping.restore("a" * 32)[0])
    assert "moved" in re.sub(r"<[^>]*>", " ", said)
    assert "since it was indexed" not in said
    assert "The document has changed since this was taken from it; these words still stand there." in said
