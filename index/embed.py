"""Texts in, unit vectors out: all-MiniLM-L6-v2 on this machine, or any OpenAI-compatible endpoint.

Vectors come back rounded to half precision: they are kept so on disk, and a vector must be the same whether it was
computed now or read from the cache. Knows nothing of documents or stores.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from index import minilm
from index.errors import EmbedderUnavailable

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]  # one row a text, each of length 1


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their cosine similarity."""

    @property
    def name(self) -> str:
        """What it is called, for people."""
        ...

    @property
    def fingerprint(self) -> str:
        """Equal for two embedders only if their vectors can be compared."""
        ...

    @property
    def host(self) -> str | None:
        """Where texts are sent; None when they stay on this machine."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order.

        Raises:
            EmbedderUnavailable: no vectors can be had.
        """
        ...

    def tokens(self, text: str) -> int:
        """How many of the model's tokens the text takes, as near as can be known."""
        ...


class LocalEmbedder:
    """all-MiniLM-L6-v2 in int8 on onnxruntime, one text at a time on every core.

    One text at a time is faster than batches (no padding, and the activations stay in the cache), and the only way
    to get the same vector for a text at every call: the scale of dynamic quantisation is taken over a whole batch.
    """

    name = "all-MiniLM-L6-v2 (int8, on this machine)"
    fingerprint = f"all-MiniLM-L6-v2 {minilm.SHA256[:12]} int8 graph {minilm.GRAPH}"
    host = None
    dimensions = minilm.DIMENSIONS

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or cores()

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process, which loads the model itself."""
        return {"_threads": self._threads}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; what lies beyond 256 tokens of a text is not seen by the model."""
        session, tokenizer = self._session, self._tokenizer

        def one(text: str) -> np.ndarray:
            ids = tokenizer.encode(text).ids
            return session.run(["vector"], {"input_ids": np.array([ids], np.int32)})[0]

        rows = map(one, texts) if len(texts) == 1 else self._pool.map(one, texts)
        return _half(np.array(list(rows), np.float32).reshape(len(texts), self.dimensions))

    def tokens(self, text: str) -> int:
        """The number of word pieces, without the two marks around a text."""
        return len(self._counter.encode(text, add_special_tokens=False).ids)

    @cached_property
    def _session(self) -> Any:
        return session(minilm.quantized())

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="embed")

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = _tokenizer()
        tokenizer.enable_truncation(minilm.MAX_TOKENS)
        return tokenizer

    @cached_property
    def _counter(self) -> Any:
        return _tokenizer()


class RemoteEmbedder:
    """An embeddings endpoint that speaks OpenAI's protocol."""

    _BATCH = 64
    _TIMEOUT = 60.0  # seconds without an answer; the library's own default is ten minutes

    def __init__(self, model: str, base_url: str | None = None) -> None:
        self.name = model
        self._model = model
        self._base_url = base_url or os.environ.get("OPENAI_BASE_URL") or None
        self.host = host_of(self._client.base_url)
        self.fingerprint = f"{model} at {self.host}"

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process, which talks to the endpoint itself; a key is found there or is not."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_client", "_counter")}

    @property
    def dimensions(self) -> int:
        """Asked of the endpoint, once."""
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order."""
        parts = [self._request(texts[at : at + self._BATCH]) for at in range(0, len(texts), self._BATCH)]
        if len({part.shape[1] for part in parts}) > 1:
            raise EmbedderUnavailable(
                f"{self.host} answered with vectors of different lengths, which are not embeddings of one model",
                "Check what runs there",
            )
        rows = np.concatenate(parts)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return _half(rows / np.where(lengths > 0, lengths, 1))

    def tokens(self, text: str) -> int:
        """Counted with the local model's tokenizer: the endpoint's own is not known here."""
        return len(self._counter.encode(text, add_special_tokens=False).ids)

    def _request(self, texts: Sequence[str]) -> np.ndarray:
        import openai

        remedy = f"Check that {self.host} is up, and the names and key in parallax.toml and the environment"
        try:
            reply = self._client.embeddings.create(
                model=self._model, input=[text or " " for text in texts], encoding_format="float"
            )
            rows = np.array(
                [entry.embedding for entry in sorted(reply.data, key=lambda entry: entry.index)], np.float32
            )
        except openai.OpenAIError as error:
            raise EmbedderUnavailable(f"{self.host} gave no embeddings ({type(error).__name__})", remedy) from error
        except (TypeError, ValueError, AttributeError) as error:  # a reply of another shape
            raise EmbedderUnavailable(f"{self.host} answered with something that is not embeddings", remedy) from error
        if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():
            raise EmbedderUnavailable(f"{self.host} answered with something that is not embeddings", remedy)
        return rows

    @cached_property
    def _dimensions(self) -> int:
        return self.embed(["dimensions"]).shape[1]

    @cached_property
    def _client(self) -> Any:
        import openai

        # A server on this machine needs no key, and the library insists on one.
        key = os.environ.get("OPENAI_API_KEY") or "none"
        return openai.OpenAI(api_key=key, base_url=self._base_url, timeout=self._TIMEOUT, max_retries=2)

    @cached_property
    def _counter(self) -> Any:
        return _tokenizer()


def host_of(url: object) -> str:
    """The host and port of an address, without the name and password that it may carry."""
    parts = urlsplit(str(url))
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def session(graph: object) -> Any:
    """An onnxruntime session for one text at a time on one core; several threads may run it at once."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The fused kernel of "add, then normalise" is not vectorised: without it a passage takes a sixth less time.
    skip = ["SkipLayerNormFusion"]
    return onnxruntime.InferenceSession(
        str(graph), options, providers=["CPUExecutionProvider"], disabled_optimizers=skip
    )


def cores() -> int:
    """How many cores this process may use, which can be fewer than the machine has; macOS cannot tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(minilm.weights_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _half(rows: np.ndarray) -> Vectors:
    return rows.astype(np.float16).astype(np.float32)
