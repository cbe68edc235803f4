"""Texts in, how much of them is the same out. Run: python -m pytest tests/index/test_duplicates.py"""

from __future__ import annotations

import random

import pytest

from index.duplicates import NEAR, clusters, similarity, sketch
from index.terms import fold, words


def article(seed: int, length: int = 400) -> str:
    choice = random.Random(seed)
    return " ".join(f"w{choice.randrange(3000)}" for _ in range(length))


def altered(text: str, every: int) -> str:
    """The text with one word of `every` words replaced."""
    return " ".join("changed" if at % every == 0 else word for at, word in enumerate(text.split(), 1))


def jaccard(first: str, second: str) -> float:
    def shingles(text: str) -> set[tuple[str, ...]]:
        folded = [fold(word) for word in words(text)]
        return {tuple(folded[at : at + 5]) for at in range(len(folded) - 4)}

    return len(shingles(first) & shingles(second)) / len(shingles(first) | shingles(second))


def test_a_text_is_wholly_similar_to_itself_in_any_capitals_and_punctuation() -> None:
    text = article(1)
    assert similarity(sketch(text), sketch(text.upper().replace(" ", ",\n"))) == 1.0


def test_different_texts_are_not_similar() -> None:
    assert similarity(sketch(article(1)), sketch(article(2))) == 0.0


@pytest.mark.parametrize("every", [8, 15, 30, 60, 120])
def test_the_estimate_is_near_the_true_jaccard_similarity(every: int) -> None:
    pairs = [(article(seed), altered(article(seed), every)) for seed in range(20)]
    errors = [similarity(sketch(one), sketch(other)) - jaccard(one, other) for one, other in pairs]
    assert abs(sum(errors) / len(errors)) < 0.04
    assert max(map(abs, errors)) < 0.2


def test_a_text_of_fewer_than_five_words_has_no_sketch_and_resembles_nothing() -> None:
    assert sketch("only four words here") == frozenset()
    assert similarity(frozenset(), frozenset()) == 0.0
    assert clusters({1: frozenset(), 2: frozenset()}) == {}


def test_an_altered_copy_is_found_and_other_texts_are_not() -> None:
    texts = {3: article(1), 5: article(2), 8: altered(article(1), 40), 9: article(3)}
    assert clusters({key: sketch(text) for key, text in texts.items()}) == {3: 3, 8: 3}


def test_copies_of_copies_are_one_cluster_named_by_its_smallest_key() -> None:
    first = article(1)
    second = altered(first, 25)
    third = altered(second, 24)
    assert similarity(sketch(first), sketch(third)) < similarity(sketch(first), sketch(second))
    assert clusters({7: sketch(third), 4: sketch(second), 2: sketch(first)}) == {2: 2, 4: 2, 7: 2}


def test_documents_that_share_a_long_quotation_are_not_copies() -> None:
    quotation = article(9, 60)
    first, second = article(1) + " " + quotation, quotation + " " + article(2)
    assert 0 < similarity(sketch(first), sketch(second)) < NEAR
    assert clusters({1: sketch(first), 2: sketch(second)}) == {}


def test_documents_that_share_half_of_their_text_are_not_copies() -> None:
    shared = article(9, 200)
    first, second = article(1, 200) + " " + shared, shared + " " + article(2, 200)
    assert 0.25 < jaccard(first, second) < 0.4
    assert clusters({1: sketch(first), 2: sketch(second)}) == {}


def test_short_altered_copies_are_found_too() -> None:
    note = "The council met on Monday evening and voted sixteen to fifteen for keeping the barrier in Dunnerwyke"
    copy = note.replace("Monday", "Tuesday")
    assert jaccard(note, copy) > NEAR - 0.1
    assert clusters({1: sketch(note), 2: sketch(note + " again")}) == {1: 1, 2: 1}


def test_clusters_found_bit_by_bit_are_those_found_at_once() -> None:
    chance = random.Random(4)
    texts = {key: altered(article(key % 12), chance.choice([12, 25, 60])) for key in range(60)}
    sketches = {key: sketch(text) for key, text in texts.items()}
    held, found = dict(list(sketches.items())[:40]), clusters(dict(list(sketches.items())[:40]))
    for key in range(40, 60):
        gone = chance.choice([*held])
        del held[gone]
        broken = found.get(gone, gone)
        known = {one: found.get(one) for one in held if found.get(one) != broken}
        held[key] = sketches[key]
        found = clusters(held, known)
        assert found == clusters(held)
    assert 2 < len(set(found.values())) < len(found) < len(held)


def test_known_documents_are_not_compared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = article(1), article(2)
    sketches = {1: sketch(first), 2: sketch(altered(first, 40)), 3: sketch(second), 4: sketch(altered(second, 40))}
    compared: list[set[int]] = []
    numbers = {sketch: key for key, sketch in sketches.items()}

    def counted(one: frozenset[int], other: frozenset[int]) -> float:
        compared.append({numbers[one], numbers[other]})
        return similarity(one, other)

    monkeypatch.setattr("index.duplicates.similarity", counted)
    assert clusters(sketches, {1: 1, 2: 1, 3: None}) == {1: 1, 2: 1, 3: 3, 4: 3}
    assert compared == [{3, 4}]
