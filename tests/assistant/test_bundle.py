"""Answers out to files and back: what a file shows, what it says of changes, and what it does with anything else."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant import Answer, Check, Citation, Claim, Mode, Outcome, Reason, Removed, Standing, State
from assistant.commands import show
from assistant.errors import BadFile
from assistant.exporting.bundle import bundled, export, read_answer
from assistant.exporting.exported import FORMAT, drawn
from assistant.exporting.printing import FORMATS
from assistant.exporting.proof import check
from assistant.exporting.seal import Line, sealed, text
from assistant.exporting.verification import examine, verify
from index import Document, Label, Perspective, Provenance, Source, Store, UnusableFolder, Voice, VoiceKind
from index.update import update
from tests.fakes import WordEmbedder, write

FERRY, BRIDGE = Perspective("ferry", "Ferry friends"), Perspective("bridge", "Bridge builders")
SOURCES = {
    "ferry.txt": "The ferry must stay\n\nThe ferry of Marrowby has crossed the sound since 1871. “It pays,” says Ada Quill.\n",
    "essays/bridge.txt": "A bridge at last\n\nThe bridge costs ninety million crowns. Nobody can say what the ferry costs.\n",
    "diary.md": "# A diary\n\nThe sound was grey all day; the ferry was late.\n",
}
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</pre></blockquote></main><h1>owned</h1><!-- --> ]]> <![CDATA[",
    "```\n# heading\n\n- list\n> quote\n\n<b>bold</b> [link](http://evil.example) ![i](http://evil.example/i.png)",
    "| a | b |\n|---|---|\n| c | d |\n\n***\n===\n1. one\n2) two\n~~~\n",
    "www.evil.example https://evil.example javascript:alert(1) <http://evil.example> a@evil.example [^1]: note",
    "\x1b]0;owned\x07\x1b[31mred\x1b[0m \x9b2J \u202eabc\u2066def\u2069 \u200bzero\ufeff\U000e0041 \x00\x7f",
    "\\`*_{}[]()#+-.!|~$$x$$ &lt;i&gt; &#60;b&#62; \\( x \\) ${x} {{x}} {% x %} %TITLE @x ^y^ :::\n\tcode",
    '"quoted" \'single\' \u2028 \u2029 \u0085 \r\n\r x" onmouseover="alert(3)',
)


def document(id: str, text: str) -> Document:
    return Document(id, text, "0" * 64)


def cite(number: int, of: Document, quote: str, side: Perspective = FERRY, **changes: Any) -> Citation:
    start = of.text.index(quote)
    label = Label(side, Provenance.CURATED, "Ada Quill", "2026-01-02")
    source = Source(of.title or of.id, "Gazette", None, "2025-03", (label,))
    voice = Voice(start, start + len(quote), VoiceKind.AUTHOR)
    values: dict[str, Any] = {"source": source, "voice": voice} | changes
    return Citation(number, of, start=start, end=start + len(quote), score=0.51234, **values)


def answer(*citations: Citation, **changes: Any) -> Answer:
    values: dict[str, Any] = {
        "id": "abc",
        "question": "What of the ferry?",
        "query": "What of the ferry of Marrowby?",
        "spellings": (("Marrowby", "Marowby"),),
        "mode": Mode.DIGEST,
        "outcome": Outcome.ANSWERED if citations else Outcome.NOT_IN_CORPUS,
        "claims": tuple(Claim(entry.quote, (entry.number,)) for entry in citations),
        "citations": citations,
        "perspectives": (
            Standing("ferry", "Ferry friends", State.CITED, None),
            Standing("bridge", "Bridge builders", State.RELEVANT, citations[-1] if citations else None),
        ),
        "generation": "g000001",
        "labels": "0518246060c3",
        "seconds": {"search": 0.01, "answer": 0.0512},
    }
    return Answer(**(values | changes))


def written() -> Answer:
    """An answer by a model, with everything in it that an answer can have."""
    ferry, bridge = (document(id, SOURCES[id]) for id in ("ferry.txt", "essays/bridge.txt"))
    spoken = Voice(0, 9, VoiceKind.DIRECT, "Ada Quill", ("Ada Quill",), marked=True)
    return answer(
        cite(1, ferry, "The ferry of Marrowby has crossed the sound since 1871."),
        cite(2, bridge, "The bridge costs ninety million crowns.", BRIDGE, match="normalised"),
        cite(3, ferry, "It pays,", voice=spoken),
        mode=Mode.GENERATED,
        claims=(Claim("The ferry is old, and the bridge dear.", (1, 2)), Claim("Ada Quill says that it pays.", (3,))),
        premise=Claim("No source says that it sank.", (1,)),
        reason=Reason("partly_answered", "The rest was not found."),
        removed=(Removed("Sentence 3 of the reply", ("its quote does not stand there", "it holds markup")),),
        model="scripted",
        prompts={"answer": "c9284fd61f62"},
    )


def look(texts: dict[str, str]) -> Any:
    return lambda id: document(id, texts[id]) if id in texts else None


def lines(given: Answer, ending: str, texts: dict[str, str] | None = SOURCES) -> list[Line]:
    """The file that an answer makes."""
    against, find = ("index g000001", look(texts)) if texts is not None else (None, None)
    return drawn(bundled(given, against, find)[0], FORMATS[ending], Path("x"))


def examined(found: str, ending: str) -> list[str]:
    return examine(found, FORMATS[ending], Path("x"))


class Page(HTMLParser):
    """What a browser makes of a page: its tags and attributes, and the texts of its quotes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.quotes: list[str] = []
        self.comments: list[str] = []
        self.text = ""
        self._inside: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}
        if tag not in ("meta",):
            self._inside.append(tag)
        if tag == "blockquote":
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag

    def handle_data(self, data: str) -> None:
        if "blockquote" in self._inside:
            self.quotes[-1] += data
        if self._inside and self._inside[-1] not in ("pre", "style", "title"):
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def quotes_of(file: str, ending: str) -> list[str]:
    """All that a file shows as a quote, as its reader sees it; white space single."""
    if ending == ".json":
        found = [entry["quote"] for entry in _entries(json.loads(file)["answer"])]
        return [_single(quote) for quote in found if quote is not None]
    if ending == ".html":
        return [_single(quote) for quote in Page(file).quotes]
    quotes: list[str] = []
    depth = 0
    for token in MarkdownIt("commonmark").enable("table").parse(file):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "blockquote_open":
            quotes.append("")
        elif token.type == "inline" and depth:
            quotes[-1] += " " + "".join(_plain(child) for child in token.children or ())
    return [_single(quote) for quote in quotes]


