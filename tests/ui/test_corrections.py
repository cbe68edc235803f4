"""What a reader says of labels and voices in, labels files and sentences out; also from callers who mean no good."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, write

from assistant import Assistant
from index import Reader, Store
from index.update import update
from ui import words
from ui.corrections import Corrector

HOSTILE = '<img src=x onerror=alert(1)>${alert(2)}"]]\n[perspectives.x]'
LABELS = """[perspectives.dockers]
label = "Dockers"
[perspectives.owners]
label = "Owners"
[[source]]
match = "herald*.txt"
outlet = "The Herald"
perspective = "owners"
"""
TEXT = "The crane is broken. The quay 🛥️ is silent.\n\n“We are tired of waiting,” said Maria Keller. It rained.\n"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    folder = write(tmp_path / "corpus", herald=TEXT, herald2=f"A second one. {TEXT}")
    (folder / "sources.toml").write_text(LABELS)
    update(folder, Store(tmp_path / "store"), WordEmbedder())
    with Assistant(Reader(Store(tmp_path / "store"), WordEmbedder())) as assistant:
        yield assistant


@pytest.fixture
def corrector(assistant: Assistant) -> Corrector:
    return Corrector(assistant)


def labels(assistant: Assistant) -> str:
    return (assistant.corpus.folder / "sources.toml").read_text()


def said(assistant: Assistant, chosen: str, **more: object) -> dict[str, Any]:
    """A request about these words of the document."""
    start = TEXT.index(chosen)
    place = {"document": "herald.txt", "start": start, "end": start + len(chosen), "words": chosen}
    return place | {"hash": assistant.corpus.document("herald.txt")[0].text_sha256, "by": "Ines"} | more


def test_a_label_is_corrected_and_taken_back(assistant: Assistant, corrector: Corrector) -> None:
    standing = corrector.standing({"document": "herald.txt"})
    assert [(side["id"], side["chosen"]) for side in standing["sides"]] == [("dockers", False), ("owners", True)]
    assert standing["alike"] == "And the 1 other document of The Herald that stands where this one does"
    done = corrector.relabel({"document": "herald.txt", "perspectives": ["dockers"], "alike": False, "by": "Ines"})
    assert done["said"] == words.STANDS_FOR.format(sides="Dockers")
    assert done["others"] is True
    (*_, entry) = tomllib.loads(labels(assistant))["source"]
    assert (entry["match"], entry["perspective"], entry["by"]) == ("herald.txt", "dockers", "Ines")
    assert corrector.undo({"key": done["undo"]}) == {"said": words.TAKEN_BACK}
    assert labels(assistant) == LABELS


def test_a_label_is_corrected_for_an_outlet_and_can_be_none(assistant: Assistant, corrector: Corrector) -> None:
    done = corrector.relabel({"document": "herald.txt", "perspectives": [], "alike": True})
    assert done["said"] == words.STANDS_FOR_NONE
    assert [entry["match"] for entry in tomllib.loads(labels(assistant))["source"]][1:] == ["herald.txt", "herald2.txt"]


@pytest.mark.parametrize(
    ("who", "more", "expected"),
    [
        ("named", {"speaker": "Bo Holm"}, "Bo Holm, quoted in herald.txt"),
        ("named", {"speaker": "Bo Holm", "indirect": True}, "Bo Holm, as reported in herald.txt"),
        ("unclear", {"speaker": "Bo Holm"}, "voice unclear: somebody quoted in herald.txt"),
    ],
)
def test_any_words_are_given_to_whoever_says_them(
    assistant: Assistant, corrector: Corrector, who: str, more: dict[str, Any], expected: str
) -> None:
    done = corrector.correct(said(assistant, "The quay 🛥️ is silent.", who=who, **more))
    assert done["said"] == words.CORRECTED.format(voice=expected)
    corrector.undo({"key": done["undo"]})
    assert labels(assistant) == LABELS


def test_what_somebody_was_heard_to_say_can_be_the_authors(assistant: Assistant, corrector: Corrector) -> None:
    done = corrector.correct(said(assistant, "We are tired of waiting,", who="author"))
    assert done["said"] == words.CORRECTED.format(voice="the author")


def test_a_hostile_speaker_stays_one_value_of_the_file(assistant: Assistant, corrector: Corrector) -> None:
    done = corrector.correct(said(assistant, "It rained.", who="named", speaker=HOSTILE))
    assert " ".join(HOSTILE.split()) in done["said"]
    data = tomllib.loads(labels(assistant))
    assert set(data["perspectives"]) == {"dockers", "owners"}
    assert data["source"][-1]["voice"][0]["speaker"] == " ".join(HOSTILE.split())


def test_by_keyboard_the_words_go_on_by_sentences(assistant: Assistant, corrector: Corrector) -> None:
    place = corrector.reach(said(assistant, "The crane is broken.", step="next"))
    assert TEXT[place["start"] : place["end"]] == "The quay 🛥️ is silent."
    place = corrector.reach(said(assistant, "The crane is broken.", step="more"))
    assert TEXT[place["start"] : place["end"]] == "The crane is broken. The quay 🛥️ is silent."
    assert corrector.reach(said(assistant, "It rained.", step="away")) == {"problem": words.NOT_UNDERSTOOD}


WRONG: tuple[tuple[Callable[[dict[str, Any]], object], str], ...] = (
    (lambda given: None, words.NOT_UNDERSTOOD),
    (lambda given: [given], words.NOT_UNDERSTOOD),
    (lambda given: given | {"document": 7}, words.NOT_UNDERSTOOD),
    (lambda given: given | {"document": "nowhere.txt"}, "nowhere.txt"),
    (lambda given: given | {"document": "../../etc/passwd"}, "passwd"),
    (lambda given: given | {"start": True}, words.NOT_UNDERSTOOD),
    (lambda given: given | {"start": -1}, words.NOT_UNDERSTOOD),
    (lambda given: given | {"end": given["start"]}, words.NOT_UNDERSTOOD),
    (lambda given: given | {"end": 10**30}, words.NOT_UNDERSTOOD),
    (lambda given: given | {"words": "It snowed."}, words.NOT_UNDERSTOOD),
    (lambda given: given | {"hash": "0" * 64}, words.NOT_AS_INDEXED),
    (lambda given: given | {"hash": None}, words.NOT_UNDERSTOOD),
    (lambda given: given | {"who": "nobody"}, words.NOT_UNDERSTOOD),
    (lambda given: given | {"who": []}, words.NOT_UNDERSTOOD),
    (lambda given: given | {"speaker": "  "}, words.NO_SPEAKER),
    (lambda given: given | {"speaker": 7}, words.NOT_UNDERSTOOD),
    (lambda given: given | {"speaker": "x" * 81}, "longer than 80 characters"),
    (lambda given: given | {"speaker": "a\u202eb"}, "cannot be shown"),
    (lambda given: given | {"by": []}, words.NOT_UNDERSTOOD),
)


@pytest.mark.parametrize(("wrong", "problem"), WRONG)
def test_a_correction_that_cannot_be_made_gets_a_sentence_and_writes_nothing(
    assistant: Assistant, corrector: Corrector, wrong: Callable[[dict[str, Any]], object], problem: str
) -> None:
    done = corrector.correct(wrong(said(assistant, "It rained.", who="named", speaker="Holm")))
    assert problem in done["problem"]
    assert labels(assistant) == LABELS


def test_words_of_a_file_that_has_changed_are_not_corrected_until_it_is_indexed(
    assistant: Assistant, corrector: Corrector
) -> None:
    given = said(assistant, "It rained.", who="named", speaker="Holm")
    (assistant.corpus.folder / "herald.txt").write_text("Something new. " + TEXT)
    assert corrector.correct(given) == {"problem": words.NOT_AS_INDEXED}
    assert "~1" in corrector.reindex()["said"]
    assert corrector.correct(given) == {"problem": words.NOT_AS_INDEXED}
    assert labels(assistant) == LABELS


@pytest.mark.parametrize(
    "wrong",
    [
        {"document": "herald.txt"},
        {"document": "herald.txt", "perspectives": "owners"},
        {"document": "herald.txt", "perspectives": [1]},
        {"document": "herald.txt", "perspectives": ["owners"] * 51},
        {"document": "herald.txt", "perspectives": ["nobody"]},
        {"document": "nowhere.txt", "perspectives": ["owners"]},
        {"document": "herald.txt", "perspectives": ["owners"], "by": HOSTILE * 9},
    ],
)
def test_a_label_that_cannot_be_given_gets_a_sentence(
    assistant: Assistant, corrector: Corrector, wrong: object
) -> None:
    assert corrector.relabel(wrong)["problem"]
    assert labels(assistant) == LABELS


@pytest.mark.parametrize("wrong", [None, {}, {"key": 7}, {"key": "0" * 32}, {"document": []}])
def test_nothing_is_taken_back_or_looked_up_for_who_asks_wrongly(corrector: Corrector, wrong: object) -> None:
    assert corrector.undo(wrong)["problem"]
    assert corrector.standing(wrong)["problem"]


def test_endless_words_are_refused(tmp_path: Path) -> None:
    text = "word " * 10_000
    folder = write(tmp_path / "corpus", a=text)
    update(folder, Store(tmp_path / "store"), WordEmbedder())
    with Assistant(Reader(Store(tmp_path / "store"), WordEmbedder())) as assistant:
        seen = assistant.corpus.document("a.txt")[0].text_sha256
        given = {"document": "a.txt", "hash": seen, "start": 0, "end": 30_000, "words": text[:30_000], "who": "author"}
        assert Corrector(assistant).correct(given) == {"problem": words.TOO_LONG}
