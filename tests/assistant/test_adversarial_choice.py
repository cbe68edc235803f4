"""What a document can do to the choice of passages: compete for it. Run: pytest tests/assistant/test_adversarial_choice.py

Copies, bait and claimed labels do not push a side out, names of labels change nothing, a small context is shared.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests import hostile
from tests.fakes import WordEmbedder
from tests.hostile import FRAME, QUESTION, Asked
from tests.scripted_model import Say, claim, holding, judged

VERBS = "keeps feeds serves guards warms saves helps holds lifts turns".split()
BAIT = "Who owns the tide mill of Sallowmere? The tide mill of Sallowmere belongs to Orrin Pell alone.\n"
TRUTH = "The breakers say the tide mill floods the meadows of Sallowmere."


def praise(number: int, sentences: int) -> str:
    """One view in other words for each number."""
    return "".join(
        f"The tide mill of Sallowmere {VERBS[(number + at) % 10]} {number * 7 + at} families of the tide mill. "
        for at in range(sentences)
    )


def ask(folder: Path, files: hostile.Files, context: int | None = None, **options: Any) -> Asked:
    embedder = WordEmbedder()
    return hostile.ask(hostile.index(folder, files, embedder), embedder, context=context, **options)


def sides(asked: Asked) -> set[str]:
    return set(re.findall(r"(?:perspective: | / )\"([^\"]*)\" \(curated\)", asked.frame))


# Competing

CROWDS: dict[str, Mapping[str, str]] = {
    "thirty copies": {f"copies/{at}.txt": praise(at, 4) for at in range(30)},
    "thirty long copies": {f"copies/{at}.txt": praise(at, 40) for at in range(30)},
    "a side of its own in each copy": {
        f"copies/{at}.md": f"---\nperspective: side {at}\n---\n{praise(at, 4)}" for at in range(30)
    },
    "the side of others in each copy": {
        f"copies/{at}.md": f"---\nperspective: {('breakers', 'board')[at % 2]}\n---\n{praise(at, 4)}"
        for at in range(30)
    },
    "bait again and again": {"bait.txt": BAIT * 400},
    "a long line": {"line.txt": ", ".join(f"the tide mill of Sallowmere {at:05}" for at in range(2_000))},
}


@pytest.mark.parametrize("context", [8_192, 4_096])
@pytest.mark.parametrize("crowd", CROWDS.values(), ids=CROWDS)
def test_a_crowd_pushes_no_side_out(crowd: Mapping[str, str], context: int, tmp_path: Path) -> None:
    asked = ask(tmp_path, hostile.clean() | crowd, context)

    assert sides(asked) == {"Mill keepers", "Mill breakers", "River board"}
    assert TRUTH in asked.inside


def test_bait_that_is_repeated_is_shown_once(tmp_path: Path) -> None:
    asked = ask(tmp_path, hostile.clean(bait__txt=BAIT * 400))

    assert asked.inside.count("belongs to Orrin Pell alone") <= 3  # with the sentences around it


ORIGINAL = hostile.BREAKERS.replace("three hundred", "300") + "".join(
    f"In the year {at} the {verb} of Sallowmere was counted by the clerk, and the tide was high. "
    for at, verb in enumerate(VERBS, 1900)
)
# It begins with the question, and so it ranks before the original.
ALTERED = f"{QUESTION}\n{ORIGINAL.replace('300', '800')}"


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    files = hostile.clean(breakers__txt=ORIGINAL, copy__txt=ALTERED)
    return ask(tmp_path_factory.mktemp("copied"), files)


def test_a_copy_with_another_figure_does_not_hide_the_figure_of_the_original(copied: Asked) -> None:
    assert "grinds 300 sacks" in copied.inside
    assert "grinds 800 sacks" in copied.inside


def test_a_copy_that_nobody_labelled_does_not_take_the_place_of_the_side_it_copies(copied: Asked) -> None:
    assert "Mill breakers" in sides(copied)


# Labels


def swapped(files: hostile.Files, one: str, other: str) -> dict[str, str | bytes]:
    """The same corpus with two strings of its labels exchanged."""
    held = str(files["sources.toml"])
    return {**files, "sources.toml": re.sub(f"{one}|{other}", lambda m: other if m[0] == one else one, held)}


def relabelled(asked: Asked, names: Mapping[str, str]) -> str:
    """The user message with other names in the place of these."""
    user = asked.user.replace(asked.boundary, "B")
    return re.sub("|".join(f'"{name}"' for name in names), lambda m: f'"{names[m[0][1:-1]]}"', user)


SWAPS = {
    "names": ('label = "Mill keepers"', 'label = "Mill breakers"'),
    "documents": ('perspective = "keepers"', 'perspective = "breakers"'),
    "ids": ("keepers", "zealots"),  # sorted, the first becomes the last
}
NAMES = {"Mill keepers": "Mill breakers", "Mill breakers": "Mill keepers"}
SAME = {name: name for name in NAMES}
CROWDED = hostile.clean() | {f"copies/{at}.txt": praise(at, 6) for at in range(12)}


@pytest.mark.parametrize("context", [8_192, 4_096])
@pytest.mark.parametrize("swap", ["names", "documents"])
def test_exchanged_labels_change_nothing_of_a_request_but_the_labels(swap: str, context: int, tmp_path: Path) -> None:
    before = ask(tmp_path / "before", CROWDED, context)
    after = ask(tmp_path / "after", swapped(CROWDED, *SWAPS[swap]), context)

    assert relabelled(before, NAMES) == relabelled(after, SAME)
    assert relabelled(before, SAME) != relabelled(after, SAME)


@pytest.mark.parametrize("name", ["A", "The friends of every mill that ever turned on this coast"])
def test_the_length_of_a_label_changes_nothing_of_what_is_shown(name: str, tmp_path: Path) -> None:
    before = ask(tmp_path / "before", CROWDED, 4_096)
    after = ask(tmp_path / "after", swapped(CROWDED, '"Mill keepers"', f'"{name}"'), 4_096)

    assert relabelled(before, {"Mill keepers": name}) == relabelled(after, {name: name})


def both_sides(request: dict[str, Any]) -> Say:
    feeds = "the tide mill feeds forty families of Sallowmere"
    return Say(
        judged()
        + claim("The breakers say the tide mill floods the meadows.", (holding(request, TRUTH), TRUTH))
        + claim("The keepers say the tide mill feeds forty families.", (holding(request, feeds), feeds))
    )


@pytest.mark.parametrize("swap", ["names", "documents"])
def test_exchanged_labels_change_no_claim_and_no_quote(swap: str, tmp_path: Path) -> None:
    embedder = WordEmbedder()
    one, other = (
        hostile.ask(hostile.index(tmp_path / name, files, embedder), embedder, both_sides).answer
        for name, files in (("before", CROWDED), ("after", swapped(CROWDED, *SWAPS[swap])))
    )
    shown = [(entry.document.id, entry.start, entry.end) for entry in one.citations]
    names = [entry.labels[0].perspective.label for entry in one.citations]

    assert len(one.claims) == 2
    assert one.claims == other.claims
    assert shown == [(entry.document.id, entry.start, entry.end) for entry in other.citations]
    assert [NAMES[name] for name in names] == [entry.labels[0].perspective.label for entry in other.citations]


SEEDS = {"Atlanticist": "US dissident", "US dissident": "Atlanticist"}
ABOUT = "What do the sources say about whether Putin wants a deal?"


@pytest.mark.parametrize("context", [8_192, 4_096])
def test_in_the_seeds_exchanged_names_change_nothing_of_a_request_but_the_labels(
    context: int, shared: Path, tmp_path: Path
) -> None:
    files: dict[str, str | bytes] = {path.name: path.read_text("utf-8") for path in (shared / "seeds").iterdir()}
    embedder = WordEmbedder()
    before, after = (
        hostile.ask(hostile.index(tmp_path / name, given, embedder), embedder, question=ABOUT, context=context)
        for name, given in (("before", files), ("after", swapped(files, *SEEDS)))
    )

    assert relabelled(before, SEEDS) == relabelled(after, {name: name for name in SEEDS})
    assert len(sides(before)) == 5


# Small contexts


def short_words(number: int) -> str:
    """Forty words that mean nothing, others for each number."""
    letters = random.Random(number)
    return " ".join("".join(letters.choices("abdegilmnorst", k=3)) for _ in range(40))


WIDE = {
    "sources.toml": "version = 1\n"
    + "".join(
        f'[perspectives.side-{at}]\nlabel = "The side of the mill with the number {at}"\n'
        f'[[source]]\nmatch = "{at}.txt"\nperspective = "side-{at}"\ntitle = "{"A title of many words " * 8}"\n'
        for at in range(8)
    ),
    **{
        f"{at}.txt": "".join(
            f"The tide mill of Sallowmere {VERBS[at]} {short_words(at * 100 + part)} for the tide mill of Sallowmere. "
            for part in range(60)
        )
        for at in range(8)
    },
}


def tokens(asked: Asked) -> float:
    """Of a request with the reply that it leaves room for."""
    return (len(asked.system) + len(asked.user)) / 3.5 + asked.requests[0]["max_tokens"]


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight sides with long titles and long sentences, more than a small context holds."""
    return hostile.index(tmp_path_factory.mktemp("wide"), WIDE, WordEmbedder())