def _plain(token: Any) -> str:
    return "\n" if token.type in ("softbreak", "hardbreak") else token.content


def _entries(given: Any) -> Iterator[dict[str, Any]]:
    yield from given["citations"]
    yield from given["nearest"]
    yield from (line["closest"] for line in given["perspectives"] if line["closest"])


def _single(words: str) -> str:
    return " ".join(words.split())


def spelt(words: str) -> str:
    """As a screen is shown it: what it would obey is spelt out."""
    obeyed = "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
    return re.sub(obeyed, lambda found: f"\\u{ord(found[0]):04x}", words)


ENDINGS = pytest.mark.parametrize("ending", FORMATS)


# ── What a file shows ────────────────────────────────────────────────────────────────────────────────────────────────


@ENDINGS
def test_a_file_shows_every_quote_and_is_as_it_was_written(ending: str) -> None:
    file = text(lines(written(), ending))
    assert examined(file, ending) == []
    assert quotes_of(file, ending)[:3] == [entry.quote for entry in written().citations]


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_a_file_says_who_speaks_on_which_side_and_how_many_quotes_are_exact(ending: str) -> None:
    file = text(lines(written(), ending))
    shown = _single(Page(file).text if ending == ".html" else MarkdownIt().render(file))
    for words in (
        "3 of 3 quotes exact",
        "Written by scripted",
        "The ferry is old, and the bridge dear.",
        "About the question itself: No source says that it sank.",
        "Ada Quill, quoted in ferry.txt",
        "Bridge builders (curated, Ada Quill, 2026-01-02)",
        "Bridge builders: has something on this that is not cited",
        "Sentence 3 of the reply: its quote does not stand there; it holds markup",
        "2025-03",
        "quotes held against index g000001",
        "prompt answer c9284fd61f62",
    ):
        assert words in shown


def test_the_data_hold_what_the_search_left_behind() -> None:
    given = json.loads(text(lines(written(), ".json")))["answer"]
    for name in ("query", "spellings", "coverage", "perspectives", "prompts", "model", "generation", "labels"):
        assert given[name] == json.loads(json.dumps(written().to_dict()))[name] or name == "perspectives"
    first = given["citations"][0]
    assert (first["check"], first["finding"], first["now"]) == ("exact", "same", {"start": 21, "end": 76})
    assert first["badge"] == "the author"
    assert first["score"] == 0.5123
    assert first["before"] == SOURCES["ferry.txt"][:21]
    assert len(first["text_sha256"]) == len(first["sha256"]) == 64


