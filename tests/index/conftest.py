"""A corpus and a store in a folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import Store


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")
