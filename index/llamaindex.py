"""Our search for other people's LlamaIndex code: a `BaseRetriever` over the current generation of a store.

from index.llamaindex import ParallaxRetriever

engine = RetrieverQueryEngine.from_args(ParallaxRetriever.open("my-articles/.parallax"), llm=...)
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from index.embed import Embedder, LocalEmbedder
from index.filter import Filter
from index.generation import Store
from index.reader import Reader
from index.retrieve import Retriever
from index.types import Hit, Label, Passage, Source


class ParallaxRetriever(BaseRetriever):
    """Returns passages as nodes: text and offsets are the document's own, the score is the cosine similarity."""

    def __init__(self, reader: Reader, k: int = 10, only: Filter | None = None) -> None:
        self._reader = reader
        self._k = k
        self._only = only or Filter()
        super().__init__()

    @classmethod
    def open(cls, store: str | Path, k: int = 10, embedder: Embedder | None = None) -> ParallaxRetriever:
        """A retriever over the store in this folder.

        Raises:
            CorpusError: there is no index there, or it cannot be used.
        """
        return cls(Reader(Store(Path(store)), embedder or LocalEmbedder()), k)

    def close(self) -> None:
        """Let go of the index."""
        self._reader.close()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        with self._reader.pinned() as (_, retriever):
            hits = retriever.search(query_bundle.query_str, self._k, self._only)
            return [_node(hit, retriever) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _node(hit: Hit, retriever: Retriever) -> NodeWithScore:
    source = retriever.sources(hit.passage.document.id)
    return sourced(hit.passage, source, source.labels, hit.score)


def sourced(
    passage: Passage, source: Source, labels: Sequence[Label], score: float, **more: str | int
) -> NodeWithScore:
    """A slice of a document as a node, with what is known of its source.

    Args:
        labels: where the slice stands, which is not always where its source does.
        more: what else is known of it.
    """
    metadata: dict[str, str | int] = {
        "document": passage.document.id,
        "title": source.title,
        "published": source.published or "",
        "perspectives": ", ".join(label.perspective.label for label in labels),
        "provenance": ", ".join(label.provenance for label in labels),
        **more,
    }
    node = TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.document.id)},
        metadata=metadata,
        # What is said about a source is for people; it must not change what a model makes of the passage.
        excluded_embed_metadata_keys=list(metadata),
    )
    return NodeWithScore(node=node, score=score)
