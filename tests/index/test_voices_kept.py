"""Voices on their way from a document through the store to a retriever: real SQLite, real Chroma."""

from __future__ import annotations

import importlib
import sqlite3
from pathlib import Path

import pytest
from fakes import WordEmbedder, opened, write

from index import LabelFiles, Reader, Retriever, Store, Voice, VoiceKind, Voices
from index.errors import StoreFormat
from index.library import Library
from index.update import update

SAID = "We will rebuild the dam,"
TEXT = f"The valley waits. “{SAID}” Maria Keller said. The valley has waited for a long time now.\n"
voices = importlib.import_module("index.speaking.voices")


def kept(store: Store) -> dict[str, Voices]:
    with opened(store) as generation:
        return {entry.id: generation.library.voices(entry.key) for entry in generation.library.entries}


def rows(store: Store) -> int:
    with opened(store) as generation, sqlite3.connect(generation.folder / "library.sqlite") as connection:
        return connection.execute("SELECT count(*) FROM voices").fetchone()[0]


def quotes(found: Voices, text: str = TEXT) -> list[str]:
    return [text[span.start : span.end].rstrip(",") for span in found.spans]


def test_the_voices_of_a_document_are_found_when_it_is_indexed(corpus: Path, store: Store) -> None:
    write(corpus, a=TEXT, b="The author speaks alone here, and nobody else is heard.\n")
    update(corpus, store, WordEmbedder())
    found = kept(store)
    assert quotes(found["a.txt"]) == [SAID.rstrip(",")]
    assert found["b.txt"] == Voices()
    assert rows(store) == 1


def test_a_voice_comes_back_as_it_was_put_in(tmp_path: Path) -> None:
    from index import Document

    spans = (
        Voice(0, 90, VoiceKind.EMBEDDED, "大統領 🙂", (), False, "rule", 0.25),
        Voice(4, 20, VoiceKind.RESIDUE, None, ("A 'channel'; DROP TABLE voices", "x"), True, "curated", 1.0),
    )
    library = Library.create(tmp_path / "library.sqlite")
    head = {"id": "a", "state": "indexed", "stamp": "", "pipeline": "", "sha256": ""}
    key = library.add(head, Document("a", "x" * 99, ""), (), Voices(spans))
    assert library.voices(key) == Voices(spans)
    library.remove(key)
    assert Library(tmp_path / "library.sqlite", writable=True).voices(key) == Voices()
    library.close()


def test_the_voices_of_a_deleted_document_go_with_it(corpus: Path, store: Store) -> None:
    write(corpus, a=TEXT, b="Something else stands here, for the index to hold.\n")
    update(corpus, store, WordEmbedder())
    (corpus / "a.txt").unlink()
    update(corpus, store, WordEmbedder())
    assert rows(store) == 0


def test_changed_rules_read_every_document_again_and_embed_nothing(
    corpus: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus, a=TEXT)
    update(corpus, store, WordEmbedder())
    monkeypatch.setattr(voices, "FINGERPRINT", "others")
    monkeypatch.setattr(voices, "find", lambda document: Voices((Voice(0, 3, VoiceKind.DIRECT, "New"),)))
    embedder = WordEmbedder()
    report = update(corpus, store, embedder)
    assert [entry.id for entry in report.plan.edited] == ["a.txt"]
    assert (report.embedded, embedder.texts) == (0, [])
    assert [span.speaker for span in kept(store)["a.txt"].spans] == ["New"]


def test_a_store_from_before_voices_is_refused_with_what_to_do(corpus: Path, store: Store) -> None:
    write(corpus, a=TEXT)
    update(corpus, store, WordEmbedder())
    manifest = store.folder / "generations" / (store.current() or "") / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 2', '"format": 1'))
    with pytest.raises(StoreFormat, match="has format 1, this version of Parallax reads format 2"):
        update(corpus, store, WordEmbedder())
    assert update(corpus, store, WordEmbedder(), rebuild=True).embedded == 0


def retriever(corpus: Path, store: Store, generation: object) -> Retriever:
    return Retriever(generation, LabelFiles(corpus, ["a.txt"]).read(), WordEmbedder())  # type: ignore[arg-type]


def test_a_retriever_gives_the_voices_as_the_owner_corrected_them(corpus: Path, store: Store) -> None:
    write(corpus, a=TEXT)
    update(corpus, store, WordEmbedder())
    with opened(store) as generation:
        assert quotes(retriever(corpus, store, generation).voices("a.txt")) == [SAID.rstrip(",")]
        (corpus / "sources.toml").write_text(
            '[[source]]\nmatch = "a.txt"\n[[source.voice]]\nquote = "We will"\nuntil = "Keller said"\nspeaker = "author"\n'
        )
        assert quotes(retriever(corpus, store, generation).voices("a.txt")) == []
        assert quotes(generation.library.voices(1)) == [SAID.rstrip(",")]


def test_a_corrected_voice_shows_without_another_index_run(corpus: Path, store: Store) -> None:
    write(corpus, a=TEXT)
    update(corpus, store, WordEmbedder())
    reader = Reader(store, WordEmbedder())
    with reader.pinned() as (_, before):
        fingerprint = before.labels
    (corpus / "sources.toml").write_text(
        '[[source]]\nmatch = "a.txt"\n[[source.voice]]\nlines = "1"\nspeaker = "The Herald"\n'
    )
    with reader.pinned() as (generation, now):
        assert now.voices("a.txt").spans[0].speaker == "The Herald"
        assert now.labels != fingerprint
        assert generation.name == "g000001"
    reader.close()


def test_the_check_of_the_labels_tells_where_a_region_has_no_place(corpus: Path, store: Store) -> None:
    write(corpus, a=TEXT)
    update(corpus, store, WordEmbedder())
    (corpus / "sources.toml").write_text(
        '[perspectives.x]\nlabel = "X"\n[[source]]\nmatch = "a.txt"\nperspective = "x"\n'
        '[[source.voice]]\nlines = "7"\nspeaker = "Y"\n[[source.voice]]\nquote = "no such"\nspeaker = "Y"\n'
    )
    with opened(store) as generation:
        found = retriever(corpus, store, generation).check_labels(generation.library.entries)
    assert [line["kind"] for line in found] == ["voice", "voice"]
    assert "a.txt has 1 lines, and no line 7" in found[0]["text"]
    assert "a.txt does not hold the words “no such”" in found[1]["text"]