EDITED = {
    **SOURCES,
    "ferry.txt": SOURCES["ferry.txt"].replace("1871", "1971").replace("The ferry must", "A ferry will"),
}


@ENDINGS
def test_a_quote_that_no_longer_stands_is_replaced_by_a_sentence(ending: str) -> None:
    file = text(lines(written(), ending, EDITED))
    shown = quotes_of(file, ending)
    assert shown[:2] == ["The bridge costs ninety million crowns.", "It pays,"]
    if ending != ".json":
        assert "This quote no longer stands in ferry.txt" in file
        assert "1 of 3 quotes exact" in file
        head = file[: file.index("Data of this file")]
        assert "since 1871" not in head


@ENDINGS
@pytest.mark.parametrize("texts", [None, {}], ids=["no index", "no document"])
def test_where_nothing_can_be_checked_nothing_is_shown_as_a_quote(ending: str, texts: dict[str, str] | None) -> None:
    digest = answer(*written().citations)
    file = text(lines(digest, ending, texts))
    assert examined(file, ending) == []
    assert quotes_of(file, ending) == []
    assert "0 of 3 quotes exact" in file or ending == ".json"
    data = json.loads(text(lines(digest, ".json", texts)))
    assert {entry["check"] for entry in _entries(data["answer"])} == {"unchecked" if texts is None else "failed"}
    assert all("crossed the sound" not in claim["text"] for claim in data["answer"]["claims"])
    assert data["answer"]["citations"][0]["claimed"] == digest.citations[0].quote


def test_an_answer_of_nearest_passages_is_exported_as_one() -> None:
    near = (cite(1, document("diary.md", SOURCES["diary.md"]), "the ferry was late"),)
    given = answer(nearest=near, reason=Reason("below_floor", "Nothing comes near."))
    file = text(lines(given, ".html"))
    assert "No passage was found that answers this question." in file
    assert "Nothing comes near." in file
    assert Page(file).quotes == ["the ferry was late"]


def test_a_reader_comment_stands_on_no_side() -> None:
    comment = Voice(0, 9, VoiceKind.COMMENT)
    file = text(lines(answer(cite(1, document("ferry.txt", SOURCES["ferry.txt"]), "It pays,", voice=comment)), ".md"))
    head = file[: file.index("## Perspectives")]
    assert "Reader comments" in head
    assert "Ferry friends" not in head


# ── Text that means no good ──────────────────────────────────────────────────────────────────────────────────────────

TAGS = set("html head meta title style body main h1 h2 p a div span blockquote details summary pre".split())


def hostile(words: str) -> tuple[Answer, dict[str, str]]:
    """An answer in which somebody wrote the same words everywhere."""
    of = replace(document(f"{words}.txt", f"Before. {words} After."), title=words)
    label = Label(Perspective(words, words, words), Provenance.SELF_DECLARED, words, words)
    source = Source(words, words, words, words, (label,))
    voice = Voice(0, 9, VoiceKind.DIRECT, words, (words, words))
    entry = cite(1, of, words, source=source, voice=voice)
    given = answer(
        entry,
        question=words,
        query=words,
        spellings=((words, words),),
        mode=Mode.GENERATED,
        claims=(Claim(words, (1,)),),
        premise=Claim(words, (1,)),
        reason=Reason(words, words),
        removed=(Removed(words, (words,)),),
        nearest=(entry,),
        model=words,
        prompts={words: words},
        perspectives=(Standing(words, words, State.RELEVANT, entry),),
        generation=words,
        labels=words,
    )
    return given, {of.id: of.text}


