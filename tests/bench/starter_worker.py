"""The plain LlamaIndex starter with Chroma and HuggingFaceEmbedding: a worker for the peers' environment."""

from __future__ import annotations

import json
import time
from itertools import islice
from pathlib import Path
from typing import Any

from tests.bench.worker import clocked, serve

_held: dict[str, Any] = {}
_BATCH = 2_000  # nodes inserted at once; Chroma refuses more than 5,461


def load(model: str) -> dict[str, Any]:
    """Import the libraries and compute a first vector."""
    import chromadb  # noqa: F401
    import llama_index.vector_stores.chroma  # noqa: F401
    from llama_index.core import VectorStoreIndex  # noqa: F401
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    _held["embedding"] = HuggingFaceEmbedding(model_name=model, device="cpu")
    _held["embedding"].get_text_embedding("A first text.")
    return {}


def index(corpus: str, paths: list[str], store: str, size: int, overlap: int) -> dict[str, Any]:
    """Index files from nothing."""
    from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter

    begun = time.perf_counter()
    documents = SimpleDirectoryReader(input_files=[str(Path(corpus, path)) for path in paths]).load_data()
    collection, context = _store(store)
    VectorStoreIndex.from_documents(
        documents,
        storage_context=context,
        embed_model=_held["embedding"],
        transformations=[SentenceSplitter(chunk_size=size, chunk_overlap=overlap)],
    )
    return {"seconds": time.perf_counter() - begun, "passages": collection.count()}


def fill(passages: str, vectors: str, store: str) -> dict[str, Any]:
    """Put passages in whose vectors are known: the index is then as large as ours, at no cost of embedding."""
    import numpy as np
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode

    collection, context = _store(store)
    built = VectorStoreIndex.from_vector_store(context.vector_store, embed_model=_held["embedding"])
    rows = np.load(vectors, mmap_mode="r")
    with Path(passages).open(encoding="utf-8") as lines:
        known = zip(map(json.loads, lines), rows, strict=True)
        while batch := list(islice(known, _BATCH)):
            built.insert_nodes(
                TextNode(text=line["text"], metadata={"file_path": line["file"]}, embedding=row.tolist())
                for line, row in batch
            )
    return {"passages": collection.count()}


def open_store(store: str, question: str) -> dict[str, Any]:
    """Open a filled index and ask a first question."""
    from llama_index.core import VectorStoreIndex

    collection, context = _store(store)
    built = VectorStoreIndex.from_vector_store(context.vector_store, embed_model=_held["embedding"])
    _held["retriever"] = built.as_retriever(similarity_top_k=10)
    begun = time.perf_counter()
    _search(question)
    return {"seconds": time.perf_counter() - begun, "passages": collection.count()}


def search(questions: list[str]) -> dict[str, Any]:
    """Embed, search and fetch the texts of the ten best passages, question by question."""
    return {"seconds": [clocked(lambda question=question: _search(question)) for question in questions]}


def _search(question: str) -> list[str]:
    return [found.get_content() for found in _held["retriever"].retrieve(question)]


def _store(folder: str) -> tuple[Any, Any]:
    import chromadb
    from llama_index.core import StorageContext
    from llama_index.vector_stores.chroma import ChromaVectorStore

    collection = chromadb.PersistentClient(folder).get_or_create_collection("starter", embedding_function=None)
    return collection, StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))


if __name__ == "__main__":
    serve({verb.__name__: verb for verb in (load, index, fill, open_store, search)})
