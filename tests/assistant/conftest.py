"""The sample corpus, indexed once with the real embedder, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from index import LocalEmbedder, Reader, Store
from index.update import update

SAMPLE = Path(__file__).parents[2] / "index" / "sample"


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "store"
    update(SAMPLE, Store(folder), LocalEmbedder())
    return folder


@pytest.fixture(scope="session")
def sample(sample_store: Path) -> Iterator[Assistant]:
    assistant = Assistant(Reader(Store(sample_store), LocalEmbedder()))
    yield assistant
    assistant.close()