@ENDINGS
@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_and_do_nothing(words: str, ending: str) -> None:
    given, texts = hostile(words)
    file = text(lines(given, ending, texts))
    assert examined(file, ending) == []
    assert quotes_of(file, ending) == [_single(spelt(words) if ending != ".json" else words)] * 3
    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", file)
    if ending == ".html":
        page = Page(file)
        assert page.tags <= TAGS
        assert page.comments == []
        names = {name for name, _ in page.attributes}
        assert names <= {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href"}
        assert {value for name, value in page.attributes if name == "href"} == {"#quote-1"}
    elif ending == ".md":
        _assert_inert(file)


def _assert_inert(file: str) -> None:
    """That a renderer finds nothing in a text but our own headings, paragraphs, quotes and code."""
    rendered = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(file)
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in rendered}
    assert kinds <= {"html_block", "heading", "paragraph", "inline", "blockquote", "fence"}
    assert [token.content.strip() for token in rendered if token.type == "html_block"] == [file.split("\n", 1)[0]]
    inner = {child.type for token in rendered for child in token.children or ()}
    assert inner <= {"text", "softbreak", "text_special"}
    assert sum(token.type == "fence" for token in rendered) == 2


def test_a_page_has_no_script_and_asks_for_nothing() -> None:
    file = text(lines(written(), ".html"))
    assert "<script" not in file
    assert re.search(r'content="default-src \'none\'; style-src \'sha256-[\w+/=]+\'; base-uri \'none\'', file)
    assert not re.search(r"\b(?:src|srcset|action|background)\s*=|url\(|@import|https?:", file)


# ── Nothing that is not in its source ────────────────────────────────────────────────────────────────────────────────

