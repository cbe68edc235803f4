"""Our answers for other people's LlamaIndex code: a query engine whose responses keep every citation.

from assistant.llamaindex import ParallaxQueryEngine

with ParallaxQueryEngine.open("my-articles") as engine:
    response = engine.query("By how much did trade fall?")
    response.source_nodes[0].metadata["perspectives"]
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.assistant import Assistant
from assistant.badge import who
from assistant.commands import show
from assistant.types import Answer, Citation, Mode, Outcome
from index.filter import Filter
from index.llamaindex import ParallaxRetriever, sourced
from index.types import Passage


class ParallaxQueryEngine(BaseQueryEngine):
    """Answers as the assistant does.

    The response is the answer's sentences, each with the numbers of its proofs. Each of these is a node, in the same
    order: its text and offsets are the document's own, its metadata say whose side the source is on and who speaks.
    `metadata["answer"]` is the whole answer, as `Answer.to_dict()` has it.
    """

    def __init__(self, assistant: Assistant, callback_manager: CallbackManager | None = None, **only: Any) -> None:
        """Set up.

        Args:
            assistant: whoever opened it closes it.
            only: what alone is searched: perspectives, documents, speakers, since and until, as in `Assistant.stream`.
        """
        self._assistant = assistant
        self._only = only
        super().__init__(callback_manager)

    @classmethod
    def open(cls, store: str | Path | None = None, **only: Any) -> ParallaxQueryEngine:
        """An engine over the index in this folder; without one given, over that which was indexed last.

        Raises:
            CorpusError: there is none, or it cannot be used.
        """
        return cls(Assistant.open(store), **only)

    def close(self) -> None:
        """Let go of the index."""
        self._assistant.close()

    def __enter__(self) -> ParallaxQueryEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def as_retriever(self, k: int = 10) -> ParallaxRetriever:
        """The search alone, over the same index."""
        return ParallaxRetriever(self._assistant.reader, k, Filter(**self._only))

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The passages that bear most on a question, without an answer; as `as_retriever().retrieve`."""
        return self.as_retriever().retrieve(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._assistant.ask(query_bundle.query_str, **self._only)
        return Response(_text(answer), [_node(citation) for citation in answer.citations], {"answer": answer.to_dict()})

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)


def _text(answer: Answer) -> str:
    """The sentences of an answer, a line each. What a source says stands in quotation marks."""
    if answer.outcome is Outcome.NOT_IN_CORPUS:
        return " ".join([show.NOTHING_FOUND, *([answer.reason.text] if answer.reason else [])])
    said = [*([answer.premise] if answer.premise else []), *answer.claims]
    mark = "“{}” {}" if answer.mode is Mode.DIGEST else "{} {}"
    numbers = ("".join(f"[{number}]" for number in claim.citations) for claim in said)
    return "\n".join(mark.format(claim.text, proofs) for claim, proofs in zip(said, numbers, strict=True))


def _node(citation: Citation) -> NodeWithScore:
    voice = citation.voice
    return sourced(
        Passage(citation.document, citation.start, citation.end),
        citation.source,
        citation.labels,
        citation.score,
        number=citation.number,
        voice=who(voice),
        kind=str(voice.kind),
        speaker=voice.speaker or "",
        check=str(citation.check),
    )
