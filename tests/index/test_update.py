"""A folder in, the next generation out: real SQLite, real Chroma. Run: python -m pytest tests/index/test_update.py"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder, contents, opened, write

from index import Store
from index.errors import EmbedderUnavailable, StoreBusy, WrongEmbedder
from index.library import DUPLICATE, FAILED, INDEXED, Entry
from index.update import Progress, dry_run, update


def numbered(sentence: str) -> str:
    """Forty sentences, so that no two passages are the same."""
    return "".join(f"{sentence} ({number}) " for number in range(40))


BARRIER = numbered("The barrier in Market Street keeps lorries out, and residents breathe better air since April.")
TRADERS = numbered("Traders count fourteen per cent fewer customers; the guild demands compensation from the council.")
COUNCIL = numbered("The council voted sixteen to fifteen after midnight, while the mayor abstained and went home.")
ROWS = "| barrier | 16 | 15 |\n" * 200
ODD = "\r\n  Ünïcode 🙂 and a NUL \0 here.\r\n\r\n大統領は述べた。 “Quoted,” she said… \u202eright to left\u202c. " * 30


def entries(store: Store) -> dict[str, Entry]:
    with opened(store) as generation:
        return {entry.id: entry for entry in generation.library.entries}


def states(store: Store) -> dict[str, str]:
    return {id: entry.state for id, entry in entries(store).items()}


def documents(store: Store) -> set[str]:
    return {id for id, *_ in contents(store)}


def on_disk(folder: Path, text: str) -> list[str]:
    """The files that hold this text."""
    needle = text.encode()
    return [path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


def small_batches(monkeypatch: pytest.MonkeyPatch, passages: int) -> None:
    monkeypatch.setattr("index.build.BATCH", passages)


def test_every_passage_is_an_exact_slice_and_together_they_are_the_file(corpus: Path, store: Store) -> None:
    texts = {"prose": BARRIER, "rows": ROWS, "odd": ODD, "in__short": "One line."}
    for name, text in texts.items():
        path = corpus / f"{name.replace('__', '/')}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    update(corpus, store, WordEmbedder())
    found: dict[str, str] = {}
    for id, start, end, text, _ in contents(store):
        assert start == len(found.get(id, ""))
        assert len(text) == end - start
        found[id] = found.get(id, "") + text
    assert found == {f"{name.replace('__', '/')}.txt": text for name, text in texts.items()}


def test_library_matrix_and_chroma_hold_the_same(corpus: Path, store: Store) -> None:
    write(corpus, barrier=BARRIER, traders=TRADERS, rows=ROWS)
    report = update(corpus, store, WordEmbedder())
    with opened(store) as generation:
        keys = generation.library.passage_table[:, 0].tolist()
        assert len(keys) == report.passages == generation.manifest.passages == generation.vectors.count() > 10
        assert generation.matrix.shape == (len(keys), 256)
        nearest = dict(generation.vectors.nearest(generation.matrix[0], len(keys)))
        assert sorted(nearest) == keys
        cosines = generation.matrix @ generation.matrix[0]
        assert [nearest[key] for key in keys] == pytest.approx(cosines.tolist(), abs=1e-3)


def test_a_passage_is_embedded_after_its_documents_own_title(corpus: Path, store: Store) -> None:
    (corpus / "a.md").write_text("---\ntitle: The Harbour Question\n---\nNobody asked the people.\n")
    (corpus / "sources.toml").write_text('[[source]]\nmatch = "a.md"\ntitle = "A title from a labels file"\n')
    words = WordEmbedder()
    update(corpus, store, words)
    assert words.texts[0].startswith("The Harbour Question\n")
    assert "labels file" not in "".join(words.texts)


def test_sentences_are_kept_as_exact_spans(corpus: Path, store: Store) -> None:
    write(corpus, a="The council met on Monday evening.\nThe vote was sixteen to fifteen.")
    update(corpus, store, WordEmbedder())
    with opened(store) as generation:
        key = generation.library.entries[0].key
        assert generation.library.sentences(key) == ((0, 34), (35, 67))


def test_a_spelling_table_is_found_in_the_corpus(corpus: Path, store: Store) -> None:
    write(corpus, a="They met Zelensky and Zelensky smiled.", b="They saw Zelenskiy in Kiev.", c="He left Kyiv.")
    update(corpus, store, WordEmbedder())
    with opened(store) as generation:
        assert generation.library.spellings["zelenskiy"] == ("Zelensky", "Zelenskiy")
        assert set(generation.library.spellings["kyiv"]) == {"Kyiv", "Kiev"}


# What changed


def test_nothing_is_done_when_nothing_changed(corpus: Path, store: Store) -> None:
    write(corpus, barrier=BARRIER)
    first = update(corpus, store, WordEmbedder())
    words = WordEmbedder()
    again = update(corpus, store, words)
    assert (again.generation, again.embedded, words.calls) == (first.generation, 0, 0)
    assert not again.plan.changes


def test_only_the_changed_passages_are_embedded(corpus: Path, store: Store) -> None:
    write(corpus, barrier=BARRIER, traders=TRADERS, council=COUNCIL)
    update(corpus, store, WordEmbedder())
    write(corpus, traders=TRADERS + "The guild will sue.")
    words = WordEmbedder()
    report = update(corpus, store, words)
    assert [entry.id for entry in report.plan.edited] == ["traders.txt"]
    assert len(words.texts) == report.embedded == 1
    assert "The guild will sue." in words.texts[0]


def rows(store: Store) -> dict[tuple[str, int], tuple[int, bytes]]:
    """Row and vector of each passage, by document and start."""
    with opened(store) as generation:
        documents = {entry.key: entry.id for entry in generation.library.entries}
        table = generation.library.passage_table.tolist()
        return {
            (documents[of], at): (row, generation.matrix[row].tobytes()) for row, (_, of, at, _) in enumerate(table)
        }


def test_passages_that_come_stand_where_those_that_went_stood(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER, b=TRADERS, c=COUNCIL)
    update(corpus, store, WordEmbedder())
    before = rows(store)
    write(corpus, a=BARRIER.replace("(3)", "(three)"), d=COUNCIL[::-1])
    update(corpus, store, WordEmbedder())
    after = rows(store)
    others = [place for place in before if place[0] != "a.txt"]
    assert [after[place] for place in others] == [before[place] for place in others]
    assert min(row for (id, _), (row, _) in after.items() if id == "a.txt") == 0
    (corpus / "b.txt").unlink()
    update(corpus, store, WordEmbedder())
    assert sorted(row for row, _ in rows(store).values()) == [
        *range(len(after) - sum(id == "b.txt" for id, _ in after))
    ]


def test_an_edited_document_is_found_by_its_new_words_and_not_by_its_old_ones(corpus: Path, store: Store) -> None:
    write(corpus, a="The quorum was missed.", b=COUNCIL)
    update(corpus, store, WordEmbedder())
    write(corpus, a="The session was adjourned.")
    update(corpus, store, WordEmbedder())
    with opened(store) as generation:
        assert generation.library.match([["quorum"]], 5) == []
        assert generation.library.frequency("quorum") == 0
        assert len(generation.library.match([["adjourned"]], 5)) == 1


def test_a_rename_embeds_nothing_and_keeps_the_text(corpus: Path, store: Store) -> None:
    write(corpus, barrier=BARRIER, traders=TRADERS)
    update(corpus, store, WordEmbedder())
    before = contents(store)
    (corpus / "essays").mkdir()
    (corpus / "barrier.txt").rename(corpus / "essays" / "moved.txt")
    words = WordEmbedder()
    report = update(corpus, store, words)
    assert [(entry.id, path) for entry, path in report.plan.renamed] == [("barrier.txt", "essays/moved.txt")]
    assert words.texts == []
    renamed = [(id.replace("barrier", "essays/moved"), *rest) for id, *rest in before]
    assert contents(store) == sorted(renamed)


def test_two_documents_that_swap_their_names_swap_their_texts(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER, b=TRADERS)
    update(corpus, store, WordEmbedder())
    write(corpus, a=TRADERS, b=BARRIER)
    report = update(corpus, store, WordEmbedder())
    assert {id: text[:10] for id, start, _, text, _ in contents(store) if start == 0} == {
        "a.txt": TRADERS[:10],
        "b.txt": BARRIER[:10],
    }
    assert report.embedded == 0


SECRET = "The codeword xylophonist is known to Ludmilla Quackenbush."


def traces(store: Store) -> list[list[str]]:
    """The files that hold a word of the secret, as written or as the word index keeps it."""
    return [on_disk(store.folder, word) for word in ("xylophonist", "xylophon", "Quackenbush", "quackenbush")]


def test_a_deleted_document_is_gone_from_every_file(corpus: Path, store: Store) -> None:
    write(corpus, barrier=BARRIER, council=COUNCIL, traders=TRADERS, secret=SECRET)
    update(corpus, store, WordEmbedder())
    assert traces(store) == [["library.sqlite"]] * 4
    (vector,) = [vector for id, *_, vector in contents(store) if id == "secret.txt"]
    assert holding(store, vector) != []
    (corpus / "secret.txt").unlink()
    report = update(corpus, store, WordEmbedder())
    assert [entry.id for entry in report.plan.deleted] == ["secret.txt"]
    assert documents(store) == {"barrier.txt", "council.txt", "traders.txt"}
    assert traces(store) == [[]] * 4
    assert holding(store, vector) == []


def holding(store: Store, vector: bytes) -> list[str]:
    """The files that hold a vector: the matrix, and what Chroma keeps of it."""
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file() and vector in path.read_bytes())


def test_a_deleted_document_is_forgotten_by_the_cache(corpus: Path, store: Store) -> None:
    write(corpus, barrier=BARRIER, traders=TRADERS)
    update(corpus, store, WordEmbedder())
    (corpus / "traders.txt").unlink()
    update(corpus, store, WordEmbedder())
    write(corpus, traders=TRADERS)
    words = WordEmbedder()
    update(corpus, store, words)
    assert words.texts != []
    assert all("Traders count" in text for text in words.texts)


def test_the_old_text_of_an_edited_document_is_gone_from_every_file(corpus: Path, store: Store) -> None:
    write(corpus, barrier=BARRIER, council=COUNCIL, secret=SECRET)
    update(corpus, store, WordEmbedder())
    assert on_disk(store.folder, SECRET) != []
    write(corpus, secret="Nothing to see here.")
    update(corpus, store, WordEmbedder())
    assert [on_disk(store.folder, trace) for trace in (SECRET, SECRET[:24], SECRET[-24:], "Quackenbush")] == [[]] * 4


def test_vectors_taken_out_are_dragged_along_up_to_a_fifth_only(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER, b=TRADERS, c=COUNCIL, d=ROWS)
    update(corpus, store, WordEmbedder())
    for number in range(1, 7):
        write(corpus, a=BARRIER + f"Edition {number}.")
        update(corpus, store, WordEmbedder())
        with opened(store) as generation:
            assert generation.manifest.dead <= 0.2 * generation.manifest.passages
            assert generation.vectors.count() == generation.manifest.passages


def test_the_same_text_twice_is_indexed_once_and_the_copy_is_listed(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER, z=BARRIER)
    report = update(corpus, store, WordEmbedder())
    assert report.duplicates == (("z.txt", "a.txt"),)
    assert states(store) == {"a.txt": INDEXED, "z.txt": DUPLICATE}
    assert entries(store)["z.txt"].problem == "same text as a.txt"
    assert documents(store) == {"a.txt"}


def test_a_duplicate_takes_the_place_of_an_original_that_was_deleted(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER, z=BARRIER, other=COUNCIL)
    update(corpus, store, WordEmbedder())
    (corpus / "a.txt").unlink()
    words = WordEmbedder()
    update(corpus, store, words)
    assert states(store) == {"other.txt": INDEXED, "z.txt": INDEXED}
    assert "z.txt" in documents(store)
    assert words.texts == []


def test_a_duplicate_takes_the_place_of_an_original_that_was_edited(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER, z=BARRIER)
    update(corpus, store, WordEmbedder())
    write(corpus, a=COUNCIL)
    update(corpus, store, WordEmbedder())
    assert states(store) == {"a.txt": INDEXED, "z.txt": INDEXED}
    assert "".join(text for id, *_, text, _ in contents(store) if id == "z.txt") == BARRIER


def test_a_duplicate_follows_its_original_to_a_new_name(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER, z=BARRIER)
    update(corpus, store, WordEmbedder())
    (corpus / "a.txt").rename(corpus / "b.txt")
    update(corpus, store, WordEmbedder())
    assert states(store) == {"b.txt": INDEXED, "z.txt": DUPLICATE}
    assert entries(store)["z.txt"].problem == "same text as b.txt"


def test_near_duplicates_are_both_indexed_and_known_as_one_cluster(corpus: Path, store: Store) -> None:
    article = " ".join(f"word{number}" for number in range(600))
    write(corpus, a=article, b=article.replace("word300", "altered"), c=COUNCIL)
    update(corpus, store, WordEmbedder())
    found = entries(store)
    assert [found[id].state for id in ("a.txt", "b.txt", "c.txt")] == [INDEXED] * 3
    assert found["a.txt"].cluster == found["b.txt"].cluster == found["a.txt"].key
    assert found["c.txt"].cluster is None


def test_what_held_near_duplicates_together_may_come_and_go(corpus: Path, store: Store) -> None:
    words = [f"word{number}" for number in range(440)]
    between = " ".join(words[70:370])  # near the first and the last, which are not near one another

    def copies() -> set[tuple[str, ...]]:
        update(corpus, store, WordEmbedder())
        with opened(store) as generation:
            return {ids for ids in generation.library.copies.values() if len(ids) > 1}

    write(corpus, a=" ".join(words[:300]), c=" ".join(words[140:]), x=BARRIER, y=BARRIER + "And so on.")
    assert copies() == {("x.txt", "y.txt")}
    write(corpus, b=between)
    assert copies() == {("a.txt", "b.txt", "c.txt"), ("x.txt", "y.txt")}
    write(corpus, b=TRADERS)
    assert copies() == {("x.txt", "y.txt")}
    write(corpus, b=between)
    assert copies() == {("a.txt", "b.txt", "c.txt"), ("x.txt", "y.txt")}
    (corpus / "b.txt").unlink()
    assert copies() == {("x.txt", "y.txt")}


def test_a_failed_document_is_listed_with_its_reason_and_stops_nothing(corpus: Path, store: Store) -> None:
    write(corpus, barrier=BARRIER)
    (corpus / "empty.txt").touch()
    report = update(corpus, store, WordEmbedder())
    assert report.failed == (("empty.txt", "The file is empty. Put text into it, or take it out of the folder"),)
    assert states(store) == {"barrier.txt": INDEXED, "empty.txt": FAILED}
    assert entries(store)["empty.txt"].problem == report.failed[0][1]


def test_a_failed_document_is_tried_again_and_reported_again_without_a_new_generation(
    corpus: Path, store: Store
) -> None:
    write(corpus, barrier=BARRIER)
    (corpus / "empty.txt").touch()
    first = update(corpus, store, WordEmbedder())
    again = update(corpus, store, WordEmbedder())
    assert (again.failed, again.generation) == (first.failed, first.generation)


def test_a_failed_document_that_was_mended_is_indexed(corpus: Path, store: Store) -> None:
    write(corpus, barrier=BARRIER)
    (corpus / "empty.txt").touch()
    update(corpus, store, WordEmbedder())
    write(corpus, empty="Not empty any more.")
    report = update(corpus, store, WordEmbedder())
    assert report.failed == ()
    assert states(store) == {"barrier.txt": INDEXED, "empty.txt": INDEXED}


def test_a_document_that_becomes_unreadable_is_failed_and_not_answered_from(corpus: Path, store: Store) -> None:
    write(corpus, barrier=BARRIER, traders=TRADERS)
    update(corpus, store, WordEmbedder())
    (corpus / "traders.txt").write_bytes(bytes(range(256)) * 20)
    update(corpus, store, WordEmbedder())
    assert states(store) == {"barrier.txt": INDEXED, "traders.txt": FAILED}
    assert documents(store) == {"barrier.txt"}


def test_an_index_without_passages_left_can_be_filled_again(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER)
    update(corpus, store, WordEmbedder())
    (corpus / "a.txt").unlink()
    assert update(corpus, store, WordEmbedder()).passages == 0
    write(corpus, b=TRADERS)
    update(corpus, store, WordEmbedder())
    assert documents(store) == {"b.txt"}


def test_a_corpus_that_moved_is_known_by_its_new_place(corpus: Path, store: Store, tmp_path: Path) -> None:
    write(corpus, a=BARRIER)
    update(corpus, store, WordEmbedder())
    moved = corpus.rename(tmp_path / "moved")
    words = WordEmbedder()
    update(moved, store, words)
    with opened(store) as generation:
        assert generation.manifest.corpus == str(moved)
    assert words.texts == []


def test_many_updates_end_where_one_does(corpus: Path, store: Store, tmp_path: Path) -> None:
    write(corpus, a=BARRIER, b=TRADERS, c=COUNCIL)
    update(corpus, store, WordEmbedder())
    write(corpus, d=ROWS, b=TRADERS[::-1])
    update(corpus, store, WordEmbedder())
    (corpus / "a.txt").unlink()
    (corpus / "c.txt").rename(corpus / "e.txt")
    update(corpus, store, WordEmbedder())
    once = Store(tmp_path / "once")
    update(corpus, once, WordEmbedder())
    assert contents(store) == contents(once)


# Dry runs, interruptions, rebuilds


def files_of(folder: Path) -> dict[str, tuple[int, str]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER, b=TRADERS)
    words = WordEmbedder()
    assert str(dry_run(corpus, store, words)) == "+2 ~0 -0, 0 unchanged"
    assert not store.folder.exists()
    update(corpus, store, words)
    write(corpus, a=COUNCIL, c=ROWS, d="D.")
    (corpus / "b.txt").unlink()
    before, calls = files_of(store.folder), words.calls
    assert str(dry_run(corpus, store, words)) == "+2 ~1 -1, 0 unchanged"
    assert files_of(store.folder) == before
    assert words.calls == calls


@pytest.mark.parametrize(
    "failure", [EmbedderUnavailable("The endpoint is down", "Wait"), KeyboardInterrupt()], ids=repr
)
def test_an_interrupted_run_leaves_the_old_generation_and_loses_at_most_the_batch_in_hand(
    corpus: Path, store: Store, failure: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 2)
    write(corpus, a=BARRIER)
    update(corpus, store, WordEmbedder())
    before, name = contents(store), store.current()
    write(corpus, b=TRADERS, c=COUNCIL)
    interrupted = WordEmbedder(failures={4: failure})
    with pytest.raises(type(failure)):
        update(corpus, store, interrupted)
    assert (contents(store), store.current()) == (before, name)
    assert len(interrupted.texts) > 2
    rest = WordEmbedder()
    report = update(corpus, store, rest)
    assert set(interrupted.texts).isdisjoint(rest.texts)
    assert report.embedded == len(rest.texts)
    assert documents(store) == {"a.txt", "b.txt", "c.txt"}
    assert [path.name for path in (store.folder / "generations").iterdir()] == [report.generation]


def test_a_rebuild_begins_anew_with_cached_embeddings_and_ends_with_the_same(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER, b=TRADERS)
    first = update(corpus, store, WordEmbedder())
    before = contents(store)
    words = WordEmbedder()
    again = update(corpus, store, words, rebuild=True)
    assert again.generation != first.generation
    assert again.plan.new == ("a.txt", "b.txt")
    assert (words.texts, contents(store)) == ([], before)


def test_a_store_of_another_embedder_is_refused_and_a_rebuild_makes_it_ours(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER)
    update(corpus, store, WordEmbedder("first"))
    before = contents(store)
    with pytest.raises(WrongEmbedder, match=r"built with the embedding model first, and second is set now.*--rebuild"):
        update(corpus, store, WordEmbedder("second"))
    with pytest.raises(WrongEmbedder):
        dry_run(corpus, store, WordEmbedder("second"))
    assert contents(store) == before
    update(corpus, store, WordEmbedder("second", dimensions=64), rebuild=True)
    with opened(store) as generation:
        assert (generation.manifest.embedder_name, generation.matrix.shape[1]) == ("second", 64)


def test_a_second_writer_is_refused(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER)
    with store.writing(), pytest.raises(StoreBusy):
        update(corpus, store, WordEmbedder())


def test_progress_goes_from_the_first_document_to_the_last(
    corpus: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 2)
    write(corpus, a=BARRIER, b=TRADERS, c=COUNCIL)
    seen: list[Progress] = []
    report = update(corpus, store, WordEmbedder(), progress=seen.append)
    assert len(seen) > 5
    assert [step.documents for step in seen] == sorted(step.documents for step in seen)
    assert [step.passages for step in seen] == sorted(step.passages for step in seen)
    last = seen[-1]
    assert (last.documents, last.of_documents, last.passages, last.seconds_left) == (3, 3, report.passages, 0.0)
    assert all(step.rate > 0 for step in seen)


def test_the_manifest_says_what_the_generation_holds(corpus: Path, store: Store) -> None:
    write(corpus, a=BARRIER, z=BARRIER, b=TRADERS)
    (corpus / "empty.txt").touch()
    report = update(corpus, store, WordEmbedder())
    manifest = json.loads((store.folder / "generations" / str(report.generation) / "manifest.json").read_text())
    assert manifest["format"] == 2
    assert (manifest["documents"], manifest["passages"]) == (2, report.passages)
    assert (manifest["corpus"], manifest["embedder"]) == (str(corpus), "words 256")


def test_vectors_are_the_embedders_own(corpus: Path, store: Store) -> None:
    write(corpus, a="Traders demand compensation.")
    update(corpus, store, WordEmbedder())
    ((*_, vector),) = contents(store)
    assert (np.frombuffer(vector, np.float32) == WordEmbedder().embed(["Traders demand compensation."])[0]).all()
