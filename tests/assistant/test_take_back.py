"""Labels and voices corrected in a corpus, and taken back. Run: python -m pytest tests/assistant/test_take_back.py"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant, Corpus, UnknownDocument
from index import BadLabels, Reader, Store, VoiceKind
from index.update import update

LABELS = """# mine
[perspectives.dockers]
label = "Dockers"
[perspectives.owners]
label = "Owners"
[[source]]
match = "herald*.txt"
outlet = "The Herald"
perspective = "owners"
by = "Ada"
on = "2026-01-02"
[[source]]
match = "herald3.txt"
outlet = "The Herald"
perspective = "dockers"
"""
TEXT = (
    "The crane is broken. The quay is silent.\n\n“We are tired of waiting. Nobody mends it,” said Maria Keller. "
    "The owners wait for the spring, and the crane rusts.\n\nThe crane is broken.\n"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    folder = write(tmp_path / "corpus", herald=TEXT, herald2=f"A second one. {TEXT}", herald3=f"A third one. {TEXT}")
    (folder / "sources.toml").write_text(LABELS)
    update(folder, Store(tmp_path / "store"), WordEmbedder())
    with Assistant(Reader(Store(tmp_path / "store"), WordEmbedder())) as assistant:
        yield assistant.corpus


def labels(corpus: Corpus) -> str:
    return (corpus.folder / "sources.toml").read_text()


def sides(corpus: Corpus, document: str) -> list[str]:
    return [label.perspective.id for label in corpus.document(document)[1].labels]


def voices(corpus: Corpus) -> list[tuple[str | None, str]]:
    document, _, found = corpus.read("herald.txt")
    return [(span.speaker, document.text[span.start : span.end]) for span in found.spans]


def hear(corpus: Corpus, words: str, speaker: str | None, kind: VoiceKind | None = None) -> str:
    start = TEXT.index(words)
    return corpus.hear("herald.txt", start, start + len(words), speaker, "Ines", kind)


def test_a_label_is_taken_back_to_the_letter(corpus: Corpus) -> None:
    key = corpus.relabel("herald.txt", ["dockers"], "Ines")
    assert sides(corpus, "herald.txt") == ["dockers"]
    corpus.take_back(key)
    assert labels(corpus) == LABELS
    assert sides(corpus, "herald.txt") == ["owners"]


def test_a_labels_file_that_was_new_is_gone_again(corpus: Corpus) -> None:
    (corpus.folder / "sources.toml").unlink()
    corpus.take_back(hear(corpus, "The owners wait", "Holm"))
    assert not (corpus.folder / "sources.toml").exists()


def test_what_somebody_wrote_since_is_not_lost(corpus: Corpus) -> None:
    key = corpus.relabel("herald.txt", ["dockers"], "Ines")
    (corpus.folder / "sources.toml").write_text(labels(corpus) + "# by hand\n")
    with pytest.raises(BadLabels, match="it was changed since; nothing was taken back"):
        corpus.take_back(key)
    assert "# by hand" in labels(corpus)
    assert sides(corpus, "herald.txt") == ["dockers"]


@pytest.mark.parametrize("key", ["", "0" * 32])
def test_what_is_no_key_takes_nothing_back(corpus: Corpus, key: str) -> None:
    with pytest.raises(BadLabels, match="can no longer be taken back"):
        corpus.take_back(key)


def test_a_change_is_taken_back_once(corpus: Corpus) -> None:
    key = corpus.relabel("herald.txt", ["dockers"], "Ines")
    corpus.take_back(key)
    with pytest.raises(BadLabels, match="can no longer be taken back"):
        corpus.take_back(key)


def test_what_is_said_of_an_outlet_holds_for_those_that_stood_alike(corpus: Corpus) -> None:
    assert corpus.alike("herald.txt") == ("herald2.txt",)
    key = corpus.relabel("herald.txt", ["dockers"], "Ines", alike=True)
    assert sides(corpus, "herald2.txt") == ["dockers"]
    assert corpus.alike("herald.txt") == ("herald2.txt", "herald3.txt")
    corpus.take_back(key)
    assert sides(corpus, "herald2.txt") == ["owners"]
    with pytest.raises(UnknownDocument):
        corpus.alike("nowhere.txt")


def test_every_perspective_can_be_given_also_one_without_documents(corpus: Corpus) -> None:
    corpus.describe(None, "Fishers")
    assert [side.id for side in corpus.sides()] == ["dockers", "owners", "fishers"]


def test_whoever_speaks_over_the_end_of_chosen_words_keeps_the_rest(corpus: Corpus) -> None:
    assert voices(corpus) == [("Maria Keller", "We are tired of waiting. Nobody mends it,")]
    hear(corpus, "Nobody mends it,” said Maria Keller. The owners wait for the spring", "Holm", VoiceKind.INDIRECT)
    assert voices(corpus) == [
        ("Maria Keller", "We are tired of waiting."),
        ("Holm", "Nobody mends it,” said Maria Keller. The owners wait for the spring"),
    ]


def test_a_part_of_a_voice_is_the_authors(corpus: Corpus) -> None:
    hear(corpus, "Nobody mends it,", None)
    assert voices(corpus) == [("Maria Keller", "We are tired of waiting.")]


def test_nobody_may_be_known_to_speak(corpus: Corpus) -> None:
    hear(corpus, "The owners wait for the spring", None, VoiceKind.UNCLEAR)
    assert voices(corpus)[-1] == (None, "The owners wait for the spring")
    (*_, entry) = tomllib.loads(labels(corpus))["source"]
    assert "speaker" not in entry["voice"][0]


def test_words_that_run_over_the_end_of_an_earlier_correction_are_refused(corpus: Corpus) -> None:
    hear(corpus, "The owners wait for the spring", "Holm")
    before = labels(corpus)
    with pytest.raises(BadLabels, match=r"run over the end of others that were corrected before \(“The owners wait"):
        hear(corpus, "for the spring, and the crane rusts", "Anna")
    assert labels(corpus) == before
    hear(corpus, "the spring", "Anna")
    assert ("Anna", "the spring") in voices(corpus)


def test_whole_lines_are_told_by_their_number_where_their_words_stand_twice(corpus: Corpus) -> None:
    start = TEXT.rindex("The crane is broken.")
    corpus.hear("herald.txt", start, start + 20, "Holm", "Ines", VoiceKind.DIRECT)
    assert voices(corpus)[-1] == ("Holm", "The crane is broken.")
    (*_, entry) = tomllib.loads(labels(corpus))["source"]
    assert entry["voice"][0]["lines"] == "5-5"