WORDS = st.sampled_from(
    [
        "the",
        "ferry",
        "of",
        "Marrowby",
        "pays",
        "not",
        "\n",
        "\n\n",
        "—",
        "“it",
        "never”",
        "1871",
        "&",
        "<b>",
        "*",
        "`",
        "日本",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Answer, dict[str, str] | None, dict[str, Any]]:
    """An answer, its documents as they are now, and the answer as it came to be exported: perhaps damaged."""
    texts = {f"{name}.txt": draw(TEXTS) for name in ("a", "b", "c")}
    entries: list[Citation] = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        id = draw(st.sampled_from(sorted(texts)))
        start = draw(st.integers(0, len(texts[id]) - 1))
        of = document(id, texts[id])
        entry = cite(number, of, texts[id][start : start + draw(st.integers(1, 80))])
        entries.append(replace(entry, start=start, end=start + len(entry.quote)))
    mode = draw(st.sampled_from(list(Mode)))
    given = answer(
        *entries,
        mode=mode,
        model="m",
        claims=tuple(Claim(e.quote if mode is Mode.DIGEST else "It is.", (e.number,)) for e in entries),
    )
    now: dict[str, str] | None = dict(texts)
    for id in sorted(texts):
        match draw(st.sampled_from(["same", "front", "letter", "cut", "other", "gone"])):
            case "front":
                now[id] = draw(TEXTS) + texts[id]
            case "letter":
                at = draw(st.integers(0, len(texts[id]) - 1))
                now[id] = texts[id][:at] + "x" + texts[id][at + 1 :]
            case "cut":
                at = draw(st.integers(0, len(texts[id])))
                now[id] = texts[id][:at] + texts[id][at + 7 :]
            case "other":
                now[id] = draw(TEXTS)
            case "gone":
                del now[id]
    damaged = json.loads(json.dumps(given.to_dict()))
    for entry in _entries(damaged):
        match draw(st.sampled_from(["as it was"] * 3 + ["letter", "place", "context", "words"])):
            case "letter":
                entry["quote"] = "X" + entry["quote"][1:]
            case "place":
                entry["start"], entry["end"] = entry["start"] + 1, entry["end"] + 1
            case "context":
                entry["before"] = entry["before"][:-1] + "?"
            case "words":
                entry["quote"], entry["check"] = "the council admits everything", "exact"
    return given, draw(st.sampled_from([now, now, now, None])), damaged


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(worlds())
def test_no_file_shows_as_a_quote_what_is_not_in_its_source(
    world: tuple[Answer, dict[str, str] | None, dict[str, Any]],
) -> None:
    given, now, damaged = world
    for exported in (given.to_dict(), damaged):
        data, _ = bundled(exported, "index" if now is not None else None, look(now) if now is not None else None)
        for ending, format in FORMATS.items():
            file = text(drawn(data, format, Path("x")))
            assert examined(file, ending) == []
            for quote in quotes_of(file, ending):
                assert any(quote in _single(text) for text in (now or {}).values())
        for entry in _entries(data["answer"]):
            if entry["quote"] is not None:
                assert now is not None
                assert entry["quote"] in now[entry["document"]]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(worlds())
def test_no_terminal_shows_as_a_quote_what_is_not_in_its_source(
    world: tuple[Answer, dict[str, str] | None, dict[str, Any]],
) -> None:
    given, now, _ = world
    find = look(now or {})
    checked = tuple(replace(e, check=check(e.proof, find(e.document.id)).check) for e in given.citations)
    for mode in Mode:
        given = replace(given, citations=checked, mode=mode)
        shown = show.answer(given)
        numbers = {int(number) for number in re.findall(r"^  \[(\d)\] “", shown, re.MULTILINE)}
        for entry in checked:
            stands = entry.check is not Check.FAILED
            assert (entry.number in numbers) == stands
            assert not stands or entry.quote in (now or {})[entry.document.id]
        assert f"{sum(e.check is Check.EXACT for e in checked)} of {len(checked)} quote" in shown


# ── Changes ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_LETTERS = " \n\"'{}[],:\\<>&`#x0é\u202e\0"


def changed(random: random.Random, file: str) -> tuple[str, int, str]:
    """A file with one character changed, lost or too many; where, and what was there."""
    at = random.randrange(len(file))
    other = random.choice(_LETTERS.replace(file[at], ""))
    match random.choice(["replace", "replace", "replace", "lose", "add"]):
        case "replace":
            return file[:at] + other + file[at + 1 :], at, file[at]
        case "lose":
            return file[:at] + file[at + 1 :], at, file[at]
        case _:
            return file[:at] + other + file[at:], at, other


@ENDINGS
def test_every_one_of_400_changes_of_a_single_character_is_found_and_its_place_named(ending: str) -> None:
    given = lines(written(), ending, EDITED)
    file = text(given)
    draw = random.Random(4)
    for _ in range(400):
        found, at, was = changed(draw, file)
        if found == file:  # one more of the same
            continue
        number = file.count("\n", 0, at)
        said = examined(found, ending)
        places = {_named(given, number), _named(given, number + 1) if was == "\n" or len(found) > len(file) else ""}
        assert any(place and any(line.startswith(place) for line in said) for place in places), (
            found[at - 40 : at + 40],
            said,
        )
        assert len(said) <= 4  # the page, and the three lines of its seal where these move


def _named(given: Sequence[Line], number: int) -> str:
    if number >= len(given):
        return "The end of the file was changed"
    place = given[number].place
    return f"{place[0].upper()}{place[1:]} was changed (line {number + 1})"


@ENDINGS
def test_a_change_of_a_quote_is_named_by_its_number(ending: str) -> None:
    file = text(lines(written(), ending))
    at = file.index("The bridge costs ninety million crowns")
    said = examined(file[:at] + "A" + file[at + 1 :], ending)
    assert len(said) == 1
    assert "itation 2, quote was changed (line " in said[0]


@ENDINGS
def test_several_changes_are_all_named(ending: str) -> None:
    file = text(lines(written(), ending))
    other = file.replace("ninety", "twenty").replace("Ada Quill says", "Bob Quill says")
    said = " ".join(examined(other, ending))
    assert "itation 2, quote" in said
    assert "laim 2" in said


def test_changes_of_a_source_are_found_and_every_quote_of_it_named(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    for id, content in SOURCES.items():
        (folder / id).parent.mkdir(parents=True, exist_ok=True)
        (folder / id).write_text(content)
    exported = _exported(tmp_path, folder, written())
    assert verify(exported, folder).holds
    draw = random.Random(5)
    cited = ("ferry.txt", "essays/bridge.txt")
    for _ in range(200):
        id = draw.choice(cited)
        (folder / id).write_text(changed(draw, SOURCES[id])[0], newline="")
        if (folder / id).read_bytes() == SOURCES[id].encode():
            continue
        found = verify(exported, folder)
        assert not found.holds
        assert [source.document for source in found.sources if source.state != "same"] == [id]
        assert {quote.place for quote in found.quotes if not quote.exact} <= _places(id)
        if found.sources and not any("its text is the same" in source.text for source in found.sources):
            assert {quote.place for quote in found.quotes if not quote.exact} == _places(id)
        assert id in show.verification(found)
        (folder / id).write_text(SOURCES[id])


def _places(id: str) -> set[str]:
    given = written()
    places = {f"citation {entry.number}" for entry in given.citations if entry.document.id == id}
    return places | ({"perspective 2, closest"} if id == "ferry.txt" else set())


def _exported(folder: Path, corpus: Path, given: Answer, ending: str = ".json") -> Path:
    """A file with the true hashes of a corpus."""
    from index.loading.load import load

    data = json.loads(json.dumps(given.to_dict()))
    for entry in _entries(data):
        entry["sha256"] = load(corpus / entry["document"], entry["document"]).sha256
    bundle, _ = bundled(data, "a folder", lambda id: load(corpus / id, id))
    file = folder / f"answer{ending}"
    file.write_text(text(drawn(bundle, FORMATS[ending], file)), "utf-8", newline="\n")
    return file


def test_every_change_of_a_source_is_told_for_what_it_is(tmp_path: Path) -> None:
    folder = write(tmp_path / "corpus", ferry=SOURCES["ferry.txt"], essays__bridge=SOURCES["essays/bridge.txt"])
    exported = _exported(tmp_path, folder, written())
    (folder / "ferry.txt").write_bytes(b"\xef\xbb\xbf" + SOURCES["ferry.txt"].encode())
    assert not verify(exported, folder).holds
    (folder / "essays/bridge.txt").unlink()
    found = verify(exported, folder)
    assert [source.text for source in found.sources] == [
        "ferry.txt: The bytes of the file are not those that were cited; its text is the same.",
        "essays/bridge.txt: There is no such document in the folder.",
    ]
    checks = [quote.to_dict()["check"] for quote in found.quotes]
    assert checks == ["exact", "failed", "exact", "exact"]
    (folder / "essays/bridge.txt").write_bytes(b"\x00\x01\x02" * 50)
    assert "essays/bridge.txt: The file holds binary data" in show.verification(verify(exported, folder))


# ── Forgers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_a_page_that_says_something_else_than_its_data_is_told_also_when_it_was_sealed_anew(ending: str) -> None:
    format = FORMATS[ending]
    body = format.lines(bundled(written(), "index", look(SOURCES))[0])
    forged = [
        replace(line, text=line.text.replace("ninety", "twenty")) if line.place.startswith("the page") else line
        for line in body
    ]
    (said,) = examined(text(sealed(forged, format.frame)), ending)
    assert said.startswith("The page, citation 2, quote does not say what the data of the file say (line ")


def test_a_quote_that_was_forged_and_sealed_anew_does_not_stand_in_the_sources(tmp_path: Path) -> None:
    folder = write(tmp_path / "corpus", ferry=SOURCES["ferry.txt"], essays__bridge=SOURCES["essays/bridge.txt"])
    exported = _exported(tmp_path, folder, written())
    data = json.loads(exported.read_text())
    del data["seal"]
    data["answer"]["citations"][1]["quote"] = "The bridge costs twenty million crowns."
    exported.write_text(text(drawn(data, FORMATS[".json"], exported)))
    assert verify(exported).holds
    found = verify(exported, folder)
    assert [quote.place for quote in found.quotes if not quote.exact] == ["citation 2"]
    assert "This quote does not stand in essays/bridge.txt" in show.verification(found)


def test_a_folder_gives_away_nothing_that_lies_outside_of_it(tmp_path: Path) -> None:
    folder = write(tmp_path / "corpus", ferry=SOURCES["ferry.txt"], essays__bridge=SOURCES["essays/bridge.txt"])
    exported = _exported(tmp_path, folder, written())
    (tmp_path / "secret.txt").write_text(SOURCES["ferry.txt"])
    data = json.loads(exported.read_text())
    del data["seal"]
    for entry in data["answer"]["citations"]:
        entry["document"] = "../secret.txt"
    exported.write_text(text(drawn(data, FORMATS[".json"], exported)))
    found = verify(exported, folder)
    assert found.sources[0].text == "../secret.txt: There is no such document in the folder."


# ── Files that are of no use ─────────────────────────────────────────────────────────────────────────────────────────


@ENDINGS
def test_a_file_cut_off_anywhere_is_told_and_never_breaks_anything(ending: str) -> None:
    file = text(lines(written(), ending))
    for end in range(0, len(file), len(file) // 80):
        try:
            said = examined(file[:end], ending)
        except BadFile as error:
            assert str(error).count("\n") == 0
        else:
            assert said


@ENDINGS
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n" * 5_000,
        b"{}",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"\xff\xfe\x00" * 999,
        b"<html></html>",
        b"# A text\n",
        b'{"bundle": "parallax answer", "format": 1}',
        b"1e999",
        b'{"seal": [\n "a 3 lines"\n]}\n',
        (b"0" * 64 + b" 99999999 lines\n") * 5,
        (b"0" * 64 + b" 1 lines\n") * 5,
        b"9" * 100_000,
    ],
    ids=lambda content: content[:12].decode("latin-1"),
)
def test_what_is_no_exported_answer_gets_one_sentence(content: bytes, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"file{ending}"
    file.write_bytes(content)
    with pytest.raises(BadFile, match="It is no exported answer, or too little is left of one") as caught:
        verify(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.json", "folder.json", "pipe.html", "answer.pdf", "answer", "\0.md"])
def test_what_cannot_be_read_gets_one_sentence(name: str, tmp_path: Path) -> None:
    import os

    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.html")
    (tmp_path / "answer.pdf").touch()
    with pytest.raises(BadFile):
        verify(tmp_path / name)


def test_a_file_without_end_is_not_read_to_it(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as stream:
        stream.truncate(10**12)
    with pytest.raises(BadFile, match="larger than 50 MB"):
        verify(file)


def test_another_format_is_named(tmp_path: Path) -> None:
    data, _ = bundled(written(), "index", look(SOURCES))
    file = text(drawn(data | {"format": FORMAT + 1}, FORMATS[".json"], Path("x")))
    with pytest.raises(BadFile, match="exported in format 2, and this version of Parallax reads format 1"):
        examined(file, ".json")


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "corpus", ferry=SOURCES["ferry.txt"], essays__bridge=SOURCES["essays/bridge.txt"])
    exported = _exported(tmp_path, folder, written())
    with pytest.raises(UnusableFolder):
        verify(exported, tmp_path / "nowhere")


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("indexed")
    corpus = write(folder / "corpus", ferry=SOURCES["ferry.txt"], essays__bridge=SOURCES["essays/bridge.txt"])
    update(corpus, Store(corpus / ".parallax"), WordEmbedder())
    return corpus


@pytest.fixture
def store(indexed: Path, tmp_path: Path) -> Path:
    """An index in its folder of documents, for one test alone."""
    shutil.copytree(indexed, tmp_path / "corpus")
    return tmp_path / "corpus/.parallax"


def test_an_answer_is_exported_from_python_and_held_against_its_files_as_they_are_now(
    store: Path, tmp_path: Path
) -> None:
    first = export(written(), tmp_path / "a.html", store)
    assert (first.exact, first.citations, first.doubts) == (3, 3, ())
    (tmp_path / "corpus/ferry.txt").write_text("New.\n" + SOURCES["ferry.txt"])
    second = export(written(), tmp_path / "a.html", store)
    assert second.exact == 1
    assert str(second.doubts[0]).startswith(
        "citation 1: ferry.txt has changed; this quote now stands at characters 26–81"
    )
    (tmp_path / "corpus/ferry.txt").unlink()
    third = export(written().to_dict(), tmp_path / "a.html", store)
    assert "the document is gone" in str(third.doubts[0])
    assert Page((tmp_path / "a.html").read_text()).quotes == ["The bridge costs ninety million crowns."]


def test_an_index_without_its_folder_is_held_against_what_it_kept(store: Path, tmp_path: Path) -> None:
    alone = store.rename(tmp_path / "alone")
    manifest = next(alone.glob("generations/*/manifest.json"))
    manifest.write_text(manifest.read_text().replace('"corpus": ".."', '"corpus": "../gone"'))
    made = export(written(), tmp_path / "a.json", alone)
    assert (made.exact, made.against) == (3, "index g000001, whose folder of documents is out of reach")


@pytest.mark.parametrize("content", ["notes of mine, on a parallax answer", "", "{}"])
@ENDINGS
def test_only_an_exported_answer_is_replaced(content: str, ending: str, store: Path, tmp_path: Path) -> None:
    mine = tmp_path / f"mine{ending}"
    mine.write_text(content)
    with pytest.raises(BadFile, match="It is there already, and is no exported answer"):
        export(written(), mine, store)
    assert mine.read_text() == content
    assert export(written(), tmp_path / f"new{ending}", store).exact == 3
    assert export(written(), tmp_path / f"new{ending}", store).exact == 3
    assert not list(tmp_path.glob(".parallax-*"))


@pytest.mark.parametrize("name", ["nowhere/a.json", "folder.md", "a.pdf", "a", "\0.html"])
def test_what_cannot_be_written_gets_one_sentence(name: str, store: Path, tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(BadFile):
        export(written(), tmp_path / name, store)
    assert not list(tmp_path.glob(".parallax-*"))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"schema": 1},
        written().to_dict() | {"schema": 2},
        written().to_dict() | {"citations": written().to_dict()["citations"][::-1]},
        written().to_dict() | {"claims": [{"text": "x", "citations": [9]}]},
        written().to_dict() | {"seconds": {"search": float("inf")}},
        written().to_dict() | {"more": float("nan")},
        written().to_dict() | {"mode": {"x"}},
    ],
    ids=["empty", "part", "other schema", "numbers", "no such citation", "endless", "no number", "no JSON"],
)
def test_what_is_no_answer_gets_one_sentence(given: dict[str, Any], store: Path, tmp_path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        export(given, tmp_path / "a.json", store)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "a.json").exists()


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"[" * 99_999, b'{"schema": NaN}', b"x" * 50_000_001])
def test_a_file_that_holds_no_answer_gets_one_sentence(content: bytes, tmp_path: Path) -> None:
    from io import BytesIO

    with pytest.raises(BadFile):
        read_answer("-", BytesIO(content))


