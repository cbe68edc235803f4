"""A question in, the passages that bear on it out. Run: python -m pytest tests/index/test_retrieve.py"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder, write

from index import Filter, Hit, Reader, Store
from index.library import INDEXED, Entry
from index.llamaindex import ParallaxRetriever
from index.query import Query, Term
from index.retrieve import DENSE_WEIGHT, Retriever, coverage, fuse
from index.types import Label, Perspective, Provenance, Source
from index.update import update

# Pure functions


@pytest.mark.parametrize(
    ("dense", "lexical", "weight", "expected"),
    [
        pytest.param(
            [(1, 0.8), (2, 0.4)],
            [(2, 9.0), (3, 5.0)],
            0.5,
            {1: 0.5, 2: 0.5, 3: 0.0},
            id="stretched to 0..1 and weighed",
        ),
        pytest.param([(1, 0.8), (2, 0.6), (3, 0.4)], [], 0.5, {1: 0.5, 2: 0.25, 3: 0.0}, id="one search found nothing"),
        pytest.param([(1, 0.9)], [(1, 3.0)], 0.5, {1: 1.0}, id="a single result is the best"),
        pytest.param([(1, 0.7), (2, 0.7)], [], 0.5, {1: 0.5, 2: 0.5}, id="all alike are all the best"),
        pytest.param([(1, 0.8), (2, 0.4)], [(2, 9.0), (1, 5.0)], 1.0, {1: 1.0, 2: 0.0}, id="meaning alone"),
        pytest.param([(1, 0.8), (2, 0.4)], [(2, 9.0), (1, 5.0)], 0.0, {1: 0.0, 2: 1.0}, id="words alone"),
        pytest.param([(1, -0.2), (2, -0.6)], [], 1.0, {1: 1.0, 2: 0.0}, id="negative cosines"),
        pytest.param([], [], 0.5, {}, id="nothing found"),
    ],
)
def test_fuse(
    dense: list[tuple[int, float]], lexical: list[tuple[int, float]], weight: float, expected: dict[int, float]
) -> None:
    assert fuse(dense, lexical, weight) == pytest.approx(expected)


def asked(*terms: tuple[str, int] | tuple[str, int, tuple[str, ...]]) -> Query:
    return Query("", tuple(Term(word, rest[0] if rest else (word,), passages) for word, passages, *rest in terms))


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        pytest.param(asked(("barrier", 2), ("traders", 2)), "The barrier.", 0.5, id="half of the words"),
        pytest.param(asked(("barrier", 2), ("traders", 2)), "The trader's barriers", 1.0, id="in any ending"),
        pytest.param(asked(("barrier", 2)), "Something else", 0.0, id="none"),
        pytest.param(asked(("barrier", 0), ("council", 1022)), "The council", 1 / 11, id="a rare word weighs more"),
        pytest.param(asked(("Kyiv", 2, ("Kyiv", "Kiev"))), "In Kiev", 1.0, id="in any spelling"),
        pytest.param(asked(), "Text", 1.0, id="a question without content words"),
    ],
)
def test_coverage_is_the_share_of_the_questions_words(question: Query, text: str, expected: float) -> None:
    assert coverage(question, text) == pytest.approx(expected)


ENTRY = Entry(1, "essays/a.md", INDEXED, "", "", "", "", None, None, None, None, None, None, None, (), None, 1)
FERRY, BRIDGE = Perspective("ferry", "Ferry friends"), Perspective("bridge", "Bridge builders")


def admits(only: Filter, published: str | None = None, *perspectives: Perspective) -> bool:
    labels = tuple(Label(perspective, Provenance.CURATED) for perspective in perspectives or (FERRY,))
    return only.admits(ENTRY, Source("A", None, None, published, labels))


@pytest.mark.parametrize(
    ("published", "since", "until", "admitted"),
    [
        ("2025-12-23", "2025-12-23", None, True),
        ("2025-12-22", "2025-12-23", None, False),
        ("2025-12-23", None, "2025-12-23", True),
        ("2025-12-24", None, "2025-12-23", False),
        ("2025-12-24", None, "2025-12", True),
        ("2025-12-24", None, "2025", True),
        ("2026-01-01", None, "2025", False),
        ("2025-02-01", "2025-02", None, True),
        ("2025-01-31", "2025-02", None, False),
        ("2024-12-31", "2025", None, False),
        ("2025-12", "2025-12-23", None, True),  # may be: dates are compared as far as both are known
        ("2025-11", "2025-12-23", None, False),
        ("2025", "2025-12-23", None, True),
        ("2025", None, "2025-02", True),
        ("2026", None, "2025-02", False),
        ("2025-03", "2025-01", "2025-06", True),
        ("2025-07", "2025-01", "2025-06", False),
        (None, "2025", None, False),
        (None, None, "2025", False),
        (None, None, None, True),
    ],
)
def test_which_dates_a_filter_admits(
    published: str | None, since: str | None, until: str | None, admitted: bool
) -> None:
    assert admits(Filter(since=since, until=until), published) is admitted


@pytest.mark.parametrize(
    ("only", "admitted"),
    [
        (Filter(), True),
        (Filter(perspectives=("ferry",)), True),
        (Filter(perspectives=("bridge",)), False),
        (Filter(perspectives=("bridge", "ferry")), True),
        (Filter(documents=("essays/a.md",)), True),
        (Filter(documents=("a.md",)), False),
        (Filter(documents=("essays/a.md",), perspectives=("bridge",)), False),
    ],
)
def test_what_a_filter_admits(only: Filter, admitted: bool) -> None:
    assert admits(only) is admitted


def test_a_source_of_several_perspectives_passes_for_each() -> None:
    assert admits(Filter(perspectives=("bridge",)), None, FERRY, BRIDGE)


# Real SQLite and Chroma

LABELS = """
[perspectives.ferry]
label = "Ferry friends"
[perspectives.bridge]
label = "Bridge builders"
[perspectives.board]
label = "Harbour board"
[[source]]
match = "ferry*"
published = "2025-03-04"
perspective = "ferry"
[[source]]
match = "bridge*"
published = "2024"
perspective = "bridge"
[[source]]
match = "board*"
published = "2025-06"
perspective = "board"
"""
FERRIES = {
    "ferry1": "The ferry of Marrowby carries nine hundred people daily, says captain Holm.",
    "ferry2": "Children take the ferry to their school on the mainland.",
    "ferry3": "Without a ferry the island would lose its doctor, its post and its people.",
    "ferry4": "She has steered the ferry through forty winters.",
    "ferry5": "Tickets for the ferry cost two crowns; a bridge toll would cost nine.",
}
CORPUS = {
    **FERRIES,
    "bridge": "A bridge for Marrowby would make the ferry unnecessary, engineers wrote.",
    "board": "The budget of the harbour was discussed until midnight.",
    "notes": "Somebody saw a comet above the lighthouse.",
}


@pytest.fixture
def over(corpus: Path, store: Store) -> Iterator[Callable[..., Retriever]]:
    """Index files and open them."""
    readers: list[Reader] = []

    def make(labels: str = "", **files: str) -> Retriever:
        write(corpus, **files)
        (corpus / "sources.toml").write_text(labels)
        update(corpus, store, WordEmbedder())
        readers.append(Reader(store, WordEmbedder()))
        with readers[-1].pinned() as (_, retriever):
            return retriever

    yield make
    for reader in readers:
        reader.close()


def found(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.document.id for hit in hits]


def test_a_text_asked_for_in_its_own_words_comes_first_with_a_cosine_of_one(over: Callable[..., Retriever]) -> None:
    best = over(LABELS, **CORPUS).search(CORPUS["board"])[0]
    assert best.passage.text == CORPUS["board"]
    assert best.score == pytest.approx(1, abs=1e-3)


def test_a_score_is_the_cosine_of_question_and_passage(over: Callable[..., Retriever]) -> None:
    words = WordEmbedder()
    question = "When did the harbour discuss the comet?"
    (asked,) = words.embed([question])
    for hit in over(LABELS, **CORPUS).search(question):
        assert hit.score == pytest.approx(float(words.embed([hit.passage.text])[0] @ asked), abs=1e-3)


def test_hits_stand_in_order_of_rank_and_there_are_at_most_k(over: Callable[..., Retriever]) -> None:
    hits = over(**CORPUS).search("Which ferry carries people?", k=5)
    assert len(hits) == 5
    assert [hit.rank for hit in hits] == sorted((hit.rank for hit in hits), reverse=True)


def test_what_only_the_words_find_gets_the_whole_share_of_the_words(over: Callable[..., Retriever]) -> None:
    hits = over(**CORPUS, rare="In the annex: Zk.").candidates("Zk").hits  # too short for the embedder of this test
    assert {hit.passage.document.id: hit.rank for hit in hits}["rare.txt"] >= 1 - DENSE_WEIGHT


def test_what_only_the_meaning_finds_is_found_too(over: Callable[..., Retriever]) -> None:
    retriever = over(LABELS, **CORPUS, fish="Herring was sold at the quay.")
    assert found(retriever.search("what was sold, and had he a herring?", k=1)) == ["fish.txt"]
    assert found(retriever.search("quay-herring", k=1, only=Filter(until="2024"))) == ["bridge.txt"]


def test_a_name_is_found_in_the_spelling_that_the_reader_did_not_use(over: Callable[..., Retriever]) -> None:
    retriever = over(a="It was Kiev.", b="On Monday he went to Kyiv and stayed.", c="Nobody was there.")
    asked = retriever.candidates("Kyiv")
    assert asked.query.spellings[0][:2] in (("Kiev", "Kyiv"), ("Kyiv", "Kiev"))
    assert set(found(retriever.search("Kyiv", k=2))) == {"a.txt", "b.txt"}


def test_the_first_hits_bring_up_what_is_near_to_them(over: Callable[..., Retriever]) -> None:
    # The question has no word of the last two; one of them has the words of the first hit.
    texts = {
        "ferry": "Herring barrels leave harbour aboard ferry vessels",
        "quay": "Herring barrels leave harbour",
        "comet": "Nobody slept beside lighthouse windows",
    }
    retriever = over(**texts)

    def rank(feedback: float, id: str) -> float:
        hits = retriever.candidates("ferry vessels", feedback=feedback).hits
        return {hit.passage.document.id: hit.rank for hit in hits}[id]

    assert rank(0.5, "quay.txt") > rank(0.0, "quay.txt")
    assert rank(0.5, "quay.txt") > rank(0.5, "comet.txt")
    assert rank(0.5, "ferry.txt") == pytest.approx(1)


def test_a_document_moves_a_question_once_however_many_passages_it_has(over: Callable[..., Retriever]) -> None:
    long = " ".join(f"Ferry number{at} leaves the harbour." for at in range(200))
    retriever = over(long=long, short="A comet stood above the lighthouse.")
    library, matrix = retriever._library, np.asarray(retriever._generation.matrix, np.float32)
    parts = library.passage_table.tolist()
    assert [parts[0][1]] * 3 == [document for _, document, _, _ in parts[:3]] != [parts[-1][1]] * 3
    scores = {parts[0][0]: 1.0, parts[1][0]: 0.9, parts[2][0]: 0.8, parts[-1][0]: 0.1}
    vector = retriever.candidates("ferry").vector
    expected = vector + 0.5 * (matrix[0] + matrix[-1]) / 2
    assert retriever._moved(vector, scores, 0.5) == pytest.approx(expected / np.linalg.norm(expected), abs=1e-3)


def test_every_perspective_with_a_passage_above_the_floor_gets_room(over: Callable[..., Retriever]) -> None:
    ferries = {f"ferry{name}": f"The ferry of {name} carries people over the sound." for name in ("Ada", "Bo", "Cy")}
    retriever = over(LABELS, **ferries, bridge="A bridge would carry more people than a ferry.", board="The budget.")
    question = "How many people does the ferry carry over the sound?"
    assert [id[:5] for id in found(retriever.candidates(question).hits)] == [
        "ferry",
        "ferry",
        "ferry",
        "bridg",
        "board",
    ]
    assert [id[:5] for id in found(retriever.search(question, k=3))] == ["ferry", "bridg", "ferry"]


def test_without_labels_hits_stand_in_the_order_of_their_rank(over: Callable[..., Retriever]) -> None:
    retriever = over(**CORPUS)
    question = "How many people does the ferry carry?"
    assert retriever.search(question, k=9) == retriever.candidates(question).hits[:9]


def test_a_large_corpus_is_searched_alike_without_a_copy_of_chromas_index(over: Callable[..., Retriever]) -> None:
    asked = over(LABELS, **CORPUS)
    generation = asked._generation
    large = Retriever(generation, asked._labels, asked._embedder, scanned=len(CORPUS) - 1)
    scanned = large.search("How many people does the ferry carry?")
    assert "vectors" not in vars(generation)
    expected = asked.search("How many people does the ferry carry?")
    assert "vectors" in vars(generation)
    assert found(scanned) == found(expected)
    assert [hit.score for hit in scanned] == pytest.approx([hit.score for hit in expected], abs=1e-5)


def test_a_perspective_that_neither_search_brings_up_is_among_the_candidates(over: Callable[..., Retriever]) -> None:
    crowd = {f"ferry{number}": f"The ferry carries number{number} over the sound." for number in range(130)}
    retriever = over(LABELS, **crowd, board="The budget of the harbour was discussed.")
    hits = retriever.candidates("The ferry carries people over the sound").hits
    assert "board.txt" in found(hits)


@pytest.mark.parametrize("only", [Filter(), Filter(until="2025-06")], ids=["in all", "in some"])
def test_the_nearest_passage_of_a_side_is_among_the_candidates_beside_the_one_that_has_the_words(
    only: Filter, over: Callable[..., Retriever]
) -> None:
    crowd = {f"ferry{number}": f"The ferry carries number{number} over the sound." for number in range(130)}
    near, rare = "The people of the sound discussed the budget.", "In the annex: Zk."
    hits = over(LABELS, **crowd, board1=rare, board2=near).candidates(
        "The ferry carries people over the sound, Zk", only, limit=3
    )
    assert {"board1.txt", "board2.txt"} < set(found(hits.hits))


@pytest.mark.parametrize("seed", range(4))
def test_every_side_has_its_nearest_passage_among_the_candidates(seed: int, over: Callable[..., Retriever]) -> None:
    chance, words = random.Random(seed), [f"word{number}" for number in range(60)]
    side = {
        f"{name}{number}": name
        for name, count in (("ferry", 150), ("bridge", 40), ("board", 3))
        for number in range(count)
    }
    texts = {name: " ".join(chance.choices(words, k=9)) for name in side}
    retriever, embedder = over(LABELS, **texts), WordEmbedder()
    for _ in range(5):
        question = " ".join(chance.choices(words, k=4))
        (asked,) = embedder.embed([question])
        cosines = {name: float(embedder.embed([text])[0] @ asked) for name, text in texts.items()}
        for wanted in set(side.values()):
            best = max(cosine for name, cosine in cosines.items() if side[name] == wanted)
            hits = retriever.candidates(question, limit=3).hits
            mine = [hit.score for hit in hits if side[hit.passage.document.id[:-4]] == wanted]
            assert max(mine) == pytest.approx(best, abs=1e-3)


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (Filter(perspectives=("bridge",)), {"bridge.txt"}),
        (Filter(perspectives=("bridge", "board")), {"bridge.txt", "board.txt"}),
        (Filter(perspectives=("unlabelled",)), {"notes.txt"}),
        (Filter(perspectives=("nobody",)), set()),
        (Filter(documents=("notes.txt", "ferry3.txt")), {"notes.txt", "ferry3.txt"}),
        (Filter(until="2024-12"), {"bridge.txt"}),
        (Filter(since="2025-05"), {"board.txt"}),
        (Filter(since="2025", documents=("bridge.txt", "ferry1.txt")), {"ferry1.txt"}),
    ],
)
def test_a_filter_leaves_what_it_admits_and_all_of_it(
    over: Callable[..., Retriever], only: Filter, expected: set[str]
) -> None:
    assert set(found(over(LABELS, **CORPUS).search("ferry of Marrowby", k=20, only=only))) == expected


def test_a_filtered_search_ranks_by_the_same_cosines(over: Callable[..., Retriever]) -> None:
    retriever = over(LABELS, **CORPUS)
    everything = {hit.passage.id: hit.score for hit in retriever.search("ferry of Marrowby", k=20)}
    ferries = retriever.search("ferry of Marrowby", k=20, only=Filter(perspectives=("ferry",)))
    assert all(hit.score == pytest.approx(everything[hit.passage.id], abs=1e-5) for hit in ferries)


ARTICLE = " ".join(f"word{number}" for number in range(1200))


def test_of_a_passage_and_its_altered_copy_only_one_is_returned(over: Callable[..., Retriever]) -> None:
    retriever = over(a=ARTICLE, b=ARTICLE.replace("word300 ", "altered "), c="Another word300 here.")
    hits = retriever.search("word295 word296 word297 word299 word301 word302", k=20)
    texts = [hit.passage.text.split() for hit in hits if hit.passage.document.id != "c.txt"]
    assert sum("word301" in text for text in texts) == 1
    assert len(texts) == len({text[0] for text in texts})


def test_what_differs_between_near_duplicates_is_found_in_each(over: Callable[..., Retriever]) -> None:
    added = " The publisher adds: the comet was a balloon. " + " ".join(f"more{number}" for number in range(200))
    retriever = over(a=ARTICLE, b=ARTICLE + added)
    assert found(retriever.search("the comet was a balloon", k=1)) == ["b.txt"]


def test_passages_of_different_documents_are_not_taken_for_copies(over: Callable[..., Retriever]) -> None:
    retriever = over(a="The vote was sixteen to fifteen.", b="The vote was sixteen to fourteen.")
    assert set(found(retriever.search("vote sixteen"))) == {"a.txt", "b.txt"}


def test_the_card_of_a_document_says_how_it_is_labelled(over: Callable[..., Retriever]) -> None:
    retriever = over(LABELS, **CORPUS)
    assert retriever.perspectives_of("bridge.txt") == ("bridge",)
    assert retriever.perspectives_of("notes.txt") == ("unlabelled",)
    assert retriever.sources("bridge.txt").published == "2024"
    assert [perspective.id for perspective in retriever.perspectives] == ["board", "bridge", "ferry", "unlabelled"]


@pytest.mark.parametrize(
    "question", ["", "   ", "?", "the and of", '"ferry" AND NEAR(x) * ^ : {}', "🙂", "a" * 100_000, "\0"]
)
def test_odd_questions_are_answered_or_find_nothing_but_never_fail(
    over: Callable[..., Retriever], question: str
) -> None:
    assert len(over(LABELS, **CORPUS).search(question, k=3)) <= 3


def test_an_index_without_passages_finds_nothing(over: Callable[..., Retriever], corpus: Path) -> None:
    corpus.joinpath("a.txt").touch()
    retriever = over()
    assert retriever.search("ferry") == ()
    assert retriever.search("ferry", only=Filter(documents=("a.txt",))) == ()


def test_a_passage_survives_the_store_unchanged_with_its_place_and_its_document(over: Callable[..., Retriever]) -> None:
    text = "Ünï\r\ncode 🙂 \0 harbour. " * 90
    retriever = over(a=text, b="Other.")
    for hit in retriever.search("harbour", k=20, only=Filter(documents=("a.txt",))):
        assert hit.passage.document.text == text
        assert hit.passage.text == text[hit.passage.start : hit.passage.end]


def test_passage_ids_are_the_same_in_every_rebuild(over: Callable[..., Retriever], corpus: Path, store: Store) -> None:
    before = {hit.passage.id for hit in over(**CORPUS).search("ferry", k=30)}
    update(corpus, store, WordEmbedder(), rebuild=True)
    assert {hit.passage.id for hit in over().search("ferry", k=30)} == before


def test_llamaindex_gets_the_same_passages_as_nodes(over: Callable[..., Retriever], store: Store) -> None:
    hits = over(LABELS, **CORPUS).search("ferry of Marrowby", k=4)
    theirs = ParallaxRetriever.open(store.folder, k=4, embedder=WordEmbedder())
    nodes = theirs.retrieve("ferry of Marrowby")
    theirs.close()
    assert [(node.node_id, node.text, node.score) for node in nodes] == [
        (hit.passage.id, hit.passage.text, pytest.approx(hit.score)) for hit in hits
    ]
    assert {node.metadata["document"]: node.metadata["perspectives"] for node in nodes}[
        "bridge.txt"
    ] == "Bridge builders"
    assert (nodes[0].node.start_char_idx, nodes[0].node.end_char_idx) == (hits[0].passage.start, hits[0].passage.end)


def test_replacing_a_field_leaves_a_filter_empty_or_not() -> None:
    assert not Filter()
    assert replace(Filter(), since="2025")
    assert np.all([Filter(perspectives=("a",)), Filter(documents=("a",)), Filter(until="2025")])
