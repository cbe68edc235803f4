"""Who speaks, in every citation of an answer: real store, an embedder that knows words, no model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, write

from assistant import Answer, Assistant, Outcome, Standing, State
from assistant.answering.digest import Window
from assistant.commands import show
from assistant.search import Search
from assistant.writing.draft import Draft
from assistant.writing.evidence import Evidence
from assistant.writing.parse import Scanner
from index import Document, Reader, Source, Store, Voice, VoiceKind, Voices
from index.types import NO_LABEL
from index.update import update
from tests.scripted_model import claim, judged

KELLER = "We will rebuild the broken dam before the winter comes to the valley,"
AUTHOR = "The broken dam in the valley has been a worry to everybody since the flood."
NEWS = f"{AUTHOR} “{KELLER}” Maria Keller said.\nThe minister of works was pleased with her own speech about it.\n"
COMMENT = "The broken dam is a lie that rich people tell to poor people in the valley."
ESSAY = f"A dam is a wall that keeps water where it does not want to be kept.\n{COMMENT}\nShare this dam story on every network that you like to use.\n"
LABELS = """
[perspectives.news]
label = "Newspaper"
[perspectives.essay]
label = "Essayist"
[[source]]
match = "news.txt"
perspective = "news"
[[source]]
match = "essay.txt"
perspective = "essay"
[[source.voice]]
lines = "2"
kind = "comment"
speaker = "Bob"
"""
DAM = "What about the broken dam in the valley?"

Opened = Callable[..., Assistant]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    readers: list[Reader] = []

    def index(labels: str = LABELS, **files: str) -> Assistant:
        corpus = write(tmp_path / "corpus", **files)
        (corpus / "sources.toml").write_text(labels, "utf-8")
        store = Store(tmp_path / "store")
        update(corpus, store, WordEmbedder())
        readers.append(Reader(store, WordEmbedder()))
        return Assistant(readers[-1])

    yield index
    for reader in readers:
        reader.close()


def quotes(answer: Answer) -> list[str]:
    return [entry.quote for entry in answer.citations]


def standing(answer: Answer, id: str) -> Standing:
    return next(line for line in answer.perspectives if line.id == id)


def test_a_citation_is_cut_at_the_border_of_a_voice(opened: Opened) -> None:
    answer = opened(news=NEWS, essay=ESSAY).ask(DAM)
    voices = {entry.quote.rstrip(","): entry.voice for entry in answer.citations}
    assert voices[AUTHOR].kind is VoiceKind.AUTHOR
    assert voices[KELLER.rstrip(",")].kind is VoiceKind.DIRECT
    assert all(entry.quote == entry.document.text[entry.start : entry.end] for entry in answer.citations)


def test_the_voice_of_a_citation_covers_exactly_the_citation(opened: Opened) -> None:
    answer = opened(news=NEWS, essay=ESSAY).ask(DAM)
    assert all((entry.voice.start, entry.voice.end) == (entry.start, entry.end) for entry in answer.citations)


def test_a_second_piece_of_a_window_comes_only_where_there_is_room(opened: Opened) -> None:
    assistant = opened(news=NEWS)
    assert len(assistant.ask(DAM, citations=1).citations) == 1
    both = {AUTHOR, KELLER.rstrip(",")}
    assert both <= {quote.rstrip(",") for quote in quotes(assistant.ask(DAM, citations=8))}


def searched(assistant: Assistant, question: str, look: Callable[[Search], Any]) -> Any:
    with assistant.reader.pinned() as (generation, retriever):
        return look(Search(retriever.candidates(question), assistant.digester, generation, retriever))


def test_of_a_window_the_piece_that_bears_most_on_the_question_comes_first(opened: Opened) -> None:
    other = "Nobody in town had expected very much of that long evening."
    assistant = opened(news=f"{other} “{KELLER}” Maria Keller said.\n")

    def cut(search: Search) -> list[str]:
        document = search.library.document(1)
        whole = Window(document, 0, len(document.text) - 1, 0.0, 0.0)
        (pieces,) = assistant.digester.cut([whole], search.found, search.library, search.retriever)
        return [piece.text.rstrip(",") for piece in pieces]

    assert searched(assistant, "When will they rebuild the broken dam?", cut) == [KELLER.rstrip(",")]
    assert searched(assistant, "Who expected much of the long evening in town?", cut) == [other]


def test_no_window_joins_an_article_to_its_comments(opened: Opened) -> None:
    assistant = opened(news=NEWS, essay=ESSAY)

    def windows(search: Search) -> list[str]:
        return [window.text for window in search.windows if "lie" in window.text]

    assert searched(assistant, DAM, windows) == []
    assert searched(assistant, "What do readers say about the broken dam?", windows) == [COMMENT]


def test_a_piece_has_the_score_of_its_own_words(opened: Opened) -> None:
    assistant = opened(news=NEWS)
    question = DAM
    vector = WordEmbedder().embed([question])[0]
    for entry in assistant.ask(question).citations:
        assert entry.score == pytest.approx(float(WordEmbedder().embed([entry.quote])[0] @ vector), abs=1e-5)


def test_comments_and_residue_are_not_cited(opened: Opened) -> None:
    text = "\n".join(quotes(opened(news=NEWS, essay=ESSAY).ask(DAM)))
    assert "a lie" not in text


def test_comments_that_were_asked_for_stand_in_a_group_of_their_own(opened: Opened) -> None:
    answer = opened(news=NEWS, essay=ESSAY).ask("What do readers say about the broken dam in the valley?")
    (entry,) = (entry for entry in answer.citations if entry.quote == COMMENT)
    assert entry.voice.kind is VoiceKind.COMMENT
    assert entry.labels == (NO_LABEL,)
    assert entry.side == ()
    assert {"id": "unlabelled", "label": "Unlabelled source"}.items() <= entry.to_dict()["perspectives"][0].items()
    shown = show.answer(answer)
    assert "Reader comments\n" in shown
    assert "reader comment under essay.txt" in shown


def test_a_perspective_never_stands_on_a_comment(opened: Opened) -> None:
    assistant = opened(news=NEWS, essay=ESSAY)
    plain = standing(assistant.ask(DAM), "essay")
    asked = standing(assistant.ask("What do readers say about the broken dam in the valley?"), "essay")
    for line in (plain, asked):
        assert line.closest is not None
        assert line.closest.quote != COMMENT
    only = opened(news=NEWS, essay=f"Nothing here at all.\n{COMMENT}\n")
    asked = only.ask("What do commenters say about the broken dam in the valley?")
    assert COMMENT in quotes(asked)
    assert standing(asked, "essay").state is not State.CITED


def test_an_unlabelled_perspective_is_not_cited_by_a_comment(opened: Opened) -> None:
    answer = opened(news=NEWS, essay=ESSAY, other="Cheese from goats is sold on every market day.\n").ask(
        "What do readers say about the broken dam in the valley?"
    )
    assert standing(answer, "unlabelled").state is not State.CITED


def test_a_comment_whose_words_are_quoted_in_the_question_is_cited(opened: Opened) -> None:
    assistant = opened(news=NEWS, essay=ESSAY)
    answer = assistant.ask("Who wrote that the broken dam “is a lie that rich people tell”?")
    assert COMMENT in quotes(answer)


def test_the_nearest_passages_and_the_closest_ones_have_a_voice_too(opened: Opened) -> None:
    answer = opened(news=NEWS, essay=ESSAY).ask("What did Zebulon say of the broken dam in the valley?")
    assert answer.outcome is Outcome.NOT_IN_CORPUS
    kinds = {entry.quote.rstrip(","): entry.voice.kind for entry in answer.nearest}
    assert kinds[KELLER.rstrip(",")] is VoiceKind.DIRECT
    assert COMMENT not in kinds
    closest = standing(answer, "news").closest
    assert closest is not None
    assert closest.voice.kind in (VoiceKind.AUTHOR, VoiceKind.DIRECT)
    assert answer.to_dict()["perspectives"][0]["closest"]["voice"]["kind"] in ("author", "direct")


def test_the_owner_says_whose_words_they_are(opened: Opened) -> None:
    labels = LABELS.replace(
        'perspective = "news"\n',
        f'perspective = "news"\n[[source.voice]]\nquote = "{KELLER}"\nspeaker = "Ann Lee"\nkind = "direct"\n'
        'chain = ["The Herald"]\n',
        1,
    )
    answer = opened(labels, news=NEWS, essay=ESSAY).ask(DAM)
    (entry,) = (entry for entry in answer.citations if entry.quote == KELLER)
    assert entry.to_dict()["voice"] == {
        "kind": "direct",
        "speaker": "Ann Lee",
        "chain": ["The Herald", "Ann Lee"],
        "provenance": "curated",
    }
    assert "      Ann Lee, in The Herald, quoted in news.txt\n" in show.answer(answer)


def test_the_terminal_names_the_author_and_whoever_is_quoted(opened: Opened) -> None:
    shown = show.answer(opened(news=NEWS, essay=ESSAY).ask(DAM))
    assert "      the author\n" in shown
    assert "quoted in news.txt\n" in shown
    assert "not worked out" not in shown


def test_a_speakers_name_cannot_steer_the_terminal(opened: Opened) -> None:
    labels = LABELS.replace('speaker = "Bob"', 'speaker = "\\u001b[31m\\u202eBob"').replace('kind = "comment"\n', "")
    answer = opened(labels, news=NEWS, essay=ESSAY).ask(DAM)
    shown = show.answer(answer)
    assert "Bob, quoted in essay.txt" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_what_a_model_is_shown_leaves_comments_and_residue_out(opened: Opened) -> None:
    assistant = opened(news=NEWS, essay=ESSAY)
    shown = {
        question: searched(assistant, question, lambda search: "\n".join(e.text for e in search.evidence(4_000)))
        for question in (DAM, "What do readers say about the broken dam in the valley?")
    }
    assert "a lie" not in shown[DAM]
    assert KELLER in shown[DAM]
    assert all("a lie" in text for question, text in shown.items() if question != DAM)


def test_the_quote_of_a_model_has_the_voice_of_its_place() -> None:
    said = KELLER.rstrip(",")
    document = Document("news.txt", NEWS, "0" * 64)
    start = NEWS.index(said)
    voices = Voices((Voice(start, start + len(KELLER), VoiceKind.DIRECT, "Maria Keller"),))
    draft = Draft("What about the dam?", {})
    draft.show((Evidence(1, document, Source("News", None, None, None), 0, len(NEWS), 0.5, voices),))
    scanner = Scanner()
    for item in scanner.feed(judged("yes") + claim("Maria Keller said that they will rebuild the dam.", (1, said))):
        draft.take(item)
    (entry,) = draft.citations
    assert (entry.quote, entry.voice.kind, entry.voice.speaker) == (said, VoiceKind.DIRECT, "Maria Keller")
