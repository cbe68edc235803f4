"""An embedder that keeps what it was asked to embed."""

from __future__ import annotations

from copy import copy
from typing import Any


class Recorder:
    """Any embedder, with the texts that it is given."""

    def __init__(self, embedder: Any, texts: list[str]) -> None:
        self._embedder = embedder
        self.texts = texts

    def __reduce__(self) -> tuple[Any, ...]:
        return copy, (self._embedder,)  # in another process the embedder itself will do

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)

    def embed(self, texts: Any) -> Any:
        self.texts.extend(texts)
        return self._embedder.embed(texts)