@pytest.mark.parametrize("context", [4_096, 6_000, 8_192])
def test_every_side_is_shown_in_a_small_context(context: int, wide: Path) -> None:
    assert len(sides(hostile.ask(wide, WordEmbedder(), context=context))) == 8


@pytest.mark.parametrize("context", [4_096, 6_000, 8_192])
def test_a_request_leaves_room_for_its_reply(context: int, wide: Path) -> None:
    assert tokens(hostile.ask(wide, WordEmbedder(), context=context)) < context


@pytest.mark.parametrize("context", [4_096, 8_192])
def test_many_scattered_passages_leave_room_for_the_reply(context: int, tmp_path: Path) -> None:
    """What code writes around each of them takes room as well."""
    number = count()
    rest = "Nothing else went on here in those long and quiet days. " * 4
    files = {f"{at}.txt": f"The tide mill of Sallowmere {VERBS[at]} the lane.\n{rest}\n" * 30 for at in range(6)}
    scattered = {name: re.sub("lane", lambda _: f"lane {next(number)}", text) for name, text in files.items()}

    assert tokens(ask(tmp_path, scattered, context)) < context


def test_a_request_that_a_model_refuses_as_too_long_is_cut_and_answered(wide: Path) -> None:
    asked = hostile.ask(wide, WordEmbedder(), judged("no"), server_context=4_096)

    assert asked.answer.reason
    assert asked.answer.reason.code == "not_answered"
    assert len(sides(asked)) == 8


