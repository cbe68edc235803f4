"""Our answers in other people's LlamaIndex code: every citation is a node, whose text is the document's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes import WordEmbedder, write
from llama_index.core import Settings
from llama_index.core.base.base_selector import BaseSelector, SelectorResult, SingleSelection
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine, RouterQueryEngine
from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer
from llama_index.core.schema import MetadataMode, QueryBundle
from llama_index.core.tools import QueryEngineTool, ToolMetadata

from assistant import Assistant, UnknownPerspective
from assistant.llamaindex import ParallaxQueryEngine
from index import Reader, Store
from index.update import update
from tests import looping

QUESTION = "What does the bridge over the sound cost?"
TEXTS = {
    "ferry": "The ferry must stay.\n\n“The bridge over the sound costs too much,” says Ada Quill.\n",
    "bridge": "A bridge at last.\n\nThe bridge over the sound costs ninety million crowns.\n",
}
LABELS = """
[perspectives.ferry]
label = "Ferry friends"
[perspectives.bridge]
label = "Bridge builders"
[[source]]
match = "ferry.txt"
perspective = "ferry"
published = "2025-03"
[[source]]
match = "bridge.txt"
perspective = "bridge"
"""


class Always(BaseSelector):
    """Takes the tool with this number, whatever is asked."""

    def __init__(self, number: int) -> None:
        self._number = number

    def _get_prompts(self) -> dict[str, object]:
        return {}

    def _update_prompts(self, prompts: object) -> None:
        pass

    def _select(self, choices: Sequence[ToolMetadata], query: QueryBundle) -> SelectorResult:
        return SelectorResult(selections=[SingleSelection(index=self._number, reason="always")])

    async def _aselect(self, choices: Sequence[ToolMetadata], query: QueryBundle) -> SelectorResult:
        return self._select(choices, query)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = write(tmp_path_factory.mktemp("llamaindex") / "corpus", **TEXTS)
    (folder / "sources.toml").write_text(LABELS)
    update(folder, Store(folder / ".parallax"), WordEmbedder())
    with Assistant(Reader(Store(folder / ".parallax"), WordEmbedder())) as assistant:
        yield assistant


@pytest.fixture
def engine(assistant: Assistant) -> ParallaxQueryEngine:
    return ParallaxQueryEngine(assistant)


def plain(answer: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in answer.items() if name not in ("id", "seconds")}


def test_each_citation_is_a_node_that_is_a_slice_of_its_document(
    assistant: Assistant, engine: ParallaxQueryEngine
) -> None:
    response = engine.query(QUESTION)
    answer = assistant.ask(QUESTION)
    assert plain(response.metadata["answer"]) == plain(answer.to_dict())
    assert [node.metadata["number"] for node in response.source_nodes] == [1, 2]
    for node, citation in zip(response.source_nodes, answer.citations, strict=True):
        text = TEXTS[node.metadata["document"].removesuffix(".txt")]
        assert node.text == citation.quote == text[node.node.start_char_idx : node.node.end_char_idx]
        assert node.node.ref_doc_id == node.metadata["document"]
        assert node.score == pytest.approx(citation.score)
        assert f"“{citation.quote}” [{citation.number}]" in str(response)
    ferry = next(node for node in response.source_nodes if node.metadata["document"] == "ferry.txt")
    known = {name: ferry.metadata[name] for name in ("perspectives", "provenance", "published", "speaker", "kind")}
    assert known == {
        "perspectives": "Ferry friends",
        "provenance": "curated",
        "published": "2025-03",
        "speaker": "Ada Quill",
        "kind": "direct",
    }
    assert "Ada Quill" in ferry.node.get_content(MetadataMode.LLM)
    assert "Ada Quill" not in ferry.node.get_content(MetadataMode.EMBED)


def test_a_router_hands_its_answers_on_with_their_citations(assistant: Assistant) -> None:
    engines = [ParallaxQueryEngine(assistant, perspectives=[side]) for side in ("ferry", "bridge")]
    tools = [QueryEngineTool.from_defaults(engine, name="side", description="One side.") for engine in engines]
    for number, document in enumerate(("ferry.txt", "bridge.txt")):
        router = RouterQueryEngine(Always(number), tools, llm=MockLLM())
        for response in (router.query(QUESTION), looping.run(router.aquery(QUESTION))):
            assert {node.metadata["document"] for node in response.source_nodes} == {document}
            assert response.metadata["answer"]["citations"]


def test_the_search_alone_is_a_retriever_under_the_same_filters(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "_llm", MockLLM())
    retriever = ParallaxQueryEngine(assistant, documents=["bridge.txt"]).as_retriever(k=3)
    nodes = retriever.retrieve(QUESTION)
    assert {node.metadata["document"] for node in nodes} == {"bridge.txt"}
    assert [node.node_id for node in looping.run(retriever.aretrieve(QUESTION))] == [node.node_id for node in nodes]
    quiet = get_response_synthesizer(response_mode=ResponseMode.NO_TEXT)
    found = RetrieverQueryEngine(retriever, quiet).query(QUESTION)
    assert [node.node_id for node in found.source_nodes] == [node.node_id for node in nodes]


def test_an_engine_retrieves_as_its_retriever_does(assistant: Assistant) -> None:
    engine = ParallaxQueryEngine(assistant, documents=["ferry.txt"])
    asked = QueryBundle("the bridge over the sound")
    found = engine.retrieve(asked)
    assert {node.metadata["document"] for node in found} == {"ferry.txt"}
    assert found == engine.as_retriever().retrieve(asked)


def test_what_the_corpus_does_not_answer_is_said_and_cites_nothing(engine: ParallaxQueryEngine) -> None:
    response = engine.query("Who won the chess tournament in Reykjavik?")
    assert str(response).startswith("No passage was found that answers this.")
    assert response.source_nodes == []
    assert response.metadata["answer"]["outcome"] == "not_in_corpus"


def test_what_cannot_be_searched_fails_and_is_no_answer(assistant: Assistant) -> None:
    engine = ParallaxQueryEngine(assistant, perspectives=["nobody"])
    with pytest.raises(UnknownPerspective):
        engine.query(QUESTION)
    with pytest.raises(UnknownPerspective):
        looping.run(engine.aquery(QUESTION))


def test_an_engine_opens_the_index_of_a_folder_and_lets_go_of_it(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    monkeypatch.setattr(Assistant, "open", lambda store: opened.append(store) or assistant)
    monkeypatch.setattr(Assistant, "close", lambda self: opened.append(self))
    with ParallaxQueryEngine.open(Path("somewhere"), since="2020"):
        pass
    assert opened == [Path("somewhere"), assistant]
