"""A small corpus behind the HTTP service, in this process and without a socket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from ferry import LABELS, TEXTS, Made, serving
from starlette.testclient import TestClient

from assistant import Assistant
from index import Reader, Store
from index.update import update
from tests.fakes import WordEmbedder, write


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("doors") / "corpus", **TEXTS)
    (folder / "sources.toml").write_text(LABELS)
    update(folder, Store(folder / ".parallax"), WordEmbedder())
    return folder


@pytest.fixture
def corpus(indexed: Path, tmp_path: Path) -> Path:
    """A copy of the corpus, to be changed."""
    return shutil.copytree(indexed, tmp_path / "corpus")


@pytest.fixture(scope="session")
def unchanged(indexed: Path) -> Iterator[Assistant]:
    with Assistant(Reader(Store(indexed / ".parallax"), WordEmbedder())) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def client(unchanged: Assistant) -> Iterator[TestClient]:
    """The service over a corpus that no test changes."""
    with serving(unchanged) as client:
        yield client


@pytest.fixture
def assistant(corpus: Path) -> Iterator[Assistant]:
    with Assistant(Reader(Store(corpus / ".parallax"), WordEmbedder())) as assistant:
        yield assistant


@pytest.fixture
def made(assistant: Assistant) -> Iterator[Made]:
    """Makes a client of a service of its own; options as of `application`."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(serving(assistant, **options))