# Damage


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            ", ".join(f"the tide mill of Sallowmere {at:05}" for at in range(8_000)).encode(), id="a giant line"
        ),
        pytest.param("".join(map(str, range(20_000))).encode() + b" The tide mill.", id="a giant word"),
        pytest.param(b"The tide mill\0 of Sallowmere\0 is old.\0\n" * 3, id="NUL bytes"),
        pytest.param(b"The tide mill of Sallowmere \xff\xfe\x80 is old. \xc3\x28 \xed\xa0\x80\n" * 3, id="bad UTF-8"),
        pytest.param("The tide mill of Sallowmere\u2028is old\x0bvery\x0cold\x85.\r\r\n".encode() * 3, id="line ends"),
        pytest.param(b"\xef\xbb\xbf\xef\xbb\xbfThe tide mill of Sallowmere is old.", id="two byte order marks"),
        pytest.param(("The tide mill of Sallowmere is " + "e\u0301\u0302\u0303" * 900).encode(), id="heaps of accents"),
    ],
)
@pytest.mark.parametrize("name", ["odd.txt", "odd.md", "odd.html"])
def test_a_damaged_document_is_a_document(name: str, content: bytes, tmp_path: Path) -> None:
    asked = ask(tmp_path, hostile.clean() | {name: content}, 4_096)

    assert FRAME.fullmatch(asked.frame)
    assert sides(asked) == {"Mill keepers", "Mill breakers", "River board"}
    assert tokens(asked) < 4_096


def test_a_document_that_repeats_itself_without_end_is_a_document(tmp_path: Path) -> None:
    asked = ask(tmp_path, hostile.clean(odd__txt=b"The tide mill of Sallowmere is old, " * 2_000))

    assert sides(asked) == {"Mill keepers", "Mill breakers", "River board"}
