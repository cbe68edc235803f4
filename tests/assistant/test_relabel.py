"""Labels that can be disputed: another label in, the next answer out, and nothing embedded or rebuilt for it.

Run: python -m pytest tests/assistant/test_relabel.py
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from command import parallax
from fakes import WordEmbedder, write

from assistant import Answer, Assistant, State, UnknownDocument, UnknownPerspective
from index import BadLabels, Reader, Store
from index.update import update

QUESTION = "What do the papers say about the broken harbour crane?"
LABELS = """\
# Kept by Ines.
version = 1

[perspectives.dockers]
label = "Dockers"
description = "Those who work at the harbour."

[perspectives.owners]
label = "Owners"

[[source]]
match = "dockers.txt"
perspective = "dockers"
by = "Ines"
on = "2026-01-02"
quotes = ["The broken harbour  crane “must” be mended", "words that stand nowhere in it"]

[[source]]
match = "owners.txt"
perspective = "owners"
"""
TEXTS = {
    "dockers": 'The broken harbour crane "must" be mended before winter, the dockers write.\nNobody lifts grain by hand.\n',
    "owners": "The broken harbour crane costs more than it ever earned, the owners write.\nThe harbour has a second one.\n",
    "fishers": "The broken harbour crane blocks the fishing boats, the fishers write.\nIt leans over the inner basin.\n",
    "claimer": "---\nperspective: owners\n---\n"
    "The broken harbour crane should be sold for scrap, somebody writes here.\nA buyer is said to wait for it.\n",
}


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("relabel")
    corpus = write(folder / "corpus", **{name: text for name, text in TEXTS.items() if name != "claimer"})
    (corpus / "claimer.md").write_text(TEXTS["claimer"], "utf-8")
    update(corpus, Store(folder / "store"), WordEmbedder())
    return corpus, folder / "store"


@pytest.fixture
def corpus(indexed: tuple[Path, Path]) -> Path:
    folder = indexed[0]
    (folder / "sources.suggested.toml").unlink(missing_ok=True)
    (folder / "sources.toml").write_text(LABELS, "utf-8")
    return folder


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def assistant(indexed: tuple[Path, Path], corpus: Path, embedder: WordEmbedder) -> Iterator[Assistant]:
    with Assistant(Reader(Store(indexed[1]), embedder)) as opened:
        yield opened


def suggest(corpus: Path, *names: str, side: str = "dockers") -> None:
    entries: list[str] = []
    for name in names:
        sha256 = hashlib.sha256((corpus / name).read_bytes()).hexdigest()
        entries += [
            "[[source]]",
            f'match = "{name}"',
            f'sha256 = "{sha256}"',
            f'perspective = "{side}"',
            "margin = 0.4",
        ]
        entries += ['quotes = ["It leans over the inner basin."]']
    (corpus / "sources.suggested.toml").write_text("\n".join(["version = 1", *entries, ""]), "utf-8")


def sides(answer: Answer) -> dict[str, tuple[str, ...]]:
    return {entry.document.id: tuple(label.perspective.id for label in entry.labels) for entry in answer.citations}


def states(answer: Answer) -> dict[str, State]:
    return {standing.id: standing.state for standing in answer.perspectives}


def files(store: Path) -> dict[str, str]:
    """The hash of every file of every generation, and which one is current."""
    found = [file for file in (store / "generations").rglob("*") if file.is_file()]
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest() + str(file.stat().st_mtime_ns)
        for file in [*found, store / "CURRENT", store / "cache.sqlite"]
    }


# ── Relabelling ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_label_shows_in_the_next_answer_and_embeds_and_rebuilds_nothing(
    assistant: Assistant, embedder: WordEmbedder, indexed: tuple[Path, Path]
) -> None:
    before = assistant.ask(QUESTION)
    generation = files(indexed[1])
    embedder.texts.clear()

    assistant.corpus.relabel("owners.txt", ["dockers"], "Ada Quill")
    assert embedder.texts == []
    after = assistant.ask(QUESTION)

    assert (sides(before)["owners.txt"], sides(after)["owners.txt"]) == (("owners",), ("dockers",))
    assert after.labels != before.labels
    assert after.generation == before.generation
    assert embedder.texts == [QUESTION]  # as with any question
    assert files(indexed[1]) == generation


def test_a_label_changed_by_hand_shows_in_an_assistant_that_is_open(assistant: Assistant, corpus: Path) -> None:
    assert sides(assistant.ask(QUESTION))["fishers.txt"] == ("unlabelled",)
    entry = '[[source]]\nmatch = "fishers.txt"\nperspective = "owners"\n'
    (corpus / "sources.toml").write_text(f"{LABELS}\n{entry}", "utf-8")
    assert sides(assistant.ask(QUESTION))["fishers.txt"] == ("owners",)


def test_labels_that_change_places_leave_the_claims_as_they_are(assistant: Assistant) -> None:
    before = assistant.ask(QUESTION)
    assistant.corpus.relabel("dockers.txt", ["owners"])
    assistant.corpus.relabel("owners.txt", ["dockers"])
    after = assistant.ask(QUESTION)
    assert [claim.text for claim in after.claims] == [claim.text for claim in before.claims]
    assert sides(after)["dockers.txt"] == ("owners",)
    assert sides(after)["owners.txt"] == ("dockers",)


def test_a_document_may_stand_for_several_perspectives_or_for_none(assistant: Assistant) -> None:
    assistant.corpus.relabel("fishers.txt", ["owners", "dockers"])
    assistant.corpus.relabel("owners.txt", [])
    found = sides(assistant.ask(QUESTION))
    assert found["fishers.txt"] == ("owners", "dockers")
    assert found["owners.txt"] == ("unlabelled",)


def test_who_gave_a_label_and_when_is_told(assistant: Assistant) -> None:
    assistant.corpus.relabel("owners.txt", ["owners"], "Ada Quill")
    entry, *_ = (entry for entry in assistant.ask(QUESTION).citations if entry.document.id == "owners.txt")
    assert (entry.labels[0].by, entry.labels[0].on) == ("Ada Quill", date.today().isoformat())


def test_a_perspective_gets_another_name_and_a_new_one_is_made(assistant: Assistant) -> None:
    assistant.corpus.describe("owners", "Shipowners", "Those who own the harbour.")
    made = assistant.corpus.describe(None, "Fishers", "Those who fish.")
    assistant.corpus.relabel("fishers.txt", [made.id])
    labels = {entry.document.id: entry.labels[0].perspective.label for entry in assistant.ask(QUESTION).citations}
    assert labels["owners.txt"] == "Shipowners"
    assert labels["fishers.txt"] == "Fishers"


def test_what_does_not_exist_cannot_be_relabelled_described_or_confirmed(assistant: Assistant, corpus: Path) -> None:
    with pytest.raises(UnknownDocument):
        assistant.corpus.relabel("nowhere.txt", ["owners"])
    with pytest.raises(BadLabels, match="there is no perspective 'nobody'"):
        assistant.corpus.relabel("owners.txt", ["nobody"])
    with pytest.raises(BadLabels, match="there is no perspective 'unlabelled'"):
        assistant.corpus.relabel("owners.txt", ["unlabelled"])
    with pytest.raises(BadLabels, match="there is no perspective 'nobody'"):
        assistant.corpus.describe("nobody", "Nobody")
    with pytest.raises(UnknownDocument):
        assistant.corpus.confirm(["nowhere.txt"])
    assert (corpus / "sources.toml").read_text("utf-8") == LABELS


# ── What a document claims of itself ─────────────────────────────────────────────────────────────────────────────────


def test_what_a_document_claims_of_itself_is_shown_and_speaks_for_no_side(assistant: Assistant, corpus: Path) -> None:
    entry = '[[source]]\nmatch = "owners.txt"\nperspective = "owners"\n'
    (corpus / "sources.toml").write_text(LABELS.replace(entry, ""), "utf-8")
    answer = assistant.ask(QUESTION)
    assert sides(answer)["claimer.md"] == ("owners",)
    (entry_of,) = (entry for entry in answer.citations if entry.document.id == "claimer.md")
    assert entry_of.side == ("unlabelled",)
    assert "owners" not in states(answer)
    with pytest.raises(UnknownPerspective):
        assistant.ask(QUESTION, perspectives=["owners"])


def test_a_filter_by_perspective_does_not_let_in_who_merely_claims_it(assistant: Assistant) -> None:
    assert set(sides(assistant.ask(QUESTION, perspectives=["owners"]))) == {"owners.txt"}


def test_where_front_matter_is_trusted_it_counts(assistant: Assistant, corpus: Path) -> None:
    (corpus / "sources.toml").write_text(LABELS + "\n[defaults]\ntrust_front_matter = true\n", "utf-8")
    assert set(sides(assistant.ask(QUESTION, perspectives=["owners"]))) == {"owners.txt", "claimer.md"}


# ── Cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_card_has_its_documents_each_with_what_justifies_its_label(assistant: Assistant, corpus: Path) -> None:
    suggest(corpus, "fishers.txt")
    found = assistant.corpus.cards()
    dockers, owners = found.cards
    assert (dockers.perspective.label, owners.perspective.label) == ("Dockers", "Owners")
    given, guessed = dockers.documents
    assert (given.id, given.label.by, given.label.on, given.can_be_confirmed) == (
        "dockers.txt",
        "Ines",
        "2026-01-02",
        False,
    )
    stands, nowhere = given.quotes
    text = TEXTS["dockers"]
    assert stands.span is not None
    assert text[slice(*stands.span)] == stands.quote == 'The broken harbour crane "must" be mended'
    assert stands.line == 1
    assert (nowhere.quote, nowhere.span) == ("words that stand nowhere in it", None)
    assert (guessed.id, str(guessed.label.provenance), guessed.can_be_confirmed) == ("fishers.txt", "inferred", True)
    assert guessed.quotes[0].line == 2
    assert [line.id for line in found.unlabelled] == ["claimer.md"]
    assert str(found.unlabelled[0].label.provenance) == "self-declared"


def test_a_perspective_without_a_document_is_a_card_too(assistant: Assistant) -> None:
    made = assistant.corpus.describe(None, "Harbour board", "")
    (card,) = (card for card in assistant.corpus.cards().cards if card.perspective == made)
    assert card.documents == ()


def test_a_quote_that_does_not_stand_in_its_document_is_reported(assistant: Assistant) -> None:
    quotes = [line["text"] for line in assistant.corpus.check_labels() if line["kind"] == "quote"]
    assert quotes == ["dockers.txt does not hold the words “words that stand nowhere in it” that its label rests on"]


def test_a_quote_with_a_slip_in_it_is_not_what_the_document_says(assistant: Assistant, corpus: Path) -> None:
    slip = "The broken harbour crane costs more than it ever earned, the owner write."
    entry = 'match = "owners.txt"\nperspective = "owners"\n'
    (corpus / "sources.toml").write_text(LABELS.replace(entry, f'{entry}quotes = ["{slip}"]\n'), "utf-8")
    assert any("owners.txt" in line["text"] for line in assistant.corpus.check_labels() if line["kind"] == "quote")


# ── Confirming ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_suggestion_reads_inferred_until_it_is_confirmed(assistant: Assistant, corpus: Path) -> None:
    suggest(corpus, "fishers.txt")
    guessed, *_ = (entry for entry in assistant.ask(QUESTION).citations if entry.document.id == "fishers.txt")
    assert [(label.perspective.id, str(label.provenance)) for label in guessed.labels] == [("dockers", "inferred")]
    assert assistant.corpus.confirm(["fishers.txt"], "Ada Quill") == ("fishers.txt",)
    sure, *_ = (entry for entry in assistant.ask(QUESTION).citations if entry.document.id == "fishers.txt")
    assert [(label.perspective.id, str(label.provenance), label.by) for label in sure.labels] == [
        ("dockers", "curated", "Ada Quill")
    ]
    assert (corpus / "sources.toml").read_text("utf-8").startswith(LABELS)


def test_confirming_on_the_command_line(indexed: tuple[Path, Path], corpus: Path, tmp_path: Path) -> None:
    from index.embed import LocalEmbedder

    store = tmp_path / "store"
    update(corpus, Store(store), LocalEmbedder())
    suggest(corpus, "fishers.txt", "claimer.md")

    none = parallax("labels", "confirm", "owners.txt", "--store", store, home=tmp_path, code=2)
    assert "owners.txt has no suggested label" in none.stderr
    both = parallax("labels", "confirm", "fishers.txt", "--all", "--store", store, home=tmp_path, code=2)
    assert "Name one document, or give --all" in both.stderr

    done = parallax("labels", "confirm", "fishers.txt", "--by", "Ada Quill", "--json", "--store", store, home=tmp_path)
    assert json.loads(done.stdout) == {"confirmed": ["fishers.txt"]}
    entry = tomllib.loads((corpus / "sources.toml").read_text("utf-8"))["source"][-1]
    assert (entry["perspective"], entry["provenance"], entry["by"]) == ("dockers", "curated", "Ada Quill")

    # What a document claims of itself stands above a machine's guess, which therefore is not there to be confirmed.
    rest = parallax("labels", "confirm", "--all", "--store", store, home=tmp_path)
    assert "There is no suggestion to confirm" in rest.stdout