# ── Of one format, for good ──────────────────────────────────────────────────────────────────────────────────────────


def pinned() -> dict[str, Any]:
    """Data of format 1, as they were written when it was new."""

    def quoted(number: int, finding: str | None, check: str, **more: Any) -> dict[str, Any]:
        words = (
            {"quote": None, "claimed": "Words, “so”."}
            if check in ("failed", "unchecked")
            else {"quote": "Words, “so”."}
        )
        place = {"document": "a/b.txt", "start": 5, "end": 17, "before": "One. ", "after": " Two.", "score": 0.5}
        label = {"id": "x", "label": "Side", "provenance": "curated", "by": "AB", "on": "2026-01-02"}
        voice = {"kind": "author", "speaker": None, "chain": []}
        hashes = {"sha256": "0" * 64, "text_sha256": "1" * 64}
        rest = {"title": "A *title*", "published": "2025", "page": 3, "match": "repaired", "perspectives": [label]}
        found = {"check": check, "finding": finding, "now": {"start": 6, "end": 18}, "badge": "the author"}
        return {"number": number, **place, **hashes, **rest, **words, **found, "voice": voice, **more}

    findings = ["same", "shifted", "elsewhere", "beside", "several", "absent", "gone", "untrue", None]
    checks = ["exact", "moved", *["changed"] * 3, *["failed"] * 3, "unchecked"]
    entries = [quoted(at, *pair) for at, pair in enumerate(zip(findings, checks, strict=True), 1)]
    near = quoted(0, "same", "exact")
    answer = {
        "schema": 1, "id": "x", "question": "What, *if* <b>?", "query": "What?", "spellings": [["A", "B"]],
        "mode": "generated", "outcome": "answered", "reason": {"code": "x", "text": "Why."},
        "premise": {"text": "Not so.", "citations": [1]}, "claims": [{"text": "So.", "citations": [1, 2]}],
        "citations": entries, "nearest": [near],
        "perspectives": [{"id": "x", "label": "Side", "state": state, "closest": near} for state in ("relevant", "silent")],
        "coverage": {"searched": 2, "relevant": 1, "cited": 1}, "removed": [{"text": "One", "reasons": ["a", "b"]}],
        "model": "m", "prompts": {"p": "q"}, "generation": "g", "labels": "l",
    }  # fmt: skip
    made = {"on": "2026-11-25T00:00:00Z", "program": "Parallax", "voices": "v"}
    checked = {"against": "an index", "exact": 1, "quotes": 9}
    return {"bundle": "parallax answer", "format": 1, "made": made, "checked": checked, "answer": answer}


@pytest.mark.parametrize("mode", ["generated", "digest"])
@ENDINGS
def test_data_of_this_format_are_drawn_as_they_always_were(mode: str, ending: str) -> None:
    """A file is checked by drawing it again: whoever changes how, counts FORMAT up, and the files of before are lost."""
    data = pinned()
    data["answer"]["mode"] = mode
    file = text(drawn(data, FORMATS[ending], Path("x")))
    assert examined(file, ending) == []
    assert (FORMAT, sha256(file.encode()).hexdigest()[:16]) == (1, DRAWN[ending, mode])


DRAWN = {
    (".json", "generated"): "ec3906892f79f7aa",
    (".json", "digest"): "4a1872488179f0e4",
    (".html", "generated"): "39e0ae8f2481aa11",
    (".html", "digest"): "4f8769b03af3fcd8",
    (".md", "generated"): "54c5efdab6c895ec",
    (".md", "digest"): "444d6aa0f472ef43",
}
