"""A corpus in, its map, its timeline and who quotes whom out, under labels that change."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordEmbedder

from assistant import Assistant, PassageMap
from assistant.errors import UnknownPerspective
from assistant.overview import passage_map
from assistant.overview.passage_map import FILE
from index import Reader, Store
from index.update import update

LABELS = """\
version = 1
[perspectives.dockers]
label = "Dockers"
[perspectives.owners]
label = "Owners"
[[source]]
match = "strike.txt"
title = "A strike"
published = "2025-03-02"
outlet = "The Quay"
perspective = "dockers"
[[source]]
match = "ledger.txt"
published = "2025-03"
outlet = "The Ledger"
perspective = "owners"
[[source]]
match = "letter.txt"
published = "2024"
outlet = "The Ledger"
"""
FILES = {
    "strike.txt": "“The crane must be mended,” said Ines Holm. “It sways,” said Holm. The harbour was quiet.\n",
    "ledger.txt": "The crane costs more than it earns. “It will be sold,” said Otto Brandt. Ines Holm said it would stay.\n",
    "letter.txt": "The crane is painted green, and nobody in the harbour has said why that should be so.\n",
    "note.txt": "The seagulls sit on the crane in the evening and watch the boats come home to the harbour.\n",
}


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, text in FILES.items():
        (corpus / name).write_text(text, "utf-8")
    (corpus / "sources.toml").write_text(LABELS, "utf-8")
    update(corpus, Store(tmp_path / "store"), WordEmbedder())
    assistant = Assistant(Reader(Store(tmp_path / "store"), WordEmbedder()))
    yield assistant
    assistant.close()


def _map(assistant: Assistant, *perspectives: str) -> PassageMap:
    found = assistant.glance.map(perspectives)
    assert found
    return found


def test_every_passage_has_its_place_and_its_side(assistant: Assistant) -> None:
    found = _map(assistant)
    assert {point.document: point.perspectives for point in found.points} == {
        "strike.txt": ("dockers",),
        "ledger.txt": ("owners",),
        "letter.txt": ("unlabelled",),
        "note.txt": ("unlabelled",),
    }
    assert found.passages == 4
    assert found.shown == {"dockers": 1, "owners": 1, "unlabelled": 2}
    for point in found.points:
        document, _ = assistant.corpus.document(point.document)
        assert " ".join(document.text[point.start : point.end].split()).startswith(point.words)
    json.dumps(found.to_dict())


def test_other_labels_colour_the_map_anew_and_nothing_is_computed_again(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _map(assistant)
    monkeypatch.setattr(passage_map, "laid_out", pytest.fail)
    assistant.corpus.relabel("note.txt", ["dockers"])
    after = _map(assistant)
    assert after.shown == {"dockers": 2, "owners": 1, "unlabelled": 1}
    assert [(point.x, point.y) for point in after.points] == [(point.x, point.y) for point in before.points]


def test_places_are_kept_beside_the_generations_and_used_by_the_next_program(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = assistant.reader.store
    files = {path: path.stat().st_mtime_ns for path in (store.folder / "generations").rglob("*")}
    before = _map(assistant)
    assert {path: path.stat().st_mtime_ns for path in (store.folder / "generations").rglob("*")} == files
    assert (store.folder / FILE).is_file()
    monkeypatch.setattr(passage_map, "laid_out", pytest.fail)
    with Assistant(Reader(store, WordEmbedder())) as other:
        assert _map(other) == before


@pytest.mark.parametrize(
    "damage", [b"", b"{}", b"[]", b"\xff", b'{"vectors": "x", "places": [[0, 0]]}', b'{"places": 3}']
)
def test_a_damaged_file_of_places_is_computed_anew(assistant: Assistant, damage: bytes) -> None:
    before = _map(assistant)
    store = assistant.reader.store
    (store.folder / FILE).write_bytes(damage)
    with Assistant(Reader(store, WordEmbedder())) as other:
        assert _map(other) == before
    assert json.loads((store.folder / FILE).read_text())["places"]


def test_another_generation_has_another_map(assistant: Assistant) -> None:
    assert len(_map(assistant).points) == 4
    (assistant.corpus.folder / "note.txt").unlink()
    assistant.corpus.update()
    assert {point.document for point in _map(assistant).points} == {"strike.txt", "ledger.txt", "letter.txt"}


def test_nobody_has_to_wait_for_a_map(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    go, real = threading.Event(), passage_map.laid_out
    monkeypatch.setattr(passage_map, "laid_out", lambda vectors: (go.wait(20), real(vectors))[1])
    assert assistant.glance.map(wait=False) is None
    assert assistant.glance.map(wait=False) is None
    go.set()
    assert len(_map(assistant).points) == 4
    assert assistant.glance.map(wait=False) is not None


def test_what_goes_wrong_is_raised_and_tried_again(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(vectors: object) -> object:
        raise MemoryError("too little")

    with monkeypatch.context() as patched:
        patched.setattr(passage_map, "laid_out", broken)
        with pytest.raises(MemoryError, match="too little"):
            assistant.glance.map()
    assert len(_map(assistant).points) == 4


def test_a_filter_by_perspective_holds_for_all_three(assistant: Assistant) -> None:
    assert [point.document for point in _map(assistant, "owners").points] == ["ledger.txt"]
    assert _map(assistant, "owners").passages == 1
    assert [one.document for one in assistant.glance.timeline(["owners"]).dated] == ["ledger.txt"]
    quoting = assistant.glance.quoting(perspectives=["owners"])
    assert quoting
    assert quoting.columns == (("owners", "Owners"),)
    for look in (assistant.glance.map, assistant.glance.timeline, lambda ids: assistant.glance.quoting("outlets", ids)):
        with pytest.raises(UnknownPerspective):
            look(["no such"])


def test_the_timeline_is_as_precise_as_the_dates_and_counts_the_rest(assistant: Assistant) -> None:
    found = assistant.glance.timeline()
    assert [(one.document, one.published, one.first, one.last) for one in found.dated] == [
        ("letter.txt", "2024", "2024-01-01", "2024-12-31"),
        ("ledger.txt", "2025-03", "2025-03-01", "2025-03-31"),
        ("strike.txt", "2025-03-02", "2025-03-02", "2025-03-02"),
    ]
    assert [(one.document, one.first, one.perspectives) for one in found.undated] == [
        ("note.txt", None, ("unlabelled",))
    ]
    assert (found.with_date, found.without) == (3, 1)
    json.dumps(found.to_dict())


@pytest.mark.parametrize(
    ("by", "columns", "counts"),
    [
        (
            "perspectives",
            ("Dockers", "Owners", "Unlabelled source"),
            {"Ines Holm": (2, 1, 0), "Otto Brandt": (0, 1, 0)},
        ),
        ("outlets", ("The Ledger", "The Quay", ""), {"Ines Holm": (1, 2, 0), "Otto Brandt": (1, 0, 0)}),
        (
            "documents",
            ("A strike", "ledger.txt", "letter.txt", "note.txt"),
            {"Ines Holm": (2, 1, 0, 0), "Otto Brandt": (0, 1, 0, 0)},
        ),
    ],
)
def test_who_quotes_whom(
    assistant: Assistant, by: str, columns: tuple[str, ...], counts: dict[str, tuple[int, ...]]
) -> None:
    found = assistant.glance.quoting(by)
    assert found
    assert sorted(name for _, name in found.columns) == sorted(columns)
    order = [[name for _, name in found.columns].index(name) for name in columns]
    rows = dict(zip(found.speakers, found.counts, strict=True))
    assert {name: tuple(row[at] for at in order) for name, row in rows.items()} == counts
    assert found.speakers[0] == "Ines Holm"
    json.dumps(found.to_dict())


def test_every_quote_that_is_counted_is_found_where_it_stands(assistant: Assistant) -> None:
    found = assistant.glance.quoting()
    assert found
    for speaker, row in zip(found.speakers, found.counts, strict=True):
        for (id, _), count in zip(found.columns, row, strict=True):
            quotes = assistant.glance.quotes("perspectives", id, speaker)
            assert len(quotes) == count
            for quote in quotes:
                voice = assistant.corpus.read(quote.document)[2].of(quote.start, quote.end)
                assert voice.speaker in (speaker, speaker.split()[-1])
    assert assistant.glance.quotes("outlets", "no such", "Ines Holm") == ()
    assert assistant.glance.quotes("documents", "strike.txt", "nobody") == ()


def test_a_voice_that_its_owner_corrected_is_counted_so(assistant: Assistant) -> None:
    (quote,) = assistant.glance.quotes("perspectives", "owners", "Otto Brandt")
    assistant.corpus.hear(quote.document, quote.start, quote.end, "Mara Lind")
    assert assistant.glance.quotes("perspectives", "owners", "Otto Brandt") == ()
    assert assistant.glance.quotes("perspectives", "owners", "Mara Lind") == (quote,)
